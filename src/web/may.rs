//! Who may ask for something.

/// Who may ask for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Anybody.
    Anyone,
    /// Whoever sees everything; anybody on this machine while nobody has an account.
    Look,
    /// Whoever has an account.
    HaveAccount,
    /// Whoever decides.
    Decide,
    /// Whoever says who else may.
    Administer,
}
