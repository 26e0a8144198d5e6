//! The Employment Assistance Exchange: one shared record of every cross-region worker.
//!
//! Layers, each importing only those before it: [`kernel`], [`platform`], [`capability`], [`api`],
//! [`jobs`], [`cli`].

pub mod api;
pub mod capability;
pub mod cli;
pub mod jobs;
pub mod kernel;
pub mod platform;
