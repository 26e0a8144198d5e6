//! The job queue: one holder per job, take-over after a crash, retries, dead letters, dedupe keys,
//! and a worker that stops cleanly.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use employment_exchange::kernel::clock::Clock;
use employment_exchange::kernel::error::Failure;
use employment_exchange::platform::authz::{Action, Caller, Grant, Write};
use employment_exchange::platform::db::{Db, WriteSession};
use employment_exchange::platform::journal::AuditEntry;
use employment_exchange::platform::queue::{
    Handler, JobCounts, LeasedJob, NewJob, Queue, Retried, Worker, WorkerSettings,
};
use libtest_mimic::Trial;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::app::{NOW, TestApp};

pub fn trials() -> Vec<Trial> {
    crate::trials![
        a_job_exists_exactly_when_its_transaction_commits,
        concurrent_workers_never_get_the_same_job,
        a_job_waits_for_its_time_and_kind,
        a_vanished_workers_job_is_taken_over_and_its_late_result_ignored,
        a_worker_that_takes_its_own_lost_job_again_cannot_settle_the_lost_run,
        a_renewed_lease_is_not_taken_over,
        a_failing_job_is_retried_later_and_later_and_then_given_up,
        a_job_that_takes_its_workers_down_is_given_up_too,
        a_dead_letter_runs_again_as_often_as_a_new_job,
        a_dead_letter_whose_key_is_taken_stays_until_it_is_discarded,
        one_key_waits_once_and_runs_again_when_asked_during_a_run,
        work_and_its_job_are_done_together_or_not_at_all,
        released_jobs_are_due_at_once_and_the_run_does_not_count,
        a_worker_runs_jobs_and_survives_a_panicking_one,
        a_stopping_worker_gives_unfinished_jobs_back,
    ]
}

const ENQUEUE: Action<Write> = Action::write("test.enqueue", &[Grant::System]);
const KIND: &str = "test.job";
const LEASE: TimeDelta = TimeDelta::seconds(60);

fn at(seconds: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = NOW.parse().expect("a valid instant");
    start + TimeDelta::seconds(seconds)
}

fn queue(app: &TestApp) -> (Queue, Clock) {
    let clock = Clock::fixed(at(0));
    (Queue::new(app.db.clone(), clock.clone()), clock)
}

fn job(number: u32) -> NewJob {
    NewJob {
        kind: KIND,
        payload: json!({ "number": number }),
        run_at: None,
        dedupe_key: None,
        max_attempts: 3,
    }
}

fn keyed(number: u32) -> NewJob {
    NewJob {
        dedupe_key: Some("key".to_owned()),
        ..job(number)
    }
}

async fn session(db: &Db) -> WriteSession {
    let caller = Caller::system("test.queue", None, db.refusals().clone());
    let permit = caller.permit(&ENQUEUE).expect("granted to the system");
    db.write(permit).await.expect("a session")
}

async fn commit(session: WriteSession) {
    let entry = AuditEntry::done(&()).expect("plain data");
    session.commit(entry).await.expect("a commit");
}

async fn enqueue(app: &TestApp, queue: &Queue, jobs: impl IntoIterator<Item = NewJob>) {
    let tx = session(&app.db).await;
    for job in jobs {
        queue.enqueue_in(&tx, job).await.expect("enqueued");
    }
    commit(tx).await;
}

async fn lease(queue: &Queue, owner: &str, n: u64) -> Vec<LeasedJob> {
    queue
        .lease(owner, &[KIND], n, LEASE)
        .await
        .expect("the queue answers")
}

