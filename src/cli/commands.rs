//! What the command line can do beside serving.

use crate::access::state::AppState;
use crate::access::{Open, System, Tx, data_dir, device, session, settings};
use crate::cli::{jobs, run};
use crate::demo;
use crate::error::AppError;
use crate::features::audit::model::AuditKind;
use crate::features::audit::record::{self, Actor, Entry};
use crate::features::incoming::spool;
use crate::features::invoices::documents;
use crate::features::mail::announce::{self, AnnounceReport, Announcement};
use crate::features::{requests, second_factor, tickets, users};
use crate::operator::team;
use crate::outbox::{self, Transport};
use crate::permission::StaffRole;
use crate::platform::clock::Clock;
use crate::platform::config::{Command, CommandLine, Config, Help, RequestAnswer, Serve, StaffAct};
use crate::platform::db::{self, Database};
use crate::platform::typeset;
use crate::types::{RequestId, TimeFormat, Timestamp, UserId};
use crate::web::lmtp;
use crate::web::state::app_state;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Does what the command line says.
///
/// # Errors
/// A sentence for the operator; the program then ends with code 1.
pub async fn execute(line: CommandLine) -> Result<(), String> {
    // What is written here is for whoever runs the portal, and for nobody else on the machine (OWASP ASVS 5.0
    // §13.3.2).
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    match line.command {
        Command::Serve(args) => run::serve(args).await,
        Command::Demo { data, base_url, services, contacts, tickets, invoices } => {
            let measured = demo::Measured { services, contacts, tickets, invoices };
            demo::fill(&data.path, &base_url, &measured).await
        }
        Command::MailIn { settings, from, to } => {
            let code = mail_in(&settings, from, to).await;
            if code == 0 { Ok(()) } else { std::process::exit(code) }
        }
        Command::Typeset => std::process::exit(typeset::serve()),
        Command::Doctor(args) => doctor(&args).await,
        Command::Requests { settings, answer } => answer_requests(&settings, answer).await,
        Command::Staff { settings, act } => staff(&settings, act).await,
        Command::User { settings, help } => help_user(&settings, help).await,
        Command::Announce { settings, category, file, account, key, dry_run } => {
            let text = std::fs::read_to_string(&file)
                .map_err(|error| format!("The file {} cannot be read: {error}.", file.display()))?;
            let announcement = Announcement::read(&category, &text, &account, key)?;
            let app = context(&settings).await?;
            let outcome = announce::announce(&app, &announcement, dry_run).await;
            app.close().await;
            let outcome = outcome.map_err(|error| match error {
                AppError::NotFound => format!("No active account has the id or number {account}."),
                other => other.to_string(),
            })?;
            print!("{}", announced(&announcement, &outcome, dry_run));
            Ok(())
        }
        Command::Restore { settings, file, key } => restore(&settings, &file, key.as_deref()).await,
        Command::Backup { data, file } => {
            db::backup(&db::file(&data.path), &file).await?;
            // After the database: a file is there before a row names it.
            let files = beside(&file);
            for folder in FOLDERS {
                copy_folder(&data.path.join(folder), &files.join(folder))
                    .map_err(|error| format!("The files of tickets could not be copied: {error}."))?;
            }
            println!(
                "The database was copied to {}, the files of tickets to {}. A restore also needs {}: keep that file somewhere else, because anybody who has both has every second factor.",
                file.display(),
                files.display(),
                data.key_file().display()
            );
            Ok(())
        }
    }
}

/// Takes an e-mail from standard input. Returns the exit code for the mail server (sysexits.h).
async fn mail_in(settings: &Serve, from: String, to: Vec<String>) -> i32 {
    const DATA: i32 = 65;
    const NO_USER: i32 = 67;
    const LATER: i32 = 75;
    let later = |error: &dyn std::fmt::Display| {
        eprintln!("The e-mail could not be taken: {error}.");
        LATER
    };
    use std::io::Read as _;
    let mut raw = Vec::new();
    let most = spool::LARGEST as u64 + 1;
    if let Err(error) = std::io::stdin().lock().take(most).read_to_end(&mut raw) {
        return later(&error);
    }
    if raw.len() > spool::LARGEST || raw.iter().all(u8::is_ascii_whitespace) {
        eprintln!("This is no e-mail, or one of more than {} bytes.", spool::LARGEST);
        return DATA;
    }
    let from = if from == "<>" { String::new() } else { from };
    let envelope = spool::Envelope { from, to };
    if !envelope.to.is_empty() {
        match known_recipient(settings, &envelope.to).await {
            Ok(true) => {}
            Ok(false) => {
                eprintln!("Nobody here takes mail at {}.", envelope.to.join(", "));
                return NO_USER;
            }
            Err(error) => return later(&error),
        }
    }
    let id = Clock::system().new_id();
    match spool::put(&settings.data.path, &id, &envelope, &raw) {
        Ok(()) => 0,
        Err(error) => later(&error),
    }
}

