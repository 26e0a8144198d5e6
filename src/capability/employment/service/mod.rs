//! The use cases about jobs, one function each.

mod by_fact;

use super::model::Reporter;
use crate::platform::authn::Identity;
use crate::platform::db::WriteSession;

pub use by_fact::{NewEmployment, confirm_by_insurance_in, record_in};

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
