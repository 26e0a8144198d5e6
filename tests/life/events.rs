//! Death, leaving a public welfare post, and the pairing with a helper.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};

use super::{assert_hidden, codes, missing, mistyped, rejected, worker_id};
use crate::support::app::TestApp;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        the_origin_county_records_a_death_and_nobody_else,
        civil_affairs_is_answered_the_same_about_anybody,
        an_agency_of_one_region_speaks_for_that_region,
        a_death_is_dated_between_birth_and_today,
        nothing_happened_before_anybody_was_born,
        leaving_a_public_post_makes_one_of_the_third_group,
        a_helper_sees_whoever_is_assigned_and_only_as_long,
        whoever_died_is_at_no_work_and_nobodys_staff,
        a_helper_does_not_keep_whoever_died,
        whoever_died_is_of_no_group_that_is_counted,
        nothing_begins_for_whoever_died,
        a_helper_is_assigned_by_the_origins_intake_alone,
    ]
}

const DEATH: &str = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
    receipt worker { workStatus workStatusSince version } userErrors { field code message } } }";
const LEAVE: &str = "mutation($input: LeavePublicPostInput!) { leavePublicPost(input: $input) {
    worker { leftPublicPost workStatus version } userErrors { field code message } } }";
const ASSIGN: &str = "mutation($input: AssignHelperInput!) { assignHelper(input: $input) {
    worker { version } userErrors { field code message } } }";
const STATUS: &str = "query($id: ID!) { worker(id: $id) { workStatus workStatusSince version } }";

fn death(id: &str, on: &str) -> Value {
    json!({"input": {"workerId": id, "diedOn": on, "source": "死亡证明"}})
}

fn report(number: u32, on: &str) -> Value {
    let resident_id = people::resident_id(number);
    json!({"input": {"residentId": resident_id, "diedOn": on, "source": "殡葬登记"}})
}

async fn the_origin_county_records_a_death_and_nobody_else(app: TestApp) {
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let expected = json!({"recordDeath": {"receipt": "RECORDED", "userErrors": [],
        "worker": {"workStatus": "DECEASED", "workStatusSince": "2026-11-01", "version": 2}}});
    for _ in 0..2 {
        let told = app.data(&origin, DEATH, death(&id, "2026-11-01")).await;
        assert_eq!(told, expected, "the same fact again changes nothing");
    }
    let input = death(&id, "2026-11-01")["input"].take();
    for region in [DESTINATION, ELSEWHERE] {
        assert_hidden(&app, &app.officer(region), DEATH, &input, &id).await;
    }
    for token in [
        app.officer(VILLAGE),
        app.officer("590222101000"),
        app.worker(worker_id(&id)),
        app.helper("h-1"),
        app.plain(Role::Auditor),
        app.plain(Role::Admin),
        app.agency(Agency::CivilAffairs),
    ] {
        let code = app.code(&token, DEATH, death(&id, "2026-11-01")).await;
        assert_eq!(code, "FORBIDDEN");
    }
    let neither = json!({"input": {"diedOn": "2026-11-01", "source": "x"}});
    assert_eq!(app.code(&origin, DEATH, neither).await, "BAD_USER_INPUT");
}

