//! Rows of a CSV, one after the other, within bounds.
//!
//! A cell in quotation marks may hold line breaks, so one mark too many would make a single cell of
//! the rest of the file. The marks are followed line by line here before the parser sees a row, and a
//! row whose marks cannot be meant ends with its line: the next one is read for itself.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use super::reader::ReadError;

/// Lines and bytes of one cell: what a spreadsheet lets one have, 253 breaks in 32,767 characters.
const LINES_OF_CELL: usize = 254;
const BYTES_OF_CELL: usize = 128 * 1024;
/// Bytes of a line, far more than any row of a ledger has.
const BYTES_OF_LINE: usize = 1024 * 1024;

/// What a row of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// Its cells; none for a blank line.
    Cells(Vec<String>),
    /// A quotation mark opens a cell of it, counted from zero, and closes nowhere.
    Unclosed {
        /// The line of the file on which the mark stands.
        line: u64,
        /// The cell.
        cell: usize,
    },
    /// A line that is too long for a row.
    TooLong {
        /// Which line of the file.
        line: u64,
    },
}

/// A line with its end, and whether it was longer than is kept of it.
#[derive(Clone, Debug, Default)]
struct Line {
    text: Vec<u8>,
    cut: bool,
}

/// The rows of a text.
pub(super) struct CsvRows<R> {
    from: BufReader<R>,
    /// Lines that were looked at and belong to later rows.
    ahead: VecDeque<Line>,
    /// Number of the line that is read next.
    line: u64,
    /// What stands between cells.
    separator: u8,
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(from: R, separator: u8) -> Self {
        Self {
            from: BufReader::new(from),
            ahead: VecDeque::new(),
            line: 1,
            separator,
        }
    }

    /// The next row, blank lines included, as a spreadsheet counts them. `width` is how many cells a
    /// row has, where that is known: one of several lines that has not as many, and a line of which
    /// has, closed by chance in another column and has swallowed the rows between.
    pub(super) fn next_row(&mut self, width: Option<usize>) -> Result<Option<Row>, ReadError> {
        let Some(first) = self.next_line()? else {
            return Ok(None);
        };
        if first.cut {
            let line = self.line;
            self.line += 1;
            return Ok(Some(Row::TooLong { line }));
        }
        let mut marks = Marks::new(self.separator);
        let mut lines = vec![first];
        let closed = loop {
            match marks.follow(&lines[lines.len() - 1].text) {
                Within::Row => break true,
                Within::Astray => break false,
                Within::Cell => {}
            }
            let more = if marks.exceeded() {
                None
            } else {
                self.next_line()?
            };
            match more {
                Some(line) if !line.cut => lines.push(line),
                Some(line) => {
                    self.ahead.push_front(line);
                    break false;
                }
                None => break false,
            }
        };
        if closed {
            let cells = cells(&lines, self.separator)?;
            match marks.spanning.zip(width) {
                Some((opened, width))
                    if cells.len() != width && swallowed(&lines, width, self.separator)? =>
                {
                    return Ok(Some(self.unclosed(lines, opened)));
                }
                Some(_) | None => {}
            }
            self.line += lines.len() as u64;
            return Ok(Some(Row::Cells(cells)));
        }
        Ok(Some(self.unclosed(lines, marks.opened)))
    }

    /// Ends the row with the line on which a mark opened, and gives the lines behind it back.
    fn unclosed(&mut self, mut lines: Vec<Line>, opened: Opened) -> Row {
        for line in lines.drain(opened.line + 1..).rev() {
            self.ahead.push_front(line);
        }
        let line = self.line + opened.line as u64;
        self.line = line + 1;
        Row::Unclosed {
            line,
            cell: opened.cell,
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Line::default();
        let mut read = false;
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                return Ok(read.then_some(line));
            }
            read = true;
            let end = buffer.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let taken = end.map_or(buffer.len(), |end| end + 1);
            let ended_by = end.map(|end| buffer[end]);
            line.keep(&buffer[..taken]);
            self.from.consume(taken);
            match ended_by {
                Some(b'\r') => {
                    // The two are one end.
                    if self.from.fill_buf()?.first() == Some(&b'\n') {
                        self.from.consume(1);
                        line.keep(b"\n");
                    }
                    return Ok(Some(line));
                }
                Some(_) => return Ok(Some(line)),
                None => {}
            }
        }
    }
}

