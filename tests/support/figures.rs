//! The roll-up of figures, beside the people it counts.

use employment_exchange::capability::overview::{self, Agreement};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::db::Db;

use super::app;

fn caller(db: &Db) -> Caller {
    Caller::system("test.figures", None, db.refusals().clone())
}

/// How the roll-up agrees with the registry.
pub async fn agreement(db: &Db) -> Agreement {
    let permit = caller(db).permit(&overview::policy::EXAMINE);
    let session = db.read(permit.expect("granted to the system"));
    let found = overview::service::agreement(&session).await;
    found.expect("the database answers")
}

/// Adds the changes that wait to their cells, if there are so many; how many there were.
pub async fn fold(db: &Db, at_least: u64) -> u64 {
    let folded = overview::service::fold(db, &caller(db), at_least).await;
    folded.expect("the database answers")
}

/// Whatever was done to the people of a database, the roll-up has followed.
pub async fn followed(url: &str) -> Result<(), String> {
    // Connections of the exchange that a test ran end with it.
    let (db, _) = app::open(url).await;
    let found = agreement(&db).await;
    app::close(db).await;
    if found.wrong_cells == 0 {
        Ok(())
    } else {
        Err(format!("figures differ from the registry: {found:?}"))
    }
}
