//! Enrolment and stop dates, arrears and pensions in bulk.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::super::error::{LineRejection, Party};
use super::super::model::{InsuranceFactKind, InsuranceKind, Statement};
use super::super::repo::standing;
use super::delivery::{
    Delivered, Employers, Matched, NamedEmployer, PartyLine, WellFormed, deliverer_of,
    match_people, rederive_in, settle_employers,
};
use super::parse;
use crate::capability::submission::public::{self as submission, Dataset};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmployerId, WorkerId};
use crate::kernel::page::check_batch;
use crate::kernel::unreadable::Misread;
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
/// one person has each fact of an insurance with an employer once per day.
///
/// # Errors
/// `ANOTHER_PROVINCE`; [`Failure::Limit`] for more lines, [`Failure::BadInput`] for none.
pub async fn submit_facts(
    mut tx: WriteSession,
    lines: Vec<Result<FactLine, Misread>>,
) -> Result<Delivered, Refusal> {
    check_batch(lines.len())?;
    let agency = deliverer_of(&tx)?;
    let mut facts: Vec<Result<Fact, LineRejection>> = lines
        .into_iter()
        .map(|line| read(&tx, agency, line))
        .collect();
    let employers = settle_employers(&mut tx, &mut facts).await?;
    let outcome = facts
        .iter()
        .map(|fact| fact.as_ref().err().cloned())
        .collect();
    let matched = match_people(&tx, facts, &employers).await?;
    let fresh = fresh_statements(&tx, &matched, &employers).await?;
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

/// The statements that are not known yet, each once.
async fn fresh_statements(
    tx: &WriteSession,
    matched: &Matched<Fact>,
    employers: &Employers,
) -> Result<Vec<Statement>, Failure> {
    let known = standing::statements_in(tx, &matched.ids()).await?;
    let mut seen: HashSet<_> = known.iter().map(identity).collect();
    let statements = matched.lines.iter().map(|(worker, fact)| {
        let employer = fact.employer.as_ref();
        Statement {
            worker: *worker,
            employer: employer.and_then(|party| Some(employers.get(&party.credit_code)?.id)),
            kind: fact.kind,
            fact: fact.fact,
            since: fact.since,
        }
    });
    Ok(statements.filter(|s| seen.insert(identity(s))).collect())
}

/// What makes a statement the same as another. The employer is part of it: two of them that stop on
/// one month's last day have stopped both.
type Identity = (
    WorkerId,
    Option<EmployerId>,
    InsuranceKind,
    InsuranceFactKind,
    NaiveDate,
);

const fn identity(s: &Statement) -> Identity {
    (s.worker, s.employer, s.kind, s.fact, s.since)
}

fn read(
    tx: &WriteSession,
    agency: Agency,
    line: Result<FactLine, Misread>,
) -> Result<Fact, LineRejection> {
    let FactLine {
        resident_id,
        employer,
        kind,
        fact,
        since,
    } = line.map_err(LineRejection::Misread)?;
    let kind = parse::kind(agency, kind)?;
    match fact {
        InsuranceFactKind::PensionInPayment if kind != InsuranceKind::Pension => {
            return Err(LineRejection::FactOfOtherKind);
        }
        InsuranceFactKind::PensionInPayment
        | InsuranceFactKind::Enrolled
        | InsuranceFactKind::Stopped
        | InsuranceFactKind::Arrears => {}
    }
    if since > tx.today() {
        return Err(LineRejection::FutureDate);
    }
    Ok(Fact {
        person: parse::person(tx, &resident_id)?,
        employer: parse::employer(Party::Employer, &employer)?,
        kind,
        fact,
        since,
    })
}
