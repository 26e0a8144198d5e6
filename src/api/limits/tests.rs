//! The bounds against real documents, small and hostile.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::DocumentOperations;
use async_graphql::value;

use super::*;

fn variables(value: Value) -> Variables {
    Variables::from_value(value)
}

fn admit_with(document: &str, given: Value) -> Result<Admitted, Failure> {
    admit_on(&ListSizes::default(), document, given)
}

fn admit_on(sizes: &ListSizes, document: &str, given: Value) -> Result<Admitted, Failure> {
    let limits = Limits::default();
    limits.admit_text(document)?;
    let parsed = parse_query(document).expect("the test's document parses");
    let operation = match &parsed.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(all) => all.values().next().expect("one operation"),
    };
    limits.admit_document(&parsed, &operation.node, &variables(given), sizes)
}

fn admit(document: &str) -> Result<Admitted, Failure> {
    admit_with(document, value!({}))
}

/// The limit a document was refused for, its bound and what was found.
fn refused(document: &str) -> (&'static str, u64, u64) {
    match admit(document) {
        Err(Failure::Limit {
            limit,
            bound,
            found,
        }) => (limit, bound, found),
        other => panic!("expected a limit, got {other:?}"),
    }
}

/// `{a{a{…}}}` with so many fields inside each other.
fn nested(levels: usize) -> String {
    format!("{}{}", "{a".repeat(levels), "}".repeat(levels))
}

fn list_of(count: usize, field: impl Fn(usize) -> String) -> String {
    (0..count).fold("{".to_owned(), |mut text, index| {
        write!(text, " {}", field(index)).expect("writing to a string cannot fail");
        text
    }) + "}"
}

#[test]
fn each_bound_admits_its_value_and_refuses_the_next() {
    assert_eq!(admit(&nested(12)).unwrap().weight.depth, 12);
    assert_eq!(refused(&nested(13)), ("depth", 12, 13));
    assert_eq!(refused(&nested(33)), ("nesting", 32, 33));

    let fields = |count| format!("{{ a {} }}", list_of(count, |_| "b".to_owned()));
    assert_eq!(admit(&fields(499)).unwrap().weight.fields, 500);
    assert_eq!(refused(&fields(500)), ("fields", 500, 501));

    let aliases = |count| format!("{{ a {} }}", list_of(count, |i| format!("x{i}: b")));
    assert_eq!(admit(&aliases(30)).unwrap().weight.aliases, 30);
    assert_eq!(refused(&aliases(31)), ("aliases", 30, 31));

    let directives = |count| format!("{{ a {} }}", "@x ".repeat(count));
    assert_eq!(admit(&directives(20)).unwrap().weight.directives, 20);
    assert_eq!(refused(&directives(21)), ("directives", 20, 21));

    let roots = |count| list_of(count, |i| format!("f{i}"));
    assert!(admit(&roots(20)).is_ok());
    assert_eq!(refused(&roots(21)), ("rootFields", 20, 21));
    let mutations = |count| format!("mutation {}", roots(count));
    assert!(admit(&mutations(10)).is_ok());
    assert_eq!(refused(&mutations(11)), ("mutations", 10, 11));
}

#[test]
fn the_text_is_bounded_before_it_is_parsed() {
    let comment = format!("{{a}} #{}", "x".repeat(64 * 1024));
    assert_eq!(refused(&comment).0, "documentBytes");
    assert_eq!(refused(&"{".repeat(20_000)), ("tokens", 8_000, 20_000));
    assert_eq!(refused(&"{".repeat(33)), ("nesting", 32, 33));
    assert_eq!(
        refused(&format!("{{a(x:{})}}", "[".repeat(40))).0,
        "nesting"
    );
}

#[test]
fn directives_count_on_operations_variables_and_fragments_too() {
    let document = "query Q($x: Int @a @b) @c { ...F @d ... @e { f @g } } fragment F on T @h { i }";
    assert_eq!(admit(document).unwrap().weight.directives, 7);
}

#[test]
fn a_fragment_weighs_as_much_as_it_repeats() {
    let document = "{ a { ...F ...F } b { ...F } } fragment F on T { x: y z { w } }";
    let weight = admit(document).unwrap().weight;
    assert_eq!((weight.fields, weight.aliases, weight.depth), (11, 3, 3));
}

