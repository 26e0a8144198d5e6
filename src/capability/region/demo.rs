//! The fictional province that the demo, the generator and the tests live in.

/// Prefix 59 is assigned to no real place, so nobody real is hit by made-up resident ids.
const TABLE: &str = include_str!("demo-province.csv");

/// The demo province as a table for [`super::service::import`]: 1 province, 4 prefectures,
/// 22 counties, 213 townships and 1,796 villages.
#[must_use]
pub const fn demo_province() -> &'static str {
    TABLE
}
