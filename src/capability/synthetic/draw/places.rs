//! Where people live and work: the region table's villages and the employers.

use std::collections::{BTreeMap, HashMap};

use super::super::model::{GenerateOptions, NewEmployer};
use super::{Dice, names};
use crate::capability::employer::public::EmployerKind;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::EmployerId;
use crate::kernel::region_code::RegionCode;

/// So many people share one employer, on average.
const WORKERS_PER_EMPLOYER: u32 = 40;
/// Spreads the made-up organisation codes over the six digits after `MA`.
const CODE_STEP: u64 = 7_919;
/// Workplaces in other provinces.
pub(super) const OUTSIDE: [i64; 5] = [
    440_300_000_000,
    441_900_000_000,
    330_100_000_000,
    320_500_000_000,
    350_200_000_000,
];

/// Everything there is to draw from.
pub(in super::super) struct Province {
    /// By county; no list is empty.
    villages: BTreeMap<RegionCode, Vec<RegionCode>>,
    counties: Vec<RegionCode>,
    employers: HashMap<RegionCode, Vec<EmployerId>>,
    focus: Option<EmployerId>,
}

impl Province {
    /// `None` without any village.
    pub(in super::super) fn new(villages: &[RegionCode]) -> Option<Self> {
        let mut by_county: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for village in villages {
            by_county
                .entry(village.county()?)
                .or_default()
                .push(*village);
        }
        let counties: Vec<_> = by_county.keys().copied().collect();
        (!counties.is_empty()).then_some(Self {
            villages: by_county,
            counties,
            employers: HashMap::new(),
            focus: None,
        })
    }

    /// Adds the employers, each with its county, the one of the focus first.
    pub(in super::super) fn settle(&mut self, employers: &[(RegionCode, EmployerId)]) {
        self.focus = employers.first().map(|(_, id)| *id);
        for (county, id) in employers {
            self.employers.entry(*county).or_default().push(*id);
        }
    }

    /// The counties with villages, in the order of codes.
    pub(super) fn counties(&self) -> &[RegionCode] {
        &self.counties
    }

    /// The employer of the focus.
    pub(super) const fn focus(&self) -> Option<EmployerId> {
        self.focus
    }

    pub(super) fn any_village(&self, dice: &mut Dice, county: RegionCode) -> RegionCode {
        let villages = self.villages.get(&county).map_or(&[][..], Vec::as_slice);
        dice.pick(villages).unwrap_or(county)
    }

    pub(super) fn any_county(&self, dice: &mut Dice) -> RegionCode {
        dice.pick(&self.counties)
            .expect("a province is not made without counties")
    }

    pub(super) fn any_employer(&self, dice: &mut Dice, county: RegionCode) -> Option<EmployerId> {
        let there = self.employers.get(&county).map_or(&[][..], Vec::as_slice);
        dice.pick(there)
    }

    /// Where the first household of a batch lives: told by the number alone, so that it can be
    /// looked for without drawing the batch.
    pub(in super::super) fn first_county(&self, batch: u32, origin: RegionCode) -> RegionCode {
        if batch == 0 && self.villages.contains_key(&origin) {
            return origin;
        }
        self.counties[batch as usize % self.counties.len()]
    }
}

/// The number of the first household of a batch.
pub(in super::super) fn first_number(batch: u32) -> String {
    household_number(batch, 0)
}

/// What [`household_number`] makes, as a pattern of SQL.
pub(in super::super) const NUMBERED: &str = "S_________";

/// No batch has more households than people.
pub(super) fn household_number(batch: u32, within: u32) -> String {
    let number = u64::from(batch) * u64::from(super::super::model::BATCH) + u64::from(within);
    format!("S{number:09}")
}

/// The employers of a province, the one of the focus first.
pub(in super::super) fn employers(
    province: &Province,
    options: &GenerateOptions,
    mut dice: Dice,
) -> Vec<NewEmployer> {
    let code = options.focus.employer.clone();
    let county = RegionCode::from_i64(i64::from(code.division()) * 1_000_000);
    let focus = NewEmployer {
        id: dice.ids.next(),
        name: names::employer(&mut dice, "有限公司"),
        kind: EmployerKind::of_code(&code),
        county: county.unwrap_or(options.focus.origin),
        code,
    };
    let others = options.workers / WORKERS_PER_EMPLOYER;
    std::iter::once(focus)
        .chain((0..others).map(|number| employer(province, number, &mut dice)))
        .collect()
}

fn employer(province: &Province, number: u32, dice: &mut Dice) -> NewEmployer {
    let county = province.counties()[number as usize % province.counties().len()];
    let (kind, ending) = dice.weighted(&[
        (70, ("91", "有限公司")),
        (20, ("92", "经营部")),
        (10, ("93", "专业合作社")),
    ]);
    let division = u32::try_from(county.as_i64() / 1_000_000).expect("six digits");
    // Injective below a million, because the step is prime to it.
    let spread = u64::from(number) * CODE_STEP % 1_000_000;
    let organisation = format!("MA{spread:06}");
    let code = CreditCode::assemble(kind, division, &organisation).expect("parts of their lengths");
    NewEmployer {
        id: dice.ids.next(),
        name: names::employer(dice, ending),
        kind: EmployerKind::of_code(&code),
        county,
        code,
    }
}
