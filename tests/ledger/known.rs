//! Ledgers beside a registry that knows some of their people already, and rows that cannot be kept.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{COUNTY_B, RowReport, run, written};
use crate::support::app::TestApp;
use crate::support::people::{self, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_row_under_another_name_changes_nothing_on_the_record,
        no_row_stops_an_import,
        a_job_of_another_age_stays_out,
        a_household_that_ended_takes_nobody_in,
        what_a_later_ledger_says_otherwise_is_named_and_left_out,
        people_and_jobs_belong_to_a_county_in_force,
        a_dry_run_of_several_batches_reports_the_same,
    ]
}

const HEADER: &str = "household_no,name,resident_id,origin_region_code,origin_address,category,\
    education,able_to_work,willing_to_work,working,workplace_region_code,employer_name,\
    employer_credit_code,job_start,monthly_wage_yuan,phone";
pub(super) const WORKPLACE: &str = "590101000000";

/// A row of the `number`-th person of [`COUNTY_B`], with cells replaced.
pub(super) fn row(number: u32, changes: &[(&str, &str)]) -> String {
    let id = people::resident_id(number);
    let name = format!("王小{number}");
    let household = format!("h{number}");
    let given = [
        ("household_no", household.as_str()),
        ("name", &name),
        ("resident_id", &id),
        ("origin_region_code", VILLAGE),
        ("category", "脱贫户"),
    ];
    let cells: Vec<String> = HEADER
        .split(',')
        .map(|column| {
            let all = changes.iter().chain(given.iter());
            let cell = all.into_iter().find(|(name, _)| *name == column);
            cell.map_or_else(String::new, |(_, value)| format!("\"{value}\""))
        })
        .collect();
    cells.join(",")
}

pub(super) async fn import(app: &TestApp, rows: &[String]) -> Vec<RowReport> {
    let path = app.directory.join("rows.csv");
    std::fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).expect("writable");
    run(app, &path, COUNTY_B, false).await.1
}

/// Every finding of every row, as `row,verdict,column,reason`.
pub(super) fn all(reports: &[RowReport]) -> Vec<String> {
    reports
        .iter()
        .flat_map(|report| {
            let alone = |finding| RowReport {
                findings: finding,
                ..report.clone()
            };
            if report.findings.is_empty() {
                return written(std::slice::from_ref(report));
            }
            let each = report.findings.iter().cloned();
            each.flat_map(|finding| written(&[alone(vec![finding])]))
                .collect()
        })
        .collect()
}

pub(super) async fn person(app: &TestApp, number: u32) -> Value {
    let data = app
        .data(
            &app.officer(COUNTY_B),
            "query($id: String!) { worker(residentId: $id) { name version workStatus phoneMask education
               categories household { id number } employments { nodes { state form employerName monthlyWage } } } }",
            json!({"id": people::resident_id(number)}),
        )
        .await;
    data["worker"].clone()
}

async fn a_row_under_another_name_changes_nothing_on_the_record(app: TestApp) {
    import(&app, &[row(1, &[])]).await;
    let before = person(&app, 1).await;
    let job = [
        ("workplace_region_code", WORKPLACE),
        ("job_start", "2026-03-01"),
    ];
    let under = |name| {
        let mut cells = job.to_vec();
        cells.push(("name", name));
        row(1, &cells)
    };
    let reports = import(&app, &[under("李明")]).await;
    assert_eq!(
        all(&reports),
        ["2,rejected,resident_id,IDENTITY_NOT_CONFIRMED"]
    );
    assert_eq!(person(&app, 1).await, before);
    let reports = import(&app, &[under(" 王　小１ ")]).await;
    assert_eq!(all(&reports), ["2,accepted,,"]);
    assert_eq!(person(&app, 1).await["workStatus"], "WORKING");
}

