//! Who sees and answers which findings.

use employment_exchange::kernel::ids::{self, FindingId, RecordId as _, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{EMPLOYER, employer, for_county, found, id, mutation, run};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        officers_see_what_their_counties_answer_and_no_other_finding,
        whoever_has_no_part_in_findings_is_told_so,
        a_record_out_of_reach_is_not_shown_through_its_finding,
        lists_are_filtered_and_pages_join,
        a_page_takes_the_same_statements_for_one_row_and_for_many,
        people_read_in_their_log_who_opened_a_finding_about_them,
        a_refused_step_that_shows_a_finding_leaves_entries,
    ]
}

const ONE: &str = "query($id: ID!) { finding(id: $id) { id state } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { id ... on Finding { state } } }";
const LIST: &str = "query($filter: FindingFilter, $first: Int, $after: String) {
    findings(filter: $filter, first: $first, after: $after) {
      nodes { id state steps { text } answer { text } worker { name } employer { name }
              employment { id } }
      pageInfo { hasNextPage endCursor } } }";
const PREFECTURE: &str = "590200000000";
const PROVINCE: &str = "590000000000";

async fn listed(app: &TestApp, token: &str, filter: Value) -> Vec<String> {
    let data = app.data(token, LIST, json!({"filter": filter})).await;
    let nodes = data["findings"]["nodes"].as_array().expect("a list");
    let mut found: Vec<_> = nodes.iter().map(id).collect();
    found.sort();
    found
}

fn sorted(ids: &[&String]) -> Vec<String> {
    let mut ids: Vec<_> = ids.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}

async fn officers_see_what_their_counties_answer_and_no_other_finding(app: TestApp) {
    let origin = id(&found(&app, for_county(ORIGIN)).await);
    let other = id(&found(&app, for_county(DESTINATION)).await);
    let both = sorted(&[&origin, &other]);
    let missing = ids::encode(app.db.ids().next::<FindingId>());
    for (token, seen, hidden) in [
        (app.plain(Role::Auditor), &both[..], None),
        (app.plain(Role::Admin), &both, None),
        (app.officer(PROVINCE), &both, None),
        (
            app.officer(PREFECTURE),
            std::slice::from_ref(&origin),
            Some(&other),
        ),
        (
            app.officer(ORIGIN),
            std::slice::from_ref(&origin),
            Some(&other),
        ),
        (
            app.officer(DESTINATION),
            std::slice::from_ref(&other),
            Some(&origin),
        ),
        (app.officer(ELSEWHERE), &[], Some(&origin)),
    ] {
        assert_eq!(listed(&app, &token, json!({})).await, seen);
        for id in seen {
            let one = app.data(&token, ONE, json!({"id": id})).await;
            assert_eq!(one, json!({"finding": {"id": id, "state": "OPEN"}}));
            let node = app.data(&token, NODE, json!({"id": id})).await;
            assert_eq!(node["node"], one["finding"]);
        }
        for id in hidden.into_iter().chain([&missing]) {
            let one = app.data(&token, ONE, json!({"id": id})).await;
            assert_eq!(one, json!({"finding": null}));
            let node = app.data(&token, NODE, json!({"id": id})).await;
            assert_eq!(node, json!({"node": null}));
        }
        let narrowed = listed(&app, &token, json!({"region": PROVINCE})).await;
        assert_eq!(narrowed, seen, "a filter does not widen the reach");
    }
    only_the_responsible_answer(&app, [&origin, &other, &missing]).await;
}

