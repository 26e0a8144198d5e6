//! Households, people, what is known about them, and who sees them.

use ::entity::{
    helper_assignment, household, household_category, labour_fact, residence_spell, worker,
    worker_visibility,
};

use super::super::model::{Household, Person, job_facts};
use super::{Stamp, insert_all};
use crate::capability::worker::public::{
    CategorySource, CategorySpell, Derived, JobFacts, LabourFact, WorkSplit, bank_account_index,
    categories_on, derive, enclosing, resident_id_index,
};
use crate::kernel::bank_account::BankAccount;
use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::phone::Phone;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::platform::crypto::Context;
use crate::platform::db::{Session as _, WriteSession, scope};

/// Writes households with their members.
pub(in super::super) async fn insert_in(
    tx: &WriteSession,
    stamp: &Stamp<'_>,
    households: &[Household],
) -> Result<(), Failure> {
    let rows = households.iter().map(|of| household_row(stamp, of));
    insert_all::<household::Entity, _>(tx, rows.collect()).await?;
    let rows = households.iter().map(|of| category_row(stamp, of));
    insert_all::<household_category::Entity, _>(tx, rows.collect()).await?;
    let mut workers = Vec::new();
    let mut visible = Vec::new();
    let mut facts = Vec::new();
    let mut residences = Vec::new();
    let mut helped = Vec::new();
    for household in households {
        for person in &household.members {
            let jobs = job_facts(&person.jobs);
            let derived = derive(household.village, &person.facts, &jobs, stamp.today);
            visible.extend(visibility_rows(
                person.id,
                household.village,
                &derived,
                &jobs,
            ));
            workers.push(worker_row(tx, stamp, (household, person), derived));
            facts.extend(fact_rows(stamp, person));
            residences.push(residence_row(stamp, household, person));
            helped.extend(person.helped.then(|| helper_row(stamp, person)));
        }
    }
    insert_all::<worker::Entity, _>(tx, workers).await?;
    insert_all::<worker_visibility::Entity, _>(tx, visible).await?;
    insert_all::<labour_fact::Entity, _>(tx, facts).await?;
    insert_all::<residence_spell::Entity, _>(tx, residences).await?;
    insert_all::<helper_assignment::Entity, _>(tx, helped).await
}

fn household_row(stamp: &Stamp<'_>, of: &Household) -> household::Model {
    household::Model {
        id: of.id.uuid(),
        county_code: of.village.county_or_itself().as_i64(),
        village_code: of.village.as_i64(),
        household_no: Some(of.number.clone()),
        dissolved_on: None,
        merged_into: None,
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
    }
}

fn spell(of: &Household) -> CategorySpell {
    CategorySpell {
        category: of.category,
        since: of.since,
        until: None,
        source: CategorySource::County,
        provisional: true,
    }
}

fn category_row(stamp: &Stamp<'_>, of: &Household) -> household_category::Model {
    let CategorySpell {
        category,
        since,
        until,
        source,
        provisional,
    } = spell(of);
    household_category::Model {
        id: stamp.id(),
        household_id: of.id.uuid(),
        category: category.as_str().to_owned(),
        since,
        until,
        source: source.as_str().to_owned(),
        provisional,
        submission_id: None,
        recorded_at: stamp.at,
        superseded_at: None,
    }
}

