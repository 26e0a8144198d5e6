//! Weighs a parsed document: each fragment once, its weight reused wherever it is spread.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Value, Variables};

use super::sizes::ListSizes;
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
    /// Fields multiplied by the items of the lists around them.
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
    sizes: &ListSizes,
    nesting: u64,
) -> Result<Weighed, Failure> {
    let mut weigher = Weigher {
        document,
        sizes,
        given: given(chosen, variables),
        fragments: HashMap::new(),
        nesting,
    };
    let mut operation = weigher.set(&chosen.selection_set.node, sizes.root(chosen.ty), 0)?;
    let own = chosen.directives.len()
        + chosen
            .variable_definitions
            .iter()
            .map(|variable| variable.node.directives.len())
            .sum::<usize>();
    operation.directives = operation.directives.saturating_add(count(own));
    let mut all_selections: u64 = 0;
    for (_, other) in document.operations.iter() {
        let root = sizes.root(other.node.ty);
        let weight = weigher.set(&other.node.selection_set.node, root, 0)?;
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

/// What an argument says about the number of items.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    /// The number itself, for `first` and `last`.
    number: Option<u64>,
    /// Items of the longest list in it, for ids and bulk requests.
    longest: u64,
}

/// What the chosen operation's variables say. Each is walked once, however often it is used.
fn given(operation: &OperationDefinition, variables: &Variables) -> HashMap<Name, Said> {
    operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let name = &definition.node.name.node;
            let value =
                variables
                    .get(name)
                    .or(definition.node.default_value.as_ref().map(|d| &d.node))?;
            Some((name.clone(), said_by(value)))
        })
        .collect()
}

fn said_by(value: &Value) -> Said {
    match value {
        Value::Number(number) => Said {
            number: number.as_u64(),
            longest: 0,
        },
        Value::List(items) => Said::of_list(items.iter().map(said_by)),
        Value::Object(fields) => Said::of_parts(fields.values().map(said_by)),
        _ => Said::default(),
    }
}

impl Said {
    fn of_parts(parts: impl Iterator<Item = Self>) -> Self {
        Self {
            number: None,
            longest: parts.map(|part| part.longest).max().unwrap_or_default(),
        }
    }

    fn of_list(items: impl ExactSizeIterator<Item = Self>) -> Self {
        let length = count(items.len());
        Self {
            number: None,
            longest: Self::of_parts(items).longest.max(length),
        }
    }
}

struct Weigher<'a> {
    document: &'a ExecutableDocument,
    sizes: &'a ListSizes,
    given: HashMap<Name, Said>,
    /// `None` while a fragment is being weighed: meeting it again then is a cycle.
    fragments: HashMap<&'a Name, Option<Weight>>,
    nesting: u64,
}

impl<'a> Weigher<'a> {
    /// The weight of a selection on the type `owner`.
    fn set(
        &mut self,
        set: &'a SelectionSet,
        owner: &'a str,
        level: u64,
    ) -> Result<Weight, Failure> {
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
                Selection::Field(field) => self.field(&field.node, owner, level)?,
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    let on = on.map_or(owner, |on| on.node.on.node.as_str());
                    let inside = self.set(&inline.node.selection_set.node, on, level + 1)?;
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
        let on = fragment.node.type_condition.node.on.node.as_str();
        let mut weight = self.set(&fragment.node.selection_set.node, on, level)?;
        weight.directives = weight
            .directives
            .saturating_add(count(fragment.node.directives.len()));
        self.fragments.insert(name, Some(weight));
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field, owner: &'a str, level: u64) -> Result<Weight, Failure> {
        let children = &field.selection_set.node;
        let name = field.name.node.as_str();
        let (target, usual) = self.sizes.of_field(owner, name);
        let items = self.items(field, usual);
        let inside = if children.items.is_empty() {
            Weight::default()
        } else {
            self.set(children, target, level + 1)?
        };
        let mut weight = inside.entered(field.directives.len());
        weight.fields = weight.fields.saturating_add(1);
        weight.aliases = weight
            .aliases
            .saturating_add(u64::from(field.alias.is_some()));
        weight.complexity = if children.items.is_empty() {
            items
        } else {
            inside.complexity.saturating_mul(items).saturating_add(1)
        };
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

    /// How often a field's children are repeated: the page size the caller names, else the length
    /// of the longest list the caller gives, else what the schema's list usually holds.
    fn items(&self, field: &Field, usual: u64) -> u64 {
        let mut page = None;
        let mut longest = 0;
        for (name, value) in &field.arguments {
            let mut by_variables = 0;
            // At most the document's text is copied; of a variable only what it says.
            let written = value.node.clone().into_const_with(|name| {
                let said = self.given.get(&name).copied().unwrap_or_default();
                by_variables = by_variables.max(said.longest);
                Ok::<_, Infallible>(said.number.map_or(Value::Null, Value::from))
            });
            let said = written.map(|value| said_by(&value)).unwrap_or_default();
            if matches!(name.node.as_str(), "first" | "last") {
                page = page.max(said.number);
            }
            longest = longest.max(said.longest).max(by_variables);
        }
        let listed = (longest > 0).then_some(longest);
        page.or(listed).unwrap_or(usual).max(1)
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
