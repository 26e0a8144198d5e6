//! The trail in the schema.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::model::{AboutRecord, TrailEntry, TrailFilter};
use super::{policy, service};
use crate::kernel::closed::Closed as _;
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids;
use crate::kernel::page::PageRequest;
use crate::platform::authn::Role;
use crate::platform::authz::Caller;
use crate::platform::gql::connection::connection;
use crate::platform::gql::{ContextExt as _, DateTime, JournalPosition};

/// One look at a person's record, or one change of it.
#[derive(SimpleObject)]
#[graphql(name = "AccessLogEntry")]
pub struct AccessLogObject {
    /// Its place in the chain of the journal, which `exchange trail verify` walks and names; null
    /// until it has one, within a second.
    pub position: Option<JournalPosition>,
    /// When.
    pub at: DateTime,
    /// In which role: `ADMIN`, `OFFICER`, `AGENCY`, `EMPLOYER`, `HELPER`, `WORKER`, `AUDITOR`, or
    /// `SYSTEM` for the exchange itself.
    pub role: String,
    /// Who it was. The person learns the names of officers only and null for other roles; an
    /// auditor learns every name.
    pub subject: Option<String>,
    /// What was done, such as `worker.read` or `worker.reveal`.
    pub action: String,
    /// Names of the fields that changed, or of those that were revealed; empty for a plain look.
    pub fields: Vec<String>,
    /// The version of the record after a change; null for a look.
    pub record_version: Option<i64>,
    /// The stated purpose or reason; null where none is asked for.
    pub purpose: Option<String>,
    /// How it ended, such as `SHOWN`, `DONE`, `REVEALED`.
    pub outcome: String,
}

impl AccessLogObject {
    fn seen_by(caller: &Caller, entry: TrailEntry) -> Self {
        let named = caller.holds(&policy::READ_TRAIL) || entry.role == Role::Officer.as_str();
        Self {
            position: entry.position.map(JournalPosition),
            at: DateTime(entry.at),
            subject: named.then_some(entry.subject),
            role: entry.role,
            action: entry.action,
            fields: entry.fields,
            record_version: entry.version,
            purpose: entry.purpose,
            outcome: entry.outcome,
        }
    }
}

connection!(
    AccessLogObject,
    AccessLogConnection,
    AccessLogEdge,
    "entries of a person's access log"
);

/// One entry of the trail.
#[derive(SimpleObject)]
#[graphql(name = "TrailEntry")]
pub struct TrailObject {
    /// Its place in the chain of the journal, which `exchange trail verify` walks and names; null
    /// until it has one, within a second.
    pub position: Option<JournalPosition>,
    /// When.
    pub at: DateTime,
    /// Who vouched for the actor: the issuer of the token, or `system`.
    pub issuer: String,
    /// The actor: subject of the token, or the name of a job of the exchange.
    pub subject: String,
    /// In which role, or `SYSTEM` for the exchange itself.
    pub role: String,
    /// What was asked for, such as `worker.reveal`.
    pub action: String,
    /// Type of the record concerned, such as `Worker`; null for a list or a refusal.
    pub record_type: Option<String>,
    /// Opaque id of the record concerned; null for a list or a refusal.
    pub record_id: Option<ID>,
    /// The version of the record after a change; null for a look.
    pub record_version: Option<i64>,
    /// Names of the fields that changed, or of those that were revealed; never their values. For a
    /// matching of a list what was compared, and figures such as `matched=3`.
    pub fields: Vec<String>,
    /// The stated purpose or reason; null where none is asked for.
    pub purpose: Option<String>,
    /// How it ended, such as `DONE`, `SHOWN`, `LISTED`, `REVEALED`, `REFUSED`; `UNRECORDED` for
    /// refusals that the journal could not take when they happened, of which only the number is left.
    pub outcome: String,
    /// How many like refusals this entry stands for; 1 for anything else.
    pub repeats: i32,
    /// The request, as its client saw it in `x-request-id`.
    pub request_id: String,
}

impl From<TrailEntry> for TrailObject {
    fn from(entry: TrailEntry) -> Self {
        let TrailEntry {
            id: _,
            position,
            at,
            issuer,
            subject,
            role,
            action,
            record,
            version,
            fields,
            purpose,
            outcome,
            repeats,
            request_id,
        } = entry;
        let (record_type, record_id) = record
            .map(|AboutRecord { kind, id }| {
                let opaque = ID(ids::encode_any(&kind, id));
                (kind, opaque)
            })
            .unzip();
        Self {
            position: position.map(JournalPosition),
            at: DateTime(at),
            issuer,
            subject,
            role,
            action,
            record_type,
            record_id,
            record_version: version,
            fields,
            purpose,
            outcome,
            repeats,
            request_id,
        }
    }
}

