//! Correcting names, which takes two people as well.

use employment_exchange::platform::authn::{Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{NEW_VILLAGE, codes, family, mutation, run};
use crate::support::app::TestApp;
use crate::support::people::{self, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_name_is_corrected_by_two_people,
        a_name_is_not_corrected_by_anybody_else_or_into_anything,
        whoever_has_the_right_name_is_confirmed_elsewhere,
    ]
}

const CORRECTION: &str = "correction { id kind state name residentIdMask version }
    worker { name version }";
const DECIDED: &str = "correction { state version worker { name version } }";

async fn propose(app: &TestApp, worker: &str, name: &str) -> Value {
    let input = json!({"workerId": worker, "name": name, "reason": "登记时写错", "version": 1});
    let officer = app.officer(ORIGIN);
    run(app, &officer, "proposeNameCorrection", CORRECTION, input).await
}

fn decision(correction: &Value, approve: bool) -> Value {
    json!({"correctionId": correction["id"], "approve": approve, "reason": "核对户口簿",
        "version": correction["version"]})
}

async fn decide(app: &TestApp, token: &str, correction: &Value, approve: bool) -> Value {
    let input = decision(correction, approve);
    run(app, token, "decideNameCorrection", DECIDED, input).await
}

fn colleague(app: &TestApp) -> String {
    app.token(&TokenRequest {
        region: Some(ORIGIN.parse().expect("a region code")),
        ..app.request(Role::Officer, "a-colleague")
    })
}

async fn a_name_is_corrected_by_two_people(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    let proposed = propose(&app, &people[0], "王小朋").await;
    assert_eq!(codes(&proposed), [""; 0]);
    let correction = &proposed["correction"];
    let expected = json!({"id": correction["id"], "kind": "NAME", "state": "PROPOSED",
        "name": "王小朋", "residentIdMask": null, "version": 1});
    assert_eq!(*correction, expected);
    assert_eq!(proposed["worker"], json!({"name": "王小1", "version": 1}));
    let again = propose(&app, &people[0], "王小明").await;
    assert_eq!(codes(&again), ["CORRECTION_OPEN"]);
    let alone = decide(&app, &app.officer(ORIGIN), correction, true).await;
    assert_eq!(codes(&alone), ["SECOND_PERSON_REQUIRED"]);

    let refused = decide(&app, &colleague(&app), correction, false).await;
    assert_eq!(codes(&refused), [""; 0]);
    let unchanged = json!({"state": "REFUSED", "version": 2,
        "worker": {"name": "王小1", "version": 1}});
    assert_eq!(refused["correction"], unchanged);
    let proposed = propose(&app, &people[0], "王小明").await;
    let decided = decide(&app, &colleague(&app), &proposed["correction"], true).await;
    assert_eq!(codes(&decided), [""; 0]);
    let corrected = json!({"state": "APPROVED", "version": 2,
        "worker": {"name": "王小明", "version": 2}});
    assert_eq!(decided["correction"], corrected);
    let late = decide(&app, &colleague(&app), &proposed["correction"], true).await;
    assert_eq!(codes(&late), ["ALREADY_DECIDED"]);
    for (name, state) in [("王小朋", "REFUSED"), ("王小明", "APPROVED")] {
        let list = "query($state: CorrectionState) { corrections(state: $state) {
            nodes { kind name } } }";
        let of = json!({"state": state});
        let told = app.data(&app.officer(ORIGIN), list, of).await;
        let expected = json!([{"kind": "NAME", "name": name}]);
        assert_eq!(told["corrections"]["nodes"], expected);
    }
}

async fn a_name_is_not_corrected_by_anybody_else_or_into_anything(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    for (name, code) in [
        ("王小1", "SAME_VALUE"),
        (" ", "BAD_TEXT"),
        ("王13930628917", "PERSONAL_NUMBER"),
    ] {
        assert_eq!(
            codes(&propose(&app, &people[0], name).await),
            [code],
            "{name}"
        );
    }
    let query = mutation("proposeNameCorrection", CORRECTION);
    let input = json!({"input": {"workerId": people[0], "name": "王小明", "reason": "写错",
        "version": 1}});
    for (token, code) in [
        (app.officer(ELSEWHERE), "NOT_FOUND"),
        (app.officer("590222101000"), "FORBIDDEN"),
        (app.officer("590200000000"), "FORBIDDEN"),
        (app.plain(Role::Admin), "FORBIDDEN"),
    ] {
        assert_eq!(app.code(&token, &query, input.clone()).await, code);
    }
    let proposed = propose(&app, &people[0], "王小明").await;
    let correction = &proposed["correction"];
    // A proposal of the other kind is not there.
    let query = mutation("decideResidentIdCorrection", "__typename");
    let input = json!({"input": decision(correction, true)});
    let code = app.code(&colleague(&app), &query, input).await;
    assert_eq!(code, "NOT_FOUND");
    let query = mutation("decideNameCorrection", "__typename");
    let input = json!({"input": decision(correction, true)});
    let code = app.code(&app.officer(ELSEWHERE), &query, input).await;
    assert_eq!(code, "NOT_FOUND");
    // The id may be wrong as well.
    let input = json!({"workerId": people[0], "residentId": people::resident_id(905),
        "reason": "录错", "version": 1});
    let officer = app.officer(ORIGIN);
    let beside = run(
        &app,
        &officer,
        "proposeResidentIdCorrection",
        CORRECTION,
        input,
    )
    .await;
    assert_eq!(codes(&beside), [""; 0]);
    assert_eq!(beside["correction"]["kind"], "RESIDENT_ID");
    assert_eq!(beside["correction"]["name"], json!(null));
}

async fn whoever_has_the_right_name_is_confirmed_elsewhere(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    let home = people::household(&app, NEW_VILLAGE, "n1").await;
    let register = async || {
        let input = json!({"householdId": home, "name": "王小明",
            "residentId": people::resident_id(1)});
        let elsewhere = app.officer(ELSEWHERE);
        run(&app, &elsewhere, "registerWorker", "worker { id }", input).await
    };
    assert_eq!(codes(&register().await), ["IDENTITY_NOT_CONFIRMED"]);
    let proposed = propose(&app, &people[0], "王小明").await;
    decide(&app, &colleague(&app), &proposed["correction"], true).await;
    assert_eq!(codes(&register().await), ["ALREADY_REGISTERED"]);
}
