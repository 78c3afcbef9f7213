//! Opening a data directory and serving it.

use crate::access::state::AppState;
use crate::access::{System, data_dir, settings};
use crate::cli::jobs;
use crate::demo;
use crate::features::audit::record;
use crate::features::incoming;
use crate::operator::setup;
use crate::outbox::{self, Transport};
use crate::platform::clock::Clock;
use crate::platform::config::{Config, Serve, Served};
use crate::platform::db::{self, Database};
use crate::platform::{listen, telemetry};
use crate::web::state::app_state;
use crate::web::{http, lmtp};
use std::time::Duration;
use tokio::sync::watch;

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// A sentence for the operator.
pub async fn serve(args: Serve) -> Result<(), String> {
    telemetry::start(&args.log, &args.log_format)?;
    let dir = &args.data.path;
    let _held = data_dir::hold(dir)?;
    let database = Database::open(&db::file(dir)).await?;
    let demo = settings::is_demo(&database).await?;
    let config = Config::check(&args, demo)?;
    let transport = Transport::serving(args.smtp_url()?.as_deref(), args.smtp_ca.as_deref(), dir)?;
    let served = args.served(&config);
    let key = data_dir::key_or_first(&args.key_file(), &database).await?;
    record::check_key(&database, &key).await?;
    let app = app_state(config, Clock::system(), key, database, demo::LOGINS);
    settings::load_company(&app).await?;
    if let Err(error) = note(&app, &served).await {
        tracing::warn!(%error, "how the portal is served was not noted; say it to commands that write mail");
    }

    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("The address {} is in use by another program. Choose another with --listen.", args.listen)
        }
        _ => format!("The portal cannot listen on {}: {error}.", args.listen),
    })?;
    let address = listener
        .local_addr()
        .map_err(|error| format!("The portal cannot listen on {}: {error}.", args.listen))?;

    let stopped = app.stopped();
    if let Some(at) = &args.lmtp_listen {
        let listener = lmtp::Listener::bind(at)
            .await
            .map_err(|error| format!("The portal cannot take e-mails on {at}: {error}."))?;
        tokio::spawn(lmtp::serve(app.clone(), listener));
    }
    let incoming = tokio::spawn(incoming::work::work(app.clone()));
    let mailer = tokio::spawn(outbox::work(app.clone(), transport));
    let tidier = tokio::spawn(tidy(app.clone(), stopped.clone()));
    tracing::info!(%address, url = app.config().base_url, "serving");
    match setup::store::link(&app).await {
        Ok(Some(link)) => println!("This portal has no staff yet. Open this link to set it up:\n  {link}"),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "the link of the first start was not made"),
    }
    if demo {
        println!("Demo logins, at {}/sign-in:\n{}", app.config().base_url, demo::logins_text());
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
    let _ = tokio::time::timeout(Duration::from_secs(10), incoming).await;
    tidier.abort();
    app.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
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

async fn note(app: &AppState, served: &Served) -> crate::error::Result<()> {
    if settings::last_served(app).await.is_ok_and(|known| known == *served) {
        return Ok(());
    }
    let mut tx = System::of(app).begin().await?;
    settings::note_served(&mut tx, served).await?;
    tx.commit().await
}

/// Every ten minutes does what time asks for.
async fn tidy(app: AppState, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(600)) => {
                app.limits().tidy(app.now());
                if let Err(error) = jobs::run(&app).await {
                    tracing::warn!(%error, "what is over was not forgotten");
                }
            }
            _ = stop.changed() => {}
        }
    }
}
