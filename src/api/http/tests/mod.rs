//! The endpoint over real sockets, in front of a toy schema and a toy gate.

mod access;
mod addresses;
mod documents;
mod execution;
mod gzip;
mod logs;
mod shutdown;
mod transport;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_graphql::{
    Context, Data, EmptySubscription, Error, ErrorExtensions as _, Object, Schema,
};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::kernel::error::{Failure, Locale};
use crate::platform::gql::error::graphql_error;
use crate::platform::telemetry::metrics::Metrics;

const GRAPHQL: &str = "application/graphql-response+json";

/// What the toy's resolvers share with the test that drives them.
#[derive(Clone, Default)]
struct Levers {
    bumps: Arc<AtomicU32>,
    entered: Arc<Door>,
    released: Arc<Door>,
}

struct Door(Semaphore);

impl Default for Door {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

impl Door {
    fn open(&self) {
        self.0.add_permits(1);
    }

    async fn pass(&self) {
        self.0
            .acquire()
            .await
            .expect("the door is never closed")
            .forget();
    }
}

struct Person(&'static str);

struct ToyQuery;

#[Object]
impl ToyQuery {
    async fn hello(&self) -> &str {
        "hello"
    }

    async fn echo(&self, number: i32) -> i32 {
        number
    }

    async fn person<'c>(&self, ctx: &Context<'c>) -> &'c str {
        ctx.data_opt::<Person>().map_or("nobody", |person| person.0)
    }

    async fn missing(&self, ctx: &Context<'_>) -> Option<Result<i32, Error>> {
        let visitor = ctx.data_unchecked::<Circumstances>();
        let error = graphql_error(&Failure::NotFound, visitor.locale, &visitor.request_id);
        Some(Err(error))
    }

    async fn leaks(&self) -> Option<Result<i32, Error>> {
        Some(Err(std::io::Error::other("secret host name").into()))
    }

    async fn many(&self) -> Vec<Option<Result<i32, Error>>> {
        (0..50)
            .map(|_| {
                Some(Err(
                    Error::new("x").extend_with(|_, e| e.set("code", "CONFLICT"))
                ))
            })
            .collect()
    }

    async fn long(&self) -> String {
        "words ".repeat(1_000)
    }

    async fn panics(&self) -> i32 {
        "x".parse().expect("a value that must not leave")
    }

    async fn never(&self) -> i32 {
        std::future::pending().await
    }

    async fn waits(&self, ctx: &Context<'_>) -> &str {
        let levers = ctx.data_unchecked::<Levers>();
        levers.entered.open();
        levers.released.pass().await;
        "finished"
    }
}

struct ToyMutation;

#[Object]
impl ToyMutation {
    async fn bump(&self, ctx: &Context<'_>) -> u32 {
        let levers = ctx.data_unchecked::<Levers>();
        levers.bumps.fetch_add(1, Ordering::SeqCst) + 1
    }

    async fn long(&self) -> String {
        "words ".repeat(1_000)
    }
}

struct Circumstances {
    locale: Locale,
    request_id: String,
}

/// `good` is Li, `down` cannot be checked, no token is nobody, anything else is refused.
struct ToyGate;

impl Gate for ToyGate {
    fn admit(&self, visitor: Visitor) -> BoxFuture<'_, Result<Data, Denied>> {
        let mut data = Data::default();
        let outcome = match visitor.authorization.as_deref() {
            None => Ok(()),
            Some("Bearer good") => {
                data.insert(Person("Li"));
                Ok(())
            }
            Some("Bearer down") => Err(Denied::Unavailable),
            Some(_) => Err(Denied::Unauthenticated),
        };
        data.insert(Circumstances {
            locale: visitor.locale,
            request_id: visitor.request_id,
        });
        std::future::ready(outcome.map(|()| data)).boxed()
    }
}

fn toy_endpoint(settings: HttpSettings, levers: &Levers) -> Endpoint {
    let schema = Schema::build(ToyQuery, ToyMutation, EmptySubscription)
        .data(levers.clone())
        .finish();
    let sdl = schema.sdl();
    Endpoint::new(schema, &sdl, Arc::new(ToyGate), settings)
}

/// Settings on a free port, small enough for tests.
fn settings() -> HttpSettings {
    HttpSettings {
        listen: ([127, 0, 0, 1], 0).into(),
        workers: NonZeroUsize::new(1),
        body_bytes: 100_000,
        metrics: Some(Metrics::install()),
        metrics_access: MetricsAccess::Open,
        ..HttpSettings::default()
    }
}

/// A running server and the means to ask and to stop it.
struct Toy {
    client: Client,
    base: String,
    levers: Levers,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The first error's code, after checking what every answer with errors keeps to.
    fn code(&self) -> String {
        let json = self.json();
        let error = &json["errors"][0];
        assert_eq!(
            error["extensions"]["requestId"],
            self.header("x-request-id"),
            "{self:?}"
        );
        assert!(
            !error["message"].as_str().unwrap_or_default().is_empty(),
            "{self:?}"
        );
        error["extensions"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The code of an answer to a request that was not executed.
    fn refusal(&self) -> String {
        assert!(self.json().get("data").is_none(), "{self:?}");
        self.code()
    }
}

impl Toy {
    async fn start() -> Self {
        Self::with(settings()).await
    }

    async fn with(settings: HttpSettings) -> Self {
        Self::serving(|levers| toy_endpoint(settings, levers)).await
    }

    async fn serving(endpoint: impl FnOnce(&Levers) -> Endpoint) -> Self {
        let levers = Levers::default();
        let server = bind(endpoint(&levers)).unwrap();
        let base = format!("http://{}", server.addresses()[0]);
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async {
            stopped.await.ok();
        }));
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            base,
            levers,
            stop,
            running,
        }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().unwrap();
        self.client.request(method, format!("{}{path}", self.base))
    }

    async fn send(request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// A POST that follows the rules, its answer as `application/graphql-response+json`.
    fn post(&self, body: &Value) -> RequestBuilder {
        self.request("POST", "/graphql")
            .header("accept", GRAPHQL)
            .header("accept-language", "en")
            .json(body)
    }

    async fn ask(&self, query: &str) -> Answer {
        Self::send(self.post(&json!({ "query": query }))).await
    }

    async fn get(&self, path: &str) -> Answer {
        Self::send(self.request("GET", path)).await
    }

    /// A GET with parameters, encoded.
    async fn get_graphql(&self, parameters: &[(&str, &str)]) -> Answer {
        let url = format!("{}/graphql", self.base);
        let url = reqwest::Url::parse_with_params(&url, parameters).unwrap();
        Self::send(self.client.get(url).header("accept", GRAPHQL)).await
    }

    fn bumps(&self) -> u32 {
        self.levers.bumps.load(Ordering::SeqCst)
    }
}
