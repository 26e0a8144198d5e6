//! What other capabilities may know of employers and ask of this one.
//!
//! Employers are public registry data: these look-ups are not narrowed to the caller's scope,
//! because a job or a month of insurance must be tied to whichever employer it names. What a
//! caller is shown of an employer goes through this capability's GraphQL loader, which is.

use std::collections::HashMap;

use super::model::Employer;
use super::repo::employers::{self, Registration};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession};
use crate::platform::journal::Change;

pub use super::model::{EmployerKind, EmployerName, EmployerNameError, EmployerStatus, Seat};
pub use super::policy::REGISTER;
pub use super::repo::employers::{REGISTERED_FIELDS, with_code};

/// An employer as other capabilities see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmployerRef {
    /// Identity.
    pub id: EmployerId,
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Registered name.
    pub name: String,
    /// Legal kind.
    pub kind: EmployerKind,
    /// Seat, as precisely as it is known; may lie outside the province.
    pub region: RegionCode,
    /// Current status.
    pub status: EmployerStatus,
}

impl From<Employer> for EmployerRef {
    fn from(employer: Employer) -> Self {
        let Employer {
            id,
            credit_code,
            name,
            kind,
            region,
            status,
            version: _,
        } = employer;
        Self {
            id,
            credit_code,
            name,
            kind,
            region,
            status,
        }
    }
}

/// An employer that a ledger or a submission names and the registry may not know yet.
#[derive(Clone, Debug)]
pub struct NewEmployer {
    /// Its valid credit code.
    pub credit_code: CreditCode,
    /// Its name as written there.
    pub name: EmployerName,
}

/// The employer with this credit code.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_by_credit_code(
    session: &impl Session,
    code: &CreditCode,
) -> Result<Option<EmployerRef>, Failure> {
    let found = employers::find_registered(session, std::slice::from_ref(code)).await?;
    Ok(found.into_iter().next().map(EmployerRef::from))
}

/// The employers with these credit codes, in one statement; unknown codes are left out.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_by_credit_codes(
    session: &impl Session,
    codes: &[CreditCode],
) -> Result<HashMap<CreditCode, EmployerRef>, Failure> {
    let found = employers::find_registered(session, codes).await?;
    Ok(found
        .into_iter()
        .map(|employer| (employer.credit_code.clone(), employer.into()))
        .collect())
}

/// The employers with these ids, in one statement; unknown ids are left out.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(
    session: &impl Session,
    ids: &[EmployerId],
) -> Result<HashMap<EmployerId, EmployerRef>, Failure> {
    let found = employers::find_registered_by_id(session, ids).await?;
    Ok(found
        .into_iter()
        .map(|employer| (employer.id, employer.into()))
        .collect())
}

/// The employer with this credit code; made when nobody knew it, with the kind and the seat that
/// its code points to and a status that is unknown. A known employer keeps its name: what a ledger
/// writes is no authority on it. The creation is journalled with the unit of work.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn ensure(tx: &mut WriteSession, new: NewEmployer) -> Result<EmployerRef, Failure> {
    let NewEmployer { credit_code, name } = new;
    if let Some(known) = find_by_credit_code(tx, &credit_code).await? {
        return Ok(known);
    }
    let new = Registration {
        kind: EmployerKind::of_code(&credit_code),
        seat: Seat::of_code(&credit_code),
        credit_code,
        name,
    };
    if let Some(made) = employers::insert_in(tx, &new).await? {
        tx.changed(Change::new(made.id, made.version, REGISTERED_FIELDS));
        return Ok(made.into());
    }
    find_by_credit_code(tx, &new.credit_code)
        .await?
        .ok_or_else(|| Failure::Contended("an employer vanished while it was looked up".into()))
}