async fn a_job_of_another_age_stays_out(app: TestApp) {
    let job = |number, start| {
        let cells = [
            ("workplace_region_code", WORKPLACE),
            ("job_start", start),
            ("employer_name", "清河厂"),
        ];
        row(number, &cells)
    };
    let rows = [
        job(1, "1926-03-01"),
        job(2, "2026-12-01"),
        job(3, "2026-03-01"),
        // Born in 1990, like everybody here.
        job(4, "1989-12-31"),
    ];
    let found = all(&import(&app, &rows).await);
    let days = found.iter().filter(|row| row.contains("job_start"));
    assert_eq!(
        days.collect::<Vec<_>>(),
        [
            "2,accepted_with_note,job_start,BAD_DATE",
            "3,accepted_with_note,job_start,DATE_IN_FUTURE",
            "5,accepted_with_note,job_start,BAD_DATE",
        ]
    );
    assert_eq!(person(&app, 4).await["employments"]["nodes"], json!([]));
}

async fn no_row_stops_an_import(app: TestApp) {
    let long = "长".repeat(201);
    let job = |name, code| {
        [
            ("workplace_region_code", WORKPLACE),
            ("job_start", "2026-03-01"),
            ("employer_name", name),
            ("employer_credit_code", code),
            ("monthly_wage_yuan", "0"),
        ]
    };
    let reports = import(
        &app,
        &[
            row(1, &[("household_no", &long)]),
            row(2, &[("name", &long)]),
            row(3, &[("origin_address", &long)]),
            row(4, &[("name", "王\0小")]),
            row(5, &[("household_no", "h\u{7}")]),
            row(6, &job(&long, "")),
            row(7, &job("", "91590101MA9K2T3HX0")),
            row(8, &[]),
        ],
    )
    .await;
    assert_eq!(
        all(&reports),
        [
            "2,accepted_with_note,household_no,UNKNOWN_VALUE",
            "3,rejected,name,MALFORMED",
            "4,accepted_with_note,origin_address,UNKNOWN_VALUE",
            "5,rejected,name,MALFORMED",
            "6,accepted_with_note,household_no,UNKNOWN_VALUE",
            "7,accepted_with_note,employer_name,UNKNOWN_VALUE",
            "7,accepted_with_note,monthly_wage_yuan,BAD_AMOUNT",
            "8,accepted_with_note,employer_credit_code,BAD_CREDIT_CODE",
            "8,accepted_with_note,monthly_wage_yuan,BAD_AMOUNT",
            "9,accepted,,",
        ]
    );
    let job = |name: Value| json!({"nodes": [{"state": "CONFIRMED", "form": "EMPLOYED", "employerName": name, "monthlyWage": null}]});
    assert_eq!(person(&app, 6).await["employments"], job(Value::Null));
    assert_eq!(
        person(&app, 7).await["employments"],
        job("91590101MA9K2T3HX0".into())
    );
    the_interface_refuses_such_a_text(&app).await;
}

/// A text that the database cannot hold is refused over the API as well.
async fn the_interface_refuses_such_a_text(app: &TestApp) {
    let household = people::household(app, VILLAGE, "h9").await;
    let data = app
        .data(
            &app.officer(COUNTY_B),
            "mutation($input: RegisterWorkerInput!) { registerWorker(input: $input) {
               worker { id } userErrors { field code } } }",
            json!({"input": {"householdId": household, "name": "王\0小",
                   "residentId": people::resident_id(9)}}),
        )
        .await;
    assert_eq!(
        data["registerWorker"],
        json!({"worker": null, "userErrors": [{"field": ["input", "name"], "code": "BAD_TEXT"}]})
    );
}

async fn a_household_that_ended_takes_nobody_in(app: TestApp) {
    import(&app, &[row(1, &[]), row(2, &[])]).await;
    app.clock.set(app.clock.now() + chrono::TimeDelta::days(1));
    let id = async |number| person(&app, number).await["household"]["id"].clone();
    let merged = app
        .data(
            &app.officer(COUNTY_B),
            "mutation($input: MergeHouseholdsInput!) { mergeHouseholds(input: $input) { userErrors { code } } }",
            json!({"input": {"fromId": id(1).await, "intoId": id(2).await, "reason": "合户",
                   "mergedOn": "2026-11-24", "fromVersion": 1, "intoVersion": 1}}),
        )
        .await;
    assert_eq!(merged["mergeHouseholds"]["userErrors"], json!([]));
    let rows = [row(4, &[("household_no", "h1")])];
    let first = import(&app, &rows).await;
    assert_eq!(
        all(&first),
        ["2,accepted_with_note,household_no,DIFFERS_FROM_RECORD"]
    );
    assert_eq!(person(&app, 4).await["household"]["number"], "h2");
    assert_eq!(import(&app, &rows).await, first);
}

