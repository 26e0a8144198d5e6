//! Journal entries: how a use case states what it did, and the canonical form that is hashed.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::kernel::closed::Closed as _;
use crate::kernel::error::Failure;
use crate::kernel::ids::{CommitId, RecordId};
use crate::platform::authn::Principal;

/// A record an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordRef {
    /// GraphQL type name of the record.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

impl<I: RecordId> From<I> for RecordRef {
    fn from(id: I) -> Self {
        Self {
            kind: I::TYPE,
            id: id.uuid(),
        }
    }
}

/// One record changed by a commit. Values stay in the record; the journal names fields only, so
/// that no personal data ever enters it.
#[derive(Clone, Debug)]
pub struct Change {
    pub(super) record: RecordRef,
    pub(super) version: i64,
    pub(super) fields: Vec<&'static str>,
}

impl Change {
    /// `record` is at `version` after the commit; `fields` are those that changed.
    pub fn new(record: impl Into<RecordRef>, version: i64, fields: &[&'static str]) -> Self {
        Self {
            record: record.into(),
            version,
            fields: fields.to_vec(),
        }
    }
}

/// A further entry of a commit, about something that it did not change.
#[derive(Clone, Debug)]
struct Mention {
    record: Option<RecordRef>,
    /// How it ended, where that differs from the commit as a whole.
    outcome: Option<&'static str>,
    /// Names of the fields that were shown, or figures.
    fields: Vec<Cow<'static, str>>,
}

/// What a use case hands to the commit: how it ended, why it was done, and the answer that a
/// repeated request with the same idempotency key gets.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub(in crate::platform) outcome: &'static str,
    pub(in crate::platform) purpose: Option<String>,
    mentions: Vec<Mention>,
    pub(in crate::platform) answer: serde_json::Value,
    pub(in crate::platform) keeps_answer: bool,
}

impl AuditEntry {
    /// The action was carried out. `answer` holds ids and codes only, never personal data.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the answer has no JSON form.
    pub fn done<T: Serialize>(answer: &T) -> Result<Self, Failure> {
        Self::with_outcome("DONE", answer)
    }

    /// The action ended in another way that is worth an entry, such as `RECEIVED`.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the answer has no JSON form.
    pub fn with_outcome<T: Serialize>(outcome: &'static str, answer: &T) -> Result<Self, Failure> {
        Ok(Self {
            outcome,
            purpose: None,
            mentions: Vec::new(),
            answer: serde_json::to_value(answer).map_err(Failure::internal)?,
            keeps_answer: true,
        })
    }

    /// The request was refused, which nevertheless leaves entries: sent again with the same
    /// idempotency key it is decided anew, since what stood in its way may be gone.
    #[must_use]
    pub fn to_be_decided_anew(mut self) -> Self {
        self.keeps_answer = false;
        self
    }

    /// Why it was done, in the caller's words.
    #[must_use]
    pub fn for_purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Names a record that was revealed or touched without changing.
    #[must_use]
    pub fn about(self, record: impl Into<RecordRef>) -> Self {
        self.mention(Some(record.into()), None, Vec::new())
    }

    /// Names a record of which the named fields were shown in full.
    #[must_use]
    pub fn showing(self, record: impl Into<RecordRef>, fields: Vec<&'static str>) -> Self {
        let fields = fields.into_iter().map(Cow::Borrowed).collect();
        self.mention(Some(record.into()), None, fields)
    }

