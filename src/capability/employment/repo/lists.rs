//! Lists of jobs from both sides, person and employer: a page for each of many in one statement.

use ::entity::employment::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, QueryOrder, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::model::{Employment, EmploymentState};
use super::employments::{all, scoped};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::RecordId as _;
use crate::kernel::page::PageRequest;
use crate::platform::db::{Session, keys, scope};

/// Whose jobs a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Every record of a person, ended and voided ones included.
    Worker,
    /// The jobs that count now with the employer that signed.
    Employer,
    /// The jobs that count now with the unit that hosts.
    Host,
}

impl Whose {
    const fn column(self) -> Column {
        match self {
            Self::Worker => Column::WorkerId,
            Self::Employer => Column::EmployerId,
            Self::Host => Column::HostEmployerId,
        }
    }

    /// Numbers the rows of each person or employer, newest first.
    const fn numbering(self) -> &'static str {
        match self {
            Self::Worker => {
                "ROW_NUMBER() OVER (PARTITION BY worker_id ORDER BY started_on DESC, id DESC)"
            }
            Self::Employer => {
                "ROW_NUMBER() OVER (PARTITION BY employer_id ORDER BY started_on DESC, id DESC)"
            }
            Self::Host => {
                "ROW_NUMBER() OVER (PARTITION BY host_employer_id ORDER BY started_on DESC, id DESC)"
            }
        }
    }
}

/// Where a page of jobs ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmploymentCursor {
    started_on: chrono::NaiveDate,
    id: Uuid,
}

impl EmploymentCursor {
    /// The cursor of a row.
    #[must_use]
    pub fn of(employment: &Employment) -> Self {
        Self {
            started_on: employment.job.started_on,
            id: employment.id.uuid(),
        }
    }
}

/// Up to one row more than a page of jobs, newest first, for each of these people or employers. One
/// alone is read along an index and never further than the page; several are numbered in one statement.
pub(in super::super) async fn pages(
    session: &impl Session,
    whose: Whose,
    owners: &[Uuid],
    request: &PageRequest<EmploymentCursor>,
) -> Result<Vec<Employment>, Failure> {
    let wanted = counted(whose).add_option(request.after.as_ref().map(behind));
    if let [owner] = owners {
        let of_one = wanted.add(whose.column().eq(*owner));
        let select = scoped(session, of_one)
            .order_by_desc(Column::StartedOn)
            .order_by_desc(Column::Id)
            .limit(request.first + 1);
        return all(session, select).await;
    }
    let (number, numbered) = (Alias::new("n"), Alias::new("numbered"));
    let rows = Query::select()
        .column(Column::Id)
        .expr_as(Expr::cust(whose.numbering()), number.clone())
        .from(Entity)
        .cond_where(scope::each_employment(session))
        .and_where(keys::any_of(session, whose.column(), owners))
        .cond_where(wanted)
        .take();
    let first = i64::try_from(request.first + 1).expect("a page has at most 100 rows");
    let page = Query::select()
        .column(Column::Id)
        .from_subquery(rows, numbered)
        .and_where(Expr::col(number).lte(first))
        .take();
    let select = scoped(session, Condition::all().add(Column::Id.in_subquery(page)))
        .order_by_desc(Column::StartedOn)
        .order_by_desc(Column::Id);
    all(session, select).await
}

fn counted(whose: Whose) -> Condition {
    match whose {
        Whose::Worker => Condition::all(),
        Whose::Employer | Whose::Host => Condition::all()
            .add(Column::State.eq(EmploymentState::Confirmed.as_str()))
            .add(Column::EndedOn.is_null())
            .add(scope::of_the_living()),
    }
}

/// As one row comparison, which an index is read from.
fn behind(cursor: &EmploymentCursor) -> SimpleExpr {
    let column = |column: Column| Expr::col((Entity, column));
    let last = [Expr::val(cursor.started_on), Expr::val(cursor.id)];
    Expr::tuple([column(Column::StartedOn), column(Column::Id)]).lt(Expr::tuple(last))
}
