//! Random facts, entered through the API and kept beside it.

use employment_exchange::capability::region::demo_province;
use employment_exchange::kernel::ids;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::rules::{Code, Who};
use crate::support::app::TestApp;
use crate::support::{helpers, people};

pub const EMPLOYERS: [&str; 5] = [
    "91590101MA9K2T3HXH",
    "92590102MA5P0A2E32",
    "52590101MJU1234A1M",
    "91350100M000100Y43",
    "91590101MA90000700",
];
const COUNTIES: [Code; 6] = [590_101, 590_102, 590_123, 590_201, 590_222, 590_322];
/// A county of another province.
const OUTSIDE: Code = 440_305_000_000;
const HELPERS: [&str; 3] = ["helper-1", "helper-2", "helper-3"];
const CATEGORIES: [&str; 4] = [
    "LIFTED_OUT_OF_POVERTY",
    "MONITORED_UNSTABLE",
    "MONITORED_MARGINAL",
    "MONITORED_SUDDEN_HARDSHIP",
];
const SURNAMES: [&str; 4] = ["王", "王小", "李", "欧阳"];

pub struct Job {
    pub id: String,
    pub employer: Option<usize>,
    pub host: Option<usize>,
    pub workplace: Code,
    /// Day of 2026 on which it started; no two of one person are equal.
    pub started: u32,
    pub confirmed: bool,
    pub ended: bool,
    pub voided: bool,
}

pub struct Person {
    pub id: String,
    pub number: u32,
    pub name: String,
    pub household: String,
    pub village: Code,
    pub category: &'static str,
    pub stay: Option<Code>,
    pub helper: Option<String>,
    pub jobs: Vec<Job>,
}

pub struct Caller {
    pub who: Who,
    pub token: String,
}

#[derive(Default)]
pub struct World {
    villages: Vec<Code>,
    pub employers: Vec<String>,
    pub people: Vec<Person>,
}

impl World {
    /// Employers, and villages of six counties; nobody yet.
    pub async fn make(app: &TestApp, random: &mut StdRng) -> Self {
        let codes = demo_province()
            .lines()
            .filter_map(|line| line.get(..12)?.parse::<Code>().ok());
        let in_counties = codes.filter(|code| COUNTIES.contains(&(code / 1_000_000)));
        let villages: Vec<Code> = in_counties.filter(|code| code % 1_000 != 0).collect();
        assert!(villages.len() > 100, "{}", villages.len());
        let admin = app.plain(Role::Admin);
        let mut employers = Vec::new();
        for code in EMPLOYERS {
            let county = COUNTIES.choose(random).expect("some") * 1_000_000;
            let input = json!({"creditCode": code, "name": "厂", "kind": "LABOUR_DISPATCH",
                "regionCode": county.to_string()});
            let payload = change(app, &admin, "registerEmployer", "employer { id }", input).await;
            employers.push(text(&payload["employer"]["id"]));
        }
        Self {
            villages,
            employers,
            people: Vec::new(),
        }
    }

    pub async fn grow(&mut self, app: &TestApp, random: &mut StdRng, people: usize) {
        for _ in 0..people {
            let person = self.person(app, random).await;
            self.people.push(person);
        }
    }

    async fn person(&self, app: &TestApp, random: &mut StdRng) -> Person {
        let number = u32::try_from(self.people.len() + 1).expect("a small world");
        // A third of the people join the household of somebody else.
        let joins = random.random_bool(0.33).then(|| self.people.choose(random));
        let (household, village, category) = match joins.flatten() {
            Some(other) => (other.household.clone(), other.village, other.category),
            None => household(app, self.villages.choose(random), number, random).await,
        };
        let county = app.officer(&(village / 1_000_000 * 1_000_000).to_string());
        let name = format!("{}{number}", SURNAMES.choose(random).expect("some"));
        let stay = random.random_bool(0.3).then(|| self.division(random));
        let input = json!({"householdId": household, "name": name,
            "residentId": people::resident_id(number), "stay": stay.map(|code| code.to_string())});
        let payload = change(app, &county, "registerWorker", "worker { id }", input).await;
        let mut person = Person {
            id: text(&payload["worker"]["id"]),
            number,
            name,
            household,
            village,
            category,
            stay,
            helper: None,
            jobs: Vec::new(),
        };
        for _ in 0..random.random_range(0..4) {
            let job = self.job(app, &person, random).await;
            person.jobs.push(job);
        }
        if random.random_bool(0.4) {
            let [past, now] = [0, 1].map(|_| *HELPERS.choose(random).expect("some"));
            if past != now {
                let until = chrono::NaiveDate::from_ymd_opt(2026, 5, 1);
                helpers::assign_until(app, &person.id, past, until).await;
            }
            helpers::assign(app, &person.id, now).await;
            person.helper = Some(now.to_owned());
        }
        person
    }

