//! A report of a job: a record that waits for the origin's word, or a word more about one that is there.

use chrono::{DateTime, Utc};

use super::super::model::{Check, Employment, EmploymentState, Job, Reporter};
use super::super::repo::employments::{self, Changes, Insertion};
use super::super::repo::matching;
use super::super::rules::{self, Retold};
use super::by_fact::RECORDED_FIELDS;
use super::subjects::Subject;
use crate::kernel::error::Failure;
use crate::kernel::ids::EmploymentId;
use crate::platform::db::WriteSession;
use crate::platform::journal::{AuditEntry, Change};

/// What somebody reports of a job of somebody who is registered, and locked.
pub(super) struct Report {
    pub(super) subject: Subject,
    pub(super) job: Job,
    pub(super) reporter: Reporter,
    pub(super) reported_at: DateTime<Utc>,
    /// The reporter is an office of the origin that checks reports itself.
    pub(super) checked: Option<Check>,
}

/// The record that a report came to.
pub(super) struct Told {
    pub(super) employment: EmploymentId,
    /// Whether the record counts already.
    pub(super) counts: bool,
    pub(super) repeated: Option<Repeated>,
}

/// A telling of a job that its record did not take, or not all of it.
pub(super) struct Repeated {
    pub(super) employment: EmploymentId,
    /// The facts that it says otherwise than the record.
    pub(super) otherwise: Vec<&'static str>,
}

/// The outcome of a report that adds nothing to the record of its job, in the trail.
const REPEATED: &str = "REPEATED";

impl Repeated {
    /// An entry about the record, which names what was said otherwise: whoever looks at the record's
    /// trail sees who said so.
    pub(super) fn note(self, entry: AuditEntry) -> AuditEntry {
        entry.retold(REPEATED, self.employment, self.otherwise)
    }
}

/// Takes a report. The same job reported again is no second record: an open one takes what the
/// report adds ([`rules::retold`]), and one that counts stays as it is.
pub(super) async fn report_in(tx: &mut WriteSession, report: Report) -> Result<Told, Failure> {
    let Report { subject, job, .. } = &report;
    let same = matching::find_same_in(tx, subject.worker, job).await?;
    let again = |known: &Employment| rules::is_told_again(known, job, &report.reporter);
    match same.into_iter().find(again) {
        Some(known) => join_in(tx, &known, &report).await,
        None => insert_in(tx, report).await,
    }
}

async fn insert_in(tx: &mut WriteSession, report: Report) -> Result<Told, Failure> {
    let Report {
        subject,
        job,
        reporter,
        reported_at,
        checked,
    } = report;
    let id: EmploymentId = tx.next_id();
    let insertion = Insertion {
        id,
        worker: subject.worker,
        outside_province: rules::is_outside_province(subject.origin, job.workplace),
        job,
        confirmed_by: None,
        reporter,
        reported_at,
        checked,
    };
    employments::insert_in(tx, insertion).await?;
    tx.changed(Change::new(id, 1, RECORDED_FIELDS));
    Ok(Told {
        employment: id,
        counts: false,
        repeated: None,
    })
}

async fn join_in(
    tx: &mut WriteSession,
    known: &Employment,
    report: &Report,
) -> Result<Told, Failure> {
    let checks = report.checked.is_some();
    let Retold {
        job,
        mut taken,
        otherwise,
    } = rules::retold(known, &report.job, &report.reporter, checks);
    let mut changes = Changes::default();
    if !taken.is_empty() {
        let outside = rules::is_outside_province(report.subject.origin, job.workplace);
        changes.described = Some((job, outside));
    }
    let waits = known.state == EmploymentState::Reported && !rules::awaits_county(known);
    if checks && waits && (known.checked.is_none() || !taken.is_empty()) {
        changes.checked = report.checked;
        taken.extend(["checkedOn", "checkedByCode"]);
    }
    if taken.is_empty() {
        employments::touch_in(tx, known.id).await?;
    } else {
        if !employments::update_in(tx, known.id, known.version, changes).await? {
            return Err(Failure::Contended(
                "a job changed while reported again".into(),
            ));
        }
        tx.changed(Change::new(known.id, known.version + 1, &taken));
    }
    let repeated = (taken.is_empty() || !otherwise.is_empty()).then_some(Repeated {
        employment: known.id,
        otherwise,
    });
    Ok(Told {
        employment: known.id,
        counts: known.state == EmploymentState::Confirmed,
        repeated,
    })
}

/// Looks for a job of somebody who is not registered, as [`report_in`] does: it takes the same time.
pub(super) async fn look_in_vain(tx: &WriteSession, job: &Job) -> Result<(), Failure> {
    let nobody = tx.next_id();
    matching::find_same_in(tx, nobody, job).await.map(drop)
}
