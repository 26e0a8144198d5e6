//! The tests of the exchange: through its public API, on both engines, on fresh databases.

mod access;
mod audit;
mod cli;
mod concurrency;
mod database;
mod employers;
mod employment;
mod figures;
mod households;
mod insurance;
mod journal;
mod ledger;
mod life;
mod nodes;
mod oracle;
mod queue;
mod region_people;
mod regions;
mod registry;
mod schedules;
mod sealing;
mod statements;
mod support;
mod synthetic;
mod trail;
mod undivided;
mod upkeep;

fn main() {
    let trials = [
        access::trials(),
        audit::trials(),
        cli::trials(),
        concurrency::trials(),
        database::trials(),
        employers::trials(),
        employment::trials(),
        figures::trials(),
        households::trials(),
        insurance::trials(),
        journal::trials(),
        ledger::trials(),
        life::trials(),
        nodes::trials(),
        oracle::trials(),
        queue::trials(),
        region_people::trials(),
        regions::trials(),
        registry::trials(),
        schedules::trials(),
        sealing::trials(),
        statements::trials(),
        synthetic::trials(),
        trail::trials(),
        undivided::trials(),
        upkeep::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let conclusion = libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials);
    support::engines::clean_up().expect("the template database is dropped");
    conclusion.exit();
}
