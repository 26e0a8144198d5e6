//! Correcting resident ids, which takes two people.

use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{NEW_VILLAGE, codes, family, mutation, run};
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, ELSEWHERE, ORIGIN};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_resident_id_is_corrected_by_two_people,
        a_proposal_says_nothing_about_people_out_of_reach,
        a_death_that_came_under_the_wrong_id_goes_with_it,
        a_death_that_the_county_recorded_stays,
        of_two_decisions_at_once_one_counts_and_a_refused_id_changes_nothing,
    ]
}

/// Another officer of a region.
fn colleague(app: &TestApp, region: &str, name: &str) -> String {
    app.token(&TokenRequest {
        region: Some(RegionCode::parse(region).expect("a region code")),
        ..app.request(Role::Officer, name)
    })
}

const CORRECTION: &str = "correction { id state residentIdMask proposedBy decidedBy version
    worker { id residentIdMask birthYear version } }";

fn mask(number: u32) -> String {
    format!("590222********{}", &people::resident_id(number)[14..])
}

async fn propose(app: &TestApp, worker: &str, number: u32) -> Value {
    let input = json!({"workerId": worker, "residentId": people::resident_id(number),
        "reason": "登记时录错", "version": 1});
    let officer = app.officer(ORIGIN);
    run(
        app,
        &officer,
        "proposeResidentIdCorrection",
        CORRECTION,
        input,
    )
    .await
}

async fn decide(app: &TestApp, token: &str, correction: &Value, approve: bool) -> Value {
    let input = json!({"correctionId": correction["id"], "approve": approve,
        "reason": "核对户口簿", "version": correction["version"]});
    run(app, token, "decideResidentIdCorrection", CORRECTION, input).await
}

async fn work_list(app: &TestApp, token: &str, state: &str) -> Value {
    let query = "query($state: CorrectionState) { corrections(state: $state) {
        nodes { id state } } }";
    let mut data = app.data(token, query, json!({"state": state})).await;
    data["corrections"]["nodes"].take()
}

async fn a_resident_id_is_corrected_by_two_people(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1, 2]).await;
    let proposed = propose(&app, &people[0], 905).await;
    assert_eq!(codes(&proposed), [""; 0]);
    let correction = &proposed["correction"];
    assert_eq!(correction["residentIdMask"], mask(905));
    assert_eq!(correction["worker"]["residentIdMask"], mask(1));
    assert_eq!(correction["worker"]["version"], 1, "nothing changed yet");
    let again = propose(&app, &people[0], 906).await;
    assert_eq!(codes(&again), ["CORRECTION_OPEN"]);
    let stale = json!({"workerId": people[0], "residentId": people::resident_id(906),
        "reason": "登记时录错", "version": 0});
    let fields = "worker { id version }";
    let officer = app.officer(ORIGIN);
    let stale = run(&app, &officer, "proposeResidentIdCorrection", fields, stale).await;
    assert_eq!(codes(&stale), ["STALE_VERSION"]);
    let current = json!({"id": people[0], "version": 1});
    assert_eq!(stale["worker"], current, "the current record, to try again");

    let first = app.officer(ORIGIN);
    let alone = decide(&app, &first, correction, true).await;
    assert_eq!(codes(&alone), ["SECOND_PERSON_REQUIRED"]);
    let township = app.officer("590222101000");
    let query = mutation("decideResidentIdCorrection", "__typename");
    let input = json!({"input": {"correctionId": correction["id"], "approve": true,
        "reason": "核对", "version": 1}});
    assert_eq!(
        app.code(&township, &query, input.clone()).await,
        "FORBIDDEN"
    );
    let elsewhere = app.officer(ELSEWHERE);
    assert_eq!(app.code(&elsewhere, &query, input).await, "NOT_FOUND");
    assert_eq!(work_list(&app, &elsewhere, "PROPOSED").await, json!([]));

    let second = colleague(&app, "590200000000", "prefecture");
    let open = work_list(&app, &second, "PROPOSED").await;
    assert_eq!(open, json!([{"id": correction["id"], "state": "PROPOSED"}]));
    let decided = decide(&app, &second, correction, true).await;
    assert_eq!(codes(&decided), [""; 0]);
    assert_eq!(
        decided["correction"],
        json!({"id": correction["id"], "state": "APPROVED", "residentIdMask": mask(905),
               "proposedBy": format!("officer-{ORIGIN}"), "decidedBy": "prefecture", "version": 2,
               "worker": {"id": people[0], "residentIdMask": mask(905), "birthYear": 1991,
                          "version": 2}})
    );
    assert_eq!(work_list(&app, &second, "PROPOSED").await, json!([]));
    let late = decide(&app, &second, &decided["correction"], false).await;
    assert_eq!(codes(&late), ["ALREADY_DECIDED"]);

    let find = "query($id: String!) { worker(residentId: $id) { id } }";
    for (number, expected) in [(905, json!({"id": people[0]})), (1, Value::Null)] {
        let id = json!({"id": people::resident_id(number)});
        assert_eq!(app.data(&first, find, id).await["worker"], expected);
    }
}

