//! Expected outcomes of the registry's use cases.

mod categories;
mod corrections;
mod households;
mod texts;

pub use categories::CategoryItemRejection;
pub use corrections::CorrectionRejection;
pub use households::HouseholdRejection;

use crate::kernel::error::{Rejection, Severity, Text};
use crate::kernel::region_code::RegionCode;
use crate::kernel::unreadable::Unreadable;

/// Why a request about a person or household was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerRejection {
    /// A value cannot be read; the code says which way, the text what to do.
    Unreadable {
        /// The kernel's stable code, such as `BAD_CHECK_DIGIT`.
        code: &'static str,
    },
    /// The person is registered already, by the named county.
    AlreadyRegistered {
        /// The county to contact.
        county: RegionCode,
    },
    /// The person is registered already, and the caller may see the record.
    RegisteredHere,
    /// Id and name do not belong together, as far as the registry can tell. It does not tell more.
    IdentityNotConfirmed,
    /// Today's quota of answers about people out of reach is used up.
    DisclosureQuotaUsed,
    /// Younger than the working age.
    UnderWorkingAge,
    /// No such region, or none of the level that is needed.
    UnknownRegion,
    /// A household with this number exists in the county.
    HouseholdNumberTaken,
    /// A date lies after today.
    DateInFuture,
    /// A date lies before anything the registry is about.
    DateTooEarly,
    /// The record changed since the caller read it.
    StaleVersion,
    /// Dated before the person was born.
    DateBeforeBirth,
    /// Not after the first day of the present helper.
    BeforePresentHelper,
    /// The person has died: nothing begins for them, and nothing is stated of later days.
    PersonDeceased,
    /// No purpose to be kept in the trail.
    BadPurpose,
    /// Words that are kept for good name a number of a person.
    PersonalNumber,
    /// More skills than a record holds.
    TooManySkills {
        /// How many it holds.
        most: usize,
    },
    /// The caller reads the record, and only where it is registered may change it.
    OriginDecides,
    /// The field is not the caller's to give.
    FieldNotAllowed,
    /// The fact was taken back before.
    AlreadyVoided,
    /// Whoever recorded it cannot take it back.
    SecondPersonRequired,
    /// A text is empty or too long.
    BadText {
        /// Most characters allowed.
        most: usize,
    },
}

