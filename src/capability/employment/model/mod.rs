//! A job as a value: what was said about it, and how much it counts.

mod sets;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use sets::{
    ConfirmedBy, ContractKind, EmploymentForm, EmploymentState, EndReason, FoundBy, RecordStatus,
};

use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{EmployerId, EmploymentId, WorkerId};
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;

/// Longest job title, employer name or reason, in characters.
pub const MAX_TEXT: usize = 200;

/// An employer as somebody wrote it: by name, by credit code, by both, or not readably at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenEmployer {
    /// Its name.
    pub name: Option<String>,
    /// Its credit code, registered or not.
    pub code: Option<CreditCode>,
}

/// What is said about a job, whoever works in it. It has a stored form, since a report about
/// somebody who is not registered is kept as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// How the person works.
    pub form: EmploymentForm,
    /// The unit that signs and insures; none for own business and flexible work.
    pub employer: Option<EmployerId>,
    /// The employer's name as written, until somebody resolves it.
    pub employer_name: Option<String>,
    /// The employer's credit code as written, while nobody has registered it.
    #[serde(default)]
    pub employer_code: Option<CreditCode>,
    /// The employer as it was written, resolved or not. On a record it stays what was written
    /// first: by it the same row of a ledger finds its job, whoever the employer turned out to be.
    #[serde(default)]
    pub written: WrittenEmployer,
    /// Labour dispatch: the unit that hosts.
    pub host: Option<EmployerId>,
    /// Kind of contract.
    pub contract_kind: Option<ContractKind>,
    /// First day of the contract's first term.
    pub contract_start: Option<NaiveDate>,
    /// Last day of the contract's first term.
    pub contract_end: Option<NaiveDate>,
    /// Occupation as reported.
    pub job_title: Option<String>,
    /// Monthly wage.
    #[serde(serialize_with = "as_fen", deserialize_with = "from_fen")]
    pub monthly_wage: Option<Fen>,
    /// Where the work is done; may differ from the employer's seat.
    pub workplace: RegionCode,
    /// First day of work.
    pub started_on: NaiveDate,
    /// How it was found.
    pub found_by: Option<FoundBy>,
}

#[expect(
    clippy::ref_option,
    reason = "the signature that serde's attribute calls"
)]
fn as_fen<S: Serializer>(wage: &Option<Fen>, serializer: S) -> Result<S::Ok, S::Error> {
    wage.map(Fen::as_i64).serialize(serializer)
}

fn from_fen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fen>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(Fen::new))
}

/// Who said so, as it stands on the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporter {
    /// Role, or `SYSTEM` for an import.
    pub role: String,
    /// Subject of the token.
    pub subject: String,
    /// Region, credit code or agency acted for.
    pub acting_for: Option<String>,
}

impl Reporter {
    /// The region that an officer, a helper or an import reported for.
    #[must_use]
    pub fn for_region(&self) -> Option<RegionCode> {
        RegionCode::parse(self.acting_for.as_deref()?).ok()
    }

    /// The employer that reported for itself.
    #[must_use]
    pub fn for_employer(&self) -> Option<CreditCode> {
        CreditCode::parse(self.acting_for.as_deref()?).ok()
    }
}

/// The first look that the origin took at a report; the decision is the county's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// When.
    pub on: NaiveDate,
    /// Region of the office, a township as a rule.
    pub by: RegionCode,
}

/// A decision of the county that its superior sent back to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// When.
    pub on: NaiveDate,
    /// Region of the office, a prefecture or the province.
    pub by: RegionCode,
    /// What the county is to look at again, in the officer's words.
    pub reason: String,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The day from which on it no longer counts.
    pub on: NaiveDate,
    /// Why; absent for records brought over without a reason.
    pub reason: Option<EndReason>,
}

/// One job of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employment {
    /// Identity.
    pub id: EmploymentId,
    /// Who works.
    pub worker: WorkerId,
    /// What is said about it.
    pub job: Job,
    /// Whether the workplace lies in another province; the job then belongs to the origin.
    pub outside_province: bool,
    /// How it ended; `None` while it lasts.
    pub ending: Option<Ending>,
    /// How much it counts.
    pub state: EmploymentState,
    /// Whose word made it count; `None` for what never did.
    pub confirmed_by: Option<ConfirmedBy>,
    /// Who reported it first.
    pub reporter: Reporter,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// The origin's first check; `None` for what nobody checked and for what needed none.
    pub checked: Option<Check>,
    /// The last day on which somebody confirmed that it goes on.
    pub last_confirmed_on: Option<NaiveDate>,
    /// Why it was recorded by mistake.
    pub void_reason: Option<String>,
    /// The last time that a decision about it was sent back; stays when the county has decided anew.
    pub returned: Option<Return>,
    /// Grows by one with every change.
    pub version: i64,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
}

/// A further term of a job's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The job.
    pub employment: EmploymentId,
    /// First day of the term.
    pub contract_start: NaiveDate,
    /// Last day of the term; `None` when it is open-ended.
    pub contract_end: Option<NaiveDate>,
    /// When the exchange learnt of it.
    pub recorded_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acting_for(whom: Option<&str>) -> Reporter {
        Reporter {
            role: "OFFICER".into(),
            subject: "o".into(),
            acting_for: whom.map(str::to_owned),
        }
    }

    #[test]
    fn a_reporter_speaks_for_a_region_or_an_employer_or_neither() {
        for (whom, region, employer) in [
            (Some("590222101000"), true, false),
            (Some("91590101MA9K2T3HXH"), false, true),
            (Some("SOCIAL_INSURANCE"), false, false),
            (None, false, false),
        ] {
            let reporter = acting_for(whom);
            assert_eq!(reporter.for_region().is_some(), region, "{whom:?}");
            assert_eq!(reporter.for_employer().is_some(), employer, "{whom:?}");
        }
    }
}
