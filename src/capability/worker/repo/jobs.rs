//! The facts of jobs that a person's status follows from. The rows are the employment
//! capability's; the registry only reads them, inside the transaction that changed them.

use ::entity::employment::{Column, Entity};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::super::rules::{CurrentJob, JobFacts};
use crate::kernel::error::Failure;
use crate::kernel::ids::{EmploymentId, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session as _, WriteSession, failure};

/// What the confirmed jobs of one person say.
#[expect(
    clippy::disallowed_methods,
    reason = "one person's jobs, by an id the use case has read or matched already"
)]
pub(in super::super) async fn of_in(
    tx: &WriteSession,
    worker: WorkerId,
) -> Result<JobFacts, Failure> {
    type Spell = (Uuid, i64, bool, NaiveDate, Option<NaiveDate>);
    let spells: Vec<Spell> = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::WorkplaceCode,
            Column::OutsideProvince,
            Column::StartedOn,
            Column::EndedOn,
        ])
        .filter(Column::WorkerId.eq(worker.uuid()))
        .filter(Column::State.eq("CONFIRMED"))
        .order_by_asc(Column::StartedOn)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&tx.executor())
        .await
        .map_err(failure)?;
    let mut facts = JobFacts::default();
    for (id, workplace, outside, started_on, ended_on) in spells {
        // Ordered by start: the last one is the principal job.
        facts.last_started_on = Some(started_on);
        if let Some(day) = ended_on {
            facts.last_ended_on = facts.last_ended_on.max(Some(day));
            continue;
        }
        let workplace = RegionCode::from_i64(workplace).map_err(Failure::internal)?;
        if !outside {
            facts.workplaces.push(workplace);
        }
        facts.current = Some(CurrentJob {
            employment: EmploymentId::from_uuid(id),
            started_on,
            workplace,
        });
    }
    Ok(facts)
}
