//! Records of any kind by their ids, and findings.

use employment_exchange::kernel::ids::{self, ContributionId};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::super::facts::{About, Correction, Finding, Job, county, lies_in};
use super::super::rules::Who;
use super::{Asked, Asking, FORBIDDEN, ids};

const NODE: &str = "__typename id
    ... on Household { members { id } } ... on Employment { worker { id } }
    ... on Finding { worker { id } employment { id } employer { id } }";

impl Asking<'_> {
    /// Up to eight records at once, or one alone.
    pub(super) async fn nodes(&self, random: &mut StdRng) -> Asked {
        let several = random.random_range(1..=8);
        self.records((0..several).map(|_| self.record(random)))
            .await
    }

    /// Many jobs at once, past ones and mistakes among them.
    pub(super) async fn jobs(&self, random: &mut StdRng) -> Asked {
        let people = self.world.people.iter().enumerate();
        let jobs =
            people.flat_map(|(place, person)| person.jobs.iter().map(move |job| (place, job)));
        let jobs: Vec<_> = jobs.collect();
        // No answer has more than twenty errors.
        let most = if self.who().looks_at_jobs() { 60 } else { 20 };
        let some = jobs.choose_multiple(random, most);
        let told = |(place, job): &(usize, &Job)| (job.id.clone(), self.told_of(*place, job));
        self.records(some.map(told)).await
    }

    fn told_of(&self, place: usize, job: &Job) -> Value {
        let seen = json!({"id": job.id, "worker": self.shown(place)});
        let shown = self.sees_job(place, job).then_some(seen);
        may(self.who().looks_at_jobs(), shown)
    }

    /// Records by id, beside what is shown of each.
    async fn records(&self, records: impl Iterator<Item = (String, Value)>) -> Asked {
        let (asked, expected): (Vec<String>, Vec<Value>) = records.unzip();
        let alone = asked.len() == 1;
        let query = if alone {
            format!("query($ids: ID!) {{ node(id: $ids) {{ {NODE} }} }}")
        } else {
            format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {NODE} }} }}")
        };
        let variables = if alone {
            json!({"ids": asked[0]})
        } else {
            json!({"ids": asked})
        };
        let token = &self.caller.token;
        let mut body = self.app.gql(token, &query, variables.clone()).await;
        let mut found = if alone {
            vec![body["data"]["node"].take()]
        } else {
            let nodes = body["data"]["nodes"].take();
            nodes.as_array().expect("a list").clone()
        };
        for error in body["errors"].as_array().into_iter().flatten() {
            let place = error["path"][1].as_u64().unwrap_or(0);
            let place = usize::try_from(place).expect("one of those asked");
            found[place] = error["extensions"]["code"].clone();
        }
        let found = found.into_iter().map(told);
        Asked {
            question: format!("nodes {variables}"),
            found: found.collect(),
            expected: expected.into(),
        }
    }

    /// A random id and what is shown of it.
    fn record(&self, random: &mut StdRng) -> (String, Value) {
        let world = self.world;
        let place = world.somebody(random);
        let person = &world.people[place];
        match random.random_range(0..7) {
            0 | 1 => {
                let household = random.random_range(0..world.households.len());
                let members = self.members(household);
                let household = &world.households[household];
                let id = &household.id;
                let shown = self.who().is_at_home_in(household.village) || members != json!([]);
                let shown = shown.then(|| json!({"id": id, "members": members}));
                (id.clone(), may(self.who().sees_poverty(), shown))
            }
            2 => {
                let employer = random.random_range(0..world.employers.len());
                let id = &world.employers[employer];
                let shown = self.who().lists_employer(employer);
                let shown = shown.then(|| json!({"id": id}));
                (id.clone(), may(self.who().lists_employers(), shown))
            }
            3 if !person.jobs.is_empty() => {
                let job = world.some_job_of(random, place).expect("a job");
                (job.id.clone(), self.told_of(place, job))
            }
            4 if !world.findings.is_empty() => {
                let finding = world.findings.choose(random).expect("a finding");
                let shown = self.who().sees_finding(finding);
                let shown = shown.then(|| self.finding(finding));
                (finding.id.clone(), may(self.who().reads_findings(), shown))
            }
            // Rows that an agency posted are no nodes, for anybody.
            5 => {
                let row = ids::encode(self.app.db.ids().next::<ContributionId>());
                (row, json!("BAD_USER_INPUT"))
            }
            _ => {
                let shown = may(self.who().looks_at_people(), Some(self.shown(place)));
                (person.id.clone(), shown)
            }
        }
    }

    /// A finding with what it is about, as far as that is within reach.
    fn finding(&self, finding: &Finding) -> Value {
        let (worker, job, employer) = match finding.about {
            About::Nothing => (None, None, None),
            About::Person(place) => (Some(place), None, None),
            About::Employer(place) => (None, None, Some(&self.world.employers[place])),
            About::Job(place, job) => (Some(place), Some(job), None),
        };
        let spell = worker.zip(job).and_then(|(place, job)| {
            let job = &self.world.people[place].jobs[job];
            let shown = self.sees_job(place, job);
            shown.then(|| json!({"id": job.id}))
        });
        json!({
            "id": finding.id,
            "worker": worker.map(|place| self.shown(place)),
            "employment": spell,
            "employer": employer.map(|id| json!({"id": id})),
        })
    }

    /// What a county has to decide, oldest first: of the people registered there now.
    pub(super) async fn corrections(&self, random: &mut StdRng) -> Asked {
        let states = [None, Some("PROPOSED"), Some("REFUSED"), Some("APPROVED")];
        let state = *states.choose(random).expect("some");
        let (mut found, mut after) = (Vec::new(), Value::Null);
        let query = "query($state: CorrectionState, $after: String) {
            corrections(state: $state, first: 4, after: $after) {
              nodes { id worker { id } } pageInfo { hasNextPage endCursor } } }";
        let found = loop {
            let mut page = self
                .answer(query, &json!({"state": state, "after": after}))
                .await;
            let Some(nodes) = page["nodes"].as_array() else {
                break page;
            };
            found.extend(nodes.iter().cloned());
            if page["pageInfo"]["hasNextPage"] == false {
                break found.into();
            }
            after = page["pageInfo"]["endCursor"].take();
        };
        let shown = self.world.corrections.iter().filter(|correction| {
            let person = &self.world.people[correction.person];
            self.who().decides_about(person) && state.is_none_or(|state| state == correction.state)
        });
        let told = |correction: &Correction| json!({"id": correction.id, "worker": self.shown(correction.person)});
        Asked {
            question: format!("corrections {state:?}"),
            found,
            expected: if self.who().reads_findings() {
                shown.map(told).collect()
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    /// Who looked at somebody's record: for the person and for auditors, and there for nobody else.
    pub(super) async fn log(&self, random: &mut StdRng) -> Asked {
        let place = self.world.somebody(random);
        let id = &self.world.people[place].id;
        let own = random.random_bool(0.4);
        let query = "query($id: ID) { accessLog(workerId: $id, first: 1) { nodes { at } } }";
        let variables = json!({"id": (!own).then_some(id)});
        let answer = self.answer(query, &variables).await;
        let shown = if own {
            self.visible().next().is_some()
        } else {
            self.sees(place)
        };
        let expected = match (self.who(), own) {
            (Who::Worker(_), _) | (Who::Auditor, false) => json!(shown),
            (Who::Auditor, true) => json!("BAD_USER_INPUT"),
            _ => json!(FORBIDDEN),
        };
        Asked {
            question: format!("accessLog {variables}"),
            found: if answer.is_string() {
                answer
            } else {
                json!(answer.is_object())
            },
            expected,
        }
    }

    /// Findings of a region or about a record, within reach.
    pub(super) async fn findings(&self, random: &mut StdRng) -> Asked {
        let region = random.random_bool(0.4);
        let region = region.then(|| county(self.world.telling_region(random)));
        let about = random.random_bool(0.3);
        let about = about.then(|| self.world.somebody(random));
        let variables = json!({"filter": {"region": region.map(|code| code.to_string()),
            "subjectId": about.map(|place| &self.world.people[place].id)}});
        let query = "query($filter: FindingFilter) { findings(filter: $filter, first: 100) {
            nodes { id worker { id } employment { id } employer { id } } } }";
        let answer = self.answer(query, &variables).await;
        let by_id = |node: &Value| (node["id"].to_string(), node.clone());
        let found = match answer["nodes"].as_array() {
            Some(nodes) => nodes.iter().map(by_id).collect::<Map<_, _>>().into(),
            None => answer,
        };
        let concerned = |finding: &Finding| match finding.about {
            About::Person(place) | About::Job(place, _) => Some(place),
            About::Nothing | About::Employer(_) => None,
        };
        let fits = |finding: &&Finding| {
            self.who().sees_finding(finding)
                && region.is_none_or(|region| lies_in(region, finding.county))
                && about.is_none_or(|place| concerned(finding) == Some(place))
        };
        let expected = if self.who().reads_findings() {
            let shown = self.world.findings.iter().filter(fits);
            let shown = shown.map(|finding| by_id(&self.finding(finding)));
            shown.collect::<Map<_, _>>().into()
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: format!("findings {variables}"),
            found,
            expected,
        }
    }
}

/// What is shown to whoever may open such a record.
fn may(opens: bool, shown: Option<Value>) -> Value {
    if opens {
        json!(shown)
    } else {
        json!(FORBIDDEN)
    }
}

/// A node as the rules speak of it.
fn told(mut node: Value) -> Value {
    if let Some(fields) = node.as_object_mut() {
        fields.remove("__typename");
        if let Some(members) = fields.get_mut("members") {
            *members = ids(members);
        }
    }
    node
}
