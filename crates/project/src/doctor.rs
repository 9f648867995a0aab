//! What is installed, reachable and supported.

use driftless_connect::{ConnectOptions, connect};
use driftless_finding::{Code, Finding, Severity, Sources};
use driftless_shadow::{ShadowSource, probe};

use crate::{Outcome, Project, ProjectError};

/// The codes of this verb's findings.
pub(crate) const CODES: &[&Code] = &[&NO_SHADOW, &DATABASE_UNREACHABLE, &INPUT_MISSING];

static NO_SHADOW: Code = Code {
    name: "no-shadow",
    severity: Severity::Error,
    summary: "there is no server to replay SQL on",
    explanation: "Migrations and other SQL are replayed on a throwaway Postgres: one that you name by `--shadow URL` or \
SHADOW_DATABASE_URL, one that is started from programs on this machine, or the one that is part of Driftless. None of them can \
be used here. Comparing two Prisma schemas still works; whatever reads SQL does not.",
};

static DATABASE_UNREACHABLE: Code = Code {
    name: "database-unreachable",
    severity: Severity::Error,
    summary: "the live database cannot be reached",
    explanation: "A live database is named, by `--database-url`, DATABASE_URL or driftless.toml, and connecting to it failed.",
};

static INPUT_MISSING: Code = Code {
    name: "input-missing",
    severity: Severity::Error,
    summary: "a file or folder that the configuration names is not there",
    explanation: "The Prisma schema or the folder of migrations is not where the configuration says, or where it is by default.",
};

/// The exit code of verbs for which there is no server.
const NO_SERVER: u8 = 3;

/// Says what is there, and finds what is missing: in the order in which other verbs need it.
///
/// # Errors
/// None at present; whatever is wrong is a finding.
pub async fn doctor(project: &Project) -> Result<Outcome, ProjectError> {
    let mut outcome = Outcome {
        verdict: "everything is there".to_owned(),
        sources: Sources::new(),
        ..Outcome::default()
    };
    outcome.fact("driftless", env!("CARGO_PKG_VERSION"));
    let config = match &project.config_file {
        Some(path) => path.display().to_string(),
        None => "none: every setting has its default".to_owned(),
    };
    outcome.fact("configuration", config);
    inputs(project, &mut outcome);
    shadow(project, &mut outcome).await;
    database(project, &mut outcome).await;
    Ok(outcome)
}

fn inputs(project: &Project, outcome: &mut Outcome) {
    let mut sources = Sources::new();
    match crate::load::prisma(project, &project.schema, &mut sources) {
        Ok(schema) => outcome.fact("schema", schema.summary),
        Err(error) => missing(outcome, "schema", &error),
    }
    let folder = project.path(&project.config.supabase.migrations);
    match driftless_migrate::read_folder(&folder, &mut sources) {
        Ok(found) => {
            let count = found.files.len();
            outcome.fact("migrations", format!("{}: {count}", folder.display()));
        }
        Err(error) => missing(outcome, "migrations", &error.into()),
    }
}

fn missing(outcome: &mut Outcome, word: &str, error: &ProjectError) {
    outcome.fact(word, error.to_string());
    outcome.keeps_from_work.get_or_insert(error.exit_code());
    let finding = Finding::new(&INPUT_MISSING, error.to_string());
    outcome.findings.push(match error.help() {
        Some(help) => finding.help(help),
        None => finding,
    });
}

async fn shadow(project: &Project, outcome: &mut Outcome) {
    let source = match &project.shadow.source {
        ShadowSource::Auto => "auto",
        ShadowSource::Local { .. } => "local",
        ShadowSource::Embedded => "embedded",
        ShadowSource::Url(_) => "url",
    };
    let mut used = false;
    for candidate in probe(&project.shadow).await {
        let text = match &candidate.outcome {
            Ok(version) => {
                let first = !std::mem::replace(&mut used, true);
                let note = if first { ", would be used" } else { "" };
                format!(
                    "PostgreSQL {version} ({}, {}){note}",
                    candidate.kind, candidate.place
                )
            }
            Err(reason) => format!("{} {}: {reason}", candidate.kind, candidate.place),
        };
        outcome.fact("shadow", text);
    }
    if !used {
        outcome.keeps_from_work.get_or_insert(NO_SERVER);
        let message = format!("no shadow can be used (asked for: {source})");
        let help = "install a PostgreSQL server, or name one by SHADOW_DATABASE_URL";
        outcome
            .findings
            .push(Finding::new(&NO_SHADOW, message).help(help));
    }
}

async fn database(project: &Project, outcome: &mut Outcome) {
    let Some(url) = &project.database else {
        outcome.fact("database", "none: DATABASE_URL is not set");
        return;
    };
    match connect(url, &ConnectOptions::default()).await {
        Ok(connection) => {
            let version = connection.server_version();
            outcome.fact("database", format!("{url}: PostgreSQL {version}"));
            connection.close().await;
        }
        Err(error) => {
            outcome.fact("database", format!("{url}: {error}"));
            outcome.keeps_from_work.get_or_insert(NO_SERVER);
            let finding = Finding::new(&DATABASE_UNREACHABLE, error.to_string());
            outcome.findings.push(finding.help(error.help()));
        }
    }
}
