//! Pure values of the field and of the exchange: parsed once, correct from then on.
//!
//! Nothing here does I/O, knows a table or a role, or reads the system clock.

pub mod clock;
pub mod closed;
pub mod error;
pub mod ids;
pub mod page;
