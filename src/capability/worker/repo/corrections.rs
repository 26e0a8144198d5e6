//! Proposed corrections of resident ids and names, within the scope of the people they are about.

use ::entity::correction::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _};
use sea_orm::{QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::super::model::{Correction, CorrectionKind, CorrectionState};
use super::sealed::SealedValue;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{CorrectionId, RecordId as _, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::platform::crypto::{BlindIndex, Sealed};
use crate::platform::db::{Session, WriteSession, failure, keys, scope, stored};

fn to_model(row: Model) -> Result<Correction, Failure> {
    let Model {
        id,
        worker_id,
        kind,
        state,
        sealed: _,
        value_index: _,
        mask,
        reason,
        proposed_by,
        proposed_at,
        decided_by,
        decided_at,
        version,
    } = row;
    Ok(Correction {
        id: CorrectionId::from_uuid(id),
        worker: WorkerId::from_uuid(worker_id),
        kind: stored(&kind)?,
        state: stored(&state)?,
        proposed: mask,
        reason,
        proposed_by,
        proposed_at,
        decided_by,
        decided_at,
        version,
    })
}

/// A correction to be proposed.
pub(in super::super) struct Proposal {
    pub(in super::super) worker: WorkerId,
    pub(in super::super) value: Proposed,
    pub(in super::super) reason: String,
}

/// What is proposed.
pub(in super::super) enum Proposed {
    /// A resident id, sealed already.
    ResidentId(SealedValue, BlindIndex),
    /// A name, which whoever sees the person sees.
    Name(String),
}

/// Records a proposal; `None` when one of its kind about this person is open already.
pub(in super::super) async fn propose_in(
    tx: &WriteSession,
    proposal: Proposal,
) -> Result<Option<CorrectionId>, Failure> {
    let Proposal {
        worker,
        value,
        reason,
    } = proposal;
    let (kind, sealed, value_index, mask) = match value {
        Proposed::ResidentId(value, index) => (
            CorrectionKind::ResidentId,
            Some(value.sealed.into_bytes()),
            index.as_bytes().to_vec(),
            value.mask,
        ),
        Proposed::Name(name) => (CorrectionKind::Name, None, Vec::new(), name),
    };
    let id: CorrectionId = tx.next_id();
    let row = Model {
        id: id.uuid(),
        worker_id: worker.uuid(),
        kind: kind.as_str().to_owned(),
        state: CorrectionState::Proposed.as_str().to_owned(),
        sealed,
        value_index,
        mask,
        reason,
        proposed_by: tx.permit().principal().subject().to_owned(),
        proposed_at: tx.now(),
        decided_by: None,
        decided_at: None,
        version: 1,
    };
    let inserted = Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok((inserted > 0).then_some(id))
}

/// One correction of a kind with its value where that is sealed, if the session reaches the person.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn find_sealed(
    session: &impl Session,
    id: CorrectionId,
    kind: CorrectionKind,
) -> Result<Option<(Correction, Option<Sealed>)>, Failure> {
    let found = Entity::find_by_id(id.uuid())
        .filter(Column::Kind.eq(kind.as_str()))
        .filter(scope::each_worker(session, Column::WorkerId))
        .one(&session.executor())
        .await
        .map_err(failure)?;
    found
        .map(|mut row| {
            let sealed = row.sealed.take().map(Sealed::from_bytes);
            Ok((to_model(row)?, sealed))
        })
        .transpose()
}

/// Of these corrections, those about people the session reaches; in one statement.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[CorrectionId],
) -> Result<Vec<Correction>, Failure> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    Entity::find()
        .filter(scope::each_worker(session, Column::WorkerId))
        .filter(keys::any_of(session, Column::Id, &ids))
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect()
}

/// A page of the corrections about people the session reaches, the oldest first.
#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here"
)]
pub(in super::super) async fn page(
    session: &impl Session,
    state: Option<CorrectionState>,
    request: &PageRequest<CorrectionId>,
) -> Result<Page<Correction>, Failure> {
    let rows = Entity::find()
        .filter(
            scope::workers(session, Column::WorkerId)
                .add_option(state.map(|state| Column::State.eq(state.as_str())))
                .add_option(request.after.map(|id| Column::Id.gt(id.uuid()))),
        )
        .order_by_asc(Column::Id)
        .limit(request.first + 1)
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(to_model)
        .collect::<Result<_, _>>()?;
    Ok(Page::from_overfetched(rows, request.first))
}

/// Decides a correction that is at `version`; `false` when it is not any more.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key and version, which the use case has read within its scope"
)]
pub(in super::super) async fn decide_in(
    tx: &WriteSession,
    id: CorrectionId,
    version: i64,
    state: CorrectionState,
) -> Result<bool, Failure> {
    let row = ActiveModel {
        state: Set(state.as_str().to_owned()),
        decided_by: Set(Some(tx.permit().principal().subject().to_owned())),
        decided_at: Set(Some(tx.now())),
        version: Set(version + 1),
        ..Default::default()
    };
    let updated = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Version.eq(version))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(updated.rows_affected > 0)
}
