//! `exchange serve`, `exchange migrate` and `exchange doctor` of an installation.

use libtest_mimic::Trial;

use super::process::{self, Place};
use crate::support::app::TestApp;
use crate::support::people::ORIGIN;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::plain![
        nobody_serves_what_is_unsafe_or_unfinished,
        a_configuration_with_a_mistake_is_refused,
        doctor_says_what_is_missing,
        doctor_says_when_figures_are_not_those_of_the_people,
        a_stop_that_cuts_requests_short_is_warned_of,
        the_address_that_callers_use_is_shown,
        doctor_says_what_is_done_every_so_often_and_what_is_late,
    ];
    trials.extend(crate::trials![an_installation_serves_and_stops]);
    trials
}

fn nobody_serves_what_is_unsafe_or_unfinished() {
    let mut place = Place::new();
    let refused = |place: &Place, why: &str| {
        let sentence = place.refused(&["serve"]);
        assert!(sentence.contains(why), "{why}: {sentence}");
    };
    refused(&place, "nobody could log in");
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    refused(&place, "there is no key file data/keys.json");

    assert_eq!(
        place.demo(&["--data", "demo", "--workers", "20"]).stop(),
        Some(0)
    );
    let mut with_demo_keys = Place::new();
    std::fs::copy(
        place.path("demo/keys.json"),
        with_demo_keys.path("keys.json"),
    )
    .expect("copied");
    with_demo_keys.set("EXCHANGE_AUTH__EMBEDDED", "true");
    with_demo_keys.set("EXCHANGE_KEYS__FILE", "keys.json");
    refused(&with_demo_keys, "keys of a demo");

    place.done(&["keys", "new", "data/keys.json"]);
    refused(&place, "there is no database data/exchange.db");
    assert!(!place.path("data/exchange.db").exists());
    std::fs::write(place.path("data/exchange.db"), b"").expect("written");
    refused(&place, "the database is not migrated");
    let status = place.done(&["migrate", "status"]);
    assert!(
        status.contains("pending m20261123_000001_regions\n"),
        "{status}"
    );

    let applied = place.done(&["migrate"]);
    assert!(
        applied.contains("applied m20261123_000001_regions\n"),
        "{applied}"
    );
    assert_eq!(place.done(&["migrate", "up"]), "");
    assert_eq!(place.done(&["migrate", "status"]), "");
    assert_eq!(place.serve().stop(), Some(0));
}

fn a_configuration_with_a_mistake_is_refused() {
    let mut place = Place::new();
    for args in [
        ["--config", "none.toml", "serve"],
        ["serve", "--config", "none.toml"],
    ] {
        let missing = place.refused(&args);
        assert!(
            missing.contains("there is no configuration file none.toml"),
            "{missing}"
        );
    }
    std::fs::write(place.path("own.toml"), "[http]\nlissten = 1\n").expect("written");
    place.set("EXCHANGE_CONFIG", "own.toml");
    let unknown = place.refused(&["serve"]);
    assert!(unknown.contains("http.lissten"), "{unknown}");
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    assert!(doctor.out.contains("FAIL  configuration"), "{}", doctor.out);
}

