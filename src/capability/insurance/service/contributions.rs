//! Months in bulk.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use super::super::error::{LineRejection, Party};
use super::super::model::{Amounts, Contribution, EntryKind, InsuranceKind};
use super::super::repo::contributions::{self, Digest, Known};
use super::delivery::{
    Delivered, Employers, Matched, NamedEmployer, PartyLine, WellFormed, deliverer_of,
    match_people, rederive_in, settle_employers,
};
use super::evidence;
use super::parse::{self, AmountsLine, Months, MonthsLine};
use crate::capability::employment::public as employment;
use crate::capability::submission::public::{self as submission, Dataset};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{ContributionId, EmployerId, RecordId as _, WorkerId};
use crate::kernel::page::check_batch;
use crate::kernel::year_month::YearMonth;
use crate::platform::authn::Agency;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// One row as an agency sends it. Not printable: it holds a resident id.
#[derive(Clone)]
pub struct ContributionLine {
    /// Resident id as typed; hashed here and dropped.
    pub resident_id: String,
    /// The employer; neither code nor name for a flexible payer.
    pub employer: PartyLine,
    /// The head office that paid, if another unit did.
    pub payer: PartyLine,
    /// Which insurance.
    pub kind: InsuranceKind,
    /// Normal, arrears, refund or correction.
    pub entry: EntryKind,
    /// Month it is for, as typed.
    pub period_month: String,
    /// Month it was posted in, as typed.
    pub posting_month: String,
    /// Base in yuan, as typed.
    pub base: String,
    /// Employer's share in yuan, as typed.
    pub employer_amount: String,
    /// Personal share in yuan, as typed.
    pub personal_amount: String,
    /// Posting month of the row that this one corrects or refunds, as typed.
    pub corrects_posting_month: Option<String>,
}

/// A well-formed row.
struct Row {
    person: BlindIndex,
    employer: Option<NamedEmployer>,
    payer: Option<NamedEmployer>,
    kind: InsuranceKind,
    entry: EntryKind,
    months: Months,
    amounts: Amounts,
}

impl WellFormed for Row {
    fn person(&self) -> BlindIndex {
        self.person
    }
    fn parties(&self) -> Vec<(Party, &NamedEmployer)> {
        let employer = self.employer.iter().map(|party| (Party::Employer, party));
        let payer = self.payer.iter().map(|party| (Party::Payer, party));
        employer.chain(payer).collect()
    }
}

/// Takes up to a thousand rows in one transaction. The same rows again change nothing. A recent
/// month of a person and employer, of work injury alone excepted, confirms what has been reported
/// of that job; what is reported later, [`confirm_reported`](super::confirm_reported) finds.
///
/// # Errors
/// `ANOTHER_PROVINCE`; [`Failure::Limit`] for more lines, [`Failure::BadInput`] for none.
pub async fn submit_contributions(
    mut tx: WriteSession,
    lines: Vec<ContributionLine>,
) -> Result<Delivered, Refusal> {
    check_batch(lines.len())?;
    let agency = deliverer_of(&tx)?;
    let mut rows: Vec<Result<Row, LineRejection>> =
        lines.iter().map(|line| read(&tx, agency, line)).collect();
    let employers = settle_employers(&mut tx, &mut rows).await?;
    let outcome = rows.iter().map(|row| row.as_ref().err().cloned()).collect();
    let matched = match_people(&tx, rows, &employers).await?;
    let fresh = fresh_rows(&tx, &matched, &employers).await?;
    let counts = matched.counts(fresh.len());
    let submission_id =
        submission::record_in(&mut tx, agency, Dataset::Contributions, counts).await?;
    contributions::insert_in(&tx, submission_id, &fresh).await?;
    let touched: HashSet<(WorkerId, InsuranceKind)> = fresh
        .iter()
        .map(|row| (row.contribution.worker, row.contribution.kind))
        .collect();
    rederive_in(&tx, &touched).await?;
    matched.journal(&mut tx, &touched, "contributions");
    let months = evidence::of_jobs_in(&tx, &paid_for(&matched, &employers)).await?;
    employment::confirm_by_insurance_in(&mut tx, &months).await?;
    let answer = Delivered {
        submission_id,
        lines: outcome,
    };
    let entry = AuditEntry::done(&answer)?.about(submission_id);
    tx.commit(entry).await?;
    Ok(answer)
}

fn read(tx: &WriteSession, agency: Agency, line: &ContributionLine) -> Result<Row, LineRejection> {
    let ContributionLine {
        resident_id,
        employer,
        payer,
        kind,
        entry,
        period_month,
        posting_month,
        base,
        employer_amount,
        personal_amount,
        corrects_posting_month,
    } = line;
    let months = MonthsLine {
        period: period_month,
        posting: posting_month,
        corrects: corrects_posting_month.as_deref(),
    };
    let amounts = AmountsLine {
        base,
        employer: employer_amount,
        personal: personal_amount,
    };
    Ok(Row {
        person: parse::person(tx, resident_id)?,
        employer: parse::employer(Party::Employer, employer)?,
        payer: parse::employer(Party::Payer, payer)?,
        kind: parse::kind(agency, *kind)?,
        entry: *entry,
        months: parse::months(YearMonth::of(tx.today()), *entry, &months)?,
        amounts: parse::amounts(*entry, &amounts)?,
    })
}

