//! Running the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("xtask is a folder of the workspace").to_owned()
}

/// A run that has ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program with `args` in `folder`, without anything of this environment that changes what it does.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftless"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for name in [
        "DATABASE_URL",
        "SHADOW_DATABASE_URL",
        "NO_COLOR",
        "PGHOST",
        "PGPORT",
        "PGUSER",
        "PGPASSWORD",
        "PGDATABASE",
        "PGSERVICE",
        "PGSSLMODE",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs the program to its end.
pub(crate) fn driftless(folder: &Path, args: &[&str]) -> Run {
    run(&mut command(folder, args))
}

/// Runs a prepared command to its end.
pub(crate) fn run(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Run {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).expect("output is UTF-8"),
        stderr: String::from_utf8(stderr).expect("messages are UTF-8"),
    }
}

/// What a user sees, as one text for a snapshot.
impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "exit code {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

impl Run {
    /// The same with every `text` as `[name]`, and without the server that happens to be here.
    pub(crate) fn hiding(mut self, names: &[(&str, &str)]) -> Self {
        for output in [&mut self.stdout, &mut self.stderr] {
            for (text, name) in names {
                *output = output.replace(text, &format!("[{name}]"));
            }
            let lines =
                output
                    .split_inclusive('\n')
                    .map(|line| match line.split_once("replayed on ") {
                        Some((before, server)) => {
                            let behind = server.rsplit_once(')').map_or("\n", |(_, it)| it);
                            format!("{before}replayed on [server]{behind}")
                        }
                        None => line.to_owned(),
                    });
            *output = lines.collect();
        }
        self
    }
}