impl Line {
    fn keep(&mut self, bytes: &[u8]) {
        if self.text.len() + bytes.len() > BYTES_OF_LINE {
            self.cut = true;
            self.text = Vec::new();
        }
        if !self.cut {
            self.text.extend_from_slice(bytes);
        }
    }
}

/// Whether a line behind the first would be a row of this many cells by itself.
fn swallowed(lines: &[Line], width: usize, separator: u8) -> Result<bool, ReadError> {
    for line in lines.iter().skip(1) {
        if cells(std::slice::from_ref(line), separator)?.len() == width {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The cells of a row whose quotation marks have been followed.
fn cells(lines: &[Line], separator: u8) -> Result<Vec<String>, ReadError> {
    let text: Vec<u8> = lines.iter().flat_map(|line| &line.text).copied().collect();
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(separator)
        // A row that is too short or too long is that row's defect, not the file's.
        .flexible(true)
        .buffer_capacity(text.len().max(1))
        .from_reader(text.as_slice());
    let mut row = csv::StringRecord::new();
    // The parser passes over a blank line.
    Ok(if rows.read_record(&mut row)? {
        row.iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    })
}

/// Where a quotation mark opened: the line within its row, and the cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Opened {
    line: usize,
    cell: usize,
}

/// Where the end of a line lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// At the end of a row.
    Row,
    /// In a cell that goes on.
    Cell,
    /// Behind a mark that closes a cell of several lines in the midst of text: the mark that opened
    /// it was not meant, and this one opens another.
    Astray,
}

/// What came before the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing of its cell.
    Start,
    /// Text without marks around it, in which a mark is nothing but a character.
    Text,
    /// Text behind a mark that opened.
    Quoted,
    /// A mark that closed a cell, or is the first of two that mean one.
    Mark,
}

/// The quotation marks of one row.
#[derive(Debug)]
struct Marks {
    separator: u8,
    place: Place,
    lines: usize,
    cell: usize,
    /// Bytes since the last mark that opened.
    bytes: usize,
    /// The last mark that opened.
    opened: Opened,
    /// The first that opened a cell of several lines.
    spanning: Option<Opened>,
}

impl Marks {
    fn new(separator: u8) -> Self {
        Self {
            separator,
            place: Place::Start,
            lines: 0,
            cell: 0,
            bytes: 0,
            opened: Opened::default(),
            spanning: None,
        }
    }

    /// Follows them through one more line.
    fn follow(&mut self, line: &[u8]) -> Within {
        let at = self.lines;
        self.lines += 1;
        for byte in line {
            self.bytes += 1;
            self.place = match (self.place, byte) {
                (Place::Quoted, b'"') => Place::Mark,
                (Place::Quoted, _) | (Place::Mark, b'"') => Place::Quoted,
                (Place::Start, b'"') => {
                    self.opened = Opened {
                        line: at,
                        cell: self.cell,
                    };
                    self.bytes = 0;
                    Place::Quoted
                }
                (_, byte) if *byte == self.separator => {
                    self.cell += 1;
                    Place::Start
                }
                (_, b'\r' | b'\n') => return Within::Row,
                // On its own line it costs nobody else anything.
                (Place::Mark, _) if self.opened.line < at => return Within::Astray,
                (Place::Start | Place::Text | Place::Mark, _) => Place::Text,
            };
        }
        if self.place != Place::Quoted {
            return Within::Row;
        }
        self.spanning.get_or_insert(self.opened);
        Within::Cell
    }

    /// Whether the cell that goes on is longer than any is.
    const fn exceeded(&self) -> bool {
        self.lines - self.opened.line >= LINES_OF_CELL || self.bytes > BYTES_OF_CELL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        rows_of(text.as_bytes(), None)
    }

