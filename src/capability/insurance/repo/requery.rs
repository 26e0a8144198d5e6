//! SQL of the agencies' re-query lists.

use std::collections::HashSet;

use ::entity::{contribution, insurance_fact, requery};
use chrono::NaiveDate;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use uuid::Uuid;

use super::super::model::InsuranceKind;
use super::uuids;
use crate::capability::worker::public::registered_in;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Agency;
use crate::platform::db::{ReadSession, Session, WriteSession, failure, keys, stored};

/// In which insurances a month of these people is known.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom the job has walked over within its scope"
)]
pub(in super::super) async fn kinds_paid(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<HashSet<(WorkerId, InsuranceKind)>, Failure> {
    use contribution::{Column, Entity};
    let rows = Entity::find()
        .select_only()
        .columns([Column::WorkerId, Column::Kind])
        .filter(keys::any_of(session, Column::WorkerId, &uuids(workers)));
    kinds(session, rows).await
}

/// In which insurances something is stated of these people.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom the job has walked over within its scope"
)]
pub(in super::super) async fn kinds_stated(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<HashSet<(WorkerId, InsuranceKind)>, Failure> {
    use insurance_fact::{Column, Entity};
    let rows = Entity::find()
        .select_only()
        .columns([Column::WorkerId, Column::Kind])
        .filter(keys::any_of(session, Column::WorkerId, &uuids(workers)));
    kinds(session, rows).await
}

async fn kinds<E: EntityTrait>(
    session: &ReadSession,
    rows: Select<E>,
) -> Result<HashSet<(WorkerId, InsuranceKind)>, Failure> {
    let found: Vec<(Uuid, String)> = rows
        .distinct()
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(worker, kind)| Ok((WorkerId::from_uuid(worker), stored(&kind)?)))
        .collect()
}

/// On which agencies' lists these people are, taken from them or not.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom the job has walked over within its scope"
)]
pub(in super::super) async fn listed(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<HashSet<(WorkerId, Agency)>, Failure> {
    let found: Vec<(Uuid, String)> = requery::Entity::find()
        .select_only()
        .columns([requery::Column::WorkerId, requery::Column::Agency])
        .filter(keys::any_of(
            session,
            requery::Column::WorkerId,
            &uuids(workers),
        ))
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    found
        .into_iter()
        .map(|(worker, agency)| Ok((WorkerId::from_uuid(worker), stored(&agency)?)))
        .collect()
}

/// Somebody whom an agency should be asked about, registered or corrected on the given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Asked {
    pub(in super::super) worker: WorkerId,
    pub(in super::super) agency: Agency,
    pub(in super::super) since: NaiveDate,
}

/// Puts people on lists; how many were not there yet.
pub(in super::super) async fn add_in(tx: &WriteSession, asked: &[Asked]) -> Result<u64, Failure> {
    let keep = on_list().do_nothing().to_owned();
    put_in(tx, asked, keep).await
}

/// Puts people on lists, also those who were on them and were taken: what the agency learnt then is
/// no longer right.
pub(in super::super) async fn ask_again_in(
    tx: &WriteSession,
    asked: &[Asked],
) -> Result<(), Failure> {
    let anew = [requery::Column::Since, requery::Column::TakenAt];
    let wait = on_list().update_columns(anew).to_owned();
    put_in(tx, asked, wait).await.map(drop)
}

fn on_list() -> OnConflict {
    OnConflict::columns([requery::Column::WorkerId, requery::Column::Agency])
}

async fn put_in(tx: &WriteSession, asked: &[Asked], known: OnConflict) -> Result<u64, Failure> {
    if asked.is_empty() {
        return Ok(0);
    }
    let rows = asked.iter().map(|asked| {
        let Asked {
            worker,
            agency,
            since,
        } = asked;
        requery::ActiveModel {
            worker_id: Set(worker.uuid()),
            agency: Set(agency.as_str().to_owned()),
            since: Set(*since),
            taken_at: Set(None),
        }
    });
    requery::Entity::insert_many(rows)
        .on_conflict(known)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)
}

/// The people on an agency's list that it has not taken, the longest waiting first; of a region
/// only those registered there.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to the agency's own list, and to its region where its token names one"
)]
pub(in super::super) async fn waiting_in(
    tx: &WriteSession,
    agency: Agency,
    region: Option<RegionCode>,
    most: u64,
) -> Result<Vec<WorkerId>, Failure> {
    let mut list = requery::Entity::find()
        .select_only()
        .column(requery::Column::WorkerId)
        .filter(requery::Column::Agency.eq(agency.as_str()))
        .filter(requery::Column::TakenAt.is_null());
    if let Some(region) = region {
        list = list.filter(requery::Column::WorkerId.in_subquery(registered_in(region)));
    }
    let found: Vec<Uuid> = list
        .order_by_asc(requery::Column::Since)
        .order_by_asc(requery::Column::WorkerId)
        .limit(most)
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(WorkerId::from_uuid).collect())
}

/// Marks people as taken.
///
/// # Errors
/// [`Failure::Contended`] when somebody else has taken one of them since.
#[expect(
    clippy::disallowed_methods,
    reason = "rows of the agency's own list that the use case has just read"
)]
pub(in super::super) async fn take_in(
    tx: &WriteSession,
    agency: Agency,
    workers: &[WorkerId],
) -> Result<(), Failure> {
    let taken = requery::ActiveModel {
        taken_at: Set(Some(tx.now())),
        ..Default::default()
    };
    let done = requery::Entity::update_many()
        .set(taken)
        .filter(requery::Column::Agency.eq(agency.as_str()))
        .filter(requery::Column::TakenAt.is_null())
        .filter(keys::any_of(tx, requery::Column::WorkerId, &uuids(workers)))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    if usize::try_from(done.rows_affected) == Ok(workers.len()) {
        Ok(())
    } else {
        Err(Failure::Contended("a re-query list was taken twice".into()))
    }
}

/// Those of these people that the agency has taken.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the agency itself has taken from its own list"
)]
pub(in super::super) async fn taken(
    session: &ReadSession,
    agency: Agency,
    workers: &[WorkerId],
) -> Result<Vec<WorkerId>, Failure> {
    let found: Vec<Uuid> = requery::Entity::find()
        .select_only()
        .column(requery::Column::WorkerId)
        .filter(requery::Column::Agency.eq(agency.as_str()))
        .filter(requery::Column::TakenAt.is_not_null())
        .filter(keys::any_of(
            session,
            requery::Column::WorkerId,
            &uuids(workers),
        ))
        .into_tuple()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.into_iter().map(WorkerId::from_uuid).collect())
}
