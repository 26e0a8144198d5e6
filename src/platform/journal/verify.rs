//! Walks the chain and its anchors and names the first broken link.

use chrono::NaiveDate;

use super::entry::EntryRow;
use super::{anchor, repo};
use crate::kernel::error::Failure;
use crate::platform::crypto::Keys;
use crate::platform::db::Db;

/// Links read at a time.
const STRIDE: u64 = 1_000;

/// A link with the entry it places.
pub(super) struct Chained {
    pub(super) position: i64,
    pub(super) entry_id: i64,
    pub(super) hash: Vec<u8>,
    pub(super) entry: Option<EntryRow>,
}

/// A signed head of one day.
pub(super) struct Anchor {
    pub(super) day: NaiveDate,
    pub(super) statement: String,
}

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every link and every anchor holds.
    Intact {
        /// Links walked.
        links: i64,
        /// Anchors checked.
        anchors: usize,
    },
    /// The first thing that does not hold.
    Broken {
        /// Position in the chain.
        position: i64,
        /// What is wrong there.
        what: Flaw,
    },
}

/// Ways in which the chain can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A position is missing from the chain.
    #[error("a link is missing")]
    LinkMissing,
    /// The entry that the link places is gone.
    #[error("the entry is missing")]
    EntryMissing,
    /// Entry, order or hash was altered.
    #[error("the entry does not match its hash")]
    HashMismatch,
    /// The head does not stand at the last link.
    #[error("the head does not match the last link")]
    HeadMismatch,
    /// Entries exist that are neither placed nor waiting.
    #[error("entries were taken out of the chain")]
    Unchained,
    /// An anchor's signature does not hold, or its text is not an anchor.
    #[error("an anchor is not signed by this exchange")]
    AnchorForged,
    /// The chain at an anchored position is not what was signed.
    #[error("the chain differs from what was anchored")]
    AnchorMismatch,
}

/// Walks the whole chain against stored anchors and `written` ones (the files of `anchors/`).
///
/// # Errors
/// [`Failure`] when the database cannot be read; a broken chain is a [`Verdict`], not an error.
pub async fn chain(db: &Db, keys: &Keys, written: &[String]) -> Result<Verdict, Failure> {
    let primary = db.primary();
    let conn = primary.connection();
    let stored = repo::anchors(conn).await?;
    let mut anchored = Vec::new();
    for statement in stored.iter().map(|a| &a.statement).chain(written) {
        match anchor::read(keys, statement) {
            Some(signed) => anchored.push(signed),
            None => return Ok(broken(0, Flaw::AnchorForged)),
        }
    }
    if stored
        .iter()
        .zip(&anchored)
        .any(|(row, signed)| row.day != signed.day)
    {
        return Ok(broken(0, Flaw::AnchorForged));
    }
    // A running exchange adds links meanwhile, so the walk must end between two looks at the head.
    let before = repo::head(conn).await?;
    let mut head = (0_i64, vec![0_u8; 32]);
    let mut meets_head = before.position == 0 && before.hash == head.1;
    loop {
        let stretch = repo::chain_after(conn, head.0, STRIDE).await?;
        if stretch.is_empty() {
            break;
        }
        for link in stretch {
            if let Some(flaw) = flaw_of(&link, &head) {
                return Ok(broken(head.0 + 1, flaw));
            }
            head = (link.position, link.hash);
            meets_head |= (before.position, &before.hash) == (head.0, &head.1);
            let differs = |a: &anchor::Signed| a.position == head.0 && a.hash != head.1;
            if anchored.iter().any(differs) {
                return Ok(broken(head.0, Flaw::AnchorMismatch));
            }
        }
    }
    let after = repo::head(conn).await?;
    let beyond = after.position < head.0 || (after.position == head.0 && after.hash != head.1);
    if !meets_head || beyond {
        return Ok(broken(head.0, Flaw::HeadMismatch));
    }
    if anchored.iter().any(|a| a.position > head.0) {
        return Ok(broken(head.0, Flaw::AnchorMismatch));
    }
    if repo::count_orphans(conn).await? > 0 {
        return Ok(broken(head.0, Flaw::Unchained));
    }
    Ok(Verdict::Intact {
        links: head.0,
        anchors: anchored.len(),
    })
}

const fn broken(position: i64, what: Flaw) -> Verdict {
    Verdict::Broken { position, what }
}

fn flaw_of(link: &Chained, head: &(i64, Vec<u8>)) -> Option<Flaw> {
    if link.position != head.0 + 1 {
        return Some(Flaw::LinkMissing);
    }
    let Some(entry) = &link.entry else {
        return Some(Flaw::EntryMissing);
    };
    (entry.chained(&head.1, link.position, link.entry_id) != link.hash)
        .then_some(Flaw::HashMismatch)
}
