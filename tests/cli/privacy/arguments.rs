//! Arguments of any root field, built from the types of the schema, with one value put in one
//! place. A field that somebody adds is asked like every other one.

use serde_json::{Map, Value, json};

use super::super::process;
use crate::support::catalogue::{Argument, Catalogue, Field};
use crate::support::people::{self, DESTINATION, ORIGIN, VILLAGE};

pub const EMPLOYER: &str = "91590101MA9K2T3HXH";
/// An employer that registers itself.
pub const OTHER_EMPLOYER: &str = "92590102MA5P0A2E32";
pub const HELPER: &str = "helper-1";

/// Records with a version, and their types.
const VERSIONED: [(&str, &str); 7] = [
    ("Worker", "Worker"),
    ("Household2", "Household"),
    ("Employment", "Employment"),
    ("Reported", "Employment"),
    ("Written", "Employment"),
    ("Employer", "Employer"),
    ("Finding", "Finding"),
];

/// The marked person's records, and what else exists, by the name of their types.
#[derive(Clone, Default)]
pub struct World {
    pub ids: Map<String, Value>,
    versions: Map<String, Value>,
}

impl World {
    pub fn id(&self, kind: &str) -> &str {
        self.ids[kind].as_str().expect("an id")
    }

    /// Takes a record of an answer, with its version where it has one.
    pub fn note(&mut self, name: &str, record: &Value) {
        assert!(record["id"].is_string(), "no {name}: {record:#}");
        self.ids.insert(name.to_owned(), record["id"].clone());
        self.versions
            .insert(name.to_owned(), record["version"].clone());
    }

    /// Reads the versions anew, so that a change is not refused for its version.
    pub async fn refresh(&mut self, url: &str, token: &str) {
        let fields = VERSIONED.map(|(name, of)| {
            let id = self.id(name);
            format!("{name}: node(id: \"{id}\") {{ ... on {of} {{ version }} }}")
        });
        // Somebody moves with these requests, and the household that they leave may end.
        let home = "home: node(id: $id) { ... on Worker { household { id version } } }";
        let query = format!("query($id: ID!) {{ {home} {} }}", fields.join(" "));
        let id = json!({"id": self.id("Worker")});
        let mut data = process::data(url, token, &query, id).await;
        let mut home = data["home"]["household"].take();
        for (name, _) in VERSIONED {
            let version = data[name]["version"].take();
            self.versions.insert(name.to_owned(), version);
        }
        self.ids.insert("Household".into(), home["id"].take());
        self.versions
            .insert("Household".into(), home["version"].take());
    }

    /// The record that an `id`, an `employmentId` or a `version` of this root field is about.
    fn kind(&self, root: &str) -> &str {
        match root {
            "checkEmployment" => "Reported",
            "resolveEmployer" => "Written",
            "renewContract" => "Employment",
            "decideResidentIdCorrection" => "Correction",
            "decideNameCorrection" => "NameCorrection",
            _ => {
                let root = root.to_lowercase();
                let kinds = ["Household", "Employment", "Employer", "Finding"];
                let named = kinds
                    .iter()
                    .find(|kind| root.contains(&kind.to_lowercase()));
                named.copied().unwrap_or("Worker")
            }
        }
    }

    /// A value that this field takes, by its name; `None` leaves it to the type.
    fn value(&self, root: &str, name: &str, fresh: u32) -> Option<Value> {
        let id = |kind: &str| Some(self.ids.get(kind).cloned().unwrap_or_default());
        let version = |kind: &str| Some(self.versions.get(kind).cloned().unwrap_or(json!(1)));
        match name {
            "id" | "employmentId" => id(self.kind(root)),
            "workerId" | "subjectId" | "recordId" | "ids" | "memberIds" => id("Worker"),
            "householdId" | "fromId" | "toHouseholdId" => id("Household"),
            "intoId" => id("Household2"),
            "employerId" | "employer" => id("Employer"),
            "correctionId" => id(self.kind(root)),
            "factId" => id("LabourFact"),
            "version" => version(self.kind(root)),
            "fromVersion" => version("Household"),
            "intoVersion" => version("Household2"),
            "residentId" | "legalRepresentativeResidentId" => {
                Some(people::resident_id(fresh).into())
            }
            // The person has another job with the first one on the same days.
            "creditCode" if root == "resolveEmployer" => Some(OTHER_EMPLOYER.into()),
            "creditCode" | "employerCreditCode" | "payerCreditCode" | "hostCreditCode" => {
                Some(EMPLOYER.into())
            }
            "toVillage" | "village" => Some(VILLAGE.into()),
            "stay" | "workplace" | "destination" => Some(DESTINATION.into()),
            "splitOn" | "mergedOn" | "movedOn" => id("Today"),
            "contractStart" => Some("2025-02-01".into()),
            "level" => Some("COUNTY".into()),
            "helperSubject" => Some(HELPER.into()),
            "number" | "newNumber" => Some(format!("h{fresh}").into()),
            "periodMonth" | "postingMonth" => Some("2024-05".into()),
            "base" | "employerAmount" | "personalAmount" => Some("100.00".into()),
            "contractEnd" | "until" => Some("2026-01-31".into()),
            _ => None,
        }
    }
}

