//! Unified social credit codes (GB 32100): the key of an employer. Public, so it may be printed.
//!
//! Eighteen characters: registering department, kind, six-digit division, nine of organisation
//! code (GB 11714, with a check character of its own), check character. Both are tested.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::closed::Closed as _;
use super::text;
use super::unreadable::Unreadable;

/// The 31 characters; I, O, S, V and Z are left out because they look like others.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first seventeen characters: powers of 3 modulo 31.
const WEIGHTS: [u32; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
/// Weights of the organisation code's first eight characters (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Why a credit code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CreditCodeError {
    /// Nothing but blanks.
    #[error("the credit code is missing")]
    Missing,
    /// Not eighteen characters of the alphabet, or letters where the division has digits.
    #[error("a credit code has 18 digits and capital letters, without I, O, S, V and Z")]
    Malformed,
    /// The last character does not fit the seventeen before it.
    #[error("the credit code's check character does not fit")]
    BadCheckCharacter,
    /// The organisation code in positions 9–17 does not fit its own check character.
    #[error("the check character of the organisation code inside the credit code does not fit")]
    BadOrganisationCode,
}

impl From<CreditCodeError> for Unreadable {
    fn from(error: CreditCodeError) -> Self {
        match error {
            CreditCodeError::Missing => Self::Missing,
            CreditCodeError::Malformed
            | CreditCodeError::BadCheckCharacter
            | CreditCodeError::BadOrganisationCode => Self::BadCreditCode,
        }
    }
}

impl CreditCodeError {
    /// Stable code for reports and user errors: `MISSING` or `BAD_CREDIT_CODE`.
    #[must_use]
    pub fn code(self) -> &'static str {
        Unreadable::from(self).as_str()
    }
}

/// A credit code whose two check characters fit; whether it was ever issued is data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

impl CreditCode {
    /// Puts a code together: two characters for registering department and kind, the six-digit
    /// division and eight of organisation code; both check characters are worked out.
    ///
    /// # Errors
    /// [`CreditCodeError::Malformed`] when a part has another length or a character outside the
    /// alphabet.
    pub fn assemble(
        kind: &str,
        division: u32,
        organisation: &str,
    ) -> Result<Self, CreditCodeError> {
        let mut code = format!("{kind}{division:06}{organisation}").into_bytes();
        if code.len() != 16 || !code.iter().all(|c| ALPHABET.contains(c)) {
            return Err(CreditCodeError::Malformed);
        }
        code.push(organisation_check(&code[8..16]));
        code.push(check_character(&code));
        Self::parse(&String::from_utf8(code).map_err(|_| CreditCodeError::Malformed)?)
    }

    /// Reads a code as typed: spaces dropped, full-width characters narrowed, letters raised.
    ///
    /// # Errors
    /// [`CreditCodeError`] for a blank, a wrong form or either check character.
    pub fn parse(raw: &str) -> Result<Self, CreditCodeError> {
        let code = text::compact(raw).to_ascii_uppercase();
        if code.is_empty() {
            return Err(CreditCodeError::Missing);
        }
        let bytes = code.as_bytes();
        let well_formed = bytes.len() == 18
            && bytes.iter().all(|c| ALPHABET.contains(c))
            && bytes[2..8].iter().all(u8::is_ascii_digit);
        if !well_formed {
            return Err(CreditCodeError::Malformed);
        }
        if bytes[17] != check_character(&bytes[..17]) {
            return Err(CreditCodeError::BadCheckCharacter);
        }
        if bytes[16] != organisation_check(&bytes[8..16]) {
            return Err(CreditCodeError::BadOrganisationCode);
        }
        Ok(Self(code))
    }

    /// The eighteen characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nine characters of the organisation code, which outlives a change of registration.
    #[must_use]
    pub fn org_code(&self) -> &str {
        &self.0[8..17]
    }

