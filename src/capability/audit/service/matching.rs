//! Comparing a list of resident ids or bank accounts with the records, for a stated purpose.
//!
//! A value is hashed as it comes in and neither kept nor repeated. Everybody found has an entry of
//! their own in the trail, with the purpose, in the transaction that precedes the answer; another
//! entry tells what was compared and with which result.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::super::error::{FindingRejection, ValueRejection};
use super::super::model::{MOST_MATCHED, MatchKind, PURPOSE};
use super::rejected;
use crate::capability::worker::public::{self as registry, HeldNumber};
use crate::kernel::bank_account::BankAccount;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::WorkerId;
use crate::kernel::page::check_batch;
use crate::kernel::personal::free_text;
use crate::kernel::resident_id::ResidentId;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{ReadSession, Session, WriteSession};
use crate::platform::journal::AuditEntry;

/// A list to be compared. Values are as typed; the type does not print.
#[derive(Clone)]
pub struct MatchRecords {
    /// What for, in the auditor's words.
    pub purpose: String,
    /// What kind of numbers.
    pub kind: MatchKind,
    /// The numbers.
    pub values: Vec<String>,
}

/// What became of one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MatchedValue {
    /// Whom it belongs to; nobody, one person, or several who share an account.
    Compared(Vec<WorkerId>),
    /// It was not compared.
    Invalid(ValueRejection),
}

/// What became of each value, in their order, as it is kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Matched {
    /// One result per value.
    pub values: Vec<MatchedValue>,
}

impl Matched {
    /// Everybody found, each once.
    #[must_use]
    pub fn people(&self) -> BTreeSet<WorkerId> {
        self.values
            .iter()
            .flat_map(|value| match value {
                MatchedValue::Compared(people) => people.as_slice(),
                MatchedValue::Invalid(_) => &[],
            })
            .copied()
            .collect()
    }

    /// Values that belong to somebody, to nobody, and that were not compared.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for value in &self.values {
            let place = match value {
                MatchedValue::Compared(people) => usize::from(people.is_empty()),
                MatchedValue::Invalid(_) => 2,
            };
            counts[place] += 1;
        }
        counts
    }
}

/// Compares a list with the records.
///
/// # Errors
/// Expected: `BAD_PURPOSE`. [`Failure::BadInput`] for an empty list, [`Failure::Limit`] for more
/// than 1,000 values or more than [`MOST_MATCHED`] people found.
pub async fn match_records(tx: WriteSession, cmd: MatchRecords) -> Result<Matched, Refusal> {
    let MatchRecords {
        purpose,
        kind,
        values,
    } = cmd;
    check_batch(values.len())?;
    let purpose = free_text(&purpose, PURPOSE)
        .map_err(|_| rejected("purpose", FindingRejection::BadPurpose))?;
    let indexes: Vec<_> = values.iter().map(|raw| index_of(&tx, kind, raw)).collect();
    let answer = Matched {
        values: compare(&tx, kind, indexes).await?,
    };
    let people = answer.people();
    let [matched, unmatched, invalid] = answer.counts();
    let figures = [
        ("values", answer.values.len()),
        ("matched", matched),
        ("unmatched", unmatched),
        ("invalid", invalid),
        ("people", people.len()),
    ];
    let entry = AuditEntry::with_outcome("MATCHED", &answer)?
        .for_purpose(purpose)
        .counting("DONE", kind.as_str(), &figures);
    let entry = people
        .into_iter()
        .fold(entry, |entry, person| entry.about(person));
    tx.commit(entry).await?;
    Ok(answer)
}

/// Records that people matched before are shown again to whoever repeats the request.
///
/// # Errors
/// [`Failure::Unavailable`] when the journal cannot take it: then nobody may be shown.
pub async fn shown_again(session: &ReadSession, matched: &Matched) -> Result<(), Failure> {
    let people = matched.people();
    let entries = people.into_iter().map(|id| session.record_opened(id));
    futures::future::try_join_all(entries).await?;
    Ok(())
}

/// The keyed hash under which a value would be found.
fn index_of(
    session: &impl Session,
    kind: MatchKind,
    raw: &str,
) -> Result<BlindIndex, ValueRejection> {
    match kind {
        MatchKind::ResidentId => ResidentId::parse(raw, session.today(), &|_: u32| None::<bool>)
            .map(|parsed| registry::resident_id_index(session, &parsed.id))
            .map_err(|error| ValueRejection::ResidentId(error.code().to_owned())),
        MatchKind::BankAccount => BankAccount::parse(raw)
            .map(|account| registry::bank_account_index(session, &account))
            .map_err(|error| ValueRejection::BankAccount(error.code().to_owned())),
    }
}

async fn compare(
    session: &impl Session,
    kind: MatchKind,
    indexes: Vec<Result<BlindIndex, ValueRejection>>,
) -> Result<Vec<MatchedValue>, Failure> {
    let number = match kind {
        MatchKind::ResidentId => HeldNumber::ResidentId,
        MatchKind::BankAccount => HeldNumber::BankAccount,
    };
    let wanted: BTreeSet<_> = indexes.iter().flatten().copied().collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let found = registry::holders_of(session, number, &wanted, MOST_MATCHED).await?;
    if found.len() > MOST_MATCHED {
        return Err(Failure::Limit {
            limit: "matchedPeople",
            bound: MOST_MATCHED as u64,
            found: found.len() as u64,
        });
    }
    let mut holders: HashMap<_, Vec<_>> = HashMap::new();
    for (index, person) in found {
        holders.entry(index).or_default().push(person);
    }
    let values = indexes.into_iter().map(|index| match index {
        Ok(index) => MatchedValue::Compared(holders.get(&index).cloned().unwrap_or_default()),
        Err(rejection) => MatchedValue::Invalid(rejection),
    });
    Ok(values.collect())
}
