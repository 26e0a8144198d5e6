//! Figures from the roll-up: the same as from people's own rows, whatever happens at one moment.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use employment_exchange::capability::region;
use employment_exchange::platform::authn::{Agency, Role};
use employment_exchange::platform::authz::Caller;
use futures::future::join_all;
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait as _, Database, Statement, TransactionTrait as _};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};
use crate::support::{figures, journal};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_county_is_the_sum_of_its_townships_before_and_after_a_fold,
        flows_are_the_same_from_cells_and_from_rows,
        the_roll_up_is_asked_where_everybody_is_within_reach,
        writers_and_folds_at_once_lose_nothing_and_count_nothing_twice,
        a_change_that_commits_late_is_not_lost,
        a_change_that_commits_during_a_fold_stays_for_the_next,
        a_fold_with_too_little_to_do_waits_for_no_writer,
    ]
}

const RUNBOOK: &str = include_str!("../docs/operating.md");

const PROVINCE: &str = "590000000000";
const PREFECTURE: &str = "590200000000";
/// Villages of three townships of [`ORIGIN`].
const VILLAGES: [&str; 3] = ["590222001201", "590222100201", VILLAGE];
const TOWNSHIPS: [&str; 3] = ["590222001000", "590222100000", "590222101000"];
/// Of [`ELSEWHERE`].
const FAR_VILLAGE: &str = "590322100200";

