//! What agencies deliver besides months: categories of households, and days on which insurance began
//! or ended.

use chrono::Days;
use employment_exchange::capability::worker;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use employment_exchange::platform::authz::Caller;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::facts::{CATEGORIES, Code, Dated, Stated, county, lies_in};
use super::world::{EMPLOYERS, World};
use crate::support::app::TestApp;
use crate::support::people;

impl World {
    /// Agriculture says which categories some households hold, named by one of their members; the
    /// agency of one county speaks of that county's only.
    pub async fn tell_categories(&mut self, app: &TestApp, random: &mut StdRng) {
        let mut told: Vec<(usize, usize, Stated)> = Vec::new();
        for _ in 0..random.random_range(1..5) {
            let place = random.random_range(0..self.people.len());
            let household = self.people[place].household;
            // Of two statements about one household in one delivery the first would count.
            if told.iter().all(|(_, known, _)| *known != household) {
                told.push((place, household, self.statement(random)));
            }
        }
        let of = county(self.people[told[0].0].village);
        let within = random.random_bool(0.3).then_some(of);
        let items: Vec<Value> = told
            .iter()
            .map(|(place, _, told)| {
                json!({"residentId": people::resident_id(self.people[*place].number),
                    "category": told.category, "since": told.since, "until": told.until})
            })
            .collect();
        let agency = agriculture(app, within);
        let answer = ("submitCategories", "submissionId results { outcome }");
        let payload = self
            .change(app, &agency, answer, json!({"items": items}))
            .await;
        for (result, (_, household, stated)) in payload["results"]
            .as_array()
            .expect("a list")
            .iter()
            .zip(told)
        {
            let home = &mut self.households[household];
            let reached = within.is_none_or(|within| lies_in(within, home.village));
            let known = home.stated.contains(&stated);
            let expected = match (reached, known) {
                (false, _) => "UNKNOWN_HOUSEHOLD",
                (true, true) => "UNCHANGED",
                (true, false) => "APPLIED",
            };
            assert_eq!(result["outcome"], expected, "{stated:?}");
            if reached {
                home.tell(stated);
                self.follow(household);
            }
        }
    }

    /// That a category holds since some day, or held until a day that may be this one.
    fn statement(&self, random: &mut StdRng) -> Stated {
        let ago = random.random_range(0..400);
        let since = self.today() - Days::new(ago);
        let lasted = random.random_range(0..=ago);
        let ends = random.random_bool(0.4);
        let until = if random.random_bool(0.5) {
            self.today()
        } else {
            since + Days::new(lasted)
        };
        Stated {
            category: CATEGORIES.choose(random).expect("some"),
            since,
            until: ends.then_some(until),
            agriculture: true,
        }
    }

    /// Those of a household hold what it holds today.
    pub fn follow(&mut self, household: usize) {
        let (today, now) = (self.today(), self.now);
        let categories = self.households[household].categories(today);
        let members = self.people.iter_mut();
        for person in members.filter(|person| person.household == household) {
            if person.categories != categories {
                person.categories.clone_from(&categories);
                person.changed = now;
            }
        }
    }

    /// What the exchange does every hour: categories that ended are taken from people.
    pub async fn lapse(&mut self, app: &TestApp) {
        let caller = Caller::system("test.categories", None, app.db.refusals().clone());
        let permit = caller.permit(&worker::policy::LAPSE_CATEGORIES);
        let permit = permit.expect("granted to the system");
        let lapsed = worker::service::lapse_categories(&app.db, &permit).await;
        lapsed.expect("lapsed");
        for household in 0..self.households.len() {
            self.follow(household);
        }
    }

    /// An agency tells when somebody was enrolled, or no longer insured.
    pub async fn tell_days(&mut self, app: &TestApp, random: &mut StdRng) {
        let mut items = Vec::new();
        let mut told = Vec::new();
        for _ in 0..random.random_range(1..5) {
            let place = random.random_range(0..self.people.len());
            let day = self.day(random, place);
            let lost = self.freed.choose(random);
            let lost = lost.copied().filter(|_| random.random_bool(0.1));
            let number = lost.unwrap_or(self.people[place].number);
            items.push(json!({
                "residentId": people::resident_id(number), "kind": day.kind, "since": day.since,
                "employerCreditCode": day.employer.map(|place| EMPLOYERS[place]),
                "fact": if day.enrolled { "ENROLLED" } else { "STOPPED" },
            }));
            if lost.is_none() {
                told.push((place, day));
            }
        }
        let agency = app.agency(Agency::SocialInsurance);
        let answer = ("submitInsuranceFacts", "received refused");
        let payload = self
            .change(app, &agency, answer, json!({"items": items}))
            .await;
        assert_eq!(payload["refused"], 0, "{items:?}");
        for (place, day) in told {
            let dated = &mut self.people[place].dated;
            if !dated.contains(&day) {
                dated.push(day);
            }
        }
    }

    fn day(&self, random: &mut StdRng, place: usize) -> Dated {
        let signed: Vec<_> = self.people[place].jobs.iter().collect();
        let signed = signed.choose(random).and_then(|job| job.employer);
        let any = Some(random.random_range(0..EMPLOYERS.len()));
        Dated {
            employer: if random.random_bool(0.7) { signed } else { any },
            kind: ["PENSION", "PENSION", "UNEMPLOYMENT"]
                .choose(random)
                .expect("some"),
            enrolled: random.random_bool(0.5),
            since: self.today() - Days::new(random.random_range(0..100)),
        }
    }
}

fn agriculture(app: &TestApp, within: Option<Code>) -> String {
    let region = within.map(|code| RegionCode::parse(&code.to_string()).expect("a code"));
    app.token(&TokenRequest {
        agency: Some(Agency::Agriculture),
        region,
        ..app.request(Role::Agency, "agriculture")
    })
}
