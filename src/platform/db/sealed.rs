//! Every column that holds a sealed personal value, and sealing all of it anew.
//!
//! The list stands here and nowhere else: whoever adds such a column adds it to [`tables`], and a test
//! compares that with the entities. What is sealed anew says what it said, for whom it was sealed and
//! under another key, so that neither the version nor the time of a record moves.

use ::entity::{correction, job_report, worker};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LockType, Order, Query, SimpleExpr};
use sea_orm::{ConnectionTrait as _, EntityName as _, IdenStatic as _, QueryResult};
use uuid::Uuid;

use super::Db;
use super::error::failure;
use super::session::{Session as _, WriteSession};
use crate::kernel::error::{Failure, Refusal};
use crate::platform::authz::{Permit, Write};
use crate::platform::crypto::{Context, HEAD_BYTES, KeyId, OpenError, Sealed};

/// Rows sealed anew in one unit of work, which holds them locked.
const BATCH: u64 = 500;

/// The primary key of every table that has sealed columns.
const KEY: &str = "id";
/// What a value is bound to, in a statement that reads it.
const OWNER: &str = "owner";
/// How a value begins, in a statement that counts them.
const HEAD: &str = "head";
/// Their number.
const VALUES: &str = "values";

/// What the values of a table are bound to.
#[derive(Clone, Copy)]
enum Owner {
    /// The person whose id stands in this column.
    Person(&'static str),
    /// Whoever has the keyed hash in this column.
    Hash(&'static str),
}

/// A table with its sealed columns.
struct SealedTable {
    name: &'static str,
    owner: Owner,
    columns: Vec<(&'static str, Context)>,
}

/// Every sealed column there is.
fn tables() -> [SealedTable; 3] {
    use worker::Column::{BankAccountSealed, PhoneSealed, ResidentIdSealed};
    [
        SealedTable {
            name: worker::Entity.table_name(),
            owner: Owner::Person(worker::Column::Id.as_str()),
            columns: vec![
                (ResidentIdSealed.as_str(), Context::RESIDENT_ID),
                (PhoneSealed.as_str(), Context::PHONE),
                (BankAccountSealed.as_str(), Context::BANK_ACCOUNT),
            ],
        },
        SealedTable {
            name: correction::Entity.table_name(),
            owner: Owner::Person(correction::Column::WorkerId.as_str()),
            columns: vec![(correction::Column::Sealed.as_str(), Context::RESIDENT_ID)],
        },
        SealedTable {
            name: job_report::Entity.table_name(),
            owner: Owner::Hash(job_report::Column::ResidentIdIndex.as_str()),
            columns: vec![(
                job_report::Column::Sealed.as_str(),
                Context::UNREGISTERED_REPORT,
            )],
        },
    ]
}

/// How many values of one column stand under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedCount {
    /// The table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// The key; `None` for what is in no form that the exchange knows.
    pub key: Option<KeyId>,
    /// Their number.
    pub values: u64,
}

/// A value that could not be sealed anew, because it does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// The table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// The row's id.
    pub row: Uuid,
    /// Why not.
    pub why: OpenError,
}

/// What became of the values of one batch.
#[derive(Clone, Debug, Default)]
pub struct ResealedBatch {
    /// Values that are under the active key now.
    pub values: u64,
    /// Values that stay as they are.
    pub unopened: Vec<Unopened>,
    /// The last row looked at; `None` when there is no further one.
    last: Option<Uuid>,
}

impl Db {
    /// How many values stand under which key, column by column. Every row of those tables is read.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    #[expect(
        clippy::disallowed_methods,
        reason = "counts by key over whole tables; nothing of a record is shown"
    )]
    pub async fn sealed_values(&self) -> Result<Vec<SealedCount>, Failure> {
        let mut counts = Vec::new();
        for table in tables() {
            for (column, _) in &table.columns {
                let select = Query::select()
                    .expr_as(head_of(column), HEAD)
                    .expr_as(Expr::col(*column).count(), VALUES)
                    .from(table.name)
                    .and_where(Expr::col(*column).is_not_null())
                    .group_by_col(HEAD)
                    .take();
                for row in self.latest().query_all(&select).await.map_err(failure)? {
                    let head: Vec<u8> = row.try_get("", HEAD).map_err(failure)?;
                    let values: i64 = row.try_get("", VALUES).map_err(failure)?;
                    counts.push(SealedCount {
                        table: table.name,
                        column,
                        key: KeyId::of_head(&head),
                        values: u64::try_from(values).map_err(Failure::internal)?,
                    });
                }
            }
        }
        Ok(counts)
    }

    /// Seals under the active key whatever is not, in batches that are units of work of their own, and
    /// tells `each` of every batch that is durable. Done or cut short, it may be begun again.
    ///
    /// # Errors
    /// [`Failure`] of the database; the batches before stay done.
    pub async fn reseal(
        &self,
        permit: &Permit<Write>,
        each: &mut (dyn FnMut(&ResealedBatch) + Send),
    ) -> Result<(), Failure> {
        for table in tables() {
            let mut after = Uuid::nil();
            loop {
                let batch = match self.work(permit, |tx| reseal_in(tx, &table, after)).await {
                    Ok(batch) => batch,
                    Err(Refusal::Failed(failure)) => return Err(failure),
                    Err(Refusal::Expected(errors)) => {
                        return Err(Failure::internal(format!("nobody was asked: {errors:?}")));
                    }
                };
                each(&batch);
                let Some(last) = batch.last else { break };
                after = last;
            }
        }
        Ok(())
    }
}