/// The rows that are not known yet, each once, with what they correct.
async fn fresh_rows(
    tx: &WriteSession,
    matched: &Matched<Row>,
    employers: &Employers,
) -> Result<Vec<Known>, Failure> {
    let periods: HashSet<YearMonth> = matched
        .lines
        .iter()
        .map(|(_, row)| row.months.period)
        .collect();
    let periods: Vec<YearMonth> = periods.into_iter().collect();
    let known = contributions::known_in(tx, &matched.ids(), &periods).await?;
    let mut digests: HashSet<Digest> = known.iter().map(|row| row.digest.clone()).collect();
    let mut fresh = Vec::new();
    for (worker, row) in &matched.lines {
        let contribution = contribution(tx.next_id(), *worker, row, employers);
        let digest = digest_of(&contribution, row.months.corrects);
        if digests.insert(digest.clone()) {
            fresh.push((
                Known {
                    contribution,
                    digest,
                },
                row.months.corrects,
            ));
        }
    }
    let payments = payments(known.iter().chain(fresh.iter().map(|(row, _)| row)));
    Ok(fresh
        .into_iter()
        .map(|(mut row, corrects)| {
            row.contribution.corrects = corrects.and_then(|posting| {
                payments
                    .get(&payment_key(&row.contribution, posting))
                    .copied()
            });
            row
        })
        .collect())
}

fn contribution(
    id: ContributionId,
    worker: WorkerId,
    row: &Row,
    employers: &Employers,
) -> Contribution {
    let Row {
        person: _,
        employer,
        payer,
        kind,
        entry,
        months,
        amounts,
    } = row;
    let id_of = |party: &Option<NamedEmployer>| {
        let code = &party.as_ref()?.credit_code;
        employers.get(code).map(|known| known.id)
    };
    Contribution {
        id,
        worker,
        employer: id_of(employer),
        payer: id_of(payer),
        kind: *kind,
        entry: *entry,
        period: months.period,
        posting: months.posting,
        amounts: *amounts,
        corrects: None,
    }
}

/// What a correction may refer to: a payment by its person, insurance, employer, period and the
/// month it was posted in. Of several it is the latest.
type PaymentKey = (
    WorkerId,
    InsuranceKind,
    Option<EmployerId>,
    YearMonth,
    YearMonth,
);

const fn payment_key(row: &Contribution, posting: YearMonth) -> PaymentKey {
    (row.worker, row.kind, row.employer, row.period, posting)
}

fn payments<'a>(rows: impl Iterator<Item = &'a Known>) -> HashMap<PaymentKey, ContributionId> {
    rows.map(|row| &row.contribution)
        .filter(|row| match row.entry {
            EntryKind::Normal | EntryKind::Arrears => true,
            EntryKind::Refund | EntryKind::Correction => false,
        })
        .map(|row| (payment_key(row, row.posting), row.id))
        .collect()
}

/// SHA-256 over the content of a row in one canonical form. Who delivered it is no part of it: what
/// the tax authority collected and social insurance posted is one month, not two.
fn digest_of(row: &Contribution, corrects: Option<YearMonth>) -> Digest {
    let party = |id: Option<EmployerId>| id.map(|id| id.uuid().simple().to_string());
    let canonical = [
        Some("contribution/1".to_owned()),
        Some(row.worker.uuid().simple().to_string()),
        party(row.employer),
        party(row.payer),
        Some(row.kind.as_str().to_owned()),
        Some(row.entry.as_str().to_owned()),
        Some(row.period.to_string()),
        Some(row.posting.to_string()),
        Some(row.amounts.base.as_i64().to_string()),
        Some(row.amounts.employer.as_i64().to_string()),
        Some(row.amounts.personal.as_i64().to_string()),
        corrects.map(|month| month.to_string()),
    ]
    // No part holds a `|`, and an absent one is empty, which no present one is.
    .map(Option::unwrap_or_default)
    .join("|");
    Sha256::digest(canonical).to_vec()
}

/// Person and employer of every delivered payment, known before or not. The head office that paid
/// is no evidence of a job with it.
fn paid_for(matched: &Matched<Row>, employers: &Employers) -> HashSet<(WorkerId, EmployerId)> {
    matched
        .lines
        .iter()
        .filter(|(_, row)| match row.entry {
            EntryKind::Normal | EntryKind::Arrears => true,
            EntryKind::Refund | EntryKind::Correction => false,
        })
        .filter_map(|(worker, row)| {
            let employer = employers.get(&row.employer.as_ref()?.credit_code)?;
            Some((*worker, employer.id))
        })
        .collect()
}
