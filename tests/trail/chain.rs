//! The place of an entry in the chain, and reading along it.

use chrono::{DateTime, Utc};
use employment_exchange::platform::authn::Role;
use employment_exchange::platform::journal::sequencer;
use entity::journal_entry;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::NotSet, ActiveValue::Set, Database, DatabaseConnection,
    TransactionTrait as _,
};
use serde_json::{Value, json};

use super::{LOG, TRAIL};
use crate::support::app::{NOW, TestApp};
use crate::support::{journal, people};

async fn trail(app: &TestApp, variables: Value) -> Value {
    let mut data = app.data(&app.plain(Role::Auditor), TRAIL, variables).await;
    data["trail"].take()
}

fn nodes(page: &Value) -> &[Value] {
    page["nodes"].as_array().expect("a list")
}

fn places(page: &Value) -> Vec<Option<i64>> {
    let nodes = nodes(page).iter();
    nodes.map(|node| node["position"].as_i64()).collect()
}

/// An entry without its place, which it may get between two looks.
fn entry(node: &Value) -> Value {
    let mut node = node.clone();
    node["position"] = Value::Null;
    node
}

pub(super) async fn an_entry_is_shown_with_its_place_in_the_chain(app: TestApp) {
    let id = people::person(&app, 1).await;
    let before = trail(&app, json!({"first": 3})).await;
    let before = places(&before);
    assert_eq!(before[..2], [None; 2], "household and person wait");
    assert!(before[2].is_some(), "the divisions do not");
    app.sequence().await;
    let links = sequencer::standing(&app.db).await.expect("stands").links;
    let placed = trail(&app, json!({"first": 6})).await;
    let expected: Vec<_> = (0..6).map(|below| Some(links - below)).collect();
    assert_eq!(places(&placed), expected);
    let filter = json!({"recordId": id, "action": "worker.register"});
    let registered = trail(&app, json!({"filter": filter})).await;
    let place = nodes(&registered)[0]["position"].clone();
    let log = app
        .data(&app.plain(Role::Auditor), LOG, json!({"id": id}))
        .await;
    let log = nodes(&log["accessLog"]);
    assert_eq!(log.last().expect("an entry")["position"], place);
    let next = place.as_i64().expect("a place") + 1;
    let one = json!({"positionFrom": place, "positionUntil": next});
    let found = trail(&app, json!({"filter": one})).await;
    assert_eq!(nodes(&found), nodes(&registered));
    let since = json!({"positionFrom": next, "action": "worker.register"});
    let found = trail(&app, json!({"filter": since})).await;
    assert!(nodes(&found).is_empty(), "{found}");
    for wrong in [json!(0), json!("1"), json!(1.5)] {
        let filter = json!({"filter": {"positionFrom": wrong}});
        let code = app.code(&app.plain(Role::Auditor), TRAIL, filter).await;
        assert_eq!(code, "BAD_USER_INPUT");
    }
}

pub(super) async fn pages_join_while_entries_find_their_places(app: TestApp) {
    for number in 1..=3 {
        people::person(&app, number).await;
    }
    for (round, filter) in (1..).zip([json!({}), json!({"outcome": "DONE"})]) {
        let whole = trail(&app, json!({"filter": filter, "first": 30})).await;
        let whole: Vec<_> = nodes(&whole).iter().map(entry).collect();
        let (mut joined, mut after, mut placed) = (Vec::new(), json!(null), 0);
        while joined.len() < whole.len() {
            let page = json!({"filter": filter, "first": 2, "after": after});
            let page = trail(&app, page).await;
            placed += places(&page).iter().flatten().count();
            joined.extend(nodes(&page).iter().map(entry));
            after = page["pageInfo"]["endCursor"].clone();
            // A page that ends among those that wait goes on among those that do not any more.
            if joined.len() == 4 {
                app.sequence().await;
            }
        }
        // What was looked at for the whole is an entry, too; of the outcome it is none.
        let own = usize::from(filter == json!({}));
        assert_eq!(joined[own..], whole[..joined.len() - own], "{filter}");
        assert!(placed > 0);
        for number in [2 * round, 2 * round + 1] {
            people::person(&app, 10 + number).await;
        }
    }
}

/// An entry of a transaction that somebody else has begun.
fn late() -> journal_entry::ActiveModel {
    let now: DateTime<Utc> = NOW.parse().expect("a valid instant");
    journal_entry::ActiveModel {
        id: NotSet,
        commit_id: Set(uuid::Uuid::from_u128(7)),
        at: Set(now),
        issuer: Set("test".to_owned()),
        subject: Set("late".to_owned()),
        role: Set("OFFICER".to_owned()),
        action: Set("worker.read".to_owned()),
        record_kind: Set(None),
        record_id: Set(None),
        record_version: Set(None),
        changes: Set(None),
        purpose: Set(None),
        outcome: Set("LISTED".to_owned()),
        repeats: Set(1),
        request_id: Set("late".to_owned()),
    }
}

/// Of two transactions the one that took the earlier numbers commits last: SQLite has one writer.
pub(super) async fn what_commits_late_is_above_what_was_seen(app: TestApp) {
    let database: DatabaseConnection = Database::connect(&app.database_url).await.expect("opens");
    let slow = database.begin().await.expect("begins");
    let late = late().insert(&slow).await.expect("inserted");
    people::person(&app, 1).await;
    let registered = journal::of_action(&app, "worker.register").await;
    assert!(registered.iter().all(|entry| entry.id > late.id));
    app.sequence().await;
    let seen = trail(&app, json!({"first": 100})).await;
    let highest = places(&seen).into_iter().flatten().max();
    let highest = highest.expect("a place");
    slow.commit().await.expect("commits");
    let is_late = |node: &&Value| node["subject"] == "late";
    let count = |page: &Value| nodes(page).iter().filter(is_late).count();
    assert_eq!(count(&seen), 0);
    for placed in [false, true] {
        if placed {
            app.sequence().await;
        }
        let whole = trail(&app, json!({"first": 100})).await;
        let new = |place: &Option<i64>| place.is_none_or(|place| place > highest);
        let above = places(&whole).iter().take_while(|place| new(place)).count();
        let above = nodes(&whole)[..above].iter().filter(is_late).count();
        assert_eq!(above, 1, "placed: {placed}");
        let since = json!({"filter": {"positionFrom": highest + 1}, "first": 100});
        let since = trail(&app, since).await;
        assert_eq!(count(&since), 1);
        assert!(places(&since).iter().all(new));
    }
    database.close().await.expect("closes");
}