/// One place for a value: names from an argument downwards.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: Vec<String>,
    /// The type without lists and non-null marks.
    pub of: String,
}

impl Leaf {
    pub fn name(&self) -> &str {
        self.path.last().expect("an argument at least")
    }
}

/// Builds the arguments of one root field.
pub struct Builder<'a> {
    pub catalogue: &'a Catalogue,
    pub world: &'a World,
    pub root: &'a Field,
    /// The number of somebody who is registered nowhere yet.
    pub fresh: u32,
    /// Stands in every text, and every field is given.
    pub everywhere: Option<&'a str>,
}

fn bare(of: &str) -> &str {
    of.trim_matches(['[', ']', '!'])
}

impl Builder<'_> {
    /// Every place where a caller writes a value.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.descend(&self.root.arguments, &[], &mut leaves);
        leaves
    }

    fn descend(&self, fields: &[Argument], above: &[String], leaves: &mut Vec<Leaf>) {
        for field in fields {
            let path = [above, std::slice::from_ref(&field.name)].concat();
            match self.catalogue.input_fields(bare(&field.of)) {
                Some(below) => self.descend(below, &path, leaves),
                None => leaves.push(Leaf {
                    path,
                    of: bare(&field.of).to_owned(),
                }),
            }
        }
    }

    /// Arguments with what is needed, and `value` at `leaf`.
    pub fn arguments(&self, leaf: Option<&Leaf>, value: &str) -> Map<String, Value> {
        let path = leaf.map_or(&[][..], |leaf| &leaf.path);
        self.object(&self.root.arguments, path, value)
    }

    fn object(&self, fields: &[Argument], path: &[String], value: &str) -> Map<String, Value> {
        let target = path.first().map(String::as_str);
        let mut built = Map::new();
        for field in fields {
            if Some(field.name.as_str()) == target {
                built.insert(field.name.clone(), self.put(field, &path[1..], value));
            } else if field.required
                || self.everywhere.is_some()
                || companion(fields, target, &field.name)
            {
                built.insert(field.name.clone(), self.put(field, &[], ""));
            }
        }
        built
    }

    /// A value of one field: `value` itself where the path ends, else one that it takes.
    fn put(&self, field: &Argument, path: &[String], value: &str) -> Value {
        let of = bare(&field.of);
        let one = if let Some(below) = self.catalogue.input_fields(of) {
            Value::Object(self.object(below, path, value))
        } else if !value.is_empty() {
            value.into()
        } else if let Some(everywhere) = self.everywhere.filter(|_| of == "String") {
            everywhere.into()
        } else {
            let named = self.world.value(&self.root.name, &field.name, self.fresh);
            named.unwrap_or_else(|| self.of_type(of))
        };
        if field.of.starts_with('[') {
            json!([one])
        } else {
            one
        }
    }

    fn of_type(&self, of: &str) -> Value {
        if let Some(values) = self.catalogue.enum_values(of) {
            return values[0].clone().into();
        }
        match of {
            "Int" => 3.into(),
            "Boolean" => true.into(),
            "Date" => "2024-05-06".into(),
            "DateTime" => "2024-05-06T00:00:00Z".into(),
            "RegionCode" => ORIGIN.into(),
            "CreditCode" => EMPLOYER.into(),
            "YearMonth" => "2024-05".into(),
            "JournalPosition" => 1.into(),
            "Yuan" => "100.00".into(),
            "ID" => self.world.ids["Worker"].clone(),
            _ => "核查补贴发放".into(),
        }
    }
}

/// Whether an optional field is given although the marked value stands elsewhere: of the fields
/// that name a record the first, and what another one is only taken with.
fn companion(fields: &[Argument], target: Option<&str>, name: &str) -> bool {
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    let naming = ["workerId", "residentId", "id", "creditCode"];
    let optional = |name: &&&str| fields.iter().any(|f| f.name == **name && !f.required);
    let first = naming.iter().find(optional).copied();
    let named_by_target = target.is_some_and(|t| naming.contains(&t) || t == "householdNumber");
    match name {
        "toVillage" => has("toHouseholdId") && target != Some("toHouseholdId"),
        "county" => target == Some("householdNumber"),
        // A page of everything would be more than one request may ask for.
        "first" => true,
        _ => Some(name) == first && !named_by_target,
    }
}
