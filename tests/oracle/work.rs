//! Jobs, what becomes of them, and the insurance months that confirm them.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use employment_exchange::capability::insurance;
use employment_exchange::platform::authn::Agency;
use employment_exchange::platform::authz::Caller;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::facts::{Code, Job, Person, Posted, county, month_of};
use super::world::{COUNTIES, EMPLOYERS, OUTSIDE, World, text};
use crate::support::app::TestApp;
use crate::support::people;

/// So that a page holds all of one person's jobs, and one employer's staff.
pub const MOST_JOBS: usize = 6;

/// A job before it has an id.
pub struct Draft {
    pub employer: Option<usize>,
    pub host: Option<usize>,
    pub workplace: Code,
    pub started: NaiveDate,
}

/// Who says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The origin's county: it counts.
    Origin,
    /// The employer, of its own job.
    Employer,
    /// Anybody else.
    Other,
}

impl World {
    pub fn draft(&self, random: &mut StdRng, person: &Person) -> Draft {
        let signed = random.random_bool(0.8);
        let employer = signed.then(|| random.random_range(0..EMPLOYERS.len()));
        let host = employer.filter(|_| random.random_bool(0.3));
        let host = host.map(|signer| (signer + random.random_range(1..5)) % EMPLOYERS.len());
        let workplace = if random.random_bool(0.2) {
            OUTSIDE
        } else {
            self.division(random)
        };
        let started = loop {
            let day = self.today() - Days::new(random.random_range(0..300));
            if person.jobs.iter().all(|job| job.started != day) {
                break day;
            }
        };
        Draft {
            employer,
            host,
            workplace,
            started,
        }
    }

    async fn record(&mut self, app: &TestApp, token: &str, who: (&str, &str), draft: &Draft) {
        let Draft {
            employer,
            host,
            workplace,
            started,
        } = draft;
        let signed = employer.is_some();
        let input = json!({who.0: who.1, "form": if signed { "EMPLOYED" } else { "FLEXIBLE" },
            "employerCreditCode": employer.map(|place| EMPLOYERS[place]),
            "hostCreditCode": host.map(|place| EMPLOYERS[place]),
            "workplace": workplace.to_string(), "startedOn": started});
        let answer = ("recordEmployment", "status");
        self.change(app, token, answer, input).await;
    }

    /// What was recorded about a person last, by whomever and with whatever answer.
    pub async fn recorded(&mut self, app: &TestApp, place: usize, (draft, by): (Draft, By)) {
        let fields = "... on Worker { employments(first: 100) { nodes { id } } }";
        let person = &self.people[place];
        let seen = self.look(app, &person.id, fields).await;
        let known = |id: &Value| person.jobs.iter().any(|job| *id == job.id);
        let nodes = seen["employments"]["nodes"].as_array().expect("a list");
        let ids: Vec<_> = nodes.iter().map(|node| &node["id"]).collect();
        let id = ids.into_iter().find(|id| !known(id)).expect("a new job");
        let job = Job {
            id: text(id),
            employer: draft.employer,
            host: draft.host,
            workplace: draft.workplace,
            started: draft.started,
            confirmed: by == By::Origin,
            by_insurance: false,
            by_employer: by == By::Employer,
            returned: false,
            ended: None,
            voided: false,
            version: 1,
        };
        let before = self.people[place].derived();
        self.people[place].jobs.push(job);
        self.revised(place, &before);
    }

    /// The origin's county opens a job.
    pub async fn open_job(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        if self.people[place].jobs.len() >= MOST_JOBS {
            return;
        }
        let draft = self.draft(random, &self.people[place]);
        if !self.people[place].lived_on(draft.started) {
            return;
        }
        let id = self.people[place].id.clone();
        let officer = self.officer_of(app, place);
        self.record(app, &officer, ("workerId", &id), &draft).await;
        self.recorded(app, place, (draft, By::Origin)).await;
    }

    /// The village, another county, the employer or the person reports a job.
    pub async fn report_job(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let person = &self.people[place];
        if person.jobs.len() >= MOST_JOBS {
            return;
        }
        let draft = self.draft(random, person);
        if !person.lived_on(draft.started) {
            return;
        }
        let number = people::resident_id(person.number);
        let elsewhere = COUNTIES.map(|code| code * 1_000_000);
        let elsewhere = elsewhere
            .into_iter()
            .find(|code| *code != county(person.village));
        let village = person.village;
        let other = |token| (token, By::Other);
        let (token, by) = match (random.random_range(0..4), draft.employer) {
            (0, Some(employer)) => (app.employer(EMPLOYERS[employer]), By::Employer),
            (1, _) => other(app.resident(&number)),
            (2, _) => other(app.officer(&elsewhere.expect("six counties").to_string())),
            _ => other(app.officer(&village.to_string())),
        };
        self.record(app, &token, ("residentId", &number), &draft)
            .await;
        self.recorded(app, place, (draft, by)).await;
    }

