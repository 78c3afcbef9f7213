//! The program: command line → configuration → migrations → serve. One sentence and exit code 1 when it
//! cannot.

use clap::Parser as _;
use latchkey::cli::commands;
use latchkey::platform::config::CommandLine;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_arena_eager_commit` of mimalloc 3: whether memory counts as used before anything is put there.
const ARENA_EAGER_COMMIT: libmimalloc_sys::mi_option_t = 4;
/// `mi_option_purge_delay` of mimalloc 3: milliseconds until freed memory is given back to the system.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Keeps the process small: a password check takes 19 MiB for a moment, and a page is made and gone in one.
#[expect(unsafe_code, reason = "numbers of the allocator have no other way in")]
extern "C" fn set_up_allocator() {
    // SAFETY: sets numbers that the allocator reads when it takes memory and when it gives some back.
    unsafe {
        libmimalloc_sys::mi_option_set(ARENA_EAGER_COMMIT, 0);
        libmimalloc_sys::mi_option_set(PURGE_DELAY, 100);
    }
}

/// Before `main` the allocator has taken its first memory already; this runs before that.
#[expect(unsafe_code, reason = "memory is taken before main begins")]
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
static BEFORE_THE_FIRST_ALLOCATION: extern "C" fn() = set_up_allocator;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    set_up_allocator();
    match commands::execute(CommandLine::parse()).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("latchkey: {sentence}");
            std::process::ExitCode::FAILURE
        }
    }
}
