//! A small world with one of everything, the callers who look at it, and what each root field is
//! asked.

use std::collections::BTreeMap;

use employment_exchange::kernel::ids::{self, WorkerId};
use employment_exchange::platform::authn::{Agency, Role};
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::helpers;
use crate::support::people::{self, DESTINATION, ELSEWHERE, ORIGIN, VILLAGE};

const EMPLOYER: &str = "91590101MA9K2T3HXH";
/// Where the person is dispatched to.
const HOST: &str = "92590102MA5P0A2E32";
const HELPER: &str = "helper-1";

/// The ids of the world's records.
pub struct World {
    household: String,
    worker: String,
    employer: String,
    employment: String,
    region: String,
    correction: String,
    name_correction: String,
    fact: String,
    finding: String,
    closed: String,
}

impl World {
    /// A household with one person of [`VILLAGE`], who works in [`DESTINATION`].
    pub async fn make(app: &TestApp) -> Self {
        let origin = app.officer(ORIGIN);
        let household = people::household(app, VILLAGE, "h1").await;
        let stated = json!({"value": true, "since": "2026-01-01", "source": "入户"});
        let input = json!({"householdId": household, "name": "王小明",
            "residentId": people::resident_id(1), "phone": "13930628917",
            "bankAccount": "6222021234567890128", "education": "PRIMARY", "skills": ["电焊"],
            "originAddress": "三组", "stay": DESTINATION, "able": stated, "willing": stated});
        let worker = made(app, &origin, "registerWorker", "worker { id }", input).await;
        let employer = seats(app).await;
        let employment = employ(app, &worker).await;
        insure(app).await;
        helpers::assign(app, &worker, HELPER).await;
        let right = json!({"workerId": worker, "residentId": people::resident_id(2),
            "reason": "误录", "version": version(app, &worker).await});
        let answer = "correction { id }";
        let name = "proposeResidentIdCorrection";
        let correction = made(app, &origin, name, answer, right).await;
        let right = json!({"workerId": worker, "name": "王小朋", "reason": "误录",
            "version": version(app, &worker).await});
        let name = "proposeNameCorrection";
        let name_correction = made(app, &origin, name, answer, right).await;
        let [finding, closed] = find(app, &employment, &employer).await;
        let of = json!({"code": ORIGIN});
        let query = "query($code: RegionCode!) { region(code: $code) { id } }";
        let region = app.data(&origin, query, of).await["region"]["id"].take();
        let query = "query($id: ID!) { worker(id: $id) { labourFacts { id } } }";
        let facts = app.data(&origin, query, json!({"id": worker})).await;
        let fact = facts["worker"]["labourFacts"][0]["id"].as_str();
        Self {
            fact: fact.expect("an id").to_owned(),
            region: region.as_str().expect("an id").to_owned(),
            correction,
            name_correction,
            finding,
            closed,
            household,
            worker,
            employer,
            employment,
        }
    }

    /// The person.
    pub fn worker(&self) -> &str {
        &self.worker
    }

    /// A finding that was answered.
    pub fn answered(&self) -> &str {
        &self.finding
    }

    /// A finding that was closed.
    pub fn closed(&self) -> &str {
        &self.closed
    }

    /// A correction that waits for a decision.
    pub fn correction(&self) -> &str {
        &self.correction
    }

    /// A correction of a name that waits for a decision.
    pub fn name_correction(&self) -> &str {
        &self.name_correction
    }

    /// Who looks, each with the heading of its column. An anonymous caller has no token.
    pub fn callers(&self, app: &TestApp) -> Vec<(&'static str, Option<String>)> {
        let worker: WorkerId = ids::decode(&self.worker).expect("an id of a person");
        let with_token = [
            ("ADM", app.plain(Role::Admin)),
            ("AUD", app.plain(Role::Auditor)),
            ("PRV", app.officer("590000000000")),
            ("PRF", app.officer("590200000000")),
            ("CTY", app.officer(ORIGIN)),
            ("TWN", app.officer("590222101000")),
            ("VIL", app.officer(VILLAGE)),
            ("DST", app.officer(DESTINATION)),
            ("ELS", app.officer(ELSEWHERE)),
            ("SOC", app.agency(Agency::SocialInsurance)),
            ("MED", app.agency(Agency::MedicalSecurity)),
            ("TAX", app.agency(Agency::Tax)),
            ("CIV", app.agency(Agency::CivilAffairs)),
            ("MKT", app.agency(Agency::MarketRegulation)),
            ("AGR", app.agency(Agency::Agriculture)),
            ("TRN", app.agency(Agency::Training)),
            ("EMP", app.employer(EMPLOYER)),
            ("HLP", app.helper(HELPER)),
            ("WRK", app.worker(worker)),
        ];
        let with_token = with_token.map(|(name, token)| (name, Some(token)));
        with_token.into_iter().chain([("ANO", None)]).collect()
    }

