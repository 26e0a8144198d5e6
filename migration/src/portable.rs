//! What the migrations share: one way to declare an enumeration, a reference and an index, and the
//! few statements that SQLite and PostgreSQL spell differently.
//!
//! Statements go through the builder wherever it can say them; SQL per engine is written here, in
//! [`crate::tally`], and nowhere else.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null};
use sea_orm_migration::sea_orm::DbBackend;

/// Every migration runs in a transaction on both engines, so that a crash leaves no half of it.
/// (Left to itself the migrator does this on PostgreSQL only.)
pub(crate) const WHOLE_OR_NOT_AT_ALL: Option<bool> = Some(true);

/// A text column that holds one of `values`.
pub(crate) fn one_of(
    column: &'static str,
    values: impl IntoIterator<Item = &'static str>,
) -> ColumnDef {
    text(column).check(Expr::col(column).is_in(values)).take()
}

/// A text column that is absent or holds one of `values`.
pub(crate) fn one_of_null(
    column: &'static str,
    values: impl IntoIterator<Item = &'static str>,
) -> ColumnDef {
    text_null(column)
        .check(Expr::col(column).is_in(values))
        .take()
}

/// The `version` column of records that are updated by compare-and-set; starts at 1.
pub(crate) fn version() -> ColumnDef {
    big_integer("version").default(1).take()
}

/// A reference from `column` to the `id` of `target`. What is referred to cannot be deleted.
pub(crate) fn refers_to(column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from_col(column)
        .to(target, "id")
        .on_delete(ForeignKeyAction::Restrict)
        .take()
}

/// The primary key of a table without an id of its own.
pub(crate) fn composite_key(columns: &[&'static str]) -> IndexCreateStatement {
    over(Index::create(), columns)
}

/// A plain index; its name is made from the table and the columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let name = format!("idx_{table}_{}", columns.join("_"));
    over(Index::create().name(name).table(table).take(), columns)
}

/// A unique index; its name is made from the table and the columns.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let name = format!("uq_{table}_{}", columns.join("_"));
    let named = Index::create().name(name).table(table).unique().take();
    over(named, columns)
}

fn over(mut index: IndexCreateStatement, columns: &[&'static str]) -> IndexCreateStatement {
    for column in columns {
        index.col(*column);
    }
    index
}

/// A plain index that finds texts by their first characters.
///
/// PostgreSQL compares by the collation of the database unless told otherwise; SQLite compares
/// bytes, so there a prefix is the range from itself up to its successor (`LIKE` ignores the index).
pub(crate) fn prefix_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> IndexCreateStatement {
    if manager.get_database_backend() == DbBackend::Postgres {
        Index::create()
            .name(format!("idx_{table}_{column}"))
            .table(table)
            .col(
                column
                    .into_index_column()
                    .with_operator_class("text_pattern_ops"),
            )
            .take()
    } else {
        index(table, &[column])
    }
}

/// An index that finds texts by their first characters and lists them in the order of code points,
/// followed by further columns: SQLite compares bytes, and PostgreSQL does when it is told to.
///
/// # Errors
/// When the database refuses the statement.
pub(crate) async fn code_point_index(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    further: &[&str],
) -> Result<(), DbErr> {
    let name = [&["idx", table, column], further].concat().join("_");
    let rest: String = further.iter().map(|column| format!(", {column}")).collect();
    let sqlite = format!("CREATE INDEX {name} ON {table} ({column}{rest})");
    let postgres = format!("CREATE INDEX {name} ON {table} ({column} COLLATE \"C\"{rest})");
    per_engine(manager, &sqlite, &postgres).await
}

/// Drops an index of a table.
///
/// # Errors
/// When the database refuses the statement.
pub(crate) async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    name: &'static str,
) -> Result<(), DbErr> {
    let index = Index::drop().name(name).table(table).to_owned();
    manager.drop_index(index).await
}

/// Creates tables in the given order, then their indexes.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn create<const T: usize, const I: usize>(
    manager: &SchemaManager<'_>,
    tables: [TableCreateStatement; T],
    indexes: [IndexCreateStatement; I],
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables in the given order, with their indexes and triggers.
///
/// # Errors
/// When the database refuses a statement, such as for a table that is still referred to.
pub(crate) async fn drop_tables(
    manager: &SchemaManager<'_>,
    tables: &[&'static str],
) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(*table).take())
            .await?;
    }
    Ok(())
}

/// Adds columns to a table, one statement each: SQLite knows no more than one at a time.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn add_columns<const C: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [ColumnDef; C],
) -> Result<(), DbErr> {
    for column in columns {
        let change = Table::alter().table(table).add_column(column).take();
        manager.alter_table(change).await?;
    }
    Ok(())
}

