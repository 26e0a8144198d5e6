//! County ledgers: what counties really send, and the verdict each row must get.

pub mod bounds;
mod homes;
mod jobs;
mod known;
mod layout;
mod loss;
mod quotes;

use std::path::{Path, PathBuf};

use employment_exchange::capability::ledger::{
    ImportOptions, ImportSummary, LedgerReader, RowReport, Verdict, import,
};
use employment_exchange::kernel::closed::Closed as _;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::config::ImportConfig;
use libtest_mimic::Trial;
use serde_json::json;

use crate::support::app::TestApp;

pub fn trials() -> Vec<Trial> {
    let mut trials = known::trials();
    trials.extend(bounds::trials());
    trials.extend(homes::trials());
    trials.extend(jobs::trials());
    trials.extend(layout::trials());
    trials.extend(loss::trials());
    trials.extend(quotes::trials());
    trials.extend(crate::trials![
        every_row_of_both_fixtures_gets_its_verdict,
        the_same_file_again_changes_nothing,
        a_dry_run_reports_the_same_and_writes_nothing,
        the_destination_sees_who_works_there_and_nobody_else,
        another_countys_person_is_refused_naming_that_county,
        one_household_with_two_categories_is_refused,
        a_row_has_the_number_that_a_spreadsheet_shows,
    ]);
    trials
}

const COUNTY_A: &str = "590123000000";
const COUNTY_B: &str = "590222000000";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

/// Imports a ledger of a county.
pub async fn run(
    app: &TestApp,
    file: &Path,
    county: &str,
    dry_run: bool,
) -> (ImportSummary, Vec<RowReport>) {
    let region = RegionCode::parse(county).expect("a code");
    let caller = Caller::system("test.import", Some(region), app.db.refusals().clone());
    let ledger = LedgerReader::open(file, &ImportConfig::default()).expect("readable");
    let mut reports = Vec::new();
    let options = ImportOptions { region, dry_run };
    let summary = import(&app.db, &caller, ledger, options, &mut |report| {
        reports.push(report)
    })
    .await
    .expect("the import ends");
    (summary, reports)
}

/// `row,verdict,column,reason` as the fixture's expectation writes it.
fn written(reports: &[RowReport]) -> Vec<String> {
    reports
        .iter()
        .map(|report| {
            let (column, reason) = report
                .findings
                .first()
                .map_or(("", ""), |f| (f.column.as_str(), f.defect.as_str()));
            format!(
                "{},{},{column},{reason}",
                report.row,
                report.verdict.as_str()
            )
        })
        .collect()
}

fn expected(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(fixture(name)).expect("readable");
    text.lines()
        .skip(1)
        .map(|line| line.trim_end().to_owned())
        .collect()
}

async fn people(app: &TestApp, county: &str) -> serde_json::Value {
    app.data(
        &app.officer(county),
        "query($region: RegionCode!) { regionSummary(region: $region) { people working workingHere } }",
        json!({"region": county}),
    )
    .await["regionSummary"]
        .clone()
}

async fn every_row_of_both_fixtures_gets_its_verdict(app: TestApp) {
    for (file, county, expectation) in [
        (
            "ledger-origin-a.xlsx",
            COUNTY_A,
            "ledger-origin-a.expected.csv",
        ),
        (
            "ledger-origin-b.csv",
            COUNTY_B,
            "ledger-origin-b.expected.csv",
        ),
    ] {
        let (summary, reports) = run(&app, &fixture(file), county, false).await;
        assert_eq!(written(&reports), expected(expectation), "{file}");
        let rows = summary.accepted + summary.noted + summary.rejected;
        assert_eq!(rows, 400, "{file}");
        let seen = people(&app, county).await;
        assert_eq!(seen["people"], json!(summary.registered), "{file}");
        assert_eq!(
            summary.registered,
            summary.accepted + summary.noted,
            "{file}"
        );
        let personal = reports
            .iter()
            .flat_map(|report| &report.findings)
            .any(|finding| finding.value.chars().filter(char::is_ascii_digit).count() >= 15);
        assert!(!personal, "{file}: a report shows a whole id");
    }
}

async fn the_same_file_again_changes_nothing(app: TestApp) {
    let file = fixture("ledger-origin-b.csv");
    let (first, before) = run(&app, &file, COUNTY_B, false).await;
    let query = "{ workers(first: 100) { nodes { id version updatedAt } } }";
    let token = app.officer(COUNTY_B);
    let people_before = app.data(&token, query, json!({})).await;
    let (again, after) = run(&app, &file, COUNTY_B, false).await;
    assert_eq!(before, after);
    assert_eq!((first.accepted, again.registered), (again.accepted, 0));
    assert_eq!(people_before, app.data(&token, query, json!({})).await);
}

