//! What must hold of every record whatever happened: nothing is half there and nothing is there
//! twice. Asked of the database behind the exchange's back, on either engine.

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

/// Each with a count that must be 0. Four divisions have a person in sight by origin: village,
/// township, county and prefecture.
const DEFECTS: [(&str, &str); 9] = [
    (
        "people without a place of residence",
        "SELECT count(*) FROM worker WHERE id NOT IN (SELECT worker_id FROM residence_spell)",
    ),
    (
        "people whom their origin does not see on every level",
        "SELECT count(*) FROM worker WHERE 4 <> (SELECT count(*) FROM worker_visibility
           WHERE worker_id = worker.id AND ground = 'ORIGIN' AND until IS NULL)",
    ),
    (
        "people without a journal entry",
        "SELECT count(*) FROM worker WHERE id NOT IN (SELECT record_id FROM journal_entry
           WHERE record_kind = 'Worker' AND record_version = 1)",
    ),
    (
        "households without a category",
        "SELECT count(*) FROM household WHERE id NOT IN
           (SELECT household_id FROM household_category)",
    ),
    (
        "households without a journal entry",
        "SELECT count(*) FROM household WHERE id NOT IN (SELECT record_id FROM journal_entry
           WHERE record_kind = 'Household' AND record_version = 1)",
    ),
    (
        "jobs without a journal entry",
        "SELECT count(*) FROM employment WHERE id NOT IN (SELECT record_id FROM journal_entry
           WHERE record_kind = 'Employment' AND record_version = 1)",
    ),
    (
        "employers without a journal entry",
        "SELECT count(*) FROM employer WHERE id NOT IN (SELECT record_id FROM journal_entry
           WHERE record_kind = 'Employer' AND record_version = 1)",
    ),
    (
        "journal entries about people, households, jobs and employers that are not there",
        "SELECT count(*) FROM journal_entry WHERE record_version IS NOT NULL AND (
           (record_kind = 'Worker' AND record_id NOT IN (SELECT id FROM worker))
           OR (record_kind = 'Household' AND record_id NOT IN (SELECT id FROM household))
           OR (record_kind = 'Employment' AND record_id NOT IN (SELECT id FROM employment))
           OR (record_kind = 'Employer' AND record_id NOT IN (SELECT id FROM employer)))",
    ),
    (
        "kept keys without their answer",
        "SELECT count(*) FROM idempotency WHERE answer IS NULL",
    ),
];

/// A connection past the exchange.
pub struct Behind(DatabaseConnection);

impl Behind {
    pub async fn open(url: &str) -> Self {
        Self(Database::connect(url).await.expect("the database opens"))
    }

    /// The first column of the first row.
    #[expect(
        clippy::disallowed_methods,
        reason = "what the exchange has written is looked at without its help"
    )]
    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let row = self.0.query_one_raw(statement).await.expect(sql);
        let row = row.unwrap_or_else(|| panic!("no row: {sql}"));
        row.try_get_by_index(0).expect(sql)
    }

    /// The first column, as text, of every row.
    #[expect(
        clippy::disallowed_methods,
        reason = "what the exchange has written is looked at without its help"
    )]
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        let rows = self.0.query_all_raw(statement).await.expect(sql);
        let text = |row: &sea_orm::QueryResult| row.try_get_by_index(0).expect(sql);
        rows.iter().map(text).collect()
    }

    /// What is half there, in words; nothing in a sound database.
    pub async fn defects(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (what, sql) in DEFECTS {
            let count = self.number(sql).await;
            if count != 0 {
                found.push(format!("{count} {what}"));
            }
        }
        found
    }

    pub async fn close(self) {
        self.0.close().await.expect("closes");
    }
}

/// Nobody and nothing in the database is half there.
pub async fn assert_whole(url: &str, when: &str) {
    let behind = Behind::open(url).await;
    let defects = behind.defects().await;
    behind.close().await;
    assert!(defects.is_empty(), "{when}: {defects:?}");
}
