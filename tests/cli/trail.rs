//! `exchange trail verify` on a trail that somebody altered behind the exchange's back.

use libtest_mimic::Trial;

use super::process::{self, Place, block_on, meddle};

pub fn trials() -> Vec<Trial> {
    crate::plain![an_altered_entry_is_named_by_its_position]
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