#[test]
fn a_fragment_bomb_is_refused_at_once() {
    for leaf in ["a", "...Missing", "... { a }"] {
        let mut bomb = "{ ...F0 }".to_owned();
        for index in 0..25 {
            let next = index + 1;
            write!(bomb, " fragment F{index} on T {{ ...F{next} ...F{next} }}").unwrap();
        }
        write!(bomb, " fragment F25 on T {{ {leaf} }}").unwrap();
        let started = Instant::now();
        assert_eq!(refused(&bomb).0, "selections");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn sums_saturate_instead_of_wrapping_to_something_small() {
    let mut bomb = "{ ...F0 }".to_owned();
    for index in 0..20 {
        let spread = format!("...F{} ", index + 1).repeat(40);
        write!(bomb, " fragment F{index} on T {{ {spread} }}").unwrap();
    }
    bomb += " fragment F20 on T { a }";
    assert_eq!(refused(&bomb), ("selections", 2_000, u64::MAX));
}

#[test]
fn a_bomb_in_an_operation_that_is_not_chosen_is_refused_too() {
    let limits = Limits::default();
    let mut document = "query A { a } query B { ...F0 }".to_owned();
    for index in 0..25 {
        let next = index + 1;
        write!(
            document,
            " fragment F{index} on T {{ ...F{next} ...F{next} }}"
        )
        .unwrap();
    }
    document += " fragment F25 on T { a }";
    let parsed = parse_query(&document).unwrap();
    let DocumentOperations::Multiple(all) = &parsed.operations else {
        panic!("two operations");
    };
    let refusal = limits.admit_document(
        &parsed,
        &all["A"].node,
        &Variables::default(),
        &ListSizes::default(),
    );
    assert!(matches!(
        refusal,
        Err(Failure::Limit {
            limit: "selections",
            ..
        })
    ));
}

#[test]
fn cycles_of_fragments_are_refused_used_or_not() {
    for document in [
        "{ ...A } fragment A on T { ...A }",
        "{ ...A } fragment A on T { x { ...B } } fragment B on T { y { ...A } }",
        "{ x } fragment A on T { ...B } fragment B on T { ...A }",
    ] {
        assert!(
            matches!(admit(document), Err(Failure::BadInput(_))),
            "{document}"
        );
    }
}

#[test]
fn a_long_chain_of_fragments_is_refused_and_does_not_exhaust_the_stack() {
    let mut chain = "{ ...F0 }".to_owned();
    for index in 0..1_500 {
        write!(chain, " fragment F{index} on T {{...F{}}}", index + 1).unwrap();
    }
    chain += " fragment F1500 on T { a }";
    let limits = Limits {
        tokens: u64::MAX,
        ..Limits::default()
    };
    limits.admit_text(&chain).unwrap();
    let parsed = parse_query(&chain).unwrap();
    let DocumentOperations::Single(operation) = &parsed.operations else {
        panic!("one operation");
    };
    let refusal = limits.admit_document(
        &parsed,
        &operation.node,
        &Variables::default(),
        &ListSizes::default(),
    );
    assert!(matches!(
        refusal,
        Err(Failure::Limit {
            limit: "nesting",
            ..
        })
    ));
}

#[test]
fn the_standard_introspection_query_passes_and_a_deeper_one_does_not() {
    let of_types = |levels: usize| {
        let open = "ofType { kind ".repeat(levels);
        format!(
            "query IntrospectionQuery {{ __schema {{ types {{ ...FullType }} }} }}
             fragment FullType on __Type {{ fields(includeDeprecated: true) {{ args {{ ...In }}
               type {{ ...Ref }} }} inputFields {{ ...In }} interfaces {{ ...Ref }}
               possibleTypes {{ ...Ref }} }}
             fragment In on __InputValue {{ name type {{ ...Ref }} }}
             fragment Ref on __Type {{ kind {open} {} }}",
            "}".repeat(levels)
        )
    };
    let weight = admit(&of_types(9)).unwrap().weight;
    assert_eq!((weight.depth, weight.introspection_depth), (0, 15));
    assert_eq!(refused(&of_types(15)).0, "introspectionDepth");
}

#[test]
fn lists_inside_lists_of_the_introspection_schema_are_refused() {
    let document = |levels: usize| {
        let open = "fields { type { ".repeat(levels);
        format!(
            r#"{{ __type(name: "Q") {{ {open} name {} }}}}"#,
            "}}".repeat(levels)
        )
    };
    assert!(admit(&document(2)).is_ok());
    assert_eq!(refused(&document(3)), ("introspectionLists", 2, 3));
}

#[test]
fn page_sizes_multiply_what_is_below_them() {
    let given = value!({ "n": 50 });
    let document = "query Q($n: Int, $m: Int = 10) {
        workers(first: $n) { nodes { jobs(last: $m) { id } } } }";
    // id 1, jobs 1 + 10 × 1 = 11, nodes 12, workers 1 + 50 × 12.
    let weight = admit_with(document, given).unwrap().weight;
    assert_eq!(weight.complexity, 601);
    let wide = "{ a(first: 100) { b(first: 100) { c(first: 100) { d } } } }";
    assert_eq!(refused(wide).0, "complexity");
}

/// The exchange's own schema weighs these documents.
fn cost(document: &str, given: Value) -> u64 {
    let sizes = ListSizes::of_schema(&crate::api::schema::sdl());
    match admit_on(&sizes, document, given) {
        Ok(admitted) => admitted.weight.complexity,
        Err(Failure::Limit {
            limit: "complexity",
            found,
            ..
        }) => found,
        Err(other) => panic!("expected a weight, got {other}"),
    }
}

#[test]
fn a_page_left_out_weighs_as_much_as_the_default_page_written_out() {
    let document = |first: &str| {
        format!(
            "query($n: Int) {{ employers{first} {{ nodes {{ ...F }} }} }}
             fragment F on Employer {{ staff{first} {{ nodes {{ worker {{
               employments{first} {{ nodes {{ id }} }} }} }} }} }}"
        )
    };
    let written = cost(&document("(first: 50)"), value!({}));
    assert!(written > 100_000, "{written}");
    for left_out in ["", "(first: null)", "(first: $n)", "(after: \"x\")"] {
        assert_eq!(cost(&document(left_out), value!({})), written, "{left_out}");
    }
    let given = value!({ "n": 2 });
    assert!(cost(&document("(first: $n)"), given) < written);
}

#[test]
fn ids_items_and_lists_without_pages_count() {
    let names = "nodes(ids: $ids) { id ... on Worker { name } }";
    let ids = |count: usize| {
        let ids: Vec<_> = (0..count).map(|i| Value::from(i.to_string())).collect();
        value!({ "ids": ids })
    };
    let document = format!("query($ids: [ID!]!) {{ {names} }}");
    assert_eq!(cost(&document, ids(100)), 201);
    assert_eq!(cost(r#"{ nodes(ids: ["a", "b"]) { id } }"#, ids(0)), 3);

    let bulk = "mutation($input: RegisterWorkersInput!) {
        registerWorkers(input: $input) { results { worker { id } } } }";
    let items: Vec<_> = (0..7).map(Value::from).collect();
    // id 1, worker 2, results 3, seven times, and the field itself.
    assert_eq!(cost(bulk, value!({ "input": { "workers": items } })), 22);

    let months = "kind: PENSION, from: \"2020-01\", to: \"2024-12\"";
    let one = format!(r#"{{ worker(id: "x") {{ insuredMonths({months}) }} }}"#);
    assert_eq!(cost(&one, value!({})), 13);
    // id 1, members 1 + 10 × 1, household 12, worker 13.
    let household = r#"{ worker(id: "x") { household { members { id } } } }"#;
    assert_eq!(cost(household, value!({})), 13);
}

#[test]
fn a_mutation_is_never_named_twice_under_one_key() {
    for document in [
        "mutation { pay pay }",
        "mutation { pay ...F } fragment F on Mutation { pay }",
        "mutation { pay ... @include(if: false) { pay } }",
        "mutation { a: pay a: refund }",
    ] {
        assert!(
            matches!(admit(document), Err(Failure::BadInput(_))),
            "{document}"
        );
    }
    assert!(admit("mutation { a: pay b: pay pay }").is_ok());
    assert!(admit("{ a a }").is_ok(), "reading twice is harmless");
}

#[test]
fn the_first_root_field_is_found_through_fragments() {
    let admitted = admit("{ ...F other } fragment F on Query { x: worker }").unwrap();
    assert_eq!(admitted.first_root.as_deref(), Some("worker"));
}

#[test]
fn variables_with_the_engines_upload_marker_are_refused_at_any_depth() {
    for given in [
        value!({ "a": "#__graphql_file__:0" }),
        value!({ "a": [{ "b": "#__graphql_file__:x" }] }),
    ] {
        assert!(matches!(
            admit_variables(&variables(given)),
            Err(Failure::BadInput(_))
        ));
    }
    assert!(admit_variables(&variables(value!({ "a": ["plain"] }))).is_ok());
}
