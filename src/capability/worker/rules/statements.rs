//! How agriculture's deliveries change what stands about a household's category.
//!
//! Agriculture is the sole master. Its first word about a household supersedes whatever the county
//! stated provisionally; a later word about the same category supersedes an earlier one whose days
//! it shares. Different categories may hold at once, and so may two spells of one category with a
//! gap between them. Nothing is deleted: what is superseded stays as history.
//!
//! Where two households become one, what stands of either stands of both until agriculture's next word.

use super::super::model::{CategorySource, CategorySpell};

/// What becomes of one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It changes what stands.
    Applied,
    /// It stands already.
    Unchanged,
    /// An earlier statement of the same delivery says something else about the same days. Taking
    /// both would make the order decide, and the same delivery would change things again and again.
    Contradicts,
}

/// Everything that stands about one household; `K` finds a stored statement again.
#[derive(Clone, Debug)]
pub struct Statements<K> {
    entries: Vec<Entry<K>>,
}

#[derive(Clone, Debug)]
struct Entry<K> {
    spell: CategorySpell,
    /// Where it is stored; `None` for one that this delivery adds.
    stored: Option<K>,
    /// Whether this delivery states it.
    stated: bool,
    superseded: bool,
}

impl<K: Copy> Statements<K> {
    /// What stands before a delivery.
    pub fn new(stored: impl IntoIterator<Item = (K, CategorySpell)>) -> Self {
        let entries = stored.into_iter().map(|(key, spell)| Entry {
            spell,
            stored: Some(key),
            stated: false,
            superseded: false,
        });
        Self {
            entries: entries.collect(),
        }
    }

    /// Takes one statement of agriculture.
    pub fn state(&mut self, spell: CategorySpell) -> Verdict {
        let mastered = |entry: &Entry<K>| entry.spell.source == CategorySource::Agriculture;
        let mut standing = self.entries.iter_mut().filter(|entry| !entry.superseded);
        if let Some(same) = standing.find(|entry| entry.spell == spell) {
            same.stated = true;
            // What a merger brought together with it waited for this word.
            let provisional = |entry: &&mut Entry<K>| !entry.superseded && !mastered(entry);
            let mut verdict = Verdict::Unchanged;
            for entry in self.entries.iter_mut().filter(provisional) {
                entry.superseded = true;
                verdict = Verdict::Applied;
            }
            return verdict;
        }
        let overlapping = |entry: &Entry<K>| {
            !entry.superseded
                && entry.spell.category == spell.category
                && share_days(&entry.spell, &spell)
        };
        if self
            .entries
            .iter()
            .any(|entry| entry.stated && overlapping(entry))
        {
            return Verdict::Contradicts;
        }
        for entry in &mut self.entries {
            entry.superseded |= !mastered(entry) || overlapping(entry);
        }
        self.entries.push(Entry {
            spell,
            stored: None,
            stated: true,
            superseded: false,
        });
        Verdict::Applied
    }

    /// Stored statements that stand no more.
    pub fn superseded(&self) -> impl Iterator<Item = K> {
        let gone = self.entries.iter().filter(|entry| entry.superseded);
        gone.filter_map(|entry| entry.stored)
    }

    /// Statements that the delivery adds.
    pub fn added(&self) -> impl Iterator<Item = &CategorySpell> {
        let new = self.entries.iter().filter(|entry| entry.stored.is_none());
        new.map(|entry| &entry.spell)
    }

    /// What stands after the delivery.
    #[must_use]
    pub fn standing(&self) -> Vec<CategorySpell> {
        let standing = self.entries.iter().filter(|entry| !entry.superseded);
        standing.map(|entry| entry.spell.clone()).collect()
    }
}

/// What one household inherits of another that is merged into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inheritance<K> {
    /// Statements of the other that hold for it too.
    pub adopted: Vec<K>,
    /// Its own that give way to a longer one from the same source since the same day.
    pub superseded: Vec<K>,
}

/// What a household that has the statements `held` inherits of one that has `brought`: each that is not
/// held for at least as long.
pub fn inherited<K: Copy>(
    brought: &[(K, CategorySpell)],
    held: &[(K, CategorySpell)],
) -> Inheritance<K> {
    let mut inheritance = Inheritance {
        adopted: Vec::new(),
        superseded: Vec::new(),
    };
    for (key, spell) in brought {
        let alike = |other: &CategorySpell| {
            (other.category, other.since, other.source)
                == (spell.category, spell.since, spell.source)
        };
        match held.iter().find(|(_, held)| alike(held)) {
            Some((_, held)) if lasts_as_long(held, spell) => {}
            Some((shorter, _)) => {
                inheritance.superseded.push(*shorter);
                inheritance.adopted.push(*key);
            }
            None => inheritance.adopted.push(*key),
        }
    }
    inheritance
}

/// Whether one of two spells since the same day ends no earlier than the other.
fn lasts_as_long(one: &CategorySpell, other: &CategorySpell) -> bool {
    one.until
        .is_none_or(|until| other.until.is_some_and(|other| other <= until))
}

