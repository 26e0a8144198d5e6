//! Divisions in the schema.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::model::{Region, RegionId};
use super::policy;
use super::service::{self, RegionFilter};
use crate::kernel::error::Failure;
use crate::kernel::ids;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authz::{Action, Read};
use crate::platform::db::ReadSession;
use crate::platform::gql::closed::graphql_enums;
use crate::platform::gql::connection::connection;
use crate::platform::gql::context::{ContextExt as _, ScopedLoader};
use crate::platform::gql::scalars::Date;

graphql_enums!(RegionLevel);

/// An administrative division, from the province down to a village.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, name = "Region")]
pub struct RegionNode {
    /// Opaque id of this object; never changes.
    pub id: ID,
    /// Twelve-digit division code: two digits each for province, prefecture and county, three each
    /// for township and village; zeros below its level.
    pub code: RegionCode,
    /// How deep it lies.
    pub level: RegionLevel,
    /// Official Chinese name.
    pub name_zh: String,
    /// English name; null when none is known.
    pub name_en: Option<String>,
    /// First day the code is in force.
    pub valid_from: Date,
    /// Last day the code is in force; null while it is.
    pub valid_to: Option<Date>,
    #[graphql(flatten)]
    around: Around,
}

connection!(RegionNode, RegionConnection, RegionEdge, "divisions");

impl From<Region> for RegionNode {
    fn from(region: Region) -> Self {
        let Region {
            code,
            level,
            parent,
            name_zh,
            name_en,
            valid_from,
            valid_to,
            successor,
        } = region;
        Self {
            id: ID(ids::encode(RegionId::of(code))),
            code,
            level,
            name_zh,
            name_en,
            valid_from: Date(valid_from),
            valid_to: valid_to.map(Date),
            around: Around {
                code,
                parent,
                successor,
            },
        }
    }
}

fn page_of(page: Page<Region>) -> RegionConnection {
    RegionConnection::from_page(page, |region| region.code.as_i64(), RegionNode::from)
}

/// The divisions around one: fields of `Region`, flattened into it so that the objects of other
/// capabilities can be added to `Region` from outside.
#[derive(Clone, Copy, Debug)]
struct Around {
    code: RegionCode,
    parent: Option<RegionCode>,
    successor: Option<RegionCode>,
}

/// The divisions around one.
#[Object]
impl Around {
    /// The division it lies in; null for a province.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<RegionNode>> {
        node_of(ctx, self.parent?).await
    }

    /// The division that took over when this one was abolished; null while it is in force, or when
    /// the successor is not in the table.
    async fn successor(&self, ctx: &Context<'_>) -> Option<Result<RegionNode>> {
        node_of(ctx, self.successor?).await
    }

    /// The divisions directly below it in the order of codes, abolished ones included.
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Items wanted, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to continue behind; the start when absent.")] after: Option<
            String,
        >,
    ) -> Option<Result<RegionConnection>> {
        Some(children_of(ctx, self.code, first, after).await)
    }
}

async fn node_of(ctx: &Context<'_>, code: RegionCode) -> Option<Result<RegionNode>> {
    let found = ctx.load::<RegionByCode, _>(code).await;
    found.map(|region| region.map(RegionNode::from)).transpose()
}

async fn children_of(
    ctx: &Context<'_>,
    parent: RegionCode,
    first: Option<i32>,
    after: Option<String>,
) -> Result<RegionConnection> {
    let page = PageRequest::parse(first, after.as_deref()).map_err(|f| ctx.refuse(&f))?;
    let key = ChildrenOf {
        parent,
        first: page.first,
        after: page.after,
    };
    let children = ctx.load::<RegionByCode, _>(key).await?;
    let nothing = Page {
        rows: Vec::new(),
        has_next: false,
    };
    Ok(page_of(children.unwrap_or(nothing)))
}

/// Loads divisions by code, and pages of children by parent: for the edges of other capabilities
/// too, such as a worker's origin.
pub struct RegionByCode(ReadSession);

impl ScopedLoader for RegionByCode {
    const ACTION: &'static Action<Read> = &policy::READ;

    fn new(session: ReadSession) -> Self {
        Self(session)
    }
}

impl Loader<RegionCode> for RegionByCode {
    type Value = Region;
    type Error = Arc<Failure>;

    async fn load(&self, codes: &[RegionCode]) -> Result<HashMap<RegionCode, Region>, Self::Error> {
        Ok(super::public::find_many(&self.0, codes).await?)
    }
}

/// A page of the children of one division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChildrenOf {
    parent: RegionCode,
    first: u64,
    after: Option<i64>,
}

impl Loader<ChildrenOf> for RegionByCode {
    type Value = Page<Region>;
    type Error = Arc<Failure>;

    /// One statement per distinct page asked for: as many as the document has fields, however many
    /// parents there are.
    async fn load(
        &self,
        keys: &[ChildrenOf],
    ) -> Result<HashMap<ChildrenOf, Page<Region>>, Self::Error> {
        let mut pages: HashMap<(u64, Option<i64>), Vec<RegionCode>> = HashMap::new();
        for key in keys {
            let parents = pages.entry((key.first, key.after)).or_default();
            parents.push(key.parent);
        }
        let mut found = HashMap::with_capacity(keys.len());
        for ((first, after), parents) in pages {
            let page = PageRequest { first, after };
            let children = service::children_of(&self.0, &parents, &page).await?;
            found.extend(children.into_iter().map(|(parent, rows)| {
                let key = ChildrenOf {
                    parent,
                    first,
                    after,
                };
                (key, rows)
            }));
        }
        Ok(found)
    }
}

/// Queries about divisions.
#[derive(Default)]
pub struct RegionQueries;

#[Object]
impl RegionQueries {
    /// One administrative division; null when the table has no such code.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its twelve-digit code.")] code: RegionCode,
    ) -> Option<Result<RegionNode>> {
        node_of(ctx, code).await
    }

    /// Administrative divisions in the order of codes, abolished ones included: the provinces, or
    /// what the arguments ask for.
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only divisions inside this one: directly below it, or of `level` at any depth."
        )]
        parent: Option<RegionCode>,
        #[graphql(desc = "Only divisions of this level.")] level: Option<RegionLevel>,
        #[graphql(desc = "Items wanted, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The cursor to continue behind; the start when absent.")] after: Option<
            String,
        >,
    ) -> Option<Result<RegionConnection>> {
        let filter = RegionFilter {
            inside: parent,
            level,
        };
        Some(list(ctx, filter, first, after).await)
    }
}

async fn list(
    ctx: &Context<'_>,
    filter: RegionFilter,
    first: Option<i32>,
    after: Option<String>,
) -> Result<RegionConnection> {
    let session = ctx.reading(&policy::READ)?;
    let page = PageRequest::parse(first, after.as_deref()).map_err(|f| ctx.refuse(&f))?;
    let found = service::list(&session, filter, &page).await;
    found.map(page_of).map_err(|failure| ctx.refuse(&failure))
}

/// The division behind an opaque id, for `node`.
pub async fn node(ctx: &Context<'_>, id: RegionId) -> Option<Result<RegionNode>> {
    node_of(ctx, id.code()?).await
}