/// Does somebody here take mail at one of these addresses?
async fn known_recipient(settings: &Serve, to: &[String]) -> Result<bool, String> {
    let app = context(settings).await?;
    let mut known = false;
    for address in to {
        known = known || lmtp::takes(&app, address).await.map_err(|error| error.to_string())?;
    }
    app.close().await;
    Ok(known)
}

/// Opens the application of a data directory for a command, also while it is being served.
async fn context(settings: &Serve) -> Result<AppState, String> {
    let dir = &settings.data.path;
    let file = db::file(dir);
    if !file.exists() {
        return Err(format!("There is no database at {}.", file.display()));
    }
    let database = Database::open(&file).await?;
    let said = settings.clone().like(settings::served(&database).await?);
    let key = data_dir::key(&said.key_file())?;
    record::check_key(&database, &key).await?;
    let app = app_state(Config::check(&said, false)?, Clock::system(), key, database, demo::LOGINS);
    settings::load_company(&app).await?;
    Ok(app)
}

/// The same for a command that may come before the first start: what is missing is made.
async fn open_or_create(settings: &Serve) -> Result<AppState, String> {
    let dir = &settings.data.path;
    if db::file(dir).exists() {
        return context(settings).await;
    }
    let _held = data_dir::hold(dir)?;
    let database = Database::open(&db::file(dir)).await?;
    let key = data_dir::key_or_first(&settings.key_file(), &database).await?;
    Ok(app_state(Config::check(settings, false)?, Clock::system(), key, database, demo::LOGINS))
}

/// What an announcement came to, for whoever made it.
fn announced(announcement: &Announcement, outcome: &AnnounceReport, dry_run: bool) -> String {
    let word = if dry_run { "would be written" } else { "written" };
    let many = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let mut out = format!(
        "{} on {} {word}: {}\n",
        many(outcome.messages, "message"),
        many(outcome.accounts, "account"),
        announcement.subject
    );
    if outcome.before > 0 {
        out.push_str(&format!("{} already had it.\n", many(outcome.before, "account")));
    }
    for (email, account, why) in &outcome.first {
        out.push_str(&format!("  {email}  ({account}: {why})\n"));
    }
    if outcome.messages > outcome.first.len() {
        out.push_str(&format!("  … and {} more\n", outcome.messages - outcome.first.len()));
    }
    out.push_str(&format!("Key: {}\n", announcement.key));
    out
}

async fn help_user(settings: &Serve, help: Help) -> Result<(), String> {
    let app = context(settings).await?;
    let said = match help {
        Help::ResetFactor { email } => reset_factor(&app, &email).await,
        Help::EndSessions { email } => end_sessions(&app, &email).await,
    };
    app.close().await;
    println!("{}", said?);
    Ok(())
}

async fn staff(settings: &Serve, act: StaffAct) -> Result<(), String> {
    let app = open_or_create(settings).await?;
    let said = match act {
        StaffAct::Add { email, name, role } => add_staff(&app, &email, &name, &role).await,
        StaffAct::ResetFactor { email } => reset_factor(&app, &email).await,
        StaffAct::Disable { email } => disable_staff(&app, &email).await,
    };
    app.close().await;
    println!("{}", said?);
    Ok(())
}

