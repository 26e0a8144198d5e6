//! What deliveries of months and of statements share: bounds, matching, employers, the answer.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::super::error::{DeliveryRejection, LineRejection, Party};
use super::super::model::{InsuranceKind, Statement};
use super::super::repo::{contributions, standing};
use super::super::rules::{self, LastMonths};
use crate::capability::employer::public::{
    self as employers, EmployerName, EmployerRef, NewEmployer,
};
use crate::capability::employment::public as employment;
use crate::capability::submission::public::Counts;
use crate::capability::worker::public as registry;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::{SubmissionId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;
use crate::platform::authn::{Agency, Identity};
use crate::platform::authz::Scope;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::Change;

/// An employer as a line names it.
#[derive(Clone, Debug)]
pub struct PartyLine {
    /// Unified social credit code as typed.
    pub credit_code: Option<String>,
    /// Name as typed; needed when nobody has registered the employer.
    pub name: Option<String>,
}

/// What became of a delivery, as it is kept for a repeated request and as the agency learns it:
/// nothing in it depends on who is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivered {
    /// The delivery.
    pub submission_id: SubmissionId,
    /// For each line, in order, why it was refused; `None` for one that was received.
    pub lines: Vec<Option<LineRejection>>,
}

/// A line whose parts are well formed.
pub(super) trait WellFormed {
    /// The keyed hash of the resident id.
    fn person(&self) -> BlindIndex;
    /// The employers it names.
    fn parties(&self) -> Vec<(Party, &NamedEmployer)>;
}

/// An employer that a line names.
#[derive(Clone, Debug)]
pub(super) struct NamedEmployer {
    pub(super) credit_code: CreditCode,
    pub(super) name: Option<EmployerName>,
}

/// The delivering agency, where it is one of this province.
///
/// # Errors
/// `ANOTHER_PROVINCE`; [`Failure::Internal`]: policies grant deliveries to agencies only.
pub(super) fn deliverer_of(tx: &WriteSession) -> Result<Agency, Refusal> {
    if tx.permit().is_of_another_province() {
        return Err(UserError::at(&["input"], &DeliveryRejection::AnotherProvince).into());
    }
    Ok(agency_of(tx)?)
}

/// The calling agency.
///
/// # Errors
/// [`Failure::Internal`]: policies grant deliveries to agencies only.
pub(super) fn agency_of(tx: &WriteSession) -> Result<Agency, Failure> {
    match tx.permit().principal().identity() {
        Identity::Agency { agency, .. } => Ok(*agency),
        Identity::Admin
        | Identity::Auditor
        | Identity::Officer { .. }
        | Identity::Employer { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_)
        | Identity::System { .. } => Err(Failure::internal("only agencies deliver")),
    }
}

/// The employers that lines name.
pub(super) type Employers = HashMap<CreditCode, EmployerRef>;

/// The employers of all well-formed lines. One that nobody knows is entered when a line names it,
/// whether or not the line's person is registered: employers are public, and if only lines about
/// registered people brought them in, looking an employer up would tell who is registered. A line
/// that does not name such an employer is refused, for the same reason in every case.
pub(super) async fn settle_employers<L: WellFormed>(
    tx: &mut WriteSession,
    lines: &mut [Result<L, LineRejection>],
) -> Result<Employers, Failure> {
    // Ordered, so that two deliveries at once enter employers in the same order.
    let mut named: BTreeMap<CreditCode, Option<EmployerName>> = BTreeMap::new();
    for line in lines.iter().flatten() {
        for (_, party) in line.parties() {
            let name = named.entry(party.credit_code.clone()).or_default();
            *name = name.take().or_else(|| party.name.clone());
        }
    }
    let codes: Vec<CreditCode> = named.keys().cloned().collect();
    let mut known = employers::find_by_credit_codes(tx, &codes).await?;
    for (credit_code, name) in named {
        if let (false, Some(name)) = (known.contains_key(&credit_code), name) {
            let made = employers::ensure(tx, NewEmployer { credit_code, name }).await?;
            known.insert(made.credit_code.clone(), made);
        }
    }
    for line in lines {
        let missing = line.as_ref().ok().and_then(|line| {
            let mut parties = line.parties().into_iter();
            parties.find(|(_, party)| !known.contains_key(&party.credit_code))
        });
        if let Some((party, _)) = missing {
            *line = Err(LineRejection::UnknownEmployer(party));
        }
    }
    Ok(known)
}

/// Lines about registered people, each with the person and its place in the delivery.
pub(super) struct Matched<L> {
    pub(super) lines: Vec<(WorkerId, L)>,
    /// Everybody they are about, locked, with versions.
    pub(super) people: Vec<(WorkerId, i64)>,
    pub(super) dropped: usize,
    pub(super) refused: usize,
}

