//! Which operation of a document runs, and what it is called in metrics.

use std::collections::HashSet;
use std::convert::Infallible;

use async_graphql::Value;
use async_graphql::Variables;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
    SelectionSet, TypeKind, TypeSystemDefinition,
};

use super::refusal::Refusal;
use crate::api::limits::root_names;

/// Picks the operation after GraphQL §6.1 (`GetOperation`).
pub(super) fn select<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refusal> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Multiple(all), Some(name)) => all
            .get(name)
            .map(|operation| &operation.node)
            .ok_or_else(unknown_name),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => all
            .values()
            .next()
            .map(|operation| &operation.node)
            .ok_or_else(unknown_name),
        (DocumentOperations::Single(_), Some(_)) => Err(unknown_name()),
        (DocumentOperations::Multiple(_), None) => Err(Refusal::document(
            "文档包含多个操作，请用 operationName 指明其一。",
            "The document holds several operations. Say which with operationName.",
        )),
    }
}

fn unknown_name() -> Refusal {
    Refusal::document(
        "文档中没有 operationName 所指的操作。",
        "The document has no operation of that operationName.",
    )
}

/// Refuses a request that leaves out a variable it declared as required. The engine would report
/// it from inside execution, as if the field were at fault.
pub(super) fn check_required(
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Refusal> {
    let missing = operation.variable_definitions.iter().any(|definition| {
        let definition = &definition.node;
        let given = variables.get(&definition.name.node);
        !definition.var_type.node.nullable
            && match given {
                Some(value) => *value == Value::Null,
                None => definition.default_value.is_none(),
            }
    });
    if missing {
        return Err(Refusal::document(
            "缺少必填的变量。",
            "A required variable is missing or null.",
        ));
    }
    Ok(())
}

/// Arguments and input fields that hold a person's number.
const PERSONAL_INPUTS: [&str; 3] = ["residentId", "phone", "bankAccount"];

/// Refuses an operation from an address that gives a person's number to anything, whatever the
/// value looks like: how a number can be written is the parser's to know.
pub(super) fn check_address(
    document: &ExecutableDocument,
    variables: &Variables,
) -> Result<(), Refusal> {
    let operations = document
        .operations
        .iter()
        .map(|(_, o)| &o.node.selection_set);
    let fragments = document.fragments.values().map(|f| &f.node.selection_set);
    let in_document = operations
        .chain(fragments)
        .any(|set| gives_personal_input(&set.node));
    if in_document || variables.values().any(has_personal_field) {
        return Err(Refusal::personal_number_in_address());
    }
    Ok(())
}

fn gives_personal_input(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            let given = field.node.arguments.iter().any(|(name, value)| {
                let value = value.node.clone();
                PERSONAL_INPUTS.contains(&name.node.as_str())
                    || value
                        .into_const_with(|_| Ok::<_, Infallible>(Value::Null))
                        .is_ok_and(|value| has_personal_field(&value))
            });
            given || gives_personal_input(&field.node.selection_set.node)
        }
        Selection::InlineFragment(inline) => gives_personal_input(&inline.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}

fn has_personal_field(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            PERSONAL_INPUTS.contains(&name.as_str()) || has_personal_field(value)
        }),
        Value::List(items) => items.iter().any(has_personal_field),
        _ => false,
    }
}

/// The schema's root fields: the only names that may become a label.
#[derive(Clone, Debug, Default)]
pub(super) struct RootFields {
    query: HashSet<String>,
    mutation: HashSet<String>,
}

impl RootFields {
    /// Reads them from the schema's own text.
    ///
    /// # Panics
    /// When the text is not a schema; it is the engine's own export.
    pub(super) fn of_schema(sdl: &str) -> Self {
        let document = parse_schema(sdl).expect("the engine exports a readable schema");
        let roots = root_names(&document);
        let fields_of = |root: &str| -> HashSet<String> {
            document
                .definitions
                .iter()
                .filter_map(|definition| match definition {
                    TypeSystemDefinition::Type(found) if found.node.name.node == root => {
                        match &found.node.kind {
                            TypeKind::Object(object) => Some(&object.fields),
                            _ => None,
                        }
                    }
                    _ => None,
                })
                .flatten()
                .map(|field| field.node.name.node.to_string())
                .collect()
        };
        Self {
            query: fields_of(&roots.0),
            mutation: fields_of(&roots.1),
        }
    }

    /// `query worker`, `mutation registerWorker`, `query introspection`, `query other`.
    pub(super) fn label(&self, kind: OperationType, first_root: Option<&str>) -> String {
        let known = match kind {
            OperationType::Query => &self.query,
            OperationType::Mutation => &self.mutation,
            OperationType::Subscription => return "subscription".to_owned(),
        };
        let field = match first_root {
            Some("__schema" | "__type") => "introspection",
            Some(name) if known.contains(name) => name,
            _ => "other",
        };
        format!("{kind} {field}")
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn chosen(document: &str, name: Option<&str>) -> Option<OperationType> {
        let document = parse_query(document).unwrap();
        select(&document, name).ok().map(|operation| operation.ty)
    }

    #[test]
    fn the_operation_is_the_named_one_or_the_only_one() {
        let two = "query A { a } mutation B { b }";
        for (document, name, expected) in [
            ("{ a }", None, Some(OperationType::Query)),
            ("{ a }", Some("A"), None),
            ("mutation B { b }", None, Some(OperationType::Mutation)),
            ("mutation B { b }", Some("B"), Some(OperationType::Mutation)),
            (two, Some("B"), Some(OperationType::Mutation)),
            (two, Some("C"), None),
            (two, None, None),
        ] {
            assert_eq!(chosen(document, name), expected, "{document} {name:?}");
        }
    }

    #[test]
    fn labels_hold_names_of_the_schema_only() {
        let roots = RootFields::of_schema(
            "type Query { worker: Int } type M { register: Int }
             schema { query: Query mutation: M }",
        );
        for (kind, root, label) in [
            (OperationType::Query, Some("worker"), "query worker"),
            (OperationType::Query, Some("register"), "query other"),
            (
                OperationType::Query,
                Some("__schema"),
                "query introspection",
            ),
            (OperationType::Query, None, "query other"),
            (
                OperationType::Mutation,
                Some("register"),
                "mutation register",
            ),
            (OperationType::Mutation, Some("x590101"), "mutation other"),
        ] {
            assert_eq!(roots.label(kind, root), label);
        }
    }
}
