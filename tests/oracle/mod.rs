//! Who may see what, asked at random and compared with a second opinion.
//!
//! A world of random people is made through the API, and lives: people and households move to other
//! counties, split and merge; people die and the death is taken back; resident ids are corrected;
//! jobs are opened, reported, confirmed, sent back, ended and refused; months of insurance arrive, and
//! days on which it began or ended; agriculture tells categories anew; counties send ledgers; villages
//! are replaced by others; helpers change; auditors find fault; and days pass, over the last one on
//! which a former county still looks or a category holds.
//! Random callers ask random questions of it; `rules.rs` answers them by brute force from the facts
//! and DESIGN §4, without a line of the exchange's own code. Ids and counts must be equal.
//!
//! The suite runs a small fixed seed. Many cases, and other seeds:
//! `EXCHANGE_ORACLE_CASES=10000 cargo test --test exchange -- oracle`, with `EXCHANGE_ORACLE_SEED=n`.
//! The world lives on by some events every 25 cases.

mod deliveries;
mod divisions;
mod events;
mod facts;
mod ledgers;
mod moves;
mod questions;
mod rules;
mod work;
mod world;

use libtest_mimic::Trial;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use self::world::World;
use crate::support::app::TestApp;
use crate::support::figures;

pub fn trials() -> Vec<Trial> {
    let name = concat!(
        module_path!(),
        "::every_caller_sees_exactly_what_the_rules_say"
    );
    crate::support::engines::on_both_within(name, patience(), |app| {
        Box::pin(every_caller_sees_exactly_what_the_rules_say(app))
    })
    .into()
}

const CASES: u64 = 150;
/// Cases after which time passes and things happen.
const ROUND: u64 = 25;
/// Of each round, the case before which figures are folded.
const FOLD: u64 = 15;
const PEOPLE: usize = 16;
const EVENTS: usize = 14;

fn setting(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(otherwise, |text| text.parse().expect("a number"))
}

fn cases() -> u64 {
    setting("EXCHANGE_ORACLE_CASES", CASES)
}

fn patience() -> std::time::Duration {
    std::time::Duration::from_secs(120 + cases() / 2)
}

async fn every_caller_sees_exactly_what_the_rules_say(app: TestApp) {
    let seed = setting("EXCHANGE_ORACLE_SEED", 59);
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::make(&app, &mut random).await;
    for _ in 0..PEOPLE {
        world.register(&app, &mut random).await;
    }
    for case in 0..cases() {
        if case % ROUND == 0 {
            world.pass_time(&app, &mut random).await;
            for _ in 0..EVENTS {
                world.event(&app, &mut random).await;
            }
            world.confirm_reported(&app).await;
            world.pass_time(&app, &mut random).await;
        }
        // Until then figures are cells and what has changed since, from then on cells alone.
        if case % ROUND == FOLD {
            figures::fold(&app.db, 1).await;
        }
        world.turn(&mut random);
        let caller = world.caller(&app, &mut random);
        let asked = questions::ask(&app, &world, &caller, &mut random).await;
        assert_eq!(
            asked.found,
            asked.expected,
            "seed {seed}, case {case}, on {}: {:?} asks {}",
            world.today(),
            caller.who,
            asked.question
        );
    }
}
