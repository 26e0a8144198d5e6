//! A quotation mark that opens a cell and closes nowhere costs its own row and no other.

use std::fmt::Write as _;
use std::path::PathBuf;

use employment_exchange::capability::ledger::LedgerReader;
use employment_exchange::kernel::error::Locale;
use employment_exchange::platform::config::ImportConfig;
use libtest_mimic::Trial;

use super::{COUNTY_B, csv, run, written};
use crate::support::app::TestApp;
use crate::support::people::resident_id;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_stray_quote_costs_its_own_row_in_a_file_of_any_length,
        a_stray_quote_is_found_wherever_it_stands,
        a_cell_of_several_lines_is_one_row,
        a_line_without_an_end_costs_itself_and_no_memory,
    ]
}

fn person(number: u32) -> String {
    let id = resident_id(number);
    format!("h{number},王小{number},{id},590222101209,脱贫户")
}

/// Writes these lines below the header.
fn ledger(app: &TestApp, rows: &[String]) -> PathBuf {
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    csv(app, "quotes.csv", &rows)
}

const LONG: u32 = 2_000;

async fn a_stray_quote_costs_its_own_row_in_a_file_of_any_length(app: TestApp) {
    let mut rows: Vec<String> = (0..LONG)
        .map(|number| format!("h{number},王小{number},?,590222101209,脱贫户"))
        .collect();
    rows[3] = "h3,\"王小明,?,590222101209,脱贫户".to_owned();
    rows[1_500] = person(1_500);
    rows.push(person(1));
    let (summary, reports) = run(&app, &ledger(&app, &rows), COUNTY_B, true).await;
    assert_eq!(reports.len(), rows.len(), "every row has its verdict");
    assert_eq!(
        (summary.accepted, summary.rejected),
        (2, u64::from(LONG) - 1)
    );
    let told = written(&reports);
    assert_eq!(told[3], "5,rejected,name,UNCLOSED_QUOTE");
    assert_eq!(told[4], "6,rejected,resident_id,MALFORMED");
    assert_eq!(told[1_500], "1502,accepted,,");
    assert_eq!(told.last().map(String::as_str), Some("2002,accepted,,"));
    let hint = &reports[3].findings[0].hint;
    for locale in [Locale::En, Locale::ZhCn] {
        let hint = hint.in_locale(locale);
        assert!(hint.contains('5') && hint.contains('"'), "{hint}");
    }
    assert_eq!(reports[3].findings[0].value, "", "what follows is anything");
}

async fn a_stray_quote_is_found_wherever_it_stands(app: TestApp) {
    let id = resident_id(7);
    let stray = |cells: &str| cells.to_owned();
    let rows = [
        // Behind it a cell that is quoted as it should be.
        stray("h1,\"王一,1,590222101209,脱贫户"),
        format!("\"h7\",\"王七\",{id},590222101209,脱贫户"),
        // Two in a row, and one whose neighbour has the end of a quote in another column.
        stray("\"h2,王二,1,590222101209,脱贫户"),
        stray("h3,\"王三,1,590222101209,脱贫户"),
        stray("h4,王四,1,5\",脱贫户"),
        // Below a cell of two lines, of which one shall not be taken for the other.
        format!("h5,\"王\n五\",{},590222101209,\"脱贫户", resident_id(5)),
        person(8),
        // At the end of the file.
        stray("h9,王九,\"590222,590222101209,脱贫户"),
    ];
    let (_, reports) = run(&app, &ledger(&app, &rows), COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "2,rejected,name,UNCLOSED_QUOTE",
            "3,accepted,,",
            "4,rejected,household_no,UNCLOSED_QUOTE",
            "5,rejected,name,UNCLOSED_QUOTE",
            "6,rejected,resident_id,MALFORMED",
            "7,rejected,category,UNCLOSED_QUOTE",
            "8,accepted,,",
            "9,rejected,resident_id,UNCLOSED_QUOTE",
        ]
    );
    let hint = |at: usize| {
        reports[at].findings[0]
            .hint
            .in_locale(Locale::En)
            .to_owned()
    };
    assert!(hint(5).contains("line 8"), "{}", hint(5));
}

async fn a_cell_of_several_lines_is_one_row(app: TestApp) {
    let lines = |count: usize| vec!["字"; count].join("\n");
    let cell = |number: u32, text: &str| {
        let id = resident_id(number);
        format!("\"h{number}\r\n\",\"{text}\",{id},590222101209,\"脱贫户\"")
    };
    let rows = [
        cell(1, "王\n\n\"\"小\"\"\r\n明"),
        // As many lines as a spreadsheet lets a cell have, and one more.
        cell(2, &lines(254)),
        cell(3, &lines(255)),
        person(4),
    ];
    let (_, reports) = run(&app, &ledger(&app, &rows), COUNTY_B, true).await;
    let told = written(&reports);
    assert_eq!(told[0], "2,accepted,,");
    assert_eq!(told[1], "3,rejected,name,MALFORMED", "too long for a name");
    assert_eq!(told[2], "4,rejected,name,UNCLOSED_QUOTE");
    assert!(told.last().expect("rows").ends_with(",accepted,,"));
}

async fn a_line_without_an_end_costs_itself_and_no_memory(app: TestApp) {
    let mut rows = vec![person(1)];
    let mut long = String::from("h2,");
    while long.len() < 3 << 20 {
        write!(long, "王小明王小明").expect("written");
    }
    rows.push(long.clone());
    rows.push(long.replace("h2,", "h2,\""));
    rows.push(person(3));
    let (_, reports) = run(&app, &ledger(&app, &rows), COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "2,accepted,,",
            "3,rejected,household_no,ROW_TOO_LONG",
            "4,rejected,household_no,ROW_TOO_LONG",
            "5,accepted,,",
        ]
    );
    let path = app.directory.join("quoted-header.csv");
    std::fs::write(&path, format!("\"台账\n{}", "a\n".repeat(400))).expect("writable");
    let refused = LedgerReader::open(&path, &ImportConfig::default()).err();
    assert!(refused.is_some(), "no header");
}
