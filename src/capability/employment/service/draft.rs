//! Reading what people send about a job. Nothing here depends on who the job is about, so that
//! the answer cannot either.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::error::{EmploymentRejection as R, Rejected};
use super::super::model::{ContractKind, EmploymentForm, FoundBy, Job, MAX_TEXT, WrittenEmployer};
use super::super::policy;
use super::days::Days;
use crate::capability::employer::public::{self as employers, EmployerName, EmployerRef, Seat};
use crate::capability::region::public::{self as regions, Places};
use crate::capability::worker;
use crate::kernel::credit_code::CreditCode;
use crate::kernel::error::Failure;
use crate::kernel::ids::WorkerId;
use crate::kernel::money::Fen;
use crate::kernel::personal::{FreeTextError, free_text, holds_personal_number};
use crate::kernel::region_code::RegionCode;
use crate::kernel::resident_id::ResidentId;
use crate::kernel::text;
use crate::platform::authn::Identity;
use crate::platform::crypto::BlindIndex;
use crate::platform::db::{Session as _, WriteSession};

/// A job to be recorded, as it came in.
#[derive(Clone)]
pub struct RecordEmployment {
    /// Resident id of the person, as typed.
    pub resident_id: Option<String>,
    /// The person's record, for whoever sees it.
    pub worker: Option<WorkerId>,
    /// How the person works.
    pub form: EmploymentForm,
    /// Credit code of the unit that signs and insures, as typed.
    pub employer_credit_code: Option<String>,
    /// Its name, as typed.
    pub employer_name: Option<String>,
    /// Credit code of the unit that hosts, as typed.
    pub host_credit_code: Option<String>,
    /// Kind of contract.
    pub contract_kind: Option<ContractKind>,
    /// First day of the contract.
    pub contract_start: Option<NaiveDate>,
    /// Last day of the contract.
    pub contract_end: Option<NaiveDate>,
    /// Occupation.
    pub job_title: Option<String>,
    /// Monthly wage.
    pub monthly_wage: Option<Fen>,
    /// Where the work is done.
    pub workplace: RegionCode,
    /// First day of work.
    pub started_on: NaiveDate,
    /// How it was found.
    pub found_by: Option<FoundBy>,
}

/// What commands refer to, read once for all of them.
pub(super) struct References {
    places: Places,
    employers: HashMap<CreditCode, EmployerRef>,
}

impl References {
    pub(super) async fn of(
        tx: &WriteSession,
        commands: impl IntoIterator<Item = &RecordEmployment> + Clone,
    ) -> Result<Self, Failure> {
        let all = commands.clone().into_iter();
        let workplaces: Vec<RegionCode> = all
            .flat_map(|command| [command.workplace, command.workplace.province()])
            .collect();
        let codes: Vec<CreditCode> = commands
            .into_iter()
            .flat_map(|command| [&command.employer_credit_code, &command.host_credit_code])
            .flatten()
            .filter_map(|code| CreditCode::parse(code).ok())
            .collect();
        Ok(Self {
            places: regions::places(tx, &workplaces).await?,
            employers: employers::find_by_credit_codes(tx, &codes).await?,
        })
    }

    /// The registered employer with this code, as far as the commands name it.
    pub(super) fn employer(&self, code: &CreditCode) -> Option<&EmployerRef> {
        self.employers.get(code)
    }

    /// An employer that was made meanwhile.
    pub(super) fn learn(&mut self, employer: EmployerRef) {
        self.employers
            .insert(employer.credit_code.clone(), employer);
    }
}

/// Who a job is about, as far as the command says.
pub(super) enum Person {
    Index(BlindIndex),
    Worker(WorkerId),
}

/// The unit that signs, as far as it is known.
pub(super) enum Signer {
    None,
    Known(EmployerRef),
    /// To be entered into the registry under this name.
    New(CreditCode, EmployerName),
    /// Kept as written.
    Written {
        name: Option<String>,
        code: Option<CreditCode>,
    },
}

/// A command whose values have been read. Its job still lacks the employer.
pub(super) struct Draft {
    pub(super) person: Person,
    pub(super) signer: Signer,
    pub(super) job: Job,
}

