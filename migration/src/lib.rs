//! The schema of the exchange's database, one file per change, each with its way back. The same
//! source builds it on SQLite and on PostgreSQL.
//!
//! Columns: region codes and money (fen) are big integers, months are numbers YYYYMM, instants are
//! timestamps with time zone in UTC, enumerations are text held to their values by a CHECK, JSON is
//! text. `entity` describes the same tables for the program; a test compares the two.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261123_000001_regions;
mod m20261123_000002_households;
mod m20261123_000003_workers;
mod m20261123_000004_worker_facts;
mod m20261123_000005_employers;
mod m20261123_000006_employments;
mod m20261123_000007_agencies;
mod m20261123_000008_insurance;
mod m20261123_000009_assistance_findings;
mod m20261123_000010_journal;
mod m20261123_000011_platform;
mod m20261123_000012_trail_indexes;
mod m20261123_000013_registry_indexes;
mod m20261123_000014_returns;
mod m20261123_000015_employer_history;
mod m20261123_000016_finding_steps;
mod m20261123_000017_schedules;
mod m20261123_000018_set_aside;
mod m20261123_000019_employer_as_written;
// There has never been a number 20.
mod m20261123_000021_same_order;
mod m20261123_000022_division_indexes;
mod m20261123_000023_registry_figures;
mod m20261123_000024_standing_statements;
mod m20261123_000026_work_county;
mod m20261123_000027_corrections;
mod m20261123_000028_positions_without_posting;
mod m20261123_000029_arrears;
mod m20261123_000030_reports_once;
mod m20261123_000031_staff_indexes;
mod m20261123_000032_names_unsealed;
mod portable;
mod tally;

/// All changes of the schema, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_regions::Migration),
            Box::new(m20261123_000002_households::Migration),
            Box::new(m20261123_000003_workers::Migration),
            Box::new(m20261123_000004_worker_facts::Migration),
            Box::new(m20261123_000005_employers::Migration),
            Box::new(m20261123_000006_employments::Migration),
            Box::new(m20261123_000007_agencies::Migration),
            Box::new(m20261123_000008_insurance::Migration),
            Box::new(m20261123_000009_assistance_findings::Migration),
            Box::new(m20261123_000010_journal::Migration),
            Box::new(m20261123_000011_platform::Migration),
            Box::new(m20261123_000012_trail_indexes::Migration),
            Box::new(m20261123_000013_registry_indexes::Migration),
            Box::new(m20261123_000014_returns::Migration),
            Box::new(m20261123_000015_employer_history::Migration),
            Box::new(m20261123_000016_finding_steps::Migration),
            Box::new(m20261123_000017_schedules::Migration),
            Box::new(m20261123_000018_set_aside::Migration),
            Box::new(m20261123_000019_employer_as_written::Migration),
            Box::new(m20261123_000021_same_order::Migration),
            Box::new(m20261123_000022_division_indexes::Migration),
            Box::new(m20261123_000028_positions_without_posting::Migration),
            Box::new(m20261123_000029_arrears::Migration),
            Box::new(m20261123_000026_work_county::Migration),
            Box::new(m20261123_000027_corrections::Migration),
            Box::new(m20261123_000023_registry_figures::Migration),
            Box::new(m20261123_000024_standing_statements::Migration),
            Box::new(m20261123_000030_reports_once::Migration),
            Box::new(m20261123_000031_staff_indexes::Migration),
            Box::new(m20261123_000032_names_unsealed::Migration),
        ]
    }
}
