//! The binary as people use it: processes in directories of their own.

mod commands;
mod demo;
mod foreign_keys;
mod issuer;
mod kill;
mod ledger;
pub mod privacy;
mod process;
mod reseal;
mod schema;
mod serve;
mod trail;

use libtest_mimic::Trial;

/// Lists tests of one process on the embedded database: `plain![first_test, second_test]`.
#[macro_export]
macro_rules! plain {
    ($($test:ident),+ $(,)?) => {
        vec![$($crate::cli::trial(
            concat!(module_path!(), "::", stringify!($test)),
            $test,
        )),+]
    };
}

/// The trial of a test that panics when it fails.
pub fn trial(name: &str, test: fn()) -> Trial {
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

pub fn trials() -> Vec<Trial> {
    [
        commands::trials(),
        demo::trials(),
        foreign_keys::trials(),
        issuer::trials(),
        kill::trials(),
        ledger::trials(),
        privacy::trials(),
        reseal::trials(),
        schema::trials(),
        serve::trials(),
        trail::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
