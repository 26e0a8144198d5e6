//! Use cases about employers: validate, decide, write.

mod accreditation;
mod statuses;
mod successors;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use accreditation::{RecordAccreditation, record_accreditation};
pub use statuses::{LineResult, StatusLine, StatusesSubmitted, submit_statuses};
pub use successors::apply_successors;

use super::error::EmployerRejection;
use super::model::{
    AccreditationFact, Employer, EmployerCursor, EmployerFilter, EmployerKind, EmployerName,
    EmployerOrderField, MAX_NAME, Seat, StatusFact,
};
use super::repo::employers::{self, REGISTERED_FIELDS, Registration, Revision};
use super::repo::{facts, list};
use crate::capability::region;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Refusal, Text, UserError};
use crate::kernel::ids::EmployerId;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::RegionCode;
use crate::kernel::text;
use crate::platform::authz::Scope;
use crate::platform::db::{ReadSession, Session, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// The employer a use case left behind, as it is kept for a repeated request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmployerDone {
    /// Which one.
    pub employer_id: EmployerId,
    /// Its version after the use case.
    pub version: i64,
}

/// An employer to be registered, as it came in.
#[derive(Clone, Debug)]
pub struct RegisterEmployer {
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Name as typed.
    pub name: String,
    /// Legal kind.
    pub kind: EmployerKind,
    /// Seat, a county or narrower.
    pub region: RegionCode,
}

/// Enters an employer that nobody has entered before.
///
/// # Errors
/// Expected: `BAD_NAME`, `SEAT_TOO_WIDE`, `UNKNOWN_REGION`, `ALREADY_REGISTERED`,
/// `COUNTY_DECIDES`. [`Failure::NotFound`] for a seat outside the caller's region or another employer's code.
pub async fn register(
    mut tx: WriteSession,
    cmd: RegisterEmployer,
) -> Result<EmployerDone, Refusal> {
    let RegisterEmployer {
        credit_code,
        name,
        kind,
        region,
    } = cmd;
    admit_registration(&tx, &credit_code, region)?;
    let region = match tx.scope() {
        Scope::Employer(_) => own_seat(&tx, &credit_code, kind, region).await?,
        Scope::Province
        | Scope::Region(_, _)
        | Scope::Agency(_, _)
        | Scope::Assigned(_)
        | Scope::Own(_) => region,
    };
    let new = Registration {
        credit_code,
        name: name_from(&name)?,
        kind,
        seat: seat_from(&tx, region).await?,
    };
    let Some(made) = employers::insert_in(&tx, &new).await? else {
        return Err(rejected("creditCode", EmployerRejection::AlreadyRegistered));
    };
    tx.changed(Change::new(made.id, made.version, REGISTERED_FIELDS));
    finish(tx, &made).await
}

/// A correction of an employer as it came in; what is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateEmployer {
    /// Which employer.
    pub id: EmployerId,
    /// The version the caller has seen.
    pub version: i64,
    /// Name as typed.
    pub name: Option<String>,
    /// Legal kind.
    pub kind: Option<EmployerKind>,
    /// Seat, a county or narrower.
    pub region: Option<RegionCode>,
}

