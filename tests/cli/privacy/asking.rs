//! Every root field of the schema, asked by everybody with a marked value in every place that a
//! caller may write to.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::stream::{self, StreamExt as _};
use serde_json::{Map, Value, json};

use super::super::process::CLIENT;
use super::arguments::{Builder, Leaf, World};
use super::marks::{self, Mark, Marks};
use crate::support::catalogue::{Catalogue, Field};

/// Fields that are for the values of people.
const TYPED: [&str; 5] = [
    "residentId",
    "legalRepresentativeResidentId",
    "phone",
    "bankAccount",
    "values",
];
/// Root fields of one request: of a mutation the server takes ten.
const TOGETHER: usize = 10;
/// Fields of one request: the server takes 500.
const MOST_FIELDS: usize = 450;
/// Steps from a root field's answer to the objects around it.
const DEPTH: u32 = 2;
/// Requests under way at once.
const AT_ONCE: usize = 8;

/// Somebody who asks, with a token or without.
pub struct Caller {
    pub name: String,
    pub token: Option<String>,
}

/// The server under test, and what it has shown.
pub struct Exchange {
    pub url: String,
    pub catalogue: Catalogue,
    pub marks: Marks,
    /// Values shown in full, by the root field that showed them.
    pub shown: Mutex<BTreeMap<String, Vec<Mark>>>,
    /// Root fields that were answered, and whether somebody got what they asked for.
    pub answered: Mutex<BTreeMap<String, bool>>,
}

/// One root field with its arguments.
pub struct Call<'a> {
    pub root: &'a Field,
    pub arguments: Map<String, Value>,
    /// Whether any text is of the type of the place with the marked value.
    text: bool,
    /// Whether this one of the values of its place is this caller's turn, where one is enough.
    turn: bool,
}

impl<'a> Call<'a> {
    pub fn new(root: &'a Field, arguments: Map<String, Value>) -> Self {
        Self {
            root,
            arguments,
            text: true,
            turn: true,
        }
    }
}

impl Exchange {
    /// Everybody asks for every root field: with each marked value in each place whoever may, with
    /// one in all places at once whoever may not.
    pub async fn everything(&self, callers: &[Caller], auditor: &str, world: &mut World) {
        let mut fresh = 0;
        let roots = [
            ("query", &self.catalogue.query),
            ("mutation", &self.catalogue.mutation),
        ];
        for (kind, of) in roots {
            for root in self.catalogue.fields(of).expect("a root") {
                let mut leaves = self.builder(root, world, 0).leaves();
                // What can be done once only is not to be done for its key.
                leaves.sort_by_key(|leaf| leaf.name() == "idempotencyKey");
                let mut allowed: Vec<_> = callers.iter().enumerate().collect();
                for (place, leaf) in leaves.iter().map(Some).chain([None]).enumerate() {
                    // A change makes the version stale that the next place is asked with.
                    if kind == "mutation" {
                        world.refresh(&self.url, auditor).await;
                    }
                    let asking = allowed.iter().map(|(turn, caller)| {
                        let turn = place + turn;
                        let calls = self.calls(kind, root, leaf, turn, world, &mut fresh);
                        self.ask(kind, caller, calls)
                    });
                    let asking: Vec<_> = asking.collect();
                    let answers = stream::iter(asking).buffered(AT_ONCE);
                    let answers: Vec<bool> = answers.collect().await;
                    let mut answers = answers.into_iter();
                    allowed.retain(|_| answers.next().expect("one each"));
                }
                self.in_vain(kind, root, callers, &allowed, world).await;
            }
        }
    }

    /// Whoever may not ask at all does so with a marked value in every text.
    async fn in_vain(
        &self,
        kind: &str,
        root: &Field,
        callers: &[Caller],
        allowed: &[(usize, &Caller)],
        world: &World,
    ) {
        let values = [marks::strays().as_slice(), &marks::persons()].concat();
        let refused = callers.iter().enumerate();
        let refused = refused.filter(|(turn, _)| allowed.iter().all(|(other, _)| other != turn));
        let asking: Vec<_> = refused
            .map(|(turn, caller)| {
                let everywhere = Some(values[turn % values.len()].as_str());
                let builder = Builder {
                    everywhere,
                    ..self.builder(root, world, 0)
                };
                let call = Call::new(root, builder.arguments(None, ""));
                self.ask(kind, caller, vec![call])
            })
            .collect();
        let _answers: Vec<bool> = stream::iter(asking).buffered(AT_ONCE).collect().await;
    }