fn doctor_says_what_is_missing() {
    let mut place = Place::new();
    let nothing = place.run(&["doctor"]);
    assert_eq!(nothing.code, Some(1), "{}", nothing.err);
    for what in ["keys", "login", "database"] {
        let failed = format!("FAIL  {what} ");
        assert!(nothing.out.contains(&failed), "{failed}: {}", nothing.out);
    }
    let anchors = "ok    anchors        data/anchors is not there yet and can be made\n";
    assert!(nothing.out.contains(anchors), "{}", nothing.out);
    let mut made = std::fs::read_dir(place.path(".")).expect("a folder");
    assert!(made.next().is_none(), "doctor makes nothing");
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let healthy = place.done(&["doctor"]);
    assert_eq!(healthy.lines().count(), 20, "{healthy}");
    assert!(
        !healthy.contains("FAIL") && !healthy.contains("warn"),
        "{healthy}"
    );

    process::meddle(
        &place.path("data/exchange.db"),
        &[
            "INSERT INTO job (id, kind, payload, state, run_at, attempts, max_attempts, last_error,
             created_at) VALUES (x'0192f3a0000070008000000000000001', 'sweep', '{}', 'DEAD', '2026-11-23 00:00:00+00:00', 3, 3,
             'the disk is full', '2026-11-23 00:00:00+00:00')",
        ],
    );
    let given_up = place.run(&["doctor"]);
    assert_eq!(given_up.code, Some(1));
    let journal = "ok    journal        0 links, 0 entries waiting for theirs\n";
    assert!(given_up.out.contains(journal), "{}", given_up.out);
    assert!(given_up.out.contains("FAIL  queue"), "{}", given_up.out);
    assert!(
        given_up.out.contains("exchange queue list"),
        "{}",
        given_up.out
    );

    process::meddle(
        &place.path("data/exchange.db"),
        &["DELETE FROM job", "DELETE FROM journal_head"],
    );
    let headless = place.run(&["doctor"]);
    assert_eq!(headless.code, Some(1));
    let journal = "FAIL  journal        internal: the journal has no head";
    assert!(headless.out.contains(journal), "{}", headless.out);

    place.set("EXCHANGE_AUTH__EMBEDDED", "false");
    place.set("EXCHANGE_AUTH__ISSUER", "https://issuer.example");
    // A port that nobody listens on.
    place.set("EXCHANGE_JWKS_URL", "http://127.0.0.1:1/jwks");
    let away = place.run(&["doctor"]).out;
    assert!(
        away.contains("FAIL  login          http://127.0.0.1:1/jwks"),
        "{away}"
    );
}

fn doctor_says_when_figures_are_not_those_of_the_people() {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let well = "ok    figures        0 cells and 0 changes to come agree with the registry\n";
    let healthy = place.done(&["doctor"]);
    assert!(healthy.contains(well), "{healthy}");
    let columns = "origin_prefecture, origin_county, work_county, work_prefecture, work_status,
         work_split, able, willing, categories, people";
    let kind = "590200000000, 590222000000, 0, 0, 'UNKNOWN', '', -1, -1, 1";
    let told = |table: &str, people: i32| {
        format!("INSERT INTO {table} ({columns}) VALUES ({kind}, {people})")
    };
    let database = place.path("data/exchange.db");
    process::meddle(&database, &[&told("registry_figure", 3)]);
    let wrong = place.run(&["doctor"]);
    assert_eq!(wrong.code, Some(1));
    let line = "FAIL  figures        1 of the cells differ from the registry, by 3 people in all";
    assert!(wrong.out.contains(line), "{}", wrong.out);
    process::meddle(&database, &[&told("registry_figure_change", -3)]);
    let healthy = place.done(&["doctor"]);
    assert!(
        healthy.contains("1 cells and 1 changes to come agree"),
        "{healthy}"
    );
}

fn doctor_says_what_is_done_every_so_often_and_what_is_late() {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let fresh = place.done(&["doctor"]);
    let line = "ok    schedule       worker.lapse_categories, every hour: no server has run yet\n";
    assert!(fresh.contains(line), "{fresh}");
    process::meddle(
        &place.path("data/exchange.db"),
        &[
            "INSERT INTO schedule (name, since, asked_for, last_success) VALUES
             ('worker.lapse_categories', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00',
              '2026-01-01 00:00:07+00:00'),
             ('queue.forget_done', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', NULL),
             ('idempotency.forget', '2999-01-01 00:00:00+00:00', '2999-01-01 00:00:00+00:00', NULL)",
            "INSERT INTO job (id, kind, payload, dedupe_key, state, run_at, attempts, max_attempts,
             last_error, created_at) VALUES (x'0192f3a0000070008000000000000001',
             'idempotency.forget', 'null', 'scheduled', 'DEAD', '2026-11-23 00:00:00+00:00', 5, 5,
             'the disk is full', '2026-11-23 00:00:00+00:00')",
        ],
    );
    let late = place.run(&["doctor"]).out;
    for line in [
        "warn  schedule       worker.lapse_categories, every hour: last done \
         2026-01-01T00:00:07Z, overdue: does a server run?\n",
        "warn  schedule       queue.forget_done, every hour: never done, overdue: does a server run?\n",
        "warn  schedule       idempotency.forget, every hour: never done, given up: see \
         `exchange queue list`\n",
    ] {
        assert!(late.contains(line), "{line}: {late}");
    }
}

