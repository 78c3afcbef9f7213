//! The program: command line → configuration → migrations → serve. One sentence and exit code 1 when it cannot.

use clap::Parser as _;
use latchkey::server::{commands, config::CommandLine};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 3: milliseconds until freed memory is given back to the system.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    // A password check takes 19 MiB, which the default keeps for long after it.
    // SAFETY: sets a number that the allocator reads when memory is freed.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 0) };
    match commands::execute(CommandLine::parse()).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("latchkey: {sentence}");
            std::process::ExitCode::FAILURE
        }
    }
}
