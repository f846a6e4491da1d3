//! A table of people as a spreadsheet writes it.
//!
//! Takes commas, semicolons and tabs, capitals, blank rows and a byte order mark. Promises that a text in an encoding that
//! has to be guessed, and a day that may mean another, are not taken, and that every mistake is said with its line and with
//! what to write instead.

use csv::StringRecord;
use jiff::civil::Date;

use crate::{
    core::{
        judging::matching::Register,
        mail::address::{domain, is_address},
        text::language::Language,
    },
    store::Person,
};

const COLUMNS: [&str; 6] = ["iso3", "name", "address", "language", "from", "until"];

/// What may stand between cells.
const BETWEEN: [char; 4] = [',', ';', '\t', ' '];

/// Characters of what is no cell of its kind that are shown.
const SHOWN: usize = 60;

/// The people of a table, each once; or all of its mistakes.
pub(super) fn read(table: &[u8], register: &Register) -> Result<Vec<Person>, Vec<String>> {
    let text = decoded(table).map_err(|mistake| vec![mistake])?;
    let (told, text) = told_delimiter(text);
    let delimiter = told.unwrap_or_else(|| delimiter(text));
    let lines_before = usize::from(told.is_some());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut heads: Option<Vec<String>> = None;
    let (mut people, mut mistakes): (Vec<(usize, Person)>, Vec<String>) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.map_err(|error| vec![error.to_string()])?;
        let line = lines_before + line_of(text, &row);
        if row.iter().all(|cell| cell.trim().trim_matches(BETWEEN).is_empty()) {
            continue;
        }
        let Some(heads) = &heads else {
            heads = Some(columns(&row).map_err(|mistake| vec![format!("line {line}: {mistake}")])?);
            continue;
        };
        let read = person(heads, &row, register).and_then(|person| match known(&people, &person) {
            None => Ok(Some(person)),
            Some((_, same)) if *same == person => Ok(None),
            Some((before, _)) => {
                Err(format!("“{}” stands in line {before} already, with something else beside it", person.address))
            }
        });
        match read {
            Ok(person) => people.extend(person.map(|person| (line, person))),
            Err(mistake) => mistakes.push(format!("line {line}: {mistake}")),
        }
    }
    match (heads, mistakes.is_empty()) {
        (None, _) => Err(vec![format!("it is empty; its first line names the columns {}", COLUMNS.join(", "))]),
        (Some(_), false) => Err(mistakes),
        (Some(_), true) => Ok(people.into_iter().map(|(_, person)| person).collect()),
    }
}

/// The line on which a row begins, the ends of the lines before it counted as they are.
fn line_of(text: &str, row: &StringRecord) -> usize {
    let at = row.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(0);
    let behind = text.get(at..).unwrap_or_default();
    let begins = at + behind.len() - behind.trim_start_matches(['\r', '\n']).len();
    1 + text.bytes().take(begins).filter(|byte| *byte == b'\n').count()
}

fn known<'p>(people: &'p [(usize, Person)], person: &Person) -> Option<&'p (usize, Person)> {
    people.iter().find(|(_, known)| known.iso3 == person.iso3 && known.address == person.address)
}

