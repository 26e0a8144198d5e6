//! The smallest rows that the tables accept.

use entity::{correction, set_aside_contribution, set_aside_insurance_fact, submission};
use entity::{
    employer, employer_accreditation, employer_status, employment, finding, finding_step,
};
use entity::{household, job, journal_entry, labour_fact, region, worker};
use sea_orm_migration::sea_orm::ActiveValue::Set;
use sea_orm_migration::sea_orm::prelude::{Date, DateTimeUtc, Uuid};

/// An instant; which one does not matter.
pub(crate) fn instant() -> DateTimeUtc {
    DateTimeUtc::from_timestamp(1_795_392_000, 0).expect("a second of 2026")
}

/// A day; which one does not matter.
pub(crate) fn day() -> Date {
    instant().date_naive()
}

/// A region at `level`.
pub(crate) fn region(level: &str) -> region::ActiveModel {
    region::ActiveModel {
        code: Set(590_101_000_000),
        level: Set(level.to_owned()),
        name_zh: Set("县".to_owned()),
        valid_from: Set(day()),
        ..Default::default()
    }
}

/// The household with id 1.
pub(crate) fn household() -> household::ActiveModel {
    household::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        county_code: Set(590_101_000_000),
        village_code: Set(590_101_001_001),
        created_at: Set(instant()),
        updated_at: Set(instant()),
        ..Default::default()
    }
}

/// A member of the household with id 1.
pub(crate) fn worker(id: u128, education: Option<&str>) -> worker::ActiveModel {
    worker::ActiveModel {
        id: Set(Uuid::from_u128(id)),
        household_id: Set(Uuid::from_u128(1)),
        name: Set("测试".to_owned()),
        resident_id_index: Set(id.to_be_bytes().to_vec()),
        resident_id_sealed: Set(vec![0]),
        resident_id_mask: Set("590101********3516".to_owned()),
        birth_year: Set(1968),
        education: Set(education.map(str::to_owned)),
        origin_village: Set(590_101_001_001),
        origin_township: Set(590_101_001_000),
        origin_county: Set(590_101_000_000),
        origin_prefecture: Set(590_100_000_000),
        work_status: Set("UNKNOWN".to_owned()),
        categories: Set(0),
        created_at: Set(instant()),
        updated_at: Set(instant()),
        ..Default::default()
    }
}

/// The employer with id 1.
pub(crate) fn employer() -> employer::ActiveModel {
    employer::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        credit_code: Set("91590101MA9K2T3HXH".to_owned()),
        name: Set("厂".to_owned()),
        kind: Set("ENTERPRISE".to_owned()),
        region_code: Set(590_101_000_000),
        county_code: Set(590_101_000_000),
        prefecture_code: Set(590_100_000_000),
        status: Set("ACTIVE".to_owned()),
        created_at: Set(instant()),
        updated_at: Set(instant()),
        ..Default::default()
    }
}

/// What was stated about the standing of the employer with id 1, at `version` of it.
pub(crate) fn standing(id: u8, version: i64) -> employer_status::ActiveModel {
    employer_status::ActiveModel {
        id: Set(Uuid::from_u128(id.into())),
        version: Set(version),
        employer_id: Set(Uuid::from_u128(1)),
        status: Set("ACTIVE".to_owned()),
        since: Set(day()),
        source: Set("MARKET_REGULATION".to_owned()),
        recorded_at: Set(instant()),
        ..Default::default()
    }
}

/// What was stated about the one accreditation of the employer with id 1 at `version`.
pub(crate) fn accreditation(version: u8) -> employer_accreditation::ActiveModel {
    employer_accreditation::ActiveModel {
        id: Set(Uuid::from_u128(version.into())),
        employer_id: Set(Uuid::from_u128(1)),
        kind: Set("ASSISTANCE_WORKSHOP".to_owned()),
        reference: Set("甲-1".to_owned()),
        since: Set(day()),
        version: Set(version.into()),
        recorded_at: Set(instant()),
        ..Default::default()
    }
}

/// The finding with id 1.
pub(crate) fn finding() -> finding::ActiveModel {
    finding::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        responsible_county: Set(590_101_000_000),
        clause: Set("第三条".to_owned()),
        evidence: Set("无凭证".to_owned()),
        state: Set("ANSWERED".to_owned()),
        recorded_by: Set("auditor".to_owned()),
        recorded_at: Set(instant()),
        ..Default::default()
    }
}

/// The answer to the finding with id 1.
pub(crate) fn finding_step() -> finding_step::ActiveModel {
    finding_step::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        finding_id: Set(Uuid::from_u128(1)),
        version: Set(2),
        kind: Set("ANSWERED".to_owned()),
        body: Set("已核".to_owned()),
        taken_by: Set("officer".to_owned()),
        taken_by_role: Set("OFFICER".to_owned()),
        recorded_at: Set(instant()),
        ..Default::default()
    }
}

