//! Employers as the schema shows them. The legal representative's hash is nowhere among it.
//!
//! Columns of the row are plain fields; what lies in other tables is resolved on request by
//! [`EmployerRecords`], which is flattened into the same object. The one `ComplexObject` that an
//! object may have is thereby left to the fields that lead to other capabilities.

use async_graphql::{Context, Error, ID, Object, SimpleObject};

use super::super::model::{
    Accreditation, AccreditationKind, Employer, EmployerKind, EmployerStanding, EmployerStatus,
    StatusFact,
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

    /// Everything that has been stated about its standing, earliest first day first; statements
    /// that contradict each other stand side by side.
    async fn status_history(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<EmployerStatusFactObject>, Error>> {
        let facts = self.facts(ctx).await;
        Some(facts.map(|facts| facts.into_iter().map(Into::into).collect()))
    }

    /// What it is or was accredited as, earliest first.
    async fn accreditations(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Vec<AccreditationObject>, Error>> {
        let held = ctx.load::<AccreditationLoader, _>(self.0).await;
        Some(held.map(|held| {
            let held = held.unwrap_or_default();
            held.into_iter().map(Into::into).collect()
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
}

impl From<StatusFact> for EmployerStatusFactObject {
    fn from(fact: StatusFact) -> Self {
        let StatusFact {
            standing,
            since,
            source,
            recorded_at,
        } = fact;
        Self {
            standing,
            since: Date(since),
            source,
            recorded_at: DateTime(recorded_at),
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
}

impl From<Accreditation> for AccreditationObject {
    fn from(accreditation: Accreditation) -> Self {
        let Accreditation {
            kind,
            reference,
            period,
        } = accreditation;
        Self {
            kind,
            reference,
            since: Date(period.since()),
            until: period.until().map(Date),
        }
    }
}
