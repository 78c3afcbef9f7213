//! Opening a data directory and serving it.

use crate::access::System;
use crate::access::settings;
use crate::access::state::AppState;
use crate::cli::lifetimes;
use crate::features::audit::record;
use crate::outbox;
use crate::outbox::Transport;
use crate::platform::clock;
use crate::platform::clock::Clock;
use crate::platform::config::{Config, Serve};
use crate::platform::db;
use crate::platform::db::Database;
use crate::platform::token::Key;
use crate::platform::{listen, telemetry};
use crate::web::http;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;

/// A data directory that this process holds; no other may serve it meanwhile.
pub struct Held {
    // Kept for its lock, which ends with the process or this value.
    _lock: File,
}

/// Makes the directory if needed and takes its lock.
///
/// # Errors
/// A sentence for the operator.
pub fn hold(dir: &Path) -> Result<Held, String> {
    make_private(dir).map_err(|error| format!("The data directory {} cannot be made: {error}.", dir.display()))?;
    let file = dir.join("latchkey.lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&file)
        .map_err(|error| format!("The data directory {} cannot be written: {error}.", dir.display()))?;
    match lock.try_lock() {
        Ok(()) => Ok(Held { _lock: lock }),
        Err(TryLockError::WouldBlock) => {
            Err(format!("Another Latchkey is using the data directory {}. Stop it first, or choose another directory.", dir.display()))
        }
        Err(TryLockError::Error(error)) => Err(format!("The data directory {} cannot be locked: {error}.", dir.display())),
    }
}

/// Makes a directory that only its owner can enter. One that exists keeps its mode.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// The installation's key, read from its file.
///
/// # Errors
/// A sentence for the operator, also when there is none: a new one would not fit what the old one sealed.
pub fn key(file: &Path) -> Result<Key, String> {
    match std::fs::read(file) {
        Ok(bytes) => {
            let bytes: [u8; 32] =
                bytes.try_into().map_err(|_| format!("The key file {} is damaged: it has not 32 bytes. Restore it from a backup.", file.display()))?;
            Ok(Key::new(bytes))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(format!(
            "The key file {} is missing. Put it back from a backup: with another key, authenticator apps, recovery codes and the activity trail no longer fit.",
            file.display()
        )),
        Err(error) => Err(format!("The key file {} cannot be read: {error}.", file.display())),
    }
}

/// The same; made on the first start, while the database is empty, readable by its owner only.
///
/// # Errors
/// A sentence for the operator.
pub async fn key_or_first(file: &Path, database: &Database) -> Result<Key, String> {
    use std::io::Write as _;
    if file.exists() || !settings::is_empty(database).await? {
        return key(file);
    }
    let bytes = clock::random::<32>();
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut new| new.write_all(&bytes).and_then(|()| new.sync_all()));
    written.map_err(|error| format!("The key file {} cannot be written: {error}.", file.display()))?;
    Ok(Key::new(bytes))
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// A sentence for the operator.
pub async fn serve(args: Serve) -> Result<(), String> {
    telemetry::start(&args.log, &args.log_format)?;
    let dir = &args.data.path;
    let _held = hold(dir)?;
    let database = Database::open(&db::file(dir)).await?;
    let demo = settings::is_demo(&database).await?;
    let config = Config::check(&args, demo)?;
    let transport = Transport::open(args.smtp_url()?.as_deref(), args.smtp_ca.as_deref(), dir)?;
    let served = args.served(&config);
    let key = key_or_first(&args.key_file(), &database).await?;
    record::check_key(&database, &key).await?;
    let app = AppState::new(config, Clock::system(), key, database);
    if let Err(error) = note(&app, &served).await {
        tracing::warn!(%error, "how the portal is served was not noted; say it to commands that write mail");
    }

    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!("The address {} is in use by another program. Choose another with --listen.", args.listen),
        _ => format!("The address {} cannot be listened on: {error}.", args.listen),
    })?;
    let address = listener.local_addr().map_err(|error| format!("The address {} cannot be listened on: {error}.", args.listen))?;

    let stopped = app.stopped();
    let mailer = tokio::spawn(outbox::work(app.clone(), transport));
    let tidier = tokio::spawn(tidy(app.clone(), stopped.clone()));
    tracing::info!(%address, url = app.config().base_url, "serving");
    if demo {
        println!("Demo logins, at {}/sign-in:\n{}", app.config().base_url, crate::demo::logins_text());
    }

    let (router, trusted) = (http::router(app.clone()), app.config().trusted_proxies.clone());
    let until = stopped.clone();
    let server = tokio::spawn(async move { listen::serve(listener, router, &trusted, until).await });
    asked_to_stop().await;
    tracing::info!("stopping: finishing open requests");
    app.stop();
    // Open requests get ten seconds; a browser that keeps a connection idle does not hold the program up.
    let _ = tokio::time::timeout(Duration::from_secs(10), server).await;
    let _ = tokio::time::timeout(Duration::from_secs(10), mailer).await;
    tidier.abort();
    app.database().close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

/// Now and then forgets what is no longer needed.
async fn note(app: &AppState, served: &settings::Served) -> crate::error::Result<()> {
    if settings::served(app.database()).await.is_ok_and(|known| known == *served) {
        return Ok(());
    }
    let mut tx = System::of(app).begin().await?;
    settings::note_served(&mut tx, served).await?;
    tx.commit().await
}

async fn tidy(app: AppState, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(600)) => {
                app.limits().tidy(app.now());
                if let Err(error) = forget(&app).await {
                    tracing::warn!(%error, "what is over was not forgotten");
                }
            }
            _ = stop.changed() => {}
        }
    }
}

/// What is done every ten minutes: what is over is forgotten, or ended.
pub(crate) async fn forget(app: &AppState) -> crate::error::Result<()> {
    let mut tx = System::of(app).begin().await?;
    crate::features::ownership::store::lapse(&mut tx, "").await?;
    crate::features::invitations::store::expire(&mut tx).await?;
    tx.commit().await?;
    lifetimes::remove_what_is_over(app).await
}
