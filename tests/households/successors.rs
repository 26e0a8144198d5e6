//! Divisions that end: the people registered, staying and working there belong to the successor.

use employment_exchange::capability::{employment, region, worker};
use employment_exchange::kernel::ids::{WorkerId, decode};
use employment_exchange::platform::authz::Caller;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{NEW_COUNTY, NEW_VILLAGE, person, run, tomorrow};
use crate::support::app::TestApp;
use crate::support::callers;
use crate::support::engines::on_postgres_only;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};
use crate::support::waiting::somebody_waits;

pub fn trials() -> Vec<Trial> {
    let mut trials = crate::trials![whoever_is_in_a_division_that_ended_belongs_to_its_successor];
    // SQLite has one writer: nothing comes between what it reads and what it writes.
    trials.push(on_postgres_only(
        concat!(
            module_path!(),
            "::a_stay_that_an_officer_states_meanwhile_is_left_as_stated"
        ),
        |app| {
            Box::pin(a_stay_that_an_officer_states_meanwhile_is_left_as_stated(
                app,
            ))
        },
    ));
    trials
}

/// Another village of [`ORIGIN`].
const NEIGHBOUR: &str = "590222101208";
/// What takes the place of [`DESTINATION`].
const NEXT_DESTINATION: &str = "590102000000";

/// Both counties end with the day, and one of the villages has a successor of its own.
const TABLE: &str = "code,level,parent,name_zh,valid_to,successor
590222000000,COUNTY,590200000000,甲县,2026-11-23,590322000000
590222101209,VILLAGE,590222101000,乙村,2026-11-23,590322100200
590101000000,COUNTY,590100000000,丙区,2026-11-23,590102000000
";

/// Runs the job; how many records followed.
async fn apply(app: &TestApp) -> (u64, u64) {
    let caller = Caller::system("test.successors", None, app.db.refusals().clone());
    let permit = caller
        .permit(&worker::policy::APPLY_SUCCESSORS)
        .expect("granted");
    let people = worker::service::apply_successors(&app.db, &permit).await;
    let permit = caller
        .permit(&employment::policy::APPLY_SUCCESSORS)
        .expect("granted");
    let jobs = employment::service::apply_successors(&app.db, &permit).await;
    (people.expect("done"), jobs.expect("done"))
}

async fn whoever_is_in_a_division_that_ended_belongs_to_its_successor(app: TestApp) {
    let officer = app.officer(ORIGIN);
    let mut ids = Vec::new();
    for (village, number) in [(VILLAGE, 1), (NEIGHBOUR, 2)] {
        let household = people::household(&app, village, &format!("h{number}")).await;
        let payload = people::register(&app, &officer, &household, number).await;
        ids.push(payload["worker"]["id"].as_str().expect("an id").to_owned());
    }
    people::household(&app, NEW_VILLAGE, "h1").await;
    let stay = json!({"workerId": ids[1], "version": 1, "stay": DESTINATION});
    run(&app, &officer, "updateWorker", "__typename", stay).await;
    let job = json!({"workerId": ids[0], "form": "FLEXIBLE", "workplace": DESTINATION,
        "startedOn": "2026-03-01"});
    run(&app, &officer, "recordEmployment", "__typename", job).await;
    let helper = json!({"workerId": ids[0], "helperSubject": "h-1", "since": "2026-11-01"});
    run(&app, &officer, "assignHelper", "__typename", helper).await;

    end_divisions(&app).await;
    assert_eq!(apply(&app).await, (0, 0), "the last day counts");
    tomorrow(&app);
    assert_eq!(apply(&app).await, (3, 1));
    assert_eq!(apply(&app).await, (0, 0), "once is enough");

    let seen = person(&app, NEW_COUNTY, &ids[0]).await;
    assert_eq!(seen["originCode"], NEW_VILLAGE);
    assert_eq!(seen["household"]["villageCode"], NEW_VILLAGE);
    assert_eq!(
        seen["household"]["number"],
        Value::Null,
        "another one has it"
    );
    let reason = seen["residences"][1]["reason"].as_str().expect("a reason");
    assert!(reason.contains("区划"), "{seen}");
    assert_eq!(seen["residences"][1]["since"], "2026-11-24");
    let seen = person(&app, NEW_COUNTY, &ids[1]).await;
    assert_eq!(seen["originCode"], NEW_COUNTY, "no village is named");
    assert_eq!(seen["household"]["number"], "h2");
    for id in &ids {
        assert!(person(&app, ORIGIN, id).await.is_null());
        assert!(person(&app, DESTINATION, id).await.is_null());
        let there = person(&app, NEXT_DESTINATION, id).await;
        assert_eq!(there["id"], id.as_str(), "by stay and by work");
    }
    flows_lead_there(&app).await;
    let query = "query($id: ID!) { worker(id: $id) { id currentEmployments { workplaceCode } } }";
    let helped = app
        .data(&app.helper("h-1"), query, json!({"id": ids[0]}))
        .await;
    let workplace = &helped["worker"]["currentEmployments"][0]["workplaceCode"];
    assert_eq!(workplace, NEXT_DESTINATION);
}

