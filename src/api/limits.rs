//! Bounds on a document, checked before the engine sees it.
//!
//! The engine walks fragments without memory before it asks about any limit, so a kilobyte of
//! fragments that spread each other keeps a worker busy for minutes. Here the text is scanned
//! once before it is parsed, then every fragment is weighed once and its weight reused; all
//! sums saturate. A document that passes is small however the engine walks it.

mod sizes;
mod text;
mod weigh;

use std::collections::HashSet;

use async_graphql::Value;
use async_graphql::Variables;
use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};

use crate::kernel::error::{Failure, Text};

pub use self::sizes::{ListSizes, root_names};
pub use self::weigh::Weight;

/// How the engine marks an uploaded file inside variables; a caller's own string of this form
/// makes it index a list of uploads that does not exist.
const UPLOAD_MARKER: &str = "#__graphql_file__:";

/// The bounds in force. Each is the largest value that is still admitted; `extensions.limit` of a
/// refusal names the field in camelCase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document's text.
    pub document_bytes: u64,
    /// Lexical tokens of the document.
    pub tokens: u64,
    /// Brackets open at one place, and selection sets or spreads inside each other.
    pub nesting: u64,
    /// Fields inside each other, introspection apart.
    pub depth: u64,
    /// Fields inside each other below `__schema` or `__type`; the standard query needs 15.
    pub introspection_depth: u64,
    /// Lists inside each other below `__schema` or `__type` (`fields { type { fields … } }`),
    /// which multiply the answer; the bound of graphql-js.
    pub introspection_lists: u64,
    /// Fields, each counted as often as fragments repeat it.
    pub fields: u64,
    /// Fields, spreads and inline fragments of all operations, counted likewise: what the
    /// engine's own passes walk.
    pub selections: u64,
    /// Aliases, counted likewise.
    pub aliases: u64,
    /// Directives, counted likewise.
    pub directives: u64,
    /// Root fields of one request.
    pub root_fields: u64,
    /// Root fields of one mutation.
    pub mutations: u64,
    /// Fields multiplied by the items of the lists around them: the page size asked for or the
    /// default one, the ids or items given, or what the list usually holds.
    pub complexity: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 * 1024,
            tokens: 8_000,
            nesting: 32,
            depth: 12,
            introspection_depth: 20,
            introspection_lists: 2,
            fields: 500,
            selections: 2_000,
            aliases: 30,
            directives: 20,
            root_fields: 20,
            mutations: 10,
            complexity: 50_000,
        }
    }
}

/// What a document that was admitted asks for.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// What it weighs, for `extensions.cost`.
    pub weight: Weight,
    /// The name of its first root field, for the metrics' label.
    pub first_root: Option<String>,
}

impl Limits {
    /// Checks the text alone, before anything parses it: a parser that recurses must not meet
    /// ten thousand open brackets.
    ///
    /// # Errors
    /// [`Failure::Limit`] for `documentBytes`, `tokens` or `nesting`.
    pub fn admit_text(&self, document: &str) -> Result<(), Failure> {
        let bytes = u64::try_from(document.len()).unwrap_or(u64::MAX);
        within("documentBytes", self.document_bytes, bytes)?;
        let scanned = text::scan(document);
        within("tokens", self.tokens, scanned.tokens)?;
        within("nesting", self.nesting, scanned.nesting)
    }

    /// Checks the chosen operation, and of the others whatever the engine walks too.
    ///
    /// # Errors
    /// [`Failure::Limit`] naming the bound passed; [`Failure::BadInput`] for fragments that form
    /// a cycle or a mutation named twice under one key.
    pub fn admit_document(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
        sizes: &ListSizes,
    ) -> Result<Admitted, Failure> {
        let weighed = weigh::weigh(document, operation, variables, sizes, self.nesting)?;
        within("selections", self.selections, weighed.all_selections)?;
        self.admit_weight(&weighed.operation)?;
        let first_root = self.admit_roots(document, operation)?;
        Ok(Admitted {
            weight: weighed.operation,
            first_root,
        })
    }

    fn admit_weight(&self, weight: &Weight) -> Result<(), Failure> {
        let Weight {
            nesting,
            depth,
            introspection_depth,
            introspection_lists,
            lists: _,
            fields,
            selections: _,
            aliases,
            directives,
            complexity,
        } = *weight;
        within("nesting", self.nesting, nesting)?;
        within("depth", self.depth, depth)?;
        within(
            "introspectionDepth",
            self.introspection_depth,
            introspection_depth,
        )?;
        within(
            "introspectionLists",
            self.introspection_lists,
            introspection_lists,
        )?;
        within("fields", self.fields, fields)?;
        within("aliases", self.aliases, aliases)?;
        within("directives", self.directives, directives)?;
        within("complexity", self.complexity, complexity)
    }

    /// The engine runs a field once per mention: a mutation named directly and again through a
    /// fragment would happen twice. Returns the name of the first root field.
    fn admit_roots(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
    ) -> Result<Option<String>, Failure> {
        let mut roots = Vec::new();
        collect_roots(document, &operation.selection_set.node, &mut roots);
        let count = u64::try_from(roots.len()).unwrap_or(u64::MAX);
        within("rootFields", self.root_fields, count)?;
        if operation.ty == OperationType::Mutation {
            within("mutations", self.mutations, count)?;
            let mut keys = HashSet::new();
            if !roots
                .iter()
                .all(|field| keys.insert(field.response_key().node.as_str()))
            {
                return Err(Failure::BadInput(Text::new(
                    "同一个变更字段出现了两次。请只写一次，或使用不同的别名。",
                    "A mutation field stands twice under one response key. \
                     Write it once, or give each its own alias.",
                )));
            }
        }
        Ok(roots.first().map(|field| field.name.node.to_string()))
    }
}

/// Refuses variables that speak the engine's internal language.
///
/// # Errors
/// [`Failure::BadInput`] when any text among them is an upload marker.
pub fn admit_variables(variables: &Variables) -> Result<(), Failure> {
    if variables.values().any(holds_marker) {
        return Err(Failure::BadInput(Text::new(
            "变量中包含保留的内部标记。",
            "A variable holds a reserved internal marker.",
        )));
    }
    Ok(())
}

fn holds_marker(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with(UPLOAD_MARKER),
        Value::List(items) => items.iter().any(holds_marker),
        Value::Object(fields) => fields.values().any(holds_marker),
        Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) => {
            false
        }
    }
}

/// Every root field in the order of the document, through fragments. Called only once the weight
/// has been admitted, so that the walk is short and has no cycle.
fn collect_roots<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    roots: &mut Vec<&'a Field>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => roots.push(&field.node),
            Selection::InlineFragment(inline) => {
                collect_roots(document, &inline.node.selection_set.node, roots);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect_roots(document, &fragment.node.selection_set.node, roots);
                }
            }
        }
    }
}

fn within(limit: &'static str, bound: u64, found: u64) -> Result<(), Failure> {
    if found > bound {
        return Err(Failure::Limit {
            limit,
            bound,
            found,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
