//! A ledger import that is killed, several times over, and run again.

use std::time::{Duration, Instant};

use rand::Rng as _;
use rand::rngs::StdRng;

use super::super::process::{PATIENCE, Place};
use super::reference::{BATCH, REPORT, ROWS, import_of, reference, report, state};
use super::{assert_intact, installation, moments, rounds};
use crate::support::app::TestApp;
use crate::support::whole::assert_whole;

/// How often one import dies before it is let through, each time in a later unit of work.
const KILLS: u32 = 2;
/// Units of work of a ledger.
const UNITS: u32 = ROWS / BATCH;
/// Lines of the report that may still be in the memory of a process that goes on.
const UNWRITTEN: u32 = 100;
/// How often the report is looked at.
const GLANCE: Duration = Duration::from_millis(2);
/// Ledgers beyond those asked for, when the machine was so busy that no import died half-way.
const MORE: u32 = 5;

/// Where an import died.
#[derive(Debug)]
struct Killed {
    when: String,
    /// How much of what a whole import writes was there, in lines of [`state`].
    left: usize,
    whole: usize,
}

pub async fn an_import_that_dies_is_completed(app: TestApp) {
    let (place, url) = installation(app).await;
    let mut moments = moments(2);
    let (mut kills, mut number) = (Vec::new(), 0);
    let half_way = |killed: &Killed| (1..killed.whole).contains(&killed.left);
    while number < rounds() || !kills.iter().any(half_way) {
        assert!(
            number < rounds() + MORE,
            "none died half-way: {}",
            said(&kills)
        );
        kills.extend(killed_and_completed(&place, &url, number, &mut moments).await);
        number += 1;
    }
}

fn said(kills: &[Killed]) -> String {
    let said = kills
        .iter()
        .map(|Killed { when, left, whole }| format!("{when}: {left} of {whole}"));
    said.collect::<Vec<_>>().join("; ")
}

/// Imports a ledger that no other round has; where it died.
async fn killed_and_completed(
    place: &Place,
    url: &str,
    number: u32,
    moments: &mut StdRng,
) -> Vec<Killed> {
    let undisturbed = reference(number);
    let whole = undisturbed.state.len();
    let import = import_of(place, number);
    let import: Vec<&str> = import.iter().map(String::as_str).collect();
    let mut kills = Vec::new();
    for kill in 0..KILLS {
        let units = moments.random_range(kill.min(UNITS - 1)..UNITS);
        let later = (undisturbed.took / (UNITS + 1)).mul_f64(moments.random_range(0.0..0.9));
        kill_in_unit(place, &import, units, later);
        let when = format!("ledger {number}, killed {later:?} after {units} units");
        assert_intact(place, &when);
        assert_whole(url, &when).await;
        let left = state(url, number).await.len();
        kills.push(Killed { when, left, whole });
    }
    place.done(&import);
    let when = format!("ledger {number}, completed after {}", said(&kills));
    let completed = state(url, number).await;
    let mut both = completed.iter().zip(&undisturbed.state);
    assert_eq!(both.find(|(is, should)| is != should), None, "{when}");
    assert_eq!(completed.len(), whole, "{when}");
    assert_eq!(report(place), undisturbed.report, "{when}");
    assert_intact(place, &when);
    assert_whole(url, &when).await;
    kills
}

/// Runs an import and kills it: so many units of work are reported, and `later` has passed.
fn kill_in_unit(place: &Place, import: &[&str], units: u32, later: Duration) {
    let report = place.path(REPORT);
    if report.exists() {
        std::fs::remove_file(&report).expect("removed");
    }
    let lines = || {
        let text = std::fs::read(&report).unwrap_or_default();
        text.iter().filter(|byte| **byte == b'\n').count()
    };
    let enough = (units * BATCH).saturating_sub(UNWRITTEN) as usize;
    let mut running = place.begin(import);
    let begun = Instant::now();
    while lines() < enough && running.ended().is_none() {
        assert!(begun.elapsed() < PATIENCE, "{}", running.last_words());
        std::thread::sleep(GLANCE);
    }
    // The moment is the point: nothing is waited for.
    std::thread::sleep(later);
    running.kill();
}
