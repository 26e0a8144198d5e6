//! Runs a test on both engines, each time on an empty database of its own.
//!
//! PostgreSQL is the server at `TEST_POSTGRES_URL`, else the one on 127.0.0.1:5432 if
//! `postgres` may log in there without a password.
//! Without one its tests are listed as ignored and say why; under `CI=true` they fail instead.

use std::future::Future;
use std::net::TcpStream;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use libtest_mimic::{Failed, Trial};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};
use tokio::sync::OnceCell;

use super::app::TestApp;
use super::figures;

/// A test: it is given a running exchange and panics when it fails.
pub type Test = fn(TestApp) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Far beyond what any test needs, even on a machine that is busy with compilers.
const LONGEST: Duration = Duration::from_secs(120);
const LOCAL: &str = "127.0.0.1:5432";
/// Patience with a machine that is busy with compilers: a test that is left out tests nothing.
const LOGIN: Duration = Duration::from_secs(20);

/// Lists tests: `trials![module; first_test, second_test]`.
#[macro_export]
macro_rules! trials {
    ($($test:ident),+ $(,)?) => {
        [$($crate::support::engines::on_both(
            concat!(module_path!(), "::", stringify!($test)),
            |app| Box::pin($test(app)),
        )),+]
        .into_iter()
        .flatten()
        .collect::<Vec<libtest_mimic::Trial>>()
    };
}

/// The trial of `test` on SQLite, and the one on PostgreSQL.
pub fn on_both(name: &str, test: Test) -> [Trial; 2] {
    on_both_within(name, LONGEST, test)
}

/// As [`on_both`], for a test whose length is chosen on demand.
pub fn on_both_within(name: &str, longest: Duration, test: Test) -> [Trial; 2] {
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    let sqlite = Trial::test(format!("{name}::sqlite"), move || {
        run(on_sqlite(longest, test))
    });
    let postgres = trial_on_postgres(format!("{name}::postgres"), move |url| {
        run(on_postgres(url, longest, test))
    });
    [sqlite, postgres]
}

/// The trial of a test about PostgreSQL itself.
pub fn on_postgres_only(name: &str, test: Test) -> Trial {
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    trial_on_postgres(format!("{name}::postgres"), move |url| {
        run(on_postgres(url, LONGEST, test))
    })
}

/// The trial of a test about PostgreSQL itself, on a database that sorts as Chinese directories
/// do, by pinyin.
pub fn on_postgres_by_pinyin(name: &str, test: Test) -> Trial {
    let name = name.split_once("::").map_or(name, |(_, rest)| rest);
    trial_on_postgres(format!("{name}::postgres"), move |url| {
        run(on_database_by_pinyin(url, test))
    })
}

fn trial_on_postgres(
    name: String,
    test: impl FnOnce(String) -> Result<(), Failed> + Send + 'static,
) -> Trial {
    match postgres_url() {
        Ok(url) => Trial::test(name, move || test(url)),
        Err(reason) => {
            let required = std::env::var("CI").is_ok_and(|ci| ci == "true");
            Trial::test(name, move || Err(reason.into()))
                .with_kind(if required { "" } else { reason })
                .with_ignored_flag(!required)
        }
    }
}

/// Where tests find PostgreSQL, or why they do not. A server that lets nobody in without a password
/// is none: only `TEST_POSTGRES_URL` could name it.
pub fn postgres_url() -> Result<String, &'static str> {
    static FOUND: OnceLock<Result<String, &'static str>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
                return Ok(url);
            }
            let address = LOCAL.parse().expect("a literal socket address");
            // The pool would try a closed port again and again.
            TcpStream::connect_timeout(&address, Duration::from_secs(1))
                .map_err(|_| "no TEST_POSTGRES_URL, and nothing answers on 127.0.0.1:5432")?;
            let url = format!("postgres://postgres@{LOCAL}/postgres");
            let login = async {
                let database = tokio::time::timeout(LOGIN, connect(&url)).await??;
                Ok(database.close().await?)
            };
            run(login)
                .map(|()| url)
                .map_err(|_| "no TEST_POSTGRES_URL, and postgres cannot log in on 127.0.0.1:5432")
        })
        .clone()
}

fn run(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(test)
}

async fn on_sqlite(longest: Duration, test: Test) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("exchange.db");
    std::fs::copy(sqlite_template().await?, &file)?;
    let url = format!("sqlite://{}", file.display());
    outcome((longest, test), &url, directory.path()).await
}

