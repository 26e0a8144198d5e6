//! Turns a permit's scope into a `WHERE`.
//!
//! Every statement about people starts here: [`workers`] is a condition on a worker-id column, and
//! a caller's own filter can only be added to it. The materialised rows of `worker_visibility`
//! (one per enclosing region and ground) make it one index range for every level of region.

use ::entity::{employer, employment, helper_assignment, worker, worker_visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, IntoSimpleExpr};
use uuid::Uuid;

use super::keys;
use super::session::Session;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Agency, WorkerBinding};
use crate::platform::authz::{Scope, Side};

/// Registered there.
pub const ORIGIN: &str = "ORIGIN";
/// A confirmed current job is there.
pub const WORKPLACE: &str = "WORKPLACE";
/// Stays there.
pub const STAY: &str = "STAY";
/// Was there until a handover less than 30 days ago.
pub const FORMER: &str = "FORMER";

const fn grounds(side: Side) -> &'static [&'static str] {
    match side {
        Side::Origin => &[ORIGIN],
        Side::OriginOrFormer => &[ORIGIN, FORMER],
        Side::Destination => &[WORKPLACE, STAY],
        Side::Either => &[ORIGIN, WORKPLACE, STAY, FORMER],
    }
}

/// The people the session reaches, as a condition on a column that holds a worker id.
pub fn workers(session: &impl Session, worker_id: impl IntoSimpleExpr) -> Condition {
    people(session, worker_id, None)
}

/// Of these people, those the session reaches. The keys narrow the look at the visibility rows
/// too: a planner left to combine the two reads a whole county for a page of its people.
pub fn workers_of(
    session: &impl Session,
    worker_id: impl IntoSimpleExpr,
    keys: &[Uuid],
) -> Condition {
    let column = worker_id.into_simple_expr();
    people(session, column.clone(), Some(keys)).add(keys::any_of(session, column, keys))
}

fn people(
    session: &impl Session,
    worker_id: impl IntoSimpleExpr,
    keys: Option<&[Uuid]>,
) -> Condition {
    let column = worker_id.into_simple_expr();
    let visible_in = |region, side| {
        column
            .clone()
            .in_subquery(visible(session, region, side, keys))
    };
    match session.scope() {
        Scope::Province | Scope::Agency(Agency::Agriculture, None) => Condition::all(),
        Scope::Region(region, side) => Condition::all().add(visible_in(region, side)),
        Scope::Agency(Agency::Agriculture, Some(region)) => {
            Condition::all().add(visible_in(region, Side::Origin))
        }
        Scope::Agency(_, _) => nobody(),
        Scope::Employer(credit_code) => {
            Condition::all().add(column.in_subquery(staff_of(&credit_code)))
        }
        Scope::Assigned(subject) => Condition::all().add(
            column.in_subquery(
                Query::select()
                    .column(helper_assignment::Column::WorkerId)
                    .from(helper_assignment::Entity)
                    .and_where(helper_assignment::Column::HelperSubject.eq(subject))
                    .and_where(helper_assignment::Column::Until.is_null())
                    .take(),
            ),
        ),
        Scope::Own(WorkerBinding::Id(id)) => {
            use crate::kernel::ids::RecordId as _;
            Condition::all().add(column.eq(id.uuid()))
        }
        Scope::Own(WorkerBinding::ResidentIdHash(hash)) => Condition::all().add(
            column.in_subquery(
                Query::select()
                    .column(worker::Column::Id)
                    .from(worker::Entity)
                    .and_where(worker::Column::ResidentIdIndex.eq(hash.as_bytes().to_vec()))
                    .take(),
            ),
        ),
    }
}

/// Jobs the session reaches: those of its people that counted at some time. What was only ever
/// reported, and what the origin refused of it, is shown to the origin and to the person: a report
/// gives its reporter no view. An employer reaches its own jobs only, and none that was a mistake:
/// it may never have been the employer.
pub fn employments(session: &impl Session) -> Condition {
    jobs(session, None)
}

/// The jobs of these people that the session reaches; see [`workers_of`].
pub fn employments_of(session: &impl Session, workers: &[Uuid]) -> Condition {
    let of_them = keys::any_of(session, employment::Column::WorkerId, workers);
    jobs(session, Some(workers)).add(of_them)
}

fn jobs(session: &impl Session, keys: Option<&[Uuid]>) -> Condition {
    let worker = employment::Column::WorkerId;
    let people = people(session, worker, keys);
    let counted = employment::Column::ConfirmedBy.is_not_null();
    match session.scope() {
        Scope::Province | Scope::Own(_) => people,
        Scope::Agency(_, _) | Scope::Assigned(_) => people.add(counted),
        Scope::Region(region, _) => {
            let at_home = worker.in_subquery(visible(session, region, Side::Origin, keys));
            people.add(Condition::any().add(counted).add(at_home))
        }
        Scope::Employer(credit_code) => {
            let mistake = employment::Column::State.eq("VOIDED");
            Condition::all()
                .add(counted)
                .add(mistake.not())
                .add(employed_by(&credit_code))
        }
    }
}

/// Jobs of people who have not died, as a condition on rows of `employment`. A death ends no job on
/// record, since it may be taken back; but nobody who died is at work, or anybody's staff.
#[must_use]
pub fn of_the_living() -> SimpleExpr {
    let dead = Query::select()
        .expr(Expr::val(1))
        .from(worker::Entity)
        .and_where(
            Expr::col((worker::Entity, worker::Column::Id))
                .equals((employment::Entity, employment::Column::WorkerId)),
        )
        .and_where(worker::Column::WorkStatus.eq("DECEASED"))
        .take();
    Expr::exists(dead).not()
}

/// Nobody at all.
fn nobody() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// The people a region sees on a side's grounds; only `keys` among them where given.
fn visible(
    session: &impl Session,
    region: RegionCode,
    side: Side,
    keys: Option<&[Uuid]>,
) -> SelectStatement {
    let among = keys.map(|keys| keys::any_of(session, worker_visibility::Column::WorkerId, keys));
    Query::select()
        .column(worker_visibility::Column::WorkerId)
        .from(worker_visibility::Entity)
        .and_where(worker_visibility::Column::RegionCode.eq(region.as_i64()))
        .and_where_option(among)
        .and_where(worker_visibility::Column::Ground.is_in(grounds(side).iter().copied()))
        .cond_where(
            Condition::any()
                .add(worker_visibility::Column::Until.is_null())
                .add(worker_visibility::Column::Until.gte(session.today())),
        )
        .take()
}

fn employed_by(credit_code: &CreditCode) -> Condition {
    let employer = Query::select()
        .column(employer::Column::Id)
        .from(employer::Entity)
        .and_where(employer::Column::CreditCode.eq(credit_code.as_str()))
        .take();
    Condition::any()
        .add(employment::Column::EmployerId.in_subquery(employer.clone()))
        .add(employment::Column::HostEmployerId.in_subquery(employer))
}

/// People with a confirmed job at the employer, or hosted by it, that has not ended.
fn staff_of(credit_code: &CreditCode) -> SelectStatement {
    Query::select()
        .column(employment::Column::WorkerId)
        .from(employment::Entity)
        .and_where(employment::Column::State.eq("CONFIRMED"))
        .and_where(employment::Column::EndedOn.is_null())
        .and_where(of_the_living())
        .cond_where(employed_by(credit_code))
        .take()
}
