//! What can be wrong with a row, and what that means for it.

use super::columns::Column;
use crate::kernel::closed::closed;
use crate::kernel::error::Text;
use crate::kernel::personal::holds_personal_number;

closed! {
    /// What became of a row.
    Verdict {
        /// The person is in the registry, and nothing that the row says was left out.
        Accepted = "accepted",
        /// The person is in; a value stayed out, or something deserves a look.
        AcceptedWithNote = "accepted_with_note",
        /// The person stayed out.
        Rejected = "rejected",
    }
}

closed! {
    /// Defects of a row, by the codes of the report.
    Defect {
        /// A value without which nobody can be registered.
        Missing = "MISSING",
        /// The resident id's check digit does not fit.
        BadCheckDigit = "BAD_CHECK_DIGIT",
        /// The resident id's birth date does not exist or lies in the future.
        BadBirthDate = "BAD_BIRTH_DATE",
        /// A spreadsheet has turned the number into `5.9E+17`.
        MangledBySpreadsheet = "MANGLED_BY_SPREADSHEET",
        /// The resident id has neither 18 nor 15 characters, or others than digits.
        Malformed = "MALFORMED",
        /// An earlier row of the file has this resident id.
        DuplicateInFile = "DUPLICATE_IN_FILE",
        /// Younger than 16.
        UnderWorkingAge = "UNDER_WORKING_AGE",
        /// No such region.
        UnknownRegion = "UNKNOWN_REGION",
        /// No such category.
        UnknownCategory = "UNKNOWN_CATEGORY",
        /// Another row gives the household another category.
        ConflictingCategory = "CONFLICTING_CATEGORY",
        /// Another county has registered this person.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// Id and name do not belong together, as far as the registry can tell.
        IdentityNotConfirmed = "IDENTITY_NOT_CONFIRMED",
        /// The credit code is not valid.
        BadCreditCode = "BAD_CREDIT_CODE",
        /// The employer is known by name only.
        EmployerUnresolved = "EMPLOYER_UNRESOLVED",
        /// Not an amount.
        BadAmount = "BAD_AMOUNT",
        /// Not a date.
        BadDate = "BAD_DATE",
        /// The date lies after today.
        DateInFuture = "DATE_IN_FUTURE",
        /// Not a phone number.
        BadPhone = "BAD_PHONE",
        /// A value that is none of those known for the column.
        UnknownValue = "UNKNOWN_VALUE",
        /// The person or household is in the registry already, with another value.
        DiffersFromRecord = "DIFFERS_FROM_RECORD",
        /// A resident id of 15 digits was converted.
        ConvertedFrom15Digits = "CONVERTED_FROM_15_DIGITS",
        /// The division in the resident id is not in the tables in force.
        UnknownIdPrefix = "UNKNOWN_ID_PREFIX",
    }
}

impl Defect {
    /// What the defect means for its row.
    pub(super) const fn verdict(self) -> Verdict {
        match self {
            Self::Missing
            | Self::BadCheckDigit
            | Self::BadBirthDate
            | Self::MangledBySpreadsheet
            | Self::Malformed
            | Self::DuplicateInFile
            | Self::UnderWorkingAge
            | Self::UnknownRegion
            | Self::UnknownCategory
            | Self::ConflictingCategory
            | Self::AlreadyRegistered
            | Self::IdentityNotConfirmed => Verdict::Rejected,
            Self::BadCreditCode
            | Self::EmployerUnresolved
            | Self::BadAmount
            | Self::BadDate
            | Self::DateInFuture
            | Self::BadPhone
            | Self::UnknownValue
            | Self::DiffersFromRecord
            | Self::ConvertedFrom15Digits
            | Self::UnknownIdPrefix => Verdict::AcceptedWithNote,
        }
    }

