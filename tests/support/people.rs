//! Synthetic people of province 59, which is assigned to no real place.

use serde_json::{Value, json};

use super::app::TestApp;

/// A county of origin with one of its villages.
pub const ORIGIN: &str = "590222000000";
/// A village in [`ORIGIN`].
pub const VILLAGE: &str = "590222101209";
/// A county of destination.
pub const DESTINATION: &str = "590101000000";
/// A county that has nothing to do with anybody.
pub const ELSEWHERE: &str = "590322000000";

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Years of birth that [`resident_id`] gives before it takes the next month.
const YEARS: u32 = 16;
/// How many people [`resident_id`] can name: 900 on each day it uses.
pub const PEOPLE: u32 = 900 * YEARS * 12;

/// The `number`-th valid resident id of [`ORIGIN`]: of somebody born on 1990-01-01, then of those
/// born on the first of a year until 2005, then of a month.
pub fn resident_id(number: u32) -> String {
    assert!(number < PEOPLE, "{number}: there are no more people");
    let (day, place) = (number / 900, number % 900);
    let born = 19_900_101 + (day % YEARS) * 10_000 + (day / YEARS) * 100;
    let body = format!("590222{born:08}{:03}", place + 1);
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", char::from(CHECKS[(sum % 11) as usize]))
}

/// The `number`-th valid unified social credit code of an enterprise in [`DESTINATION`].
pub fn credit_code(number: u32) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let unit = format!("{number:08}");
    let digits = unit.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(d, w)| d * w)
        .sum();
    let own = b"0X987654321"[(sum % 11) as usize];
    let body = format!("91590101{unit}{}", char::from(own));
    let value = |letter| ALPHABET.iter().position(|known| *known == letter);
    let (sum, _) = body.bytes().fold((0, 1), |(sum, weight), letter| {
        (
            sum + value(letter).expect("of the alphabet") * weight,
            weight * 3 % 31,
        )
    });
    let check = ALPHABET[(31 - sum % 31) % 31];
    format!("{body}{}", char::from(check))
}

/// Registers a household in a village; its id.
pub async fn household(app: &TestApp, village: &str, number: &str) -> String {
    let county = format!("{}000000", &village[..6]);
    let data = app
        .data(
            &app.officer(&county),
            "mutation($input: RegisterHouseholdInput!) {
               registerHousehold(input: $input) { householdId userErrors { code } } }",
            json!({"input": {"village": village, "number": number,
                   "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}}),
        )
        .await;
    let payload = &data["registerHousehold"];
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["householdId"].as_str().expect("an id").to_owned()
}

/// Registers a person in a household of [`VILLAGE`]; the payload.
pub async fn register(app: &TestApp, token: &str, household: &str, number: u32) -> Value {
    let data = app
        .data(
            token,
            "mutation($input: RegisterWorkerInput!) {
               registerWorker(input: $input) { worker { id version } userErrors { field code message } } }",
            json!({"input": {"householdId": household, "name": format!("王小{number}"),
                   "residentId": resident_id(number), "phone": "13930628917"}}),
        )
        .await;
    data["registerWorker"].clone()
}

/// Registers the `number`-th person of [`VILLAGE`] in a household of their own; their id.
pub async fn person(app: &TestApp, number: u32) -> String {
    let household = household(app, VILLAGE, &format!("h{number}")).await;
    let payload = register(app, &app.officer(ORIGIN), &household, number).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["worker"]["id"].as_str().expect("an id").to_owned()
}
