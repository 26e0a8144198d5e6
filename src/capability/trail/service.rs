//! Reading the trail, with an entry for each look into it.

use chrono::{DateTime, Utc};

use super::model::{AboutRecord, TrailEntry, TrailFilter};
use super::repo;
use crate::capability::audit::public as audit;
use crate::capability::worker::public as registry;
use crate::kernel::error::{Failure, Text};
use crate::kernel::ids::WorkerId;
use crate::kernel::page::{Page, PageRequest};
use crate::kernel::text;
use crate::platform::authn::WorkerBinding;
use crate::platform::authz::Scope;
use crate::platform::db::{ReadSession, Session as _};
use crate::platform::journal::RecordRef;

/// Who opened, changed or was shown values of one person's record: whose is `worker`, or of the
/// caller themselves when absent. `None` for somebody out of scope, like for nobody. People are shown
/// what auditors did about them when no finding about them is open.
///
/// # Errors
/// [`Failure::BadInput`] when nobody is named and the caller is nobody in the registry;
/// [`Failure`] of database or journal.
pub async fn access_log(
    session: &ReadSession,
    worker: Option<WorkerId>,
    request: &PageRequest<i64>,
) -> Result<Option<Page<TrailEntry>>, Failure> {
    let named = match worker {
        Some(id) => Some(id),
        None => own(session).await?,
    };
    let Some(worker) = named else { return Ok(None) };
    if registry::visible_origin(session, worker).await?.is_none() {
        session.record_missed();
        return Ok(None);
    }
    let RecordRef { kind, id } = worker.into();
    let filter = TrailFilter {
        record: Some(AboutRecord {
            kind: kind.to_owned(),
            id,
        }),
        ..TrailFilter::default()
    };
    let filter = TrailFilter {
        except: hidden_from(session, worker).await?,
        ..filter
    };
    let page = repo::page(session, &filter, request).await?;
    session.record_opened(worker).await?;
    Ok(Some(page))
}

/// What a person is not shown of their own log: an audit of them, while it is under way, the looks of
/// auditors at their record among it. What was there before stays, or its absence would tell.
async fn hidden_from(
    session: &ReadSession,
    worker: WorkerId,
) -> Result<Option<(&'static str, DateTime<Utc>)>, Failure> {
    if !matches!(session.scope(), Scope::Own(_)) {
        return Ok(None);
    }
    let since = audit::under_way_since(session, worker).await?;
    Ok(since.map(|since| (audit::ACTIONS, since)))
}

/// The person that the caller's token is bound to.
async fn own(session: &ReadSession) -> Result<Option<WorkerId>, Failure> {
    let Scope::Own(binding) = session.scope() else {
        return Err(Failure::BadInput(Text::new(
            "请给出 workerId。",
            "Give a workerId.",
        )));
    };
    match binding {
        WorkerBinding::Id(id) => Ok(Some(id)),
        WorkerBinding::ResidentIdHash(hash) => {
            let found = registry::identify(session, &[hash]).await?;
            Ok(found.get(&hash).map(|person| person.id))
        }
    }
}

/// The longest name of an action or outcome, or subject of a token, that is searched for.
const MAX_NAME: usize = 255;

/// One page of the whole trail.
///
/// # Errors
/// [`Failure::BadInput`] for a filter that no entry can fit; [`Failure`] of database or journal.
pub async fn trail(
    session: &ReadSession,
    filter: &TrailFilter,
    request: &PageRequest<i64>,
) -> Result<Page<TrailEntry>, Failure> {
    let TrailFilter {
        action,
        subject,
        record: _,
        outcome,
        since: _,
        until: _,
        position_from: _,
        position_until: _,
        except: _,
    } = filter;
    for (text, argument) in [
        (action, "action"),
        (subject, "subject"),
        (outcome, "outcome"),
    ] {
        // Compared as it is written: a subject is kept as its issuer writes it.
        if let Some(text) = text {
            text::searched(text, MAX_NAME, argument)?;
        }
    }
    let page = repo::page(session, filter, request).await?;
    session.record_listed().await?;
    Ok(page)
}
