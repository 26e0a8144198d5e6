//! Decisions that a prefecture or the province sends back to the county.

use employment_exchange::capability::employment::public::{
    self, EmploymentForm, Job, NewEmployment, Stated, WrittenEmployer,
};
use employment_exchange::capability::{insurance, ledger};
use employment_exchange::kernel::ids;
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::AuditEntry;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{FIRM, about, codes, decide, job, jobs, record, working};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_county_decides_anew_what_its_prefecture_returns,
        a_decision_is_returned_by_the_origins_superiors_only,
        what_is_no_decision_of_the_county_is_not_returned,
        nothing_but_the_countys_word_confirms_what_was_returned,
    ]
}

const PREFECTURE: &str = "590200000000";
const PROVINCE: &str = "590000000000";
const REASON: &str = "合同与工资流水不符、请核实";
const RETURN: &str = "mutation($input: ReturnEmploymentInput!) {
    returnEmployment(input: $input) { employment { id } userErrors { code } } }";
const RETURNED: &str = "query($id: ID!) { employment(id: $id) {
    state confirmedBy lastConfirmedOn returnedOn returnedByCode returnReason version } }";

fn returning(id: &str, version: i64) -> Value {
    json!({"employmentId": id, "version": version, "reason": REASON})
}

/// How a job looks to somebody.
async fn seen(app: &TestApp, token: &str, id: &str) -> Value {
    let mut data = app.data(token, RETURNED, json!({"id": id})).await;
    data["employment"].take()
}

async fn a_county_decides_anew_what_its_prefecture_returns(app: TestApp) {
    let (person, id) = working(&app).await;
    let (prefecture, county) = (app.officer(PREFECTURE), app.officer(ORIGIN));
    let (destination, employer) = (app.officer(DESTINATION), app.employer(FIRM));
    let done = decide(&app, &prefecture, "returnEmployment", returning(&id, 1)).await;
    assert_eq!(codes(&done), [""; 0]);
    assert_eq!(done["employment"]["state"], "REPORTED");
    assert_eq!(
        seen(&app, &county, &id).await,
        json!({"state": "REPORTED", "confirmedBy": null, "lastConfirmedOn": null, "version": 2,
            "returnedOn": "2026-11-23", "returnedByCode": PREFECTURE, "returnReason": REASON})
    );
    // Nothing follows from it any more, as from a job that was voided.
    let left = jobs(&app, &county, &person).await;
    assert_eq!(left["workStatus"], "UNKNOWN");
    assert_eq!(left["currentEmployments"], json!([]));
    for token in [&destination, &employer] {
        assert_eq!(jobs(&app, token, &person).await, json!(null));
        assert_eq!(seen(&app, token, &id).await, json!(null));
    }
    let entries = journal::of_action(&app, "employment.return").await;
    let stated: Vec<_> = entries
        .iter()
        .filter(|entry| entry.record_kind.as_deref() == Some("Employment"))
        .map(|entry| (entry.purpose.as_deref(), entry.record_version))
        .collect();
    assert_eq!(stated, [(Some(REASON), Some(2))]);
    // The county stands by it, and what was asked stays on the record.
    let anew = json!({"employmentId": id, "version": 2});
    let anew = decide(&app, &county, "confirmEmployment", anew).await;
    assert_eq!(codes(&anew), [""; 0]);
    assert_eq!(
        jobs(&app, &destination, &person).await["workStatus"],
        "WORKING"
    );
    let kept = seen(&app, &destination, &id).await;
    assert_eq!(
        (&kept["state"], &kept["returnReason"]),
        (&json!("CONFIRMED"), &json!(REASON))
    );
    assert_eq!(
        seen(&app, &employer, &id).await["returnReason"],
        json!(null)
    );
    // Returned again, it was a mistake after all.
    decide(&app, &prefecture, "returnEmployment", returning(&id, 3)).await;
    let mistake = json!({"employmentId": id, "version": 4, "reason": "误登"});
    let voided = decide(&app, &county, "voidEmployment", mistake).await;
    assert_eq!(voided["employment"]["state"], "VOIDED");
}

