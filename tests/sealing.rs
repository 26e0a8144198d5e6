//! Sealing anew what is under older keys: nothing of it says anything else afterwards, whoever
//! changes people meanwhile and wherever it stops.

use std::time::Duration;

use employment_exchange::capability::employment;
use employment_exchange::capability::sealing::model::Resealed;
use employment_exchange::capability::sealing::service::{census, reseal};
use employment_exchange::capability::synthetic::{self, Focus, GenerateOptions};
use employment_exchange::kernel::credit_code::CreditCode;
use employment_exchange::kernel::ids::{self, RecordId as _, WorkerId};
use employment_exchange::kernel::region_code::RegionCode;
use employment_exchange::platform::authn::{Role, TokenRequest};
use employment_exchange::platform::authz::Caller;
use employment_exchange::platform::crypto::{Context, KeyId, KeyUse, Keys};
use entity::worker as row;
use libtest_mimic::Trial;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, Database, EntityTrait as _, TransactionTrait as _,
};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::journal;
use crate::support::people::{self, DESTINATION, ORIGIN};
use crate::support::whole::Behind;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        what_is_sealed_anew_says_what_it_said,
        a_run_that_breaks_off_is_completed_by_the_next,
        a_change_under_way_is_waited_for_and_kept,
        changes_made_meanwhile_are_kept,
        what_does_not_open_stays_and_does_not_stop_the_rest,
        a_name_that_waits_to_be_corrected_is_nothing_sealed,
    ]
}

const FIRM: &str = "91590101MA9K2T3HXH";
const ACCOUNT: &str = "6222020200112233445";

/// An exchange before its encryption key is rotated, and one after.
struct Rotated {
    old: TestApp,
    new: TestApp,
}

impl Rotated {
    /// Two exchanges on the test's database; what `fill` enters is under the first key.
    async fn after<F: Future<Output = T>, T>(
        app: &TestApp,
        fill: impl Fn(TestApp) -> F,
    ) -> (Self, T) {
        let file = app.directory.join("keys.json");
        let keys = Keys::store_new(&file, KeyUse::Demo).expect("written");
        let old = app.beside(keys, 1).await;
        let filled = fill(app.beside(Keys::load(&file).expect("read"), 2).await).await;
        assert_eq!(Keys::rotate(&file).expect("rotated"), KeyId(2));
        let new = app.beside(Keys::load(&file).expect("read"), 3).await;
        (Self { old, new }, filled)
    }

    async fn under(&self, key: u32) -> u64 {
        let census = census(&self.new.db).await.expect("counted");
        census.under(KeyId(key)).values()
    }

    async fn reseal(&self) -> Resealed {
        self.reseal_telling(&mut |_| {}).await
    }

    async fn reseal_telling(&self, each: &mut (dyn FnMut(u64) + Send)) -> Resealed {
        let done = reseal(&self.new.db, &system(&self.new), each).await;
        done.expect("sealed anew")
    }
}

fn system(app: &TestApp) -> Caller {
    Caller::system("test.sealing", None, app.db.refusals().clone())
}

