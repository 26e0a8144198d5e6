//! Agriculture's deliveries of household categories: up to a thousand statements in one unit of
//! work, each with a result of its own.
//!
//! Everything is read, locked and decided before anything is written, so that the number of
//! statements sent does not grow with the number of households.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::error::CategoryItemRejection;
use super::super::model::{
    CategoryItemOutcome, CategorySource, CategorySpell, Household, PovertyCategory,
};
use super::super::repo::{categories, households, members};
use super::super::rules;
use super::super::rules::statements::{Statements, Verdict};
use super::parse;
use crate::capability::submission::public::{self as submission, Counts, Dataset};
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::ids::{HouseholdId, SubmissionId};
use crate::kernel::page;
use crate::kernel::region_code::{RegionCode, RegionLevel};
use crate::kernel::resident_id::ResidentId;
use crate::kernel::text::bounded;
use crate::kernel::unreadable::Misread;
use crate::platform::authn::Agency;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::{AuditEntry, Change};

/// One statement: a household holds a category from a day on, until another day or for now. The
/// household is named by county and number, or by a member's resident id.
#[derive(Clone)]
pub struct CategoryItem {
    /// The county's number for the household.
    pub number: Option<String>,
    /// The county of that number.
    pub county: Option<RegionCode>,
    /// The resident id of any member, as typed.
    pub resident_id: Option<String>,
    /// The category.
    pub category: PovertyCategory,
    /// First day.
    pub since: NaiveDate,
    /// Last day; `None` while it holds.
    pub until: Option<NaiveDate>,
}

/// What became of one statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryItemResult {
    /// How it ended.
    pub outcome: CategoryItemOutcome,
    /// Why it was not taken; absent when it was.
    pub rejection: Option<CategoryItemRejection>,
}

/// What became of a delivery, as it is kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoriesSubmitted {
    /// The delivery.
    pub submission: SubmissionId,
    /// One result per statement, in order.
    pub results: Vec<CategoryItemResult>,
}

impl CategoriesSubmitted {
    /// How many statements ended in each way.
    #[must_use]
    pub fn counts(&self) -> Counts {
        counts(&self.results)
    }
}

fn counts(results: &[CategoryItemResult]) -> Counts {
    results
        .iter()
        .fold(Counts::default(), |mut counts, result| {
            let count = match result.outcome {
                CategoryItemOutcome::Applied => &mut counts.accepted,
                CategoryItemOutcome::Unchanged => &mut counts.unchanged,
                CategoryItemOutcome::UnknownHousehold => &mut counts.dropped,
                CategoryItemOutcome::Refused => &mut counts.refused,
            };
            *count += 1;
            counts
        })
}

/// Takes a delivery. The same statements again change nothing.
///
/// # Errors
/// [`Failure::BadInput`] for none, [`Failure::Limit`] for more than a thousand.
pub async fn submit_categories(
    mut tx: WriteSession,
    items: Vec<Result<CategoryItem, Misread>>,
) -> Result<CategoriesSubmitted, Refusal> {
    page::check_batch(items.len())?;
    let statements: Vec<_> = items.into_iter().map(|item| read(&tx, item)).collect();
    let mut register = Register::of(&tx, &statements).await?;
    let results: Vec<_> = statements
        .into_iter()
        .map(|statement| result(statement.and_then(|statement| register.take(&tx, statement))))
        .collect();
    let counts = counts(&results);
    let submission =
        submission::record_in(&mut tx, Agency::Agriculture, Dataset::Categories, counts).await?;
    write(&mut tx, submission, register).await?;
    let answer = CategoriesSubmitted {
        submission,
        results,
    };
    let entry = AuditEntry::done(&answer)?.about(submission);
    tx.commit(entry).await?;
    Ok(answer)
}

fn result(taken: Result<Verdict, CategoryItemRejection>) -> CategoryItemResult {
    let (outcome, rejection) = match taken {
        Ok(Verdict::Applied) => (CategoryItemOutcome::Applied, None),
        Ok(Verdict::Unchanged) => (CategoryItemOutcome::Unchanged, None),
        Ok(Verdict::Contradicts) => (
            CategoryItemOutcome::Refused,
            Some(CategoryItemRejection::Contradicts),
        ),
        Err(CategoryItemRejection::Unknown) => (
            CategoryItemOutcome::UnknownHousehold,
            Some(CategoryItemRejection::Unknown),
        ),
        Err(rejection) => (CategoryItemOutcome::Refused, Some(rejection)),
    };
    CategoryItemResult { outcome, rejection }
}

/// How a statement names its household.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Named {
    Number(RegionCode, String),
    Member(BlindIndex),
}

/// A statement whose every part is well formed.
struct Statement {
    household: Named,
    spell: CategorySpell,
}

