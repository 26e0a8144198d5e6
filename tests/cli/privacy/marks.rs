//! The values that are searched for, and the search: forms that hide a number from a plain search
//! (blanks and hyphens between digits, hexadecimal, lists of bytes) do not hide it from this one.

use crate::support::people;

/// Whose value it is: people of the registry, or a number that somebody wrote somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Of somebody registered: only given where the field is for it, and stored sealed.
    Person,
    /// Written into any field. What a field of free words takes, it keeps as written.
    Stray,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    ResidentId,
    /// The digits between division and last four, which are the birth date, with those behind.
    HiddenPart,
    /// The same id as it was written until 1999.
    OldResidentId,
    Phone,
    BankAccount,
    BirthDate,
}

pub type Mark = (Whose, What);

/// The people of the test, all born on [`BORN`]: the first before and after a correction, one
/// registered in bulk, one brought in by a ledger, and another one of the first one's household.
pub const ALL: [u32; 5] = [74_745, 74_746, 74_747, 74_748, 74_749];
pub const BORN: &str = "1993-06-01";
pub const PHONES: [&str; 2] = ["13987650421", "18877654309"];
pub const ACCOUNTS: [&str; 2] = ["6222021234567890128", "6228480402564890018"];

/// Numbers of nobody.
pub const STRAY: u32 = 75_650;
pub const STRAY_PHONE: &str = "15266773481";
pub const STRAY_ACCOUNT: &str = "6217003810026896707";

/// The resident id of one of [`ALL`].
pub fn id(place: usize) -> String {
    people::resident_id(ALL[place])
}

/// The first person's id with two digits swapped, as people mistype it.
pub fn mistyped() -> String {
    let right = id(0);
    format!("{}91{}", &right[..6], &right[8..])
}

/// The values that are written into every field: id, mistyped id, phone and account of nobody.
pub fn strays() -> [String; 4] {
    let id = people::resident_id(STRAY);
    [id, mistyped(), STRAY_PHONE.into(), STRAY_ACCOUNT.into()]
}

/// The values of the first person that fields for such values are given.
pub fn persons() -> [String; 3] {
    [id(1), PHONES[0].into(), ACCOUNTS[0].into()]
}

/// The shortest number that is searched for.
const SHORTEST: usize = 11;

/// What is searched for, in every form.
pub struct Marks(Vec<(Mark, String)>);

impl Marks {
    pub fn new() -> Self {
        let mut marks = Vec::new();
        let mut add = |mark: Mark, value: &str| {
            let bytes = value.bytes();
            let hex: String = bytes.clone().map(|byte| format!("{byte:02x}")).collect();
            let decimal: String = bytes.map(|byte| byte.to_string()).collect();
            marks.extend([value.to_owned(), hex, decimal].map(|form| (mark, form)));
        };
        for (whose, numbers) in [(Whose::Person, &ALL[..]), (Whose::Stray, &[STRAY])] {
            for number in numbers {
                let id = people::resident_id(*number);
                // A last X ends a run of digits.
                let digits = id.trim_end_matches('X');
                add((whose, What::ResidentId), digits);
                add((whose, What::HiddenPart), &digits[6..17]);
                let old = digits[..6].to_owned() + &digits[8..17];
                add((whose, What::OldResidentId), &old);
            }
        }
        let wrong = mistyped();
        add(
            (Whose::Stray, What::ResidentId),
            wrong.trim_end_matches('X'),
        );
        for (phone, account) in PHONES.iter().zip(ACCOUNTS) {
            add((Whose::Person, What::Phone), phone);
            add((Whose::Person, What::BankAccount), account);
        }
        add((Whose::Stray, What::Phone), STRAY_PHONE);
        add((Whose::Stray, What::BankAccount), STRAY_ACCOUNT);
        Self(marks)
    }

    /// Every mark that stands in a text or a file, once each.
    pub fn found_in(&self, bytes: &[u8]) -> Vec<Mark> {
        let mut found = Vec::new();
        let (mut run, mut first) = (String::new(), 0);
        for (place, byte) in bytes.iter().chain(b".").enumerate() {
            match byte {
                b'0'..=b'9' => {
                    if run.is_empty() {
                        first = place;
                    }
                    run.push(char::from(*byte));
                }
                b' ' | b'-' | b',' if !run.is_empty() => {}
                _ => {
                    self.look(&run, &bytes[first..place], &mut found);
                    run.clear();
                    first = place;
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Looks at one run of digits, as it is condensed and as it is written.
    fn look(&self, run: &str, written: &[u8], found: &mut Vec<Mark>) {
        if run.len() >= SHORTEST {
            let marks = self.0.iter().filter(|(_, form)| run.contains(form));
            found.extend(marks.map(|(mark, _)| *mark));
        }
        // Eight digits stand in longer numbers by chance, so a day is looked for as a word.
        if run.len() >= 8 {
            let words = written.split(|byte| matches!(byte, b' ' | b','));
            let plain = BORN.replace('-', "");
            let day = |word: &[u8]| word == BORN.as_bytes() || word == plain.as_bytes();
            if words.into_iter().any(day) {
                found.push((Whose::Person, What::BirthDate));
            }
        }
    }
}

/// A search that looks at nothing finds nothing: it is shown what it must find.
pub fn the_search_finds_every_form() {
    let marks = Marks::new();
    let id = id(0);
    let parts = format!("{}-{}-{}", &id[..6], &id[6..14], &id[14..]);
    let bytes = format!("{:?}", id.as_bytes());
    let hex: String = id.bytes().map(|byte| format!("{byte:02X}")).collect();
    for text in [
        id.clone(),
        parts,
        bytes,
        format!("X'{hex}'"),
        format!("\\\"{id}\\\""),
    ] {
        let found = marks.found_in(text.as_bytes());
        assert!(
            found.contains(&(Whose::Person, What::ResidentId)),
            "{text}: {found:?}"
        );
    }
    for (text, what) in [
        (&id[6..17], What::HiddenPart),
        ("139 8765 0421", What::Phone),
        ("6222-0212-3456-7890-128", What::BankAccount),
        ("born 19930601.", What::BirthDate),
        ("\"1993-06-01\"", What::BirthDate),
        ("{1993-06-01T00:00}", What::BirthDate),
    ] {
        let found = marks.found_in(text.as_bytes());
        assert!(found.contains(&(Whose::Person, what)), "{text}: {found:?}");
    }
    let shown = format!("{}********{} 1993 139****0421 ***0128", &id[..6], &id[14..]);
    assert_eq!(marks.found_in(shown.as_bytes()), []);
}
