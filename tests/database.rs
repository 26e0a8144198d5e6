//! The database behind the exchange: what bounds a statement, what a probe may need, what a broken
//! connection is answered with, where reads go, and what is tried again.

mod away;
mod replica;
mod retries;

use std::time::Duration;

use employment_exchange::capability::region;
use employment_exchange::kernel::clock::Clock;
use employment_exchange::kernel::ids::IdSource;
use employment_exchange::platform::authn::Role;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::config::DatabaseConfig;
use employment_exchange::platform::db::{Db, Session};
use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait as _, DbErr};

use crate::support::app::TestApp;
use crate::support::callers::bearing;
use crate::support::engines::on_postgres_only;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![a_probe_waits_for_no_writer_and_changes_nothing];
    trials.push(on_postgres_only(
        concat!(
            module_path!(),
            "::a_statement_of_a_request_is_ended_and_a_job_of_the_exchange_is_not"
        ),
        |app| Box::pin(a_statement_of_a_request_is_ended_and_a_job_of_the_exchange_is_not(app)),
    ));
    trials.extend(away::trials());
    trials.extend(replica::trials());
    trials.extend(retries::trials());
    trials
}

async fn open(app: &TestApp, url: &str, longest: Option<Duration>) -> Db {
    let clock = Clock::system();
    let config = DatabaseConfig {
        url: url.into(),
        pool_size: 2,
        ..DatabaseConfig::default()
    };
    let ids = IdSource::new(clock.clone());
    Db::open_within(&config, longest, clock, ids, app.keys.clone())
        .await
        .expect("the database opens")
}

fn system(db: &Db) -> Caller {
    Caller::system("test.database", None, db.refusals().clone())
}

/// Somebody with a token, as requests have it.
async fn auditor(app: &TestApp, db: &Db) -> Caller {
    bearing(app, db, &app.plain(Role::Auditor)).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "a statement that takes its time and reaches no record"
)]
async fn sleep(session: &impl Session, seconds: f32) -> Result<(), DbErr> {
    let statement = format!("SELECT pg_sleep({seconds})");
    let done = session.executor().execute_unprepared(&statement).await;
    done.map(drop)
}

async fn a_statement_of_a_request_is_ended_and_a_job_of_the_exchange_is_not(app: TestApp) {
    let bound = Some(Duration::from_millis(300));
    let db = open(&app, &app.database_url, bound).await;
    let looking = auditor(&app, &db).await;
    let looking = looking.permit(&region::policy::READ).expect("granted");
    let ended = sleep(&db.read(looking.clone()), 30.0).await;
    assert!(
        ended
            .as_ref()
            .is_err_and(|e| e.to_string().contains("statement timeout")),
        "{ended:?}"
    );
    let working = system(&db)
        .permit(&region::policy::IMPORT)
        .expect("granted");
    let work = db.write(working).await.expect("a unit of work");
    sleep(&work, 0.6).await.expect("not cut");
    drop(work);
    let walking = system(&db).permit(&region::policy::READ).expect("granted");
    sleep(&db.read(walking), 0.6).await.expect("not cut");
    // The connection that was freed for it is bound again.
    for _ in 0..4 {
        assert!(sleep(&db.read(looking.clone()), 30.0).await.is_err());
    }
    db.close().await.expect("closes");
    let command = open(&app, &app.database_url, None).await;
    let looking = system(&command)
        .permit(&region::policy::READ)
        .expect("granted");
    sleep(&command.read(looking), 0.6).await.expect("not cut");
    command.close().await.expect("closes");
}

async fn a_probe_waits_for_no_writer_and_changes_nothing(app: TestApp) {
    let read_only = "?options=-c%20default_transaction_read_only%3Don";
    let url = if app.database_url.starts_with("postgres") {
        format!("{}{read_only}", app.database_url)
    } else {
        app.database_url.clone()
    };
    let db = open(&app, &url, None).await;
    let working = system(&db)
        .permit(&region::policy::IMPORT)
        .expect("granted");
    let work = db.write(working).await.expect("a unit of work");
    let ready = tokio::time::timeout(Duration::from_secs(2), db.ready()).await;
    assert!(matches!(ready, Ok(Ok(()))), "{ready:?}");
    drop(work);
    db.close().await.expect("closes");
}
