//! Reports about people who are not registered: sealed as a whole, found by keyed hash, erased.

use ::entity::job_report::{ActiveModel, Column, Entity};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::super::model::Reporter;
use crate::capability::worker::public::registered_indexes;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, RecordId};
use crate::platform::crypto::{BlindIndex, Sealed};
use crate::platform::db::{Session as _, WriteSession, failure, keys};

/// A report to be kept.
pub(in super::super) struct NewReport<'a> {
    pub(in super::super) index: BlindIndex,
    pub(in super::super) sealed: Sealed,
    /// Keyed hash of all that it says, of whom, and by whom.
    pub(in super::super) digest: BlindIndex,
    pub(in super::super) reporter: &'a Reporter,
}

/// A report that is kept.
pub(in super::super) struct KeptReport {
    pub(in super::super) id: Uuid,
    pub(in super::super) index: BlindIndex,
    pub(in super::super) sealed: Sealed,
    pub(in super::super) received_at: DateTime<Utc>,
}

/// Keeps a report; one that is kept already from now on, by the same statement, so that nothing tells.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    report: NewReport<'_>,
) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(tx.next_id::<EmploymentId>().uuid()),
        resident_id_index: Set(report.index.as_bytes().to_vec()),
        sealed: Set(report.sealed.into_bytes()),
        reported_by_role: Set(report.reporter.role.clone()),
        reported_by_subject: Set(report.reporter.subject.clone()),
        digest: Set(Some(report.digest.as_bytes().to_vec())),
        received_at: Set(tx.now()),
    };
    let again = OnConflict::column(Column::Digest)
        .update_column(Column::ReceivedAt)
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Reports that have not expired about people who are registered by now, behind `after` in the
/// order of arrival.
#[expect(
    clippy::disallowed_methods,
    reason = "the exchange's own job reads reports; nobody is shown them"
)]
pub(in super::super) async fn adoptable_in(
    tx: &WriteSession,
    after: Uuid,
    keep: TimeDelta,
    most: u64,
) -> Result<Vec<KeptReport>, Failure> {
    let rows = Entity::find()
        .filter(Column::ResidentIdIndex.in_subquery(registered_indexes()))
        .filter(Column::ReceivedAt.gt(tx.now() - keep))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(most)
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|row| {
            let index = <[u8; 32]>::try_from(row.resident_id_index)
                .map_err(|_| Failure::internal("a keyed hash has 32 bytes"))?;
            Ok(KeptReport {
                id: row.id,
                index: BlindIndex::from_bytes(index),
                sealed: Sealed::from_bytes(row.sealed),
                received_at: row.received_at,
            })
        })
        .collect()
}

/// Erases reports that became jobs. Returns how many there were: fewer than given when another
/// server took some of them.
#[expect(
    clippy::disallowed_methods,
    reason = "by primary key, in the unit of work that turned them into jobs"
)]
pub(in super::super) async fn erase_in(tx: &WriteSession, ids: &[Uuid]) -> Result<u64, Failure> {
    let erased = Entity::delete_many()
        .filter(keys::any_of(tx, Column::Id, ids))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(erased.rows_affected)
}

/// Erases every report whose day has come.
#[expect(
    clippy::disallowed_methods,
    reason = "expiry is a property of the table, whoever reported"
)]
pub(in super::super) async fn erase_expired_in(
    tx: &WriteSession,
    keep: TimeDelta,
) -> Result<u64, Failure> {
    let erased = Entity::delete_many()
        .filter(Column::ReceivedAt.lte(tx.now() - keep))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(erased.rows_affected)
}