    /// What to do about it.
    fn hint(self) -> Text {
        let (zh, en) = match self {
            Self::Missing => ("请补填此项。", "Fill in this value."),
            Self::BadCheckDigit => (
                "校验位错误，请核对证件。",
                "Wrong check digit: compare with the card.",
            ),
            Self::BadBirthDate => (
                "出生日期无效，请核对证件。",
                "No such birth date: compare with the card.",
            ),
            Self::MangledBySpreadsheet => (
                "号码已被电子表格改写，请将该列设为文本后重新录入。",
                "Mangled by a spreadsheet: format the column as text and enter the number again.",
            ),
            Self::Malformed => (
                "身份证号码格式无效。",
                "Not a resident id: it has 18 characters, or 15 digits.",
            ),
            Self::DuplicateInFile => ("与前面的行重复。", "Repeats an earlier row."),
            Self::UnderWorkingAge => (
                "未满16周岁，不予登记。",
                "Under 16: not registered as a worker.",
            ),
            Self::UnknownRegion => ("行政区划代码不存在。", "There is no such region."),
            Self::UnknownCategory => (
                "类别须为：脱贫户、脱贫不稳定户、边缘易致贫户、突发严重困难户。",
                "Give one of the four categories of the registry.",
            ),
            Self::ConflictingCategory => (
                "同一户有两种类别，请核对。",
                "One household with two categories: check which holds.",
            ),
            Self::AlreadyRegistered => (
                "已由其他县登记，请联系该县。",
                "Registered by another county: contact it.",
            ),
            Self::IdentityNotConfirmed => (
                "无法确认号码与姓名相符，请核对证件。",
                "Id and name could not be confirmed: compare with the card.",
            ),
            Self::BadCreditCode => (
                "统一社会信用代码无效，单位名称已按文字保留。",
                "Not a valid credit code; the employer is kept by name.",
            ),
            Self::EmployerUnresolved => (
                "缺少信用代码，单位名称已按文字保留，请补正。",
                "No credit code; the employer is kept by name until somebody resolves it.",
            ),
            Self::BadAmount => (
                "金额无效，工资未录入。",
                "Not an amount; the wage stays out.",
            ),
            Self::BadDate => ("日期无效，该项未录入。", "Not a date; the value stays out."),
            Self::DateInFuture => (
                "日期晚于今天，该项未录入。",
                "The date lies after today; the value stays out.",
            ),
            Self::BadPhone => (
                "电话号码无效，未录入。",
                "Not a phone number; it stays out.",
            ),
            Self::UnknownValue => ("无法识别，该项未录入。", "Not a known value; it stays out."),
            Self::DiffersFromRecord => (
                "与现有档案不一致，未录入；如有变化，请在档案上更新。",
                "The record says otherwise and stays as it is; update the record if things changed.",
            ),
            Self::ConvertedFrom15Digits => {
                ("15位号码已换算为18位。", "Converted from 15 digits to 18.")
            }
            Self::UnknownIdPrefix => (
                "身份证号码前六位不在现行区划表中，请留意。",
                "The first six digits are in no table in force; have a look.",
            ),
        };
        Text::new(zh, en)
    }
}

/// One defect of one row. Its value is masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub column: Column,
    /// What.
    pub defect: Defect,
    /// The value, masked where it is personal.
    pub value: String,
    /// What to do, in both languages.
    pub hint: Text,
}

impl Finding {
    pub(super) fn new(column: Column, defect: Defect, value: &str) -> Self {
        Self {
            column,
            defect,
            value: masked(column, value),
            hint: defect.hint(),
        }
    }

    pub(super) fn hinting(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Text::new(zh.into(), en.into());
        self
    }
}

/// Reports travel by mail and disk: of a personal value they show no more than its ends. A row with
/// a cell too many has the resident id in the column beside, so the form counts as well as the
/// column.
fn masked(column: Column, value: &str) -> String {
    let personal = matches!(column, Column::ResidentId | Column::Phone | Column::Name)
        || holds_personal_number(value);
    if !personal {
        return value.chars().take(60).collect();
    }
    let characters: Vec<char> = value.chars().collect();
    let (head, tail) = match characters.len() {
        0..=2 => (0, 0),
        3..=7 => (1, 0),
        8..=11 => (3, 2),
        _ => (6, 4),
    };
    let kept = characters.len() - tail;
    characters
        .iter()
        .enumerate()
        .map(|(at, c)| if at < head || at >= kept { *c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_show_no_more_than_the_ends_of_a_personal_value() {
        for (column, value, expected) in [
            (
                Column::ResidentId,
                "590222199305203880",
                "590222********3880",
            ),
            (Column::ResidentId, "590222721013164", "590222*****3164"),
            (Column::Phone, "1380013", "1******"),
            (Column::Name, "王小明", "王**"),
            (Column::Category, "一般农户?", "一般农户?"),
            (Column::OriginRegionCode, "590222101209", "590222101209"),
            (
                Column::OriginRegionCode,
                "590222199305203880",
                "590222********3880",
            ),
        ] {
            assert_eq!(Finding::new(column, Defect::Missing, value).value, expected);
        }
    }
}
