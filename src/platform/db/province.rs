//! What the table of divisions says about a caller: the province that is served, and a prefecture
//! that stands in for a county.

use ::entity::region;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::Db;
use super::error::failure;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::authn::Identity;
use crate::platform::authz::Standing;

impl Db {
    /// What a caller's region amounts to here. A statement only where the answer hangs on the table:
    /// for a region that is a whole province and for an agency's, until the province is found, and for
    /// a prefecture.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn standing(&self, identity: &Identity) -> Result<Standing, Failure> {
        let (region, agency) = match identity {
            Identity::Officer { region } => (Some(*region), false),
            Identity::Agency { region, .. } => (*region, true),
            Identity::Admin
            | Identity::Auditor
            | Identity::Employer { .. }
            | Identity::Helper { .. }
            | Identity::Worker(_)
            | Identity::System { .. } => (None, false),
        };
        let mut standing = Standing::default();
        match region.map(|region| (region, region.level())) {
            Some(_) if agency => standing.province = self.province().await?,
            Some((_, RegionLevel::Province)) => standing.province = self.province().await?,
            Some((region, RegionLevel::Prefecture)) => {
                standing.acts_as_county = self.is_undivided(region).await?;
            }
            _ => {}
        }
        Ok(standing)
    }

    /// Whether the table has this prefecture and no county of it, in force or not.
    #[expect(
        clippy::disallowed_methods,
        reason = "divisions are public; who asks is found out with this very answer"
    )]
    async fn is_undivided(&self, prefecture: RegionCode) -> Result<bool, Failure> {
        let (first, last) = prefecture.range();
        let levels: Vec<String> = region::Entity::find()
            .select_only()
            .column(region::Column::Level)
            .distinct()
            .filter(region::Column::Code.between(first.as_i64(), last.as_i64()))
            .filter(region::Column::Level.is_in([
                RegionLevel::Prefecture.as_str(),
                RegionLevel::County.as_str(),
            ]))
            .into_tuple()
            .all(self.read_pool())
            .await
            .map_err(failure)?;
        Ok(levels == [RegionLevel::Prefecture.as_str()])
    }

    /// The one province in force in the table of divisions; `None` while there is none, or more
    /// than one, and then nobody's region is the whole of it. Looked up until it is found.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    #[expect(
        clippy::disallowed_methods,
        reason = "divisions are public; who asks is found out with this very answer"
    )]
    pub async fn province(&self) -> Result<Option<RegionCode>, Failure> {
        if let Some(found) = self.0.province.get() {
            return Ok(Some(*found));
        }
        let codes: Vec<i64> = region::Entity::find()
            .select_only()
            .column(region::Column::Code)
            .filter(region::Column::Level.eq("PROVINCE"))
            .filter(region::Column::ValidTo.is_null())
            .limit(2)
            .into_tuple()
            .all(self.read_pool())
            .await
            .map_err(failure)?;
        let [code] = codes.as_slice() else {
            return Ok(None);
        };
        let province = RegionCode::from_i64(*code).map_err(Failure::internal)?;
        Ok(Some(*self.0.province.get_or_init(|| province)))
    }
}