    /// What each root field is asked, and each field below that needs arguments. A mutation is
    /// given what every role's permission comes before, and what nothing can be made of: a stale
    /// version, an empty list, a value that is none. So it changes nothing, in whatever order.
    pub fn samples(&self) -> BTreeMap<String, Value> {
        let mutations = object(self.of_people()).chain(object(self.of_jobs()));
        let wrapped = mutations.map(|(name, input)| (name, json!({"input": input})));
        object(self.queries()).chain(wrapped).collect()
    }

    fn queries(&self) -> Value {
        let Self {
            household,
            worker,
            employer,
            employment,
            region,
            finding,
            ..
        } = self;
        json!({
            "Query.accessLog": {"workerId": worker},
            "Query.corrections": {},
            "Query.node:Employer": {"id": employer},
            "Query.node:Employment": {"id": employment},
            "Query.node:Finding": {"id": finding},
            "Query.node:Household": {"id": household},
            "Query.node:Region": {"id": region},
            "Query.node:Worker": {"id": worker},
            "Query.nodes": {"ids": [employer, employment, household, region, worker]},
            "Query.viewer": {},
            "Query.employer": {"id": employer},
            "Query.employers": {},
            "Query.employment": {"id": employment},
            "Query.finding": {"id": finding},
            "Query.findings": {},
            "Query.labourFlows": {"region": ORIGIN, "level": "COUNTY", "direction": "OUT"},
            "Query.region": {"code": ORIGIN},
            "Query.regions": {},
            "Query.regionSummary": {"region": ORIGIN},
            "Query.submissions": {},
            "Query.trail": {},
            "Query.worker": {"id": worker},
            "Query.workers": {},
            "Worker.insuredMonths": {"kind": "PENSION", "from": "2026-01", "to": "2026-11"},
        })
    }

    fn of_people(&self) -> Value {
        let Self {
            household,
            worker,
            correction,
            name_correction,
            fact,
            finding,
            ..
        } = self;
        json!({
            "Mutation.answerFinding": {"id": finding, "version": 99, "answer": "已核"},
            "Mutation.assignHelper": {"workerId": worker, "helperSubject": HELPER,
                "since": "2030-01-01"},
            "Mutation.closeFinding": {"id": finding, "version": 99, "outcome": "UPHELD",
                "remark": "属实"},
            "Mutation.decideNameCorrection": {"correctionId": name_correction, "approve": false,
                "reason": "误", "version": 99},
            "Mutation.decideResidentIdCorrection": {"correctionId": correction, "approve": false,
                "reason": "误", "version": 99},
            "Mutation.leavePublicPost": {"workerId": worker, "leftOn": "2030-01-01", "source": "村"},
            "Mutation.matchRecords": {"purpose": "x", "kind": "RESIDENT_ID", "values": ["x"]},
            "Mutation.proposeNameCorrection": {"workerId": worker, "name": " ", "reason": "误",
                "version": 99},
            "Mutation.proposeResidentIdCorrection": {"workerId": worker,
                "residentId": "no resident id", "reason": "误", "version": 99},
            "Mutation.recordDeath:residentId": {"residentId": people::resident_id(1),
                "diedOn": "2030-01-01", "source": "村"},
            "Mutation.recordDeath:workerId": {"workerId": worker, "diedOn": "2030-01-01", "source": "村"},
            "Mutation.recordFinding": {"subjectId": worker, "clause": " ", "evidence": "x"},
            "Mutation.registerWorkers": {"workers": []},
            "Mutation.reopenFinding": {"id": finding, "version": 99, "reason": "再核"},
            "Mutation.revealPersonalData": {"workerId": worker, "fields": ["PHONE"],
                "purpose": "x"},
            "Mutation.submitCategories": {"items": []},
            "Mutation.updateWorker": {"workerId": worker, "version": 99, "phone": "13930628917"},
            "Mutation.mergeHouseholds": {"fromId": household, "intoId": household, "reason": "误",
                "mergedOn": "2026-11-01", "fromVersion": 99, "intoVersion": 99},
            "Mutation.moveHousehold": {"householdId": household, "toVillage": VILLAGE,
                "movedOn": "2026-11-01", "reason": "误", "version": 99},
            "Mutation.moveWorker": {"workerId": worker, "toVillage": VILLAGE,
                "movedOn": "2026-11-01", "reason": "误", "version": 99},
            "Mutation.registerHousehold": {"village": VILLAGE, "number": "h1",
                "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2030-01-01"},
            "Mutation.registerWorker": {"householdId": household, "name": " ",
                "residentId": "no resident id"},
            "Mutation.splitHousehold": {"householdId": household, "memberIds": [worker],
                "reason": "误", "splitOn": "2026-11-01", "version": 99},
            "Mutation.submitContributions": {"items": []},
            "Mutation.submitInsuranceFacts": {"items": []},
            "Mutation.takeRequeryList": {},
            "Mutation.voidLabourFact": {"workerId": worker, "factId": fact, "reason": " "},
        })
    }

