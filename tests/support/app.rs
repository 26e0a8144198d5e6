//! A running exchange on loopback.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use employment_exchange::api::exchange::endpoint;
use employment_exchange::api::http::{HttpSettings, bind};
use employment_exchange::capability::region;
use employment_exchange::kernel::clock::Clock;
use employment_exchange::kernel::closed::Closed as _;
use employment_exchange::kernel::ids::{IdSource, WorkerId};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{
    Agency, Authenticator, Issuer, KeySource, Role, TokenRequest, TokenRules, WallClock,
};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::config::{AuthConfig, DatabaseConfig};
use employment_exchange::platform::crypto::{KeyUse, Keys, Purpose};
use employment_exchange::platform::db::Db;
use employment_exchange::platform::journal::sequencer;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// When every test takes place, unless it moves the clock.
pub const NOW: &str = "2026-11-23T02:00:00Z";

/// Opens a database with the tests' clock and ids.
pub async fn open(url: &str) -> (Db, Arc<Keys>) {
    let keys = Arc::new(Keys::generate(KeyUse::Demo));
    (open_with(only(url), &keys, 42).await, keys)
}

/// A database without a replica.
fn only(url: &str) -> DatabaseConfig {
    DatabaseConfig {
        url: url.into(),
        ..DatabaseConfig::default()
    }
}

/// As [`open`], with keys that are there already, and ids that no other exchange on it gives.
async fn open_with(config: DatabaseConfig, keys: &Arc<Keys>, seed: u64) -> Db {
    let clock = Clock::fixed(NOW.parse().expect("a valid instant"));
    let ids = IdSource::seeded(clock.clone(), seed);
    let config = DatabaseConfig {
        pool_size: 4,
        ..config
    };
    Db::open(&config, clock, ids, Arc::clone(keys))
        .await
        .expect("the database opens")
}

/// Loads the demo province.
pub async fn load_regions(db: &Db) {
    let caller = Caller::system("test.regions", None, db.refusals().clone());
    let permit = caller
        .permit(&region::policy::IMPORT)
        .expect("granted to the system");
    let table = region::demo_province().as_bytes();
    region::service::import(db, &permit, table, false, &mut |_| {})
        .await
        .expect("the demo province loads");
    sequencer::place_pending(db).await.expect("sequenced");
}

/// Closes every connection, so that the database can be copied.
pub async fn close(db: Db) {
    db.close().await.expect("the database closes");
}

/// A running exchange with the demo province's regions and nobody in it.
pub struct TestApp {
    /// Where it answers.
    pub url: String,
    /// Where its database is, for another process.
    pub database_url: String,
    /// Its database, for what has no way over HTTP (background work, the clock).
    pub db: Db,
    /// Its keys.
    pub keys: Arc<Keys>,
    /// The domain clock; settable.
    pub clock: Clock,
    /// A directory of the test's own.
    pub directory: PathBuf,
    /// Stops the server.
    pub stop: CancellationToken,
    http: reqwest::Client,
    issuer: Issuer,
}

impl TestApp {
    /// Starts an exchange on a migrated database.
    pub async fn start(database_url: &str, directory: &Path) -> Self {
        let opened = open(database_url).await;
        Self::start_on(opened, database_url, directory)
    }

    /// Another exchange on the same database, with keys of its own.
    pub async fn beside(&self, keys: Keys, seed: u64) -> Self {
        let keys = Arc::new(keys);
        let db = open_with(only(&self.database_url), &keys, seed).await;
        Self::start_on((db, keys), &self.database_url, &self.directory)
    }

    /// As [`TestApp::start`], with a second database that is said to be a replica of the first.
    pub async fn start_reading(database_url: &str, replica: &str, directory: &Path) -> Self {
        let config = DatabaseConfig {
            read_url: Some(replica.into()),
            ..only(database_url)
        };
        let keys = Arc::new(Keys::generate(KeyUse::Demo));
        let opened = (open_with(config, &keys, 42).await, keys);
        Self::start_on(opened, database_url, directory)
    }

    fn start_on((db, keys): (Db, Arc<Keys>), database_url: &str, directory: &Path) -> Self {
        let (clock, ids) = (db.clock().clone(), db.ids().clone());
        let auth = AuthConfig {
            embedded: true,
            ..AuthConfig::default()
        };
        let authenticator = Authenticator::new(
            TokenRules::from(&auth),
            KeySource::embedded(keys.signing.public()),
            keys.index.clone(),
            WallClock::system(),
        );
        let issuer = Issuer::new(&auth, keys.signing.clone(), WallClock::system(), ids);
        let settings = HttpSettings {
            listen: ([127, 0, 0, 1], 0).into(),
            workers: std::num::NonZeroUsize::new(1),
            ..HttpSettings::default()
        };
        let server = bind(endpoint(&db, authenticator, settings)).expect("a free port");
        let url = format!("http://{}", server.addresses()[0]);
        let stop = CancellationToken::new();
        tokio::spawn(server.run(stop.clone().cancelled_owned()));
        Self {
            url,
            database_url: database_url.to_owned(),
            db,
            keys,
            clock,
            directory: directory.to_owned(),
            stop,
            http: super::http::client().build().expect("a client"),
            issuer,
        }
    }

