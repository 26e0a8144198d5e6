//! Which tokens are accepted, whom they prove, and which forgeries are refused.

mod embedded;
mod keys;
mod support;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use self::support::{JwksEndpoint, Signer, b64, jwks, signing_input};
use super::*;
use crate::kernel::region_code::RegionCode;
use crate::platform::config::ClaimNames;
use crate::platform::crypto::{BlindIndexKey, Context, Purpose};

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "employment-exchange";
const COUNTY: &str = "590101000000";
const RESIDENT_ID: &str = "11010519491231002X";
/// 2026-11-23T01:00:00Z.
const NOW: i64 = 1_795_395_600;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn index() -> BlindIndexKey {
    BlindIndexKey::new(&[7; 32])
}

fn rules(claims: ClaimNames) -> TokenRules {
    TokenRules {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        leeway_s: 30,
        claims,
    }
}

/// One signer, its endpoint and an authenticator with a clock that stands at [`NOW`].
struct Bench {
    signer: Signer,
    endpoint: JwksEndpoint,
    wall: WallClock,
    authenticator: Authenticator,
}

impl Bench {
    async fn with(signer: Signer, claims: ClaimNames) -> Self {
        let endpoint = JwksEndpoint::serving(&jwks(&[("k1", &signer)])).await;
        let wall = WallClock::fixed(at(NOW));
        let keys = KeySource::jwks(&endpoint.url, Vec::new(), wall.clone()).unwrap();
        Self {
            authenticator: Authenticator::new(rules(claims), keys, index(), wall.clone()),
            signer,
            endpoint,
            wall,
        }
    }

    async fn new() -> Self {
        Self::with(Signer::eddsa(), ClaimNames::default()).await
    }

    async fn verify(&self, token: &str) -> Result<Principal, AuthnError> {
        let header = format!("Bearer {token}");
        let verified = self.authenticator.verify(Some(&header)).await;
        verified.map(|principal| principal.expect("a header never means anonymous"))
    }

    /// What becomes of a token with these changes to valid claims; `null` takes one away.
    async fn verdict(&self, changes: Value) -> Result<Principal, AuthnError> {
        self.verify(&self.signer.token("k1", &claims(changes)))
            .await
    }
}

/// An officer's claims with changes.
fn claims(changes: Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "officer-7", "jti": "t-1",
        "iat": NOW, "exp": NOW + 600, "role": "OFFICER", "region": COUNTY,
    });
    let Value::Object(changes) = changes else {
        panic!("changes are an object");
    };
    for (name, value) in changes {
        claims[name] = value;
    }
    claims
}

fn missing(claim: &str) -> AuthnError {
    AuthnError::MissingClaim(claim.to_owned())
}

fn bad(claim: &str) -> AuthnError {
    AuthnError::BadClaim(claim.to_owned())
}

#[tokio::test]
async fn a_valid_token_of_each_algorithm_proves_its_holder() {
    for signer in [Signer::es256(), Signer::eddsa(), Signer::rs256()] {
        let bench = Bench::with(signer, ClaimNames::default()).await;
        let principal = bench.verdict(json!({})).await.unwrap();
        assert_eq!(principal.issuer(), ISSUER);
        assert_eq!(principal.subject(), "officer-7");
        assert_eq!(principal.token_id(), Some("t-1"));
        assert_eq!(principal.expires_at(), Some(at(NOW + 600)));
        let region = RegionCode::parse(COUNTY).unwrap();
        assert_eq!(principal.identity(), &Identity::Officer { region });
    }
}

#[tokio::test]
async fn no_header_is_anonymous_and_any_other_header_is_refused() {
    let bench = Bench::new().await;
    assert_eq!(bench.authenticator.verify(None).await, Ok(None));
    for header in ["", "Bearer", "Bearer ", "Basic dTpw", "token", "Bearer a b"] {
        let refused = bench.authenticator.verify(Some(header)).await;
        assert_eq!(refused, Err(AuthnError::NotBearer), "{header:?}");
    }
    for garbage in ["a", "a.b", "a.b.c", "....", "e30.e30.", "ÿ.ÿ.ÿ"] {
        assert_eq!(
            bench.verify(garbage).await,
            Err(AuthnError::Malformed),
            "{garbage}"
        );
    }
    let long = "a".repeat(8 * 1024);
    assert!(matches!(
        bench.verify(&long).await,
        Err(AuthnError::TooLong { .. })
    ));
    let token = bench.signer.token("k1", &claims(json!({})));
    let lower_case = format!("bearer {token}");
    let verified = bench.authenticator.verify(Some(&lower_case)).await;
    assert!(verified.unwrap().is_some());
}

