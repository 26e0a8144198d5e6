//! The tests of the exchange: through its public API, on both engines, on fresh databases.

mod cli;
mod employers;
mod employment;
mod households;
mod insurance;
mod ledger;
mod life;
mod queue;
mod regions;
mod registry;
mod support;
mod synthetic;
mod trail;

fn main() {
    let trials = [
        cli::trials(),
        employers::trials(),
        employment::trials(),
        households::trials(),
        insurance::trials(),
        ledger::trials(),
        life::trials(),
        queue::trials(),
        regions::trials(),
        registry::trials(),
        trail::trials(),
        synthetic::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let conclusion = libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials);
    support::engines::clean_up().expect("the template database is dropped");
    conclusion.exit();
}