    /// A job that the origin's county opens or its village reports, and what became of it.
    async fn job(&self, app: &TestApp, person: &Person, random: &mut StdRng) -> Job {
        let county = app.officer(&(person.village / 1_000_000 * 1_000_000).to_string());
        let confirmed = random.random_bool(0.75);
        let village = app.officer(&person.village.to_string());
        let reporter = if confirmed { &county } else { &village };
        let employer = random
            .random_bool(0.8)
            .then(|| random.random_range(0..EMPLOYERS.len()));
        let host = employer.filter(|_| random.random_bool(0.3));
        let host = host.map(|signer| (signer + random.random_range(1..5)) % EMPLOYERS.len());
        let workplace = if random.random_bool(0.2) {
            OUTSIDE
        } else {
            self.division(random)
        };
        let started = loop {
            let day = random.random_range(1..=300);
            if person.jobs.iter().all(|job| job.started != day) {
                break day;
            }
        };
        let day = chrono::NaiveDate::from_yo_opt(2026, started).expect("a day");
        let form = if employer.is_some() {
            "EMPLOYED"
        } else {
            "FLEXIBLE"
        };
        let input = json!({"workerId": person.id, "form": form,
            "employerCreditCode": employer.map(|place| EMPLOYERS[place]),
            "hostCreditCode": host.map(|place| EMPLOYERS[place]),
            "workplace": workplace.to_string(), "startedOn": day});
        let answer = "employment { id version }";
        let payload = change(app, reporter, "recordEmployment", answer, input).await;
        let job = &payload["employment"];
        let ended = confirmed && random.random_bool(0.25);
        if ended {
            let input = json!({"employmentId": job["id"], "version": 1, "endedOn": "2026-11-01",
                "reason": "OTHER"});
            change(app, &county, "endEmployment", answer, input).await;
        }
        let voided = random.random_bool(0.15);
        if voided {
            let version = 1 + u32::from(ended);
            let input = json!({"employmentId": job["id"], "version": version, "reason": "误"});
            change(app, &county, "voidEmployment", answer, input).await;
        }
        Job {
            id: text(&job["id"]),
            employer,
            host,
            workplace,
            started,
            confirmed,
            ended,
            voided,
        }
    }

    /// A division of the six counties on any level from the county down.
    fn division(&self, random: &mut StdRng) -> Code {
        let village = self.villages.choose(random).expect("some");
        let size = [1, 1_000, 1_000_000].choose(random).expect("some");
        village / size * size
    }

    /// As [`Self::division`], prefectures and the province included.
    pub fn region(&self, random: &mut StdRng) -> Code {
        let village = self.villages.choose(random).expect("some");
        let sizes = [1, 1_000, 1_000_000, 1_000_000, 100_000_000, 10_000_000_000];
        let size: &Code = sizes.choose(random).expect("some");
        village / size * size
    }

    /// Where somebody comes from, works or stays, so that questions meet people.
    pub fn telling_region(&self, random: &mut StdRng) -> Code {
        let person = self.people.choose(random).expect("some");
        let places = person
            .jobs
            .iter()
            .map(|job| job.workplace)
            .filter(|code| *code != OUTSIDE);
        let places: Vec<_> = places.chain([person.village]).chain(person.stay).collect();
        let place = places.choose(random).expect("the village");
        let size: &Code = [1, 1_000, 1_000_000, 100_000_000]
            .choose(random)
            .expect("some");
        place / size * size
    }

    pub fn caller(&self, app: &TestApp, random: &mut StdRng) -> Caller {
        let region = |code: Code| RegionCode::parse(&code.to_string()).expect("a code");
        let who = match random.random_range(0..20) {
            0 => Who::Admin,
            1 => Who::Auditor,
            2..8 => Who::Officer(self.telling_region(random)),
            8 | 9 => Who::Officer(self.region(random)),
            10 | 11 => {
                let within = random.random_bool(0.5).then(|| self.telling_region(random));
                Who::Agency(Agency::Agriculture, within)
            }
            12 => Who::Agency(*Agency::ALL.choose(random).expect("some"), None),
            13..16 => Who::Employer(random.random_range(0..EMPLOYERS.len())),
            16 | 17 => Who::Helper((*HELPERS.choose(random).expect("some")).to_owned()),
            _ => Who::Worker(random.random_range(0..self.people.len())),
        };
        let token = match &who {
            Who::Admin => app.plain(Role::Admin),
            Who::Auditor => app.plain(Role::Auditor),
            Who::Officer(code) => app.officer(&code.to_string()),
            Who::Agency(agency, within) => app.token(&TokenRequest {
                agency: Some(*agency),
                region: within.map(region),
                ..app.request(Role::Agency, agency.as_str())
            }),
            Who::Employer(place) => app.employer(EMPLOYERS[*place]),
            Who::Helper(subject) => app.helper(subject),
            Who::Worker(place) => app.worker(ids::decode(&self.people[*place].id).expect("an id")),
        };
        Caller { who, token }
    }
}

async fn household(
    app: &TestApp,
    village: Option<&Code>,
    number: u32,
    random: &mut StdRng,
) -> (String, Code, &'static str) {
    let village = *village.expect("some");
    let category = *CATEGORIES.choose(random).expect("some");
    let county = app.officer(&(village / 1_000_000 * 1_000_000).to_string());
    let input = json!({"village": village.to_string(), "number": format!("h{number}"),
        "category": category, "categorySince": "2020-01-01"});
    let payload = change(app, &county, "registerHousehold", "householdId", input).await;
    (text(&payload["householdId"]), village, category)
}

fn text(id: &Value) -> String {
    id.as_str().expect("an id").to_owned()
}

/// Runs a mutation that must succeed; its payload.
async fn change(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> Value {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {of}!) {{ {name}(input: $input) {{ {answer} userErrors {{ code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    assert_eq!(data[name]["userErrors"], json!([]), "{name} {input}");
    data[name].take()
}
