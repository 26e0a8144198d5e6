//! Jobs: the row, by id, and its compare-and-swap.

use ::entity::employment::{ActiveModel, Column, Entity, Model};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select,
};
use uuid::Uuid;

use super::super::model::{
    Check, ConfirmedBy, Employment, EmploymentState, Ending, Job, Reporter, Return, WrittenEmployer,
};
use crate::kernel::closed::Closed;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, RecordId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;
use crate::platform::db::cells::from_cells;
use crate::platform::db::{Session, WriteSession, failure, keys, scope, stored, stored_if_any};

/// [`Model`], read by position.
struct Row(Model);

from_cells!(Row(Model) {
    id,
    worker_id,
    form,
    employer_id,
    employer_name,
    employer_code,
    written_employer_name,
    written_employer_code,
    host_employer_id,
    contract_kind,
    contract_start,
    contract_end,
    job_title,
    monthly_wage_fen,
    workplace_code,
    workplace_county,
    workplace_prefecture,
    outside_province,
    found_by,
    started_on,
    ended_on,
    end_reason,
    state,
    confirmed_by,
    reported_by_role,
    reported_by_subject,
    reported_by_scope,
    reported_at,
    checked_on,
    checked_by,
    last_confirmed_on,
    void_reason,
    returned_on,
    returned_by,
    return_reason,
    version,
    created_at,
    updated_at,
});

/// A row as a value.
pub(in super::super) fn employment_of(row: Model) -> Result<Employment, Failure> {
    let end_reason = stored_if_any(row.end_reason.as_deref())?;
    Ok(Employment {
        id: EmploymentId::from_uuid(row.id),
        worker: WorkerId::from_uuid(row.worker_id),
        job: Job {
            form: stored(&row.form)?,
            employer: row.employer_id.map(EmployerId::from_uuid),
            employer_name: row.employer_name,
            employer_code: code_of(row.employer_code)?,
            written: WrittenEmployer {
                name: row.written_employer_name,
                code: code_of(row.written_employer_code)?,
            },
            host: row.host_employer_id.map(EmployerId::from_uuid),
            contract_kind: stored_if_any(row.contract_kind.as_deref())?,
            contract_start: row.contract_start,
            contract_end: row.contract_end,
            job_title: row.job_title,
            monthly_wage: row.monthly_wage_fen.map(Fen::new),
            workplace: RegionCode::from_i64(row.workplace_code).map_err(Failure::internal)?,
            started_on: row.started_on,
            found_by: stored_if_any(row.found_by.as_deref())?,
        },
        outside_province: row.outside_province,
        ending: row.ended_on.map(|on| Ending {
            on,
            reason: end_reason,
        }),
        state: stored(&row.state)?,
        confirmed_by: stored_if_any(row.confirmed_by.as_deref())?,
        reporter: Reporter {
            role: row.reported_by_role,
            subject: row.reported_by_subject,
            acting_for: row.reported_by_scope,
        },
        reported_at: row.reported_at,
        checked: checked_of(row.checked_on, row.checked_by)?,
        last_confirmed_on: row.last_confirmed_on,
        void_reason: row.void_reason,
        returned: returned_of(row.returned_on, row.returned_by, row.return_reason)?,
        version: row.version,
        updated_at: row.updated_at,
    })
}

fn code_of(code: Option<String>) -> Result<Option<CreditCode>, Failure> {
    code.map(|code| CreditCode::parse(&code))
        .transpose()
        .map_err(Failure::internal)
}

fn checked_of(on: Option<NaiveDate>, by: Option<i64>) -> Result<Option<Check>, Failure> {
    let Some((on, by)) = on.zip(by) else {
        return Ok(None);
    };
    let by = RegionCode::from_i64(by).map_err(Failure::internal)?;
    Ok(Some(Check { on, by }))
}

fn returned_of(
    on: Option<NaiveDate>,
    by: Option<i64>,
    reason: Option<String>,
) -> Result<Option<Return>, Failure> {
    let (Some(on), Some(by), Some(reason)) = (on, by, reason) else {
        return Ok(None);
    };
    let by = RegionCode::from_i64(by).map_err(Failure::internal)?;
    Ok(Some(Return { on, by, reason }))
}

pub(super) async fn all(
    session: &impl Session,
    select: Select<Entity>,
) -> Result<Vec<Employment>, Failure> {
    let rows = select
        .into_model::<Row>()
        .all(&session.executor())
        .await
        .map_err(failure)?;
    rows.into_iter()
        .map(|Row(row)| employment_of(row))
        .collect()
}

