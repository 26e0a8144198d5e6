//! Who is insured now, as a condition on people. The rule is the insurance capability's
//! (`insurance::rules::insured_now`, which cannot be named from here: insurance leans on the
//! registry); this is its SQL form, and a test holds the two together over random months and
//! statements.

use ::entity::insurance_position::{Column, Entity};
use ::entity::worker;
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition};

use crate::kernel::year_month::YearMonth;
use crate::platform::db::Session;

/// People whose pension insurance answers `YES` today, or (`false`) `NO` or `UNKNOWN`: what nobody
/// knows is no insurance.
pub fn insured_now(session: &impl Session, insured: bool) -> SimpleExpr {
    let standing = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(
            Expr::col((worker::Entity, worker::Column::Id)).equals((Entity, Column::WorkerId)),
        )
        .and_where(Column::Kind.eq("PENSION"))
        .cond_where(is_insured(session.today()))
        .take();
    let standing = Expr::exists(standing);
    if insured { standing } else { standing.not() }
}

/// A position that answers `YES` on a day.
fn is_insured(today: NaiveDate) -> Condition {
    let back = |months: i32| YearMonth::of(today)?.plus(-months);
    let (Some(this_month), Some(last_month), Some(before)) = (back(0), back(1), back(2)) else {
        return Condition::any();
    };
    let paid_since = |month: YearMonth| Column::LastPeriod.gte(month.as_i32());
    let enrolled = Condition::all()
        .add(Column::EnrolledOn.lte(today))
        .add(not_ended_since(today, Expr::col(Column::EnrolledOn)))
        .add(paid_since(before).or(Column::EnrolledOn.gte(before.first_day())));
    let paid = Condition::all()
        .add(paid_since(last_month))
        .add(not_ended_since(today, Expr::val(last_month.first_day())));
    Condition::any()
        .add(paid_since(this_month))
        .add(enrolled)
        .add(paid)
}

/// By today insurance has neither stopped on a day or later, nor has a pension been in payment.
fn not_ended_since(today: NaiveDate, day: SimpleExpr) -> Condition {
    let end = |column: Column| {
        Condition::any()
            .add(column.is_null())
            .add(column.gt(today))
            .add(Expr::col(column).lt(day.clone()))
    };
    Condition::all()
        .add(end(Column::StoppedOn))
        .add(end(Column::PensionSince))
}