async fn civil_affairs_is_answered_the_same_about_anybody(app: TestApp) {
    let id = people::person(&app, 1).await;
    let agency = app.agency(Agency::CivilAffairs);
    let expected = json!({"recordDeath": {"receipt": "RECEIVED", "worker": null,
                                          "userErrors": []}});
    for number in [1, 2, 1] {
        let told = app.data(&agency, DEATH, report(number, "2026-10-05")).await;
        assert_eq!(told, expected, "{number}");
    }
    let seen = app
        .data(&app.officer(ORIGIN), STATUS, json!({"id": id}))
        .await;
    assert_eq!(
        seen["worker"],
        json!({"workStatus": "DECEASED", "workStatusSince": "2026-10-05", "version": 2})
    );
    for token in [
        app.agency(Agency::SocialInsurance),
        app.officer(ORIGIN),
        app.plain(Role::Admin),
    ] {
        let code = app.code(&token, DEATH, report(1, "2026-10-05")).await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn an_agency_of_one_region_speaks_for_that_region(app: TestApp) {
    let id = people::person(&app, 1).await;
    let token = |region: &str| {
        app.token(&TokenRequest {
            agency: Some(Agency::CivilAffairs),
            region: Some(region.parse().expect("a region code")),
            ..app.request(Role::Agency, "civil-affairs")
        })
    };
    let mut answers = Vec::new();
    for (region, status) in [(ELSEWHERE, "UNKNOWN"), (ORIGIN, "DECEASED")] {
        answers.push(
            app.data(&token(region), DEATH, report(1, "2026-10-05"))
                .await,
        );
        let seen = app
            .data(&app.officer(ORIGIN), STATUS, json!({"id": id}))
            .await;
        assert_eq!(seen["worker"]["workStatus"], status, "{region}");
    }
    assert_eq!(answers[0], answers[1]);
}

async fn a_death_is_dated_between_birth_and_today(app: TestApp) {
    let id = people::person(&app, 1).await;
    let (origin, agency) = (app.officer(ORIGIN), app.agency(Agency::CivilAffairs));
    for (day, code) in [
        ("2026-11-24", "DATE_IN_FUTURE"),
        ("1989-12-31", "DATE_BEFORE_BIRTH"),
    ] {
        for (token, variables) in [(&origin, death(&id, day)), (&agency, report(1, day))] {
            let told = app.data(token, DEATH, variables).await;
            assert_eq!(codes(&told["recordDeath"]), rejected("input.diedOn", code));
            assert_eq!(told["recordDeath"]["receipt"], json!(null));
        }
    }
    let mut wrong = report(1, "2026-10-05");
    wrong["input"]["residentId"] = json!(mistyped(1));
    let told = app.gql(&agency, DEATH, wrong).await;
    assert_eq!(
        codes(&told["data"]["recordDeath"]),
        rejected("input.residentId", "BAD_CHECK_DIGIT")
    );
    assert!(!told.to_string().contains("19900101"), "{told}");
}

async fn nothing_happened_before_anybody_was_born(app: TestApp) {
    let id = people::person(&app, 1).await;
    for (day, code) in [
        ("1901-01-01", "DATE_TOO_EARLY"),
        ("1989-12-31", "DATE_BEFORE_BIRTH"),
    ] {
        let input = json!({"input": {"workerId": id, "leftOn": day, "source": "村"}});
        let told = app.data(&app.officer(ORIGIN), LEAVE, input).await;
        assert_eq!(
            codes(&told["leavePublicPost"]),
            rejected("input.leftOn", code)
        );
    }
}

async fn leaving_a_public_post_makes_one_of_the_third_group(app: TestApp) {
    let id = people::person(&app, 1).await;
    let input = json!({"workerId": id, "leftOn": "2026-06-30", "source": "岗位合同到期"});
    let told = app
        .data(&app.officer(ORIGIN), LEAVE, json!({"input": input}))
        .await;
    assert_eq!(
        told["leavePublicPost"],
        json!({"worker": {"leftPublicPost": true, "workStatus": "UNKNOWN", "version": 2},
               "userErrors": []})
    );
    assert_hidden(&app, &app.officer(ELSEWHERE), LEAVE, &input, &id).await;
    for token in [app.officer(VILLAGE), app.worker(worker_id(&id))] {
        let code = app.code(&token, LEAVE, json!({"input": input})).await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn assign(app: &TestApp, id: &str, helper: &str, since: &str) -> Value {
    let input = json!({"workerId": id, "helperSubject": helper, "since": since});
    let mut told = app
        .data(&app.officer(ORIGIN), ASSIGN, json!({"input": input}))
        .await;
    told["assignHelper"].take()
}

async fn a_helper_sees_whoever_is_assigned_and_only_as_long(app: TestApp) {
    let id = people::person(&app, 1).await;
    let other = people::person(&app, 2).await;
    let sees = async |helper: &str, id: &str| {
        let query = "query($id: ID!) { worker(id: $id) { name } workers { nodes { id } } }";
        let data = app
            .data(&app.helper(helper), query, json!({"id": id}))
            .await;
        let listed = data["workers"]["nodes"].as_array().expect("a list");
        let listed = listed.iter().any(|node| node["id"] == id);
        assert_eq!(!data["worker"].is_null(), listed);
        listed
    };
    assert!(!sees("h-1", &id).await);
    let done = assign(&app, &id, "h-1", "2026-01-01").await;
    assert_eq!(done, json!({"worker": {"version": 2}, "userErrors": []}));
    assert!(sees("h-1", &id).await);
    assert!(!sees("h-2", &id).await);
    assert!(!sees("h-1", &other).await);
    let again = assign(&app, &id, "h-1", "2026-02-01").await;
    assert_eq!(again["worker"]["version"], 2, "the present helper stays");
    let early = assign(&app, &id, "h-2", "2026-01-01").await;
    assert_eq!(
        codes(&early),
        rejected("input.since", "BEFORE_PRESENT_HELPER")
    );
    assign(&app, &id, "h-2", "2026-03-01").await;
    assert!(!sees("h-1", &id).await);
    assert!(sees("h-2", &id).await);
}

async fn whoever_died_is_at_no_work_and_nobodys_staff(app: TestApp) {
    const FIRM: &str = "91590101MA9K2T3HXH";
    let id = people::person(&app, 1).await;
    let origin = app.officer(ORIGIN);
    let job = json!({"input": {"workerId": id, "form": "EMPLOYED", "employerCreditCode": FIRM,
        "employerName": "清河厂", "workplace": DESTINATION, "startedOn": "2026-03-01"}});
    let record = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
        employment { id state } userErrors { code } } }";
    let recorded = app.data(&origin, record, job).await;
    assert_eq!(
        recorded["recordEmployment"]["employment"]["state"],
        "CONFIRMED"
    );
    let employer = app.employer(FIRM);
    let firm = "query($code: CreditCode!) { employer(creditCode: $code) {
        id staff { nodes { jobTitle } } } }";
    let mine = app.data(&employer, firm, json!({"code": FIRM})).await;
    let firm_id = mine["employer"]["id"].clone();
    let counted = async || {
        let staff = app.data(&employer, firm, json!({"code": FIRM})).await;
        let seen = app.data(&employer, STATUS, json!({"id": id})).await;
        let query = "query($id: ID!, $firm: ID!) { worker(id: $id) { currentEmployments { id } }
            workers(filter: {employer: $firm}) { nodes { id } } }";
        let of = json!({"id": id, "firm": firm_id});
        let told = app.data(&origin, query, of).await;
        let length = |list: &Value| list.as_array().map_or(0, Vec::len);
        [
            length(&staff["employer"]["staff"]["nodes"]),
            usize::from(!seen["worker"].is_null()),
            length(&told["worker"]["currentEmployments"]),
            length(&told["workers"]["nodes"]),
        ]
    };
    assert_eq!(counted().await, [1; 4]);
    app.data(&origin, DEATH, death(&id, "2026-11-01")).await;
    assert_eq!(counted().await, [0; 4]);
}