async fn a_proposal_says_nothing_about_people_out_of_reach(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1, 2]).await;
    let hidden = people::household(&app, NEW_VILLAGE, "h1").await;
    people::register(&app, &app.officer(ELSEWHERE), &hidden, 3).await;
    for (number, code) in [(1, "SAME_VALUE"), (2, "ALREADY_REGISTERED")] {
        assert_eq!(codes(&propose(&app, &people[0], number).await), [code]);
    }
    let input = json!({"workerId": people[0], "residentId": "590222199001010010",
        "reason": "录错", "version": 1});
    let officer = app.officer(ORIGIN);
    let name = "proposeResidentIdCorrection";
    let unreadable = run(&app, &officer, name, CORRECTION, input).await;
    assert_eq!(codes(&unreadable), ["BAD_CHECK_DIGIT"]);

    let proposed = propose(&app, &people[0], 3).await;
    assert_eq!(
        codes(&proposed),
        [""; 0],
        "one officer alone learns nothing"
    );
    let second = colleague(&app, ORIGIN, "second");
    let mut approved = decide(&app, &second, &proposed["correction"], true).await;
    assert_eq!(codes(&approved), ["IDENTITY_NOT_CONFIRMED"]);
    for _ in 1..50 {
        approved = decide(&app, &second, &proposed["correction"], true).await;
    }
    assert_eq!(codes(&approved), ["IDENTITY_NOT_CONFIRMED"]);
    let once_more = decide(&app, &second, &proposed["correction"], true).await;
    assert_eq!(codes(&once_more), ["DISCLOSURE_QUOTA_USED"]);
    assert!(!approved.to_string().contains(ELSEWHERE), "{approved}");
    assert_eq!(approved["correction"]["state"], "PROPOSED");
    assert_eq!(approved["correction"]["worker"]["residentIdMask"], mask(1));
    let refused = decide(&app, &second, &proposed["correction"], false).await;
    assert_eq!(codes(&refused), [""; 0]);
    assert_eq!(refused["correction"]["state"], "REFUSED");
    // Nor does the approval of a free id tell anything any more, until somebody else gives it.
    let free = propose(&app, &people[0], 905).await;
    let told = decide(&app, &second, &free["correction"], true).await;
    assert_eq!(told["userErrors"], once_more["userErrors"]);
    assert_eq!(told["correction"]["state"], "PROPOSED");
    let third = colleague(&app, ORIGIN, "third");
    let approved = decide(&app, &third, &free["correction"], true).await;
    assert_eq!(approved["correction"]["state"], "APPROVED");
}

async fn of_two_decisions_at_once_one_counts_and_a_refused_id_changes_nothing(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    let proposed = propose(&app, &people[0], 905).await;
    let tokens = ["second", "third"].map(|name| colleague(&app, ORIGIN, name));
    let stale = json!({"id": proposed["correction"]["id"], "version": 3});
    let refused = decide(&app, &tokens[0], &stale, true).await;
    assert_eq!(codes(&refused), ["STALE_VERSION"]);
    let outcomes = futures::future::join_all(
        tokens
            .iter()
            .map(|token| decide(&app, token, &proposed["correction"], false)),
    )
    .await;
    let mut told: Vec<_> = outcomes.iter().map(codes).collect();
    told.sort();
    assert_eq!(told, [vec![], vec!["ALREADY_DECIDED"]]);
    let worker = &outcomes[0]["correction"]["worker"];
    assert_eq!(worker["version"], 1);
    assert_eq!(worker["residentIdMask"], mask(1));
    let next = propose(&app, &people[0], 906).await;
    assert_eq!(
        codes(&next),
        [""; 0],
        "a decided proposal makes room for another"
    );
}

