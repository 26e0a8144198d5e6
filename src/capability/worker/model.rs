//! People and households as values.

mod correction;
mod delivery;

pub use correction::{Correction, CorrectionKind, CorrectionState};
pub use delivery::CategoryItemOutcome;

use chrono::{DateTime, NaiveDate, Utc};

use crate::kernel::closed::{Closed, closed};
use crate::kernel::ids::{EmploymentId, HouseholdId, LabourFactId, WorkerId};
use crate::kernel::region_code::RegionCode;

closed! {
    /// Why a household is in the registry. Several may hold at once; each has its own dates.
    PovertyCategory {
        /// 脱贫人口: lifted out of poverty.
        LiftedOutOfPoverty = "LIFTED_OUT_OF_POVERTY",
        /// 脱贫不稳定户: monitored, lifted out of poverty but not stably.
        MonitoredUnstable = "MONITORED_UNSTABLE",
        /// 边缘易致贫户: monitored, on the margin of poverty.
        MonitoredMarginal = "MONITORED_MARGINAL",
        /// 突发严重困难户: monitored after a sudden severe hardship.
        MonitoredSuddenHardship = "MONITORED_SUDDEN_HARDSHIP",
    }
}

closed! {
    /// Who stated a category. Agriculture is its sole master; a county's statement is provisional.
    CategorySource {
        /// The agriculture and rural affairs agency.
        Agriculture = "AGRICULTURE",
        /// A county, until agriculture speaks.
        County = "COUNTY",
    }
}

closed! {
    /// Work status, derived from facts and never set by hand.
    WorkStatus {
        /// At least one confirmed job has not ended.
        Working = "WORKING",
        /// The last job ended, or the origin reported that there is none.
        NotWorking = "NOT_WORKING",
        /// Left the labour force: retired, lost the ability to work, studies.
        LeftLabourForce = "LEFT_LABOUR_FORCE",
        /// A death is on record.
        Deceased = "DECEASED",
        /// No fact says anything.
        Unknown = "UNKNOWN",
    }
}

closed! {
    /// Where somebody works, seen from the registered residence. The parts add up to the whole.
    WorkSplit {
        /// In the county of registration.
        WithinCounty = "WITHIN_COUNTY",
        /// In another county of the province.
        OtherCounty = "OTHER_COUNTY",
        /// Outside the province.
        OutsideProvince = "OUTSIDE_PROVINCE",
    }
}

closed! {
    /// Highest completed education.
    Education {
        /// No schooling.
        Illiterate = "ILLITERATE",
        /// 小学.
        Primary = "PRIMARY",
        /// 初中.
        JuniorSecondary = "JUNIOR_SECONDARY",
        /// 高中.
        SeniorSecondary = "SENIOR_SECONDARY",
        /// 中专, 中职, 技校.
        SecondaryVocational = "SECONDARY_VOCATIONAL",
        /// 大专, 高职.
        JuniorCollege = "JUNIOR_COLLEGE",
        /// 本科.
        Bachelor = "BACHELOR",
        /// 研究生.
        Postgraduate = "POSTGRADUATE",
    }
}

closed! {
    /// Kinds of dated, sourced facts about a person's place in the labour force.
    LabourFactKind {
        /// Able to work.
        Able = "ABLE",
        /// Willing to work. Whoever works counts as willing.
        Willing = "WILLING",
        /// The origin reported that the person has no job.
        ReportedNotWorking = "REPORTED_NOT_WORKING",
        /// Left the labour force.
        LeftLabourForce = "LEFT_LABOUR_FORCE",
        /// Died.
        Deceased = "DECEASED",
        /// Left a public welfare post (公益性岗位退出人员, the third tracked group).
        LeftPublicPost = "LEFT_PUBLIC_POST",
    }
}

closed! {
    /// What became of a reported death.
    DeathReceipt {
        /// It is on the person's record.
        Recorded = "RECORDED",
        /// The report was taken. It is answered like this whoever it is about.
        Received = "RECEIVED",
    }
}

closed! {
    /// Personal values that only `revealPersonalData` shows in full.
    PersonalField {
        /// The resident id of 18 characters.
        ResidentId = "RESIDENT_ID",
        /// The phone number.
        Phone = "PHONE",
        /// The account or social security card for subsidies.
        BankAccount = "BANK_ACCOUNT",
        /// The birth date; beside the mask of a resident id it gives the id back.
        BirthDate = "BIRTH_DATE",
    }
}

/// The tracked groups a person belongs to today, as one small set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Categories(i32);

/// The bit of public-welfare-post leavers, beside those of [`PovertyCategory`].
const LEFT_PUBLIC_POST: i32 = 1 << 4;

impl Categories {
    /// The set as it is stored.
    #[must_use]
    pub const fn from_bits(bits: i32) -> Self {
        Self(bits)
    }

    /// The stored form.
    #[must_use]
    pub const fn bits(self) -> i32 {
        self.0
    }

    /// The bit of one category.
    #[must_use]
    pub const fn bit(category: PovertyCategory) -> i32 {
        match category {
            PovertyCategory::LiftedOutOfPoverty => 1,
            PovertyCategory::MonitoredUnstable => 1 << 1,
            PovertyCategory::MonitoredMarginal => 1 << 2,
            PovertyCategory::MonitoredSuddenHardship => 1 << 3,
        }
    }

    /// The set with one more category.
    #[must_use]
    pub const fn with(self, category: PovertyCategory) -> Self {
        Self(self.0 | Self::bit(category))
    }