/// The text of a table; nothing is guessed about its letters.
fn decoded(table: &[u8]) -> Result<&str, String> {
    const SAVE: &str = "in Excel, save it as “CSV UTF-8”";
    if table.starts_with(b"PK\x03\x04") || table.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(format!("it is a workbook, not a table as text; {SAVE}"));
    }
    if table.starts_with(b"\xff\xfe") || table.starts_with(b"\xfe\xff") || table.contains(&0) {
        return Err(format!("it is written in UTF-16, as Excel’s “Unicode text” is; {SAVE}"));
    }
    let text = std::str::from_utf8(table).map_err(|error| {
        let line = table[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        format!(
            "line {line}: it has a letter that is not UTF-8; Excel’s plain “CSV” is Windows-1252 or another of many, and \
             names would be misread: {SAVE}"
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// What Excel puts before a table to say what stands between its cells, and the table behind it.
fn told_delimiter(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let told = first.trim_end_matches('\r').trim_matches('"');
    match told.get(..4).filter(|sep| sep.eq_ignore_ascii_case("sep=")).map(|_| &told.as_bytes()[4..]) {
        Some(&[delimiter]) => (Some(delimiter), rest),
        _ => (None, text),
    }
}

/// What stands between the names of the columns.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().find(|line| !line.trim().trim_matches(BETWEEN).is_empty()).unwrap_or_default();
    let count = |delimiter: u8| head.bytes().filter(|byte| *byte == delimiter).count();
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// The names of the columns, whatever the case of their letters.
fn columns(row: &StringRecord) -> Result<Vec<String>, String> {
    let heads: Vec<String> = row.iter().map(|head| head.trim().to_lowercase()).collect();
    let missing: Vec<&str> = COLUMNS.into_iter().filter(|column| !heads.iter().any(|head| head == column)).collect();
    if missing.is_empty() {
        return Ok(heads);
    }
    let found = if heads.len() == 1 { "; between them stands a comma, a semicolon or a tab" } else { "" };
    Err(format!("the columns {} are missing{found}", missing.join(", ")))
}

fn person(heads: &[String], row: &StringRecord, register: &Register) -> Result<Person, String> {
    if row.iter().skip(heads.len()).any(|cell| !cell.trim().is_empty()) {
        return Err(
            "it has more cells than there are columns; a name with a comma stands between quotation marks".to_owned()
        );
    }
    let cell = |column: &str| {
        let place = heads.iter().position(|head| head == column)?;
        row.get(place).map(str::trim).filter(|cell| !cell.is_empty())
    };
    let state = cell("iso3").ok_or("no state stands in “iso3”; write its code, such as NOR, or its name")?;
    let iso3 = match register.meant(state)[..] {
        [one] => one,
        [] => return Err(format!("{} is no state that the tables know; write its code, such as NOR", quoted(state))),
        ref several => {
            let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
            return Err(format!("{} may mean {}; write the code", quoted(state), codes.join(" or ")));
        }
    };
    let address = cell("address").unwrap_or_default().trim_start_matches("mailto:").to_lowercase();
    // Nobody outside can be reached at a machine without a domain.
    if !is_address(&address) || !domain(&address).contains('.') {
        return Err(format!("{} is no address; write it alone, such as name@example.org", quoted(&address)));
    }
    let language =
        cell("language").map(|code| code.parse::<Language>().map_err(|error| error.to_string())).transpose()?;
    let valid = (cell("from").map(day).transpose()?, cell("until").map(day).transpose()?);
    if let (Some(from), Some(until)) = valid
        && until < from
    {
        return Err(format!("it ends on {until}, before it begins on {from}"));
    }
    let language = language.map(|language| language.code().to_owned());
    Ok(Person { iso3, name: cell("name").map(str::to_owned), address, language, valid })
}

/// A day as it is written here, or as a spreadsheet writes it where no other day can be meant.
fn day(text: &str) -> Result<Date, String> {
    let bare = text.trim_end_matches(" 00:00:00").trim_end_matches(" 00:00");
    if let Ok(day) = bare.parse::<Date>() {
        return Ok(day);
    }
    let wrong = || format!("{} is no date; write 2020-09-30", quoted(text));
    let mark = bare.chars().find(|c| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let parts: Option<Vec<i16>> = bare.split(mark).map(|part| part.parse().ok()).collect();
    let Some(&[first, second, third]) = parts.as_deref() else { return Err(wrong()) };
    let (year, month, day) = match (mark, first >= 1_000, third >= 1_000) {
        ('.' | '/', true, false) => (first, second, third),
        ('.', false, true) => (third, second, first),
        ('/', false, true) if first > 12 || first == second => (third, second, first),
        ('/', false, true) if second > 12 => (third, first, second),
        ('/', false, true) => {
            let other = format!("{third}-{second:02}-{first:02} or {third}-{first:02}-{second:02}");
            return Err(format!("{} may mean two days; write {other}", quoted(text)));
        }
        _ => return Err(wrong()),
    };
    let small = |part: i16| i8::try_from(part).map_err(|_| wrong());
    Date::new(year, small(month)?, small(day)?).map_err(|_| wrong())
}

fn quoted(text: &str) -> String {
    format!("“{}”", text.chars().take(SHOWN).collect::<String>())
}