    /// A decision of the origin's county about a job.
    async fn decide(
        &mut self,
        app: &TestApp,
        (place, job): (usize, usize),
        name: &str,
        mut input: Value,
    ) -> &mut Job {
        let spell = &self.people[place].jobs[job];
        input["employmentId"] = json!(spell.id);
        input["version"] = json!(spell.version);
        let officer = self.officer_of(app, place);
        self.change(app, &officer, (name, "__typename"), input)
            .await;
        let spell = &mut self.people[place].jobs[job];
        spell.version += 1;
        spell
    }

    fn some_job(
        &self,
        random: &mut StdRng,
        place: usize,
        fits: impl Fn(&Job) -> bool,
    ) -> Option<usize> {
        let jobs = self.people[place].jobs.iter().enumerate();
        let fitting: Vec<_> = jobs.filter(|(_, job)| fits(job)).collect();
        fitting.choose(random).map(|(job, _)| *job)
    }

    /// The origin confirms what somebody reported, whoever is concerned.
    pub async fn confirm_job(&mut self, app: &TestApp, random: &mut StdRng) {
        let mut reports = Vec::new();
        for (place, person) in self.people.iter().enumerate() {
            let jobs = person.jobs.iter().enumerate();
            let lived = |job: &Job| person.lived_on(job.started);
            let fits =
                |job: &Job| job.is_reported() && lived(job) && !person.is_reported_again(job);
            reports.extend(
                jobs.filter(|(_, job)| fits(job))
                    .map(|(job, _)| (place, job)),
            );
        }
        let Some(job) = reports.choose(random).copied() else {
            return;
        };
        let before = self.people[job.0].derived();
        let confirmed = self.decide(app, job, "confirmEmployment", json!({})).await;
        confirmed.confirmed = true;
        self.revised(job.0, &before);
    }

    /// The origin's prefecture or the province sends a decision of the county back to it.
    pub async fn return_job(&mut self, app: &TestApp, random: &mut StdRng) {
        let decided = |job: &Job| job.goes_on() && !job.by_insurance;
        let people = self.people.iter().enumerate();
        let jobs = people.flat_map(|(place, person)| {
            let jobs = person.jobs.iter().enumerate();
            let decided = jobs.filter(|(_, job)| decided(job));
            decided.map(move |(job, _)| (place, job))
        });
        let Some((place, job)) = jobs.collect::<Vec<_>>().choose(random).copied() else {
            return;
        };
        let (village, before) = (self.people[place].village, self.people[place].derived());
        let size: &Code = [100_000_000, 10_000_000_000].choose(random).expect("some");
        let superior = app.officer(&(village / size * size).to_string());
        let spell = &self.people[place].jobs[job];
        let input = json!({"employmentId": spell.id, "version": spell.version,
            "reason": "请核实"});
        let answer = ("returnEmployment", "__typename");
        self.change(app, &superior, answer, input).await;
        let spell = &mut self.people[place].jobs[job];
        spell.confirmed = false;
        spell.returned = true;
        spell.version += 1;
        self.revised(place, &before);
    }

    pub async fn end_job(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let Some(job) = self.some_job(random, place, Job::goes_on) else {
            return;
        };
        let (today, before) = (self.today(), self.people[place].derived());
        let lasted = (today - self.people[place].jobs[job].started).num_days();
        let ago = u64::try_from(random.random_range(0..=lasted.min(40))).expect("a past day");
        let day = today - Days::new(ago);
        let input = json!({"endedOn": day, "reason": "OTHER"});
        let ended = self.decide(app, (place, job), "endEmployment", input).await;
        ended.ended = Some(day);
        self.revised(place, &before);
    }

    /// A mistake, or a report that the origin refuses.
    pub async fn void_job(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let Some(job) = self.some_job(random, place, |job| !job.voided) else {
            return;
        };
        let before = self.people[place].derived();
        let input = json!({"reason": "误"});
        let voided = self
            .decide(app, (place, job), "voidEmployment", input)
            .await;
        voided.voided = true;
        self.revised(place, &before);
    }

    fn posting(&self, random: &mut StdRng, place: usize) -> Posted {
        let this_month = month_of(self.today());
        let signed: Vec<_> = self.people[place].jobs.iter().collect();
        let signed = signed.choose(random).and_then(|job| job.employer);
        let any = Some(random.random_range(0..EMPLOYERS.len()));
        let employer = match random.random_range(0..10) {
            0..7 => signed,
            7 | 8 => any,
            _ => None,
        };
        let kinds = [
            "PENSION",
            "PENSION",
            "PENSION",
            "UNEMPLOYMENT",
            "WORK_INJURY",
        ];
        let period = this_month - random.random_range(0..3);
        let refund = random.random_bool(0.2);
        Posted {
            employer,
            payer: any.filter(|_| employer.is_some() && random.random_bool(0.1)),
            kind: kinds.choose(random).expect("some"),
            period,
            posting: if refund { this_month } else { period },
            refund,
        }
    }

