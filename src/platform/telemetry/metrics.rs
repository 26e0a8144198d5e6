//! Counters, histograms and gauges for Prometheus, rendered by the HTTP server's `/metrics`.
//!
//! Every label value comes from a closed set of this program or of the schema. A caller's free
//! text (operation names, paths, error messages) is never a label: it would carry personal data
//! out and let anybody fill the store.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Requests answered, by `operation` (kind and first root field known to the schema) and `code`
/// (`OK` or the first error's code).
pub const REQUESTS_TOTAL: &str = "exchange_requests_total";
/// Seconds from the request's first byte read to its answer, by `operation`.
pub const REQUEST_SECONDS: &str = "exchange_request_seconds";
/// Panics caught while a request was executed. Anything above zero is a defect.
pub const PANICS_TOTAL: &str = "exchange_panics_total";
/// Database connections, by `pool` and `state` (`in_use`, `idle`).
pub const DB_CONNECTIONS: &str = "exchange_db_connections";
/// Durable background jobs, by `state` (for example `ready`, `leased`, `dead`).
pub const QUEUE_JOBS: &str = "exchange_queue_jobs";
/// Runs of durable jobs on this server, by `job` (its kind) and `outcome` (`succeeded`, `failed`,
/// `panicked`, `abandoned` when the lease was lost).
pub const JOB_RUNS_TOTAL: &str = "exchange_job_runs_total";
/// Unix time at which a scheduled job last succeeded on any server, by `job`; 0 before the first.
pub const SCHEDULE_LAST_SUCCESS: &str = "exchange_schedule_last_success_timestamp_seconds";
/// Seconds from one run of a scheduled job to the next, by `job`: what to compare the age of
/// [`SCHEDULE_LAST_SUCCESS`] with.
pub const SCHEDULE_PERIOD: &str = "exchange_schedule_period_seconds";

/// What is marked in the journal as waiting for its place, by `state` (`waiting`, and `missing` where
/// no entry belongs to the mark).
pub const JOURNAL_PENDING: &str = "exchange_journal_pending";
/// For how many seconds the oldest entry of the journal has waited for its place; 0 when none does.
pub const JOURNAL_LONGEST_WAIT: &str = "exchange_journal_longest_wait_seconds";

/// Refusals and vain looks that the journal could not take when they happened; a later entry of it
/// counts them. Anything above zero means that it was full or away.
pub const REFUSALS_UNRECORDED_TOTAL: &str = "exchange_refusals_unrecorded_total";

/// A look-up by id takes about a millisecond, a page tens, a report seconds; the wall-time limit
/// is 30 s.
const SECONDS_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

/// The process's metrics. Clones share one store.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder once per process; later calls return the same store.
    ///
    /// # Panics
    /// When another recorder was installed before, which no code of this program does.
    #[must_use]
    pub fn install() -> Self {
        static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(INSTALLED.get_or_init(install_recorder).clone())
    }

    /// The text that Prometheus scrapes.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Folds recorded samples into buckets. Without a scraper they would pile up for ever, so
    /// the server calls this every few seconds.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn install_recorder() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &SECONDS_BUCKETS)
        .expect("the list of buckets is not empty")
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).expect("nothing else installs a recorder");
    describe_counter!(REQUESTS_TOTAL, "Requests answered");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "Time to answer");
    describe_counter!(PANICS_TOTAL, "Panics caught during execution");
    describe_gauge!(DB_CONNECTIONS, "Database connections");
    describe_gauge!(QUEUE_JOBS, "Durable background jobs");
    describe_gauge!(JOURNAL_PENDING, "Entries that wait for their place");
    describe_gauge!(
        JOURNAL_LONGEST_WAIT,
        Unit::Seconds,
        "How long the oldest of them has waited"
    );
    describe_counter!(
        REFUSALS_UNRECORDED_TOTAL,
        "Refusals that the journal could not take when they happened"
    );
    describe_counter!(JOB_RUNS_TOTAL, "Runs of durable jobs on this server");
    describe_gauge!(
        SCHEDULE_LAST_SUCCESS,
        Unit::Seconds,
        "When a scheduled job last succeeded on any server"
    );
    describe_gauge!(SCHEDULE_PERIOD, Unit::Seconds, "From one run to the next");
    handle
}

/// Counts one answered request. `operation` must come from the schema, `code` from the closed set.
pub fn request_answered(operation: String, code: &'static str, took: Duration) {
    histogram!(REQUEST_SECONDS, "operation" => operation.clone()).record(took.as_secs_f64());
    counter!(REQUESTS_TOTAL, "operation" => operation, "code" => code).increment(1);
}

