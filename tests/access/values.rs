//! Values that are not of their type, in every place of the schema that takes one: the request is refused
//! before anything of it runs, or the item of a bulk request alone, and the place is told.

use employment_exchange::platform::authn::Role;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ask;
use super::selection::Operation;
use super::texts::Asking;
use super::world::World;
use crate::cli::privacy::arguments::{self, Leaf};
use crate::support::app::TestApp;
use crate::support::catalogue::{Catalogue, Field};
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_value_of_another_type_is_told_with_its_place,
        a_value_that_cannot_be_read_keeps_the_request_from_running,
    ]
}

const SCALARS: [&str; 7] = [
    "CreditCode",
    "Date",
    "DateTime",
    "JournalPosition",
    "RegionCode",
    "YearMonth",
    "Yuan",
];

/// No value of any scalar of the exchange's own.
const NEITHER: &str = "neither";
/// Days that engines and calendars differ about.
const OTHER_AGES: [&str; 5] = [
    "1899-12-31",
    "2201-01-01",
    "9999-12-31",
    "+12026-11-23",
    "-0001-01-01",
];

async fn a_value_of_another_type_is_told_with_its_place(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let records = super::texts::records(&app, &world).await;
    let mut asking = Asking::new(&app, &catalogue, &world);
    let (mut alone, mut items, mut wrong) = (0, 0, Vec::new());
    for (kind, root) in asking.roots() {
        for leaf in asking.builder(root, &records).leaves() {
            if !SCALARS.contains(&leaf.of.as_str()) {
                continue;
            }
            let days = OTHER_AGES.iter().filter(|_| leaf.of == "Date");
            for text in [NEITHER].iter().chain(days) {
                match refused(&mut asking, (kind, root), &leaf, text, &records).await {
                    Some(Refused::Whole) => alone += 1,
                    Some(Refused::Item) => items += 1,
                    None => wrong.push(format!("{} {}: {text}", root.name, leaf.path.join("."))),
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(alone >= 100, "{alone} values of a request");
    assert!(items >= 30, "{items} values of items");
}

enum Refused {
    Whole,
    Item,
}

/// What is refused: the request, before anybody looks who sends it, or an item of whoever may send one.
async fn refused(
    asking: &mut Asking<'_>,
    (kind, root): (&str, &Field),
    leaf: &Leaf,
    text: &str,
    records: &arguments::World,
) -> Option<Refused> {
    let (app, world) = (asking.app, asking.world);
    let samples = world.samples();
    for (_, token) in world.callers(app) {
        asking.fresh += 1;
        let builder = asking.builder(root, records);
        let arguments = builder.arguments(Some(leaf), text).into();
        let mut operation = Operation::new(asking.catalogue, &samples);
        let depth = if leaf.path.len() > 2 { 2 } else { 1 };
        let (query, _) = operation.text(kind, root, &arguments, &root.of, depth);
        let variables = Value::Object(std::mem::take(&mut operation.variables));
        let body = ask(app, token.as_deref(), &query, variables).await;
        if refused_whole(&body, leaf) {
            return Some(Refused::Whole);
        }
        if refused_item(&body["data"], leaf) {
            return Some(Refused::Item);
        }
    }
    None
}

/// Whether the whole request was refused for this value: without `data`, at the value's place.
fn refused_whole(body: &Value, leaf: &Leaf) -> bool {
    let error = &body["errors"][0];
    error["extensions"]["code"] == "BAD_USER_INPUT"
        && body.get("data").is_none()
        && names(&error["extensions"]["field"]).is_some_and(|found| {
            // The argument is a variable, whose name the test has chosen.
            found.len() == leaf.path.len() && found[1..] == leaf.path[1..]
        })
}

/// Whether one item was refused for this value.
fn refused_item(value: &Value, leaf: &Leaf) -> bool {
    match value {
        Value::Array(values) => values.iter().any(|value| refused_item(value, leaf)),
        Value::Object(fields) => {
            let code = fields.get("code").and_then(Value::as_str);
            let here = code.is_some_and(|code| code.starts_with("BAD_"))
                && fields["field"][2] == "0"
                && names(&fields["field"]).is_some_and(|found| found == leaf.path);
            here || fields.values().any(|value| refused_item(value, leaf))
        }
        _ => false,
    }
}

/// A path without the places in lists, which leaves do not have.
fn names(path: &Value) -> Option<Vec<String>> {
    let steps = path.as_array()?.iter();
    let steps = steps.map(|step| step.as_str().unwrap_or_default().to_owned());
    Some(
        steps
            .filter(|step| !step.starts_with(char::is_numeric))
            .collect(),
    )
}

async fn a_value_that_cannot_be_read_keeps_the_request_from_running(app: TestApp) {
    let household = |number: &str, since: &str| {
        json!({"village": VILLAGE, "number": number,
            "category": "LIFTED_OUT_OF_POVERTY", "categorySince": since})
    };
    let by_variable = "mutation($good: RegisterHouseholdInput!, $bad: RegisterHouseholdInput!) {
        first: registerHousehold(input: $good) { householdId }
        second: registerHousehold(input: $bad) { householdId } }";
    let written = "mutation($good: RegisterHouseholdInput!) {
        first: registerHousehold(input: $good) { householdId }
        ...More }
      fragment More on Mutation { second: registerHousehold(input: {village: \"5902\",
        category: LIFTED_OUT_OF_POVERTY, categorySince: \"2020-01-01\"}) { householdId } }";
    let nested = "mutation($good: RegisterHouseholdInput!) {
        first: registerHousehold(input: $good) { householdId }
        second: updateWorker(input: {workerId: \"x\", version: 1}) {
          worker { insuredMonths(kind: PENSION, from: \"2026-13\", to: \"2026-12\") } } }";
    let officer = app.officer(ORIGIN);
    for (query, variables, place, said) in [
        (
            by_variable,
            json!({"good": household("h1", "2020-01-01"), "bad": household("h2", "2020-02-30")}),
            json!(["bad", "categorySince"]),
            "A date",
        ),
        (
            written,
            json!({"good": household("h1", "2020-01-01")}),
            json!(["input", "village"]),
            "A region code",
        ),
        (
            nested,
            json!({"good": household("h1", "2020-01-01")}),
            json!(["from"]),
            "A month",
        ),
    ] {
        let answer = ask(&app, Some(&officer), query, variables).await;
        let error = &answer["errors"][0];
        assert!(answer.get("data").is_none(), "{answer:#}");
        assert_eq!(error["extensions"]["field"], place, "{answer:#}");
        let told = error["message"].as_str().expect("a message");
        assert!(told.contains(said), "{answer:#}");
        assert!(error["locations"][0]["line"].is_number(), "{answer:#}");
    }
    let auditor = app.plain(Role::Auditor);
    let trail = "{ trail { nodes { action } } }";
    let seen = app.data(&auditor, trail, json!({})).await.to_string();
    assert!(!seen.contains("worker.register_household"), "{seen}");
    // The number is free: nothing of the requests was done.
    people::household(&app, VILLAGE, "h1").await;
}