/// Jobs of the session's scope that fulfil a condition, which leaves only a few.
pub(super) fn scoped(session: &impl Session, condition: Condition) -> Select<Entity> {
    seen(scope::each_employment(session)).filter(condition)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the scope's condition is added here, at the root of every read of jobs"
)]
pub(super) fn seen(within_scope: Condition) -> Select<Entity> {
    Entity::find().filter(within_scope)
}

pub(super) fn uuids<I: RecordId>(ids: &[I]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// One job, if the session reaches it.
pub(in super::super) async fn find(
    session: &impl Session,
    id: EmploymentId,
) -> Result<Option<Employment>, Failure> {
    Ok(find_many(session, &[id]).await?.pop())
}

/// Of these jobs, those the session reaches; in one statement.
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[EmploymentId],
) -> Result<Vec<Employment>, Failure> {
    let condition = Condition::all().add(keys::any_of(session, Column::Id, &uuids(ids)));
    all(session, scoped(session, condition)).await
}

/// The confirmed jobs of these people that have not ended, newest first; in one statement.
pub(in super::super) async fn current_of(
    session: &impl Session,
    workers: &[WorkerId],
) -> Result<Vec<Employment>, Failure> {
    let select = seen(scope::employments_of(session, &uuids(workers)))
        .filter(Column::State.eq(EmploymentState::Confirmed.as_str()))
        .filter(Column::EndedOn.is_null())
        .filter(scope::of_the_living())
        .order_by_desc(Column::StartedOn)
        .order_by_desc(Column::Id);
    all(session, select).await
}

/// A job to be inserted.
pub(in super::super) struct Insertion {
    pub(in super::super) id: EmploymentId,
    pub(in super::super) worker: WorkerId,
    pub(in super::super) job: Job,
    pub(in super::super) outside_province: bool,
    /// `None`: reported only.
    pub(in super::super) confirmed_by: Option<ConfirmedBy>,
    pub(in super::super) reporter: Reporter,
    pub(in super::super) reported_at: DateTime<Utc>,
    /// The reporter is an office of the origin that checks reports itself.
    pub(in super::super) checked: Option<Check>,
}

