//! What a file may ask of the machine that reads it, and what it leaves on its disk.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use employment_exchange::capability::ledger::{ImportOptions, LedgerReader, ReadError, import};
use employment_exchange::kernel::error::Locale;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::config::ImportConfig;
use libtest_mimic::Trial;
use zip::write::SimpleFileOptions;

use super::{COUNTY_B, csv, run, written};
use crate::support::app::TestApp;
use crate::support::people::resident_id;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_workbook_that_unpacks_beyond_its_bound_is_refused_before_it_is_read,
        rows_and_cells_beyond_their_bounds_are_refused_while_they_are_read,
        a_workbook_with_gaps_is_read_as_a_spreadsheet_shows_it,
        no_name_of_a_ledger_lies_on_the_disk_in_clear,
        a_day_of_another_age_is_a_note_of_its_row,
        what_cannot_be_decoded_is_nobodys_name,
    ]
}

const TYPES: &str =
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="w" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>"#;
const SHEETS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// The second style is that of days.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// A workbook whose only sheet holds these rows, with another part of so many bytes beside it.
pub fn workbook(app: &TestApp, rows: &str, beside: usize) -> PathBuf {
    let path = app.directory.join("ledger.xlsx");
    write_workbook(&path, WORKBOOK, rows, beside);
    path
}

/// A workbook of several sheets of which the first holds these rows.
pub fn write_workbook_of(path: &Path, sheets: &[&str], rows: &str) {
    let listed: String = (1..)
        .zip(sheets)
        .map(|(id, name)| format!("<sheet name=\"{name}\" sheetId=\"{id}\" r:id=\"s\"/>"))
        .collect();
    let only = "<sheet name=\"a\" sheetId=\"1\" r:id=\"s\"/>";
    assert!(WORKBOOK.contains(only), "{WORKBOOK}");
    write_workbook(path, &WORKBOOK.replace(only, &listed), rows, 0);
}

fn write_workbook(path: &Path, listing: &str, rows: &str, beside: usize) {
    let file = std::fs::File::create(path).expect("writable");
    let mut archive = zip::ZipWriter::new(file);
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{rows}</sheetData></worksheet>"
    );
    let filler = " ".repeat(beside);
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", listing),
        ("xl/styles.xml", STYLES),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/worksheets/sheet1.xml", &sheet),
        ("xl/media/filler.bin", &filler),
    ] {
        let part = archive.start_file(name, SimpleFileOptions::default());
        part.expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive");
}

