//! SQL of posted months.

use std::collections::HashMap;

use ::entity::contribution::{self, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait, FromQueryResult as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QueryResult,
};
use uuid::Uuid;

use super::super::model::{Amounts, Contribution, InsuranceKind};
use super::{ROWS_PER_INSERT, month, uuids};
use crate::capability::employer::public::with_code;
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{ContributionId, EmployerId, RecordId as _, SubmissionId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::year_month::YearMonth;
use crate::platform::authz::Scope;
use crate::platform::db::{Engine, Session, WriteSession, failure, keys, scope, stored};

/// The people a statement is about, as its first relation.
const PEOPLE: &str = "people";

/// SHA-256 of a row's content; one row exists once.
pub(in super::super) type Digest = Vec<u8>;

/// A row that is known, with what identifies its content.
#[derive(Clone, Debug)]
pub(in super::super) struct Known {
    pub(in super::super) contribution: Contribution,
    pub(in super::super) digest: Digest,
}

/// Beyond the people that a session reaches: an employer is shown the rows that it paid.
fn shown(session: &impl Session) -> Condition {
    match session.scope() {
        Scope::Province
        | Scope::Region(_, _)
        | Scope::Agency(_, _)
        | Scope::Assigned(_)
        | Scope::Own(_) => Condition::all(),
        Scope::Employer(own) => paid_by(&own),
    }
}

fn paid_by(credit_code: &CreditCode) -> Condition {
    let own = with_code(credit_code);
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

/// The newest rows of each person: at most `first` per person, in one statement that reads no
/// others.
#[expect(clippy::disallowed_methods, reason = "starts from the scope")]
pub(in super::super) async fn newest(
    session: &impl Session,
    workers: &[WorkerId],
    first: u64,
    kind: Option<InsuranceKind>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let workers = uuids(workers);
    let person = Expr::col((PEOPLE, keys::KEY));
    let mut of_one = Query::select();
    of_one
        .from(Entity)
        .and_where(Column::WorkerId.into_expr().eq(person.clone()))
        .cond_where(shown(session))
        .and_where_option(kind.map(|kind| Column::Kind.eq(kind.as_str())))
        .order_by(Column::PeriodMonth, Order::Desc)
        .order_by(Column::PostingMonth, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(first);
    let mut rows = Query::select();
    rows.from_subquery(keys::rows(session, &workers), PEOPLE)
        .cond_where(scope::workers_of(session, person, &workers));
    match session.engine() {
        Engine::Postgres => {
            of_one.expr(Expr::cust("*"));
            let lateral = sea_orm::JoinType::InnerJoin;
            rows.expr(Expr::cust("newest.*")).join_lateral(
                lateral,
                of_one.take(),
                "newest",
                Expr::val(true),
            );
        }
        // No lateral joins there; its planner drives the join by the ids of the subquery.
        Engine::Sqlite => {
            of_one.column(Column::Id);
            rows.expr(Expr::cust("contribution.*"))
                .from(Entity)
                .and_where(Column::Id.in_subquery(of_one.take()));
        }
    }
    let found = session
        .executor()
        .query_all(&rows)
        .await
        .map_err(failure)?
        .iter()
        .map(|row| contribution::Model::from_query_result(row, ""))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failure)?;
    let mut found = by_worker(found)?;
    for rows in found.values_mut() {
        rows.sort_by_key(|row| std::cmp::Reverse((row.period, row.posting, row.id)));
    }
    Ok(found)
}

/// Every row of one kind about these people, for months from the first to the last given.
#[expect(clippy::disallowed_methods, reason = "starts from the scope")]
pub(in super::super) async fn of_kind(
    session: &impl Session,
    workers: &[WorkerId],
    kind: InsuranceKind,
    months: Option<(YearMonth, YearMonth)>,
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let mut rows = Entity::find()
        .filter(scope::workers_of(
            session,
            Column::WorkerId,
            &uuids(workers),
        ))
        .filter(shown(session))
        .filter(Column::Kind.eq(kind.as_str()));
    if let Some((from, to)) = months {
        rows = rows.filter(Column::PeriodMonth.between(from.as_i32(), to.as_i32()));
    }
    let found = rows.all(&session.executor()).await.map_err(failure)?;
    by_worker(found)
}

/// The months of these people of which an employer has one row, a payment: of each person, kind and
/// employer the latest. Such a month counts whatever the rule about several rows is, so
/// that long histories stay in the database.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom the use case has locked"
)]
pub(in super::super) async fn last_sole_months_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<Vec<LastMonth>, Failure> {
    let found = tx
        .executor()
        .query_all(&last_sole_months(tx, workers))
        .await
        .map_err(failure)?;
    found.iter().map(last_month).collect()
}

/// What tells a month of a person in one insurance from others.
const MONTH: [Column; 3] = [Column::WorkerId, Column::Kind, Column::PeriodMonth];

fn last_sole_months(tx: &WriteSession, workers: &[WorkerId]) -> SelectStatement {
    let mut sole = Query::select();
    sole.columns(MONTH)
        .column(Column::EmployerId)
        .from(Entity)
        .and_where(keys::any_of(tx, Column::WorkerId, &uuids(workers)))
        .group_by_columns(MONTH)
        .group_by_col(Column::EmployerId)
        .and_having(Expr::cust("COUNT(*) = 1"))
        .and_having(Expr::cust("SUM(employer_fen + personal_fen) > 0"));
    Query::select()
        .columns(["worker_id", "kind", "employer_id"])
        .expr_as(Expr::col("period_month").max(), "period")
        .from_subquery(sole, "sole")
        .group_by_columns(["worker_id", "kind", "employer_id"])
        .take()
}

/// The rows of these people for months of which there are several rows, by person: few.
#[expect(
    clippy::disallowed_methods,
    reason = "people whom a delivery has been matched with, in the whole province"
)]
pub(in super::super) async fn shared_months_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<HashMap<WorkerId, Vec<Contribution>>, Failure> {
    let workers = uuids(workers);
    let several = Query::select()
        .columns(MONTH)
        .from(Entity)
        .and_where(keys::any_of(tx, Column::WorkerId, &workers))
        .group_by_columns(MONTH)
        .and_having(Expr::cust("COUNT(*) > 1"))
        .take();
    let month = Expr::tuple(MONTH.map(|column| column.into_expr()));
    let found = Entity::find()
        .filter(keys::any_of(tx, Column::WorkerId, &workers))
        .filter(month.in_subquery(several))
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    by_worker(found)
}

/// A month of a person in one insurance, and the employer that paid it; `None` for the person.
type LastMonth = ((WorkerId, InsuranceKind), Option<EmployerId>, YearMonth);

fn last_month(row: &QueryResult) -> Result<LastMonth, Failure> {
    let (worker, kind, employer, period): (Uuid, String, Option<Uuid>, i32) = row
        .try_get_many(
            "",
            &["worker_id", "kind", "employer_id", "period"].map(str::to_owned),
        )
        .map_err(failure)?;
    Ok((
        (WorkerId::from_uuid(worker), stored(&kind)?),
        employer.map(EmployerId::from_uuid),
        month(period)?,
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
