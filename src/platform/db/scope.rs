//! Turns a permit's scope into a `WHERE`.
//!
//! Every statement about people starts here: [`workers`] is a condition on a worker-id column, and
//! a caller's own filter can only be added to it. The materialised rows of `worker_visibility`
//! (one per enclosing region and ground) make it one index range for every level of region.

use ::entity::{employer, employment, helper_assignment, worker, worker_visibility};
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, IntoSimpleExpr};
use uuid::Uuid;

use super::keys;
use super::session::Session;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::region_code::{RegionCode, RegionLevel};
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

/// How a region's right to see people is looked up.
#[derive(Clone, Copy)]
enum Sight {
    /// Everybody it sees, as a set that the engine combines with the rest as it likes.
    Together,
    /// Row by row, by one probe of an index.
    OneByOne,
}

/// The people the session reaches, as a condition on a column that holds a worker id: for lists and
/// counts of everybody.
pub fn workers(session: &impl Session, worker_id: impl IntoSimpleExpr) -> Condition {
    people(session, worker_id, Sight::Together)
}

/// The same for a statement that something else has made short: a key, or the rows of one record.
/// A planner left to combine the two reads a whole county for one of its people.
pub fn each_worker(session: &impl Session, worker_id: impl IntoSimpleExpr) -> Condition {
    people(session, worker_id, Sight::OneByOne)
}

/// Of these people, those the session reaches.
pub fn workers_of(
    session: &impl Session,
    worker_id: impl IntoSimpleExpr,
    keys: &[Uuid],
) -> Condition {
    let column = worker_id.into_simple_expr();
    each_worker(session, column.clone()).add(keys::any_of(session, column, keys))
}

/// The people registered in a region that the session reaches, as a condition on rows of `worker`.
/// Where that is everybody, nothing more has to be asked.
pub fn workers_registered_in(session: &impl Session, region: RegionCode) -> Condition {
    let there = Condition::all().add(registered_in(region));
    match everybody_registered_in(&session.scope(), region) {
        Some(_) => there,
        None => there.add(workers(session, worker::Column::Id)),
    }
}

/// Proof that a scope reaches everybody on one side of a region, so that they may be counted without
/// asking about each. Only this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Everybody {
    region: RegionCode,
    at: End,
}

/// How the people of a region belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Registered there.
    Origin,
    /// Their principal job is there.
    Workplace,
}

impl Everybody {
    /// Which region.
    #[must_use]
    pub const fn region(self) -> RegionCode {
        self.region
    }

    /// How they belong to it.
    #[must_use]
    pub const fn at(self) -> End {
        self.at
    }
}

/// Whether a scope reaches everybody registered in a region. They are visible to it and to the regions
/// that enclose it.
#[must_use]
pub fn everybody_registered_in(scope: &Scope, region: RegionCode) -> Option<Everybody> {
    let all = match scope {
        Scope::Province | Scope::Agency(Agency::Agriculture, None) => true,
        Scope::Region(own, side) => own.contains(region) && grounds(*side).contains(&ORIGIN),
        Scope::Agency(Agency::Agriculture, Some(own)) => own.contains(region),
        Scope::Agency(_, _) | Scope::Employer(_) | Scope::Assigned(_) | Scope::Own(_) => false,
    };
    let at = End::Origin;
    all.then_some(Everybody { region, at })
}

/// Whether a scope reaches everybody whose principal job is in a region. Of a region's own sight it
/// follows from rows of visibility, person by person, and is not taken for granted.
#[must_use]
pub fn everybody_working_in(scope: &Scope, region: RegionCode) -> Option<Everybody> {
    let all = match scope {
        Scope::Province | Scope::Agency(Agency::Agriculture, None) => true,
        Scope::Region(..)
        | Scope::Agency(_, _)
        | Scope::Employer(_)
        | Scope::Assigned(_)
        | Scope::Own(_) => false,
    };
    let at = End::Workplace;
    all.then_some(Everybody { region, at })
}

/// A stretch of all people in the order of their ids.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Behind this person.
    pub after: Option<Uuid>,
    /// The latest id first.
    pub descending: bool,
    /// So many at most.
    pub most: u64,
}

/// The first people of a stretch that the session reaches, as a condition on a worker id. A region
/// walks its own visibility rows and reads no more of them than the stretch is long.
pub fn first_workers(
    session: &impl Session,
    worker_id: impl IntoSimpleExpr,
    stretch: Stretch,
) -> Condition {
    use worker_visibility::Column::WorkerId;
    let Scope::Region(region, side) = session.scope() else {
        return workers(session, worker_id);
    };
    let mut first = visible(session, region, side);
    first
        .column(WorkerId)
        .distinct()
        .and_where_option(stretch.after.map(|id| {
            if stretch.descending {
                WorkerId.lt(id)
            } else {
                WorkerId.gt(id)
            }
        }))
        .order_by(
            WorkerId,
            if stretch.descending {
                Order::Desc
            } else {
                Order::Asc
            },
        )
        .limit(stretch.most);
    Condition::all().add(worker_id.into_simple_expr().in_subquery(first))
}

