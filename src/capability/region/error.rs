//! Why a row of a division table stays out.

use crate::kernel::closed::{Closed as _, closed};
use crate::kernel::error::{Rejection, Severity, Text};

closed! {
    /// Why a row of a division table stays out.
    RowRejection {
        /// The row is no UTF-8 text.
        NotText = "NOT_TEXT",
        /// A quotation mark is never closed on its line.
        StrayQuote = "STRAY_QUOTE",
        /// The code has not twelve digits, or digits below an empty group.
        BadCode = "BAD_CODE",
        /// The level is none of PROVINCE, PREFECTURE, COUNTY, TOWNSHIP and VILLAGE.
        UnknownLevel = "UNKNOWN_LEVEL",
        /// The code's digits belong to another level.
        LevelMismatch = "LEVEL_MISMATCH",
        /// The parent is not the division that the code lies in.
        ParentMismatch = "PARENT_MISMATCH",
        /// The parent is neither in the table nor above this row in the file: order rows by code.
        UnknownParent = "UNKNOWN_PARENT",
        /// The Chinese name is missing, or a name is longer than 100 characters.
        BadName = "BAD_NAME",
        /// A date is not written YYYY-MM-DD, or lies before 1949 or after 2100.
        BadDate = "BAD_DATE",
        /// The last day lies before the first.
        EndsBeforeStart = "ENDS_BEFORE_START",
        /// The successor is no code, or the division itself.
        BadSuccessor = "BAD_SUCCESSOR",
        /// The division lies in another province than those loaded before: an exchange serves one.
        OtherProvince = "OTHER_PROVINCE",
        /// The file has an earlier row with this code.
        Repeated = "REPEATED",
    }
}

impl RowRejection {
    /// The column to look at; `None` when it is the row as a whole.
    #[must_use]
    pub const fn column(self) -> Option<&'static str> {
        match self {
            Self::NotText | Self::StrayQuote => None,
            Self::BadCode | Self::OtherProvince | Self::Repeated => Some("code"),
            Self::UnknownLevel | Self::LevelMismatch => Some("level"),
            Self::ParentMismatch | Self::UnknownParent => Some("parent"),
            Self::BadName => Some("name_zh"),
            Self::BadDate | Self::EndsBeforeStart => Some("valid_to"),
            Self::BadSuccessor => Some("successor"),
        }
    }
}

impl Rejection for RowRejection {
    fn code(&self) -> &'static str {
        self.as_str()
    }

    fn severity(&self) -> Severity {
        Severity::Info
    }

    fn text(&self) -> Text {
        let chinese = match self {
            Self::NotText => "该行不是 UTF-8 文本。",
            Self::StrayQuote => "该行的引号不成对。",
            Self::BadCode => "代码应为 12 位数字，且上级组为空时下级组不得有值。",
            Self::UnknownLevel => "级别应为 PROVINCE、PREFECTURE、COUNTY、TOWNSHIP 或 VILLAGE。",
            Self::LevelMismatch => "级别与代码位数不符。",
            Self::ParentMismatch => "上级代码不是该代码所属的区划。",
            Self::UnknownParent => "上级区划既不在库中，也未在文件前文出现；请按代码排序。",
            Self::BadName => "缺少中文名称，或名称超过 100 个字符。",
            Self::BadDate => "日期应写作 YYYY-MM-DD，且在 1949 至 2100 年之间。",
            Self::EndsBeforeStart => "终止日期早于起始日期。",
            Self::BadSuccessor => "承继代码无效，或就是该区划自身。",
            Self::OtherProvince => "本系统只服务一个省，此代码属于其他省；请从文件中删去。",
            Self::Repeated => "文件前文已有此代码。",
        };
        Text::new(chinese, self.about())
    }
}
