//! A field of an update that may be left out, which leaves what is there, or be null, which clears it.

use std::borrow::Cow;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, MaybeUndefined, Name, Value};

/// What the digest of an input holds in the place of a field that was left out; no value of the
/// schema looks like it, because an enum value has no lower case.
const LEFT_OUT: &str = "left_out";

/// A field of an update: left out, null or a value.
///
/// The engine's own [`MaybeUndefined`] writes what was left out like null. An idempotency key is
/// bound to the input as it is written out, so the two must differ: one clears, the other does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patch<T>(MaybeUndefined<T>);

/// `None` leaves what is there, `Some(None)` clears it.
impl<T> From<Patch<T>> for Option<Option<T>> {
    fn from(patch: Patch<T>) -> Self {
        patch.0.into()
    }
}

impl<T: InputType> InputType for Patch<T> {
    type RawValueType = T::RawValueType;

    fn type_name() -> Cow<'static, str> {
        MaybeUndefined::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        MaybeUndefined::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        MaybeUndefined::<T>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        MaybeUndefined::parse(value)
            .map(Self)
            .map_err(InputValueError::propagate)
    }

    fn to_value(&self) -> Value {
        match &self.0 {
            MaybeUndefined::Undefined => Value::Enum(Name::new(LEFT_OUT)),
            given @ (MaybeUndefined::Null | MaybeUndefined::Value(_)) => given.to_value(),
        }
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_raw_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out_null_and_a_value_are_written_out_differently() {
        let written = |value: Option<Value>| {
            let patch = Patch::<String>::parse(value).expect("readable");
            (
                Option::<Option<String>>::from(patch.clone()),
                patch.to_value(),
            )
        };
        let (left_out, null) = (written(None), written(Some(Value::Null)));
        let value = written(Some("left_out".into()));
        assert_eq!(left_out.0, None);
        assert_eq!(null, (Some(None), Value::Null));
        assert_eq!(value.0, Some(Some("left_out".to_owned())));
        assert_ne!(left_out.1.to_string(), null.1.to_string());
        assert_ne!(left_out.1.to_string(), value.1.to_string());
    }
}
