//! What really happens to the marked people, request by request, each of which must succeed.

use serde_json::{Value, json};

use super::arguments::{EMPLOYER, HELPER, OTHER_EMPLOYER, World};
use super::asking::{Call, Caller, Exchange};
use super::marks::{self, ACCOUNTS, PHONES};
use crate::support::people::{self, DESTINATION, VILLAGE};

/// Tokens by the name of their caller.
pub type Tokens = std::collections::BTreeMap<String, String>;

/// Somebody unknown, whom an agency delivered months of before anybody was registered.
const UNKNOWN: u32 = 5;

/// One server with the tokens for it.
pub struct Life<'a> {
    pub exchange: &'a Exchange,
    pub tokens: &'a Tokens,
}

impl Life<'_> {
    /// Registers the marked people, and everything that is known about somebody.
    pub async fn begins(&self) -> World {
        let mut world = World::default();
        let month = |id: String, kind: &str| {
            json!({"items": [{"residentId": id, "kind": kind, "entry": "NORMAL",
                "employerCreditCode": EMPLOYER, "employerName": "清河厂", "periodMonth": "2024-05",
                "postingMonth": "2024-05", "base": "4000.00", "employerAmount": "640.00",
                "personalAmount": "320.00"}]})
        };
        let unknown = month(people::resident_id(UNKNOWN), "MEDICAL");
        self.done("MEDICAL_SECURITY", "submitContributions", unknown)
            .await;
        self.registered(&mut world).await;
        self.employed(&mut world).await;
        let pension = month(marks::id(0), "PENSION");
        self.done("SOCIAL_INSURANCE", "submitContributions", pension)
            .await;
        let enrolled = json!({"items": [{"residentId": marks::id(0), "kind": "PENSION",
            "employerCreditCode": EMPLOYER, "fact": "ENROLLED", "since": "2024-01-01"}]});
        self.done("SOCIAL_INSURANCE", "submitInsuranceFacts", enrolled)
            .await;
        let category = json!({"items": [{"residentId": marks::id(0),
            "category": "MONITORED_UNSTABLE", "since": "2024-01-01"}]});
        self.done("AGRICULTURE", "submitCategories", category).await;
        let died = json!({"residentId": marks::id(2), "diedOn": "2024-05-06", "source": "殡仪馆"});
        self.done("CIVIL_AFFAIRS", "recordDeath", died).await;
        self.audited(&mut world).await;
        world
    }

    async fn registered(&self, world: &mut World) {
        for (name, number) in [("Household", "h1"), ("Household2", "h2")] {
            let answer = self
                .done(
                    "OFFICER",
                    "registerHousehold",
                    json!({"village": VILLAGE, "number": number,
                    "category": "LIFTED_OUT_OF_POVERTY", "categorySince": "2017-11-02"}),
                )
                .await;
            world.ids.insert(name.into(), answer["householdId"].clone());
        }
        let stated = json!({"value": true, "since": "2024-01-01", "source": "入户"});
        let person = |place: usize, home: &str| {
            json!({"householdId": world.id(home), "name": "王小明",
                "residentId": marks::id(place), "phone": PHONES[0], "bankAccount": ACCOUNTS[0],
                "education": "PRIMARY", "skills": ["电焊"], "originAddress": "三组",
                "stay": DESTINATION, "able": stated, "willing": stated})
        };
        let mut first = person(0, "Household");
        first["idempotencyKey"] = marks::id(0).into();
        let (bulk, twin) = (
            json!({"workers": [person(2, "Household2"), person(4, "Household")]}),
            first.clone(),
        );
        let answer = self.done("OFFICER", "registerWorker", first).await;
        let again = self.done("OFFICER", "registerWorker", twin).await;
        assert_eq!(answer["worker"]["id"], again["worker"]["id"]);
        let others = self.done("OFFICER", "registerWorkers", bulk).await;
        world.note("Worker", &answer["worker"]);
        let contact = json!({"workerId": world.id("Worker"), "version": answer["worker"]["version"],
            "phone": PHONES[1], "bankAccount": ACCOUNTS[1]});
        self.done("OFFICER", "updateWorker", contact).await;
        let other = &others["results"][1]["worker"]["id"];
        self.parted(world, other).await;
        let helper = json!({"workerId": world.id("Worker"), "helperSubject": HELPER,
            "since": "2024-01-01"});
        self.done("OFFICER", "assignHelper", helper).await;
        let facts = self
            .asked("AUDITOR", "worker", json!({"residentId": marks::id(0)}))
            .await;
        world.note("LabourFact", &facts["labourFacts"][0]);
    }

    /// Somebody leaves the first household and comes back.
    async fn parted(&self, world: &mut World, who: &Value) {
        let person = json!({"id": world.id("Worker")});
        let seen = self.asked("OFFICER", "worker", person).await;
        let today = seen["residences"][0]["since"].clone();
        let split = json!({"householdId": world.id("Household"), "memberIds": [who],
            "reason": "分户", "splitOn": today, "version": seen["household"]["version"]});
        let parts = self.done("OFFICER", "splitHousehold", split).await;
        let (new, old) = (&parts["newHousehold"], &parts["household"]);
        let merged = json!({"fromId": new["id"], "intoId": old["id"], "reason": "并户",
            "mergedOn": today, "fromVersion": new["version"], "intoVersion": old["version"]});
        self.done("OFFICER", "mergeHouseholds", merged).await;
        world.ids.insert("Today".into(), today);
    }

    async fn employed(&self, world: &mut World) {
        // The month of somebody unknown has entered the other one by its name.
        let entered = json!({"creditCode": EMPLOYER});
        let entered = self.asked("AUDITOR", "employer", entered).await;
        world.note("Employer", &entered);
        let seat = json!({"creditCode": OTHER_EMPLOYER, "name": "清河（乙）店",
            "kind": "SOLE_TRADER", "regionCode": DESTINATION});
        self.done("DESTINATION", "registerEmployer", seat).await;
        let standing = json!({"items": [{"creditCode": EMPLOYER, "standing": "ACTIVE",
            "since": "2024-01-01", "legalRepresentativeResidentId": marks::id(2)}]});
        self.done("MARKET_REGULATION", "submitEmployerStatuses", standing)
            .await;
        let signed = job(
            json!({"employerCreditCode": EMPLOYER, "contractKind": "FIXED_TERM",
            "contractStart": "2024-02-01", "contractEnd": "2025-01-31"}),
        );
        self.done(
            "EMPLOYER",
            "recordEmployments",
            json!({"items": [signed.clone()]}),
        )
        .await;
        let written = job(json!({"employerName": "清河厂", "startedOn": "2023-03-01"}));
        for (name, job) in [("Employment", signed), ("Written", written)] {
            let answer = self.done("OFFICER", "recordEmployment", job).await;
            let job = &answer["employment"];
            world.note(name, job);
            if name == "Employment" {
                let term = json!({"employmentId": job["id"], "contractStart": "2025-02-01",
                    "version": job["version"]});
                let renewed = self.done("OFFICER", "renewContract", term).await;
                self.looked_at_again(&renewed["employment"]).await;
            }
        }
        self.reported(world).await;
    }

    /// The prefecture sends a confirmation back, and the county decides anew.
    async fn looked_at_again(&self, job: &Value) {
        let back = json!({"employmentId": job["id"], "version": job["version"],
            "reason": "请再核实"});
        let back = self.done("PREFECTURE", "returnEmployment", back).await;
        let job = &back["employment"];
        let anew = json!({"employmentId": job["id"], "version": job["version"]});
        self.done("OFFICER", "confirmEmployment", anew).await;
    }

    /// A township reports a job that the county has not looked at.
    async fn reported(&self, world: &mut World) {
        let flexible = job(json!({"form": "FLEXIBLE"}));
        self.done("TOWNSHIP", "recordEmployment", flexible).await;
        let person = json!({"residentId": marks::id(0)});
        let seen = self.asked("OFFICER", "worker", person).await;
        let jobs = seen["employments"]["nodes"].as_array().expect("jobs");
        let reported = jobs.iter().find(|job| job["state"] == "REPORTED");
        let reported = reported.unwrap_or_else(|| panic!("no report: {seen:#}"));
        world.note("Reported", reported);
    }

    async fn audited(&self, world: &mut World) {
        let purpose = "核查补贴发放";
        for (kind, value) in [
            ("RESIDENT_ID", marks::id(0)),
            ("BANK_ACCOUNT", ACCOUNTS[1].into()),
        ] {
            let list = json!({"purpose": purpose, "kind": kind, "values": [value]});
            let matched = self.done("AUDITOR", "matchRecords", list).await;
            assert_eq!(matched["matched"], 1, "{matched:#}");
        }
        let finding = json!({"subjectId": world.id("Employment"), "clause": "第三条",
            "evidence": "无凭证"});
        let answer = self.done("AUDITOR", "recordFinding", finding).await;
        world.note("Finding", &answer["finding"]);
    }

    /// A first person's resident id is corrected by two people; another correction stays open.
    pub async fn corrected(&self, world: &mut World) {
        let id = world.id("Worker").to_owned();
        for (place, approve) in [(1, true), (0, false)] {
            let seen = self.asked("AUDITOR", "worker", json!({"id": id})).await;
            let proposal = json!({"workerId": id, "residentId": marks::id(place),
                "reason": "登记时录错", "version": seen["version"]});
            let answer = self
                .done("OFFICER", "proposeResidentIdCorrection", proposal)
                .await;
            let correction = &answer["correction"];
            world.note("Correction", correction);
            if approve {
                let decision = json!({"correctionId": correction["id"], "approve": true,
                    "reason": "核对户口簿", "version": correction["version"]});
                self.done("PREFECTURE", "decideResidentIdCorrection", decision)
                    .await;
            }
        }
    }

    /// A wrong name is refused, and another one waits.
    pub async fn renamed(&self, world: &mut World) {
        let id = world.id("Worker").to_owned();
        for (name, refused) in [("王小朋", true), ("王晓明", false)] {
            let seen = self.asked("AUDITOR", "worker", json!({"id": id})).await;
            let proposal = json!({"workerId": id, "name": name, "reason": "登记时写错",
                "version": seen["version"]});
            let answer = self
                .done("OFFICER", "proposeNameCorrection", proposal)
                .await;
            let correction = &answer["correction"];
            world.note("NameCorrection", correction);
            if refused {
                let decision = json!({"correctionId": correction["id"], "approve": false,
                    "reason": "核对户口簿", "version": correction["version"]});
                self.done("PREFECTURE", "decideNameCorrection", decision)
                    .await;
            }
        }
    }

    /// Everybody who may looks at everything, and the agency takes the people that it missed.
    pub async fn revealed(&self, world: &World) {
        for (caller, fields) in [
            (
                "OFFICER",
                &["RESIDENT_ID", "PHONE", "BANK_ACCOUNT", "BIRTH_DATE"][..],
            ),
            (
                "WORKER",
                &["RESIDENT_ID", "PHONE", "BANK_ACCOUNT", "BIRTH_DATE"],
            ),
            ("HELPER", &["PHONE"]),
        ] {
            let wish = json!({"workerId": world.id("Worker"), "fields": fields,
                "purpose": "核发交通补贴"});
            let answer = self.done(caller, "revealPersonalData", wish).await;
            assert_eq!(answer["personalData"]["phone"], PHONES[1], "{caller}");
        }
        let taken = self
            .done("MEDICAL_SECURITY", "takeRequeryList", json!({}))
            .await;
        assert!(taken["people"][0].is_object(), "{taken:#}");
    }

    /// Asks for a change that must be made; its payload.
    async fn done(&self, caller: &str, root: &str, input: Value) -> Value {
        let answer = self
            .call("mutation", caller, root, json!({"input": input}))
            .await;
        assert_eq!(
            answer["userErrors"],
            json!([]),
            "{caller} {root}: {answer:#}"
        );
        let results = answer["results"].as_array().into_iter().flatten();
        for result in results {
            let refused = result["userErrors"][0].is_object() || result["error"].is_object();
            assert!(!refused, "{caller} {root}: {answer:#}");
        }
        answer
    }

    async fn asked(&self, caller: &str, root: &str, arguments: Value) -> Value {
        self.call("query", caller, root, arguments).await
    }

    async fn call(&self, kind: &str, caller: &str, root: &str, arguments: Value) -> Value {
        let catalogue = &self.exchange.catalogue;
        let of = if kind == "query" {
            &catalogue.query
        } else {
            &catalogue.mutation
        };
        let fields = catalogue.fields(of).expect("a root");
        let root = fields.iter().find(|field| field.name == root);
        let root = root.expect("a root field");
        let Value::Object(arguments) = arguments else {
            panic!("no arguments: {arguments}");
        };
        let token = self.tokens[caller].clone();
        let calls = [Call::new(root, arguments)];
        let by = Caller {
            name: caller.to_owned(),
            token: Some(token),
        };
        let mut body = self.exchange.send(kind, &by, &calls).await;
        assert!(
            body.get("errors").is_none(),
            "{caller} {}: {body:#}",
            root.name
        );
        body["data"]["a0"].take()
    }
}

/// A job of the first person, by their resident id.
fn job(more: Value) -> Value {
    let mut job = json!({"residentId": marks::id(0), "form": "EMPLOYED",
        "workplace": DESTINATION, "startedOn": "2024-02-01"});
    for (name, value) in more.as_object().expect("fields") {
        job[name] = value.clone();
    }
    job
}
