//! Market regulation's bulk statements: standings and legal representatives.
//!
//! A delivery is one unit of work with a fixed number of reads; each line has a result of its own
//! and each changed employer one version and one journal entry, however many lines are about it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::super::error::LineRejection;
use super::super::model::{Employer, EmployerLineOutcome, EmployerStanding, StatusFact};
use super::super::repo::employers::{self, Revision};
use super::super::repo::facts;
use super::super::rules;
use super::revise;
use crate::capability::submission::public::{self as submission, Counts, Dataset};
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{EmployerId, SubmissionId};
use crate::kernel::page::check_batch;
use crate::kernel::resident_id::ResidentId;
use crate::kernel::unreadable::Misread;
use crate::platform::authn::Agency;
use crate::platform::crypto::{BlindIndex, Context};
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// The legal representative's keyed hash has a context of its own: it cannot be joined with the
/// registry's people by whoever has a copy of the database.
const LEGAL_REPRESENTATIVE: Context = Context::new("employer.legal_representative");

/// One line as it came in.
#[derive(Clone)]
pub struct StatusLine {
    /// Unified social credit code as typed.
    pub credit_code: String,
    /// What is stated.
    pub standing: EmployerStanding,
    /// First day it holds.
    pub since: NaiveDate,
    /// The legal representative's resident id as typed; hashed here and dropped. `None` leaves
    /// what is known.
    pub legal_representative: Option<String>,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineResult {
    /// How it ended.
    pub outcome: EmployerLineOutcome,
    /// Why it was not taken; absent when it was.
    pub rejection: Option<LineRejection>,
}

/// What became of a delivery, as it is kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusesSubmitted {
    /// The delivery.
    pub submission_id: SubmissionId,
    /// One result per line, in order.
    pub lines: Vec<LineResult>,
}

impl StatusesSubmitted {
    /// How many lines ended in each way.
    #[must_use]
    pub fn counts(&self) -> Counts {
        counts(&self.lines)
    }
}

fn counts(lines: &[LineResult]) -> Counts {
    lines.iter().fold(Counts::default(), |mut counts, line| {
        let count = match line.outcome {
            EmployerLineOutcome::Accepted => &mut counts.accepted,
            EmployerLineOutcome::Unchanged => &mut counts.unchanged,
            EmployerLineOutcome::Dropped => &mut counts.dropped,
            EmployerLineOutcome::Refused => &mut counts.refused,
        };
        *count += 1;
        counts
    })
}

/// Takes a delivery of up to [`MAX_BATCH`](crate::kernel::page::MAX_BATCH) lines. The same lines
/// again change nothing.
///
/// # Errors
/// [`Failure::Limit`] for more lines, [`Failure::BadInput`] for none.
pub async fn submit_statuses(
    mut tx: WriteSession,
    lines: Vec<Result<StatusLine, Misread>>,
) -> Result<StatusesSubmitted, Refusal> {
    check_batch(lines.len())?;
    let statements: Vec<Result<Statement, LineRejection>> =
        lines.into_iter().map(|line| read(line, &tx)).collect();
    let mut dossiers = dossiers(&tx, &statements).await?;
    let now = tx.now();
    let lines: Vec<LineResult> = statements
        .into_iter()
        .map(|statement| {
            let taken = statement.and_then(|statement| take(&tx, &mut dossiers, statement, now));
            LineResult::of(taken)
        })
        .collect();
    let submission_id = submission::record_in(
        &mut tx,
        Agency::MarketRegulation,
        Dataset::EmployerStatuses,
        counts(&lines),
    )
    .await?;
    write(&mut tx, dossiers, submission_id).await?;
    let answer = StatusesSubmitted {
        submission_id,
        lines,
    };
    let entry = AuditEntry::done(&answer)?.about(answer.submission_id);
    tx.commit(entry).await?;
    Ok(answer)
}

/// A line whose every part is well formed.
struct Statement {
    credit_code: CreditCode,
    standing: EmployerStanding,
    since: NaiveDate,
    legal_representative: Option<BlindIndex>,
}

fn read(line: Result<StatusLine, Misread>, tx: &WriteSession) -> Result<Statement, LineRejection> {
    let StatusLine {
        credit_code,
        standing,
        since,
        legal_representative,
    } = line.map_err(LineRejection::Misread)?;
    let credit_code = CreditCode::parse(&credit_code)
        .map_err(|error| LineRejection::CreditCode(error.code().to_owned()))?;
    if since > tx.today() {
        return Err(LineRejection::FutureDate);
    }
    let hashed = |typed: &String| {
        // Which county issued the number does not matter here: only a note would come of it.
        let parsed = ResidentId::parse(typed, tx.today(), &|_: u32| None::<bool>)
            .map_err(|error| LineRejection::ResidentId(error.code().to_owned()))?;
        let index = &tx.keys().index;
        Ok(index.index(LEGAL_REPRESENTATIVE, parsed.id.expose()))
    };
    Ok(Statement {
        credit_code,
        standing,
        since,
        legal_representative: legal_representative.as_ref().map(hashed).transpose()?,
    })
}

