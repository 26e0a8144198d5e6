//! Compares each entity with the table the migrations built: names, types and nullability of all
//! columns, both ways.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm_migration::sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait,
    IdenStatic, Iterable, Statement,
};

/// Column name → type as the engine names it, and whether NULL is accepted.
type Columns = BTreeMap<String, (String, bool)>;

macro_rules! compare_each {
    ($db:expr; $($table:ident)+) => {{
        $(matches_table($db, entity::$table::Entity).await;)+
        [$(stringify!($table).to_owned()),+].into()
    }};
}

/// Compares all entities; answers their tables.
pub(crate) async fn every_entity(db: &DatabaseConnection) -> BTreeSet<String> {
    compare_each!(db;
        contribution contract_renewal correction disclosure_quota employer employer_accreditation
        employer_status employment finding finding_step helper_assignment household household_category
        idempotency insurance_fact insurance_position job job_report journal_anchor journal_entry
        journal_head journal_link journal_pending labour_fact region registry_figure
        registry_figure_change requery residence_spell schedule set_aside_contribution
        set_aside_insurance_fact submission worker worker_visibility)
}

/// The tables of the schema, without the migrator's own.
#[expect(
    clippy::disallowed_methods,
    reason = "the test compares the bare database with the entities"
)]
pub(crate) async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name <> 'seaql_migrations'"
        }
        _ => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name <> 'seaql_migrations' AND name NOT LIKE 'sqlite_%'"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql));
    let rows = rows.await.expect("the catalogue is readable");
    rows.iter()
        .map(|row| row.try_get("", "name").expect("a name"))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test compares the bare database with the entities"
)]
async fn matches_table<E: EntityTrait>(db: &DatabaseConnection, entity: E) {
    let table = entity.table_name();
    let backend = db.get_database_backend();
    let declared: Columns = E::Column::iter()
        .map(|column| {
            let definition = column.def();
            let native = native_type(backend, definition.get_column_type());
            (
                column.as_str().to_owned(),
                (native.to_owned(), definition.is_null()),
            )
        })
        .collect();
    assert_eq!(declared, built(db, table).await, "columns of {table}");
    E::find()
        .one(db)
        .await
        .unwrap_or_else(|error| panic!("{table} is not readable: {error}"));
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test compares the bare database with the entities"
)]
async fn built(db: &DatabaseConnection, table: &str) -> Columns {
    let backend = db.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT column_name::text AS name, data_type::text AS type, \
             is_nullable = 'YES' AS nullable FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
        _ => {
            "SELECT name, lower(type) AS type, \"notnull\" = 0 AS nullable FROM pragma_table_info($1)"
        }
    };
    let statement = Statement::from_sql_and_values(backend, sql, [table.into()]);
    let rows = db.query_all_raw(statement).await;
    rows.expect("the catalogue is readable")
        .iter()
        .map(|row| {
            let text = |column| row.try_get::<String>("", column).expect("a text");
            let nullable = row.try_get("", "nullable").expect("a flag");
            (text("name"), (text("type"), nullable))
        })
        .collect()
}

fn native_type(backend: DbBackend, declared: &ColumnType) -> &'static str {
    let (sqlite, postgres) = match declared {
        ColumnType::BigInteger => ("integer", "bigint"),
        ColumnType::Integer => ("integer", "integer"),
        ColumnType::String(_) | ColumnType::Text => ("text", "text"),
        ColumnType::Uuid => ("uuid_text", "uuid"),
        ColumnType::Blob | ColumnType::VarBinary(_) => ("blob", "bytea"),
        ColumnType::TimestampWithTimeZone => {
            ("timestamp_with_timezone_text", "timestamp with time zone")
        }
        ColumnType::Date => ("date_text", "date"),
        ColumnType::Boolean => ("boolean", "boolean"),
        other => panic!("no column of this schema is {other:?}"),
    };
    if backend == DbBackend::Postgres {
        postgres
    } else {
        sqlite
    }
}
