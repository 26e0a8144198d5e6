//! Commands that do one thing and end.

use libtest_mimic::Trial;

use serde_json::json;

use super::process::{self, Place, meddle};
use crate::support::people::{ORIGIN, resident_id};

/// The divisions that every test knows.
const DEMO_PROVINCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/capability/region/demo-province.csv"
);

pub fn trials() -> Vec<Trial> {
    crate::plain![
        a_token_is_all_that_token_prints,
        a_mistake_in_the_call_ends_with_2,
        a_reader_that_has_gone_away_is_no_error,
        keys_are_private_and_never_written_over,
        rotated_keys_seal_anew_and_open_what_the_old_ones_sealed,
        dead_letters_are_listed_run_again_and_deleted,
        divisions_are_loaded_with_a_report,
        a_province_is_made_once,
        made_up_people_come_into_no_registry_of_others,
    ]
}

/// A place with keys and an empty database.
fn installation() -> Place {
    let mut place = Place::new();
    place.set("EXCHANGE_AUTH__EMBEDDED", "true");
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    place
}

fn a_token_is_all_that_token_prints() {
    let mut place = installation();
    let token = place.done(&["token", "--role", "AUDITOR", "--ttl", "5m"]);
    assert_eq!(token.lines().count(), 1);
    assert_eq!(token.trim_end().split('.').count(), 3, "{token}");

    place.set("EXCHANGE_AUTH__EMBEDDED", "false");
    let useless = place.refused(&["token", "--role", "auditor"]);
    assert!(useless.contains("auth.embedded is off"), "{useless}");
    place.set("EXCHANGE_JWKS_URL", "https://issuer.example/jwks");
    place.set("EXCHANGE_AUTH__ISSUER", "https://issuer.example");
    let foreign = place.refused(&["token", "--role", "auditor"]);
    assert!(foreign.contains("auth.jwks_url"), "{foreign}");
}

fn a_mistake_in_the_call_ends_with_2() {
    let place = installation();
    for (args, word) in [
        (vec!["tokens"], "tokens"),
        (vec!["token"], "--role"),
        (vec!["token", "--role", "king"], "king"),
        (vec!["token", "--role", "officer"], "needs --region"),
        (
            vec!["token", "--role", "officer", "--region", "59"],
            "--region",
        ),
        (
            vec!["token", "--role", "admin", "--agency", "tax"],
            "does not take --agency",
        ),
        (
            vec!["token", "--role", "worker", "--worker", "me"],
            "--worker",
        ),
        (
            vec!["token", "--role", "admin", "--ttl", "0s"],
            "time to live",
        ),
        (vec!["import", "regions"], "FILE"),
        (vec!["demo", "--listen", "here"], "--listen"),
    ] {
        let ended = place.run(&args);
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(word), "{args:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{args:?}");
    }
    assert_eq!(place.run(&["--help"]).code, Some(0));
}

fn a_reader_that_has_gone_away_is_no_error() {
    let place = Place::new();
    for args in [vec!["schema"], vec!["--help"], vec!["doctor"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let ended = place.command(&args).stdout(writer).output().expect("runs");
        let err = String::from_utf8_lossy(&ended.stderr);
        assert!(
            !err.contains("panicked") && !err.contains("pipe"),
            "{args:?}: {err}"
        );
        // `doctor` has things to complain about here.
        let expected = i32::from(args == ["doctor"]);
        assert_eq!(ended.status.code(), Some(expected), "{args:?}: {err}");
    }
}

fn keys_are_private_and_never_written_over() {
    let place = installation();
    let file = place.path("data/keys.json");
    let before = std::fs::read(&file).expect("made");
    let refused = place.refused(&["keys", "new", "data/keys.json"]);
    assert!(refused.contains("never written over"), "{refused}");
    assert_eq!(std::fs::read(&file).ok(), Some(before));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&file, open).expect("changed");
        let doctor = place.run(&["doctor"]);
        assert_eq!(doctor.code, Some(1));
        assert!(
            doctor.out.contains("can be read by others"),
            "{}",
            doctor.out
        );
    }
}