async fn only_the_responsible_answer(app: &TestApp, [origin, other, missing]: [&str; 3]) {
    let answer = |id: &str| json!({"input": {"id": id, "version": 1, "answer": "已核"}});
    for county in [DESTINATION, ELSEWHERE] {
        let mut told = Vec::new();
        for id in [origin, missing] {
            let token = app.officer(county);
            let mut body = app
                .gql(&token, &mutation("answerFinding"), answer(id))
                .await;
            body["errors"][0]["extensions"]["requestId"].take();
            body["extensions"].take();
            told.push(body);
        }
        assert_eq!(told[0]["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(told[0], told[1]);
    }
    let told = run(
        app,
        &app.officer(ORIGIN),
        "answerFinding",
        answer(origin)["input"].clone(),
    )
    .await;
    assert_eq!(told["finding"]["answer"]["regionCode"], ORIGIN);
    let told = run(
        app,
        &app.officer(PROVINCE),
        "answerFinding",
        answer(other)["input"].clone(),
    )
    .await;
    assert_eq!(told["finding"]["answer"]["regionCode"], PROVINCE);
}

async fn whoever_has_no_part_in_findings_is_told_so(app: TestApp) {
    let finding = id(&found(&app, for_county(ORIGIN)).await);
    let worker = app.worker(WorkerId::from_uuid(uuid::Uuid::from_u128(1)));
    let outsiders = [
        app.officer("590222101000"),
        app.officer(VILLAGE),
        app.agency(Agency::SocialInsurance),
        app.agency(Agency::Agriculture),
        app.employer(EMPLOYER),
        app.helper("h-1"),
        worker,
    ];
    let record = json!({"input": for_county(ORIGIN)});
    let answer = json!({"input": {"id": finding, "version": 1, "answer": "已核"}});
    let close = json!({"input": {"id": finding, "version": 1, "outcome": "WITHDRAWN",
        "remark": "误"}});
    let reopen = json!({"input": {"id": finding, "version": 1, "reason": "再核"}});
    for token in &outsiders {
        let one = json!({"id": finding});
        assert_eq!(app.code(token, ONE, one.clone()).await, "FORBIDDEN");
        assert_eq!(app.code(token, NODE, one).await, "FORBIDDEN");
        assert_eq!(app.code(token, LIST, json!({})).await, "FORBIDDEN");
        let told = app
            .code(token, &mutation("answerFinding"), answer.clone())
            .await;
        assert_eq!(told, "FORBIDDEN");
    }
    let officers = [
        app.plain(Role::Admin),
        app.officer(ORIGIN),
        app.officer(PROVINCE),
    ];
    for token in outsiders.iter().chain(&officers) {
        for (name, input) in [
            ("recordFinding", &record),
            ("closeFinding", &close),
            ("reopenFinding", &reopen),
        ] {
            let told = app.code(token, &mutation(name), input.clone()).await;
            assert_eq!(told, "FORBIDDEN", "{name}");
        }
    }
    for token in [app.plain(Role::Admin), app.plain(Role::Auditor)] {
        let told = app
            .code(&token, &mutation("answerFinding"), answer.clone())
            .await;
        assert_eq!(told, "FORBIDDEN");
    }
}

async fn a_record_out_of_reach_is_not_shown_through_its_finding(app: TestApp) {
    let person = people::person(&app, 1).await;
    let employer = employer(&app).await;
    let mut input = for_county(ELSEWHERE);
    input["subjectId"] = json!(person);
    let about_person = found(&app, input.clone()).await;
    assert!(!about_person["worker"].is_null(), "the auditor sees all");
    input["subjectId"] = json!(employer);
    let about_employer = found(&app, input).await;
    let query = "query($id: ID!) { finding(id: $id) { subjectKind evidence worker { name }
        employer { creditCode } employment { id } } }";
    let elsewhere = app.officer(ELSEWHERE);
    let told = app
        .data(&elsewhere, query, json!({"id": about_person["id"]}))
        .await;
    assert_eq!(
        told["finding"],
        json!({"subjectKind": "WORKER", "evidence": "无发放凭证", "worker": null,
               "employer": null, "employment": null})
    );
    let told = app
        .data(&elsewhere, query, json!({"id": about_employer["id"]}))
        .await;
    assert_eq!(told["finding"]["employer"]["creditCode"], EMPLOYER);
}