/// Finds and locks whom the lines are about; lines about nobody in the registry, and those that the
/// agency's region has no part in, are counted and dropped alike.
pub(super) async fn match_people<L: WellFormed>(
    tx: &WriteSession,
    lines: Vec<Result<L, LineRejection>>,
    employers: &Employers,
) -> Result<Matched<L>, Failure> {
    let total = lines.len();
    let lines: Vec<L> = lines.into_iter().flatten().collect();
    let indexes: HashSet<BlindIndex> = lines.iter().map(WellFormed::person).collect();
    let indexes: Vec<BlindIndex> = indexes.into_iter().collect();
    let known = registry::identify(tx, &indexes).await?;
    let well_formed = lines.len();
    let lines: Vec<(WorkerId, L)> = lines
        .into_iter()
        .filter_map(|line| Some((known.get(&line.person())?.id, line)))
        .collect();
    let lines = of_own_region(tx, lines, employers).await?;
    let ids: HashSet<WorkerId> = lines.iter().map(|(worker, _)| *worker).collect();
    let ids: Vec<WorkerId> = ids.into_iter().collect();
    let locked = registry::lock_matched_in(tx, &known, &ids).await?;
    let people = locked.into_iter().map(|(id, version, _)| (id, version));
    Ok(Matched {
        dropped: well_formed - lines.len(),
        refused: total - well_formed,
        lines,
        people: people.collect(),
    })
}

/// Of lines about registered people, those that an agency of one region speaks for: the person is
/// registered, works or stays there, has or had a job there that somebody reported, or the employer
/// or the head office is seated there. Another region's people are not its to insure.
async fn of_own_region<L: WellFormed>(
    tx: &WriteSession,
    lines: Vec<(WorkerId, L)>,
    employers: &Employers,
) -> Result<Vec<(WorkerId, L)>, Failure> {
    let Scope::Agency(_, Some(region)) = tx.scope() else {
        return Ok(lines);
    };
    let people: HashSet<WorkerId> = lines.iter().map(|(worker, _)| *worker).collect();
    let people: Vec<WorkerId> = people.into_iter().collect();
    let mut own = registry::tied_to_in(tx, &people, region).await?;
    own.extend(employment::with_job_in(tx, &people, region).await?);
    // Where nobody has stated a seat, its code may tell the prefecture or the province only.
    let seated_there = |seat: RegionCode| region.contains(seat) || seat.contains(region);
    let employed_there = |line: &L| {
        let named = line.parties().into_iter();
        let mut seats = named.filter_map(|(_, party)| employers.get(&party.credit_code));
        seats.any(|employer| seated_there(employer.region))
    };
    Ok(lines
        .into_iter()
        .filter(|(worker, line)| own.contains(worker) || employed_there(line))
        .collect())
}

impl<L> Matched<L> {
    /// The people's ids, in the order in which they are locked.
    pub(super) fn ids(&self) -> Vec<WorkerId> {
        self.people.iter().map(|(id, _)| *id).collect()
    }

    /// The counts of the delivery, once it is known how many of its lines are new.
    pub(super) fn counts(&self, accepted: usize) -> Counts {
        let count = |n: usize| i32::try_from(n).expect("a delivery has at most a thousand lines");
        Counts {
            accepted: count(accepted),
            unchanged: count(self.lines.len() - accepted),
            dropped: count(self.dropped),
            refused: count(self.refused),
        }
    }

    /// An entry for everybody whose insurance changed. Nobody's own record does, so it keeps its
    /// version: an officer's update made beside a delivery must not be stale.
    pub(super) fn journal(
        &self,
        tx: &mut WriteSession,
        touched: &HashSet<(WorkerId, InsuranceKind)>,
        field: &'static str,
    ) {
        let changed: HashSet<WorkerId> = touched.iter().map(|(worker, _)| *worker).collect();
        for (worker, version) in &self.people {
            if changed.contains(worker) {
                tx.changed(Change::new(*worker, *version, &[field]));
            }
        }
    }
}

/// Derives where people stand anew, from every month and statement about them. Called after each
/// change, in its transaction, with the people locked.
pub(super) async fn rederive_in(
    tx: &WriteSession,
    touched: &HashSet<(WorkerId, InsuranceKind)>,
) -> Result<(), Failure> {
    if touched.is_empty() {
        return Ok(());
    }
    let workers: HashSet<WorkerId> = touched.iter().map(|(worker, _)| *worker).collect();
    let workers: Vec<WorkerId> = workers.into_iter().collect();
    let last = last_months_in(tx, &workers).await?;
    let mut statements: HashMap<_, Vec<Statement>> = HashMap::new();
    for statement in standing::statements_in(tx, &workers).await? {
        let key = (statement.worker, statement.kind);
        statements.entry(key).or_default().push(statement);
    }
    let unpaid = LastMonths::new();
    let positions: Vec<_> = touched
        .iter()
        .map(|key| {
            let own = statements.get(key).map_or(&[][..], Vec::as_slice);
            let (worker, kind) = *key;
            (
                worker,
                kind,
                rules::position(last.get(key).unwrap_or(&unpaid), own),
            )
        })
        .collect();
    standing::write_positions_in(tx, &positions).await
}

/// The last month that counts of each person, insurance and employer.
async fn last_months_in(
    tx: &WriteSession,
    workers: &[WorkerId],
) -> Result<HashMap<(WorkerId, InsuranceKind), LastMonths>, Failure> {
    let mut last: HashMap<(WorkerId, InsuranceKind), LastMonths> = HashMap::new();
    let mut learn = |key, employer, month: YearMonth| {
        let known = last.entry(key).or_default().entry(employer);
        known
            .and_modify(|known| *known = month.max(*known))
            .or_insert(month);
    };
    for (key, employer, month) in contributions::last_sole_months_in(tx, workers).await? {
        learn(key, employer, month);
    }
    for (worker, rows) in contributions::shared_months_in(tx, workers).await? {
        for (kind, months) in rules::last_months(&rows) {
            for (employer, month) in months {
                learn((worker, kind), employer, month);
            }
        }
    }
    Ok(last)
}
