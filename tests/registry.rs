//! Households and people: registration, once in the province, and who sees whom.

mod names;
mod several;

use std::collections::BTreeSet;

use employment_exchange::platform::authn::{Agency, Role, TokenRequest};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

pub fn trials() -> Vec<Trial> {
    let by_pinyin = crate::support::engines::on_postgres_by_pinyin(
        concat!(
            module_path!(),
            "::names_are_found_by_prefix_under_any_collation"
        ),
        |app| Box::pin(names_are_found_by_prefix_under_any_collation(app)),
    );
    let mut trials = crate::trials![
        a_registered_person_is_seen_by_the_origin_alone,
        a_person_exists_once_in_the_province,
        a_refused_registration_is_decided_anew_and_reads_names_as_they_are,
        telling_that_somebody_is_registered_takes_from_a_quota,
        without_any_quota_left_the_answer_does_not_depend_on_the_id,
        one_key_registers_once_and_another_input_is_a_conflict,
        every_look_and_change_is_in_the_chain,
        an_officer_of_another_province_is_nobody_here,
        an_anchor_that_a_crash_cut_short_is_written_again,
        an_anchor_of_another_chain_is_told_where_it_differs,
        agriculture_of_the_whole_province_sees_everybody_in_it,
    ];
    trials.push(by_pinyin);
    trials.extend(names::trials());
    trials.extend(several::trials());
    trials
}

/// A token may say "for the whole province" by the province's code or by none.
async fn agriculture_of_the_whole_province_sees_everybody_in_it(app: TestApp) {
    people::person(&app, 1).await;
    let token = app.token(&TokenRequest {
        agency: Some(Agency::Agriculture),
        region: Some("590000000000".parse().expect("a region code")),
        ..app.request(Role::Agency, "bureau")
    });
    let list = app
        .data(&token, "{ workers { nodes { name } } }", json!({}))
        .await;
    assert_eq!(list["workers"]["nodes"], json!([{"name": "王小1"}]));
    let stated = app
        .data(
            &token,
            "mutation($input: SubmitCategoriesInput!) {
               submitCategories(input: $input) { results { outcome } } }",
            json!({"input": {"items": [{"residentId": people::resident_id(1),
                   "category": "MONITORED_UNSTABLE", "since": "2026-11-01"}]}}),
        )
        .await;
    assert_eq!(
        stated["submitCategories"]["results"],
        json!([{"outcome": "APPLIED"}])
    );
}

const WORKER: &str = "query($id: ID!) { worker(id: $id) {
    name residentIdMask birthYear phoneMask categories workStatus version
    household { number categoryHistory { category provisional } } } }";

async fn a_registered_person_is_seen_by_the_origin_alone(app: TestApp) {
    let id = people::person(&app, 1).await;
    let seen = app
        .data(&app.officer(ORIGIN), WORKER, json!({"id": id}))
        .await;
    assert_eq!(
        seen["worker"],
        json!({
            "name": "王小1",
            "residentIdMask": format!("590222********{}", &people::resident_id(1)[14..]),
            "birthYear": 1990,
            "phoneMask": "139****8917",
            "categories": ["LIFTED_OUT_OF_POVERTY"],
            "workStatus": "UNKNOWN",
            "version": 1,
            "household": {
                "number": "h1",
                "categoryHistory": [{"category": "LIFTED_OUT_OF_POVERTY", "provisional": true}],
            },
        })
    );
    for region in [DESTINATION, ELSEWHERE] {
        let hidden = app
            .data(&app.officer(region), WORKER, json!({"id": id}))
            .await;
        assert_eq!(hidden, json!({"worker": null}), "{region}");
    }
    for (region, expected) in [
        (VILLAGE, 1),
        (ORIGIN, 1),
        ("590200000000", 1),
        (ELSEWHERE, 0),
    ] {
        let list = app
            .data(
                &app.officer(region),
                "{ workers { nodes { id } } }",
                json!({}),
            )
            .await;
        let found = list["workers"]["nodes"].as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{region}");
    }
}

