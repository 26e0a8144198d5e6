//! The only way to see a personal value in full: for a purpose that stays in the trail.

use secrecy::{ExposeSecret as _, SecretString};

use super::super::error::WorkerRejection;
use super::super::model::PersonalField;
use super::super::policy;
use super::super::repo::sealed::{self, SealedFields};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Refusal, UserError};
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::personal::free_text;
use crate::kernel::resident_id::ResidentId;
use crate::platform::crypto::{Context, KeyRing, Sealed};
use crate::platform::db::{Session as _, WriteSession};
use crate::platform::journal::AuditEntry;

/// Shortest and longest purpose in characters.
const PURPOSE: std::ops::RangeInclusive<usize> = 5..=200;

/// A wish to see personal values of one person.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// Whose.
    pub worker: WorkerId,
    /// Which; at least one.
    pub fields: Vec<PersonalField>,
    /// What for, in the caller's words.
    pub purpose: String,
}

/// Values in full, for an answer and nothing else. What was not asked for or is not known is
/// absent.
#[derive(Default)]
pub struct PersonalData {
    /// Resident id of 18 characters.
    pub resident_id: Option<SecretString>,
    /// Phone number.
    pub phone: Option<SecretString>,
    /// Bank account.
    pub bank_account: Option<SecretString>,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_date: Option<SecretString>,
}

/// How a reveal ended; both ways leave an entry with the purpose in the person's access log.
pub enum Revealed {
    /// The values.
    Opened(PersonalData),
    /// Some of the fields are not for the caller's role; nothing was opened.
    NotAllowed,
}

/// Opens personal values of a person in scope. The entry is durable before the values leave.
///
/// # Errors
/// `BAD_PURPOSE`, `MISSING` without fields; [`Failure::NotFound`] for a person out of scope.
pub async fn reveal(tx: WriteSession, wish: Reveal) -> Result<Revealed, Refusal> {
    let Reveal {
        worker,
        mut fields,
        purpose,
    } = wish;
    let purpose = read_purpose(&purpose)?;
    fields.sort_unstable();
    fields.dedup();
    if fields.is_empty() {
        let missing = WorkerRejection::Unreadable { code: "MISSING" };
        return Err(UserError::at(&["input", "fields"], &missing).into());
    }
    let sealed = sealed::sealed(&tx, worker)
        .await?
        .ok_or(Failure::NotFound)?;
    let identity = tx.permit().caller().holds(&policy::REVEAL_IDENTITY);
    let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
    if fields.iter().any(|field| !identity && field.is_identity()) {
        let entry = AuditEntry::with_outcome("FIELD_NOT_ALLOWED", &())?;
        tx.commit(entry.for_purpose(purpose).about(worker)).await?;
        return Ok(Revealed::NotAllowed);
    }
    let opened = open(&tx.keys().ring, worker, &sealed, &fields)?;
    let entry = AuditEntry::with_outcome("REVEALED", &())?;
    tx.commit(entry.for_purpose(purpose).showing(worker, names))
        .await?;
    Ok(Revealed::Opened(opened))
}

/// A purpose that says something and names nobody's number.
fn read_purpose(raw: &str) -> Result<String, UserError> {
    free_text(raw, PURPOSE)
        .map_err(|_| UserError::at(&["input", "purpose"], &WorkerRejection::BadPurpose))
}

fn open(
    ring: &KeyRing,
    owner: WorkerId,
    sealed: &SealedFields,
    fields: &[PersonalField],
) -> Result<PersonalData, Failure> {
    let owner = owner.uuid();
    let value = |context, sealed: &Sealed| {
        ring.open(context, owner.as_bytes(), sealed)
            .map_err(Failure::internal)
    };
    let optional =
        |context, sealed: &Option<Sealed>| sealed.as_ref().map(|s| value(context, s)).transpose();
    let mut data = PersonalData::default();
    for field in fields {
        match field {
            PersonalField::ResidentId => {
                data.resident_id = Some(value(Context::RESIDENT_ID, &sealed.resident_id)?);
            }
            PersonalField::BirthDate => {
                let id = value(Context::RESIDENT_ID, &sealed.resident_id)?;
                let id =
                    ResidentId::from_canonical(id.expose_secret()).map_err(Failure::internal)?;
                data.birth_date = Some(id.birth_date().to_string().into());
            }
            PersonalField::Phone => data.phone = optional(Context::PHONE, &sealed.phone)?,
            PersonalField::BankAccount => {
                data.bank_account = optional(Context::BANK_ACCOUNT, &sealed.bank_account)?;
            }
        }
    }
    Ok(data)
}

impl PersonalField {
    /// Whether the value identifies the person or their account; a phone number only reaches them.
    const fn is_identity(self) -> bool {
        match self {
            Self::ResidentId | Self::BankAccount | Self::BirthDate => true,
            Self::Phone => false,
        }
    }

    /// The name in the trail.
    fn name(self) -> &'static str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_says_something_and_holds_no_number_of_a_person() {
        for good in ["核发交通补贴", "call about the 2026-11 visit, 13 to 27"] {
            assert!(read_purpose(good).is_ok(), "{good}");
        }
        assert_eq!(
            read_purpose(" 核发 补贴 ").ok().as_deref(),
            Some("核发 补贴")
        );
        let long = "长".repeat(201);
        for bad in [
            "",
            "    核发    ",
            "致电13930628917核实",
            "致电139-3062-8917核实",
            "身份证５９０２２２１９９００１０１００１Ｘ",
            &long,
        ] {
            let refused = read_purpose(bad).expect_err(bad);
            assert_eq!(refused.code, "BAD_PURPOSE");
        }
    }
}
