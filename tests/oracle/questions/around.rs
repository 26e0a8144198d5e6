//! What is told of people: their records and what lies around them, of several at once.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};

use super::super::facts::{Job, Posted};
use super::super::rules::Who;
use super::{Asked, Asking, FORBIDDEN, ids, sorted};

const RECORD: &str = "id workStatus workSplit categories originCode stayCode able willing updatedAt
    household { id villageCode members { id } }
    contributions(first: 100) { periodMonth kind entry }
    insuredMonths(kind: PENSION, from: \"2025-01\", to: \"2060-12\")";
const JOBS: &str = "currentEmployments { id } employments(first: 100) { nodes {
    id state endedOn workplaceCode worker { id } employer { id } host { id } } }";

impl Asking<'_> {
    pub(super) async fn around(&self, random: &mut StdRng) -> Asked {
        let several = random.random_range(1..=6);
        let places: Vec<usize> = (0..several).map(|_| self.world.somebody(random)).collect();
        let of = places.iter().map(|place| &self.world.people[*place].id);
        let variables = json!({"ids": of.collect::<Vec<_>>()});
        let jobs = if self.who().looks_at_jobs() { JOBS } else { "" };
        let query = format!(
            "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Worker {{ {RECORD} {jobs} }} }} }}"
        );
        let answer = self.answer(&query, &variables).await;
        let found = match answer.as_array() {
            Some(records) => records.iter().map(told).collect(),
            None => answer,
        };
        let shown = |place: &usize| self.sees(*place).then(|| self.on_record(*place));
        Asked {
            question: format!("around {variables}"),
            found,
            expected: if self.who().looks_at_people() {
                json!(places.iter().map(shown).collect::<Vec<_>>())
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    fn on_record(&self, place: usize) -> Value {
        let person = &self.world.people[place];
        let poverty = self.who().sees_poverty();
        let agency = matches!(self.who(), Who::Agency(_, _));
        let household = &self.world.households[person.household];
        let living = person.died.is_none();
        let stay = person.stay.filter(|_| poverty && !agency);
        let seen = |job: &&Job| self.sees_job(place, job);
        let jobs = person.jobs.iter().filter(seen);
        let shown = |row: &Posted| self.who().is_shown(row);
        let posted = person.posted.iter().filter(|row| shown(row)).map(row);
        let mut posted: Vec<_> = posted.collect();
        posted.sort_unstable();
        let months = person.insured_months(shown).into_iter().map(month);
        let code = |code: u64| code.to_string();
        json!({
            "id": person.id,
            "status": person.status(),
            "split": person.split().filter(|_| poverty),
            "categories": poverty.then(|| BTreeSet::from_iter(&person.categories)),
            "origin": poverty.then(|| code(person.village)),
            "stay": stay.map(code),
            "able": person.able.filter(|_| poverty && living),
            "willing": person.is_willing().filter(|_| poverty),
            "changed": self.who().sees_changes().then(|| person.changed.to_rfc3339()),
            "household": poverty.then_some(&household.id),
            "village": poverty.then(|| code(household.village)),
            "members": if poverty { self.members(person.household) } else { json!([]) },
            "current": sorted(person.current_jobs().filter(seen).map(|job| job.id.as_str())),
            "jobs": jobs.map(|job| self.job_of(place, job)).collect::<Map<_, _>>(),
            "rows": self.who().sees_money().then_some(posted),
            "months": (!agency).then(|| months.collect::<Vec<_>>()),
        })
    }

    fn job_of(&self, place: usize, job: &Job) -> (String, Value) {
        let met = |employer: Option<usize>| {
            let met = employer.filter(|employer| self.who().meets_employer(*employer));
            met.map(|employer| &self.world.employers[employer])
        };
        let state = match (job.voided, job.confirmed) {
            (true, _) => "VOIDED",
            (false, true) => "CONFIRMED",
            (false, false) => "REPORTED",
        };
        let seen = json!({"state": state, "ended": job.ended, "at": job.workplace.to_string(),
            "worker": self.shown(place)["id"], "employer": met(job.employer),
            "host": met(job.host)});
        (job.id.clone(), seen)
    }
}

/// A record as the rules speak of it; null stays null.
fn told(record: &Value) -> Value {
    if !record.is_object() {
        return record.clone();
    }
    let instant = |text: &str| {
        text.parse::<DateTime<Utc>>()
            .expect("an instant")
            .to_rfc3339()
    };
    let changed = record["updatedAt"].as_str().map(instant);
    let household = &record["household"];
    let jobs = record["employments"]["nodes"]
        .as_array()
        .into_iter()
        .flatten();
    let job = |job: &Value| {
        let seen = json!({"state": job["state"], "ended": job["endedOn"],
            "at": job["workplaceCode"], "worker": job["worker"]["id"],
            "employer": job["employer"]["id"], "host": job["host"]["id"]});
        (job["id"].as_str().expect("an id").to_owned(), seen)
    };
    json!({
        "id": record["id"],
        "status": record["workStatus"],
        "split": record["workSplit"],
        "categories": names(&record["categories"]),
        "origin": record["originCode"],
        "stay": record["stayCode"],
        "able": record["able"],
        "willing": record["willing"],
        "changed": changed,
        "household": household["id"],
        "village": household["villageCode"],
        "members": ids(&household["members"]),
        "current": ids(&record["currentEmployments"]),
        "jobs": jobs.map(job).collect::<Map<_, _>>(),
        "rows": rows(&record["contributions"]),
        "months": record["insuredMonths"],
    })
}

/// Names in the order of the alphabet; null stays null.
fn names(list: &Value) -> Value {
    let names = list.as_array().map(|names| {
        let names = names.iter().map(|name| name.as_str().expect("a name"));
        names.collect::<BTreeSet<_>>()
    });
    json!(names)
}

fn month(month: i32) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

fn row(row: &Posted) -> String {
    let entry = if row.refund { "REFUND" } else { "NORMAL" };
    format!("{} {} {entry}", month(row.period), row.kind)
}

/// Rows as a list of words; null where none are shown.
fn rows(list: &Value) -> Value {
    let Some(rows) = list.as_array() else {
        return list.clone();
    };
    let word = |row: &Value, name: &str| row[name].as_str().expect("a word").to_owned();
    let words = |row: &Value| ["periodMonth", "kind", "entry"].map(|name| word(row, name));
    let mut rows: Vec<_> = rows.iter().map(|row| words(row).join(" ")).collect();
    rows.sort_unstable();
    json!(rows)
}
