//! Dates, times, numbers and sizes as each of the six languages writes them.
//!
//! Promises an answer for every value: a zone that is not in the database is read as UTC. English and French name the
//! zone by its city; the other languages by its IANA name.

use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

use crate::core::text::{digits::grouped, language::Language};

/// A day in words: `30 September 2020`, `1er octobre 2020`.
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    let (year, month, day) = (date.year(), month(date, language), date.day());
    match language {
        Language::En | Language::Ar => format!("{day} {month} {year}"),
        Language::Fr if day == 1 => format!("1er\u{a0}{month} {year}"),
        Language::Fr => format!("{day}\u{a0}{month} {year}"),
        Language::Es => format!("{day} de {month} de {year}"),
        Language::Ru => format!("{day}\u{a0}{month} {year} года"),
        Language::Zh => format!("{year}年{month}{day}日"),
    }
}

fn month(date: Date, language: Language) -> &'static str {
    let names: [&str; 12] = match language {
        Language::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Language::Fr => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        Language::Es => [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        Language::Ru => [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ],
        Language::Ar => [
            "كانون الثاني/يناير",
            "شباط/فبراير",
            "آذار/مارس",
            "نيسان/أبريل",
            "أيار/مايو",
            "حزيران/يونيه",
            "تموز/يوليه",
            "آب/أغسطس",
            "أيلول/سبتمبر",
            "تشرين الأول/أكتوبر",
            "تشرين الثاني/نوفمبر",
            "كانون الأول/ديسمبر",
        ],
        Language::Zh => ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    };
    let index = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    names.get(index).copied().unwrap_or_default()
}

/// An instant in a zone: `30 September 2020, 23:56 (Geneva time, UTC+2)`.
#[must_use]
pub fn moment(instant: Timestamp, zone: &str, language: Language) -> String {
    let known = TimeZone::get(zone);
    let (zone, tz) = known.map_or(("UTC", TimeZone::UTC), |tz| (zone, tz));
    let offset = tz.to_offset(instant);
    let local = tz.to_datetime(instant);
    let (hour, minute) = (local.hour(), local.minute());
    let day = day(local.date(), language);
    let at = match language {
        Language::Fr => format!("{day} à {hour}\u{a0}h\u{a0}{minute:02}"),
        Language::Zh => format!("{day}{hour}:{minute:02}"),
        _ => format!("{day}, {hour}:{minute:02}"),
    };
    let name = zone_name(zone, language);
    let utc = utc(offset);
    if name == utc { format!("{at} ({utc})") } else { format!("{at} ({name}, {utc})") }
}

/// The zone in words: `Geneva time`, `heure de Genève`.
#[must_use]
pub fn zone_name(zone: &str, language: Language) -> String {
    if matches!(zone, "UTC" | "Etc/UTC") {
        return "UTC".to_owned();
    }
    let city = SEATS.iter().find(|(id, _, _)| *id == zone);
    let plain = || zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
    match language {
        Language::En => format!("{} time", city.map_or_else(plain, |(_, en, _)| (*en).to_owned())),
        Language::Fr => {
            let city = city.map_or_else(plain, |(_, _, fr)| (*fr).to_owned());
            let elided = city.starts_with(|c: char| "AEIOUYÉÈÎ".contains(c));
            if elided { format!("heure d’{city}") } else { format!("heure de {city}") }
        }
        _ => zone.to_owned(),
    }
}

/// The city after which a zone is called in English: `Geneva`, `UTC`.
#[must_use]
pub fn city(zone: &str) -> String {
    let name = zone_name(zone, Language::En);
    name.strip_suffix(" time").map_or_else(|| name.clone(), str::to_owned)
}

/// The duty stations of the United Nations whose city is not, or not in French, the zone's own: letters name the city.
const SEATS: [(&str, &str, &str); 7] = [
    ("Europe/Zurich", "Geneva", "Genève"),
    ("America/New_York", "New York", "New York"),
    ("Europe/Vienna", "Vienna", "Vienne"),
    ("Africa/Addis_Ababa", "Addis Ababa", "Addis-Abeba"),
    ("Asia/Beirut", "Beirut", "Beyrouth"),
    ("Africa/Cairo", "Cairo", "Le Caire"),
    ("Europe/Brussels", "Brussels", "Bruxelles"),
];

fn utc(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let sign = if minutes < 0 { '-' } else { '+' };
    match (hours, rest) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// A whole number with its groups of three: `5,000`, `5 000`.
#[must_use]
pub fn number(value: u64, language: Language) -> String {
    let separator = match language {
        Language::En | Language::Zh | Language::Ar => ',',
        Language::Fr | Language::Es | Language::Ru => '\u{202f}',
    };
    grouped(value, separator)
}

/// A size in the unit a person would use, decimal like the file managers': `35 kB`, `1,2 Mo`.
#[must_use]
pub fn size(bytes: u64, language: Language) -> String {
    const UNITS: [u64; 3] = [1_000, 1_000_000, 1_000_000_000];
    let names = match language {
        Language::Fr => ["octets", "ko", "Mo", "Go"],
        Language::Ru => ["байт", "кБ", "МБ", "ГБ"],
        _ => ["bytes", "kB", "MB", "GB"],
    };
    let space = '\u{a0}';
    let rank = UNITS.iter().filter(|unit| bytes >= **unit).count();
    let Some(unit) = rank.checked_sub(1).and_then(|index| UNITS.get(index)) else {
        let one = bytes == 1 || (bytes == 0 && language == Language::Fr);
        let name = if one { names[0].trim_end_matches('s') } else { names[0] };
        return format!("{bytes}{space}{name}");
    };
    let tenths = bytes / (unit / 10);
    let (whole, tenth) = (number(tenths / 10, language), tenths % 10);
    // A tenth of a kilobyte is of no interest to anyone.
    if rank == 1 || tenth == 0 {
        return format!("{whole}{space}{}", names[rank]);
    }
    let point = if matches!(language, Language::Fr | Language::Es | Language::Ru) { ',' } else { '.' };
    format!("{whole}{point}{tenth}{space}{}", names[rank])
}

/// Several things as one: `A, B and C`.
#[must_use]
pub fn listed(items: &[String], language: Language) -> String {
    let (comma, and) = match language {
        Language::En => (", ", " and "),
        Language::Fr => (", ", " et "),
        Language::Es => (", ", " y "),
        Language::Ru => (", ", " и "),
        Language::Ar => ("، ", " و"),
        Language::Zh => ("、", "和"),
    };
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{}{and}{last}", most.join(comma)),
    }
}
