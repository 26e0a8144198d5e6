//! SQL of employers' own rows.

use ::entity::{employer, employment};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, IntoActiveModel as _, IntoSimpleExpr, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::super::model::{Employer, EmployerKind, EmployerName, EmployerStatus, Seat};
use crate::kernel::closed::Closed;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, RecordId};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authn::Agency;
use crate::platform::authz::Scope;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session, WriteSession, failure, keys, scope, stored};

/// The fields a new employer starts with, as the journal names them.
pub const REGISTERED_FIELDS: &[&str] = &["creditCode", "name", "kind", "regionCode"];

/// An employer to be entered.
#[derive(Clone, Debug)]
pub(in super::super) struct Registration {
    pub(in super::super) credit_code: CreditCode,
    pub(in super::super) name: EmployerName,
    pub(in super::super) kind: EmployerKind,
    pub(in super::super) seat: Seat,
}

/// The employers the session reaches, as a condition on a column that holds an employer id. Who is
/// granted what is in `policy.rs`; this is how far it goes.
pub(super) fn visible(session: &impl Session, employer_id: impl IntoSimpleExpr) -> Condition {
    let column = employer_id.into_simple_expr();
    match session.scope() {
        Scope::Province | Scope::Region(_, _) => Condition::all(),
        Scope::Agency(agency, _) => match agency {
            Agency::MarketRegulation
            | Agency::SocialInsurance
            | Agency::MedicalSecurity
            | Agency::Tax => Condition::all(),
            Agency::CivilAffairs | Agency::Agriculture | Agency::Training => {
                Condition::all().add(Expr::val(1).eq(0))
            }
        },
        Scope::Employer(own) => Condition::all().add(column.in_subquery(with_code(&own))),
        Scope::Assigned(_) | Scope::Own(_) => Condition::any()
            .add(
                column
                    .clone()
                    .in_subquery(on_jobs(session, employment::Column::EmployerId)),
            )
            .add(column.in_subquery(on_jobs(session, employment::Column::HostEmployerId))),
    }
}

/// The id of the employer with this code, as a sub-query.
pub fn with_code(code: &CreditCode) -> SelectStatement {
    Query::select()
        .column(employer::Column::Id)
        .from(employer::Entity)
        .and_where(employer::Column::CreditCode.eq(code.as_str()))
        .take()
}

/// Employers named in one column of the jobs the session reaches.
fn on_jobs(session: &impl Session, column: employment::Column) -> SelectStatement {
    Query::select()
        .column(column)
        .from(employment::Entity)
        .and_where(column.is_not_null())
        .cond_where(scope::employments(session))
        .take()
}

/// One employer within reach.
pub(in super::super) async fn find(
    session: &impl Session,
    id: EmployerId,
) -> Result<Option<Employer>, Failure> {
    Ok(find_many(session, &[id]).await?.pop())
}

/// The employers within reach among these.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`"
)]
pub(in super::super) async fn find_many(
    session: &impl Session,
    ids: &[EmployerId],
) -> Result<Vec<Employer>, Failure> {
    employer::Entity::find()
        .filter(visible(session, employer::Column::Id))
        .filter(keys::any_of(session, employer::Column::Id, &uuids(ids)))
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(employer_of)
        .collect()
}

/// The employer with this credit code, within reach.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`"
)]
pub(in super::super) async fn find_by_code(
    session: &impl Session,
    code: &CreditCode,
) -> Result<Option<Employer>, Failure> {
    employer::Entity::find()
        .filter(visible(session, employer::Column::Id))
        .filter(employer::Column::CreditCode.eq(code.as_str()))
        .one(&session.executor())
        .await
        .map_err(failure)?
        .map(employer_of)
        .transpose()
}

/// The employers with these credit codes in the whole registry.
pub(in super::super) async fn find_registered(
    session: &impl Session,
    codes: &[CreditCode],
) -> Result<Vec<Employer>, Failure> {
    let rows = rows_by_code(session, codes).await?;
    rows.into_iter().map(employer_of).collect()
}

/// As [`find_registered`], with the keyed hash of each legal representative.
pub(in super::super) async fn find_with_representatives(
    session: &impl Session,
    codes: &[CreditCode],
) -> Result<Vec<(Employer, Option<BlindIndex>)>, Failure> {
    let rows = rows_by_code(session, codes).await?;
    rows.into_iter()
        .map(|mut row| {
            let stored = row.legal_representative_index.take();
            let index = stored
                .map(|bytes| {
                    <[u8; 32]>::try_from(bytes)
                        .map(BlindIndex::from_bytes)
                        .map_err(|_| Failure::internal("a keyed hash has 32 bytes"))
                })
                .transpose()?;
            Ok((employer_of(row)?, index))
        })
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the registry of employers is public; jobs and months name any of them"
)]
async fn rows_by_code(
    session: &impl Session,
    codes: &[CreditCode],
) -> Result<Vec<employer::Model>, Failure> {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    employer::Entity::find()
        .filter(keys::any_text(
            session,
            employer::Column::CreditCode,
            &codes,
        ))
        .all(&session.executor())
        .await
        .map_err(failure)
}

