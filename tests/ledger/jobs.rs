//! The job of a row: nothing that a row says of it is left out without a note.

use libtest_mimic::Trial;
use serde_json::json;

use super::COUNTY_B;
use super::known::{WORKPLACE, all, import, person, row};
use crate::support::app::TestApp;
use crate::support::people;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_job_that_is_half_said_or_contradicted_is_noted,
        what_a_row_says_otherwise_of_a_job_on_record_is_noted,
        a_code_that_nobody_has_registered_is_noted_without_a_name,
        a_job_that_the_county_voided_is_left_to_it,
        a_code_in_full_width_is_read_whatever_the_other_rows_say,
    ]
}

/// A valid credit code of an enterprise in [`WORKPLACE`].
const FIRM: &str = "91590101MA9K2T3HXH";

/// A job with cells replaced or added.
fn job(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let given = [
        ("workplace_region_code", WORKPLACE),
        ("job_start", "2026-03-01"),
    ];
    let given = given
        .into_iter()
        .filter(|(column, _)| more.iter().all(|(replaced, _)| replaced != column));
    given.chain(more.iter().copied()).collect()
}

async fn a_job_that_is_half_said_or_contradicted_is_noted(app: TestApp) {
    let rows = [
        row(1, &[("working", "是")]),
        row(2, &[("working", "是"), ("monthly_wage_yuan", "3000")]),
        row(3, &[("monthly_wage_yuan", "3000")]),
        row(4, &job(&[("working", "否")])),
        row(5, &[("working", "否"), ("monthly_wage_yuan", "3000")]),
        row(6, &[("working", "否")]),
        row(7, &job(&[("working", "是"), ("monthly_wage_yuan", "3000")])),
    ];
    let reports = import(&app, &rows).await;
    assert_eq!(
        all(&reports),
        [
            "2,accepted_with_note,working,JOB_NOT_GIVEN",
            "3,accepted_with_note,working,JOB_NOT_GIVEN",
            "4,accepted_with_note,monthly_wage_yuan,JOB_NOT_GIVEN",
            "5,accepted_with_note,workplace_region_code,JOB_CONTRADICTED",
            "6,accepted_with_note,monthly_wage_yuan,JOB_CONTRADICTED",
            "7,accepted,,",
            "8,accepted,,",
        ]
    );
    assert_eq!(person(&app, 4).await["employments"]["nodes"], json!([]));
    assert_eq!(person(&app, 4).await["workStatus"], "NOT_WORKING");
}

async fn what_a_row_says_otherwise_of_a_job_on_record_is_noted(app: TestApp) {
    let street = ("workplace_region_code", "590101001000");
    let first = job(&[
        ("monthly_wage_yuan", "3000"),
        ("employer_name", "清河厂"),
        street,
    ]);
    let told = import(&app, &[row(1, &first)]).await;
    assert_eq!(
        all(&told),
        ["2,accepted_with_note,employer_credit_code,EMPLOYER_UNRESOLVED"]
    );
    let otherwise = [
        ("monthly_wage_yuan", "3500"),
        ("employer_name", "清河厂"),
        ("workplace_region_code", "590322000000"),
    ];
    let told = import(&app, &[row(1, &job(&otherwise))]).await;
    assert_eq!(
        all(&told)[1..],
        [
            "2,accepted_with_note,monthly_wage_yuan,DIFFERS_FROM_RECORD",
            "2,accepted_with_note,workplace_region_code,DIFFERS_FROM_RECORD",
        ]
    );
    assert_eq!(told[0].findings[1].value, "3500.00");
    assert_eq!(told[0].findings[2].value, "590322000000");
    // The county's code says nothing else than the street's.
    let wider = job(&[("employer_name", "清河厂")]);
    assert_eq!(all(&import(&app, &[row(1, &wider)]).await).len(), 1);
    let jobs = person(&app, 1).await["employments"]["nodes"].clone();
    assert_eq!(jobs.as_array().map(Vec::len), Some(1));
    assert_eq!(jobs[0]["monthlyWage"], "3000.00");
}

async fn a_code_that_nobody_has_registered_is_noted_without_a_name(app: TestApp) {
    let unresolved = ["2,accepted_with_note,employer_credit_code,EMPLOYER_UNRESOLVED"];
    let nameless = [row(1, &job(&[("employer_credit_code", FIRM)]))];
    for _ in 0..2 {
        assert_eq!(all(&import(&app, &nameless).await), unresolved);
    }
    let named = [
        ("employer_credit_code", FIRM),
        ("employer_name", "南泽电子有限公司"),
    ];
    assert_eq!(
        all(&import(&app, &[row(2, &job(&named))]).await),
        ["2,accepted,,"]
    );
    assert_eq!(all(&import(&app, &nameless).await), ["2,accepted,,"]);
}

async fn a_job_that_the_county_voided_is_left_to_it(app: TestApp) {
    let rows = [row(1, &job(&[]))];
    assert_eq!(all(&import(&app, &rows).await), ["2,accepted,,"]);
    let query = "query($id: String!) { worker(residentId: $id) {
        employments { nodes { id version } } } }";
    let id = json!({"id": people::resident_id(1)});
    let officer = app.officer(COUNTY_B);
    let known = app.data(&officer, query, id).await;
    let known = &known["worker"]["employments"]["nodes"][0];
    let void = "mutation($input: VoidEmploymentInput!) { voidEmployment(input: $input) {
        userErrors { code } } }";
    let input = json!({"employmentId": known["id"], "version": known["version"], "reason": "误"});
    let done = app.data(&officer, void, json!({"input": input})).await;
    assert_eq!(done["voidEmployment"]["userErrors"], json!([]));
    assert_eq!(
        all(&import(&app, &rows).await),
        ["2,accepted_with_note,job_start,LEFT_TO_COUNTY"]
    );
    assert_ne!(person(&app, 1).await["workStatus"], "WORKING");
}

async fn a_code_in_full_width_is_read_whatever_the_other_rows_say(app: TestApp) {
    // Alone in their batches.
    for (number, origin) in [(1, "５９０２２２１０１２０９"), (2, " 590222101209 ")] {
        let rows = [row(number, &[("origin_region_code", origin)])];
        assert_eq!(
            all(&import(&app, &rows).await),
            ["2,accepted,,"],
            "{origin}"
        );
    }
    for (number, workplace) in [(3, "５９０１０１００００００"), (4, "　590101000000")]
    {
        let rows = [row(number, &job(&[("workplace_region_code", workplace)]))];
        assert_eq!(
            all(&import(&app, &rows).await),
            ["2,accepted,,"],
            "{workplace}"
        );
        assert_eq!(person(&app, number).await["workStatus"], "WORKING");
    }
}
