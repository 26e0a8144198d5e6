//! Where personal values could have gone: every cell of the database, every file, every line.

use std::collections::BTreeMap;
use std::path::Path;

use super::marks::{Mark, Marks, Whose};
use crate::support::whole::Behind;

/// Columns that keep a caller's free words as they were written: what somebody writes there in
/// spite of the field's name is their text. Long numbers stand in them rightly (a household has a
/// number of 16 digits). A column comes in only with a field of free words that nobody checks for
/// people's numbers, and leaves with that check; the journal is not in it.
const WORDS: [&str; 2] = ["employer_accreditation.reference", "household.household_no"];

/// What stands in a cell, by table and column.
pub type Cells = BTreeMap<String, Vec<Mark>>;

/// Looks at every cell of every table.
pub async fn cells(file: &Path, marks: &Marks) -> Cells {
    let behind = Behind::open(&format!("sqlite://{}", file.display())).await;
    let mut found = Cells::new();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    for table in behind.texts(tables).await {
        let columns = format!("SELECT name FROM pragma_table_info('{table}')");
        for column in behind.texts(&columns).await {
            // A blob is written in hexadecimal, which is one of the forms searched for.
            let sql = format!("SELECT quote(\"{column}\") FROM \"{table}\"");
            let text = behind.texts(&sql).await.join("\n");
            let here = marks.found_in(text.as_bytes());
            found.insert(format!("{table}.{column}"), here);
        }
    }
    behind.close().await;
    found
}

/// Nobody's value is in any cell, and what somebody wrote in free words only where it belongs.
pub fn only_where_words_are_kept(cells: &Cells) {
    for (cell, found) in cells {
        let kept = |mark: &Mark| mark.0 == Whose::Stray && WORDS.contains(&cell.as_str());
        assert!(found.iter().all(kept), "{found:?} in {cell}");
    }
    assert!(
        cells.contains_key("journal_entry.purpose"),
        "{:?}",
        cells.keys()
    );
    // The search looks at what is there: a person's number written as one of these is found.
    for cell in WORDS {
        let found = cells.get(cell).map(Vec::as_slice).unwrap_or_default();
        assert!(!found.is_empty(), "nothing was written into {cell}");
    }
}

/// Looks at the bytes of every file below a directory, the write-ahead log and freed pages
/// included: nobody's value is in any, except in those the test itself has put there.
pub fn files(directory: &Path, marks: &Marks, own: &[&str]) -> usize {
    let mut seen = 0;
    for entry in std::fs::read_dir(directory).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            seen += files(&path, marks, own);
        } else if !own.contains(&name.as_ref()) {
            let found = marks.found_in(&std::fs::read(&path).expect("readable"));
            let persons: Vec<_> = found
                .iter()
                .filter(|mark| mark.0 == Whose::Person)
                .collect();
            assert!(persons.is_empty(), "{persons:?} in {}", path.display());
            seen += 1;
        }
    }
    seen
}

/// No line of a log, of metrics or of what a command prints has anything, and the one that must be
/// there is.
pub fn lines<'a>(what: &str, lines: impl IntoIterator<Item = &'a str>, marks: &Marks, known: &str) {
    let mut seen = false;
    for line in lines {
        let found = marks.found_in(line.as_bytes());
        assert!(found.is_empty(), "{found:?} in {what}: {line}");
        seen |= line.contains(known);
    }
    assert!(seen, "{known} is not in {what}");
}
