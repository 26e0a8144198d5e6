//! Random questions, what the exchange answers and what the rules say.

mod around;
mod figures;
mod people;
mod records;
mod work;

use std::collections::BTreeMap;

use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};

use super::facts::{Job, Person};
use super::rules::Who;
use super::world::{Caller, World};
use crate::support::app::TestApp;

/// A question with both answers.
pub struct Asked {
    pub question: String,
    pub found: Value,
    pub expected: Value,
}

struct Asking<'a> {
    app: &'a TestApp,
    world: &'a World,
    caller: &'a Caller,
}

pub async fn ask(app: &TestApp, world: &World, caller: &Caller, random: &mut StdRng) -> Asked {
    let asking = Asking { app, world, caller };
    match random.random_range(0..20) {
        0 => asking.person(random).await,
        1 => asking.number(random).await,
        2..5 => asking.list(random).await,
        5 => asking.around(random).await,
        6 => asking.employers().await,
        7 => asking.job(random).await,
        17 | 18 => asking.jobs(random).await,
        8 => asking.summary(random).await,
        9 => asking.flows(random).await,
        10 => asking.path(random).await,
        11 | 12 => asking.nodes(random).await,
        13 => asking.divisions(random).await,
        14 => asking.around(random).await,
        15 => asking.corrections(random).await,
        16 => asking.log(random).await,
        _ => asking.findings(random).await,
    }
}

const FORBIDDEN: &str = "FORBIDDEN";

impl Asking<'_> {
    fn who(&self) -> &Who {
        &self.caller.who
    }

    /// The value of the root field, or the code of the error.
    async fn answer(&self, query: &str, variables: &Value) -> Value {
        let body = self
            .app
            .gql(&self.caller.token, query, variables.clone())
            .await;
        match body["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => code.into(),
            None => {
                let data = body["data"].as_object().expect("data or an error");
                data.values().next().expect("one root field").clone()
            }
        }
    }

    fn visible(&self) -> impl Iterator<Item = (usize, &Person)> {
        let people = self.world.people.iter().enumerate();
        people.filter(|(place, _)| self.sees(*place))
    }

    fn sees(&self, place: usize) -> bool {
        let person = &self.world.people[place];
        self.who().sees(self.world.today(), place, person)
    }

    fn sees_job(&self, place: usize, job: &Job) -> bool {
        let person = &self.world.people[place];
        self.who().sees_job(self.world.today(), place, person, job)
    }

    /// A person by place, if within reach.
    fn shown(&self, place: usize) -> Value {
        let id = &self.world.people[place].id;
        self.sees(place).then(|| json!({"id": id})).into()
    }

    /// Current jobs within reach, each with its person if within reach.
    fn jobs_at(&self, at: impl Fn(&Job) -> bool) -> Value {
        let mut found = BTreeMap::new();
        for (place, person) in self.world.people.iter().enumerate() {
            let shown = person.current_jobs().filter(|job| at(job));
            for job in shown.filter(|job| self.sees_job(place, job)) {
                found.insert(job.id.as_str(), self.shown(place)["id"].clone());
            }
        }
        json!(found)
    }

    /// Ids of a household's members within reach.
    fn members(&self, household: usize) -> Value {
        let members = self
            .visible()
            .filter(|(_, person)| person.household == household);
        sorted(members.map(|(_, person)| person.id.as_str()))
    }
}

fn sorted<'a>(ids: impl Iterator<Item = &'a str>) -> Value {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    json!(ids)
}

fn ids(list: &Value) -> Value {
    let items = list.as_array().into_iter().flatten();
    sorted(items.map(|item| item["id"].as_str().expect("an id")))
}

/// The jobs of a connection, each with its person.
fn with_people(connection: &Value) -> Value {
    let jobs = connection["nodes"].as_array().into_iter().flatten();
    let pair = |job: &Value| {
        let id = job["id"].as_str().expect("an id").to_owned();
        (id, job["worker"]["id"].clone())
    };
    jobs.map(pair).collect::<Map<_, _>>().into()
}