async fn what_a_later_ledger_says_otherwise_is_named_and_left_out(app: TestApp) {
    let october = [
        ("education", "初中"),
        ("able_to_work", "是"),
        ("willing_to_work", "是"),
        ("working", "是"),
        ("workplace_region_code", WORKPLACE),
        ("job_start", "2026-03-01"),
        ("phone", "13930628917"),
    ];
    let first = import(&app, &[row(1, &october)]).await;
    assert_eq!(all(&first), ["2,accepted,,"]);
    let before = person(&app, 1).await;
    let again = import(&app, &[row(1, &october)]).await;
    assert_eq!(again, first);
    let november = [
        ("household_no", "h77"),
        ("origin_region_code", "590222002205"),
        ("category", "边缘易致贫户"),
        ("education", "高中"),
        ("able_to_work", "否"),
        ("working", "否"),
        ("phone", "13930628918"),
    ];
    let later = import(&app, &[row(1, &november)]).await;
    let columns = [
        "household_no",
        "origin_region_code",
        "category",
        "education",
        "able_to_work",
        "working",
        "phone",
    ];
    let expected =
        columns.map(|column| format!("2,accepted_with_note,{column},DIFFERS_FROM_RECORD"));
    assert_eq!(all(&later), expected);
    assert_eq!(person(&app, 1).await, before);
    // Somebody new in a household that is known with another category.
    let other = [("household_no", "h1"), ("category", "边缘易致贫户")];
    let joined = import(&app, &[row(2, &other)]).await;
    assert_eq!(
        all(&joined),
        ["2,accepted_with_note,category,DIFFERS_FROM_RECORD"]
    );
}

async fn people_and_jobs_belong_to_a_county_in_force(app: TestApp) {
    let away = |workplace| {
        [
            ("workplace_region_code", workplace),
            ("job_start", "2026-03-01"),
        ]
    };
    let reports = import(
        &app,
        &[
            row(1, &[("origin_region_code", "590200000000")]),
            row(2, &away("590100000000")),
            row(3, &away("440300000000")),
        ],
    )
    .await;
    assert_eq!(
        all(&reports),
        [
            "2,rejected,origin_region_code,UNKNOWN_REGION",
            "3,accepted_with_note,workplace_region_code,UNKNOWN_VALUE",
            "4,accepted,,",
        ]
    );
    assert_eq!(person(&app, 2).await["employments"]["nodes"], json!([]));
    let household = app
        .data(
            &app.officer("590000000000"),
            "mutation($input: RegisterHouseholdInput!) {
               registerHousehold(input: $input) { householdId userErrors { code } } }",
            json!({"input": {"village": "590200000000", "number": "h9",
                   "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}}),
        )
        .await;
    assert_eq!(
        household["registerHousehold"],
        json!({"householdId": null, "userErrors": [{"code": "UNKNOWN_REGION"}]})
    );
}

async fn a_dry_run_of_several_batches_reports_the_same(app: TestApp) {
    // One batch has 500 rows; those between have no name and go nowhere.
    let mut rows = vec![row(1, &[("household_no", "0012")])];
    rows.extend((2..=500).map(|number| row(number, &[("name", "")])));
    let other_village = ("origin_region_code", "590222002205");
    rows.push(row(501, &[("household_no", "0012"), other_village]));
    let path = app.directory.join("long.csv");
    std::fs::write(&path, format!("{HEADER}\n{}\n", rows.join("\n"))).expect("writable");
    let (_, dry) = run(&app, &path, COUNTY_B, true).await;
    let (_, real) = run(&app, &path, COUNTY_B, false).await;
    let column = "origin_region_code";
    let expected = format!("502,accepted_with_note,{column},DIFFERS_FROM_RECORD");
    assert_eq!(all(&real[500..]), [expected]);
    assert_eq!(all(&dry[500..]), all(&real[500..]));
    assert!(dry == real, "nor in any other row");
}
