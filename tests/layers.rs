//! The layers of the house, held against every path that the source names.
//!
//! Reads `src/` as tokens: an import, a path in the middle of a function and an attribute count alike; comments and
//! strings do not. What a macro of another crate expands to is not seen.

mod circles;
mod facts;
mod kinds;
mod sizes;

use std::{fs, path::Path};

/// Who may use whom, from the ground up: a module uses itself and what stands beside its name, and that must stand above.
const MODULES: &[(&str, &[&str])] = &[
    // Pure: values in, values out.
    ("core", &[]),
    ("letters", &["core"]),
    ("extract", &["core"]),
    // What everything else stands on.
    ("causes", &[]),
    ("clock", &[]),
    ("failpoint", &[]),
    ("files", &[]),
    ("memory", &[]),
    ("net", &[]),
    ("config", &["core", "net", "files"]),
    ("watch", &["core", "net", "clock", "config"]),
    // The shells, each the only owner of its crate; none uses another but who reads the cage.
    ("mailbox", &["memory", "core", "clock", "config", "net", "watch"]),
    ("store", &["memory", "core", "letters", "clock", "config", "files", "watch"]),
    ("mailer", &["core", "letters", "clock", "config", "failpoint", "files", "net", "watch"]),
    ("sandbox", &["config"]),
    ("reading", &["core", "extract", "config", "sandbox"]),
    // Tokens for accounts without a password: asked for, and kept. The shells above are handed them.
    ("oauth", &["core", "store", "net", "clock", "config", "watch"]),
    // Logins by an issuer: whom it says that somebody is.
    ("oidc", &["core", "net", "config"]),
    // What is known before anything starts, and how an input is filed, whoever decides it.
    ("presence", &["store", "clock"]),
    ("instance", &["core", "letters", "store", "oauth", "clock", "config", "files", "watch", "presence"]),
    ("filing", &["core", "letters", "store", "clock", "config", "instance"]),
    // What a person can decide, and what the program does by itself.
    // It has files taken out of their messages.
    ("desk", &["core", "letters", "store", "clock", "config", "failpoint", "watch", "instance", "filing", "reading"]),
    ("export", &["core", "letters", "desk", "store"]),
    ("web", &["causes", "core", "letters", "oidc", "desk", "export", "clock", "config", "watch"]),
    (
        "pipeline",
        &[
            "core",
            "letters",
            "mailbox",
            "store",
            "mailer",
            "sandbox",
            "reading",
            "oauth",
            "clock",
            "config",
            "failpoint",
            "watch",
            "instance",
            "filing",
        ],
    ),
    // The life of the process, and its commands.
    (
        "daemon",
        &[
            "core", "letters", "mailbox", "store", "mailer", "sandbox", "reading", "desk", "web", "pipeline", "clock",
            "config", "files", "watch", "presence", "instance", "filing",
        ],
    ),
    (
        "cli",
        &[
            "causes", "core", "letters", "mailbox", "store", "mailer", "sandbox", "reading", "oauth", "desk", "export",
            "web", "pipeline", "daemon", "clock", "config", "files", "watch", "instance", "filing",
        ],
    ),
    ("main", &["sandbox", "reading", "cli", "clock", "config", "failpoint"]),
    ("lib", &[]),
];

