//! A city directly over its townships: a prefecture without counties, which stands in for one.

use employment_exchange::capability::region::policy;
use employment_exchange::capability::region::service;
use employment_exchange::platform::authn::Role;
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_city_over_townships_decides_as_a_county_does,
        whoever_works_in_the_city_is_seen_there,
        whoever_works_in_the_city_counts_as_in_the_province,
        a_finding_about_the_city_is_the_citys_to_answer,
        a_county_that_ends_is_followed_by_the_city,
        a_prefecture_over_counties_supervises,
        a_city_that_gets_a_county_supervises_from_then_on,
    ]
}

const CITY: &str = "590600000000";
const VILLAGE: &str = "590600003201";
const TABLE: &str = "code,level,parent,name_zh,name_en,valid_from,valid_to,successor
590600000000,PREFECTURE,590000000000,东港市,,,,
590600003000,TOWNSHIP,590600000000,东城街道,,,,
590600003201,VILLAGE,590600003000,东村,,,,
";

async fn load(app: &TestApp, table: &str) {
    let system = Caller::system("test.undivided", None, app.db.refusals().clone());
    let permit = system.permit(&policy::IMPORT);
    let permit = permit.expect("granted to the system");
    let imported = service::import(
        &app.db,
        &permit,
        table.as_bytes(),
        false,
        &mut |_verdict| {},
    )
    .await;
    imported.expect("a readable table");
}

/// A person of the city; their id.
async fn resident(app: &TestApp, number: u32) -> String {
    let household = people::household(app, VILLAGE, &format!("c{number}")).await;
    let payload = people::register(app, &app.officer(CITY), &household, number).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    payload["worker"]["id"].as_str().expect("an id").to_owned()
}

const RECORD: &str = "mutation($input: RecordEmploymentInput!) { recordEmployment(input: $input) {
    employment { id state } userErrors { field code message } } }";
const DEATH: &str = "mutation($input: RecordDeathInput!) { recordDeath(input: $input) {
    userErrors { code } } }";

fn death(person: &str) -> Value {
    json!({"input": {"workerId": person, "diedOn": "2026-11-02", "source": "死亡证明"}})
}

async fn a_city_over_townships_decides_as_a_county_does(app: TestApp) {
    load(&app, TABLE).await;
    let city = app.officer(CITY);
    let person = resident(&app, 1).await;

    let job = json!({"residentId": people::resident_id(1), "startedOn": "2026-03-02",
        "form": "OWN_BUSINESS", "workplace": CITY, "jobTitle": "面馆"});
    let recorded = app.data(&city, RECORD, json!({"input": job})).await;
    let told = &recorded["recordEmployment"];
    assert_eq!(told["employment"]["state"], "CONFIRMED", "{told}");

    let finding = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
        finding { id version } userErrors { code } } }";
    let input = json!({"subjectId": person, "clause": "第三条", "evidence": "无凭证"});
    let found = app
        .data(&app.plain(Role::Auditor), finding, json!({"input": input}))
        .await;
    let found = &found["recordFinding"]["finding"];
    let answer = "mutation($input: AnswerFindingInput!) { answerFinding(input: $input) {
        finding { state } userErrors { code } } }";
    let input = json!({"id": found["id"], "version": found["version"], "answer": "已补"});
    let answered = app.data(&city, answer, json!({"input": input})).await;
    let finding = &answered["answerFinding"]["finding"];
    assert_eq!(finding["state"], "ANSWERED", "{answered}");

    let died = app.data(&city, DEATH, death(&person)).await;
    assert_eq!(died["recordDeath"]["userErrors"], json!([]), "{died}");
}

/// An employer seated in the city; its id.
async fn seated_unit(app: &TestApp) -> String {
    let unit = "mutation($input: RegisterEmployerInput!) { registerEmployer(input: $input) {
        employer { id regionCode } userErrors { field code message } } }";
    let input = json!({"creditCode": people::credit_code(1), "name": "东港制衣厂",
        "kind": "ENTERPRISE", "regionCode": CITY});
    let seated = app
        .data(&app.officer(CITY), unit, json!({"input": input}))
        .await;
    let seated = &seated["registerEmployer"];
    assert_eq!(seated["employer"]["regionCode"], CITY, "{seated}");
    seated["employer"]["id"].as_str().expect("an id").to_owned()
}

/// The first person, of another county, with a confirmed job that names the city as its place: their
/// id and that of the job.
async fn at_work_in_the_city(app: &TestApp) -> (String, String) {
    let person = people::person(app, 1).await;
    let job = json!({"residentId": people::resident_id(1), "startedOn": "2026-03-02",
        "form": "EMPLOYED", "employerCreditCode": people::credit_code(1), "workplace": CITY});
    let recorded = app
        .data(&app.officer(people::ORIGIN), RECORD, json!({"input": job}))
        .await;
    let told = &recorded["recordEmployment"];
    assert_eq!(told["employment"]["state"], "CONFIRMED", "{told}");
    let job = told["employment"]["id"].as_str().expect("an id");
    (person, job.to_owned())
}

async fn whoever_works_in_the_city_is_seen_there(app: TestApp) {
    load(&app, TABLE).await;
    seated_unit(&app).await;
    let (person, _) = at_work_in_the_city(&app).await;
    for region in [CITY, "590600003000"] {
        let seen = app
            .data(
                &app.officer(region),
                "{ workers(first: 5) { nodes { id } } }",
                json!({}),
            )
            .await;
        let expected = if region == CITY {
            json!([{"id": person}])
        } else {
            json!([])
        };
        assert_eq!(seen["workers"]["nodes"], expected, "{region}");
    }
}