async fn lease_one(queue: &Queue, owner: &str) -> LeasedJob {
    let mut jobs = lease(queue, owner, 9).await;
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

async fn a_job_exists_exactly_when_its_transaction_commits(app: TestApp) {
    let (queue, _) = queue(&app);
    let tx = session(&app.db).await;
    queue.enqueue_in(&tx, job(1)).await.expect("enqueued");
    drop(tx);
    assert_eq!(counts(&queue).await, (0, 0, 0));
    enqueue(&app, &queue, [job(2)]).await;
    let leased = lease_one(&queue, "a").await;
    assert_eq!(
        (leased.kind.as_str(), leased.payload["number"].as_u64()),
        (KIND, Some(2))
    );
    queue.done(&leased).await.expect("settled");
    assert_eq!(counts(&queue).await, (0, 0, 0));
    assert_eq!(queue.forget_done(at(0)).await.expect("answers"), 0);
    assert_eq!(queue.forget_done(at(1)).await.expect("answers"), 1);
}

async fn concurrent_workers_never_get_the_same_job(app: TestApp) {
    let (queue, _) = queue(&app);
    enqueue(&app, &queue, (0..60).map(job)).await;
    let takers = (0..6).map(|taker| {
        let queue = queue.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..5 {
                taken.extend(lease(&queue, &format!("w{taker}"), 4).await);
            }
            taken
        })
    });
    let mut numbers = Vec::new();
    for taker in futures::future::join_all(takers).await {
        for job in taken_numbers(taker.expect("no panic")) {
            numbers.push(job);
        }
    }
    // A call may find rows locked by another one and come back with less; nothing is lost by it.
    numbers.extend(taken_numbers(lease(&queue, "rest", 60).await));
    numbers.sort_unstable();
    assert_eq!(numbers, (0..60).collect::<Vec<u64>>());
}

fn taken_numbers(jobs: Vec<LeasedJob>) -> Vec<u64> {
    jobs.iter()
        .filter_map(|job| job.payload["number"].as_u64())
        .collect()
}

async fn a_job_waits_for_its_time_and_kind(app: TestApp) {
    let (queue, clock) = queue(&app);
    let later = NewJob {
        run_at: Some(at(10)),
        ..job(1)
    };
    let other = NewJob {
        kind: "test.other",
        ..job(2)
    };
    enqueue(&app, &queue, [later, other]).await;
    assert_eq!(lease(&queue, "a", 9).await, []);
    clock.set(at(10));
    assert_eq!(taken_numbers(lease(&queue, "a", 9).await), [1]);
}

async fn a_vanished_workers_job_is_taken_over_and_its_late_result_ignored(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    let lost = lease_one(&queue, "a").await;
    clock.set(at(59));
    assert_eq!(lease(&queue, "b", 9).await, []);
    clock.set(at(61));
    let taken = lease_one(&queue, "b").await;
    assert_eq!((taken.id, taken.attempt), (lost.id, 2));
    queue.done(&lost).await.expect("answers");
    queue.failed(&lost, "late").await.expect("answers");
    assert!(!queue.renew(&lost, LEASE).await.expect("answers"));
    assert_eq!(counts(&queue).await, (0, 1, 0));
    queue.done(&taken).await.expect("settled");
    assert_eq!(counts(&queue).await, (0, 0, 0));
}

async fn a_worker_that_takes_its_own_lost_job_again_cannot_settle_the_lost_run(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    let lost = lease_one(&queue, "a").await;
    clock.set(at(61));
    let again = lease_one(&queue, "a").await;
    queue.done(&lost).await.expect("answers");
    assert!(!queue.renew(&lost, LEASE).await.expect("answers"));
    assert!(queue.renew(&again, LEASE).await.expect("answers"));
}

async fn a_renewed_lease_is_not_taken_over(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    let held = lease_one(&queue, "a").await;
    clock.set(at(50));
    assert!(queue.renew(&held, LEASE).await.expect("answers"));
    clock.set(at(100));
    assert_eq!(lease(&queue, "b", 9).await, []);
}

async fn a_failing_job_is_retried_later_and_later_and_then_given_up(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    let first = lease_one(&queue, "a").await;
    queue.failed(&first, "out of luck").await.expect("settled");
    clock.set(at(9));
    assert_eq!(lease(&queue, "a", 9).await, []);
    clock.set(at(10));
    let second = lease_one(&queue, "a").await;
    queue.failed(&second, "out of luck").await.expect("settled");
    clock.set(at(29));
    assert_eq!(lease(&queue, "a", 9).await, []);
    clock.set(at(30));
    let third = lease_one(&queue, "a").await;
    queue
        .failed(&third, &"长".repeat(900))
        .await
        .expect("settled");
    clock.set(at(100_000));
    assert_eq!(lease(&queue, "a", 9).await, []);
    let dead = queue.dead(9).await.expect("answers");
    assert_eq!((dead.len(), dead[0].id, dead[0].attempts), (1, third.id, 3));
    assert_eq!(dead[0].last_error, Some("长".repeat(500)));
    assert_eq!(dead[0].finished_at, Some(at(30)));
}