/// Crates, and parts of the standard library, that belong to some modules alone. The longest name that fits decides.
const OWNERS: &[(&str, &[&str])] = &[
    ("async_imap", &["mailbox"]),
    ("notify", &["mailbox"]),
    ("sqlx", &["store"]),
    ("lettre", &["mailer"]),
    ("rustls", &["net", "mailbox"]),
    ("rustls::pki_types", &["config"]),
    ("rustls_native_certs", &["net"]),
    ("tokio_rustls", &["net"]),
    ("hyper", &["net", "web"]),
    ("hyper_util", &["net", "web"]),
    ("http_body_util", &["net"]),
    ("ring", &["oauth", "oidc"]),
    ("axum", &["web"]),
    ("tower_http", &["web"]),
    ("clap", &["main", "cli"]),
    ("anyhow", &["main", "cli"]),
    // Fed by strangers: only where the child runs.
    ("mail_parser", &["core::mail::message", "extract"]),
    ("pdf_extract", &["extract"]),
    ("unpdf", &["extract"]),
    ("docx_rust", &["extract", "export"]),
    ("rust_xlsxwriter", &["export"]),
    ("zip", &["extract"]),
    ("quick_xml", &["extract"]),
    ("cfb", &["extract"]),
    // What limits the child.
    ("rlimit", &["sandbox", "reading::probe"]),
    ("landlock", &["sandbox"]),
    ("seccompiler", &["sandbox"]),
    ("nix", &["sandbox", "reading::probe"]),
    ("safe_fork", &["sandbox"]),
    // Waiting, dice, the system and the log of the program: in nothing that is pure.
    ("tokio", IMPURE),
    ("getrandom", IMPURE),
    ("tempfile", IMPURE),
    ("tracing", IMPURE),
    ("tracing_subscriber", &["main", "cli", "daemon"]),
    ("std::env", IMPURE),
    ("std::fs", IMPURE),
    ("std::net", IMPURE),
    ("std::os", IMPURE),
    ("std::process", IMPURE),
    ("std::thread", IMPURE),
    ("std::time", IMPURE),
    ("std::time::Duration", &["core", "letters", "extract"]),
    ("std::io::stdin", IMPURE),
    ("std::io::stdout", IMPURE),
    ("std::io::stderr", IMPURE),
];

/// All but `core`, `letters` and `extract`.
const IMPURE: &[&str] = &[
    "clock",
    "config",
    "failpoint",
    "files",
    "memory",
    "net",
    "watch",
    "mailbox",
    "store",
    "mailer",
    "sandbox",
    "reading",
    "oauth",
    "oidc",
    "presence",
    "instance",
    "filing",
    "desk",
    "web",
    "pipeline",
    "daemon",
    "cli",
    "main",
];