    /// The set with or without the mark of having left a public welfare post.
    #[must_use]
    pub const fn with_public_post_leaver(self, left: bool) -> Self {
        if left {
            Self(self.0 | LEFT_PUBLIC_POST)
        } else {
            Self(self.0 & !LEFT_PUBLIC_POST)
        }
    }

    /// Whether the person left a public welfare post.
    #[must_use]
    pub const fn is_public_post_leaver(self) -> bool {
        self.0 & LEFT_PUBLIC_POST != 0
    }

    /// The household's categories in it.
    pub fn iter(self) -> impl Iterator<Item = PovertyCategory> {
        PovertyCategory::VALUES
            .iter()
            .copied()
            .filter(move |category| self.0 & Self::bit(*category) != 0)
    }
}

/// A person as both regions see them: masked.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The record's id.
    pub id: WorkerId,
    /// The household the person belongs to now.
    pub household: HouseholdId,
    /// Name as on the resident id card.
    pub name: String,
    /// Resident id with everything between division and last four masked.
    pub resident_id_mask: String,
    /// All of the birth date that is shown beside the mask.
    pub birth_year: i32,
    /// Masked phone number.
    pub phone_mask: Option<String>,
    /// Masked bank account.
    pub bank_account_mask: Option<String>,
    /// Highest completed education.
    pub education: Option<Education>,
    /// Skills in the person's words.
    pub skills: Vec<String>,
    /// Village of registered residence (a higher level where the village is not known).
    pub origin: RegionCode,
    /// Address within the village, as registered.
    pub origin_address: Option<String>,
    /// Where the person stays, when reported.
    pub stay: Option<RegionCode>,
    /// Derived work status.
    pub work_status: WorkStatus,
    /// Since when, where known.
    pub work_status_since: Option<NaiveDate>,
    /// Able to work; `None` when nobody stated it.
    pub able: Option<bool>,
    /// Willing to work; `None` when nobody stated it and the person does not work.
    pub willing: Option<bool>,
    /// Tracked groups today.
    pub categories: Categories,
    /// The principal current job.
    pub current_employment: Option<EmploymentId>,
    /// County of the principal current job, when it is in the province.
    pub work_county: Option<RegionCode>,
    /// Prefecture of the principal current job, when it is in the province.
    pub work_prefecture: Option<RegionCode>,
    /// Place of work seen from the origin; `None` for whoever does not work.
    pub work_split: Option<WorkSplit>,
    /// Grows by one with every change.
    pub version: i64,
    /// When the person was registered.
    pub created_at: DateTime<Utc>,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
}

impl Worker {
    /// The day of death, as far as one is on record.
    #[must_use]
    pub fn died_on(&self) -> Option<NaiveDate> {
        self.work_status_since
            .filter(|_| self.work_status == WorkStatus::Deceased)
    }
}

/// A household: people registered together under one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// The record's id.
    pub id: HouseholdId,
    /// Village of registration.
    pub village: RegionCode,
    /// The county's number for it; unique within the county.
    pub number: Option<String>,
    /// When it ended by a merger or the last member's leaving.
    pub dissolved_on: Option<NaiveDate>,
    /// The household it was merged into.
    pub merged_into: Option<HouseholdId>,
    /// Grows by one with every change.
    pub version: i64,
}

/// One dated statement of a household's category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategorySpell {
    /// Which category.
    pub category: PovertyCategory,
    /// First day it holds.
    pub since: NaiveDate,
    /// Last day it holds; open when absent.
    pub until: Option<NaiveDate>,
    /// Who stated it.
    pub source: CategorySource,
    /// Whether agriculture has not confirmed it yet.
    pub provisional: bool,
}

/// A category statement as it is on record: standing, or superseded by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCategory {
    /// What was stated.
    pub spell: CategorySpell,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime<Utc>,
    /// Whether another statement took its place.
    pub superseded: bool,
}

/// Superseded statements of a household that its history shows, the latest ones: agriculture may
/// restate as often as it likes.
pub const MAX_SUPERSEDED: usize = 50;

/// Where, and in which household, a person was registered from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residence {
    /// The household of this time.
    pub household: HouseholdId,
    /// Village of registration.
    pub village: RegionCode,
    /// First day, as far as the registry knows.
    pub since: NaiveDate,
    /// Last day; `None` for the present residence.
    pub until: Option<NaiveDate>,
    /// Why it began; `None` for a registration.
    pub reason: Option<String>,
}

/// One dated, sourced fact about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabourFact {
    /// What it is about.
    pub kind: LabourFactKind,
    /// Whether it holds from `since` on.
    pub value: bool,
    /// First day.
    pub since: NaiveDate,
    /// Who knows: an office, a certificate, the person.
    pub source: String,
}

/// The present helper of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// Subject of the helper's token.
    pub helper: String,
    /// First day.
    pub since: NaiveDate,
}

/// A fact as it is on record: standing, or voided as a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFact {
    /// The record.
    pub id: LabourFactId,
    /// What was stated.
    pub fact: LabourFact,
    /// Subject of the token that recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// When it was taken back, and why.
    pub voided: Option<(DateTime<Utc>, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_categories_gives_back_what_went_in() {
        let set = Categories::default()
            .with(PovertyCategory::LiftedOutOfPoverty)
            .with(PovertyCategory::MonitoredSuddenHardship)
            .with_public_post_leaver(true);
        assert_eq!(set.bits(), 1 + 8 + 16);
        assert!(set.is_public_post_leaver());
        assert!(!set.with_public_post_leaver(false).is_public_post_leaver());
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [
                PovertyCategory::LiftedOutOfPoverty,
                PovertyCategory::MonitoredSuddenHardship
            ]
        );
    }
}