/// Registers the `number`-th person on a server that starts and stops for it, and reads back in full
/// the resident ids of everybody registered so far.
fn register_and_reveal(place: &Place, number: u32, people: &mut Vec<String>) {
    const REVEAL: &str = "mutation($id: ID!) { revealPersonalData(input: {workerId: $id,
        fields: [RESIDENT_ID], purpose: \"rotation\"}) { personalData { residentId } } }";
    let token = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    let token = token.trim();
    let server = place.serve();
    process::block_on(async {
        let url = server.url.as_str();
        let household = process::household(url, token, &format!("h{number}")).await;
        let person = process::register(url, token, &household, number).await;
        people.push(person.expect("registered"));
        for (index, id) in people.iter().enumerate() {
            let data = process::data(url, token, REVEAL, json!({"id": id})).await;
            let shown = &data["revealPersonalData"]["personalData"]["residentId"];
            let number = u32::try_from(index + 1).expect("few");
            assert_eq!(*shown, resident_id(number));
        }
    });
    assert_eq!(server.stop(), Some(0));
}

fn rotated_keys_seal_anew_and_open_what_the_old_ones_sealed() {
    let place = installation();
    place.done(&["import", "regions", DEMO_PROVINCE]);
    let sealed_with = |key: u32| {
        let count = format!(
            "SELECT count(*) FROM worker WHERE substr(resident_id_sealed, 1, 5) = x'01{key:08x}'"
        );
        meddle(&place.path("data/exchange.db"), &[&count])
    };
    let mut people = Vec::new();
    register_and_reveal(&place, 1, &mut people);
    // Handed to all servers before any of them seals with it.
    let rotate = |more: &[&str]| {
        let args = [&["keys", "rotate", "data/keys.json"], more].concat();
        let ended = place.run(&args);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended.err
    };
    let said = rotate(&["--prepare"]);
    assert!(
        said.contains("key 2 is added") && said.contains("key 1 seals"),
        "{said}"
    );
    let said = rotate(&["--prepare"]);
    assert!(said.contains("key 2 is there already"), "{said}");
    register_and_reveal(&place, 2, &mut people);
    let said = rotate(&[]);
    assert!(said.contains("key 2 seals"), "{said}");
    register_and_reveal(&place, 3, &mut people);
    assert_eq!((sealed_with(1), sealed_with(2)), (Some(2), Some(1)));
    let said = rotate(&[]);
    assert!(said.contains("key 3 seals"), "{said}");
    let token = place.done(&["token", "--role", "auditor"]);
    place.done(&["keys", "rotate-signing", "data/keys.json"]);
    register_and_reveal(&place, 4, &mut people);
    assert_eq!(
        (sealed_with(1), sealed_with(2), sealed_with(3)),
        (Some(2), Some(1), Some(1))
    );
    only_the_owner_reads(&place);
    let verdict = place.done(&["trail", "verify"]);
    assert!(
        verdict.starts_with("intact: ") && !verdict.contains("0 anchors"),
        "{verdict}"
    );
    let server = place.serve();
    let refused = process::block_on(process::post(
        &server.url,
        token.trim(),
        "{ __typename }",
        json!({}),
    ));
    assert_eq!(
        refused.expect("an answer").status(),
        401,
        "tokens end with the old key"
    );
}

/// One file of keys, which nobody else reads.
fn only_the_owner_reads(place: &Place) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let about = std::fs::metadata(place.path("data/keys.json")).expect("there");
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
    let left: Vec<_> = std::fs::read_dir(place.path("data"))
        .expect("readable")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().starts_with("keys"))
        .collect();
    assert_eq!(left, ["keys.json"]);
}

