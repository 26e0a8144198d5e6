//! Findings: recorded, answered, decided and opened again.

use employment_exchange::kernel::ids::{self, EmployerId, FindingId, WorkerId};
use employment_exchange::platform::authn::Role;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{codes, employer, for_county, found, id, masked, mutation, rejected, run};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_finding_is_answered_decided_and_opened_again_and_nothing_is_lost,
        the_county_follows_from_the_subject_unless_it_is_given,
        words_are_bounded_and_name_nobodys_number,
        a_step_from_an_old_version_changes_nothing,
        steps_out_of_turn_are_refused,
        a_repeated_request_records_once,
        of_two_answers_at_once_one_stands,
    ]
}

/// A step's input with the text under its own name.
fn step(finding: &Value, version: i64, (name, text): (&str, &str)) -> Value {
    json!({"id": finding["id"], "version": version, name: text})
}

fn closing(finding: &Value, version: i64, outcome: &str) -> Value {
    json!({"id": finding["id"], "version": version, "outcome": outcome, "remark": "已核实"})
}

/// What a finding tells of each of its steps.
fn steps_of(finding: &Value) -> Vec<Value> {
    let step = |s: &Value| {
        json!([
            s["kind"],
            s["outcome"],
            s["text"],
            s["role"],
            s["regionCode"]
        ])
    };
    let steps = finding["steps"].as_array().expect("steps");
    steps.iter().map(step).collect()
}

async fn a_finding_is_answered_decided_and_opened_again_and_nothing_is_lost(app: TestApp) {
    let (auditor, county) = (app.plain(Role::Auditor), app.officer(ORIGIN));
    let person = people::person(&app, 1).await;
    let finding = found(
        &app,
        json!({"subjectId": person, "clause": " 补贴办法第三条 ",
        "evidence": "九月无打卡记录\n十月亦无"}),
    )
    .await;
    as_recorded(&finding);

    let first = step(&finding, 1, ("answer", "打卡机损坏"));
    let told = run(&app, &county, "answerFinding", first).await;
    assert_eq!(told["finding"]["state"], "ANSWERED", "{told}");
    assert_eq!(
        told["finding"]["answer"],
        json!({"text": "打卡机损坏", "by": format!("officer-{ORIGIN}"), "regionCode": ORIGIN})
    );
    let asked = step(&finding, 2, ("reason", "请附维修单"));
    let told = run(&app, &auditor, "reopenFinding", asked).await;
    assert_eq!(told["finding"]["state"], "OPEN", "{told}");
    assert_eq!(told["finding"]["answer"], json!(null));
    let second = step(&finding, 3, ("answer", "维修单已附卷"));
    run(&app, &county, "answerFinding", second).await;
    let told = run(
        &app,
        &auditor,
        "closeFinding",
        closing(&finding, 4, "DISMISSED"),
    )
    .await;
    let closed = &told["finding"];
    assert_eq!(
        (&closed["state"], &closed["outcome"], &closed["version"]),
        (&json!("CLOSED"), &json!("DISMISSED"), &json!(5))
    );
    assert_eq!(closed["answer"]["text"], "维修单已附卷");
    let told = steps_of(closed);
    assert_eq!(
        told,
        [
            json!(["ANSWERED", null, "打卡机损坏", "OFFICER", ORIGIN]),
            json!(["REOPENED", null, "请附维修单", "AUDITOR", null]),
            json!(["ANSWERED", null, "维修单已附卷", "OFFICER", ORIGIN]),
            json!(["CLOSED", "DISMISSED", "已核实", "AUDITOR", null]),
        ]
    );
    let reopened = step(&finding, 5, ("reason", "新线索"));
    let told = run(&app, &auditor, "reopenFinding", reopened).await;
    assert_eq!(told["finding"]["outcome"], json!(null), "{told}");
    each_step_has_its_entries(&app).await;
}

fn as_recorded(finding: &Value) {
    assert_eq!(finding["clause"], "补贴办法第三条");
    assert_eq!(finding["evidence"], "九月无打卡记录\n十月亦无");
    assert_eq!(
        (&finding["state"], &finding["version"]),
        (&json!("OPEN"), &json!(1))
    );
    assert_eq!(finding["recordedBy"], "AUDITOR");
    assert_eq!(finding["answer"], json!(null));
    assert_eq!(finding["worker"]["residentIdMask"], masked(1));
}

async fn each_step_has_its_entries(app: &TestApp) {
    for (action, entries) in [
        ("audit.record_finding", 1),
        ("audit.answer_finding", 2),
        ("audit.reopen_finding", 2),
        ("audit.close_finding", 1),
    ] {
        // One for the finding, one for the person it is about.
        let written = journal::of_action(app, action).await;
        assert_eq!(written.len(), 2 * entries, "{action}");
        assert!(written.iter().all(|entry| entry.outcome == "DONE"));
    }
    journal::verified(app).await;
}