    /// The six-digit division that registered it; not where it works now.
    #[must_use]
    pub fn division(&self) -> u32 {
        self.0[2..8]
            .parse()
            .expect("a parsed credit code has six digits there")
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

fn weighted(values: impl Iterator<Item = u32>, weights: &[u32]) -> u32 {
    values
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}

/// 31 minus the remainder; a remainder of 0 gives 31, which is written `0`.
fn check_character(body: &[u8]) -> u8 {
    let values = body.iter().map(|c| {
        let at = ALPHABET.iter().position(|a| a == c);
        u32::try_from(at.expect("the form was tested")).expect("below 31")
    });
    let index = (31 - weighted(values, &WEIGHTS) % 31) % 31;
    ALPHABET[usize::try_from(index).expect("below 31")]
}

/// 11 minus the remainder, 10 written `X` and 11 written `0`; letters count from A = 10 with no
/// gap, unlike in the alphabet of the credit code.
fn organisation_check(body: &[u8]) -> u8 {
    let values = body.iter().map(|c| {
        char::from(*c)
            .to_digit(36)
            .expect("digits and capital letters are base 36")
    });
    match 11 - weighted(values, &ORGANISATION_WEIGHTS) % 11 {
        11 => b'0',
        10 => b'X',
        digit => b'0' + u8::try_from(digit).expect("below ten"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_enterprise_91590101ma9k2t3hxh_is_valid() {
        let code = CreditCode::parse("91590101MA9K2T3HXH").expect("valid");
        assert_eq!(code.org_code(), "MA9K2T3HX");
        assert_eq!(code.division(), 590_101);
        assert_eq!(code.to_string(), "91590101MA9K2T3HXH");
    }

    #[test]
    fn a_sole_trader_and_a_social_organisation_are_valid() {
        for text in ["92590102MA5P0A2E32", "52590101MJU1234A1M"] {
            assert!(CreditCode::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_code_put_together_gets_both_check_characters() {
        let whole = CreditCode::parse("91590101MA9K2T3HXH");
        assert_eq!(CreditCode::assemble("91", 590_101, "MA9K2T3H"), whole);
        for (kind, organisation) in [("9", "MA9K2T3H"), ("91", "MA9K2T3I"), ("91", "MA9K2T3")] {
            let error = CreditCode::assemble(kind, 590_101, organisation);
            assert_eq!(error, Err(CreditCodeError::Malformed));
        }
    }

    #[test]
    fn a_remainder_of_zero_is_written_as_0_and_not_as_31() {
        assert!(CreditCode::parse("91590101MA90000700").is_ok());
    }

    #[test]
    fn the_example_of_the_standard_must_end_in_3() {
        assert_eq!(
            CreditCode::parse("91350100M000100Y4Z"),
            Err(CreditCodeError::Malformed),
            "Z is not in the alphabet"
        );
        assert_eq!(
            CreditCode::parse("91350100M000100Y44"),
            Err(CreditCodeError::BadCheckCharacter)
        );
        assert!(CreditCode::parse("91350100M000100Y43").is_ok());
    }

    #[test]
    fn an_organisation_code_that_does_not_fit_is_refused_though_the_last_character_fits() {
        let body = b"91590101MA9K2T3H1";
        let code = format!("91590101MA9K2T3H1{}", char::from(check_character(body)));
        assert_eq!(
            CreditCode::parse(&code),
            Err(CreditCodeError::BadOrganisationCode)
        );
    }

    #[test]
    fn typing_habits_are_forgiven_and_other_forms_refused() {
        let expected = CreditCode::parse("91590101MA9K2T3HXH");
        for typed in [
            " 91590101 ma9k2t3hxh ",
            "９１５９０１０１ＭＡ９Ｋ２Ｔ３ＨＸＨ",
        ] {
            assert_eq!(CreditCode::parse(typed), expected, "{typed}");
        }
        assert_eq!(CreditCode::parse("\u{3000}"), Err(CreditCodeError::Missing));
        for typed in ["91590101MA9K2T3HX", "9159010AMA9K2T3HXH", "云川省清河区"] {
            assert_eq!(CreditCode::parse(typed), Err(CreditCodeError::Malformed));
        }
    }

    #[test]
    fn the_spoilt_codes_of_the_ledgers_are_refused() {
        for typed in [
            "91590101MACRUTYW40",
            "91590223MAP6FGBX30",
            "91590125MADLCRPU30",
        ] {
            let error = CreditCode::parse(typed).expect_err("its check character is wrong");
            assert_eq!(error.code(), "BAD_CREDIT_CODE");
        }
    }

    proptest! {
        #[test]
        fn a_code_with_both_check_characters_comes_back_unchanged(
            division in 100_000_u32..1_000_000,
            organisation in proptest::collection::vec(0_usize..31, 8),
        ) {
            let mut body = format!("91{division}").into_bytes();
            body.extend(organisation.iter().map(|i| ALPHABET[*i]));
            body.push(organisation_check(&body[8..16]));
            body.push(check_character(&body));
            let text = String::from_utf8(body).expect("ASCII");
            let code = CreditCode::parse(&text).expect("well made");
            prop_assert_eq!(code.as_str(), &text);
            let json = serde_json::to_string(&code).expect("plain data");
            prop_assert_eq!(serde_json::from_str::<CreditCode>(&json).ok(), Some(code));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = CreditCode::parse(&text);
        }
    }
}
