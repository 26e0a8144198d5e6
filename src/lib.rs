//! The Employment Assistance Exchange: one shared record of every cross-region worker.
//!
//! Layers, each importing only those before it: [`kernel`], [`platform`], [`capability`], [`api`].

pub mod api;
pub mod capability;
pub mod kernel;
pub mod platform;
