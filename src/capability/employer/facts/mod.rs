//! The dated facts about employers and the deliveries they come in.

mod repo;

pub(super) use repo::{
    Delivery, accreditations, accreditations_of, insert_accreditation_in, insert_delivery_in,
    insert_statuses_in, restate_accreditation_in, status_facts,
};
