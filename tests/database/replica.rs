//! `DATABASE_READ_URL`: reads go to a replica, and those of a request that has written to the primary.
//!
//! The replica of these tests is another database, which never hears of a change: what is seen tells
//! where it was read.

use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::engines::{beside, on_postgres_only};
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    vec![on_postgres_only(
        concat!(
            module_path!(),
            "::a_request_reads_its_own_writes_and_others_the_replica"
        ),
        |app| Box::pin(a_request_reads_its_own_writes_and_others_the_replica(app)),
    )]
}

const ALL: &str = "{ workers(first: 9) { nodes { name } } }";
const REGISTER: &str = "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
    worker { name household { members { name } } } userErrors { code } } }";

async fn a_request_reads_its_own_writes_and_others_the_replica(app: TestApp) {
    beside(async |replica| {
        let split = TestApp::start_reading(&app.database_url, &replica, &app.directory).await;
        let token = split.officer(ORIGIN);
        let household = people::household(&split, VILLAGE, "h1").await;
        let names = async |of: &TestApp| {
            let data = of.data(&token_of(of), ALL, json!({})).await;
            let nodes = data["workers"]["nodes"].as_array().expect("a list");
            let mut names: Vec<String> =
                nodes.iter().map(|node| node["name"].to_string()).collect();
            names.sort();
            names
        };
        for (number, name) in [(1, "王五"), (2, "王六")] {
            let input = json!({"householdId": household, "name": name,
                "residentId": people::resident_id(number)});
            let made = split.data(&token, REGISTER, json!({"input": input})).await;
            let shown = &made["registerWorker"]["worker"];
            assert_eq!(shown["name"], name, "{made:#}");
            let members = shown["household"]["members"].as_array().map(Vec::len);
            assert_eq!(
                members,
                usize::try_from(number).ok(),
                "nested reads too: {made:#}"
            );
            assert_eq!(
                names(&split).await,
                Vec::<String>::new(),
                "the next request reads the replica"
            );
        }
        let both = ["\"王五\"", "\"王六\""];
        assert_eq!(names(&app).await, both, "they are on the primary");
        let pools = split.db.pools();
        assert!(pools.iter().any(|pool| pool.pool == "readers"), "{pools:?}");
        split.stop.cancel();
        split.db.close().await.expect("closes");
    })
    .await;
}

fn token_of(app: &TestApp) -> String {
    app.officer(ORIGIN)
}
