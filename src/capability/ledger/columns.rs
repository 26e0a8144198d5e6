//! The columns of a ledger, in either language and any order.

use crate::kernel::text::compact;

/// What a column holds. The English names are those of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Running number; ignored.
    Number,
    /// The county's number for the household.
    HouseholdNumber,
    /// Name of the person.
    Name,
    /// Resident id.
    ResidentId,
    /// Code of the village of registration.
    OriginRegionCode,
    /// Address within the village.
    OriginAddress,
    /// Category of the household.
    Category,
    /// First day of the category.
    CategorySince,
    /// Highest completed education.
    Education,
    /// Able to work.
    AbleToWork,
    /// Willing to work.
    WillingToWork,
    /// Works at present.
    Working,
    /// Code of the region of work.
    WorkplaceRegionCode,
    /// Name of the employer.
    EmployerName,
    /// Unified social credit code of the employer.
    EmployerCreditCode,
    /// First day of the job.
    JobStart,
    /// Monthly wage in yuan.
    MonthlyWageYuan,
    /// Phone number.
    Phone,
    /// Free text; ignored, because nobody has said what it may hold.
    Remark,
    /// One of the file whose header says nothing, or none at all.
    Unnamed,
}

/// Each column with its English name and the Chinese headers that counties use for it.
const HEADERS: &[(Column, &str, &[&str])] = &[
    (Column::Number, "no", &["序号"]),
    (Column::HouseholdNumber, "household_no", &["户编号", "户号"]),
    (Column::Name, "name", &["姓名"]),
    (
        Column::ResidentId,
        "resident_id",
        &["身份证号码", "身份证号", "公民身份号码", "证件号码"],
    ),
    (
        Column::OriginRegionCode,
        "origin_region_code",
        &["户籍地行政区划代码", "户籍地区划代码"],
    ),
    (Column::OriginAddress, "origin_address", &["户籍地址"]),
    (Column::Category, "category", &["人口类别", "户类型"]),
    (
        Column::CategorySince,
        "category_since",
        &["认定日期", "识别日期"],
    ),
    (Column::Education, "education", &["文化程度", "学历"]),
    (Column::AbleToWork, "able_to_work", &["劳动能力"]),
    (Column::WillingToWork, "willing_to_work", &["就业意愿"]),
    (Column::Working, "working", &["务工状态", "是否务工"]),
    (
        Column::WorkplaceRegionCode,
        "workplace_region_code",
        &["务工地行政区划代码", "务工地区划代码"],
    ),
    (
        Column::EmployerName,
        "employer_name",
        &["务工单位", "务工企业", "单位名称"],
    ),
    (
        Column::EmployerCreditCode,
        "employer_credit_code",
        &["统一社会信用代码", "信用代码"],
    ),
    (Column::JobStart, "job_start", &["务工开始时间", "务工时间"]),
    (
        Column::MonthlyWageYuan,
        "monthly_wage_yuan",
        &["月工资(元)", "月工资", "月收入(元)"],
    ),
    (Column::Phone, "phone", &["联系电话", "电话", "手机号码"]),
    (Column::Remark, "remark", &["备注"]),
];

/// Columns without which no row can be read.
pub(super) const REQUIRED: [Column; 4] = [
    Column::Name,
    Column::ResidentId,
    Column::OriginRegionCode,
    Column::Category,
];

impl Column {
    /// Reads a header cell; `None` for one that is not known.
    pub(super) fn of_header(cell: &str) -> Option<Self> {
        let text = compact(cell).to_lowercase();
        Self::named(&text).or_else(|| Self::named(&without_remark(&text)?))
    }

    fn named(text: &str) -> Option<Self> {
        HEADERS
            .iter()
            .find(|(_, english, chinese)| *english == text || chinese.contains(&text))
            .map(|(column, _, _)| *column)
    }

    /// The English name, as it stands in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        HEADERS
            .iter()
            .find(|(column, _, _)| *column == self)
            .map_or("unnamed", |(_, english, _)| english)
    }

    /// The usual header in Chinese.
    pub(super) fn chinese(self) -> &'static str {
        HEADERS
            .iter()
            .find(|(column, _, _)| *column == self)
            .and_then(|(_, _, chinese)| chinese.first())
            .map_or("", |name| name)
    }

    /// Whether anything is taken in from it.
    pub(super) const fn is_read(self) -> bool {
        !matches!(self, Self::Number | Self::Remark | Self::Unnamed)
    }
}

/// What stands around a remark in a header, in whatever width: full-width parentheses are narrowed.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕')];

/// What makes a remark more than one: it says that the column is about somebody else, or counts in
/// another unit.
const TELLING: [&str; 18] = [
    "户主",
    "帮扶",
    "干部",
    "责任人",
    "联系人",
    "监护",
    "父",
    "母",
    "配偶",
    "子女",
    "家庭",
    "万",
    "千",
    "年薪",
    "年收入",
    "月数",
    "天数",
    "年限",
];

/// Remarks of a column that holds how long something took, and no day: 务工时间(月).
const LENGTHS: [&str; 4] = ["月", "个月", "天", "年"];

/// A header without the remark in brackets at its end, such as `(18位)`; `None` where it has none, or
/// one that tells it from the column of that name.
fn without_remark(header: &str) -> Option<String> {
    let (open, _) = BRACKETS
        .iter()
        .find(|(_, close)| header.ends_with(*close))?;
    let (name, remark) = header.split_once(*open)?;
    let closes = |c: char| BRACKETS.iter().any(|(_, close)| *close == c);
    let whole = remark.trim_end_matches(closes);
    let tells = LENGTHS.contains(&whole) || TELLING.iter().any(|word| remark.contains(word));
    (!name.is_empty() && !tells).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_in_both_languages_and_full_width() {
        for (header, column) in [
            ("姓名", Column::Name),
            (" 身份证号码 ", Column::ResidentId),
            ("月工资（元）", Column::MonthlyWageYuan),
            ("Resident_ID", Column::ResidentId),
            ("employer_credit_code", Column::EmployerCreditCode),
            ("姓  名", Column::Name),
            ("身份证号码\n（18位）", Column::ResidentId),
            ("月工资[元/月]", Column::MonthlyWageYuan),
            ("务工状态【必填】", Column::Working),
        ] {
            assert_eq!(Column::of_header(header), Some(column), "{header}");
        }
        for other in [
            "鞋码",
            "(姓名)",
            "月工资（万元）",
            "务工时间(月)",
            "联系电话(帮扶干部)",
            "姓名(户主)",
        ] {
            assert_eq!(Column::of_header(other), None, "{other}");
        }
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = HEADERS
            .iter()
            .map(|(column, _, _)| column.as_str())
            .collect();
        assert_eq!(names.len(), HEADERS.len());
        assert!(!names.contains(Column::Unnamed.as_str()));
    }
    #[test]
    fn the_runbook_lists_every_header() {
        let runbook = include_str!("../../../docs/operating.md");
        for (_, english, chinese) in HEADERS {
            let line = format!("| `{english}` | {} |", chinese.join("、"));
            assert!(runbook.contains(&line), "{line}");
        }
    }
}
