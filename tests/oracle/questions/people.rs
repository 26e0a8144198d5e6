//! Questions about people: one, and lists with filters, orders and pages.

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Map, Value, json};

use super::super::facts::{CATEGORIES, Person, lies_in};
use super::{Asked, Asking, FORBIDDEN};
use crate::support::people;

/// All that narrows a list, by the name of each part.
type Filter = Map<String, Value>;

impl Asking<'_> {
    pub(super) async fn person(&self, random: &mut StdRng) -> Asked {
        let place = self.world.somebody(random);
        let variables = json!({"id": self.world.people[place].id});
        let query = "query($id: ID) { worker(id: $id) { id } }";
        Asked {
            found: self.answer(query, &variables).await,
            question: format!("worker {variables}"),
            expected: if self.who().looks_at_people() {
                self.shown(place)
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    /// Whoever has a resident id now; an old one has fifteen characters, a corrected one is nobody's.
    pub(super) async fn number(&self, random: &mut StdRng) -> Asked {
        let number = self.world.some_number(random);
        let whole = people::resident_id(number);
        let old = whole[6..8] == *"19" && random.random_bool(0.3);
        let asked = if old {
            format!("{}{}", &whole[..6], &whole[8..17])
        } else {
            whole
        };
        let mut people = self.world.people.iter();
        let place = people.position(|person| person.number == number);
        let query = "query($id: String) { worker(residentId: $id) { id } }";
        Asked {
            found: self.answer(query, &json!({"id": asked})).await,
            question: format!("worker {asked}"),
            expected: if self.who().looks_at_people() {
                place.map_or(Value::Null, |place| self.shown(place))
            } else {
                json!(FORBIDDEN)
            },
        }
    }

    /// All pages of a list with a random filter, which only ever narrows; of the people of one
    /// region or of all.
    pub(super) async fn list(&self, random: &mut StdRng) -> Asked {
        let filter = self.filter(random);
        let region = random.random_bool(0.3);
        let region = region.then(|| self.world.telling_region(random));
        let sizes: &[u32] = if self.world.people.len() > 60 {
            &[9, 30, 100]
        } else {
            &[1, 2, 7, 100]
        };
        let first = sizes.choose(random).expect("some");
        let order = order(random);
        let asked = json!({"filter": filter, "first": first, "by": order,
            "region": region.map(|code| code.to_string())});
        let poverty = filter.contains_key("category") || filter.contains_key("origin");
        let work = ["destination", "employer", "insured"];
        let work = work.iter().any(|name| filter.contains_key(*name));
        let may = self.who().looks_at_people()
            && (self.who().sees_poverty() || !(poverty || region.is_some()))
            && (self.who().sees_all_jobs() || !work)
            && (self.who().sees_changes()
                || !(filter.contains_key("changedSince") || order["field"] == "CHANGED"));
        let expected = if may {
            let narrowed = self.visible().filter(|(_, person)| {
                region.is_none_or(|region| lies_in(region, person.village))
                    && self.fits(person, &filter)
            });
            json!(in_order(narrowed.collect(), &order))
        } else {
            json!(FORBIDDEN)
        };
        Asked {
            question: format!("workers {asked}"),
            found: self.pages(asked).await,
            expected,
        }
    }

    async fn pages(&self, mut asked: Value) -> Value {
        let list = "workers(filter: $filter, first: $first, after: $after, orderBy: $by) {
            nodes { id } pageInfo { hasNextPage endCursor } }";
        let (given, list) = if asked["region"].is_null() {
            ("", list.to_owned())
        } else {
            (
                "$region: RegionCode!,",
                format!("region(code: $region) {{ {list} }}"),
            )
        };
        let query = format!(
            "query({given} $filter: WorkerFilter, $first: Int, $after: String, $by: WorkerOrder) {{
               {list} }}"
        );
        let mut ids = Vec::new();
        loop {
            let mut page = self.answer(&query, &asked).await;
            if page.is_string() {
                return page;
            }
            if !given.is_empty() {
                page = page["workers"].take();
            }
            let nodes = page["nodes"].as_array().expect("a list");
            let id = |node: &Value| node["id"].as_str().expect("an id").to_owned();
            ids.extend(nodes.iter().map(id));
            if page["pageInfo"]["hasNextPage"] == false {
                return json!(ids);
            }
            asked["after"] = page["pageInfo"]["endCursor"].take();
        }
    }

    fn filter(&self, random: &mut StdRng) -> Filter {
        let mut filter = Map::new();
        let mut add = |name: &str, share: f64, value: Value, random: &mut StdRng| {
            if random.random_bool(share) {
                filter.insert(name.to_owned(), value);
            }
        };
        let region = self.world.region(random).to_string();
        add("origin", 0.2, region.into(), random);
        let region = self.world.telling_region(random).to_string();
        add("destination", 0.2, region.into(), random);
        let person = &self.world.people[self.world.somebody(random)];
        let category = person
            .categories
            .choose(random)
            .or(CATEGORIES.choose(random));
        add("category", 0.2, json!(category), random);
        add("workStatus", 0.2, person.status().into(), random);
        let employer = self.world.employers.choose(random).expect("some");
        add("employer", 0.2, employer.as_str().into(), random);
        let insured = random.random_bool(0.5);
        add("insured", 0.2, insured.into(), random);
        let letters = random.random_range(1..=person.name.chars().count());
        let prefix: String = person.name.chars().take(letters).collect();
        add("namePrefix", 0.3, prefix.into(), random);
        let apart = TimeDelta::seconds(random.random_range(-1..=1));
        let since = (person.changed + apart).to_rfc3339();
        add("changedSince", 0.2, since.into(), random);
        filter
    }

    fn fits(&self, person: &Person, filter: &Filter) -> bool {
        let given = |name: &str| filter.get(name).and_then(Value::as_str);
        let region = |name| given(name).map(|code| code.parse().expect("a code"));
        let at = |employer: &str| {
            let place = self.world.employers.iter().position(|id| id == employer);
            place.is_some_and(|place| person.current_jobs().any(|job| job.is_at(place)))
        };
        let changed =
            |since: &str| person.changed >= since.parse::<DateTime<Utc>>().expect("an instant");
        let insured = filter.get("insured").and_then(Value::as_bool);
        region("origin").is_none_or(|code| lies_in(code, person.village))
            && region("destination").is_none_or(|code| person.works_in(code))
            && given("category").is_none_or(|category| person.categories.contains(&category))
            && given("workStatus").is_none_or(|status| status == person.status())
            && given("employer").is_none_or(at)
            && insured.is_none_or(|insured| insured == person.is_insured(self.world.today()))
            && given("namePrefix").is_none_or(|prefix| person.name.starts_with(prefix))
            && given("changedSince").is_none_or(changed)
    }

    /// A page of the people of each division in a region, of many at once.
    pub(super) async fn divisions(&self, random: &mut StdRng) -> Asked {
        let (size, level) = *[(1, "VILLAGE"), (1_000, "TOWNSHIP"), (1_000_000, "COUNTY")]
            .choose(random)
            .expect("some");
        let around = if size == 1_000_000 {
            100_000_000
        } else {
            1_000_000
        };
        let parent = self.world.telling_region(random) / around * around;
        let (first, order) = (random.random_range(1..4), order(random));
        let asked = json!({"parent": parent.to_string(), "level": level, "first": first,
            "by": order});
        let query = "query($parent: RegionCode!, $level: RegionLevel!, $first: Int!,
            $by: WorkerOrder) { regions(parent: $parent, level: $level, first: 100) { nodes {
              code workers(first: $first, orderBy: $by) {
                nodes { id } pageInfo { hasNextPage } } } } }";
        let answer = self.answer(query, &asked).await;
        let (mut found, mut expected) = (Map::new(), Map::new());
        for region in answer["nodes"].as_array().into_iter().flatten() {
            let (code, page) = (region["code"].as_str().expect("a code"), &region["workers"]);
            let people = page["nodes"].as_array().expect("a list").iter();
            let people: Vec<_> = people.map(|person| &person["id"]).collect();
            let told = json!([people, page["pageInfo"]["hasNextPage"]]);
            found.insert(code.to_owned(), told);
            let division = code.parse().expect("a code");
            let here = self.visible();
            let here = here.filter(|(_, person)| lies_in(division, person.village));
            let here = in_order(here.collect(), &order);
            let page: Vec<_> = here.iter().take(first).collect();
            expected.insert(code.to_owned(), json!([page, here.len() > first]));
        }
        let may = self.who().looks_at_people() && self.who().sees_poverty();
        Asked {
            question: format!("divisions {asked}"),
            found: if answer.is_object() {
                found.into()
            } else {
                answer
            },
            expected: if may {
                expected.into()
            } else {
                json!(FORBIDDEN)
            },
        }
    }
}

fn order(random: &mut StdRng) -> Value {
    let fields = ["REGISTERED", "NAME", "CHANGED"];
    let field = fields.choose(random).expect("some");
    json!({"field": field, "descending": random.random_bool(0.5)})
}

/// Ids in an order of the list; where two are alike, as they were registered.
fn in_order<'a>(mut people: Vec<(usize, &'a Person)>, order: &Value) -> Vec<&'a str> {
    people.sort_by(|(a, one), (b, other)| {
        let by_field = match order["field"].as_str() {
            Some("NAME") => one.name.cmp(&other.name),
            Some("CHANGED") => one.changed.cmp(&other.changed),
            _ => std::cmp::Ordering::Equal,
        };
        by_field.then(a.cmp(b))
    });
    if order["descending"] == true {
        people.reverse();
    }
    people
        .iter()
        .map(|(_, person)| person.id.as_str())
        .collect()
}
