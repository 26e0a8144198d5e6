//! Telling a sealed value that is on record already from another one: equal values are sealed
//! differently.

use secrecy::ExposeSecret as _;

use super::super::repo::sealed::{self, Account, SealedValue};
use super::update::Patch;
use crate::kernel::error::Failure;
use crate::kernel::ids::{RecordId as _, WorkerId};
use crate::platform::crypto::{Context, Sealed};
use crate::platform::db::{Session, WriteSession};

/// Leaves a phone number and an account out of an update that are on record already.
pub(super) async fn unless_known(
    tx: &WriteSession,
    worker: WorkerId,
    phone: Patch<SealedValue>,
    account: Patch<Account>,
) -> Result<(Patch<SealedValue>, Patch<Account>), Failure> {
    if phone.is_none() && account.is_none() {
        return Ok((phone, account));
    }
    let on_record = sealed::sealed(tx, worker).await?.ok_or(Failure::NotFound)?;
    let known = |context, new: Option<&SealedValue>, old: Option<&Sealed>| match (new, old) {
        (None, None) => true,
        (Some(new), Some(old)) => opens_alike(tx, worker, context, [&new.sealed, old]),
        (None, Some(_)) | (Some(_), None) => false,
    };
    let phone = phone.filter(|new| !known(Context::PHONE, new.as_ref(), on_record.phone.as_ref()));
    let account = account.filter(|new| {
        let new = new.as_ref().map(|account| &account.value);
        !known(Context::BANK_ACCOUNT, new, on_record.bank_account.as_ref())
    });
    Ok((phone, account))
}

/// Whether two sealed values of one person are one value; one that does not open is none.
fn opens_alike(
    session: &impl Session,
    owner: WorkerId,
    context: Context,
    values: [&Sealed; 2],
) -> bool {
    let owner = owner.uuid();
    let opened = values.map(|sealed| session.keys().ring.open(context, owner.as_bytes(), sealed));
    match opened {
        [Ok(one), Ok(other)] => one.expose_secret() == other.expose_secret(),
        [Err(_), _] | [_, Err(_)] => false,
    }
}
