//! Whom a row is about: somebody registered already, or somebody new.

use std::collections::HashMap;

use super::columns::Column;
use super::defect::{Defect, Finding};
use super::home::{Entered, Homes, county_of, home_for};
use super::known::{Residence, described_differently, placed_differently};
use super::row::{Person, ReadRow};
use crate::capability::employment::public::{self as employment, Employment};
use crate::capability::worker::public::{
    self as worker, KnownPerson, RegisterWorker, Registration, StatedFlag, Worker,
};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{HouseholdId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::text::same_name;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::scratch::Scratch;
use crate::platform::db::{Session as _, WriteSession};

/// Whom a row is about, once that is settled.
pub(super) struct Settled {
    pub(super) worker: WorkerId,
    pub(super) origin: RegionCode,
    /// Whether the row has registered them.
    pub(super) new: bool,
    /// Whether it has made their household as well.
    pub(super) household_made: bool,
}

/// What a batch is read against.
pub(super) struct Registry<'a> {
    own: RegionCode,
    /// Whoever of the batch is registered already, anywhere in the province.
    known: HashMap<BlindIndex, KnownPerson>,
    /// What those of the own region have on record, with the numbers of their households.
    records: HashMap<WorkerId, (Worker, Option<String>)>,
    /// The jobs of theirs that go on, of those whose row gives one.
    jobs: HashMap<WorkerId, Vec<Employment>>,
    homes: Homes<'a>,
}

impl<'a> Registry<'a> {
    /// Loads it, in five statements for all rows.
    pub(super) async fn load(
        tx: &WriteSession,
        rows: &[ReadRow],
        own: RegionCode,
        homes: Homes<'a>,
    ) -> Result<Self, Failure> {
        let indexes: Vec<BlindIndex> = rows
            .iter()
            .filter_map(|row| row.person.as_ref())
            .map(|person| worker::resident_id_index(tx, &person.resident_id))
            .collect();
        let known = worker::identify(tx, &indexes).await?;
        // In one order for everybody: whoever writes somebody's jobs locks the person first.
        let working = rows.iter().filter_map(|row| row.person.as_ref());
        let working: Vec<WorkerId> = working
            .filter(|person| person.job.is_some())
            .filter_map(|person| known.get(&worker::resident_id_index(tx, &person.resident_id)))
            .filter(|holder| own.contains(holder.origin))
            .map(|holder| holder.id)
            .collect();
        worker::lock_matched_in(tx, &known, &working).await?;
        let of_own_region: Vec<WorkerId> = known
            .values()
            .filter(|holder| own.contains(holder.origin))
            .map(|holder| holder.id)
            .collect();
        Ok(Self {
            own,
            jobs: if working.is_empty() {
                HashMap::new()
            } else {
                employment::current_of(tx, &working).await?
            },
            records: worker::on_record(tx, &of_own_region).await?,
            known,
            homes,
        })
    }

    /// The jobs of somebody that went on before the row.
    pub(super) fn jobs_of(&self, worker: WorkerId) -> &[Employment] {
        self.jobs.get(&worker).map_or(&[], Vec::as_slice)
    }

    /// Where a dry run keeps what its earlier batches would have made.
    pub(super) const fn rehearsed(&self) -> Option<&'a Scratch> {
        self.homes.rehearsed()
    }

    /// Finds or registers the person; `None` when the row is refused, with a finding that says why.
    pub(super) async fn settle(
        &mut self,
        tx: &mut WriteSession,
        (row, person): (u64, Person),
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Settled>, Failure> {
        self.homes.at(row);
        let index = worker::resident_id_index(tx, &person.resident_id);
        match self.known.get(&index) {
            Some(holder) => Ok(of_holder(self, holder, &person, findings)),
            None => register(tx, &mut self.homes, &person, findings).await,
        }
    }
}

