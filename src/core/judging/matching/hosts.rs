//! The name of a host: whether a domain can be one, and what it looks like.

/// Whether a domain can be a host's name.
pub(super) fn is_host(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let letters = label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii());
        letters && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    })
}

/// The domain with letters that look alike made one.
pub(super) fn shape(domain: &str) -> String {
    let plain: String = domain
        .chars()
        .map(|c| match c {
            '0' | 'о' | 'ο' => 'o',
            '1' | 'l' | 'і' | 'í' | 'ı' | 'ӏ' | '|' => 'i',
            '3' | 'е' | 'ё' | 'é' => 'e',
            '5' | 'ѕ' => 's',
            'а' | 'á' | 'à' => 'a',
            'с' => 'c',
            'р' => 'p',
            'х' => 'x',
            'у' => 'y',
            'м' => 'm',
            'т' => 't',
            'к' => 'k',
            'ԁ' => 'd',
            'ɡ' => 'g',
            'ν' | 'ѵ' => 'v',
            other => other,
        })
        .collect();
    plain.replace("rn", "m").replace("vv", "w")
}

/// The domain without dots and hyphens.
pub(super) fn squash(domain: &str) -> String {
    domain.chars().filter(|c| !matches!(c, '.' | '-')).collect()
}
