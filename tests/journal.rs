//! The journal as a whole: every committed entry finds its place, whatever happens around it, and
//! what does not is noticed.

use chrono::{DateTime, TimeDelta, Utc};
use employment_exchange::kernel::clock::Clock;
use employment_exchange::platform::journal::sequencer::{self, Standing};
use employment_exchange::platform::journal::verify::{self, Flaw, Verdict};
use employment_exchange::platform::queue::{Queue, Schedule};
use entity::{journal_entry, journal_link, journal_pending};
use libtest_mimic::Trial;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, Database, DatabaseConnection,
    EntityTrait as _, PaginatorTrait as _, QueryOrder as _, TransactionTrait as _,
};
use uuid::Uuid;

use crate::support::app::{NOW, TestApp};
use crate::support::engines::on_postgres_only;
use crate::support::journal;
use crate::support::people::{self, VILLAGE};

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![
        marks_without_an_entry_keep_no_entry_from_its_place,
        an_entry_that_servers_left_behind_is_found,
    ];
    trials.push(on_postgres_only(
        concat!(
            module_path!(),
            "::a_transaction_that_commits_late_is_never_skipped"
        ),
        |app| Box::pin(a_transaction_that_commits_late_is_never_skipped(app)),
    ));
    trials
}

fn at(seconds: i64) -> DateTime<Utc> {
    NOW.parse::<DateTime<Utc>>().expect("an instant") + TimeDelta::seconds(seconds)
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is what happens when somebody writes past the exchange"
)]
async fn meddle(database: &impl ConnectionTrait, sql: &str) {
    database.execute_unprepared(sql).await.expect("runs");
}

async fn behind(app: &TestApp) -> DatabaseConnection {
    Database::connect(&app.database_url).await.expect("opens")
}

async fn standing(app: &TestApp) -> Standing {
    sequencer::standing(&app.db).await.expect("readable")
}

async fn verdict(app: &TestApp) -> Verdict {
    let walked = verify::chain(&app.db, &app.keys, &[]).await;
    walked.expect("readable")
}

/// What the walk stumbles over.
async fn flaw(app: &TestApp) -> Option<Flaw> {
    match verdict(app).await {
        Verdict::Intact { .. } => None,
        Verdict::Broken { chain, .. } => chain.map(|found| found.what),
    }
}

async fn marks_without_an_entry_keep_no_entry_from_its_place(app: TestApp) {
    let database = behind(&app).await;
    // More than a batch before every entry, and one behind them all.
    meddle(
        &database,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
         INSERT INTO journal_pending (entry_id) SELECT -i FROM n UNION ALL SELECT 900000",
    )
    .await;
    for number in ["h1", "h2"] {
        people::household(&app, VILLAGE, number).await;
    }
    let entries = app.sequence().await;
    assert!(entries >= 2, "{entries} placed");
    assert_eq!(app.sequence().await, 0);
    let found = standing(&app).await;
    assert_eq!((found.waiting, found.strays), (1501, 1000));
    let waits = sequencer::waits(&app.db).await.expect("readable");
    assert_eq!((waits.marks, waits.strays), (1501, 1000));
    assert_eq!(flaw(&app).await, Some(Flaw::PendingMissing));
    // As docs/operating.md tells operators to mend it.
    let mend = "DELETE FROM journal_pending WHERE NOT EXISTS (SELECT 1 FROM journal_entry \
                WHERE id = entry_id)";
    assert!(include_str!("../docs/operating.md").contains(mend));
    people::household(&app, VILLAGE, "h3").await;
    meddle(&database, mend).await;
    let found = standing(&app).await;
    assert_eq!(found.strays, 0);
    assert!(found.waiting >= 1, "entries keep their marks: {found:?}");
    journal::verified(&app).await;
    database.close().await.expect("closes");
}