/// Whether two spells have a day in common.
fn share_days(a: &CategorySpell, b: &CategorySpell) -> bool {
    a.until.is_none_or(|until| b.since <= until) && b.until.is_none_or(|until| a.since <= until)
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    use super::super::super::model::PovertyCategory;
    use super::*;
    use crate::kernel::closed::Closed as _;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 11, 2).expect("a day") + Days::new(number)
    }

    fn spell(category: PovertyCategory, since: u64, until: Option<u64>) -> CategorySpell {
        CategorySpell {
            category,
            since: day(since),
            until: until.map(day),
            source: CategorySource::Agriculture,
            provisional: false,
        }
    }

    fn by_county() -> CategorySpell {
        CategorySpell {
            source: CategorySource::County,
            provisional: true,
            ..spell(PovertyCategory::LiftedOutOfPoverty, 0, None)
        }
    }

    #[test]
    fn the_first_word_of_agriculture_supersedes_every_provisional_statement() {
        let mut statements = Statements::new([(1, by_county())]);
        let unstable = spell(PovertyCategory::MonitoredUnstable, 9, None);
        assert_eq!(statements.state(unstable.clone()), Verdict::Applied);
        assert_eq!(statements.superseded().collect::<Vec<_>>(), [1]);
        assert_eq!(statements.standing(), [unstable]);
    }

    #[test]
    fn a_new_end_supersedes_and_a_spell_after_a_gap_stands_beside() {
        let open = spell(PovertyCategory::MonitoredUnstable, 0, None);
        let ended = spell(PovertyCategory::MonitoredUnstable, 0, Some(10));
        let again = spell(PovertyCategory::MonitoredUnstable, 11, None);
        let mut statements = Statements::new([(1, open)]);
        assert_eq!(statements.state(ended.clone()), Verdict::Applied);
        assert_eq!(statements.state(again.clone()), Verdict::Applied);
        assert_eq!(statements.superseded().collect::<Vec<_>>(), [1]);
        assert_eq!(statements.standing(), [ended, again]);
    }

    #[test]
    fn different_categories_hold_at_once() {
        let lifted = spell(PovertyCategory::LiftedOutOfPoverty, 0, None);
        let hardship = spell(PovertyCategory::MonitoredSuddenHardship, 5, None);
        let mut statements = Statements::new([(1, lifted.clone())]);
        assert_eq!(statements.state(hardship.clone()), Verdict::Applied);
        assert_eq!(statements.standing(), [lifted, hardship]);
    }

    #[test]
    fn of_two_words_of_one_delivery_about_the_same_days_the_first_counts() {
        let first = spell(PovertyCategory::MonitoredMarginal, 0, None);
        let second = spell(PovertyCategory::MonitoredMarginal, 3, None);
        let mut statements = Statements::<u8>::new([]);
        assert_eq!(statements.state(first.clone()), Verdict::Applied);
        assert_eq!(statements.state(second), Verdict::Contradicts);
        assert_eq!(statements.state(first), Verdict::Unchanged);
    }

    #[test]
    fn a_provisional_statement_beside_agricultures_falls_with_its_next_word() {
        let unstable = spell(PovertyCategory::MonitoredUnstable, 9, None);
        let mut merged = Statements::new([(1, by_county()), (2, unstable.clone())]);
        assert_eq!(merged.state(unstable.clone()), Verdict::Applied);
        assert_eq!(merged.superseded().collect::<Vec<_>>(), [1]);
        assert_eq!(merged.state(unstable.clone()), Verdict::Unchanged);
        assert_eq!(merged.standing(), [unstable]);
    }

    #[test]
    fn of_two_spells_since_the_same_day_the_longer_one_is_inherited() {
        let until = |end| spell(PovertyCategory::MonitoredUnstable, 0, end);
        for (brought, held, adopts) in [
            (None, Some(10), true),
            (Some(11), Some(10), true),
            (Some(10), Some(10), false),
            (Some(9), Some(10), false),
            (Some(10), None, false),
            (None, None, false),
        ] {
            let found = inherited(&[(1, until(brought))], &[(2, until(held))]);
            let expected = Inheritance {
                adopted: if adopts { vec![1] } else { vec![] },
                superseded: if adopts { vec![2] } else { vec![] },
            };
            assert_eq!(found, expected, "{brought:?} {held:?}");
        }
        let beside = inherited(&[(1, by_county())], &[(2, until(None))]);
        assert_eq!((beside.adopted, beside.superseded), (vec![1], vec![]));
    }

    fn any_spell() -> impl Strategy<Value = CategorySpell> {
        let category = proptest::sample::select(PovertyCategory::VALUES);
        (category, 0_u64..12, proptest::option::of(0_u64..6)).prop_map(
            |(category, since, length)| spell(category, since, length.map(|length| since + length)),
        )
    }

    fn stored(spells: Vec<CategorySpell>) -> Statements<usize> {
        Statements::new(spells.into_iter().enumerate())
    }

    proptest! {
        #[test]
        fn a_delivery_taken_again_changes_nothing(
            before in proptest::collection::vec(any_spell(), 0..4),
            delivery in proptest::collection::vec(any_spell(), 0..8),
        ) {
            let mut prepared = stored(vec![by_county()]);
            for spell in before {
                prepared.state(spell);
            }
            let mut once = stored(prepared.standing());
            let first: Vec<_> = delivery.iter().map(|spell| once.state(spell.clone())).collect();
            let mut twice = stored(once.standing());
            for (spell, first) in delivery.iter().zip(first) {
                let expected = match first {
                    Verdict::Applied | Verdict::Unchanged => Verdict::Unchanged,
                    Verdict::Contradicts => Verdict::Contradicts,
                };
                prop_assert_eq!(twice.state(spell.clone()), expected);
            }
            prop_assert_eq!(twice.superseded().count(), 0);
            prop_assert_eq!(twice.added().count(), 0);
        }

        #[test]
        fn one_category_never_stands_twice_on_one_day(
            delivery in proptest::collection::vec(any_spell(), 0..12),
        ) {
            let mut statements = stored(vec![by_county()]);
            for spell in delivery {
                statements.state(spell);
            }
            let standing = statements.standing();
            for (index, a) in standing.iter().enumerate() {
                for b in &standing[index + 1..] {
                    prop_assert!(a.category != b.category || !share_days(a, b));
                }
            }
        }
    }
}
