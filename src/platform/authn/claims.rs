//! From the claims of a token whose signature holds to the principal they describe.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::principal::VerifiedToken;
use super::{Agency, AuthnError, Identity, Principal, Role, WallClock, WorkerBinding};
use crate::kernel::closed::Closed as _;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::ids;
use crate::kernel::personal::holds_personal_number;
use crate::kernel::phone::Phone;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::platform::config::ClaimNames;
use crate::platform::crypto::{BlindIndex, BlindIndexKey, Context};

/// Subjects go into every journal entry; a token's own id is held to the same.
const MAX_NAME_CHARS: usize = 255;

/// What is needed to read claims.
pub(super) struct ClaimReader {
    pub(super) names: ClaimNames,
    pub(super) index: BlindIndexKey,
    pub(super) wall: WallClock,
    /// Seconds by which clocks may differ.
    pub(super) leeway_s: u32,
}

impl ClaimReader {
    /// The principal, when time, standard claims and the role's own claims all fit.
    pub(super) fn principal(&self, claims: &Value) -> Result<Principal, AuthnError> {
        let expires_at = self.check_time(claims)?;
        let identity = self.identity(claims)?;
        let token = VerifiedToken {
            issuer: name(claims, "iss")?,
            subject: self.subject(claims)?,
            token_id: self.token_id(claims)?,
            expires_at,
        };
        Ok(Principal::verified(token, identity))
    }

    fn check_time(&self, claims: &Value) -> Result<DateTime<Utc>, AuthnError> {
        let now = self.wall.now();
        let leeway = chrono::TimeDelta::seconds(self.leeway_s.into());
        let expires_at = instant(claims, "exp")?.ok_or_else(|| missing("exp"))?;
        if now >= expires_at + leeway {
            return Err(AuthnError::Expired);
        }
        if instant(claims, "nbf")?.is_some_and(|from| now < from - leeway) {
            return Err(AuthnError::NotYetValid);
        }
        Ok(expires_at)
    }

    fn subject(&self, claims: &Value) -> Result<String, AuthnError> {
        let subject = name(claims, "sub")?;
        Ok(subject_name(&self.index, self.wall.today(), &subject))
    }

    /// Tells the tokens of one subject apart; nothing rests on it, so that an issuer may leave it out.
    fn token_id(&self, claims: &Value) -> Result<Option<String>, AuthnError> {
        let id = &self.names.token_id;
        claim(claims, id).map(|_| name(claims, id)).transpose()
    }

    fn identity(&self, claims: &Value) -> Result<Identity, AuthnError> {
        let names = &self.names;
        let role = Role::parse(required(claims, &names.role)?).ok_or_else(|| bad(&names.role))?;
        Ok(match role {
            Role::Admin => Identity::Admin,
            Role::Officer => Identity::Officer {
                region: self.region(claims)?.ok_or_else(|| missing(&names.region))?,
            },
            Role::Agency => Identity::Agency {
                agency: Agency::parse(required(claims, &names.agency)?)
                    .ok_or_else(|| bad(&names.agency))?,
                region: self.region(claims)?,
            },
            Role::Employer => Identity::Employer {
                credit_code: CreditCode::parse(required(claims, &names.credit_code)?)
                    .map_err(|_| bad(&names.credit_code))?,
            },
            Role::Helper => Identity::Helper {
                region: self.region(claims)?.ok_or_else(|| missing(&names.region))?,
            },
            Role::Worker => Identity::Worker(self.worker(claims)?),
            Role::Auditor => Identity::Auditor,
        })
    }

    fn region(&self, claims: &Value) -> Result<Option<RegionCode>, AuthnError> {
        optional(claims, &self.names.region)?
            .map(|code| RegionCode::parse(code).map_err(|_| bad(&self.names.region)))
            .transpose()
    }

    /// By record id or by resident id; a token with both could mean two people.
    fn worker(&self, claims: &Value) -> Result<WorkerBinding, AuthnError> {
        let names = &self.names;
        let id = optional(claims, &names.worker)?;
        let resident_id = optional(claims, &names.resident_id)?;
        match (id, resident_id) {
            (Some(id), None) => ids::decode(id)
                .map(WorkerBinding::Id)
                .map_err(|_| bad(&names.worker)),
            (None, Some(number)) => self
                .resident_id_hash(number)
                .map(WorkerBinding::ResidentIdHash)
                .ok_or_else(|| bad(&names.resident_id)),
            (Some(_), Some(_)) => Err(bad(&names.resident_id)),
            (None, None) => Err(missing(&names.worker)),
        }
    }

