//! Objects by their global id, whatever their type, and who is asking.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Error, ID, Interface, Object, SimpleObject};

use crate::capability::audit::graphql::{FindingLoader, FindingNode};
use crate::capability::employer::graphql::{EmployerLoader, EmployerNode};
use crate::capability::employment::graphql::{EmploymentLoader, EmploymentNode};
use crate::capability::region::graphql::RegionNode;
use crate::capability::worker::graphql::{
    HouseholdLoader, HouseholdNode, WorkerLoader, WorkerNode,
};
use crate::capability::{audit, employer, employment, region, worker};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::{
    EmployerId, EmploymentId, FindingId, HouseholdId, RecordId, WorkerId, decode_any,
};
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::Identity;
use crate::platform::authz::{Action, Read};
use crate::platform::gql::{ContextExt as _, DateTime, ScopedLoader, Shown};

/// The most ids in one `nodes` request.
const MOST_NODES: usize = 100;

/// An object with a global id.
#[derive(Interface)]
#[graphql(field(
    name = "id",
    ty = "&ID",
    desc = "Opaque id; it carries the object's type."
))]
pub enum Node {
    /// A person.
    Worker(WorkerNode),
    /// A household.
    Household(HouseholdNode),
    /// An employer.
    Employer(EmployerNode),
    /// A job.
    Employment(EmploymentNode),
    /// An auditor's finding.
    Finding(FindingNode),
    /// A division.
    Region(RegionNode),
}

/// What became of one id: nothing within reach, an object, or an error of its own.
type Found = Option<Result<Node, Error>>;

/// Who the token says is asking.
#[derive(SimpleObject)]
pub struct Viewer {
    /// Subject of the token.
    pub subject: String,
    /// Role of the token, such as `OFFICER`.
    pub role: String,
    /// Code of the region of an officer, helper or agency; null for other roles, and for an agency
    /// of the whole province.
    pub region_code: Option<RegionCode>,
    /// Which agency; null for other roles.
    pub agency: Option<String>,
    /// Credit code of an employer; null for other roles.
    pub credit_code: Option<String>,
    /// When the token expires.
    pub token_expires_at: Option<DateTime>,
}

/// The part of the query root that belongs to no capability.
#[derive(Default)]
pub struct NodeQueries;

#[Object]
impl NodeQueries {
    /// Who is asking, as the token says.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer, Error>> {
        let Some(principal) = ctx.caller().principal() else {
            return Some(Err(ctx.refuse(&Failure::Unauthenticated)));
        };
        let (region_code, agency, credit_code) = match principal.identity() {
            Identity::Officer { region } | Identity::Helper { region } => {
                (Some(*region), None, None)
            }
            Identity::Agency { agency, region } => {
                (*region, Some(agency.as_str().to_owned()), None)
            }
            Identity::Employer { credit_code } => (None, None, Some(credit_code.to_string())),
            Identity::System { region, .. } => (*region, None, None),
            Identity::Admin | Identity::Auditor | Identity::Worker(_) => (None, None, None),
        };
        Some(Ok(Viewer {
            subject: principal.subject().to_owned(),
            role: principal
                .role()
                .map_or("SYSTEM", |role| role.as_str())
                .to_owned(),
            region_code,
            agency,
            credit_code,
            token_expires_at: principal.expires_at().map(DateTime),
        }))
    }

    /// One object by its global id; null when there is none within the caller's reach.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque id.")] id: ID,
    ) -> Option<Result<Node, Error>> {
        find(ctx, &id).await.transpose()
    }

    /// Several objects by their global ids, in the same order; null in the place of each that is
    /// not there or not within the caller's reach. An id that is none, or of a type that the
    /// caller's role may never open, is null with an error of its own and leaves the others alone;
    /// of more than twenty errors the last says how many are left out.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Opaque ids, at most 100.")] ids: Vec<ID>,
    ) -> Option<Result<Vec<Found>, Error>> {
        if ctx.caller().principal().is_none() {
            return Some(Err(ctx.refuse(&Failure::Unauthenticated)));
        }
        if ids.len() > MOST_NODES {
            return Some(Err(ctx.refuse(&Failure::Limit {
                limit: "nodes",
                bound: MOST_NODES as u64,
                found: ids.len() as u64,
            })));
        }
        let each = ids.iter().map(|id| find(ctx, id));
        let found = futures::future::join_all(each).await;
        Some(Ok(found.into_iter().map(Result::transpose).collect()))
    }
}

/// Each type is opened as its own root field would open it, with the same right and entry; what is
/// asked for beside it is loaded with it, one statement for each type.
async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let foreign = || {
        ctx.refuse(&Failure::BadInput(Text::new(
            "标识无效，请使用本系统返回的 id。",
            "This is no id of this exchange.",
        )))
    };
    let (kind, key) = decode_any(id).map_err(|_| foreign())?;
    Ok(match kind.as_str() {
        WorkerId::TYPE => {
            let id = WorkerId::from_uuid(key);
            opened::<WorkerLoader, _>(ctx, &worker::policy::READ, id)
                .await?
                .map(|found| Node::Worker(WorkerNode::seen_by(ctx.caller(), found)))
        }
        HouseholdId::TYPE => {
            let id = HouseholdId::from_uuid(key);
            opened::<HouseholdLoader, _>(ctx, &worker::policy::SEE_POVERTY_DETAILS, id)
                .await?
                .map(|found| Node::Household(found.into()))
        }
        EmployerId::TYPE => {
            let id = EmployerId::from_uuid(key);
            opened::<EmployerLoader, _>(ctx, &employer::policy::OPEN, id)
                .await?
                .map(|found| Node::Employer(found.into()))
        }
        EmploymentId::TYPE => {
            let id = EmploymentId::from_uuid(key);
            opened::<EmploymentLoader, _>(ctx, &employment::policy::READ, id)
                .await?
                .map(|found| Node::Employment(EmploymentNode::seen_by(ctx.caller(), found)))
        }
        FindingId::TYPE => {
            let id = FindingId::from_uuid(key);
            opened::<FindingLoader, _>(ctx, &audit::policy::READ, id)
                .await?
                .map(|found| Node::Finding(found.into()))
        }
        region::public::RegionId::TYPE => {
            region::graphql::node(ctx, region::public::RegionId::from_uuid(key))
                .await
                .transpose()?
                .map(Node::Region)
        }
        _ => return Err(foreign()),
    })
}

/// Opens one record through the loader of its type, with an entry for all that it shows, or with a
/// note that nothing is within reach.
async fn opened<L, K>(
    ctx: &Context<'_>,
    action: &Action<Read>,
    key: K,
) -> Result<Option<L::Value>, Error>
where
    L: ScopedLoader + Loader<K, Error = Arc<Failure>>,
    L::Value: Shown,
    K: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
{
    let session = ctx.reading(action)?;
    let found = ctx.load::<L, K>(key).await?;
    let Some(record) = &found else {
        session.record_missed();
        return Ok(None);
    };
    let entries = record.records().into_iter();
    futures::future::try_join_all(entries.map(|record| session.record_opened(record)))
        .await
        .map_err(|failure| ctx.refuse(&failure))?;
    Ok(found)
}
