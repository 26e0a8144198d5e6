//! Questions that are answered by counts.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::super::facts::{Code, Person, in_province, lies_in};
use super::{Asked, Asking, FORBIDDEN};

impl Asking<'_> {
    pub(super) async fn summary(&self, random: &mut StdRng) -> Asked {
        let region = self.world.telling_region(random);
        let query = "query($region: RegionCode!) { regionSummary(region: $region) {
            people working workingHere insured ableAndWilling byStatus { status people }
            byCategory { category people } bySplit { split people } } }";
        let mut found = self
            .answer(query, &json!({"region": region.to_string()}))
            .await;
        if found.is_object() {
            for (list, name) in [
                ("byStatus", "status"),
                ("byCategory", "category"),
                ("bySplit", "split"),
            ] {
                found[list] = by_name(&found[list], name);
            }
        }
        Asked {
            question: format!("regionSummary {region}"),
            found,
            expected: if self.who().counts() {
                self.counted(region)
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    fn counted(&self, region: Code) -> Value {
        let visible: Vec<_> = self.visible().map(|(_, person)| person).collect();
        let here = visible.iter().copied();
        let here = here.filter(|person| lies_in(region, person.village));
        let here: Vec<&Person> = here.collect();
        let count = |holds: &dyn Fn(&Person) -> bool| here.iter().filter(|p| holds(p)).count();
        let living = here.iter().filter(|person| person.died.is_none());
        let mut by_category = BTreeMap::new();
        for category in living.flat_map(|person| &person.categories) {
            *by_category.entry(*category).or_insert(0) += 1;
        }
        let by = |of: &dyn Fn(&Person) -> Option<&'static str>| {
            let mut counts = BTreeMap::new();
            for name in here.iter().filter_map(|person| of(person)) {
                *counts.entry(name).or_insert(0) += 1;
            }
            counts
        };
        let today = self.world.today();
        let told = |count: usize| self.who().sees_all_jobs().then_some(count);
        json!({
            "people": here.len(),
            "working": count(&|person| person.principal().is_some()),
            "workingHere": told(visible.iter().filter(|person| person.works_in(region)).count()),
            "insured": told(count(&|person| person.died.is_none() && person.is_insured(today))),
            "ableAndWilling": count(&Person::is_able_and_willing),
            "byStatus": by(&|person| Some(person.status())),
            "byCategory": by_category,
            "bySplit": by(&Person::split),
        })
    }

    pub(super) async fn flows(&self, random: &mut StdRng) -> Asked {
        let region = self.world.telling_region(random);
        let direction = *["OUT", "IN"].choose(random).expect("some");
        let (level, size) = *[("COUNTY", 1_000_000), ("PREFECTURE", 100_000_000)]
            .choose(random)
            .expect("some");
        let query = "query($region: RegionCode!, $level: RegionLevel!, $way: FlowDirection!) {
            labourFlows(region: $region, level: $level, direction: $way) {
              flows { originCode destinationCode people } otherFlows } }";
        let variables = json!({"region": region.to_string(), "level": level, "way": direction});
        let mut found = self.answer(query, &variables).await;
        if let Some(flows) = found["flows"].as_array() {
            assert_eq!(found["otherFlows"], 0);
            let key = |flow: &Value| format!("{} {}", flow["originCode"], flow["destinationCode"]);
            let flows = flows.iter().map(|flow| (key(flow), flow["people"].clone()));
            found = flows.collect::<Map<_, _>>().into();
        }
        Asked {
            question: format!("labourFlows {variables}"),
            found,
            expected: if self.who().counts() && self.who().sees_all_jobs() {
                self.streams(region, direction == "OUT", size)
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    fn streams(&self, region: Code, out: bool, size: Code) -> Value {
        let mut flows = BTreeMap::new();
        for (_, person) in self.visible() {
            let Some(job) = person.principal() else {
                continue;
            };
            let inside = in_province(job.workplace);
            let counts = if out {
                lies_in(region, person.village)
            } else {
                inside && lies_in(region, job.workplace)
            };
            if counts {
                let code = |code: Code| json!((code / size * size).to_string());
                let to = inside.then(|| code(job.workplace));
                let flow = format!("{} {}", code(person.village), json!(to));
                *flows.entry(flow).or_insert(0) += 1;
            }
        }
        json!(flows)
    }
}

/// Counts by name, zeros left out.
fn by_name(list: &Value, name: &str) -> Value {
    let items = list.as_array().expect("a list").iter();
    let counted = items.filter(|item| item["people"] != 0);
    let pairs = counted.map(|item| (item[name].as_str().expect("a name"), item["people"].clone()));
    json!(pairs.collect::<BTreeMap<_, _>>())
}