/// Puts somebody on the staff. Returns what was done, with the link to choose a password.
///
/// # Errors
/// A sentence for the operator.
pub async fn add_staff(app: &AppState, email: &str, name: &str, role: &str) -> Result<String, String> {
    let sentence = |error: AppError| match error {
        AppError::Invalid(errors) => {
            errors.0.into_iter().map(|error| error.message).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    };
    let held = StaffRole::from_key(role).and_then(StaffRole::permissions);
    let held =
        held.ok_or_else(|| format!("There is no role {role}: use administrator, billing or support."))?;
    let (name, email) = team::model::person(name, email).map_err(sentence)?;
    let added = async {
        let mut tx = System::of(app).begin().await?;
        let (_, link) = team::store::add(&mut tx, &name, &email, held).await?;
        let says = team::words::added_to_staff(&name, &held.role().title());
        tx.record_installation(&Actor::command(), Entry::new(AuditKind::StaffAdded, says)).await?;
        tx.commit().await?;
        Ok(link)
    };
    let link = added.await.map_err(sentence)?;
    Ok(format!(
        "{name} ({email}) is on the staff. This link to choose a password works for one hour:\n{}",
        app.url(&crate::paths::reset_password(&link))
    ))
}

/// Removes somebody from the staff and ends their sessions. Returns what was done.
///
/// # Errors
/// A sentence for the operator.
pub async fn disable_staff(app: &AppState, email: &str) -> Result<String, String> {
    let sentence = |error: AppError| error.to_string();
    let mut tx = System::of(app).begin().await.map_err(sentence)?;
    let (id, name, email) = user(&mut tx, email).await?;
    let done = async {
        let before = team::store::show(tx.conn(), &id, &id).await?;
        session::end_all(&mut tx, &id).await?;
        team::store::change(&mut tx, &id, before.version, before.permissions, false).await?;
        let says = team::words::disabled_staff(&name);
        tx.record_installation(&Actor::command(), Entry::new(AuditKind::StaffChanged, says)).await?;
        tx.commit().await
    };
    done.await.map_err(sentence)?;
    Ok(format!("{name} ({email}) can no longer enter the staff area and is signed out everywhere."))
}

/// The user with an address.
async fn user(tx: &mut Tx<Open>, email: &str) -> Result<(UserId, String, String), String> {
    let found = users::store::by_email_for_change(tx, &email.trim().to_ascii_lowercase())
        .await
        .map_err(|error| error.to_string())?;
    let user = found.ok_or_else(|| format!("Nobody has a login with the address {email}."))?;
    Ok((user.id.into(), user.name, user.email))
}

/// Takes every second factor of a user away and ends their sessions; they are told by mail. Returns what was
/// done.
///
/// # Errors
/// A sentence for the operator.
pub async fn reset_factor(app: &AppState, email: &str) -> Result<String, String> {
    let sentence = |error: AppError| error.to_string();
    let mut tx = System::of(app).begin().await.map_err(sentence)?;
    let (id, name, email) = user(&mut tx, email).await?;
    let done = async {
        second_factor::store::reset(&mut tx, &id).await?;
        session::end_all(&mut tx, &id).await?;
        tx.send(&second_factor::mail::reset(app, &name, &email)).await?;
        tx.record_of(
            &id,
            &Actor::command(),
            Entry::new(AuditKind::FactorRemoved, "removed every second factor and ended every session"),
        )
        .await?;
        tx.commit().await
    };
    done.await.map_err(sentence)?;
    Ok(format!(
        "{name} ({email}) no longer has a second factor and is signed out everywhere. They are told by e-mail."
    ))
}

/// Ends every session of a user; they are told by mail. Returns what was done.
///
/// # Errors
/// A sentence for the operator.
pub async fn end_sessions(app: &AppState, email: &str) -> Result<String, String> {
    let sentence = |error: AppError| error.to_string();
    let mut tx = System::of(app).begin().await.map_err(sentence)?;
    let (id, name, email) = user(&mut tx, email).await?;
    let done = async {
        session::end_all(&mut tx, &id).await?;
        device::forget(&mut tx, &id).await?;
        tx.send(&users::mail::sessions_ended(app, &name, &email)).await?;
        tx.record_of(&id, &Actor::command(), Entry::new(AuditKind::SignedOut, "ended every session")).await?;
        tx.commit().await
    };
    done.await.map_err(sentence)?;
    Ok(format!("{name} ({email}) is signed out everywhere. They are told by e-mail."))
}

/// Puts a backup in place: the database, and with `key` the key that belongs to it. Nothing is written unless
/// both fit each other.
///
/// # Errors
/// A sentence for the operator, also when the directory is in use or holds a database with something newer in
/// it.
async fn restore(settings: &Serve, file: &Path, key: Option<&Path>) -> Result<(), String> {
    let dir = &settings.data.path;
    if !file.exists() {
        return Err(format!("There is no backup at {}.", file.display()));
    }
    let _held = data_dir::hold(dir)?;
    db::inspect(file).await?;
    let (target, key_file) = (db::file(dir), settings.key_file());
    // The key in the directory stays: one that differs belongs to another database.
    let from = key.unwrap_or(&key_file);
    let sealed = data_dir::key(from)?;
    let mut backup = db::look_into(file).await?;
    record::fits(&mut backup, &sealed).await?;
    record::verify(&mut backup, &sealed).await?;
    if key.is_some() && key_file.exists() && std::fs::read(&key_file).ok() != std::fs::read(from).ok() {
        return Err(format!(
            "{} holds a different key. Move it away first if the one given is to replace it.",
            key_file.display()
        ));
    }
    if target.exists() {
        let (there, here) = (db::newest(&target).await?, db::newest(file).await?);
        if there > here {
            return Err(format!(
                "The database {} is newer than the backup: its last entry is from {}, the backup's from {}. Move it away first if the backup is to replace it.",
                target.display(),
                Timestamp(there).exact(),
                Timestamp(here).exact()
            ));
        }
    }
    let waiting = db::put_in_place(file, &target).await?;
    if from != key_file {
        std::fs::copy(from, &key_file)
            .map_err(|error| format!("The key could not be copied to {}: {error}.", key_file.display()))?;
        #[cfg(unix)]
        std::fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .map_err(|error| format!("The key {} could not be made private: {error}.", key_file.display()))?;
    }
    for folder in FOLDERS {
        copy_folder(&beside(file).join(folder), &dir.join(folder))
            .map_err(|error| format!("The files of tickets could not be copied: {error}."))?;
    }
    println!("The backup {} is in place at {}, and its key matches.", file.display(), target.display());
    if waiting > 0 {
        println!(
            "Messages waiting when the backup was made: {waiting}. They are sent on the next start, even if they have been sent since."
        );
    }
    Ok(())
}

/// Folders of a data directory with files that rows name. None of them is ever changed.
const FOLDERS: [&str; 3] = [tickets::files::FOLDER, spool::FOLDER, documents::FOLDER];

/// The folder with the files that belong to a backup.
fn beside(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".files");
    PathBuf::from(name)
}

