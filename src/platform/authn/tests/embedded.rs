//! The exchange's own tokens: what the issuer writes is what the authenticator reads.

use std::time::Duration;

use super::*;
use crate::kernel::clock::Clock;
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids::{IdSource, WorkerId};
use crate::platform::config::AuthConfig;
use crate::platform::crypto::SigningKey;

fn embedded() -> (Issuer, Authenticator) {
    let config = AuthConfig {
        embedded: true,
        ..AuthConfig::default()
    };
    let (key, wall) = (SigningKey::generate(), WallClock::fixed(at(NOW)));
    let source = KeySource::embedded(key.public());
    let authenticator = Authenticator::new((&config).into(), source, index(), wall.clone());
    let ids = IdSource::seeded(Clock::fixed(at(NOW)), 1);
    (Issuer::new(&config, key, wall, ids), authenticator)
}

fn request(role: Role) -> TokenRequest {
    TokenRequest {
        role,
        region: None,
        credit_code: None,
        agency: None,
        worker: None,
        subject: "demo".to_owned(),
        ttl: Duration::from_secs(600),
    }
}

#[tokio::test]
async fn the_embedded_issuer_writes_what_the_authenticator_reads_for_every_role() {
    let (issuer, authenticator) = embedded();
    let region = RegionCode::parse(COUNTY).unwrap();
    let credit_code = CreditCode::parse("91350100M000100Y43").unwrap();
    let worker: WorkerId = IdSource::seeded(Clock::fixed(at(NOW)), 2).next();
    for role in Role::VALUES {
        let mut request = request(*role);
        let expected = match role {
            Role::Admin => Identity::Admin,
            Role::Officer => Identity::Officer { region },
            Role::Agency => Identity::Agency {
                agency: Agency::Tax,
                region: None,
            },
            Role::Employer => Identity::Employer {
                credit_code: credit_code.clone(),
            },
            Role::Helper => Identity::Helper { region },
            Role::Worker => Identity::Worker(WorkerBinding::Id(worker)),
            Role::Auditor => Identity::Auditor,
        };
        match role {
            Role::Officer | Role::Helper => request.region = Some(region),
            Role::Agency => request.agency = Some(Agency::Tax),
            Role::Employer => request.credit_code = Some(credit_code.clone()),
            Role::Worker => request.worker = Some(worker),
            Role::Admin | Role::Auditor => {}
        }
        let token = issuer.issue(&request).unwrap();
        let principal = authenticator.verify_token(&token).await.unwrap();
        assert_eq!(principal.identity(), &expected);
        assert_eq!(principal.expires_at(), Some(at(NOW + 600)));
        assert_ne!(issuer.issue(&request).unwrap(), token, "each jti is new");
    }
}

#[test]
fn the_embedded_issuer_refuses_a_role_that_does_not_fit_its_facts() {
    let (issuer, _) = embedded();
    let refused = |request: TokenRequest| issuer.issue(&request).unwrap_err();
    assert_eq!(
        refused(request(Role::Officer)),
        IssueError::Missing {
            role: Role::Officer,
            claim: "region"
        }
    );
    let mut admin = request(Role::Admin);
    admin.agency = Some(Agency::Tax);
    assert_eq!(
        refused(admin),
        IssueError::Superfluous {
            role: Role::Admin,
            claim: "agency"
        }
    );
    let mut nameless = request(Role::Admin);
    nameless.subject.clear();
    assert_eq!(refused(nameless), IssueError::BadSubject);
    let mut endless = request(Role::Admin);
    endless.ttl = Duration::MAX;
    assert_eq!(refused(endless), IssueError::BadTimeToLive);
}
