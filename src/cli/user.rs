//! `docket user`: who may see and decide in the pages.

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde_json::json;

use super::{
    person, say,
    terminal::{WrongArgument, time},
    workplace::Workplace,
};
use crate::{
    clock::Clock,
    config::Config,
    core::{actor::Actor, role::Role},
    desk::Desk,
    instance::Instance,
};

/// Who may see and decide in the pages. Names are told apart whatever their case.
#[derive(Debug, Args)]
pub struct UserCommand {
    #[command(subcommand)]
    what: What,
    /// Who does it; without it the name at the terminal.
    #[arg(long = "by", global = true, value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Adds a person, and prints a link that works once, within 24 hours: the person sets the password by it.
    /// Where there is no log yet, it begins.
    Add {
        /// The name, as it is shown where the person decided.
        name: String,
        /// What the person may do: viewer (see), officer (decide), administrator (say who else may).
        #[arg(long)]
        role: Role,
    },
    /// Makes a new link for a person who has lost the password; the one before holds no more.
    Link {
        /// The name.
        name: String,
    },
    /// Sets what a person may do from now on; all sessions of the person end.
    Role {
        /// The name.
        name: String,
        /// What the person may do.
        role: Role,
    },
    /// Ends what a person may do, with all sessions and tokens. The account stays, for decisions name it.
    Disable {
        /// The name.
        name: String,
    },
    /// Lets a person in again who was disabled.
    Enable {
        /// The name.
        name: String,
    },
    /// Prints who may use the pages.
    List {
        /// One JSON object a person: name, role, disabled, `has_password`, sessions.
        #[arg(long)]
        json: bool,
    },
    /// Prints a token for scripts, which is shown once: `Authorization: Bearer TOKEN` acts as that person.
    Token {
        /// The name.
        name: String,
        /// Until when it holds, such as 2021-03-31; without it for a year.
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
}

impl UserCommand {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        if let What::List { json } = &self.what {
            return list(place, *json).await;
        }
        let instance = match &self.what {
            // The first administrator may be there before the daemon is.
            What::Add { .. } => place.instance_that_may_begin(Config::load(place.config())?, Clock::System).await?,
            _ => place.instance().await?,
        };
        let desk = Desk::new(instance.clone());
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        match &self.what {
            What::Add { name, role } => {
                let secret = desk.add_account(name, *role, &actor).await?;
                say(&format!("{} is {role}, and sets the password at:", name.trim()))?;
                say(&welcome(&instance, secret.shown()))?;
            }
            What::Link { name } => {
                let secret = desk.link_account(name, &actor).await?;
                say(&welcome(&instance, secret.shown()))?;
            }
            What::Role { name, role } => {
                desk.set_role(name, *role, &actor).await?;
                say(&format!("{} is {role} from now on, and logs in again.", name.trim()))?;
            }
            What::Disable { name } => {
                desk.disable_account(name, &actor).await?;
                say(&format!("{} may do nothing in the pages any more.", name.trim()))?;
            }
            What::Enable { name } => {
                desk.enable_account(name, &actor).await?;
                say(&format!("{} may use the pages again.", name.trim()))?;
            }
            What::Token { name, until } => {
                let zone = instance.call(None).and_then(|open| TimeZone::get(&open.deadline.zone).ok());
                let zone = zone.unwrap_or(TimeZone::UTC);
                let until = until.as_deref().map(|text| time(text, &zone)).transpose()?;
                if until.is_some_and(|until| until <= instance.clock.now()) {
                    return Err(WrongArgument("the time of --until is over".to_owned()).into());
                }
                say(desk.make_token(name, until, &actor).await?.0.shown())?;
            }
            What::List { .. } => {}
        }
        Ok(())
    }
}

async fn list(place: &Workplace, as_json: bool) -> anyhow::Result<()> {
    let desk = Desk::new(place.to_read().await?);
    let accounts = desk.accounts().await?;
    if accounts.is_empty() && !as_json {
        say("Nobody has an account: the pages can be read on this machine, and nobody decides in them.")?;
    }
    for listed in accounts {
        if as_json {
            let line = json!({"name": listed.name, "role": listed.role, "disabled": listed.disabled,
                "has_password": listed.has_password, "sessions": listed.sessions});
            say(&line.to_string())?;
            continue;
        }
        let now = match (listed.disabled, listed.has_password, listed.sessions) {
            (Some(_), ..) => "disabled".to_owned(),
            (None, false, _) => "has set no password yet".to_owned(),
            (None, true, 0) => "not logged in".to_owned(),
            (None, true, 1) => "1 session".to_owned(),
            (None, true, n) => format!("{n} sessions"),
        };
        say(&format!("{}: {}, {now}", listed.name, listed.role))?;
    }
    Ok(())
}

/// The address at which a person sets the password.
fn welcome(instance: &Instance, secret: &str) -> String {
    let web = instance.config.web.as_ref();
    let at = web.and_then(|web| web.address.as_ref()).map_or_else(
        || {
            let listen = web.map_or_else(|| crate::config::WebConfig::default().listen, |web| web.listen);
            format!("http://{listen}")
        },
        crate::config::PagesAddress::origin,
    );
    format!("{at}/welcome/{secret}")
}