#[tokio::test]
async fn forged_algorithms_are_refused() {
    for signer in [Signer::es256(), Signer::eddsa(), Signer::rs256()] {
        let bench = Bench::with(signer, ClaimNames::default()).await;
        let unsigned = signing_input(&json!({"alg": "none", "kid": "k1"}), &claims(json!({})));
        assert_eq!(
            bench.verify(&format!("{unsigned}.")).await,
            Err(AuthnError::Malformed)
        );
        let input = signing_input(&json!({"alg": "HS256", "kid": "k1"}), &claims(json!({})));
        let mut mac = Hmac::<Sha256>::new_from_slice(&bench.signer.public_bytes()).unwrap();
        mac.update(input.as_bytes());
        let forged = format!("{input}.{}", b64(mac.finalize().into_bytes()));
        assert_eq!(
            bench.verify(&forged).await,
            Err(AuthnError::WrongAlgorithm),
            "HMAC with the public key"
        );
        let stranger = Signer::eddsa().jws(
            &json!({"alg": bench.signer.alg(), "kid": "k1"}),
            &claims(json!({})),
        );
        assert_eq!(bench.verify(&stranger).await, Err(AuthnError::BadSignature));
    }
}

#[tokio::test]
async fn a_token_that_brings_its_own_key_or_extension_is_refused() {
    let bench = Bench::new().await;
    let stranger = Signer::eddsa();
    let mut header = json!({"alg": "EdDSA", "kid": "k1", "jwk": stranger.jwk()});
    assert_eq!(
        bench
            .verify(&stranger.jws(&header, &claims(json!({}))))
            .await,
        Err(AuthnError::BadSignature)
    );
    header["crit"] = json!(["exp"]);
    assert_eq!(
        bench
            .verify(&bench.signer.jws(&header, &claims(json!({}))))
            .await,
        Err(AuthnError::UnsupportedHeader("crit"))
    );
    let header = json!({"alg": "EdDSA", "kid": "k1", "typ": Purpose::Anchor.as_str()});
    assert_eq!(
        bench
            .verify(&bench.signer.jws(&header, &claims(json!({}))))
            .await,
        Err(AuthnError::UnsupportedHeader("typ"))
    );
}

#[tokio::test]
async fn time_is_checked_to_the_second_with_leeway() {
    let bench = Bench::new().await;
    for (changes, expected) in [
        (json!({"exp": NOW - 29}), None),
        (json!({"exp": NOW - 30}), Some(AuthnError::Expired)),
        (json!({"exp": NOW as f64 - 29.5}), Some(AuthnError::Expired)),
        (json!({"nbf": NOW + 30}), None),
        (json!({"nbf": NOW + 31}), Some(AuthnError::NotYetValid)),
        (json!({"exp": null}), Some(missing("exp"))),
        (json!({"exp": "soon"}), Some(missing("exp"))),
        (json!({"exp": i64::MAX}), Some(bad("exp"))),
        (json!({"nbf": "soon"}), Some(bad("nbf"))),
    ] {
        let verdict = bench.verdict(changes.clone()).await;
        assert_eq!(verdict.err(), expected, "{changes}");
    }
    bench.wall.set(at(NOW + 630));
    assert_eq!(bench.verdict(json!({})).await, Err(AuthnError::Expired));
}

#[tokio::test]
async fn issuer_audience_and_standard_claims_must_fit() {
    let bench = Bench::new().await;
    for (changes, expected) in [
        (json!({"aud": "other"}), Some(AuthnError::WrongAudience)),
        (json!({"aud": ["other", AUDIENCE]}), None),
        (json!({"aud": null}), Some(missing("aud"))),
        (
            json!({"iss": "https://other"}),
            Some(AuthnError::WrongIssuer),
        ),
        (json!({"iss": [ISSUER]}), Some(bad("iss"))),
        (json!({"iss": null}), Some(missing("iss"))),
        (json!({"sub": null}), Some(missing("sub"))),
        (json!({"sub": ""}), Some(bad("sub"))),
        (json!({"sub": "a\nb"}), Some(bad("sub"))),
        (json!({"sub": "a".repeat(256)}), Some(bad("sub"))),
        (json!({"jti": null}), None),
        (json!({"jti": 7}), Some(bad("jti"))),
        (json!({"jti": "a\nb"}), Some(bad("jti"))),
        (json!({"jti": "a".repeat(256)}), Some(bad("jti"))),
    ] {
        let verdict = bench.verdict(changes.clone()).await;
        assert_eq!(verdict.err(), expected, "{changes}");
    }
}

