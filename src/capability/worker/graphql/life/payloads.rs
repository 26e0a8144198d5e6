//! What the mutations about registered people answer.

use async_graphql::SimpleObject;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::super::model::DeathReceipt;
use super::super::super::service::PersonalData;
use super::super::objects::WorkerNode;
use crate::platform::gql::{Date, UserErrorObject};

/// What `updateWorker` answers.
#[derive(SimpleObject)]
pub struct UpdateWorkerPayload {
    /// The person as they are now, whether or not anything changed; null when the caller does not
    /// reach them.
    pub worker: Option<WorkerNode>,
    /// Why nothing changed; empty when it did.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `recordDeath` answers.
#[derive(SimpleObject)]
pub struct RecordDeathPayload {
    /// What became of it; null when it was refused for what it says itself.
    pub receipt: Option<DeathReceipt>,
    /// The person as they are now; null for an agency, whoever the report is about.
    pub worker: Option<WorkerNode>,
    /// Why it was refused; empty when it was not.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `leavePublicPost` answers.
#[derive(SimpleObject)]
pub struct LeavePublicPostPayload {
    /// The person as they are now, whether or not anything was recorded.
    pub worker: Option<WorkerNode>,
    /// Why nothing was recorded; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `voidLabourFact` answers.
#[derive(SimpleObject)]
pub struct VoidLabourFactPayload {
    /// The person as they are now, whether or not anything was taken back.
    pub worker: Option<WorkerNode>,
    /// Why nothing was taken back; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `assignHelper` answers.
#[derive(SimpleObject)]
pub struct AssignHelperPayload {
    /// The person as they are now, whether or not the helper was assigned.
    pub worker: Option<WorkerNode>,
    /// Why no helper was assigned; empty when one was.
    pub user_errors: Vec<UserErrorObject>,
}

/// What `revealPersonalData` answers.
#[derive(SimpleObject)]
pub struct RevealPersonalDataPayload {
    /// The values; null when nothing was revealed.
    pub personal_data: Option<PersonalDataObject>,
    /// Why nothing was revealed; empty when it was.
    pub user_errors: Vec<UserErrorObject>,
}

/// Personal values in full. Each is null when it was not asked for or is not known.
#[derive(SimpleObject)]
#[graphql(name = "PersonalData")]
pub struct PersonalDataObject {
    /// Resident id of 18 characters.
    pub resident_id: Option<String>,
    /// Phone number, digits only.
    pub phone: Option<String>,
    /// Number of the account or social security card, digits only.
    pub bank_account: Option<String>,
    /// Birth date.
    pub birth_date: Option<Date>,
}

impl From<PersonalData> for PersonalDataObject {
    fn from(opened: PersonalData) -> Self {
        let PersonalData {
            resident_id,
            phone,
            bank_account,
            birth_date,
        } = opened;
        let text = |value: Option<SecretString>| value.map(|v| v.expose_secret().to_owned());
        Self {
            resident_id: text(resident_id),
            phone: text(phone),
            bank_account: text(bank_account),
            birth_date: birth_date
                .and_then(|day| day.expose_secret().parse().ok())
                .map(Date),
        }
    }
}

/// What `registerWorkers` answers.
#[derive(SimpleObject)]
pub struct RegisterWorkersPayload {
    /// One result per person, in the order of the input.
    pub results: Vec<RegisterWorkerResult>,
    /// Why the whole request was not taken; empty when it was, whatever became of its items.
    pub user_errors: Vec<UserErrorObject>,
}

/// What became of one of many people to be registered.
#[derive(SimpleObject)]
pub struct RegisterWorkerResult {
    /// Place of the person in the input, from 0.
    pub index: i32,
    /// The person; null when nobody was registered, unless the caller may see who was before.
    pub worker: Option<WorkerNode>,
    /// Why nobody was registered; empty when somebody was.
    pub user_errors: Vec<UserErrorObject>,
}
