//! Looking at people and households, with an entry in the trail for each look.

use super::super::error::WorkerRejection;
use std::collections::HashMap;

use super::super::model::{
    Household, MAX_SUPERSEDED, Pairing, RecordedCategory, RecordedFact, Residence, Worker,
};
use super::super::policy;
use super::super::repo::page::{self, WorkerCursor, WorkerFilter, WorkerOrder, WorkerOrderField};
use super::super::repo::region_pages::{self, Wanted};
use super::super::repo::{facts, helpers, households, members, residences, workers};
use super::parse;
use crate::kernel::error::{Failure, Rejection as _, UserError};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::RegionCode;
use crate::kernel::text;
use crate::platform::db::{ReadSession, Session};

/// Opens one record.
///
/// # Errors
/// [`Failure`] of database or journal; a record out of scope is `None`, like one that is missing.
pub async fn get(session: &ReadSession, id: WorkerId) -> Result<Option<Worker>, Failure> {
    opened(session, workers::find(session, id).await?).await
}

/// Opens one record by resident id.
///
/// # Errors
/// [`Failure::BadInput`] when it is no resident id, else as [`get`].
pub async fn get_by_resident_id(
    session: &ReadSession,
    raw: &str,
) -> Result<Option<Worker>, Failure> {
    let id = parse::resident_id(session, raw).map_err(bad_input)?;
    let index = parse::index_of(session, &id);
    opened(session, workers::find_by_index(session, &index).await?).await
}

async fn opened(session: &ReadSession, found: Option<Worker>) -> Result<Option<Worker>, Failure> {
    match &found {
        Some(worker) => session.record_opened(worker.id).await?,
        None => session.record_missed(),
    }
    Ok(found)
}

fn bad_input(error: UserError) -> Failure {
    Failure::BadInput(WorkerRejection::Unreadable { code: error.code }.text())
}

/// One page of people.
///
/// # Errors
/// [`Failure::Forbidden`] for a filter or an order by what the caller's role may not see; [`Failure`] of input,
/// database or journal.
pub async fn list(
    session: &ReadSession,
    filter: &WorkerFilter,
    order: WorkerOrder,
    request: &PageRequest<WorkerCursor>,
) -> Result<Page<Worker>, Failure> {
    let filter = &admitted(session, filter, order)?;
    let found = page::page(session, filter, order, request, None).await?;
    let people = found.rows.iter().map(|worker| worker.id.into());
    session.record_list_of(people).await?;
    Ok(found)
}

/// A page of the people registered in each of these regions, shown as one list.
///
/// # Errors
/// [`Failure::Forbidden`] for roles that may not see where people come from, else as [`list`].
pub async fn list_in_regions(
    session: &ReadSession,
    regions: &[RegionCode],
    filter: &WorkerFilter,
    order: WorkerOrder,
    request: &PageRequest<WorkerCursor>,
) -> Result<HashMap<RegionCode, Page<Worker>>, Failure> {
    // The region says of each person what the filter by origin would.
    session
        .permit()
        .caller()
        .permit(&policy::SEE_POVERTY_DETAILS)?;
    let of = Wanted {
        filter: &admitted(session, filter, order)?,
        order,
        page: request,
    };
    let found = region_pages::pages(session, regions, &of).await?;
    let people = found.values().flat_map(|page| &page.rows);
    let people = people.map(|worker| worker.id.into());
    session.record_list_of(people).await?;
    Ok(found)
}

/// The longest beginning of a name that is searched for.
const MAX_PREFIX: usize = 50;

/// The filter as it is searched by. Who is told whether somebody fits it is told what it is about,
/// and who gets a list in an order what the order follows.
fn admitted(
    session: &ReadSession,
    filter: &WorkerFilter,
    order: WorkerOrder,
) -> Result<WorkerFilter, Failure> {
    let WorkerFilter {
        origin,
        destination,
        category,
        work_status: _,
        employer,
        insured,
        name_prefix,
        changed_since,
    } = filter;
    let caller = session.permit().caller();
    if origin.is_some() || category.is_some() {
        caller.permit(&policy::SEE_POVERTY_DETAILS)?;
    }
    if destination.is_some() || employer.is_some() || insured.is_some() {
        caller.permit(&policy::FILTER_BY_WORK)?;
    }
    let by_change = match order.field {
        WorkerOrderField::Changed => true,
        WorkerOrderField::Registered | WorkerOrderField::Name => false,
    };
    if by_change || changed_since.is_some() {
        caller.permit(&policy::SEE_CHANGES)?;
    }
    let prefix = name_prefix.as_deref();
    let prefix = prefix.map(|prefix| text::searched(prefix, MAX_PREFIX, "namePrefix"));
    Ok(WorkerFilter {
        name_prefix: prefix.transpose()?,
        ..filter.clone()
    })
}

/// Several people at once, for nested fields, which see to the entries.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(session: &impl Session, ids: &[WorkerId]) -> Result<Vec<Worker>, Failure> {
    workers::find_many(session, ids).await
}

/// Several households at once, each with a member the session reaches or of its own region.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn households(
    session: &impl Session,
    ids: &[HouseholdId],
) -> Result<Vec<Household>, Failure> {
    households::find_many(session, ids).await
}

/// The category statements of households by the first day: those that stand, and the latest that do not
/// any more.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn category_histories(
    session: &impl Session,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<RecordedCategory>>, Failure> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for (household, recorded) in households::category_history(session, ids).await? {
        found.entry(household).or_default().push(recorded);
    }
    for history in found.values_mut() {
        let superseded = history.iter().filter(|of| of.superseded).count();
        let mut dropped = superseded.saturating_sub(MAX_SUPERSEDED);
        history.retain(|of| {
            let drop = of.superseded && dropped > 0;
            dropped -= usize::from(drop);
            !drop
        });
    }
    Ok(found)
}

/// The people of households whom the session reaches, at most a page of each. Whoever is shown beside
/// somebody else has an entry of their own: the one that led there is about that other person.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn members_of(
    session: &ReadSession,
    ids: &[HouseholdId],
) -> Result<HashMap<HouseholdId, Vec<Worker>>, Failure> {
    let found = members::visible(session, ids).await?;
    let people = found.values().flatten();
    let shown = session.record_shown(people.map(|worker| worker.id.into()));
    shown.await?;
    Ok(found)
}

/// Where people are and were registered, in the order of time.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn residences_of(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Residence>>, Failure> {
    residences::history(session, ids).await
}

/// What was ever stated about people and work, by the first day; voided statements included.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn facts_of(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<RecordedFact>>, Failure> {
    facts::history(session, ids).await
}

/// Who helps people now.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn helpers_of(
    session: &impl Session,
    ids: &[WorkerId],
) -> Result<HashMap<WorkerId, Pairing>, Failure> {
    helpers::present(session, ids).await
}