    /// A token for any role; `subject` tells callers apart.
    pub fn token(&self, request: &TokenRequest) -> String {
        self.issuer.issue(request).expect("a well-formed request")
    }

    /// An officer's token.
    pub fn officer(&self, region: &str) -> String {
        self.token(&TokenRequest {
            region: Some(RegionCode::parse(region).expect("a region code")),
            ..self.request(Role::Officer, &format!("officer-{region}"))
        })
    }

    /// An agency's token, for the whole province.
    pub fn agency(&self, agency: Agency) -> String {
        self.token(&TokenRequest {
            agency: Some(agency),
            ..self.request(Role::Agency, agency.as_str())
        })
    }

    /// An employer's token.
    pub fn employer(&self, credit_code: &str) -> String {
        self.token(&TokenRequest {
            credit_code: Some(credit_code.parse().expect("a credit code")),
            ..self.request(Role::Employer, credit_code)
        })
    }

    /// A worker's token.
    pub fn worker(&self, worker: WorkerId) -> String {
        self.token(&TokenRequest {
            worker: Some(worker),
            ..self.request(Role::Worker, "worker")
        })
    }

    /// A worker's token from an issuer who knows people by resident id.
    pub fn resident(&self, resident_id: &str) -> String {
        let auth = AuthConfig {
            embedded: true,
            ..AuthConfig::default()
        };
        let now = WallClock::system().now().timestamp();
        let claims = json!({"iss": auth.issuer(), "aud": auth.audience, "sub": "worker",
            "iat": now, "exp": now + 3600, "jti": "0190b6f0-0000-7000-8000-000000000000",
            "role": Role::Worker.as_str(), "residentId": resident_id});
        self.keys.signing.sign(Purpose::Token, &claims)
    }

    /// A helper's token.
    pub fn helper(&self, subject: &str) -> String {
        self.token(&TokenRequest {
            region: Some(RegionCode::parse("590222000000").expect("a region code")),
            ..self.request(Role::Helper, subject)
        })
    }

    /// A token of a role that needs nothing else.
    pub fn plain(&self, role: Role) -> String {
        self.token(&self.request(role, role.as_str()))
    }

    /// A request for a token of `role` with nothing that a role may need.
    pub fn request(&self, role: Role, subject: &str) -> TokenRequest {
        TokenRequest {
            role,
            region: None,
            credit_code: None,
            agency: None,
            worker: None,
            subject: subject.to_owned(),
            ttl: Duration::from_secs(3600),
        }
    }

    /// Posts an operation and returns the whole response.
    pub async fn post(&self, token: &str, query: &str, variables: Value) -> reqwest::Response {
        self.http
            .post(format!("{}/graphql", self.url))
            .bearer_auth(token)
            .header("accept-language", "en")
            .json(&json!({"query": query, "variables": variables}))
            .send()
            .await
            .expect("the exchange answers")
    }

    /// Posts an operation and returns the body.
    pub async fn gql(&self, token: &str, query: &str, variables: Value) -> Value {
        self.post(token, query, variables)
            .await
            .json()
            .await
            .expect("the answer is JSON")
    }

    /// Posts an operation that must succeed and returns its data.
    pub async fn data(&self, token: &str, query: &str, variables: Value) -> Value {
        let mut body = self.gql(token, query, variables).await;
        assert!(body.get("errors").is_none(), "{query}\n{body:#}");
        body["data"].take()
    }

    /// The code of the first top-level error of an operation that must fail.
    pub async fn code(&self, token: &str, query: &str, variables: Value) -> String {
        let body = self.gql(token, query, variables).await;
        body["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no coded error: {query}\n{body:#}"))
            .to_owned()
    }

    /// The code with which a mutation is refused, as one that the role may never do or as an expected
    /// outcome.
    pub async fn refusal(&self, token: &str, query: &str, variables: Value) -> String {
        let body = self.gql(token, query, variables).await;
        let payload = body["data"]
            .as_object()
            .and_then(|data| data.values().next());
        let expected = payload.map(|payload| &payload["userErrors"][0]["code"]);
        let failed = &body["errors"][0]["extensions"]["code"];
        let code = failed.as_str().or_else(|| expected?.as_str());
        code.unwrap_or_else(|| panic!("not refused: {query}\n{body:#}"))
            .to_owned()
    }

    /// Places every committed journal entry, as the sequencer would within a second.
    pub async fn sequence(&self) -> u64 {
        sequencer::place_pending(&self.db)
            .await
            .expect("the journal can be sequenced")
    }
}
