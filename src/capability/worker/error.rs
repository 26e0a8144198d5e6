//! Expected outcomes of the registry's use cases.

mod categories;
mod corrections;
mod households;

pub use categories::CategoryItemRejection;
pub use corrections::CorrectionRejection;
pub use households::HouseholdRejection;

use crate::kernel::error::{Rejection, Severity, Text};
use crate::kernel::region_code::RegionCode;

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
    /// No purpose to be kept in the trail.
    BadPurpose,
    /// A reason to be kept in the trail names a number of a person.
    NumberInReason,
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
            Self::BadPurpose | Self::NumberInReason => "BAD_PURPOSE",
            Self::FieldNotAllowed => "FIELD_NOT_ALLOWED",
            Self::AlreadyVoided => "ALREADY_VOIDED",
            Self::SecondPersonRequired => "SECOND_PERSON_REQUIRED",
            Self::BadText { .. } => "BAD_TEXT",
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
            | Self::BadPurpose
            | Self::NumberInReason
            | Self::FieldNotAllowed
            | Self::AlreadyVoided
            | Self::BadText { .. } => Severity::Info,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::Unreadable { code } => unreadable(code),
            Self::AlreadyRegistered { county } => Text::new(
                format!("此人已登记，请联系 {county}。"),
                format!("This person is registered already. Contact region {county}."),
            ),
            Self::RegisteredHere => Text::new(
                "此人已登记，请在现有记录上办理。",
                "This person is registered already. Work on the record that exists.",
            ),
            Self::IdentityNotConfirmed => Text::new(
                "无法确认身份证号码与姓名相符，请核对证件后联系省级管理员。",
                "Resident id and name could not be confirmed. Check the card, then ask the province.",
            ),
            Self::DisclosureQuotaUsed => Text::new(
                "今日查重次数已用完，请明日再试或联系省级管理员。",
                "Today's quota of registration checks is used up. Try tomorrow or ask the province.",
            ),
            Self::UnderWorkingAge => Text::new(
                "未满16周岁，不能登记为劳动者。",
                "Under 16 years of age; not to be registered as a worker.",
            ),
            Self::UnknownRegion => Text::new(
                "行政区划代码不存在或级别不符。",
                "There is no such region, or it is not of the level needed here.",
            ),
            Self::HouseholdNumberTaken => Text::new(
                "本县已有相同户编号。",
                "The county has a household with this number already.",
            ),
            Self::DateInFuture => {
                Text::new("日期不能晚于今天。", "The date must not lie after today.")
            }
            Self::DateTooEarly => Text::new(
                "日期过早，请核对年份。",
                "The date lies too far back; check the year.",
            ),
            Self::StaleVersion => Text::new(
                "记录已被他人更新，请查看当前记录后重试。",
                "The record has changed since. Look at the current record and try again.",
            ),
            Self::DateBeforeBirth => Text::new(
                "日期不能早于出生日期。",
                "The date must not lie before the person's birth.",
            ),
            Self::BeforePresentHelper => Text::new(
                "日期须晚于现任帮扶人的开始日期。",
                "The date must lie after the first day of the present helper.",
            ),
            Self::BadPurpose => Text::new(
                "用途须为 5 到 200 个字符，且不含个人号码。",
                "The purpose must have 5 to 200 characters and name no number of a person.",
            ),
            Self::NumberInReason => Text::new(
                "理由会长期留在日志中，请勿写入身份证号、电话或银行账号。",
                "The reason stays in the trail: leave out resident ids, phone numbers and accounts.",
            ),
            Self::FieldNotAllowed => Text::new(
                "您的角色不能填写或查看此项。",
                "This field is not for your role to give or to see.",
            ),
            Self::AlreadyVoided => Text::new(
                "该记录此前已撤销。",
                "This statement was taken back before.",
            ),
            Self::SecondPersonRequired => Text::new(
                "死亡记录须由登记人以外的另一人撤销。",
                "Somebody other than whoever recorded a death must take it back.",
            ),
            Self::BadText { most } => Text::new(
                format!("文字须为 1 到 {most} 个字符。"),
                format!("The text must have 1 to {most} characters."),
            ),
        }
    }
}

/// What to do about a value that the kernel could not read.
fn unreadable(code: &str) -> Text {
    match code {
        "MISSING" => Text::new("必填项为空。", "A required value is missing."),
        "BAD_CHECK_DIGIT" => Text::new(
            "身份证号码校验位错误，请核对证件。",
            "The check digit of the resident id is wrong. Compare with the card.",
        ),
        "BAD_BIRTH_DATE" => Text::new(
            "身份证号码中的出生日期无效。",
            "The birth date in the resident id does not exist or lies in the future.",
        ),
        "MANGLED_BY_SPREADSHEET" => Text::new(
            "号码已被电子表格改写，请将该列设为文本后重新录入。",
            "A spreadsheet has mangled the number. Format the column as text and enter it again.",
        ),
        "BAD_PHONE" => Text::new("电话号码无效。", "This is not a phone number."),
        "BAD_BANK_ACCOUNT" => Text::new("银行账号无效。", "This is not a bank account number."),
        "BAD_CREDIT_CODE" => Text::new(
            "统一社会信用代码无效。",
            "This is not a valid unified social credit code.",
        ),
        "BAD_AMOUNT" => Text::new("金额无效。", "This is not an amount."),
        _ => Text::new("格式无效。", "The value is not of the expected form."),
    }
}
