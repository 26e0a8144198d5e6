//! Reading what people type: one rejection per field, each pointing at it.

use chrono::NaiveDate;

use super::super::error::WorkerRejection;
use super::super::model::{LabourFact, LabourFactKind};
use super::super::public;
use super::super::repo::sealed::{Account, SealedValue};
use super::super::rules::WORKING_AGE;
use super::register::StatedFlag;
use crate::capability::region;
use crate::kernel::bank_account::BankAccount;
use crate::kernel::days::is_too_early;
use crate::kernel::error::{Refusal, UserError};
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::kernel::personal::{FreeTextError, free_text, holds_personal_number};
use crate::kernel::phone::Phone;
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::kernel::text::bounded;
use crate::platform::crypto::{BlindIndex, Context, Sealed};
use crate::platform::db::Session;

/// Longest name, address or reason in characters.
pub(super) const MAX_TEXT: usize = 200;

/// A text of 1 to [`MAX_TEXT`] characters as [`bounded`] reads it, so that what is typed and what
/// stands in a ledger are the same; nobody's number stands in it.
pub(super) fn text(raw: &str, field: &str) -> Result<String, UserError> {
    let text = identifier(raw, field)?;
    if holds_personal_number(&text) {
        return Err(UserError::at(
            &["input", field],
            &WorkerRejection::PersonalNumber,
        ));
    }
    Ok(text)
}

/// The same for what may rightly have as many digits as a person's number: a household's number, the
/// subject of a helper's token.
pub(super) fn identifier(raw: &str, field: &str) -> Result<String, UserError> {
    let rejection = WorkerRejection::BadText { most: MAX_TEXT };
    bounded(raw, MAX_TEXT).ok_or_else(|| UserError::at(&["input", field], &rejection))
}

/// A household's number as typed. Somebody's resident id it is not: whoever sees the household would
/// read it.
pub(super) fn household_number(raw: &str, field: &str) -> Result<String, UserError> {
    let number = identifier(raw, field)?;
    if ResidentId::stands_in(&number) {
        return Err(UserError::at(
            &["input", field],
            &WorkerRejection::PersonalNumber,
        ));
    }
    Ok(number)
}

/// What a caller wrote in their own words, which the record or the journal keeps for good: 1 to
/// [`MAX_TEXT`] characters without anybody's number.
pub(super) fn words(raw: &str, field: &str) -> Result<String, UserError> {
    free_text(raw, 1..=MAX_TEXT).map_err(|error| {
        let rejection = match error {
            FreeTextError::Length => WorkerRejection::BadText { most: MAX_TEXT },
            FreeTextError::PersonalNumber => WorkerRejection::PersonalNumber,
        };
        UserError::at(&["input", field], &rejection)
    })
}

/// A day that is neither in the future nor before anything the registry is about.
pub(super) fn past_day(
    session: &impl Session,
    day: NaiveDate,
    field: &str,
) -> Result<NaiveDate, UserError> {
    if day > session.today() {
        return Err(UserError::at(
            &["input", field],
            &WorkerRejection::DateInFuture,
        ));
    }
    if is_too_early(day) {
        return Err(UserError::at(
            &["input", field],
            &WorkerRejection::DateTooEarly,
        ));
    }
    Ok(day)
}

/// A region that the table has, in force or not.
pub(super) async fn region(
    session: &impl Session,
    code: RegionCode,
    field: &str,
) -> Result<RegionCode, Refusal> {
    if region::public::exists(session, code).await? {
        Ok(code)
    } else {
        Err(UserError::at(&["input", field], &WorkerRejection::UnknownRegion).into())
    }
}

/// Most skills of one person.
const MAX_SKILLS: usize = 20;

/// Skills in the person's words.
pub(super) fn skills(raw: &[String]) -> Result<Vec<String>, UserError> {
    if raw.len() > MAX_SKILLS {
        let most = MAX_SKILLS;
        let rejection = WorkerRejection::TooManySkills { most };
        return Err(UserError::at(&["input", "skills"], &rejection));
    }
    raw.iter().map(|skill| text(skill, "skills")).collect()
}

/// What was stated about a person, as facts.
pub(super) fn facts<const N: usize>(
    session: &impl Session,
    stated: [(LabourFactKind, &'static str, Option<StatedFlag>); N],
) -> Result<Vec<LabourFact>, UserError> {
    stated
        .into_iter()
        .filter_map(|(kind, field, flag)| Some((kind, field, flag?)))
        .map(|(kind, field, flag)| {
            let StatedFlag {
                value,
                since,
                source,
            } = flag;
            Ok(LabourFact {
                kind,
                value,
                since: past_day(session, since, field)?,
                source: words(&source, field)?,
            })
        })
        .collect()
}

/// A resident id as typed. Which county issued the number is not looked up: only a note would
/// come of it, and nobody would read it.
pub(super) fn resident_id(session: &impl Session, raw: &str) -> Result<ResidentId, UserError> {
    ResidentId::parse(raw, session.today(), &|_: u32| None::<bool>)
        .map(|parsed| parsed.id)
        .map_err(|error| {
            UserError::at(
                &["input", "residentId"],
                &WorkerRejection::Unreadable { code: error.code() },
            )
        })
}

/// The resident id of somebody of working age.
pub(super) fn working_resident_id(
    session: &impl Session,
    raw: &str,
) -> Result<ResidentId, UserError> {
    let id = resident_id(session, raw)?;
    if id
        .age_on(session.today())
        .is_none_or(|age| age < WORKING_AGE)
    {
        let rejection = WorkerRejection::UnderWorkingAge;
        return Err(UserError::at(&["input", "residentId"], &rejection));
    }
    Ok(id)
}

/// The keyed hash by which a resident id is found.
pub(super) fn index_of(session: &impl Session, id: &ResidentId) -> BlindIndex {
    session
        .keys()
        .index
        .index(Context::RESIDENT_ID, id.expose())
}

/// A resident id, ready to be stored with that person.
pub(super) fn sealed_resident_id(
    session: &impl Session,
    owner: WorkerId,
    id: &ResidentId,
) -> SealedValue {
    SealedValue {
        sealed: seal(session, Context::RESIDENT_ID, owner, id.expose()),
        mask: id.masked(),
    }
}

/// A phone number, ready to be stored with that person.
pub(super) fn phone(
    session: &impl Session,
    owner: WorkerId,
    raw: &str,
) -> Result<SealedValue, UserError> {
    let phone = Phone::parse(raw).map_err(|error| {
        UserError::at(
            &["input", "phone"],
            &WorkerRejection::Unreadable { code: error.code() },
        )
    })?;
    Ok(SealedValue {
        sealed: seal(session, Context::PHONE, owner, phone.expose()),
        mask: phone.masked(),
    })
}

/// A bank account, ready to be stored with that person.
pub(super) fn bank_account(
    session: &impl Session,
    owner: WorkerId,
    raw: &str,
) -> Result<Account, UserError> {
    let account = BankAccount::parse(raw).map_err(|error| {
        UserError::at(
            &["input", "bankAccount"],
            &WorkerRejection::Unreadable { code: error.code() },
        )
    })?;
    Ok(Account {
        value: SealedValue {
            sealed: seal(session, Context::BANK_ACCOUNT, owner, account.expose()),
            mask: account.masked(),
        },
        index: public::bank_account_index(session, &account),
    })
}

fn seal(session: &impl Session, context: Context, owner: WorkerId, value: &str) -> Sealed {
    let owner = owner.uuid();
    session.keys().ring.seal(context, owner.as_bytes(), value)
}