/// Somebody registered already: of the own region under the same name, or nobody to this ledger.
fn of_holder(
    registry: &Registry<'_>,
    holder: &KnownPerson,
    person: &Person,
    findings: &mut Vec<Finding>,
) -> Option<Settled> {
    if !registry.own.contains(holder.origin) {
        findings.push(elsewhere(holder, person));
        return None;
    }
    if !same_name(&holder.name, &person.name) {
        let value = person.resident_id.masked();
        findings.push(
            Finding::new(Column::ResidentId, Defect::IdentityNotConfirmed, &value).hinting(
                "本地已以另一姓名登记此号码，请核对证件。",
                "Registered in your region under another name: compare with the card.",
            ),
        );
        return None;
    }
    if let Some((record, number)) = registry.records.get(&holder.id) {
        let residence = Residence {
            village: record.origin,
            number: number.as_deref(),
            categories: record.categories,
        };
        findings.extend(placed_differently(person, &residence));
        findings.extend(described_differently(person, record));
    }
    Some(Settled {
        worker: holder.id,
        origin: holder.origin,
        new: false,
        household_made: false,
    })
}

/// A person of another county: named only where id and name match.
fn elsewhere(holder: &KnownPerson, person: &Person) -> Finding {
    let value = person.resident_id.masked();
    if !same_name(&holder.name, &person.name) {
        return Finding::new(Column::ResidentId, Defect::IdentityNotConfirmed, &value);
    }
    let county = county_of(holder.origin);
    Finding::new(Column::ResidentId, Defect::AlreadyRegistered, &value).hinting(
        format!("已由 {county} 登记，请联系该县。"),
        format!("Registered by region {county}: contact it."),
    )
}

/// Registers a person, with the household when it is new.
async fn register(
    tx: &mut WriteSession,
    homes: &mut Homes<'_>,
    person: &Person,
    findings: &mut Vec<Finding>,
) -> Result<Option<Settled>, Failure> {
    let (household, household_made) = match home_for(tx, homes, person).await? {
        Ok(Entered {
            household,
            made,
            notes,
        }) => {
            findings.extend(notes);
            (household, made)
        }
        Err(finding) => {
            findings.push(finding);
            return Ok(None);
        }
    };
    let origin = person.origin;
    let refused = |defect| Finding::new(Column::ResidentId, defect, &person.resident_id.masked());
    let refused = match worker::register_worker_in(tx, command(tx, household, person)).await {
        Ok(Registration::Registered { worker }) => {
            let new = true;
            return Ok(Some(Settled {
                worker,
                origin,
                new,
                household_made,
            }));
        }
        // Somebody registered the person since the batch looked: the next run finds them.
        Ok(Registration::Known { .. } | Registration::Elsewhere { .. }) => {
            refused(Defect::AlreadyRegistered)
        }
        Ok(Registration::NotConfirmed | Registration::QuotaUsed) => {
            refused(Defect::IdentityNotConfirmed)
        }
        // The registry and the ledger read values alike; should they ever differ, this row waits.
        Err(Refusal::Expected(_)) => refused(Defect::Malformed),
        Err(Refusal::Failed(failure)) => return Err(failure),
    };
    findings.push(refused);
    Ok(None)
}

fn command(tx: &WriteSession, household: HouseholdId, person: &Person) -> RegisterWorker {
    let today = tx.today();
    let stated = |value| StatedFlag {
        value,
        since: today,
        source: "LEDGER".to_owned(),
    };
    RegisterWorker {
        household,
        name: person.name.clone(),
        resident_id: person.resident_id.expose().to_owned(),
        phone: person.phone.as_ref().map(|phone| phone.expose().to_owned()),
        bank_account: None,
        education: person.education,
        skills: Vec::new(),
        origin_address: person.origin_address.clone(),
        stay: None,
        able: person.able.map(stated),
        willing: person.willing.map(stated),
        not_working_since: (person.working == Some(false)).then_some(today),
    }
}
