//! What migrations make of rows that were there before.

use entity::{correction, labour_fact, worker};
use sea_orm_migration::sea_orm::ActiveValue::Set;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{
    ActiveModelTrait as _, DatabaseConnection, EntityTrait as _, QueryOrder as _,
};

use super::{down_past, migrate, refused_with, rows};

const CITY: i64 = 590_600_000_000;

#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at whole tables of its own database"
)]
pub(crate) async fn the_county_of_work_is_completed(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    // In a city without counties, in a county, and outside the province.
    let (prefecture, county) = (Some(590_100_000_000), Some(590_101_000_000));
    let places = [
        (1, Some(CITY), None, Some(CITY)),
        (2, prefecture, county, county),
        (3, None, None, None),
    ];
    for (id, prefecture, county, _) in places {
        let mut row = rows::worker(id, None);
        row.work_prefecture = Set(prefecture);
        row.work_county = Set(county);
        row.insert(&db).await.expect("a worker");
    }
    down_past(&db, "m20261123_000026_work_county").await;
    migrate(&db).await;
    let people = worker::Entity::find().order_by_asc(worker::Column::Id);
    let people = people.all(&db).await.expect("readable");
    let counties: Vec<_> = people.iter().map(|person| person.work_county).collect();
    assert_eq!(counties, places.map(|(_, _, _, expected)| expected));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at whole tables of its own database"
)]
pub(crate) async fn deaths_tell_who_reported_them_and_names_are_corrected(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    for (id, subject, action) in [
        (1, "civil-affairs", "worker.report_death"),
        (2, "officer", "worker.record_death"),
    ] {
        let row = rows::worker(id, None);
        row.insert(&db).await.expect("a worker");
        rows::death(id, subject).insert(&db).await.expect("a death");
        let mut entry = rows::entry();
        entry.subject = Set(subject.to_owned());
        entry.action = Set(action.to_owned());
        entry.record_kind = Set(Some("Worker".to_owned()));
        entry.record_id = Set(Some(Uuid::from_u128(id)));
        entry.record_version = Set(Some(2));
        entry.insert(&db).await.expect("an entry");
    }
    rows::correction().insert(&db).await.expect("a correction");
    down_past(&db, "m20261123_000027_corrections").await;
    migrate(&db).await;
    let deaths = labour_fact::Entity::find().order_by_asc(labour_fact::Column::Id);
    let deaths = deaths.all(&db).await.expect("readable");
    let roles = deaths.iter().map(|fact| fact.reported_by_role.as_deref());
    assert_eq!(roles.collect::<Vec<_>>(), [Some("AGENCY"), None]);
    let kept = correction::Entity::find().one(&db).await.expect("readable");
    assert_eq!(kept.expect("the correction").kind, "RESIDENT_ID");
    let of_kind = |id, kind: &str| {
        let mut row = rows::correction();
        row.id = Set(Uuid::from_u128(id));
        row.kind = Set(kind.to_owned());
        row.state = Set("PROPOSED".to_owned());
        row
    };
    of_kind(2, "NAME").insert(&db).await.expect("one of a name");
    refused_with(of_kind(3, "NAME").insert(&db).await, "correction");
    refused_with(of_kind(4, "PHONE").insert(&db).await, "constraint");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at whole tables of its own database"
)]
pub(crate) async fn a_correction_of_a_name_has_nothing_sealed(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    let person = rows::worker(1, None);
    person.insert(&db).await.expect("a worker");
    rows::correction().insert(&db).await.expect("of an id");
    let mut named = rows::correction();
    named.id = Set(Uuid::from_u128(2));
    named.kind = Set("NAME".to_owned());
    named.sealed = Set(None);
    named.insert(&db).await.expect("of a name");
    let sealed = async || {
        let all = correction::Entity::find().order_by_asc(correction::Column::Id);
        let all = all.all(&db).await.expect("readable");
        all.into_iter().map(|one| one.sealed).collect::<Vec<_>>()
    };
    // The older table has an empty value there, as the older program wrote it.
    down_past(&db, "m20261123_000032_names_unsealed").await;
    assert_eq!(sealed().await, [Some(vec![0]), Some(Vec::new())]);
    migrate(&db).await;
    assert_eq!(sealed().await, [Some(vec![0]), None]);
}