async fn a_decision_is_returned_by_the_origins_superiors_only(app: TestApp) {
    let (_, id) = working(&app).await;
    let input = json!({"input": returning(&id, 1)});
    for (token, code) in [
        (app.officer(ORIGIN), "FORBIDDEN"),
        (app.officer("590222101000"), "FORBIDDEN"),
        (app.officer(VILLAGE), "FORBIDDEN"),
        (app.officer(DESTINATION), "FORBIDDEN"),
        (app.officer("590100000000"), "NOT_RECORDING_SIDE"),
        (app.officer("590300000000"), "NOT_FOUND"),
        (app.officer(ELSEWHERE), "FORBIDDEN"),
        (app.employer(FIRM), "FORBIDDEN"),
        (app.plain(Role::Admin), "FORBIDDEN"),
        (app.agency(Agency::Agriculture), "FORBIDDEN"),
    ] {
        assert_eq!(app.refusal(&token, RETURN, input.clone()).await, code);
    }
    let province = app.officer(PROVINCE);
    let mut keyed = returning(&id, 1);
    keyed["idempotencyKey"] = "r1".into();
    let first = decide(&app, &province, "returnEmployment", keyed.clone()).await;
    assert_eq!(first["employment"]["state"], "REPORTED");
    let again = decide(&app, &province, "returnEmployment", keyed).await;
    assert_eq!(again, first);
}

async fn what_is_no_decision_of_the_county_is_not_returned(app: TestApp) {
    let (_, id) = working(&app).await;
    let (prefecture, county) = (app.officer(PREFECTURE), app.officer(ORIGIN));
    for (wrong, code) in [
        (json!({"version": 7}), "STALE_VERSION"),
        (json!({"reason": " "}), "BAD_TEXT"),
        (json!({"reason": "长".repeat(201)}), "BAD_TEXT"),
        (
            json!({"reason": "原号 590101199001011234"}),
            "PERSONAL_NUMBER",
        ),
    ] {
        let mut input = returning(&id, 1);
        for (field, value) in wrong.as_object().expect("an object") {
            input[field] = value.clone();
        }
        let refused = decide(&app, &prefecture, "returnEmployment", input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["employment"]["state"], "CONFIRMED", "{code}");
    }
    let end =
        json!({"employmentId": id, "version": 1, "endedOn": "2026-11-20", "reason": "RESIGNED"});
    decide(&app, &county, "endEmployment", end).await;
    let ended = decide(&app, &prefecture, "returnEmployment", returning(&id, 2)).await;
    assert_eq!(codes(&ended), ["ALREADY_ENDED"]);
    let void = json!({"employmentId": id, "version": 2, "reason": "误登"});
    decide(&app, &county, "voidEmployment", void).await;
    let voided = decide(&app, &prefecture, "returnEmployment", returning(&id, 3)).await;
    assert_eq!(codes(&voided), ["ALREADY_VOIDED"]);
    let report = json!({"residentId": people::resident_id(1), "startedOn": "2026-05-01"});
    let report = record(&app, &app.officer("590222101000"), job(report)).await;
    let id = report["employment"]["id"].as_str().expect("an id");
    let reported = decide(&app, &prefecture, "returnEmployment", returning(id, 1)).await;
    assert_eq!(codes(&reported), ["NOT_CONFIRMED"]);
    insure(&app).await;
    let insured = decide(&app, &prefecture, "returnEmployment", returning(id, 2)).await;
    assert_eq!(codes(&insured), ["NOT_COUNTYS_DECISION"]);
    assert_eq!(insured["employment"]["confirmedBy"], "INSURANCE");
}