/// Seals one batch of a table anew.
async fn reseal_in(
    tx: WriteSession,
    table: &SealedTable,
    after: Uuid,
) -> Result<ResealedBatch, Refusal> {
    let mut batch = ResealedBatch {
        last: last_in(&tx, table, after).await?,
        ..ResealedBatch::default()
    };
    let Some(last) = batch.last else {
        return Ok(batch);
    };
    for row in locked_in(&tx, table, (after, last)).await? {
        seal_row_in(&tx, table, &row, &mut batch).await?;
    }
    if batch.values > 0 {
        tx.commit_unrecorded().await?;
    }
    Ok(batch)
}

/// The last row of the next batch. It is found without a lock and before one is taken: rows that
/// another run has sealed while this one waited drop out of a locked batch, and an empty one would
/// look like the end.
#[expect(
    clippy::disallowed_methods,
    reason = "the platform seals values anew whatever record they stand in; nothing of it is shown"
)]
async fn last_in(
    tx: &WriteSession,
    table: &SealedTable,
    after: Uuid,
) -> Result<Option<Uuid>, Failure> {
    let select = Query::select()
        .column(KEY)
        .from(table.name)
        .and_where(stale(tx, table))
        .and_where(Expr::col(KEY).gt(after))
        .order_by(KEY, Order::Asc)
        .limit(BATCH)
        .take();
    let rows = tx.executor().query_all(&select).await.map_err(failure)?;
    let last = rows.last().map(|row| row.try_get("", KEY));
    last.transpose().map_err(failure)
}

/// The rows of a batch, locked: nobody changes a value between its opening and its sealing. Whoever
/// has changed one before is waited for, and then it is theirs that is read, if it is stale at all.
#[expect(
    clippy::disallowed_methods,
    reason = "the platform seals values anew whatever record they stand in; nothing of it is shown"
)]
async fn locked_in(
    tx: &WriteSession,
    table: &SealedTable,
    (after, last): (Uuid, Uuid),
) -> Result<Vec<QueryResult>, Failure> {
    let (Owner::Person(owner) | Owner::Hash(owner)) = table.owner;
    let select = Query::select()
        .column(KEY)
        .expr_as(Expr::col(owner), OWNER)
        .columns(table.columns.iter().map(|(column, _)| *column))
        .from(table.name)
        .and_where(stale(tx, table))
        .and_where(Expr::col(KEY).gt(after))
        .and_where(Expr::col(KEY).lte(last))
        .order_by(KEY, Order::Asc)
        .lock(LockType::Update)
        .take();
    tx.executor().query_all(&select).await.map_err(failure)
}

