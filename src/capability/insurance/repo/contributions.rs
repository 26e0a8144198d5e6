//! SQL of posted months.

use std::collections::HashMap;

use ::entity::contribution::{self, Column, Entity};
use ::entity::employer;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QueryResult,
};
use uuid::Uuid;

use super::super::model::{Amounts, Contribution, InsuranceKind};
use super::{ROWS_PER_INSERT, month, stored, uuids};
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{ContributionId, EmployerId, RecordId as _, SubmissionId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::year_month::YearMonth;
use crate::platform::authz::Scope;
use crate::platform::db::{Session, WriteSession, failure, keys, scope};

/// SHA-256 of a row's content; one row exists once.
pub(in super::super) type Digest = Vec<u8>;

/// A row that is known, with what identifies its content.
#[derive(Clone, Debug)]
pub(in super::super) struct Known {
    pub(in super::super) contribution: Contribution,
    pub(in super::super) digest: Digest,
}

/// Rows the session reaches: those of its people, and for an employer only those it paid.
fn visible(session: &impl Session) -> Condition {
    let people = scope::workers(session, Column::WorkerId);
    match session.scope() {
        Scope::Province
        | Scope::Region(_, _)
        | Scope::Agency(_, _)
        | Scope::Assigned(_)
        | Scope::Own(_) => people,
        Scope::Employer(own) => people.add(paid_by(&own)),
    }
}

fn paid_by(credit_code: &CreditCode) -> Condition {
    let own = Query::select()
        .column(employer::Column::Id)
        .from(employer::Entity)
        .and_where(employer::Column::CreditCode.eq(credit_code.as_str()))
        .take();
    Condition::any()
        .add(Column::EmployerId.in_subquery(own.clone()))
        .add(Column::PayerEmployerId.in_subquery(own))
}

/// Every row about these people for these months, whatever its kind: to tell what a delivery
/// repeats, and what its corrections refer to.
#[expect(
    clippy::disallowed_methods,
    reason = "a delivery is matched against the whole province; its answer does not depend on it"
)]
pub(in super::super) async fn known_in(
    tx: &WriteSession,
    workers: &[WorkerId],
    periods: &[YearMonth],
) -> Result<Vec<Known>, Failure> {
    let periods: Vec<i64> = periods.iter().map(|m| i64::from(m.as_i32())).collect();
    Entity::find()
        .filter(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .filter(keys::any_number(tx, Column::PeriodMonth, &periods))
        .order_by_asc(Column::Id)
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(|row| {
            let digest = row.row_digest.clone();
            from_row(row).map(|contribution| Known {
                contribution,
                digest,
            })
        })
        .collect()
}

/// Adds rows of one delivery.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    delivery: SubmissionId,
    rows: &[Known],
) -> Result<(), Failure> {
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().map(|row| to_row(tx, delivery, row));
        Entity::insert_many(rows.map(contribution::Model::into_active_model))
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

fn to_row(tx: &WriteSession, delivery: SubmissionId, row: &Known) -> contribution::Model {
    let Known {
        contribution,
        digest,
    } = row;
    let Contribution {
        id,
        worker,
        employer,
        payer,
        kind,
        entry,
        period,
        posting,
        amounts,
        corrects,
    } = contribution;
    contribution::Model {
        id: id.uuid(),
        worker_id: worker.uuid(),
        employer_id: employer.map(EmployerId::uuid),
        payer_employer_id: payer.map(EmployerId::uuid),
        kind: kind.as_str().to_owned(),
        entry: entry.as_str().to_owned(),
        period_month: period.as_i32(),
        posting_month: posting.as_i32(),
        base_fen: amounts.base.as_i64(),
        employer_fen: amounts.employer.as_i64(),
        personal_fen: amounts.personal.as_i64(),
        corrects_id: corrects.map(ContributionId::uuid),
        submission_id: delivery.uuid(),
        row_digest: digest.clone(),
        recorded_at: tx.now(),
    }
}

/// The newest rows of each person: at most `first` per person, in one statement. The rows of each
/// are numbered by a window, which both engines have (lateral joins SQLite has not).
#[expect(
    clippy::disallowed_methods,
    reason = "the rows are chosen by a subquery that starts from `visible`"
)]
pub(in super::super) async fn newest(
    session: &impl Session,
    workers: &[WorkerId],
    first: u64,
    kind: Option<InsuranceKind>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let mut numbered = Query::select();
    numbered
        .column(Column::Id)
        .expr_as(
            Expr::cust(
                "ROW_NUMBER() OVER (PARTITION BY worker_id \
                 ORDER BY period_month DESC, posting_month DESC, id DESC)",
            ),
            "place",
        )
        .from(Entity)
        .cond_where(visible(session))
        .and_where(keys::any_of(session, Column::WorkerId, &uuids(workers)));
    if let Some(kind) = kind {
        numbered.and_where(Column::Kind.eq(kind.as_str()));
    }
    let newest_of_each = Query::select()
        .column("id")
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col("place").lte(first))
        .take();
    let found = Entity::find()
        .filter(Column::Id.in_subquery(newest_of_each))
        .order_by_desc(Column::PeriodMonth)
        .order_by_desc(Column::PostingMonth)
        .order_by_desc(Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    by_worker(found)
}

