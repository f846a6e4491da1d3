//! What the local part of an address tells of who writes there, by the table `local_parts.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

static PARTS: LazyLock<Parts> =
    LazyLock::new(|| toml::from_str(include_str!("local_parts.toml")).expect("the table comes with the program"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    daemons: Vec<String>,
    accounts: Vec<String>,
    unread: Vec<String>,
    programs: Vec<String>,
    phrases: Vec<String>,
    devices: Vec<String>,
    systems: Vec<String>,
}

/// Whether a program writes from an address.
#[must_use]
pub fn is_program(address: &str) -> bool {
    robot_address(address).is_some_and(|(robot, _)| robot)
}

/// Whether an address is a robot's or a list's: whether a robot writes there, and what it is.
pub(super) fn robot_address(address: &str) -> Option<(bool, &'static str)> {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    let base = local.split(['+', '=']).next().unwrap_or_default();
    let pieces: Vec<&str> = base.split(['-', '.', '_']).collect();
    let named = |names: &[String]| names.iter().any(|name| pieces.contains(&name.as_str()));
    let joined = pieces.concat();
    if PARTS.daemons.iter().any(|daemon| joined.starts_with(daemon.as_str())) || named(&PARTS.daemons) {
        return Some((true, "a program of a mail system"));
    }
    if PARTS.accounts.iter().any(|account| account == base) {
        return Some((false, "the account of a program on a server"));
    }
    if base.starts_with("bounce") || pieces.last().is_some_and(|last| matches!(*last, "bounce" | "bounces")) {
        return Some((true, "an address for returned mail"));
    }
    if base.starts_with("owner-") || base.ends_with("-owner") || base.ends_with("-request") {
        return Some((false, "the address of a mailing list"));
    }
    let plain = pieces.join("-");
    if named(&PARTS.programs) || PARTS.phrases.iter().any(|name| plain.starts_with(name.as_str())) {
        return Some((true, "a program"));
    }
    if PARTS.systems.iter().any(|system| system == joined.trim_end_matches(|c: char| c.is_ascii_digit())) {
        return Some((true, "a program"));
    }
    if PARTS.unread.iter().any(|unread| joined.contains(unread.as_str())) {
        return Some((false, "an address that takes no answers"));
    }
    let unnumbered = |piece: &&str| piece.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let device = pieces.iter().map(unnumbered).any(|piece| PARTS.devices.contains(&piece));
    device.then_some((false, "a device"))
}