fn worker_row(
    tx: &WriteSession,
    stamp: &Stamp<'_>,
    (household, person): (&Household, &Person),
    derived: Derived,
) -> worker::Model {
    let keys = tx.keys();
    let owner = person.id.uuid();
    let seal = |context, text: &str| {
        let sealed = keys.ring.seal(context, owner.as_bytes(), text);
        sealed.into_bytes()
    };
    let categories = categories_on(&[spell(household)], stamp.today)
        .with_public_post_leaver(derived.left_public_post);
    let outside = derived.split == Some(WorkSplit::OutsideProvince);
    let workplace = derived.current.as_ref().map(|job| job.workplace);
    let workplace = workplace.filter(|_| !outside);
    let [village, township, county, prefecture] = levels(household.village);
    let id = &person.resident_id;
    let (phone, account) = (person.phone.as_ref(), person.bank_account.as_ref());
    worker::Model {
        id: person.id.uuid(),
        household_id: household.id.uuid(),
        name: person.name.clone(),
        resident_id_index: resident_id_index(tx, id).as_bytes().to_vec(),
        resident_id_sealed: seal(Context::RESIDENT_ID, id.expose()),
        resident_id_mask: id.masked(),
        birth_year: id.birth_year(),
        phone_sealed: phone.map(|phone| seal(Context::PHONE, phone.expose())),
        phone_mask: phone.map(Phone::masked),
        bank_account_sealed: account.map(|account| seal(Context::BANK_ACCOUNT, account.expose())),
        bank_account_mask: account.map(BankAccount::masked),
        bank_account_index: account
            .map(|account| bank_account_index(tx, account).as_bytes().to_vec()),
        education: Some(person.education.as_str().to_owned()),
        skills: "[]".to_owned(),
        origin_village: village,
        origin_township: township,
        origin_county: county,
        origin_prefecture: prefecture,
        origin_address: None,
        stay_region: None,
        work_status: derived.work_status.as_str().to_owned(),
        work_status_since: derived.since,
        able: derived.able,
        willing: derived.willing,
        categories: categories.bits(),
        current_employment_id: derived.current.map(|job| job.employment.uuid()),
        work_county: workplace.map(|place| place.county_or_itself().as_i64()),
        work_prefecture: workplace
            .and_then(RegionCode::prefecture)
            .map(RegionCode::as_i64),
        work_split: derived.split.map(|split| split.as_str().to_owned()),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
    }
}

/// A village with the township, county and prefecture around it.
fn levels(village: RegionCode) -> [i64; 4] {
    [
        RegionLevel::Village,
        RegionLevel::Township,
        RegionLevel::County,
        RegionLevel::Prefecture,
    ]
    .map(|level| village.ancestor(level).unwrap_or(village).as_i64())
}

fn visibility_rows(
    worker: WorkerId,
    village: RegionCode,
    derived: &Derived,
    jobs: &JobFacts,
) -> Vec<worker_visibility::Model> {
    let workplaces = derived
        .current
        .as_ref()
        .map_or(&[][..], |_| &jobs.workplaces);
    [
        (scope::ORIGIN, &[village][..]),
        (scope::WORKPLACE, workplaces),
    ]
    .into_iter()
    .flat_map(|(ground, regions)| {
        enclosing(regions)
            .into_iter()
            .map(move |region_code| worker_visibility::Model {
                region_code,
                worker_id: worker.uuid(),
                ground: ground.to_owned(),
                until: None,
            })
    })
    .collect()
}

fn fact_rows(stamp: &Stamp<'_>, person: &Person) -> Vec<labour_fact::Model> {
    let row = |fact: &LabourFact| labour_fact::Model {
        id: stamp.id(),
        worker_id: person.id.uuid(),
        kind: fact.kind.as_str().to_owned(),
        value: fact.value,
        since: fact.since,
        source: fact.source.clone(),
        reported_by: stamp.subject.to_owned(),
        reported_by_role: Some("SYSTEM".to_owned()),
        version: 1,
        recorded_at: stamp.at,
        voided_at: None,
        void_reason: None,
    };
    person.facts.iter().map(row).collect()
}

fn residence_row(stamp: &Stamp<'_>, of: &Household, person: &Person) -> residence_spell::Model {
    residence_spell::Model {
        id: stamp.id(),
        worker_id: person.id.uuid(),
        household_id: of.id.uuid(),
        village_code: of.village.as_i64(),
        since: stamp.today,
        until: None,
        reason: None,
        recorded_at: stamp.at,
    }
}

fn helper_row(stamp: &Stamp<'_>, person: &Person) -> helper_assignment::Model {
    helper_assignment::Model {
        id: stamp.id(),
        worker_id: person.id.uuid(),
        helper_subject: stamp.focus.helper.clone(),
        since: stamp.today,
        until: None,
        ended_by_death: false,
        assigned_by: stamp.subject.to_owned(),
        recorded_at: stamp.at,
    }
}
