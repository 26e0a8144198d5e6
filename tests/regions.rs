//! Divisions: loading a table, running it again, bad rows, and what everybody may see of them.

use chrono::NaiveDate;
use employment_exchange::capability::region::public::{self, Region};
use employment_exchange::capability::region::service::{
    self, ImportSummary, RowOutcome, RowVerdict,
};
use employment_exchange::capability::region::{RowRejection, demo_province, policy};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::kernel::resident_id::DivisionTable as _;
use employment_exchange::platform::authn::{Agency, Role};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::db::ReadSession;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::ORIGIN;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        the_demo_province_loads_whole_and_running_it_again_changes_nothing,
        a_renamed_division_is_updated_with_one_journal_entry,
        a_new_division_is_in_the_journal,
        bad_rows_stay_out_with_their_reason_and_good_ones_go_in,
        a_second_province_stays_out,
        a_dry_run_gives_the_same_verdicts_and_writes_nothing,
        counties_include_prefectures_that_have_none,
        every_role_sees_divisions_and_nobody_without_a_token,
        divisions_are_listed_by_parent_and_level_in_pages,
        nested_children_take_the_same_number_of_statements_for_any_number_of_parents,
    ]
}

const HEADER: &str = "code,level,parent,name_zh,name_en,valid_from,valid_to,successor";

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).expect("a region code")
}

fn system(app: &TestApp) -> Caller {
    Caller::system("test.regions", None, app.db.refusals().clone())
}

fn reading(app: &TestApp) -> ReadSession {
    let permit = system(app).permit(&policy::READ);
    app.db.read(permit.expect("granted to the system"))
}

async fn load(app: &TestApp, table: &str, dry_run: bool) -> (ImportSummary, Vec<RowVerdict>) {
    let permit = system(app).permit(&policy::IMPORT);
    let permit = permit.expect("granted to the system");
    let mut verdicts = Vec::new();
    let mut note = |verdict| verdicts.push(verdict);
    let summary = service::import(&app.db, &permit, table.as_bytes(), dry_run, &mut note)
        .await
        .expect("a readable table");
    (summary, verdicts)
}

async fn load_rows(app: &TestApp, rows: &[&str]) -> Vec<RowOutcome> {
    let (_, verdicts) = load(app, &format!("{HEADER}\n{}\n", rows.join("\n")), false).await;
    verdicts.iter().map(|verdict| verdict.outcome).collect()
}

async fn find(app: &TestApp, text: &str) -> Option<Region> {
    let found = public::find(&reading(app), code(text)).await;
    found.expect("the database answers")
}

async fn the_demo_province_loads_whole_and_running_it_again_changes_nothing(app: TestApp) {
    let village = find(&app, "590222101209").await.expect("it is loaded");
    assert_eq!(village.parent, Some(code("590222101000")));
    assert_eq!(village.level, village.code.level());
    app.sequence().await;
    let (summary, verdicts) = load(&app, demo_province(), false).await;
    let unchanged = ImportSummary {
        unchanged: 2_036,
        ..ImportSummary::default()
    };
    assert_eq!((summary, verdicts.len()), (unchanged, 2_036));
    assert_eq!(app.sequence().await, 0, "no journal entry");
}

async fn a_renamed_division_is_updated_with_one_journal_entry(app: TestApp) {
    app.sequence().await;
    let outcomes = load_rows(
        &app,
        &[
            "590101000000,COUNTY,590100000000,清江区,Qingjiang District,,,",
            "590102000000,COUNTY,590100000000,并入,,,2026-06-30,590101000000",
        ],
    )
    .await;
    assert_eq!(outcomes, [RowOutcome::Updated; 2]);
    assert_eq!(app.sequence().await, 2, "one entry per changed division");
    let renamed = find(&app, "590101000000").await.expect("still there");
    assert_eq!(renamed.name_zh, "清江区");
    let merged = find(&app, "590102000000").await.expect("still there");
    assert_eq!(merged.successor, Some(code("590101000000")));
    assert_eq!(merged.valid_to, NaiveDate::from_ymd_opt(2026, 6, 30));
    assert!(
        merged.name_en.is_some(),
        "an empty cell keeps what is stored"
    );

    let known = public::known_counties(&reading(&app)).await;
    let known = known.expect("the database answers");
    assert_eq!(known.knows_county(590_101), Some(true));
    assert_eq!(
        known.knows_county(590_102),
        Some(false),
        "abolished in June"
    );
    assert_eq!(known.knows_county(110_101), None, "not loaded");

    let query = "{ region(code: \"590102000000\") { validTo successor { nameZh level } } }";
    let seen = app.data(&app.officer(ORIGIN), query, json!({})).await;
    assert_eq!(
        seen["region"],
        json!({"validTo": "2026-06-30", "successor": {"nameZh": "清江区", "level": "COUNTY"}})
    );
}

