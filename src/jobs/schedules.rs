//! What changes data every so often, as a table: one entry per job.
//!
//! Each is a durable job: any number of servers ask for it, one runs it once per period, a failed
//! run is repeated after a pause, and one that was given up leaves the next period alone. A run may
//! be repeated after a crash, so all of them are idempotent.

use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::Deps;
use crate::capability::{audit, employer, employment, insurance, overview, worker};
use crate::kernel::error::Failure;
use crate::platform::authz::Caller;
use crate::platform::queue::{Handler, LeasedJob, Queue, Schedule, Worker};

/// How long a durable job that is done stays visible to an operator.
const KEEP_DONE: TimeDelta = TimeDelta::days(7);

/// How far back the first walk over the registry looks for people whose months nobody has sent yet;
/// adding somebody twice changes nothing.
const REQUERY_LOOKS_BACK: TimeDelta = TimeDelta::days(60);
/// How far a walk goes back behind the start of the one before: units of work that began before it
/// and ended after it, and clocks that differ.
const REQUERY_OVERLAP: TimeDelta = TimeDelta::hours(1);

/// Changes of figures that are worth a unit of work and its entry in the journal: fewer cost those who
/// read figures next to nothing.
const WORTH_A_FOLD: u64 = 500;

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const TEN_MINUTES: TimeDelta = TimeDelta::minutes(10);
const HOUR: TimeDelta = TimeDelta::hours(1);

/// How often a server looks whether a new period has begun.
const LOOK: Duration = Duration::from_secs(5);
/// A domain clock that differs more from wall time than clocks of machines do was set.
const SET_ON_PURPOSE: TimeDelta = TimeDelta::minutes(1);

/// One run, as the caller of the job's name.
type Run = fn(Deps, Caller) -> BoxFuture<'static, Result<(), Failure>>;

/// Every scheduled job: its name in the queue, the log and the trail, its period, one run of it.
const TABLE: &[(Schedule, Run)] = &[
    (every(MINUTE, "employment.adopt_reports"), |deps, caller| {
        adopt_reports(deps, caller).boxed()
    }),
    (every(MINUTE, "overview.fold_figures"), |deps, caller| {
        fold_figures(deps, caller).boxed()
    }),
    (every(HOUR, "employment.erase_reports"), |deps, caller| {
        erase_reports(deps, caller).boxed()
    }),
    (
        every(TEN_MINUTES, "insurance.confirm_reported"),
        |deps, caller| confirm_reported(deps, caller).boxed(),
    ),
    (every(HOUR, FILL_REQUERY), |deps, caller| {
        fill_requery(deps, caller).boxed()
    }),
    (every(HOUR, "idempotency.forget"), |deps, _| {
        forget_keys(deps).boxed()
    }),
    (every(HOUR, "worker.lapse_categories"), |deps, caller| {
        lapse_categories(deps, caller).boxed()
    }),
    (every(HOUR, "region.apply_successors"), |deps, caller| {
        apply_successors(deps, caller).boxed()
    }),
    (every(HOUR, "queue.forget_done"), |deps, _| {
        forget_done(deps).boxed()
    }),
];

const FILL_REQUERY: &str = "insurance.fill_requery";

const fn every(every: TimeDelta, name: &'static str) -> Schedule {
    Schedule { name, every }
}

/// Every schedule, for whoever shows how they stand.
#[must_use]
pub fn all() -> Vec<Schedule> {
    TABLE.iter().map(|(schedule, _)| *schedule).collect()
}

