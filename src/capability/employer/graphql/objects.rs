//! Employers as the schema shows them. The legal representative's hash is nowhere among it.
//!
//! Columns of the row are plain fields; what lies in other tables is resolved on request by
//! [`EmployerRecords`], which is flattened into the same object. The one `ComplexObject` that an
//! object may have is thereby left to the fields that lead to other capabilities.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::super::model::{
    AccreditationFact, AccreditationKind, Employer, EmployerKind, EmployerStanding, EmployerStatus,
    MAX_HISTORY, StatusFact,
};
use super::super::rules;
use super::loaders::{AccreditationLoader, StatusLoader};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{self, EmployerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::Db;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, Date, DateTime};

/// A unit that employs people. Public registry data without any personal data.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Employer", complex)]
pub struct EmployerNode {
    /// Opaque id of the record.
    pub id: ID,
    /// Unified social credit code; never changes.
    pub credit_code: CreditCode,
    /// Registered name.
    pub name: String,
    /// Legal kind.
    pub kind: EmployerKind,
    /// Code of the division of its seat, as precisely as it is known; a workplace may lie
    /// elsewhere. The division may lie outside the province.
    pub region_code: RegionCode,
    /// Current status by market regulation.
    pub status: EmployerStatus,
    /// Grows by one with every change; give it back in an update.
    pub version: i64,
    #[graphql(flatten)]
    records: EmployerRecords,
}

impl From<Employer> for EmployerNode {
    fn from(employer: Employer) -> Self {
        let Employer {
            id,
            credit_code,
            name,
            kind,
            region,
            status,
            version,
        } = employer;
        Self {
            id: ID(ids::encode(id)),
            credit_code,
            name,
            kind,
            region_code: region,
            status,
            version,
            records: EmployerRecords(id),
        }
    }
}

impl EmployerNode {
    /// The record's id, for fields that lead to other capabilities.
    #[must_use]
    pub const fn key(&self) -> EmployerId {
        self.records.0
    }
}

/// What is kept about an employer besides its row.
#[derive(Clone, Copy)]
struct EmployerRecords(EmployerId);

impl EmployerRecords {
    async fn facts(self, ctx: &Context<'_>) -> Result<Vec<StatusFact>, Error> {
        let found = ctx.load::<StatusLoader, _>(self.0).await?;
        Ok(found.unwrap_or_default())
    }

    async fn stated(self, ctx: &Context<'_>) -> Result<Vec<AccreditationFact>, Error> {
        let found = ctx.load::<AccreditationLoader, _>(self.0).await?;
        Ok(found.unwrap_or_default())
    }
}

/// The latest of a history, still in its order.
fn latest<T>(mut history: Vec<T>) -> Vec<T> {
    history.split_off(history.len().saturating_sub(MAX_HISTORY))
}

#[Object]
impl EmployerRecords {
    /// First day of the current status; null while the status is unknown.
    async fn status_since(&self, ctx: &Context<'_>) -> Option<Result<Date, Error>> {
        let today = ctx.data_unchecked::<Db>().clock().today();
        match self.facts(ctx).await {
            Ok(facts) => rules::standing_on(&facts, today).map(|fact| Ok(Date(fact.since))),
            Err(error) => Some(Err(error)),
        }
    }

    /// What has been stated about its standing, earliest first day first, of more than 50 statements
    /// the latest 50; statements that contradict each other stand side by side.
    async fn status_history(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<EmployerStatusFactObject>, Error>> {
        let facts = self.facts(ctx).await;
        Some(facts.map(|facts| {
            let shown = facts.iter().map(|fact| {
                let corrected = rules::is_corrected(fact, &facts);
                EmployerStatusFactObject::of(fact, corrected)
            });
            latest(shown.collect())
        }))
    }

    /// What it is or was accredited as, ended ones included, as it was stated last: earliest first,
    /// of more than 50 the latest 50.
    async fn accreditations(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<AccreditationObject>, Error>> {
        let stated = self.stated(ctx).await;
        Some(stated.map(|stated| {
            let held = rules::accreditations(&stated);
            latest(
                held.map(|fact| AccreditationObject::of(fact, false))
                    .collect(),
            )
        }))
    }

    /// Everything that has been stated about its accreditations, with what was restated since:
    /// earliest first day first, the statements about one in the order in which they were made, of
    /// more than 50 the latest 50.
    async fn accreditation_history(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<AccreditationObject>, Error>> {
        let stated = self.stated(ctx).await;
        Some(stated.map(|stated| {
            let shown = stated.iter().enumerate().map(|(place, fact)| {
                let restated = rules::is_restated(fact, &stated[place + 1..]);
                AccreditationObject::of(fact, restated)
            });
            latest(shown.collect())
        }))
    }
}

connection!(EmployerNode, EmployerConnection, EmployerEdge, "employers");

/// One dated statement about an employer's standing.
#[derive(Clone, SimpleObject)]
#[graphql(name = "EmployerStatusFact")]
pub struct EmployerStatusFactObject {
    /// What was stated.
    pub standing: EmployerStanding,
    /// First day it holds.
    pub since: Date,
    /// Who stated it, such as `MARKET_REGULATION`.
    pub source: String,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime,
    /// Whether the same source has stated something else for the same day since.
    pub superseded: bool,
}

impl EmployerStatusFactObject {
    fn of(fact: &StatusFact, superseded: bool) -> Self {
        let StatusFact {
            standing,
            since,
            source,
            version: _,
            recorded_at,
        } = fact;
        Self {
            standing: *standing,
            since: Date(*since),
            source: source.clone(),
            recorded_at: DateTime(*recorded_at),
            superseded,
        }
    }
}

/// An accreditation that an employer holds or held.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Accreditation")]
pub struct AccreditationObject {
    /// As what.
    pub kind: AccreditationKind,
    /// Number of the certificate or decision.
    pub reference: String,
    /// First day.
    pub since: Date,
    /// Last day; null while it lasts.
    pub until: Option<Date>,
    /// Region of the office that stated it; null where that was not kept.
    pub recorded_by_code: Option<RegionCode>,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime,
    /// Whether certificate number or last day have been restated since.
    pub superseded: bool,
}

impl AccreditationObject {
    fn of(fact: &AccreditationFact, superseded: bool) -> Self {
        let AccreditationFact {
            accreditation,
            recorded_by,
            recorded_at,
        } = fact;
        Self {
            kind: accreditation.kind,
            reference: accreditation.reference.clone(),
            since: Date(accreditation.period.since()),
            until: accreditation.period.until().map(Date),
            recorded_by_code: *recorded_by,
            recorded_at: DateTime(*recorded_at),
            superseded,
        }
    }
}
