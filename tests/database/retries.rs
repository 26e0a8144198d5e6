//! A unit of work that loses against a concurrent one begins again, a bounded number of times with
//! growing pauses.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use employment_exchange::capability::region;
use employment_exchange::kernel::error::{Failure, Refusal};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::json;

use super::system;
use crate::support::app::TestApp;
use crate::support::engines::on_postgres_only;
use crate::support::people::{ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![a_unit_of_work_is_tried_six_times_with_growing_pauses];
    trials.push(on_postgres_only(
        concat!(
            module_path!(),
            "::a_transaction_that_lost_is_tried_again_as_a_whole"
        ),
        |app| Box::pin(a_transaction_that_lost_is_tried_again_as_a_whole(app)),
    ));
    trials
}

/// Tries of a unit of work that loses so many times, how it ended, and how long that took.
async fn tries(app: &TestApp, lost: u32) -> (u32, Result<u32, Refusal>, Duration) {
    let permit = system(&app.db)
        .permit(&region::policy::IMPORT)
        .expect("granted");
    let tries = AtomicU32::new(0);
    let begun = Instant::now();
    let ended = app
        .db
        .work(&permit, |_session| {
            let nth = tries.fetch_add(1, Ordering::Relaxed) + 1;
            std::future::ready(if nth > lost {
                Ok(nth)
            } else {
                Err(Refusal::Failed(Failure::Contended("lost".to_owned())))
            })
        })
        .await;
    (tries.into_inner(), ended, begun.elapsed())
}

async fn a_unit_of_work_is_tried_six_times_with_growing_pauses(app: TestApp) {
    for lost in 0..6 {
        let (tries, ended, took) = tries(&app, lost).await;
        assert_eq!(tries, lost + 1);
        assert_eq!(ended.ok(), Some(lost + 1));
        // 5 ms, and twice as long with each.
        let pauses = Duration::from_millis(5 * ((1 << lost) - 1));
        assert!(took >= pauses, "{lost}: {took:?}");
    }
    let (tries, ended, took) = tries(&app, u32::MAX).await;
    assert_eq!(tries, 6);
    let contended = matches!(ended, Err(Refusal::Failed(Failure::Contended(_))));
    assert!(contended, "{ended:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test makes the database lose transactions"
)]
async fn run(database: &DatabaseConnection, sql: &str) {
    database.execute_unprepared(sql).await.expect("runs");
}

/// Makes the database end the next insertions of a household with `code`. A sequence counts them: it is
/// not rolled back.
async fn lose(database: &DatabaseConnection, code: &str, times: u32) {
    run(
        database,
        &format!(
            "DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries;
             CREATE OR REPLACE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
               IF nextval('tries') <= {times} THEN
                 RAISE EXCEPTION 'another one was first' USING ERRCODE = '{code}';
               END IF;
               RETURN NEW;
             END $$;
             CREATE OR REPLACE TRIGGER loses BEFORE INSERT ON household
               FOR EACH ROW EXECUTE FUNCTION lose()"
        ),
    )
    .await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test counts what the database was asked for"
)]
async fn tried(database: &DatabaseConnection) -> i64 {
    let sql = "SELECT last_value FROM tries";
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.expect("readable");
    row.expect("a row")
        .try_get("", "last_value")
        .expect("a count")
}

async fn a_transaction_that_lost_is_tried_again_as_a_whole(app: TestApp) {
    let database = Database::connect(&app.database_url)
        .await
        .expect("connects");
    let query = "mutation($input: RegisterHouseholdInput!) {
        registerHousehold(input: $input) { householdId userErrors { code } } }";
    let register = async |number: &str| {
        let input = json!({"input": {"idempotencyKey": number, "village": VILLAGE,
            "number": number, "category": "LIFTED_OUT_OF_POVERTY",
            "categorySince": "2017-11-02"}});
        app.gql(&app.officer(ORIGIN), query, input).await
    };
    // serialization_failure, deadlock_detected.
    for code in ["40001", "40P01"] {
        lose(&database, code, 3).await;
        let made = register(code).await;
        let id = &made["data"]["registerHousehold"]["householdId"];
        assert!(id.is_string(), "{code}: {made:#}");
        assert_eq!(tried(&database).await, 4, "{code}");
        lose(&database, code, 100).await;
        let given_up = register(&format!("{code} for good")).await;
        let answer = &given_up["errors"][0]["extensions"]["code"];
        assert_eq!(answer, "UNAVAILABLE", "{given_up:#}");
        assert_eq!(tried(&database).await, 6, "{code}");
    }
    // Anything else is no race.
    lose(&database, "23514", 1).await;
    let broken = register("check").await;
    assert_eq!(broken["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(tried(&database).await, 1);
    database.close().await.expect("closes");
}