/// Drops columns of a table, the way back of [`add_columns`].
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn drop_columns<const C: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [&'static str; C],
) -> Result<(), DbErr> {
    for column in columns {
        let change = Table::alter().table(table).drop_column(column).take();
        manager.alter_table(change).await?;
    }
    Ok(())
}

/// Makes the database refuse every change and deletion of rows of `tables`.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    let function = "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ \
         BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP \
         USING ERRCODE = 'restrict_violation'; END $$";
    per_engine(manager, "", function).await?;
    refuse_changes(manager, tables).await
}

/// The same for further tables, once [`append_only`] has run for others.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn refuse_changes(
    manager: &SchemaManager<'_>,
    tables: &[&str],
) -> Result<(), DbErr> {
    for table in tables {
        for change in ["UPDATE", "DELETE"] {
            let trigger = format!("{table}_refuses_{}", change.to_lowercase());
            let sqlite = format!(
                "CREATE TRIGGER {trigger} BEFORE {change} ON {table} BEGIN \
                 SELECT RAISE(ABORT, '{table} is append-only: {change} refused'); END"
            );
            let postgres = format!(
                "CREATE TRIGGER {trigger} BEFORE {change} ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            );
            per_engine(manager, &sqlite, &postgres).await?;
        }
        let truncate = format!(
            "CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        );
        per_engine(manager, "", &truncate).await?;
    }
    Ok(())
}

/// Lets rows of `tables` be changed and deleted again: the way back of [`refuse_changes`] where the
/// tables stay.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn allow_changes(
    manager: &SchemaManager<'_>,
    tables: &[&str],
) -> Result<(), DbErr> {
    for table in tables {
        for change in ["update", "delete", "truncate"] {
            let sqlite = match change {
                "truncate" => String::new(),
                _ => format!("DROP TRIGGER {table}_refuses_{change}"),
            };
            let postgres = format!("DROP TRIGGER {table}_refuses_{change} ON {table}");
            per_engine(manager, &sqlite, &postgres).await?;
        }
    }
    Ok(())
}

/// Takes back what [`append_only`] left behind once its tables are dropped.
///
/// # Errors
/// When the database refuses the statement.
pub(crate) async fn drop_append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    per_engine(manager, "", "DROP FUNCTION refuse_change()").await
}

/// Copies the key `id` of every row inserted into `source` to the column `column` of `queue`, in the
/// same transaction.
///
/// # Errors
/// When the database refuses a statement.
pub(crate) async fn queue_inserts(
    manager: &SchemaManager<'_>,
    source: &str,
    queue: &str,
    column: &str,
) -> Result<(), DbErr> {
    let sqlite = format!(
        "CREATE TRIGGER {source}_fills_{queue} AFTER INSERT ON {source} BEGIN \
         INSERT INTO {queue} ({column}) VALUES (NEW.id); END"
    );
    let function = format!(
        "CREATE FUNCTION {source}_fills_{queue}() RETURNS trigger LANGUAGE plpgsql AS $$ \
         BEGIN INSERT INTO {queue} ({column}) SELECT id FROM added; RETURN NULL; END $$"
    );
    let trigger = format!(
        "CREATE TRIGGER {source}_fills_{queue} AFTER INSERT ON {source} \
         REFERENCING NEW TABLE AS added \
         FOR EACH STATEMENT EXECUTE FUNCTION {source}_fills_{queue}()"
    );
    per_engine(manager, &sqlite, &function).await?;
    per_engine(manager, "", &trigger).await
}

/// Takes back what [`queue_inserts`] left behind once `source` is dropped.
///
/// # Errors
/// When the database refuses the statement.
pub(crate) async fn drop_queue_inserts(
    manager: &SchemaManager<'_>,
    source: &str,
    queue: &str,
) -> Result<(), DbErr> {
    let drop = format!("DROP FUNCTION {source}_fills_{queue}()");
    per_engine(manager, "", &drop).await
}

/// Runs the statement of the engine at hand; an empty one means that this engine needs none.
///
/// # Errors
/// When the database refuses the statement.
#[expect(
    clippy::disallowed_methods,
    reason = "a migration's SQL is written out per engine and binds nothing"
)]
pub(crate) async fn per_engine(
    manager: &SchemaManager<'_>,
    sqlite: &str,
    postgres: &str,
) -> Result<(), DbErr> {
    let statement = match manager.get_database_backend() {
        DbBackend::Sqlite => sqlite,
        DbBackend::Postgres => postgres,
        other => {
            return Err(DbErr::BackendNotSupported {
                db: other.as_str(),
                ctx: "migration",
            });
        }
    };
    if statement.is_empty() {
        return Ok(());
    }
    manager
        .get_connection()
        .execute_unprepared(statement)
        .await
        .map(|_| ())
}