async fn the_county_follows_from_the_subject_unless_it_is_given(app: TestApp) {
    let auditor = app.plain(Role::Auditor);
    let person = people::person(&app, 1).await;
    let employer = employer(&app).await;
    let job = |workplace: &str, since: &str| {
        json!({"input": {"workerId": person, "form": "FLEXIBLE", "jobTitle": "焊工",
               "workplace": workplace, "startedOn": since}})
    };
    let record = "mutation($input: RecordEmploymentInput!) {
        recordEmployment(input: $input) { employment { id } userErrors { code } } }";
    let mut jobs = Vec::new();
    for (workplace, since) in [(DESTINATION, "2026-01-01"), ("440305000000", "2026-02-01")] {
        let job = job(workplace, since);
        let told = app.data(&app.officer(ORIGIN), record, job).await;
        jobs.push(id(&told["recordEmployment"]["employment"]));
    }
    for (subject, kind, county) in [
        (&person, "WORKER", ORIGIN),
        (&employer, "EMPLOYER", DESTINATION),
        (&jobs[0], "EMPLOYMENT", DESTINATION),
        (&jobs[1], "EMPLOYMENT", ORIGIN),
    ] {
        let mut input = json!({"subjectId": subject, "clause": "甲", "evidence": "乙"});
        let finding = found(&app, input.clone()).await;
        assert_eq!(finding["subjectKind"], kind);
        assert_eq!(finding["responsibleCounty"], county, "{kind}");
        let has = |field: &str| !finding[field].is_null();
        assert_eq!(has("worker"), kind != "EMPLOYER", "{kind}");
        assert_eq!(has("employer"), kind == "EMPLOYER", "{kind}");
        assert_eq!(has("employment"), kind == "EMPLOYMENT", "{kind}");
        input["responsibleCounty"] = json!(ELSEWHERE);
        let finding = found(&app, input).await;
        assert_eq!(finding["responsibleCounty"], ELSEWHERE);
    }
    let alone = json!({"clause": "甲", "evidence": "乙"});
    let told = run(&app, &auditor, "recordFinding", alone.clone()).await;
    assert_eq!(codes(&told), rejected("responsibleCounty", "COUNTY_NEEDED"));
    for code in ["590200000000", "590222101000", "590999000000"] {
        let mut input = alone.clone();
        input["responsibleCounty"] = json!(code);
        let told = run(&app, &auditor, "recordFinding", input).await;
        assert_eq!(
            codes(&told),
            rejected("responsibleCounty", "UNKNOWN_REGION"),
            "{code}"
        );
    }
    let finding = found(&app, for_county(ORIGIN)).await;
    assert_eq!(finding["subjectKind"], json!(null));
    for (subject, code) in [
        (ids::encode(app.db.ids().next::<WorkerId>()), "NOT_FOUND"),
        (ids::encode(app.db.ids().next::<EmployerId>()), "NOT_FOUND"),
        (id(&finding), "BAD_USER_INPUT"),
        ("%%".into(), "BAD_USER_INPUT"),
    ] {
        let input = json!({"input": {"subjectId": subject, "clause": "甲", "evidence": "乙"}});
        let refused = app.code(&auditor, &mutation("recordFinding"), input).await;
        assert_eq!(refused, code);
    }
}

async fn words_are_bounded_and_name_nobodys_number(app: TestApp) {
    let (auditor, county) = (app.plain(Role::Auditor), app.officer(ORIGIN));
    let finding = found(&app, for_county(ORIGIN)).await;
    let resident_id = people::resident_id(7);
    let numbers = [
        format!("查{resident_id}"),
        format!(
            "{} {} {}",
            &resident_id[..6],
            &resident_id[6..14],
            &resident_id[14..]
        ),
        "账户6222021234567890128".to_owned(),
        "打13930628917".to_owned(),
    ];
    let bad = [String::new(), " \u{3000}".to_owned(), "长".repeat(4_001)]
        .map(|text| (text, "BAD_TEXT"))
        .into_iter()
        .chain(numbers.map(|text| (text, "PERSONAL_NUMBER")));
    for (text, code) in bad {
        for field in ["clause", "evidence"] {
            let mut input = for_county(ORIGIN);
            input[field] = json!(text);
            let told = run(&app, &auditor, "recordFinding", input).await;
            assert_eq!(codes(&told), rejected(field, code), "{text}");
            assert_eq!(told["finding"], json!(null));
            assert!(text.trim().is_empty() || !told.to_string().contains(&text));
        }
        let input = step(&finding, 1, ("answer", &text));
        let told = run(&app, &county, "answerFinding", input).await;
        assert_eq!(codes(&told), rejected("answer", code), "{text}");
        let mut input = closing(&finding, 1, "WITHDRAWN");
        input["remark"] = json!(text);
        let told = run(&app, &auditor, "closeFinding", input).await;
        assert_eq!(codes(&told), rejected("remark", code), "{text}");
    }
    let long = json!({"responsibleCounty": ORIGIN, "clause": "条".repeat(200),
        "evidence": "据".repeat(4_000)});
    found(&app, long).await;
    let mut input = for_county(ORIGIN);
    input["clause"] = json!("条".repeat(201));
    let told = run(&app, &auditor, "recordFinding", input).await;
    assert_eq!(codes(&told), rejected("clause", "BAD_TEXT"));
    let current = step(&finding, 1, ("answer", "已核"));
    let told = run(&app, &county, "answerFinding", current).await;
    assert_eq!(told["userErrors"], json!([]), "nothing came of the others");
    let bad = step(&finding, 2, ("reason", &resident_id));
    let told = run(&app, &auditor, "reopenFinding", bad).await;
    assert_eq!(codes(&told), rejected("reason", "PERSONAL_NUMBER"));
}

