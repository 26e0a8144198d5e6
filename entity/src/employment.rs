//! One job of one person, from start to end. A report becomes a confirmed job through the origin
//! county, an insurance month or the person's own report; overlaps are allowed.

use sea_orm::entity::prelude::*;

/// One row of `employment`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employment")]
pub struct Model {
    /// Identity, a UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub worker_id: Uuid,
    /// Employed, own business, or flexible work.
    pub form: String,
    /// The unit that signs and insures; absent for own business and flexible work.
    pub employer_id: Option<Uuid>,
    /// The employer's name as reported, kept until somebody resolves it.
    pub employer_name: Option<String>,
    /// The employer's credit code as reported while nobody had registered it.
    pub employer_code: Option<String>,
    /// The employer's name as whoever spoke of the job first wrote it; stays when it is resolved.
    pub written_employer_name: Option<String>,
    /// The employer's credit code as whoever spoke of the job first wrote it; stays likewise.
    pub written_employer_code: Option<String>,
    /// Labour dispatch: the unit that hosts.
    pub host_employer_id: Option<Uuid>,
    /// Kind of contract.
    pub contract_kind: Option<String>,
    /// First day of the contract.
    pub contract_start: Option<Date>,
    /// Last day of the contract; absent when open-ended or unknown.
    pub contract_end: Option<Date>,
    /// Occupation as reported.
    pub job_title: Option<String>,
    /// Monthly wage in fen.
    pub monthly_wage_fen: Option<i64>,
    /// Where the work is done, which may differ from the employer's seat.
    pub workplace_code: i64,
    /// County of the workplace, when it lies in the province.
    pub workplace_county: Option<i64>,
    /// Prefecture of the workplace, when it lies in the province.
    pub workplace_prefecture: Option<i64>,
    /// True when the workplace lies in another province.
    pub outside_province: bool,
    /// How the job was found.
    pub found_by: Option<String>,
    /// First day of work.
    pub started_on: Date,
    /// Last day of work; absent while it lasts.
    pub ended_on: Option<Date>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Reported, confirmed or voided.
    pub state: String,
    /// What confirmed it.
    pub confirmed_by: Option<String>,
    /// Role of the reporter.
    pub reported_by_role: String,
    /// Subject of the reporter.
    pub reported_by_subject: String,
    /// Region, credit code or agency the reporter acted for.
    pub reported_by_scope: Option<String>,
    /// When it was reported, UTC.
    pub reported_at: DateTimeUtc,
    /// The day on which the origin checked a report first.
    pub checked_on: Option<Date>,
    /// Region of the office that checked it.
    pub checked_by: Option<i64>,
    /// Last day on which somebody confirmed that the job goes on.
    pub last_confirmed_on: Option<Date>,
    /// Why it was recorded by mistake.
    pub void_reason: Option<String>,
    /// The day on which the county's decision was last sent back to it.
    pub returned_on: Option<Date>,
    /// Region of the office that sent it back.
    pub returned_by: Option<i64>,
    /// Why, in that office's words.
    pub return_reason: Option<String>,
    /// Rises by one with every change.
    pub version: i64,
    /// When the row was first written, UTC.
    pub created_at: DateTimeUtc,
    /// When the row was last changed, UTC.
    pub updated_at: DateTimeUtc,
}

/// No relations: loaders ask by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
