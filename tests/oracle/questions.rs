//! Random questions, what the exchange answers and what the rules say.

use std::collections::BTreeMap;

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::rules::{Who, in_province, lies_in};
use super::world::{Caller, Job, Person, World};
use crate::support::app::TestApp;
use crate::support::people;

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
    match random.random_range(0..10) {
        0 => asking.person(random, false).await,
        1 => asking.person(random, true).await,
        2..5 => asking.list(random).await,
        5 => asking.around(random).await,
        6 => asking.employers().await,
        7 => asking.job(random).await,
        8 => asking.summary(random).await,
        _ => asking.flows(random).await,
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

    fn visible(&self) -> impl Iterator<Item = &Person> {
        let people = self.world.people.iter().enumerate();
        people
            .filter(|(place, person)| self.who().sees(*place, person))
            .map(|(_, person)| person)
    }

    fn sees(&self, place: usize) -> bool {
        self.who().sees(place, &self.world.people[place])
    }

    /// Ids of the jobs of one person within reach that fulfil a condition.
    fn jobs(&self, place: usize, holds: impl Fn(&Job) -> bool) -> Value {
        let person = &self.world.people[place];
        let jobs = person
            .jobs
            .iter()
            .filter(|job| self.who().sees_job(place, person, job));
        sorted(jobs.filter(|job| holds(job)).map(|job| job.id.as_str()))
    }

    async fn person(&self, random: &mut StdRng, by_resident_id: bool) -> Asked {
        let place = random.random_range(0..self.world.people.len());
        let person = &self.world.people[place];
        let variables = if by_resident_id {
            json!({"residentId": people::resident_id(person.number)})
        } else {
            json!({"id": person.id})
        };
        let query = "query($id: ID, $residentId: String) {
            worker(id: $id, residentId: $residentId) { id } }";
        let expected = match (self.who().looks_at_people(), self.sees(place)) {
            (false, _) => json!(FORBIDDEN),
            (true, true) => json!({"id": person.id}),
            (true, false) => json!(null),
        };
        Asked {
            found: self.answer(query, &variables).await,
            question: format!("worker {variables}"),
            expected,
        }
    }

    /// All pages of a list with a random filter, which only ever narrows.
    async fn list(&self, random: &mut StdRng) -> Asked {
        let filter = self.filter(random);
        let first = [1, 2, 7, 100].choose(random).expect("some");
        let order = ["REGISTERED", "NAME", "CHANGED"]
            .choose(random)
            .expect("some");
        let order = json!({"field": order, "descending": random.random_bool(0.5)});
        let query = "query($filter: WorkerFilter, $first: Int, $after: String, $by: WorkerOrder) {
            workers(filter: $filter, first: $first, after: $after, orderBy: $by) {
              nodes { id } pageInfo { hasNextPage endCursor } } }";
        let (mut ids, mut after) = (Vec::new(), json!(null));
        let found = loop {
            let variables = json!({"filter": filter, "first": first, "after": after, "by": order});
            let page = self.answer(query, &variables).await;
            if page.is_string() {
                break page;
            }
            let nodes = page["nodes"].as_array().expect("a list");
            ids.extend(
                nodes
                    .iter()
                    .map(|node| node["id"].as_str().expect("an id").to_owned()),
            );
            if page["pageInfo"]["hasNextPage"] == false {
                break sorted(ids.iter().map(String::as_str));
            }
            after = page["pageInfo"]["endCursor"].clone();
        };
        let poverty = filter.contains_key("category") || filter.contains_key("origin");
        let work = filter.contains_key("destination") || filter.contains_key("employer");
        let may = self.who().looks_at_people()
            && (self.who().sees_poverty() || !poverty)
            && (self.who().sees_all_jobs() || !work);
        let expected = if may {
            let narrowed = self.visible().filter(|person| self.fits(person, &filter));
            sorted(narrowed.map(|person| person.id.as_str()))
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: format!("workers {filter:?} by {first} in {order}"),
            found,
            expected,
        }
    }

    fn filter(&self, random: &mut StdRng) -> Map<String, Value> {
        let mut filter = Map::new();
        let mut add = |name: &str, share: f64, value: Value, random: &mut StdRng| {
            if random.random_bool(share) {
                filter.insert(name.to_owned(), value);
            }
        };
        let region = self.world.region(random).to_string();
        add("origin", 0.2, region.into(), random);
        let region = self.world.telling_region(random).to_string();
        add("destination", 0.2, region.into(), random);
        let person = self.world.people.choose(random).expect("some");
        add("category", 0.2, person.category.into(), random);
        add("workStatus", 0.2, person.status().into(), random);
        let employer = self.world.employers.choose(random).expect("some");
        add("employer", 0.2, employer.as_str().into(), random);
        let letters = random.random_range(1..=person.name.chars().count());
        let prefix: String = person.name.chars().take(letters).collect();
        add("namePrefix", 0.3, prefix.into(), random);
        filter
    }

    fn fits(&self, person: &Person, filter: &Map<String, Value>) -> bool {
        let given = |name: &str| filter.get(name).and_then(Value::as_str);
        let region = |name| given(name).map(|code| code.parse().expect("a code"));
        let at = |employer: &str| {
            let place = self.world.employers.iter().position(|id| id == employer);
            person
                .jobs
                .iter()
                .any(|job| job.is_current() && job.employer == place)
        };
        region("origin").is_none_or(|code| lies_in(code, person.village))
            && region("destination").is_none_or(|code| person.works_in(code))
            && given("category").is_none_or(|category| category == person.category)
            && given("workStatus").is_none_or(|status| status == person.status())
            && given("employer").is_none_or(at)
            && given("namePrefix").is_none_or(|prefix| person.name.starts_with(prefix))
    }

    /// What lies around one person: jobs and the household's members.
    async fn around(&self, random: &mut StdRng) -> Asked {
        let place = random.random_range(0..self.world.people.len());
        let person = &self.world.people[place];
        let jobs = "employments(first: 100) { nodes { id worker { id } } }
            currentEmployments { id }";
        let jobs = if self.who().looks_at_jobs() { jobs } else { "" };
        let query = format!(
            "query($id: ID) {{ worker(id: $id) {{ id household {{ members {{ id }} }} {jobs} }} }}"
        );
        let answer = self.answer(&query, &json!({"id": person.id})).await;
        let found = if answer.is_object() {
            json!({
                "members": ids(&answer["household"]["members"]),
                "jobs": ids(&answer["employments"]["nodes"]),
                "current": ids(&answer["currentEmployments"]),
            })
        } else {
            answer
        };
        let members = self
            .visible()
            .filter(|other| other.household == person.household);
        let members = sorted(members.map(|other| other.id.as_str()));
        let poverty = self.who().sees_poverty();
        let expected = match (self.who().looks_at_people(), self.sees(place)) {
            (false, _) => json!(FORBIDDEN),
            (true, false) => json!(null),
            (true, true) => json!({
                "members": if poverty { members } else { json!([]) },
                "jobs": self.jobs(place, |_| true),
                "current": self.jobs(place, Job::is_current),
            }),
        };
        Asked {
            question: format!("around {}", person.id),
            found,
            expected,
        }
    }

    /// The employers in sight and from each to its people.
    async fn employers(&self) -> Asked {
        let staff = "staff(first: 100) { nodes { id worker { id } } }
            hostedStaff(first: 100) { nodes { id worker { id } } }";
        let staff = if self.who().looks_at_jobs() {
            staff
        } else {
            ""
        };
        let query = format!("{{ employers(first: 10) {{ nodes {{ id {staff} }} }} }}");
        let answer = self.answer(&query, &json!({})).await;
        let found = match answer["nodes"].as_array() {
            Some(nodes) => nodes.iter().map(staff_of).collect::<Map<_, _>>().into(),
            None => answer,
        };
        let expected = if self.who().lists_employers() {
            let places = 0..self.world.employers.len();
            let listed = places.filter(|place| self.who().lists_employer(*place));
            let of = |place: usize| (self.world.employers[place].clone(), self.staff(place));
            listed.map(of).collect::<Map<_, _>>().into()
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: "employers and staff".to_owned(),
            found,
            expected,
        }
    }

    fn staff(&self, employer: usize) -> Value {
        let jobs = |at: &dyn Fn(&Job) -> bool| {
            let mut found = BTreeMap::new();
            for (place, person) in self.world.people.iter().enumerate() {
                let shown = |job: &&Job| {
                    job.is_current() && at(job) && self.who().sees_job(place, person, job)
                };
                for job in person.jobs.iter().filter(shown) {
                    found.insert(
                        job.id.clone(),
                        self.sees(place).then_some(person.id.clone()),
                    );
                }
            }
            found
        };
        json!({
            "staff": jobs(&|job| job.employer == Some(employer)),
            "hosted": jobs(&|job| job.host == Some(employer)),
        })
    }

    async fn job(&self, random: &mut StdRng) -> Asked {
        let with_jobs = self.world.people.iter().enumerate();
        let with_jobs: Vec<_> = with_jobs.filter(|(_, p)| !p.jobs.is_empty()).collect();
        let (place, person) = *with_jobs.choose(random).expect("somebody works");
        let job = person.jobs.choose(random).expect("a job");
        let query = "query($id: ID!) { employment(id: $id) { id worker { id } } }";
        let worker = self.sees(place).then(|| json!({"id": person.id}));
        let shown = self.who().sees_job(place, person, job);
        let expected = match (self.who().looks_at_jobs(), shown) {
            (false, _) => json!(FORBIDDEN),
            (true, true) => json!({"id": job.id, "worker": worker}),
            (true, false) => json!(null),
        };
        Asked {
            question: format!("employment {}", job.id),
            found: self.answer(query, &json!({"id": job.id})).await,
            expected,
        }
    }

    async fn summary(&self, random: &mut StdRng) -> Asked {
        let region = self.world.telling_region(random);
        let query = "query($region: RegionCode!) { regionSummary(region: $region) {
            people working workingHere byStatus { status people }
            byCategory { category people } } }";
        let here: Vec<_> = self
            .visible()
            .filter(|person| lies_in(region, person.village))
            .collect();
        let count = |holds: &dyn Fn(&Person) -> bool| here.iter().filter(|p| holds(p)).count();
        let mut found = self
            .answer(query, &json!({"region": region.to_string()}))
            .await;
        for (list, name) in [("byStatus", "status"), ("byCategory", "category")] {
            if found.is_object() {
                found[list] = by_name(&found[list], name);
            }
        }
        let by = |of: &dyn Fn(&Person) -> &'static str| {
            let mut counts = BTreeMap::new();
            here.iter()
                .for_each(|person| *counts.entry(of(person)).or_insert(0) += 1);
            counts
        };
        let expected = if self.who().counts() {
            json!({
                "people": here.len(),
                "working": count(&|person| person.principal().is_some()),
                "workingHere": self.visible().filter(|person| person.works_in(region)).count(),
                "byStatus": by(&Person::status),
                "byCategory": by(&|person| person.category),
            })
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: format!("regionSummary {region}"),
            found,
            expected,
        }
    }

    async fn flows(&self, random: &mut StdRng) -> Asked {
        let region = self.world.telling_region(random);
        let direction = *["OUT", "IN"].choose(random).expect("some");
        let (level, size) = *[("COUNTY", 1_000_000), ("PREFECTURE", 100_000_000)]
            .choose(random)
            .expect("some");
        let query = "query($region: RegionCode!, $level: RegionLevel!, $way: FlowDirection!) {
            labourFlows(region: $region, level: $level, direction: $way) {
              originCode destinationCode people } }";
        let variables = json!({"region": region.to_string(), "level": level, "way": direction});
        let mut found = self.answer(query, &variables).await;
        if let Some(flows) = found.as_array() {
            let key = |flow: &Value| format!("{} {}", flow["originCode"], flow["destinationCode"]);
            let flows = flows.iter().map(|flow| (key(flow), flow["people"].clone()));
            found = flows.collect::<Map<_, _>>().into();
        }
        let mut flows = BTreeMap::new();
        for person in self.visible() {
            let Some(job) = person.principal() else {
                continue;
            };
            let inside = in_province(job.workplace);
            let counts = match direction {
                "OUT" => lies_in(region, person.village),
                _ => inside && lies_in(region, job.workplace),
            };
            if counts {
                let code = |code: u64| json!((code / size * size).to_string());
                let to = if inside {
                    code(job.workplace)
                } else {
                    json!(null)
                };
                *flows
                    .entry(format!("{} {to}", code(person.village)))
                    .or_insert(0) += 1;
            }
        }
        Asked {
            question: format!("labourFlows {variables}"),
            found,
            expected: if self.who().counts() {
                json!(flows)
            } else {
                json!(FORBIDDEN)
            },
        }
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

fn staff_of(employer: &Value) -> (String, Value) {
    let jobs = |list: &Value| -> Map<_, _> {
        let nodes = list["nodes"].as_array().into_iter().flatten();
        let id = |value: &Value| value.as_str().expect("an id").to_owned();
        nodes
            .map(|job| (id(&job["id"]), job["worker"]["id"].clone()))
            .collect()
    };
    let id = employer["id"].as_str().expect("an id").to_owned();
    let staff = json!({
        "staff": jobs(&employer["staff"]), "hosted": jobs(&employer["hostedStaff"]),
    });
    (id, staff)
}

/// Counts by name, zeros left out.
fn by_name(list: &Value, name: &str) -> Value {
    let items = list.as_array().expect("a list").iter();
    let counted = items.filter(|item| item["people"] != 0);
    let pairs = counted.map(|item| (item[name].as_str().expect("a name"), item["people"].clone()));
    pairs
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect()
}
