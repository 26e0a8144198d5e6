//! Walks the chain and its anchors and names the first broken link.

use std::iter::Peekable;

use chrono::NaiveDate;

use super::anchor::{self, Written};
use super::entry::EntryRow;
use super::{repo, sequencer};
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
        /// Entries that wait for their place and are under no hash yet.
        waiting: u64,
    },
    /// Something does not hold.
    Broken {
        /// The first thing in the chain, if anything.
        chain: Option<Break>,
        /// Anchors that this exchange did not sign, or that are of another day than the database says:
        /// the chain was walked without them.
        forged: Vec<String>,
    },
}

/// The first thing in the chain that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Position in the chain.
    pub position: i64,
    /// What is wrong there.
    pub what: Flaw,
}

/// Ways in which the chain can be broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// Marks say that entries wait for their place, and there are no such entries.
    #[error("entries that wait for their place are missing")]
    PendingMissing,
    /// Entries wait for their place though servers have worked for more than a minute since.
    #[error("entries were left out of the chain: they still wait for their place")]
    LeftBehind,
    /// The chain at an anchored position is not what was signed.
    #[error("the chain differs from what was anchored: {0}")]
    AnchorMismatch(String),
}

/// Walks the whole chain against stored anchors and `written` ones (the files of `anchors/`).
///
/// # Errors
/// [`Failure`] when the database cannot be read; a broken chain is a [`Verdict`], not an error.
pub async fn chain(db: &Db, keys: &Keys, written: &[Written]) -> Result<Verdict, Failure> {
    let stored = repo::anchors(db.primary().connection()).await?;
    let (signed, forged) = read_all(keys, &stored, written);
    let anchors = signed.len();
    let walked = walk(db, Anchored::new(signed)).await?;
    Ok(match walked {
        Ok((links, waiting)) if forged.is_empty() => Verdict::Intact {
            links,
            anchors,
            waiting,
        },
        walked => Verdict::Broken {
            chain: walked.err(),
            forged,
        },
    })
}

/// The anchors that hold, each with its name, and the names of those that do not.
fn read_all(
    keys: &Keys,
    stored: &[Anchor],
    written: &[Written],
) -> (Vec<(anchor::Signed, String)>, Vec<String>) {
    let (mut signed, mut forged) = (Vec::new(), Vec::new());
    let mut sort = |name: String, found: Option<anchor::Signed>| match found {
        Some(found) => signed.push((found, name)),
        None => forged.push(name),
    };
    for Anchor { day, statement } in stored {
        let of_day = anchor::read(keys, statement).filter(|found| found.day == *day);
        sort(format!("the database's anchor of {day}"), of_day);
    }
    for Written { name, text } in written {
        sort(name.clone(), anchor::read(keys, text));
    }
    (signed, forged)
}

/// Walks the chain; its links and how many entries wait for theirs, or what does not hold.
async fn walk(db: &Db, mut anchored: Anchored) -> Result<Result<(i64, u64), Break>, Failure> {
    let primary = db.primary();
    let conn = primary.connection();
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
            if let Some(anchor) = anchored.contradicting(head.0, &head.1) {
                return Ok(broken(head.0, Flaw::AnchorMismatch(anchor)));
            }
        }
    }
    let after = repo::head(conn).await?;
    let beyond = after.position < head.0 || (after.position == head.0 && after.hash != head.1);
    if !meets_head || beyond {
        return Ok(broken(head.0, Flaw::HeadMismatch));
    }
    if let Some(anchor) = anchored.beyond() {
        return Ok(broken(head.0, Flaw::AnchorMismatch(anchor)));
    }
    let outside = outside(db).await?;
    Ok(outside
        .map(|waiting| (head.0, waiting))
        .map_err(|what| Break {
            position: head.0,
            what,
        }))
}

/// What is not in the chain: how many entries wait for their place, or why that is not in order.
async fn outside(db: &Db) -> Result<Result<u64, Flaw>, Failure> {
    let primary = db.primary();
    let conn = primary.connection();
    if repo::count_orphans(conn).await? > 0 {
        return Ok(Err(Flaw::Unchained));
    }
    if repo::count_strays(conn).await? > 0 {
        return Ok(Err(Flaw::PendingMissing));
    }
    let standing = sequencer::standing(db).await?;
    if standing.left_behind {
        return Ok(Err(Flaw::LeftBehind));
    }
    Ok(Ok(standing.waiting))
}

/// Anchors in the order of the chain, each to be met once on the walk: there is one for every day, in
/// the database and as a file, and the chain has as many links as anything ever happened.
struct Anchored(Peekable<std::vec::IntoIter<(anchor::Signed, String)>>);

impl Anchored {
    fn new(mut anchors: Vec<(anchor::Signed, String)>) -> Self {
        anchors.sort_by_key(|(anchor, _)| anchor.position);
        Self(anchors.into_iter().peekable())
    }

    /// The first anchor up to this link that was not met before and says something else about it.
    fn contradicting(&mut self, position: i64, hash: &[u8]) -> Option<String> {
        while let Some((anchor, name)) = self.0.next_if(|(anchor, _)| anchor.position <= position) {
            if anchor.position == position && anchor.hash != hash {
                return Some(name);
            }
        }
        None
    }

    /// An anchor that is left and lies beyond the links that were walked.
    fn beyond(&mut self) -> Option<String> {
        let (_, name) = self.0.next_if(|(anchor, _)| anchor.position > 0)?;
        Some(name)
    }
}

const fn broken<T>(position: i64, what: Flaw) -> Result<T, Break> {
    Err(Break { position, what })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn anchored(anchors: &[(i64, u8)]) -> Anchored {
        let signed = |(position, hash): &(i64, u8)| {
            let anchor = anchor::Signed {
                day: NaiveDate::default(),
                position: *position,
                hash: vec![*hash],
            };
            (anchor, String::new())
        };
        Anchored::new(anchors.iter().map(signed).collect())
    }

    /// The first link of a chain of so many that an anchor says something else about; 0 for an anchor
    /// beyond the end.
    fn differs(anchors: &[(i64, u8)], links: u8) -> Option<i64> {
        let mut anchored = anchored(anchors);
        let contradicted = |link: &u8| anchored.contradicting(i64::from(*link), &[*link]).is_some();
        let differs = (1..=links).find(contradicted);
        let beyond = || anchored.beyond().map(|_| 0);
        differs.map(i64::from).or_else(beyond)
    }

    #[test]
    fn anchors_are_met_in_the_order_of_the_chain_however_they_come() {
        let same_twice = [(5, 5), (2, 2), (5, 5), (0, 9), (9, 9)];
        assert_eq!(differs(&same_twice, 9), None);
        assert_eq!(differs(&same_twice, 8), Some(0), "one lies beyond the end");
        assert_eq!(differs(&[(5, 5), (2, 7), (5, 6)], 9), Some(2));
        assert_eq!(differs(&[(5, 5), (2, 2), (5, 6)], 9), Some(5), "one of two");
        assert_eq!(differs(&[], 3), None);
        assert_eq!(
            differs(&[(0, 9)], 0),
            None,
            "signed before anything happened"
        );
    }
}
