//! Rows of one table counted in another, in the transaction that changes them.
//!
//! Triggers write how many rows came to be or ceased to be of each kind, as further rows of a table
//! of changes: nobody who writes waits for somebody else who does, as they would for a counter. What
//! adds the changes up, and when, is not the schema's.

use sea_orm_migration::prelude::*;

use crate::portable::per_engine;

/// How a column of the counted rows stands in the tally. Columns of a unique key are never null: both
/// engines tell one null from another.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    /// Never null, and kept as it is.
    AsItIs,
    /// A number; 0 for null.
    OrZero,
    /// A text; empty for null.
    OrEmpty,
    /// A truth: 1 for yes, 0 for no, -1 for null.
    AsSign,
}

/// A count of the rows of a table by some of its columns.
pub(crate) struct Tally<'a> {
    /// The table whose rows are counted.
    pub(crate) source: &'a str,
    /// Where triggers write changes of the counts.
    pub(crate) changes: &'a str,
    /// Where counts are added up.
    pub(crate) total: &'a str,
    /// By what they are counted. The tables of counts have columns of the same names, and one more,
    /// `people`.
    pub(crate) by: &'a [(&'static str, Kept)],
}

impl Tally<'_> {
    /// Writes down every change from here on. On PostgreSQL the rest of the transaction is alone with
    /// the counted table, so that [`Tally::count_all`] counts what no trigger has seen.
    ///
    /// # Errors
    /// When the database refuses a statement.
    pub(crate) async fn follow(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for (event, rows) in [
            ("INSERT", vec![("added", "NEW", 1)]),
            ("UPDATE", vec![("added", "NEW", 1), ("gone", "OLD", -1)]),
            ("DELETE", vec![("gone", "OLD", -1)]),
        ] {
            per_engine(manager, &self.by_row(event, &rows), "").await?;
            for statement in self.by_statement(event, &rows) {
                per_engine(manager, "", &statement).await?;
            }
        }
        Ok(())
    }

    /// Counts the rows that are there.
    ///
    /// # Errors
    /// When the database refuses the statement.
    pub(crate) async fn count_all(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let Self { source, total, .. } = self;
        let (columns, values) = (self.columns(), self.values_of(source));
        let places = self.places();
        let all = format!(
            "INSERT INTO {total} ({columns}, people) \
             SELECT {values}, COUNT(*) FROM {source} GROUP BY {places}"
        );
        per_engine(manager, &all, &all).await
    }

    /// The way back of [`Tally::follow`]; the tables of counts stay.
    ///
    /// # Errors
    /// When the database refuses a statement.
    pub(crate) async fn leave(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = self.trigger(event);
            let sqlite = format!("DROP TRIGGER {trigger}");
            let postgres = format!("DROP TRIGGER {trigger} ON {}", self.source);
            per_engine(manager, &sqlite, &postgres).await?;
            let function = format!("DROP FUNCTION {trigger}()");
            per_engine(manager, "", &function).await?;
        }
        Ok(())
    }

    /// SQLite knows no statement's rows: a trigger for each, which an update of other columns, and one
    /// that changes nothing, do not start.
    fn by_row(&self, event: &str, rows: &[(&str, &str, i32)]) -> String {
        let Self {
            source, changes, ..
        } = self;
        let names: Vec<_> = self.by.iter().map(|(name, _)| *name).collect();
        let (of, when) = if event == "UPDATE" {
            let differ = names
                .iter()
                .map(|name| format!("OLD.{name} IS NOT NEW.{name}"));
            let differ = differ.collect::<Vec<_>>().join(" OR ");
            (
                format!(" OF {}", names.join(", ")),
                format!(" WHEN {differ}"),
            )
        } else {
            (String::new(), String::new())
        };
        let values = rows
            .iter()
            .map(|(_, row, people)| format!("({}, {people})", self.values_of(row)));
        let values = values.collect::<Vec<_>>().join(", ");
        format!(
            "CREATE TRIGGER {} AFTER {event}{of} ON {source}{when} BEGIN \
             INSERT INTO {changes} ({}, people) VALUES {values}; END",
            self.trigger(event),
            self.columns(),
        )
    }

    /// PostgreSQL hands a trigger all rows of a statement: those of a kind become one change, and
    /// kinds that lost as many as they gained none. (Such a trigger cannot be held to columns.)
    fn by_statement(&self, event: &str, rows: &[(&str, &str, i32)]) -> [String; 2] {
        let Self {
            source, changes, ..
        } = self;
        let trigger = self.trigger(event);
        let (columns, places) = (self.columns(), self.places());
        let parts = rows.iter().map(|(table, _, people)| {
            let values = self.values_of(table);
            format!("SELECT {values}, {people} AS people FROM {table}")
        });
        let parts = parts.collect::<Vec<_>>().join(" UNION ALL ");
        let referencing = rows
            .iter()
            .map(|(table, row, _)| format!("{row} TABLE AS {table}"));
        let referencing = referencing.collect::<Vec<_>>().join(" ");
        let function = format!(
            "CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO {changes} ({columns}, people) \
             SELECT {columns}, SUM(people) FROM ({parts}) AS counted ({columns}, people) \
             GROUP BY {places} HAVING SUM(people) <> 0; RETURN NULL; END $$"
        );
        let trigger = format!(
            "CREATE TRIGGER {trigger} AFTER {event} ON {source} REFERENCING {referencing} \
             FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()"
        );
        [function, trigger]
    }

    fn trigger(&self, event: &str) -> String {
        format!("{}_counted_on_{}", self.source, event.to_lowercase())
    }

    fn columns(&self) -> String {
        let names = self.by.iter().map(|(name, _)| *name);
        names.collect::<Vec<_>>().join(", ")
    }

    /// The columns by their places in a select list.
    fn places(&self) -> String {
        let places = (1..=self.by.len()).map(|place| place.to_string());
        places.collect::<Vec<_>>().join(", ")
    }

    /// What `row` of the counted table is counted by.
    fn values_of(&self, row: &str) -> String {
        let values = self.by.iter().map(|(name, kept)| match kept {
            Kept::AsItIs => format!("{row}.{name}"),
            Kept::OrZero => format!("COALESCE({row}.{name}, 0)"),
            Kept::OrEmpty => format!("COALESCE({row}.{name}, '')"),
            Kept::AsSign => {
                format!("CASE WHEN {row}.{name} THEN 1 WHEN NOT {row}.{name} THEN 0 ELSE -1 END")
            }
        });
        values.collect::<Vec<_>>().join(", ")
    }
}
