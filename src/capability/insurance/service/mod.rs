//! Use cases of insurance.

mod contributions;
mod corrected;
mod delivery;
mod evidence;
mod facts;
mod parse;
mod read;
mod reported;
pub mod requery;

pub use contributions::{ContributionLine, submit_contributions};
pub use corrected::set_aside_in;
pub use delivery::{Delivered, PartyLine};
pub use facts::{FactLine, submit_facts};
pub use read::{insured_months, months, newest, standings};
pub use reported::confirm_reported;
pub use requery::fill_requery;