fn dead_letters_are_listed_run_again_and_deleted() {
    let place = installation();
    let database = place.path("data/exchange.db");
    for args in [
        &["list"][..],
        &["list", "--limit", "0"],
        &["retry", "--all"],
        &["discard", "--all"],
    ] {
        let nothing = place.run(&[&["queue"], args].concat());
        let told = (nothing.code, nothing.out.as_str(), nothing.err.as_str());
        assert_eq!(told, (Some(0), "", "no dead letters\n"), "{args:?}");
    }
    let dead = |id: &str, at: &str| {
        format!(
            "INSERT INTO job (id, kind, payload, state, run_at, attempts, max_attempts, last_error,
             created_at, finished_at) VALUES (x'{id}', 'sweep', '{{}}', 'DEAD',
             '2026-11-23 00:00:00+00:00', 3, 3, 'the disk' || char(10) || 'is full',
             '2026-11-23 00:00:00+00:00', '2026-11-23 0{at}:00:00+00:00')"
        )
    };
    let rows = [
        dead("0192f3a0000070008000000000000001", "1"),
        dead("0192f3a0000070008000000000000002", "2"),
        dead("0192f3a0000070008000000000000003", "3"),
    ];
    meddle(&database, &rows.each_ref().map(String::as_str));
    let list = place.done(&["queue", "list"]);
    let ids: Vec<&str> = list
        .lines()
        .map(|line| line.split('\t').next().expect("an id"))
        .collect();
    let [latest, middle, oldest] = ids[..] else {
        panic!("three lines: {list}");
    };
    let first = list.lines().next().expect("a line");
    let rest = "\tsweep\t3\t2026-11-23T03:00:00+00:00\tthe disk is full";
    assert_eq!(first, format!("{latest}{rest}"));
    let one = place.done(&["queue", "list", "--limit", "1"]);
    assert_eq!(one, format!("{first}\n"));

    let ready = "SELECT count(*) FROM job WHERE state = 'READY' AND attempts = 0";
    place.done(&["queue", "retry", middle]);
    assert_eq!(meddle(&database, &[ready]), Some(1));
    let refused = place.refused(&["queue", "retry", middle]);
    assert!(refused.contains("is no dead letter"), "{refused}");
    place.done(&["queue", "discard", latest]);
    place.refused(&["queue", "discard", latest]);
    assert!(place.done(&["queue", "list"]).starts_with(oldest));
    let none_asked_for = place.run(&["queue", "list", "--limit", "0"]);
    assert_eq!(none_asked_for.err, "", "there is one");
    place.done(&["queue", "retry", "--all"]);
    assert_eq!(place.done(&["queue", "list"]), "");
    assert_eq!(meddle(&database, &[ready]), Some(2));
    for usage in [&["retry"][..], &["retry", "x"], &["retry", latest, "--all"]] {
        assert_eq!(place.run(&[&["queue"], usage].concat()).code, Some(2));
    }
}