/// Seals the stale values of a locked row anew.
#[expect(
    clippy::disallowed_methods,
    reason = "the platform seals values anew whatever record they stand in; nothing of it is shown"
)]
async fn seal_row_in(
    tx: &WriteSession,
    table: &SealedTable,
    row: &QueryResult,
    batch: &mut ResealedBatch,
) -> Result<(), Failure> {
    let key: Uuid = row.try_get("", KEY).map_err(failure)?;
    let owner = match table.owner {
        Owner::Person(_) => {
            let id: Uuid = row.try_get("", OWNER).map_err(failure)?;
            id.as_bytes().to_vec()
        }
        Owner::Hash(_) => row.try_get("", OWNER).map_err(failure)?,
    };
    let mut anew = Vec::new();
    for (column, context) in &table.columns {
        let value: Option<Vec<u8>> = row.try_get("", column).map_err(failure)?;
        let Some(value) = value.map(Sealed::from_bytes) else {
            continue;
        };
        match tx.keys().ring.reseal(*context, &owner, &value) {
            Ok(None) => {}
            Ok(Some(sealed)) => anew.push((*column, sealed.into_bytes().into())),
            Err(why) => batch.unopened.push(Unopened {
                table: table.name,
                column,
                row: key,
                why,
            }),
        }
    }
    if anew.is_empty() {
        return Ok(());
    }
    batch.values += anew.len() as u64;
    let update = Query::update()
        .table(table.name)
        .values(anew)
        .and_where(Expr::col(KEY).eq(key))
        .take();
    tx.executor().execute(&update).await.map_err(failure)?;
    Ok(())
}

/// Holds a value that is not under the active key.
fn stale(tx: &WriteSession, table: &SealedTable) -> SimpleExpr {
    let head = tx.keys().ring.active().head();
    let values = table.columns.iter();
    values
        .map(|(column, _)| head_of(column).ne(head.clone()))
        .reduce(SimpleExpr::or)
        .expect("a listed table has a sealed column")
}

/// How the value in a column begins.
fn head_of(column: &'static str) -> SimpleExpr {
    let bytes = i32::try_from(HEAD_BYTES).expect("a handful");
    Func::cust("substr")
        .arg(Expr::col(column))
        .arg(1)
        .arg(bytes)
        .into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Columns of bytes that are no sealed value: keyed and plain hashes.
    const HASHES: [&str; 3] = ["_index", "hash", "digest"];

    /// The columns of every entity, as `table.column` with their type.
    fn columns() -> Vec<(String, String)> {
        let entities = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
        let mut columns = Vec::new();
        for file in std::fs::read_dir(entities).unwrap() {
            let path = file.unwrap().path();
            let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let field = line.trim().strip_prefix("pub ");
                if let Some((name, kind)) = field.and_then(|field| field.split_once(": ")) {
                    let kind = kind.trim_end_matches(',').to_owned();
                    columns.push((format!("{table}.{name}"), kind));
                }
            }
        }
        columns
    }

    #[test]
    fn every_sealed_column_of_an_entity_is_listed() {
        let listed: BTreeSet<String> = tables()
            .iter()
            .flat_map(|table| {
                let name = |(column, _): &(&str, Context)| format!("{}.{column}", table.name);
                table.columns.iter().map(name).collect::<Vec<_>>()
            })
            .collect();
        let all = columns();
        assert!(all.len() > 200, "{} columns found", all.len());
        let sealed: BTreeSet<String> = all
            .iter()
            .filter(|(name, _)| name.ends_with(".sealed") || name.ends_with("_sealed"))
            .map(|(name, _)| name.clone())
            .collect();
        assert_eq!(sealed, listed);
        // Nor can one hide behind another name.
        let odd: Vec<&String> = all
            .iter()
            .filter(|(name, kind)| kind.contains("Vec<u8>") && !listed.contains(name))
            .map(|(name, _)| name)
            .filter(|name| !HASHES.iter().any(|hash| name.ends_with(hash)))
            .collect();
        assert_eq!(odd, [""; 0]);
    }
}
