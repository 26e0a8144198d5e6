//! What the exchange does for itself: keys that are forgotten, pools that are counted.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use employment_exchange::capability::region;
use employment_exchange::kernel::clock::Clock;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::sequencer;
use employment_exchange::platform::queue::Queue;
use libtest_mimic::Trial;
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, Statement, TransactionTrait as _,
};
use serde_json::json;

use crate::support::app::{NOW, TestApp};
use crate::support::journal;
use crate::support::people::{ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        an_idempotency_key_is_forgotten_when_its_time_is_over_and_not_before,
        more_keys_than_one_batch_are_forgotten_at_once,
        each_pool_is_counted_once,
        a_sequencer_with_nothing_to_do_waits_for_no_writer,
        a_journal_without_a_head_is_an_error_and_one_that_is_taken_is_none,
    ]
}

fn after(days: i64) -> DateTime<Utc> {
    NOW.parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::days(days)
}

/// Registers the household `number` under `key`; the code when it is refused.
async fn keyed(app: &TestApp, key: &str, number: &str) -> String {
    let query = "mutation($input: RegisterHouseholdInput!) {
        registerHousehold(input: $input) { householdId userErrors { code } } }";
    let input = json!({"input": {"idempotencyKey": key, "village": VILLAGE, "number": number,
        "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}});
    let answer = app.gql(&app.officer(ORIGIN), query, input).await;
    let code = &answer["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or("DONE").to_owned()
}

async fn an_idempotency_key_is_forgotten_when_its_time_is_over_and_not_before(app: TestApp) {
    assert_eq!(keyed(&app, "old", "h1").await, "DONE");
    app.clock.set(after(1));
    assert_eq!(keyed(&app, "young", "h2").await, "DONE");
    for key in ["old", "young"] {
        assert_eq!(keyed(&app, key, "h3").await, "CONFLICT");
    }
    assert_eq!(app.db.forget_keys(after(0)).await.expect("answers"), 0);
    assert_eq!(app.db.forget_keys(after(1)).await.expect("answers"), 1);
    assert_eq!(keyed(&app, "young", "h3").await, "CONFLICT");
    assert_eq!(keyed(&app, "old", "h3").await, "DONE");
}

#[expect(
    clippy::disallowed_methods,
    reason = "thousands of keys of some time ago, which no request can make"
)]
async fn more_keys_than_one_batch_are_forgotten_at_once(app: TestApp) {
    let database = Database::connect(&app.database_url)
        .await
        .expect("connects");
    let backend = database.get_database_backend();
    let digest = match backend {
        sea_orm::DbBackend::Postgres => "'\\x00'::bytea",
        _ => "x'00'",
    };
    let fill = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
         INSERT INTO idempotency (issuer, subject, mutation, key, input_digest, created_at)
         SELECT 'i', 's', 'm', CAST(i AS TEXT), {digest}, '2026-01-01 00:00:00+00:00' FROM n"
    );
    database
        .execute_raw(Statement::from_string(backend, fill))
        .await
        .expect("filled");
    database.close().await.expect("closed");
    assert_eq!(keyed(&app, "young", "h1").await, "DONE");
    assert_eq!(app.db.forget_keys(after(0)).await.expect("answers"), 2500);
    assert_eq!(keyed(&app, "young", "h2").await, "CONFLICT");
}

async fn each_pool_is_counted_once(app: TestApp) {
    let names: Vec<&str> = app.db.pools().iter().map(|pool| pool.pool).collect();
    let expected: &[&str] = if app.database_url.starts_with("postgres") {
        &["primary"]
    } else {
        &["primary", "readers"]
    };
    assert_eq!(names, expected);
}

async fn a_sequencer_with_nothing_to_do_waits_for_no_writer(app: TestApp) {
    assert_eq!(keyed(&app, "some", "h1").await, "DONE");
    app.sequence().await;
    let caller = Caller::system("test.upkeep", None, app.db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT).expect("granted");
    let work = app.db.write(permit).await.expect("a unit of work");
    let queue = Queue::new(app.db.clone(), Clock::system());
    let idle = async {
        assert_eq!(sequencer::place_pending(&app.db).await.expect("looks"), 0);
        // So does a worker of the queue, and whoever shows how it stands.
        let jobs = queue.lease("a", &["test.job"], 1, TimeDelta::seconds(1));
        assert_eq!(jobs.await.expect("looks"), []);
        queue.counts().await.expect("looks");
        queue.ask_for_due(&[]).await.expect("looks");
    };
    let in_time = tokio::time::timeout(Duration::from_secs(2), idle).await;
    assert!(in_time.is_ok(), "it waits for the unit of work");
    drop(work);
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is what happens when somebody writes past the exchange"
)]
async fn meddle(database: &impl sea_orm::ConnectionTrait, sql: &str) {
    database.execute_unprepared(sql).await.expect("runs");
}

async fn a_journal_without_a_head_is_an_error_and_one_that_is_taken_is_none(app: TestApp) {
    app.sequence().await;
    assert_eq!(keyed(&app, "some", "h1").await, "DONE");
    let url = &app.database_url;
    let database: DatabaseConnection = Database::connect(url).await.expect("connects");
    let place = async || sequencer::place_pending(&app.db).await;
    if url.starts_with("postgres") {
        let other = database.begin().await.expect("a transaction");
        meddle(&other, "SELECT * FROM journal_head FOR UPDATE").await;
        assert_eq!(place().await.expect("another server is at it"), 0);
        other.rollback().await.expect("ended");
    }
    meddle(&database, "DELETE FROM journal_head").await;
    let error = place().await.expect_err("there is no head").to_string();
    assert!(error.contains("the journal has no head"), "{error}");
    // As docs/operating.md tells operators to mend it.
    let mend = "INSERT INTO journal_head (id, position, hash) SELECT 1, position, hash \
                FROM journal_link ORDER BY position DESC LIMIT 1";
    assert!(include_str!("../docs/operating.md").contains(mend));
    meddle(&database, mend).await;
    assert_eq!(place().await.expect("placed"), 1);
    assert!(journal::verified(&app).await > 1);
    database.close().await.expect("closes");
}
