//! How often today an officer was told which county holds somebody.

use ::entity::disclosure_quota::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};

use crate::kernel::error::Failure;
use crate::platform::db::{Session as _, WriteSession, failure};

/// Takes one of `most` for today; `false` when none is left.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller's own counter: issuer and subject are the scope"
)]
pub(in super::super) async fn take_in(tx: &WriteSession, most: i32) -> Result<bool, Failure> {
    let principal = tx.permit().principal();
    let row = ActiveModel {
        issuer: Set(principal.issuer().to_owned()),
        subject: Set(principal.subject().to_owned()),
        day: Set(tx.today()),
        used: Set(0),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    let taken = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::Issuer.eq(principal.issuer()))
        .filter(Column::Subject.eq(principal.subject()))
        .filter(Column::Day.eq(tx.today()))
        .filter(Column::Used.lt(most))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(taken.rows_affected > 0)
}

/// Whether none of `most` is left for today. Looks without a lock, so that registrations of one officer
/// do not wait for each other; [`take_in`] counts exactly, also of two at once.
#[expect(
    clippy::disallowed_methods,
    reason = "the caller's own counter: issuer and subject are the scope"
)]
pub(in super::super) async fn used_up_in(tx: &WriteSession, most: i32) -> Result<bool, Failure> {
    let principal = tx.permit().principal();
    let used: Option<i32> = Entity::find()
        .select_only()
        .column(Column::Used)
        .filter(Column::Issuer.eq(principal.issuer()))
        .filter(Column::Subject.eq(principal.subject()))
        .filter(Column::Day.eq(tx.today()))
        .into_tuple()
        .one(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(used.is_some_and(|used| used >= most))
}