/// Loads [`TABLE`].
async fn end_divisions(app: &TestApp) {
    let caller = Caller::system("test.regions", None, app.db.refusals().clone());
    let permit = caller.permit(&region::policy::IMPORT).expect("granted");
    let mut silent = |_| {};
    let loaded = region::service::import(&app.db, &permit, TABLE.as_bytes(), false, &mut silent);
    assert_eq!(loaded.await.expect("loads").updated, 3);
}

async fn a_stay_that_an_officer_states_meanwhile_is_left_as_stated(app: TestApp) {
    // Registered where nothing ends.
    let officer = app.officer(ELSEWHERE);
    let home = people::household(&app, NEW_VILLAGE, "h1").await;
    let mut ids = Vec::new();
    for number in [1, 2] {
        let payload = people::register(&app, &officer, &home, number).await;
        let id = payload["worker"]["id"].as_str().expect("an id").to_owned();
        let stay = json!({"workerId": id, "version": 1, "stay": DESTINATION});
        run(&app, &officer, "updateWorker", "__typename", stay).await;
        ids.push(id);
    }
    end_divisions(&app).await;
    tomorrow(&app);

    let states = callers::officer(&app, ELSEWHERE).await;
    let states = states.permit(&worker::policy::UPDATE).expect("granted");
    let statement = app.db.write(states).await.expect("a unit of work");
    let first = decode::<WorkerId>(&ids[0]).expect("a worker id");
    let locked = worker::public::lock_in(&statement, &[first]).await;
    assert_eq!(locked.expect("locked").len(), 1);
    let stated = elsewhere(first);
    let (followed, ()) = futures::join!(apply(&app), async {
        somebody_waits(&app).await;
        let done = worker::service::update_worker(statement, stated).await;
        done.expect("stated");
    });
    assert_eq!(followed, (1, 0), "the other one's stay");
    for (id, stay) in [(&ids[0], ELSEWHERE), (&ids[1], NEXT_DESTINATION)] {
        let query = "query($id: ID!) { worker(id: $id) { stayCode } }";
        let seen = app.data(&officer, query, json!({"id": id})).await;
        assert_eq!(seen["worker"]["stayCode"], stay);
    }
    assert!(person(&app, NEXT_DESTINATION, &ids[0]).await.is_null());
}

/// What an officer states of somebody's stay who has read the record as it was.
fn elsewhere(worker: WorkerId) -> worker::service::UpdateWorker {
    worker::service::UpdateWorker {
        worker,
        version: 2,
        phone: None,
        bank_account: None,
        education: None,
        skills: None,
        origin_address: None,
        stay: Some(Some(ELSEWHERE.parse().expect("a region code"))),
        able: None,
        willing: None,
        left_labour_force: None,
        not_working_since: None,
    }
}

async fn flows_lead_there(app: &TestApp) {
    let flows = "query($region: RegionCode!) {
        labourFlows(region: $region, level: COUNTY, direction: IN) {
          flows { destinationCode people } } }";
    let there = app.officer(NEXT_DESTINATION);
    let seen = app
        .data(&there, flows, json!({"region": NEXT_DESTINATION}))
        .await;
    let flow = json!([{"destinationCode": NEXT_DESTINATION, "people": 1}]);
    assert_eq!(seen["labourFlows"]["flows"], flow);
}
