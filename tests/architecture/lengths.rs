//! Files and functions that can be held in mind.

use std::path::PathBuf;

use super::{all_files, none};

/// The most lines of a file.
const FILE: usize = 500;

/// The most lines of a function, from its `fn` to its closing brace.
const FUNCTION: usize = 60;

/// Every file of the workspace with its lines.
fn texts() -> Vec<(PathBuf, Vec<String>)> {
    all_files()
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("readable");
            (file, text.lines().map(str::to_owned).collect())
        })
        .collect()
}

/// Whether a function is declared on this line.
fn declares(line: &str) -> bool {
    let before = |word: &&str| ["async", "const"].contains(word) || word.starts_with("pub");
    let mut words = line.split_whitespace().skip_while(before);
    words.next() == Some("fn")
}

/// How many lines the function that begins on the first of `lines` takes; none if it has no body.
/// The code is formatted, so its body ends with a brace in the column of its beginning.
fn length(lines: &[String]) -> Option<usize> {
    let first = &lines[0];
    let column = first.len() - first.trim_start().len();
    let end = format!("{}}}", &first[..column]);
    let head = lines
        .iter()
        .position(|line| line.ends_with(['{', ';', '}']))?;
    if !lines[head].ends_with('{') {
        return None;
    }
    let last = lines.iter().position(|line| *line == end)?;
    Some(last + 1)
}

#[test]
fn no_file_is_longer_than_can_be_held_in_mind() {
    let broken: Vec<_> = texts()
        .into_iter()
        .filter(|(_, lines)| lines.len() > FILE)
        .map(|(file, lines)| format!("{}: {} lines", file.display(), lines.len()))
        .collect();
    none(&broken);
}

#[test]
fn no_function_is_longer_than_can_be_held_in_mind() {
    let mut broken = Vec::new();
    let mut measured = 0;
    for (file, lines) in texts() {
        for start in (0..lines.len()).filter(|start| declares(&lines[*start])) {
            let Some(length) = length(&lines[start..]) else {
                continue;
            };
            measured += 1;
            if length > FUNCTION {
                broken.push(format!("{}:{}: {length} lines", file.display(), start + 1));
            }
        }
    }
    assert!(measured > 2_000, "{measured} functions");
    none(&broken);
}
