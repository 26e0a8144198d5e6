//! One row's cells as values, and what is wrong with them.

mod job;

use chrono::NaiveDate;

use super::columns::Column;
use super::defect::{Defect, Finding, Verdict};
use super::reader::RawRow;
use crate::capability::employer::public::EmployerName;
use crate::capability::employment::public::WrittenEmployer;
use crate::capability::region::public::Places;
use crate::capability::worker::public::{Education, PovertyCategory, WORKING_AGE};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::days::is_too_early;
use crate::kernel::money::Fen;
use crate::kernel::personal::holds_personal_number;
use crate::kernel::phone::Phone;
use crate::kernel::region_code::{RegionCode, RegionCodeError};
use crate::kernel::resident_id::{DivisionTable, ResidentId, ResidentIdError, ResidentIdNote};
use crate::kernel::text::{bounded, compact, narrow, parse_date};

/// Longest name, number or address that the registry takes, in characters.
const MAX_TEXT: usize = 200;

/// A row that has been read. `person` is absent when the row is refused.
pub(super) struct ReadRow {
    pub(super) number: u64,
    pub(super) findings: Vec<Finding>,
    pub(super) person: Option<Person>,
}

impl ReadRow {
    /// Refuses the row after all.
    pub(super) fn refuse(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.person = None;
    }
}

/// The person and the job that a row describes.
pub(super) struct Person {
    pub(super) household_number: Option<String>,
    pub(super) name: String,
    pub(super) resident_id: ResidentId,
    pub(super) origin: RegionCode,
    pub(super) origin_address: Option<String>,
    pub(super) category: PovertyCategory,
    pub(super) category_since: Option<NaiveDate>,
    /// Whether the file has a column for that day and the row leaves it blank.
    pub(super) since_left_blank: bool,
    pub(super) education: Option<Education>,
    pub(super) able: Option<bool>,
    pub(super) willing: Option<bool>,
    pub(super) working: Option<bool>,
    pub(super) phone: Option<Phone>,
    pub(super) job: Option<LedgerJob>,
}

/// The job in a row.
pub(super) struct LedgerJob {
    pub(super) employer: GivenEmployer,
    pub(super) workplace: RegionCode,
    pub(super) started_on: NaiveDate,
    pub(super) monthly_wage: Option<Fen>,
}

/// How a row names an employer.
pub(super) enum GivenEmployer {
    /// Not at all: own business or flexible work.
    None,
    /// In a way that cannot be read at all.
    Unknown,
    /// By name, or by a code that is not valid, until somebody resolves it.
    Named(String),
    /// By a valid credit code, with the name to register it under.
    Coded(CreditCode, Option<EmployerName>),
}

impl GivenEmployer {
    /// What the row has of it that can be read.
    pub(super) fn written(&self) -> WrittenEmployer {
        let (name, code) = match self {
            Self::None | Self::Unknown => (None, None),
            Self::Named(name) => (Some(name.clone()), None),
            Self::Coded(code, name) => {
                let name = name.as_ref().map(|name| name.as_str().to_owned());
                (name, Some(code.clone()))
            }
        };
        WrittenEmployer { name, code }
    }
}

/// What rows are read against.
pub(super) struct Tables<'a> {
    pub(super) today: NaiveDate,
    pub(super) divisions: &'a dyn DivisionTable,
    /// The divisions that the rows name, and their provinces.
    pub(super) places: &'a Places,
}

impl Tables<'_> {
    /// Whether people can live and work there: in force, and a county or narrower, since the
    /// county is what a person and a job belong to.
    fn is_seat(&self, code: RegionCode) -> bool {
        self.places.in_force_on(code, self.today) && self.places.has_county(code)
    }
}

/// Reads a row.
pub(super) fn read(raw: &RawRow, tables: &Tables<'_>) -> ReadRow {
    if let Some(finding) = &raw.unreadable {
        return ReadRow {
            number: raw.number,
            findings: vec![finding.clone()],
            person: None,
        };
    }
    let mut cells = Cells {
        raw,
        tables,
        findings: Vec::new(),
    };
    let person = cells.person();
    let mut findings = cells.findings;
    findings.extend_from_slice(&raw.noted);
    let refused = findings
        .iter()
        .any(|finding| finding.defect.verdict() == Verdict::Rejected);
    ReadRow {
        number: raw.number,
        person: person.filter(|_| !refused),
        findings,
    }
}

