//! `docket people`: the secretariat's list of focal points.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::json;

use super::{extract::read_file, say, table::wrapped, workplace::Workplace};
use crate::{
    clock::Clock,
    config::{Config, Loaded},
    core::{
        iso3::Iso3,
        judging::matching::{Form, Register},
        text::language::Language,
    },
    desk::{
        Desk,
        people::{PeopleImport, PersonChange, changes, people_of},
        state_named,
    },
    instance::{InstanceError, Reference},
    store::Person,
};

/// The secretariat's list of focal points; reminders go to these addresses alone.
#[derive(Debug, Args)]
pub struct People {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Prints the list, by state, with those whose time is over or still to come.
    List {
        /// Only this state: by code, or by name in any of the six languages.
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// One JSON object a person: iso3, state, name, address, language, from, until, holds (today).
        #[arg(long)]
        json: bool,
    },
    /// Takes in focal points from a CSV file with the columns iso3, name, address, language, from, until, and says what
    /// that changes.
    ///
    /// The last three may be empty; the state may be written by name. Whoever is new is added, and whoever has a last day in
    /// the file ends with it. Nobody is taken off the list for not being in the file, and nothing else that the list says of
    /// somebody is changed, unless --replace is given. The file may be as Excel saves it: with commas, semicolons or tabs, in
    /// UTF-8. A file with a mistake in it changes nothing. Where there is no log yet, it begins.
    Import {
        /// The file.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// Only show what would change.
        #[arg(long)]
        dry_run: bool,
        /// What the file says of somebody takes the place of what the list says; and of each state in the file, whoever is
        /// not in it ends yesterday.
        #[arg(long)]
        replace: bool,
    },
}

impl People {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        match &self.what {
            What::List { state, json } => list(place, state.as_deref(), *json).await,
            What::Import { file, dry_run, replace } => {
                let how = PeopleImport { replace: *replace, dry_run: *dry_run };
                import(place, file, how).await
            }
        }
    }
}

async fn list(place: &Workplace, of: Option<&str>, json: bool) -> anyhow::Result<()> {
    let instance = place.to_read().await?;
    let of = of.map(|named| state_named(&instance.register, named)).transpose()?;
    let desk = Desk::new(instance.clone());
    let today = desk.today();
    let mut people = desk.people().await?;
    people.retain(|person| of.is_none_or(|iso3| person.iso3 == iso3));
    people.sort_by_cached_key(|person| (instance.name(person.iso3), person.address.clone()));
    if people.is_empty() && !json {
        say("No focal point is in the list.")?;
    }
    for person in &people {
        let state = instance.name(person.iso3);
        if json {
            let Person { iso3, name, address, language, valid: (from, until) } = person;
            let line = json!({"iso3": iso3, "state": state, "name": name, "address": address, "language": language,
                "from": from, "until": until, "holds": person.holds(today)});
            say(&line.to_string())?;
            continue;
        }
        let over = person.valid.1.is_some_and(|until| until < today);
        let holds = if person.holds(today) {
            ""
        } else if over {
            " (over)"
        } else {
            " (not yet)"
        };
        say(&wrapped(&format!("{}{holds}", in_words(person)), &format!("{state}: ")))?;
    }
    Ok(())
}

async fn import(place: &Workplace, file: &Path, how: PeopleImport) -> anyhow::Result<()> {
    let loaded = Config::load(place.config())?;
    let at = || file.display().to_string();
    let table = read_file(file).with_context(at)?;
    if !how.dry_run {
        let instance = place.instance_that_may_begin(loaded, Clock::System).await?;
        let changes = Desk::new(instance.clone()).import_people(&table, how).await.with_context(at)?;
        return tell(&changes, how, &|iso3| instance.name(iso3));
    }
    match place.try_instance(&loaded).await {
        Ok(instance) => {
            let changes = Desk::new(instance.clone()).import_people(&table, how).await.with_context(at)?;
            tell(&changes, how, &|iso3| instance.name(iso3))
        }
        Err(error) if error.has_no_log() => before_a_log(loaded, (&table, &at()), how),
        Err(error) => Err(error.into()),
    }
}

/// What a table would change where no log was begun: the list is empty, and nothing is made.
fn before_a_log(loaded: Loaded, (table, at): (&[u8], &str), how: PeopleImport) -> anyhow::Result<()> {
    let register: Register = Reference::read(loaded.config, loaded.shipped).map_err(InstanceError::from)?.register;
    let today = Clock::System.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let table = people_of(table, &register).with_context(|| at.to_owned())?;
    let changes = changes(&[], table, how.replace, today);
    tell(&changes, how, &|iso3| register.name(iso3, Language::En, today, Form::Short))
}

/// Says what changes, a line each, and how much that is.
fn tell(changes: &[PersonChange], how: PeopleImport, name: &dyn Fn(Iso3) -> String) -> anyhow::Result<()> {
    let (mut added, mut ended, mut replaced, mut kept, mut same) = (0, 0, 0, 0, 0);
    let line = |lead: &str, person: &Person, more: String| {
        say(&wrapped(&format!("{}: {}{more}", name(person.iso3), in_words(person)), lead))
    };
    for change in changes {
        let counted = match change {
            PersonChange::Added(person) => {
                line("adds      ", person, String::new())?;
                &mut added
            }
            PersonChange::Ended(person) => {
                line("ends      ", person, String::new())?;
                &mut ended
            }
            PersonChange::Replaced { before, now } => {
                line("replaces  ", now, format!(" (before: {})", differences(before, now)))?;
                &mut replaced
            }
            PersonChange::Kept { list, table } => {
                line("keeps     ", list, format!(" (the file says: {})", differences(table, list)))?;
                &mut kept
            }
            PersonChange::Same(_) => &mut same,
        };
        *counted += 1;
    }
    let hint = if kept == 0 { "" } else { " (--replace takes what the file says)" };
    let said = format!("{added} added, {ended} ended, {replaced} replaced, {kept} kept{hint}, {same} the same.");
    say(&wrapped(&if how.dry_run { format!("Nothing was changed. Without --dry-run: {said}") } else { said }, ""))?;
    Ok(())
}

/// A person, without the state.
fn in_words(person: &Person) -> String {
    let Person { name, address, language, valid: (from, until), .. } = person;
    let who = name.as_ref().map_or_else(|| address.clone(), |name| format!("{name} <{address}>"));
    let language = language.as_ref().map(|language| format!(", {language}")).unwrap_or_default();
    let from = from.map(|from| format!(", from {from}")).unwrap_or_default();
    let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
    format!("{who}{language}{from}{until}")
}

/// What is said of somebody that is not said there.
fn differences(said: &Person, there: &Person) -> String {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let parts = [
        ("name", said.name.clone(), there.name.clone()),
        ("language", said.language.clone(), there.language.clone()),
        ("from", day(said.valid.0), day(there.valid.0)),
        ("until", day(said.valid.1), day(there.valid.1)),
    ];
    let differ = parts.into_iter().filter(|(_, said, there)| said != there);
    let differ: Vec<String> =
        differ.map(|(what, said, _)| format!("{what} {}", said.as_deref().unwrap_or("not said"))).collect();
    differ.join(", ")
}
