//! SQL of insurance: contributions, statements, positions, the agencies' re-query lists, and what
//! is set aside.

pub(super) mod contributions;
pub(super) mod reported;
pub(super) mod requery;
pub(super) mod set_aside;
pub(super) mod standing;

use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::RecordId;
use crate::kernel::year_month::YearMonth;

/// Rows in one INSERT: fifteen columns each stay below both engines' bind limits.
const ROWS_PER_INSERT: usize = 500;

fn uuids<I: RecordId>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

fn month(number: i32) -> Result<YearMonth, Failure> {
    YearMonth::from_i32(number).map_err(Failure::internal)
}
