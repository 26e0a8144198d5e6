//! Looking at jobs, with an entry in the trail for each look.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::model::{Employment, Renewal};
use super::super::repo::lists::{self, EmploymentCursor, Whose};
use super::super::repo::{employments, renewals};
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, RecordId as _, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::platform::db::{ReadSession, Session};

/// Opens one job. The person is named in the trail too: a job says where somebody is.
///
/// # Errors
/// [`Failure`] of database or journal; a job out of scope is `None`, like one that is missing.
pub async fn get(session: &ReadSession, id: EmploymentId) -> Result<Option<Employment>, Failure> {
    let found = employments::find(session, id).await?;
    match &found {
        Some(job) => {
            session.record_opened(job.id).await?;
            session.record_opened(job.worker).await?;
        }
        None => session.record_missed(),
    }
    Ok(found)
}

/// Several jobs at once, for nested fields: the field that led to them made the entry.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn find_many(
    session: &impl Session,
    ids: &[EmploymentId],
) -> Result<Vec<Employment>, Failure> {
    employments::find_many(session, ids).await
}

/// Further terms of contracts, earliest first.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn renewals_of(
    session: &impl Session,
    ids: &[EmploymentId],
) -> Result<Vec<Renewal>, Failure> {
    renewals::of_many(session, ids).await
}

/// A page of records of each of these people, newest first; whoever has none has an empty page.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn of_workers(
    session: &impl Session,
    workers: &[WorkerId],
    request: &PageRequest<EmploymentCursor>,
) -> Result<HashMap<WorkerId, Page<Employment>>, Failure> {
    let owners: Vec<Uuid> = workers.iter().map(|id| id.uuid()).collect();
    let rows = lists::pages(session, Whose::Worker, &owners, request).await?;
    Ok(paged(workers, rows, request.first, |job| Some(job.worker)))
}

/// A page of jobs that count now at each of these employers, newest first: those it signed, or
/// those it hosts. It names people, so it is recorded as a list of them.
///
/// # Errors
/// [`Failure`] of database or journal.
pub async fn staff_of(
    session: &ReadSession,
    whose: Whose,
    employers: &[EmployerId],
    request: &PageRequest<EmploymentCursor>,
) -> Result<HashMap<EmployerId, Page<Employment>>, Failure> {
    let owners: Vec<Uuid> = employers.iter().map(|id| id.uuid()).collect();
    let rows = lists::pages(session, whose, &owners, request).await?;
    let pages = paged(employers, rows, request.first, |job| match whose {
        Whose::Worker => None,
        Whose::Employer => job.job.employer,
        Whose::Host => job.job.host,
    });
    let jobs = pages.values().flat_map(|page| &page.rows);
    session
        .record_list_of(jobs.map(|job| job.worker.into()))
        .await?;
    Ok(pages)
}

fn paged<K: Copy + Eq + std::hash::Hash>(
    owners: &[K],
    rows: Vec<Employment>,
    first: u64,
    owner: impl Fn(&Employment) -> Option<K>,
) -> HashMap<K, Page<Employment>> {
    let mut found: HashMap<K, Vec<Employment>> =
        owners.iter().map(|owner| (*owner, Vec::new())).collect();
    for row in rows {
        if let Some(rows) = owner(&row).and_then(|owner| found.get_mut(&owner)) {
            rows.push(row);
        }
    }
    found
        .into_iter()
        .map(|(owner, rows)| (owner, Page::from_overfetched(rows, first)))
        .collect()
}
