//! The command line of Driftless: arguments in, one workflow, one report out.
//!
//! Data goes to stdout, everything else to stderr. Exit codes: 0 clean, 1 findings at or above `--fail-on`,
//! 2 usage, configuration or unreadable input, 3 no database, or it refused.

mod args;
mod output;
mod run;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;

/// Schemas and catalogs are many small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(args::with_short_names(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(output::tell_usage(&error)),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(run::run(&cli));
            // What still waits for a server that does not answer is not waited for.
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
            code
        }
        Err(error) => {
            output::complain(&format!("cannot start: {error}"), None);
            ExitCode::from(2)
        }
    }
}