    fn rows_of(text: impl Read, width: Option<usize>) -> Vec<Row> {
        let mut rows = CsvRows::new(text, b',');
        let mut found = Vec::new();
        while let Some(row) = rows.next_row(width).expect("readable") {
            found.push(row);
        }
        found
    }

    fn cells(row: &str) -> Row {
        Row::Cells(match row {
            "" => Vec::new(),
            row => row.split('|').map(str::to_owned).collect(),
        })
    }

    #[test]
    fn blank_lines_and_lines_within_a_cell_are_counted_as_a_spreadsheet_does() {
        for (text, expected) in [
            ("a,b\n\nc\n", &["a|b", "", "c"][..]),
            ("a\r\n\r\n\r\nb", &["a", "", "", "b"]),
            ("a\r\rb", &["a", "", "b"]),
            ("\na", &["", "a"]),
            ("a\n", &["a"]),
            ("\"x\n\ny\"\n\nb", &["x\n\ny", "", "b"]),
            ("\"x\"\"\r\n\r\ny\",z\n\n", &["x\"\r\n\r\ny|z", ""]),
            ("5\" pipe\n\nb", &["5\" pipe", "", "b"]),
            ("a,\"\"\n\nb", &["a|", "", "b"]),
            ("\"a\"b,\"c\nd\"", &["ab|c\nd"]),
        ] {
            let expected: Vec<Row> = expected.iter().map(|row| cells(row)).collect();
            assert_eq!(rows(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_row_of_several_lines_may_leave_its_last_cells_out() {
        let text = "a,\"b\nc\"\nx,y,z\n";
        let expected = [cells("a|b\nc"), cells("x|y|z")];
        assert_eq!(rows_of(text.as_bytes(), Some(3)), expected);
    }

    #[test]
    fn a_row_ends_where_its_unclosed_mark_opened() {
        let unclosed = |line, cell| Row::Unclosed { line, cell };
        for (text, expected) in [
            ("a,\"b\nc,d\n", vec![unclosed(1, 1), cells("c|d")]),
            ("a\n\"", vec![cells("a"), unclosed(2, 0)]),
            ("\"a\n\"b\",c", vec![unclosed(1, 0), cells("b|c")]),
            // The first cell is well, the second is not.
            (
                "\"a\nb\",\"c\nd\n\"e\"",
                vec![unclosed(2, 1), cells("d"), cells("e")],
            ),
        ] {
            assert_eq!(rows(text), expected, "{text:?}");
        }
        // Closed by chance: two cells where there should be three.
        let text = "a,\"b,c\nd,e,f\"\ng,\"h\n\",i\n";
        let expected = [unclosed(1, 1), cells("d|e|f\""), cells("g|h\n|i")];
        assert_eq!(rows_of(text.as_bytes(), Some(3)), expected);
    }

    #[test]
    fn no_more_is_held_than_a_cell_may_have_however_long_the_file_is() {
        let line = format!("{}\n", "a".repeat(99));
        let many = std::iter::repeat_n(line.as_bytes(), 20_000).flatten();
        let many: Vec<u8> = b"\"".iter().chain(many).copied().collect();
        let mut reader = CsvRows::new(many.as_slice(), b',');
        let mut found = 0_u64;
        while let Some(row) = reader.next_row(None).expect("readable") {
            found += 1;
            assert_eq!(matches!(row, Row::Unclosed { line: 1, .. }), found == 1);
            assert!(reader.ahead.len() <= LINES_OF_CELL);
        }
        assert_eq!(found, 20_000);

        let endless = io::repeat(b'x').take(9 << 20).chain(&b"\nb\n"[..]);
        assert_eq!(
            rows_of(endless, None),
            [Row::TooLong { line: 1 }, cells("b")]
        );
        let wide = "x".repeat(BYTES_OF_CELL / 4);
        let wide = format!("\"{wide}\n{wide}\n{wide}\n{wide}\n{wide}\nb");
        assert_eq!(rows(&wide).len(), 6, "each line for itself");
    }
}
