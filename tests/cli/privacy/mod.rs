//! Personal values reach neither logs nor traces nor metrics nor errors nor any cell of the
//! database, whatever becomes of the request that carries them.
//!
//! Every root field of the schema is asked by everybody with marked values in every place that a
//! caller may write to; root fields, arguments and answers are asked of the schema itself, so that
//! one which somebody adds is asked as well.

mod answers;
pub mod arguments;
mod asking;
mod collector;
mod life;
mod marks;
mod search;
mod transport;

use employment_exchange::kernel::closed::Closed as _;
use std::collections::BTreeMap;
use std::sync::Mutex;

use libtest_mimic::Trial;

use self::arguments::World;
use self::asking::{Caller, Exchange};
use self::collector::Collector;
use self::life::{Life, Tokens};
use self::marks::{Marks, What, Whose};
use super::process::{self, Place, block_on};
use crate::support::catalogue::Catalogue;
use crate::support::people::{DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    vec![
        super::trial(
            concat!(module_path!(), "::the_search_finds_every_form"),
            marks::the_search_finds_every_form,
        ),
        super::trial(
            concat!(
                module_path!(),
                "::marked_values_are_nowhere_but_where_they_belong"
            ),
            marked_values_are_nowhere_but_where_they_belong,
        ),
    ]
}

const LEDGER: &str = "ledger.csv";
const REPORT: &str = "report.csv";
const DATABASE: &str = "data/exchange.db";

fn marked_values_are_nowhere_but_where_they_belong() {
    let collector = Collector::start();
    let mut place = place();
    let mut tokens = tokens(&place);
    place.set("EXCHANGE_TELEMETRY__LOG_FILTER", "trace");
    place.set("EXCHANGE_TELEMETRY__OTLP_ENDPOINT", &collector.endpoint);
    place.set("EXCHANGE_HTTP__METRICS_TOKEN", process::SCRAPER);
    let marks = Marks::new();

    let server = place.serve();
    let exchange = block_on(exchange(&server.url));
    let life = Life {
        exchange: &exchange,
        tokens: &tokens,
    };
    let mut world = block_on(life.begins());
    search::lines(
        "the log",
        lines(&server.ended_log()),
        &marks,
        "registerWorker",
    );
    ledger(&place, &marks);

    // Who missed somebody's months is known when a server starts.
    let server = place.serve();
    let exchange = Exchange {
        url: server.url.clone(),
        ..exchange
    };
    tokens.insert(
        "WORKER".into(),
        token(&place, &["worker", "--worker", world.id("Worker")]),
    );
    block_on(asked(&exchange, &tokens, &mut world));
    everything_was_answered(&exchange);
    let metrics = block_on(process::metrics(&server.url));
    search::lines("the metrics", metrics.lines(), &marks, "registerWorker");
    // The write-ahead log is there as long as the server runs.
    let files = search::files(&place.path("data"), &marks, &[]);
    assert!(
        files >= 3 && place.path("data/exchange.db-wal").exists(),
        "{files}"
    );
    search::lines(
        "the log",
        lines(&server.ended_log()),
        &marks,
        "registerWorker",
    );
    place.done(&["trail", "verify"]);
    search::files(&place.path("."), &marks, &[LEDGER]);
    search::only_where_words_are_kept(&block_on(search::cells(&place.path(DATABASE), &marks)));
    let traces = collector.taken();
    assert!(
        String::from_utf8_lossy(&traces).contains("registerWorker"),
        "no traces"
    );
    assert_eq!(marks.found_in(&traces), [], "in the traces");
}

async fn asked(exchange: &Exchange, tokens: &Tokens, world: &mut World) {
    let life = Life { exchange, tokens };
    life.corrected(world).await;
    life.renamed(world).await;
    life.revealed(world).await;
    let everybody: Vec<Caller> = callers(tokens);
    exchange
        .everything(&everybody, &tokens["AUDITOR"], world)
        .await;
    transport::everything(&exchange.url, &tokens["OFFICER"], &exchange.marks).await;
}

fn lines(log: &[String]) -> impl Iterator<Item = &str> {
    log.iter().map(String::as_str)
}

/// An installation with the demo province and nobody in it.
fn place() -> Place {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let regions = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/capability/region/demo-province.csv"
    );
    place.done(&["import", "regions", regions]);
    place
}

async fn exchange(url: &str) -> Exchange {
    Exchange {
        url: url.to_owned(),
        catalogue: Catalogue::load().await,
        marks: Marks::new(),
        shown: Mutex::new(BTreeMap::new()),
        answered: Mutex::new(BTreeMap::new()),
    }
}