connection!(
    TrailObject,
    TrailConnection,
    TrailEdge,
    "entries of the trail"
);

/// Narrows the trail. Every part given must hold.
#[derive(InputObject)]
#[graphql(name = "TrailFilter")]
pub struct TrailFilterInput {
    /// Exactly this action, such as `worker.reveal`.
    pub action: Option<String>,
    /// By exactly this subject, whoever vouched for it.
    pub subject: Option<String>,
    /// About the record with this opaque id, of any type.
    pub record_id: Option<ID>,
    /// With exactly this outcome, such as `REFUSED`.
    pub outcome: Option<String>,
    /// At or after this instant.
    pub since: Option<DateTime>,
    /// Before this instant.
    pub until: Option<DateTime>,
    /// At this place of the chain or behind it, or without a place yet: what is new to whoever has
    /// seen everything before it.
    pub position_from: Option<JournalPosition>,
    /// Before this place of the chain.
    pub position_until: Option<JournalPosition>,
}

impl TrailFilterInput {
    fn read(self) -> Result<TrailFilter, Failure> {
        let Self {
            action,
            subject,
            record_id,
            outcome,
            since,
            until,
            position_from,
            position_until,
        } = self;
        Ok(TrailFilter {
            action,
            subject,
            record: record_id.map(|id| read_record(&id)).transpose()?,
            outcome,
            since: since.map(|at| at.0),
            until: until.map(|at| at.0),
            position_from: position_from.map(|place| place.0),
            position_until: position_until.map(|place| place.0),
            except: None,
        })
    }
}

fn read_record(id: &ID) -> Result<AboutRecord, Failure> {
    let (kind, id) = ids::decode_any(id).map_err(|_| {
        Failure::BadInput(Text::new(
            "recordId 不是本系统返回的标识。",
            "recordId is not an id that this exchange returns.",
        ))
    })?;
    Ok(AboutRecord { kind, id })
}

/// The trail's part of the query root.
#[derive(Default)]
pub struct TrailQueries;

#[Object]
impl TrailQueries {
    /// Who opened one person's record, saw values of it in full or changed it, newest first in the
    /// order in which the entries were written: for the person and for auditors. Null for somebody
    /// out of reach. Lists that the person stood in are entries of the list, not of each person in
    /// it. Reading the log is an entry too. People are not shown what auditors do about them while a
    /// finding about them is open.
    async fn access_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose log; the caller's own when absent.")] worker_id: Option<ID>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<AccessLogConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ_ACCESS_LOG)?;
            let worker = worker_id.map(|id| ctx.id(&id)).transpose()?;
            let found = async {
                let request = PageRequest::parse(first, after.as_deref())?;
                service::access_log(&session, worker, &request).await
            };
            found.await.map_err(|failure| ctx.refuse(&failure))
        };
        let found = read.await.transpose()?;
        Some(found.map(|page| {
            AccessLogConnection::from_page(
                page,
                |entry| entry.id,
                |entry| AccessLogObject::seen_by(ctx.caller(), entry),
            )
        }))
    }

    /// Every entry of the trail, newest first, for auditors: in the order of the chain, those that
    /// have no place yet before all others. Whoever remembers the highest `position` that they were
    /// shown, and reads down to it the next time, misses nothing, however late something was
    /// committed. Narrowed by record, subject, action or a rare outcome, entries are in the order in
    /// which their transactions wrote them, and with `since` or `until` (unless they are of one
    /// record or subject) by the time they state: there one that was committed late may stand below
    /// what was shown before. With `positionFrom` or `positionUntil` everything is in the order of
    /// the chain. Reading the trail is an entry too.
    async fn trail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows the trail.")] filter: Option<TrailFilterInput>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "Cursor behind which to continue.")] after: Option<String>,
    ) -> Option<Result<TrailConnection, Error>> {
        let read = async {
            let session = ctx.reading(&policy::READ_TRAIL)?;
            let found = async {
                let filter = filter.map(TrailFilterInput::read).transpose()?;
                let request = PageRequest::parse(first, after.as_deref())?;
                service::trail(&session, &filter.unwrap_or_default(), &request).await
            };
            let page = found.await.map_err(|failure| ctx.refuse(&failure))?;
            Ok(TrailConnection::from_page(
                page,
                |entry| entry.id,
                Into::into,
            ))
        };
        Some(read.await)
    }
}