    fn of_jobs(&self) -> Value {
        let Self {
            worker,
            employer,
            employment,
            ..
        } = self;
        let decided = json!({"employmentId": employment, "version": 99});
        let with = |more: Value| joined(&decided, &more);
        json!({
            "Mutation.checkEmployment": decided,
            "Mutation.confirmEmployment": decided,
            "Mutation.endEmployment": with(json!({"endedOn": "2026-11-01", "reason": "OTHER"})),
            "Mutation.recordAccreditation": {"employerId": employer, "kind": "ASSISTANCE_WORKSHOP",
                "reference": " ", "since": "2026-01-01"},
            "Mutation.recordEmployment": joined(&job(worker), &json!({"jobTitle": " "})),
            "Mutation.recordEmployments": {"items": []},
            "Mutation.registerEmployer": {"creditCode": EMPLOYER, "name": " ",
                "kind": "ENTERPRISE", "regionCode": DESTINATION},
            "Mutation.resolveEmployer": with(json!({"creditCode": EMPLOYER})),
            "Mutation.renewContract": with(json!({"contractStart": "2028-01-01"})),
            "Mutation.returnEmployment": with(json!({"reason": "核实"})),
            "Mutation.submitEmployerStatuses": {"items": []},
            "Mutation.updateEmployer": {"id": employer, "version": 99, "name": "清河厂"},
            "Mutation.voidEmployment": with(json!({"reason": "误"})),
        })
    }
}

/// The employer and the one that it sends people to, both in [`DESTINATION`]; the first one's id.
async fn seats(app: &TestApp) -> String {
    let seat = json!({"creditCode": EMPLOYER, "name": "清河（甲）厂", "kind": "LABOUR_DISPATCH",
        "regionCode": DESTINATION});
    let destination = app.officer(DESTINATION);
    let employer = made(
        app,
        &destination,
        "registerEmployer",
        "employer { id }",
        seat,
    )
    .await;
    let host = json!({"creditCode": HOST, "name": "清河（乙）店", "kind": "SOLE_TRADER",
        "regionCode": DESTINATION});
    made(
        app,
        &destination,
        "registerEmployer",
        "employer { id }",
        host,
    )
    .await;
    let accredited = json!({"employerId": employer, "kind": "ASSISTANCE_WORKSHOP",
        "reference": "甲-1", "since": "2026-01-01"});
    let answer = "employer { id }";
    made(app, &destination, "recordAccreditation", answer, accredited).await;
    let standing = json!({"items": [{"creditCode": EMPLOYER, "standing": "ACTIVE",
        "since": "2026-01-01"}]});
    let market = app.agency(Agency::MarketRegulation);
    run(
        app,
        &market,
        "submitEmployerStatuses",
        "submissionId",
        standing,
    )
    .await;
    employer
}

/// A job that was reported, confirmed and renewed, and one that was returned; the first one's id.
async fn employ(app: &TestApp, worker: &str) -> String {
    // The township reports and has looked, the county confirms.
    let (name, answer) = ("recordEmployment", "employment { id }");
    let origin = app.officer(ORIGIN);
    let township = app.officer("590222101000");
    made(app, &township, name, answer, job(worker)).await;
    let employment = made(app, &origin, name, answer, job(worker)).await;
    let term = json!({"employmentId": employment, "version": 2,
        "contractStart": "2027-01-01", "contractEnd": "2027-12-31"});
    made(app, &origin, "renewContract", "employment { id }", term).await;
    let reported = joined(
        &job(worker),
        &json!({"startedOn": "2025-01-01", "foundBy": null}),
    );
    run(
        app,
        &app.employer(EMPLOYER),
        name,
        "status",
        reported.clone(),
    )
    .await;
    let returned = made(app, &origin, name, answer, reported).await;
    let returned = json!({"employmentId": returned, "version": 2, "reason": "核实"});
    let prefecture = app.officer("590200000000");
    made(app, &prefecture, "returnEmployment", answer, returned).await;
    employment
}

