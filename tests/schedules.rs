//! What is done every so often: once per period on any number of servers, again after a failure,
//! in the next period after a failure for good, and on from where it stopped.

use std::collections::HashMap;
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use employment_exchange::jobs::{self, schedules};
use employment_exchange::kernel::clock::Clock;
use employment_exchange::platform::authn::{Agency, KeySource};
use employment_exchange::platform::config::Config;
use employment_exchange::platform::queue::{JobCounts, LeasedJob, Queue, Schedule};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::insurance::{item, submit};
use crate::support::app::{NOW, TestApp};
use crate::support::people;

pub fn trials() -> Vec<Trial> {
    crate::trials![
        many_servers_ask_for_one_job_per_period,
        a_period_claimed_by_a_wrong_clock_silences_nothing,
        what_a_stopped_server_had_no_time_to_ask_for_is_asked_for_at_the_next_start,
        a_run_longer_than_its_period_is_followed_by_one_more,
        what_was_given_up_stands_in_no_later_periods_way,
        a_success_and_a_mark_are_kept_for_all_servers,
        every_schedule_runs_and_a_second_server_repeats_nothing,
        whoever_was_registered_while_no_server_ran_is_not_forgotten,
    ]
}

const HOURLY: Schedule = Schedule {
    name: "test.hourly",
    every: TimeDelta::hours(1),
};
const OTHER: Schedule = Schedule {
    name: "test.other",
    every: TimeDelta::minutes(1),
};

fn at(seconds: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = NOW.parse().expect("a valid instant");
    start + TimeDelta::seconds(seconds)
}

fn queue(app: &TestApp) -> (Queue, Clock) {
    let clock = Clock::fixed(at(0));
    (Queue::new(app.db.clone(), clock.clone()), clock)
}

async fn ask(queue: &Queue) -> Vec<&'static str> {
    queue.ask_for_due(&[HOURLY]).await.expect("answers")
}

async fn lease_one(queue: &Queue) -> LeasedJob {
    let lease = queue.lease("a", &[HOURLY.name], 9, TimeDelta::hours(9));
    let mut jobs = lease.await.expect("the queue answers");
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    jobs.remove(0)
}

async fn counts(queue: &Queue) -> (u64, u64, u64) {
    let JobCounts {
        ready,
        leased,
        dead,
    } = queue.counts().await.expect("the queue answers");
    (ready, leased, dead)
}

async fn many_servers_ask_for_one_job_per_period(app: TestApp) {
    let (queue, clock) = queue(&app);
    for hour in 0..2 {
        clock.set(at(hour * 3600));
        let servers = (0..6).map(|_| {
            let queue = queue.clone();
            tokio::spawn(async move { ask(&queue).await.len() })
        });
        let asked = futures::future::join_all(servers).await;
        let asked: usize = asked
            .into_iter()
            .map(|asked| asked.expect("no panic"))
            .sum();
        assert_eq!((asked, counts(&queue).await), (1, (1, 0, 0)), "{hour}");
        let job = lease_one(&queue).await;
        queue.done(&job).await.expect("settled");
        clock.set(at(hour * 3600 + 3599));
        assert_eq!(
            ask(&queue).await,
            [""; 0],
            "done, and not due before the next hour"
        );
    }
    let both = queue.ask_for_due(&[HOURLY, OTHER]).await.expect("answers");
    assert_eq!(both, [OTHER.name], "each has periods of its own");
}

async fn a_period_claimed_by_a_wrong_clock_silences_nothing(app: TestApp) {
    let (queue, clock) = queue(&app);
    clock.set(at(99_999_999));
    assert_eq!(ask(&queue).await, [HOURLY.name]);
    let job = lease_one(&queue).await;
    queue.done(&job).await.expect("settled");
    clock.set(at(0));
    assert_eq!(ask(&queue).await, [HOURLY.name]);
    assert_eq!(ask(&queue).await, [""; 0]);
}