struct Cells<'a> {
    raw: &'a RawRow,
    tables: &'a Tables<'a>,
    findings: Vec<Finding>,
}

impl Cells<'_> {
    fn note(&mut self, column: Column, defect: Defect) {
        let value = self.raw.cell(column).to_owned();
        self.findings.push(Finding::new(column, defect, &value));
    }

    fn text(&self, column: Column) -> Option<String> {
        let text = narrow(self.raw.cell(column));
        (!text.is_empty()).then_some(text)
    }

    fn required(&mut self, column: Column) -> Option<String> {
        let text = self.text(column);
        if text.is_none() {
            self.note(column, Defect::Missing);
        }
        text
    }

    /// Reads every cell, so that all defects of the row are found at once.
    fn person(&mut self) -> Option<Person> {
        let name = self.name();
        let resident_id = self.resident_id();
        let origin = self.origin();
        let category = self.category();
        let category_since = self.date(Column::CategorySince);
        let education = self.education();
        let able = self.flag(Column::AbleToWork);
        let willing = self.flag(Column::WillingToWork);
        let (working, unclear) = self.working();
        let phone = self.phone();
        let job = match working {
            Some(false) => {
                self.contradicted();
                None
            }
            None if unclear => None,
            Some(true) | None => self.job(resident_id.as_ref(), working),
        };
        Some(Person {
            household_number: self.bounded(Column::HouseholdNumber),
            name: name?,
            resident_id: resident_id?,
            origin: origin?,
            origin_address: self.plain(Column::OriginAddress),
            category: category?,
            category_since,
            since_left_blank: self.raw.has(Column::CategorySince)
                && self.text(Column::CategorySince).is_none(),
            education,
            able,
            willing,
            working,
            phone,
            job,
        })
    }

    /// A text that the registry can keep.
    fn bounded(&mut self, column: Column) -> Option<String> {
        let text = self.text(column)?;
        let kept = bounded(&text, MAX_TEXT);
        if kept.is_none() {
            self.note(column, Defect::UnknownValue);
        }
        kept
    }

    /// The same without anybody's number.
    fn plain(&mut self, column: Column) -> Option<String> {
        let kept = self.bounded(column)?;
        if holds_personal_number(&kept) {
            self.note(column, Defect::UnknownValue);
            return None;
        }
        Some(kept)
    }

    /// Nobody is registered without a name.
    fn name(&mut self) -> Option<String> {
        let text = self.required(Column::Name)?;
        let name = bounded(&text, MAX_TEXT).filter(|name| !holds_personal_number(name));
        if name.is_none() {
            let finding = Finding::new(Column::Name, Defect::Malformed, &text).hinting(
                "姓名过长，或含有控制字符、乱码（\u{FFFD}）、证件号码、手机号码。",
                "The name is too long, or holds control characters, a \u{FFFD} of another encoding, or \
                 somebody's number.",
            );
            self.findings.push(finding);
        }
        name
    }

    fn resident_id(&mut self) -> Option<ResidentId> {
        let raw = self.raw.cell(Column::ResidentId).to_owned();
        let parsed = ResidentId::parse(&raw, self.tables.today, self.tables.divisions);
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                self.note(Column::ResidentId, defect_of(&error));
                return None;
            }
        };
        for note in &parsed.notes {
            let defect = match note {
                ResidentIdNote::ConvertedFrom15Digits => Defect::ConvertedFrom15Digits,
                ResidentIdNote::UnknownIdPrefix => Defect::UnknownIdPrefix,
            };
            self.note(Column::ResidentId, defect);
        }
        let age = parsed.id.age_on(self.tables.today);
        if age.is_none_or(|age| age < WORKING_AGE) {
            self.note(Column::ResidentId, Defect::UnderWorkingAge);
            return None;
        }
        Some(parsed.id)
    }

    fn origin(&mut self) -> Option<RegionCode> {
        let text = self.required(Column::OriginRegionCode)?;
        let read = region_named(&text);
        let code = read.ok().filter(|code| self.tables.is_seat(*code));
        if code.is_none() {
            self.note_region(Column::OriginRegionCode, Defect::UnknownRegion, read);
        }
        code
    }

    /// Tells a code that is none from one that no region has.
    fn note_region(
        &mut self,
        column: Column,
        defect: Defect,
        read: Result<RegionCode, RegionCodeError>,
    ) {
        let finding = Finding::new(column, defect, self.raw.cell(column));
        self.findings.push(match read {
            Err(RegionCodeError::NotTwelveDigits) => finding.hinting(
                "须填12位行政区划代码，县级和乡级代码以0补足12位。",
                "Give a region code of 12 digits; that of a county or township is filled up with zeros.",
            ),
            Err(RegionCodeError::EmptyGroup) | Ok(_) => finding,
        });
    }

    fn category(&mut self) -> Option<PovertyCategory> {
        let text = self.required(Column::Category)?;
        let category = category_named(&text);
        if category.is_none() {
            self.note(Column::Category, Defect::UnknownCategory);
        }
        category
    }

    /// A day up to today, of this age.
    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        let text = self.text(column)?;
        match parse_date(without_time(&text)) {
            None => self.note(column, Defect::BadDate),
            Some(day) if is_too_early(day) => self.note(column, Defect::BadDate),
            Some(day) if day > self.tables.today => self.note(column, Defect::DateInFuture),
            Some(day) => return Some(day),
        }
        None
    }

    fn education(&mut self) -> Option<Education> {
        let text = self.text(Column::Education)?;
        let education = education_named(&text);
        if education.is_none() {
            self.note(Column::Education, Defect::UnknownValue);
        }
        education
    }

    fn flag(&mut self, column: Column) -> Option<bool> {
        let text = self.text(column)?;
        let named = flag_named(&text);
        if named.is_none() {
            self.note(column, Defect::UnknownValue);
        }
        named
    }

    fn phone(&mut self) -> Option<Phone> {
        let text = self.text(Column::Phone)?;
        let phone = Phone::parse(&text).ok();
        if phone.is_none() {
            self.note(Column::Phone, Defect::BadPhone);
        }
        phone
    }

    /// The first of these cells that is filled in.
    fn first_given(&self, columns: &[Column]) -> Option<Column> {
        let mut columns = columns.iter().copied();
        columns.find(|column| self.text(*column).is_some())
    }
}

