//! Links of a body to files kept elsewhere.
//!
//! Promises a list for a person, recognised by host and path; nothing named in a mail is ever fetched.

use super::percent;

/// No body has more links than a person looks at.
const MOST_LINKS: usize = 50;
/// The longest link that is kept.
const LONGEST: usize = 2_000;

/// Hosts, their subdomains included, that hand out files, with what the path must begin with.
const HOSTS: [(&str, &str); 38] = [
    ("wetransfer.com", "/"),
    ("we.tl", "/"),
    ("dropbox.com", "/"),
    ("db.tt", "/"),
    ("dropboxusercontent.com", "/"),
    ("drive.google.com", "/"),
    ("docs.google.com", "/"),
    ("1drv.ms", "/"),
    ("onedrive.live.com", "/"),
    ("sharepoint.com", "/"),
    ("sharepoint.cn", "/"),
    ("sharepoint.us", "/"),
    ("box.com", "/"),
    ("icloud.com", "/"),
    ("disk.yandex.ru", "/"),
    ("disk.yandex.com", "/"),
    ("disk.yandex.kz", "/"),
    ("disk.360.yandex.ru", "/"),
    ("yadi.sk", "/"),
    ("cloud.mail.ru", "/"),
    ("files.mail.ru", "/"),
    ("mega.nz", "/"),
    ("mega.io", "/"),
    ("mediafire.com", "/"),
    ("pcloud.com", "/"),
    ("pcloud.link", "/"),
    ("sync.com", "/dl"),
    ("filemail.com", "/"),
    ("swisstransfer.com", "/"),
    ("kdrive.infomaniak.com", "/"),
    ("transfernow.net", "/"),
    ("grosfichiers.com", "/"),
    ("smash.com", "/"),
    ("fromsmash.com", "/"),
    ("pan.baidu.com", "/"),
    ("weiyun.com", "/"),
    ("terabox.com", "/"),
    ("tresorit.com", "/"),
];

/// Paths by which self-hosted stores (Nextcloud, ownCloud, Seafile) share a file.
const PATHS: [&str; 4] = ["/s/", "/index.php/s/", "/remote.php/dav/public-files/", "/smartlink/"];
/// What the host of a service that hands files over is called, whoever runs it.
const HANDS_OVER: [&str; 8] =
    ["filesender", "filetransfer", "filedrop", "sendfile", "transfert", "transfer", "filecloud", "dateiaustausch"];
/// What a host must be called for those paths to mean a share.
const STORES: [&str; 13] = [
    "cloud",
    "nextcloud",
    "owncloud",
    "nube",
    "nuage",
    "oblako",
    "share",
    "files",
    "drive",
    "box",
    "transfer",
    "send",
    "seafile",
];

/// The links of a body to files in the cloud, in their order, each once.
#[must_use]
pub fn links(body: &str) -> Vec<String> {
    found(body, is_share)
}

/// The links of a body to documents on the web, in their order, each once: the address of a page says nothing of a document.
#[must_use]
pub fn web_documents(body: &str) -> Vec<String> {
    found(body, |link| !is_share(link) && is_document(link))
}

/// The host that a link leads to.
#[must_use]
pub fn host(link: &str) -> String {
    parts(link).map(|(host, _)| host).unwrap_or_default()
}

fn found(body: &str, wanted: fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find("://") {
        let scheme = rest[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let after = &rest[at + 3..];
        let stop = |c: char| c.is_whitespace() || c.is_control() || "<>\"“”«»|\\^`{}（），。、".contains(c);
        let end = after.find(stop).unwrap_or(after.len());
        let target = after[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*']);
        rest = &after[target.len()..];
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") || target.len() > LONGEST {
            continue;
        }
        let link = unwrapped(target).unwrap_or_else(|| format!("{}://{target}", scheme.to_ascii_lowercase()));
        if wanted(&link) && !found.contains(&link) {
            found.push(link);
            if found.len() == MOST_LINKS {
                break;
            }
        }
    }
    found
}

/// The address inside a mail filter's wrapping, as Microsoft's and Google's filters write it.
fn unwrapped(target: &str) -> Option<String> {
    let (host, query) = target.split_once('?')?;
    let wrapper = host.contains("safelinks.protection.outlook.com") || host.starts_with("www.google.com/url");
    let inner = query.split('&').find_map(|p| p.strip_prefix("url=").or_else(|| p.strip_prefix("q=")));
    let inner = inner.filter(|_| wrapper).map(percent::decoded)?;
    Some(super::line(&String::from_utf8_lossy(&inner), LONGEST)).filter(|link| link.starts_with("http"))
}

/// Whether it was drawn by lot, as the tokens of shares are: capitals and small letters within one word, and a figure.
fn is_drawn(token: &str) -> bool {
    let word: &str = token.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let capitals = word.chars().skip(1).filter(char::is_ascii_uppercase).count();
    let has = |of: fn(&char) -> bool| word.chars().any(|c| of(&c));
    word.len() >= 8 && capitals >= 1 && has(char::is_ascii_lowercase) && has(char::is_ascii_digit)
}

/// Host and path of a link, the query included.
fn parts(link: &str) -> Option<(String, &str)> {
    let (_, target) = link.split_once("://")?;
    let (authority, path) = target.split_at(target.find(['/', '?', '#']).unwrap_or(target.len()));
    let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    Some((host.to_ascii_lowercase(), path))
}

/// Whether a link is to a file of a kind that governments send.
fn is_document(link: &str) -> bool {
    let Some((_, path)) = parts(link) else { return false };
    let path = path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    path.rsplit_once('.').is_some_and(|(_, kind)| DOCUMENTS.contains(&kind))
}

/// How the names of documents end.
const DOCUMENTS: [&str; 7] = ["pdf", "doc", "docx", "docm", "odt", "rtf", "zip"];

fn is_share(link: &str) -> bool {
    let Some((host, path)) = parts(link) else { return false };
    let below = |parent: &str| host == parent || host.strip_suffix(parent).is_some_and(|h| h.ends_with('.'));
    let known = HOSTS.iter().any(|(parent, start)| below(parent) && path.starts_with(start) && path.len() > 1);
    let handed_over = path.len() > 1 && host.split('.').any(|label| HANDS_OVER.iter().any(|name| label.contains(name)));
    let called = || host.split(['.', '-']).any(|label| STORES.contains(&label));
    let store = PATHS.iter().any(|p| path.strip_prefix(p).is_some_and(|t| t.len() >= 8 && (called() || is_drawn(t))));
    known || handed_over || store
}
