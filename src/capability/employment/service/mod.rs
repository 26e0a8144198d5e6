//! The use cases about jobs, one function each.

mod by_fact;
mod days;
mod decide;
mod draft;
mod read;
mod record;
mod report;
mod reports;
mod returns;
mod subjects;
mod successors;

use super::model::Reporter;
use crate::kernel::closed::Closed as _;
use crate::platform::authn::Identity;
use crate::platform::db::WriteSession;

pub use super::repo::lists::{EmploymentCursor, Whose};
pub use by_fact::{
    InsuredAt, NewEmployment, RECORDED_FIELDS, Stated, confirm_by_insurance_in, record_in,
    withdraw_insurance_in,
};
pub use decide::{
    Decided, EndEmployment, RenewContract, ResolveEmployer, Target, VoidEmployment, check, confirm,
    end, renew, resolve_employer, void,
};
pub use draft::RecordEmployment;
pub use read::{find_many, get, of_workers, renewals_of, staff_of};
pub use record::{Recorded, RecordedMany, record, record_many};
pub use reports::{adopt_reports, erase_expired_reports};
pub use returns::{ReturnEmployment, return_to_county};
pub use successors::apply_successors;

/// Who acts in a unit of work, as it stands on a record.
fn reporter(tx: &WriteSession) -> Reporter {
    let principal = tx.permit().principal();
    let acting_for = match principal.identity() {
        Identity::Officer { region } | Identity::Helper { region } => Some(region.to_string()),
        Identity::Employer { credit_code } => Some(credit_code.to_string()),
        Identity::Agency { agency, .. } => Some(agency.as_str().to_owned()),
        Identity::System { region, .. } => region.map(|region| region.to_string()),
        Identity::Admin | Identity::Auditor | Identity::Worker(_) => None,
    };
    let role = principal.role().map_or("SYSTEM", |role| role.as_str());
    Reporter {
        role: role.to_owned(),
        subject: principal.subject().to_owned(),
        acting_for,
    }
}