/// Corrects name, kind or seat. A seat moves between regions by a level that encloses both; one that
/// is wider than a county, as a credit code gives it, is moved into a county within it by that county.
///
/// # Errors
/// Expected: `BAD_NAME`, `SEAT_TOO_WIDE`, `UNKNOWN_REGION`, `STALE_VERSION`; `COUNTY_DECIDES` for an
/// employer or a new seat outside the caller's region. [`Failure::NotFound`] for no employer.
pub async fn update(mut tx: WriteSession, cmd: UpdateEmployer) -> Result<EmployerDone, Refusal> {
    let UpdateEmployer {
        id,
        version,
        name,
        kind,
        region,
    } = cmd;
    let around = match region {
        Some(region) => seated_around(&tx, id, region).await?,
        None => None,
    };
    let mut employer = match around {
        Some(employer) => employer,
        None => seated_in_reach(&tx, "id", id).await?,
    };
    if employer.version != version {
        return Err(rejected("version", EmployerRejection::StaleVersion));
    }
    let mut revision = Revision::default();
    let mut fields = Vec::new();
    if let Some(name) = name.map(|name| name_from(&name)).transpose()?
        && name.as_str() != employer.name
    {
        revision.name = Some(name);
        fields.push("name");
    }
    if let Some(kind) = kind
        && kind != employer.kind
    {
        revision.kind = Some(kind);
        fields.push("kind");
    }
    if let Some(region) = region
        && region != employer.region
    {
        decides(&tx, "regionCode", region)?;
        revision.seat = Some(seat_from(&tx, region).await?);
        fields.push("regionCode");
    }
    if !fields.is_empty() {
        revise(&mut tx, &mut employer, &revision, &fields).await?;
    }
    finish(tx, &employer).await
}

/// How one employer is asked for.
#[derive(Clone, Debug)]
pub enum EmployerKey {
    /// By id.
    Id(EmployerId),
    /// By unified social credit code.
    CreditCode(CreditCode),
}

/// Opens one employer; missing and out of reach alike are `None`.
///
/// # Errors
/// [`Failure`] of the database or the journal.
pub async fn get(session: &ReadSession, key: &EmployerKey) -> Result<Option<Employer>, Failure> {
    let found = match key {
        EmployerKey::Id(id) => employers::find(session, *id).await?,
        EmployerKey::CreditCode(code) => employers::find_by_code(session, code).await?,
    };
    match &found {
        Some(employer) => session.record_opened(employer.id).await?,
        None => session.record_missed(),
    }
    Ok(found)
}

/// One page of the employers within reach.
///
/// # Errors
/// [`Failure::BadInput`] for a name prefix that no name has and for a cursor of the other order.
pub async fn list(
    session: &ReadSession,
    mut filter: EmployerFilter,
    order: EmployerOrderField,
    request: &PageRequest<EmployerCursor>,
) -> Result<Page<Employer>, Failure> {
    if request.after.as_ref().is_some_and(|c| c.order() != order) {
        return Err(Failure::BadInput(Text::new(
            "游标属于另一种排序，请使用同一排序下返回的 endCursor。",
            "The cursor belongs to another order; use an endCursor of this one.",
        )));
    }
    if let Some(prefix) = &mut filter.name_prefix {
        *prefix = text::searched(prefix, MAX_NAME, "namePrefix")?;
    }
    let page = list::page(session, &filter, order, request).await?;
    session.record_listed().await?;
    Ok(page)
}

/// The employers within reach among these.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(
    session: &ReadSession,
    ids: &[EmployerId],
) -> Result<Vec<Employer>, Failure> {
    employers::find_many(session, ids).await
}

/// What has been stated about each of the employers within reach, oldest first day first.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn status_facts(
    session: &ReadSession,
    ids: &[EmployerId],
) -> Result<HashMap<EmployerId, Vec<StatusFact>>, Failure> {
    facts::status_facts(session, ids).await
}

/// What has been stated about accreditations of each of the employers within reach: earliest first
/// day first, and the statements about one in the order in which they were made.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn accreditations(
    session: &ReadSession,
    ids: &[EmployerId],
) -> Result<HashMap<EmployerId, Vec<AccreditationFact>>, Failure> {
    facts::accreditations(session, ids).await
}

/// An employer enters itself wherever it is seated; everybody else within their region.
fn admit_registration(
    tx: &WriteSession,
    code: &CreditCode,
    seat: RegionCode,
) -> Result<(), Failure> {
    match tx.scope() {
        Scope::Employer(own) if own == *code => Ok(()),
        Scope::Province
        | Scope::Region(_, _)
        | Scope::Agency(_, _)
        | Scope::Employer(_)
        | Scope::Assigned(_)
        | Scope::Own(_) => tx.permit().admit(seat),
    }
}

