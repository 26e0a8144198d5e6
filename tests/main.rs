//! The tests of the exchange: through its public API, on both engines, on fresh databases.

mod access;
mod audit;
mod cli;
mod concurrency;
mod employers;
mod employment;
mod households;
mod insurance;
mod ledger;
mod life;
mod oracle;
mod queue;
mod regions;
mod registry;
mod statements;
mod support;
mod synthetic;
mod trail;

fn main() {
    let trials = [
        access::trials(),
        audit::trials(),
        cli::trials(),
        concurrency::trials(),
        employers::trials(),
        employment::trials(),
        households::trials(),
        insurance::trials(),
        ledger::trials(),
        life::trials(),
        oracle::trials(),
        queue::trials(),
        regions::trials(),
        registry::trials(),
        statements::trials(),
        synthetic::trials(),
        trail::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let conclusion = libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials);
    support::engines::clean_up().expect("the template database is dropped");
    conclusion.exit();
}
