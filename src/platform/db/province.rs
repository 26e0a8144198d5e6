//! Which province this exchange serves.

use ::entity::region;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::Db;
use super::error::failure;
use crate::kernel::error::Failure;
use crate::kernel::region_code::RegionCode;

impl Db {
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
