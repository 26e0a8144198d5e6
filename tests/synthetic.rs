//! A generated province keeps the rules that a lived one keeps.

use employment_exchange::capability::synthetic::{
    self, BATCH, Focus, GenerateOptions, Generated, policy,
};
use employment_exchange::capability::worker::public::rederive_in;
use employment_exchange::kernel::credit_code::CreditCode;
use employment_exchange::kernel::error::{Failure, Locale};
use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::Role;
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::journal::AuditEntry;
use futures::FutureExt as _;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::people::{DESTINATION, ORIGIN, VILLAGE, household, register};
use crate::support::{journal, whole};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        deriving_made_up_people_anew_changes_nothing,
        made_up_people_lack_nothing_that_lived_ones_have,
        most_made_up_people_have_an_account_that_is_masked_revealed_and_matched,
        an_interrupted_province_is_completed_and_a_whole_one_left_alone,
        nobody_is_made_up_among_people_who_were_not,
        a_whole_province_that_others_have_come_into_is_left_alone,
    ]
}

const PROVINCE: &str = "590000000000";
const PEOPLE: &str = "query($after: String) { workers(first: 100, after: $after) {
    pageInfo { endCursor hasNextPage }
    nodes { id version updatedAt workStatus workStatusSince able willing } } }";
const SUMMARY: &str = "query($region: RegionCode!) { regionSummary(region: $region) {
    people working insured workingHere } }";

fn options(workers: u32) -> GenerateOptions {
    GenerateOptions {
        workers,
        seed: 7,
        insured_months: 2,
        focus: Focus {
            origin: RegionCode::parse(ORIGIN).expect("a code"),
            employer: CreditCode::parse("91590101MADEMK593G").expect("a code"),
            helper: "helper".to_owned(),
        },
    }
}

fn system(app: &TestApp) -> Caller {
    Caller::system("test.synthetic", None, app.db.refusals().clone())
}

async fn generate(app: &TestApp, workers: u32) -> Generated {
    let mut told = 0;
    let made = synthetic::generate(&app.db, &system(app), &options(workers), &mut |people| {
        told += people;
    })
    .await
    .expect("a province is made");
    assert_eq!(told, made.people);
    made
}

async fn everybody(app: &TestApp) -> Vec<Value> {
    let token = app.officer(PROVINCE);
    let (mut people, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = app.data(&token, PEOPLE, json!({"after": after})).await;
        let page = &page["workers"];
        people.extend(page["nodes"].as_array().expect("a list").iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return people;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn summary(app: &TestApp, region: &str) -> Value {
    app.data(&app.officer(region), SUMMARY, json!({"region": region}))
        .await["regionSummary"]
        .clone()
}

async fn made_up_people_lack_nothing_that_lived_ones_have(app: TestApp) {
    assert_eq!(generate(&app, 60).await.people, 60);
    whole::assert_whole(&app.database_url, "generated").await;
    assert!(journal::verified(&app).await > 60);
}

async fn most_made_up_people_have_an_account_that_is_masked_revealed_and_matched(app: TestApp) {
    generate(&app, 60).await;
    let token = app.officer(PROVINCE);
    let masks = "{ workers(first: 100) { nodes { id bankAccountMask } } }";
    let told = app.data(&token, masks, json!({})).await;
    let people = told["workers"]["nodes"].as_array().expect("a list");
    let with: Vec<&Value> = people
        .iter()
        .filter(|person| person["bankAccountMask"].is_string())
        .collect();
    assert!((40..60).contains(&with.len()), "{} of 60", with.len());
    let reveal = "mutation($input: RevealPersonalDataInput!) {
        revealPersonalData(input: $input) { personalData { bankAccount } userErrors { code } } }";
    let input = json!({"workerId": with[0]["id"], "fields": ["BANK_ACCOUNT"], "purpose": "核对补贴发放账户"});
    let told = app.data(&token, reveal, json!({"input": input})).await;
    let account = told["revealPersonalData"]["personalData"]["bankAccount"].as_str();
    let account = account.expect("revealed");
    let mask = with[0]["bankAccountMask"].as_str().expect("a mask");
    assert_eq!(account[15..], mask[15..]);
    let matching = "mutation($input: MatchRecordsInput!) {
        matchRecords(input: $input) { results { workers { id } } } }";
    let input = json!({"purpose": "核对补贴发放账户", "kind": "BANK_ACCOUNT", "values": [account]});
    let auditor = app.plain(Role::Auditor);
    let told = app.data(&auditor, matching, json!({"input": input})).await;
    let found = &told["matchRecords"]["results"][0]["workers"];
    assert_eq!(*found, json!([{"id": with[0]["id"]}]));
}

async fn deriving_made_up_people_anew_changes_nothing(app: TestApp) {
    assert_eq!(generate(&app, 300).await.people, 300);
    let before = everybody(&app).await;
    assert_eq!(before.len(), 300);
    let summaries = [
        summary(&app, ORIGIN).await,
        summary(&app, DESTINATION).await,
    ];
    assert!(
        summaries[1]["workingHere"].as_i64() > Some(0),
        "{summaries:?}"
    );
    let permit = system(&app).permit(&policy::GENERATE).expect("granted");
    let mut tx = app.db.write(permit).await.expect("a session");
    for person in &before {
        let id = person["id"].as_str().expect("an id");
        let id: WorkerId = ids::decode(id).expect("a person's");
        rederive_in(&mut tx, id).await.expect("they are there");
    }
    let entry = AuditEntry::done(&()).expect("plain data");
    tx.commit(entry).await.expect("durable");
    assert_eq!(everybody(&app).await, before);
    let again = [
        summary(&app, ORIGIN).await,
        summary(&app, DESTINATION).await,
    ];
    assert_eq!(again, summaries);
}

async fn an_interrupted_province_is_completed_and_a_whole_one_left_alone(app: TestApp) {
    let workers = BATCH + 100;
    // Killed after the first of two batches: it goes no further, whatever it was about to do.
    let caller = system(&app);
    let asked = options(workers);
    let mut killed = |_| panic!("on purpose");
    let made = synthetic::generate(&app.db, &caller, &asked, &mut killed);
    let ended = std::panic::AssertUnwindSafe(made).catch_unwind().await;
    assert!(ended.is_err(), "it was not interrupted");
    assert_eq!(everybody(&app).await.len(), 100);
    assert_eq!(generate(&app, workers).await.people, u64::from(BATCH));
    assert_eq!(everybody(&app).await.len(), workers as usize);
    assert_eq!(generate(&app, workers).await.people, 0);
    assert_eq!(generate(&app, 2 * workers).await.people, 0);
}

async fn nobody_is_made_up_among_people_who_were_not(app: TestApp) {
    let numbered = household(&app, VILLAGE, "h1").await;
    let token = app.officer(ORIGIN);
    register(&app, &token, &numbered, 1).await;
    let refused = synthetic::generate(&app.db, &system(&app), &options(60), &mut |_| {}).await;
    let Err(Failure::BadInput(refused)) = refused else {
        panic!("{refused:?}");
    };
    for (locale, told) in [(Locale::En, "empty database"), (Locale::ZhCn, "空数据库")] {
        let refused = refused.in_locale(locale);
        assert!(refused.contains(told), "{refused}");
    }
    assert_eq!(everybody(&app).await.len(), 1);
}

async fn a_whole_province_that_others_have_come_into_is_left_alone(app: TestApp) {
    assert_eq!(generate(&app, 60).await.people, 60);
    household(&app, VILLAGE, "h1").await;
    assert_eq!(generate(&app, 60).await.people, 0);
}