/// A month of pension insurance of person 1 at [`FIRM`].
async fn insure(app: &TestApp) {
    let row = json!({"residentId": people::resident_id(1), "employerCreditCode": FIRM,
        "kind": "PENSION", "entry": "NORMAL", "periodMonth": "2026-10", "postingMonth": "2026-10",
        "base": "4000.00", "employerAmount": "640.00", "personalAmount": "320.00"});
    let query = "mutation($input: SubmitContributionsInput!) {
        submitContributions(input: $input) { submissionId userErrors { code } } }";
    let input = json!({"input": {"items": [row]}});
    let agency = app.agency(Agency::SocialInsurance);
    let done = app.data(&agency, query, input).await;
    assert_eq!(done["submitContributions"]["userErrors"], json!([]));
}

async fn nothing_but_the_countys_word_confirms_what_was_returned(app: TestApp) {
    let person = people::person(&app, 1).await;
    let county = app.officer(ORIGIN);
    let own = json!({"form": "OWN_BUSINESS", "employerCreditCode": null, "employerName": null});
    let of = |more: &Value| {
        let mut input = job(about(1));
        for (field, value) in more.as_object().expect("an object") {
            input[field] = value.clone();
        }
        input
    };
    let mut returned = Vec::new();
    for more in [json!({}), own] {
        let done = record(&app, &county, of(&more)).await;
        let id = done["employment"]["id"].as_str().expect("an id").to_owned();
        let input = returning(&id, 1);
        let done = decide(&app, &app.officer(PREFECTURE), "returnEmployment", input).await;
        assert_eq!(codes(&done), [""; 0]);
        returned.push(id);
    }
    // Neither months that come in, nor those that were here, nor the ledger once more.
    insure(&app).await;
    let system = Caller::system("test.returns", None, app.db.refusals().clone());
    let confirmed = insurance::service::confirm_reported(&app.db, &system).await;
    assert_eq!(confirmed.expect("looked for"), 0);
    let (id, recorded) = in_ledger(&app, &system, &person).await;
    assert_eq!((id, recorded), (returned[1].clone(), false));
    for id in &returned {
        let waiting = seen(&app, &county, id).await;
        assert_eq!(
            (&waiting["state"], &waiting["version"]),
            (&json!("REPORTED"), &json!(2))
        );
    }
    // The county's officer who records it once more has decided.
    let done = record(&app, &county, of(&json!({}))).await;
    assert_eq!(done["employment"]["id"], returned[0]);
    assert_eq!(done["employment"]["state"], "CONFIRMED");
}

/// The county's ledger says again that a person is in a business of their own: the record, and
/// whether anything was recorded.
async fn in_ledger(app: &TestApp, system: &Caller, person: &str) -> (String, bool) {
    let region = |code| RegionCode::parse(code).expect("a region code");
    let job = Job {
        form: EmploymentForm::OwnBusiness,
        employer: None,
        employer_name: None,
        employer_code: None,
        written: WrittenEmployer::default(),
        host: None,
        contract_kind: None,
        contract_start: None,
        contract_end: None,
        job_title: None,
        monthly_wage: None,
        workplace: region(DESTINATION),
        started_on: "2026-03-01".parse().expect("a day"),
        found_by: None,
    };
    let new = NewEmployment {
        worker: ids::decode(person).expect("a worker id"),
        origin: region(VILLAGE),
        job,
    };
    let permit = system.permit(&ledger::policy::IMPORT).expect("granted");
    let mut tx = app.db.write(permit).await.expect("a unit of work");
    let stated = public::record_in(&mut tx, new).await.expect("recorded");
    let entry = AuditEntry::done(&()).expect("an answer");
    tx.commit(entry).await.expect("committed");
    match stated {
        Stated::Recorded(id) => (ids::encode(id), true),
        Stated::LeftToCounty(id) => (ids::encode(id), false),
        Stated::Known { .. } => panic!("it does not count"),
        Stated::AfterDeath => panic!("nobody died"),
    }
}