/// A row of text cells.
pub fn row(number: u32, cells: &[(&str, &str)]) -> String {
    let cells: String = cells
        .iter()
        .map(|(column, text)| {
            format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        })
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

pub fn header(number: u32) -> String {
    let names = [
        "户编号",
        "姓名",
        "身份证号码",
        "户籍地行政区划代码",
        "人口类别",
    ];
    let columns = ["A", "B", "C", "D", "F"];
    let cells: Vec<_> = columns.into_iter().zip(names).collect();
    row(number, &cells)
}

pub fn person(number: u32, household: &str, name: &str, id: &str) -> String {
    let cells = [
        ("A", household),
        ("B", name),
        ("C", id),
        ("D", "590222101209"),
        ("F", "脱贫户"),
    ];
    row(number, &cells)
}

fn bounds(rows: u32, bytes: u64) -> ImportConfig {
    ImportConfig {
        xlsx_max_rows: rows,
        xlsx_max_unpacked_bytes: bytes,
    }
}

const MIB: u64 = 1024 * 1024;

async fn a_workbook_that_unpacks_beyond_its_bound_is_refused_before_it_is_read(app: TestApp) {
    let rows = header(1) + &person(2, "h1", "王小明", "590101196802293516");
    let path = workbook(&app, &rows, 3 * 1024 * 1024);
    assert!(
        std::fs::metadata(&path).expect("there").len() < MIB / 8,
        "packed it is small"
    );
    assert!(LedgerReader::open(&path, &bounds(10, 4 * MIB)).is_ok());
    let refused = LedgerReader::open(&path, &bounds(10, 2 * MIB)).err();
    let refused = refused.expect("refused").to_string();
    assert!(
        refused.contains("more than 2 MiB") && refused.contains("save it as CSV"),
        "{refused}"
    );
}

async fn rows_and_cells_beyond_their_bounds_are_refused_while_they_are_read(app: TestApp) {
    // Few cells of a huge area: nobody makes room for the area.
    let scattered = header(1) + &row(900_000, &[("XFD", "x")]);
    let path = workbook(&app, &scattered, 0);
    let refused = LedgerReader::open(&path, &bounds(200_000, MIB)).err();
    let refused = refused.expect("refused").to_string();
    assert!(refused.contains("more than 200000 rows"), "{refused}");
    let most = bounds(1_000_000, MIB);
    assert!(
        LedgerReader::open(&path, &most).is_ok(),
        "wide, but not long"
    );

    let exactly = header(1) + &row(10, &[("A", "x")]);
    let path = workbook(&app, &exactly, 0);
    assert!(LedgerReader::open(&path, &bounds(10, MIB)).is_ok());
    assert!(LedgerReader::open(&path, &bounds(9, MIB)).is_err());

    // A small file of many cells takes more memory than its text.
    let cells: String = (0..60_000).map(|_| "<c><v>1</v></c>").collect();
    let path = workbook(&app, &format!("{}<row r=\"2\">{cells}</row>", header(1)), 0);
    let refused = LedgerReader::open(&path, &bounds(10, MIB)).err();
    assert!(
        refused.is_none(),
        "columns that no spreadsheet has are left out: {refused:?}"
    );
    let cells: String = (2..9)
        .map(|row| format!("<row r=\"{row}\">{}</row>", &cells[..150_000]))
        .collect();
    let path = workbook(&app, &(header(1) + &cells), 0);
    let refused = LedgerReader::open(&path, &bounds(10, 2 * MIB)).err();
    assert!(
        matches!(refused, Some(ReadError::TooLarge { .. })),
        "{refused:?}"
    );

    let backwards = header(5) + &row(2, &[("A", "x")]);
    let path = workbook(&app, &backwards, 0);
    let refused = LedgerReader::open(&path, &bounds(10, MIB)).err();
    assert!(
        matches!(refused, Some(ReadError::Workbook(_))),
        "{refused:?}"
    );
}

async fn a_workbook_with_gaps_is_read_as_a_spreadsheet_shows_it(app: TestApp) {
    let rows = row(3, &[("B", "某县脱贫劳动力台账")])
        + &header(5)
        + &person(7, "h1", "王小明", "590101196802293516")
        + "<row r=\"8\"><c r=\"A8\"/></row>"
        + &person(9, "h2", "李明", "59010119750612005X");
    let path = workbook(&app, &rows, 0);
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    assert_eq!(written(&reports), ["7,accepted,,", "9,accepted,,"]);
}

async fn a_day_of_another_age_is_a_note_of_its_row(app: TestApp) {
    let bodies = [
        "1E300", "-1E300", "-1", "2958466", "1E17", "0", "367", "110000",
    ];
    let dated = |number: u32, value: &str| {
        let person = person(
            number,
            &format!("h{number}"),
            "王小明",
            &resident_id(number),
        );
        let cell = format!("<c r=\"G{number}\" s=\"1\"><v>{value}</v></c></row>");
        person.replace("</row>", &cell)
    };
    let heading = header(1).replace(
        "</row>",
        &row(1, &[("G", "认定日期")]).replace("<row r=\"1\">", ""),
    );
    let rows: String = (2..)
        .zip(bodies)
        .map(|(number, value)| dated(number, value))
        .collect();
    let path = workbook(&app, &(heading.clone() + &rows), 0);
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    let told: Vec<String> = (2..)
        .zip(bodies)
        .map(|(number, _)| format!("{number},accepted_with_note,category_since,BAD_DATE"))
        .collect();
    assert_eq!(written(&reports), told);
    let path = workbook(&app, &(heading + &dated(2, "45000")), 0);
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    assert_eq!(written(&reports), ["2,accepted,,"], "a day is read");

    let text = app.directory.join("days.csv");
    let days = [
        "1899-12-31",
        "2201-1-1",
        "+12026-11-23",
        "99991231",
        "-1-1-1",
    ];
    let lines: Vec<String> = (2..)
        .zip(days)
        .map(|(number, day)| {
            let id = resident_id(number);
            format!("h{number},王小明,{id},590222101209,脱贫户,{day}")
        })
        .collect();
    let header = "household_no,name,resident_id,origin_region_code,category,category_since";
    std::fs::write(&text, format!("{header}\n{}\n", lines.join("\n"))).expect("writable");
    let (_, reports) = run(&app, &text, COUNTY_B, true).await;
    assert_eq!(written(&reports), told[..days.len()]);
}

/// Whether any temporary database of an import holds these bytes.
fn on_the_disk(bytes: &[u8]) -> (usize, bool) {
    let files: Vec<_> = std::fs::read_dir(std::env::temp_dir())
        .expect("readable")
        .filter_map(|entry| std::fs::read(entry.ok()?.path().join("seen.db")).ok())
        .collect();
    let held = |file: &Vec<u8>| file.windows(bytes.len()).any(|part| part == bytes);
    (files.len(), files.iter().any(held))
}

async fn no_name_of_a_ledger_lies_on_the_disk_in_clear(app: TestApp) {
    // Of this run alone: a run that was killed leaves its file behind.
    let number = std::process::id().to_string();
    let numerals = number.chars().map(|digit| {
        let digit = digit.to_digit(10).expect("a digit") as usize;
        "零一二三四五六七八九"
            .chars()
            .nth(digit)
            .expect("a numeral")
    });
    let family: String = numerals.collect();
    let name = format!("{family}无双");
    let row = format!("h1,{name},590101196802293516,590222101209,脱贫户");
    let other = "h1,别人,590101196802293516,590222101209,脱贫户".to_owned();
    let full_width = format!("h1,{family} 无双,590101196802293516,590222101209,脱贫户");
    let path = csv(&app, "a.csv", &[&row, &other, &full_width]);
    let region = RegionCode::parse(COUNTY_B).expect("a code");
    let caller = Caller::system("test.import", Some(region), app.db.refusals().clone());
    let ledger = LedgerReader::open(&path, &ImportConfig::default()).expect("readable");
    let options = ImportOptions {
        region,
        dry_run: false,
    };
    let mut reports = Vec::new();
    let mut seen = Vec::new();
    import(&app.db, &caller, ledger, options, &mut |report| {
        seen.push(on_the_disk(name.as_bytes()));
        reports.push(report);
    })
    .await
    .expect("the import ends");
    assert!(
        seen.iter().all(|(files, held)| *files > 0 && !held),
        "{seen:?}"
    );
    assert_eq!(
        written(&reports),
        [
            "2,accepted,,",
            "3,rejected,resident_id,DUPLICATE_IN_FILE",
            "4,rejected,resident_id,DUPLICATE_IN_FILE"
        ]
    );
    let hint = |at: usize| format!("{:?}", reports[at].findings[0].hint);
    assert!(
        hint(1).contains("Row 2 has this id under another name"),
        "{}",
        hint(1)
    );
    assert!(!hint(2).contains("another name"), "{}", hint(2));
}

/// The encoding is told from the beginning of a file; a byte that is none of it may stand further on.
async fn what_cannot_be_decoded_is_nobodys_name(app: TestApp) {
    let person = |number: u32, household: &str, name: &str| {
        let id = resident_id(number);
        format!("{household},{name},{id},590222101209,脱贫户")
    };
    let rows = [
        person(1, "h1", "张~三"),
        person(2, "h~2", "王小2"),
        person(3, "h3", "王小3"),
    ];
    let path = csv(&app, "damaged.csv", &rows.each_ref().map(String::as_str));
    let mut bytes = std::fs::read(&path).expect("readable");
    for byte in bytes.iter_mut().filter(|byte| **byte == b'~') {
        *byte = 0xff;
    }
    std::fs::write(&path, bytes).expect("writable");
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    let told = [
        "2,rejected,name,MALFORMED",
        "3,accepted_with_note,household_no,UNKNOWN_VALUE",
        "4,accepted,,",
    ];
    assert_eq!(written(&reports), told);
    let hint = reports[0].findings[0].hint.in_locale(Locale::En).to_owned();
    assert!(hint.contains('\u{FFFD}'), "{hint}");
}
