//! What becomes of a report of a job that is on record: whether it is of the same job, and which of
//! the facts it carries the record takes.

use super::super::model::{Employment, EmploymentState, Job, Reporter};
use super::{awaits_county, resolved_by};

/// Whether a report of the job of a record (same person, form, employer and first day) adds no record
/// of its own. The record is open: it waits for the origin, or counts and goes on. A report by anybody
/// else than its reporter that names another county, and one that knows the employer better than a
/// confirmed job, stands beside it for the county to see: reports that contradict each other coexist.
#[must_use]
pub fn is_told_again(known: &Employment, said: &Job, by: &Reporter) -> bool {
    let open = known.ending.is_none();
    let elsewhere = known.job.workplace.county_or_itself() != said.workplace.county_or_itself();
    match known.state {
        EmploymentState::Voided => false,
        EmploymentState::Reported => open && (!elsewhere || known.reporter == *by),
        EmploymentState::Confirmed => open && !elsewhere && names_no_less(known, said),
    }
}

/// The record of a job that the origin states, among those of the same job (same person, form,
/// employer and first day): one that counts and goes on, or else a report. A record that counts in
/// another county is another job, and so is the report that names another one beside it.
#[must_use]
pub fn stated_already<'a>(same: &'a [Employment], said: &Job) -> Option<&'a Employment> {
    let there = |known: &Employment| {
        known.job.workplace.county_or_itself() == said.workplace.county_or_itself()
    };
    let counts =
        |known: &Employment| known.state == EmploymentState::Confirmed && known.ending.is_none();
    let reported = |known: &Employment| known.state == EmploymentState::Reported;
    let find = |fits: &dyn Fn(&Employment) -> bool| same.iter().find(|known| fits(known));
    find(&|known| counts(known) && there(known))
        .or_else(|| find(&|known| reported(known) && there(known)))
        .or_else(|| find(&reported).filter(|_| !same.iter().any(counts)))
}

/// Whether the record says of the employer what the report says, or more.
fn names_no_less(known: &Employment, said: &Job) -> bool {
    let job = &known.job;
    if job.employer.is_some() {
        return true;
    }
    match said.written.code.as_ref().or(said.employer_code.as_ref()) {
        Some(code) => [&job.employer_code, &job.written.code].contains(&&Some(code.clone())),
        None => {
            let named = job.employer_name.is_some() || said.employer_name.is_none();
            said.employer.is_none() && named
        }
    }
}

/// What a further report means for the record of its job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retold {
    /// What the record says from now on; as before where nothing is taken.
    pub job: Job,
    /// The facts that it takes, as the journal names them.
    pub taken: Vec<&'static str>,
    /// The facts that it says otherwise, and that it keeps.
    pub otherwise: Vec<&'static str>,
}

/// How much a further report may change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It says anew what was said.
    Restates,
    /// It adds what was not said.
    Adds,
    /// Somebody has looked at the record: it stays.
    Nothing,
}

/// What a further report changes. Whoever reported first says anew what they said, and so does an
/// office of the origin that checks reports (`checks`); anybody else adds what was not said. Nothing is
/// added to what the origin has looked at.
#[must_use]
pub fn retold(known: &Employment, said: &Job, by: &Reporter, checks: bool) -> Retold {
    let weight = if known.state != EmploymentState::Reported || awaits_county(known) {
        Weight::Nothing
    } else if checks || (known.checked.is_none() && known.reporter == *by) {
        Weight::Restates
    } else if known.checked.is_none() {
        Weight::Adds
    } else {
        Weight::Nothing
    };
    tell(known, said, weight)
}

/// What the record of a reported job says once the origin states that job: the origin's word holds,
/// and what it leaves out stays as it was reported.
#[must_use]
pub fn stated(known: &Employment, said: &Job) -> Retold {
    tell(known, said, Weight::Restates)
}

