//! From a region to the people registered there: the same reach, rights and order as the list of
//! people, for one region and for many at once.

use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_region_of_any_level_has_the_people_registered_in_it,
        every_region_of_a_list_has_a_page_of_its_own,
        pages_of_a_region_join_without_gap_or_overlap,
        a_region_shows_whom_the_list_of_people_shows,
        whoever_may_not_filter_by_origin_may_not_ask_a_region,
        the_people_of_regions_are_one_entry_of_the_trail,
    ]
}

/// Another village of [`ORIGIN`], in another township.
const SECOND: &str = "590222102201";
const TOWNSHIP: &str = "590222101000";
const OF_ONE: &str = "query($code: RegionCode!, $filter: WorkerFilter, $order: WorkerOrder,
    $first: Int, $after: String) { region(code: $code) {
      workers(filter: $filter, orderBy: $order, first: $first, after: $after) {
        nodes { name originCode } pageInfo { hasNextPage endCursor } } } }";
const OF_MANY: &str = "query($parent: RegionCode!, $level: RegionLevel!, $first: Int!,
    $order: WorkerOrder) { regions(parent: $parent, level: $level, first: 100) { nodes { code
      workers(first: $first, orderBy: $order) { nodes { name } pageInfo { hasNextPage } } } } }";

/// People 1 to 5 in [`VILLAGE`], 6 and 7 in [`SECOND`].
async fn populate(app: &TestApp) {
    let token = app.officer(ORIGIN);
    for (village, numbers) in [(VILLAGE, 1..6), (SECOND, 6..8)] {
        let household = people::household(app, village, village).await;
        for number in numbers {
            let done = people::register(app, &token, &household, number).await;
            assert_eq!(done["userErrors"], json!([]), "{done}");
        }
    }
}

fn names(connection: &Value) -> Vec<&str> {
    let nodes = connection["nodes"].as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["name"].as_str().expect("a name"))
        .collect()
}

/// The pages of the regions of a level that have anybody: code, names, whether more follow.
async fn pages(app: &TestApp, token: &str, asked: Value) -> Vec<Value> {
    let found = app.data(token, OF_MANY, asked).await;
    let regions = found["regions"]["nodes"].as_array().expect("a list");
    assert!(regions.len() > 2);
    let told = regions.iter().map(|region| {
        let people = &region["workers"];
        json!([
            region["code"],
            names(people),
            people["pageInfo"]["hasNextPage"]
        ])
    });
    told.filter(|page| page[1] != json!([])).collect()
}

async fn a_region_of_any_level_has_the_people_registered_in_it(app: TestApp) {
    populate(&app).await;
    let token = app.plain(Role::Admin);
    for (code, people) in [
        ("590000000000", 7),
        ("590200000000", 7),
        (ORIGIN, 7),
        (TOWNSHIP, 5),
        (VILLAGE, 5),
        (SECOND, 2),
        (ELSEWHERE, 0),
    ] {
        let found = app.data(&token, OF_ONE, json!({"code": code})).await;
        assert_eq!(names(&found["region"]["workers"]).len(), people, "{code}");
    }
    for (filter, people) in [
        (json!({"origin": SECOND}), 2),
        (json!({"origin": ELSEWHERE}), 0),
        (json!({"namePrefix": "王小6"}), 1),
    ] {
        let asked = json!({"code": ORIGIN, "filter": filter});
        let found = app.data(&token, OF_ONE, asked).await;
        assert_eq!(names(&found["region"]["workers"]).len(), people, "{filter}");
    }
}