async fn a_helper_does_not_keep_whoever_died(app: TestApp) {
    let id = people::person(&app, 1).await;
    assign(&app, &id, "h-1", "2026-01-01").await;
    let seen = app
        .data(&app.helper("h-1"), STATUS, json!({"id": id}))
        .await;
    assert_eq!(seen["worker"]["workStatus"], "UNKNOWN");
    app.data(&app.officer(ORIGIN), DEATH, death(&id, "2026-11-01"))
        .await;
    let seen = app
        .data(&app.helper("h-1"), STATUS, json!({"id": id}))
        .await;
    assert_eq!(seen["worker"], json!(null));
}

async fn whoever_died_is_of_no_group_that_is_counted(app: TestApp) {
    let origin = app.officer(ORIGIN);
    let figures = async || {
        let query = "query($of: RegionCode!) { regionSummary(region: $of) {
            people publicPostLeavers byCategory { category people } } }";
        let told = app.data(&origin, query, json!({"of": ORIGIN})).await;
        let summary = &told["regionSummary"];
        let groups = summary["byCategory"].as_array().expect("a list").iter();
        let mut lifted = groups.filter(|group| group["category"] == "LIFTED_OUT_OF_POVERTY");
        let lifted = lifted.next().expect("a group")["people"].clone();
        json!([summary["people"], summary["publicPostLeavers"], lifted])
    };
    for number in 1..=2 {
        let id = people::person(&app, number).await;
        let left = json!({"workerId": id, "leftOn": "2026-06-30", "source": "岗位合同到期"});
        app.data(&origin, LEAVE, json!({"input": left})).await;
        if number == 2 {
            assert_eq!(figures().await, json!([2, 2, 2]));
            app.data(&origin, DEATH, death(&id, "2026-11-01")).await;
        }
    }
    assert_eq!(figures().await, json!([2, 1, 1]));
}