/// A month that [`HOST`] paid, corrected once, and an enrolment.
async fn insure(app: &TestApp) {
    let agency = app.agency(Agency::SocialInsurance);
    let row = json!({"residentId": people::resident_id(1), "employerCreditCode": EMPLOYER,
        "payerCreditCode": HOST, "kind": "PENSION", "entry": "NORMAL", "periodMonth": "2026-10",
        "postingMonth": "2026-10", "base": "4000.00", "employerAmount": "640.00",
        "personalAmount": "320.00"});
    let corrected = json!({"entry": "CORRECTION", "postingMonth": "2026-11",
        "correctsPostingMonth": "2026-10", "employerAmount": "10.00", "personalAmount": "5.00"});
    let rows = json!({"items": [row, joined(&row, &corrected)]});
    run(app, &agency, "submitContributions", "submissionId", rows).await;
    let enrolled = json!({"items": [{"residentId": people::resident_id(1), "kind": "PENSION",
        "employerCreditCode": EMPLOYER, "fact": "ENROLLED", "since": "2026-01-01"}]});
    run(
        app,
        &agency,
        "submitInsuranceFacts",
        "submissionId",
        enrolled,
    )
    .await;
}

/// A finding about the job, which [`DESTINATION`] has answered, and one about the employer for
/// [`ORIGIN`], which was withdrawn.
async fn find(app: &TestApp, employment: &str, employer: &str) -> [String; 2] {
    let auditor = app.plain(Role::Auditor);
    let of =
        |subject: &str| json!({"subjectId": subject, "clause": "第三条", "evidence": "无凭证"});
    let for_origin = joined(&of(employer), &json!({"responsibleCounty": ORIGIN}));
    let answer = "finding { id }";
    let other = made(app, &auditor, "recordFinding", answer, for_origin).await;
    let withdrawn = json!({"id": other, "version": 1, "outcome": "WITHDRAWN", "remark": "误记"});
    made(app, &auditor, "closeFinding", answer, withdrawn).await;
    let finding = made(app, &auditor, "recordFinding", answer, of(employment)).await;
    let answered = json!({"id": finding, "version": 1, "answer": "已核"});
    let destination = app.officer(DESTINATION);
    made(app, &destination, "answerFinding", answer, answered).await;
    [finding, other]
}

fn object(value: Value) -> impl Iterator<Item = (String, Value)> {
    match value {
        Value::Object(map) => map.into_iter(),
        other => panic!("no object: {other}"),
    }
}

async fn version(app: &TestApp, worker: &str) -> Value {
    let query = "query($id: ID!) { worker(id: $id) { version } }";
    let mut seen = app
        .data(&app.officer(ORIGIN), query, json!({"id": worker}))
        .await;
    seen["worker"]["version"].take()
}

fn joined(base: &Value, more: &Value) -> Value {
    object(base.clone()).chain(object(more.clone())).collect()
}

fn job(worker: &str) -> Value {
    json!({"workerId": worker, "form": "EMPLOYED", "employerCreditCode": EMPLOYER,
        "hostCreditCode": HOST, "contractKind": "FIXED_TERM", "contractStart": "2026-01-01",
        "contractEnd": "2026-12-31", "jobTitle": "焊工", "monthlyWage": "4000.00",
        "workplace": DESTINATION, "startedOn": "2026-01-01", "foundBy": "RELATIVES"})
}

/// Runs a mutation that must succeed; its payload.
async fn run(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> Value {
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {of}!) {{ {name}(input: $input) {{ {answer} userErrors {{ code }} }} }}"
    );
    let mut data = app.data(token, &query, json!({"input": input})).await;
    assert_eq!(data[name]["userErrors"], json!([]), "{name}");
    data[name].take()
}

/// Runs a mutation that makes or changes a record; the record's id.
async fn made(app: &TestApp, token: &str, name: &str, answer: &str, input: Value) -> String {
    let payload = run(app, token, name, answer, input).await;
    let (record, _) = answer.split_once(' ').expect("a record and its id");
    let id = payload[record]["id"].as_str();
    id.unwrap_or_else(|| panic!("{name} made nothing: {payload}"))
        .to_owned()
}
