//! Fields that lead from one capability's object to another's.
//!
//! Capabilities must not know each other's objects, and the graph of people, jobs, employers and
//! insurance has cycles; so these fields live above them all, one file per object.

mod audit;
mod employer;
mod employment;
mod insurance;
mod region;
mod worker;