#[test]
fn the_source_keeps_to_its_layers() {
    let mut files = Vec::new();
    rust_files(Path::new("src"), &mut files);
    assert!(files.len() > 50, "the source is not there");
    let wrong: Vec<String> =
        files.iter().flat_map(|file| violations(file.to_str().unwrap(), &fs::read_to_string(file).unwrap())).collect();
    assert!(wrong.is_empty(), "against the layers of tests/layers.rs:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_leads_downward() {
    for (i, (module, uses)) in MODULES.iter().enumerate() {
        for used in *uses {
            assert!(MODULES[..i].iter().any(|(name, _)| name == used), "{module} uses {used}, which is not above it");
        }
    }
    for (name, owners) in OWNERS {
        for owner in *owners {
            let module = owner.split("::").next().unwrap();
            assert!(MODULES.iter().any(|(known, _)| *known == module), "{name} belongs to {owner}, which is no module");
        }
    }
}

#[test]
fn a_made_up_violation_is_named_with_file_and_line() {
    let said = |file: &str, line: &str| violations(file, line).join("; ");
    for (file, line, expected) in [
        ("src/core/a.rs", "\nuse crate::store::Tx;", "src/core/a.rs:2: core may not use store (crate::store::Tx)"),
        ("src/core/a.rs", "use super::super::store::Tx;", "core may not use store"),
        ("src/core/message.rs", "use super::super::store;", "core may not use store"),
        ("src/web/log.rs", "use crate::{core::iso3::Iso3, store::Db};", "web may not use store (crate::store::Db)"),
        ("src/web/log.rs", "fn f(db: &crate::store::Db) {}", "web may not use store"),
        ("src/desk/mod.rs", "pub use crate::{self as docket, web as pages};", "desk may not use web"),
        ("src/mailer/mod.rs", "use crate::mailbox::{Found, Mailbox};", "mailer may not use mailbox"),
        ("src/main.rs", "fn main() { docket::extract::read() }", "main may not use extract"),
        ("src/sandbox/pool.rs", "use crate::reading::Readers;", "sandbox may not use reading"),
        ("src/sandbox/child.rs", "use crate::{core::file::File, extract};", "sandbox may not use extract"),
        ("src/letters/mod.rs", "use tokio as t;", "tokio belongs to"),
        ("src/cli/log.rs", "sqlx::query(\"SELECT 1\");", "src/cli/log.rs:1: sqlx belongs to store (sqlx::query)"),
        ("src/desk/mod.rs", "#[derive(sqlx::FromRow)] struct Row;", "sqlx belongs to store"),
        ("src/core/item.rs", "use mail_parser::MessageParser;", "mail_parser belongs to core::mail::message, extract"),
        ("src/core/backoff.rs", "use std::{fmt, time::{Duration, Instant}};", "std::time belongs to"),
        ("src/extract/mod.rs", "use std::{io::Read, fs};", "std::fs belongs to"),
        ("src/letters/mod.rs", "let now = ::std::time::SystemTime::now();", "std::time belongs to"),
        ("src/fresh.rs", "", "src/fresh.rs: the module fresh is not in tests/layers.rs"),
    ] {
        let said = said(file, line);
        assert!(said.contains(expected), "{file}: {line}\nsaid: {said}");
    }
    for (file, line) in [
        ("src/core/a.rs", "// use crate::store::Tx;\n/* sqlx::query /* nested */ tokio::spawn */"),
        ("src/core/a.rs", "const SQL: &str = \"sqlx::query\"; const RAW: &str = r#\"\" tokio::spawn\"#;"),
        ("src/core/a.rs", "const QUOTE: char = '\"'; fn f<'a>(x: &'a str) -> char { '\\'' }"),
        ("src/core/mail/message/parse.rs", "use mail_parser::MessageParser; use super::super::super::iso3::Iso3;"),
        ("src/core/backoff.rs", "use std::{fmt, time::Duration}; fn f(x: crate::core::iso3::Iso3) {}"),
        ("src/web/log.rs", "use crate::{core::iso3::Iso3, desk::{self, Line}}; use super::site::Site; x.store();"),
        ("src/desk/mod.rs", "mod watch; use self::watch::tokio; let zip = store::Db::open;"),
        ("src/lib.rs", "pub mod core;\npub mod store;"),
    ] {
        assert_eq!(said(file, line), "", "{file}: {line}");
    }
}

fn rust_files(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// What a file names against the layers, each with its line.
fn violations(file: &str, source: &str) -> Vec<String> {
    let inner = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    let module: Vec<&str> = inner.strip_suffix("/mod").unwrap_or(inner).split('/').collect();
    let Some((_, may_use)) = MODULES.iter().find(|(name, _)| *name == module[0]) else {
        return vec![format!("{file}: the module {} is not in tests/layers.rs", module[0])];
    };
    let mut found = Vec::new();
    for Named { line, path, .. } in paths(&tokens(source)) {
        let path = absolute(&path, &module);
        let shown = path.join("::");
        if path[0] == "crate" {
            let used = path.get(1).map_or("crate", String::as_str);
            let known = MODULES.iter().any(|(name, _)| *name == used);
            if known && used != module[0] && !may_use.contains(&used) {
                found.push(format!("{file}:{line}: {} may not use {used} ({shown})", module[0]));
            }
        } else if let Some((name, owners)) = owned(&path) {
            let here = module.join("::");
            if !owners.iter().any(|owner| is_within(&here, owner)) {
                found.push(format!("{file}:{line}: {name} belongs to {} ({shown})", owners.join(", ")));
            }
        }
    }
    found
}

/// The longest name in the table of owners that a path lies within, with its owners; those of a part may be more.
fn owned(path: &[String]) -> Option<(&'static str, Vec<&'static str>)> {
    let path = path.join("::");
    let mut fits: Vec<_> = OWNERS.iter().filter(|(name, _)| is_within(&path, name)).collect();
    fits.sort_by_key(|(name, _)| name.len());
    let owners = fits.iter().flat_map(|(_, owners)| owners.iter().copied()).collect();
    fits.last().map(|(name, _)| (*name, owners))
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// A path from the crate's root, or as it stands where it begins elsewhere.
fn absolute(path: &[String], module: &[&str]) -> Vec<String> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    let rest = match path[0].as_str() {
        "docket" if module[0] == "main" => return [&["crate".to_owned()], &path[1..]].concat(),
        "super" => &path[ups..],
        "self" => &path[1..],
        _ => return path.to_vec(),
    };
    let depth = module.len().saturating_sub(ups);
    let inner = module[..depth].iter().map(|&segment| segment.to_owned());
    std::iter::once("crate".to_owned()).chain(inner).chain(rest.iter().cloned()).collect()
}

/// A word or a sign of the source, with its line.
type Token = (usize, String);

/// The words and signs of the source without comments, strings, characters and lifetimes.
fn tokens(source: &str) -> Vec<Token> {
    let (mut tokens, mut line, mut rest) = (Vec::new(), 1, source);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => 1 + string(&rest[1..]),
            '\'' => character_or_lifetime(rest),
            'r' | 'b' | 'c' if raw_string(rest).is_some() => raw_string(rest).unwrap_or(1),
            _ if first.is_alphanumeric() || first == '_' => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                tokens.push((line, rest[..length].to_owned()));
                length
            }
            ':' if rest.starts_with("::") => {
                tokens.push((line, "::".to_owned()));
                2
            }
            _ => {
                if !first.is_whitespace() {
                    tokens.push((line, first.to_string()));
                }
                first.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        match text.get(at..).map(|rest| (rest.starts_with("/*"), rest.starts_with("*/"))) {
            Some((true, _)) => (depth, at) = (depth + 1, at + 2),
            Some((_, true)) => (depth, at) = (depth - 1, at + 2),
            Some(_) if at < text.len() => at += 1,
            Some(_) => return at,
            None => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
}

/// The length of a string from behind its opening quote, the closing one included.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a raw string with its prefix, if one begins here.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix(['b', 'c']).unwrap_or(text).strip_prefix('r')?;
    let inner = hashes.trim_start_matches('#').strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes.len() - inner.len() - 1));
    Some(text.len() - inner.len() + inner.find(&end).map_or(inner.len(), |at| at + end.len()))
}