/// A job of the worker with id 1.
pub(crate) fn employment(id: u128) -> employment::ActiveModel {
    employment::ActiveModel {
        id: Set(Uuid::from_u128(id)),
        worker_id: Set(Uuid::from_u128(1)),
        form: Set("EMPLOYED".to_owned()),
        workplace_code: Set(590_101_000_000),
        outside_province: Set(false),
        started_on: Set(day()),
        state: Set("CONFIRMED".to_owned()),
        reported_by_role: Set("OFFICER".to_owned()),
        reported_by_subject: Set("officer".to_owned()),
        reported_at: Set(instant()),
        created_at: Set(instant()),
        updated_at: Set(instant()),
        ..Default::default()
    }
}

/// A job in `state` with the dedupe key `daily`.
pub(crate) fn job(id: u128, state: &str) -> job::ActiveModel {
    job::ActiveModel {
        id: Set(Uuid::from_u128(id)),
        kind: Set("anchor".to_owned()),
        payload: Set("{}".to_owned()),
        dedupe_key: Set(Some("daily".to_owned())),
        state: Set(state.to_owned()),
        run_at: Set(instant()),
        attempts: Set(0),
        max_attempts: Set(5),
        created_at: Set(instant()),
        ..Default::default()
    }
}

/// A journal entry.
pub(crate) fn entry() -> journal_entry::ActiveModel {
    journal_entry::ActiveModel {
        commit_id: Set(Uuid::from_u128(7)),
        at: Set(instant()),
        issuer: Set("embedded".to_owned()),
        subject: Set("officer".to_owned()),
        role: Set("OFFICER".to_owned()),
        action: Set("registerWorker".to_owned()),
        outcome: Set("DONE".to_owned()),
        request_id: Set("r".to_owned()),
        ..Default::default()
    }
}

/// A delivery with id 1.
pub(crate) fn submission() -> submission::ActiveModel {
    submission::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        agency: Set("SOCIAL_INSURANCE".to_owned()),
        dataset: Set("CONTRIBUTIONS".to_owned()),
        submitted_by: Set("bureau".to_owned()),
        submitted_at: Set(instant()),
        received: Set(1),
        accepted: Set(1),
        unchanged: Set(0),
        dropped: Set(0),
        refused: Set(0),
        ..Default::default()
    }
}

/// A correction, with id 1, of the resident id of the worker with id 1.
pub(crate) fn correction() -> correction::ActiveModel {
    correction::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        worker_id: Set(Uuid::from_u128(1)),
        kind: Set("RESIDENT_ID".to_owned()),
        state: Set("APPROVED".to_owned()),
        sealed: Set(Some(vec![0])),
        value_index: Set(vec![0]),
        mask: Set("590101********3516".to_owned()),
        reason: Set("录错".to_owned()),
        proposed_by: Set("officer".to_owned()),
        proposed_at: Set(instant()),
        ..Default::default()
    }
}

/// The death of the worker with this id, which is the statement's too.
pub(crate) fn death(id: u128, reported_by: &str) -> labour_fact::ActiveModel {
    labour_fact::ActiveModel {
        id: Set(Uuid::from_u128(id)),
        worker_id: Set(Uuid::from_u128(id)),
        kind: Set("DECEASED".to_owned()),
        value: Set(true),
        since: Set(day()),
        source: Set("证明".to_owned()),
        reported_by: Set(reported_by.to_owned()),
        version: Set(2),
        recorded_at: Set(instant()),
        ..Default::default()
    }
}

/// A month that the correction with id 1 set aside.
pub(crate) fn set_aside_month() -> set_aside_contribution::ActiveModel {
    set_aside_contribution::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        worker_id: Set(Uuid::from_u128(1)),
        kind: Set("PENSION".to_owned()),
        entry: Set("NORMAL".to_owned()),
        period_month: Set(202_610),
        posting_month: Set(202_610),
        base_fen: Set(400_000),
        employer_fen: Set(64_000),
        personal_fen: Set(32_000),
        submission_id: Set(Uuid::from_u128(1)),
        row_digest: Set(vec![0; 32]),
        recorded_at: Set(instant()),
        correction_id: Set(Uuid::from_u128(1)),
        set_aside_at: Set(instant()),
        ..Default::default()
    }
}

/// A statement that the correction with id 1 set aside.
pub(crate) fn set_aside_statement() -> set_aside_insurance_fact::ActiveModel {
    set_aside_insurance_fact::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        worker_id: Set(Uuid::from_u128(1)),
        kind: Set("PENSION".to_owned()),
        fact: Set("ENROLLED".to_owned()),
        since: Set(day()),
        submission_id: Set(Uuid::from_u128(1)),
        recorded_at: Set(instant()),
        correction_id: Set(Uuid::from_u128(1)),
        set_aside_at: Set(instant()),
        ..Default::default()
    }
}
