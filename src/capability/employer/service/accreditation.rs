//! Recording what an employer is accredited as, and until when.

use chrono::NaiveDate;

use super::super::error::EmployerRejection;
use super::super::model::{
    Accreditation, AccreditationFact, AccreditationKind, MAX_REFERENCE, Period,
};
use super::super::repo::employers::Revision;
use super::super::repo::facts;
use super::super::rules;
use super::{EmployerDone, finish, rejected, revise, seated_in_reach};
use crate::kernel::error::Refusal;
use crate::kernel::ids::EmployerId;
use crate::kernel::text;
use crate::platform::authn::Identity;
use crate::platform::db::{Session as _, WriteSession};

/// An accreditation as it came in.
#[derive(Clone, Debug)]
pub struct RecordAccreditation {
    /// Whose.
    pub employer_id: EmployerId,
    /// As what.
    pub kind: AccreditationKind,
    /// Number of the certificate or decision, as typed.
    pub reference: String,
    /// First day.
    pub since: NaiveDate,
    /// Last day; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

/// What an accreditation means beside those the employer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// A new one, or another certificate or last day of the one with this first day.
    Stated,
    /// Known as it is.
    Known,
}

/// Records an accreditation, or ends one: the same kind and first day again restates certificate
/// and last day. What was stated before stays on record.
///
/// # Errors
/// Expected: `BAD_REFERENCE`, `BAD_PERIOD`, `DATE_IN_FUTURE`, `ACCREDITATION_OVERLAP`;
/// `COUNTY_DECIDES` for an employer seated outside the caller's region.
/// [`crate::kernel::error::Failure::NotFound`] for no employer.
pub async fn record_accreditation(
    mut tx: WriteSession,
    cmd: RecordAccreditation,
) -> Result<EmployerDone, Refusal> {
    let mut employer = seated_in_reach(&tx, "employerId", cmd.employer_id).await?;
    let accreditation = validated(&cmd, tx.today())?;
    let stated = facts::accreditations_of(&tx, employer.id).await?;
    let held: Vec<Accreditation> = rules::accreditations(&stated)
        .map(|fact| fact.accreditation.clone())
        .collect();
    let effect = effect_of(&accreditation, &held)
        .ok_or_else(|| rejected("since", EmployerRejection::AccreditationOverlap))?;
    if effect == Effect::Known {
        return finish(tx, &employer).await;
    }
    // The version first: a concurrent one is noticed there before it can collide with a row.
    let revision = Revision::default();
    revise(&mut tx, &mut employer, &revision, &["accreditations"]).await?;
    let fact = AccreditationFact {
        accreditation,
        recorded_by: match tx.permit().principal().identity() {
            Identity::Officer { region } => Some(*region),
            Identity::Admin
            | Identity::Auditor
            | Identity::Agency { .. }
            | Identity::Employer { .. }
            | Identity::Helper { .. }
            | Identity::Worker(_)
            | Identity::System { .. } => None,
        },
        recorded_at: tx.now(),
    };
    facts::insert_accreditation_in(&tx, (employer.id, employer.version), &fact).await?;
    finish(tx, &employer).await
}

fn validated(cmd: &RecordAccreditation, today: NaiveDate) -> Result<Accreditation, Refusal> {
    let RecordAccreditation {
        employer_id: _,
        kind,
        reference,
        since,
        until,
    } = cmd;
    if *since > today {
        return Err(rejected("since", EmployerRejection::FutureDate));
    }
    Ok(Accreditation {
        kind: *kind,
        reference: text::bounded(reference, MAX_REFERENCE)
            .ok_or_else(|| rejected("reference", EmployerRejection::BadReference))?,
        period: Period::new(*since, *until)
            .ok_or_else(|| rejected("until", EmployerRejection::BadPeriod))?,
    })
}

/// `None` when it shares days with another one of its kind.
fn effect_of(new: &Accreditation, held: &[Accreditation]) -> Option<Effect> {
    let (same_start, others): (Vec<_>, Vec<_>) = held
        .iter()
        .filter(|known| known.kind == new.kind)
        .partition(|known| known.period.since() == new.period.since());
    if others.iter().any(|known| known.period.overlaps(new.period)) {
        return None;
    }
    Some(match same_start.first() {
        Some(known) if *known == new => Effect::Known,
        Some(_) | None => Effect::Stated,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a valid day")
    }

    fn workshop(reference: &str, since: &str, until: Option<&str>) -> Accreditation {
        Accreditation {
            kind: AccreditationKind::AssistanceWorkshop,
            reference: reference.into(),
            period: Period::new(day(since), until.map(day)).expect("in order"),
        }
    }

    #[test]
    fn the_same_first_day_again_restates_and_the_same_words_change_nothing() {
        let held = [workshop("清人社〔2025〕3号", "2025-03-01", None)];
        assert_eq!(effect_of(&held[0], &held), Some(Effect::Known));
        let ended = workshop("清人社〔2025〕3号", "2025-03-01", Some("2026-02-28"));
        assert_eq!(effect_of(&ended, &held), Some(Effect::Stated));
        let next = workshop("清人社〔2026〕9号", "2026-03-01", None);
        assert_eq!(effect_of(&next, &[ended]), Some(Effect::Stated));
    }

    #[test]
    fn two_accreditations_of_a_kind_share_no_day() {
        let held = [
            workshop("a", "2024-03-01", Some("2025-02-28")),
            workshop("b", "2025-03-01", None),
        ];
        let between = workshop("c", "2025-02-28", Some("2025-02-28"));
        assert_eq!(effect_of(&between, &held), None);
        let reopened = workshop("a", "2024-03-01", None);
        assert_eq!(effect_of(&reopened, &held), None);
    }

    #[test]
    fn an_accreditation_starts_today_at_the_latest_and_ends_after_it_starts() {
        let cmd = |since: &str, until: Option<&str>| RecordAccreditation {
            employer_id: crate::kernel::ids::RecordId::from_uuid(uuid::Uuid::from_u128(1)),
            kind: AccreditationKind::AssistanceWorkshop,
            reference: " 清人社〔2025〕3号 ".into(),
            since: day(since),
            until: until.map(day),
        };
        let today = day("2026-11-23");
        let code = |cmd: &RecordAccreditation| match validated(cmd, today) {
            Ok(_) => "",
            Err(Refusal::Expected(errors)) => errors[0].code,
            Err(Refusal::Failed(failure)) => panic!("{failure}"),
        };
        assert_eq!(code(&cmd("2026-11-23", None)), "");
        assert_eq!(code(&cmd("2026-11-24", None)), "DATE_IN_FUTURE");
        assert_eq!(code(&cmd("2026-11-02", Some("2026-11-01"))), "BAD_PERIOD");
    }
}
