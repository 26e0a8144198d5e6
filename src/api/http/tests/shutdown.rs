//! Stopping: no new work, what runs may finish, within the bound.

use std::time::Duration;

use super::*;

/// Long enough that only a server that hangs reaches it.
const HANGS: Duration = Duration::from_secs(20);

#[tokio::test]
async fn requests_in_flight_finish_and_new_connections_are_refused() {
    let toy = Toy::start().await;
    let waiting = tokio::spawn(Toy::send(toy.post(&json!({ "query": "{ waits }" }))));
    toy.levers.entered.pass().await;

    toy.stop.send(()).unwrap();
    let newcomer = Client::builder().no_proxy().build().unwrap();
    let refused = async {
        while newcomer
            .get(format!("{}/healthz", toy.base))
            .send()
            .await
            .is_ok()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(HANGS, refused)
        .await
        .expect("new connections are refused");
    assert!(
        !toy.running.is_finished(),
        "the server waits for the request in flight"
    );

    toy.levers.released.open();
    let answer = waiting.await.unwrap();
    assert_eq!(answer.json()["data"]["waits"], "finished");
    tokio::time::timeout(HANGS, toy.running)
        .await
        .expect("the server stops once nothing is in flight")
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_finish_is_cut_off_at_the_bound() {
    let toy = Toy::with(HttpSettings {
        shutdown_timeout: Duration::from_secs(1),
        ..settings()
    })
    .await;
    let waiting = tokio::spawn(toy.post(&json!({ "query": "{ waits }" })).send());
    toy.levers.entered.pass().await;
    toy.stop.send(()).unwrap();
    tokio::time::timeout(HANGS, toy.running)
        .await
        .expect("the server stops at its bound")
        .unwrap()
        .unwrap();
    assert!(waiting.await.unwrap().is_err(), "nobody answered");
}