/// Reads one command.
pub(super) fn read(
    tx: &WriteSession,
    known: &References,
    command: RecordEmployment,
) -> Result<Draft, Rejected> {
    let RecordEmployment {
        resident_id,
        worker,
        form,
        employer_credit_code,
        employer_name,
        host_credit_code,
        contract_kind,
        contract_start,
        contract_end,
        job_title,
        monthly_wage,
        workplace,
        started_on,
        found_by,
    } = command;
    let job_title = job_title.map(|title| plain(&title, "jobTitle"));
    let job_title = job_title.transpose()?;
    let units = Units::stated(employer_credit_code, employer_name, host_credit_code)?;
    speaks_for(tx, &units)?;
    let written = units.written();
    let (signer, host) = units.read(known, form, &|code| enters(tx, code))?;
    check_workplace(known, workplace, tx.today())?;
    let days = Days {
        started_on,
        contract_start,
        contract_end,
    };
    days.check(tx.today())?;
    check_wage(monthly_wage)?;
    Ok(Draft {
        person: person(tx, resident_id, worker, days)?,
        signer,
        job: Job {
            form,
            employer: None,
            employer_name: None,
            employer_code: None,
            written,
            host: host.map(|host| host.id),
            contract_kind,
            contract_start,
            contract_end,
            job_title,
            monthly_wage,
            workplace,
            started_on,
            found_by,
        },
    })
}

/// Whom the job is about. A resident id tells the birth, registered or not; of a record it is
/// looked at once the record is found.
fn person(
    tx: &WriteSession,
    resident_id: Option<String>,
    worker: Option<WorkerId>,
    days: Days,
) -> Result<Person, Rejected> {
    match (resident_id, worker) {
        (Some(raw), None) => {
            let parsed = ResidentId::parse(&raw, tx.today(), &|_: u32| None::<bool>)
                .map_err(|error| Rejected::at("residentId", error.into()))?;
            days.check_born(parsed.id.birth_date())?;
            let index = worker::public::resident_id_index(tx, &parsed.id);
            Ok(Person::Index(index))
        }
        (None, Some(id)) => Ok(Person::Worker(id)),
        (None, None) | (Some(_), Some(_)) => Err(Rejected::at("residentId", R::OnePersonPlease)),
    }
}

/// The units of a command, their codes read.
struct Units {
    signer: Option<CreditCode>,
    name: Option<EmployerName>,
    host: Option<CreditCode>,
}

impl Units {
    fn stated(
        signer: Option<String>,
        name: Option<String>,
        host: Option<String>,
    ) -> Result<Self, Rejected> {
        Ok(Self {
            signer: credit_code(signer, "employerCreditCode")?,
            name: name.map(employer_name).transpose()?,
            host: credit_code(host, "hostCreditCode")?,
        })
    }

    /// The unit that signs, as it was written.
    fn written(&self) -> WrittenEmployer {
        let name = self.name.as_ref();
        WrittenEmployer {
            name: name.map(|name| name.as_str().to_owned()),
            code: self.signer.clone(),
        }
    }

    fn read(
        self,
        known: &References,
        form: EmploymentForm,
        enters: &dyn Fn(&CreditCode) -> bool,
    ) -> Result<(Signer, Option<EmployerRef>), Rejected> {
        let Self { signer, name, host } = self;
        match form {
            EmploymentForm::OwnBusiness | EmploymentForm::Flexible => {
                if signer.is_some() || name.is_some() || host.is_some() {
                    return Err(Rejected::at("employerCreditCode", R::EmployerNotAllowed));
                }
                return Ok((Signer::None, None));
            }
            EmploymentForm::Employed => {}
        }
        if signer.is_some() && signer == host {
            return Err(Rejected::at("hostCreditCode", R::HostIsEmployer));
        }
        let host = host
            .map(|code| known.employers.get(&code).cloned())
            .map(|found| found.ok_or_else(|| Rejected::at("hostCreditCode", R::UnknownEmployer)))
            .transpose()?;
        let signer = match (signer, name) {
            (Some(code), name) => match (known.employers.get(&code).cloned(), name) {
                (Some(employer), _) => Signer::Known(employer),
                (None, Some(name)) if enters(&code) => Signer::New(code, name),
                (None, name) => Signer::Written {
                    name: name.map(|name| name.as_str().to_owned()),
                    code: Some(code),
                },
            },
            (None, Some(name)) => Signer::Written {
                name: Some(name.as_str().to_owned()),
                code: None,
            },
            (None, None) => return Err(Rejected::at("employerCreditCode", R::Missing)),
        };
        Ok((signer, host))
    }
}