    /// An agency delivers months of some people, and of a resident id that is nobody's any more.
    pub async fn post_months(&mut self, app: &TestApp, random: &mut StdRng) {
        let mut delivered: Vec<(usize, Posted)> = Vec::new();
        let mut items = Vec::new();
        for _ in 0..random.random_range(2..7) {
            let place = random.random_range(0..self.people.len());
            let row = self.posting(random, place);
            if let Some(lost) = self
                .freed
                .choose(random)
                .filter(|_| random.random_bool(0.1))
            {
                items.push(item(*lost, &row));
                continue;
            }
            items.push(item(self.people[place].number, &row));
            delivered.push((place, row));
        }
        let agencies = [Agency::SocialInsurance, Agency::Tax];
        let agency = app.agency(*agencies.choose(random).expect("some"));
        let answer = ("submitContributions", "received refused");
        let payload = self
            .change(app, &agency, answer, json!({"items": items}))
            .await;
        assert_eq!(payload["refused"], 0, "{items:?}");
        for (place, row) in &delivered {
            let posted = &mut self.people[*place].posted;
            if !posted.contains(row) {
                posted.push(row.clone());
            }
        }
        let paid = delivered.iter().filter(|(_, row)| !row.refund);
        let paid: BTreeSet<_> = paid
            .filter_map(|(place, row)| Some((*place, row.employer?)))
            .collect();
        for (place, employer) in paid {
            self.confirm_by(place, std::iter::once(employer));
        }
    }

    /// One reported job with each of these employers counts from now on if it had begun by the end
    /// of the last recent month that stands, unless it can only be about one that counts already.
    fn confirm_by(&mut self, place: usize, employers: impl Iterator<Item = usize>) {
        let (today, before) = (self.today(), self.people[place].derived());
        for employer in employers {
            let person = &mut self.people[place];
            let Some(last) = person.last_employed_at(employer, today) else {
                continue;
            };
            let jobs = person.jobs.iter().enumerate();
            let open = jobs.filter(|(_, job)| {
                job.is_reported()
                    && !job.awaits_county()
                    && job.employer == Some(employer)
                    && job.ended.is_none()
                    && month_of(job.started) <= last
                    && !person.is_reported_again(job)
            });
            let open: Vec<_> = open.collect();
            if let Some(report) = meant(&open) {
                person.jobs[report].confirmed = true;
                person.jobs[report].by_insurance = true;
                person.jobs[report].version += 1;
            }
        }
        self.revised(place, &before);
    }

    /// What the exchange does every few minutes: months confirm what was reported after them.
    pub async fn confirm_reported(&mut self, app: &TestApp) {
        let caller = Caller::system("test.insurance", None, app.db.refusals().clone());
        insurance::service::confirm_reported(&app.db, &caller)
            .await
            .expect("confirmed");
        for place in 0..self.people.len() {
            self.confirm_by(place, 0..EMPLOYERS.len());
        }
    }
}

/// Which of some reports with one employer a month is about: it says nothing of the place, so that
/// they must not name different counties, unless the employer itself has told.
fn meant(reports: &[(usize, &Job)]) -> Option<usize> {
    let agreed = |reports: &[(usize, &Job)]| {
        let (place, first) = reports.first()?;
        let mut all = reports.iter();
        let same = all.all(|(_, job)| county(job.workplace) == county(first.workplace));
        same.then_some(*place)
    };
    let own = reports.iter().copied().filter(|(_, job)| job.by_employer);
    agreed(reports).or_else(|| agreed(&own.collect::<Vec<_>>()))
}

/// A row as an agency sends it; every payment is of the same amount.
fn item(number: u32, row: &Posted) -> Value {
    let month = |month: i32| format!("{:04}-{:02}", month / 12, month % 12 + 1);
    let sign = if row.refund { "-" } else { "" };
    json!({
        "residentId": people::resident_id(number), "kind": row.kind,
        "employerCreditCode": row.employer.map(|place| EMPLOYERS[place]),
        "payerCreditCode": row.payer.map(|place| EMPLOYERS[place]),
        "entry": if row.refund { "REFUND" } else { "NORMAL" },
        "periodMonth": month(row.period), "postingMonth": month(row.posting),
        "base": "4000.00", "employerAmount": format!("{sign}640.00"),
        "personalAmount": format!("{sign}320.00"),
    })
}
