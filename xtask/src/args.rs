//! The arguments of every verb.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use driftless_finding::Severity;
use driftless_project::RenameMode;
use driftless_shadow::ReplayMode;

/// Keeps a Postgres or Supabase database true to its Prisma schema.
#[derive(Debug, Parser)]
#[command(name = "driftless", version, arg_required_else_help = true)]
#[command(
    after_help = "Every `db-x` is also reachable as `x`: `driftless drift`.\n\n\
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage, configuration or unreadable input, 3 no database, or it refused."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Common to all verbs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The configuration file [default: driftless.toml, looked for upward]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The Prisma schema: a file, or a folder of files
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) schema: Option<PathBuf>,
    /// The live database [default: DATABASE_URL, from the environment or .env]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Where SQL is replayed: auto, local (or local:FOLDER of server programs), embedded, or the URL of a server
    /// for throwaway databases
    #[arg(long, global = true, value_name = "auto|local|embedded|URL")]
    pub(crate) shadow: Option<String>,
    /// What a failing migration does to a replay
    #[arg(long, global = true, value_enum, default_value_t = Replay::Strict)]
    pub(crate) replay: Replay,
    /// How findings are reported
    #[arg(long, global = true, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// The least severity that makes the exit code 1
    #[arg(long, global = true, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// Whether to colour text
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Say nothing but findings
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say what is being done, on stderr
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Parse and validate the Prisma schema
    #[command(name = "db-validate")]
    Validate,
    /// Write the Prisma schema as Prisma's formatter does
    #[command(name = "db-format")]
    Format(FormatArgs),
    /// Compare the Prisma schema, the migrations and the live database
    #[command(name = "db-drift")]
    Drift,
    /// Compare any state with any other
    #[command(name = "db-diff", after_help = SOURCES)]
    Diff(DiffArgs),
    /// Print a state as SQL, as a Prisma schema or as a snapshot
    #[command(name = "db-introspect", after_help = SOURCES)]
    Introspect(IntrospectArgs),
    /// Say what is installed, reachable and supported
    #[command(name = "db-doctor")]
    Doctor,
    /// Explain a code that findings have
    #[command(name = "explain")]
    Explain(ExplainArgs),
}

const SOURCES: &str = "Sources: empty, prisma:PATH, migrations:DIR, sql:FILE_OR_DIR, db:URL (or a bare postgres://…), \
snapshot:FILE, desired, recorded, actual";

#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Write nothing; a file that would change is a finding
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The state to start from
    #[arg(long, value_name = "SOURCE")]
    pub(crate) from: String,
    /// The state to get to
    #[arg(long, value_name = "SOURCE")]
    pub(crate) to: String,
    /// Print the SQL that leads from one to the other, and nothing else
    #[arg(long)]
    pub(crate) script: bool,
    /// Write the script to a Prisma schema as Prisma would, faults included
    #[arg(long)]
    pub(crate) prisma_compatible: bool,
    /// Print the script as data, and nothing else: of each statement its locks, hazards, transaction and what undoes it
    #[arg(long, value_name = "FORMAT", value_enum, conflicts_with = "script")]
    pub(crate) plan: Option<ReportFormat>,
    /// Write the script so that those who use the database wait as little as can be
    #[arg(long, conflicts_with = "prisma_compatible")]
    pub(crate) online: bool,
    /// Try the script and its way back on a throwaway Postgres with rows, and say what came of it
    #[arg(long)]
    pub(crate) prove: bool,
    /// Exit with 1 if there is any difference
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// Something has got another name: public.users.name=full_name, table:public.users=people,
    /// public.role.ADMIN=OWNER; may be given several times
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// What to do about things that look renamed: ask on a terminal and tell elsewhere, accept what is sure, or
    /// nothing
    #[arg(long, value_enum, default_value_t = Renames::Ask)]
    pub(crate) renames: Renames,
}

#[derive(Debug, Args)]
pub(crate) struct IntrospectArgs {
    /// The state to print
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// As what
    #[arg(long = "as", id = "as", value_enum)]
    pub(crate) format: IntrospectAs,
    /// As a Prisma schema: the schemas of the database to read [default: those of the existing Prisma schema]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) schemas: Vec<String>,
    /// As a Prisma schema: exactly as `prisma db pull` writes it, without notes about what it loses
    #[arg(long)]
    pub(crate) prisma_compatible: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code; without one, all are listed
    pub(crate) code: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum IntrospectAs {
    /// The SQL that makes it
    Sql,
    /// A Prisma schema, as `prisma db pull` writes it; names, comments and order of the project's schema are kept
    Prisma,
    /// The snapshot that the source `snapshot:` reads
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Renames {
    Ask,
    Accept,
    Off,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Replay {
    /// Stop
    Strict,
    /// Skip the file
    File,
    /// Skip the statement
    Statement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl From<Renames> for RenameMode {
    fn from(renames: Renames) -> Self {
        match renames {
            Renames::Ask => Self::Ask,
            Renames::Accept => Self::Accept,
            Renames::Off => Self::Off,
        }
    }
}

impl From<Replay> for ReplayMode {
    fn from(replay: Replay) -> Self {
        match replay {
            Replay::Strict => Self::Strict,
            Replay::File => Self::File,
            Replay::Statement => Self::Statement,
        }
    }
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

impl Command {
    /// The verb's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Validate => "db-validate",
            Self::Format(_) => "db-format",
            Self::Drift => "db-drift",
            Self::Diff(_) => "db-diff",
            Self::Introspect(_) => "db-introspect",
            Self::Doctor => "db-doctor",
            Self::Explain(_) => "explain",
        }
    }
}

/// The arguments with `drift` spelled out as `db-drift`.
pub(crate) fn with_short_names(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    const VERBS: &[&str] = &[
        "validate",
        "format",
        "drift",
        "diff",
        "introspect",
        "doctor",
    ];
    let mut seen = false;
    args.enumerate()
        .map(|(at, arg)| {
            let short = VERBS.iter().find(|it| arg == ***it);
            match short {
                Some(verb) if at > 0 && !std::mem::replace(&mut seen, true) => {
                    format!("db-{verb}").into()
                }
                _ => arg,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_verb_may_go_without_its_prefix() {
        let args = ["driftless", "--quiet", "diff", "--from", "diff"].map(OsString::from);
        let args = with_short_names(args.into_iter());
        assert_eq!(args[2], "db-diff");
        assert_eq!(args[4], "diff");
    }
}
