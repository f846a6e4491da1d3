mod second;

use super::{Found, Limits, Refusal, attempt};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found, Refusal> {
    attempt(|| second::read(bytes, limits))
}
