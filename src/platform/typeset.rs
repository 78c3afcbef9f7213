//! Typesetting in a short-lived process of its own: a template may run for ever or take all memory, and none of that is
//! the portal's.

use latchkey_typeset::Job;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// What is typeset, as the other process is told it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// The template.
    pub template: String,
    /// Its data.
    pub data: Value,
    /// Files it may use, or attaches: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// What tells this document from every other.
    pub ident: String,
    /// When it was made: year, month, day, hour, minute, second, in UTC.
    pub made: (i32, u8, u8, u8, u8, u8),
    /// It is an e-invoice.
    pub e_invoice: bool,
}

/// How long typesetting may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Seconds of the processor that it may take.
const CPU_SECONDS: u64 = 10;
/// Bytes of addresses that it may take.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

fn set(request: &Request) -> Result<Vec<u8>, String> {
    let files: Vec<(&str, &[u8])> =
        request.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    latchkey_typeset::pdf(Job {
        template: &request.template,
        data: request.data.clone(),
        files: &files,
        ident: &request.ident,
        made: request.made,
        e_invoice: request.e_invoice,
    })
}

#[cfg(test)]
tokio::task_local! {
    /// Within it documents are blank: for tests about everything else of thousands of invoices.
    pub static BLANK: ();
}

/// Typesets a document.
///
/// # Errors
/// Sentences about the template; or what kept the other process from working.
pub async fn pdf(request: Request) -> Result<Vec<u8>, String> {
    #[cfg(test)]
    if BLANK.try_with(|()| ()).is_ok() {
        return Ok(b"%PDF-1.7\nblank".to_vec());
    }
    // The program of a unit test is another one.
    if cfg!(test) {
        let set = tokio::task::spawn_blocking(move || set(&request)).await;
        return set.map_err(|error| error.to_string())?;
    }
    let run = async {
        let program = std::env::current_exe()?;
        let mut child = tokio::process::Command::new(program)
            .arg("typeset")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut stdin = child.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let told = serde_json::to_vec(&request)?;
        let tell = async move {
            // One that ends early says why itself.
            let _ = stdin.write_all(&told).await;
            drop(stdin);
        };
        let (output, ()) = tokio::join!(child.wait_with_output(), tell);
        output
    };
    let output = tokio::time::timeout(PATIENCE, run).await.map_err(|_| TOO_LONG.to_owned())?;
    let output = output.map_err(|error| error.to_string())?;
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(REFUSED) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        _ => Err(TOO_LONG.to_owned()),
    }
}

const TOO_LONG: &str = "It takes too long, or too much memory.";
/// The exit code for a template that cannot be typeset.
const REFUSED: i32 = 3;

/// The other process: reads a request from standard input and writes the document, or what is wrong. Returns with which
/// code to end.
pub fn serve() -> i32 {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [(Resource::As, MEMORY), (Resource::Cpu, CPU_SECONDS), (Resource::Core, 0)] {
        if setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).is_err() {
            eprintln!("the limits of typesetting could not be set");
            return 1;
        }
    }
    let mut told = Vec::new();
    let request =
        std::io::stdin().read_to_end(&mut told).ok().and_then(|_| serde_json::from_slice(&told).ok());
    let Some(request) = request else { return 1 };
    match set(&request) {
        Ok(pdf) => i32::from(std::io::stdout().write_all(&pdf).is_err()),
        Err(says) => {
            eprint!("{says}");
            REFUSED
        }
    }
}
