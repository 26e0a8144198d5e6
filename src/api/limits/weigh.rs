//! Weighs a parsed document: each fragment once, its weight reused wherever it is spread.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Value, Variables};

use crate::kernel::error::{Failure, Text};

/// What a selection set amounts to once its fragments are written out. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Selection sets, spreads and inline fragments inside each other.
    pub nesting: u64,
    /// Fields inside each other, introspection apart.
    pub depth: u64,
    /// Fields inside each other below `__schema` or `__type`.
    pub introspection_depth: u64,
    /// Lists of the introspection schema inside each other below `__schema` or `__type`.
    pub introspection_lists: u64,
    /// The same, counted anywhere: what `introspection_lists` becomes below such a root.
    pub(super) lists: u64,
    /// Fields.
    pub fields: u64,
    /// Fields, spreads and inline fragments.
    pub selections: u64,
    /// Aliases.
    pub aliases: u64,
    /// Directives.
    pub directives: u64,
    /// Fields multiplied by the page sizes around them.
    pub complexity: u64,
}

/// The chosen operation's weight and what all operations and fragments hold together.
pub(super) struct Weighed {
    pub(super) operation: Weight,
    pub(super) all_selections: u64,
}

/// Fields of the introspection schema that list and lead on to further lists; those that
/// graphql-js counts in its `MaxIntrospectionDepthRule`.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

pub(super) fn weigh(
    document: &ExecutableDocument,
    chosen: &OperationDefinition,
    variables: &Variables,
    nesting: u64,
) -> Result<Weighed, Failure> {
    let mut weigher = Weigher {
        document,
        pages: page_sizes(chosen, variables),
        fragments: HashMap::new(),
        nesting,
    };
    let mut operation = weigher.set(&chosen.selection_set.node, 0)?;
    let own = chosen.directives.len()
        + chosen
            .variable_definitions
            .iter()
            .map(|variable| variable.node.directives.len())
            .sum::<usize>();
    operation.directives = operation.directives.saturating_add(count(own));
    let mut all_selections: u64 = 0;
    for (_, other) in document.operations.iter() {
        let weight = weigher.set(&other.node.selection_set.node, 0)?;
        all_selections = all_selections.saturating_add(weight.selections);
    }
    for name in document.fragments.keys() {
        let weight = weigher.fragment(name, 0)?;
        all_selections = all_selections.saturating_add(weight.selections);
    }
    Ok(Weighed {
        operation,
        all_selections,
    })
}

/// The variables of the chosen operation that hold a number a page size may be taken from.
fn page_sizes(operation: &OperationDefinition, variables: &Variables) -> HashMap<Name, u64> {
    operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let name = &definition.node.name.node;
            let value =
                variables
                    .get(name)
                    .or(definition.node.default_value.as_ref().map(|d| &d.node))?;
            match value {
                Value::Number(number) => Some((name.clone(), number.as_u64()?)),
                _ => None,
            }
        })
        .collect()
}

struct Weigher<'a> {
    document: &'a ExecutableDocument,
    pages: HashMap<Name, u64>,
    /// `None` while a fragment is being weighed: meeting it again then is a cycle.
    fragments: HashMap<&'a Name, Option<Weight>>,
    nesting: u64,
}

impl<'a> Weigher<'a> {
    fn set(&mut self, set: &'a SelectionSet, level: u64) -> Result<Weight, Failure> {
        // Keeps our own recursion shallow; the weight's `nesting` is checked at the end.
        if level > self.nesting {
            return Err(Failure::Limit {
                limit: "nesting",
                bound: self.nesting,
                found: level,
            });
        }
        let mut sum = Weight::default();
        for item in &set.items {
            let weight = match &item.node {
                Selection::Field(field) => self.field(&field.node, level)?,
                Selection::InlineFragment(inline) => {
                    let inside = self.set(&inline.node.selection_set.node, level + 1)?;
                    inside.entered(inline.node.directives.len())
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let inside = self.fragment(name, level + 1)?;
                    inside.entered(spread.node.directives.len())
                }
            };
            sum = sum.beside(weight);
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &Name, level: u64) -> Result<Weight, Failure> {
        // A spread of a fragment that does not exist is the validator's to refuse.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Weight::default());
        };
        match self.fragments.get(name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(cycle()),
            None => {}
        }
        self.fragments.insert(name, None);
        let mut weight = self.set(&fragment.node.selection_set.node, level)?;
        weight.directives = weight
            .directives
            .saturating_add(count(fragment.node.directives.len()));
        self.fragments.insert(name, Some(weight));
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field, level: u64) -> Result<Weight, Failure> {
        let children = &field.selection_set.node;
        let inside = if children.items.is_empty() {
            Weight::default()
        } else {
            self.set(children, level + 1)?
        };
        let mut weight = inside.entered(field.directives.len());
        weight.fields = weight.fields.saturating_add(1);
        weight.aliases = weight
            .aliases
            .saturating_add(u64::from(field.alias.is_some()));
        weight.complexity = inside
            .complexity
            .saturating_mul(self.page(field))
            .saturating_add(1);
        let name = field.name.node.as_str();
        if name == "__schema" || name == "__type" {
            weight.introspection_depth = inside.depth.max(inside.introspection_depth) + 1;
            weight.introspection_lists = inside.lists.max(inside.introspection_lists);
            weight.depth = 0;
            weight.lists = 0;
        } else {
            weight.depth = inside.depth.saturating_add(1);
            weight.lists = inside
                .lists
                .saturating_add(u64::from(INTROSPECTION_LISTS.contains(&name)));
        }
        Ok(weight)
    }

    /// How often a field's children are repeated: its page size, 1 when it has none.
    fn page(&self, field: &Field) -> u64 {
        ["first", "last"]
            .into_iter()
            .filter_map(|argument| {
                let value = field.get_argument(argument)?.node.clone();
                let value = value.into_const_with(|name| {
                    self.pages.get(&name).copied().map(Value::from).ok_or(())
                });
                match value {
                    Ok(Value::Number(number)) => number.as_u64(),
                    _ => None,
                }
            })
            .max()
            .unwrap_or(1)
            .max(1)
    }
}

impl Weight {
    /// One level further out, through a selection with so many directives.
    fn entered(mut self, directives: usize) -> Self {
        self.nesting = self.nesting.saturating_add(1);
        self.selections = self.selections.saturating_add(1);
        self.directives = self.directives.saturating_add(count(directives));
        self
    }

    /// Two selections of one set together.
    fn beside(self, other: Self) -> Self {
        Self {
            nesting: self.nesting.max(other.nesting),
            depth: self.depth.max(other.depth),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
            lists: self.lists.max(other.lists),
            fields: self.fields.saturating_add(other.fields),
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            complexity: self.complexity.saturating_add(other.complexity),
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn cycle() -> Failure {
    Failure::BadInput(Text::new(
        "片段互相引用形成了循环。",
        "Fragments spread each other in a circle.",
    ))
}