fn read(
    tx: &WriteSession,
    item: Result<CategoryItem, Misread>,
) -> Result<Statement, CategoryItemRejection> {
    let CategoryItem {
        number,
        county,
        resident_id,
        category,
        since,
        until,
    } = item.map_err(CategoryItemRejection::Misread)?;
    let household = match (number, county, resident_id) {
        (Some(number), Some(county), None) => {
            let county = county
                .ancestor(RegionLevel::County)
                .filter(|c| *c == county)
                .ok_or(CategoryItemRejection::County)?;
            let number = bounded(&number, parse::MAX_TEXT).ok_or(CategoryItemRejection::Unknown)?;
            Named::Number(county, number)
        }
        (None, None, Some(typed)) => {
            // Which county issued the number does not matter here: only a note would come of it.
            let parsed = ResidentId::parse(&typed, tx.today(), &|_: u32| None::<bool>)
                .map_err(|error| CategoryItemRejection::ResidentId(error.code().to_owned()))?;
            Named::Member(parse::index_of(tx, &parsed.id))
        }
        _ => return Err(CategoryItemRejection::Household),
    };
    if [Some(since), until].into_iter().flatten().max() > Some(tx.today()) {
        return Err(CategoryItemRejection::FutureDate);
    }
    if until.is_some_and(|until| until < since) {
        return Err(CategoryItemRejection::BadPeriod);
    }
    let spell = CategorySpell {
        category,
        since,
        until,
        source: CategorySource::Agriculture,
        provisional: false,
    };
    Ok(Statement { household, spell })
}

/// The households that a delivery names, locked, with what stands about each.
struct Register {
    named: HashMap<Named, HouseholdId>,
    households: BTreeMap<HouseholdId, (Household, Statements<Uuid>)>,
    changed: BTreeSet<HouseholdId>,
}

impl Register {
    async fn of(
        tx: &WriteSession,
        statements: &[Result<Statement, CategoryItemRejection>],
    ) -> Result<Self, Failure> {
        let named: Vec<&Named> = statements.iter().flatten().map(|s| &s.household).collect();
        let found = find(tx, &named).await?;
        let ids: BTreeSet<HouseholdId> = found.values().copied().collect();
        let ids: Vec<HouseholdId> = ids.into_iter().collect();
        let locked = households::lock_in(tx, &ids).await?;
        // Whoever moved or was renumbered before the lock was there is found where they are now.
        if find(tx, &named).await? != found {
            return Err(Failure::Contended("a household moved meanwhile".into()));
        }
        let mut standing: HashMap<HouseholdId, Vec<(Uuid, CategorySpell)>> = HashMap::new();
        for (household, key, spell) in categories::standing_in(tx, &ids).await? {
            standing.entry(household).or_default().push((key, spell));
        }
        let households = locked.into_iter().map(|household| {
            let stored = standing.remove(&household.id).unwrap_or_default();
            (household.id, (household, Statements::new(stored)))
        });
        Ok(Self {
            named: found,
            households: households.collect(),
            changed: BTreeSet::new(),
        })
    }

    fn take(
        &mut self,
        tx: &WriteSession,
        statement: Statement,
    ) -> Result<Verdict, CategoryItemRejection> {
        let Statement { household, spell } = statement;
        let id = self.named.get(&household);
        let (household, statements) = id
            .and_then(|id| self.households.get_mut(id))
            .filter(|(household, _)| tx.permit().admit(household.village).is_ok())
            .ok_or(CategoryItemRejection::Unknown)?;
        if household.dissolved_on.is_some() {
            return Err(CategoryItemRejection::Dissolved);
        }
        let verdict = statements.state(spell);
        if verdict == Verdict::Applied {
            self.changed.insert(household.id);
        }
        Ok(verdict)
    }
}

/// The households that these names lead to.
async fn find(tx: &WriteSession, named: &[&Named]) -> Result<HashMap<Named, HouseholdId>, Failure> {
    let (mut counties, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut indexes = Vec::new();
    for name in named {
        match name {
            Named::Number(county, number) => {
                counties.insert(*county);
                numbers.insert(number.clone());
            }
            Named::Member(index) => indexes.push(*index),
        }
    }
    let counties: Vec<_> = counties.into_iter().collect();
    let numbers: Vec<_> = numbers.into_iter().collect();
    let by_number = categories::numbered_in(tx, &counties, &numbers).await?;
    let by_member = categories::of_members_in(tx, &indexes).await?;
    Ok(named
        .iter()
        .filter_map(|name| {
            let id = match name {
                Named::Number(county, number) => by_number.get(&(*county, number.clone())),
                Named::Member(index) => by_member.get(index),
            };
            Some(((*name).clone(), *id?))
        })
        .collect())
}

/// Writes what a delivery changes: statements, households and the people in them.
async fn write(
    tx: &mut WriteSession,
    submission: SubmissionId,
    register: Register,
) -> Result<(), Failure> {
    let Register {
        named: _,
        households,
        changed,
    } = register;
    if changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<HouseholdId> = changed.iter().copied().collect();
    let (mut superseded, mut added) = (Vec::new(), Vec::new());
    let mut sets = HashMap::new();
    for (id, (household, statements)) in &households {
        if !changed.contains(id) {
            continue;
        }
        superseded.extend(statements.superseded());
        added.extend(statements.added().map(|spell| (*id, spell.clone())));
        sets.insert(
            *id,
            rules::categories_on(&statements.standing(), tx.today()),
        );
        tx.changed(Change::new(*id, household.version + 1, &["categories"]));
    }
    categories::supersede_in(tx, &superseded).await?;
    categories::add_in(tx, submission, &added).await?;
    categories::touch_in(tx, &ids).await?;
    let mut people = Vec::new();
    for worker in members::locked_in(tx, &ids).await? {
        let set = sets.get(&worker.household).copied().unwrap_or_default();
        let set = set.with_public_post_leaver(worker.categories.is_public_post_leaver());
        if set != worker.categories {
            people.push((worker.id, set));
            tx.changed(Change::new(worker.id, worker.version + 1, &["categories"]));
        }
    }
    categories::materialise_in(tx, &people).await
}
