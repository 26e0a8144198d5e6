//! The demo's tokens: one for every part that somebody can have in the province.

use std::fmt::Write as _;
use std::time::Duration;

use crate::cli::error::CommandError;
use crate::cli::province::{Cast, HELPER};
use crate::kernel::closed::Closed as _;
use crate::kernel::ids::IdSource;
use crate::kernel::region_code::RegionCode;
use crate::platform::authn::{Agency, Issuer, Role, TokenRequest, WallClock};
use crate::platform::config::Config;
use crate::platform::crypto::Keys;

/// Long enough for a course, short enough that a token in somebody's notes ends.
const DAYS: u64 = 30;

/// One token, for whom it is, and what it is bound to.
struct Line {
    role: Role,
    bound_to: String,
    token: String,
}

/// Ready tokens.
pub(super) struct Tokens(Vec<Line>);

impl Tokens {
    /// A token for every part in the cast. The worker's is bound to nobody, and sees nothing, once
    /// the cast's person has moved.
    pub(super) fn issue(
        config: &Config,
        keys: &Keys,
        ids: &IdSource,
        cast: Cast,
    ) -> Result<Self, CommandError> {
        let signing = keys.signing.clone();
        let issuer = Issuer::new(&config.auth, signing, WallClock::system(), ids.clone());
        let lines = parts(cast, ids).into_iter().map(|(request, bound_to)| {
            Ok(Line {
                role: request.role,
                bound_to,
                token: issuer.issue(&request)?,
            })
        });
        Ok(Self(lines.collect::<Result<_, CommandError>>()?))
    }

    /// What the demo prints once it listens at `url`.
    pub(super) fn table(&self, url: &str) -> String {
        let mut text = format!(
            "Employment Assistance Exchange {}: a fictional province\n\n\
             GraphQL   {url}/graphql\n\
             Explorer  {url}/\n\n\
             Send a token as `Authorization: Bearer TOKEN`. They are valid for {DAYS} days; \
             `exchange token` makes others.\n",
            env!("CARGO_PKG_VERSION")
        );
        for Line {
            role,
            bound_to,
            token,
        } in &self.0
        {
            // On a line of its own, a token is selected by three clicks.
            write!(text, "\n{:<9} {bound_to}\n{token}\n", role.as_str())
                .expect("writing to a string cannot fail");
        }
        text.push_str("\nStop with Ctrl-C.\n");
        text
    }
}

/// Everybody who has a part, with what the table says of them.
fn parts(cast: Cast, ids: &IdSource) -> Vec<(TokenRequest, String)> {
    let Cast {
        origin,
        destination,
        employer,
        worker,
        made: _,
    } = cast;
    let province = origin.province();
    let mut parts = vec![
        officer("officer-origin", origin, format!("origin county {origin}")),
        officer(
            "officer-destination",
            destination,
            format!("destination county {destination}"),
        ),
        officer("officer-province", province, format!("province {province}")),
        (
            TokenRequest {
                credit_code: Some(employer.clone()),
                ..plain(Role::Employer, "employer")
            },
            employer.as_str().to_owned(),
        ),
        (
            TokenRequest {
                region: Some(origin),
                ..plain(Role::Helper, HELPER)
            },
            format!("the people assigned to {HELPER}, {origin}"),
        ),
        (
            TokenRequest {
                worker: Some(worker.unwrap_or_else(|| ids.next())),
                ..plain(Role::Worker, "worker")
            },
            "the own record".to_owned(),
        ),
    ];
    for (role, subject, sees) in [
        (Role::Auditor, "auditor", "everything, masked"),
        (Role::Admin, "admin", "the whole province, masked"),
    ] {
        parts.push((plain(role, subject), sees.to_owned()));
    }
    parts.extend(Agency::VALUES.iter().map(|agency| agency_part(*agency)));
    parts
}

fn officer(subject: &str, region: RegionCode, bound_to: String) -> (TokenRequest, String) {
    let request = TokenRequest {
        region: Some(region),
        ..plain(Role::Officer, subject)
    };
    (request, bound_to)
}

fn agency_part(agency: Agency) -> (TokenRequest, String) {
    let subject = format!("agency-{}", agency.as_str().to_ascii_lowercase());
    let request = TokenRequest {
        agency: Some(agency),
        ..plain(Role::Agency, &subject)
    };
    (request, agency.as_str().to_owned())
}

fn plain(role: Role, subject: &str) -> TokenRequest {
    TokenRequest {
        role,
        region: None,
        credit_code: None,
        agency: None,
        worker: None,
        subject: subject.to_owned(),
        ttl: Duration::from_secs(DAYS * 86_400),
    }
}
