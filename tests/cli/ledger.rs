//! `exchange import workers`: the report is what a county gets back.

use std::path::Path;

use libtest_mimic::Trial;

use super::process::{Place, meddle};
use crate::ledger::bounds::{header, person, write_workbook_of};
use crate::support::people::ORIGIN;

pub fn trials() -> Vec<Trial> {
    crate::plain![
        a_ledger_is_reported_row_by_row_and_brought_in_once,
        every_row_has_one_line_whatever_is_wrong_with_it,
        what_cannot_be_read_ends_with_1_and_what_cannot_be_meant_with_2,
        a_report_replaces_a_former_one_and_nothing_else,
        columns_that_stay_out_are_said_once_and_in_the_report,
        sheets_that_are_not_read_are_named,
        a_report_holds_no_formula,
        the_help_of_an_import_says_what_its_exit_codes_mean,
    ]
}

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
const REPORT: &str = "report.csv";

/// A place where a demo has run.
fn province() -> Place {
    let place = Place::new();
    assert_eq!(place.demo(&["--workers", "20"]).stop(), Some(0));
    place
}

fn load<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let all = ["import", "workers", file, "--now", "2026-11-23"];
    [&all, more].concat()
}

/// The report without the values and hints.
fn verdicts(place: &Place) -> String {
    let mut reader = csv::Reader::from_path(place.path(REPORT)).expect("written");
    let mut columns = vec![reader.headers().expect("a header").clone()];
    columns.extend(reader.records().map(|record| record.expect("a line")));
    columns
        .iter()
        .map(|line| format!("{}\n", line.iter().take(4).collect::<Vec<_>>().join(",")))
        .collect()
}

fn people(place: &Place) -> Option<i64> {
    let count = "SELECT count(*) FROM worker";
    meddle(&place.path("data/exchange.db"), &[count])
}

fn a_ledger_is_reported_row_by_row_and_brought_in_once() {
    let place = province();
    let before = people(&place);
    let file = format!("{FIXTURES}/ledger-origin-b.csv");
    let asked = ["--as-region", ORIGIN, "--report", REPORT];
    let real = load(&file, &asked);
    let dry = [&real[..], &["--dry-run"]].concat();
    let expected = Path::new(FIXTURES).join("ledger-origin-b.expected.csv");
    let expected = std::fs::read_to_string(expected).expect("readable");
    let expected = expected.replace('\r', "");

    let first = place.run(&dry);
    assert_eq!((first.code, first.out.as_str()), (Some(0), ""));
    assert!(first.err.contains("nothing was written"), "{}", first.err);
    assert_eq!(verdicts(&place), expected);
    let report = std::fs::read_to_string(place.path(REPORT)).expect("written");
    place.done(&dry);
    assert_eq!(
        std::fs::read_to_string(place.path(REPORT)).ok().as_ref(),
        Some(&report)
    );
    assert_eq!(people(&place), before);

    let brought = place.run(&real);
    assert_eq!(brought.code, Some(0), "{}", brought.err);
    assert_eq!(
        std::fs::read_to_string(place.path(REPORT)).ok().as_ref(),
        Some(&report)
    );
    let after = people(&place);
    assert!(after > before, "{}", brought.err);
    assert_eq!(
        brought.err,
        first
            .err
            .replace("would be ", "")
            .replace("; nothing was written", "")
    );
    let again = place.run(&real);
    assert!(again.err.contains("; 0 people newly"), "{}", again.err);
    assert_eq!(people(&place), after);
    place.done(&["trail", "verify"]);
}

