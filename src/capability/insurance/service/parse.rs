//! Reading the parts of a line: each error is the line's own and names its field.

use super::super::error::{Amount, LineRejection, Party};
use super::super::model::{Amounts, EntryKind, InsuranceKind};
use super::super::policy;
use super::delivery::{NamedEmployer, PartyLine};
use crate::capability::employer::public::EmployerName;
use crate::capability::worker::public as registry;
use crate::kernel::credit_code::{CreditCode, CreditCodeError};
use crate::kernel::money::Fen;
use crate::kernel::resident_id::ResidentId;
use crate::kernel::year_month::YearMonth;
use crate::platform::authn::Agency;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::Session;

/// The largest amount of one row, ten million yuan in fen: sums over a lifetime of rows stay far
/// from what 64 bits hold.
const MOST: i64 = 1_000_000_000;

/// The keyed hash of a resident id as typed.
pub(super) fn person(session: &impl Session, typed: &str) -> Result<BlindIndex, LineRejection> {
    // Which county issued the number does not matter here: only a note would come of it.
    let parsed = ResidentId::parse(typed, session.today(), &|_: u32| None::<bool>)
        .map_err(|error| LineRejection::ResidentId(error.code().to_owned()))?;
    Ok(registry::resident_id_index(session, &parsed.id))
}

/// An insurance that the agency speaks for.
pub(super) fn kind(agency: Agency, kind: InsuranceKind) -> Result<InsuranceKind, LineRejection> {
    policy::kinds_of(agency)
        .contains(&kind)
        .then_some(kind)
        .ok_or(LineRejection::NotYourKind)
}

/// The employer of a line; `None` when it names none.
pub(super) fn employer(
    party: Party,
    line: &PartyLine,
) -> Result<Option<NamedEmployer>, LineRejection> {
    let PartyLine { credit_code, name } = line;
    let name = name
        .as_deref()
        .map(EmployerName::parse)
        .transpose()
        .map_err(|_| LineRejection::EmployerName(party))?;
    let unreadable =
        |error: CreditCodeError| LineRejection::CreditCode(party, error.code().to_owned());
    match (credit_code, name) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(unreadable(CreditCodeError::Missing)),
        (Some(code), name) => Ok(Some(NamedEmployer {
            credit_code: CreditCode::parse(code).map_err(unreadable)?,
            name,
        })),
    }
}

/// The three months of a line as typed.
pub(super) struct MonthsLine<'a> {
    pub(super) period: &'a str,
    pub(super) posting: &'a str,
    pub(super) corrects: Option<&'a str>,
}

/// The three months of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Months {
    pub(super) period: YearMonth,
    pub(super) posting: YearMonth,
    pub(super) corrects: Option<YearMonth>,
}

/// Period ≤ posting ≤ this month; a month paid in advance is delivered when it begins. A correction
/// says in which month the row it corrects was posted, a refund may, a payment does not.
pub(super) fn months(
    this_month: Option<YearMonth>,
    entry: EntryKind,
    line: &MonthsLine<'_>,
) -> Result<Months, LineRejection> {
    let past = |text: &str| {
        let month = YearMonth::parse(text).ok();
        month.filter(|month| Some(*month) <= this_month)
    };
    let period = past(line.period).ok_or(LineRejection::PeriodMonth)?;
    let posting = past(line.posting)
        .filter(|posting| *posting >= period)
        .ok_or(LineRejection::PostingMonth)?;
    let corrects = line
        .corrects
        .map(|text| {
            past(text)
                .filter(|month| (period..=posting).contains(month))
                .ok_or(LineRejection::CorrectedMonth)
        })
        .transpose()?;
    let fits = match entry {
        EntryKind::Normal | EntryKind::Arrears => corrects.is_none(),
        EntryKind::Refund => true,
        EntryKind::Correction => corrects.is_some(),
    };
    if !fits {
        return Err(LineRejection::CorrectedMonth);
    }
    Ok(Months {
        period,
        posting,
        corrects,
    })
}

/// The amounts of a line as typed, in yuan.
pub(super) struct AmountsLine<'a> {
    pub(super) base: &'a str,
    pub(super) employer: &'a str,
    pub(super) personal: &'a str,
}

