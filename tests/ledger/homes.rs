//! Households whose number in a ledger is somebody's resident id.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::known::{all, import, row};
use crate::support::app::TestApp;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_resident_id_is_no_households_number]
}

async fn households(app: &TestApp) -> Vec<Value> {
    let query = "{ workers(orderBy: {field: NAME}) { nodes { household { id number } } } }";
    let mut data = app.data(&app.officer(ORIGIN), query, json!({})).await;
    let people = data["workers"]["nodes"].as_array_mut().expect("a list");
    people
        .iter_mut()
        .map(|one| one["household"].take())
        .collect()
}

async fn a_resident_id_is_no_households_number(app: TestApp) {
    let head = people::resident_id(1);
    let of_head = [("household_no", head.as_str())];
    let first = import(&app, &[row(1, &of_head), row(2, &of_head)]).await;
    let noted = |number| format!("{number},accepted_with_note,household_no,PERSONAL_NUMBER");
    assert_eq!(all(&first), [noted(2), noted(3)]);
    assert!(!format!("{first:?}").contains(&head), "masked");
    // A later file finds the household, by the same number.
    import(&app, &[row(3, &of_head), row(1, &of_head)]).await;
    let found = households(&app).await;
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|household| *household == found[0]));
    let number = found[0]["number"].as_str().expect("a number");
    assert!(number.starts_with('户'), "{number}");

    let register = "mutation($input: RegisterHouseholdInput!) {
        registerHousehold(input: $input) { householdId userErrors { field code } } }";
    let input = json!({"village": VILLAGE, "number": head, "category": "LIFTED_OUT_OF_POVERTY",
        "categorySince": "2020-01-01"});
    let told = app
        .data(&app.officer(ORIGIN), register, json!({"input": input}))
        .await;
    assert_eq!(
        told["registerHousehold"],
        json!({"householdId": null,
            "userErrors": [{"field": ["input", "number"], "code": "PERSONAL_NUMBER"}]})
    );
}
