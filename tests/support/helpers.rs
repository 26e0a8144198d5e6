//! Paired helpers, written as rows so that a pairing can also be over.

use chrono::{DateTime, NaiveDate, Utc};
use employment_exchange::kernel::ids::{self, RecordId as _, WorkerId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, Database};

use super::app::{NOW, TestApp};

/// Makes a helper's subject answer for a person from 2026-01-01 on.
pub async fn assign(app: &TestApp, worker: &str, helper: &str) {
    assign_until(app, worker, helper, None).await;
}

/// As [`assign`], for a time.
pub async fn assign_until(app: &TestApp, worker: &str, helper: &str, until: Option<NaiveDate>) {
    let worker: WorkerId = ids::decode(worker).expect("an id of a person");
    let now: DateTime<Utc> = NOW.parse().expect("a valid instant");
    let database = Database::connect(&app.database_url).await.expect("opens");
    let row = entity::helper_assignment::ActiveModel {
        id: Set(app.db.ids().next::<WorkerId>().uuid()),
        worker_id: Set(worker.uuid()),
        helper_subject: Set(helper.to_owned()),
        since: Set(NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day")),
        until: Set(until),
        ended_by_death: Set(false),
        assigned_by: Set("test".to_owned()),
        recorded_at: Set(now),
    };
    row.insert(&database).await.expect("assigned");
    database.close().await.expect("closes");
}