async fn a_refused_registration_is_decided_anew_and_reads_names_as_they_are(app: TestApp) {
    let home = people::household(&app, VILLAGE, "h1").await;
    let other = people::household(&app, "590322100200", "h1").await;
    let register = async |region: &str, household: &str, name: &str| {
        let input = json!({"idempotencyKey": "one", "householdId": household, "name": name,
            "residentId": people::resident_id(1)});
        let query = "mutation($input: RegisterWorkerInput!) {
            registerWorker(input: $input) { worker { name } userErrors { code } } }";
        let mut data = app
            .data(&app.officer(region), query, json!({"input": input}))
            .await;
        data["registerWorker"].take()
    };
    // As copied from a page: with a space that nobody sees and full-width letters.
    let done = register(ORIGIN, &home, "Ａｌｉ\u{200B}木").await;
    assert_eq!(done["worker"]["name"], "Ali木");
    let code = |code: &str| json!({"worker": null, "userErrors": [{"code": code}]});
    let misspelt = register(ELSEWHERE, &other, "阿里木").await;
    assert_eq!(misspelt, code("IDENTITY_NOT_CONFIRMED"));
    // The same key with the name put right is no conflict.
    let right = register(ELSEWHERE, &other, "Ali木").await;
    assert_eq!(right, code("ALREADY_REGISTERED"));
}

async fn a_person_exists_once_in_the_province(app: TestApp) {
    people::person(&app, 1).await;
    let other = people::household(&app, "590322100200", "h1").await;
    let elsewhere = app.officer(ELSEWHERE);
    let refused = people::register(&app, &elsewhere, &other, 1).await;
    assert_eq!(refused["worker"], json!(null));
    assert_eq!(refused["userErrors"][0]["code"], "ALREADY_REGISTERED");
    let message = refused["userErrors"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.contains(ORIGIN), "{message}");
    let other_name = app
        .data(
            &elsewhere,
            "mutation($input: RegisterWorkerInput!) {
               registerWorker(input: $input) { worker { id } userErrors { code message } } }",
            json!({"input": {"householdId": other, "name": "别人",
                   "residentId": people::resident_id(1)}}),
        )
        .await;
    let error = &other_name["registerWorker"]["userErrors"][0];
    assert_eq!(error["code"], "IDENTITY_NOT_CONFIRMED");
    assert!(!error.to_string().contains(ORIGIN));
}

/// Registers people at once; the refusal of each.
async fn in_bulk(app: &TestApp, token: &str, people: Vec<Value>) -> Vec<Value> {
    let query = "mutation($input: RegisterWorkersInput!) {
        registerWorkers(input: $input) { results { userErrors { code message } } } }";
    let told = app.data(token, query, json!({"input": {"workers": people}}));
    let told = told.await["registerWorkers"]["results"].take();
    let results = told.as_array().expect("a list").iter();
    results
        .map(|result| result["userErrors"][0].clone())
        .collect()
}

fn called(name: &str, number: u32, household: &str) -> Value {
    json!({"householdId": household, "name": name, "residentId": people::resident_id(number)})
}

/// An officer of [`ELSEWHERE`] guesses the name of person 1 once more than the day allows.
async fn guess(app: &TestApp, household: &str) -> Vec<Value> {
    let guesses = (0..51).map(|n| called(&format!("猜{n}"), 1, household));
    in_bulk(app, &app.officer(ELSEWHERE), guesses.collect()).await
}

