//! The schema on both engines: it goes up and down, it fits the entities, and the database itself
//! refuses what must never be written.

mod engines;
mod figures;
mod filled;
mod matching;
mod plans;
mod rows;

use entity::{
    employer_status, employment, household, journal_anchor, journal_entry, journal_head,
    journal_link,
};
use entity::{journal_pending, worker};
use libtest_mimic::Arguments;
use migration::Migrator;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration::sea_orm::ActiveValue::Set;
use sea_orm_migration::sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait,
    QueryOrder, TransactionTrait,
};

use crate::engines::on_both;
use crate::figures::figures_follow_every_change_of_people;
use crate::filled::{
    a_correction_of_a_name_has_nothing_sealed,
    deaths_tell_who_reported_them_and_names_are_corrected, the_county_of_work_is_completed,
};

macro_rules! trials {
    ($($test:ident),+ $(,)?) => {
        [$(on_both(stringify!($test), |db| Box::pin($test(db)))),+]
            .into_iter()
            .flatten()
            .collect()
    };
}

fn main() {
    let trials = trials![
        goes_up_down_and_up_again,
        entities_match_their_tables,
        journal_refuses_change_and_deletion,
        facts_of_an_employer_refuse_change_and_deletion,
        what_was_done_about_a_finding_refuses_change_and_deletion,
        what_a_correction_set_aside_refuses_change_and_deletion,
        what_was_written_of_an_employer_is_found_again,
        deaths_tell_who_reported_them_and_names_are_corrected,
        the_county_of_work_is_completed,
        a_correction_of_a_name_has_nothing_sealed,
        committed_entries_become_pending,
        chain_begins_empty_and_has_one_head,
        enumerations_refuse_other_values,
        what_is_referred_to_stays,
        partial_unique_index_counts_live_rows_only,
        a_version_of_an_employer_states_a_standing_once,
        what_is_in_a_division_is_found_along_an_index,
        a_page_of_an_employers_staff_is_read_along_an_index,
        figures_follow_every_change_of_people,
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

async fn migrate(db: &DatabaseConnection) {
    Migrator::up(db, None).await.expect("the schema goes up");
}

fn refused_with<T: std::fmt::Debug>(result: Result<T, DbErr>, words: &str) {
    let error = result.expect_err("the database refuses it").to_string();
    assert!(error.contains(words), "{words:?} is not in {error:?}");
}

async fn goes_up_down_and_up_again(db: DatabaseConnection) {
    migrate(&db).await;
    let built = matching::tables(&db).await;
    assert!(built.contains("journal_entry"));
    Migrator::down(&db, None)
        .await
        .expect("the schema goes down");
    assert!(matching::tables(&db).await.is_empty());
    migrate(&db).await;
    assert_eq!(matching::tables(&db).await, built);
}

async fn what_is_in_a_division_is_found_along_an_index(db: DatabaseConnection) {
    migrate(&db).await;
    for (table, column, more) in [
        ("household", "village_code", "dissolved_on IS NULL"),
        ("worker", "stay_region", "TRUE"),
        (
            "employment",
            "workplace_code",
            "ended_on IS NULL AND state <> 'VOIDED'",
        ),
    ] {
        let rows = format!("{table} WHERE {column} BETWEEN 590222101000 AND 590222101999");
        let plan = plans::of(&db, &format!("SELECT id FROM {rows} AND {more}")).await;
        let name = format!("idx_{table}_{column}");
        assert!(plan.contains(&name), "{name} is not in {plan}");
    }
}

async fn a_page_of_an_employers_staff_is_read_along_an_index(db: DatabaseConnection) {
    migrate(&db).await;
    let nil = "'00000000-0000-0000-0000-000000000000'";
    for column in ["employer_id", "host_employer_id"] {
        let page = format!(
            "SELECT id FROM employment WHERE {column} = {nil} AND ended_on IS NULL
               AND state = 'CONFIRMED' AND (started_on, id) < ('2026-01-01', {nil})
               ORDER BY started_on DESC, id DESC LIMIT 21"
        );
        let plan = plans::of(&db, &page).await;
        let name = format!("idx_employment_{column}_started_on_id");
        assert!(plan.contains(&name), "{name} is not in {plan}");
        assert!(!plan.contains("Sort") && !plan.contains("B-TREE"), "{plan}");
    }
}

async fn entities_match_their_tables(db: DatabaseConnection) {
    migrate(&db).await;
    let covered = matching::every_entity(&db).await;
    assert_eq!(covered, matching::tables(&db).await);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn journal_refuses_change_and_deletion(db: DatabaseConnection) {
    migrate(&db).await;
    let entry = rows::entry().insert(&db).await.expect("an entry");
    let link = journal_link::ActiveModel {
        position: Set(1),
        entry_id: Set(entry.id),
        hash: Set(vec![1; 32]),
    };
    link.insert(&db).await.expect("a link");
    let anchor = journal_anchor::ActiveModel {
        day: Set(rows::day()),
        position: Set(1),
        hash: Set(vec![1; 32]),
        statement: Set("a.b.c".to_owned()),
    };
    anchor.insert(&db).await.expect("an anchor");

    let mut attempts = vec![
        "UPDATE journal_entry SET subject = 'x'".to_owned(),
        "UPDATE journal_link SET position = 2".to_owned(),
        "UPDATE journal_anchor SET statement = 'x'".to_owned(),
    ];
    for table in ["journal_entry", "journal_link", "journal_anchor"] {
        attempts.push(format!("DELETE FROM {table}"));
        if db.get_database_backend() == DbBackend::Postgres {
            attempts.push(format!("TRUNCATE {table}"));
        }
    }
    for attempt in attempts {
        refused_with(db.execute_unprepared(&attempt).await, "is append-only");
    }
    let kept = journal_entry::Entity::find().one(&db).await;
    assert_eq!(kept.expect("a readable entry"), Some(entry));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn facts_of_an_employer_refuse_change_and_deletion(db: DatabaseConnection) {
    migrate(&db).await;
    rows::employer().insert(&db).await.expect("an employer");
    let standing = rows::standing(1, 1).insert(&db).await;
    standing.expect("a standing");
    for version in [1, 2] {
        let stated = rows::accreditation(version).insert(&db).await;
        stated.expect("each statement is a row");
    }
    let tables = ["employer_status", "employer_accreditation"];
    refuses_changes(&db, &tables, "recorded_at = recorded_at").await;
    // On the way back only the last statement stays, and it can be changed again.
    down_past(&db, "m20261123_000015_employer_history").await;
    let left = db.execute_unprepared("UPDATE employer_accreditation SET reference = 'x'");
    assert_eq!(left.await.expect("changed").rows_affected(), 1);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn what_was_done_about_a_finding_refuses_change_and_deletion(db: DatabaseConnection) {
    migrate(&db).await;
    rows::finding().insert(&db).await.expect("a finding");
    rows::finding_step().insert(&db).await.expect("a step");
    refuses_changes(&db, &["finding_step"], "body = 'x'").await;
    down_past(&db, "m20261123_000016_finding_steps").await;
    let changed = db.execute_unprepared("UPDATE finding_step SET body = 'x'");
    assert_eq!(changed.await.expect("changed").rows_affected(), 1);
}

async fn what_a_correction_set_aside_refuses_change_and_deletion(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    rows::worker(1, None).insert(&db).await.expect("a worker");
    rows::submission().insert(&db).await.expect("a delivery");
    rows::correction().insert(&db).await.expect("a correction");
    rows::set_aside_month().insert(&db).await.expect("a month");
    let statement = rows::set_aside_statement().insert(&db).await;
    statement.expect("a statement");
    let tables = ["set_aside_contribution", "set_aside_insurance_fact"];
    refuses_changes(&db, &tables, "recorded_at = recorded_at").await;
}

/// Jobs from before their employers were kept as written.
#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn what_was_written_of_an_employer_is_found_again(db: DatabaseConnection) {
    migrate(&db).await;
    rows::household().insert(&db).await.expect("a household");
    rows::worker(1, None).insert(&db).await.expect("a worker");
    let firm = rows::employer().insert(&db).await.expect("an employer");
    let known = Some(firm.id);
    let code = || Some(firm.credit_code.clone());
    let name = || Some("厂".to_owned());
    let other = || Some("92590102MA5P0A2E32".to_owned());
    // What the row says of its employer, whether an officer resolved it, and what was written then.
    let jobs = [
        (1, (None, None, None), false, (None, None)),
        (2, (None, name(), other()), false, (name(), other())),
        (3, (known, None, None), false, (None, code())),
        (4, (known, name(), None), false, (name(), code())),
        (5, (known, name(), None), true, (name(), None)),
        (6, (known, None, None), true, (None, None)),
    ];
    for (id, (employer, name, code), by_officer, _) in &jobs {
        let mut row = rows::employment(*id);
        row.employer_id = Set(*employer);
        row.employer_name = Set(name.clone());
        row.employer_code = Set(code.clone());
        let row = row.insert(&db).await.expect("a job");
        let mut entry = rows::entry();
        entry.record_kind = Set(Some("Employment".to_owned()));
        entry.record_id = Set(Some(row.id));
        entry.action = Set("employment.resolve_employer".to_owned());
        // A refused resolution has an entry too, without a version.
        entry.record_version = Set(by_officer.then_some(2));
        entry.insert(&db).await.expect("an entry");
    }
    down_past(&db, "m20261123_000019_employer_as_written").await;
    migrate(&db).await;
    let found = employment::Entity::find()
        .order_by_asc(employment::Column::Id)
        .all(&db)
        .await
        .expect("readable jobs");
    let found = found
        .into_iter()
        .map(|job| (job.written_employer_name, job.written_employer_code));
    let expected = jobs.into_iter().map(|(_, _, _, written)| written);
    assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// Takes back a migration and all later ones.
async fn down_past(db: &DatabaseConnection, migration: &str) {
    let all = Migrator::migrations();
    let place = all.iter().position(|one| one.name() == migration);
    let steps = all.len() - place.expect("there is such a migration");
    let steps = u32::try_from(steps).expect("a few");
    Migrator::down(db, Some(steps))
        .await
        .expect("the schema goes down");
}

/// Every change and deletion of rows of `tables` is refused.
#[expect(
    clippy::disallowed_methods,
    reason = "the test tries what no code of the exchange may"
)]
async fn refuses_changes(db: &DatabaseConnection, tables: &[&str], change: &str) {
    for table in tables {
        let mut attempts = vec![
            format!("UPDATE {table} SET {change}"),
            format!("DELETE FROM {table}"),
        ];
        if db.get_database_backend() == DbBackend::Postgres {
            attempts.push(format!("TRUNCATE {table}"));
        }
        for attempt in attempts {
            refused_with(db.execute_unprepared(&attempt).await, "is append-only");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn committed_entries_become_pending(db: DatabaseConnection) {
    migrate(&db).await;
    let lost = db.begin().await.expect("a transaction");
    rows::entry().insert(&lost).await.expect("an entry");
    lost.rollback().await.expect("a rollback");

    journal_entry::Entity::insert_many([rows::entry(), rows::entry()])
        .exec(&db)
        .await
        .expect("two entries by one statement");
    rows::entry().insert(&db).await.expect("a third");

    let entries = journal_entry::Entity::find()
        .order_by_asc(journal_entry::Column::Id)
        .all(&db)
        .await
        .expect("readable entries");
    let pending = journal_pending::Entity::find()
        .order_by_asc(journal_pending::Column::EntryId)
        .all(&db)
        .await
        .expect("readable queue");
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.repeats == 1));
    assert!(
        entries
            .iter()
            .map(|entry| entry.id)
            .eq(pending.iter().map(|row| row.entry_id)),
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn chain_begins_empty_and_has_one_head(db: DatabaseConnection) {
    migrate(&db).await;
    let head = journal_head::Entity::find().all(&db).await.expect("a head");
    let empty = journal_head::Model {
        id: 1,
        position: 0,
        hash: vec![0; 32],
    };
    assert_eq!(head, [empty]);
    let second = journal_head::ActiveModel {
        id: Set(2),
        position: Set(0),
        hash: Set(vec![0; 32]),
    };
    refused_with(second.insert(&db).await, "constraint");
}

async fn enumerations_refuse_other_values(db: DatabaseConnection) {
    migrate(&db).await;
    refused_with(rows::region("STREET").insert(&db).await, "constraint");
    let county = rows::region("COUNTY").insert(&db).await;
    assert_eq!(county.expect("a county").level, "COUNTY");

    rows::household().insert(&db).await.expect("a household");
    let unsaid = rows::worker(1, None).insert(&db).await;
    let unsaid = unsaid.expect("education may be unknown");
    assert_eq!((unsaid.version, unsaid.skills.as_str()), (1, "[]"));
    rows::worker(2, Some("BACHELOR"))
        .insert(&db)
        .await
        .expect("a bachelor");
    refused_with(
        rows::worker(3, Some("DOCTOR")).insert(&db).await,
        "constraint",
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test asks the bare database what it lets go"
)]
async fn what_is_referred_to_stays(db: DatabaseConnection) {
    migrate(&db).await;
    refused_with(rows::worker(1, None).insert(&db).await, "constraint");
    let household = rows::household().insert(&db).await.expect("a household");
    let worker = rows::worker(1, None).insert(&db).await.expect("a worker");
    let delete = || household::Entity::delete_by_id(household.id).exec(&db);
    refused_with(delete().await, "constraint");
    worker::Entity::delete_by_id(worker.id)
        .exec(&db)
        .await
        .expect("nothing refers to the worker");
    delete().await.expect("nothing refers to the household");
}

async fn partial_unique_index_counts_live_rows_only(db: DatabaseConnection) {
    migrate(&db).await;
    for (id, state) in [(1, "DONE"), (2, "DEAD"), (3, "LEASED")] {
        rows::job(id, state).insert(&db).await.expect("one is live");
    }
    let error = rows::job(4, "READY").insert(&db).await;
    let error = error.expect_err("a second live job").to_string();
    assert!(error.to_lowercase().contains("unique"), "{error}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test prepares and looks at the bare database"
)]
async fn a_version_of_an_employer_states_a_standing_once(db: DatabaseConnection) {
    migrate(&db).await;
    rows::employer().insert(&db).await.expect("an employer");
    for (id, version) in [(1, 1), (2, 2)] {
        let stated = rows::standing(id, version).insert(&db).await;
        stated.expect("what was corrected is stated again, at the same instant too");
    }
    let error = rows::standing(3, 2).insert(&db).await;
    let error = error.expect_err("the same twice").to_string();
    assert!(error.to_lowercase().contains("unique"), "{error}");
    down_past(&db, "m20261123_000024_standing_statements").await;
    migrate(&db).await;
    let left = employer_status::Entity::find().all(&db).await;
    let left: Vec<i64> = left
        .expect("readable")
        .iter()
        .map(|row| row.version)
        .collect();
    assert_eq!(left, [2], "the last of them");
}
