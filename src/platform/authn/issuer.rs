//! Tokens of the embedded mode: for `exchange demo`, `exchange token` and tests.

use std::time::Duration;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Agency, Role, WallClock};
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{self, IdSource, RecordId, WorkerId};
use crate::kernel::region_code::RegionCode;
use crate::platform::config::{AuthConfig, ClaimNames};
use crate::platform::crypto::{Purpose, SigningKey};

/// Whom a token is for, and until when.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The role.
    pub role: Role,
    /// Needed by officers and helpers, allowed for agencies.
    pub region: Option<RegionCode>,
    /// Needed by employers.
    pub credit_code: Option<CreditCode>,
    /// Needed by agencies.
    pub agency: Option<Agency>,
    /// Needed by workers.
    pub worker: Option<WorkerId>,
    /// The token's `sub`.
    pub subject: String,
    /// From now on.
    pub ttl: Duration,
}

/// Why no token was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The role cannot do without it.
    #[error("the role {role} needs {claim}")]
    Missing {
        /// The role asked for.
        role: Role,
        /// What it needs.
        claim: &'static str,
    },
    /// The role has no use for it: probably a mistake about the role.
    #[error("the role {role} does not take {claim}")]
    Superfluous {
        /// The role asked for.
        role: Role,
        /// What it does not take.
        claim: &'static str,
    },
    /// An empty subject or one of over 255 characters.
    #[error("the subject must have 1 to 255 printable characters")]
    BadSubject,
    /// No time at all, or beyond the calendar.
    #[error("the time to live must be between a second and a century")]
    BadTimeToLive,
}

/// A token's `jti`; not a record, but as unique as one.
#[derive(Clone, Copy, Debug)]
struct TokenId(Uuid);

impl RecordId for TokenId {
    const TYPE: &'static str = "Token";
    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
    fn uuid(self) -> Uuid {
        self.0
    }
}

/// Issues tokens under the exchange's own key.
pub struct Issuer {
    issuer: String,
    audience: String,
    key: SigningKey,
    wall: WallClock,
    ids: IdSource,
}

impl Issuer {
    /// An issuer for what an [`super::Authenticator`] of the same configuration and the embedded
    /// key accepts.
    #[must_use]
    pub fn new(config: &AuthConfig, key: SigningKey, wall: WallClock, ids: IdSource) -> Self {
        Self {
            issuer: config.issuer().to_owned(),
            audience: config.audience.clone(),
            key,
            wall,
            ids,
        }
    }

    /// Signs a token.
    ///
    /// # Errors
    /// [`IssueError`] when the role lacks what it needs, or subject or time make no sense.
    pub fn issue(&self, request: &TokenRequest) -> Result<String, IssueError> {
        let subject_chars = request.subject.chars().count();
        if !(1..=255).contains(&subject_chars) || request.subject.chars().any(char::is_control) {
            return Err(IssueError::BadSubject);
        }
        let ttl_s = i64::try_from(request.ttl.as_secs()).unwrap_or(i64::MAX);
        if !(1..=100 * 366 * 86_400).contains(&ttl_s) {
            return Err(IssueError::BadTimeToLive);
        }
        let now = self.wall.now().timestamp();
        let mut claims = role_claims(request)?;
        let standard = [
            ("iss", json!(self.issuer)),
            ("aud", json!(self.audience)),
            ("sub", json!(request.subject)),
            ("iat", json!(now)),
            ("exp", json!(now + ttl_s)),
            ("jti", json!(self.ids.next::<TokenId>().uuid())),
        ];
        claims.extend(standard.map(|(name, value)| (name.to_owned(), value)));
        Ok(self.key.sign(Purpose::Token, &claims))
    }
}

/// The role and exactly what it needs, under the default names: the embedded mode has no others.
fn role_claims(request: &TokenRequest) -> Result<Map<String, Value>, IssueError> {
    let TokenRequest {
        role,
        region,
        credit_code,
        agency,
        worker,
        subject: _,
        ttl: _,
    } = request;
    let role = *role;
    let names = ClaimNames::default();
    let by_region = matches!(role, Role::Officer | Role::Helper);
    let mut claims = Map::from_iter([(names.role, json!(role.as_str()))]);
    let facts = [
        (
            names.region,
            "region",
            region.as_ref().map(ToString::to_string),
            Need::of(by_region, role == Role::Agency),
        ),
        (
            names.credit_code,
            "creditCode",
            credit_code.as_ref().map(|code| code.as_str().to_owned()),
            Need::of(role == Role::Employer, false),
        ),
        (
            names.agency,
            "agency",
            agency.map(|agency| agency.as_str().to_owned()),
            Need::of(role == Role::Agency, false),
        ),
        (
            names.worker,
            "worker",
            worker.map(ids::encode),
            Need::of(role == Role::Worker, false),
        ),
    ];
    for (name, claim, value, need) in facts {
        match (value, need) {
            (Some(value), Need::Required | Need::Optional) => {
                claims.insert(name, json!(value));
            }
            (None, Need::Optional | Need::Refused) => {}
            (None, Need::Required) => return Err(IssueError::Missing { role, claim }),
            (Some(_), Need::Refused) => return Err(IssueError::Superfluous { role, claim }),
        }
    }
    Ok(claims)
}

/// What a role makes of a claim.
#[derive(Clone, Copy)]
enum Need {
    Required,
    Optional,
    Refused,
}

impl Need {
    const fn of(required: bool, optional: bool) -> Self {
        match (required, optional) {
            (true, _) => Self::Required,
            (false, true) => Self::Optional,
            (false, false) => Self::Refused,
        }
    }
}
