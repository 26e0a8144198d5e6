//! Pure values of the field and of the exchange: parsed once, correct from then on.
//!
//! Nothing here does I/O, knows a table or a role, or reads the system clock.

pub mod bank_account;
pub mod calendar;
pub mod clock;
pub mod closed;
pub mod credit_code;
pub mod days;
pub mod error;
pub mod ids;
pub mod money;
pub mod page;
pub mod personal;
pub mod phone;
pub mod region_code;
pub mod resident_id;
pub mod text;
pub mod unreadable;
pub mod year_month;