async fn run(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> Value {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {of}!) {{ {name}(input: $input) {{ {answer} userErrors {{ code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    assert_eq!(data[name]["userErrors"], json!([]), "{name} {input}");
    data[name].take()
}

async fn reveal(app: &TestApp, id: &str) -> Value {
    let input = json!({"workerId": id, "purpose": "核发交通补贴",
        "fields": ["RESIDENT_ID", "PHONE", "BANK_ACCOUNT"]});
    let answer = "personalData { residentId phone bankAccount }";
    let payload = run(
        app,
        &app.officer(ORIGIN),
        "revealPersonalData",
        answer,
        input,
    )
    .await;
    let data = &payload["personalData"];
    json!([data["residentId"], data["phone"], data["bankAccount"]])
}

async fn version(app: &TestApp, id: &str) -> Value {
    let query = "query($id: ID!) { worker(id: $id) { version updatedAt } }";
    let mut data = app
        .data(&app.officer(ORIGIN), query, json!({"id": id}))
        .await;
    data["worker"].take()
}

/// A person with everything that can be sealed: an account, a proposed correction; and a report about
/// somebody who is not registered.
async fn somebody(app: TestApp) -> (String, Value) {
    let id = people::person(&app, 1).await;
    let officer = app.officer(ORIGIN);
    let input = json!({"workerId": id, "version": 1, "bankAccount": ACCOUNT});
    run(&app, &officer, "updateWorker", "__typename", input).await;
    let input = json!({"workerId": id, "residentId": people::resident_id(905),
        "reason": "登记时录错", "version": 2});
    let answer = "correction { id version }";
    let proposed = run(&app, &officer, "proposeResidentIdCorrection", answer, input).await;
    let input = json!({"residentId": people::resident_id(7), "form": "EMPLOYED",
        "employerCreditCode": FIRM, "employerName": "厂", "workplace": DESTINATION,
        "startedOn": "2026-03-01"});
    let token = app.officer(DESTINATION);
    run(&app, &token, "recordEmployment", "status", input).await;
    (id, proposed["correction"].clone())
}

async fn what_is_sealed_anew_says_what_it_said(app: TestApp) {
    let (both, (id, correction)) = Rotated::after(&app, somebody).await;
    let Rotated { old, new } = &both;
    assert_eq!((both.under(1).await, both.under(2).await), (5, 0));
    let told = json!([people::resident_id(1), "13930628917", ACCOUNT]);
    assert_eq!(reveal(new, &id).await, told);
    let before = version(new, &id).await;
    let mut progress = 0;
    let done = both.reseal_telling(&mut |values| progress += values).await;
    assert_eq!((done.values, done.unopened, progress), (5, 0, 5));
    assert_eq!((both.under(1).await, both.under(2).await), (0, 5));
    assert_eq!(version(new, &id).await, before, "no record has changed");
    assert_eq!(reveal(new, &id).await, told);
    // A server that was not given the new key says so and shows nothing.
    let wish = json!({"input": {"workerId": id, "fields": ["PHONE"], "purpose": "核发交通补贴"}});
    let query = "mutation($input: RevealPersonalDataInput!) { revealPersonalData(input: $input) {
        personalData { phone } } }";
    assert_eq!(
        old.code(&old.officer(ORIGIN), query, wish).await,
        "INTERNAL"
    );

    // Nothing is left to do, and nothing is left behind for it.
    assert_eq!(both.reseal().await.values, 0);
    let entries = journal::of_action(new, "sealing.reseal").await;
    let [entry] = &entries[..] else {
        panic!("one entry per run: {entries:#?}");
    };
    let figures = r#"["SEALED_VALUES","key=2","values=5"]"#;
    assert_eq!(entry.changes.as_deref(), Some(figures));
    assert_eq!(
        (entry.role.as_str(), entry.outcome.as_str()),
        ("SYSTEM", "STARTED")
    );
    assert_eq!((&entry.record_id, &entry.purpose), (&None, &None));

    // The correction opens, and so does the report once its person is registered.
    let colleague = new.token(&TokenRequest {
        region: Some(RegionCode::parse(ORIGIN).expect("a code")),
        ..new.request(Role::Officer, "colleague")
    });
    let input = json!({"correctionId": correction["id"], "approve": true,
        "reason": "核对户口簿", "version": correction["version"]});
    run(
        new,
        &colleague,
        "decideResidentIdCorrection",
        "__typename",
        input,
    )
    .await;
    assert_eq!(reveal(new, &id).await[0], people::resident_id(905));
    people::person(new, 7).await;
    let permit = system(new).permit(&employment::policy::ADOPT_REPORTS);
    let permit = permit.expect("granted to the system");
    let keep = chrono::TimeDelta::days(30);
    let adopted = employment::service::adopt_reports(&new.db, &permit, keep);
    assert_eq!(adopted.await.expect("adopted"), 1);
    journal::verified(new).await;
}

/// People enough for several batches, made under the first key.
async fn province(app: TestApp) {
    populate(&app).await;
}

async fn populate(app: &TestApp) {
    let options = GenerateOptions {
        workers: 1_200,
        seed: 7,
        insured_months: 0,
        focus: Focus {
            origin: RegionCode::parse(ORIGIN).expect("a code"),
            employer: CreditCode::parse("91590101MADEMK593G").expect("a code"),
            helper: "helper".to_owned(),
        },
    };
    let made = synthetic::generate(&app.db, &system(app), &options, &mut |_| {}).await;
    assert_eq!(made.expect("made").people, 1_200);
}

async fn a_run_that_breaks_off_is_completed_by_the_next(app: TestApp) {
    let (both, ()) = Rotated::after(&app, province).await;
    let all = both.under(1).await;
    assert!(all > 2_000, "{all}");
    // Ends it when the first batch is durable, as the loss of the connection would.
    let (first, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut each = |values| first.send(values).expect("somebody listens");
    tokio::select! {
        biased;
        values = told.recv() => assert!(values.expect("a batch") > 500),
        _done = both.reseal_telling(&mut each) => panic!("it was not cut short"),
    }
    let (left, done) = (both.under(1).await, both.under(2).await);
    assert!(
        left > 0 && done > 500 && left + done == all,
        "{left} {done}"
    );
    assert_opens(&both.new).await;
    // Two at once do not hinder each other, and do nothing twice.
    let runs = futures::future::join(both.reseal(), both.reseal()).await;
    assert_eq!(runs.0.values + runs.1.values, left);
    assert_eq!((both.under(1).await, both.under(2).await), (0, all));
    assert_opens(&both.new).await;
}

/// Opens what is sealed of everybody, and compares it with what is shown of it.
#[expect(
    clippy::disallowed_methods,
    reason = "a test looks at everybody, whoever asks"
)]
async fn assert_opens(app: &TestApp) {
    use secrecy::ExposeSecret as _;
    let database = Database::connect(&app.database_url).await.expect("opens");
    let people = row::Entity::find().all(&database).await.expect("read");
    database.close().await.expect("closes");
    for person in people {
        let open = |context, value: Vec<u8>| {
            let sealed = employment_exchange::platform::crypto::Sealed::from_bytes(value);
            let opened = app.keys.ring.open(context, person.id.as_bytes(), &sealed);
            let opened = opened.expect("opens").expose_secret().to_owned();
            opened[opened.len() - 4..].to_owned()
        };
        let shown = |mask: &str| mask[mask.len() - 4..].to_owned();
        let id = open(Context::RESIDENT_ID, person.resident_id_sealed);
        assert_eq!(id, shown(&person.resident_id_mask));
        let phone = person.phone_sealed.map(|value| open(Context::PHONE, value));
        assert_eq!(phone, person.phone_mask.as_deref().map(shown));
        let account = person.bank_account_sealed;
        let account = account.map(|value| open(Context::BANK_ACCOUNT, value));
        assert_eq!(account, person.bank_account_mask.as_deref().map(shown));
    }
}

/// Another server has changed somebody and not committed yet. It has the old key, so that what it
/// writes is to be sealed anew like what was there before.
#[expect(
    clippy::disallowed_methods,
    reason = "the other server of this test is a transaction of its own"
)]
async fn a_change_under_way_is_waited_for_and_kept(app: TestApp) {
    let (both, id) = Rotated::after(&app, async |app| people::person(&app, 1).await).await;
    let uuid = ids::decode::<WorkerId>(&id).expect("an id").uuid();
    let database = Database::connect(&app.database_url).await.expect("opens");
    let other = database.begin().await.expect("a transaction");
    let phone = both
        .old
        .keys
        .ring
        .seal(Context::PHONE, uuid.as_bytes(), "13800138000");
    let change = row::ActiveModel {
        id: Set(uuid),
        phone_sealed: Set(Some(phone.into_bytes())),
        ..Default::default()
    };
    change.update(&other).await.expect("changed");
    let commit = async {
        if app.database_url.starts_with("postgres") {
            until_somebody_waits(&app).await;
        }
        other.commit().await.expect("committed");
    };
    let (done, ()) = futures::future::join(both.reseal(), commit).await;
    assert_eq!(done.values, 2);
    assert_eq!(both.under(2).await, 2);
    assert_eq!(reveal(&both.new, &id).await[1], "13800138000");
    database.close().await.expect("closes");
}

/// Returns when a transaction of this database waits for another's row.
async fn until_somebody_waits(app: &TestApp) {
    let behind = Behind::open(&app.database_url).await;
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waits = async { while behind.number(waiting).await == 0 {} };
    let waits = tokio::time::timeout(Duration::from_secs(60), waits).await;
    assert!(waits.is_ok(), "nobody waits for the row");
    behind.close().await;
}

async fn changes_made_meanwhile_are_kept(app: TestApp) {
    let fill = async |app: TestApp| {
        populate(&app).await;
        let mut people = Vec::new();
        for number in 1..=6 {
            people.push(people::person(&app, number).await);
        }
        people
    };
    let (both, people) = Rotated::after(&app, fill).await;
    let new = &both.new;
    let (done, over) = tokio::sync::watch::channel(false);
    let change = async |id: &str| {
        let officer = new.officer(ORIGIN);
        let (mut version, mut phone) = (1, "13930628917".to_owned());
        while !*over.borrow() {
            phone = format!("1393062{version:04}");
            let input = json!({"workerId": id, "version": version, "phone": phone});
            run(new, &officer, "updateWorker", "__typename", input).await;
            version += 1;
        }
        (version, phone)
    };
    let changes = futures::future::join_all(people.iter().map(|id| change(id)));
    let work = async {
        let resealed = both.reseal().await;
        done.send(true).expect("somebody listens");
        resealed
    };
    let (resealed, last) = futures::future::join(work, changes).await;
    assert!(resealed.values > 2_000, "{}", resealed.values);
    for (id, (version, phone)) in people.iter().zip(last) {
        assert!(version > 1);
        assert_eq!(reveal(new, id).await[1], json!(phone));
    }
    assert_eq!(both.under(1).await, 0);
    assert_opens(new).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "no request can make a value that does not open"
)]
async fn what_does_not_open_stays_and_does_not_stop_the_rest(app: TestApp) {
    let fill = async |app: TestApp| {
        let first = people::person(&app, 1).await;
        people::person(&app, 2).await;
        first
    };
    let (both, id) = Rotated::after(&app, fill).await;
    let uuid = ids::decode::<WorkerId>(&id).expect("an id").uuid();
    let database = Database::connect(&app.database_url).await.expect("opens");
    let people = row::Entity::find().all(&database).await.expect("read");
    let other = people.iter().find(|person| person.id != uuid).expect("two");
    // Somebody else's phone, put into this row: sealed for them, it must not become this person's.
    let change = row::ActiveModel {
        id: Set(uuid),
        phone_sealed: Set(other.phone_sealed.clone()),
        ..Default::default()
    };
    change.update(&database).await.expect("changed");
    database.close().await.expect("closes");
    let done = both.reseal().await;
    assert_eq!((done.values, done.unopened), (3, 1));
    let first = done.first_unopened.expect("told");
    assert_eq!(
        (first.table, first.column, first.row),
        ("worker", "phone_sealed", uuid)
    );
    assert_eq!(both.under(1).await, 1);
}

