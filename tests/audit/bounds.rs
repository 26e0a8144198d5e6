//! How many people one matching may name.

use employment_exchange::platform::authn::Role;
use entity::worker::{Entity, Model};
use libtest_mimic::Trial;
use sea_orm::{Database, DatabaseConnection, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;
use uuid::Uuid;

use super::id;
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![a_matching_names_two_thousand_people_and_no_more]
}

const MOST: usize = 2_000;
const SHARED: &str = "6222021234567890128";
const MATCH: &str = "mutation($input: MatchRecordsInput!) { matchRecords(input: $input) {
    results { workers { id } } userErrors { code } } }";

/// Adds people who differ from the one who is there in nothing but their number.
#[expect(
    clippy::disallowed_methods,
    reason = "two thousand people are registered faster behind the exchange's back"
)]
async fn copy(database: &DatabaseConnection, places: std::ops::Range<usize>) {
    let one = Entity::find().one(database).await.expect("readable");
    let one = one.expect("a person");
    let copies: Vec<Model> = places
        .map(|place| {
            let id = Uuid::from_u128(one.id.as_u128() + place as u128);
            Model {
                id,
                resident_id_index: id.as_bytes().to_vec(),
                ..one.clone()
            }
        })
        .collect();
    for chunk in copies.chunks(500) {
        let rows = chunk.iter().cloned().map(Model::into_active_model);
        Entity::insert_many(rows)
            .exec_without_returning(database)
            .await
            .expect("copied");
    }
}

async fn a_matching_names_two_thousand_people_and_no_more(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let register = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id } userErrors { code } } }";
    let input = json!({"householdId": household, "name": "王小1",
        "residentId": people::resident_id(1), "bankAccount": SHARED});
    let told = app
        .data(&app.officer(ORIGIN), register, json!({"input": input}))
        .await;
    id(&told["registerWorker"]["worker"]);
    let database = Database::connect(&app.database_url).await.expect("opens");
    copy(&database, 1..MOST).await;
    let auditor = app.plain(Role::Auditor);
    let asked = json!({"input": {"purpose": "核查2026年补贴账户", "kind": "BANK_ACCOUNT",
        "values": [SHARED]}});
    let entries = async || journal::of_action(&app, "audit.match_records").await.len();
    let told = app.data(&auditor, MATCH, asked.clone()).await;
    let people = &told["matchRecords"]["results"][0]["workers"];
    assert_eq!(people.as_array().map(Vec::len), Some(MOST));
    assert_eq!(entries().await, MOST + 1);

    copy(&database, MOST..MOST + 1).await;
    database.close().await.expect("closes");
    let refused = app.gql(&auditor, MATCH, asked).await;
    let extensions = &refused["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "LIMIT_EXCEEDED", "{refused}");
    let message = refused["errors"][0]["message"].as_str();
    assert!(
        message.is_some_and(|text| text.contains("2000")),
        "{refused}"
    );
    assert_eq!(entries().await, MOST + 1, "nobody was shown");
}
