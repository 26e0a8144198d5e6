//! A key file that is not the one of the database: nobody would be found with it, and everybody
//! registered a second time.

use std::fs;

use libtest_mimic::Trial;

use super::kill::installation;
use super::process::{self, Place};
use crate::support::app::TestApp;
use crate::support::people::ORIGIN;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![another_key_file_is_refused_wherever_people_are];
    trials.extend(crate::plain![a_demo_takes_no_other_keys_either]);
    trials
}

const FILE: &str = "data/keys.json";
const LEDGER: &str = "户编号,姓名,身份证号码,户籍地行政区划代码,人口类别\n";

/// What everything that opens keys and database says.
fn all_refuse(place: &Place, why: &str) {
    for args in [
        &["serve"][..],
        &["import", "regions", "regions.csv"],
        &["import", "workers", "ledger.csv", "--as-region", ORIGIN],
        &["generate", "--workers", "5"],
        &["keys", "reseal"],
        &["queue", "list"],
        &["trail", "verify"],
    ] {
        let told = place.refused(args);
        assert!(told.contains(why), "{args:?}: {told}");
        assert!(told.contains(FILE), "{args:?}: {told}");
    }
    let doctor = place.run(&["doctor"]);
    let line = doctor.out.lines().find(|line| line.contains(" sealing "));
    let line = line.expect("a line of its own");
    assert!(line.starts_with("FAIL ") && line.contains(why), "{line}");
    assert_eq!(doctor.code, Some(1), "{}", doctor.out);
}

async fn another_key_file_is_refused_wherever_people_are(app: TestApp) {
    let (place, _) = installation(app).await;
    fs::write(place.path("ledger.csv"), LEDGER).expect("written");
    fs::write(
        place.path("regions.csv"),
        "code,level,parent,name_zh,name_en\n",
    )
    .expect("written");
    let (kept, file) = (place.path("kept.json"), place.path(FILE));
    // Nothing is sealed yet, so that any keys will do.
    fs::remove_file(&file).expect("removed");
    place.done(&["keys", "new", FILE]);
    place.done(&["queue", "list"]);
    let token = place.done(&["token", "--role", "officer", "--region", ORIGIN]);
    let server = place.serve();
    let household = process::household(&server.url, token.trim(), "h1").await;
    let first = process::register(&server.url, token.trim(), &household, 1).await;
    assert!(first.is_some(), "registered");
    assert_eq!(server.stop(), Some(0));

    fs::rename(&file, &kept).expect("moved");
    place.done(&["keys", "new", FILE]);
    all_refuse(&place, "put the right key file back");

    // The right keys for what is sealed do not help with another index key.
    let read = |path| -> serde_json::Value {
        serde_json::from_slice(&fs::read(path).expect("read")).expect("JSON")
    };
    let (mut mixed, other) = (read(&kept), read(&file));
    mixed["index"] = other["index"].clone();
    fs::write(&file, mixed.to_string()).expect("written");
    all_refuse(&place, "put the right key file back");

    fs::rename(&kept, &file).expect("moved back");
    assert_eq!(place.serve().stop(), Some(0));
    place.done(&["queue", "list"]);

    // Whoever has lost the file is not led to another one.
    fs::remove_file(&file).expect("removed");
    let missing = place.refused(&["queue", "list"]);
    for advice in [
        "put its key file back",
        "only for a new database",
        "exchange keys new",
    ] {
        assert!(missing.contains(advice), "{missing}");
    }
}

fn a_demo_takes_no_other_keys_either() {
    let place = Place::new();
    let args = ["--data", "demo", "--workers", "20"];
    assert_eq!(place.demo(&args).stop(), Some(0));
    let args = ["--data", "other", "--workers", "20"];
    assert_eq!(place.demo(&args).stop(), Some(0));
    fs::copy(place.path("other/keys.json"), place.path("demo/keys.json")).expect("copied");
    let told = place.refused(&["demo", "--data", "demo", "--listen", "127.0.0.1:0"]);
    for part in ["demo/keys.json", "put the right key file back"] {
        assert!(told.contains(part), "{told}");
    }
}
