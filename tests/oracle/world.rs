//! Random facts, entered through the API and kept beside it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use employment_exchange::capability::region::demo_province;
use employment_exchange::kernel::closed::Closed as _;
use employment_exchange::kernel::ids;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::facts::{CATEGORIES, Code, Correction, Finding, Household, Job, Person, Stated, county};
use super::rules::{Bound, Who};
use crate::support::app::{NOW, TestApp};
use crate::support::people;

pub const EMPLOYERS: [&str; 5] = [
    "91590101MA9K2T3HXH",
    "92590102MA5P0A2E32",
    "52590101MJU1234A1M",
    "91350100M000100Y43",
    "91590101MA90000700",
];
pub const COUNTIES: [Code; 6] = [590_101, 590_102, 590_123, 590_201, 590_222, 590_322];
/// A county of another province.
pub const OUTSIDE: Code = 440_305_000_000;
pub const HELPERS: [&str; 3] = ["helper-1", "helper-2", "helper-3"];
const SURNAMES: [&str; 4] = ["王", "王小", "李", "欧阳"];

pub struct Caller {
    pub who: Who,
    pub token: String,
}

pub struct World {
    /// Villages in force.
    pub villages: Vec<Code>,
    /// Those that others have taken the place of.
    pub ended: Vec<Code>,
    /// Ids of the employers.
    pub employers: Vec<String>,
    /// Counties of their seats.
    pub seats: Vec<Code>,
    pub people: Vec<Person>,
    pub households: Vec<Household>,
    pub findings: Vec<Finding>,
    pub corrections: Vec<Correction>,
    /// Numbers of resident ids that were corrected, and that nobody else has.
    pub freed: Vec<u32>,
    /// How many numbers were given out.
    pub numbers: u32,
    pub now: DateTime<Utc>,
    /// Whom most of what is asked next has to do with, by place.
    pub focus: usize,
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
        let mut world = Self {
            villages,
            ended: Vec::new(),
            employers: Vec::new(),
            seats: Vec::new(),
            people: Vec::new(),
            households: Vec::new(),
            findings: Vec::new(),
            corrections: Vec::new(),
            freed: Vec::new(),
            numbers: 0,
            now: NOW.parse().expect("a valid instant"),
            focus: 0,
        };
        let admin = app.plain(Role::Admin);
        for code in EMPLOYERS {
            let seat = COUNTIES.choose(random).expect("some") * 1_000_000;
            let input = json!({"creditCode": code, "name": "厂", "kind": "LABOUR_DISPATCH",
                "regionCode": seat.to_string()});
            let answer = "employer { id }";
            let payload = world
                .change(app, &admin, ("registerEmployer", answer), input)
                .await;
            world.employers.push(text(&payload["employer"]["id"]));
            world.seats.push(seat);
        }
        world
    }

    /// The day in Beijing, eight hours ahead.
    pub fn today(&self) -> NaiveDate {
        (self.now + TimeDelta::hours(8)).date_naive()
    }

    /// Lets a second pass, so that no two changes happen at one instant.
    pub fn tick(&mut self, app: &TestApp) {
        self.set_clock(app, self.now + TimeDelta::seconds(1));
    }

    fn set_clock(&mut self, app: &TestApp, now: DateTime<Utc>) {
        self.now = now;
        app.clock.set(now);
    }

    /// Some hours or days, or until the last moment at which the next former county still looks, or
    /// the first at which it does not.
    pub async fn pass_time(&mut self, app: &TestApp, random: &mut StdRng) {
        let today = self.today();
        let people = self.people.iter().flat_map(|person| &person.former);
        let ends = people.map(|(_, until)| *until);
        let later = match (
            random.random_range(0..10),
            ends.filter(|day| *day >= today).min(),
        ) {
            (0..2, Some(day)) => midnight_after(day) - TimeDelta::minutes(2),
            (2..4, Some(day)) => midnight_after(day),
            (0..8, _) => self.now + TimeDelta::hours(random.random_range(20..120)),
            _ => self.now + TimeDelta::hours(random.random_range(1..5)),
        };
        let next = later.max(self.now + TimeDelta::seconds(1));
        self.set_clock(app, next);
        self.lapse(app).await;
    }

    /// Runs a mutation that must succeed, a second after the last one; its payload.
    pub async fn change(
        &mut self,
        app: &TestApp,
        token: &str,
        (name, answer): (&str, &str),
        input: Value,
    ) -> Value {
        self.tick(app);
        let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation($input: {of}!) {{ {name}(input: $input) {{
               {answer} userErrors {{ code }} }} }}"
        );
        let mut data = app.data(token, &query, json!({"input": input})).await;
        assert_eq!(data[name]["userErrors"], json!([]), "{name} {input}");
        data[name].take()
    }

    /// What the administrator sees of a record.
    pub async fn look(&self, app: &TestApp, id: &str, fields: &str) -> Value {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ {fields} }} }}");
        let admin = app.plain(Role::Admin);
        let mut data = app.data(&admin, &query, json!({"id": id})).await;
        data["node"].take()
    }

    pub async fn version(&self, app: &TestApp, id: &str) -> Value {
        let fields = "... on Worker { version } ... on Household { version }";
        self.look(app, id, fields).await["version"].take()
    }

    /// Makes what changed of a person known, unless it left all that is derived as it was.
    pub fn revised(&mut self, place: usize, before: &str) {
        let person = &mut self.people[place];
        if person.derived() != before {
            person.changed = self.now;
        }
    }

    pub async fn register(&mut self, app: &TestApp, random: &mut StdRng) {
        let number = match self.freed.pop_if(|_| random.random_bool(0.5)) {
            Some(number) => number,
            None => self.next_number(),
        };
        let place = self.people.len();
        // A third of the people join the household of somebody else.
        let joins = random.random_bool(0.33).then(|| self.people.choose(random));
        let household = match joins.flatten() {
            Some(other) => other.household,
            None => self.found_household(app, random).await,
        };
        let Household { id, village, .. } = &self.households[household];
        let village = *village;
        let name = format!("{}{place:04}", SURNAMES.choose(random).expect("some"));
        let stay = random.random_bool(0.3).then(|| self.division(random));
        let input = json!({"householdId": id, "name": name,
            "residentId": people::resident_id(number), "stay": stay.map(|code| code.to_string())});
        let officer = app.officer(&county(village).to_string());
        let answer = ("registerWorker", "worker { id }");
        let payload = self.change(app, &officer, answer, input).await;
        self.people.push(Person {
            id: text(&payload["worker"]["id"]),
            number,
            name,
            household,
            village,
            categories: self.households[household].categories(self.today()),
            stay,
            helper: None,
            helped_before: None,
            jobs: Vec::new(),
            posted: Vec::new(),
            dated: Vec::new(),
            died: None,
            by_number: false,
            former: Vec::new(),
            able: None,
            willing: None,
            changed: self.now,
        });
        for _ in 0..random.random_range(0..4) {
            self.open_job(app, random, place).await;
        }
        if random.random_bool(0.4) {
            self.assign(app, random, place).await;
        }
    }

    pub fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    async fn found_household(&mut self, app: &TestApp, random: &mut StdRng) -> usize {
        let village = self.village(random);
        let category = *CATEGORIES.choose(random).expect("some");
        let officer = app.officer(&county(village).to_string());
        let place = self.households.len();
        let input = json!({"village": village.to_string(), "number": format!("h{place}"),
            "category": category, "categorySince": "2020-01-01"});
        let answer = ("registerHousehold", "householdId");
        let payload = self.change(app, &officer, answer, input).await;
        self.households.push(Household {
            id: text(&payload["householdId"]),
            village,
            stated: vec![provisional(category)],
        });
        place
    }

    pub fn village(&self, random: &mut StdRng) -> Code {
        *self.villages.choose(random).expect("some")
    }

    /// A division of the six counties on any level from the county down.
    pub fn division(&self, random: &mut StdRng) -> Code {
        let size = [1, 1_000, 1_000_000].choose(random).expect("some");
        self.village(random) / size * size
    }

    /// As [`Self::division`], prefectures and the province included.
    pub fn region(&self, random: &mut StdRng) -> Code {
        let sizes = [1, 1_000, 1_000_000, 1_000_000, 100_000_000, 10_000_000_000];
        let size: &Code = sizes.choose(random).expect("some");
        self.village(random) / size * size
    }

    /// Turns to somebody else, more often than not to somebody who died or moved, or of whose jobs
    /// not all count.
    pub fn turn(&mut self, random: &mut StdRng) {
        let today = self.today();
        let telling = |person: &Person| {
            let left = person.former.last();
            person.died.is_some()
                || left.is_some_and(|(_, until)| today <= *until + Days::new(1))
                || person.jobs.iter().any(|job| !job.goes_on())
        };
        let people = self.people.iter().enumerate();
        let telling: Vec<_> = people.filter(|(_, person)| telling(person)).collect();
        let somebody = random.random_range(0..self.people.len());
        let chosen = telling.choose(random).filter(|_| random.random_bool(0.6));
        self.focus = chosen.map_or(somebody, |(place, _)| *place);
    }

    /// Whoever is turned to, or anybody.
    pub fn somebody(&self, random: &mut StdRng) -> usize {
        if random.random_bool(0.6) {
            self.focus
        } else {
            random.random_range(0..self.people.len())
        }
    }

    /// Where somebody comes from, came from, works or stays, so that questions meet people.
    pub fn telling_region(&self, random: &mut StdRng) -> Code {
        let person = &self.people[self.somebody(random)];
        let jobs = person.jobs.iter().map(|job: &Job| job.workplace);
        let left = person.former.iter().rev().take(2).map(|(code, _)| *code);
        let places = jobs.filter(|code| *code != OUTSIDE).chain(left);
        let places: Vec<_> = places.chain([person.village]).chain(person.stay).collect();
        let place = places.choose(random).expect("the village");
        let size: &Code = [1, 1_000, 1_000_000, 100_000_000]
            .choose(random)
            .expect("some");
        place / size * size
    }

    pub fn caller(&self, app: &TestApp, random: &mut StdRng) -> Caller {
        let who = match random.random_range(0..22) {
            0 => Who::Admin,
            1 => Who::Auditor,
            2..9 => Who::Officer(self.telling_region(random)),
            9 | 10 => Who::Officer(self.region(random)),
            11 | 12 => {
                let within = random.random_bool(0.5).then(|| self.telling_region(random));
                Who::Agency(Agency::Agriculture, within)
            }
            13 => Who::Agency(*Agency::VALUES.choose(random).expect("some"), None),
            14..17 => Who::Employer(self.some_employer(random)),
            17 | 18 => Who::Helper(self.some_helper(random)),
            19 => Who::Worker(Bound::Record(self.somebody(random))),
            _ => Who::Worker(Bound::Number(self.some_number(random))),
        };
        let token = self.token(app, &who);
        Caller { who, token }
    }

    /// A job of the person, as likely as not one that does not go on.
    pub fn some_job_of(&self, random: &mut StdRng, place: usize) -> Option<&Job> {
        let jobs = &self.people[place].jobs;
        let past: Vec<_> = jobs.iter().filter(|job| !job.goes_on()).collect();
        let past = past.choose(random).copied();
        past.filter(|_| random.random_bool(0.5))
            .or_else(|| jobs.choose(random))
    }

    fn some_employer(&self, random: &mut StdRng) -> usize {
        let somebody = self.somebody(random);
        let job = self.some_job_of(random, somebody);
        let units = job.map_or([None; 2], |job| [job.employer, job.host]);
        let unit = units.choose(random).copied().flatten();
        unit.unwrap_or_else(|| random.random_range(0..EMPLOYERS.len()))
    }

    fn some_helper(&self, random: &mut StdRng) -> String {
        let present = self.people[self.somebody(random)].helper.as_ref();
        let any = HELPERS.choose(random).expect("some");
        present.map_or_else(|| (*any).to_owned(), |(subject, _)| subject.clone())
    }

    /// The number of somebody's resident id, or one that was corrected.
    pub fn some_number(&self, random: &mut StdRng) -> u32 {
        let wrong = self.freed.choose(random).copied();
        let right = self.people[self.somebody(random)].number;
        wrong.filter(|_| random.random_bool(0.3)).unwrap_or(right)
    }

    fn token(&self, app: &TestApp, who: &Who) -> String {
        let region = |code: Code| RegionCode::parse(&code.to_string()).expect("a code");
        match who {
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
            Who::Worker(Bound::Record(place)) => {
                app.worker(ids::decode(&self.people[*place].id).expect("an id"))
            }
            Who::Worker(Bound::Number(number)) => app.resident(&people::resident_id(*number)),
        }
    }
}

/// What a county says of a household that it enters.
pub fn provisional(category: &'static str) -> Stated {
    Stated {
        category,
        since: NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day"),
        until: None,
        agriculture: false,
    }
}

/// When the day after this one begins in Beijing.
fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    let midnight = (day + Days::new(1)).and_time(chrono::NaiveTime::MIN);
    midnight.and_utc() - TimeDelta::hours(8)
}

pub fn text(id: &Value) -> String {
    id.as_str().expect("an id").to_owned()
}
