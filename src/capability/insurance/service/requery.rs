//! Asking agencies again about people who were registered, or got their right resident id, after
//! their rows had been dropped.
//!
//! An agency can resend somebody's months only when it knows whom: it gets resident ids in full.
//! That is a reveal, so it is a mutation with an entry per person and purpose in the transaction
//! that marks them as taken, and only agencies that have delivered before are told of anybody.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::model::InsuranceKind;
use super::super::policy;
use super::super::repo::requery::{self, Asked};
use super::delivery::agency_of;
use crate::capability::submission::public::{Dataset, first_deliveries};
use crate::capability::worker::public as worker;
use crate::kernel::clock::beijing;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::WorkerId;
use crate::platform::authn::{Agency, Identity};
use crate::platform::authz::{Caller, Scope};
use crate::platform::db::{Db, ReadSession, Session, WriteSession};
use crate::platform::journal::AuditEntry;

/// Why resident ids are handed out, as it stands in the trail.
pub const PURPOSE: &str = "REQUERY";
/// People looked at in one unit of work when lists are filled.
const BATCH: u64 = 1_000;

/// Who was taken from a list, as it is kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// The people.
    pub people: Vec<WorkerId>,
    /// Whether others are waiting.
    pub has_more: bool,
}

/// Takes up to `first` people from the caller's list, for good. An agency of a region gets those
/// registered there.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn take(tx: WriteSession, first: u64) -> Result<Taken, Refusal> {
    let agency = agency_of(&tx)?;
    let region = match tx.scope() {
        Scope::Agency(_, region) => region,
        Scope::Province
        | Scope::Region(_, _)
        | Scope::Employer(_)
        | Scope::Assigned(_)
        | Scope::Own(_) => return Err(Failure::internal("only agencies have lists").into()),
    };
    let mut people = requery::waiting_in(&tx, agency, region, first + 1).await?;
    let most = usize::try_from(first).map_err(Failure::internal)?;
    let has_more = people.len() > most;
    people.truncate(most);
    requery::take_in(&tx, agency, &people).await?;
    let answer = Taken { people, has_more };
    let entry = AuditEntry::done(&answer)?.for_purpose(PURPOSE);
    let entry = answer
        .people
        .iter()
        .fold(entry, |entry, id| entry.about(*id));
    tx.commit(entry).await?;
    Ok(answer)
}

/// The people that the calling agency has taken, with their resident ids.
///
/// # Errors
/// [`Failure`] of the database, or of a key that is gone.
pub async fn taken(
    session: &ReadSession,
    workers: &[WorkerId],
) -> Result<Vec<worker::Identity>, Failure> {
    let Identity::Agency { agency, .. } = session.permit().principal().identity() else {
        return Err(Failure::internal("only agencies have lists"));
    };
    let own = requery::taken(session, *agency, workers).await?;
    worker::identities(session, &own).await
}

/// Records that people taken before are shown again to the agency that took them.
///
/// # Errors
/// [`Failure::Unavailable`] when the journal cannot take it: then nothing may be shown.
pub async fn shown_again(session: &ReadSession, workers: &[WorkerId]) -> Result<(), Failure> {
    futures::future::try_join_all(workers.iter().map(|id| session.record_opened(*id))).await?;
    Ok(())
}

/// When each agency delivered months and statements for the first time.
pub(super) struct Heard {
    pub(super) months: HashMap<Agency, DateTime<Utc>>,
    pub(super) facts: HashMap<Agency, DateTime<Utc>>,
}

impl Heard {
    pub(super) async fn of(session: &impl Session) -> Result<Self, Failure> {
        Ok(Self {
            months: first_deliveries(session, Dataset::Contributions).await?,
            facts: first_deliveries(session, Dataset::InsuranceFacts).await?,
        })
    }
}

/// Puts everybody registered since on the lists of the agencies that had delivered months before
/// and of whose insurances no month is known, and of those that had delivered statements and of whose
/// insurances nothing at all is; how many were put there. Repeating it adds nobody
/// twice. Walks the registry in the order of registration, and writes only where somebody is missing
/// from a list.
///
/// # Errors
/// [`Failure`] of the database; batches done by then stay done.
pub async fn fill_requery(
    db: &Db,
    caller: &Caller,
    registered_since: DateTime<Utc>,
) -> Result<u64, Failure> {
    let permit = caller.permit(&policy::FILL_REQUERY)?;
    let mut after = worker::before(registered_since);
    let mut added = 0;
    loop {
        let session = db.read(caller.permit(&policy::FIND_UNHEARD_OF)?);
        let batch = worker::registered_after(&session, after, BATCH).await?;
        let Some((last, _)) = batch.last() else {
            return Ok(added);
        };
        after = *last;
        let asked = missing(&session, &batch).await?;
        if asked.is_empty() {
            continue;
        }
        let tx = db.write(permit.clone()).await?;
        let new = requery::add_in(&tx, &asked).await?;
        if new > 0 {
            tx.commit(AuditEntry::done(&new)?).await?;
        }
        added += new;
    }
}

async fn missing(
    session: &ReadSession,
    batch: &[worker::Registered],
) -> Result<Vec<Asked>, Failure> {
    let Heard { months, facts } = Heard::of(session).await?;
    let ids: Vec<WorkerId> = batch.iter().map(|(id, _)| *id).collect();
    let paid = requery::kinds_paid(session, &ids).await?;
    let stated = requery::kinds_stated(session, &ids).await?;
    let listed = requery::listed(session, &ids).await?;
    let mut asked = Vec::new();
    for (person, registered) in batch {
        let before = |first: Option<&DateTime<Utc>>| first.is_some_and(|first| first < registered);
        for agency in Agency::VALUES {
            let known = |kinds: &HashSet<(WorkerId, InsuranceKind)>| {
                let own = policy::kinds_of(*agency).iter();
                own.copied().any(|kind| kinds.contains(&(*person, kind)))
            };
            let dropped = !known(&paid)
                && (before(months.get(agency)) || (before(facts.get(agency)) && !known(&stated)));
            if dropped && !listed.contains(&(*person, *agency)) {
                asked.push(Asked {
                    worker: *person,
                    agency: *agency,
                    since: registered.with_timezone(&beijing()).date_naive(),
                });
            }
        }
    }
    Ok(asked)
}