/// A prepared database file that every test copies; made by the first.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
async fn sqlite_template() -> Result<&'static Path, Failed> {
    static TEMPLATE: OnceCell<(tempfile::TempDir, PathBuf)> = OnceCell::const_new();
    let (_, file) = TEMPLATE
        .get_or_try_init(|| async {
            let directory = tempfile::tempdir()?;
            let file = directory.path().join("template.db");
            let made = format!("sqlite://{}?mode=rwc", file.display());
            prepare(&made).await?;
            // Folds the write-ahead log into the file that gets copied.
            let database = connect(&made).await?;
            database
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
            database.close().await?;
            Ok::<_, Failed>((directory, file))
        })
        .await?;
    Ok(file)
}

async fn on_postgres(url: String, longest: Duration, test: Test) -> Result<(), Failed> {
    let template = postgres_template(&url).await?;
    let name = create_database(&url, &format!("TEMPLATE {template}")).await?;
    on_database(&url, &name, longest, test).await
}

async fn on_database_by_pinyin(url: String, test: Test) -> Result<(), Failed> {
    let how = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'zh'";
    let name = create_database(&url, how).await?;
    prepare(&database_of(&url, &name)).await?;
    on_database(&url, &name, LONGEST, test).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
async fn create_database(url: &str, how: &str) -> Result<String, Failed> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "exchange_test_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let admin = connect(url).await?;
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name} {how}"))
        .await?;
    admin.close().await?;
    Ok(name)
}

/// Runs the test on a database and drops it.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
async fn on_database(url: &str, name: &str, longest: Duration, test: Test) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let result = outcome((longest, test), &database_of(url, name), directory.path()).await;
    let admin = connect(url).await?;
    admin
        .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await?;
    admin.close().await?;
    result
}

/// Gives `test` the address of one more prepared database of PostgreSQL, and drops it afterwards.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
pub async fn beside(test: impl AsyncFnOnce(String)) {
    let url = postgres_url().expect("a test about PostgreSQL");
    let template = postgres_template(&url).await.expect("a template");
    let made = create_database(&url, &format!("TEMPLATE {template}")).await;
    let name = made.expect("a database");
    let outcome = AssertUnwindSafe(test(database_of(&url, &name))).catch_unwind();
    let outcome = outcome.await;
    let admin = connect(&url).await.expect("connects");
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    admin.execute_unprepared(&drop).await.expect("dropped");
    admin.close().await.expect("closes");
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// A prepared database that every test copies; made by the first.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
async fn postgres_template(url: &str) -> Result<&'static str, Failed> {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let name = TEMPLATE
        .get_or_try_init(|| async {
            let name = format!("exchange_template_{}", std::process::id());
            let admin = connect(url).await?;
            admin
                .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await?;
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}"))
                .await?;
            prepare(&database_of(url, &name)).await?;
            admin.close().await?;
            Ok::<_, Failed>(name)
        })
        .await?;
    Ok(name)
}

/// Removes what the run made; called once all trials are through.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness makes and drops databases; no exchange is on them yet"
)]
pub fn clean_up() -> Result<(), Failed> {
    let Ok(url) = postgres_url() else {
        return Ok(());
    };
    run(async move {
        let admin = connect(&url).await?;
        let name = format!("exchange_template_{}", std::process::id());
        admin
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await?;
        admin.close().await?;
        Ok(())
    })
}

fn database_of(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("a URL has a path");
    format!("{server}/{name}")
}

/// Migrates a database and gives it the demo province.
async fn prepare(url: &str) -> Result<(), Failed> {
    let (db, _) = super::app::open(url).await;
    db.migrate().await.map_err(|e| e.to_string())?;
    super::app::load_regions(&db).await;
    super::app::close(db).await;
    Ok(())
}

async fn connect(url: &str) -> Result<DatabaseConnection, sea_orm::DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

/// Runs the test as a task of its own, so that a panic does not leave its schema behind. Whatever it
/// did to people, their figures must have followed.
async fn outcome(
    (longest, test): (Duration, Test),
    url: &str,
    directory: &Path,
) -> Result<(), Failed> {
    let app = TestApp::start(url, directory).await;
    let stop = app.stop.clone();
    // A test that waits for what never comes must fail, not hang the suite.
    let result = tokio::time::timeout(longest, tokio::spawn(test(app))).await;
    stop.cancel();
    result.map_err(|_| "the test took too long")??;
    Ok(figures::followed(url).await?)
}