/// Copies a folder, if there is one, with what is inside; what is there already is left alone.
fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else if !target.exists()
            && let Err(error) = std::fs::copy(&source, &target)
            // It was worked on, or removed, meanwhile.
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error);
        }
    }
    Ok(())
}

/// Lists the requests that wait, or answers one.
async fn answer_requests(settings: &Serve, answer: Option<RequestAnswer>) -> Result<(), String> {
    let app = context(settings).await?;
    let said = requested(&app, answer).await.map_err(|error| error.to_string());
    app.close().await;
    said?.map(|text| println!("{text}")).ok_or_else(|| "No such request is pending.".into())
}

async fn requested(app: &AppState, answer: Option<RequestAnswer>) -> crate::error::Result<Option<String>> {
    let (id, done, say) = match answer {
        None => {
            let waiting = requests::store::open(&mut System::of(app).read().await?).await?;
            let lines = waiting.iter().map(|w| {
                let p = &w.pending;
                format!(
                    "{}  {}  {} of {} ({}, account {}), asked by {}: {}",
                    w.id,
                    p.at.exact(),
                    p.kind.title(),
                    w.asset,
                    w.account.0,
                    w.account.1,
                    p.by,
                    p.sentence(&TimeFormat::default())
                )
            });
            let text = lines.collect::<Vec<_>>().join("\n");
            return Ok(Some(if text.is_empty() { "No requests are waiting.".into() } else { text }));
        }
        Some(RequestAnswer::Done { id, say }) => (id, true, say),
        Some(RequestAnswer::Refuse { id, say }) => (id, false, say),
    };
    let Some(id) = RequestId::parse(&id) else { return Ok(None) };
    let mut tx = System::of(app).begin().await?;
    let said = requests::store::decide(&mut tx, &id, done, say.trim(), None).await?;
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
    let served = dir.exists() && data_dir::hold(dir).is_err();
    say("The data directory can be written to.", writable(dir));
    let config = Config::check(args, false);
    if config.as_ref().is_ok_and(|config| !config.secure()) && !args.listen.ip().is_loopback() {
        println!(
            "note   The portal can be reached without https. Put a proxy with a certificate in front of it, and set --base-url https://…."
        );
    }
    say("The settings are valid.", config.map(|_| ()));
    let file = db::file(dir);
    let mut readable = false;
    if file.exists() {
        let found = db::inspect(&file).await;
        if found.as_ref().is_ok_and(|found| found.demo) {
            println!("note   This data directory holds the demo: its logins are public.");
        }
        if found.as_ref().is_ok_and(|found| found.older) {
            println!(
                "note   The database is from an older version; the next start upgrades it. Make a backup first."
            );
        }
        let current = found.as_ref().is_ok_and(|found| !found.older);
        say("The database is intact and works with this version.", found.map(|_| ()));
        let key = args.key_file();
        readable = current && key.exists();
        if current {
            say("Rows that expire could be counted.", counts(&file).await);
        }
        if readable {
            say("The activity trail is complete and unchanged.", check_audit(dir, &key).await);
        }
        say(
            "The installation's key is there.",
            if key.exists() {
                Ok(())
            } else {
                Err(format!(
                    "The key file {} is missing. A new one would be made, and authenticator apps, recovery codes and the activity trail would no longer match it.",
                    key.display()
                ))
            },
        );
    } else {
        println!("note   There is no database yet; the first start creates it.");
    }
    let (mut smtp_url, mut in_the_open) = (args.smtp_url(), false);
    // What staff set in the browser counts where the command line says nothing.
    if readable
        && smtp_url.as_ref().is_ok_and(Option::is_none)
        && let Ok(app) = context(args).await
    {
        smtp_url = Ok(outbox::set_server(&app));
        app.close().await;
    }
    match smtp_url
        .as_ref()
        .map_err(Clone::clone)
        .and_then(|url| Transport::open(url.as_deref(), args.smtp_ca.as_deref(), dir))
    {
        Ok(transport) => {
            say("Mail can be handed over.", transport.check().await);
            in_the_open = transport.is_open();
        }
        Err(sentence) => say("", Err(sentence)),
    }
    if in_the_open {
        println!(
            "note   Mail is handed over without TLS. Add ?tls=required to the SMTP URL, or use smtps://, unless the server is on this machine."
        );
    }
    if smtp_url.is_ok_and(|url| url.is_none()) {
        println!(
            "note   No SMTP server is set: mail is kept as files in {} and reaches nobody.",
            crate::outbox::mail_dir(dir).display()
        );
    }
    if served {
        println!("note   A portal is running on this data directory right now.");
    } else {
        match tokio::net::TcpListener::bind(args.listen).await {
            Ok(_) => say("The address to listen on is free.", Ok(())),
            Err(_) if is_a_portal(args.listen).await => {
                println!("note   A portal is already answering at {}.", args.listen);
            }
            Err(error) => {
                say("", Err(format!("The portal cannot listen on {}: {error}.", args.listen)));
            }
        }
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

/// Does a portal answer at an address?
async fn is_a_portal(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n").await?;
        let mut answer = Vec::new();
        stream.take(16 * 1024).read_to_end(&mut answer).await?;
        std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    match tokio::time::timeout(Duration::from_secs(3), ask).await {
        Ok(Ok(answer)) => {
            answer.contains(" 200 ") && answer.contains("x-request-id") && answer.ends_with("ok\n")
        }
        _ => false,
    }
}

/// Prints how many rows there are of each kind that has a lifetime.
async fn counts(file: &Path) -> Result<(), String> {
    let mut connection = db::look_into(file).await?;
    let counts = jobs::counts(&mut connection)
        .await
        .map_err(|error| format!("The rows cannot be counted: {error}."))?;
    for (what, rows) in counts {
        println!("note   {what}: {rows}");
    }
    Ok(())
}

/// Reads every audit trail from its beginning.
async fn check_audit(dir: &Path, key: &Path) -> Result<(), String> {
    let key = data_dir::key(key)?;
    let mut connection = db::look_into(&db::file(dir)).await?;
    record::verify(&mut connection, &key).await.map(|_| ())
}

fn writable(dir: &Path) -> Result<(), String> {
    let probe = dir.join(".doctor");
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&probe, b"x"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| format!("The data directory {} cannot be written to: {error}.", dir.display()))
}
