//! Text signed in the clear with PGP (RFC 9580, section 7): the armour is no word of the sender's.
//!
//! Promises that no word of the text is lost: what is not armoured as it must be stays as it is. The signature is not checked.

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// A body without the armour of what was signed in the clear.
#[must_use]
pub fn without_armour(body: String) -> String {
    if !body.contains(BEGIN) {
        return body;
    }
    let lines: Vec<&str> = body.lines().collect();
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        if let Some((text, taken)) = signed(&lines[at..]) {
            kept.extend(text.iter().map(|line| line.strip_prefix("- ").unwrap_or(line)));
            at += taken;
        } else {
            kept.push(lines[at]);
            at += 1;
        }
    }
    kept.join("\n")
}

/// The text of a signed block at the top of these lines, and how many of them the block takes.
fn signed<'t, 'l>(lines: &'l [&'t str]) -> Option<(&'l [&'t str], usize)> {
    let is = |line: &&str, armour: &str| line.trim_end() == armour;
    if !is(lines.first()?, BEGIN) {
        return None;
    }
    // Fields of the armour stand before the first empty line, and nothing else does.
    let head = lines.iter().position(|line| line.trim().is_empty())?;
    if !lines[1..head].iter().all(|line| line.contains(": ")) {
        return None;
    }
    let text = head + 1;
    let behind = text + lines[text..].iter().position(|line| is(line, SIGNATURE))?;
    let end = behind + lines[behind..].iter().position(|line| is(line, END))?;
    Some((&lines[text..behind], end + 1))
}