/// What the origin says otherwise than a record of the same job that stays as it is. The code of a
/// county says nothing else than that of a township in it.
#[must_use]
pub fn said_otherwise(known: &Employment, said: &Job) -> Vec<&'static str> {
    let mut otherwise = tell(known, said, Weight::Nothing).otherwise;
    otherwise.retain(|field| *field != WORKPLACE || !said.workplace.contains(known.job.workplace));
    otherwise
}

/// The place of work, as the journal names it.
const WORKPLACE: &str = "workplaceCode";

fn tell(known: &Employment, said: &Job, weight: Weight) -> Retold {
    let mut telling = Telling {
        weight,
        taken: Vec::new(),
        otherwise: Vec::new(),
    };
    let mut job = known.job.clone();
    telling.employer(known, &mut job, said);
    let host = said.host.filter(|host| job.employer != Some(*host));
    telling.fact("host", &mut job.host, host.as_ref());
    let kind = said.contract_kind.as_ref();
    telling.fact("contractKind", &mut job.contract_kind, kind);
    // The two days of a term belong together.
    let term = |job: &Job| {
        (job.contract_start.is_some() || job.contract_end.is_some())
            .then_some((job.contract_start, job.contract_end))
    };
    let mut known_term = term(&job);
    telling.fact("contractStart", &mut known_term, term(said).as_ref());
    (job.contract_start, job.contract_end) = known_term.unwrap_or_default();
    let title = said.job_title.as_ref();
    telling.fact("jobTitle", &mut job.job_title, title);
    let wage = said.monthly_wage.as_ref();
    telling.fact("monthlyWage", &mut job.monthly_wage, wage);
    let mut workplace = Some(job.workplace);
    telling.fact(WORKPLACE, &mut workplace, Some(&said.workplace));
    job.workplace = workplace.unwrap_or(job.workplace);
    telling.fact("foundBy", &mut job.found_by, said.found_by.as_ref());
    let Telling {
        taken, otherwise, ..
    } = telling;
    Retold {
        job,
        taken,
        otherwise,
    }
}

struct Telling {
    weight: Weight,
    taken: Vec<&'static str>,
    otherwise: Vec<&'static str>,
}

impl Telling {
    /// The employer: who it is, or else how it is called and its credit code, which tells who it is
    /// as soon as that unit is registered.
    fn employer(&mut self, known: &Employment, job: &mut Job, said: &Job) {
        const EMPLOYER: &str = "employer";
        if job.employer.is_some() {
            return;
        }
        if let Some(employer) = resolved_by(known, said) {
            if self.weight != Weight::Nothing {
                job.employer = Some(employer);
                job.employer_code = None;
                self.taken.push(EMPLOYER);
            }
            return;
        }
        let (name, code) = (said.employer_name.as_ref(), said.employer_code.as_ref());
        self.fact(EMPLOYER, &mut job.employer_name, name);
        self.fact(EMPLOYER, &mut job.employer_code, code);
        self.taken.dedup();
        self.otherwise.dedup();
    }

