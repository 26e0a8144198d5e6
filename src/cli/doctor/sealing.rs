//! Under which keys personal values are sealed.

use std::path::Path;

use super::super::open;
use super::Checked;
use crate::capability::sealing::model::Census;
use crate::capability::sealing::service;
use crate::platform::crypto::KeyRing;
use crate::platform::db::Db;

pub(super) async fn examine(db: &Db, file: &Path) -> Checked {
    let census = match service::census(db).await {
        Ok(census) => census,
        Err(error) => return Checked::Fail(error.to_string()),
    };
    let judged = judge(&census, &db.keys().ring);
    if let Checked::Fail(_) = judged {
        return judged;
    }
    // Keys of the same numbers need not be the same keys.
    match open::fits(db, file).await {
        Ok(()) => judged,
        Err(error) => Checked::Fail(error.to_string()),
    }
}

fn judge(census: &Census, ring: &KeyRing) -> Checked {
    let (all, active) = (census.values(), ring.active().0);
    let lost = census.without_key(ring);
    if lost.values() > 0 {
        return Checked::Fail(format!(
            "{} of {all} values are sealed with {}, which the key file does not have",
            lost.values(),
            named(&lost)
        ));
    }
    let others = census.under_others(ring);
    if others.values() > 0 {
        return Checked::Warn(format!(
            "{} of {all} values are sealed with {}, not with key {active}; see `exchange keys \
             reseal`",
            others.values(),
            named(&others)
        ));
    }
    Checked::Ok(format!("{all} values, all sealed with key {active}"))
}

fn named(census: &Census) -> String {
    let keys = census.keys().into_iter();
    keys.map(|key| key.map_or_else(|| "no known key".to_owned(), |key| format!("key {}", key.0)))
        .collect::<Vec<_>>()
        .join(", ")
}