/// Asks for what is due until `stop`.
pub(super) async fn ask(deps: Deps, stop: CancellationToken) {
    let schedules = all();
    // Wall time says nothing about what is due on the day that somebody chose.
    let mut anew = (deps.db.clock().now() - deps.queue.now()).abs() > SET_ON_PURPOSE;
    loop {
        let asked = if anew {
            deps.queue.ask_for_all(&schedules).await
        } else {
            deps.queue.ask_for_due(&schedules).await.map(drop)
        };
        match asked {
            Ok(()) => anew = false,
            Err(error) => {
                tracing::warn!(%error, "scheduled jobs could not be asked for; the next look tries again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Gives `worker` the handlers of all schedules.
pub(super) fn register(worker: Worker, deps: &Deps) -> Worker {
    TABLE.iter().fold(worker, |worker, (schedule, run)| {
        worker.with(Scheduled {
            schedule: *schedule,
            run: *run,
            deps: deps.clone(),
        })
    })
}

/// The handler of one schedule.
struct Scheduled {
    schedule: Schedule,
    run: Run,
    deps: Deps,
}

impl Handler for Scheduled {
    fn kind(&self) -> &'static str {
        self.schedule.name
    }

    async fn run(&self, queue: &Queue, _: &LeasedJob) -> Result<(), Failure> {
        let refusals = self.deps.db.refusals().clone();
        let caller = Caller::system(self.schedule.name, None, refusals);
        (self.run)(self.deps.clone(), caller).await?;
        queue.succeeded(&self.schedule).await
    }
}

/// How long a report about somebody who is not registered is kept.
fn kept(deps: &Deps) -> TimeDelta {
    TimeDelta::days(i64::from(deps.privacy.unregistered_report_days))
}

async fn adopt_reports(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&employment::policy::ADOPT_REPORTS)?;
    let keep = kept(&deps);
    let adopted = employment::service::adopt_reports(&deps.db, &permit, keep).await?;
    tracing::debug!(adopted, "reports about people registered since became jobs");
    Ok(())
}

async fn fold_figures(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let folded = overview::service::fold(&deps.db, &caller, WORTH_A_FOLD).await?;
    tracing::debug!(folded, "changes of figures are added to their cells");
    Ok(())
}

async fn erase_reports(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&employment::policy::ERASE_REPORTS)?;
    let erased = employment::service::erase_expired_reports(&deps.db, &permit, kept(&deps)).await?;
    tracing::debug!(erased, "reports about unregistered people are erased");
    Ok(())
}

async fn confirm_reported(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let confirmed = insurance::service::confirm_reported(&deps.db, &caller).await?;
    tracing::debug!(
        confirmed,
        "reported jobs are confirmed by months that were here before"
    );
    Ok(())
}

async fn fill_requery(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let now = deps.db.clock().now();
    // Whoever was looked at once need not be again: what was known then is known now. A walk in the
    // future was that of a demo whose clock was set there.
    let walked = deps.queue.mark(FILL_REQUERY).await?;
    let since = walked
        .filter(|walked| *walked <= now)
        .map_or(now - REQUERY_LOOKS_BACK, |walked| walked - REQUERY_OVERLAP);
    let added = insurance::service::fill_requery(&deps.db, &caller, since).await?;
    deps.queue.move_mark(FILL_REQUERY, now).await?;
    tracing::debug!(added, "people registered since are on the agencies' lists");
    Ok(())
}

async fn forget_keys(deps: Deps) -> Result<(), Failure> {
    let keep = TimeDelta::days(i64::from(deps.privacy.idempotency_days));
    // Keys carry the domain clock's time, as everything that a request writes.
    let forgotten = deps.db.forget_keys(deps.db.clock().now() - keep).await?;
    tracing::debug!(forgotten, "idempotency keys used long ago are deleted");
    Ok(())
}

async fn lapse_categories(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&worker::policy::LAPSE_CATEGORIES)?;
    let people = worker::service::lapse_categories(&deps.db, &permit).await?;
    tracing::debug!(people, "categories that ended are taken from people");
    Ok(())
}

async fn apply_successors(deps: Deps, caller: Caller) -> Result<(), Failure> {
    let permit = caller.permit(&worker::policy::APPLY_SUCCESSORS)?;
    let people = worker::service::apply_successors(&deps.db, &permit).await?;
    let permit = caller.permit(&employer::policy::APPLY_SUCCESSORS)?;
    let employers = employer::service::apply_successors(&deps.db, &permit).await?;
    let permit = caller.permit(&employment::policy::APPLY_SUCCESSORS)?;
    let jobs = employment::service::apply_successors(&deps.db, &permit).await?;
    let permit = caller.permit(&audit::policy::APPLY_SUCCESSORS)?;
    let findings = audit::service::apply_successors(&deps.db, &permit).await?;
    tracing::debug!(
        people,
        employers,
        jobs,
        findings,
        "records followed divisions that ended"
    );
    Ok(())
}

async fn forget_done(deps: Deps) -> Result<(), Failure> {
    // The queue keeps wall time, unlike the domain clock.
    let before = deps.queue.now() - KEEP_DONE;
    let forgotten = deps.queue.forget_done(before).await?;
    tracing::debug!(forgotten, "jobs done long ago are deleted");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_schedule_has_a_name_of_its_own() {
        let names: HashSet<_> = all().iter().map(|schedule| schedule.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }
}