/// Whether the caller may enter this employer into the registry by naming it: who may register it
/// may, and a county that decides about jobs, for its people work where it has no say; what others
/// write is kept as written. A township enters those that its own county has registered, by their code.
fn enters(tx: &WriteSession, code: &CreditCode) -> bool {
    let caller = tx.permit().caller();
    let own = match tx.permit().principal().identity() {
        Identity::Employer { credit_code } => credit_code == code,
        Identity::Officer { region } => {
            let seat = Seat::of_code(code).region();
            caller.holds(&policy::CONFIRM) || region.county_or_itself().contains(seat)
        }
        Identity::Admin
        | Identity::Auditor
        | Identity::Agency { .. }
        | Identity::Helper { .. }
        | Identity::Worker(_)
        | Identity::System { .. } => true,
    };
    own && caller.holds(&employers::REGISTER)
}

/// An employer reports jobs that it signs or hosts.
fn speaks_for(tx: &WriteSession, units: &Units) -> Result<(), Rejected> {
    let Identity::Employer { credit_code: own } = tx.permit().principal().identity() else {
        return Ok(());
    };
    if units.signer.as_ref() == Some(own) || units.host.as_ref() == Some(own) {
        Ok(())
    } else {
        Err(Rejected::at("employerCreditCode", R::NotTheEmployer))
    }
}

fn employer_name(raw: String) -> Result<EmployerName, Rejected> {
    EmployerName::parse(&raw).map_err(|_| Rejected::at("employerName", R::BadName))
}

fn credit_code(raw: Option<String>, field: &str) -> Result<Option<CreditCode>, Rejected> {
    raw.map(|raw| CreditCode::parse(&raw))
        .transpose()
        .map_err(|_| Rejected::at(field, R::BadCreditCode))
}

/// Inside the province a workplace must be in force, and a county or narrower; of another province
/// only the form is known.
fn check_workplace(
    known: &References,
    workplace: RegionCode,
    today: NaiveDate,
) -> Result<(), Rejected> {
    let places = &known.places;
    if !places.has(workplace.province()) {
        return Ok(());
    }
    if !places.in_force_on(workplace, today) {
        return Err(Rejected::at("workplace", R::UnknownRegion));
    }
    if !places.has_county(workplace) {
        return Err(Rejected::at("workplace", R::WorkplaceTooWide));
    }
    Ok(())
}

fn check_wage(wage: Option<Fen>) -> Result<(), Rejected> {
    if wage.is_some_and(|wage| wage <= Fen::ZERO) {
        return Err(Rejected::at("monthlyWage", R::BadWage));
    }
    Ok(())
}

/// A text of 1 to [`MAX_TEXT`] characters, narrowed and without control characters.
pub(super) fn bounded(raw: &str, field: &str) -> Result<String, Rejected> {
    text::bounded(raw, MAX_TEXT).ok_or_else(|| Rejected::at(field, R::BadText))
}

/// The same without anybody's number.
fn plain(raw: &str, field: &str) -> Result<String, Rejected> {
    let text = bounded(raw, field)?;
    if holds_personal_number(&text) {
        return Err(Rejected::at(field, R::PersonalNumber));
    }
    Ok(text)
}

/// A reason in the caller's words, which the record and the journal keep for good: no number of a
/// person.
pub(super) fn words(raw: &str) -> Result<String, Rejected> {
    free_text(raw, 1..=MAX_TEXT).map_err(|error| {
        let rejection = match error {
            FreeTextError::Length => R::BadText,
            FreeTextError::PersonalNumber => R::PersonalNumber,
        };
        Rejected::at("reason", rejection)
    })
}
