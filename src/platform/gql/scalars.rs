//! Scalars of the schema: kernel values on the wire, parsed before a resolver sees them.

use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, Utc};

use crate::kernel::credit_code::CreditCode;
use crate::kernel::days;
use crate::kernel::error::{ErrorCode, Locale};
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;
use crate::kernel::unreadable::Unreadable;
use crate::kernel::year_month::YearMonth;

fn string(value: &Value) -> Result<&str, ()> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(()),
    }
}

/// Whether a value can be read, and why it cannot where it cannot.
type Reading = (fn(&Value) -> bool, Unreadable);

/// How the values of a scalar of the exchange's own are read; `None` for those that the engine knows.
fn reading(scalar: &str) -> Option<Reading> {
    let reading: Reading = match scalar {
        "CreditCode" => (reads::<CreditCode>, Unreadable::BadCreditCode),
        "Date" => (reads::<Date>, Unreadable::BadDate),
        "DateTime" => (reads::<DateTime>, Unreadable::BadDateTime),
        "JournalPosition" => (reads::<JournalPosition>, Unreadable::BadPosition),
        "RegionCode" => (reads::<RegionCode>, Unreadable::BadRegionCode),
        "YearMonth" => (reads::<YearMonth>, Unreadable::BadYearMonth),
        "Yuan" => (reads::<Fen>, Unreadable::BadAmount),
        _ => return None,
    };
    Some(reading)
}

fn reads<T: ScalarType>(value: &Value) -> bool {
    T::parse(value.clone()).is_ok()
}

/// Why a value of a scalar of the exchange's own cannot be read; nothing is told of other types.
#[must_use]
pub fn misread(scalar: &str, value: &Value) -> Option<Unreadable> {
    let (reads, reason) = reading(scalar)?;
    (!reads(value)).then_some(reason)
}

/// A refusal that says what the form is and echoes nothing of the input. With a code of its own it is
/// told as it is; what the engine says of values may quote them. Callers of the endpoint are told
/// before, in their language and with the place: see [`super::inputs`].
fn expected<T: InputType>() -> InputValueError<T> {
    let (_, reason) = reading(&T::type_name()).expect("a scalar of this module");
    InputValueError::custom(reason.text().in_locale(Locale::En))
        .with_extension("code", ErrorCode::BadUserInput.as_str())
}

/// A Beijing day, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

#[Scalar(name = "Date")]
/// A day in Beijing time, `YYYY-MM-DD`, of the years 1900 to 2200.
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(days::parse)
            .map(Self)
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant in UTC, RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar(name = "DateTime")]
/// An instant in UTC, RFC 3339 with at most microseconds.
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
            .map(|instant| Self(instant.with_timezone(&Utc)))
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// A place in the chain of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct JournalPosition(pub i64);

#[Scalar(name = "JournalPosition")]
/// A place in the chain of the journal: a whole number from 1 upwards, which may outgrow 32 bits.
impl ScalarType for JournalPosition {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::Number(number) => number.as_i64().filter(|place| *place > 0),
            _ => None,
        }
        .map(Self)
        .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        self.0.into()
    }
}

#[Scalar(name = "RegionCode")]
/// A 12-digit administrative division code: 2 province, 2 prefecture, 2 county, 3 township,
/// 3 village; a region of a higher level ends in zeros.
impl ScalarType for RegionCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(|text| Self::parse(text).ok())
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

#[Scalar(name = "CreditCode")]
/// A unified social credit code: 18 characters of GB 32100 with a valid check character.
impl ScalarType for CreditCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(|text| Self::parse(text).ok())
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

#[Scalar(name = "YearMonth")]
/// A calendar month, `YYYY-MM`.
impl ScalarType for YearMonth {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(|text| Self::parse(text).ok())
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

#[Scalar(name = "Yuan")]
/// An amount in yuan as a decimal string with two places, such as `"948.00"`; never a float.
impl ScalarType for Fen {
    fn parse(value: Value) -> InputValueResult<Self> {
        string(&value)
            .ok()
            .and_then(|text| Self::parse_yuan(text).ok())
            .ok_or_else(expected)
    }
    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};

    use super::*;

    #[test]
    fn every_scalar_of_the_schema_is_read_and_misread() {
        let schema = parse_schema(include_str!("../../../schema.graphql")).unwrap();
        let scalars = schema.definitions.iter().filter_map(|definition| {
            let TypeSystemDefinition::Type(found) = definition else {
                return None;
            };
            matches!(found.node.kind, TypeKind::Scalar).then(|| found.node.name.node.to_string())
        });
        let scalars: Vec<String> = scalars.collect();
        assert_eq!(scalars.len(), 7, "{scalars:?}");
        let good = |scalar: &str| match scalar {
            "CreditCode" => Value::from("91590101MA9K2T3HXH"),
            "Date" => Value::from("2026-11-30"),
            "DateTime" => Value::from("2026-11-30T08:00:00Z"),
            "JournalPosition" => Value::from(1),
            "RegionCode" => Value::from("590101000000"),
            "YearMonth" => Value::from("2026-11"),
            _ => Value::from("948.00"),
        };
        for scalar in scalars {
            assert!(misread(&scalar, &"neither".into()).is_some(), "{scalar}");
            assert_eq!(misread(&scalar, &good(&scalar)), None, "{scalar}");
        }
        assert_eq!(misread("String", &1.into()), None, "the engine's own");
    }
}
