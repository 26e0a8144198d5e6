//! Entries of the trail as values.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A record that an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutRecord {
    /// GraphQL type name of the record.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

/// One thing that somebody did or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailEntry {
    /// Its number, taken before its commit; where a page ends.
    pub id: i64,
    /// Its place in the chain, from 1; absent until the sequencer has given it one.
    pub position: Option<i64>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who vouched for the actor.
    pub issuer: String,
    /// The actor.
    pub subject: String,
    /// In which role.
    pub role: String,
    /// Name of the action.
    pub action: String,
    /// The record, where the entry is about one.
    pub record: Option<AboutRecord>,
    /// The record's version after a change; absent for a look.
    pub version: Option<i64>,
    /// Names of the fields that changed, or of those that were shown in full; for a matching what
    /// was compared, and its figures.
    pub fields: Vec<String>,
    /// The stated purpose or reason.
    pub purpose: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// How many like refusals the entry stands for.
    pub repeats: i32,
    /// The request.
    pub request_id: String,
}

/// What of the trail is wanted; every part given must hold.
#[derive(Clone, Debug, Default)]
pub struct TrailFilter {
    /// This action.
    pub action: Option<String>,
    /// By this subject.
    pub subject: Option<String>,
    /// About this record.
    pub record: Option<AboutRecord>,
    /// That ended like this.
    pub outcome: Option<String>,
    /// At or after this instant.
    pub since: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// At this place of the chain or behind it, or without a place yet.
    pub position_from: Option<i64>,
    /// Before this place of the chain.
    pub position_until: Option<i64>,
    /// Without those whose action begins with this, and whatever auditors did, since that instant.
    pub except: Option<(&'static str, DateTime<Utc>)>,
}