    /// Adds an entry about no record that tells what was asked for and its figures: `what` stands
    /// first among the fields, each figure behind it as `name=12`.
    #[must_use]
    pub fn counting(
        self,
        outcome: &'static str,
        what: &'static str,
        figures: &[(&'static str, usize)],
    ) -> Self {
        let figures = figures
            .iter()
            .map(|(name, figure)| Cow::Owned(format!("{name}={figure}")));
        let fields = std::iter::once(Cow::Borrowed(what)).chain(figures);
        self.mention(None, Some(outcome), fields.collect())
    }

    /// Adds an entry for a part of the work that ended differently, such as a refused item of a
    /// bulk request; `record` is what it was about, where that may be said.
    #[must_use]
    pub fn noting(self, outcome: &'static str, record: Option<RecordRef>) -> Self {
        self.mention(record, Some(outcome), Vec::new())
    }

    /// Adds an entry about a record that was told of again and did not change: the named fields were
    /// told otherwise than they are.
    #[must_use]
    pub fn retold(
        self,
        outcome: &'static str,
        record: impl Into<RecordRef>,
        otherwise: Vec<&'static str>,
    ) -> Self {
        let fields = otherwise.into_iter().map(Cow::Borrowed).collect();
        self.mention(Some(record.into()), Some(outcome), fields)
    }

    fn mention(
        mut self,
        record: Option<RecordRef>,
        outcome: Option<&'static str>,
        fields: Vec<Cow<'static, str>>,
    ) -> Self {
        self.mentions.push(Mention {
            record,
            outcome,
            fields,
        });
        self
    }
}

/// One entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform) struct EntryRow {
    pub(in crate::platform) commit_id: Uuid,
    pub(in crate::platform) at: DateTime<Utc>,
    pub(in crate::platform) issuer: String,
    pub(in crate::platform) subject: String,
    pub(in crate::platform) role: String,
    pub(in crate::platform) action: String,
    pub(in crate::platform) record_kind: Option<String>,
    pub(in crate::platform) record_id: Option<Uuid>,
    pub(in crate::platform) record_version: Option<i64>,
    pub(in crate::platform) changes: Option<String>,
    pub(in crate::platform) purpose: Option<String>,
    pub(in crate::platform) outcome: String,
    pub(in crate::platform) repeats: i32,
    pub(in crate::platform) request_id: String,
}

/// Who did something, for entries.
pub(in crate::platform) struct Actor<'a> {
    pub(in crate::platform) principal: &'a Principal,
    pub(in crate::platform) action: &'static str,
    pub(in crate::platform) request_id: &'a str,
}

impl EntryRow {
    /// An entry of one actor about no record yet.
    pub(in crate::platform) fn of(
        actor: &Actor<'_>,
        commit: CommitId,
        at: DateTime<Utc>,
        outcome: &str,
    ) -> Self {
        Self {
            commit_id: commit.uuid(),
            at,
            issuer: actor.principal.issuer().to_owned(),
            subject: actor.principal.subject().to_owned(),
            role: actor
                .principal
                .role()
                .map_or("SYSTEM", crate::platform::authn::Role::as_str)
                .to_owned(),
            action: actor.action.to_owned(),
            record_kind: None,
            record_id: None,
            record_version: None,
            changes: None,
            purpose: None,
            outcome: outcome.to_owned(),
            repeats: 1,
            request_id: actor.request_id.to_owned(),
        }
    }

    pub(in crate::platform) fn on(mut self, record: RecordRef) -> Self {
        self.record_kind = Some(record.kind.to_owned());
        self.record_id = Some(record.id);
        self
    }

    /// The entries of one commit: one per changed or named record, or a single one without. Only
    /// an entry with a version states a change.
    pub(in crate::platform) fn of_commit(
        base: &Self,
        entry: &AuditEntry,
        changes: &[Change],
    ) -> Vec<Self> {
        let base = Self {
            purpose: entry.purpose.clone(),
            ..base.clone()
        };
        let changed = changes.iter().map(|change| Self {
            record_version: Some(change.version),
            changes: Some(serde_json::json!(change.fields).to_string()),
            ..base.clone().on(change.record)
        });
        let mentioned = entry.mentions.iter().map(|mention| mention.row(&base));
        let rows: Vec<Self> = changed.chain(mentioned).collect();
        if rows.is_empty() { vec![base] } else { rows }
    }

    /// The hash of this entry at `position` after `previous`: SHA-256 over every field, each with
    /// its length before it, so that no two different entries share a form.
    pub(in crate::platform) fn chained(&self, previous: &[u8], position: i64, id: i64) -> Vec<u8> {
        let mut hasher = Sha256::new();
        let mut field = |bytes: Option<&[u8]>| match bytes {
            None => hasher.update([0]),
            Some(bytes) => {
                hasher.update([1]);
                hasher.update((bytes.len() as u64).to_be_bytes());
                hasher.update(bytes);
            }
        };
        field(Some(previous));
        field(Some(&position.to_be_bytes()));
        field(Some(&id.to_be_bytes()));
        field(Some(self.commit_id.as_bytes()));
        field(Some(&self.at.timestamp_micros().to_be_bytes()));
        field(Some(self.issuer.as_bytes()));
        field(Some(self.subject.as_bytes()));
        field(Some(self.role.as_bytes()));
        field(Some(self.action.as_bytes()));
        field(self.record_kind.as_deref().map(str::as_bytes));
        field(self.record_id.as_ref().map(|id| id.as_bytes().as_slice()));
        let version = self.record_version.map(i64::to_be_bytes);
        field(version.as_ref().map(<[u8; 8]>::as_slice));
        field(self.changes.as_deref().map(str::as_bytes));
        field(self.purpose.as_deref().map(str::as_bytes));
        field(Some(self.outcome.as_bytes()));
        field(Some(&self.repeats.to_be_bytes()));
        field(Some(self.request_id.as_bytes()));
        hasher.finalize().to_vec()
    }
}