/// Payments are above zero in sum with no share below, refunds the other way round, corrections
/// not zero; the base is never negative.
pub(super) fn amounts(entry: EntryKind, line: &AmountsLine<'_>) -> Result<Amounts, LineRejection> {
    let read = |field: Amount, text: &str| {
        let fen = Fen::parse_yuan(text).ok();
        fen.filter(|fen| fen.as_i64().abs() <= MOST)
            .ok_or(LineRejection::BadAmount(field))
    };
    let amounts = Amounts {
        base: read(Amount::Base, line.base)?,
        employer: read(Amount::Employer, line.employer)?,
        personal: read(Amount::Personal, line.personal)?,
    };
    if amounts.base.is_negative() {
        return Err(LineRejection::BadAmount(Amount::Base));
    }
    let shares = [
        (Amount::Employer, amounts.employer.as_i64()),
        (Amount::Personal, amounts.personal.as_i64()),
    ];
    let wrong = |fen: i64| match entry {
        EntryKind::Normal | EntryKind::Arrears => fen < 0,
        EntryKind::Refund => fen > 0,
        EntryKind::Correction => false,
    };
    if let Some((field, _)) = shares.into_iter().find(|(_, fen)| wrong(*fen)) {
        return Err(LineRejection::BadAmount(field));
    }
    if amounts.paid() == 0 {
        return Err(LineRejection::BadAmount(Amount::Employer));
    }
    Ok(amounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIS_MONTH: &str = "2026-11";

    fn dates(
        entry: EntryKind,
        period: &str,
        posting: &str,
        corrects: Option<&str>,
    ) -> Result<(), LineRejection> {
        let line = MonthsLine {
            period,
            posting,
            corrects,
        };
        months(YearMonth::parse(THIS_MONTH).ok(), entry, &line).map(|_| ())
    }

    fn money(
        entry: EntryKind,
        base: &str,
        employer: &str,
        personal: &str,
    ) -> Result<(), LineRejection> {
        let line = AmountsLine {
            base,
            employer,
            personal,
        };
        amounts(entry, &line).map(|_| ())
    }

    #[test]
    fn a_month_is_posted_between_itself_and_now() {
        use EntryKind::{Arrears, Correction, Normal, Refund};
        use LineRejection::{CorrectedMonth, PeriodMonth, PostingMonth};
        for (entry, period, posting, corrects, expected) in [
            (Normal, "2026-11", "2026-11", None, Ok(())),
            (Arrears, "2025-01", "2026-11", None, Ok(())),
            (Normal, "2026-12", "2026-12", None, Err(PeriodMonth)),
            (Normal, "2026-1", "2026-11", None, Err(PeriodMonth)),
            (Normal, "2026-10", "2026-12", None, Err(PostingMonth)),
            (Normal, "2026-10", "2026-09", None, Err(PostingMonth)),
            (
                Normal,
                "2026-10",
                "2026-10",
                Some("2026-10"),
                Err(CorrectedMonth),
            ),
            (Refund, "2026-10", "2026-11", None, Ok(())),
            (Correction, "2026-09", "2026-11", Some("2026-10"), Ok(())),
            (Correction, "2026-10", "2026-11", None, Err(CorrectedMonth)),
            (
                Correction,
                "2026-10",
                "2026-11",
                Some("2026-09"),
                Err(CorrectedMonth),
            ),
        ] {
            let found = dates(entry, period, posting, corrects);
            assert_eq!(found, expected, "{entry:?} {period} {posting} {corrects:?}");
        }
    }

    #[test]
    fn amounts_have_the_sign_of_their_entry() {
        use EntryKind::{Correction, Normal, Refund};
        let bad = |field| Err(LineRejection::BadAmount(field));
        for (entry, base, employer, personal, expected) in [
            (Normal, "4000", "640.00", "320.00", Ok(())),
            (Normal, "4000", "8.00", "0", Ok(())),
            (Normal, "4000", "0", "0", bad(Amount::Employer)),
            (Normal, "-4000", "1", "1", bad(Amount::Base)),
            (Normal, "4000", "640.001", "1", bad(Amount::Employer)),
            (Normal, "4000", "640", "-1", bad(Amount::Personal)),
            (Normal, "4000", "10000000.01", "1", bad(Amount::Employer)),
            (Refund, "4000", "-640", "0", Ok(())),
            (Refund, "4000", "-640", "1", bad(Amount::Personal)),
            (Correction, "0", "-1", "2", Ok(())),
            (Correction, "0", "-1", "1", bad(Amount::Employer)),
        ] {
            let found = money(entry, base, employer, personal);
            assert_eq!(found, expected, "{entry:?} {base} {employer} {personal}");
        }
    }
}
