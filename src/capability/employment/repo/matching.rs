//! Jobs by what identifies them: the person, the employer however it was written, the first day.

use ::entity::employment::{Column, Entity};
use sea_orm::sea_query::{ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::super::model::{ConfirmedBy, Employment, EmploymentState, Job};
use super::employments::{all, uuids};
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, RecordId as _, WorkerId};
use crate::platform::db::{WriteSession, keys};

/// The records of the same job of the same person, whatever their state: same form, employer and
/// first day. Those that count come first, and among them those that go on; then what is reported,
/// then what was a mistake. Of several the one in the same county comes first.
#[expect(
    clippy::disallowed_methods,
    reason = "the use case has matched the person already; a job is looked for among that person's"
)]
pub(in super::super) async fn find_same_in(
    tx: &WriteSession,
    worker: WorkerId,
    job: &Job,
) -> Result<Vec<Employment>, Failure> {
    let select = Entity::find()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::StartedOn.eq(job.started_on))
        .filter(Column::Form.eq(job.form.as_str()))
        .filter(same_employer(job))
        .order_by_asc(Column::Id);
    let mut found = all(tx, select).await?;
    found.sort_by_key(|known| {
        let counts = match known.state {
            EmploymentState::Confirmed => 0,
            EmploymentState::Reported => 1,
            EmploymentState::Voided => 2,
        };
        let elsewhere = known.job.workplace.county_or_itself() != job.workplace.county_or_itself();
        (counts, known.ending.is_some(), elsewhere)
    });
    Ok(found)
}

/// Whether a row's employer is the one that `job` names: resolved, or as it was written, now or at
/// first. A name alone tells who is meant where one of the two has no code. A row that nobody could
/// read an employer in is the job of any.
fn same_employer(job: &Job) -> Condition {
    let unresolved = || Condition::all().add(Column::EmployerId.is_null());
    let mut same = Condition::any().add(
        unresolved()
            .add(never_written())
            .add(Column::EmployerName.is_null())
            .add(Column::EmployerCode.is_null()),
    );
    if let Some(id) = job.employer {
        same = same.add(Column::EmployerId.eq(id.uuid()));
    }
    let Job { written, .. } = job;
    let codes: Vec<&CreditCode> = [&job.employer_code, &written.code]
        .into_iter()
        .flatten()
        .collect();
    for code in &codes {
        same = same
            .add(Column::WrittenEmployerCode.eq(code.as_str()))
            .add(unresolved().add(Column::EmployerCode.eq(code.as_str())));
    }
    let by_code = job.employer.is_some() || !codes.is_empty();
    for name in [&job.employer_name, &written.name].into_iter().flatten() {
        let mut named = Condition::all().add(
            Condition::any()
                .add(Column::WrittenEmployerName.eq(name.as_str()))
                .add(Column::EmployerName.eq(name.as_str())),
        );
        if by_code {
            named = named
                .add(Column::WrittenEmployerCode.is_null())
                .add(Column::EmployerCode.is_null());
        }
        if job.employer.is_some() {
            named = named.add(Column::EmployerId.is_null());
        }
        same = same.add(named);
    }
    if !by_code && written.name.is_none() && job.employer_name.is_none() {
        same = same.add(never_written());
    }
    same
}

/// The row's employer was not written in any way, or not readably.
fn never_written() -> SimpleExpr {
    Column::WrittenEmployerName
        .is_null()
        .and(Column::WrittenEmployerCode.is_null())
}

/// The reported and confirmed jobs of these people, at one of these employers as resolved or as
/// written, in the order in which they were recorded.
#[expect(
    clippy::disallowed_methods,
    reason = "insurance confirms whatever was reported about a person and an employer; the agency \
              is shown nothing of it"
)]
pub(in super::super) async fn known_at_in(
    tx: &WriteSession,
    workers: &[WorkerId],
    employers: &[EmployerId],
    written: &[String],
) -> Result<Vec<Employment>, Failure> {
    let unresolved = Condition::all()
        .add(Column::EmployerId.is_null())
        .add(keys::any_text(tx, Column::EmployerCode, written));
    let employer = Condition::any()
        .add(keys::any_of(tx, Column::EmployerId, &uuids(employers)))
        .add(unresolved);
    let select = Entity::find()
        .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .filter(Column::State.ne(EmploymentState::Voided.as_str()))
        .filter(employer)
        .order_by_asc(Column::Id);
    all(tx, select).await
}

/// The jobs of a person that count on the word of insurance alone, ended ones among them.
#[expect(
    clippy::disallowed_methods,
    reason = "one person's jobs, whom the use case has locked"
)]
pub(in super::super) async fn confirmed_by_insurance_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<Vec<Employment>, Failure> {
    let select = Entity::find()
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::State.eq(EmploymentState::Confirmed.as_str()))
        .filter(Column::ConfirmedBy.eq(ConfirmedBy::Insurance.as_str()))
        .order_by_asc(Column::Id);
    all(tx, select).await
}
