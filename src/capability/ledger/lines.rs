//! Keeps blank lines of a CSV in the count of its rows: the parser would skip them, and every row
//! below one would be reported under a number that no spreadsheet shows.

use std::io::{self, Read};

/// How much is taken from below at a time.
const CHUNK: usize = 16 * 1024;

/// Text with a space in every line that had nothing, so that the parser makes a row of it. Line
/// breaks within quotes are no ends of lines, and `\r\n` is one of them.
pub(super) struct BlankLinesKept<R> {
    from: R,
    ready: Vec<u8>,
    given: usize,
    place: Place,
    quoted: bool,
}

/// What came before the next byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nothing of its line.
    Line,
    /// The `\r` that ended the line before.
    Return,
    /// A comma.
    Field,
    /// A quote that closed a field, or is the first of two that mean one.
    Quote,
    /// Anything else.
    Text,
}

impl<R> BlankLinesKept<R> {
    pub(super) const fn new(from: R) -> Self {
        Self {
            from,
            ready: Vec::new(),
            given: 0,
            place: Place::Line,
            quoted: false,
        }
    }

    fn take(&mut self, byte: u8) {
        let ends = !self.quoted && matches!(byte, b'\r' | b'\n');
        let pair = self.place == Place::Return && byte == b'\n';
        let starts = matches!(self.place, Place::Line | Place::Return);
        if ends && starts && !pair {
            self.ready.push(b' ');
        }
        self.ready.push(byte);
        if byte == b'"' {
            let opens = self.place != Place::Text;
            self.place = if self.quoted {
                Place::Quote
            } else {
                Place::Text
            };
            self.quoted = !self.quoted && opens;
            return;
        }
        self.place = match byte {
            _ if self.quoted => Place::Text,
            b'\n' => Place::Line,
            b'\r' => Place::Return,
            b',' => Place::Field,
            _ => Place::Text,
        };
    }
}

impl<R: Read> Read for BlankLinesKept<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            let mut chunk = [0; CHUNK];
            let read = self.from.read(&mut chunk)?;
            self.ready.clear();
            self.given = 0;
            for byte in &chunk[..read] {
                self.take(*byte);
            }
        }
        let left = &self.ready[self.given..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        let mut out = String::new();
        BlankLinesKept::new(text.as_bytes())
            .read_to_string(&mut out)
            .expect("readable");
        out
    }

    #[test]
    fn a_line_without_anything_gets_a_space() {
        for (text, expected) in [
            ("a,b\n\nc\n", "a,b\n \nc\n"),
            ("a\r\n\r\n\r\nb", "a\r\n \r\n \r\nb"),
            ("a\r\rb", "a\r \rb"),
            ("\na", " \na"),
            ("a\n", "a\n"),
            ("\"x\n\ny\"\n\nb", "\"x\n\ny\"\n \nb"),
            ("\"x\"\"\n\ny\"\n\n", "\"x\"\"\n\ny\"\n \n"),
            ("5\" pipe\n\nb", "5\" pipe\n \nb"),
            ("a,\"\"\n\nb", "a,\"\"\n \nb"),
        ] {
            assert_eq!(kept(text), expected, "{text:?}");
        }
    }
}