fn divisions_are_loaded_with_a_report() {
    let place = installation();
    let table = "code,level,parent,name_zh\n590000000000,PROVINCE,,云川省\n59,COUNTY,,名\n";
    std::fs::write(place.path("table.csv"), table).expect("written");
    let load = ["import", "regions", "table.csv", "--report", "report.csv"];
    let dry = place.done(&[&load[..], &["--dry-run"]].concat());
    let counts = "created 1, updated 0, unchanged 0, refused 1";
    assert_eq!(dry, format!("{counts}; nothing was written\n"));
    let regions = || {
        meddle(
            &place.path("data/exchange.db"),
            &["SELECT count(*) FROM region"],
        )
    };
    assert_eq!(regions(), Some(0));

    assert_eq!(place.done(&load), format!("{counts}\n"));
    assert_eq!(regions(), Some(1));
    let report = std::fs::read_to_string(place.path("report.csv")).expect("written");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines[0], "row,verdict,column,reason,value,hint");
    assert_eq!(lines[1], "2,CREATED,,,590000000000,");
    assert!(
        lines[2].starts_with("3,REFUSED,code,BAD_CODE,,"),
        "{}",
        lines[2]
    );
    assert_eq!(lines.len(), 3);

    let again = place.done(&load);
    assert_eq!(again, "created 0, updated 0, unchanged 1, refused 1\n");
    place.done(&["trail", "verify"]);
    let second = "code,level,parent,name_zh\n440000000000,PROVINCE,,粤\n\
                  440100000000,PREFECTURE,440000000000,广州市\n";
    std::fs::write(place.path("second.csv"), second).expect("written");
    let load_second = ["import", "regions", "second.csv", "--report", "report.csv"];
    let refused = place.refused(&load_second);
    assert!(
        refused.contains("one province") && refused.contains("59"),
        "{refused}"
    );
    assert_eq!(regions(), Some(1), "nothing of it went in");
    let report = std::fs::read_to_string(place.path("report.csv")).expect("written");
    assert_eq!(report.matches("OTHER_PROVINCE").count(), 2, "{report}");
    let mixed = format!("{table}440000000000,PROVINCE,,粤\n");
    std::fs::write(place.path("mixed.csv"), mixed).expect("written");
    let told = place.done(&["import", "regions", "mixed.csv"]);
    assert!(
        told.contains("1 of the refused are of another province"),
        "{told}"
    );
    let unreadable = place.refused(&["import", "regions", "none.csv"]);
    assert!(unreadable.contains("none.csv"), "{unreadable}");
    std::fs::write(place.path("other.csv"), "a,b\n1,2\n").expect("written");
    let other = place.refused(&["import", "regions", "other.csv"]);
    assert!(other.contains("no column code"), "{other}");
}

fn a_province_is_made_once() {
    let place = installation();
    let people = || {
        meddle(
            &place.path("data/exchange.db"),
            &["SELECT count(*) FROM worker"],
        )
    };
    let made = place.run(&["generate", "--workers", "600", "--seed", "7"]);
    assert_eq!(
        (made.code, made.err.as_str()),
        (Some(0), "Made 600 people.\n")
    );
    assert_eq!(people(), Some(600));
    let again = place.run(&["generate", "--workers", "900"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert!(again.err.contains("nothing was made"), "{}", again.err);
    assert_eq!(people(), Some(600));
    place.done(&["trail", "verify"]);
    let nobody = installation().refused(&["generate", "--workers", "0"]);
    assert!(nobody.contains("1 to 5,000,000"), "{nobody}");
}

fn made_up_people_come_into_no_registry_of_others() {
    let counts = |place: &Place| {
        ["region", "worker", "employer"].map(|table| {
            let count = format!("SELECT count(*) FROM {table}");
            meddle(&place.path("data/exchange.db"), &[&count])
        })
    };
    let real = installation();
    let table = "code,level,parent,name_zh\n440000000000,PROVINCE,,粤\n";
    std::fs::write(real.path("table.csv"), table).expect("written");
    real.done(&["import", "regions", "table.csv"]);
    let before = counts(&real);
    let refused = real.refused(&["generate", "--workers", "40"]);
    for told in ["province 440000000000", "an empty database of its own"] {
        assert!(refused.contains(told), "{refused}");
    }
    assert_eq!(counts(&real), before, "nothing was made");

    let fixture = |name: &str| format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let divisions = std::fs::read_to_string(fixture("src/capability/region/demo-province.csv"));
    let divisions = divisions.expect("readable");
    // Without its last line, the table is one that is still to be loaded.
    for most in [divisions.lines().count() - 1, usize::MAX] {
        let lived = installation();
        let table: Vec<&str> = divisions.lines().take(most).collect();
        std::fs::write(lived.path("table.csv"), table.join("\n")).expect("written");
        lived.done(&["import", "regions", "table.csv"]);
        let ledger = fixture("tests/fixtures/ledger-origin-b.csv");
        lived.done(&["import", "workers", &ledger, "--as-region", ORIGIN]);
        let before = counts(&lived);
        let refused = lived.refused(&["generate", "--workers", "40"]);
        for told in ["who were not made up", "an empty database of its own"] {
            assert!(refused.contains(told), "{refused}");
        }
        assert_eq!(counts(&lived), before, "nothing was made");
    }
}
