//! A division, and the counties that resident ids are checked against.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::kernel::ids::RecordId;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::kernel::resident_id::DivisionTable;

/// An administrative division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code, which also says its level and where it lies.
    pub code: RegionCode,
    /// How deep it lies.
    pub level: RegionLevel,
    /// The division around it; `None` for a province.
    pub parent: Option<RegionCode>,
    /// Official Chinese name.
    pub name_zh: String,
    /// English name, when one is known.
    pub name_en: Option<String>,
    /// First day the code is in force.
    pub valid_from: NaiveDate,
    /// Last day the code is in force; `None` while it is.
    pub valid_to: Option<NaiveDate>,
    /// The code that took over when this one was abolished.
    pub successor: Option<RegionCode>,
}

impl Region {
    /// Whether the code is in force on a day.
    #[must_use]
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// Divisions that somebody named, as far as the table has them.
#[derive(Clone, Debug, Default)]
pub struct Places {
    regions: HashMap<RegionCode, Region>,
    /// The prefectures among them that have no counties.
    undivided: HashSet<RegionCode>,
}

impl Places {
    pub(super) const fn new(
        regions: HashMap<RegionCode, Region>,
        undivided: HashSet<RegionCode>,
    ) -> Self {
        Self { regions, undivided }
    }

    /// Whether the table has the code, in force or not.
    #[must_use]
    pub fn has(&self, code: RegionCode) -> bool {
        self.regions.contains_key(&code)
    }

    /// Whether the code is in force on a day.
    #[must_use]
    pub fn in_force_on(&self, code: RegionCode, day: NaiveDate) -> bool {
        let region = self.regions.get(&code);
        region.is_some_and(|region| region.in_force_on(day))
    }

    /// Whether it lies in a county or stands in for one, which is what people, jobs and employers
    /// belong to: a county, a narrower division, or a prefecture without counties.
    #[must_use]
    pub fn has_county(&self, code: RegionCode) -> bool {
        code.county().is_some() || self.undivided.contains(&code)
    }
}

/// A division as a record: its code in the form that opaque ids and the journal carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionId(Uuid);

impl RegionId {
    /// The id of the division with a code.
    ///
    /// # Panics
    /// Never: codes are not negative.
    #[must_use]
    pub fn of(code: RegionCode) -> Self {
        let number = u128::try_from(code.as_i64()).expect("a code is not negative");
        Self(Uuid::from_u128(number))
    }

    /// The code; `None` when the id holds none.
    #[must_use]
    pub fn code(self) -> Option<RegionCode> {
        let number = i64::try_from(self.0.as_u128()).ok()?;
        RegionCode::from_i64(number).ok()
    }
}

impl RecordId for RegionId {
    const TYPE: &'static str = "Region";

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

/// The counties in force in the provinces whose table is loaded.
///
/// Give it to [`crate::kernel::resident_id::ResidentId::parse`]. It is a snapshot: load it once
/// per request or batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownDivisions {
    /// Two-digit prefixes of the provinces that have a county in the table.
    provinces: HashSet<u32>,
    /// Six-digit county codes in force.
    counties: HashSet<u32>,
}

impl KnownDivisions {
    /// From the counties of the table ([`super::public::counties`]), abolished ones included: they
    /// show that their province is covered.
    #[must_use]
    pub fn new(counties: &[Region], today: NaiveDate) -> Self {
        let six_digits = |region: &Region| {
            u32::try_from(region.code.as_i64() / 1_000_000).expect("six digits fit")
        };
        Self {
            provinces: counties.iter().map(|c| six_digits(c) / 10_000).collect(),
            counties: counties
                .iter()
                .filter(|region| region.in_force_on(today))
                .map(six_digits)
                .collect(),
        }
    }
}

impl DivisionTable for KnownDivisions {
    fn knows_county(&self, county: u32) -> Option<bool> {
        self.provinces
            .contains(&(county / 10_000))
            .then(|| self.counties.contains(&county))
    }
}

/// The counties among prefectures and counties, with the prefectures that have none and stand in
/// for one themselves (Dongguan; see [`RegionCode::county`]). The order is kept.
#[must_use]
pub fn county_equivalents(regions: Vec<Region>) -> Vec<Region> {
    let divided: HashSet<RegionCode> = regions
        .iter()
        .filter(|region| region.level == RegionLevel::County)
        .filter_map(|county| county.parent)
        .collect();
    regions
        .into_iter()
        .filter(|region| match region.level {
            RegionLevel::County => true,
            RegionLevel::Prefecture => !divided.contains(&region.code),
            RegionLevel::Province | RegionLevel::Township | RegionLevel::Village => false,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids;
    use crate::kernel::resident_id::{ResidentId, ResidentIdNote};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn region(code: &str, valid_to: Option<&str>) -> Region {
        let code = RegionCode::parse(code).expect("a code");
        Region {
            code,
            level: code.level(),
            parent: code.parent(),
            name_zh: "名".to_owned(),
            name_en: None,
            valid_from: day("1980-01-01"),
            valid_to: valid_to.map(day),
            successor: None,
        }
    }

    #[test]
    fn an_id_carries_its_code_and_no_other_record_passes_for_a_region() {
        let code = RegionCode::parse("590101001200").expect("a code");
        let outside = ids::encode(RegionId::of(code));
        let inside = ids::decode::<RegionId>(&outside).expect("its own id");
        assert_eq!(inside.code(), Some(code));
        assert_eq!(RegionId::from_uuid(Uuid::from_u128(7)).code(), None);
        assert_eq!(RegionId::from_uuid(Uuid::max()).code(), None);
    }

    #[test]
    fn a_division_is_in_force_on_its_last_day_and_not_on_the_next() {
        let merged = region("590101000000", Some("2021-03-17"));
        assert!(merged.in_force_on(day("2021-03-17")));
        assert!(!merged.in_force_on(day("2021-03-18")));
        assert!(!merged.in_force_on(day("1979-12-31")));
        assert!(region("590101000000", None).in_force_on(day("2026-11-23")));
    }

    #[test]
    fn a_prefecture_without_counties_stands_in_for_one() {
        let found = county_equivalents(vec![
            region("440100000000", None),
            region("440103000000", None),
            region("441900000000", None),
            region("441900003000", None),
        ]);
        let codes: Vec<_> = found.iter().map(|r| r.code.to_string()).collect();
        assert_eq!(codes, ["440103000000", "441900000000"]);
    }

    #[test]
    fn only_the_loaded_provinces_answer_for_a_resident_ids_county() {
        let today = day("2026-11-23");
        let counties = [
            region("590101000000", None),
            region("590102000000", Some("2021-03-17")),
        ];
        let known = KnownDivisions::new(&counties, today);
        assert_eq!(known.knows_county(590_101), Some(true));
        assert_eq!(known.knows_county(590_102), Some(false));
        assert_eq!(known.knows_county(590_199), Some(false));
        assert_eq!(known.knows_county(522_423), None);

        let parsed = ResidentId::parse("590101196802293516", today, &known).expect("valid");
        assert_eq!(parsed.notes, []);
        let parsed = ResidentId::parse("522423190102039994", today, &known).expect("valid");
        assert_eq!(parsed.notes, [ResidentIdNote::UnknownIdPrefix]);
    }
}
