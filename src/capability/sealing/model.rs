//! What is sealed under which key.

use std::collections::BTreeSet;

use crate::platform::crypto::{KeyId, KeyRing};
use crate::platform::db::{SealedCount, Unopened};

/// Everything that is sealed, counted by column and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census(pub Vec<SealedCount>);

impl Census {
    /// All values.
    #[must_use]
    pub fn values(&self) -> u64 {
        sum(self.0.iter())
    }

    /// What is under one key.
    #[must_use]
    pub fn under(&self, key: KeyId) -> Self {
        self.only(|count| count.key == Some(key))
    }

    /// What the ring opens by another key than the one that seals.
    #[must_use]
    pub fn under_others(&self, ring: &KeyRing) -> Self {
        self.only(|count| {
            count
                .key
                .is_some_and(|key| key != ring.active() && ring.holds(key))
        })
    }

    /// What the ring has no key for.
    #[must_use]
    pub fn without_key(&self, ring: &KeyRing) -> Self {
        self.only(|count| !count.key.is_some_and(|key| ring.holds(key)))
    }

    /// The keys, in order; `None` stands for values in no form that the exchange knows.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<Option<KeyId>> {
        self.0.iter().map(|count| count.key).collect()
    }

    fn only(&self, fits: impl Fn(&SealedCount) -> bool) -> Self {
        Self(self.0.iter().copied().filter(fits).collect())
    }
}

fn sum<'a>(counts: impl Iterator<Item = &'a SealedCount>) -> u64 {
    counts.map(|count| count.values).sum()
}

/// What a run of sealing anew has come to.
#[derive(Clone, Debug, Default)]
pub struct Resealed {
    /// Values that are under the active key now and were not before.
    pub values: u64,
    /// Values that do not open, whoever tries, and stay as they are.
    pub unopened: u64,
    /// The first of them.
    pub first_unopened: Option<Unopened>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(column: &'static str, key: Option<u32>, values: u64) -> SealedCount {
        SealedCount {
            table: "worker",
            column,
            key: key.map(KeyId),
            values,
        }
    }

    #[test]
    fn values_are_told_apart_by_what_the_ring_can_do_with_them() {
        let keys = [1, 2, 3].map(|id| (KeyId(id), [0; 32]));
        let ring = KeyRing::try_new(KeyId(2), keys).unwrap();
        let census = Census(vec![
            count("a", Some(1), 10),
            count("a", Some(2), 20),
            count("b", Some(1), 1),
            // Another server seals with the next key already.
            count("b", Some(3), 2),
            count("b", Some(7), 4),
            count("b", None, 8),
        ]);
        assert_eq!(census.values(), 45);
        assert_eq!(census.under(KeyId(1)).values(), 11);
        assert_eq!(census.under_others(&ring).values(), 13);
        let lost = census.without_key(&ring);
        assert_eq!(lost.values(), 12);
        assert_eq!(lost.keys(), BTreeSet::from([None, Some(KeyId(7))]));
    }
}
