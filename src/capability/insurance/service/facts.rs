//! Enrolment and stop dates, arrears and pensions in bulk.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::super::error::{LineRejection, Party};
use super::super::model::{InsuranceFactKind, InsuranceKind, Statement};
use super::super::repo::standing;
use super::delivery::{
    Delivered, NamedEmployer, PartyLine, WellFormed, agency_of, bounded, match_people, rederive_in,
    settle_employers,
};
use super::parse;
use crate::capability::submission::public::{self as submission, Dataset};
use crate::kernel::error::Refusal;
use crate::kernel::ids::WorkerId;
use crate::platform::authn::Agency;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// One statement as an agency sends it. Not printable: it holds a resident id.
#[derive(Clone)]
pub struct FactLine {
    /// Resident id as typed; hashed here and dropped.
    pub resident_id: String,
    /// The employer; neither code nor name for a flexible payer or a pension.
    pub employer: PartyLine,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// What is stated.
    pub fact: InsuranceFactKind,
    /// First day it holds.
    pub since: NaiveDate,
}

/// A well-formed statement.
struct Fact {
    person: BlindIndex,
    employer: Option<NamedEmployer>,
    kind: InsuranceKind,
    fact: InsuranceFactKind,
    since: NaiveDate,
}

impl WellFormed for Fact {
    fn person(&self) -> BlindIndex {
        self.person
    }
    fn parties(&self) -> Vec<(Party, &NamedEmployer)> {
        let employer = self.employer.iter();
        employer.map(|party| (Party::Employer, party)).collect()
    }
}

/// Takes up to a thousand statements in one transaction. The same statements again change nothing:
/// one person has each fact of an insurance once per day.
///
/// # Errors
/// [`crate::kernel::error::Failure::Limit`] for more lines, `BadInput` for none.
pub async fn submit_facts(
    mut tx: WriteSession,
    lines: Vec<FactLine>,
) -> Result<Delivered, Refusal> {
    bounded(lines.len())?;
    let agency = agency_of(&tx)?;
    let mut facts: Vec<Result<Fact, LineRejection>> =
        lines.iter().map(|line| read(&tx, agency, line)).collect();
    let employers = settle_employers(&mut tx, &mut facts).await?;
    let outcome = facts
        .iter()
        .map(|fact| fact.as_ref().err().cloned())
        .collect();
    let matched = match_people(&tx, facts).await?;
    let known = standing::statements_in(&tx, &matched.ids()).await?;
    let mut seen: HashSet<_> = known.iter().map(identity).collect();
    let mut fresh: Vec<Statement> = Vec::new();
    for (worker, fact) in &matched.lines {
        let employer = fact.employer.as_ref();
        let statement = Statement {
            worker: *worker,
            employer: employer.and_then(|party| employers.get(&party.credit_code).copied()),
            kind: fact.kind,
            fact: fact.fact,
            since: fact.since,
        };
        if seen.insert(identity(&statement)) {
            fresh.push(statement);
        }
    }
    let counts = matched.counts(fresh.len());
    let submission_id =
        submission::record_in(&mut tx, agency, Dataset::InsuranceFacts, counts).await?;
    standing::insert_in(&tx, submission_id, &fresh).await?;
    let touched: HashSet<(WorkerId, InsuranceKind)> =
        fresh.iter().map(|s| (s.worker, s.kind)).collect();
    rederive_in(&tx, &touched).await?;
    matched.journal(&mut tx, &touched, "insuranceFacts");
    let answer = Delivered {
        submission_id,
        lines: outcome,
    };
    let entry = AuditEntry::done(&answer)?.about(submission_id);
    tx.commit(entry).await?;
    Ok(answer)
}

/// What makes a statement the same as another.
const fn identity(s: &Statement) -> (WorkerId, InsuranceKind, InsuranceFactKind, NaiveDate) {
    (s.worker, s.kind, s.fact, s.since)
}

fn read(tx: &WriteSession, agency: Agency, line: &FactLine) -> Result<Fact, LineRejection> {
    let FactLine {
        resident_id,
        employer,
        kind,
        fact,
        since,
    } = line;
    let kind = parse::kind(agency, *kind)?;
    match fact {
        InsuranceFactKind::PensionInPayment if kind != InsuranceKind::Pension => {
            return Err(LineRejection::FactOfOtherKind);
        }
        InsuranceFactKind::PensionInPayment
        | InsuranceFactKind::Enrolled
        | InsuranceFactKind::Stopped
        | InsuranceFactKind::Arrears => {}
    }
    if *since > tx.today() {
        return Err(LineRejection::FutureDate);
    }
    Ok(Fact {
        person: parse::person(tx, resident_id)?,
        employer: parse::employer(Party::Employer, employer)?,
        kind,
        fact: *fact,
        since: *since,
    })
}