async fn lists_are_filtered_and_pages_join(app: TestApp) {
    let auditor = app.plain(Role::Auditor);
    let person = people::person(&app, 1).await;
    let mut input = for_county(DESTINATION);
    input["subjectId"] = json!(person);
    let about_person = id(&found(&app, input).await);
    let open = id(&found(&app, for_county(ORIGIN)).await);
    let answered = id(&found(&app, for_county(ORIGIN)).await);
    let answer = json!({"id": answered, "version": 1, "answer": "已核"});
    run(&app, &app.officer(ORIGIN), "answerFinding", answer).await;
    let other = people::person(&app, 2).await;
    let all = [&about_person, &open, &answered];
    for (filter, expected) in [
        (json!({}), &all[..]),
        (json!({"state": "OPEN"}), &all[..2]),
        (json!({"state": "ANSWERED"}), &all[2..]),
        (json!({"state": "CLOSED"}), &[]),
        (json!({"region": ORIGIN}), &all[1..]),
        (json!({"region": PREFECTURE, "state": "OPEN"}), &all[1..2]),
        (json!({"region": ELSEWHERE}), &[]),
        (json!({"subjectId": person}), &all[..1]),
        (json!({"subjectId": other}), &[]),
    ] {
        let found = listed(&app, &auditor, filter.clone()).await;
        assert_eq!(found, sorted(expected), "{filter}");
    }
    let foreign = json!({"filter": {"subjectId": open}});
    assert_eq!(app.code(&auditor, LIST, foreign).await, "BAD_USER_INPUT");
    let whole = app.data(&auditor, LIST, json!({})).await;
    let first = app.data(&auditor, LIST, json!({"first": 2})).await;
    let info = &first["findings"]["pageInfo"];
    assert_eq!(info["hasNextPage"], true);
    let after = json!({"first": 2, "after": info["endCursor"]});
    let rest = app.data(&auditor, LIST, after).await;
    assert_eq!(rest["findings"]["pageInfo"]["hasNextPage"], false);
    let nodes = |page: &Value| {
        page["findings"]["nodes"]
            .as_array()
            .expect("a list")
            .clone()
    };
    assert_eq!([nodes(&first), nodes(&rest)].concat(), nodes(&whole));
}

async fn a_page_takes_the_same_statements_for_one_row_and_for_many(app: TestApp) {
    for number in 1..=3 {
        let person = people::person(&app, number).await;
        let mut input = for_county(ORIGIN);
        input["subjectId"] = json!(person);
        let finding = id(&found(&app, input).await);
        let answer = json!({"id": finding, "version": 1, "answer": "已核"});
        run(&app, &app.officer(ORIGIN), "answerFinding", answer).await;
    }
    let auditor = app.plain(Role::Auditor);
    app.data(&auditor, LIST, json!({"first": 1})).await;
    let mut sent = Vec::new();
    for first in [1, 3] {
        let before = app.db.statements_sent();
        let page = app.data(&auditor, LIST, json!({"first": first})).await;
        let shown = page["findings"]["nodes"].as_array().expect("a list");
        assert_eq!(shown.len(), first);
        assert!(shown.iter().all(|finding| !finding["worker"].is_null()));
        sent.push(app.db.statements_sent() - before);
    }
    assert_eq!(sent[0], sent[1]);
}