async fn a_helper_is_assigned_by_the_origins_intake_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let input = json!({"workerId": id, "helperSubject": "h-1", "since": "2026-01-01"});
    assert_hidden(&app, &app.officer(DESTINATION), ASSIGN, &input, &id).await;
    for token in [
        app.officer(VILLAGE),
        app.officer("590200000000"),
        app.helper("h-1"),
        app.worker(worker_id(&id)),
    ] {
        let code = app.code(&token, ASSIGN, json!({"input": input})).await;
        assert_eq!(code, "FORBIDDEN");
    }
    let township = app.officer("590222101000");
    for (helper, since, field, code) in [
        (" ", "2026-01-01", "input.helperSubject", "BAD_TEXT"),
        ("h-1", "2026-11-24", "input.since", "DATE_IN_FUTURE"),
    ] {
        let input = json!({"workerId": id, "helperSubject": helper, "since": since});
        let told = app.data(&township, ASSIGN, json!({"input": input})).await;
        assert_eq!(codes(&told["assignHelper"]), rejected(field, code));
    }
    let nobody =
        json!({"input": {"workerId": missing(&app), "helperSubject": "h", "since": "2026-01-01"}});
    assert_eq!(app.code(&township, ASSIGN, nobody).await, "NOT_FOUND");
}

/// The refusals of a mutation; an update is of the person's latest version.
async fn refused(
    app: &TestApp,
    id: &str,
    [token, name]: [&str; 2],
    mut input: Value,
) -> Vec<(String, String)> {
    let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {kind}Input!) {{ {name}(input: $input) {{
           userErrors {{ field code message }} }} }}"
    );
    if name == "updateWorker" {
        let seen = app
            .data(&app.officer(ORIGIN), STATUS, json!({"id": id}))
            .await;
        input["version"] = seen["worker"]["version"].clone();
        input["workerId"] = json!(id);
    }
    let data = app.data(token, &query, json!({"input": input})).await;
    codes(&data[name])
}

async fn nothing_begins_for_whoever_died(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let officer = app.officer(ORIGIN);
    let mut ids = Vec::new();
    for number in 1..=2 {
        let payload = people::register(&app, &officer, &household, number).await;
        ids.push(payload["worker"]["id"].as_str().expect("an id").to_owned());
    }
    let id = ids[0].as_str();
    app.data(&officer, DEATH, death(id, "2026-11-01")).await;
    let run =
        async |token: &str, name: &str, input: Value| refused(&app, id, [token, name], input).await;
    let dead = |field: &str| rejected(&format!("input.{field}"), "PERSON_DECEASED");
    let assigned = json!({"workerId": id, "helperSubject": "h-1", "since": "2026-06-01"});
    assert_eq!(
        run(&officer, "assignHelper", assigned).await,
        dead("workerId")
    );
    let moved = json!({"workerId": id, "toVillage": VILLAGE, "movedOn": "2026-11-23",
        "reason": "分户", "version": 2});
    assert_eq!(run(&officer, "moveWorker", moved).await, dead("workerId"));
    let split = json!({"householdId": household, "memberIds": [id], "splitOn": "2026-11-23",
        "reason": "分户", "version": 1});
    assert_eq!(
        run(&officer, "splitHousehold", split).await,
        dead("memberIds")
    );
    let left = |on: &str| json!({"workerId": id, "leftOn": on, "source": "村委会"});
    assert_eq!(
        run(&officer, "leavePublicPost", left("2026-11-02")).await,
        dead("leftOn")
    );
    assert_eq!(
        run(&officer, "leavePublicPost", left("2026-11-01")).await,
        []
    );
    for (field, value) in [
        ("phone", json!("13930628918")),
        ("stay", json!(DESTINATION)),
        (
            "willing",
            json!({"value": false, "since": "2026-11-01", "source": "村委会"}),
        ),
        ("notWorkingSince", json!("2026-11-02")),
    ] {
        let change = json!({field: value});
        assert_eq!(run(&officer, "updateWorker", change).await, dead(field));
    }
    let own = app.worker(worker_id(id));
    let change = json!({"phone": "13930628918"});
    assert_eq!(run(&own, "updateWorker", change).await, dead("phone"));
    // What was known too late, and what is cleared.
    let late = json!({"phone": null, "skills": ["焊工"], "bankAccount": "6222000011112222",
        "willing": {"value": false, "since": "2026-10-31", "source": "村委会"}});
    assert_eq!(run(&officer, "updateWorker", late).await, []);
    // The household goes where it goes, with all that are registered in it.
    let moved = json!({"householdId": household, "toVillage": "590222101208",
        "movedOn": "2026-11-23", "reason": "搬迁", "version": 1});
    assert_eq!(run(&officer, "moveHousehold", moved).await, []);
}