const STANDING: &str = "query($id: ID!) { worker(id: $id) { workStatus currentEmployments { id }
    labourFacts { kind voidReason } } }";

async fn a_death_that_came_under_the_wrong_id_goes_with_it(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    let id = &people[0];
    let officer = app.officer(ORIGIN);
    let input = json!({"workerId": id, "helperSubject": "h-1", "since": "2026-01-01"});
    run(&app, &officer, "assignHelper", "__typename", input).await;
    let job = json!({"residentId": people::resident_id(1), "startedOn": "2026-03-02",
        "form": "OWN_BUSINESS", "workplace": ORIGIN, "jobTitle": "面馆"});
    run(&app, &officer, "recordEmployment", "__typename", job).await;
    let report = json!({"residentId": people::resident_id(1), "diedOn": "2026-10-05",
        "source": "殡葬登记"});
    let agency = app.agency(Agency::CivilAffairs);
    run(&app, &agency, "recordDeath", "receipt", report).await;
    let of = json!({"id": id});
    let dead = app.data(&officer, STANDING, of.clone()).await;
    assert_eq!(dead["worker"]["workStatus"], "DECEASED");

    let query = "query($id: ID!) { worker(id: $id) { version } }";
    let seen = app.data(&officer, query, of.clone()).await;
    let input = json!({"workerId": id, "residentId": people::resident_id(905),
        "reason": "登记时录错", "version": seen["worker"]["version"]});
    let name = "proposeResidentIdCorrection";
    let proposed = run(&app, &officer, name, CORRECTION, input).await;
    let second = colleague(&app, ORIGIN, "second");
    let decided = decide(&app, &second, &proposed["correction"], true).await;
    assert_eq!(codes(&decided), [""; 0]);

    let mut alive = app.data(&officer, STANDING, of.clone()).await;
    let alive = &mut alive["worker"];
    assert_eq!(alive["workStatus"], "WORKING", "{alive}");
    assert_eq!(
        alive["currentEmployments"].as_array().map(Vec::len),
        Some(1)
    );
    let reason = alive["labourFacts"][0]["voidReason"].take();
    assert!(reason.is_string(), "{reason}");
    let helped = app.data(&app.helper("h-1"), query, of).await;
    assert!(helped["worker"]["version"].is_i64(), "{helped}");
    let entries = journal::of_action(&app, "worker.decide_resident_id_correction").await;
    let changes = entries.iter().filter_map(|entry| entry.changes.as_deref());
    let changes: String = changes.collect();
    for field in ["residentId", "death", "helper", "workStatus"] {
        assert!(
            changes.contains(&format!("\"{field}\"")),
            "{field}: {changes}"
        );
    }
}

async fn a_death_that_the_county_recorded_stays(app: TestApp) {
    let (_, people) = family(&app, "h1", &[1]).await;
    let officer = app.officer(ORIGIN);
    let death = json!({"workerId": people[0], "diedOn": "2026-10-05", "source": "村委会"});
    run(&app, &officer, "recordDeath", "receipt", death).await;
    let input = json!({"workerId": people[0], "residentId": people::resident_id(905),
        "reason": "登记时录错", "version": 2});
    let name = "proposeResidentIdCorrection";
    let proposed = run(&app, &officer, name, CORRECTION, input).await;
    let second = colleague(&app, ORIGIN, "second");
    let decided = decide(&app, &second, &proposed["correction"], true).await;
    assert_eq!(codes(&decided), [""; 0]);
    let seen = app.data(&officer, STANDING, json!({"id": people[0]})).await;
    assert_eq!(seen["worker"]["workStatus"], "DECEASED");
}
