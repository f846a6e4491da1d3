//! Why somebody who came from an issuer was not let in, in a sentence of ours with nothing of the issuer's in it.

/// What is said on the page of the login of why somebody is sent back there.
pub(super) fn said(why: &str) -> &'static str {
    match why {
        "away" => {
            "The login service does not answer. Try again in a moment, or log in with a password if you have one."
        }
        "service" => {
            "The login service gave an answer that cannot be used. Tell the administrator; the log has the cause."
        }
        "refused" => "The login service did not log you in. Try again, or ask whoever looks after it.",
        "group" => "You are in none of the groups that may use these pages. Ask whoever looks after the groups.",
        "disabled" => "Your account here is disabled. An administrator can enable it.",
        "name" => "Somebody else has your name here already. Ask an administrator to look at the accounts.",
        "many" => "There were too many tries. Try again in some minutes.",
        _ => "This login was begun in another browser, took too long, or had ended. Log in once more.",
    }
}