/// Inserts a job.
pub(in super::super) async fn insert_in(tx: &WriteSession, new: Insertion) -> Result<(), Failure> {
    Entity::insert(to_active(tx, new))
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

fn to_active(tx: &WriteSession, new: Insertion) -> ActiveModel {
    let Insertion {
        id,
        worker,
        job,
        outside_province,
        confirmed_by,
        reporter,
        reported_at,
        checked,
    } = new;
    let state = match confirmed_by {
        Some(_) => EmploymentState::Confirmed,
        None => EmploymentState::Reported,
    };
    let now = tx.now();
    let WrittenEmployer { name, code } = job.written.clone();
    ActiveModel {
        written_employer_name: Set(name),
        written_employer_code: Set(code.map(|code| code.to_string())),
        id: Set(id.uuid()),
        worker_id: Set(worker.uuid()),
        ended_on: Set(None),
        end_reason: Set(None),
        state: Set(state.as_str().to_owned()),
        confirmed_by: Set(confirmed_by.map(|by| by.as_str().to_owned())),
        reported_by_role: Set(reporter.role),
        reported_by_subject: Set(reporter.subject),
        reported_by_scope: Set(reporter.acting_for),
        reported_at: Set(reported_at),
        checked_on: Set(checked.map(|check| check.on)),
        checked_by: Set(checked.map(|check| check.by.as_i64())),
        last_confirmed_on: Set(confirmed_by.map(|_| tx.today())),
        void_reason: Set(None),
        returned_on: Set(None),
        returned_by: Set(None),
        return_reason: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..described(job, outside_province)
    }
}

/// What is said about a job now. How its employer was written at first is no part of it.
fn described(job: Job, outside_province: bool) -> ActiveModel {
    let within = Some(job.workplace).filter(|_| !outside_province);
    let Job {
        form,
        employer,
        employer_name,
        employer_code,
        written: _,
        host,
        contract_kind,
        contract_start,
        contract_end,
        job_title,
        monthly_wage,
        workplace,
        started_on,
        found_by,
    } = job;
    ActiveModel {
        form: Set(form.as_str().to_owned()),
        employer_id: Set(employer.map(RecordId::uuid)),
        employer_name: Set(employer_name),
        employer_code: Set(employer_code.map(|code| code.to_string())),
        host_employer_id: Set(host.map(RecordId::uuid)),
        contract_kind: Set(contract_kind.map(|kind| kind.as_str().to_owned())),
        contract_start: Set(contract_start),
        contract_end: Set(contract_end),
        job_title: Set(job_title),
        monthly_wage_fen: Set(monthly_wage.map(Fen::as_i64)),
        workplace_code: Set(workplace.as_i64()),
        workplace_county: Set(within.map(|place| place.county_or_itself().as_i64())),
        workplace_prefecture: Set(within
            .and_then(RegionCode::prefecture)
            .map(RegionCode::as_i64)),
        outside_province: Set(outside_province),
        started_on: Set(started_on),
        found_by: Set(found_by.map(|by| by.as_str().to_owned())),
        ..ActiveModel::default()
    }
}

/// What an update changes; every field that stays is left out.
#[derive(Default)]
pub(in super::super) struct Changes {
    /// From now on it counts, on this word.
    pub(in super::super) confirmed_by: Option<ConfirmedBy>,
    /// The origin has checked the report.
    pub(in super::super) checked: Option<Check>,
    /// Somebody confirmed that it goes on.
    pub(in super::super) last_confirmed_on: Option<NaiveDate>,
    /// What the origin says of a job that others reported, and whether it is outside the province.
    pub(in super::super) described: Option<(Job, bool)>,
    /// The employer that was written is this one.
    pub(in super::super) employer: Option<EmployerId>,
    /// It ended.
    pub(in super::super) ending: Option<Ending>,
    /// It was recorded by mistake.
    pub(in super::super) void_reason: Option<String>,
    /// The county is to decide anew: it is only reported from now on.
    pub(in super::super) returned: Option<Return>,
    /// What made it count does not hold: it is only reported from now on.
    pub(in super::super) unconfirmed: bool,
}

/// Changes a job that is at `version`; `false` when it is not any more. Without any change given
/// it only raises the version.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key and version, which the use case has read within its scope"
)]
pub(in super::super) async fn update_in(
    tx: &WriteSession,
    id: EmploymentId,
    version: i64,
    changes: Changes,
) -> Result<bool, Failure> {
    let row = ActiveModel {
        version: Set(version + 1),
        updated_at: Set(tx.now()),
        ..changed(changes)
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

/// Writes a job as it is. Whoever reports a job of somebody out of reach must not learn from the time
/// it takes that it is on record.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by primary key, whose person the use case has locked"
)]
pub(in super::super) async fn touch_in(tx: &WriteSession, id: EmploymentId) -> Result<(), Failure> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version))
        .filter(Column::Id.eq(id.uuid()))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// The columns that changes set.
fn changed(changes: Changes) -> ActiveModel {
    let Changes {
        confirmed_by,
        checked,
        last_confirmed_on,
        described: job,
        employer,
        ending,
        void_reason,
        returned,
        unconfirmed,
    } = changes;
    let mut row = job.map_or_else(ActiveModel::default, |(job, outside)| {
        described(job, outside)
    });
    if let Some(by) = confirmed_by {
        row.state = Set(EmploymentState::Confirmed.as_str().to_owned());
        row.confirmed_by = Set(Some(by.as_str().to_owned()));
    }
    if let Some(Check { on, by }) = checked {
        row.checked_on = Set(Some(on));
        row.checked_by = Set(Some(by.as_i64()));
    }
    if last_confirmed_on.is_some() {
        row.last_confirmed_on = Set(last_confirmed_on);
    }
    if let Some(employer) = employer {
        row.employer_id = Set(Some(employer.uuid()));
        row.employer_code = Set(None);
    }
    if let Some(Ending { on, reason }) = ending {
        row.ended_on = Set(Some(on));
        row.end_reason = Set(reason.map(|reason| reason.as_str().to_owned()));
    }
    if void_reason.is_some() {
        row.state = Set(EmploymentState::Voided.as_str().to_owned());
        row.void_reason = Set(void_reason);
    }
    if unconfirmed || returned.is_some() {
        row.state = Set(EmploymentState::Reported.as_str().to_owned());
        row.confirmed_by = Set(None);
        row.last_confirmed_on = Set(None);
    }
    if let Some(Return { on, by, reason }) = returned {
        row.returned_on = Set(Some(on));
        row.returned_by = Set(Some(by.as_i64()));
        row.return_reason = Set(Some(reason));
    }
    row
}
