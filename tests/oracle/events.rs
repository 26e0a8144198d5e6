//! What happens to people after they were registered.

use chrono::Days;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use super::facts::{About, Correction, Finding, county, in_province};
use super::world::{COUNTIES, EMPLOYERS, HELPERS, World, text};
use crate::support::app::TestApp;
use crate::support::people;

/// More would make a long run slow and test nothing more.
pub const MOST_PEOPLE: usize = 160;
const MOST_FINDINGS: usize = 60;

impl World {
    /// One random event; nothing happens where it does not fit.
    pub async fn event(&mut self, app: &TestApp, random: &mut StdRng) {
        let place = random.random_range(0..self.people.len());
        match random.random_range(0..52) {
            0..3 if self.people.len() < MOST_PEOPLE => self.register(app, random).await,
            3..6 => self.move_household(app, random, place).await,
            6..9 => self.move_to_village(app, random, place).await,
            9 | 10 => self.move_to_household(app, random, place).await,
            11 | 12 => self.split(app, random, place).await,
            13 => self.merge(app, random, place).await,
            14 | 15 => self.record_death(app, random, place).await,
            16 | 17 => self.take_death_back(app, random).await,
            18 | 19 => self.correct_number(app, random, place).await,
            20 | 21 => self.open_job(app, random, place).await,
            22 | 23 => self.report_job(app, random, place).await,
            24 => self.confirm_job(app, random).await,
            25 | 26 => self.end_job(app, random, place).await,
            27 | 35 => self.void_job(app, random, place).await,
            28..32 => self.post_months(app, random).await,
            32 => self.stay_elsewhere(app, random, place).await,
            33 => self.assign(app, random, place).await,
            34 => self.state(app, random, place).await,
            38..41 => self.return_job(app, random).await,
            41..44 => self.tell_categories(app, random).await,
            44..47 => self.tell_days(app, random).await,
            47..50 => self.send_ledger(app, random, place).await,
            50..52 => self.replace_village(app, random, place).await,
            _ => self.find_fault(app, random, place).await,
        }
    }

    pub fn officer_of(&self, app: &TestApp, place: usize) -> String {
        app.officer(&county(self.people[place].village).to_string())
    }

    /// Another officer of the person's county.
    fn colleague(&self, app: &TestApp, place: usize) -> String {
        let region = county(self.people[place].village).to_string();
        app.token(&TokenRequest {
            region: Some(region.parse().expect("a region code")),
            ..app.request(Role::Officer, "colleague")
        })
    }

    /// The county records a death, or civil affairs reports one. Nobody is helped any more.
    async fn record_death(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        if self.people[place].died.is_some() {
            return;
        }
        let day = self.today() - Days::new(random.random_range(0..60));
        let by_agency = random.random_bool(0.4);
        let (token, who) = if by_agency {
            let number = people::resident_id(self.people[place].number);
            (app.agency(Agency::CivilAffairs), ("residentId", number))
        } else {
            let id = self.people[place].id.clone();
            (self.officer_of(app, place), ("workerId", id))
        };
        let input = json!({who.0: who.1, "diedOn": day, "source": "死亡证明"});
        self.change(app, &token, ("recordDeath", "receipt"), input)
            .await;
        let person = &mut self.people[place];
        person.died = Some(day);
        person.by_number = by_agency;
        person.helped_before = person.helper.take();
        person.changed = self.now;
    }

    /// A second person takes a death back.
    async fn take_death_back(&mut self, app: &TestApp, random: &mut StdRng) {
        let dead = self.people.iter().enumerate();
        let dead: Vec<_> = dead.filter(|(_, person)| person.died.is_some()).collect();
        let Some((place, person)) = dead.choose(random).copied() else {
            return;
        };
        let fields = "... on Worker { labourFacts { id kind voidedAt } }";
        let seen = self.look(app, &person.id, fields).await;
        let facts = seen["labourFacts"].as_array().expect("a list");
        let standing = |fact: &&Value| fact["kind"] == "DECEASED" && fact["voidedAt"].is_null();
        let fact = facts.iter().find(standing).expect("somebody stated it");
        let input = json!({"workerId": person.id, "factId": fact["id"], "reason": "误报"});
        let token = self.colleague(app, place);
        let answer = ("voidLabourFact", "__typename");
        self.change(app, &token, answer, input).await;
        let person = &mut self.people[place];
        person.lives();
        person.changed = self.now;
    }

