//! Idempotency keys: a mutation repeated with the same key and input happens once.
//!
//! The claim is a row written in the unit of work itself, so claim, change and answer become
//! durable together. A twin in flight waits for that row: on PostgreSQL for the other
//! transaction's insert, on SQLite for the single writer. Kept per issuer, subject, mutation and
//! for whom the subject acts: one caller's keys cannot collide with, or reveal, another's, nor those
//! of one subject with tokens of two counties. Old ones are forgotten in the background ([`Db::forget_keys`]).

use ::entity::idempotency;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::Db;
use super::error::failure;
use super::session::{Session as _, WriteSession};
use crate::kernel::error::{Failure, Text};
use crate::platform::authn::Identity;
use crate::platform::authz::{Permit, Write};
use crate::platform::crypto::{BlindIndexKey, Context};

/// Longest key a caller may choose, in bytes.
const MAX_KEY: usize = 128;

/// Separate keys and digests of inputs from each other and from every other keyed hash.
const KEY: Context = Context::new("idempotency.key");
const INPUT: Context = Context::new("idempotency.input");

/// One idempotent request: its mutation, and keyed hashes of the caller's key and of the input.
/// Neither is kept: callers take resident ids for keys, and inputs hold them.
#[derive(Clone, Debug)]
pub struct Once {
    mutation: &'static str,
    key: String,
    digest: Vec<u8>,
}

impl Once {
    /// Binds a caller's key to whom the caller acts for, a mutation and its input.
    ///
    /// # Errors
    /// [`Failure::BadInput`] for an empty key or one over 128 bytes.
    pub fn try_new(
        hashes: &BlindIndexKey,
        caller: &Identity,
        mutation: &'static str,
        key: &str,
        input: &str,
    ) -> Result<Self, Failure> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Failure::BadInput(Text::new(
                "idempotencyKey 须为 1 到 128 字节。",
                "idempotencyKey must have 1 to 128 bytes.",
            )));
        }
        // The zero byte ends the capacity, which holds none.
        let bound = format!("{}\0{key}", caller.capacity());
        Ok(Self {
            mutation,
            key: hashes.index_exactly(KEY, bound.as_bytes()).to_hex(),
            digest: hashes
                .index_exactly(INPUT, input.as_bytes())
                .as_bytes()
                .to_vec(),
        })
    }
}

/// Claims the key for this unit of work; the kept answer when it was used before.
#[expect(
    clippy::disallowed_methods,
    reason = "idempotency keys are the platform's own table; the caller's identity is the scope"
)]
pub(super) async fn claim_in(
    session: &WriteSession,
    once: &Once,
) -> Result<Option<serde_json::Value>, Failure> {
    let principal = session.permit().principal();
    let claim = idempotency::ActiveModel {
        issuer: Set(principal.issuer().to_owned()),
        subject: Set(principal.subject().to_owned()),
        mutation: Set(once.mutation.to_owned()),
        key: Set(once.key.clone()),
        input_digest: Set(once.digest.clone()),
        answer: Set(None),
        created_at: Set(session.now()),
    };
    let claimed = idempotency::Entity::insert(claim)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(session.transaction())
        .await
        .map_err(failure)?;
    if claimed > 0 {
        return Ok(None);
    }
    let kept = idempotency::Entity::find_by_id(id_of(session.permit(), once))
        .one(session.transaction())
        .await
        .map_err(failure)?
        .ok_or_else(|| Failure::Contended("an idempotency key vanished while waiting".into()))?;
    if kept.input_digest != once.digest {
        return Err(Failure::Conflict(Text::new(
            "该 idempotencyKey 已用于不同的输入，请换一个新的键。",
            "This idempotencyKey was used with another input; choose a new key.",
        )));
    }
    let answer = kept
        .answer
        .ok_or_else(|| Failure::internal("a committed idempotency key has no answer"))?;
    serde_json::from_str(&answer)
        .map(Some)
        .map_err(Failure::internal)
}

/// Keeps the answer beside the claim, in the same transaction.
#[expect(
    clippy::disallowed_methods,
    reason = "idempotency keys are the platform's own table; the caller's identity is the scope"
)]
pub(super) async fn keep_answer_in(
    tx: &sea_orm::DatabaseTransaction,
    permit: &Permit<Write>,
    once: &Once,
    answer: &serde_json::Value,
) -> Result<(), Failure> {
    let (issuer, subject, mutation, key) = id_of(permit, once);
    idempotency::Entity::update_many()
        .col_expr(idempotency::Column::Answer, answer.to_string().into())
        .filter(idempotency::Column::Issuer.eq(issuer))
        .filter(idempotency::Column::Subject.eq(subject))
        .filter(idempotency::Column::Mutation.eq(mutation))
        .filter(idempotency::Column::Key.eq(key))
        .exec(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// Gives the key back, in the same transaction, so that the request can be sent again.
#[expect(
    clippy::disallowed_methods,
    reason = "idempotency keys are the platform's own table; the caller's identity is the scope"
)]
pub(super) async fn release_in(
    tx: &sea_orm::DatabaseTransaction,
    permit: &Permit<Write>,
    once: &Once,
) -> Result<(), Failure> {
    idempotency::Entity::delete_by_id(id_of(permit, once))
        .exec(tx)
        .await
        .map_err(failure)?;
    Ok(())
}

/// Keys deleted by one statement: what a request may have to wait for.
const FORGET_BATCH: u64 = 1_000;

impl Db {
    /// Deletes every idempotency key that was first used before an instant; how many there were.
    /// Each batch is a transaction of its own, so that requests get in between.
    ///
    /// # Errors
    /// [`Failure`] of the database; the batches before stay deleted.
    pub async fn forget_keys(&self, before: DateTime<Utc>) -> Result<u64, Failure> {
        let mut forgotten = 0;
        loop {
            let batch = forget_batch(self, before, FORGET_BATCH).await?;
            forgotten += batch;
            if batch < FORGET_BATCH {
                return Ok(forgotten);
            }
        }
    }
}

/// Deletes the oldest keys, at most `most`. A request that waits for one of them finds it gone and
/// is tried again as a new one.
#[expect(
    clippy::disallowed_methods,
    reason = "idempotency keys are the platform's own table; age is the only condition"
)]
async fn forget_batch(db: &Db, before: DateTime<Utc>, most: u64) -> Result<u64, Failure> {
    use idempotency::Column::{CreatedAt, Issuer, Key, Mutation, Subject};
    let oldest = Query::select()
        .columns([Issuer, Subject, Mutation, Key])
        .from(idempotency::Entity)
        .and_where(CreatedAt.lt(before))
        .order_by(CreatedAt, Order::Asc)
        .limit(most)
        .take();
    let id = Expr::tuple([Issuer, Subject, Mutation, Key].map(Expr::col));
    let deleted = idempotency::Entity::delete_many()
        .filter(id.in_subquery(oldest))
        .exec(db.primary().connection())
        .await
        .map_err(failure)?;
    Ok(deleted.rows_affected)
}

fn id_of(permit: &Permit<Write>, once: &Once) -> (String, String, String, String) {
    let principal = permit.principal();
    (
        principal.issuer().to_owned(),
        principal.subject().to_owned(),
        once.mutation.to_owned(),
        once.key.clone(),
    )
}