/// Runs a future until it has been polled so often, then drops it, as a server does that is stopped.
async fn stopped_after<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut polled = 0;
    std::future::poll_fn(move |context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

async fn what_a_stopped_server_had_no_time_to_ask_for_is_asked_for_at_the_next_start(app: TestApp) {
    let (stopped, clock) = queue(&app);
    let (mut asked_before, mut asked_again) = (0, 0);
    // From one that is stopped before anything to one that is not stopped any more, and again from the
    // start if the database was so quick that none was stopped midway.
    let mut polls = 0;
    for hour in 0..1_000 {
        clock.set(at(hour * 3600));
        let asking = stopped.ask_for_due(&[HOURLY]);
        let finished = stopped_after(polls, asking).await;
        // The next server, in the same period.
        let next = Queue::new(app.db.clone(), clock.clone());
        match ask(&next).await.len() {
            0 => asked_before += 1,
            asked if polls > 0 => asked_again += asked,
            _ => {}
        }
        assert_eq!(counts(&next).await, (1, 0, 0), "stopped after {polls}");
        let job = lease_one(&next).await;
        next.done(&job).await.expect("settled");
        polls = if finished.is_some() { 0 } else { polls + 1 };
        if finished.is_some() && asked_again > 0 {
            break;
        }
    }
    assert!(asked_before > 0 && asked_again > 0);
}

async fn a_run_longer_than_its_period_is_followed_by_one_more(app: TestApp) {
    let (queue, clock) = queue(&app);
    ask(&queue).await;
    let long = lease_one(&queue).await;
    for hour in 1..4 {
        clock.set(at(hour * 3600));
        assert_eq!(ask(&queue).await, [HOURLY.name]);
        assert_eq!(counts(&queue).await, (0, 1, 0), "nobody overtakes it");
    }
    queue.done(&long).await.expect("settled");
    let again = lease_one(&queue).await;
    assert_eq!((again.id, again.attempt), (long.id, 1));
    queue.done(&again).await.expect("settled");
    assert_eq!(counts(&queue).await, (0, 0, 0));
}

async fn what_was_given_up_stands_in_no_later_periods_way(app: TestApp) {
    let (queue, clock) = queue(&app);
    let mut dead = Vec::new();
    for hour in 0..3 {
        clock.set(at(hour * 3600));
        assert_eq!(ask(&queue).await, [HOURLY.name]);
        for run in 1..=5 {
            clock.set(at(hour * 3600 + run * 200));
            let job = lease_one(&queue).await;
            assert_eq!(i64::from(job.attempt), run);
            queue.failed(&job, "out of luck").await.expect("settled");
            dead.push(job.id);
        }
        assert_eq!(ask(&queue).await, [""; 0]);
        let kept = counts(&queue).await.2;
        assert!((1..=2).contains(&kept), "{kept} in hour {hour}");
    }
    clock.set(at(3 * 3600));
    assert_eq!(ask(&queue).await, [HOURLY.name]);
    let kept = queue.dead(9).await.expect("answers");
    let kept: Vec<_> = kept.iter().map(|job| job.id).collect();
    assert_eq!(Some(kept.as_slice()), dead.last().map(std::slice::from_ref));
    let by_kind = queue.dead_by_kind().await.expect("answers");
    assert_eq!(by_kind, HashMap::from([(HOURLY.name.to_owned(), 1)]));
    let job = lease_one(&queue).await;
    queue.done(&job).await.expect("settled");
    assert_eq!(
        counts(&queue).await,
        (0, 0, 1),
        "until an operator has looked"
    );
}

async fn a_success_and_a_mark_are_kept_for_all_servers(app: TestApp) {
    let (queue, clock) = queue(&app);
    ask(&queue).await;
    let known = async || queue.schedules().await.expect("answers")[HOURLY.name];
    assert_eq!(
        (known().await.since, known().await.last_success),
        (at(0), None)
    );
    assert_eq!(queue.mark(HOURLY.name).await.expect("answers"), None);
    clock.set(at(7));
    queue.succeeded(&HOURLY).await.expect("kept");
    let mark = queue.move_mark(HOURLY.name, at(-9));
    mark.await.expect("kept");
    clock.set(at(3600));
    ask(&queue).await;
    let progress = known().await;
    assert_eq!(progress.last_success, Some(at(7)));
    assert_eq!((progress.since, progress.asked_for), (at(0), at(3600)));
    let mark = queue.mark(HOURLY.name).await.expect("answers");
    assert_eq!(mark, Some(at(-9)));
}

/// A server's background work, with the domain clock of the tests.
fn server(app: &TestApp) -> (jobs::Jobs, CancellationToken) {
    let mut config = Config::default();
    config.journal.anchor_dir = app.directory.join("anchors");
    let keys = KeySource::embedded(app.keys.signing.public());
    let stop = CancellationToken::new();
    let deps = jobs::Deps::new(&config, app.db.clone(), keys);
    (jobs::start(deps, &stop), stop)
}

/// Waits until every schedule has succeeded after `since`.
async fn all_done(queue: &Queue, since: DateTime<Utc>) {
    loop {
        let known = queue.schedules().await.expect("answers");
        let done = |schedule: &Schedule| {
            let progress = known.get(schedule.name);
            progress.is_some_and(|known| known.last_success.is_some_and(|at| at > since))
        };
        if schedules::all().iter().all(done) {
            return;
        }
    }
}

async fn every_schedule_runs_and_a_second_server_repeats_nothing(app: TestApp) {
    let wall = Queue::new(app.db.clone(), Clock::system());
    let begun = wall.now();
    let (work, stop) = server(&app);
    all_done(&wall, begun).await;
    stop.cancel();
    work.finish().await;
    let (_, running, dead) = counts(&wall).await;
    assert_eq!((running, dead), (0, 0), "nothing runs or was given up");
    let asked = wall.ask_for_due(&schedules::all()).await.expect("answers");
    let later = wall.now();
    // The test may run across the end of a minute or, rarely, of an hour.
    let same = |seconds: i64| {
        begun.timestamp().div_euclid(seconds) == later.timestamp().div_euclid(seconds)
    };
    let may = |schedule: &Schedule| !same(schedule.every.num_seconds());
    let allowed: Vec<_> = schedules::all()
        .into_iter()
        .filter(may)
        .map(|s| s.name)
        .collect();
    assert!(asked.iter().all(|name| allowed.contains(name)), "{asked:?}");
}

async fn on_the_list(app: &TestApp) -> Value {
    const TAKE: &str = "mutation($input: TakeRequeryListInput!) { takeRequeryList(input: $input) {
        people { residentId } } }";
    let token = app.agency(Agency::SocialInsurance);
    let data = app.data(&token, TAKE, json!({"input": {}})).await;
    data["takeRequeryList"]["people"].clone()
}

async fn whoever_was_registered_while_no_server_ran_is_not_forgotten(app: TestApp) {
    let wall = Queue::new(app.db.clone(), Clock::system());
    let round = async || {
        let begun = wall.now();
        let (work, stop) = server(&app);
        all_done(&wall, begun).await;
        stop.cancel();
        work.finish().await;
    };
    let month = json!([item(1, "2026-10", json!({}))]);
    submit(&app, Agency::SocialInsurance, month).await;
    round().await;
    assert_eq!(on_the_list(&app).await, json!([]));
    app.clock.set(at(86_400));
    people::person(&app, 2).await;
    // Longer than the first walk looks back.
    app.clock.set(at(90 * 86_400));
    round().await;
    let found = on_the_list(&app).await;
    assert_eq!(found, json!([{"residentId": people::resident_id(2)}]));
    // A mark in the future was left by a demo whose clock was set there.
    app.clock.set(at(2 * 86_400));
    people::person(&app, 3).await;
    round().await;
    let found = on_the_list(&app).await;
    assert_eq!(found, json!([{"residentId": people::resident_id(3)}]));
}
