//! Villages that end, and whatever was in one belongs to what took its place.

use chrono::Days;
use employment_exchange::capability::{employment, region, worker};
use employment_exchange::platform::authz::{Action, Caller, Permit, Write};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::facts::Code;
use super::world::World;
use crate::support::app::TestApp;

fn system(app: &TestApp, action: &Action<Write>) -> Permit<Write> {
    let caller = Caller::system("test.divisions", None, app.db.refusals().clone());
    caller.permit(action).expect("granted to the system")
}

impl World {
    /// Another village takes the place of one in which somebody is registered, works or stays.
    pub async fn replace_village(&mut self, app: &TestApp, random: &mut StdRng, place: usize) {
        let person = &self.people[place];
        let work = person.jobs.iter().map(|job| job.workplace);
        let places = work.chain(person.stay).chain([person.village]);
        let places = places.filter(|code| self.villages.contains(code));
        let Some(old) = places.collect::<Vec<_>>().choose(random).copied() else {
            return;
        };
        // Now and then one far away, so that what is seen of a job or a person moves with it.
        let near = random.random_bool(0.5);
        let fits = |code: &&Code| **code != old && (!near || **code / 1_000 == old / 1_000);
        let others: Vec<_> = self.villages.iter().filter(fits).collect();
        let Some(new) = others.choose(random).map(|code| **code) else {
            return;
        };
        self.tick(app);
        let (parent, ended) = (old / 1_000 * 1_000, self.today() - Days::new(1));
        let table = format!(
            "code,level,parent,name_zh,valid_to,successor\n{old},VILLAGE,{parent},村,{ended},{new}\n"
        );
        let permit = system(app, &region::policy::IMPORT);
        let loaded =
            region::service::import(&app.db, &permit, table.as_bytes(), false, &mut |_| {}).await;
        assert_eq!(loaded.expect("loads").updated, 1, "{table}");
        let permit = system(app, &worker::policy::APPLY_SUCCESSORS);
        let people = worker::service::apply_successors(&app.db, &permit).await;
        people.expect("followed");
        let permit = system(app, &employment::policy::APPLY_SUCCESSORS);
        let jobs = employment::service::apply_successors(&app.db, &permit).await;
        jobs.expect("followed");
        self.succeed(old, new);
    }

    fn succeed(&mut self, old: Code, new: Code) {
        let (today, now) = (self.today(), self.now);
        self.villages.retain(|code| *code != old);
        self.ended.push(old);
        for (place, household) in self.households.iter_mut().enumerate() {
            if household.village != old {
                continue;
            }
            household.village = new;
            let members = self.people.iter_mut();
            for person in members.filter(|person| person.household == place) {
                // Nobody moved: the helper stays, and nobody is a former origin.
                person.village = new;
                person.categories = household.categories(today);
                person.changed = now;
            }
        }
        for place in 0..self.people.len() {
            let before = self.people[place].derived();
            let person = &mut self.people[place];
            if person.stay == Some(old) {
                person.stay = Some(new);
                person.changed = now;
            }
            // What has ended or was a mistake stays where it was.
            let jobs = person.jobs.iter_mut();
            for job in jobs.filter(|job| job.workplace == old) {
                if job.ended.is_none() && !job.voided {
                    job.workplace = new;
                    job.version += 1;
                }
            }
            self.revised(place, &before);
        }
    }
}
