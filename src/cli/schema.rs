//! `exchange schema`: the schema in the schema definition language.

use std::process::ExitCode;

use super::error::CommandError;
use super::output;
use crate::api::schema;

pub(super) fn run() -> Result<ExitCode, CommandError> {
    output::print(&schema::sdl())?;
    Ok(ExitCode::SUCCESS)
}
