//! The program: command line → configuration → migrations → serve. One sentence and exit code 1 when it cannot.

use clap::Parser as _;
use latchkey::server::{commands, config::CommandLine};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match commands::execute(CommandLine::parse()).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("latchkey: {sentence}");
            std::process::ExitCode::FAILURE
        }
    }
}