async fn an_entry_that_servers_left_behind_is_found(app: TestApp) {
    const EVERY_MINUTE: Schedule = Schedule {
        name: "test.minute",
        every: TimeDelta::minutes(1),
    };
    app.sequence().await;
    people::household(&app, VILLAGE, "h1").await;
    app.clock.set(at(3600));
    // A backup of a busy exchange, and a server that was killed a moment ago, are as they should be.
    let found = standing(&app).await;
    assert_eq!((found.since, found.left_behind), (Some(at(0)), false));
    let Verdict::Intact { waiting, .. } = verdict(&app).await else {
        panic!("no server has run");
    };
    assert_eq!(waiting, found.waiting);
    let waits = sequencer::waits(&app.db).await.expect("readable");
    assert_eq!(waits.longest, TimeDelta::hours(1));

    let clock = Clock::fixed(at(60));
    let servers = Queue::new(app.db.clone(), clock.clone());
    servers.ask_for_due(&[EVERY_MINUTE]).await.expect("asked");
    servers.succeeded(&EVERY_MINUTE).await.expect("stated");
    assert!(!standing(&app).await.left_behind, "within a minute");
    clock.set(at(61));
    servers.succeeded(&EVERY_MINUTE).await.expect("stated");
    assert!(standing(&app).await.left_behind);
    assert_eq!(flaw(&app).await, Some(Flaw::LeftBehind));

    assert!(app.sequence().await >= 1);
    assert!(!standing(&app).await.left_behind);
    let waits = sequencer::waits(&app.db).await.expect("readable");
    assert_eq!((waits.marks, waits.longest), (0, TimeDelta::zero()));
    assert_eq!(flaw(&app).await, None);
}

/// An entry of a record at a version.
fn entry(record: Uuid, version: i64) -> journal_entry::ActiveModel {
    journal_entry::ActiveModel {
        commit_id: Set(Uuid::from_u128(7)),
        at: Set(at(0)),
        issuer: Set("test".to_owned()),
        subject: Set("test".to_owned()),
        role: Set("SYSTEM".to_owned()),
        action: Set("test.late".to_owned()),
        record_kind: Set(Some("Worker".to_owned())),
        record_id: Set(Some(record)),
        record_version: Set(Some(version)),
        outcome: Set("DONE".to_owned()),
        repeats: Set(1),
        request_id: Set("test".to_owned()),
        ..Default::default()
    }
}

async fn write(database: &impl ConnectionTrait, record: Uuid, version: i64) -> i64 {
    let written = entry(record, version).insert(database).await;
    written.expect("written").id
}

async fn a_transaction_that_commits_late_is_never_skipped(app: TestApp) {
    app.sequence().await;
    let database = behind(&app).await;
    let (slow, quick) = (Uuid::from_u128(1), Uuid::from_u128(2));
    // It takes its number first and commits last.
    let late = database.begin().await.expect("a transaction");
    let first = write(&late, slow, 1).await;
    let second = write(&database, quick, 1).await;
    assert!(first < second);
    assert_eq!(app.sequence().await, 1, "only what is committed");
    late.commit().await.expect("committed");
    // Another change of each record, which waits with the late one.
    let third = write(&database, slow, 2).await;
    let fourth = write(&database, quick, 2).await;
    assert_eq!(app.sequence().await, 3, "the late one is not skipped");

    assert_eq!(placed(&database).await, [second, first, third, fourth]);
    assert_eq!(pending(&database).await, 0);
    journal::verified(&app).await;
    database.close().await.expect("closes");
}

/// The last four entries in their total order.
#[expect(
    clippy::disallowed_methods,
    reason = "a test looks at the whole journal, whoever asks"
)]
async fn placed(database: &DatabaseConnection) -> Vec<i64> {
    let links = journal_link::Entity::find()
        .order_by_asc(journal_link::Column::Position)
        .all(database)
        .await
        .expect("readable");
    let last = links.len() - 4;
    links[last..].iter().map(|link| link.entry_id).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test looks at the whole journal, whoever asks"
)]
async fn pending(database: &DatabaseConnection) -> u64 {
    let marks = journal_pending::Entity::find().count(database).await;
    marks.expect("readable")
}