/// What is known of one employer, and what this delivery adds.
struct Dossier {
    employer: Employer,
    facts: Vec<StatusFact>,
    /// How many of `facts` were known before.
    known: usize,
    legal_representative: Option<BlindIndex>,
    new_representative: bool,
}

impl Dossier {
    fn new(employer: Employer, representative: Option<BlindIndex>, facts: Vec<StatusFact>) -> Self {
        Self {
            employer,
            known: facts.len(),
            facts,
            legal_representative: representative,
            new_representative: false,
        }
    }

    fn take(&mut self, statement: Statement, now: DateTime<Utc>) -> EmployerLineOutcome {
        let Statement {
            credit_code: _,
            standing,
            since,
            legal_representative,
        } = statement;
        let source = Agency::MarketRegulation.as_str();
        // What was last heard for that day, in one delivery perhaps several things. An earlier
        // statement that has been corrected since can be made again.
        let of_day = |fact: &&StatusFact| fact.since == since && fact.source == source;
        let heard = self.facts.iter().filter(of_day);
        let last_heard = heard.clone().map(rules::learnt).max();
        let stated = heard
            .filter(|fact| Some(rules::learnt(fact)) == last_heard)
            .any(|fact| fact.standing == standing);
        let mut outcome = EmployerLineOutcome::Unchanged;
        if !stated {
            self.facts.push(StatusFact {
                standing,
                since,
                source: source.to_owned(),
                version: self.employer.version + 1,
                recorded_at: now,
            });
            outcome = EmployerLineOutcome::Accepted;
        }
        if legal_representative.is_some() && legal_representative != self.legal_representative {
            self.legal_representative = legal_representative;
            self.new_representative = true;
            outcome = EmployerLineOutcome::Accepted;
        }
        outcome
    }

    fn added(&self) -> &[StatusFact] {
        &self.facts[self.known..]
    }

    /// What the row gets and which fields changed; `None` when nothing did.
    fn revision(&self, today: NaiveDate) -> Option<(Revision, Vec<&'static str>)> {
        let mut revision = Revision::default();
        let mut fields = Vec::new();
        if !self.added().is_empty() {
            fields.push("statusHistory");
        }
        let status = rules::status_on(&self.facts, today);
        if status != self.employer.status {
            revision.status = Some(status);
            fields.push("status");
        }
        if self.new_representative {
            revision.legal_representative = self.legal_representative;
            fields.push("legalRepresentative");
        }
        (!fields.is_empty()).then_some((revision, fields))
    }
}

/// Ordered, so that two deliveries at once lock employers in the same order.
type Dossiers = BTreeMap<CreditCode, Dossier>;

async fn dossiers(
    tx: &WriteSession,
    statements: &[Result<Statement, LineRejection>],
) -> Result<Dossiers, Failure> {
    let codes: HashSet<&CreditCode> = statements
        .iter()
        .flatten()
        .map(|statement| &statement.credit_code)
        .collect();
    let codes: Vec<CreditCode> = codes.into_iter().cloned().collect();
    let known = employers::find_with_representatives(tx, &codes).await?;
    let ids: Vec<EmployerId> = known.iter().map(|(employer, _)| employer.id).collect();
    let mut facts: HashMap<EmployerId, Vec<StatusFact>> = facts::status_facts(tx, &ids).await?;
    Ok(known
        .into_iter()
        .map(|(employer, representative)| {
            let facts = facts.remove(&employer.id).unwrap_or_default();
            let code = employer.credit_code.clone();
            (code, Dossier::new(employer, representative, facts))
        })
        .collect())
}

fn take(
    tx: &WriteSession,
    dossiers: &mut Dossiers,
    statement: Statement,
    now: DateTime<Utc>,
) -> Result<EmployerLineOutcome, LineRejection> {
    let dossier = dossiers
        .get_mut(&statement.credit_code)
        .ok_or(LineRejection::UnknownEmployer)?;
    tx.permit()
        .admit(dossier.employer.region)
        .map_err(|_| LineRejection::OutsideRegion)?;
    Ok(dossier.take(statement, now))
}

impl LineResult {
    fn of(taken: Result<EmployerLineOutcome, LineRejection>) -> Self {
        let (outcome, rejection) = match taken {
            Ok(outcome) => (outcome, None),
            Err(LineRejection::UnknownEmployer) => (
                EmployerLineOutcome::Dropped,
                Some(LineRejection::UnknownEmployer),
            ),
            Err(rejection) => (EmployerLineOutcome::Refused, Some(rejection)),
        };
        Self { outcome, rejection }
    }
}

async fn write(
    tx: &mut WriteSession,
    dossiers: Dossiers,
    submission: SubmissionId,
) -> Result<(), Failure> {
    let added: Vec<(EmployerId, StatusFact)> = dossiers
        .values()
        .flat_map(|dossier| {
            let id = dossier.employer.id;
            dossier.added().iter().map(move |fact| (id, fact.clone()))
        })
        .collect();
    let today = tx.today();
    for mut dossier in dossiers.into_values() {
        if let Some((revision, fields)) = dossier.revision(today) {
            revise(tx, &mut dossier.employer, &revision, &fields).await?;
        }
    }
    facts::insert_statuses_in(tx, submission, &added).await
}