async fn whoever_works_in_the_city_counts_as_in_the_province(app: TestApp) {
    load(&app, TABLE).await;
    seated_unit(&app).await;
    let (person, _) = at_work_in_the_city(&app).await;
    let province = app.officer("590000000000");
    let query = "{ summary: regionSummary(region: \"590000000000\") { workingHere }
        city: regionSummary(region: \"590600000000\") { workingHere }
        out: labourFlows(region: \"590222000000\", level: COUNTY, direction: OUT) {
          flows { destinationCode people } }
        into: labourFlows(region: \"590000000000\", level: PREFECTURE, direction: IN) {
          flows { destinationCode people } }
        there: labourFlows(region: \"590600000000\", level: COUNTY, direction: IN) {
          flows { destinationCode people } }
        workers(filter: {destination: \"590000000000\"}) { nodes { id } }
        other: regionSummary(region: \"440000000000\") { workingHere people insured }
        nowhere: regionSummary(region: \"990000000000\") { workingHere people insured }
        beyond: workers(filter: {destination: \"440000000000\"}) { nodes { id } } }";
    let told = app.data(&province, query, json!({})).await;
    let flow = json!({"flows": [{"destinationCode": CITY, "people": 1}]});
    let nobody = json!({"workingHere": 0, "people": 0, "insured": 0});
    let expected = json!({"summary": {"workingHere": 1}, "city": {"workingHere": 1},
        "out": flow, "into": flow, "there": flow, "workers": {"nodes": [{"id": person}]},
        "other": nobody, "nowhere": nobody, "beyond": {"nodes": []}});
    assert_eq!(told, expected);
}

const FINDING: &str = "mutation($input: RecordFindingInput!) { recordFinding(input: $input) {
    finding { id responsibleCounty } userErrors { code } } }";

async fn a_finding_about_the_city_is_the_citys_to_answer(app: TestApp) {
    load(&app, TABLE).await;
    let unit = seated_unit(&app).await;
    let (person, job) = at_work_in_the_city(&app).await;
    for (subject, county) in [(unit, CITY), (job, CITY), (person, people::ORIGIN)] {
        let input = json!({"subjectId": subject, "clause": "第三条", "evidence": "无凭证"});
        let auditor = app.plain(Role::Auditor);
        let found = app.data(&auditor, FINDING, json!({"input": input})).await;
        let found = &found["recordFinding"];
        assert_eq!(found["finding"]["responsibleCounty"], county, "{found}");
    }
}

/// Runs the jobs that follow divisions; how many people's records and findings followed.
async fn followed(app: &TestApp) -> [u64; 2] {
    use employment_exchange::capability::{audit, worker};
    let system = Caller::system("test.successors", None, app.db.refusals().clone());
    let permit = system.permit(&worker::policy::APPLY_SUCCESSORS);
    let permit = permit.expect("granted to the system");
    let people = worker::service::apply_successors(&app.db, &permit).await;
    let permit = system.permit(&audit::policy::APPLY_SUCCESSORS);
    let permit = permit.expect("granted to the system");
    let findings = audit::service::apply_successors(&app.db, &permit).await;
    [people.expect("done"), findings.expect("done")]
}

async fn a_county_that_ends_is_followed_by_the_city(app: TestApp) {
    let ends = "590222000000,COUNTY,590200000000,甲县,甲县,,2026-11-23,590600000000\n";
    load(&app, &format!("{TABLE}{ends}")).await;
    let person = people::person(&app, 1).await;
    let input = json!({"subjectId": person, "clause": "第三条", "evidence": "无凭证"});
    let auditor = app.plain(Role::Auditor);
    let found = app.data(&auditor, FINDING, json!({"input": input})).await;
    let found = found["recordFinding"]["finding"]["id"].clone();
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("a valid instant"));
    assert_eq!(followed(&app).await, [1, 1]);
    assert_eq!(followed(&app).await, [0, 0], "once is enough");
    let query = "query($person: ID!, $found: ID!) { worker(id: $person) { originCode }
        finding(id: $found) { responsibleCounty } }";
    let of = json!({"person": person, "found": found});
    let seen = app.data(&app.officer(CITY), query, of).await;
    let expected = json!({"worker": {"originCode": CITY}, "finding": {"responsibleCounty": CITY}});
    assert_eq!(seen, expected);
}

async fn a_prefecture_over_counties_supervises(app: TestApp) {
    let person = people::person(&app, 1).await;
    for region in ["590200000000", "590700000000"] {
        let code = app.code(&app.officer(region), DEATH, death(&person)).await;
        assert_eq!(code, "FORBIDDEN", "{region}");
    }
}

async fn a_city_that_gets_a_county_supervises_from_then_on(app: TestApp) {
    load(&app, TABLE).await;
    let person = resident(&app, 1).await;
    let county = "590602000000,COUNTY,590600000000,城区,,,,\n";
    load(&app, &format!("{TABLE}{county}")).await;
    let code = app.code(&app.officer(CITY), DEATH, death(&person)).await;
    assert_eq!(code, "FORBIDDEN");
}