async fn a_job_that_takes_its_workers_down_is_given_up_too(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    for run in 0..3 {
        clock.set(at(run * 100));
        assert_eq!(i64::from(lease_one(&queue, "a").await.attempt), run + 1);
    }
    clock.set(at(300));
    assert_eq!(lease(&queue, "a", 9).await, []);
    let dead = queue.dead(9).await.expect("answers");
    assert!(
        dead[0]
            .last_error
            .as_deref()
            .is_some_and(|error| error.contains("vanished"))
    );
}

/// Lets a job that may run once fail.
async fn given_up(app: &TestApp, queue: &Queue, job: NewJob) -> LeasedJob {
    let once = NewJob {
        max_attempts: 1,
        ..job
    };
    enqueue(app, queue, [once]).await;
    let run = lease_one(queue, "a").await;
    queue.failed(&run, "out of luck").await.expect("settled");
    run
}

async fn a_dead_letter_runs_again_as_often_as_a_new_job(app: TestApp) {
    let (queue, clock) = queue(&app);
    let dead = given_up(&app, &queue, job(1)).await;
    let other = given_up(&app, &queue, job(2)).await;
    clock.set(at(500));
    let retried = queue.retry(dead.id).await.expect("answers");
    assert_eq!(retried, Retried::Queued);
    assert_eq!(counts(&queue).await, (1, 0, 1));
    let again = lease_one(&queue, "a").await;
    assert_eq!((again.id, again.attempt), (dead.id, 1));
    for not_dead in [dead.id, app.db.ids().next()] {
        let retried = queue.retry(not_dead).await.expect("answers");
        assert_eq!(retried, Retried::Unknown);
        assert!(!queue.discard(not_dead).await.expect("answers"));
    }
    queue.done(&again).await.expect("settled");
    assert_eq!(queue.dead(9).await.expect("answers")[0].id, other.id);
}

async fn a_dead_letter_whose_key_is_taken_stays_until_it_is_discarded(app: TestApp) {
    let (queue, _) = queue(&app);
    let first = given_up(&app, &queue, keyed(1)).await;
    let second = given_up(&app, &queue, keyed(2)).await;
    let retried = queue.retry(first.id).await.expect("answers");
    assert_eq!(retried, Retried::Queued);
    let retried = queue.retry(second.id).await.expect("answers");
    assert_eq!(retried, Retried::Superseded);
    let held = lease_one(&queue, "a").await;
    let retried = queue.retry(second.id).await.expect("answers");
    assert_eq!(retried, Retried::Superseded, "while the other one runs");
    assert!(queue.discard(second.id).await.expect("answers"));
    assert_eq!(counts(&queue).await, (0, 1, 0));
    queue.done(&held).await.expect("settled");
}

async fn one_key_waits_once_and_runs_again_when_asked_during_a_run(app: TestApp) {
    let (queue, clock) = queue(&app);
    let later = NewJob {
        run_at: Some(at(500)),
        ..keyed(1)
    };
    enqueue(&app, &queue, [later, keyed(2), keyed(3)]).await;
    assert_eq!(counts(&queue).await, (1, 0, 0));
    let held = lease_one(&queue, "a").await;
    assert_eq!(
        held.payload["number"], 1,
        "the earliest time wins, the first payload stays"
    );

    clock.set(at(1));
    enqueue(&app, &queue, [keyed(4)]).await;
    assert_eq!(
        counts(&queue).await,
        (0, 1, 0),
        "nobody else runs it meanwhile"
    );
    queue.done(&held).await.expect("settled");
    let again = lease_one(&queue, "a").await;
    assert_eq!((again.id, again.attempt), (held.id, 1));

    clock.set(at(2));
    enqueue(&app, &queue, [keyed(5)]).await;
    queue.failed(&again, "no").await.expect("settled");
    let afresh = lease_one(&queue, "a").await;
    assert_eq!(
        afresh.attempt, 1,
        "a new request starts over without the pause"
    );
    queue.done(&afresh).await.expect("settled");
    assert_eq!(counts(&queue).await, (0, 0, 0));

    enqueue(&app, &queue, [keyed(6)]).await;
    let fresh = lease_one(&queue, "a").await;
    assert_ne!(
        fresh.id, held.id,
        "what is done does not stand for new requests"
    );
}

