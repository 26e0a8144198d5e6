//! How the pools stand, for metrics.

use sea_orm::DatabaseConnection;

use super::{Db, Engine};

/// Connections of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// `primary`, `readers` or `background`.
    pub pool: &'static str,
    /// Connections that work for somebody.
    pub in_use: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
}

impl Db {
    /// The pools as they stand. PostgreSQL without a replica has one, the primary.
    #[must_use]
    pub fn pools(&self) -> Vec<PoolUse> {
        let primary = ("primary", &self.0.primary.pool);
        let readers = self.0.readers.as_ref().map(|readers| ("readers", readers));
        let unbounded = self.0.unbounded.as_ref();
        let background = unbounded.map(|background| ("background", background));
        std::iter::once(primary)
            .chain(readers)
            .chain(background)
            .map(|(pool, connection)| usage(pool, self.0.engine, connection))
            .collect()
    }
}

fn usage(pool: &'static str, engine: Engine, connection: &DatabaseConnection) -> PoolUse {
    let (open, idle) = match engine {
        Engine::Postgres => {
            let pool = connection.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
        Engine::Sqlite => {
            let pool = connection.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
    };
    let idle = u32::try_from(idle).unwrap_or(open).min(open);
    PoolUse {
        pool,
        in_use: open - idle,
        idle,
    }
}