/// Every row of one kind about these people, for months from the first to the last given.
#[expect(clippy::disallowed_methods, reason = "starts from `visible`")]
pub(in super::super) async fn of_kind(
    session: &impl Session,
    workers: &[WorkerId],
    kind: InsuranceKind,
    months: Option<(YearMonth, YearMonth)>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let mut rows = Entity::find()
        .filter(visible(session))
        .filter(keys::any_of(session, Column::WorkerId, &uuids(workers)))
        .filter(Column::Kind.eq(kind.as_str()));
    if let Some((from, to)) = months {
        rows = rows.filter(Column::PeriodMonth.between(from.as_i32(), to.as_i32()));
    }
    let found = rows.all(&session.executor()).await.map_err(failure)?;
    by_worker(found)
}

/// The latest month that counts for each person and kind, with the latest posting of such months.
/// The SQL form of `rules::insured_months`, so that long histories stay in the database.
pub(in super::super) async fn last_months_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<HashMap<(WorkerId, InsuranceKind), (YearMonth, YearMonth)>, Failure> {
    let found = tx
        .executor()
        .query_all(&last_months(tx, workers))
        .await
        .map_err(failure)?;
    found.iter().map(last_month).collect()
}

fn last_months(tx: &WriteSession, workers: &[WorkerId]) -> SelectStatement {
    let mut counting = Query::select();
    counting
        .columns([Column::WorkerId, Column::Kind, Column::PeriodMonth])
        .expr_as(Column::PostingMonth.max(), "posting")
        .from(Entity)
        .and_where(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .group_by_columns([
            Column::WorkerId,
            Column::Kind,
            Column::PeriodMonth,
            Column::EmployerId,
        ])
        .and_having(Expr::cust("SUM(employer_fen + personal_fen) > 0"));
    Query::select()
        .columns(["worker_id", "kind"])
        .expr_as(Expr::col("period_month").max(), "period")
        .expr_as(Expr::col("posting").max(), "posting")
        .from_subquery(counting, "counting")
        .group_by_columns(["worker_id", "kind"])
        .take()
}

type LastMonth = ((WorkerId, InsuranceKind), (YearMonth, YearMonth));

fn last_month(row: &QueryResult) -> Result<LastMonth, Failure> {
    let (worker, kind, period, posting): (Uuid, String, i32, i32) = row
        .try_get_many(
            "",
            &["worker_id", "kind", "period", "posting"].map(str::to_owned),
        )
        .map_err(failure)?;
    Ok((
        (WorkerId::from_uuid(worker), stored(&kind)?),
        (month(period)?, month(posting)?),
    ))
}

fn by_worker(
    rows: Vec<contribution::Model>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let mut found: HashMap<WorkerId, Vec<Contribution>> = HashMap::new();
    for row in rows {
        let row = from_row(row)?;
        found.entry(row.worker).or_default().push(row);
    }
    Ok(found)
}

fn from_row(row: contribution::Model) -> Result<Contribution, Failure> {
    Ok(Contribution {
        id: ContributionId::from_uuid(row.id),
        worker: WorkerId::from_uuid(row.worker_id),
        employer: row.employer_id.map(EmployerId::from_uuid),
        payer: row.payer_employer_id.map(EmployerId::from_uuid),
        kind: stored(&row.kind)?,
        entry: stored(&row.entry)?,
        period: month(row.period_month)?,
        posting: month(row.posting_month)?,
        amounts: Amounts {
            base: Fen::new(row.base_fen),
            employer: Fen::new(row.employer_fen),
            personal: Fen::new(row.personal_fen),
        },
        corrects: row.corrects_id.map(ContributionId::from_uuid),
    })
}