async fn people_read_in_their_log_who_opened_a_finding_about_them(app: TestApp) {
    let person = people::person(&app, 1).await;
    let mut input = for_county(ORIGIN);
    input["subjectId"] = json!(person);
    let finding = id(&found(&app, input).await);
    app.data(&app.officer(ORIGIN), ONE, json!({"id": finding}))
        .await;
    app.data(&app.plain(Role::Auditor), NODE, json!({"id": finding}))
        .await;
    assert_eq!(audits_in_own_log(&app, &person).await, [json!(null); 0]);
    let answer = json!({"id": finding, "version": 1, "answer": "已核"});
    run(&app, &app.officer(ORIGIN), "answerFinding", answer).await;
    assert_eq!(audits_in_own_log(&app, &person).await, [json!(null); 0]);
    let close = json!({"id": finding, "version": 2, "outcome": "DISMISSED", "remark": "属实"});
    let closed = run(&app, &app.plain(Role::Auditor), "closeFinding", close).await;
    assert_eq!(closed["userErrors"], json!([]));
    let told = audits_in_own_log(&app, &person).await;
    assert_eq!(
        told.last(),
        Some(&json!(["AUDITOR", "audit.record_finding", [], "DONE"]))
    );
    for entry in [
        json!(["AUDITOR", "audit.read_findings", [], "SHOWN"]),
        json!(["OFFICER", "audit.read_findings", [], "SHOWN"]),
        json!(["OFFICER", "audit.answer_finding", [], "DONE"]),
        json!(["AUDITOR", "audit.close_finding", [], "DONE"]),
    ] {
        assert!(told.contains(&entry), "{entry} in {told:?}");
    }
    // Another finding, and the log neither grows nor shrinks by it.
    at_hour(&app, 3);
    let mut input = for_county(ORIGIN);
    input["subjectId"] = json!(person);
    let second = id(&found(&app, input).await);
    let open = "query($id: ID!) { worker(id: $id) { name } }";
    let auditor = app.plain(Role::Auditor);
    app.data(&auditor, open, json!({"id": person})).await;
    assert_eq!(audits_in_own_log(&app, &person).await, told);
    let answer = json!({"id": second, "version": 1, "answer": "已核"});
    run(&app, &app.officer(ORIGIN), "answerFinding", answer).await;
    let close = json!({"id": second, "version": 2, "outcome": "DISMISSED", "remark": "属实"});
    run(&app, &app.plain(Role::Auditor), "closeFinding", close).await;
    let told = audits_in_own_log(&app, &person).await;
    assert_eq!(told[0][1], "audit.close_finding");
    assert!(told.contains(&json!(["AUDITOR", "worker.read", [], "SHOWN"])));
    // Nor by one that is opened again.
    at_hour(&app, 4);
    let reopen = json!({"id": second, "version": 3, "reason": "新证据"});
    let reopened = run(&app, &app.plain(Role::Auditor), "reopenFinding", reopen).await;
    assert_eq!(reopened["userErrors"], json!([]));
    assert_eq!(audits_in_own_log(&app, &person).await, told);
}

fn at_hour(app: &TestApp, hour: u32) {
    let at = format!("2026-11-23T{hour:02}:00:00Z");
    app.clock.set(at.parse().expect("a valid instant"));
}

/// What a person reads in the own log about audits and of auditors, newest first.
async fn audits_in_own_log(app: &TestApp, person: &str) -> Vec<Value> {
    let own = app.worker(ids::decode(person).expect("an id"));
    let log = "{ accessLog { nodes { role action fields outcome } } }";
    let told = app.data(&own, log, json!({})).await;
    let nodes = told["accessLog"]["nodes"].as_array().expect("a list");
    assert!(!nodes.is_empty(), "the registration at least");
    nodes
        .iter()
        .filter(|n| {
            let audit = n["action"].as_str().expect("a name").starts_with("audit.");
            audit || n["role"] == "AUDITOR"
        })
        .map(|n| json!([n["role"], n["action"], n["fields"], n["outcome"]]))
        .collect()
}

async fn a_refused_step_that_shows_a_finding_leaves_entries(app: TestApp) {
    let person = people::person(&app, 1).await;
    let mut input = for_county(ORIGIN);
    input["subjectId"] = json!(person);
    let finding = id(&found(&app, input).await);
    let stale = json!({"id": finding, "version": 0, "answer": "已核"});
    let told = run(&app, &app.officer(ORIGIN), "answerFinding", stale).await;
    assert_eq!(told["userErrors"][0]["code"], "STALE_VERSION");
    assert_eq!(told["finding"]["id"], json!(finding), "it is shown");
    let looks = journal::of_action(&app, "audit.read_findings").await;
    let mut told: Vec<_> = looks
        .iter()
        .map(|entry| (entry.record_kind.as_deref(), entry.outcome.as_str()))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [(Some("Finding"), "SHOWN"), (Some("Worker"), "SHOWN")]
    );
}
