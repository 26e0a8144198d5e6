//! What a row says and the registry does not take: each value with its note, none in silence.

use employment_exchange::capability::ledger::RowReport;
use employment_exchange::kernel::error::Locale;
use libtest_mimic::Trial;
use serde_json::json;

use super::known::{WORKPLACE, all, import, person, row};
use super::{COUNTY_B, run};
use crate::support::app::TestApp;
use crate::support::people::{VILLAGE, resident_id};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        another_address_is_noted_also_where_the_record_has_none,
        another_name_of_a_registered_employer_is_noted,
        a_dry_run_notes_another_name_of_an_employer_across_batches,
        another_first_day_of_a_category_in_one_household_is_noted,
        a_status_that_is_not_understood_confirms_no_job,
        a_cell_that_costs_the_job_says_so,
        another_first_day_at_one_employer_is_noted,
        codes_of_regions_are_read_with_spaces_and_asked_for_in_full,
        a_wage_that_nobody_has_stays_out,
    ]
}

/// A valid credit code of an enterprise in [`WORKPLACE`].
const FIRM: &str = "91590101MA9K2T3HXH";

fn job<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let given = [
        ("workplace_region_code", WORKPLACE),
        ("job_start", "2026-03-01"),
    ];
    more.iter().copied().chain(given).collect()
}

fn hints(report: &RowReport) -> String {
    let each = report.findings.iter();
    each.map(|finding| finding.hint.in_locale(Locale::En).to_string() + "\n")
        .collect()
}

async fn another_address_is_noted_also_where_the_record_has_none(app: TestApp) {
    let at = |number, address| row(number, &[("origin_address", address)]);
    let first = [at(1, "合心村3组"), row(2, &[])];
    assert_eq!(
        all(&import(&app, &first).await),
        ["2,accepted,,", "3,accepted,,"]
    );
    let later = [at(1, "合心村5组"), at(2, "合心村5组")];
    let differs = "accepted_with_note,origin_address,DIFFERS_FROM_RECORD";
    assert_eq!(
        all(&import(&app, &later).await),
        [format!("2,{differs}"), format!("3,{differs}")]
    );
    assert_eq!(
        all(&import(&app, &[at(1, " 合心村 ３组")]).await),
        ["2,accepted,,"]
    );
}

fn at_firm(number: u32, name: &str) -> String {
    let cells = [("employer_credit_code", FIRM), ("employer_name", name)];
    row(number, &job(&cells))
}

async fn another_name_of_a_registered_employer_is_noted(app: TestApp) {
    let rows = [at_firm(1, "南泽电子有限公司"), at_firm(2, "南泽电子厂")];
    for _ in 0..2 {
        let reports = import(&app, &rows).await;
        assert_eq!(
            all(&reports),
            [
                "2,accepted,,",
                "3,accepted_with_note,employer_name,DIFFERS_FROM_RECORD"
            ]
        );
        assert_eq!(reports[1].findings[0].value, "南泽电子厂");
    }
}

async fn a_dry_run_notes_another_name_of_an_employer_across_batches(app: TestApp) {
    // One batch has 500 rows; those between have no name and go nowhere.
    let mut rows = vec![at_firm(1, "南泽电子有限公司")];
    rows.extend((2..=500).map(|number| row(number, &[("name", "")])));
    rows.push(at_firm(501, "南泽电子厂"));
    rows.push(at_firm(502, "南泽电子有限公司"));
    import(&app, &[]).await;
    let path = app.directory.join("rows.csv");
    let header = std::fs::read_to_string(&path).expect("readable");
    std::fs::write(&path, format!("{}\n{}\n", header.trim(), rows.join("\n"))).expect("writable");
    let (_, dry) = run(&app, &path, COUNTY_B, true).await;
    let (_, real) = run(&app, &path, COUNTY_B, false).await;
    assert_eq!(
        all(&real[500..]),
        [
            "502,accepted_with_note,employer_name,DIFFERS_FROM_RECORD",
            "503,accepted,,"
        ]
    );
    assert!(dry == real, "{:?}", all(&dry[500..]));
}

async fn another_first_day_of_a_category_in_one_household_is_noted(app: TestApp) {
    let path = app.directory.join("since.csv");
    let member = |number, household, since| {
        let id = resident_id(number);
        format!("{household},王小{number},{id},{VILLAGE},脱贫户,{since}\n")
    };
    let rows = [
        member(1, "h1", "2017-11-02"),
        member(2, "h1", "2018-05-01"),
        member(3, "h1", ""),
        member(4, "h1", "2017.11.2"),
        member(5, "h2", ""),
        member(6, "h2", "2018-05-01"),
    ];
    let header = "户编号,姓名,身份证号码,户籍地行政区划代码,人口类别,认定日期";
    std::fs::write(&path, format!("{header}\n{}", rows.concat())).expect("writable");
    let (_, dry) = run(&app, &path, COUNTY_B, true).await;
    let (_, real) = run(&app, &path, COUNTY_B, false).await;
    let noted = |row, code| format!("{row},accepted_with_note,category_since,{code}");
    assert_eq!(
        all(&real),
        [
            "2,accepted,,".to_owned(),
            noted(3, "DIFFERS_IN_HOUSEHOLD"),
            "4,accepted,,".to_owned(),
            "5,accepted,,".to_owned(),
            noted(6, "DAY_OF_IMPORT"),
            noted(7, "DIFFERS_IN_HOUSEHOLD"),
        ]
    );
    assert!(hints(&real[1]).contains("row 2"), "{}", hints(&real[1]));
    assert!(dry == real, "{:?}", all(&dry));
    // Who is in already is told the same of two rows that contradict each other.
    let (_, again) = run(&app, &path, COUNTY_B, false).await;
    assert_eq!(again[1], real[1]);
}