async fn a_new_division_is_in_the_journal(app: TestApp) {
    let before = journal::of_action(&app, policy::IMPORT.name).await.len();
    let rows = [
        "590103000000,COUNTY,590100000000,新区,New District,2026-01-01,,",
        "590103001000,TOWNSHIP,590103000000,新街道,,,,",
    ];
    assert_eq!(load_rows(&app, &rows).await, [RowOutcome::Created; 2]);
    let entries = journal::of_action(&app, policy::IMPORT.name).await;
    let told: Vec<_> = entries[before..]
        .iter()
        .map(|entry| (entry.record_kind.as_deref(), entry.changes.as_deref()))
        .collect();
    let created = (Some("Region"), Some("[\"registration\"]"));
    assert_eq!(told, [created; 2]);
}

async fn bad_rows_stay_out_with_their_reason_and_good_ones_go_in(app: TestApp) {
    use RowOutcome::{Created, Refused};
    use RowRejection as R;
    let outcomes = load_rows(
        &app,
        &[
            "590500000000,PREFECTURE,590000000000,南港市,Nangang,,,",
            "590700000000,CITY,590000000000,北港市,,,,",
            "59070300000,COUNTY,590700000000,荔湾区,,,,",
            "590703000000,TOWNSHIP,590700000000,荔湾区,,,,",
            "590703000000,COUNTY,590000000000,荔湾区,,,,",
            "590703000000,COUNTY,590700000000,荔湾区,,,,",
            "590600000000,PREFECTURE,590000000000,东港市,,,,",
            "590600003000,TOWNSHIP,590600000000,东城街道,,,,",
            "590600003000,TOWNSHIP,590600000000,东城,,,,",
            "590600004000,TOWNSHIP,590600000000,南城街道,,2020-01-02,2020-01-01,",
        ],
    )
    .await;
    assert_eq!(
        outcomes,
        [
            Created,
            Refused(R::UnknownLevel),
            Refused(R::BadCode),
            Refused(R::LevelMismatch),
            Refused(R::ParentMismatch),
            Refused(R::UnknownParent),
            Created,
            Created,
            Refused(R::Repeated),
            Refused(R::EndsBeforeStart),
        ]
    );
    let town = find(&app, "590600003000").await.expect("it went in");
    assert_eq!(town.name_zh, "东城街道");
    assert_eq!(find(&app, "590600004000").await, None);
}

async fn a_second_province_stays_out(app: TestApp) {
    use RowOutcome::{Created, Refused};
    let other = Refused(RowRejection::OtherProvince);
    let outcomes = load_rows(
        &app,
        &[
            "440000000000,PROVINCE,,广东省,,,,",
            "440100000000,PREFECTURE,440000000000,广州市,,,,",
            "590500000000,PREFECTURE,590000000000,南港市,,,,440100000000",
        ],
    )
    .await;
    assert_eq!(outcomes, [other, other, Created]);
    assert_eq!(find(&app, "440000000000").await, None);
    let province = app.db.province().await.expect("the database answers");
    assert_eq!(province, Some(code("590000000000")), "served as before");
}

async fn a_dry_run_gives_the_same_verdicts_and_writes_nothing(app: TestApp) {
    let table = format!(
        "{HEADER}\n590500000000,PREFECTURE,590000000000,乙市,,,,\n\
         590501000000,COUNTY,590500000000,丁县,,,,\n590501000000,COUNTY,590600000000,丙县,,,,\n"
    );
    let planned = load(&app, &table, true).await;
    assert_eq!((planned.0.created, planned.0.refused), (2, 1));
    assert_eq!(find(&app, "590500000000").await, None);
    assert_eq!(load(&app, &table, false).await, planned);
    assert!(find(&app, "590501000000").await.is_some());
}

async fn counties_include_prefectures_that_have_none(app: TestApp) {
    let counties = async || {
        let found = public::counties(&reading(&app)).await;
        found.expect("the database answers").len()
    };
    assert_eq!(counties().await, 22);
    load_rows(
        &app,
        &[
            "590500000000,PREFECTURE,590000000000,南港市,,,,",
            "590503000000,COUNTY,590500000000,荔湾区,,,,",
            "590600000000,PREFECTURE,590000000000,东港市,,,,",
            "590600003000,TOWNSHIP,590600000000,东城街道,,,,",
        ],
    )
    .await;
    assert_eq!(counties().await, 24, "Liwan, and Donggang for its towns");
    let known = public::known_counties(&reading(&app)).await;
    let known = known.expect("the database answers");
    assert_eq!(known.knows_county(590_600), Some(true));
    assert_eq!(known.knows_county(590_500), Some(false));

    let many = [
        code("590600003000"),
        code("590101000000"),
        code("110000000000"),
    ];
    let found = public::find_many(&reading(&app), &many).await;
    let found = found.expect("the database answers");
    assert_eq!(found.len(), 2);
    assert!(!found.contains_key(&many[2]));
}