/// The employers with these ids in the whole registry.
#[expect(
    clippy::disallowed_methods,
    reason = "the registry of employers is public; jobs and months name any of them"
)]
pub(in super::super) async fn find_registered_by_id(
    session: &impl Session,
    ids: &[EmployerId],
) -> Result<Vec<Employer>, Failure> {
    employer::Entity::find()
        .filter(keys::any_of(session, employer::Column::Id, &uuids(ids)))
        .all(&session.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(employer_of)
        .collect()
}

/// Enters an employer; `None` when its credit code is known already.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    new: &Registration,
) -> Result<Option<Employer>, Failure> {
    let Registration {
        credit_code,
        name,
        kind,
        seat,
    } = new;
    let row = employer::Model {
        id: tx.next_id::<EmployerId>().uuid(),
        credit_code: credit_code.to_string(),
        name: name.as_str().to_owned(),
        kind: kind.as_str().to_owned(),
        region_code: seat.region().as_i64(),
        county_code: seat.county().as_i64(),
        prefecture_code: seat.prefecture().as_i64(),
        legal_representative_index: None,
        status: EmployerStatus::Unknown.as_str().to_owned(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let known = OnConflict::column(employer::Column::CreditCode)
        .do_nothing()
        .to_owned();
    let written = employer::Entity::insert(row.clone().into_active_model())
        .on_conflict(known)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    (written > 0).then(|| employer_of(row)).transpose()
}

/// What a change to one employer sets; what is absent stays.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Revision {
    pub(in super::super) name: Option<EmployerName>,
    pub(in super::super) kind: Option<EmployerKind>,
    pub(in super::super) seat: Option<Seat>,
    pub(in super::super) status: Option<EmployerStatus>,
    pub(in super::super) legal_representative: Option<BlindIndex>,
}

/// Sets what a revision holds and raises the version, if the employer is still at `version`;
/// whether it was.
#[expect(
    clippy::disallowed_methods,
    reason = "one row by id, which the use case has found within its reach"
)]
pub(in super::super) async fn revise_in(
    tx: &WriteSession,
    id: EmployerId,
    version: i64,
    revision: &Revision,
) -> Result<bool, Failure> {
    let Revision {
        name,
        kind,
        seat,
        status,
        legal_representative,
    } = revision;
    let row = employer::ActiveModel {
        name: name.as_ref().map_or(NotSet, |n| Set(n.as_str().to_owned())),
        kind: kind.map_or(NotSet, |k| Set(k.as_str().to_owned())),
        region_code: seat.map_or(NotSet, |s| Set(s.region().as_i64())),
        county_code: seat.map_or(NotSet, |s| Set(s.county().as_i64())),
        prefecture_code: seat.map_or(NotSet, |s| Set(s.prefecture().as_i64())),
        status: status.map_or(NotSet, |s| Set(s.as_str().to_owned())),
        legal_representative_index: legal_representative
            .map_or(NotSet, |index| Set(Some(index.as_bytes().to_vec()))),
        version: Set(version + 1),
        updated_at: Set(tx.now()),
        ..Default::default()
    };
    let done = employer::Entity::update_many()
        .set(row)
        .filter(employer::Column::Id.eq(id.uuid()))
        .filter(employer::Column::Version.eq(version))
        .exec(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(done.rows_affected == 1)
}

/// Seated in a region: by the materialised county or prefecture where there is one, so that an
/// index serves.
pub(super) fn seated(region: RegionCode) -> Condition {
    use employer::Column;
    let (first, last) = region.range();
    let within = Column::RegionCode.between(first.as_i64(), last.as_i64());
    match region.level() {
        RegionLevel::Province => Condition::all().add(within),
        RegionLevel::Prefecture => Condition::all().add(Column::PrefectureCode.eq(region.as_i64())),
        RegionLevel::County => Condition::all().add(Column::CountyCode.eq(region.as_i64())),
        RegionLevel::Township | RegionLevel::Village => Condition::all()
            .add_option(
                region
                    .county()
                    .map(|county| Column::CountyCode.eq(county.as_i64())),
            )
            .add(within),
    }
}

/// Whether [`seated_in`] would find an employer.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn any_seated(
    session: &impl Session,
    division: RegionCode,
) -> Result<bool, Failure> {
    let found: Option<Uuid> = employer::Entity::find()
        .select_only()
        .column(employer::Column::Id)
        .filter(seated(division))
        .into_tuple()
        .one(&session.executor())
        .await
        .map_err(failure)?;
    Ok(found.is_some())
}

/// Employers seated in a division, locked until the unit of work ends.
#[expect(
    clippy::disallowed_methods,
    reason = "a job of the exchange follows divisions wherever they are"
)]
pub(in super::super) async fn seated_in(
    tx: &WriteSession,
    division: RegionCode,
    most: u64,
) -> Result<Vec<Employer>, Failure> {
    employer::Entity::find()
        .filter(seated(division))
        .order_by_asc(employer::Column::Id)
        .limit(most)
        .lock_exclusive()
        .all(&tx.executor())
        .await
        .map_err(failure)?
        .into_iter()
        .map(employer_of)
        .collect()
}

pub(super) fn employer_of(row: employer::Model) -> Result<Employer, Failure> {
    let employer::Model {
        id,
        credit_code,
        name,
        kind,
        region_code,
        county_code: _,
        prefecture_code: _,
        legal_representative_index: _,
        status,
        version,
        created_at: _,
        updated_at: _,
    } = row;
    Ok(Employer {
        id: EmployerId::from_uuid(id),
        credit_code: CreditCode::parse(&credit_code).map_err(Failure::internal)?,
        name,
        kind: stored(&kind)?,
        region: RegionCode::from_i64(region_code).map_err(Failure::internal)?,
        status: stored(&status)?,
        version,
    })
}

pub(super) fn uuids(ids: &[EmployerId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}