async fn a_status_that_is_not_understood_confirms_no_job(app: TestApp) {
    let unclear = ["也许", "?", "外出"];
    let none = [
        "×",
        "✗",
        "未务工",
        "无业",
        "未就业",
        "失业",
        "在家",
        "没有",
        "返乡",
    ];
    for (number, status) in (1..).zip(unclear) {
        let reports = import(&app, &[row(number, &job(&[("working", status)]))]).await;
        assert_eq!(
            all(&reports),
            ["2,accepted_with_note,working,UNKNOWN_VALUE"],
            "{status}"
        );
        let hint = hints(&reports[0]);
        assert!(hint.contains("no job was recorded"), "{hint}");
        assert_eq!(
            person(&app, number).await["employments"]["nodes"],
            json!([])
        );
    }
    for (number, status) in (11..).zip(none) {
        let rows = [
            row(number, &job(&[("working", status)])),
            row(number + 20, &[("working", status)]),
        ];
        assert_eq!(
            all(&import(&app, &rows).await),
            [
                "2,accepted_with_note,workplace_region_code,JOB_CONTRADICTED",
                "3,accepted,,"
            ],
            "{status}"
        );
        assert_eq!(
            person(&app, number).await["employments"]["nodes"],
            json!([])
        );
    }
}

async fn a_cell_that_costs_the_job_says_so(app: TestApp) {
    for (number, (column, value)) in (1..).zip([
        ("job_start", "2024-02-30"),
        ("job_start", ""),
        ("job_start", "2027-01-01"),
        ("job_start", "1980-01-01"),
        ("workplace_region_code", "广东省深圳市"),
        ("workplace_region_code", "440305"),
        ("workplace_region_code", ""),
    ]) {
        let reports = import(&app, &[row(number, &job(&[(column, value)]))]).await;
        let [finding] = &reports[0].findings[..] else {
            panic!("{reports:?}");
        };
        assert_eq!(finding.column.as_str(), column);
        let (en, zh) = (
            finding.hint.in_locale(Locale::En),
            finding.hint.in_locale(Locale::ZhCn),
        );
        assert!(en.contains("No job was recorded"), "{value}: {en}");
        assert!(zh.contains("未录入该务工记录"), "{value}: {zh}");
    }
    // What a spreadsheet makes of a day with a time of day.
    let start = [("job_start", "45527.5")];
    assert_eq!(
        all(&import(&app, &[row(20, &job(&start))]).await),
        ["2,accepted,,"]
    );
    assert_eq!(person(&app, 20).await["workStatus"], "WORKING");
}

async fn another_first_day_at_one_employer_is_noted(app: TestApp) {
    let named = ("employer_name", "清河厂");
    let rows = |start| {
        let day = ("job_start", start);
        [
            row(
                1,
                &job(&[
                    day,
                    ("employer_credit_code", FIRM),
                    ("employer_name", "南泽"),
                ]),
            ),
            row(2, &job(&[day, named])),
            row(3, &job(&[day])),
        ]
    };
    let unresolved = "3,accepted_with_note,employer_credit_code,EMPLOYER_UNRESOLVED";
    let first = rows("2026-03-01");
    assert_eq!(
        all(&import(&app, &first).await),
        ["2,accepted,,", unresolved, "4,accepted,,"]
    );
    for _ in 0..2 {
        let reports = import(&app, &rows("2026-03-15")).await;
        assert_eq!(
            all(&reports),
            [
                "2,accepted_with_note,job_start,OTHER_FIRST_DAY",
                unresolved,
                "3,accepted_with_note,job_start,OTHER_FIRST_DAY",
                "4,accepted,,"
            ]
        );
        let hint = hints(&reports[0]);
        assert!(hint.contains("2026-03-01"), "{hint}");
    }
    let elsewhere = row(2, &job(&[("employer_name", "桃源厂")]));
    assert_eq!(
        all(&import(&app, &[elsewhere]).await),
        ["2,accepted_with_note,employer_credit_code,EMPLOYER_UNRESOLVED"]
    );
}

async fn codes_of_regions_are_read_with_spaces_and_asked_for_in_full(app: TestApp) {
    for (number, origin, workplace) in [
        (1, "590 222 101 209", "590 101 000 000"),
        (2, "590222101209.0", "590101000000.0"),
    ] {
        let cells = [
            ("origin_region_code", origin),
            ("workplace_region_code", workplace),
        ];
        let rows = [row(number, &job(&cells))];
        assert_eq!(
            all(&import(&app, &rows).await),
            ["2,accepted,,"],
            "{origin}"
        );
        assert_eq!(person(&app, number).await["workStatus"], "WORKING");
    }
    let rows = [
        row(3, &[("origin_region_code", "590222")]),
        row(4, &job(&[("workplace_region_code", "440305")])),
        row(5, &[("origin_region_code", "590222101999")]),
    ];
    let reports = import(&app, &rows).await;
    for (report, twelve) in reports.iter().zip([true, true, false]) {
        let hint = hints(report);
        assert_eq!(hint.contains("12 digits"), twelve, "{hint}");
    }
}

async fn a_wage_that_nobody_has_stays_out(app: TestApp) {
    let paid = |number, wage| row(number, &job(&[("monthly_wage_yuan", wage)]));
    let reports = import(&app, &[paid(1, "1000000"), paid(2, "1000000.01")]).await;
    assert_eq!(
        all(&reports),
        [
            "2,accepted,,",
            "3,accepted_with_note,monthly_wage_yuan,BAD_AMOUNT"
        ]
    );
    let hint = hints(&reports[1]);
    assert!(hint.contains("a million yuan"), "{hint}");
    assert_eq!(
        person(&app, 2).await["employments"]["nodes"][0]["monthlyWage"],
        json!(null)
    );
}
