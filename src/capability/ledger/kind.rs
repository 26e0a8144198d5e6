//! What kind of file it is, told by how it begins and never by its name.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::reader::ReadError;

/// How much of a file is looked at to tell its encoding.
const SAMPLE: usize = 64 * 1024;
/// A workbook is a ZIP archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// The container in which spreadsheets before 2007 keep their workbooks, and those of today keep one
/// that a password protects.
const CONTAINER: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What a container holds of a workbook with a password.
const PROTECTED: &str = "EncryptedPackage";

/// A file that may be a ledger.
pub(super) enum Kind {
    /// A workbook.
    Workbook,
    /// A text in this encoding, unless a byte order mark says otherwise.
    Text(&'static Encoding),
}

/// Tells what a file is; it is left at its beginning.
///
/// # Errors
/// [`ReadError`] for what is no ledger by its first bytes, and for a file that cannot be read.
pub(super) fn of(file: &mut File) -> Result<Kind, ReadError> {
    let mut sample = Vec::with_capacity(SAMPLE);
    file.by_ref().take(SAMPLE as u64).read_to_end(&mut sample)?;
    file.seek(SeekFrom::Start(0))?;
    if sample.starts_with(ARCHIVE) {
        return Ok(Kind::Workbook);
    }
    if sample.starts_with(CONTAINER) {
        let name: Vec<u8> = PROTECTED
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        return Err(if holds(file, &name)? {
            ReadError::Protected
        } else {
            ReadError::OldWorkbook
        });
    }
    // Many a system offers a page with a table for download and calls it a workbook.
    let text = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&sample);
    if text.trim_ascii_start().starts_with(b"<") {
        return Err(ReadError::WebPage);
    }
    Ok(Kind::Text(encoding_of(&sample)))
}

/// Whether these bytes stand anywhere in what is left of a file, of which a block is held at a time.
fn holds(file: &mut File, bytes: &[u8]) -> io::Result<bool> {
    let mut held = Vec::with_capacity(SAMPLE + bytes.len());
    loop {
        // What may be their beginning goes on in the next block.
        held.drain(..held.len().saturating_sub(bytes.len() - 1));
        if file.by_ref().take(SAMPLE as u64).read_to_end(&mut held)? == 0 {
            return Ok(false);
        }
        if held.windows(bytes.len()).any(|window| window == bytes) {
            return Ok(true);
        }
    }
}

/// The encoding of a file without a byte order mark. A sample may end within a character.
fn encoding_of(sample: &[u8]) -> &'static Encoding {
    match std::str::from_utf8(sample) {
        Ok(_) => UTF_8,
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => GB18030,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_file_tells_its_encoding() {
        let text = "姓名,身份证号码";
        assert_eq!(encoding_of(text.as_bytes()), UTF_8);
        assert_eq!(encoding_of(&text.as_bytes()[..text.len() - 1]), UTF_8);
        assert_eq!(encoding_of(&GB18030.encode(text).0), GB18030);
    }
}
