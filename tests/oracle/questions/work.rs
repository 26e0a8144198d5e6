//! Questions about jobs, from the person's side and from the employer's.

use rand::rngs::StdRng;
use serde_json::{Map, Value, json};

use super::super::facts::lies_in;
use super::super::rules::Who;
use super::{Asked, Asking, FORBIDDEN, with_people};

impl Asking<'_> {
    /// The employers in sight and from each to its people.
    pub(super) async fn employers(&self) -> Asked {
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
        json!({
            "staff": self.jobs_at(|job| job.employer == Some(employer)),
            "hosted": self.jobs_at(|job| job.host == Some(employer)),
        })
    }

    pub(super) async fn job(&self, random: &mut StdRng) -> Asked {
        let (place, job) = loop {
            let place = self.world.somebody(random);
            if let Some(job) = self.world.some_job_of(random, place) {
                break (place, job);
            }
            // Somebody works, but perhaps not whoever is turned to.
        };
        let query = "query($id: ID!) { employment(id: $id) { id worker { id } } }";
        let expected = match (self.who().looks_at_jobs(), self.sees_job(place, job)) {
            (false, _) => json!(FORBIDDEN),
            (true, true) => json!({"id": job.id, "worker": self.shown(place)}),
            (true, false) => json!(null),
        };
        Asked {
            question: format!("employment {}", job.id),
            found: self.answer(query, &json!({"id": job.id})).await,
            expected,
        }
    }

    /// From a region to its people, their jobs, the employers and everybody who works there.
    /// Whoever may not ask a region starts from the list of people.
    pub(super) async fn path(&self, random: &mut StdRng) -> Asked {
        let person = &self.world.people[self.world.somebody(random)];
        let region = self.world.telling_region(random);
        let by_region = self.who().sees_poverty();
        let letters = person.name.chars().count() - 1;
        let prefix: String = person.name.chars().take(letters).collect();
        let jobs = "currentEmployments { id host { id } employer { id
            staff(first: 100) { nodes { id worker { id } } } } }";
        let jobs = if self.who().looks_at_jobs() { jobs } else { "" };
        let people = format!(
            "workers(filter: {{namePrefix: \"{prefix}\"}}, first: 10) {{ nodes {{ id {jobs} }} }}"
        );
        let query = if by_region {
            format!("{{ region(code: \"{region}\") {{ {people} }} }}")
        } else {
            format!("{{ {people} }}")
        };
        let mut found = self.answer(&query, &json!({})).await;
        if found.is_object() {
            let people = if by_region { &found["workers"] } else { &found };
            found = followed(people);
        }
        let expected = if self.who().looks_at_people() {
            let here = self.visible().filter(|(_, person)| {
                person.name.starts_with(&prefix) && (!by_region || lies_in(region, person.village))
            });
            let of = |(place, _): (usize, _)| self.followed_from(place);
            here.map(of).collect::<Map<_, _>>().into()
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: query,
            found,
            expected,
        }
    }

    fn followed_from(&self, place: usize) -> (String, Value) {
        let person = &self.world.people[place];
        let met = |employer: Option<usize>| employer.filter(|it| self.who().meets_employer(*it));
        let mut jobs = Map::new();
        for job in person.current_jobs() {
            if !self.sees_job(place, job) {
                continue;
            }
            let [employer, host] = [job.employer, job.host].map(met);
            let id = |place: Option<usize>| place.map(|place| &self.world.employers[place]);
            let staff = employer.map(|own| self.jobs_at(|job| job.employer == Some(own)));
            let seen = json!({"employer": id(employer), "host": id(host), "staff": staff});
            jobs.insert(job.id.clone(), seen);
        }
        if matches!(self.who(), Who::Agency(_, _)) {
            jobs.clear();
        }
        (person.id.clone(), jobs.into())
    }
}

fn text(id: &Value) -> String {
    id.as_str().expect("an id").to_owned()
}

fn staff_of(employer: &Value) -> (String, Value) {
    let staff = json!({
        "staff": with_people(&employer["staff"]), "hosted": with_people(&employer["hostedStaff"]),
    });
    (text(&employer["id"]), staff)
}

/// People with their jobs, employers and their staff.
fn followed(people: &Value) -> Value {
    let jobs = |person: &Value| -> Value {
        let jobs = person["currentEmployments"]
            .as_array()
            .into_iter()
            .flatten();
        let seen = |job: &Value| {
            let employer = &job["employer"];
            let staff = employer
                .is_object()
                .then(|| with_people(&employer["staff"]));
            let seen = json!({"employer": employer["id"], "host": job["host"]["id"],
                "staff": staff});
            (text(&job["id"]), seen)
        };
        jobs.map(seen).collect::<Map<_, _>>().into()
    };
    let people = people["nodes"].as_array().expect("a list").iter();
    let pairs = people.map(|person| (text(&person["id"]), jobs(person)));
    pairs.collect::<Map<_, _>>().into()
}
