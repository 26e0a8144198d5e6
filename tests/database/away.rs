//! A database that goes away is no defect of the exchange: callers are told to come again.

use std::net::SocketAddr;
use std::sync::Arc;

use libtest_mimic::Trial;
use sea_orm::{ConnectionTrait as _, Database};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::support::app::TestApp;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    vec![
        on_postgres_only(
            concat!(
                module_path!(),
                "::a_server_that_ends_its_connections_is_away"
            ),
            |app| Box::pin(a_server_that_ends_its_connections_is_away(app)),
        ),
        on_postgres_only(
            concat!(module_path!(), "::a_connection_that_breaks_is_away"),
            |app| Box::pin(a_connection_that_breaks_is_away(app)),
        ),
    ]
}

/// How a request ends, looks and changes in turn.
async fn outcome(app: &TestApp, request: usize) -> String {
    let token = app.officer(ORIGIN);
    let body = if request.is_multiple_of(2) {
        let query = "{ workers(first: 1) { nodes { id } } }";
        app.gql(&token, query, json!({})).await
    } else {
        let query = "mutation($input: RegisterHouseholdInput!) {
            registerHousehold(input: $input) { householdId userErrors { code } } }";
        let input = json!({"village": VILLAGE, "number": format!("away-{request}"),
            "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"});
        app.gql(&token, query, json!({"input": input})).await
    };
    let code = body["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or("DONE").to_owned()
}

/// Asks until every broken connection of the pool has been met and left: some requests are told to
/// come again, none that something is wrong with the exchange, and in the end all is well.
async fn is_away_and_comes_back(app: &TestApp) {
    let mut outcomes = Vec::new();
    for request in 0..40 {
        outcomes.push(outcome(app, request).await);
        let last = outcomes.len().saturating_sub(4);
        if last > 0 && outcomes[last..].iter().all(|outcome| outcome == "DONE") {
            break;
        }
    }
    assert!(
        outcomes.iter().any(|code| code == "UNAVAILABLE"),
        "{outcomes:?}"
    );
    assert!(
        outcomes
            .iter()
            .all(|code| code == "UNAVAILABLE" || code == "DONE"),
        "{outcomes:?}"
    );
    assert_eq!(
        outcomes.last().map(String::as_str),
        Some("DONE"),
        "{outcomes:?}"
    );
}

/// Fills the pool, so that several connections break.
async fn fill_the_pool(app: &TestApp) {
    people::household(app, VILLAGE, "before").await;
    futures::future::join_all((0..8).map(|_| outcome(app, 0))).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is what happens when somebody ends the connections"
)]
async fn a_server_that_ends_its_connections_is_away(app: TestApp) {
    fill_the_pool(&app).await;
    let database = Database::connect(&app.database_url)
        .await
        .expect("connects");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.execute_unprepared(end).await.expect("ended");
    database.close().await.expect("closes");
    is_away_and_comes_back(&app).await;
}

async fn a_connection_that_breaks_is_away(app: TestApp) {
    let line = Line::open(server_of(&app.database_url)).await;
    let url = line.url(&app.database_url);
    let behind = TestApp::start(&url, &app.directory).await;
    fill_the_pool(&behind).await;
    line.cut();
    is_away_and_comes_back(&behind).await;
    behind.stop.cancel();
}

/// A line to a server, which can be cut: no word is said on it then, as when a server crashes.
struct Line {
    here: SocketAddr,
    cut: Arc<Notify>,
}

impl Line {
    async fn open(mut server: String) -> Self {
        if !server.contains(':') {
            server.push_str(":5432");
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let here = listener.local_addr().expect("an address");
        let cut = Arc::new(Notify::new());
        let all = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (server, cut) = (server.clone(), Arc::clone(&all));
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(server).await.expect("it answers");
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        () = cut.notified() => {}
                    }
                });
            }
        });
        Self { here, cut }
    }

    /// The address of a database by this line.
    fn url(&self, direct: &str) -> String {
        direct.replacen(&server_of(direct), &self.here.to_string(), 1)
    }

    /// Breaks every connection that is open.
    fn cut(&self) {
        self.cut.notify_waiters();
    }
}

/// Host and port of a database's address.
fn server_of(url: &str) -> String {
    let (_, rest) = url.split_once("://").expect("a URL");
    let (server, _) = rest.split_once('/').expect("a URL has a path");
    let (_, server) = server.rsplit_once('@').unwrap_or(("", server));
    server.to_owned()
}