#[tokio::test]
async fn a_role_without_what_it_needs_is_refused() {
    let bench = Bench::new().await;
    for (changes, expected) in [
        (json!({"role": null}), missing("role")),
        (json!({"role": "KING"}), bad("role")),
        (json!({"role": ["OFFICER"]}), bad("role")),
        (json!({"region": null}), missing("region")),
        (json!({"region": "5901"}), bad("region")),
        (json!({"role": "HELPER", "region": null}), missing("region")),
        (json!({"role": "AGENCY"}), missing("agency")),
        (json!({"role": "AGENCY", "agency": "POST"}), bad("agency")),
        (json!({"role": "EMPLOYER"}), missing("creditCode")),
        (
            json!({"role": "EMPLOYER", "creditCode": "1"}),
            bad("creditCode"),
        ),
        (json!({"role": "WORKER"}), missing("worker")),
        (json!({"role": "WORKER", "worker": "1"}), bad("worker")),
        (
            json!({"role": "WORKER", "residentId": "1"}),
            bad("residentId"),
        ),
        (
            json!({"role": "WORKER", "worker": "1", "residentId": RESIDENT_ID}),
            bad("residentId"),
        ),
    ] {
        let verdict = bench.verdict(changes.clone()).await;
        assert_eq!(verdict, Err(expected), "{changes}");
    }
}

#[tokio::test]
async fn claims_under_an_issuers_own_names_are_read() {
    let names = ClaimNames {
        role: "/realm_access/role".to_owned(),
        region: "https://issuer.example/region".to_owned(),
        resident_id: "id_card".to_owned(),
        token_id: "uti".to_owned(),
        ..ClaimNames::default()
    };
    let bench = Bench::with(Signer::eddsa(), names).await;
    let officer = json!({
        "role": null, "region": null, "realm_access": {"role": "OFFICER"},
        "https://issuer.example/region": COUNTY, "uti": "u-1",
    });
    let principal = bench.verdict(officer).await.unwrap();
    assert_eq!(principal.role(), Some(Role::Officer));
    assert_eq!(principal.token_id(), Some("u-1"));
    assert_eq!(
        bench.verdict(json!({})).await,
        Err(missing("/realm_access/role"))
    );

    let worker = json!({"realm_access": {"role": "WORKER"}, "id_card": "11010519491231002x"});
    let principal = bench.verdict(worker).await.unwrap();
    assert_eq!(principal.token_id(), None, "an issuer may give none");
    let hash = index().index(Context::RESIDENT_ID, RESIDENT_ID);
    assert_eq!(
        principal.identity(),
        &Identity::Worker(WorkerBinding::ResidentIdHash(hash))
    );
}

#[tokio::test]
async fn a_phone_number_as_subject_is_hashed_however_it_is_written() {
    let bench = Bench::new().await;
    let mut subjects = Vec::new();
    for written in ["13930628917", "+86 139-3062-8917"] {
        let principal = bench.verdict(json!({"sub": written})).await.unwrap();
        subjects.push(principal.subject().to_owned());
    }
    assert!(subjects[0].starts_with("phone-hash:"), "{subjects:?}");
    assert_eq!(subjects[0], subjects[1]);
    for plain in [
        "officer-7",
        "12345678901234567890",
        "018f3c2e-1234-7123-8123-123456789012",
    ] {
        let principal = bench.verdict(json!({"sub": plain})).await.unwrap();
        assert_eq!(principal.subject(), plain);
    }
}

#[tokio::test]
async fn a_subject_that_holds_a_number_is_hashed_as_a_whole_and_once() {
    let bench = Bench::new().await;
    for (one, other) in [
        ("mobile:13930628917", "mobile:13930628918"),
        ("wx_11010519491231002X", "WX_11010519491231002X"),
        // Nobody's number perhaps; its hash names the caller as well as the number would.
        ("1234567890123456789", "1234567890123456788"),
    ] {
        let subject = async |sub: &str| {
            let principal = bench.verdict(json!({"sub": sub})).await.unwrap();
            principal.subject().to_owned()
        };
        let hashed = subject(one).await;
        assert!(hashed.starts_with("subject-hash:"), "{one}: {hashed}");
        assert_eq!(subject(one).await, hashed, "it stays the same");
        assert_ne!(subject(other).await, hashed, "one for each subject");
        // As the trail shows it, from where an officer may assign it as a helper.
        assert_eq!(subject(&hashed).await, hashed);
    }
    // The hash of another may well look like an account.
    let digits = format!("subject-hash:{}abcd", "6222021234567890beef".repeat(3));
    let kept = bench.verdict(json!({"sub": digits})).await.unwrap();
    assert_eq!(kept.subject(), digits);
}

#[tokio::test]
async fn a_resident_id_as_subject_is_hashed_and_never_printed() {
    let bench = Bench::new().await;
    let claims = json!({"role": "WORKER", "sub": RESIDENT_ID, "residentId": RESIDENT_ID});
    let principal = bench.verdict(claims).await.unwrap();
    assert!(principal.subject().starts_with("resident-id-hash:"));
    assert!(!format!("{principal:?}").contains(RESIDENT_ID));
    let broken = json!({"role": "WORKER", "residentId": "110105194912310021"});
    let error = bench.verdict(broken).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("1101051949"));
}
