//! One module per table of the exchange, as rows: no behaviour, no serde, no GraphQL. Only
//! repositories see them; rows, domain values and API types are three shapes.
//!
//! Region codes are 12-digit numbers, money is integer fen, months are numbers YYYYMM, instants are
//! UTC, days are Beijing days. Enumerations are text, held to their values by CHECKs of the migration
//! and parsed by the capability that owns them.

pub mod contract_renewal;
pub mod contribution;
pub mod correction;
pub mod disclosure_quota;
pub mod employer;
pub mod employer_accreditation;
pub mod employer_status;
pub mod employment;
pub mod finding;
pub mod finding_step;
pub mod helper_assignment;
pub mod household;
pub mod household_category;
pub mod idempotency;
pub mod insurance_fact;
pub mod insurance_position;
pub mod job;
pub mod job_report;
pub mod journal_anchor;
pub mod journal_entry;
pub mod journal_head;
pub mod journal_link;
pub mod journal_pending;
pub mod labour_fact;
pub mod region;
pub mod registry_figure;
pub mod registry_figure_change;
pub mod requery;
pub mod residence_spell;
pub mod schedule;
pub mod set_aside_contribution;
pub mod set_aside_insurance_fact;
pub mod submission;
pub mod worker;
pub mod worker_visibility;
