//! The order of the sources, and what is refused.

use std::collections::BTreeSet;
use std::fs;

use secrecy::ExposeSecret as _;

use super::*;

fn load(toml: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("exchange.toml");
    fs::write(&path, toml).unwrap();
    Config::load(Some(&path), variables(environment))
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn refusal(toml: &str, environment: &[(&str, &str)]) -> String {
    load(toml, environment).unwrap_err().to_string()
}

#[test]
fn an_empty_file_gives_the_compiled_in_defaults_and_they_are_valid() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.body_limit_bytes, 1_048_576);
    assert_eq!(config.http.document_limit_bytes, 65_536);
    assert_eq!((config.http.max_depth, config.http.max_aliases), (12, 30));
    assert_eq!(config.auth.leeway_s, 30);
    assert_eq!(config.privacy.unregistered_report_days, 30);
    assert_eq!(config.privacy.idempotency_days, 7);
    assert_eq!(config.journal.anchor_dir.to_str(), Some("data/anchors"));
}

#[test]
fn the_file_stands_over_the_defaults_and_the_environment_over_the_file() {
    let toml = "[http]\nmax_depth = 9\nmax_aliases = 8\n[database]\nurl = 'sqlite://file.db'";
    let config = load(
        toml,
        &[
            ("EXCHANGE_HTTP__MAX_DEPTH", "7"),
            ("DATABASE_URL", "postgres://exchange:pw@db/exchange"),
            (
                "DATABASE_READ_URL",
                "postgres://exchange:pw@replica/exchange",
            ),
            ("EXCHANGE_JWKS_URL", "https://issuer.example/jwks"),
            ("EXCHANGE_AUTH__ISSUER", "https://issuer.example"),
            (
                "EXCHANGE_AUTH__CLAIMS__REGION",
                "https://issuer.example/region.code",
            ),
            ("EXCHANGE_CONFIG", "elsewhere.toml"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert_eq!((config.http.max_depth, config.http.max_aliases), (7, 8));
    assert_eq!(
        config.database.url.expose_secret(),
        "postgres://exchange:pw@db/exchange"
    );
    assert!(config.database.read_url.is_some());
    assert_eq!(
        config.auth.jwks_url.as_deref(),
        Some("https://issuer.example/jwks")
    );
    assert_eq!(
        config.auth.claims.region,
        "https://issuer.example/region.code"
    );
    assert_eq!(config.auth.claims.role, "role");
}

#[test]
fn the_long_form_of_a_variable_wins_over_the_short_one() {
    let config = load(
        "",
        &[
            ("EXCHANGE_DATABASE__URL", "sqlite://long.db"),
            ("DATABASE_URL", "sqlite://short.db"),
        ],
    )
    .unwrap();
    assert_eq!(config.database.url.expose_secret(), "sqlite://long.db");
}

#[test]
fn an_unknown_key_is_refused_by_name_wherever_it_stands() {
    let in_file = refusal("[http]\nmax_dept = 9", &[]);
    assert!(in_file.contains("unknown key http.max_dept"), "{in_file}");
    assert!(in_file.contains("exchange.toml"), "{in_file}");
    assert!(in_file.contains("max_depth"), "{in_file}");
    let section = refusal("[htpp]\nmax_depth = 9", &[]);
    assert!(section.contains("unknown key htpp"), "{section}");
    let variable = refusal("", &[("EXCHANGE_HTTP__MAX_DEPT", "9")]);
    assert!(variable.contains("unknown key http.max_dept"), "{variable}");
    assert!(variable.contains("EXCHANGE_HTTP__MAX_DEPT"), "{variable}");
    let flat = refusal("", &[("EXCHANGE_MAX_DEPTH", "9")]);
    assert!(flat.contains("EXCHANGE_MAX_DEPTH"), "{flat}");
}

#[test]
fn a_value_of_the_wrong_type_names_its_key() {
    let error = refusal("[http]\nmax_depth = 'deep'", &[]);
    assert!(error.contains("http.max_depth"), "{error}");
}

#[test]
fn a_named_file_that_is_missing_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let error = Config::load(Some(&dir.path().join("none.toml")), []).unwrap_err();
    assert!(matches!(error, ConfigError::Missing(_)));
}

#[test]
fn every_section_refuses_what_is_out_of_bounds_and_all_of_it_at_once() {
    let cases = [
        ("http.public_url", "'ftp://x'"),
        ("http.body_limit_bytes", "10"),
        ("http.document_limit_bytes", "2000000"),
        ("http.max_depth", "0"),
        ("http.max_aliases", "1001"),
        ("http.request_timeout_s", "0"),
        ("http.shutdown_grace_s", "601"),
        ("http.metrics_token", "'short'"),
        ("database.url", "'mysql://x'"),
        ("database.read_url", "'postgres://x'"),
        ("database.pool_size", "0"),
        ("database.acquire_timeout_s", "0"),
        ("auth.jwks_url", "'http://issuer.example/jwks'"),
        ("auth.ca_file", "'none.pem'"),
        ("auth.audience", "''"),
        ("auth.leeway_s", "301"),
        ("keys.file", "''"),
        ("telemetry.log_filter", "'a=b=c'"),
        ("telemetry.otlp_endpoint", "'collector'"),
        ("import.xlsx_max_rows", "0"),
        ("import.xlsx_max_unpacked_bytes", "1000"),
        ("privacy.unregistered_report_days", "0"),
        ("privacy.idempotency_days", "0"),
        ("journal.anchor_dir", "''"),
    ];
    let mut together = String::new();
    for (key, value) in cases {
        let line = format!("{key} = {value}\n");
        let error = refusal(&line, &[]);
        assert!(error.contains(key), "{key}: {error}");
        together.push_str(&line);
    }
    let ConfigError::Invalid(problems) = load(&together, &[]).unwrap_err() else {
        panic!("out of bounds, not unreadable");
    };
    for (key, _) in cases {
        assert!(problems.iter().any(|problem| problem.key == key), "{key}");
    }
}

#[test]
fn an_issuer_outside_excludes_the_embedded_one_and_needs_its_name() {
    let url = "auth.jwks_url = 'http://localhost:9/jwks'\n";
    assert!(refusal(url, &[]).contains("auth.issuer"));
    let both = format!("{url}auth.issuer = 'i'\nauth.embedded = true");
    assert!(refusal(&both, &[]).contains("auth.embedded"));
    let mapped = "auth.embedded = true\nauth.claims.role = 'rolle'";
    assert!(refusal(mapped, &[]).contains("auth.claims"));
    assert!(load(&format!("{url}auth.issuer = 'i'"), &[]).is_ok());
}

#[test]
fn a_file_of_certificates_without_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ca.pem");
    let line = format!("auth.ca_file = '{}'", file.display());
    assert!(refusal(&line, &[]).contains("auth.ca_file cannot be read"));
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for text in ["", "no certificate", broken] {
        fs::write(&file, text).unwrap();
        let error = refusal(&line, &[]);
        assert!(
            error.contains("auth.ca_file must hold certificates"),
            "{text}: {error}"
        );
    }
}

#[test]
fn passwords_are_neither_printed_nor_repeated_in_errors() {
    let marked = "postgres://exchange:hunter2@db/exchange";
    let config = load("", &[("DATABASE_URL", marked)]).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    let token = [("EXCHANGE_HTTP__METRICS_TOKEN", "hunter2-hunter2-hunter2")];
    assert!(!format!("{:?}", load("", &token).unwrap()).contains("hunter2"));
    for variables in [
        [("EXCHANGE_HTTP__METRICS_TOKEN", "hunter2")],
        [("DATABASE_URL", "mysql://exchange:hunter2@db/exchange")],
        [("DATABASE_URL", "['hunter2']")],
        [("DATABASE_READ_URL", marked)],
    ] {
        let error = load("", &variables).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn a_text_that_looks_like_something_else_is_taken_as_it_stands() {
    let config = load(
        "",
        &[
            ("EXCHANGE_HTTP__METRICS_TOKEN", "0123456789012345"),
            ("EXCHANGE_AUTH__AUDIENCE", "69629026806489455"),
            ("EXCHANGE_AUTH__ISSUER", "true"),
            ("EXCHANGE_AUTH__CLAIMS__ROLE", "[role]"),
            ("EXCHANGE_KEYS__FILE", "1.50"),
            ("EXCHANGE_HTTP__MAX_DEPTH", "7"),
            ("EXCHANGE_AUTH__EMBEDDED", "false"),
        ],
    )
    .unwrap();
    let token = config.http.metrics_token.unwrap();
    assert_eq!(token.expose_secret(), "0123456789012345");
    assert_eq!(config.auth.audience, "69629026806489455");
    assert_eq!(config.auth.issuer.as_deref(), Some("true"));
    assert_eq!(config.auth.claims.role, "[role]");
    assert_eq!(config.keys.file.to_str(), Some("1.50"));
    assert_eq!(config.http.max_depth, 7);
}

#[test]
fn what_is_refused_for_its_form_is_not_repeated() {
    for toml in [
        "http.metrics_token = 4711471147114711",
        "http.metrics_token = -4711471147114711",
        "http.metrics_token = 47114711.4711",
        "http.metrics_token = [4711]",
        "http.metrics_token = {a4711 = 1}",
        // No TOML: the parser quotes the line.
        "http.metrics_token = a4711a4711a4711a4711",
        "[database]\nurl = 'postgres://exchange:4711@db/exchange",
        "http.max_depth = '4711'",
        "http.listen = '4711'",
        "auth.embedded = 4711",
    ] {
        let error = refusal(toml, &[]);
        assert!(!error.contains("4711"), "{toml}: {error}");
        assert!(error.contains("exchange.toml"), "{toml}: {error}");
    }
    for (name, value) in [
        ("EXCHANGE_HTTP__MAX_DEPTH", "4711.4711"),
        ("EXCHANGE_HTTP__METRICS_TOKEN", "4711"),
        ("EXCHANGE_HTTP", "4711"),
        ("EXCHANGE_AUTH__CLAIMS", "4711"),
        ("EXCHANGE_AUTH__EMBEDDED", "4711"),
    ] {
        let error = refusal("", &[(name, value)]);
        assert!(!error.contains("4711"), "{name}: {error}");
    }
}

/// What a section takes, as its own refusal of anything else lists it; `None` for a single key.
fn taken_by(section: &str) -> Option<Vec<String>> {
    let error = refusal(&format!("{section}no_such_key = 1"), &[]);
    let (_, known) = error.split_once("known here: ")?;
    let full = |key: &str| format!("{section}{key}");
    Some(known.split(", ").map(full).collect())
}

/// Every key below a section.
fn keys_below(section: &str) -> BTreeSet<String> {
    let below = |key: String| match taken_by(&format!("{key}.")) {
        Some(_) => keys_below(&format!("{key}.")),
        None => BTreeSet::from([key]),
    };
    let taken = taken_by(section).expect("a section");
    taken.into_iter().flat_map(below).collect()
}

#[test]
fn the_readme_lists_every_key_that_is_taken_and_no_other() {
    let readme = include_str!("../../../README.md");
    let rows = readme
        .lines()
        .skip_while(|line| *line != "| key | default | |");
    let documented: BTreeSet<String> = rows
        .skip(2)
        .map_while(|line| line.strip_prefix("| "))
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|keys| keys.split(", "))
        .map(|key| key.trim_matches('`').to_owned())
        .collect();
    assert_eq!(documented, keys_below(""));
}
