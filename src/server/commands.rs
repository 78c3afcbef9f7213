//! What the command line can do beside serving.

use super::access::System;
use super::clock::Clock;
use super::config::{Answer, Command, CommandLine, Config, Serve};
use super::db::{self, Database};
use super::outbox::Transport;
use super::run;
use super::state::House;
use crate::requests;
use crate::types::RequestId;
use std::path::Path;

/// Does what the command line says.
///
/// # Errors
/// A sentence for the operator; the program then ends with code 1.
pub async fn execute(line: CommandLine) -> Result<(), String> {
    match line.command {
        Command::Serve(args) => run::serve(args).await,
        Command::Demo { data, base_url, services } => crate::demo::fill(&data.path, &base_url, services).await,
        Command::Doctor(args) => doctor(&args).await,
        Command::Requests { settings, answer } => answer_requests(&settings, answer).await,
        Command::Backup { data, file } => {
            db::backup(&db::file(&data.path), &file).await?;
            println!("The database was copied to {}. Keep {} with it.", file.display(), data.path.join("latchkey.key").display());
            Ok(())
        }
    }
}

/// Lists the requests that wait, or answers one.
async fn answer_requests(settings: &Serve, answer: Option<Answer>) -> Result<(), String> {
    let dir = &settings.data.path;
    let file = db::file(dir);
    if !file.exists() {
        return Err(format!("There is no database at {}.", file.display()));
    }
    let house = House::new(Config::check(settings, false)?, Clock::system(), run::key(dir)?, Database::open(&file).await?);
    let said = requested(&house, answer).await.map_err(|error| error.to_string());
    house.close().await;
    said?.map(|text| println!("{text}")).ok_or_else(|| "No such request is pending.".into())
}

async fn requested(house: &House, answer: Option<Answer>) -> crate::error::Result<Option<String>> {
    let (id, done, say) = match answer {
        None => {
            let waiting = requests::store::open(&mut System::of(house).read().await?).await?;
            let lines = waiting.iter().map(|w| {
                let p = &w.pending;
                format!(
                    "{}  {}  {} of {} ({}, account {}), asked by {}: {}",
                    w.id,
                    p.at.date(),
                    p.kind.title(),
                    w.thing,
                    w.account.0,
                    w.account.1,
                    p.by,
                    p.sentence()
                )
            });
            let text = lines.collect::<Vec<_>>().join("\n");
            return Ok(Some(if text.is_empty() { "No request waits.".into() } else { text }));
        }
        Some(Answer::Done { id, say }) => (id, true, say),
        Some(Answer::Refuse { id, say }) => (id, false, say),
    };
    let Some(id) = RequestId::parse(&id) else { return Ok(None) };
    let mut tx = System::of(house).begin().await?;
    let said = requests::store::decide(&mut tx, &id, done, say.trim()).await?;
    tx.commit().await?;
    Ok(said)
}

/// Looks at everything that can be wrong before anybody notices. Prints one line per finding.
async fn doctor(args: &Serve) -> Result<(), String> {
    let mut wrong = Vec::new();
    let mut say = |ok: &str, result: Result<(), String>| match result {
        Ok(()) => println!("ok     {ok}"),
        Err(sentence) => {
            println!("wrong  {sentence}");
            wrong.push(sentence);
        }
    };
    let dir = &args.data.path;
    let served = dir.exists() && run::hold(dir).is_err();
    say("The data directory can be written.", writable(dir));
    say("The settings are sound.", Config::check(args, false).map(|_| ()));
    let file = db::file(dir);
    if file.exists() {
        let found = db::inspect(&file).await;
        if found.as_ref().is_ok_and(|found| found.demo) {
            println!("note   This data directory holds the demo: its logins are public.");
        }
        if found.as_ref().is_ok_and(|found| found.older) {
            println!("note   The database is from an older version; the next start brings it to this one. Make a backup before.");
        }
        say("The database is whole and can be used by this version.", found.map(|_| ()));
        say(
            "The installation's key is there.",
            if dir.join("latchkey.key").exists() {
                Ok(())
            } else {
                Err(format!("The key file {} is missing; links to copy will be made anew.", dir.join("latchkey.key").display()))
            },
        );
    } else {
        println!("note   There is no database yet; the first start makes it.");
    }
    match Transport::open(args.smtp_url.as_deref(), dir) {
        Ok(transport) => say("Mail can be handed over.", transport.check().await),
        Err(sentence) => say("", Err(sentence)),
    }
    if args.smtp_url.is_none() {
        println!("note   No SMTP server is set: mail is kept as files in {} and reaches nobody.", super::outbox::mail_dir(dir).display());
    }
    if served {
        println!("note   The data directory is being served right now.");
    } else {
        let free = tokio::net::TcpListener::bind(args.listen).await;
        say("The address to listen on is free.", free.map(|_| ()).map_err(|error| format!("The address {} cannot be listened on: {error}.", args.listen)));
    }
    match wrong.len() {
        0 => {
            println!("Nothing is wrong.");
            Ok(())
        }
        1 => Err("One thing is wrong.".into()),
        n => Err(format!("{n} things are wrong.")),
    }
}

fn writable(dir: &Path) -> Result<(), String> {
    let probe = dir.join(".doctor");
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&probe, b"x"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| format!("The data directory {} cannot be written: {error}.", dir.display()))
}
