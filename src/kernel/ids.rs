//! Typed record ids: UUIDv7 inside, an opaque string that carries the type outside.
//!
//! One type per kind of record keeps a worker id out of an employer's place at compile time; the
//! outside form `wrk_…` keeps it out at run time.

use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::{Builder, Uuid};

use super::clock::Clock;

/// A kind of record that has an id of its own type.
pub trait RecordId: Copy + fmt::Debug + Send + Sync + 'static {
    /// The GraphQL type name, which is also what the opaque id carries.
    const TYPE: &'static str;
    /// Wraps a stored value.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The stored value.
    fn uuid(self) -> Uuid;
}

/// Why an opaque id was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IdError {
    /// It was not made by this exchange.
    #[error("not an id of this exchange")]
    Malformed,
    /// It names another kind of record.
    #[error("an id of another type")]
    WrongType,
}

/// The opaque outside form: `base64url(TYPE ":" uuid bytes)`.
#[must_use]
pub fn encode<I: RecordId>(id: I) -> String {
    encode_any(I::TYPE, id.uuid())
}

/// [`encode`] for a record whose type is known by name only.
#[must_use]
pub fn encode_any(kind: &str, id: Uuid) -> String {
    let mut bytes = Vec::with_capacity(kind.len() + 17);
    bytes.extend_from_slice(kind.as_bytes());
    bytes.push(b':');
    bytes.extend_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads an opaque id of any type: its type name and value.
///
/// # Errors
/// [`IdError::Malformed`] when it was not made by [`encode`].
pub fn decode_any(text: &str) -> Result<(String, Uuid), IdError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| IdError::Malformed)?;
    let split = bytes.len().checked_sub(17).ok_or(IdError::Malformed)?;
    let (kind, rest) = bytes.split_at(split);
    let kind = std::str::from_utf8(kind).map_err(|_| IdError::Malformed)?;
    if !kind.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(IdError::Malformed);
    }
    match rest.split_first() {
        Some((b':', uuid)) => Ok((
            kind.to_owned(),
            Uuid::from_slice(uuid).map_err(|_| IdError::Malformed)?,
        )),
        _ => Err(IdError::Malformed),
    }
}

/// Reads an opaque id of one type and refuses any other.
///
/// # Errors
/// [`IdError`] when it is malformed or of another type.
pub fn decode<I: RecordId>(text: &str) -> Result<I, IdError> {
    let (kind, uuid) = decode_any(text)?;
    if kind == I::TYPE {
        Ok(I::from_uuid(uuid))
    } else {
        Err(IdError::WrongType)
    }
}

macro_rules! record_ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl RecordId for $name {
            const TYPE: &'static str = $kind;
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )*};
}

record_ids! {
    /// A household.
    HouseholdId = "Household";
    /// A person in the registry.
    WorkerId = "Worker";
    /// A dated statement about a person and work.
    LabourFactId = "LabourFact";
    /// A proposed correction that waits for a second person.
    CorrectionId = "Correction";
    /// An employer.
    EmployerId = "Employer";
    /// One spell of work.
    EmploymentId = "Employment";
    /// One posted insurance contribution.
    ContributionId = "Contribution";
    /// One delivery of data by an agency.
    SubmissionId = "Submission";
    /// An auditor's finding.
    FindingId = "Finding";
    /// A durable background job.
    JobId = "Job";
    /// All entries written by one commit.
    CommitId = "Commit";
}

/// Where new ids come from: time-ordered (UUIDv7), with the random part seeded in tests.
#[derive(Clone)]
pub struct IdSource {
    clock: Clock,
    random: Arc<Mutex<rand::rngs::StdRng>>,
}

impl IdSource {
    /// Ids for production, seeded by the operating system.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        use rand::SeedableRng as _;
        Self::from_rng(clock, rand::rngs::StdRng::from_os_rng())
    }

    /// The same ids on every run: for tests and generated provinces.
    #[must_use]
    pub fn seeded(clock: Clock, seed: u64) -> Self {
        use rand::SeedableRng as _;
        Self::from_rng(clock, rand::rngs::StdRng::seed_from_u64(seed))
    }

    fn from_rng(clock: Clock, rng: rand::rngs::StdRng) -> Self {
        Self {
            clock,
            random: Arc::new(Mutex::new(rng)),
        }
    }

    /// A fresh id, later than every earlier one by the clock's millisecond.
    #[must_use]
    pub fn next<I: RecordId>(&self) -> I {
        use rand::RngCore as _;
        let mut random = [0_u8; 10];
        self.random
            .lock()
            .expect("no thread panics while it holds the generator")
            .fill_bytes(&mut random);
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or(0);
        I::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_one_type_is_refused_where_another_is_expected() {
        let id: WorkerId = IdSource::seeded(Clock::system(), 7).next();
        assert_eq!(decode::<WorkerId>(&encode(id)), Ok(id));
        assert_eq!(decode::<EmployerId>(&encode(id)), Err(IdError::WrongType));
        for garbage in ["", "worker:1", "%%%", "V29ya2Vy"] {
            assert_eq!(decode::<WorkerId>(garbage), Err(IdError::Malformed));
        }
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        let clock = Clock::fixed("2026-11-23T01:00:00Z".parse().expect("a valid instant"));
        let (a, b) = (
            IdSource::seeded(clock.clone(), 1),
            IdSource::seeded(clock, 1),
        );
        assert_eq!(a.next::<WorkerId>(), b.next::<WorkerId>());
    }
}