async fn telling_that_somebody_is_registered_takes_from_a_quota(app: TestApp) {
    people::person(&app, 1).await;
    let other = people::household(&app, "590322100200", "h1").await;
    for (index, told) in guess(&app, &other).await.iter().enumerate() {
        let expected = if index < 50 {
            "IDENTITY_NOT_CONFIRMED"
        } else {
            "DISCLOSURE_QUOTA_USED"
        };
        assert_eq!(told["code"], expected, "{index}");
    }
    let right = people::register(&app, &app.officer(ELSEWHERE), &other, 1).await;
    assert_eq!(right["userErrors"][0]["code"], "DISCLOSURE_QUOTA_USED");
    let entries = journal::of_action(&app, "worker.register_workers").await;
    let noted = entries
        .iter()
        .filter(|e| e.outcome == "IDENTITY_NOT_CONFIRMED");
    assert_eq!(noted.count(), 50);
}

async fn without_any_quota_left_the_answer_does_not_depend_on_the_id(app: TestApp) {
    people::person(&app, 1).await;
    let other = people::household(&app, "590322100200", "h1").await;
    guess(&app, &other).await;
    let elsewhere = app.officer(ELSEWHERE);
    let held = people::register(&app, &elsewhere, &other, 1).await;
    assert_eq!(held["userErrors"][0]["code"], "DISCLOSURE_QUOTA_USED");
    let free = people::register(&app, &elsewhere, &other, 2).await;
    assert_eq!(free, held);
    let both = vec![called("王小", 1, &other), called("王小", 2, &other)];
    let both = in_bulk(&app, &elsewhere, both).await;
    assert_eq!(both[0]["code"], "DISCLOSURE_QUOTA_USED");
    assert_eq!(both[1], both[0]);
    // Another officer, another day and whom the officer sees anyway are not concerned.
    let colleague = app.token(&TokenRequest {
        region: Some(ELSEWHERE.parse().expect("a region code")),
        ..app.request(Role::Officer, "colleague")
    });
    let free = people::register(&app, &colleague, &other, 2).await;
    assert_eq!(free["userErrors"], json!([]));
    let seen = people::register(&app, &elsewhere, &other, 2).await;
    assert_eq!(seen["userErrors"][0]["code"], "ALREADY_REGISTERED");
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("an instant"));
    let next = people::register(&app, &app.officer(ELSEWHERE), &other, 3).await;
    assert_eq!(next["userErrors"], json!([]));
}

async fn one_key_registers_once_and_another_input_is_a_conflict(app: TestApp) {
    let household = people::household(&app, VILLAGE, "h1").await;
    let token = app.officer(ORIGIN);
    let query = "mutation($input: RegisterWorkerInput!) {
        registerWorker(input: $input) { worker { id version } userErrors { code } } }";
    let input = |name: &str| {
        json!({"input": {"idempotencyKey": "k1", "householdId": household, "name": name,
               "residentId": people::resident_id(5)}})
    };
    let twins =
        futures::future::join_all((0..4).map(|_| app.data(&token, query, input("王五")))).await;
    for twin in &twins {
        assert_eq!(twin, &twins[0]);
        assert_eq!(twin["registerWorker"]["userErrors"], json!([]));
    }
    // What the index would fold together is another input all the same.
    for other in ["王六", "王 五", "王五\u{200b}"] {
        assert_eq!(
            app.code(&token, query, input(other)).await,
            "CONFLICT",
            "{other}"
        );
    }
    let kept = idempotency_keys(&app).await;
    assert_eq!(kept.len(), 1);
    assert_ne!(kept[0], "k1", "callers take resident ids for keys");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test looks behind the exchange's back at what it keeps"
)]
async fn idempotency_keys(app: &TestApp) -> Vec<String> {
    use sea_orm::EntityTrait as _;
    let database = sea_orm::Database::connect(&app.database_url).await;
    let database = database.expect("opens");
    let rows = entity::idempotency::Entity::find().all(&database).await;
    database.close().await.expect("closes");
    rows.expect("readable")
        .into_iter()
        .map(|row| row.key)
        .collect()
}

