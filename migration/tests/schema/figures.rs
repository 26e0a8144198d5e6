//! The registry's figures: triggers write down every change of people, and nothing else.

use std::collections::BTreeMap;

use entity::{registry_figure, registry_figure_change, worker};
use sea_orm_migration::sea_orm::ActiveValue::Set;
use sea_orm_migration::sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, EntityTrait,
};

use crate::{down_past, migrate, rows};

const MIGRATION: &str = "m20261123_000023_registry_figures";

/// People by all that is counted, as text; zeros are left out.
type Counts = BTreeMap<String, i64>;

/// Cells with the changes that are not in them, and how many changes there are.
#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at the bare database"
)]
async fn told(db: &DatabaseConnection) -> (Counts, usize) {
    let mut counts = Counts::new();
    let cells = registry_figure::Entity::find().all(db).await;
    for cell in cells.expect("readable") {
        let registry_figure::Model { people, .. } = cell;
        let kind = registry_figure::Model { people: 0, ..cell };
        *counts.entry(format!("{kind:?}")).or_default() += people;
    }
    let changes = registry_figure_change::Entity::find().all(db).await;
    let changes = changes.expect("readable");
    let number = changes.len();
    for change in changes {
        let kind = registry_figure::Model {
            origin_county: change.origin_county,
            origin_prefecture: change.origin_prefecture,
            work_county: change.work_county,
            work_prefecture: change.work_prefecture,
            work_status: change.work_status,
            work_split: change.work_split,
            able: change.able,
            willing: change.willing,
            categories: change.categories,
            people: 0,
        };
        *counts.entry(format!("{kind:?}")).or_default() += change.people;
    }
    counts.retain(|_, people| *people != 0);
    (counts, number)
}

/// The same, from the people themselves.
#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at the bare database"
)]
async fn counted(db: &DatabaseConnection) -> Counts {
    let sign = |said: Option<bool>| said.map_or(-1, i32::from);
    let mut counts = Counts::new();
    let people = worker::Entity::find().all(db).await;
    for person in people.expect("readable") {
        let kind = registry_figure::Model {
            origin_county: person.origin_county,
            origin_prefecture: person.origin_prefecture,
            work_county: person.work_county.unwrap_or(0),
            work_prefecture: person.work_prefecture.unwrap_or(0),
            work_status: person.work_status,
            work_split: person.work_split.unwrap_or_default(),
            able: sign(person.able),
            willing: sign(person.willing),
            categories: person.categories,
            people: 0,
        };
        *counts.entry(format!("{kind:?}")).or_default() += 1;
    }
    counts
}

/// What is done to people, and how many changes come of it at most.
const EVENTS: [(&str, usize); 13] = [
    ("UPDATE worker SET name = 'x', version = version + 1", 0),
    ("UPDATE worker SET categories = categories", 0),
    ("UPDATE worker SET origin_county = 590102000000", 8),
    ("UPDATE worker SET origin_prefecture = 590200000000", 8),
    ("UPDATE worker SET work_county = 590103000000", 8),
    ("UPDATE worker SET work_prefecture = 590100000000", 8),
    ("UPDATE worker SET work_status = 'WORKING'", 8),
    ("UPDATE worker SET work_split = 'OTHER_COUNTY'", 8),
    ("UPDATE worker SET able = TRUE", 8),
    ("UPDATE worker SET willing = FALSE, able = NULL", 8),
    ("UPDATE worker SET categories = 17 WHERE name <> 'y'", 8),
    ("UPDATE worker SET work_county = NULL, willing = NULL", 8),
    ("DELETE FROM worker WHERE birth_year < 1970", 4),
];

#[expect(
    clippy::disallowed_methods,
    reason = "the test does what mass updates of the exchange do"
)]
pub(crate) async fn figures_follow_every_change_of_people(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    let person = |id: u128| worker::ActiveModel {
        birth_year: Set(1968 + i32::try_from(id).expect("a few")),
        ..rows::worker(id, None)
    };
    let many = worker::Entity::insert_many((1..5).map(person));
    many.exec(&db).await.expect("four people at once");
    assert_eq!(told(&db).await.0, counted(&db).await);
    for (event, most) in EVENTS {
        let before = told(&db).await;
        db.execute_unprepared(event).await.expect("done");
        let after = told(&db).await;
        assert_eq!(after.0, counted(&db).await, "{event}");
        let written = after.1 - before.1;
        assert!(written <= most, "{event}: {written} changes");
        assert_eq!(written == 0, before.0 == after.0, "{event}");
    }
    assert_eq!(counted(&db).await.values().sum::<i64>(), 3);
    // Whoever is there when the tables are made is counted into cells.
    let before = told(&db).await.0;
    down_past(&db, MIGRATION).await;
    db.execute_unprepared("UPDATE worker SET able = FALSE WHERE birth_year = 1971")
        .await
        .expect("nobody counts meanwhile");
    migrate(&db).await;
    let (after, changes) = told(&db).await;
    assert_eq!((&after, changes), (&counted(&db).await, 0));
    assert_ne!(before, after);
}