    /// Two people correct a resident id; the old number is nobody's from then on, and what agencies
    /// sent under it says nothing of this person.
    async fn correct_number(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let waits = |known: &Correction| known.person == place && known.state == "PROPOSED";
        if self.corrections.iter().any(waits) {
            return;
        }
        let number = self.next_number();
        let id = self.people[place].id.clone();
        let input = json!({"workerId": id, "residentId": people::resident_id(number),
            "reason": "登记时录错", "version": self.version(app, &id).await});
        let answer = "correction { id version }";
        let officer = self.officer_of(app, place);
        let proposed = ("proposeResidentIdCorrection", answer);
        let payload = self.change(app, &officer, proposed, input).await;
        let correction = &payload["correction"];
        let state = *["PROPOSED", "REFUSED", "APPROVED", "APPROVED", "APPROVED"]
            .choose(random)
            .expect("some");
        self.corrections.push(Correction {
            id: text(&correction["id"]),
            person: place,
            state,
        });
        if state == "PROPOSED" {
            return;
        }
        let approve = state == "APPROVED";
        let input = json!({"correctionId": correction["id"], "approve": approve,
            "reason": "核对户口簿", "version": correction["version"]});
        let token = self.colleague(app, place);
        let decided = ("decideResidentIdCorrection", "__typename");
        self.change(app, &token, decided, input).await;
        if approve {
            let person = &mut self.people[place];
            self.freed
                .push(std::mem::replace(&mut person.number, number));
            person.changed = self.now;
            person.forget_insurance();
            // A death under the number was somebody else's.
            if person.died.is_some() && person.by_number {
                person.lives();
            }
        }
    }

    /// Pairs somebody who lives with a helper, who takes the place of the one before.
    pub async fn assign(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let (today, person) = (self.today(), &self.people[place]);
        let helper = *HELPERS.choose(random).expect("some");
        let fresh = person
            .helper
            .as_ref()
            .is_some_and(|(_, since)| *since >= today);
        let same = person.helper.as_ref().is_some_and(|(by, _)| by == helper);
        if person.died.is_some() || fresh || same {
            return;
        }
        let input = json!({"workerId": person.id, "helperSubject": helper, "since": today});
        let officer = self.officer_of(app, place);
        let answer = ("assignHelper", "__typename");
        self.change(app, &officer, answer, input).await;
        let person = &mut self.people[place];
        person.helper = Some((helper.to_owned(), today));
        person.changed = self.now;
    }

    async fn update(&mut self, app: &TestApp, place: usize, (field, value): (&str, Value)) {
        let id = &self.people[place].id;
        let version = self.version(app, id).await;
        let input = json!({"workerId": id, "version": version, field: value});
        let officer = self.officer_of(app, place);
        let answer = ("updateWorker", "__typename");
        self.change(app, &officer, answer, input).await;
        self.people[place].changed = self.now;
    }

    async fn stay_elsewhere(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let living = self.people[place].died.is_none();
        let stay = (living && random.random_bool(0.7)).then(|| self.division(random));
        if stay != self.people[place].stay {
            let code = stay.map(|code| code.to_string());
            self.update(app, place, ("stay", json!(code))).await;
            self.people[place].stay = stay;
        }
    }

    /// Whether somebody is able or willing, as of today.
    async fn state(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        if self.people[place].died.is_some() {
            return;
        }
        let (today, value) = (self.today(), random.random_bool(0.7));
        let able = random.random_bool(0.5);
        let field = if able { "able" } else { "willing" };
        let stated = json!({"value": value, "since": today, "source": "入户"});
        self.update(app, place, (field, stated)).await;
        let person = &mut self.people[place];
        if able {
            person.able = Some(value);
        } else {
            person.willing = Some((value, today));
        }
    }

    /// An auditor records a finding, for the county that is responsible or for any.
    async fn find_fault(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        if self.findings.len() >= MOST_FINDINGS {
            return;
        }
        let person = &self.people[place];
        let job = random.random_range(0..person.jobs.len().max(1));
        let (about, id, responsible) = match (random.random_range(0..5), person.jobs.get(job)) {
            (0, _) => (About::Nothing, None, None),
            (1, _) => {
                let employer = random.random_range(0..EMPLOYERS.len());
                let id = &self.employers[employer];
                (
                    About::Employer(employer),
                    Some(id),
                    Some(self.seats[employer]),
                )
            }
            (2 | 3, Some(spell)) => {
                let inside = in_province(spell.workplace);
                let where_done = if inside {
                    spell.workplace
                } else {
                    person.village
                };
                (About::Job(place, job), Some(&spell.id), Some(where_done))
            }
            _ => (About::Person(place), Some(&person.id), Some(person.village)),
        };
        let any = COUNTIES.choose(random).expect("some") * 1_000_000;
        let chosen = (responsible.is_none() || random.random_bool(0.3)).then_some(any);
        let input = json!({"subjectId": id, "clause": "第三条", "evidence": "无凭证",
            "responsibleCounty": chosen.map(|code| code.to_string())});
        let auditor = app.plain(Role::Auditor);
        let answer = ("recordFinding", "finding { id }");
        let payload = self.change(app, &auditor, answer, input).await;
        self.findings.push(Finding {
            id: text(&payload["finding"]["id"]),
            county: chosen.or(responsible).map_or(any, county),
            about,
        });
    }
}
