//! Inputs of the mutations about one registered person.

use async_graphql::{Context, Error, ID, InputObject};

use super::super::super::model::{Education, PersonalField};
use super::super::super::service::{AssignHelper, Dated, Reveal, UpdateWorker, VoidLabourFact};
use super::super::inputs::StatedFlagInput;
use crate::kernel::region_code::RegionCode;
use crate::platform::gql::{ContextExt as _, Date, Patch};

/// A change of one person. A field that is left out stays as it is. An officer of the origin may
/// give every field, a township all but `bankAccount`; the person may give `phone`, `bankAccount` and `willing`.
#[derive(InputObject)]
pub struct UpdateWorkerInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// Whose record.
    pub worker_id: ID,
    /// The version that was read; with an older one nothing changes.
    pub version: i64,
    /// Phone number; null removes it.
    pub phone: Patch<String>,
    /// Number of the account or social security card for subsidies; null removes it.
    pub bank_account: Patch<String>,
    /// Highest completed education; null when it is not known after all.
    pub education: Patch<Education>,
    /// All skills in the person's words, at most 20 of at most 200 characters; an empty list removes
    /// them, null leaves them.
    pub skills: Option<Vec<String>>,
    /// Address within the village, at most 200 characters; null removes it.
    pub origin_address: Patch<String>,
    /// Code of the region where the person stays; null when they stay at their origin again.
    pub stay: Patch<RegionCode>,
    /// Able to work, or not any more.
    pub able: Option<StatedFlagInput>,
    /// Willing to work, or not any more. Of the person's own statement the source is always
    /// recorded as `WORKER`.
    pub willing: Option<StatedFlagInput>,
    /// Left the labour force (retired, lost the ability to work, studies), or came back to it.
    pub left_labour_force: Option<StatedFlagInput>,
    /// Since when the origin knows that the person has no job, not in the future.
    pub not_working_since: Option<Date>,
}

impl UpdateWorkerInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<UpdateWorker, Error> {
        let Self {
            idempotency_key: _,
            worker_id,
            version,
            phone,
            bank_account,
            education,
            skills,
            origin_address,
            stay,
            able,
            willing,
            left_labour_force,
            not_working_since,
        } = self;
        Ok(UpdateWorker {
            worker: ctx.id(worker_id)?,
            version: *version,
            phone: phone.clone().into(),
            bank_account: bank_account.clone().into(),
            education: (*education).into(),
            skills: skills.clone(),
            origin_address: origin_address.clone().into(),
            stay: (*stay).into(),
            able: able.clone().map(Into::into),
            willing: willing.clone().map(Into::into),
            left_labour_force: left_labour_force.clone().map(Into::into),
            not_working_since: not_working_since.map(|day| day.0),
        })
    }
}

/// A death. Exactly one of `workerId` and `residentId` says whose.
#[derive(InputObject)]
pub struct RecordDeathInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// The record, for an officer of the origin.
    pub worker_id: Option<ID>,
    /// Resident id in full, for the civil affairs agency.
    pub resident_id: Option<String>,
    /// Day of death, neither in the future nor before the person's birth.
    pub died_on: Date,
    /// Who states it: an office, a certificate; at most 200 characters. No personal data.
    pub source: String,
}

impl RecordDeathInput {
    pub(super) fn death(&self) -> Dated {
        Dated {
            on: self.died_on.0,
            source: self.source.clone(),
        }
    }
}

/// The end of somebody's public welfare post.
#[derive(InputObject)]
pub struct LeavePublicPostInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// Whose record.
    pub worker_id: ID,
    /// Last day in the post, not in the future.
    pub left_on: Date,
    /// Who states it: an office, a document; at most 200 characters. No personal data.
    pub source: String,
}

impl LeavePublicPostInput {
    pub(super) fn leaving(&self) -> Dated {
        Dated {
            on: self.left_on.0,
            source: self.source.clone(),
        }
    }
}

/// A statement that was a mistake.
#[derive(InputObject)]
pub struct VoidLabourFactInput {
    /// Makes a repetition of this request harmless; 1 to 128 bytes, unique per caller.
    pub idempotency_key: Option<String>,
    /// Whose record.
    pub worker_id: ID,
    /// Which of the person's `labourFacts`.
    pub fact_id: ID,
    /// Why it is taken back, at most 200 characters. No personal data.
    pub reason: String,
}

impl VoidLabourFactInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<VoidLabourFact, Error> {
        let Self {
            idempotency_key: _,
            worker_id,
            fact_id,
            reason,
        } = self;
        Ok(VoidLabourFact {
            worker: ctx.id(worker_id)?,
            fact: ctx.id(fact_id)?,
            reason: reason.clone(),
        })
    }
}

/// A helper for one person.
#[derive(InputObject)]
pub struct AssignHelperInput {
    /// Makes a repetition of a done request harmless; 1 to 128 bytes, unique per caller.
    /// A refused one is not kept, and may be sent again with the same key, also corrected.
    pub idempotency_key: Option<String>,
    /// Whom to help.
    pub worker_id: ID,
    /// Subject (`sub`) of the helper's token, at most 200 characters.
    pub helper_subject: String,
    /// First day, not in the future and after that of the helper before.
    pub since: Date,
}

impl AssignHelperInput {
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<AssignHelper, Error> {
        let Self {
            idempotency_key: _,
            worker_id,
            helper_subject,
            since,
        } = self;
        Ok(AssignHelper {
            worker: ctx.id(worker_id)?,
            helper: helper_subject.clone(),
            since: since.0,
        })
    }
}

/// A wish to see personal values of one person in full. It takes no idempotency key: what a key
/// repeats is kept, and these values must not be; a repetition is a second look with its own entry.
#[derive(InputObject)]
pub struct RevealPersonalDataInput {
    /// Whose record.
    pub worker_id: ID,
    /// Which values, at least one.
    pub fields: Vec<PersonalField>,
    /// What for, 5 to 200 characters without any number of a person. It stays in the trail, and
    /// the person can read it.
    pub purpose: String,
}

impl RevealPersonalDataInput {
    pub(super) fn read(self, ctx: &Context<'_>) -> Result<Reveal, Error> {
        let Self {
            worker_id,
            fields,
            purpose,
        } = self;
        Ok(Reveal {
            worker: ctx.id(&worker_id)?,
            fields,
            purpose,
        })
    }
}
