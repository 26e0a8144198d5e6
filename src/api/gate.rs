//! The exchange's own gate: a bearer token becomes the caller that resolvers find.

use async_graphql::Data;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::http::{Denied, Gate, Visitor};

use crate::platform::authn::{Authenticator, AuthnError, Principal};
use crate::platform::authz::{Caller, RequestInfo, Standing};
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
        let standing = self.standing(principal.as_ref()).await?;
        let refusals = self.db.refusals().clone();
        data.insert(Caller::new(principal, request, standing, refusals));
        data.insert(Loaders::default());
        Ok(data)
    }

    /// What the caller's region amounts to here.
    async fn standing(&self, principal: Option<&Principal>) -> Result<Standing, Denied> {
        let Some(principal) = principal else {
            return Ok(Standing::default());
        };
        let standing = self.db.standing(principal.identity()).await;
        standing.map_err(|error| {
            tracing::warn!(%error, "the caller's region cannot be looked up");
            Denied::Unavailable
        })
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
