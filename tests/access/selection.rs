//! Selections built from the schema, and what became of each of their fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Outcome;
use crate::support::catalogue::{Catalogue, Field};

/// How many items of a list are asked for: enough for the few records of the world.
const FIRST: i32 = 5;

/// A tree of fields of one type.
pub struct Selection {
    of: String,
    fields: Vec<(String, Option<Selection>)>,
}

/// An operation under construction: its variables are declared as fields are selected.
pub struct Operation<'a> {
    catalogue: &'a Catalogue,
    samples: &'a BTreeMap<String, Value>,
    declared: Vec<String>,
    /// Values of the declared variables.
    pub variables: Map<String, Value>,
}

impl<'a> Operation<'a> {
    /// An operation whose required arguments are taken from `samples`, by `Type.field`.
    pub fn new(catalogue: &'a Catalogue, samples: &'a BTreeMap<String, Value>) -> Self {
        Self {
            catalogue,
            samples,
            declared: Vec::new(),
            variables: Map::new(),
        }
    }

    /// The text of a whole operation: one root field with `arguments`, and its selection.
    pub fn text(
        &mut self,
        kind: &str,
        root: &Field,
        arguments: &Value,
        of: &str,
        depth: u32,
    ) -> (String, Option<Selection>) {
        let call = self.call(root, arguments);
        let body = self.select(of, depth);
        let text = match &body {
            Some((text, _)) if of == root.of => format!("{{ {text} }}"),
            Some((text, _)) => format!("{{ __typename ... on {of} {{ {text} }} }}"),
            None => String::new(),
        };
        let variables = match self.declared.as_slice() {
            [] => String::new(),
            declared => format!("({})", declared.join(", ")),
        };
        let text = format!("{kind}{variables} {{ {call}{text} }}");
        (text, body.map(|(_, selection)| selection))
    }

    fn call(&mut self, field: &Field, given: &Value) -> String {
        let mut written = Vec::new();
        for argument in &field.arguments {
            let first = argument.name == "first" && argument.of == "Int";
            let value = match given.get(&argument.name) {
                Some(value) => value.clone(),
                None if first => FIRST.into(),
                None => continue,
            };
            let variable = format!("v{}", self.declared.len());
            self.declared.push(format!("${variable}: {}", argument.of));
            written.push(format!("{}: ${variable}", argument.name));
            self.variables.insert(variable, value);
        }
        match written.as_slice() {
            [] => field.name.clone(),
            written => format!("{}({})", field.name, written.join(", ")),
        }
    }

    /// Every field of a type, and of the objects they lead to `depth` steps away. A connection
    /// takes no step.
    fn select(&mut self, of: &str, depth: u32) -> Option<(String, Selection)> {
        let catalogue = self.catalogue;
        let fields = catalogue.fields(of)?;
        let (mut texts, mut chosen) = (Vec::new(), Vec::new());
        for field in fields {
            let sample = format!("{of}.{}", field.name);
            let arguments = self.samples.get(&sample).unwrap_or(&Value::Null).clone();
            let missing = |a: &&_| {
                let a: &&crate::support::catalogue::Argument = a;
                a.required && arguments.get(&a.name).is_none()
            };
            if let Some(argument) = field.arguments.iter().find(missing) {
                panic!("no sample argument {} for {sample}", argument.name);
            }
            if catalogue.fields(&field.of).is_none() {
                texts.push(self.call(field, &arguments));
                chosen.push((field.name.clone(), None));
                continue;
            }
            let steps = usize::from(!of.ends_with("Connection")) as u32;
            // What an edge of a connection holds is the node that `nodes` already shows.
            if depth < steps || of.ends_with("Edge") {
                continue;
            }
            let call = self.call(field, &arguments);
            let (text, selection) = self.select(&field.of, depth - steps)?;
            if !text.is_empty() {
                texts.push(format!("{call} {{ {text} }}"));
                chosen.push((field.name.clone(), Some(selection)));
            }
        }
        let selection = Selection {
            of: of.to_owned(),
            fields: chosen,
        };
        Some((texts.join(" "), selection))
    }
}

impl Selection {
    /// Notes the outcome of every field below `value`, the most telling one of all places.
    pub fn note(&self, value: &Value, path: &str, errors: &Errors, into: &mut Noted) {
        if let Value::Array(items) = value {
            for (index, item) in items.iter().enumerate() {
                self.note(item, &format!("{path}/{index}"), errors, into);
            }
            return;
        }
        let Some(object) = value.as_object() else {
            return;
        };
        for (name, below) in &self.fields {
            let path = format!("{path}/{name}");
            let value = &value[name.as_str()];
            if object.get(name).is_none() {
                // An object of another type behind the same interface.
                continue;
            }
            let outcome = errors.at(&path).unwrap_or_else(|| Outcome::of(value));
            let known = into.entry(format!("{}.{name}", self.of)).or_default();
            *known = outcome.max(known.clone());
            if let Some(below) = below {
                below.note(value, &path, errors, into);
            }
        }
    }

    /// Every `Type.field` it asks for.
    pub fn names(&self) -> Vec<String> {
        let own = self
            .fields
            .iter()
            .map(|(name, _)| format!("{}.{name}", self.of));
        let below = self.fields.iter().filter_map(|(_, below)| below.as_ref());
        own.chain(below.flat_map(Self::names)).collect()
    }
}

/// Outcomes by `Type.field`.
pub type Noted = BTreeMap<String, Outcome>;

/// The codes of an answer's errors by path.
pub struct Errors(BTreeMap<String, String>);

impl Errors {
    /// Those of one answer.
    pub fn of(body: &Value) -> Self {
        let errors = body["errors"].as_array().into_iter().flatten();
        let by_path = errors.map(|error| {
            let path = error["path"].as_array().into_iter().flatten();
            let path = path.map(|step| format!("/{}", step.to_string().trim_matches('"')));
            let code = error["extensions"]["code"].as_str();
            let code = code.unwrap_or_else(|| panic!("an error without a code: {error:#}"));
            (path.collect(), code.to_owned())
        });
        Self(by_path.collect())
    }

    /// The error at a path, or the one of the whole request.
    pub fn at(&self, path: &str) -> Option<Outcome> {
        let found = self.0.get(path).or_else(|| self.0.get(""));
        found.map(|code| Outcome::Error(code.clone()))
    }
}