async fn a_dry_run_reports_the_same_and_writes_nothing(app: TestApp) {
    let file = fixture("ledger-origin-a.xlsx");
    let (_, dry) = run(&app, &file, COUNTY_A, true).await;
    assert_eq!(people(&app, COUNTY_A).await["people"], 0);
    let (_, real) = run(&app, &file, COUNTY_A, false).await;
    assert_eq!(dry, real);
}

async fn the_destination_sees_who_works_there_and_nobody_else(app: TestApp) {
    run(&app, &fixture("ledger-origin-b.csv"), COUNTY_B, false).await;
    let destination = "590101000000";
    let query = "{ workers(first: 100) { nodes { name workStatus originCode
        currentEmployments { workplaceCode employer { name creditCode } } } } }";
    let list = app.data(&app.officer(destination), query, json!({})).await;
    let nodes = list["workers"]["nodes"].as_array().expect("a list").clone();
    assert!(nodes.len() > 20, "{}", nodes.len());
    for node in &nodes {
        assert_eq!(node["workStatus"], "WORKING", "{node}");
        let jobs = node["currentEmployments"].as_array().expect("jobs");
        assert!(
            jobs.iter().any(|job| job["workplaceCode"] == destination),
            "{node}"
        );
    }
    assert_eq!(
        people(&app, destination).await["workingHere"],
        json!(nodes.len())
    );
    let nobody = app
        .data(&app.officer("590424000000"), query, json!({}))
        .await;
    assert_eq!(nobody["workers"]["nodes"], json!([]));
}

fn csv(app: &TestApp, name: &str, rows: &[&str]) -> PathBuf {
    let path = app.directory.join(name);
    let header = "\u{feff}household_no,name,resident_id,origin_region_code,category";
    std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).expect("writable");
    path
}

async fn another_countys_person_is_refused_naming_that_county(app: TestApp) {
    let id = "590101196802293516";
    let first = csv(
        &app,
        "a.csv",
        &[&format!("h1,王小明,{id},590101001200,脱贫户")],
    );
    run(&app, &first, "590101000000", false).await;
    let rows = [
        format!("h1,王小明,{id},590222101209,脱贫户"),
        "h2,李明,５９０１０119750612005ｘ,590222101209,脱贫户".to_owned(),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let (_, reports) = run(&app, &csv(&app, "b.csv", &rows), COUNTY_B, false).await;
    assert_eq!(
        written(&reports),
        ["2,rejected,resident_id,ALREADY_REGISTERED", "3,accepted,,"]
    );
    let hint = format!("{:?}", reports[0].findings[0].hint);
    assert!(hint.contains("590101000000"), "{hint}");
    let other_name = csv(
        &app,
        "c.csv",
        &[&format!("h1,别人,{id},590222101209,脱贫户")],
    );
    let (_, reports) = run(&app, &other_name, COUNTY_B, false).await;
    assert_eq!(
        written(&reports),
        ["2,rejected,resident_id,IDENTITY_NOT_CONFIRMED"]
    );
    assert!(!format!("{:?}", reports[0]).contains("590101000000"));
}

async fn a_row_has_the_number_that_a_spreadsheet_shows(app: TestApp) {
    let path = app.directory.join("titled.csv");
    let text = "某县脱贫劳动力台账,,,,\r\n\r\n户编号,姓名,身份证号码,户籍地行政区划代码,人口类别\r\n\
                \r\nh1,王小明,590101196802293516,590222101209,脱贫户\r\n\r\n,,,,\r\n\
                h2,\"李\r\n\r\n明\",59010119750612005X,590222101209,不详\r\n\
                h3,,59010119750612005X,590222101209,脱贫户\r\n";
    std::fs::write(&path, text).expect("writable");
    let (_, reports) = run(&app, &path, COUNTY_B, true).await;
    assert_eq!(
        written(&reports),
        [
            "5,accepted,,",
            "8,rejected,category,UNKNOWN_CATEGORY",
            "9,rejected,name,MISSING"
        ]
    );
    std::fs::write(&path, "台账\n姓名,人口类别\n王小明,脱贫户\n").expect("writable");
    let refused = LedgerReader::open(&path, &ImportConfig::default())
        .err()
        .expect("no ledger");
    let refused = refused.to_string();
    assert!(
        refused.starts_with("the header has no column resident_id"),
        "{refused}"
    );
}

async fn one_household_with_two_categories_is_refused(app: TestApp) {
    let rows = [
        "h1,王小明,590101196802293516,590222101209,脱贫户",
        "h1,李明,59010119750612005X,590222101209,边缘易致贫户",
    ];
    let (_, reports) = run(&app, &csv(&app, "a.csv", &rows), COUNTY_B, false).await;
    assert_eq!(
        written(&reports),
        ["2,accepted,,", "3,rejected,category,CONFLICTING_CATEGORY"]
    );
    assert_eq!(reports[1].verdict, Verdict::Rejected);
}
