//! The exchange's own gate: a bearer token becomes the caller that resolvers find.

use async_graphql::Data;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::http::{Denied, Gate, Visitor};
use crate::platform::authn::{Authenticator, AuthnError};
use crate::platform::authz::{Caller, RequestInfo};
use crate::platform::db::Db;
use crate::platform::gql::context::Loaders;

/// Verifies tokens and equips requests.
pub struct ExchangeGate {
    authenticator: Authenticator,
    db: Db,
}

impl ExchangeGate {
    /// A gate in front of one database.
    #[must_use]
    pub const fn new(authenticator: Authenticator, db: Db) -> Self {
        Self { authenticator, db }
    }

    async fn admit(&self, visitor: Visitor) -> Result<Data, Denied> {
        let Visitor {
            authorization,
            request_id,
            locale,
        } = visitor;
        let principal = self
            .authenticator
            .verify(authorization.as_deref())
            .await
            .map_err(|error| denied(&error))?;
        let request = RequestInfo {
            id: request_id,
            locale,
        };
        let mut data = Data::default();
        data.insert(Caller::new(principal, request, self.db.refusals().clone()));
        data.insert(Loaders::default());
        Ok(data)
    }
}

fn denied(error: &AuthnError) -> Denied {
    if matches!(error, AuthnError::NoKeys) {
        tracing::warn!(%error, "no token can be checked");
        return Denied::Unavailable;
    }
    tracing::info!(%error, "a token was refused");
    Denied::Unauthenticated
}

impl Gate for ExchangeGate {
    fn admit(&self, visitor: Visitor) -> BoxFuture<'_, Result<Data, Denied>> {
        self.admit(visitor).boxed()
    }
}
