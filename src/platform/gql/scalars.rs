//! Scalars of the schema: kernel values on the wire, parsed before a resolver sees them.

use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, Utc};

use crate::kernel::credit_code::CreditCode;
use crate::kernel::days;
use crate::kernel::error::ErrorCode;
use crate::kernel::money::Fen;
use crate::kernel::region_code::RegionCode;
use crate::kernel::year_month::YearMonth;

fn string(value: &Value) -> Result<&str, ()> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(()),
    }
}

/// A refusal that says what the form is and echoes nothing of the input. With a code of its own it is
/// told as it is; what the engine says of values may quote them.
fn expected<T: InputType>(form: &str) -> InputValueError<T> {
    InputValueError::custom(form).with_extension("code", ErrorCode::BadUserInput.as_str())
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
            .ok_or_else(|| expected("a Date is written YYYY-MM-DD, its year from 1900 to 2200"))
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
            .ok_or_else(|| expected("a DateTime is written as in RFC 3339"))
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
        .ok_or_else(|| expected("a JournalPosition is a whole number from 1 upwards"))
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
            .ok_or_else(|| expected("a RegionCode has 12 digits"))
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
            .ok_or_else(|| expected("a CreditCode has 18 characters and a valid check character"))
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
            .ok_or_else(|| expected("a YearMonth is written YYYY-MM"))
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
            .ok_or_else(|| expected("a Yuan amount is a string such as \"948.00\""))
    }
    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}