async fn every_look_and_change_is_in_the_chain(app: TestApp) {
    use employment_exchange::platform::journal::{anchor, verify};
    let id = people::person(&app, 1).await;
    app.data(&app.officer(ORIGIN), WORKER, json!({"id": id}))
        .await;
    app.sequence().await;
    let anchors = app.directory.join("anchors");
    anchor::write_daily(&app.db, &app.keys, &anchors)
        .await
        .expect("an anchor");
    let files = anchor::files(&anchors).await.expect("readable");
    assert_eq!(files.len(), 1);
    let verdict = verify::chain(&app.db, &app.keys, &files)
        .await
        .expect("readable");
    assert!(
        matches!(verdict, verify::Verdict::Intact { links, anchors: 2, .. } if links >= 3),
        "{verdict:?}"
    );
}

async fn an_anchor_of_another_chain_is_told_where_it_differs(app: TestApp) {
    use employment_exchange::platform::crypto::Purpose;
    use employment_exchange::platform::journal::anchor::Written;
    use employment_exchange::platform::journal::verify::{self, Break, Flaw, Verdict};
    people::person(&app, 1).await;
    people::person(&app, 2).await;
    app.sequence().await;
    let hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let of = |position: i64| {
        let statement = json!({"day": "2026-11-22", "position": position, "hash": hash});
        Written {
            name: position.to_string(),
            text: app.keys.signing.sign(Purpose::Anchor, &statement),
        }
    };
    let walk = async |written: &[Written]| {
        let walked = verify::chain(&app.db, &app.keys, written).await;
        walked.expect("readable")
    };
    let Verdict::Intact {
        links, anchors: 1, ..
    } = walk(&[of(0)]).await
    else {
        panic!("nothing had happened then");
    };
    for (written, position, anchor) in [
        (vec![of(0), of(links), of(3)], 3, 3),
        (vec![of(links)], links, links),
        (vec![of(links + 1)], links, links + 1),
    ] {
        let what = Flaw::AnchorMismatch(anchor.to_string());
        let expected = Verdict::Broken {
            chain: Some(Break { position, what }),
            forged: Vec::new(),
        };
        assert_eq!(walk(&written).await, expected);
    }
    // A foreign one is named, and hides nothing of what the others and the chain say.
    let foreign = |name: &str| Written {
        name: name.to_owned(),
        text: "e30.e30.e30".to_owned(),
    };
    let with_both = walk(&[foreign("x.jws"), of(0), of(3), foreign("y.jws")]).await;
    let what = Flaw::AnchorMismatch("3".to_owned());
    let expected = Verdict::Broken {
        chain: Some(Break { position: 3, what }),
        forged: vec!["x.jws".to_owned(), "y.jws".to_owned()],
    };
    assert_eq!(with_both, expected);
    let expected = Verdict::Broken {
        chain: None,
        forged: vec!["x.jws".to_owned()],
    };
    assert_eq!(walk(&[foreign("x.jws"), of(0)]).await, expected);
}

async fn an_anchor_that_a_crash_cut_short_is_written_again(app: TestApp) {
    use employment_exchange::platform::journal::{anchor, verify};
    let anchors = app.directory.join("anchors");
    let write = async || {
        anchor::write_daily(&app.db, &app.keys, &anchors)
            .await
            .expect("an anchor");
        anchor::files(&anchors).await.expect("readable")
    };
    app.sequence().await;
    let whole = write().await;
    let file = anchors.join("2026-11-23.jws");
    for remnant in [&whole[0].text.as_bytes()[..20], &[], &[0xff; 8]] {
        std::fs::write(&file, remnant).expect("written");
        assert_eq!(write().await, whole, "{}", whole[0].name);
    }
    // Another statement that was signed is evidence: it stays.
    people::person(&app, 1).await;
    app.sequence().await;
    let elsewhere = app.directory.join("elsewhere");
    app.clock
        .set("2026-11-24T02:00:00Z".parse().expect("an instant"));
    anchor::write_daily(&app.db, &app.keys, &elsewhere)
        .await
        .expect("an anchor");
    std::fs::copy(elsewhere.join("2026-11-24.jws"), &file).expect("copied");
    let files = write().await;
    assert_eq!(files.len(), 2);
    let now = std::fs::read(&file).expect("readable");
    assert_ne!(now, whole[0].text.as_bytes());
    let verdict = verify::chain(&app.db, &app.keys, &files).await;
    assert!(
        matches!(verdict, Ok(verify::Verdict::Intact { anchors: 4, .. })),
        "a copy of a true anchor is true"
    );
    let left: Vec<_> = std::fs::read_dir(&anchors)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left.len(), 2, "no remnants: {left:?}");
}

