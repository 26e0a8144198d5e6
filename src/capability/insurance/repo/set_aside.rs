//! SQL of rows that came under a resident id which their person turned out not to have. They move
//! whole into tables of their own, so that no statement about months has to leave them out, and a
//! row that comes again under the right id finds its place free.

use ::entity::{
    contribution, insurance_fact, insurance_position, set_aside_contribution,
    set_aside_insurance_fact,
};
use sea_orm::sea_query::{DynIden, Expr, IntoIden as _, Query};
use sea_orm::{ColumnTrait, ConnectionTrait as _, EntityTrait, Iterable as _, QueryFilter as _};

use crate::kernel::error::Failure;
use crate::kernel::ids::{CorrectionId, RecordId as _, WorkerId};
use crate::platform::db::{Session as _, WriteSession, failure};

/// Moves every month and statement of a person out of what counts, and forgets the positions
/// derived from them; how many rows there were. The person is locked.
pub(in super::super) async fn move_in(
    tx: &WriteSession,
    worker: WorkerId,
    correction: CorrectionId,
) -> Result<u64, Failure> {
    let months = {
        use set_aside_contribution::{Column, Entity};
        let aside = (Entity, [Column::CorrectionId, Column::SetAsideAt]);
        let whose = contribution::Column::WorkerId;
        move_rows_in(
            tx,
            (contribution::Entity, whose),
            aside,
            (worker, correction),
        )
        .await?
    };
    let statements = {
        use set_aside_insurance_fact::{Column, Entity};
        let aside = (Entity, [Column::CorrectionId, Column::SetAsideAt]);
        let whose = insurance_fact::Column::WorkerId;
        move_rows_in(
            tx,
            (insurance_fact::Entity, whose),
            aside,
            (worker, correction),
        )
        .await?
    };
    forget_positions_in(tx, worker).await?;
    Ok(months + statements)
}

/// Copies the rows of a person to where they are set aside, with why and when, and takes them from
/// where they were.
#[expect(
    clippy::disallowed_methods,
    reason = "the rows of one person, whom the use case has locked"
)]
async fn move_rows_in<E: EntityTrait, A: EntityTrait>(
    tx: &WriteSession,
    (from, whose): (E, E::Column),
    (into, marks): (A, [A::Column; 2]),
    (worker, correction): (WorkerId, CorrectionId),
) -> Result<u64, Failure> {
    let columns: Vec<DynIden> = E::Column::iter().map(|column| column.into_iden()).collect();
    let own = Query::select()
        .columns(columns.clone())
        .expr(Expr::val(correction.uuid()))
        .expr(Expr::val(tx.now()))
        .from(from)
        .and_where(whose.eq(worker.uuid()))
        .take();
    let marks = marks.map(|column| column.into_iden());
    let mut copy = Query::insert();
    copy.into_table(into)
        .columns(columns.into_iter().chain(marks))
        .select_from(own)
        .map_err(Failure::internal)?;
    let copied = tx.executor().execute(&copy).await.map_err(failure)?;
    let moved = E::delete_many()
        .filter(whose.eq(worker.uuid()))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    if moved.rows_affected == copied.rows_affected() {
        Ok(moved.rows_affected)
    } else {
        Err(Failure::internal(
            "a row came in while its person was locked",
        ))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what was derived from the rows that are set aside"
)]
async fn forget_positions_in(tx: &WriteSession, worker: WorkerId) -> Result<(), Failure> {
    insurance_position::Entity::delete_many()
        .filter(insurance_position::Column::WorkerId.eq(worker.uuid()))
        .exec(&tx.executor())
        .await
        .map(drop)
        .map_err(failure)
}
