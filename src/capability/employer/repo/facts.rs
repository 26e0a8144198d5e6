//! SQL of standings and accreditations.

use std::collections::HashMap;

use ::entity::{employer_accreditation, employer_status};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter as _, QueryOrder as _};

use super::super::model::{Accreditation, AccreditationFact, Period, StatusFact};
use super::employers::{uuids, visible};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmployerId, RecordId as _, SubmissionId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession, failure, keys, stored};

/// Rows in one INSERT: seven columns each stay far below both engines' bind limits.
const ROWS_PER_INSERT: usize = 500;

/// What has been stated about each of these employers, oldest first day first.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`"
)]
pub(in super::super) async fn status_facts(
    session: &impl Session,
    employers: &[EmployerId],
) -> Result<HashMap<EmployerId, Vec<StatusFact>>, Failure> {
    let column = employer_status::Column::EmployerId;
    let rows = employer_status::Entity::find()
        .filter(visible(session, column))
        .filter(keys::any_of(session, column, &uuids(employers)))
        .order_by_asc(employer_status::Column::Since)
        .order_by_asc(employer_status::Column::Version)
        .order_by_asc(employer_status::Column::RecordedAt)
        .order_by_asc(employer_status::Column::Id)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut facts: HashMap<EmployerId, Vec<StatusFact>> = HashMap::new();
    for row in rows {
        let fact = StatusFact {
            standing: stored(&row.status)?,
            since: row.since,
            source: row.source,
            version: row.version,
            recorded_at: row.recorded_at,
        };
        facts
            .entry(EmployerId::from_uuid(row.employer_id))
            .or_default()
            .push(fact);
    }
    Ok(facts)
}

/// Adds facts that a delivery brought.
pub(in super::super) async fn insert_statuses_in(
    tx: &WriteSession,
    delivery: SubmissionId,
    facts: &[(EmployerId, StatusFact)],
) -> Result<(), Failure> {
    for chunk in facts.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().map(|(employer, fact)| {
            let StatusFact {
                standing,
                since,
                source,
                version,
                recorded_at,
            } = fact;
            employer_status::ActiveModel {
                id: Set(row_id(tx)),
                employer_id: Set(employer.uuid()),
                status: Set(standing.as_str().to_owned()),
                since: Set(*since),
                source: Set(source.clone()),
                submission_id: Set(Some(delivery.uuid())),
                version: Set(*version),
                recorded_at: Set(*recorded_at),
            }
        });
        employer_status::Entity::insert_many(rows)
            .exec_without_returning(&tx.executor())
            .await
            .map_err(failure)?;
    }
    Ok(())
}

/// What has been stated about accreditations of each of these employers: earliest first day first,
/// and the statements about one in the order in which they were made.
#[expect(
    clippy::disallowed_methods,
    reason = "narrowed to what the session reaches by `visible`"
)]
pub(in super::super) async fn accreditations(
    session: &impl Session,
    employers: &[EmployerId],
) -> Result<HashMap<EmployerId, Vec<AccreditationFact>>, Failure> {
    let column = employer_accreditation::Column::EmployerId;
    let rows = employer_accreditation::Entity::find()
        .filter(visible(session, column))
        .filter(keys::any_of(session, column, &uuids(employers)))
        .order_by_asc(employer_accreditation::Column::Since)
        .order_by_asc(employer_accreditation::Column::Version)
        .all(&session.executor())
        .await
        .map_err(failure)?;
    let mut stated: HashMap<EmployerId, Vec<AccreditationFact>> = HashMap::new();
    for row in rows {
        let accreditation = Accreditation {
            kind: stored(&row.kind)?,
            reference: row.reference,
            period: Period::new(row.since, row.until)
                .ok_or_else(|| Failure::internal("an accreditation ends before it starts"))?,
        };
        let fact = AccreditationFact {
            accreditation,
            recorded_by: (row.recorded_by)
                .map(RegionCode::from_i64)
                .transpose()
                .map_err(Failure::internal)?,
            recorded_at: row.recorded_at,
        };
        stated
            .entry(EmployerId::from_uuid(row.employer_id))
            .or_default()
            .push(fact);
    }
    Ok(stated)
}

/// What has been stated about accreditations of one employer, as [`accreditations`].
pub(in super::super) async fn accreditations_of(
    session: &impl Session,
    employer: EmployerId,
) -> Result<Vec<AccreditationFact>, Failure> {
    let mut stated = accreditations(session, &[employer]).await?;
    Ok(stated.remove(&employer).unwrap_or_default())
}

/// Adds what was stated about an accreditation, which made this version of the employer.
pub(in super::super) async fn insert_accreditation_in(
    tx: &WriteSession,
    (employer, version): (EmployerId, i64),
    fact: &AccreditationFact,
) -> Result<(), Failure> {
    let AccreditationFact {
        accreditation:
            Accreditation {
                kind,
                reference,
                period,
            },
        recorded_by,
        recorded_at,
    } = fact;
    let row = employer_accreditation::ActiveModel {
        id: Set(row_id(tx)),
        employer_id: Set(employer.uuid()),
        kind: Set(kind.as_str().to_owned()),
        reference: Set(reference.clone()),
        since: Set(period.since()),
        until: Set(period.until()),
        version: Set(version),
        recorded_by: Set(recorded_by.map(RegionCode::as_i64)),
        recorded_at: Set(*recorded_at),
    };
    employer_accreditation::Entity::insert(row)
        .exec_without_returning(&tx.executor())
        .await
        .map_err(failure)?;
    Ok(())
}

/// Facts are reached through their employer, so their ids have no type of their own.
fn row_id(tx: &WriteSession) -> uuid::Uuid {
    tx.next_id::<EmployerId>().uuid()
}