/// The seat of an employer that enters itself, which states no more than its code does: what kind it
/// is decides about subsidies, and where it is seated says which county decides. Both are the county's
/// to correct. A code keeps the division that gave it, so that where it has ended what took its place
/// is meant.
async fn own_seat(
    tx: &WriteSession,
    code: &CreditCode,
    kind: EmployerKind,
    seat: RegionCode,
) -> Result<RegionCode, Refusal> {
    if kind != EmployerKind::of_code(code) {
        return Err(rejected("kind", EmployerRejection::CountyDecides));
    }
    let given_by = Seat::of_code(code).region();
    let followed = region::public::successor(tx, given_by).await?;
    let is_own = |division: RegionCode| division.contains(seat);
    if !is_own(given_by) && !followed.is_some_and(is_own) {
        return Err(rejected("regionCode", EmployerRejection::CountyDecides));
    }
    let followed = region::public::successor(tx, seat).await?;
    Ok(followed.unwrap_or(seat))
}

/// The employer, when it is seated in the caller's region.
///
/// # Errors
/// `COUNTY_DECIDES` for one that is seated elsewhere: every office reads all employers.
async fn seated_in_reach(
    tx: &WriteSession,
    field: &str,
    id: EmployerId,
) -> Result<Employer, Refusal> {
    let employer = employers::find(tx, id).await?.ok_or(Failure::NotFound)?;
    decides(tx, field, employer.region)?;
    Ok(employer)
}

/// Refuses what lies in a region that is not the caller's; regions are known to everybody.
fn decides(tx: &WriteSession, field: &str, region: RegionCode) -> Result<(), Refusal> {
    let told = UserError::at(&["input", field], &EmployerRejection::SeatDecides);
    let admitted = tx.permit().admit(region);
    admitted.map_err(|_| tx.beyond_reach(true, told))
}

/// The employer, when it belongs to no county yet, and its seat is known no better than to lie around
/// a place in the caller's region.
async fn seated_around(
    tx: &WriteSession,
    id: EmployerId,
    place: RegionCode,
) -> Result<Option<Employer>, Refusal> {
    decides(tx, "regionCode", place)?;
    let employer = employers::find(tx, id).await?;
    let Some(employer) = employer.filter(|employer| employer.region.contains(place)) else {
        return Ok(None);
    };
    let places = region::public::places(tx, &[employer.region]).await?;
    Ok((!places.has_county(employer.region)).then_some(employer))
}

fn name_from(raw: &str) -> Result<EmployerName, Refusal> {
    EmployerName::parse(raw).map_err(|_| rejected("name", EmployerRejection::BadName))
}

async fn seat_from(session: &impl Session, region: RegionCode) -> Result<Seat, Refusal> {
    let places = region::public::places(session, &[region]).await?;
    if !places.in_force_on(region, session.today()) {
        return Err(rejected("regionCode", EmployerRejection::UnknownRegion));
    }
    if !places.has_county(region) {
        return Err(rejected("regionCode", EmployerRejection::SeatTooWide));
    }
    Ok(Seat::stated(region))
}

/// Writes a revision of the employer as it was read in this unit of work and states the change.
async fn revise(
    tx: &mut WriteSession,
    employer: &mut Employer,
    revision: &Revision,
    fields: &[&'static str],
) -> Result<(), Failure> {
    if !employers::revise_in(tx, employer.id, employer.version, revision).await? {
        // It was read a moment ago in this transaction: a concurrent one came between.
        return Err(Failure::Contended("an employer changed meanwhile".into()));
    }
    employer.version += 1;
    tx.changed(Change::new(employer.id, employer.version, fields));
    Ok(())
}

async fn finish(tx: WriteSession, employer: &Employer) -> Result<EmployerDone, Refusal> {
    let done = EmployerDone {
        employer_id: employer.id,
        version: employer.version,
    };
    tx.commit(AuditEntry::done(&done)?).await?;
    Ok(done)
}

fn rejected(field: &str, rejection: EmployerRejection) -> Refusal {
    UserError::at(&["input", field], &rejection).into()
}
