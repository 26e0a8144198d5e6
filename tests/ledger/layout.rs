//! What of a file does not fit its header, and files that are no ledger: nothing is lost in silence.

use std::path::PathBuf;

use employment_exchange::capability::ledger::LedgerReader;
use employment_exchange::kernel::error::Locale;
use employment_exchange::platform::config::ImportConfig;
use libtest_mimic::Trial;

use super::bounds::{header, person as sheet_row, row, workbook};
use super::{COUNTY_B, run, written};
use crate::support::app::TestApp;
use crate::support::people::resident_id;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_row_with_more_cells_than_the_header_stays_out,
        a_row_that_ends_before_a_column_that_is_read_says_so,
        a_value_below_no_name_is_a_note_that_does_not_show_it,
        two_columns_of_one_meaning_are_refused_by_their_names,
        a_header_is_read_with_blanks_and_remarks_in_it,
        a_ledger_is_read_whatever_stands_between_its_cells,
        a_file_that_is_no_ledger_says_what_to_do_with_it,
    ]
}

const HEADER: &str = "户编号,姓名,身份证号码,户籍地行政区划代码,人口类别";

fn person(number: u32) -> String {
    let id = resident_id(number);
    format!("h{number},王小{number},{id},590222101209,脱贫户")
}

fn file(app: &TestApp, text: &str) -> PathBuf {
    let path = app.directory.join("layout.csv");
    std::fs::write(&path, text).expect("writable");
    path
}

/// What a file is refused with.
fn refused(path: &std::path::Path) -> String {
    let refused = LedgerReader::open(path, &ImportConfig::default()).err();
    refused.expect("refused").to_string()
}

async fn a_row_with_more_cells_than_the_header_stays_out(app: TestApp) {
    let shifted = format!("h2,王,小明,{},590222101209,脱贫户", resident_id(2));
    let rows = [
        format!("{},, ,", person(1)),
        shifted,
        format!("{},,13930628917", person(3)),
        person(4),
    ];
    for blank in ["", ",,"] {
        let text = format!("{HEADER}{blank}\n{}\n", rows.join("\n"));
        let (_, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
        assert_eq!(
            written(&reports),
            [
                "2,accepted,,",
                "3,rejected,unnamed,MORE_CELLS_THAN_HEADER",
                "4,rejected,unnamed,MORE_CELLS_THAN_HEADER",
                "5,accepted,,",
            ],
            "{blank:?}"
        );
        for (report, column) in [(&reports[1], "F"), (&reports[2], "G")] {
            let [finding] = &report.findings[..] else {
                panic!("{report:?}");
            };
            let hint = finding.hint.in_locale(Locale::En);
            assert!(hint.contains(&format!("column {column} ")), "{hint}");
            assert_eq!(finding.value, "", "it may be anybody's");
        }
    }
    let beside = sheet_row(3, "h2", "李明", &resident_id(2)).replace(
        "</row>",
        &row(3, &[("H", "x")]).replace("<row r=\"3\">", ""),
    );
    let rows = header(1) + &sheet_row(2, "h1", "王小明", &resident_id(1)) + &beside;
    let (_, reports) = run(&app, &workbook(&app, &rows, 0), COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "2,accepted,,",
            "3,accepted_with_note,unnamed,VALUE_WITHOUT_HEADER"
        ],
        "each cell of a sheet has an address"
    );
}

async fn a_row_that_ends_before_a_column_that_is_read_says_so(app: TestApp) {
    let text = format!(
        "{HEADER},文化程度,联系电话,备注\n{},初中\n{},初中,13930628917\nh3,王小明\n",
        person(1),
        person(2)
    );
    let (_, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "2,accepted_with_note,phone,FEWER_CELLS_THAN_HEADER",
            "3,accepted,,",
            "4,rejected,resident_id,MISSING",
        ]
    );
    let hint = reports[0].findings[0].hint.in_locale(Locale::En);
    assert!(hint.contains("column G;"), "{hint}");
    // A sheet keeps no empty cells, so there a row ends wherever it likes.
    let heading = header(1).replace(
        "</row>",
        &row(1, &[("G", "联系电话")]).replace("<row r=\"1\">", ""),
    );
    let rows = heading + &sheet_row(2, "h1", "王小明", &resident_id(1));
    let (_, reports) = run(&app, &workbook(&app, &rows, 0), COUNTY_B, true).await;
    assert_eq!(written(&reports), ["2,accepted,,"]);
}

async fn a_value_below_no_name_is_a_note_that_does_not_show_it(app: TestApp) {
    let text = format!(
        "{},, ,联系电话\n{},,,13930628917\n{},李四,外出,13930628917\n",
        HEADER,
        person(1),
        person(2)
    );
    let (summary, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "2,accepted,,",
            "3,accepted_with_note,unnamed,VALUE_WITHOUT_HEADER"
        ]
    );
    assert_eq!(summary.registered, 2);
    let finding = &reports[1].findings[0];
    assert_eq!(finding.value, "", "it may be anybody's");
    for locale in [Locale::En, Locale::ZhCn] {
        let hint = finding.hint.in_locale(locale);
        assert!(hint.contains("F, G"), "{hint}");
    }
}

