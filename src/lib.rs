//! The Employment Assistance Exchange: one shared record of every cross-region worker.
//!
//! Layers, each importing only those before it: [`kernel`], [`platform`].

pub mod kernel;
pub mod platform;