/// Registered in a region: the materialised ancestor columns make each level a single comparison.
#[must_use]
pub fn registered_in(region: RegionCode) -> SimpleExpr {
    use worker::Column;
    let column = match region.level() {
        RegionLevel::Province => {
            let (first, last) = region.range();
            return Column::OriginVillage.between(first.as_i64(), last.as_i64());
        }
        RegionLevel::Prefecture => Column::OriginPrefecture,
        RegionLevel::County => Column::OriginCounty,
        RegionLevel::Township => Column::OriginTownship,
        RegionLevel::Village => Column::OriginVillage,
    };
    column.eq(region.as_i64())
}

fn people(session: &impl Session, worker_id: impl IntoSimpleExpr, sight: Sight) -> Condition {
    let column = worker_id.into_simple_expr();
    let seen_from =
        |region, side| Condition::all().add(sees(session, (region, side), column.clone(), sight));
    match session.scope() {
        Scope::Province | Scope::Agency(Agency::Agriculture, None) => Condition::all(),
        Scope::Region(region, side) => seen_from(region, side),
        Scope::Agency(Agency::Agriculture, Some(region)) => seen_from(region, Side::Origin),
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

/// Jobs the session reaches: those of its people that count, or counted until they ended or were
/// voided. What is only reported, and what the origin refused of it, is shown to the origin and to
/// the person: a report gives its reporter no view. So is a job that counted once and is only
/// reported again, because it was sent back to the county or rested on months of another resident
/// id: until the county or a month confirms it, it is a report like others. An employer reaches its own jobs only, and none that was a mistake:
/// it may never have been the employer.
pub fn employments(session: &impl Session) -> Condition {
    jobs(session, Sight::Together)
}

/// The same for a statement that something else has made short; see [`each_worker`].
pub fn each_employment(session: &impl Session) -> Condition {
    jobs(session, Sight::OneByOne)
}

/// The jobs of these people that the session reaches.
pub fn employments_of(session: &impl Session, workers: &[Uuid]) -> Condition {
    let of_them = keys::any_of(session, employment::Column::WorkerId, workers);
    each_employment(session).add(of_them)
}

fn jobs(session: &impl Session, sight: Sight) -> Condition {
    let worker = employment::Column::WorkerId;
    let people = people(session, worker, sight);
    let counted = employment::Column::ConfirmedBy.is_not_null();
    match session.scope() {
        Scope::Province | Scope::Own(_) => people,
        Scope::Agency(_, _) | Scope::Assigned(_) => people.add(counted),
        Scope::Region(region, _) => {
            let home = (region, Side::Origin);
            let at_home = sees(session, home, worker.into_simple_expr(), sight);
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

/// The person is one that a region sees on a side's grounds.
fn sees(
    session: &impl Session,
    (region, side): (RegionCode, Side),
    person: SimpleExpr,
    sight: Sight,
) -> SimpleExpr {
    let mut seen = visible(session, region, side);
    match sight {
        Sight::Together => {
            person.in_subquery(seen.column(worker_visibility::Column::WorkerId).take())
        }
        // Without the offset PostgreSQL would turn the probe into a join with all that is seen.
        Sight::OneByOne => Expr::exists(
            seen.expr(Expr::val(1))
                .and_where(person.eq(worker_visibility::Column::WorkerId.into_expr()))
                .limit(1)
                .offset(0)
                .take(),
        ),
    }
}

/// The rows by which a region sees people on a side's grounds.
fn visible(session: &impl Session, region: RegionCode, side: Side) -> SelectStatement {
    Query::select()
        .from(worker_visibility::Entity)
        .and_where(worker_visibility::Column::RegionCode.eq(region.as_i64()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).expect("a code")
    }

    #[test]
    fn everybody_is_reached_from_the_province_and_from_around_the_origin() {
        let county = code("590222000000");
        let region = |own, side| Scope::Region(code(own), side);
        let farming = |own: Option<&str>| Scope::Agency(Agency::Agriculture, own.map(code));
        for (scope, registered, working) in [
            (Scope::Province, true, true),
            (farming(None), true, true),
            (region("590222000000", Side::Either), true, false),
            (region("590200000000", Side::OriginOrFormer), true, false),
            (region("590222101000", Side::Origin), false, false),
            (region("590101000000", Side::Either), false, false),
            (region("590222000000", Side::Destination), false, false),
            (farming(Some("590200000000")), true, false),
            (farming(Some("590101000000")), false, false),
            (Scope::Agency(Agency::Tax, None), false, false),
            (Scope::Assigned("helper".to_owned()), false, false),
        ] {
            let found = everybody_registered_in(&scope, county);
            assert_eq!(found.is_some(), registered, "{scope:?}");
            let found = everybody_working_in(&scope, county);
            assert_eq!(found.is_some(), working, "{scope:?}");
        }
    }
}
