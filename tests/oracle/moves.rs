//! Moves of people and households, splits and mergers.

use chrono::Days;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::json;

use super::facts::{Code, Household, county, lies_in};
use super::world::{World, text};
use crate::support::app::TestApp;

/// Days for which whoever gave somebody away still looks, after the day of the handover.
const FORMER_DAYS: Days = Days::new(30);

impl World {
    fn members(&self, household: usize) -> Vec<usize> {
        let people = self.people.iter().enumerate();
        let within = people.filter(|(_, person)| person.household == household);
        within.map(|(place, _)| place).collect()
    }

    /// A household with people in it, other than the person's.
    fn other_household(&self, random: &mut StdRng, place: usize) -> Option<usize> {
        let own = self.people[place].household;
        let others = self.people.iter().map(|person| person.household);
        let others: Vec<_> = others.filter(|household| *household != own).collect();
        others.choose(random).copied()
    }

    /// The narrowest office that decides and speaks for both: a county, or the province.
    fn office(app: &TestApp, one: Code, other: Code) -> String {
        let sizes: [Code; 2] = [1_000_000, 10_000_000_000];
        let around = sizes.map(|size| one / size * size);
        let both = around.into_iter().find(|region| lies_in(*region, other));
        app.officer(&both.expect("one province").to_string())
    }

    /// People are registered in this household from now on, wherever it is.
    fn relocate(&mut self, places: &[usize], household: usize) {
        let (until, now) = (self.today() + FORMER_DAYS, self.now);
        let categories = self.households[household].categories(self.today());
        let village = self.households[household].village;
        for place in places {
            let person = &mut self.people[*place];
            if person.village != village {
                person.former.push((person.village, until));
            }
            if county(person.village) != county(village) {
                person.helper = None;
                person.helped_before = None;
            }
            // Whoever is registered where they stayed lives there.
            person.stay = person.stay.filter(|stay| !lies_in(county(village), *stay));
            person.village = village;
            person.household = household;
            person.categories.clone_from(&categories);
            person.changed = now;
        }
    }

    fn founded(&mut self, id: String, village: Code, from: usize) -> usize {
        let stated = self.households[from].stated.clone();
        self.households.push(Household {
            id,
            village,
            stated,
        });
        self.households.len() - 1
    }

    /// Half of the moves end near by, where former holders are former on few levels.
    fn destination(&self, random: &mut StdRng, from: Code) -> Code {
        let near = random.random_bool(0.3);
        let there = |code: &&Code| !near || county(**code) == county(from);
        let villages: Vec<_> = self.villages.iter().filter(there).collect();
        **villages.choose(random).expect("some")
    }

    pub async fn move_household(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let household = self.people[place].household;
        let to = self.destination(random, self.people[place].village);
        if to == self.people[place].village {
            return;
        }
        let id = &self.households[household].id;
        let version = self.version(app, id).await;
        let input = json!({"householdId": id, "toVillage": to.to_string(), "version": version,
            "movedOn": self.today(), "reason": "搬迁"});
        let officer = self.officer_of(app, place);
        let answer = ("moveHousehold", "__typename");
        self.change(app, &officer, answer, input).await;
        self.households[household].village = to;
        self.relocate(&self.members(household), household);
    }

    /// Alone into a new household; the dead go with theirs only.
    pub async fn move_to_village(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        if self.people[place].died.is_some() {
            return;
        }
        let from = self.people[place].household;
        let to = self.destination(random, self.people[place].village);
        let id = &self.people[place].id;
        let version = self.version(app, id).await;
        let input = json!({"workerId": id, "toVillage": to.to_string(), "version": version,
            "movedOn": self.today(), "reason": "结婚"});
        let officer = self.officer_of(app, place);
        let answer = ("moveWorker", "worker { household { id } }");
        let payload = self.change(app, &officer, answer, input).await;
        let id = text(&payload["worker"]["household"]["id"]);
        let founded = self.founded(id, to, from);
        self.relocate(&[place], founded);
    }

    /// Alone into somebody else's household.
    pub async fn move_to_household(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let Some(into) = self.other_household(random, place) else {
            return;
        };
        let person = &self.people[place];
        if person.died.is_some() {
            return;
        }
        let version = self.version(app, &person.id).await;
        let input = json!({"workerId": person.id, "toHouseholdId": self.households[into].id,
            "version": version, "movedOn": self.today(), "reason": "投亲"});
        let officer = Self::office(app, person.village, self.households[into].village);
        let answer = ("moveWorker", "__typename");
        self.change(app, &officer, answer, input).await;
        self.relocate(&[place], into);
    }

    pub async fn split(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let household = self.people[place].household;
        let members = self.members(household);
        if members.len() < 2 {
            return;
        }
        let leaving = random.random_range(1..members.len());
        let leaving = members.choose_multiple(random, leaving).copied();
        let living = |member: &usize| self.people[*member].died.is_none();
        let leaving: Vec<usize> = leaving.filter(living).collect();
        if leaving.is_empty() {
            return;
        }
        let here = self.people[place].village;
        let away = random.random_bool(0.5);
        let village = away.then(|| self.destination(random, here));
        let id = &self.households[household].id;
        let ids: Vec<_> = leaving
            .iter()
            .map(|member| &self.people[*member].id)
            .collect();
        let input = json!({"householdId": id, "memberIds": ids, "splitOn": self.today(),
            "village": village.map(|code| code.to_string()), "reason": "分户",
            "version": self.version(app, id).await});
        let officer = self.officer_of(app, place);
        let answer = ("splitHousehold", "newHousehold { id }");
        let payload = self.change(app, &officer, answer, input).await;
        let id = text(&payload["newHousehold"]["id"]);
        let founded = self.founded(id, village.unwrap_or(here), household);
        self.relocate(&leaving, founded);
    }

    pub async fn merge(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let Some(into) = self.other_household(random, place) else {
            return;
        };
        let from = self.people[place].household;
        let [left, entered] = [from, into].map(|household| &self.households[household]);
        let input = json!({"fromId": left.id, "intoId": entered.id, "mergedOn": self.today(),
            "reason": "合户", "fromVersion": self.version(app, &left.id).await,
            "intoVersion": self.version(app, &entered.id).await});
        let officer = Self::office(app, left.village, entered.village);
        let answer = ("mergeHouseholds", "__typename");
        self.change(app, &officer, answer, input).await;
        let told = self.households[from].stated.clone();
        self.households[into].inherit(&told);
        self.follow(into);
        self.relocate(&self.members(from), into);
    }
}
