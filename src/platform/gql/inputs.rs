//! What the schema's inputs are made of, and where in a value something cannot be read.
//!
//! The engine reads a scalar when a resolver asks for its arguments. By then earlier mutations of the
//! request are done, and their answers would be lost with the rest; and it does not say where. So the
//! endpoint looks at every value before anything runs, and items of a bulk request are looked at one by
//! one: each has a result of its own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, ServiceDocument, Type, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::registry::Registry;
use async_graphql::{Context, ID, InputType, InputValueResult, Positioned, Value};

use super::scalars;
use crate::kernel::ids::{self, RecordId};
use crate::kernel::unreadable::{Misread, Unreadable};

type Types = HashMap<String, Type>;

/// A field of an object type: its arguments, and the type that it leads to.
#[derive(Clone, Debug)]
struct Field {
    arguments: Types,
    target: String,
}

/// The inputs of one schema.
#[derive(Clone, Debug, Default)]
pub struct InputTypes {
    fields: HashMap<String, HashMap<String, Field>>,
    objects: HashMap<String, Types>,
    /// Input objects that come in lists: the items of bulk requests.
    items: HashSet<String>,
}

impl InputTypes {
    /// Reads them from the schema's own text.
    ///
    /// # Panics
    /// When the text is not a schema; it is the engine's own export.
    #[must_use]
    pub fn of_schema(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the engine exports a readable schema");
        let mut known = Self::default();
        for (name, kind) in kinds(&document) {
            match kind {
                TypeKind::Object(object) => known.add_fields(name, &object.fields),
                TypeKind::Interface(interface) => known.add_fields(name, &interface.fields),
                TypeKind::InputObject(object) => {
                    known.objects.insert(name, types(&object.fields));
                }
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::Union(_) => {}
            }
        }
        let listed = known.objects.values().flat_map(HashMap::values);
        let listed = listed.filter(|of| matches!(of.base, BaseType::List(_)));
        let items = listed.map(|of| base_name(of).to_owned());
        known.items = items
            .filter(|name| known.objects.contains_key(name))
            .collect();
        known
    }

    fn add_fields(&mut self, owner: String, fields: &[Positioned<FieldDefinition>]) {
        let fields = fields.iter().map(|field| {
            let known = Field {
                arguments: types(&field.node.arguments),
                target: base_name(&field.node.ty.node).to_owned(),
            };
            (field.node.name.node.to_string(), known)
        });
        self.fields.insert(owner, fields.collect());
    }

    /// The type of an argument; `None` for what the schema does not know, which is the validator's
    /// to refuse.
    #[must_use]
    pub fn argument(&self, owner: &str, field: &str, argument: &str) -> Option<&Type> {
        self.field(owner, field)?.arguments.get(argument)
    }

    /// The type that a field leads to.
    #[must_use]
    pub fn target(&self, owner: &str, field: &str) -> Option<&str> {
        Some(&self.field(owner, field)?.target)
    }

    fn field(&self, owner: &str, field: &str) -> Option<&Field> {
        self.fields.get(owner)?.get(field)
    }

    /// The first scalar of a value that cannot be read, with its path below the value. Items of bulk
    /// requests are passed over, as is whatever the engine finds before it runs anything: a missing
    /// field, an unknown one, an enum value.
    #[must_use]
    pub fn misread(&self, of: &Type, value: &Value) -> Option<Misread> {
        match (&of.base, value) {
            (_, Value::Null) => None,
            (BaseType::List(of), Value::List(values)) => values
                .iter()
                .enumerate()
                .find_map(|(place, value)| below(place, self.misread(of, value))),
            // GraphQL §3.11: one value stands for a list of one.
            (BaseType::List(of), value) => self.misread(of, value),
            (BaseType::Named(name), _) if self.items.contains(name.as_str()) => None,
            (BaseType::Named(name), value) => self.misread_named(name, value),
        }
    }

    fn misread_named(&self, name: &str, value: &Value) -> Option<Misread> {
        let Some(fields) = self.objects.get(name) else {
            let reason = scalars::misread(name, value)?;
            return Some(Misread {
                field: Vec::new(),
                reason,
            });
        };
        let Value::Object(given) = value else {
            return None;
        };
        given
            .iter()
            .find_map(|(name, value)| below(name, self.misread(fields.get(name.as_str())?, value)))
    }
}

fn below(step: impl ToString, misread: Option<Misread>) -> Option<Misread> {
    misread.map(|mut misread| {
        misread.field.insert(0, step.to_string());
        misread
    })
}

