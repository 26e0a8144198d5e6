//! Runs every test on both engines, each on an empty database of its own.
//!
//! PostgreSQL is the server at `TEST_POSTGRES_URL`, else the one on 127.0.0.1:5432 if
//! `postgres` may log in there without a password.
//! Without one its tests are listed as ignored and say why; under `CI=true` they fail instead.

use std::future::Future;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr,
};

/// A test: it is given an empty database and panics when it fails.
pub(crate) type Test = fn(DatabaseConnection) -> Pin<Box<dyn Future<Output = ()> + Send>>;

const LOCAL: &str = "127.0.0.1:5432";
/// Patience with a machine that is busy with compilers: a test that is left out tests nothing.
const LOGIN: Duration = Duration::from_secs(20);

/// The trial of `test` on SQLite, and the one on PostgreSQL.
pub(crate) fn on_both(name: &'static str, test: Test) -> [Trial; 2] {
    let sqlite = Trial::test(format!("{name}::sqlite"), move || {
        run(async move {
            let db = connect("sqlite::memory:", "").await?;
            outcome(test, db).await
        })
    });
    let postgres_name = format!("{name}::postgres");
    let postgres = match postgres_url() {
        Ok(url) => Trial::test(postgres_name, move || {
            run(async move { in_own_schema(&url, name, test).await })
        }),
        Err(reason) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            Trial::test(postgres_name, move || Err(reason.into()))
        }
        Err(reason) => Trial::test(postgres_name, move || Err(reason.into()))
            .with_kind(reason)
            .with_ignored_flag(true),
    };
    [sqlite, postgres]
}

/// A server that lets nobody in without a password is none: only `TEST_POSTGRES_URL` could name it.
fn postgres_url() -> Result<String, &'static str> {
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
                let database = tokio::time::timeout(LOGIN, connect(&url, "")).await??;
                Ok(database.close().await?)
            };
            run(login)
                .map(|()| url)
                .map_err(|_| "no TEST_POSTGRES_URL, and postgres cannot log in on 127.0.0.1:5432")
        })
        .clone()
}

/// A schema is as good as a database here: every name in the migrations is unqualified.
#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn in_own_schema(url: &str, name: &str, test: Test) -> Result<(), Failed> {
    let schema = format!("migration_{}_{name}", std::process::id());
    let admin = connect(url, "public").await?;
    admin
        .execute_unprepared(&format!("CREATE SCHEMA {schema}"))
        .await?;
    let result = outcome(test, connect(url, &schema).await?).await;
    admin
        .execute_unprepared(&format!("DROP SCHEMA {schema} CASCADE"))
        .await?;
    result
}

async fn connect(url: &str, schema: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    if !schema.is_empty() {
        options.set_schema_search_path(schema);
    }
    Database::connect(options).await
}

/// Runs the test as a task of its own, so that a panic does not leave its schema behind.
async fn outcome(test: Test, db: DatabaseConnection) -> Result<(), Failed> {
    tokio::spawn(test(db.clone())).await?;
    db.close().await?;
    Ok(())
}

fn run(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Runtime::new()?.block_on(test)
}