fn every_row_has_one_line_whatever_is_wrong_with_it() {
    let place = province();
    let header = "name,resident_id,origin_region_code,category,phone,monthly_wage_yuan,job_start";
    let rows = [
        "王小明,590101196802293516,590222101209,脱贫户,13930628917,,",
        "李明,59010119750612005X,590222101209,脱贫户,12|3,much,soon",
        ",,590222101209,贫困户,,,",
        "\"张明,590101196802293516,590222101209,脱贫户,,,",
    ];
    let ledger = format!("{header}\n{}\n", rows.join("\n"));
    std::fs::write(place.path("ledger.csv"), ledger).expect("written");
    place.done(&load(
        "ledger.csv",
        &["--as-region", ORIGIN, "--report", REPORT],
    ));
    let mut reader = csv::Reader::from_path(place.path(REPORT)).expect("written");
    let lines: Vec<csv::StringRecord> =
        reader.records().map(|line| line.expect("a line")).collect();
    assert_eq!(lines.len(), rows.len(), "{lines:?}");
    let told: Vec<String> = lines
        .iter()
        .map(|line| line.iter().take(4).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(
        told,
        [
            "2,accepted,,",
            "3,accepted_with_note,phone | workplace_region_code | job_start | monthly_wage_yuan,\
             BAD_PHONE | UNKNOWN_VALUE | BAD_DATE | BAD_AMOUNT",
            "4,rejected,name | resident_id | category,MISSING | MISSING | UNKNOWN_CATEGORY",
            "5,rejected,name,UNCLOSED_QUOTE",
        ]
    );
    for (line, defects) in lines[1..].iter().zip([4, 3, 1]) {
        for cell in line.iter().skip(2) {
            assert_eq!(cell.split(" | ").count(), defects, "{line:?}");
        }
        for hint in line[5].split(" | ") {
            let (zh, en) = hint.split_once(" / ").expect("both languages");
            assert!(!zh.is_ascii() && en.is_ascii(), "{hint}");
        }
    }
    assert!(!lines[1][4].contains("12|3"), "{}", &lines[1][4]);
}

fn what_cannot_be_read_ends_with_1_and_what_cannot_be_meant_with_2() {
    let place = province();
    let for_origin = ["--as-region", ORIGIN];
    let missing = place.refused(&load("none.csv", &for_origin));
    assert!(missing.contains("none.csv"), "{missing}");
    std::fs::write(place.path("broken.xlsx"), b"PK\x03\x04 and no more").expect("written");
    let broken = place.refused(&load("broken.xlsx", &for_origin));
    assert!(broken.contains("not a readable workbook"), "{broken}");
    std::fs::write(place.path("other.csv"), "a,b\n1,2\n").expect("written");
    let other = place.refused(&load("other.csv", &for_origin));
    assert!(other.contains("the header has no column"), "{other}");

    let nowhere = ["--as-region", "590999000000"];
    let file = format!("{FIXTURES}/ledger-origin-b.csv");
    let unknown = place.refused(&load(&file, &nowhere));
    assert!(
        unknown.contains("there is no region 590999000000"),
        "{unknown}"
    );
    for (nobodys, told) in [
        (&[][..], "needs --as-region CODE"),
        (
            &["--as-region", "590222101000"],
            "--as-region 590222101000 is a township, and ledgers are kept by counties: give its county, \
             590222000000, or what lies around that",
        ),
        (
            &["--as-region", "590222101209"],
            "590222101209 is a village",
        ),
    ] {
        let nobodys = place.run(&load(&file, nobodys));
        assert_eq!(nobodys.code, Some(2), "{}", nobodys.err);
        assert!(nobodys.err.contains(told), "{}", nobodys.err);
    }
    assert_eq!(
        place.run(&load(&file, &["--as-region", "59"])).code,
        Some(2)
    );
}

fn a_report_replaces_a_former_one_and_nothing_else() {
    let place = province();
    let before = people(&place);
    let ledger = place.path("ledger.csv");
    std::fs::copy(format!("{FIXTURES}/ledger-origin-b.csv"), &ledger).expect("copied");
    for lost in ["ledger.csv", "data/keys.json"] {
        let file = place.path(lost);
        let held = std::fs::read(&file).expect("readable");
        for more in [&["--dry-run"][..], &[]] {
            let asked = ["--as-region", ORIGIN, "--report", lost];
            let said = place.refused(&load("ledger.csv", &[&asked[..], more].concat()));
            assert!(said.contains("is no report of an import"), "{lost}: {said}");
            assert_eq!(std::fs::read(&file).ok().as_ref(), Some(&held), "{lost}");
        }
    }
    assert_eq!(people(&place), before, "nothing came in before the refusal");
    std::fs::write(place.path(REPORT), "").expect("written");
    let asked = load(
        "ledger.csv",
        &["--as-region", ORIGIN, "--report", REPORT, "--dry-run"],
    );
    place.done(&asked);
    let once = verdicts(&place);
    place.done(&asked);
    assert_eq!(verdicts(&place), once);
}

fn columns_that_stay_out_are_said_once_and_in_the_report() {
    let place = province();
    let ledger = "脱贫劳动力台账,,,,,,,\n\
                  序号,姓名,身份证号码,户籍地行政区划代码,人口类别,鞋码,备注,家庭\u{1b}[31m成员\n\
                  1,王小明,590101196802293516,590222101209,脱贫户,42,外出,李四\n\
                  2,李明,59010119750612005X,590222101209,脱贫户,43,,\n";
    std::fs::write(place.path("ledger.csv"), ledger).expect("written");
    let asked = ["--as-region", ORIGIN, "--report", REPORT];
    for more in [&["--dry-run"][..], &[]] {
        let told = place.run(&load("ledger.csv", &[&asked[..], more].concat()));
        assert_eq!(told.code, Some(0), "{}", told.err);
        let lines: Vec<&str> = told.err.lines().collect();
        let [shoes, remark, family, rows] = lines[..] else {
            panic!("{}", told.err);
        };
        assert!(
            shoes.starts_with("column F (鞋码) is unknown and stays out"),
            "{shoes}"
        );
        assert!(
            remark.starts_with("column G (备注) is never taken in"),
            "{remark}"
        );
        assert!(
            family.starts_with("column H (家庭 [31m成员) is unknown"),
            "{family}"
        );
        assert!(rows.starts_with("2 rows: 2 accepted, 0 accepted with a note"));
        assert_eq!(
            verdicts(&place),
            "row,verdict,column,reason\n\
             2,header,F | H,UNKNOWN_COLUMN | UNKNOWN_COLUMN\n\
             3,accepted,,\n4,accepted,,\n"
        );
    }
    let report = || std::fs::read_to_string(place.path(REPORT)).expect("written");
    assert!(report().contains(",鞋码 | 家庭 [31m成员,"), "{}", report());

    let many = ledger.replace("鞋码", &["鞋码"; 30].join(","));
    std::fs::write(place.path("ledger.csv"), many).expect("written");
    let told = place.run(&load("ledger.csv", &asked));
    assert_eq!(told.err.matches("stays out").count(), 20, "{}", told.err);
    let more = "12 more columns stay out as well";
    assert!(told.err.contains(more), "{}", told.err);

    let twice = ledger.replace("鞋码", "户籍地区划代码");
    std::fs::write(place.path("ledger.csv"), twice).expect("written");
    let before = report();
    let refused = place.refused(&load("ledger.csv", &asked));
    assert!(
        refused.contains("columns D (户籍地行政区划代码) and F (户籍地区划代码)"),
        "{refused}"
    );
    assert_eq!(
        report(),
        before,
        "nothing was read, and nothing is reported"
    );
}

fn the_help_of_an_import_says_what_its_exit_codes_mean() {
    let place = Place::new();
    for dataset in [&["workers"][..], &["regions"], &[]] {
        let help = place.done(&[&["import"], dataset, &["--help"]].concat());
        for code in [
            "0  the file was read to its end, also when rows were refused",
            "1  nothing could be read or written",
            "2  the call cannot be meant",
        ] {
            assert!(help.contains(code), "{code}: {help}");
        }
    }
}

fn sheets_that_are_not_read_are_named() {
    let place = province();
    let rows = header(1) + &person(2, "h1", "王小明", "590101196802293516");
    let path = place.path("ledger.xlsx");
    for (sheets, told) in [
        (
            &["西堰镇", "东堰镇", "Sheet3"][..],
            "only the first sheet of the workbook is read; 东堰镇, Sheet3 stay out: save each that holds \
             people as a file of its own\n",
        ),
        (&["西堰镇"], ""),
    ] {
        write_workbook_of(&path, sheets, &rows);
        let said = place.run(&load("ledger.xlsx", &["--as-region", ORIGIN, "--dry-run"]));
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(
            said.err.starts_with(&format!("{told}1 rows: 1 accepted")),
            "{}",
            said.err
        );
    }
}

fn a_report_holds_no_formula() {
    let place = province();
    let person = |number: &str, id: &str, cells: &str| {
        format!("{number},{id},590222101209,脱贫户,{cells}\n")
    };
    let ledger = "name,resident_id,origin_region_code,category,education,monthly_wage_yuan,=鞋码\n"
        .to_owned()
        + &person(
            "王小明",
            "590101196802293516",
            "\"=HYPERLINK(\"\"http://a.example\"\")\",,",
        )
        + &person("李明", "59010119750612005X", "@SUM(A1),-3000,");
    std::fs::write(place.path("ledger.csv"), ledger).expect("written");
    place.run(&load(
        "ledger.csv",
        &["--as-region", ORIGIN, "--report", REPORT],
    ));
    let mut reader = csv::Reader::from_path(place.path(REPORT)).expect("written");
    let values: Vec<String> = reader
        .records()
        .map(|line| line.expect("a line")[4].to_owned())
        .collect();
    assert_eq!(
        values,
        [
            "'=鞋码",
            "'=HYPERLINK(\"http://a.example\")",
            "'@SUM(A1) | -3000"
        ]
    );
}
