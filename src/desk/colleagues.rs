//! Who can be in charge of something.

use crate::{
    core::role::Role,
    store::{Account, StoreError, Tx},
};

/// Whoever can be in charge of something.
pub(super) async fn colleagues(tx: &mut Tx) -> Result<Vec<Account>, StoreError> {
    let decides = |account: &Account| account.role >= Role::Officer && account.disabled_at.is_none();
    Ok(tx.accounts().await?.into_iter().filter(decides).collect())
}
