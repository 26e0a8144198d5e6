//! Findings: the row, lists, and its compare-and-swap.

use ::entity::finding::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait as _, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::super::model::{
    Finding, FindingFilter, FindingOutcome, FindingState, Subject, SubjectRef,
};
use crate::kernel::closed::Closed;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, FindingId, RecordId as _, WorkerId};
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::RegionCode;
use crate::platform::authz::Scope;
use crate::platform::db::{Session, WriteSession, failure, keys, stored, stored_if_any};

/// The findings the session reaches: an officer those that a county of the region has to answer.
/// Who is granted what is in `policy.rs`; nobody else holds anything here.
pub(super) fn visible(session: &impl Session) -> Condition {
    match session.scope() {
        Scope::Province => Condition::all(),
        Scope::Region(region, _) => Condition::all().add(answered_within(region)),
        Scope::Agency(_, _) | Scope::Employer(_) | Scope::Assigned(_) | Scope::Own(_) => {
            Condition::all().add(Expr::val(1).eq(0))
        }
    }
}

fn answered_within(region: RegionCode) -> SimpleExpr {
    let (first, last) = region.range();
    Column::ResponsibleCounty.between(first.as_i64(), last.as_i64())
}

#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches, at the root of every read of findings"
)]
fn scoped(session: &impl Session, condition: Condition) -> Select<Entity> {
    Entity::find().filter(visible(session)).filter(condition)
}

async fn all(session: &impl Session, select: Select<Entity>) -> Result<Vec<Finding>, Failure> {
    let rows = select.all(&session.executor()).await.map_err(failure)?;
    rows.into_iter().map(finding_of).collect()
}

/// Of these findings, those the session reaches; in one statement.
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[FindingId],
) -> Result<Vec<Finding>, Failure> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let condition = Condition::all().add(keys::any_of(session, Column::Id, &ids));
    all(session, scoped(session, condition)).await
}

/// One finding, if the session reaches it, locked until the unit of work ends.
pub(in super::super) async fn find_locked_in(
    tx: &WriteSession,
    id: FindingId,
) -> Result<Option<Finding>, Failure> {
    let wanted = Condition::all().add(Column::Id.eq(id.uuid()));
    let found = all(tx, scoped(tx, wanted).lock_exclusive()).await?;
    Ok(found.into_iter().next())
}

/// The findings about somebody that are not closed.
#[expect(
    clippy::disallowed_methods,
    reason = "asked for the exchange itself; who is concerned is told nothing of the finding"
)]
pub(in super::super) async fn open_about(
    session: &impl Session,
    worker: WorkerId,
) -> Result<Vec<Finding>, Failure> {
    let open = Entity::find()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::State.ne(FindingState::Closed.as_str()));
    all(session, open).await
}

/// A page of the findings the session reaches, the latest recorded first.
pub(in super::super) async fn page(
    session: &impl Session,
    filter: &FindingFilter,
    request: &PageRequest<FindingId>,
) -> Result<Page<Finding>, Failure> {
    let FindingFilter {
        state,
        region,
        subject,
    } = filter;
    let chosen = Condition::all()
        .add_option(state.map(|state| Column::State.eq(state.as_str())))
        .add_option(region.map(answered_within))
        .add_option(subject.map(|subject| match subject {
            SubjectRef::Worker(id) => Column::WorkerId.eq(id.uuid()),
            SubjectRef::Employer(id) => Column::EmployerId.eq(id.uuid()),
            SubjectRef::Employment(id) => Column::EmploymentId.eq(id.uuid()),
        }))
        .add_option(request.after.map(|id| Column::Id.lt(id.uuid())));
    let select = scoped(session, chosen)
        .order_by_desc(Column::Id)
        .limit(request.first + 1);
    Ok(Page::from_overfetched(
        all(session, select).await?,
        request.first,
    ))
}

/// A finding to be recorded.
#[derive(Clone, Debug)]
pub(in super::super) struct NewFinding {
    pub(in super::super) subject: Option<Subject>,
    pub(in super::super) responsible_county: RegionCode,
    pub(in super::super) clause: String,
    pub(in super::super) evidence: String,
}

