//! Who is shown beside another record has an entry, once; who stands in a list has none of their own.

use serde_json::{Value, json};

use employment_exchange::platform::authn::Role;

use super::LOG;
use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ORIGIN};

const FIRM: &str = "91590101MA9K2T3HXH";
const PERSON: &str = "worker { name }";

/// The `number`-th person with a confirmed job at [`FIRM`]: ids of the person and of the job.
async fn working(app: &TestApp, number: u32) -> [String; 2] {
    let person = people::person(app, number).await;
    let query = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
        employment { id } userErrors { code } } }";
    let job = json!({"residentId": people::resident_id(number), "form": "EMPLOYED",
        "employerCreditCode": FIRM, "employerName": "清河厂", "workplace": DESTINATION,
        "startedOn": "2026-03-01"});
    let origin = app.officer(ORIGIN);
    let mut done = app.data(&origin, query, json!({"input": job})).await;
    let job = done["recordEmployment"]["employment"]["id"].take();
    [person, job.as_str().expect("an id").to_owned()]
}

/// A finding about a record; its id.
async fn finding(app: &TestApp, subject: &str) -> String {
    let query = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
        finding { id } userErrors { code } } }";
    let input = json!({"subjectId": subject, "clause": "第三条", "evidence": "无凭证"});
    let auditor = app.plain(Role::Auditor);
    let mut done = app.data(&auditor, query, json!({"input": input})).await;
    let id = done["recordFinding"]["finding"]["id"].take();
    id.as_str().expect("an id").to_owned()
}

/// Entries of somebody's log, apart from looks into the log itself.
async fn entries(app: &TestApp, person: &str) -> usize {
    let asked = json!({"id": person, "first": 100});
    let log = app.data(&app.plain(Role::Auditor), LOG, asked).await;
    let nodes = log["accessLog"]["nodes"].as_array().expect("a list").iter();
    nodes
        .filter(|entry| entry["action"] != "trail.read_access_log")
        .count()
}

/// How many entries somebody has more after an operation that shows them.
async fn left_by(app: &TestApp, person: &str, token: &str, query: &str, variables: Value) -> usize {
    let before = entries(app, person).await;
    let shown = app.data(token, query, variables).await.to_string();
    assert!(shown.contains("王小"), "{query}\n{shown}");
    entries(app, person).await - before
}

pub(super) async fn who_is_reached_through_another_record_has_an_entry_once(app: TestApp) {
    let [person, job] = working(&app, 1).await;
    let about_job = finding(&app, &job).await;
    let about_person = finding(&app, &person).await;
    let (county, auditor) = (app.officer(DESTINATION), app.plain(Role::Auditor));
    let node = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on Employment {{ {PERSON} }}
           ... on Finding {{ {PERSON} employment {{ {PERSON} }} }} }} }}"
    );
    let job_query = format!("query($id: ID!) {{ employment(id: $id) {{ {PERSON} }} }}");
    let finding_query =
        format!("query($id: ID!) {{ finding(id: $id) {{ {PERSON} employment {{ {PERSON} }} }} }}");
    for (token, query, id) in [
        (&county, &job_query, &job),
        (&county, &node, &job),
        (&auditor, &finding_query, &about_job),
        (&auditor, &finding_query, &about_person),
        (&auditor, &node, &about_person),
    ] {
        let left = left_by(&app, &person, token, query, json!({"id": id})).await;
        assert_eq!(left, 1, "{query}");
    }
    let confirm = format!(
        "mutation($input: ConfirmEmploymentInput!) {{ confirmEmployment(input: $input) {{
           employment {{ {PERSON} }} userErrors {{ code }} }} }}"
    );
    for what in ["goes on", "stale"] {
        let input = json!({"input": {"employmentId": job, "version": 1}});
        let left = left_by(&app, &person, &county, &confirm, input).await;
        assert_eq!(left, 1, "{what}");
    }
}

pub(super) async fn who_stands_in_a_list_of_other_records_has_no_entry_of_their_own(app: TestApp) {
    let mut everybody = Vec::new();
    for number in 1..=3 {
        let [person, job] = working(&app, number).await;
        finding(&app, &job).await;
        everybody.push(person);
    }
    let members = "worker { name household { members { name } } }";
    let staff = format!("{{ employers {{ nodes {{ staff {{ nodes {{ {members} }} }} }} }} }}");
    let findings = format!("{{ findings {{ nodes {{ {members} employment {{ {PERSON} }} }} }} }}");
    let people = format!("{{ workers {{ nodes {{ currentEmployments {{ {PERSON} }} }} }} }}");
    let (county, auditor) = (app.officer(ORIGIN), app.plain(Role::Auditor));
    for (token, query, list) in [
        (&county, &staff, "employment.read"),
        (&auditor, &findings, "audit.read_findings"),
        (&county, &people, "worker.read"),
    ] {
        let lists = async || {
            let entries = journal::of_action(&app, list).await;
            entries.iter().filter(|e| e.outcome == "LISTED").count()
        };
        let before = lists().await;
        for person in &everybody {
            let left = left_by(&app, person, token, query, json!({})).await;
            assert_eq!(left, 0, "{query}");
        }
        assert_eq!(lists().await - before, everybody.len(), "one for each look");
    }
}
