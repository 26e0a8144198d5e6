//! A day of another age is refused wherever a day is written: engines and calendars differ about it.

use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::ask;
use super::world::World;
use crate::cli::privacy::arguments::{self, Builder};
use crate::support::app::TestApp;
use crate::support::catalogue::Catalogue;
use crate::support::people::ORIGIN;

pub fn trials() -> Vec<Trial> {
    crate::trials![a_day_of_another_age_is_refused_in_every_place]
}

const OTHER_AGES: [&str; 5] = [
    "1899-12-31",
    "2201-01-01",
    "9999-12-31",
    "+12026-11-23",
    "-0001-01-01",
];

async fn a_day_of_another_age_is_refused_in_every_place(app: TestApp) {
    let catalogue = Catalogue::load().await;
    let world = World::make(&app).await;
    let mut records = arguments::World::default();
    // Values are read before anybody looks which record an id names.
    for name in [
        "Worker",
        "Household",
        "Household2",
        "Employment",
        "Reported",
        "Written",
        "Employer",
        "Finding",
        "Correction",
        "NameCorrection",
        "LabourFact",
    ] {
        records.note(name, &json!({"id": world.worker(), "version": 1}));
    }
    records.ids.insert("Today".into(), "2026-11-23".into());
    let token = app.officer(ORIGIN);
    let mut places = 0;
    for root in catalogue.fields(&catalogue.mutation).expect("a root") {
        let builder = Builder {
            catalogue: &catalogue,
            world: &records,
            root,
            fresh: 9,
            everywhere: None,
        };
        let of = &root.arguments[0].of;
        let query = format!(
            "mutation($input: {of}) {{ {}(input: $input) {{ userErrors {{ code }} }} }}",
            root.name
        );
        for leaf in builder.leaves().iter().filter(|leaf| leaf.of == "Date") {
            places += 1;
            for day in OTHER_AGES {
                let arguments = Value::Object(builder.arguments(Some(leaf), day));
                let body = ask(&app, Some(&token), &query, arguments).await;
                let error = &body["errors"][0];
                let place = format!("{} {:?} {day}: {body:#}", root.name, leaf.path);
                assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{place}");
                let told = error["message"].as_str().unwrap_or_default();
                assert!(told.contains("1900") && told.contains("2200"), "{place}");
            }
        }
    }
    assert!(places > 20, "{places}");
}
