//! Counts tokens and open brackets of a document without parsing it.
//!
//! Follows the lexical grammar of GraphQL (October 2021, §2.1) closely enough that strings and
//! comments hide their brackets; whatever is malformed is left for the parser to refuse.

use std::iter::Peekable;
use std::str::Chars;

/// What a document's text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Names, numbers, strings and punctuators.
    pub(super) tokens: u64,
    /// Most brackets of any kind open at one place.
    pub(super) nesting: u64,
}

pub(super) fn scan(document: &str) -> Scanned {
    let mut found = Scanned::default();
    let mut open: u64 = 0;
    let mut chars = document.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() || c == ',' || c == '\u{feff}' => continue,
            '#' => {
                while chars.next_if(|c| *c != '\n' && *c != '\r').is_some() {}
                continue;
            }
            '"' => skip_string(&mut chars),
            '.' => while chars.next_if_eq(&'.').is_some() {},
            '{' | '(' | '[' => {
                open += 1;
                found.nesting = found.nesting.max(open);
            }
            '}' | ')' | ']' => open = open.saturating_sub(1),
            c if in_word(c) => while chars.next_if(|c| in_word(*c) || *c == '.').is_some() {},
            _ => {}
        }
        found.tokens += 1;
    }
    found
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// The opening quote is taken already.
fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    if chars.next_if_eq(&'"').is_none() {
        skip_line_string(chars);
    } else if chars.next_if_eq(&'"').is_some() {
        skip_block_string(chars);
    }
}

fn skip_line_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '"' | '\n' | '\r' => return,
            _ => {}
        }
    }
}

fn skip_block_string(chars: &mut Peekable<Chars<'_>>) {
    let mut quotes = 0;
    while let Some(c) = chars.next() {
        match c {
            '"' => quotes += 1,
            '\\' => {
                quotes = 0;
                // An escaped triple quote does not close the string.
                while chars.next_if_eq(&'"').is_some() {}
            }
            _ => quotes = 0,
        }
        if quotes == 3 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_as_the_grammar_counts_them() {
        for (document, tokens) in [
            ("", 0),
            ("{a}", 3),
            ("query Q($id: ID!) { n: node(id: $id) { id } }", 23),
            ("{ a(x: -1.5e3, y: \"a b { c\") ...F }", 13),
            ("# { comment\n{ a } # another", 3),
        ] {
            assert_eq!(scan(document).tokens, tokens, "{document}");
        }
    }

    #[test]
    fn brackets_count_where_they_are_syntax_and_not_inside_text() {
        for (document, nesting) in [
            ("{a{b}c{d}}", 2),
            ("{a(x:[[{y:1}]])}", 5),
            (r#"{a(x:"{{{{\"{{{{")}"#, 2),
            ("{a(x:\"\"\"{{\\\"\"\"{{\"\"\"){b}}", 2),
            ("{a(x:\"\"){b{c}}}", 3),
            ("#{{{{\n{a}", 1),
            ("}}}}{a}", 1),
        ] {
            assert_eq!(scan(document).nesting, nesting, "{document}");
        }
    }
}
