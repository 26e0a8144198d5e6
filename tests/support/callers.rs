//! Callers as a request has them, for tests that stop a use case midway.

use employment_exchange::kernel::error::Locale;
use employment_exchange::platform::authn::{
    Authenticator, KeySource, Role, TokenRequest, TokenRules, WallClock,
};
use employment_exchange::platform::authz::{Caller, RequestInfo, Standing};
use employment_exchange::platform::config::AuthConfig;
use employment_exchange::platform::db::Db;

use super::app::TestApp;

/// An officer of a region.
pub async fn officer(app: &TestApp, region: &str) -> Caller {
    let token = app.token(&TokenRequest {
        region: Some(region.parse().expect("a region code")),
        ..app.request(Role::Officer, "officer")
    });
    bearing(app, &app.db, &token).await
}

/// Whoever has a token, on a database.
pub async fn bearing(app: &TestApp, db: &Db, token: &str) -> Caller {
    let authenticator = Authenticator::new(
        TokenRules::from(&AuthConfig::default()),
        KeySource::embedded(app.keys.signing.public()),
        app.keys.index.clone(),
        WallClock::system(),
    );
    let principal = authenticator.verify_token(token).await.expect("verified");
    let request = RequestInfo {
        id: "test".to_owned(),
        locale: Locale::default(),
    };
    Caller::new(
        Some(principal),
        request,
        Standing::default(),
        db.refusals().clone(),
    )
}
