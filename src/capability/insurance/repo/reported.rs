//! Reported jobs of which a month of insurance is here already. The jobs' rows are the employment
//! capability's; this one only finds them.

use ::entity::{contribution, employer, employment};
use chrono::NaiveDate;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, IntoIden as _, Query, SelectStatement,
};
use sea_orm::{Condition, ConnectionTrait as _, JoinType, QueryResult};
use uuid::Uuid;

use super::super::model::{EntryKind, InsuranceKind};
use super::super::rules;
use super::month;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, EmploymentId, RecordId as _, WorkerId};
use crate::kernel::year_month::YearMonth;
use crate::platform::db::{ReadSession, Session as _, failure, scope};

/// A reported job and the last month of insurance of its person and employer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct InsuredReport {
    pub(in super::super) job: EmploymentId,
    pub(in super::super) worker: WorkerId,
    pub(in super::super) employer: EmployerId,
    pub(in super::super) started_on: NaiveDate,
    pub(in super::super) last: YearMonth,
}

/// The next reported jobs behind one, in the order of their ids, with a recent payment that may be
/// evidence of employment by the same employer, resolved or written by its credit code. A report
/// beside a confirmed job that it can only be about is left out, and so is one that has ended or was
/// sent back to the county: nothing will come of them.
#[expect(
    clippy::disallowed_methods,
    reason = "the exchange matches every report itself; what it finds is locked and decided one by one"
)]
pub(in super::super) async fn insured_after(
    session: &ReadSession,
    after: EmploymentId,
    most: u64,
) -> Result<Vec<InsuredReport>, Failure> {
    let statement = insured(session, after, most);
    let found = session.executor().query_all(&statement).await;
    found.map_err(failure)?.iter().map(read).collect()
}

fn insured(session: &ReadSession, after: EmploymentId, most: u64) -> SelectStatement {
    let job = |column: employment::Column| Expr::col((employment::Entity, column));
    let paid = |column: contribution::Column| Expr::col((contribution::Entity, column));
    let known = Expr::col((employer::Entity, employer::Column::Id));
    let written = Condition::all()
        .add(job(employment::Column::EmployerId).is_null())
        .add(
            Expr::col((employer::Entity, employer::Column::CreditCode))
                .equals((employment::Entity, employment::Column::EmployerCode)),
        );
    let payments = Condition::all()
        .add(
            paid(contribution::Column::WorkerId)
                .equals((employment::Entity, employment::Column::WorkerId)),
        )
        .add(
            paid(contribution::Column::EmployerId)
                .eq(Func::coalesce([job(employment::Column::EmployerId), known])),
        );
    let evidence = InsuranceKind::VALUES
        .iter()
        .filter(|kind| rules::is_employment_evidence(**kind))
        .map(|kind| kind.as_str());
    let earliest = rules::recent_months(session.today())
        .into_iter()
        .min()
        .map_or(i32::MAX, YearMonth::as_i32);
    let payment = [EntryKind::Normal, EntryKind::Arrears].map(|entry| entry.as_str());
    let of_report = [
        (employment::Entity, employment::Column::Id),
        (employment::Entity, employment::Column::WorkerId),
        (employment::Entity, employment::Column::StartedOn),
    ];
    Query::select()
        .columns(of_report)
        .column((contribution::Entity, contribution::Column::EmployerId))
        .expr_as(paid(contribution::Column::PeriodMonth).max(), "last")
        .from(employment::Entity)
        .join(JoinType::LeftJoin, employer::Entity, written)
        .join(JoinType::InnerJoin, contribution::Entity, payments)
        .cond_where(scope::workers(session, job(employment::Column::WorkerId)))
        // Written out: a bound value would keep the engines from the index of reported jobs.
        .and_where(Expr::cust("employment.state = 'REPORTED'"))
        .and_where(job(employment::Column::ReturnedOn).is_null())
        .and_where(job(employment::Column::EndedOn).is_null())
        .and_where(job(employment::Column::Id).gt(after.uuid()))
        .and_where(paid(contribution::Column::PeriodMonth).gte(earliest))
        .and_where(paid(contribution::Column::Entry).is_in(payment))
        .and_where(paid(contribution::Column::Kind).is_in(evidence))
        .and_where(Expr::exists(confirmed_already()).not())
        .group_by_columns(of_report)
        .group_by_col((contribution::Entity, contribution::Column::EmployerId))
        .order_by(
            (employment::Entity, employment::Column::Id),
            sea_orm::Order::Asc,
        )
        .limit(most)
        .take()
}

/// The SQL form of `employment::public::is_reported_again`.
fn confirmed_already() -> SelectStatement {
    let other = Alias::new("other").into_iden();
    let of = |column: employment::Column| Expr::col((other.clone(), column));
    Query::select()
        .expr(Expr::val(1))
        .from_as(employment::Entity, other.clone())
        .and_where(
            of(employment::Column::WorkerId)
                .equals((employment::Entity, employment::Column::WorkerId)),
        )
        .and_where(
            of(employment::Column::EmployerId)
                .equals((contribution::Entity, contribution::Column::EmployerId)),
        )
        .and_where(of(employment::Column::State).eq("CONFIRMED"))
        .cond_where(
            Condition::any()
                .add(of(employment::Column::EndedOn).is_null())
                .add(of(employment::Column::EndedOn).gt(Expr::col((
                    employment::Entity,
                    employment::Column::StartedOn,
                )))),
        )
        .take()
}

fn read(row: &QueryResult) -> Result<InsuredReport, Failure> {
    let (job, worker, started_on, employer, last): (Uuid, Uuid, NaiveDate, Uuid, i32) = row
        .try_get_many(
            "",
            &["id", "worker_id", "started_on", "employer_id", "last"].map(str::to_owned),
        )
        .map_err(failure)?;
    Ok(InsuredReport {
        job: EmploymentId::from_uuid(job),
        worker: WorkerId::from_uuid(worker),
        employer: EmployerId::from_uuid(employer),
        started_on,
        last: month(last)?,
    })
}