async fn every_region_of_a_list_has_a_page_of_its_own(app: TestApp) {
    populate(&app).await;
    let token = app.officer(ORIGIN);
    for (level, regions) in [
        ("VILLAGE", [VILLAGE, SECOND]),
        ("TOWNSHIP", [TOWNSHIP, "590222102000"]),
    ] {
        for field in ["REGISTERED", "NAME", "CHANGED"] {
            for descending in [false, true] {
                let order = json!({"field": field, "descending": descending});
                let many = json!({"parent": ORIGIN, "level": level, "first": 2, "order": order});
                let mut alone = Vec::new();
                for (code, follows) in regions.iter().zip([true, false]) {
                    let one = json!({"code": code, "first": 2, "order": order});
                    let found = app.data(&token, OF_ONE, one).await;
                    alone.push(json!([code, names(&found["region"]["workers"]), follows]));
                }
                assert_eq!(pages(&app, &token, many).await, alone, "{order}");
                if field == "NAME" {
                    let first = if descending {
                        ["王小5", "王小4"]
                    } else {
                        ["王小1", "王小2"]
                    };
                    assert_eq!(alone[0][1], json!(first));
                }
            }
        }
    }
}

async fn pages_of_a_region_join_without_gap_or_overlap(app: TestApp) {
    populate(&app).await;
    let token = app.officer(ORIGIN);
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let asked = json!({"code": ORIGIN, "first": 2, "after": after,
            "order": {"field": "NAME", "descending": true}});
        let found = app.data(&token, OF_ONE, asked).await;
        let people = &found["region"]["workers"];
        seen.extend(names(people).into_iter().map(str::to_owned));
        if people["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = people["pageInfo"]["endCursor"].clone();
    }
    let expected: Vec<String> = (1..8).rev().map(|number| format!("王小{number}")).collect();
    assert_eq!(seen, expected);
}

async fn a_region_shows_whom_the_list_of_people_shows(app: TestApp) {
    populate(&app).await;
    let list = "query($code: RegionCode!) { workers(filter: {origin: $code}) {
        nodes { name originCode } pageInfo { hasNextPage endCursor } } }";
    let township = app.officer(TOWNSHIP);
    let elsewhere = app.officer(ELSEWHERE);
    let callers = [
        (app.officer(ORIGIN), 7),
        (township, 5),
        (elsewhere, 0),
        (app.officer(DESTINATION), 0),
        (app.agency(Agency::Agriculture), 7),
        (app.helper("nobody's helper"), 0),
    ];
    for (token, people) in callers {
        let asked = json!({"code": ORIGIN});
        let of_region = app.data(&token, OF_ONE, asked.clone()).await;
        let of_list = app.data(&token, list, asked).await;
        assert_eq!(of_region["region"]["workers"], of_list["workers"]);
        assert_eq!(names(&of_list["workers"]).len(), people);
        let many = json!({"parent": ORIGIN, "level": "VILLAGE", "first": 100});
        let pages = pages(&app, &token, many).await;
        let shown: usize = pages
            .iter()
            .map(|page| page[1].as_array().expect("names").len())
            .sum();
        assert_eq!(shown, people);
        // Whom the caller does not reach takes nobody's place on a page.
        let few = json!({"parent": "590200000000", "level": "COUNTY", "first": 5,
            "order": {"field": "NAME", "descending": true}});
        let pages = self::pages(&app, &token, few).await;
        let shown = pages
            .first()
            .map_or(0, |page| page[1].as_array().expect("names").len());
        assert_eq!(shown, people.min(5));
    }
}

async fn whoever_may_not_filter_by_origin_may_not_ask_a_region(app: TestApp) {
    populate(&app).await;
    let asked = json!({"code": ORIGIN});
    for token in [app.employer("91590101MA9K2T3HXH"), app.agency(Agency::Tax)] {
        let answer = app.gql(&token, OF_ONE, asked.clone()).await;
        assert_eq!(answer["data"], json!({"region": {"workers": null}}));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    let agriculture = app.agency(Agency::Agriculture);
    let narrowed = json!({"code": ORIGIN, "filter": {"insured": true}});
    let answer = app.gql(&agriculture, OF_ONE, narrowed).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

async fn the_people_of_regions_are_one_entry_of_the_trail(app: TestApp) {
    populate(&app).await;
    let token = app.officer(ORIGIN);
    let looks = async || {
        let entries = journal::of_action(&app, "worker.read").await;
        entries.iter().filter(|e| e.outcome == "LISTED").count()
    };
    let before = looks().await;
    let many = json!({"parent": ORIGIN, "level": "VILLAGE", "first": 2});
    pages(&app, &token, many).await;
    assert_eq!(looks().await, before + 1);
}
