//! Decisions about employers from dated facts.

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{AccreditationFact, EmployerStanding, EmployerStatus, StatusFact};

/// The fact that decides an employer's standing on a day: of those that hold by then the one with
/// the latest first day. Of two for the same day the one learnt later corrects the earlier, and of
/// two learnt at once the graver prevails, so that a benefit is not paid on a doubt. `None` when
/// nothing has been stated for that day.
#[must_use]
pub fn standing_on(facts: &[StatusFact], as_of: NaiveDate) -> Option<&StatusFact> {
    facts
        .iter()
        .filter(|fact| fact.since <= as_of)
        .max_by_key(|fact| (fact.since, learnt(fact), gravity(fact.standing)))
}

/// When a fact was learnt, among those about one employer: by the version that it made, whatever the
/// clock of the server said that took it in; by the clock those from before versions were kept.
#[must_use]
pub fn learnt(fact: &StatusFact) -> (i64, Option<DateTime<Utc>>) {
    (
        fact.version,
        (fact.version == 0).then_some(fact.recorded_at),
    )
}

/// Three-valued: silence of market regulation is [`EmployerStatus::Unknown`], not active.
#[must_use]
pub fn status_on(facts: &[StatusFact], as_of: NaiveDate) -> EmployerStatus {
    standing_on(facts, as_of).map_or(EmployerStatus::Unknown, |fact| fact.standing.into())
}

/// Whether a later statement of the same source for the same day has taken a fact's place.
#[must_use]
pub fn is_corrected(fact: &StatusFact, facts: &[StatusFact]) -> bool {
    facts.iter().any(|other| {
        other.since == fact.since && other.source == fact.source && learnt(other) > learnt(fact)
    })
}

/// Whether a later statement about the same accreditation has taken this one's place. `later` are
/// the statements made after it.
#[must_use]
pub fn is_restated(fact: &AccreditationFact, later: &[AccreditationFact]) -> bool {
    let same = |other: &AccreditationFact| {
        let (this, other) = (&fact.accreditation, &other.accreditation);
        this.kind == other.kind && this.period.since() == other.period.since()
    };
    later.iter().any(same)
}

/// The statements that count, of all that were made in their order: one for each accreditation
/// that the employer holds or held.
pub fn accreditations(facts: &[AccreditationFact]) -> impl Iterator<Item = &AccreditationFact> {
    facts
        .iter()
        .enumerate()
        .filter(|(place, fact)| !is_restated(fact, &facts[place + 1..]))
        .map(|(_, fact)| fact)
}

const fn gravity(standing: EmployerStanding) -> u8 {
    match standing {
        EmployerStanding::Active => 0,
        EmployerStanding::Abnormal => 1,
        EmployerStanding::Blacklisted => 2,
        EmployerStanding::Dissolved => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a valid day")
    }

    fn fact(standing: EmployerStanding, since: &str, recorded: &str) -> StatusFact {
        StatusFact {
            standing,
            since: day(since),
            source: "MARKET_REGULATION".into(),
            version: 0,
            recorded_at: format!("{recorded}T02:00:00Z").parse().expect("valid"),
        }
    }

    #[test]
    fn a_later_statement_of_the_source_for_the_day_supersedes_the_earlier() {
        let facts = [
            fact(EmployerStanding::Blacklisted, "2026-06-01", "2026-06-02"),
            fact(EmployerStanding::Active, "2026-06-01", "2026-06-09"),
            fact(EmployerStanding::Abnormal, "2026-07-01", "2026-07-02"),
        ];
        let corrected = facts.each_ref().map(|fact| is_corrected(fact, &facts));
        assert_eq!(corrected, [true, false, false]);
    }

    #[test]
    fn nothing_stated_for_a_day_is_unknown_and_not_active() {
        assert_eq!(status_on(&[], day("2026-11-23")), EmployerStatus::Unknown);
        let facts = [fact(EmployerStanding::Active, "2026-03-01", "2026-03-05")];
        assert_eq!(
            status_on(&facts, day("2026-02-28")),
            EmployerStatus::Unknown
        );
        assert_eq!(status_on(&facts, day("2026-03-01")), EmployerStatus::Active);
    }

    #[test]
    fn the_latest_first_day_decides_whatever_order_facts_arrive_in() {
        let facts = [
            fact(EmployerStanding::Dissolved, "2026-06-01", "2026-06-02"),
            fact(EmployerStanding::Abnormal, "2025-06-01", "2026-09-01"),
            fact(EmployerStanding::Active, "2020-01-01", "2026-10-01"),
        ];
        for (as_of, status) in [
            ("2026-11-23", EmployerStatus::Dissolved),
            ("2026-05-31", EmployerStatus::Abnormal),
            ("2025-05-31", EmployerStatus::Active),
            ("2019-12-31", EmployerStatus::Unknown),
        ] {
            assert_eq!(status_on(&facts, day(as_of)), status, "{as_of}");
        }
    }

    #[test]
    fn for_one_day_the_later_statement_corrects_and_at_once_the_graver_prevails() {
        let corrected = [
            fact(EmployerStanding::Blacklisted, "2026-06-01", "2026-06-02"),
            fact(EmployerStanding::Active, "2026-06-01", "2026-06-09"),
        ];
        let as_of = day("2026-11-23");
        assert_eq!(status_on(&corrected, as_of), EmployerStatus::Active);
        // Another server's clock was behind: the version it made says that it came later.
        let mut by_version = corrected.clone();
        by_version[0].version = 3;
        by_version[1].version = 2;
        assert_eq!(status_on(&by_version, as_of), EmployerStatus::Blacklisted);
        assert!(is_corrected(&by_version[1], &by_version));
        by_version[1].version = 0;
        assert_eq!(status_on(&by_version, as_of), EmployerStatus::Blacklisted);
        let at_once = [
            fact(EmployerStanding::Blacklisted, "2026-06-01", "2026-06-02"),
            fact(EmployerStanding::Active, "2026-06-01", "2026-06-02"),
        ];
        assert_eq!(status_on(&at_once, as_of), EmployerStatus::Blacklisted);
    }
}
