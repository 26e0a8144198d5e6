//! One GraphQL request from its parameters to its outcome, whatever brought it here.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Data, Executor, Request, Response, Value, value};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::call::Visitor;
use super::operation::{RootFields, check_address, check_required, select};
use super::params::Params;
use super::refusal::Refusal;
use super::settings::HttpSettings;
use super::values::check_values;
use crate::api::limits::{Admitted, ListSizes, Weight, admit_variables};
use crate::platform::gql::inputs::InputTypes;
use crate::platform::telemetry::{metrics, span};

/// What callers and metrics get as operation when a request never came to name one.
pub(super) const NO_OPERATION: &str = "none";

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The token proves nothing. Never treated as no token at all.
    Unauthenticated,
    /// The token cannot be checked now.
    Unavailable,
}

/// Decides who a visitor is. The exchange's own authentication stands behind it.
pub trait Gate: Send + Sync + 'static {
    /// Verifies the visitor and returns what resolvers will find in their context.
    fn admit(&self, visitor: Visitor) -> BoxFuture<'_, Result<Data, Denied>>;
}

/// Says whether the process can answer; the text is for the operator's log.
pub type Readiness = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

type Run = Arc<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>;

/// The GraphQL endpoint: an engine behind a gate and bounds.
pub struct Endpoint {
    run: Run,
    roots: RootFields,
    sizes: ListSizes,
    inputs: Arc<InputTypes>,
    pub(super) gate: Arc<dyn Gate>,
    pub(super) ready: Readiness,
    pub(super) settings: HttpSettings,
    draining: AtomicBool,
}

/// How a request came to its end.
pub(super) struct Outcome {
    /// Kind and first root field as in the schema, or [`NO_OPERATION`].
    pub(super) operation: String,
    pub(super) result: Result<Response, Refusal>,
}

impl Outcome {
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self {
            operation: NO_OPERATION.to_owned(),
            result: Err(refusal),
        }
    }
}

/// A request that may run.
struct Prepared {
    request: Request,
    weight: Weight,
}

impl Endpoint {
    /// Puts `executor`, whose schema is `sdl`, behind `gate`. Ready at once; see
    /// [`Endpoint::ready_when`].
    ///
    /// # Panics
    /// When `sdl` is not a schema.
    #[must_use]
    pub fn new<E: Executor>(
        executor: E,
        sdl: &str,
        gate: Arc<dyn Gate>,
        settings: HttpSettings,
    ) -> Self {
        Self {
            run: Arc::new(move |request| {
                let executor = executor.clone();
                async move { executor.execute(request).await }.boxed()
            }),
            roots: RootFields::of_schema(sdl),
            sizes: ListSizes::of_schema(sdl),
            inputs: Arc::new(InputTypes::of_schema(sdl)),
            gate,
            ready: Arc::new(|| std::future::ready(Ok(())).boxed()),
            settings,
            draining: AtomicBool::new(false),
        }
    }

    /// Lets `/readyz` ask `check`, for example whether the database answers and is migrated.
    #[must_use]
    pub fn ready_when(self, check: Readiness) -> Self {
        Self {
            ready: check,
            ..self
        }
    }

    /// From now on `/readyz` says no, so that a balancer sends new callers elsewhere.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Checks and runs a request. With `only_queries`, anything else is refused before it runs.
    pub(super) async fn answer(&self, params: Params, data: Data, only_queries: bool) -> Outcome {
        let mut operation = NO_OPERATION.to_owned();
        let result = match self.prepare(params, data, only_queries, &mut operation) {
            Ok(prepared) => self.run(prepared).await,
            Err(refusal) => Err(refusal),
        };
        Outcome { operation, result }
    }

    fn prepare(
        &self,
        params: Params,
        data: Data,
        only_queries: bool,
        label: &mut String,
    ) -> Result<Prepared, Refusal> {
        let Params {
            query,
            operation_name,
            variables,
            extensions,
        } = params;
        let text = query.filter(|text| !text.is_empty()).ok_or_else(no_query)?;
        self.settings.limits.admit_text(&text)?;
        let variables = variables.unwrap_or_default();
        admit_variables(&variables)?;
        let document = parse_query(&text).map_err(|error| Refusal::syntax(&error))?;
        if only_queries {
            check_address(&document, &variables)?;
        }
        let operation = select(&document, operation_name.as_deref())?;
        *label = self.roots.label(operation.ty, None);
        check_kind(operation, only_queries)?;
        check_required(operation, &variables)?;
        let Admitted { weight, first_root } =
            self.settings
                .limits
                .admit_document(&document, operation, &variables, &self.sizes)?;
        *label = self.roots.label(operation.ty, first_root.as_deref());
        span::record_operation(label);
        let root = self.sizes.root(operation.ty);
        check_values(&self.inputs, &document, operation, root, &variables)?;

        let mut request = Request::new(text).variables(variables);
        request.operation_name = operation_name;
        request.extensions = extensions.unwrap_or_default();
        request.data = data;
        request.data.insert(Arc::clone(&self.inputs));
        request.set_parsed_query(document);
        if !self.settings.introspection {
            request = request.disable_introspection();
        }
        Ok(Prepared { request, weight })
    }

    async fn run(&self, prepared: Prepared) -> Result<Response, Refusal> {
        let Prepared { request, weight } = prepared;
        let run = Arc::clone(&self.run);
        // Whatever the request owned is dropped with it; what is shared is behind locks that
        // notice a panic, so nothing half-changed is seen again.
        let guarded = AssertUnwindSafe(async move { run(request).await }).catch_unwind();
        let mut response = tokio::time::timeout(self.settings.request_timeout, guarded)
            .await
            .map_err(|_| Refusal::too_long())?
            .map_err(|_| {
                metrics::panic_caught();
                Refusal::panicked()
            })?;
        response.extensions.insert("cost".to_owned(), cost(&weight));
        Ok(response)
    }
}

fn check_kind(operation: &OperationDefinition, only_queries: bool) -> Result<(), Refusal> {
    match operation.ty {
        OperationType::Query => Ok(()),
        _ if only_queries => Err(Refusal::only_queries_over_get()),
        OperationType::Mutation => Ok(()),
        OperationType::Subscription => Err(Refusal::document(
            "此传输方式不支持订阅。",
            "Subscriptions do not run over this transport.",
        )),
    }
}

fn no_query() -> Refusal {
    Refusal::malformed("缺少 query。", "There is no query.")
}

/// What the caller learns about the price of its request.
fn cost(weight: &Weight) -> Value {
    value!({
        "complexity": weight.complexity,
        "fields": weight.fields,
        "depth": weight.depth,
    })
}