fn character_or_lifetime(text: &str) -> usize {
    let mut inner = text[1..].char_indices();
    match (inner.next(), inner.next()) {
        (Some((_, '\\')), _) => 3 + text[3..].find('\'').map_or(0, |at| at + 1),
        (Some(_), Some((at, '\''))) => at + 2,
        _ => 1,
    }
}

/// A path that the source names.
struct Named {
    line: usize,
    path: Vec<String>,
    /// What an import calls it here.
    local: Option<String>,
    /// All that is in it.
    is_glob: bool,
}

/// Every path of the source with its groups spread out: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(tokens: &[Token]) -> Vec<Named> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let imports = tokens[at].1 == "use";
        if imports || tokens[at].1 == "::" {
            at += 1;
        }
        let leads = tokens.get(at + 1).is_some_and(|(_, next)| next == "::");
        if tokens.get(at).is_some_and(is_word) && (imports || leads) {
            at = tree(tokens, at, &[], imports, &mut found);
        } else if imports && tokens.get(at).is_some_and(|(_, next)| next == "{") {
            at = group(tokens, at, &[], imports, &mut found);
        } else if !imports || tokens.get(at).is_some_and(|(_, next)| next != "::") {
            at += 1;
        }
    }
    found
}

fn is_word((_, text): &Token) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads a path that goes on from `stem`, and yields where it ends.
fn tree(tokens: &[Token], mut at: usize, stem: &[String], imports: bool, found: &mut Vec<Named>) -> usize {
    let (line, mut path) = (tokens[at].0, stem.to_vec());
    loop {
        match tokens.get(at) {
            Some(token) if is_word(token) => path.push(token.1.clone()),
            Some((_, text)) if text == "{" => return group(tokens, at, &path, imports, found),
            Some((_, text)) if text == "*" => {
                found.push(Named { line, path, local: None, is_glob: true });
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        if tokens.get(at).is_none_or(|(_, text)| text != "::") {
            break;
        }
        at += 1;
    }
    let mut local = path.iter().rfind(|segment| *segment != "self").cloned().filter(|_| imports);
    if imports && tokens.get(at).is_some_and(|(_, text)| text == "as") {
        local = tokens.get(at + 1).map(|(_, text)| text.clone());
        at += 2;
    }
    found.push(Named { line, path, local, is_glob: false });
    at
}

fn group(tokens: &[Token], at: usize, stem: &[String], imports: bool, found: &mut Vec<Named>) -> usize {
    let mut at = at + 1;
    while let Some(token) = tokens.get(at) {
        match token.1.as_str() {
            "}" => return at + 1,
            _ if is_word(token) => at = tree(tokens, at, stem, imports, found),
            _ => at += 1,
        }
    }
    at
}