fn kinds(document: &ServiceDocument) -> impl Iterator<Item = (String, &TypeKind)> {
    let types = document.definitions.iter();
    types.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(found) => {
            Some((found.node.name.node.to_string(), &found.node.kind))
        }
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    })
}

fn types(inputs: &[Positioned<InputValueDefinition>]) -> Types {
    let inputs = inputs.iter().map(|input| &input.node);
    inputs
        .map(|input| (input.name.node.to_string(), input.ty.node.clone()))
        .collect()
}

fn base_name(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(items) => base_name(items),
    }
}

/// The record that an id of an input names.
///
/// # Errors
/// When it is not the id of such a record.
pub fn record_id<I: RecordId>(field: &str, id: &ID) -> Result<I, Misread> {
    ids::decode(id).map_err(|_| Misread::at(field, Unreadable::BadRecordId))
}

/// An item of a bulk request: read, or as it came, so that it alone is refused.
pub struct Item<T>(Result<T, Value>);

impl<T: InputType> Item<T> {
    /// The item.
    ///
    /// # Errors
    /// Where in it a value cannot be read.
    pub fn read(&self, ctx: &Context<'_>) -> Result<&T, Misread> {
        self.0.as_ref().map_err(|came| {
            let types = ctx.data_unchecked::<Arc<InputTypes>>();
            types
                .misread_named(&T::type_name(), came)
                .unwrap_or(Misread {
                    field: Vec::new(),
                    reason: Unreadable::BadValue,
                })
        })
    }
}

/// To the schema it is the item itself.
impl<T: InputType> InputType for Item<T> {
    type RawValueType = T::RawValueType;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let read = T::parse(value.clone());
        Ok(Self(read.map_err(|_| value.unwrap_or_default())))
    }

    fn to_value(&self) -> Value {
        match &self.0 {
            Ok(item) => item.to_value(),
            Err(came) => came.clone(),
        }
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_ref().ok().and_then(InputType::as_raw_value)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    const SCHEMA: &str = "schema { query: Query }
        type Query { people(since: Date, filter: Filter): [Person!]! enter(input: Many!): Person }
        type Person { seen(on: [Date!]): Person }
        input Filter { on: Dates note: String } input Dates { days: [Date!] month: YearMonth }
        input Many { on: Date items: [One!]! } input One { on: Dates amount: Yuan }
        scalar Date scalar YearMonth scalar Yuan";

    fn misread(field: &str, argument: &str, value: &Value) -> Option<(String, Unreadable)> {
        let types = InputTypes::of_schema(SCHEMA);
        let of = types.argument("Query", field, argument).expect("known");
        let misread = types.misread(of, value)?;
        Some((misread.field.join("."), misread.reason))
    }

    #[test]
    fn the_place_of_what_cannot_be_read_is_told() {
        for (argument, value, place, reason) in [
            ("since", value!("today"), "", Unreadable::BadDate),
            (
                "filter",
                value!({"note": "x", "on": {"days": ["2026-11-30", "2026-11-31"]}}),
                "on.days.1",
                Unreadable::BadDate,
            ),
            (
                "filter",
                value!({"on": {"days": "soon"}}),
                "on.days",
                Unreadable::BadDate,
            ),
            (
                "filter",
                value!({"on": {"month": 202_611}}),
                "on.month",
                Unreadable::BadYearMonth,
            ),
        ] {
            let found = misread("people", argument, &value);
            assert_eq!(found, Some((place.to_owned(), reason)), "{value}");
        }
        let fine = value!({"on": {"days": ["2026-11-30"], "month": null, "more": "x"}});
        assert_eq!(misread("people", "filter", &fine), None);
    }

    #[test]
    fn items_of_a_bulk_request_are_read_one_by_one() {
        let many = value!({"on": "2026-11-30", "items": [{"amount": "much"}]});
        assert_eq!(misread("enter", "input", &many), None);
        let wrong = value!({"on": "today", "items": []});
        let place = Some(("on".to_owned(), Unreadable::BadDate));
        assert_eq!(misread("enter", "input", &wrong), place);
        let types = InputTypes::of_schema(SCHEMA);
        let found = types.misread_named("One", &value!({"on": {"days": ["no"]}}));
        let found = found.map(|misread| misread.field.join("."));
        assert_eq!(found.as_deref(), Some("on.days.0"));
    }

    #[test]
    fn a_field_leads_on() {
        let types = InputTypes::of_schema(SCHEMA);
        assert_eq!(types.target("Query", "people"), Some("Person"));
        assert!(types.argument("Person", "seen", "on").is_some());
        assert!(types.argument("Person", "seen", "off").is_none());
    }
}
