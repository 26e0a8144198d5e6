//! Keyset pages: a bound on size and an opaque cursor over the sort key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Serialize, de::DeserializeOwned};

use super::error::{Failure, Text};

/// Rows of one page when the caller names no number.
pub const DEFAULT_PAGE: u64 = 50;
/// The most rows a page may have.
pub const MAX_PAGE: u64 = 100;

/// The most items of one bulk request (DESIGN §5: larger files go through imports).
pub const MAX_BATCH: usize = 1_000;

/// Checks the number of items of a bulk request.
///
/// # Errors
/// [`Failure::BadInput`] for none, [`Failure::Limit`] above [`MAX_BATCH`].
pub fn check_batch(items: usize) -> Result<(), Failure> {
    match items {
        0 => Err(Failure::BadInput(Text::new(
            "列表不能为空。",
            "The list must not be empty.",
        ))),
        1..=MAX_BATCH => Ok(()),
        _ => Err(Failure::Limit {
            limit: "batchSize",
            bound: MAX_BATCH as u64,
            found: items as u64,
        }),
    }
}

/// A checked request for one page after a cursor of key type `K`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<K> {
    /// Rows wanted, 1 to [`MAX_PAGE`].
    pub first: u64,
    /// The key of the last row already seen.
    pub after: Option<K>,
}

impl<K: DeserializeOwned> PageRequest<K> {
    /// Checks `first` and reads the cursor.
    ///
    /// # Errors
    /// [`Failure::BadInput`] for a `first` below 1 or a foreign cursor, [`Failure::Limit`] above
    /// [`MAX_PAGE`].
    pub fn parse(first: Option<i32>, after: Option<&str>) -> Result<Self, Failure> {
        let first = match first {
            None => DEFAULT_PAGE,
            Some(n) => u64::try_from(n).ok().filter(|n| *n > 0).ok_or_else(|| {
                Failure::BadInput(Text::new(
                    "first 必须在 1 到 100 之间。",
                    "first must be between 1 and 100.",
                ))
            })?,
        };
        if first > MAX_PAGE {
            return Err(Failure::Limit {
                limit: "pageSize",
                bound: MAX_PAGE,
                found: first,
            });
        }
        let after = after.map(decode_cursor).transpose()?;
        Ok(Self { first, after })
    }
}

/// One page of rows, each with its cursor key.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows in order.
    pub rows: Vec<T>,
    /// Whether more follow.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Cuts a result of up to `first + 1` rows to a page.
    #[must_use]
    pub fn from_overfetched(mut rows: Vec<T>, first: u64) -> Self {
        let first = usize::try_from(first).expect("a page has at most 100 rows");
        let has_next = rows.len() > first;
        rows.truncate(first);
        Self { rows, has_next }
    }
}

/// The opaque form of a sort key.
///
/// # Panics
/// Never for keys made of numbers, strings and ids.
pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).expect("a sort key is plain data"))
}

/// U+0000 as it stands in JSON. No sort key has it, and PostgreSQL would fail with it.
const NUL: &[u8] = b"\\u0000";

fn decode_cursor<K: DeserializeOwned>(text: &str) -> Result<K, Failure> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .filter(|bytes| !bytes.windows(NUL.len()).any(|part| part == NUL))
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| {
            Failure::BadInput(Text::new(
                "游标无效，请使用上一页返回的 endCursor。",
                "The cursor is not one of this list; use the endCursor of the page before.",
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_is_bounded_and_cursors_of_other_lists_are_refused() {
        let page = PageRequest::<u32>::parse(None, None).expect("the default page");
        assert_eq!(page.first, DEFAULT_PAGE);
        for bad in [0, -1] {
            assert!(matches!(
                PageRequest::<u32>::parse(Some(bad), None),
                Err(Failure::BadInput(_))
            ));
        }
        assert!(matches!(
            PageRequest::<u32>::parse(Some(101), None),
            Err(Failure::Limit { found: 101, .. })
        ));
        let cursor = encode_cursor(&7_u32);
        assert_eq!(
            PageRequest::<u32>::parse(Some(1), Some(&cursor))
                .map(|p| p.after)
                .ok(),
            Some(Some(7))
        );
        assert!(PageRequest::<(u32, u32)>::parse(Some(1), Some(&cursor)).is_err());
        let made_up = encode_cursor(&"王\0");
        assert!(PageRequest::<String>::parse(Some(1), Some(&made_up)).is_err());
    }

    #[test]
    fn the_row_beyond_the_page_only_says_that_more_follow() {
        let page = Page::from_overfetched(vec![1, 2, 3], 2);
        assert_eq!((page.rows, page.has_next), (vec![1, 2], true));
    }
}