async fn an_officer_of_another_province_is_nobody_here(app: TestApp) {
    let id = people::person(&app, 1).await;
    let list = "{ workers { nodes { id } } }";
    let own = app.officer("590000000000");
    let seen = app.data(&own, WORKER, json!({"id": id})).await;
    assert_eq!(seen["worker"]["name"], "王小1");
    assert_eq!(
        app.data(&own, list, json!({})).await["workers"]["nodes"],
        json!([{"id": id}])
    );
    let foreign = app.officer("440000000000");
    let hidden = app.data(&foreign, WORKER, json!({"id": id})).await;
    assert_eq!(hidden, json!({"worker": null}));
    assert_eq!(
        app.data(&foreign, list, json!({})).await["workers"]["nodes"],
        json!([])
    );
    let figures = "{ regionSummary(region: \"590000000000\") { people } }";
    assert_eq!(
        app.data(&own, figures, json!({})).await["regionSummary"]["people"],
        1
    );
    assert_eq!(
        app.data(&foreign, figures, json!({})).await["regionSummary"]["people"],
        0
    );
    let reveal = "mutation($id: ID!) { revealPersonalData(input: {workerId: $id,
        fields: [RESIDENT_ID], purpose: \"核发交通补贴\"}) { personalData { residentId } } }";
    assert_eq!(
        app.code(&foreign, reveal, json!({"id": id})).await,
        "NOT_FOUND"
    );
    let register = "mutation($village: RegionCode!) { registerHousehold(input: {village: $village,
        number: \"h2\", category: LIFTED_OUT_OF_POVERTY, categorySince: \"2017-11-02\"}) {
        householdId userErrors { code } } }";
    assert_eq!(
        app.code(&foreign, register, json!({"village": VILLAGE}))
            .await,
        "NOT_FOUND"
    );
    let done = app.data(&own, register, json!({"village": VILLAGE})).await;
    assert_eq!(done["registerHousehold"]["userErrors"], json!([]));
}

async fn names_are_found_by_prefix_under_any_collation(app: TestApp) {
    let officer = app.officer(ORIGIN);
    let household = people::household(&app, VILLAGE, "h1").await;
    for (number, name) in ["王伟", "王", "玌", "玉兰", "Wang", "wang", "W%"]
        .iter()
        .enumerate()
    {
        let input = json!({"householdId": household, "name": name,
            "residentId": people::resident_id(u32::try_from(number).expect("few"))});
        let query = "mutation($input: RegisterWorkerInput!) {
            registerWorker(input: $input) { userErrors { code } } }";
        let done = app.data(&officer, query, json!({"input": input})).await;
        assert_eq!(done["registerWorker"]["userErrors"], json!([]), "{done}");
    }
    let query = "query($prefix: String!) {
        workers(filter: {namePrefix: $prefix}) { nodes { name } } }";
    for (prefix, expected) in [
        ("王", vec!["王伟", "王"]),
        ("玉", vec!["玉兰"]),
        ("W", vec!["Wang", "W%"]),
        ("W%", vec!["W%"]),
        ("wan", vec!["wang"]),
    ] {
        let found = app.data(&officer, query, json!({"prefix": prefix})).await;
        let nodes = found["workers"]["nodes"].as_array().expect("a list");
        let names: BTreeSet<_> = nodes.iter().filter_map(|n| n["name"].as_str()).collect();
        assert_eq!(names, BTreeSet::from_iter(expected), "{prefix}");
    }
}