/// A token for every role, each kind of agency and each level and side of an officer; the person's
/// own comes when the person is there.
fn tokens(place: &Place) -> Tokens {
    let officer = |region| vec!["officer", "--region", region];
    let mut wanted = vec![
        ("ADMIN", vec!["admin"]),
        ("AUDITOR", vec!["auditor"]),
        ("OFFICER", officer(ORIGIN)),
        ("DESTINATION", officer(DESTINATION)),
        ("ELSEWHERE", officer(ELSEWHERE)),
        ("VILLAGE", officer(VILLAGE)),
        ("TOWNSHIP", officer("590222101000")),
        (
            "PREFECTURE",
            vec!["officer", "--region", "590200000000", "--sub", "prefecture"],
        ),
        (
            "EMPLOYER",
            vec!["employer", "--credit-code", arguments::EMPLOYER],
        ),
        (
            "HELPER",
            vec!["helper", "--region", ORIGIN, "--sub", arguments::HELPER],
        ),
    ];
    for agency in employment_exchange::platform::authn::Agency::VALUES {
        wanted.push((agency.as_str(), vec!["agency", "--agency", agency.as_str()]));
    }
    let issued = wanted
        .iter()
        .map(|(name, args)| ((*name).to_owned(), token(place, args)));
    issued.collect()
}

fn token(place: &Place, args: &[&str]) -> String {
    let args = [&["token", "--role"], args].concat();
    place.done(&args).trim().to_owned()
}

/// Everybody with a token, nobody, and somebody whose token proves nothing.
fn callers(tokens: &Tokens) -> Vec<Caller> {
    let known = tokens
        .iter()
        .map(|(name, token)| (name.as_str(), Some(token.clone())));
    let others = [("NOBODY", None), ("STRANGER", Some(marks::id(0)))];
    known
        .chain(others)
        .map(|(name, token)| Caller {
            name: name.to_owned(),
            token,
        })
        .collect()
}

/// Brings in a ledger that names a marked person, rightly and wrongly.
fn ledger(place: &Place, marks: &Marks) {
    let header = "name,resident_id,origin_region_code,category,phone";
    let right = marks::id(3);
    let rows = [
        format!("王小明,{right},{VILLAGE},脱贫户,{}", marks::PHONES[0]),
        format!(
            "王小明,{},{VILLAGE},脱贫户,{}0",
            marks::mistyped(),
            marks::PHONES[1]
        ),
        format!("{right},{},{right},{right},{right}", marks::PHONES[0]),
        format!(",{right},{ELSEWHERE},贫困户,{}", marks::ACCOUNTS[0]),
    ];
    let text = format!("{header}\n{}\n", rows.join("\n"));
    std::fs::write(place.path(LEDGER), text).expect("written");
    let import = [
        "import",
        "workers",
        LEDGER,
        "--as-region",
        ORIGIN,
        "--report",
        REPORT,
    ];
    for more in [&["--dry-run"][..], &[]] {
        let ended = place.run(&[&import[..], more].concat());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        let said = [ended.out.as_str(), &ended.err].join("\n");
        search::lines("what the import says", said.lines(), marks, "1 people");
        let report = std::fs::read_to_string(place.path(REPORT)).expect("written");
        search::lines("the report", report.lines(), marks, "accepted");
    }
}

/// Somebody got something from every root field, and values in full from those that are for it.
fn everything_was_answered(exchange: &Exchange) {
    let answered = exchange.answered.lock().expect("not poisoned");
    let refused: Vec<_> = answered.iter().filter(|(_, done)| !**done).collect();
    assert!(refused.is_empty(), "done for nobody: {refused:?}");
    for of in [&exchange.catalogue.query, &exchange.catalogue.mutation] {
        for root in exchange.catalogue.fields(of).expect("a root") {
            assert!(
                answered.contains_key(&root.name),
                "nobody was answered {}",
                root.name
            );
        }
    }
    let shown = exchange.shown.lock().expect("not poisoned");
    for (root, all) in [
        (
            "revealPersonalData",
            &[
                What::ResidentId,
                What::Phone,
                What::BankAccount,
                What::BirthDate,
            ][..],
        ),
        ("takeRequeryList", &[What::ResidentId]),
    ] {
        for what in all {
            let shown = shown
                .get(root)
                .is_some_and(|of| of.contains(&(Whose::Person, *what)));
            assert!(shown, "{root} has shown no {what:?}");
        }
    }
}
