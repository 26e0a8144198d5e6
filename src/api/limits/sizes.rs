//! How many items the schema's fields answer with, for the weight of what is asked of each.
//!
//! Read once from the schema's own text, so that a new list counts without anybody thinking of
//! it: a field with a `first` argument is a page, and counts the default page when the caller
//! names no number; an object list without one counts what [`FIXED`] says.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, OperationType, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};

use crate::kernel::page::DEFAULT_PAGE;

/// Items of an object list that has no page: people of a household, jobs held at once, spells.
const USUAL: u64 = 10;
/// Lists that are usually longer, and the one list of plain values that is long.
const FIXED: [(&str, &str, u64); 4] = [
    ("LabourFlows", "flows", 500),
    ("TakeRequeryListPayload", "people", 1_000),
    // A whole matching finds at most two people for each of its values.
    ("RecordMatch", "workers", 2),
    // A year; the longest answer holds fifty.
    ("Worker", "insuredMonths", 12),
];

/// What a field leads to and how often.
#[derive(Clone, Debug)]
struct Shape {
    target: String,
    /// Items when the caller's arguments name no number.
    items: u64,
}

/// The sizes of one schema.
#[derive(Clone, Debug, Default)]
pub struct ListSizes {
    query: String,
    mutation: String,
    types: HashMap<String, HashMap<String, Shape>>,
}

impl ListSizes {
    /// Reads them from the schema's own text.
    ///
    /// # Panics
    /// When the text is not a schema; it is the engine's own export.
    #[must_use]
    pub fn of_schema(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the engine exports a readable schema");
        let (query, mutation) = root_names(&document);
        let fields = fields_by_type(&document);
        let objects = |name: &str| fields.contains_key(name);
        // Their fields hold what the field that leads to them has counted already: a page's rows,
        // a bulk request's outcomes.
        let counted: Vec<&str> = fields
            .iter()
            .flat_map(|(owner, fields)| fields.iter().map(move |field| (owner, field)))
            .filter(|(owner, field)| **owner == mutation || has_page(field))
            .map(|(_, field)| base_name(&field.ty.node))
            .collect();
        let items = |owner: &str, field: &FieldDefinition| {
            let fixed = FIXED
                .iter()
                .find(|(of, name, _)| *of == owner && field.name.node == *name);
            match fixed {
                Some((_, _, items)) => *items,
                None if has_page(field) => DEFAULT_PAGE,
                None if is_list(&field.ty.node)
                    && objects(base_name(&field.ty.node))
                    && !counted.contains(&owner) =>
                {
                    USUAL
                }
                None => 1,
            }
        };
        let types = fields
            .iter()
            .map(|(owner, fields)| {
                let shapes = fields.iter().map(|field| {
                    let shape = Shape {
                        target: base_name(&field.ty.node).to_owned(),
                        items: items(owner, field),
                    };
                    (field.name.node.to_string(), shape)
                });
                (owner.clone(), shapes.collect())
            })
            .collect();
        Self {
            query,
            mutation,
            types,
        }
    }

    /// The type that an operation of this kind starts from.
    pub fn root(&self, kind: OperationType) -> &str {
        match kind {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => "",
        }
    }

    /// The type behind a field and its items where the caller names no number; nothing and 1 for
    /// what the schema does not know, which the validator refuses.
    pub(super) fn of_field(&self, owner: &str, field: &str) -> (&str, u64) {
        self.types
            .get(owner)
            .and_then(|fields| fields.get(field))
            .map_or(("", 1), |shape| (shape.target.as_str(), shape.items))
    }
}

/// Names of the query and mutation types.
pub fn root_names(document: &ServiceDocument) -> (String, String) {
    let mut roots = ("Query".to_owned(), "Mutation".to_owned());
    for definition in &document.definitions {
        if let TypeSystemDefinition::Schema(schema) = definition {
            if let Some(query) = &schema.node.query {
                roots.0 = query.node.to_string();
            }
            if let Some(mutation) = &schema.node.mutation {
                roots.1 = mutation.node.to_string();
            }
        }
    }
    roots
}

fn fields_by_type(document: &ServiceDocument) -> HashMap<String, Vec<&FieldDefinition>> {
    document
        .definitions
        .iter()
        .filter_map(|definition| {
            let TypeSystemDefinition::Type(found) = definition else {
                return None;
            };
            let fields = match &found.node.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                TypeKind::Union(_) => return Some((found.node.name.node.to_string(), Vec::new())),
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return None,
            };
            let fields = fields.iter().map(|field| &field.node).collect();
            Some((found.node.name.node.to_string(), fields))
        })
        .collect()
}

fn has_page(field: &FieldDefinition) -> bool {
    field
        .arguments
        .iter()
        .any(|argument| argument.node.name.node == "first")
}

const fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn base_name(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(items) => base_name(items),
    }
}