async fn a_name_that_waits_to_be_corrected_is_nothing_sealed(app: TestApp) {
    let fill = async |app: TestApp| {
        let id = people::person(&app, 1).await;
        let input = json!({"workerId": id, "name": "王小朋", "reason": "登记时写错", "version": 1});
        let officer = app.officer(ORIGIN);
        let answer = "correction { id version }";
        let proposed = run(&app, &officer, "proposeNameCorrection", answer, input).await;
        proposed["correction"].clone()
    };
    let (both, correction) = Rotated::after(&app, fill).await;
    assert_eq!((both.under(1).await, both.under(2).await), (2, 0));
    let done = both.reseal().await;
    assert_eq!((done.values, done.unopened), (2, 0));
    assert_eq!((both.under(1).await, both.under(2).await), (0, 2));
    let all = census(&both.new.db).await.expect("counted");
    assert_eq!(all.values(), 2);
    let colleague = both.new.token(&TokenRequest {
        region: Some(RegionCode::parse(ORIGIN).expect("a code")),
        ..both.new.request(Role::Officer, "colleague")
    });
    let input = json!({"correctionId": correction["id"], "approve": true,
        "reason": "核对户口簿", "version": correction["version"]});
    let name = "decideNameCorrection";
    run(&both.new, &colleague, name, "__typename", input).await;
}