/// Reads the code of a region, also with spaces in it or as a spreadsheet writes a number.
pub(super) fn region_named(text: &str) -> Result<RegionCode, RegionCodeError> {
    let text = compact(text);
    RegionCode::parse(text.strip_suffix(".0").unwrap_or(&text))
}

/// The number of a day where a spreadsheet has kept a day with its time as a number, such as `45527.5`.
fn without_time(text: &str) -> &str {
    match text.split_once('.') {
        Some((day, time)) if day.len() == 5 && is_digits(day) && is_digits(time) => day,
        _ => text,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn flag_named(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "是" | "有" | "yes" | "y" | "true" | "1" => Some(true),
        "否" | "无" | "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

const fn defect_of(error: &ResidentIdError) -> Defect {
    match error {
        ResidentIdError::Missing => Defect::Missing,
        ResidentIdError::BadCheckDigit => Defect::BadCheckDigit,
        ResidentIdError::BadBirthDate => Defect::BadBirthDate,
        ResidentIdError::MangledBySpreadsheet => Defect::MangledBySpreadsheet,
        ResidentIdError::Malformed => Defect::Malformed,
    }
}

fn category_named(text: &str) -> Option<PovertyCategory> {
    use crate::kernel::closed::Closed as _;
    Some(match text {
        "脱贫户" | "脱贫人口" => PovertyCategory::LiftedOutOfPoverty,
        "脱贫不稳定户" => PovertyCategory::MonitoredUnstable,
        "边缘易致贫户" => PovertyCategory::MonitoredMarginal,
        "突发严重困难户" => PovertyCategory::MonitoredSuddenHardship,
        other => return PovertyCategory::parse(&other.to_uppercase()),
    })
}

fn education_named(text: &str) -> Option<Education> {
    use crate::kernel::closed::Closed as _;
    Some(match text {
        "文盲" | "半文盲" | "文盲或半文盲" => Education::Illiterate,
        "小学" => Education::Primary,
        "初中" => Education::JuniorSecondary,
        "高中" => Education::SeniorSecondary,
        "中专" | "中职" | "技校" => Education::SecondaryVocational,
        "大专" | "高职" => Education::JuniorCollege,
        "本科" | "大学" => Education::Bachelor,
        "研究生" | "硕士" | "博士" => Education::Postgraduate,
        other => return Education::parse(&other.to_uppercase()),
    })
}