/// Records a finding.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    new: NewFinding,
) -> Result<Finding, Failure> {
    let NewFinding {
        subject,
        responsible_county,
        clause,
        evidence,
    } = new;
    let row = Model {
        id: tx.next_id::<FindingId>().uuid(),
        worker_id: subject.and_then(Subject::worker).map(WorkerId::uuid),
        employer_id: subject.and_then(Subject::employer).map(EmployerId::uuid),
        employment_id: subject
            .and_then(Subject::employment)
            .map(EmploymentId::uuid),
        responsible_county: responsible_county.as_i64(),
        clause,
        evidence,
        state: FindingState::Open.as_str().to_owned(),
        outcome: None,
        recorded_by: tx.permit().principal().subject().to_owned(),
        recorded_at: tx.now(),
        version: 1,
    };
    Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    finding_of(row)
}

/// Sets state and outcome of a finding that is at `version`; `false` when it is not any more.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key and version, which the use case has read within its scope"
)]
pub(in super::super) async fn advance_in(
    tx: &WriteSession,
    id: FindingId,
    version: i64,
    (state, outcome): (FindingState, Option<FindingOutcome>),
) -> Result<bool, Failure> {
    let row = ActiveModel {
        state: Set(state.as_str().to_owned()),
        outcome: Set(outcome.map(|outcome| outcome.as_str().to_owned())),
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

/// Whether [`due_from_in`] would find a finding.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows counties wherever they are"
)]
pub(in super::super) async fn any_due_from(
    session: &impl Session,
    county: RegionCode,
) -> Result<bool, Failure> {
    let found: Option<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ResponsibleCounty.eq(county.as_i64()))
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// Findings that a county has to answer or had, with their versions, locked until the unit of work
/// ends.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows counties wherever they are"
)]
pub(in super::super) async fn due_from_in(
    tx: &WriteSession,
    county: RegionCode,
    most: u64,
) -> Result<Vec<(FindingId, i64)>, Failure> {
    let found: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version])
        .filter(Column::ResponsibleCounty.eq(county.as_i64()))
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_exclusive()
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    let found = found.into_iter();
    Ok(found
        .map(|(id, version)| (FindingId::from_uuid(id), version))
        .collect())
}

/// Makes another county responsible for a locked finding.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key, which the use case has locked"
)]
pub(in super::super) async fn hand_on_in(
    tx: &WriteSession,
    id: FindingId,
    county: RegionCode,
) -> Result<(), Failure> {
    let row = ActiveModel {
        responsible_county: Set(county.as_i64()),
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

fn finding_of(row: Model) -> Result<Finding, Failure> {
    let Model {
        id,
        worker_id,
        employer_id,
        employment_id,
        responsible_county,
        clause,
        evidence,
        state,
        outcome,
        recorded_by,
        recorded_at,
        version,
    } = row;
    Ok(Finding {
        id: FindingId::from_uuid(id),
        subject: subject_of(worker_id, employer_id, employment_id)?,
        responsible_county: RegionCode::from_i64(responsible_county).map_err(Failure::internal)?,
        clause,
        evidence,
        state: stored(&state)?,
        outcome: stored_if_any(outcome.as_deref())?,
        recorded_by,
        recorded_at,
        version,
    })
}

fn subject_of(
    worker: Option<Uuid>,
    employer: Option<Uuid>,
    employment: Option<Uuid>,
) -> Result<Option<Subject>, Failure> {
    match (worker, employer, employment) {
        (None, None, None) => Ok(None),
        (Some(worker), None, None) => Ok(Some(Subject::Worker(WorkerId::from_uuid(worker)))),
        (None, Some(employer), None) => {
            Ok(Some(Subject::Employer(EmployerId::from_uuid(employer))))
        }
        (Some(worker), None, Some(id)) => Ok(Some(Subject::Employment {
            id: EmploymentId::from_uuid(id),
            worker: WorkerId::from_uuid(worker),
        })),
        (Some(_), Some(_), _) | (None, _, Some(_)) => {
            Err(Failure::internal("a finding is about one record"))
        }
    }
}
