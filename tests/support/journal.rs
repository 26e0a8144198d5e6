//! What the journal holds, read behind the exchange's back.

use employment_exchange::platform::journal::{anchor, verify};
use entity::journal_entry::{Column, Entity, Model};
use sea_orm::{ColumnTrait as _, Database, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::app::TestApp;

/// The entries of an action, oldest first.
#[expect(
    clippy::disallowed_methods,
    reason = "a test looks at the whole journal, whoever asks"
)]
pub async fn of_action(app: &TestApp, action: &str) -> Vec<Model> {
    let database = Database::connect(&app.database_url).await.expect("opens");
    let found = Entity::find()
        .filter(Column::Action.eq(action))
        .order_by_asc(Column::Id)
        .all(&database)
        .await
        .expect("readable");
    database.close().await.expect("closes");
    found
}

/// Places, anchors and verifies the whole chain; the number of its links.
pub async fn verified(app: &TestApp) -> u64 {
    app.sequence().await;
    let anchors = app.directory.join("anchors");
    anchor::write_daily(&app.db, &app.keys, &anchors)
        .await
        .expect("an anchor");
    let files = anchor::files(&anchors).await.expect("readable");
    let verdict = verify::chain(&app.db, &app.keys, &files)
        .await
        .expect("readable");
    match verdict {
        verify::Verdict::Intact { links, .. } => links.try_into().expect("a count"),
        broken => panic!("{broken:?}"),
    }
}