async fn two_columns_of_one_meaning_are_refused_by_their_names(app: TestApp) {
    for (more, told) in [
        ("联系电话,手机号码", "columns F (联系电话) and G (手机号码)"),
        ("鞋码,phone,联系电话", "columns G (phone) and H (联系电话)"),
        ("姓 名,鞋码", "columns B (姓名) and F (姓 名)"),
        (
            "手机号码(本人),联系电话",
            "columns F (手机号码(本人)) and G (联系电话)",
        ),
    ] {
        let text = format!("{HEADER},{more}\n{}\n", person(1));
        let refused = refused(&file(&app, &text));
        assert!(refused.contains(told), "{refused}");
        assert!(refused.contains("rename or delete one"), "{refused}");
    }
    let text = format!("{HEADER},备注,备注,序号,序号\n{},,,1,1\n", person(1));
    let (_, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
    assert_eq!(written(&reports), ["2,accepted,,"], "neither is read");
}

async fn a_header_is_read_with_blanks_and_remarks_in_it(app: TestApp) {
    let header = HEADER
        .replace("姓名", "姓  名")
        .replace("身份证号码", "\"身份证号码\n（18位）\"")
        .replace("人口类别", "人口 类别【必填】");
    let text = format!("{header},联系电话[选填]\n{},13930628917\n", person(1));
    let (_, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
    assert_eq!(written(&reports).len(), 1);
    assert!(written(&reports)[0].ends_with("accepted,,"), "{reports:?}");
    // What a remark says of somebody else, or of another unit, is another column.
    for remark in ["联系电话(帮扶干部)", "月工资(万元)"] {
        let text = format!("{HEADER},{remark}\n{},139\n", person(2));
        let path = file(&app, &text);
        let ledger = LedgerReader::open(&path, &ImportConfig::default()).expect("readable");
        assert_eq!(ledger.left_out().len(), 1, "{remark}");
    }
}

async fn a_ledger_is_read_whatever_stands_between_its_cells(app: TestApp) {
    let rows = [
        format!("某县台账,,,,\n{HEADER},月工资(元),户籍地址"),
        format!("{},,\"上河村\n3组\"", person(1)),
        "h2,\"王小明,?,590222101209,脱贫户,,".to_owned(),
        format!("{},,", person(3)),
    ];
    for between in [",", ";", "\t"] {
        let text = rows.join("\n").replace(',', between);
        let text = text.replace("3组", "3组,5号;6号\t7号") + "\n";
        let (summary, reports) = run(&app, &file(&app, &text), COUNTY_B, true).await;
        assert_eq!(
            written(&reports),
            [
                "3,accepted,,",
                "4,rejected,name,UNCLOSED_QUOTE",
                "5,accepted,,"
            ],
            "{between:?}"
        );
        assert_eq!(summary.registered, 2, "{between:?}");
    }
    let path = app.directory.join("unicode.txt");
    let text = format!("{HEADER}\n{}\n", person(1)).replace(',', "\t");
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    std::fs::write(&path, bytes).expect("writable");
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    assert_eq!(written(&reports), ["2,accepted,,"], "what Excel calls text");
}

async fn a_file_that_is_no_ledger_says_what_to_do_with_it(app: TestApp) {
    let container = |name: &str| {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        // Behind what is looked at to tell an encoding, and across the blocks it is read in.
        bytes.resize((1 << 16) + (1 << 16) - 9, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(1 << 18, 0);
        bytes
    };
    let lacking = format!("{};\n", HEADER.replace(',', ";")).replace("身份证号码", "证号");
    for (bytes, told) in [
        (Vec::new(), "the file is empty"),
        (b"\xef\xbb\xbf".to_vec(), "the file is empty"),
        (b"\r\n ,,\r\n\r\n".to_vec(), "the file is empty"),
        (b"\n;;\n".to_vec(), "the file is empty"),
        (
            [b"\n".repeat(20), HEADER.as_bytes().to_vec()].concat(),
            "one of the first 10 rows has to name it",
        ),
        (
            container("Workbook"),
            "old format (.xls): open it in a spreadsheet and save it as .xlsx",
        ),
        (
            container("EncryptedPackage"),
            "protected by a password: take the password away",
        ),
        (
            b"\n <html><table><tr><td>".to_vec(),
            "a web page: open it in a spreadsheet and save it as .xlsx",
        ),
        (
            lacking.into_bytes(),
            "the header has no column resident_id (身份证号码)",
        ),
        (
            b"PK\x03\x04 and no more".to_vec(),
            "open it in a spreadsheet and save it as .xlsx",
        ),
    ] {
        let path = app.directory.join("other.csv");
        std::fs::write(&path, bytes).expect("writable");
        let refused = refused(&path);
        assert!(refused.contains(told), "{told}: {refused}");
    }
    let empty = workbook(&app, "", 0);
    let refused = refused(&empty);
    assert!(
        refused.contains("is empty") && refused.contains("first sheet"),
        "{refused}"
    );
}
