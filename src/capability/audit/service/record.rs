//! Recording a finding: about whom, and which county answers.

use super::super::error::FindingRejection;
use super::super::model::{MAX_CLAUSE, MAX_TEXT, Subject, SubjectRef};
use super::super::repo::findings::{self, NewFinding};
use super::{FindingDone, finish, rejected, words};
use crate::capability::employer::public as employers;
use crate::capability::employment::public as jobs;
use crate::capability::region;
use crate::capability::worker::public as registry;
use crate::kernel::error::{Failure, Refusal};
use crate::kernel::region_code::RegionCode;
use crate::platform::db::{Session, WriteSession};
use crate::platform::journal::Change;

/// A finding as it came in.
#[derive(Clone, Debug)]
pub struct RecordFinding {
    /// What it is about; nothing for one about the county's own work.
    pub subject: Option<SubjectRef>,
    /// The county that has to answer; follows from the subject when absent.
    pub responsible_county: Option<RegionCode>,
    /// The rule, as typed.
    pub clause: String,
    /// What was found, as typed.
    pub evidence: String,
}

/// Records a finding. Without a county the one responsible for the subject has to answer: the
/// county of registration for a person, of the seat for an employer, of the workplace for a job,
/// or of registration where the job lies outside the province.
///
/// # Errors
/// Expected: `BAD_TEXT`, `PERSONAL_NUMBER`, `UNKNOWN_REGION`, `COUNTY_NEEDED`.
/// [`Failure::NotFound`] for a subject that is not there.
pub async fn record(mut tx: WriteSession, cmd: RecordFinding) -> Result<FindingDone, Refusal> {
    let RecordFinding {
        subject,
        responsible_county,
        clause,
        evidence,
    } = cmd;
    let clause = words(&clause, ("clause", MAX_CLAUSE), FindingRejection::BadClause)?;
    let evidence = words(&evidence, ("evidence", MAX_TEXT), FindingRejection::BadText)?;
    let (subject, place) = match subject {
        Some(subject) => {
            let (subject, place) = look_up(&tx, subject).await?;
            (Some(subject), Some(place))
        }
        None => (None, None),
    };
    let responsible_county = match responsible_county {
        Some(county) if county_in_force(&tx, county).await? => county,
        Some(_) => {
            return Err(rejected(
                "responsibleCounty",
                FindingRejection::UnknownRegion,
            ));
        }
        None => derived(&tx, place)
            .await?
            .ok_or_else(|| rejected("responsibleCounty", FindingRejection::CountyNeeded))?,
    };
    let new = NewFinding {
        subject,
        responsible_county,
        clause,
        evidence,
    };
    let finding = findings::insert_in(&tx, new).await?;
    let fields = &["subject", "responsibleCounty", "clause", "evidence"];
    tx.changed(Change::new(finding.id, finding.version, fields));
    finish(tx, &finding).await
}

/// The subject, with the region that is responsible for it.
async fn look_up(
    session: &impl Session,
    subject: SubjectRef,
) -> Result<(Subject, RegionCode), Failure> {
    match subject {
        SubjectRef::Worker(id) => {
            let origin = registry::visible_origin(session, id).await?;
            let origin = origin.ok_or(Failure::NotFound)?;
            Ok((Subject::Worker(id), origin))
        }
        SubjectRef::Employer(id) => {
            let mut found = employers::find_many(session, &[id]).await?;
            let employer = found.remove(&id).ok_or(Failure::NotFound)?;
            Ok((Subject::Employer(id), employer.region))
        }
        SubjectRef::Employment(id) => {
            let job = jobs::visible(session, id).await?.ok_or(Failure::NotFound)?;
            let worker = job.worker;
            let place = if job.outside_province {
                let origin = registry::visible_origin(session, worker).await?;
                origin.ok_or(Failure::NotFound)?
            } else {
                job.job.workplace
            };
            Ok((Subject::Employment { id, worker }, place))
        }
    }
}

/// The county in force of a place, or the prefecture that stands in for one; none where the place is
/// wider or lies outside the province.
async fn derived(
    session: &impl Session,
    place: Option<RegionCode>,
) -> Result<Option<RegionCode>, Failure> {
    let Some(county) = place.map(RegionCode::county_or_itself) else {
        return Ok(None);
    };
    Ok(county_in_force(session, county).await?.then_some(county))
}

/// Whether a code is a county in force, or a prefecture that stands in for one.
async fn county_in_force(session: &impl Session, code: RegionCode) -> Result<bool, Failure> {
    let counties = region::public::counties(session).await?;
    let today = session.today();
    Ok(counties
        .iter()
        .any(|county| county.code == code && county.in_force_on(today)))
}
