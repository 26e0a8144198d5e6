//! The whole schema as tests enumerate it: types, fields and arguments, asked of the schema itself,
//! so that a field that somebody adds cannot be forgotten by a test.

use std::collections::{BTreeMap, BTreeSet};

use employment_exchange::api::schema;
use serde_json::Value;

const INTROSPECTION: &str = "{ __schema {
    queryType { name } mutationType { name }
    types { kind name possibleTypes { name } enumValues { name }
      inputFields { name type { ...T } defaultValue }
      fields { name args { name type { ...T } defaultValue } type { ...T } } } } }
  fragment T on __Type { kind name ofType { kind name ofType { kind name ofType {
    kind name ofType { kind name } } } } }";

/// One argument of a field.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type as a variable declares it, such as `[ID!]!`.
    pub of: String,
    /// Whether it must be given.
    pub required: bool,
}

/// One field of an object type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Its type without lists and non-null marks.
    pub of: String,
}

/// Every type that has fields, and the two roots.
pub struct Catalogue {
    /// Name of the query root.
    pub query: String,
    /// Name of the mutation root.
    pub mutation: String,
    types: BTreeMap<String, Vec<Field>>,
    possible: BTreeMap<String, Vec<String>>,
    inputs: BTreeMap<String, Vec<Argument>>,
    enums: BTreeMap<String, Vec<String>>,
}

impl Catalogue {
    /// Asks the schema that the server serves.
    pub async fn load() -> Self {
        let response = schema::builder().finish().execute(INTROSPECTION).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let data = response.data.into_json().expect("introspection is JSON");
        let root = &data["__schema"];
        let (mut types, mut possible) = (BTreeMap::new(), BTreeMap::new());
        let (mut inputs, mut enums) = (BTreeMap::new(), BTreeMap::new());
        for of in list(&root["types"]) {
            let name = text(&of["name"]);
            if name.starts_with("__") {
                continue;
            }
            if of["fields"].is_array() {
                types.insert(name.clone(), list(&of["fields"]).map(field).collect());
            }
            if of["inputFields"].is_array() {
                let fields = list(&of["inputFields"]).map(argument);
                inputs.insert(name.clone(), fields.collect());
            }
            if of["enumValues"].is_array() {
                enums.insert(name.clone(), names(&of["enumValues"]));
            }
            if of["possibleTypes"].is_array() {
                possible.insert(name, names(&of["possibleTypes"]));
            }
        }
        Self {
            query: text(&root["queryType"]["name"]),
            mutation: text(&root["mutationType"]["name"]),
            types,
            possible,
            inputs,
            enums,
        }
    }

    /// The fields of an object or interface; `None` for a scalar or enum.
    pub fn fields(&self, of: &str) -> Option<&[Field]> {
        self.types.get(of).map(Vec::as_slice)
    }

    /// The objects behind an interface or union; empty for any other type.
    pub fn possible(&self, of: &str) -> &[String] {
        self.possible.get(of).map_or(&[], Vec::as_slice)
    }

    /// The fields of an input object; `None` for any other type.
    pub fn input_fields(&self, of: &str) -> Option<&[Argument]> {
        self.inputs.get(of).map(Vec::as_slice)
    }

    /// The values of an enum; `None` for any other type.
    pub fn enum_values(&self, of: &str) -> Option<&[String]> {
        self.enums.get(of).map(Vec::as_slice)
    }

    /// Every object type that a caller can come to from a type, that type left out.
    pub fn reachable(&self, from: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![from];
        while let Some(of) = open.pop() {
            let fields = self.fields(of).unwrap_or_default();
            let behind = self.possible(of).iter().map(String::as_str);
            for next in fields.iter().map(|field| field.of.as_str()).chain(behind) {
                let known = self.types.get_key_value(next);
                if let Some((name, _)) = known.filter(|_| found.insert(next)) {
                    open.push(name);
                }
            }
        }
        found
    }
}

fn field(value: &Value) -> Field {
    Field {
        name: text(&value["name"]),
        arguments: list(&value["args"]).map(argument).collect(),
        of: named(&value["type"]),
    }
}

fn argument(value: &Value) -> Argument {
    let of = declared(&value["type"]);
    Argument {
        name: text(&value["name"]),
        required: of.ends_with('!') && value["defaultValue"].is_null(),
        of,
    }
}

fn named(of: &Value) -> String {
    match of["name"].as_str() {
        Some(name) => name.to_owned(),
        None => named(&of["ofType"]),
    }
}

fn declared(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", declared(&of["ofType"])),
        Some("LIST") => format!("[{}]", declared(&of["ofType"])),
        _ => text(&of["name"]),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn names(of: &Value) -> Vec<String> {
    list(of).map(|one| text(&one["name"])).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}
