//! Several mutations in one request: each is committed by itself, so each answers by itself.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::people::{ELSEWHERE, ORIGIN, VILLAGE};

pub(super) fn trials() -> Vec<Trial> {
    crate::trials![a_mutation_that_fails_takes_nothing_from_the_others]
}

const SEVERAL: &str = "mutation($here: RegisterHouseholdInput!, $away: RegisterHouseholdInput!,
    $next: RegisterHouseholdInput!) {
    first: registerHousehold(input: $here) { householdId userErrors { code } }
    second: registerHousehold(input: $away) { householdId userErrors { code } }
    third: registerHousehold(input: $next) { householdId userErrors { code } } }";

async fn a_mutation_that_fails_takes_nothing_from_the_others(app: TestApp) {
    let household = |village: &str, number: &str| {
        json!({"village": village, "number": number,
            "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"})
    };
    let input = json!({"here": household(VILLAGE, "h1"), "away": household(ELSEWHERE, "h2"),
        "next": household(VILLAGE, "h3")});
    let answer = app.gql(&app.officer(ORIGIN), SEVERAL, input).await;
    let (data, errors) = (&answer["data"], &answer["errors"]);
    for done in ["first", "third"] {
        assert!(data[done]["householdId"].is_string(), "{done}: {answer:#}");
    }
    assert!(data["second"].is_null(), "{answer:#}");
    assert_eq!(errors.as_array().map(Vec::len), Some(1), "{answer:#}");
    assert_eq!(errors[0]["path"], json!(["second"]));
    assert_eq!(errors[0]["extensions"]["code"], "NOT_FOUND");
}