async fn a_step_from_an_old_version_changes_nothing(app: TestApp) {
    let (auditor, county) = (app.plain(Role::Auditor), app.officer(ORIGIN));
    let finding = found(&app, for_county(ORIGIN)).await;
    let answer = step(&finding, 1, ("answer", "已核"));
    run(&app, &county, "answerFinding", answer.clone()).await;
    for (token, name, input) in [
        (&county, "answerFinding", answer),
        (&auditor, "closeFinding", closing(&finding, 1, "UPHELD")),
        (
            &auditor,
            "reopenFinding",
            step(&finding, 1, ("reason", "再核")),
        ),
    ] {
        let told = run(&app, token, name, input).await;
        assert_eq!(codes(&told), rejected("version", "STALE_VERSION"), "{name}");
        assert_eq!(told["finding"]["version"], 2, "the current one comes along");
        assert_eq!(told["finding"]["answer"]["text"], "已核");
    }
}

async fn steps_out_of_turn_are_refused(app: TestApp) {
    let (auditor, county) = (app.plain(Role::Auditor), app.officer(ORIGIN));
    let finding = found(&app, for_county(ORIGIN)).await;
    let told = run(
        &app,
        &auditor,
        "closeFinding",
        closing(&finding, 1, "REMEDIED"),
    )
    .await;
    assert_eq!(codes(&told), rejected("id", "NOT_ANSWERED"));
    let reopen = |version| step(&finding, version, ("reason", "再核"));
    let told = run(&app, &auditor, "reopenFinding", reopen(1)).await;
    assert_eq!(codes(&told), rejected("id", "STILL_OPEN"));
    let told = run(
        &app,
        &auditor,
        "closeFinding",
        closing(&finding, 1, "WITHDRAWN"),
    )
    .await;
    assert_eq!(told["finding"]["outcome"], "WITHDRAWN", "{told}");
    let told = run(
        &app,
        &county,
        "answerFinding",
        step(&finding, 2, ("answer", "已核")),
    )
    .await;
    assert_eq!(codes(&told), rejected("id", "NOT_OPEN"));
    let told = run(
        &app,
        &auditor,
        "closeFinding",
        closing(&finding, 2, "UPHELD"),
    )
    .await;
    assert_eq!(codes(&told), rejected("id", "ALREADY_CLOSED"));
}

async fn a_repeated_request_records_once(app: TestApp) {
    let (auditor, county) = (app.plain(Role::Auditor), app.officer(ORIGIN));
    let mut input = for_county(ORIGIN);
    input["idempotencyKey"] = json!("k");
    let first = found(&app, input.clone()).await;
    assert_eq!(found(&app, input.clone()).await, first);
    let mut answer = step(&first, 1, ("answer", "已核"));
    answer["idempotencyKey"] = json!("k");
    let told = run(&app, &county, "answerFinding", answer.clone()).await;
    let again = run(&app, &county, "answerFinding", answer).await;
    assert_eq!(
        told, again,
        "an answer that was lost on its way comes again"
    );
    input["evidence"] = json!("另一事");
    let other = json!({"input": input});
    let code = app.code(&auditor, &mutation("recordFinding"), other).await;
    assert_eq!(code, "CONFLICT");
    let missing = ids::encode(app.db.ids().next::<FindingId>());
    let none = json!({"input": {"id": missing, "version": 1, "reason": "再核"}});
    let code = app.code(&auditor, &mutation("reopenFinding"), none).await;
    assert_eq!(code, "NOT_FOUND");
}

async fn of_two_answers_at_once_one_stands(app: TestApp) {
    let finding = found(&app, for_county(ORIGIN)).await;
    let (county, province) = (app.officer(ORIGIN), app.officer("590000000000"));
    let (one, other) = futures::join!(
        run(
            &app,
            &county,
            "answerFinding",
            step(&finding, 1, ("answer", "甲")),
        ),
        run(
            &app,
            &province,
            "answerFinding",
            step(&finding, 1, ("answer", "乙")),
        ),
    );
    let mut ended = [codes(&one), codes(&other)];
    ended.sort();
    assert_eq!(ended, [vec![], rejected("version", "STALE_VERSION")]);
    let told = run(
        &app,
        &app.plain(Role::Auditor),
        "closeFinding",
        closing(&finding, 2, "REMEDIED"),
    )
    .await;
    let steps = told["finding"]["steps"].as_array().map(Vec::len);
    assert_eq!(steps, Some(2), "one answer and the closing");
}
