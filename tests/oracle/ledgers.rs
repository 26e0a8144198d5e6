//! Ledgers that a county sends: people who are new, and jobs of those who are registered.

use std::fmt::Write as _;

use employment_exchange::capability::ledger::{ImportOptions, LedgerReader, Verdict, import};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::config::ImportConfig;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::json;

use super::facts::{CATEGORIES, Code, Household, Person, county};
use super::work::{By, Draft, MOST_JOBS};
use super::world::{EMPLOYERS, World, provisional, text};
use crate::support::app::TestApp;
use crate::support::people;

const HEADER: &str = "姓名,身份证号码,户籍地行政区划代码,户编号,人口类别,认定日期,\
    是否务工,务工地行政区划代码,务工单位,统一社会信用代码,务工开始时间";
/// What counties call [`CATEGORIES`].
const CALLED: [&str; 4] = ["脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户"];

/// What a row is to do.
enum Row {
    /// Registers somebody in a household of their own, perhaps with a job.
    New(Box<Person>, Option<Draft>),
    /// States a job of somebody registered that is not on record.
    Job(usize, Draft),
    /// States one that is.
    Known(usize, usize),
    /// Tells of somebody whom another county has registered: it stays out.
    Foreign,
}

impl World {
    /// The county of somebody sends a few rows.
    pub async fn send_ledger(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let own = county(self.people[place].village);
        let (mut file, mut rows) = (HEADER.to_owned() + "\n", Vec::new());
        let known = self.known_row(random, place, &mut file);
        rows.extend(known);
        let other = random.random_range(0..self.people.len());
        if county(self.people[other].village) != own && random.random_bool(0.3) {
            let draft = self.signed(random, &self.people[other]);
            write_row(&mut file, &self.people[other], ("", 0), Some(&draft));
            rows.push(Row::Foreign);
        }
        if random.random_bool(0.5) && self.people.len() < super::events::MOST_PEOPLE {
            rows.push(self.new_row(random, own, &mut file));
        }
        self.tick(app);
        let path = app.directory.join("oracle.csv");
        std::fs::write(&path, &file).expect("written");
        let region = RegionCode::parse(&own.to_string()).expect("a code");
        let caller = Caller::system("test.ledger", Some(region), app.db.refusals().clone());
        let ledger = LedgerReader::open(&path, &ImportConfig::default()).expect("readable");
        let options = ImportOptions {
            region,
            dry_run: false,
        };
        let mut verdicts = Vec::new();
        import(&app.db, &caller, ledger, options, &mut |report| {
            verdicts.push(report.verdict);
        })
        .await
        .expect("the import ends");
        for (row, verdict) in rows.into_iter().zip(verdicts) {
            let foreign = matches!(row, Row::Foreign);
            assert_eq!(verdict == Verdict::Rejected, foreign, "{file}");
            self.came_in(app, row).await;
        }
    }

    /// A job with an employer and nobody else.
    fn signed(&self, random: &mut StdRng, person: &Person) -> Draft {
        Draft {
            employer: Some(random.random_range(0..EMPLOYERS.len())),
            host: None,
            ..self.draft(random, person)
        }
    }

    /// A row about a job of somebody who lives: one on record, or another.
    fn known_row(&self, random: &mut StdRng, place: usize, file: &mut String) -> Option<Row> {
        let person = &self.people[place];
        if person.died.is_some() {
            return None;
        }
        let jobs = person.jobs.iter().enumerate();
        // A ledger names no place that has ended.
        let signed = jobs.filter(|(_, job)| job.employer.is_some());
        let signed: Vec<_> = signed
            .filter(|(_, job)| !self.ended.contains(&job.workplace))
            .collect();
        let again = signed.choose(random).copied();
        let full = person.jobs.len() >= MOST_JOBS;
        if let Some((job, spell)) = again.filter(|_| full || random.random_bool(0.6)) {
            let draft = Draft {
                employer: spell.employer,
                host: None,
                workplace: spell.workplace,
                started: spell.started,
            };
            write_row(file, person, ("", 0), Some(&draft));
            return Some(Row::Known(place, job));
        }
        if full {
            return None;
        }
        let draft = self.signed(random, person);
        write_row(file, person, ("", 0), Some(&draft));
        Some(Row::Job(place, draft))
    }

    fn new_row(&mut self, random: &mut StdRng, own: Code, file: &mut String) -> Row {
        let here: Vec<_> = self
            .villages
            .iter()
            .filter(|code| county(**code) == own)
            .collect();
        let village = **here.choose(random).expect("some");
        let category = random.random_range(0..CATEGORIES.len());
        let number = self.next_number();
        let household = self.households.len();
        let stated = vec![provisional(CATEGORIES[category])];
        self.households.push(Household {
            id: String::new(),
            village,
            stated,
        });
        let person = Person {
            id: String::new(),
            number,
            name: format!("王{:04}", self.people.len()),
            household,
            village,
            categories: vec![CATEGORIES[category]],
            stay: None,
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
        };
        let works = random.random_bool(0.7);
        let draft = works.then(|| self.signed(random, &person));
        let home = format!("l{household}");
        write_row(file, &person, (&home, category), draft.as_ref());
        Row::New(Box::new(person), draft)
    }

    /// What follows from a row, now that it is in.
    async fn came_in(&mut self, app: &TestApp, row: Row) {
        match row {
            Row::Foreign => {}
            Row::Known(place, job) => {
                let before = self.people[place].derived();
                let job = &mut self.people[place].jobs[job];
                if job.is_reported() && !job.awaits_county() {
                    job.confirmed = true;
                    job.version += 1;
                }
                self.revised(place, &before);
            }
            Row::Job(place, draft) => self.recorded(app, place, (draft, By::Origin)).await,
            Row::New(mut person, draft) => {
                let query =
                    "query($id: String!) { worker(residentId: $id) { id household { id } } }";
                let admin = app.officer(&county(person.village).to_string());
                let number = json!({"id": people::resident_id(person.number)});
                let seen = app.data(&admin, query, number).await;
                person.id = text(&seen["worker"]["id"]);
                person.changed = self.now;
                self.households[person.household].id = text(&seen["worker"]["household"]["id"]);
                self.people.push(*person);
                if let Some(draft) = draft {
                    let place = self.people.len() - 1;
                    self.recorded(app, place, (draft, By::Origin)).await;
                }
            }
        }
    }
}

/// A line of a ledger; the household's number and category only where it is new.
fn write_row(
    file: &mut String,
    person: &Person,
    (home, category): (&str, usize),
    job: Option<&Draft>,
) {
    let (id, village) = (people::resident_id(person.number), person.village);
    let (name, category) = (&person.name, CALLED[category]);
    write!(file, "{name},{id},{village},{home},{category},2020-01-01,").expect("memory");
    match job.and_then(|job| Some((job, EMPLOYERS[job.employer?]))) {
        Some((job, code)) => {
            let (workplace, started) = (job.workplace, job.started);
            writeln!(file, "是,{workplace},厂,{code},{started}").expect("memory");
        }
        None => writeln!(file, ",,,,").expect("memory"),
    }
}
