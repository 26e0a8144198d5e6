//! SQL of a page of employers.

use ::entity::employer;

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::super::model::{Employer, EmployerCursor, EmployerFilter, EmployerOrderField};
use super::employers::{employer_of, seated, visible};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::RecordId as _;
use crate::kernel::page::{Page, PageRequest};
use crate::platform::db::prefix::starts_with;
use crate::platform::db::{Session, failure};

/// A page of the employers within reach.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`; the caller's filter is only added"
)]
pub(in super::super) async fn page(
    session: &impl Session,
    filter: &EmployerFilter,
    order: EmployerOrderField,
    request: &PageRequest<EmployerCursor>,
) -> Result<Page<Employer>, Failure> {
    let column = match order {
        EmployerOrderField::Registered => employer::Column::Id,
        EmployerOrderField::CreditCode => employer::Column::CreditCode,
    };
    let behind = request.after.as_ref().map(|cursor| match cursor {
        EmployerCursor::Registered(id) => employer::Column::Id.gt(id.uuid()),
        EmployerCursor::CreditCode(code) => employer::Column::CreditCode.gt(code.as_str()),
    });
    let rows = employer::Entity::find()
        .filter(visible(session, employer::Column::Id))
        .filter(chosen(session, filter))
        .filter(Condition::all().add_option(behind))
        .order_by_asc(column)
        .limit(request.first + 1)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let employers: Vec<Employer> = rows
        .into_iter()
        .map(employer_of)
        .collect::<Result<_, Failure>>()?;
    Ok(Page::from_overfetched(employers, request.first))
}

fn chosen(session: &impl Session, filter: &EmployerFilter) -> Condition {
    let EmployerFilter {
        region,
        kind,
        status,
        name_prefix,
    } = filter;
    Condition::all()
        .add_option(region.map(seated))
        .add_option(kind.map(|kind| employer::Column::Kind.eq(kind.as_str())))
        .add_option(status.map(|status| employer::Column::Status.eq(status.as_str())))
        .add_option(
            name_prefix
                .as_deref()
                .map(|prefix| starts_with(session.engine(), employer::Column::Name, prefix)),
        )
}
