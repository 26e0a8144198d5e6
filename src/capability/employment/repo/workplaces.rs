//! Where jobs are, for divisions that end.

use ::entity::employment::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, RecordId as _, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure};

/// A job whose workplace has to follow its division.
pub(in super::super) struct Placed {
    pub(in super::super) id: EmploymentId,
    pub(in super::super) worker: WorkerId,
    pub(in super::super) version: i64,
}

/// Jobs in a division of the province that are reported or confirmed and have not ended.
fn open(division: RegionCode) -> Condition {
    let (first, last) = division.range();
    Condition::all()
        .add(Column::WorkplaceCode.between(first.as_i64(), last.as_i64()))
        .add(Column::OutsideProvince.eq(false))
        .add(Column::EndedOn.is_null())
        .add(Column::State.ne("VOIDED"))
}

/// Whether [`open_in`] would find a job.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn any_open(
    session: &impl Session,
    division: RegionCode,
) -> Result<bool, Failure> {
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(open(division))
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// Jobs in a division of the province that are reported or confirmed and have not ended, locked until the unit of
/// work ends.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn open_in(
    tx: &WriteSession,
    division: RegionCode,
    most: u64,
) -> Result<Vec<Placed>, Failure> {
    let found: Vec<(Uuid, Uuid, i64)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::WorkerId, Column::Version])
        .filter(open(division))
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_exclusive()
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(found
        .into_iter()
        .map(|(id, worker, version)| Placed {
            id: EmploymentId::from_uuid(id),
            worker: WorkerId::from_uuid(worker),
            version,
        })
        .collect())
}

/// Places a locked job in another division of the same province.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key, which the use case has locked"
)]
pub(in super::super) async fn replace_in(
    tx: &WriteSession,
    id: EmploymentId,
    to: RegionCode,
) -> Result<(), Failure> {
    let place = |code: Option<RegionCode>| Set(code.map(RegionCode::as_i64));
    let row = ActiveModel {
        workplace_code: Set(to.as_i64()),
        workplace_county: place(to.county()),
        workplace_prefecture: place(to.prefecture()),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}
