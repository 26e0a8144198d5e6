//! A process that dies in the middle of its work, as by a loss of power.
//!
//! A few rounds in the suite; many with
//! `EXCHANGE_KILL_ROUNDS=50 cargo test --test exchange -- cli::kill`, other moments with
//! `EXCHANGE_KILL_SEED=n`.

mod import;
mod mutations;
pub mod reference;

use std::time::Duration;

use libtest_mimic::Trial;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::process::Place;
use crate::support::app::TestApp;
use crate::support::engines::on_both_within;

pub fn trials() -> Vec<Trial> {
    let import = on_both_within(
        concat!(module_path!(), "::an_import_that_dies_is_completed"),
        patience(),
        |app| Box::pin(import::an_import_that_dies_is_completed(app)),
    );
    let mutations = on_both_within(
        concat!(module_path!(), "::what_was_answered_survives_a_kill"),
        patience(),
        |app| Box::pin(mutations::what_was_answered_survives_a_kill(app)),
    );
    import.into_iter().chain(mutations).collect()
}

fn setting(name: &str) -> Option<u32> {
    let value = std::env::var(name).ok();
    value.map(|text| text.parse().expect("a number"))
}

/// Rounds of each test.
fn rounds() -> u32 {
    setting("EXCHANGE_KILL_ROUNDS").unwrap_or(1)
}

fn seed() -> u32 {
    setting("EXCHANGE_KILL_SEED").unwrap_or(59)
}

/// The moments of one test.
fn moments(test: u64) -> StdRng {
    StdRng::seed_from_u64(u64::from(seed()) << 8 | test)
}

/// Far beyond what the rounds need, even on a machine that is busy with compilers.
fn patience() -> Duration {
    Duration::from_secs(120 + 120 * u64::from(rounds()))
}

/// An installation on the test's database, with nobody else on it.
pub async fn installation(app: TestApp) -> (Place, String) {
    let url = app.database_url.clone();
    app.stop.cancel();
    app.db.close().await.expect("the database closes");
    let mut place = Place::new();
    place.set("DATABASE_URL", &url);
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    (place, url)
}

/// The chain of the journal, walked by the command for it.
fn assert_intact(place: &Place, when: &str) {
    let verdict = place.done(&["trail", "verify"]);
    assert!(verdict.starts_with("intact: "), "{when}: {verdict}");
}
