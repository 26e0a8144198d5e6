//! The job of a row, as its cells give it.

use chrono::NaiveDate;

use super::{Cells, GivenEmployer, LedgerJob, flag_named, region_named};
use crate::capability::employer::public::EmployerName;
use crate::capability::ledger::columns::Column;
use crate::capability::ledger::defect::{Defect, Finding};
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Locale, Text};
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;

/// The cells without any of which a row gives no job.
const JOB: [Column; 4] = [
    Column::WorkplaceRegionCode,
    Column::EmployerName,
    Column::EmployerCreditCode,
    Column::JobStart,
];

/// The highest monthly wage that is taken in, a million yuan: nobody whom ledgers are about earns a
/// hundredth of it, and a number of another column or one with digits too many would swamp every mean.
const HIGHEST_WAGE: Fen = Fen::new(100_000_000);

/// What counties write of somebody who does not work, beside what says no in any column.
const NOT_WORKING: [&str; 10] = [
    "未务工",
    "无业",
    "未就业",
    "失业",
    "在家",
    "没有",
    "返乡",
    "×",
    "✗",
    "✘",
];

impl Cells<'_> {
    /// Whether the person works, and whether the cell says something that is not understood. A job on
    /// the word of such a row would count, so it gives none.
    pub(super) fn working(&mut self) -> (Option<bool>, bool) {
        let Some(text) = self.text(Column::Working) else {
            return (None, false);
        };
        if NOT_WORKING.contains(&text.as_str()) {
            return (Some(false), false);
        }
        let named = flag_named(&text);
        if named.is_none() {
            let job = self.first_given(&JOB);
            let job = job.or_else(|| self.first_given(&[Column::MonthlyWageYuan]));
            self.findings.push(unclear_status(&text, job.is_some()));
        }
        (named, named.is_none())
    }

    /// Names a job of somebody who is said not to work. Which of the two holds, the county knows.
    pub(super) fn contradicted(&mut self) {
        let given = self
            .first_given(&JOB)
            .or_else(|| self.first_given(&[Column::MonthlyWageYuan]));
        if let Some(column) = given {
            self.note(column, Defect::JobContradicted);
        }
    }

    /// The job, when the row has one and says where and since when.
    pub(super) fn job(
        &mut self,
        person: Option<&ResidentId>,
        working: Option<bool>,
    ) -> Option<LedgerJob> {
        if self.first_given(&JOB).is_none() {
            let said = if working == Some(true) {
                Some(Column::Working)
            } else {
                self.first_given(&[Column::MonthlyWageYuan])
            };
            if let Some(column) = said {
                self.note(column, Defect::JobNotGiven);
            }
            return None;
        }
        let employer = self.employer();
        let workplace = self.workplace();
        let started_on = self.job_start(person);
        if started_on.is_none() && self.text(Column::JobStart).is_none() {
            self.note(Column::JobStart, Defect::BadDate);
        }
        let monthly_wage = self.wage();
        let (Some(workplace), Some(started_on)) = (workplace, started_on) else {
            self.tell_that_no_job_was_recorded();
            return None;
        };
        Some(LedgerJob {
            employer,
            workplace,
            started_on,
            monthly_wage,
        })
    }

    /// A job has a place and a first day: the cell that lacks them costs more than its own value.
    fn tell_that_no_job_was_recorded(&mut self) {
        for finding in &mut self.findings {
            if matches!(
                finding.column,
                Column::WorkplaceRegionCode | Column::JobStart
            ) {
                finding.hint = without_job(&finding.hint);
            }
        }
    }

    /// Nobody works before they are born.
    fn job_start(&mut self, person: Option<&ResidentId>) -> Option<NaiveDate> {
        let day = self.date(Column::JobStart)?;
        if person.is_none_or(|id| id.birth_date() <= day) {
            return Some(day);
        }
        let value = self.raw.cell(Column::JobStart);
        self.findings.push(
            Finding::new(Column::JobStart, Defect::BadDate, value).hinting(
                "早于出生日期，请核对年份和身份证号码。",
                "Before the person's birth: check the year and the resident id.",
            ),
        );
        None
    }

    fn employer(&mut self) -> GivenEmployer {
        let written = self.text(Column::EmployerName);
        let name = written.as_deref().map(EmployerName::parse);
        if let Some(Err(_)) = name {
            self.note(Column::EmployerName, Defect::UnknownValue);
        }
        let name = name.and_then(Result::ok);
        let as_text = |name: &EmployerName| GivenEmployer::Named(name.as_str().to_owned());
        let Some(code) = self.text(Column::EmployerCreditCode) else {
            return match name {
                Some(name) => {
                    self.note(Column::EmployerCreditCode, Defect::EmployerUnresolved);
                    as_text(&name)
                }
                None if written.is_some() => GivenEmployer::Unknown,
                None => GivenEmployer::None,
            };
        };
        if let Ok(code) = CreditCode::parse(&code) {
            return GivenEmployer::Coded(code, name);
        }
        self.note(Column::EmployerCreditCode, Defect::BadCreditCode);
        // Without a name the code as it was typed is all there is to go by.
        let name = name.or_else(|| EmployerName::parse(&code).ok());
        name.as_ref().map_or(GivenEmployer::Unknown, as_text)
    }

    /// Within the province a workplace is a county in force or narrower; outside it only the form
    /// of the code is checked.
    fn workplace(&mut self) -> Option<RegionCode> {
        let places = self.tables.places;
        let read = region_named(self.raw.cell(Column::WorkplaceRegionCode));
        let code = read
            .ok()
            .filter(|code| !places.has(code.province()) || self.tables.is_seat(*code));
        if code.is_none() {
            self.note_region(Column::WorkplaceRegionCode, Defect::UnknownValue, read);
        }
        code
    }

    fn wage(&mut self) -> Option<Fen> {
        let text = self.text(Column::MonthlyWageYuan)?;
        let wage = Fen::parse_yuan(&text).ok().filter(|wage| *wage > Fen::ZERO);
        let Some(wage) = wage else {
            self.note(Column::MonthlyWageYuan, Defect::BadAmount);
            return None;
        };
        if wage > HIGHEST_WAGE {
            let finding = Finding::new(Column::MonthlyWageYuan, Defect::BadAmount, &text);
            self.findings.push(finding.hinting(
                "月工资超过一百万元，未录入；请核对单位和位数。",
                "More than a million yuan a month; the wage stays out. Check its digits.",
            ));
            return None;
        }
        Some(wage)
    }
}

fn unclear_status(text: &str, gives_job: bool) -> Finding {
    let finding = Finding::new(Column::Working, Defect::UnknownValue, text);
    if !gives_job {
        return finding.hinting(
            "无法识别，该项未录入；请填“是”或“否”。",
            "Not a known value; it stays out. Write yes or no.",
        );
    }
    finding.hinting(
        "无法识别是否务工，该项和务工记录均未录入；请填“是”或“否”后重新导入。",
        "Not a known value, so no job was recorded: write yes or no and import again.",
    )
}

fn without_job(hint: &Text) -> Text {
    let (zh, en) = (hint.in_locale(Locale::ZhCn), hint.in_locale(Locale::En));
    Text::new(
        format!("{zh}未录入该务工记录，请更正后重新导入。"),
        format!("{en} No job was recorded: correct the cell and import again."),
    )
}
