//! What is asked of every answer, and what no answer may have in it.

use serde_json::Value;

use super::asking::{Call, Caller, Exchange};
use super::marks::{Mark, Whose};

/// Root fields that are for showing a value in full.
const REVEALING: [&str; 2] = ["revealPersonalData", "takeRequeryList"];
/// Fields of answers that repeat what a caller wrote in free words.
const WORDS: [&str; 3] = ["reference", "number", "helperSubject"];

impl Exchange {
    /// Scalars of a type, and of the objects below it.
    pub fn selection(&self, of: &str, depth: u32) -> String {
        let possible = self.catalogue.possible(of);
        if !possible.is_empty() {
            let on = |of: &String| format!("... on {of} {}", self.selection(of, 0));
            let on: Vec<_> = possible.iter().map(on).collect();
            return format!("{{ __typename {} }}", on.join(" "));
        }
        let Some(fields) = self.catalogue.fields(of) else {
            return String::new();
        };
        let mut chosen = vec!["__typename".to_owned()];
        for field in fields
            .iter()
            .filter(|f| f.arguments.iter().all(|a| !a.required))
        {
            let below = self.catalogue.fields(&field.of).is_some();
            // An error says what was wrong wherever it stands.
            let errors = field.of == "UserError";
            if !below {
                chosen.push(field.name.clone());
            } else if (depth > 0 || errors) && field.of != "PageInfo" && !field.of.ends_with("Edge")
            {
                let selection = self.selection(&field.of, depth.saturating_sub(1));
                let paged = field.arguments.iter().any(|a| a.name == "first");
                let page = if paged { "(first: 3)" } else { "" };
                chosen.push(format!("{}{page} {selection}", field.name));
            }
        }
        format!("{{ {} }}", chosen.join(" "))
    }

    /// Checks one answer: nothing but a root field that is for it shows anybody's value.
    pub fn check(&self, body: &Value, caller: &Caller, calls: &[Call<'_>]) {
        let who = &caller.name;
        let mut outside = body.clone();
        let data = outside["data"].take();
        let found = self.marks.found_in(outside.to_string().as_bytes());
        let limit = body["errors"][0]["extensions"]["limit"].as_str();
        assert_eq!(limit, None, "the request is too large: {body:#}");
        assert!(
            found.is_empty(),
            "{who}: {found:?} outside of the data: {body:#}"
        );
        for (index, call) in calls.iter().enumerate() {
            let (name, value) = (&call.root.name, &data[format!("a{index}")]);
            if value.is_null() {
                continue;
            }
            let mut answered = self.answered.lock().expect("not poisoned");
            let done = value["userErrors"][0].is_null() && value["results"][0]["error"].is_null();
            *answered.entry(name.clone()).or_default() |= done;
            drop(answered);
            if REVEALING.contains(&name.as_str()) {
                let errors = value["userErrors"].to_string();
                assert_eq!(self.marks.found_in(errors.as_bytes()), [], "{body:#}");
                let found = self.marks.found_in(value.to_string().as_bytes());
                self.shown
                    .lock()
                    .expect("not poisoned")
                    .entry(name.clone())
                    .or_default()
                    .extend(found);
            } else {
                walk("", value, &mut |key, text| {
                    let found = self.marks.found_in(text.as_bytes());
                    let words = |mark: &Mark| mark.0 == Whose::Stray && WORDS.contains(&key);
                    assert!(
                        found.iter().all(words),
                        "{who} {name}: {found:?} in {key}: {body:#}"
                    );
                });
            }
        }
    }
}

/// Looks at every value of an answer with the name of its field.
fn walk(key: &str, value: &Value, look: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, below)| walk(key, below, look)),
        Value::Array(items) => items.iter().for_each(|below| walk(key, below, look)),
        Value::Null => {}
        Value::String(text) => look(key, text),
        other => look(key, &other.to_string()),
    }
}
