//! What the exchange can do, one folder per capability, all of one inner shape
//! (`docs/adding-a-capability.md`). They know each other only through `public`.

pub mod audit;
pub mod employer;
pub mod employment;
pub mod insurance;
pub mod ledger;
pub mod overview;
pub mod region;
pub mod sealing;
pub mod submission;
pub mod synthetic;
pub mod trail;
pub mod worker;