/// Counts a panic that was caught.
pub fn panic_caught() {
    counter!(PANICS_TOTAL).increment(1);
}

/// Says how a database pool stands; called by whoever owns the pool.
pub fn db_pool(pool: &'static str, in_use: u32, idle: u32) {
    gauge!(DB_CONNECTIONS, "pool" => pool, "state" => "in_use").set(in_use);
    gauge!(DB_CONNECTIONS, "pool" => pool, "state" => "idle").set(idle);
}

/// Says how many durable jobs are in one state; called by the job runner.
pub fn queue_depth(state: &'static str, jobs: u32) {
    gauge!(QUEUE_JOBS, "state" => state).set(jobs);
}

/// Says what waits in the journal for its place, of that what no entry belongs to, and for how many
/// seconds the oldest entry has waited.
pub fn journal_pending(marks: u32, missing: u32, longest: i64) {
    gauge!(JOURNAL_PENDING, "state" => "waiting").set(marks.saturating_sub(missing));
    gauge!(JOURNAL_PENDING, "state" => "missing").set(missing);
    gauge!(JOURNAL_LONGEST_WAIT).set(seconds(longest));
}

/// Counts refusals that the journal could not take when they happened.
pub fn refusals_unrecorded(refusals: u64) {
    counter!(REFUSALS_UNRECORDED_TOTAL).increment(refusals);
}

/// How a run of a durable job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// Its work is done.
    Succeeded,
    /// It will be repeated, or was given up.
    Failed,
    /// As [`RunOutcome::Failed`]; a defect.
    Panicked,
    /// Its lease was lost; somebody else is at the job.
    Abandoned,
}

impl RunOutcome {
    const fn label(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Counts one run of a durable job.
pub fn job_ran(job: &'static str, outcome: RunOutcome) {
    counter!(JOB_RUNS_TOTAL, "job" => job, "outcome" => outcome.label()).increment(1);
}

/// Says when a scheduled job last succeeded, in Unix time, and how often it runs.
pub fn schedule(job: &'static str, last_success: Option<i64>, every: i64) {
    gauge!(SCHEDULE_LAST_SUCCESS, "job" => job).set(seconds(last_success.unwrap_or(0)));
    gauge!(SCHEDULE_PERIOD, "job" => job).set(seconds(every));
}

/// As a gauge takes them; exact until the year 2106.
fn seconds(whole: i64) -> f64 {
    f64::from(u32::try_from(whole.max(0)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_rendered_with_its_labels() {
        let metrics = Metrics::install();
        request_answered(
            "query metricsTest".to_owned(),
            "NOT_FOUND",
            Duration::from_millis(3),
        );
        db_pool("metrics_test", 3, 5);
        queue_depth("metrics_test", 7);
        job_ran("metrics_test.job", RunOutcome::Panicked);
        schedule("metrics_test.job", Some(1_795_399_200), 3600);
        schedule("metrics_test.never", None, 60);
        journal_pending(7, 2, 61);
        metrics.upkeep();
        let text = Metrics::install().render();
        for line in [
            r#"exchange_requests_total{operation="query metricsTest",code="NOT_FOUND"} 1"#,
            r#"exchange_request_seconds_bucket{operation="query metricsTest",le="0.0025"} 0"#,
            r#"exchange_request_seconds_bucket{operation="query metricsTest",le="0.005"} 1"#,
            r#"exchange_db_connections{pool="metrics_test",state="in_use"} 3"#,
            r#"exchange_db_connections{pool="metrics_test",state="idle"} 5"#,
            r#"exchange_queue_jobs{state="metrics_test"} 7"#,
            r#"exchange_job_runs_total{job="metrics_test.job",outcome="panicked"} 1"#,
            r#"exchange_schedule_last_success_timestamp_seconds{job="metrics_test.job"} 1795399200"#,
            r#"exchange_schedule_period_seconds{job="metrics_test.job"} 3600"#,
            r#"exchange_schedule_last_success_timestamp_seconds{job="metrics_test.never"} 0"#,
            r#"exchange_journal_pending{state="waiting"} 5"#,
            r#"exchange_journal_pending{state="missing"} 2"#,
            "exchange_journal_longest_wait_seconds 61",
        ] {
            assert!(text.contains(line), "missing {line} in\n{text}");
        }
    }
}