fn a_stop_that_cuts_requests_short_is_warned_of() {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.set("EXCHANGE_HTTP__REQUEST_TIMEOUT_S", "36");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let said = "http.shutdown_grace_s is 35 s, less than http.request_timeout_s (36 s)";
    let doctor = place.done(&["doctor"]);
    let warned = format!("warn  configuration  {said}");
    assert!(doctor.contains(&warned), "{doctor}");
    let log = place.serve().ended_log();
    assert!(log.iter().any(|line| line.contains(said)), "{log:#?}");
    place.set("EXCHANGE_HTTP__SHUTDOWN_GRACE_S", "36");
    assert!(!place.done(&["doctor"]).contains("warn"));
}

fn the_address_that_callers_use_is_shown() {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    let without = place.done(&["doctor"]);
    let line = "ok    address        listens on 127.0.0.1:8080; no http.public_url is set\n";
    assert!(without.contains(line), "{without}");
    let url = "https://exchange.example/api";
    place.set("EXCHANGE_HTTP__PUBLIC_URL", url);
    let doctor = place.done(&["doctor"]);
    let line = format!("listens on 127.0.0.1:8080; callers use {url}\n");
    assert!(doctor.contains(&line), "{doctor}");
    let log = place.serve().ended_log();
    let said = format!(r#""public_url":"{url}""#);
    let serving = log.iter().find(|line| line.contains(r#""serving""#));
    assert!(serving.is_some_and(|line| line.contains(&said)), "{log:#?}");
}

async fn an_installation_serves_and_stops(app: TestApp) {
    let mut place = Place::new();
    place.set("DATABASE_URL", &app.database_url);
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    let token = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    let closed = place.serve();
    let metrics = reqwest::get(format!("{}/metrics", closed.url)).await;
    assert_eq!(metrics.expect("an answer").status(), 404, "without a token");
    assert_eq!(closed.stop(), Some(0));
    place.set("EXCHANGE_HTTP__METRICS_TOKEN", process::SCRAPER);
    let server = place.serve();
    let household = process::household(&server.url, token.trim(), "cli").await;
    let person = process::register(&server.url, token.trim(), &household, 1).await;
    assert!(person.is_some());

    let get = async |path: &str| {
        let response = reqwest::get(format!("{}{path}", server.url)).await;
        response.expect("an answer")
    };
    assert_eq!(get("/readyz").await.status(), 200);
    assert_eq!(get("/").await.status(), 404, "the explorer is the demo's");
    assert_eq!(get("/metrics").await.status(), 401);
    // Gauges are set right after the start, but by nobody's request.
    for gauge in [
        r#"exchange_db_connections{pool="primary",state="idle"}"#,
        r#"exchange_queue_jobs{state="dead"} 0"#,
        r#"exchange_job_runs_total{job="worker.lapse_categories",outcome="succeeded"} 1"#,
        r#"exchange_schedule_period_seconds{job="worker.lapse_categories"} 3600"#,
        // A time of this century: it has run.
        r#"exchange_schedule_last_success_timestamp_seconds{job="insurance.fill_requery"} 1"#,
    ] {
        let url = server.url.as_str();
        let shown = async || process::metrics(url).await.contains(gauge);
        let appears = async { while !shown().await {} };
        let in_time = tokio::time::timeout(process::PATIENCE, appears).await;
        assert!(in_time.is_ok(), "{gauge}");
    }

    // The trail of a running exchange can be verified.
    place.done(&["trail", "verify"]);
    assert_eq!(server.stop(), Some(0));
    let verdict = place.done(&["trail", "verify"]);
    assert!(verdict.starts_with("intact: "), "{verdict}");
    let doctor = place.done(&["doctor"]);
    assert!(doctor.contains("ok    database"), "{doctor}");
    assert!(
        doctor.contains("insurance.fill_requery, every hour: last done 2"),
        "{doctor}"
    );
}
