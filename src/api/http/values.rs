//! Refuses a request that gives a scalar something else, before anything of it runs.
//!
//! Variables are looked at by their declared types, as GraphQL §6.1.2 coerces them, and what the
//! document writes itself by the types of the arguments. Whether a variable may stand where it is used
//! is the validator's to say.

use std::collections::HashSet;
use std::convert::Infallible;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Pos, Value, Variables};

use super::refusal::Refusal;
use crate::kernel::unreadable::Misread;
use crate::platform::gql::inputs::InputTypes;

/// Refuses the first value that cannot be read, with its path from the variable or the argument.
pub(super) fn check_values(
    types: &InputTypes,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    root: &str,
    variables: &Variables,
) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let at = definition.pos;
        let definition = &definition.node;
        let default = definition.default_value.as_ref().map(|value| &value.node);
        if let Some(value) = variables.get(&definition.name.node).or(default) {
            let misread = types.misread(&definition.var_type.node, value);
            refuse(misread, &definition.name.node, at)?;
        }
    }
    let mut written = Written {
        types,
        document,
        seen: HashSet::new(),
    };
    written.check(&operation.selection_set.node, root)
}

/// Longest name that an answer repeats in characters; a document's names may be as long as itself.
const LONGEST_NAME: usize = 100;

fn refuse(misread: Option<Misread>, name: &Name, at: Pos) -> Result<(), Refusal> {
    let Some(mut misread) = misread else {
        return Ok(());
    };
    let told = name.chars().take(LONGEST_NAME).collect();
    misread.field.insert(0, told);
    Err(Refusal::misread(misread, at))
}

/// What the document writes itself. Each fragment is looked at once, however often it is spread.
struct Written<'a> {
    types: &'a InputTypes,
    document: &'a ExecutableDocument,
    seen: HashSet<&'a Name>,
}

impl<'a> Written<'a> {
    fn check(&mut self, set: &'a SelectionSet, owner: &str) -> Result<(), Refusal> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.check_field(&field.node, owner)?,
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    let on = on.map_or(owner, |on| on.node.on.node.as_str());
                    self.check(&inline.node.selection_set.node, on)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
                        continue;
                    };
                    if self.seen.insert(name) {
                        let on = &fragment.node.type_condition.node.on.node;
                        self.check(&fragment.node.selection_set.node, on)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_field(&mut self, field: &'a Field, owner: &str) -> Result<(), Refusal> {
        let types = self.types;
        let name = &field.name.node;
        for (argument, value) in &field.arguments {
            let Some(of) = types.argument(owner, name, &argument.node) else {
                continue;
            };
            // A variable has been looked at; null can be read as anything.
            let written = value.node.clone();
            let written = written.into_const_with(|_| Ok::<_, Infallible>(Value::Null));
            let misread = written.ok().and_then(|value| types.misread(of, &value));
            refuse(misread, &argument.node, value.pos)?;
        }
        match types.target(owner, name) {
            Some(target) => self.check(&field.selection_set.node, target),
            None => Ok(()),
        }
    }
}