/// Runs a mutation of one input that must succeed; its payload.
async fn run(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> Value {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{
            {answer} userErrors {{ code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    assert_eq!(data[name]["userErrors"], json!([]), "{name} {input}");
    data[name].take()
}

/// Registers somebody in a village, with a job there is none of for every fourth; their id.
async fn somebody(app: &TestApp, village: &str, number: u32) -> String {
    let officer = app.officer(&format!("{}000000", &village[..6]));
    let household = people::household(app, village, &format!("h{number}")).await;
    let payload = people::register(app, &officer, &household, number).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    let id = payload["worker"]["id"].as_str().expect("an id").to_owned();
    let workplace = match number % 4 {
        0 => return id,
        1 => DESTINATION,
        2 => ORIGIN,
        _ => "440305000000",
    };
    let job = json!({"workerId": id, "form": "FLEXIBLE", "workplace": workplace,
        "startedOn": "2026-03-01"});
    run(app, &officer, "recordEmployment", "__typename", job).await;
    id
}

const FIGURES: &str = "people working ableAndWilling publicPostLeavers byStatus { people }
    byCategory { people } bySplit { people }";

/// The figures of a region as numbers.
async fn figures_of(app: &TestApp, token: &str, region: &str) -> Vec<i64> {
    let query =
        format!("query($region: RegionCode!) {{ regionSummary(region: $region) {{ {FIGURES} }} }}");
    let data = app.data(token, &query, json!({"region": region})).await;
    let summary = &data["regionSummary"];
    let plain = ["people", "working", "ableAndWilling", "publicPostLeavers"];
    let plain = plain.iter().map(|name| &summary[*name]);
    let parts = ["byStatus", "byCategory", "bySplit"].into_iter();
    let parts = parts.flat_map(|name| summary[name].as_array().expect("a list"));
    let all = plain.chain(parts.map(|part| &part["people"]));
    all.map(|number| number.as_i64().expect("a number"))
        .collect()
}

async fn sum_of(app: &TestApp, token: &str, regions: &[&str]) -> Vec<i64> {
    let parts = regions.iter().map(|region| figures_of(app, token, region));
    let sum = |a: Vec<i64>, b: Vec<i64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
    join_all(parts).await.into_iter().reduce(sum).expect("some")
}

/// Counties come from the roll-up, their townships from the rows.
async fn all_agree(app: &TestApp, people: i64) {
    let admin = app.plain(Role::Admin);
    let townships = sum_of(app, &admin, &TOWNSHIPS).await;
    let county = figures_of(app, &admin, ORIGIN).await;
    assert_eq!(county, townships);
    assert_eq!(figures_of(app, &admin, PREFECTURE).await, county);
    let both = sum_of(app, &admin, &[ORIGIN, ELSEWHERE]).await;
    assert_eq!(figures_of(app, &admin, PROVINCE).await, both);
    assert_eq!(both[0], people);
    let agriculture = app.agency(Agency::Agriculture);
    for token in [app.officer(ORIGIN), agriculture] {
        assert_eq!(figures_of(app, &token, ORIGIN).await, county);
    }
    assert_eq!(figures::agreement(&app.db).await.wrong_cells, 0);
}

async fn a_county_is_the_sum_of_its_townships_before_and_after_a_fold(app: TestApp) {
    let mut ids = Vec::new();
    for (village, number) in VILLAGES.iter().cycle().zip(0..9) {
        ids.push(somebody(&app, village, number).await);
    }
    somebody(&app, FAR_VILLAGE, 9).await;
    all_agree(&app, 10).await;
    assert!(figures::fold(&app.db, 1).await >= 10);
    all_agree(&app, 10).await;
    assert_eq!(figures::agreement(&app.db).await.waiting, 0);

    let officer = app.officer(ORIGIN);
    let death = json!({"workerId": ids[1], "diedOn": "2026-11-02", "source": "死亡证明"});
    run(&app, &officer, "recordDeath", "receipt", death).await;
    let able = json!({"workerId": ids[0], "version": 1,
        "able": {"value": true, "since": "2026-11-02", "source": "入户"},
        "willing": {"value": true, "since": "2026-11-02", "source": "入户"}});
    run(&app, &officer, "updateWorker", "__typename", able).await;
    let name = json!({"workerId": ids[4], "version": 1, "phone": "13930628918"});
    run(&app, &officer, "updateWorker", "__typename", name).await;
    all_agree(&app, 10).await;
    figures::fold(&app.db, 1).await;
    all_agree(&app, 10).await;
    let found = figures::agreement(&app.db).await;
    assert!(found.waiting == 0 && found.cells <= 10, "{found:?}");
}

/// Flows by their ends.
async fn flows(app: &TestApp, token: &str, (region, level, way): (&str, &str, &str)) -> Value {
    let query = "query($region: RegionCode!, $level: RegionLevel!, $way: FlowDirection!) {
        labourFlows(region: $region, level: $level, direction: $way) {
          flows { originCode destinationCode people } } }";
    let variables = json!({"region": region, "level": level, "way": way});
    let mut data = app.data(token, query, variables).await;
    data["labourFlows"]["flows"].take()
}

async fn flows_are_the_same_from_cells_and_from_rows(app: TestApp) {
    for (village, number) in VILLAGES.iter().cycle().zip(0..12) {
        somebody(&app, village, number).await;
    }
    somebody(&app, FAR_VILLAGE, 13).await;
    let admin = app.plain(Role::Admin);
    let flow = |from: &str, to: Option<&str>, people: i64| {
        json!({"originCode": from,
        "destinationCode": to, "people": people})
    };
    let there = "590100000000";
    for _ in 0..2 {
        let out = flows(&app, &admin, (ORIGIN, "COUNTY", "OUT")).await;
        let expected = [
            flow(ORIGIN, Some(DESTINATION), 3),
            flow(ORIGIN, Some(ORIGIN), 3),
            flow(ORIGIN, None, 3),
        ];
        assert_eq!(out, json!(expected));
        // An officer who reaches everybody from there is answered alike.
        let own = flows(&app, &app.officer(ORIGIN), (ORIGIN, "COUNTY", "OUT")).await;
        assert_eq!(own, out);
        let wide = flows(&app, &admin, (PROVINCE, "PREFECTURE", "OUT")).await;
        let far = "590300000000";
        let expected = [
            flow(PREFECTURE, Some(there), 3),
            flow(PREFECTURE, Some(PREFECTURE), 3),
            flow(PREFECTURE, None, 3),
            flow(far, Some(there), 1),
        ];
        assert_eq!(wide, json!(expected));
        // From cells for the province, from rows for the county of the workplace.
        let came = json!([
            flow(ORIGIN, Some(DESTINATION), 3),
            flow(ELSEWHERE, Some(DESTINATION), 1)
        ]);
        for token in [&admin, &app.officer(DESTINATION)] {
            let seen = flows(&app, token, (DESTINATION, "COUNTY", "IN")).await;
            assert_eq!(seen, came);
        }
        let came = flows(&app, &admin, (there, "COUNTY", "IN")).await;
        assert_eq!(came[0], flow(ORIGIN, Some(DESTINATION), 3));
        let none = flows(&app, &admin, ("440000000000", "COUNTY", "IN")).await;
        assert_eq!(none, json!([]), "no job of this province is in another");
        figures::fold(&app.db, 1).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is what happens when somebody writes past the exchange"
)]
async fn meddle(database: &impl sea_orm::ConnectionTrait, sql: &str) {
    database.execute_unprepared(sql).await.expect("runs");
}

async fn the_roll_up_is_asked_where_everybody_is_within_reach(app: TestApp) {
    somebody(&app, VILLAGE, 1).await;
    let database = Database::connect(&app.database_url).await.expect("opens");
    let more = "INSERT INTO registry_figure_change (origin_prefecture, origin_county, work_county,
         work_prefecture, work_status, work_split, able, willing, categories, people)
         VALUES (590200000000, 590222000000, 590101000000, 590100000000, 'WORKING',
         'OTHER_COUNTY', 1, 1, 1,";
    meddle(&database, &format!("{more} 1000)")).await;
    let people = async |token: &str, region| figures_of(&app, token, region).await[0];
    let admin = app.plain(Role::Admin);
    let agriculture = app.agency(Agency::Agriculture);
    let home = app.officer(ORIGIN);
    for token in [&admin, &agriculture, &home, &app.officer(PREFECTURE)] {
        assert_eq!(people(token, ORIGIN).await, 1001);
    }
    assert_eq!(people(&admin, PROVINCE).await, 1001);
    let other = app.officer(DESTINATION);
    assert_eq!(people(&other, ORIGIN).await, 1, "whoever works there");
    assert_eq!(people(&app.officer(TOWNSHIPS[2]), ORIGIN).await, 1);
    assert_eq!(people(&home, TOWNSHIPS[2]).await, 1);
    assert_eq!(people(&home, PROVINCE).await, 1);
    let came = async |token: &str| {
        let flows = flows(&app, token, (DESTINATION, "COUNTY", "IN")).await;
        flows[0]["people"].as_i64().expect("a number")
    };
    assert_eq!((came(&admin).await, came(&other).await), (1001, 1));
    let found = figures::agreement(&app.db).await;
    assert_eq!((found.wrong_cells, found.wrong_people), (1, 1000));
    // As the runbook says.
    let (_, runbook) = RUNBOOK
        .split_once("```sql\nINSERT INTO registry_figure_change")
        .expect("a way");
    let (rest, _) = runbook.split_once("```").expect("its end");
    meddle(
        &database,
        &format!("INSERT INTO registry_figure_change{rest}"),
    )
    .await;
    assert_eq!(figures::agreement(&app.db).await.wrong_cells, 0);
    database.close().await.expect("closes");
}

async fn writers_and_folds_at_once_lose_nothing_and_count_nothing_twice(app: TestApp) {
    const PEOPLE: u32 = 12;
    let done = AtomicBool::new(false);
    let writers = async {
        let one = async |number: u32| {
            let village = VILLAGES[number as usize % 3];
            let id = somebody(&app, village, number).await;
            let officer = app.officer(ORIGIN);
            if number.is_multiple_of(3) {
                let death = json!({"workerId": id, "diedOn": "2026-11-02", "source": "证明"});
                run(&app, &officer, "recordDeath", "receipt", death).await;
            }
        };
        join_all((0..PEOPLE).map(one)).await;
        done.store(true, Ordering::Release);
    };
    let folds = async || {
        let mut folded = 0;
        while !done.load(Ordering::Acquire) {
            folded += figures::fold(&app.db, 1).await;
            let found = figures::agreement(&app.db).await;
            assert_eq!(found.wrong_cells, 0, "at every moment: {found:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        folded
    };
    let ((), first, second) = futures::join!(writers, folds(), folds());
    assert!(first + second > 0, "folded while others wrote");
    join_all([figures::fold(&app.db, 1), figures::fold(&app.db, 1)]).await;
    let found = figures::agreement(&app.db).await;
    assert_eq!((found.waiting, found.wrong_cells), (0, 0));
    all_agree(&app, i64::from(PEOPLE)).await;
}

/// Numbers are given before the commit: on PostgreSQL a change may have a lower one than those that a
/// fold has taken.
async fn a_change_that_commits_late_is_not_lost(app: TestApp) {
    let early = somebody(&app, VILLAGE, 0).await;
    figures::fold(&app.db, 1).await;
    if app.database_url.starts_with("postgres") {
        let other = Database::connect(&app.database_url).await.expect("opens");
        let late = other.begin().await.expect("a transaction");
        meddle(&late, "UPDATE worker SET categories = 3").await;
        somebody(&app, VILLAGES[0], 4).await;
        assert!(figures::fold(&app.db, 1).await > 0, "{early} waits");
        late.commit().await.expect("commits");
        other.close().await.expect("closes");
        let found = figures::agreement(&app.db).await;
        assert_eq!((found.wrong_cells, found.waiting), (0, 2));
    }
    figures::fold(&app.db, 1).await;
    let found = figures::agreement(&app.db).await;
    assert_eq!((found.wrong_cells, found.waiting), (0, 0));
}

/// Waits until somebody waits for a lock.
#[expect(
    clippy::disallowed_methods,
    reason = "the test asks PostgreSQL whether its fold has come as far as the lock"
)]
async fn somebody_waits(database: &sea_orm::DatabaseConnection) {
    let waiting = "SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waiting = Statement::from_string(sea_orm::DbBackend::Postgres, waiting);
    while database
        .query_one_raw(waiting.clone())
        .await
        .expect("answers")
        .is_none()
    {
        tokio::task::yield_now().await;
    }
}

/// SQLite has one writer: nothing commits during a fold.
async fn a_change_that_commits_during_a_fold_stays_for_the_next(app: TestApp) {
    if !app.database_url.starts_with("postgres") {
        return;
    }
    somebody(&app, VILLAGE, 0).await;
    figures::fold(&app.db, 1).await;
    somebody(&app, VILLAGE, 4).await;
    let other = Database::connect(&app.database_url).await.expect("opens");
    let holder = other.begin().await.expect("a transaction");
    meddle(&holder, "SELECT people FROM registry_figure FOR UPDATE").await;
    // Two folds of one change: the first waits for the cell, and the second for the change.
    let folds = [app.db.clone(), app.db.clone()]
        .map(|db| tokio::spawn(async move { figures::fold(&db, 1).await }));
    somebody_waits(&other).await;
    somebody(&app, VILLAGE, 8).await;
    holder.commit().await.expect("commits");
    other.close().await.expect("closes");
    for fold in folds {
        fold.await.expect("done");
    }
    let found = figures::agreement(&app.db).await;
    assert_eq!((found.wrong_cells, found.cells), (0, 1));
    figures::fold(&app.db, 0).await;
    all_agree(&app, 3).await;
}

async fn a_fold_with_too_little_to_do_waits_for_no_writer(app: TestApp) {
    somebody(&app, VILLAGE, 0).await;
    let waiting = figures::agreement(&app.db).await.waiting;
    let caller = Caller::system("test.figures", None, app.db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT).expect("granted");
    let work = app.db.write(permit).await.expect("a unit of work");
    let idle = figures::fold(&app.db, waiting + 1);
    let in_time = tokio::time::timeout(Duration::from_secs(2), idle).await;
    assert_eq!(in_time.expect("it waits for the unit of work"), 0);
    drop(work);
    let entries = async || {
        journal::of_action(&app, "overview.fold_figures")
            .await
            .len()
    };
    assert_eq!(entries().await, 0);
    assert_eq!(figures::fold(&app.db, waiting).await, waiting);
    assert_eq!(entries().await, 1);
    assert_eq!(figures::fold(&app.db, 0).await, 0);
    assert_eq!(entries().await, 1, "nothing to fold leaves no entry");
}