async fn every_role_sees_divisions_and_nobody_without_a_token(app: TestApp) {
    let query = "{ region(code: \"590222101209\") {
        id level parent { nameEn parent { level parent { code } } } } }";
    for token in [
        app.plain(Role::Admin),
        app.plain(Role::Auditor),
        app.officer("590222101209"),
        app.agency(Agency::Tax),
        app.employer("91590101MA9K2T3HXH"),
        app.helper("h"),
        app.worker(app.db.ids().next()),
    ] {
        let seen = app.data(&token, query, json!({})).await;
        let county = &seen["region"]["parent"]["parent"];
        assert_eq!(
            (&county["level"], &county["parent"]["code"]),
            (&json!("COUNTY"), &json!("590200000000"))
        );
    }
    let refused = app.post("", query, json!({})).await;
    assert_eq!(refused.status(), 401);
    let unknown = app
        .data(
            &app.plain(Role::Admin),
            "{ region(code: \"110000000000\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(unknown, json!({"region": null}));
}

fn codes(list: &Value) -> Vec<&str> {
    let nodes = list["nodes"].as_array().expect("a list");
    nodes
        .iter()
        .filter_map(|node| node["code"].as_str())
        .collect()
}

async fn divisions_are_listed_by_parent_and_level_in_pages(app: TestApp) {
    let token = app.officer(ORIGIN);
    let list = async |arguments: &str| {
        let query = format!(
            "{{ regions{arguments} {{ nodes {{ code }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        app.data(&token, &query, json!({})).await["regions"].take()
    };
    assert_eq!(codes(&list("").await), ["590000000000"]);
    let prefectures = list("(parent: \"590000000000\")").await;
    assert_eq!(
        codes(&prefectures),
        [
            "590100000000",
            "590200000000",
            "590300000000",
            "590400000000"
        ]
    );
    let counties = list("(level: COUNTY, first: 100)").await;
    assert_eq!(codes(&counties).len(), 22);
    let villages = list("(parent: \"590222000000\", level: VILLAGE, first: 100)").await;
    assert!(
        codes(&villages)
            .iter()
            .all(|code| code.starts_with("590222"))
    );

    let mut paged = Vec::new();
    let mut after = String::new();
    loop {
        let page = list(&format!("(level: COUNTY, first: 5{after})")).await;
        paged.extend(codes(&page).into_iter().map(ToOwned::to_owned));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(paged, codes(&counties));
}

async fn nested_children_take_the_same_number_of_statements_for_any_number_of_parents(
    app: TestApp,
) {
    let token = app.officer(ORIGIN);
    let run = async |first: u32| {
        let query = format!(
            "{{ regions(level: COUNTY, first: {first}) {{ nodes {{ code parent {{ code }}
                 children(first: 3) {{ nodes {{ code parent {{ code }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
        );
        let before = app.db.statements_sent();
        let data = app.data(&token, &query, json!({})).await;
        (data, app.db.statements_sent() - before)
    };
    let (_, one) = run(1).await;
    let (data, many) = run(22).await;
    assert_eq!(one, many);
    for county in data["regions"]["nodes"].as_array().expect("a list") {
        let towns = codes(&county["children"]);
        assert_eq!(towns.len(), 3, "{county}");
        let prefix = &county["code"].as_str().expect("a code")[..6];
        assert!(
            towns.iter().all(|town| town.starts_with(prefix)),
            "{county}"
        );
        assert_eq!(
            county["children"]["nodes"][0]["parent"]["code"],
            county["code"]
        );
    }
    let first = &data["regions"]["nodes"][0];
    let next = app
        .data(
            &token,
            "query($code: RegionCode!, $after: String) { region(code: $code) {
                children(first: 100, after: $after) { nodes { code } } } }",
            json!({"code": first["code"], "after": first["children"]["pageInfo"]["endCursor"]}),
        )
        .await;
    let seen = codes(&first["children"]);
    let rest = codes(&next["region"]["children"]);
    assert!(!rest.is_empty() && rest.iter().all(|town| !seen.contains(town)));
}