impl Rejection for WorkerRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { code } => code,
            Self::AlreadyRegistered { .. } | Self::RegisteredHere => "ALREADY_REGISTERED",
            Self::IdentityNotConfirmed => "IDENTITY_NOT_CONFIRMED",
            Self::DisclosureQuotaUsed => "DISCLOSURE_QUOTA_USED",
            Self::UnderWorkingAge => "UNDER_WORKING_AGE",
            Self::UnknownRegion => "UNKNOWN_REGION",
            Self::HouseholdNumberTaken => "HOUSEHOLD_NUMBER_TAKEN",
            Self::DateInFuture => "DATE_IN_FUTURE",
            Self::DateTooEarly => "DATE_TOO_EARLY",
            Self::StaleVersion => "STALE_VERSION",
            Self::DateBeforeBirth => "DATE_BEFORE_BIRTH",
            Self::BeforePresentHelper => "BEFORE_PRESENT_HELPER",
            Self::PersonDeceased => "PERSON_DECEASED",
            Self::BadPurpose => "BAD_PURPOSE",
            Self::PersonalNumber => "PERSONAL_NUMBER",
            Self::OriginDecides => "ORIGIN_DECIDES",
            Self::FieldNotAllowed => "FIELD_NOT_ALLOWED",
            Self::AlreadyVoided => "ALREADY_VOIDED",
            Self::SecondPersonRequired => "SECOND_PERSON_REQUIRED",
            Self::BadText { .. } => "BAD_TEXT",
            Self::TooManySkills { .. } => "TOO_MANY_SKILLS",
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::IdentityNotConfirmed | Self::DisclosureQuotaUsed | Self::SecondPersonRequired => {
                Severity::Warning
            }
            Self::Unreadable { .. }
            | Self::AlreadyRegistered { .. }
            | Self::RegisteredHere
            | Self::UnderWorkingAge
            | Self::UnknownRegion
            | Self::HouseholdNumberTaken
            | Self::DateInFuture
            | Self::DateTooEarly
            | Self::StaleVersion
            | Self::DateBeforeBirth
            | Self::BeforePresentHelper
            | Self::PersonDeceased
            | Self::BadPurpose
            | Self::PersonalNumber
            | Self::OriginDecides
            | Self::FieldNotAllowed
            | Self::AlreadyVoided
            | Self::TooManySkills { .. }
            | Self::BadText { .. } => Severity::Info,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Unreadable { code } => Unreadable::text_of(code),
            Self::AlreadyRegistered { county } => Text::new(
                format!("此人已登记，请联系 {county}。"),
                format!("This person is registered already. Contact region {county}."),
            ),
            Self::RegisteredHere => texts::REGISTERED_HERE,
            Self::IdentityNotConfirmed => texts::IDENTITY_NOT_CONFIRMED,
            Self::DisclosureQuotaUsed => texts::DISCLOSURE_QUOTA_USED,
            Self::UnderWorkingAge => texts::UNDER_WORKING_AGE,
            Self::UnknownRegion => texts::UNKNOWN_REGION,
            Self::HouseholdNumberTaken => texts::HOUSEHOLD_NUMBER_TAKEN,
            Self::DateInFuture => texts::DATE_IN_FUTURE,
            Self::DateTooEarly => texts::DATE_TOO_EARLY,
            Self::DateBeforeBirth => texts::DATE_BEFORE_BIRTH,
            Self::BeforePresentHelper => texts::BEFORE_PRESENT_HELPER,
            Self::PersonDeceased => texts::PERSON_DECEASED,
            Self::BadPurpose => texts::BAD_PURPOSE,
            Self::PersonalNumber => texts::PERSONAL_NUMBER,
            Self::StaleVersion => texts::STALE_VERSION,
            Self::OriginDecides => texts::ORIGIN_DECIDES,
            Self::FieldNotAllowed => texts::FIELD_NOT_ALLOWED,
            Self::AlreadyVoided => texts::ALREADY_VOIDED,
            Self::SecondPersonRequired => texts::SECOND_PERSON_REQUIRED,
            Self::TooManySkills { most } => Text::new(
                format!("技能最多 {most} 项，请合并。"),
                format!("A record holds at most {most} skills. Combine some."),
            ),
            Self::BadText { most } => Text::new(
                format!("文字须为 1 到 {most} 个字符，且不含控制字符或乱码（\u{FFFD}）。"),
                format!(
                    "The text must have 1 to {most} characters, no control characters and no \u{FFFD}, \
                     which stands for one that was lost: type it anew."
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::error::Locale;

    #[test]
    fn refusals_of_what_was_typed_say_what_to_do() {
        let unreadable = [
            "MISSING",
            "BAD_CHECK_DIGIT",
            "BAD_BIRTH_DATE",
            "MANGLED_BY_SPREADSHEET",
            "MALFORMED",
            "BAD_PHONE",
            "BAD_BANK_ACCOUNT",
            "BAD_CREDIT_CODE",
            "BAD_AMOUNT",
        ]
        .map(|code| WorkerRejection::Unreadable { code });
        let others = [
            WorkerRejection::UnderWorkingAge,
            WorkerRejection::UnknownRegion,
            WorkerRejection::HouseholdNumberTaken,
            WorkerRejection::PersonDeceased,
        ];
        for rejection in unreadable.iter().chain(&others) {
            let text = rejection.text();
            assert!(text.in_locale(Locale::ZhCn).contains('请'), "{rejection:?}");
        }
        let decided = CorrectionRejection::AlreadyDecided.text();
        assert!(decided.in_locale(Locale::ZhCn).contains('请'));
    }

    #[test]
    fn a_number_of_the_wrong_length_is_told_the_right_one() {
        let text = WorkerRejection::Unreadable { code: "MALFORMED" }.text();
        assert!(text.in_locale(Locale::En).contains("18"), "{text:?}");
    }
}