    fn resident_id_hash(&self, number: &str) -> Option<BlindIndex> {
        resident_id_hash(&self.index, self.wall.today(), number)
    }
}

/// What hashes of subjects begin with.
const HASHED: [&str; 3] = ["resident-id-hash:", "phone-hash:", "subject-hash:"];

/// Separates the hashes of subjects from all other keyed hashes.
const SUBJECT: Context = Context::new("token.subject");

/// A subject as it is kept. Some issuers use the resident id or the phone number as the account
/// name, or a name that holds one, such as `mobile:13912345678`; a subject is written to every journal
/// entry, so such a one is replaced by its hash. A number that is nobody's after all loses nothing: its
/// hash names the caller just as well.
#[must_use]
pub fn subject_name(index: &BlindIndexKey, today: NaiveDate, subject: &str) -> String {
    if is_hashed(subject) {
        return subject.to_owned();
    }
    if let Some(hash) = resident_id_hash(index, today, subject) {
        return format!("resident-id-hash:{}", hash.to_hex());
    }
    match Phone::parse(subject) {
        Ok(phone) => {
            let hash = index.index(Context::PHONE, phone.expose());
            format!("phone-hash:{}", hash.to_hex())
        }
        Err(_) if holds_personal_number(subject) => {
            let hash = index.index_exactly(SUBJECT, subject.as_bytes());
            format!("subject-hash:{}", hash.to_hex())
        }
        Err(_) => subject.to_owned(),
    }
}

/// Whether it is such a hash already, as the trail shows it and an officer may copy it from there: one
/// in thirty has as many digits in a row as an account.
fn is_hashed(subject: &str) -> bool {
    let hex = |c: char| c.is_ascii_hexdigit();
    HASHED
        .iter()
        .filter_map(|prefix| subject.strip_prefix(prefix))
        .any(|hash| hash.len() == 64 && hash.chars().all(hex))
}

fn resident_id_hash(index: &BlindIndexKey, today: NaiveDate, number: &str) -> Option<BlindIndex> {
    // Abolished counties are accepted anyway, so no table of them is needed.
    let parsed = ResidentId::parse(number, today, &|_| None).ok()?;
    Some(index.index(Context::RESIDENT_ID, parsed.id.expose()))
}

/// A claim by its name, or by its JSON pointer.
fn claim<'a>(claims: &'a Value, name: &str) -> Option<&'a Value> {
    let found = if name.starts_with('/') {
        claims.pointer(name)
    } else {
        claims.get(name)
    };
    found.filter(|value| !value.is_null())
}

fn optional<'a>(claims: &'a Value, name: &str) -> Result<Option<&'a str>, AuthnError> {
    claim(claims, name)
        .map(|value| value.as_str().ok_or_else(|| bad(name)))
        .transpose()
}

fn required<'a>(claims: &'a Value, name: &str) -> Result<&'a str, AuthnError> {
    optional(claims, name)?.ok_or_else(|| missing(name))
}

/// A claim that is kept and logged: not empty, bounded, printable.
fn name(claims: &Value, claim: &str) -> Result<String, AuthnError> {
    let text = required(claims, claim)?;
    let printable = !text.is_empty() && !text.chars().any(char::is_control);
    (printable && text.chars().count() <= MAX_NAME_CHARS)
        .then(|| text.to_owned())
        .ok_or_else(|| bad(claim))
}

/// A `NumericDate` (RFC 7519): seconds, with a fraction that is cut off.
fn instant(claims: &Value, name: &str) -> Result<Option<DateTime<Utc>>, AuthnError> {
    let Some(value) = claim(claims, name) else {
        return Ok(None);
    };
    // A year-9999 bound keeps what is added to it within range.
    let in_range = |seconds: &i64| (0..=253_402_300_799).contains(seconds);
    // A float out of range saturates and then fails the bound.
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds
        .filter(in_range)
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or_else(|| bad(name))
}

fn missing(name: &str) -> AuthnError {
    AuthnError::MissingClaim(name.to_owned())
}

fn bad(name: &str) -> AuthnError {
    AuthnError::BadClaim(name.to_owned())
}
