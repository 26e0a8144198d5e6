//! `exchange trail verify` on a trail that somebody altered behind the exchange's back.

use libtest_mimic::Trial;

use super::process::{self, Place, block_on, meddle};

pub fn trials() -> Vec<Trial> {
    crate::plain![
        an_altered_entry_is_named_by_its_position,
        marks_without_an_entry_are_told_by_both_commands,
        a_forged_anchor_is_named,
    ]
}

fn an_altered_entry_is_named_by_its_position() {
    let place = Place::new();
    let demo = place.demo(&["--workers", "20"]);
    block_on(async {
        let household = process::household(&demo.url, demo.origin(), "trail").await;
        process::register(&demo.url, demo.origin(), &household, 900).await
    });
    assert_eq!(demo.stop(), Some(0));
    let intact = place.done(&["trail", "verify"]);
    assert!(intact.starts_with("intact: "), "{intact}");

    let file = place.path("data/exchange.db");
    meddle(
        &file,
        &[
            "DROP TRIGGER journal_entry_refuses_update",
            "UPDATE journal_entry SET subject = 'somebody else' WHERE id =
               (SELECT entry_id FROM journal_link WHERE position = 3)",
        ],
    );
    let broken = place.run(&["trail", "verify"]);
    assert_eq!(broken.code, Some(1), "{}", broken.err);
    assert_eq!(
        broken.out,
        "broken at position 3: the entry does not match its hash\n"
    );
}

/// An installation on which nothing has happened.
fn installation() -> Place {
    let place = Place::new();
    place.done(&["keys", "new", "data/keys.json"]);
    place.done(&["migrate"]);
    place
}

fn marks_without_an_entry_are_told_by_both_commands() {
    let place = installation();
    let mark = "INSERT INTO journal_pending (entry_id) VALUES (-1)";
    meddle(&place.path("data/exchange.db"), &[mark]);
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    let line =
        "FAIL  journal        0 links, 1 entries waiting for theirs, and 1 of them do not exist";
    assert!(doctor.out.contains(line), "{}", doctor.out);
    let broken = place.run(&["trail", "verify"]);
    assert_eq!(broken.code, Some(1), "{}", broken.err);
    assert_eq!(
        broken.out,
        "broken at position 0: entries that wait for their place are missing\n"
    );
}

fn a_forged_anchor_is_named() {
    let place = installation();
    let folder = place.path("data/anchors");
    std::fs::create_dir_all(&folder).expect("made");
    for (name, text) in [
        ("2026-11-21.jws", &b"e30.e30.e30"[..]),
        ("2026-11-22.jws", b"\xff"),
    ] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    let broken = place.run(&["trail", "verify"]);
    assert_eq!(broken.code, Some(1), "{}", broken.err);
    assert_eq!(
        broken.out,
        "broken: data/anchors/2026-11-21.jws is not signed by this exchange\n\
         broken: data/anchors/2026-11-22.jws is not signed by this exchange\n"
    );
}