    /// One root field with every value at one place, that of this turn first; without a place,
    /// with what is right throughout.
    fn calls<'a>(
        &'a self,
        kind: &str,
        root: &'a Field,
        leaf: Option<&Leaf>,
        turn: usize,
        world: &World,
        fresh: &mut u32,
    ) -> Vec<Call<'a>> {
        let mut values = leaf.map_or(vec![String::new()], |leaf| values(kind, leaf));
        let turn = turn % values.len();
        values.rotate_left(turn);
        let call = |(index, value): (usize, &String)| {
            *fresh += 1;
            let builder = self.builder(root, world, *fresh);
            Call {
                root,
                arguments: builder.arguments(leaf, value),
                text: leaf.is_none_or(|leaf| leaf.of == "String"),
                turn: index == 0,
            }
        };
        values.iter().enumerate().map(call).collect()
    }

    /// Asks for one root field in as few requests as there can be; false when the caller may not.
    /// A mutation that fails as a whole ends its request, and what stands behind it is asked again.
    async fn ask(&self, kind: &str, caller: &Caller, mut calls: Vec<Call<'_>>) -> bool {
        // What is not even of its type is refused before anybody is asked who is asking.
        calls.retain(|call| call.text || call.turn);
        while !calls.is_empty() {
            let texts = calls.iter().take_while(|call| call.text).count();
            let fields = self.selection(&calls[0].root.of, DEPTH);
            let most = MOST_FIELDS / fields.split_whitespace().count().max(1);
            let together = texts.min(most).clamp(1, TOGETHER);
            let body = self.send(kind, caller, &calls[..together]).await;
            let error = &body["errors"][0];
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            if ["FORBIDDEN", "UNAUTHENTICATED"].contains(&code) {
                return false;
            }
            let place = error["path"][0]
                .as_str()
                .map(|name| name[1..].parse::<usize>());
            let done = match place {
                Some(place) if body["data"].is_null() => 1 + place.expect("an alias"),
                _ => together,
            };
            calls.drain(..done);
        }
        true
    }

    fn builder<'a>(&'a self, root: &'a Field, world: &'a World, fresh: u32) -> Builder<'a> {
        Builder {
            catalogue: &self.catalogue,
            world,
            root,
            fresh,
            everywhere: None,
        }
    }

    /// Sends one request and checks its answer; the data by root field.
    pub async fn send(&self, kind: &str, caller: &Caller, calls: &[Call<'_>]) -> Value {
        let (mut declared, mut fields) = (Vec::new(), Vec::new());
        let mut variables = Map::new();
        for (index, call) in calls.iter().enumerate() {
            let mut given = Vec::new();
            for argument in &call.root.arguments {
                if let Some(value) = call.arguments.get(&argument.name) {
                    let name = format!("{}{index}", argument.name);
                    declared.push(format!("${name}: {}", argument.of));
                    given.push(format!("{}: ${name}", argument.name));
                    variables.insert(name, value.clone());
                }
            }
            let arguments = if given.is_empty() {
                String::new()
            } else {
                format!("({})", given.join(", "))
            };
            let selection = self.selection(&call.root.of, DEPTH);
            fields.push(format!(
                "a{index}: {}{arguments} {selection}",
                call.root.name
            ));
        }
        let declared = if declared.is_empty() {
            String::new()
        } else {
            format!("({})", declared.join(", "))
        };
        let query = format!("{kind}{declared} {{ {} }}", fields.join(" "));
        let mut request = CLIENT.post(format!("{}/graphql", self.url));
        if let Some(token) = &caller.token {
            request = request.bearer_auth(token);
        }
        let body = json!({"query": query, "variables": variables});
        let answer = request.json(&body).send().await.expect("an answer");
        let text = answer.text().await.expect("text");
        let body: Value = serde_json::from_str(&text).expect("JSON");
        self.check(&body, caller, calls);
        body
    }
}

/// The values that a place is given.
fn values(kind: &str, leaf: &Leaf) -> Vec<String> {
    let mut values = marks::strays().to_vec();
    // A query keeps nothing, whatever is written into it.
    if kind == "query" || TYPED.contains(&leaf.name()) {
        values.extend(marks::persons());
    }
    values
}