async fn work_and_its_job_are_done_together_or_not_at_all(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, [job(1)]).await;
    let held = lease_one(&queue, "a").await;
    let crashed = session(&app.db).await;
    queue.done_in(&crashed, &held).await.expect("still held");
    drop(crashed);
    assert_eq!(counts(&queue).await, (0, 1, 0));

    clock.set(at(61));
    let taken = lease_one(&queue, "b").await;
    let late = session(&app.db).await;
    assert!(matches!(
        queue.done_in(&late, &held).await,
        Err(Failure::Contended(_))
    ));
    drop(late);
    let work = session(&app.db).await;
    queue.done_in(&work, &taken).await.expect("still held");
    commit(work).await;
    queue.done(&taken).await.expect("nothing is left to settle");
    assert_eq!(counts(&queue).await, (0, 0, 0));
}

async fn released_jobs_are_due_at_once_and_the_run_does_not_count(app: TestApp) {
    let (queue, _) = queue(&app);
    enqueue(&app, &queue, [job(1), job(2)]).await;
    let mine = lease(&queue, "a", 1).await;
    let other = lease(&queue, "b", 1).await;
    assert_eq!(queue.release("a").await.expect("answers"), 1);
    let again = lease_one(&queue, "c").await;
    assert_eq!((again.id, again.attempt), (mine[0].id, 1));
    assert!(queue.renew(&other[0], LEASE).await.expect("answers"));
}

/// Reports which job it runs; 0 panics, 1 fails, 2 never ends, the rest succeed.
struct Reporter(mpsc::UnboundedSender<u64>);

impl Handler for Reporter {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, _: &Queue, job: &LeasedJob) -> Result<(), Failure> {
        let number = job.payload["number"].as_u64().expect("a number");
        self.0.send(number).expect("the test listens");
        match number {
            0 => panic!("on purpose"),
            1 => Err(Failure::Unavailable("on purpose".into())),
            2 => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

/// A running worker, what it reports, and its stop signal.
fn start(
    queue: &Queue,
) -> (
    tokio::task::JoinHandle<()>,
    mpsc::UnboundedReceiver<u64>,
    CancellationToken,
) {
    let (report, reports) = mpsc::unbounded_channel();
    let settings = WorkerSettings {
        owner: "worker".to_owned(),
        concurrency: 2,
        lease_for: Duration::from_secs(60),
        poll: Duration::from_millis(5),
        grace: Duration::ZERO,
    };
    let stop = CancellationToken::new();
    let worker = Worker::new(queue.clone(), settings).with(Reporter(report));
    let running = tokio::spawn(worker.run(stop.clone()));
    (running, reports, stop)
}

async fn a_worker_runs_jobs_and_survives_a_panicking_one(app: TestApp) {
    let (queue, clock) = queue(&app);
    enqueue(&app, &queue, (0..2).chain(3..8).map(job)).await;
    let (running, mut reports, stop) = start(&queue);
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.extend(reports.recv().await);
    }
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 3, 4, 5, 6, 7]);
    // Both failed runs come up again once they are settled and their pause is over.
    while counts(&queue).await != (2, 0, 0) {}
    clock.set(at(10));
    let mut again = vec![reports.recv().await, reports.recv().await];
    again.sort_unstable();
    assert_eq!(again, [Some(0), Some(1)]);
    stop.cancel();
    running.await.expect("the worker ends");
}

async fn a_stopping_worker_gives_unfinished_jobs_back(app: TestApp) {
    let (queue, _) = queue(&app);
    enqueue(&app, &queue, [job(2)]).await;
    let (running, mut reports, stop) = start(&queue);
    assert_eq!(reports.recv().await, Some(2));
    stop.cancel();
    running.await.expect("the worker ends");
    assert_eq!(lease_one(&queue, "next").await.attempt, 1);
}