impl Mention {
    fn row(&self, base: &EntryRow) -> EntryRow {
        let mut row = base.clone();
        if let Some(record) = self.record {
            row = row.on(record);
        }
        if let Some(outcome) = self.outcome {
            outcome.clone_into(&mut row.outcome);
        }
        if !self.fields.is_empty() {
            row.changes = Some(serde_json::json!(self.fields).to_string());
        }
        row
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Any entry.
    pub(in crate::platform::journal) fn row() -> EntryRow {
        EntryRow {
            commit_id: Uuid::from_u128(1),
            at: "2026-11-23T01:02:03.000004Z".parse().expect("valid"),
            issuer: "i".into(),
            subject: "s".into(),
            role: "OFFICER".into(),
            action: "worker.register".into(),
            record_kind: Some("Worker".into()),
            record_id: Some(Uuid::from_u128(2)),
            record_version: Some(1),
            changes: Some("[\"name\"]".into()),
            purpose: None,
            outcome: "DONE".into(),
            repeats: 1,
            request_id: "r".into(),
        }
    }

    #[test]
    fn a_mention_has_its_own_outcome_and_no_version() {
        let base = EntryRow {
            record_kind: None,
            record_id: None,
            record_version: None,
            changes: None,
            ..row()
        };
        let id = crate::kernel::ids::WorkerId::from_uuid(Uuid::from_u128(7));
        let entry = AuditEntry::done(&())
            .expect("plain data")
            .showing(id, vec!["phone"])
            .noting("ALREADY_REGISTERED", None)
            .counting("MATCHED", "RESIDENT_ID", &[("values", 2), ("people", 1)]);
        let rows = EntryRow::of_commit(&base, &entry, &[Change::new(id, 3, &["name"])]);
        let told: Vec<_> = rows
            .iter()
            .map(|r| (r.outcome.as_str(), r.record_version, r.changes.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("DONE", Some(3), Some("[\"name\"]")),
                ("DONE", None, Some("[\"phone\"]")),
                ("ALREADY_REGISTERED", None, None),
                (
                    "MATCHED",
                    None,
                    Some("[\"RESIDENT_ID\",\"values=2\",\"people=1\"]")
                ),
            ]
        );
    }

    #[test]
    fn every_field_of_an_entry_is_under_the_hash() {
        let base = row().chained(&[0; 32], 1, 1);
        let changes: [fn(&mut EntryRow); 13] = [
            |row| row.commit_id = Uuid::from_u128(9),
            |row| row.at += chrono::TimeDelta::microseconds(1),
            // The same letters in all, divided otherwise.
            |row| (row.issuer, row.subject) = ("is".into(), String::new()),
            |row| row.role = "ADMIN".into(),
            |row| row.action = "worker.update".into(),
            |row| row.record_kind = None,
            |row| row.record_id = None,
            |row| row.record_version = Some(2),
            |row| row.changes = None,
            |row| row.purpose = Some(String::new()),
            |row| row.outcome = "RECEIVED".into(),
            |row| row.repeats = 2,
            |row| row.request_id = "q".into(),
        ];
        for change in changes {
            let mut variant = row();
            change(&mut variant);
            assert_ne!(variant.chained(&[0; 32], 1, 1), base, "{variant:?}");
        }
        assert_ne!(row().chained(&[1; 32], 1, 1), base);
        assert_ne!(row().chained(&[0; 32], 2, 1), base);
        assert_ne!(row().chained(&[0; 32], 1, 2), base);
        assert_eq!(row().chained(&[0; 32], 1, 1), base);
    }
}