    /// What a report leaves out it does not take back.
    fn fact<T: Clone + PartialEq>(
        &mut self,
        field: &'static str,
        known: &mut Option<T>,
        said: Option<&T>,
    ) {
        if said.is_none() || known.as_ref() == said {
            return;
        }
        let takes = match self.weight {
            Weight::Restates => true,
            Weight::Adds => known.is_none(),
            Weight::Nothing => false,
        };
        if takes {
            *known = said.cloned();
            self.taken.push(field);
        } else {
            self.otherwise.push(field);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::super::model::{Check, Ending, Return};
    use super::super::tests::{day, employment, region};
    use super::*;
    use crate::kernel::credit_code::CreditCode;
    use crate::kernel::ids::{EmployerId, RecordId as _};
    use crate::kernel::money::Fen;

    fn reporter(subject: &str) -> Reporter {
        Reporter {
            subject: subject.into(),
            ..employment("2026-03-01", None).reporter
        }
    }

    fn reported() -> Employment {
        Employment {
            state: EmploymentState::Reported,
            ..employment("2026-03-01", None)
        }
    }

    fn checked() -> Employment {
        let check = Check {
            on: day("2026-04-01"),
            by: region("590222101000"),
        };
        Employment {
            checked: Some(check),
            ..reported()
        }
    }

    fn returned() -> Employment {
        let returned = Return {
            on: day("2026-04-01"),
            by: region("590200000000"),
            reason: "核实".into(),
        };
        Employment {
            returned: Some(returned),
            ..reported()
        }
    }

    /// Of a job as [`reported`], a wage and another place within its county.
    fn said() -> Job {
        Job {
            monthly_wage: Some(Fen::new(500_000)),
            workplace: region("590101001000"),
            ..reported().job
        }
    }

    #[test]
    fn a_report_takes_from_the_reporter_and_the_township_and_adds_from_others() {
        let (wage, place) = ("monthlyWage", "workplaceCode");
        for (known, by, checks, taken, otherwise) in [
            (reported(), "o", false, vec![wage, place], vec![]),
            (reported(), "x", false, vec![wage], vec![place]),
            (reported(), "x", true, vec![wage, place], vec![]),
            (checked(), "o", false, vec![], vec![wage, place]),
            (checked(), "x", true, vec![wage, place], vec![]),
            (returned(), "x", true, vec![], vec![wage, place]),
            (
                employment("2026-03-01", None),
                "o",
                true,
                vec![],
                vec![wage, place],
            ),
        ] {
            let told = retold(&known, &said(), &reporter(by), checks);
            assert_eq!(
                (told.taken, told.otherwise),
                (taken, otherwise),
                "{known:?}"
            );
        }
        let again = retold(&reported(), &reported().job, &reporter("o"), true);
        assert_eq!((again.taken.len(), again.otherwise.len()), (0, 0));
    }

    #[test]
    fn a_credit_code_that_nobody_has_registered_is_a_fact_of_the_report() {
        let code = CreditCode::parse("91590101MA9K2T3HXH").expect("a valid code");
        let by_name = Employment {
            job: Job {
                employer_name: Some("清河厂".into()),
                ..reported().job
            },
            ..reported()
        };
        let said = Job {
            employer_code: Some(code.clone()),
            employer_name: Some("清河厂".into()),
            ..reported().job
        };
        let told = retold(&by_name, &said, &reporter("x"), false);
        assert_eq!(told.taken, ["employer"]);
        assert_eq!(told.job.employer_code, Some(code.clone()));
        let other = Job {
            employer_name: Some("清河电子厂".into()),
            ..said.clone()
        };
        let told = retold(&by_name, &other, &reporter("x"), false);
        assert_eq!(
            (told.taken, told.otherwise),
            (vec!["employer"], vec!["employer"])
        );
        let looked_at = Employment {
            job: by_name.job.clone(),
            ..checked()
        };
        let told = retold(&looked_at, &said, &reporter("x"), false);
        assert_eq!((told.taken, told.otherwise), (vec![], vec!["employer"]));
        let known = Employment {
            job: Job {
                employer: Some(EmployerId::from_uuid(Uuid::from_u128(7))),
                ..reported().job
            },
            ..reported()
        };
        let told = retold(&known, &said, &reporter("o"), false);
        assert_eq!(told.job, known.job);
    }

    #[test]
    fn the_origin_states_over_what_was_reported_and_takes_nothing_back() {
        let known = Employment {
            job: Job {
                employer: Some(EmployerId::from_uuid(Uuid::from_u128(7))),
                job_title: Some("焊工".into()),
                ..reported().job
            },
            ..checked()
        };
        let named = Job {
            employer_name: Some("清河厂".into()),
            ..said()
        };
        let told = stated(&known, &named);
        assert_eq!(told.taken, ["monthlyWage", "workplaceCode"]);
        assert_eq!(told.job.employer, known.job.employer);
        assert_eq!(told.job.job_title, known.job.job_title);
        assert_eq!(told.job.workplace, named.workplace);
    }

    #[test]
    fn the_origin_states_anew_what_is_of_the_same_county_or_only_reported() {
        let here = employment("2026-03-01", None);
        let there = |known: &Employment| Employment {
            job: Job {
                workplace: region("590322000000"),
                ..known.job.clone()
            },
            ..known.clone()
        };
        let ended = employment("2026-03-01", Some("2026-05-01"));
        let voided = Employment {
            state: EmploymentState::Voided,
            ..here.clone()
        };
        let said = said();
        for (same, expected) in [
            (vec![], None),
            (vec![here.clone()], Some(0)),
            (vec![there(&here)], None),
            (vec![there(&reported())], Some(0)),
            (vec![there(&here), there(&reported())], None),
            (vec![there(&here), reported()], Some(1)),
            (vec![here, there(&reported())], Some(0)),
            (vec![ended.clone()], None),
            (vec![ended, reported()], Some(1)),
            (vec![voided], None),
        ] {
            let found = stated_already(&same, &said);
            assert_eq!(found, expected.map(|at: usize| &same[at]), "{same:?}");
        }
    }

    #[test]
    fn a_countys_code_is_no_other_place_than_a_township_in_it() {
        let known = Employment {
            job: said(),
            ..employment("2026-03-01", None)
        };
        assert_eq!(said_otherwise(&known, &reported().job), [""; 0]);
        let elsewhere = Job {
            workplace: region("590101002000"),
            monthly_wage: Some(Fen::new(400_000)),
            ..reported().job
        };
        let otherwise = said_otherwise(&known, &elsewhere);
        assert_eq!(otherwise, ["monthlyWage", "workplaceCode"]);
    }

    #[test]
    fn what_is_left_out_is_not_taken_back_and_a_term_stays_whole() {
        let known = Employment {
            job: Job {
                contract_start: Some(day("2026-03-01")),
                job_title: Some("焊工".into()),
                ..reported().job
            },
            ..reported()
        };
        let said = Job {
            contract_end: Some(day("2026-12-31")),
            ..reported().job
        };
        let told = retold(&known, &said, &reporter("x"), false);
        assert_eq!(told.otherwise, ["contractStart"]);
        assert_eq!(told.job, known.job);
        let told = retold(&known, &said, &reporter("o"), false);
        assert_eq!(told.job.contract_start, None);
        assert_eq!(told.job.contract_end, said.contract_end);
        assert_eq!(told.job.job_title, known.job.job_title);
    }

    #[test]
    fn a_report_adds_nothing_to_an_open_record_of_the_same_place() {
        let elsewhere = Job {
            workplace: region("590322000000"),
            ..said()
        };
        let named = Job {
            employer: Some(EmployerId::from_uuid(Uuid::from_u128(7))),
            ..said()
        };
        let voided = Employment {
            state: EmploymentState::Voided,
            ..reported()
        };
        let ended = Employment {
            ending: Some(Ending {
                on: day("2026-05-01"),
                reason: None,
            }),
            ..reported()
        };
        let confirmed = employment("2026-03-01", None);
        for (known, said, by, again) in [
            (reported(), said(), "x", true),
            (reported(), elsewhere.clone(), "x", false),
            (reported(), elsewhere.clone(), "o", true),
            (reported(), named.clone(), "x", true),
            (confirmed.clone(), said(), "x", true),
            (confirmed.clone(), elsewhere, "o", false),
            (confirmed, named, "x", false),
            (ended, said(), "o", false),
            (voided, said(), "o", false),
        ] {
            let told = is_told_again(&known, &said, &reporter(by));
            assert_eq!(told, again, "{known:?} {said:?}");
        }
    }
}
