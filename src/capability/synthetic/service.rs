//! Making the province, batch by batch.

use chrono::{DateTime, NaiveDate, Utc};

use super::draw::{self, Dice, Province};
use super::model::{BATCH, Focus, GenerateOptions, Generated, Household, NewEmployer};
use super::policy;
use super::repo::{self, Stamp, jobs, people};
use crate::capability::employer::public::REGISTERED_FIELDS;
use crate::capability::employment::public::RECORDED_FIELDS;
use crate::capability::submission::public::{Counts, Dataset};
use crate::capability::worker::public::{HOUSEHOLD_FIELDS, PERSON_FIELDS, household_numbered_in};
use crate::capability::{employer, submission};
use crate::kernel::clock::{Clock, beijing};
use crate::kernel::error::{Failure, Refusal, Text};
use crate::kernel::ids::{EmployerId, SubmissionId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;
use crate::platform::authn::Agency;
use crate::platform::authz::{Caller, Permit, Write};
use crate::platform::db::{Db, ReadSession, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// The most people: as many as there are numbers for.
const MOST: u32 = 5_000_000;
/// Every record is as it was made.
const FIRST_VERSION: i64 = 1;
/// The dice of the employers, apart from those of every batch.
const EMPLOYERS: u32 = u32::MAX;

/// What one call works on.
struct Work<'a> {
    db: &'a Db,
    permit: &'a Permit<Write>,
    options: &'a GenerateOptions,
    today: NaiveDate,
    at: DateTime<Utc>,
    months: Vec<i32>,
}

impl Work<'_> {
    fn dice(&self, batch: u32) -> Dice {
        Dice::new(self.options.seed, batch, Clock::fixed(self.at))
    }

    /// Runs one batch as a unit of work; nothing of it can be refused by a rule.
    async fn unit<T, W>(&self, work: impl Fn(WriteSession) -> W) -> Result<T, Failure>
    where
        W: Future<Output = Result<T, Failure>>,
    {
        let done = self.db.work(self.permit, |tx| {
            let work = work(tx);
            async move { work.await.map_err(Refusal::from) }
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(Refusal::Failed(failure)) => Err(failure),
            Err(Refusal::Expected(_)) => Err(Failure::internal("no rule refuses made-up people")),
        }
    }
}

/// Makes a province of synthetic people on the loaded region table, and tells `progress` how many
/// people each batch brought. A database has one such province: where it is there already, whole,
/// nothing is made. One that was interrupted is completed by the same call.
///
/// # Errors
/// [`Failure::BadInput`] for a number of people that is out of range, without a region table, and as
/// [`refuse_among_others`]; [`Failure`] of the database. The batches before stay.
pub async fn generate(
    db: &Db,
    caller: &Caller,
    options: &GenerateOptions,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Generated, Failure> {
    let permit = caller.permit(&policy::GENERATE)?;
    if !(1..=MOST).contains(&options.workers) {
        return Err(Failure::BadInput(Text::new(
            "人数须在1至5,000,000之间。",
            "A synthetic province has 1 to 5,000,000 people.",
        )));
    }
    let today = db.clock().today();
    let midnight = today.and_time(chrono::NaiveTime::MIN);
    let at = midnight.and_local_timezone(beijing()).single();
    let work = Work {
        db,
        permit: &permit,
        options,
        today,
        at: at
            .ok_or_else(|| Failure::internal("no such midnight"))?
            .to_utc(),
        months: months(today, options.insured_months),
    };
    let mut province = province(&work).await?;
    // The first batch is made last: with it, all are there.
    if is_there(&work, &province, 0).await? {
        return Ok(Generated { people: 0 });
    }
    refuse_among_others(db, caller).await?;
    let employers = settle(&work, &province).await?;
    province.settle(&employers);
    let mut made = 0;
    for batch in (0..options.workers.div_ceil(BATCH)).rev() {
        if batch > 0 && is_there(&work, &province, batch).await? {
            continue;
        }
        let people = make(&work, &province, batch).await?;
        made += people;
        progress(people);
    }
    Ok(Generated { people: made })
}

/// Refuses a registry that holds people who were not made up: nobody could tell the two apart again, nor
/// take the made-up ones out.
///
/// # Errors
/// [`Failure::BadInput`] for such a registry; [`Failure`] of the database.
pub async fn refuse_among_others(db: &Db, caller: &Caller) -> Result<(), Failure> {
    let session = db.write(caller.permit(&policy::GENERATE)?).await?;
    if !repo::has_others(&session).await? {
        return Ok(());
    }
    Err(Failure::BadInput(Text::new(
        "库中已有并非虚构的人员，虚构人员不能与其混在一起：请为虚构的省份另用一个空数据库。",
        "The registry holds people who were not made up, and made-up ones could not be told from them \
         again: give a synthetic province an empty database of its own.",
    )))
}

/// Somebody of the first household of the focus; `None` where no province was made, or where they
/// have moved since.
///
/// # Errors
/// [`Failure`] of the database.
pub async fn focus_person(
    session: &ReadSession,
    focus: &Focus,
) -> Result<Option<WorkerId>, Failure> {
    repo::member_of(session, focus.origin, &draw::first_number(0)).await
}

/// The months up to and including the one before `today`.
fn months(today: NaiveDate, number: u32) -> Vec<i32> {
    let last = YearMonth::of(today).and_then(YearMonth::prev);
    std::iter::successors(last, |month| month.prev())
        .take(number as usize)
        .map(YearMonth::as_i32)
        .collect()
}

async fn province(work: &Work<'_>) -> Result<Province, Failure> {
    let session = work.db.write(work.permit.clone()).await?;
    let villages = repo::villages(&session).await?;
    Province::new(&villages).ok_or_else(|| {
        Failure::BadInput(Text::new(
            "请先导入行政区划。",
            "There are no villages to live in: import the divisions first.",
        ))
    })
}

async fn is_there(work: &Work<'_>, province: &Province, batch: u32) -> Result<bool, Failure> {
    let county = province.first_county(batch, work.options.focus.origin);
    let tx = work.db.write(work.permit.clone()).await?;
    let found = household_numbered_in(&tx, county, &draw::first_number(batch)).await?;
    Ok(found.is_some())
}

/// Registers the employers that are not known yet; all of them, with their counties.
async fn settle(
    work: &Work<'_>,
    province: &Province,
) -> Result<Vec<(RegionCode, EmployerId)>, Failure> {
    let dice = work.dice(EMPLOYERS);
    let drawn = draw::employers(province, work.options, dice);
    let mut settled = Vec::with_capacity(drawn.len());
    for (chunk, some) in (EMPLOYERS / 4..).zip(drawn.chunks(BATCH as usize)) {
        let settling = work.unit(|tx| settle_some(work, tx, chunk, some));
        settled.extend(settling.await?);
    }
    Ok(settled)
}

async fn settle_some(
    work: &Work<'_>,
    mut tx: WriteSession,
    chunk: u32,
    some: &[NewEmployer],
) -> Result<Vec<(RegionCode, EmployerId)>, Failure> {
    let codes: Vec<_> = some.iter().map(|new| new.code.clone()).collect();
    let known = employer::public::find_by_credit_codes(&tx, &codes).await?;
    let new: Vec<_> = some
        .iter()
        .filter(|new| !known.contains_key(&new.code))
        .collect();
    let settled = some
        .iter()
        .map(|new| (new.county, known.get(&new.code).map_or(new.id, |of| of.id)))
        .collect();
    if new.is_empty() {
        return Ok(settled);
    }
    let counts = accepted(new.len());
    let agency = Agency::MarketRegulation;
    let dataset = Dataset::EmployerStatuses;
    let submission = submission::public::record_in(&mut tx, agency, dataset, counts).await?;
    let subject = tx.permit().principal().subject().to_owned();
    let dice = work.dice(chunk);
    jobs::insert_employers_in(&tx, &stamp(work, &subject, submission, &dice), &new).await?;
    for new in &new {
        tx.changed(Change::new(new.id, FIRST_VERSION, REGISTERED_FIELDS));
    }
    tx.commit(AuditEntry::done(&new.len())?).await?;
    Ok(settled)
}

/// Makes one batch; how many people it has.
async fn make(work: &Work<'_>, province: &Province, batch: u32) -> Result<u64, Failure> {
    let options = work.options;
    let households = draw::batch(province, options, batch, work.today, work.dice(batch));
    let people: usize = households.iter().map(|of| of.members.len()).sum();
    let households = &households;
    work.unit(|tx| write(work, tx, batch, households)).await?;
    Ok(people as u64)
}

async fn write(
    work: &Work<'_>,
    mut tx: WriteSession,
    batch: u32,
    households: &[Household],
) -> Result<(), Failure> {
    let members = households.iter().flat_map(|of| &of.members);
    let insured = members.filter(|person| person.insured.is_some()).count();
    let counts = accepted(insured * work.months.len() * jobs::INSURANCES.len());
    let agency = Agency::SocialInsurance;
    let submission =
        submission::public::record_in(&mut tx, agency, Dataset::Contributions, counts).await?;
    let subject = tx.permit().principal().subject().to_owned();
    // Apart from the dice the people were drawn with, or ids would come twice.
    let dice = work.dice(EMPLOYERS / 2 + batch);
    let stamp = stamp(work, &subject, submission, &dice);
    people::insert_in(&tx, &stamp, households).await?;
    jobs::insert_in(&tx, &stamp, households).await?;
    state(work, &mut tx, households);
    tx.commit(AuditEntry::done(&households.len())?).await
}

/// States what a batch made, record by record.
fn state(work: &Work<'_>, tx: &mut WriteSession, households: &[Household]) {
    for household in households {
        tx.changed(Change::new(household.id, FIRST_VERSION, HOUSEHOLD_FIELDS));
        for person in &household.members {
            tx.changed(Change::new(person.id, FIRST_VERSION, PERSON_FIELDS));
            for job in &person.jobs {
                tx.changed(Change::new(job.id, FIRST_VERSION, RECORDED_FIELDS));
            }
            if person.insured.is_some() && !work.months.is_empty() {
                tx.changed(Change::new(person.id, FIRST_VERSION, &["contributions"]));
            }
        }
    }
}

fn stamp<'a>(
    work: &'a Work<'_>,
    subject: &'a str,
    submission: SubmissionId,
    dice: &'a Dice,
) -> Stamp<'a> {
    Stamp {
        at: work.at,
        today: work.today,
        subject,
        focus: &work.options.focus,
        months: &work.months,
        submission,
        dice,
    }
}

fn accepted(rows: usize) -> Counts {
    Counts {
        accepted: i32::try_from(rows).unwrap_or(i32::MAX),
        ..Counts::default()
    }
}
