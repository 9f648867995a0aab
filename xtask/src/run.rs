//! One verb, one workflow, one report.

use std::process::ExitCode;

use driftless_finding::{Code, Severity, worst};
use driftless_project::{
    Certificate, CheckOutcome, DiffRequest, DriftOptions, Environment, FormatOptions,
    IntrospectFormat, Outcome, Project, ProjectError, PullOptions, RenameOptions, Settings, State,
    all_codes, diff, doctor, drift, format, introspect, pull, validate,
};
use driftless_report::{Format, RenderOptions, Report, ReportError, plan_json, plan_text, render};

use crate::args::{
    Cli, Command, Common, DiffArgs, ExplainArgs, IntrospectArgs, IntrospectAs, ReportFormat,
};
use crate::output::{Steps, complain, eprint, message_of, print, wants_color};

/// The code of a program that was interrupted, as a shell has it.
const INTERRUPTED: u8 = 130;

/// Runs the verb until it is done or somebody presses Ctrl-C. Then its future is dropped, and with it every
/// server and folder of its own.
pub(crate) async fn run(cli: &Cli) -> ExitCode {
    let steps = Steps::new(cli.common.quiet, cli.common.verbose);
    let result = tokio::select! {
        result = verb(cli, &steps) => Some(result),
        () = interrupted() => None,
    };
    steps.clear();
    match result {
        Some(Ok(code)) => ExitCode::from(code),
        Some(Err(error)) => {
            fail(cli, message_of(&error), error.help());
            ExitCode::from(error.exit_code())
        }
        None => {
            complain("interrupted", None);
            ExitCode::from(INTERRUPTED)
        }
    }
}

/// Returns when the user or the system wants the program to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a handler there is nothing to wait for.
        std::future::pending::<()>().await;
    }
}

async fn verb(cli: &Cli, steps: &Steps) -> Result<u8, ProjectError> {
    let common = &cli.common;
    if let Command::Explain(args) = &cli.command {
        // Needs no project.
        return Ok(explain(cli, args));
    }
    let project = Project::open(&settings(common), Environment::of_process())?;
    match &cli.command {
        Command::Validate => Ok(tell(cli, steps, validate(&project)?)),
        Command::Format(args) => {
            let options = FormatOptions { check: args.check };
            Ok(tell(cli, steps, format(&project, &options)?))
        }
        Command::Drift => {
            let outcome = drift(&project, &DriftOptions::default(), steps).await?;
            Ok(tell(cli, steps, outcome))
        }
        Command::Diff(args) => compare(cli, steps, &project, args).await,
        Command::Introspect(args) => show(cli, steps, &project, args).await,
        Command::Doctor => Ok(tell(cli, steps, doctor(&project).await?)),
        Command::Explain(args) => Ok(explain(cli, args)),
    }
}

fn settings(common: &Common) -> Settings {
    Settings {
        working_folder: ".".into(),
        config: common.config.clone(),
        schema: common.schema.clone(),
        database_url: common.database_url.clone(),
        shadow: common.shadow.clone(),
        replay: common.replay.into(),
    }
}

async fn compare(
    cli: &Cli,
    steps: &Steps,
    project: &Project,
    args: &DiffArgs,
) -> Result<u8, ProjectError> {
    let request = DiffRequest {
        prisma_compatible: args.prisma_compatible,
        plan: args.plan.is_some(),
        online: args.online,
        prove: args.prove,
        renames: RenameOptions {
            given: args.rename.clone(),
            mode: args.renames.into(),
        },
        ..DiffRequest::new(State::parse(&args.from)?, State::parse(&args.to)?)
    };
    let mut outcome = diff(project, &request, steps).await?;
    let differs = outcome.differs;
    let output = outcome.output.take();
    let plan = outcome.plan.take();
    if let Some(certificate) = &outcome.certificate {
        let lines = certificate_lines(certificate);
        match args.script || args.plan.is_some() {
            true => eprint(&lines),
            false => outcome.facts.extend(certificate_facts(certificate)),
        }
    }
    // What fails is not given to be run; the report shows it all the same.
    let output = output.filter(|_| !(args.script && outcome.doomed));
    let found = match (args.script, args.plan) {
        (true, _) => give(cli, steps, output, outcome),
        (false, Some(format)) => {
            let plan = plan.map(|it| match format {
                ReportFormat::Json => plan_json(&it),
                ReportFormat::Text => plan_text(&it, &render_options(cli)),
            });
            give(cli, steps, plan, outcome)
        }
        (false, None) => {
            outcome.output = output.filter(|_| differs);
            tell(cli, steps, outcome)
        }
    };
    Ok(found.max(u8::from(args.exit_code && differs)))
}

/// What was tried, and on which server, a line each.
fn certificate_facts(it: &Certificate) -> Vec<(String, String)> {
    let (statements, outside) = it.statements;
    let head = format!(
        "{statements} statements ({outside} outside transactions) on {}",
        it.server
    );
    let mut facts = vec![("proof".to_owned(), head)];
    for check in &it.checks {
        let said = match check.outcome {
            CheckOutcome::Passed => "ok",
            CheckOutcome::Failed => "FAILED",
            CheckOutcome::Undecided => "not tried",
        };
        facts.push((
            format!("  {}", check.name),
            format!("{said}: {}", check.detail),
        ));
    }
    facts
}

fn certificate_lines(it: &Certificate) -> String {
    let facts = certificate_facts(it);
    let width = facts.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    let line = |(word, text): &(String, String)| format!("{word:width$}  {text}\n");
    facts.iter().map(line).collect()
}

async fn show(
    cli: &Cli,
    steps: &Steps,
    project: &Project,
    args: &IntrospectArgs,
) -> Result<u8, ProjectError> {
    let state = State::parse(&args.source)?;
    let as_format = |format| introspect(project, &state, format, steps);
    let mut outcome = match args.format {
        IntrospectAs::Sql => as_format(IntrospectFormat::Sql).await?,
        IntrospectAs::Json => as_format(IntrospectFormat::Json).await?,
        IntrospectAs::Prisma => {
            let options = PullOptions {
                schemas: args.schemas.clone(),
                prisma_compatible: args.prisma_compatible,
            };
            pull(project, &state, &options, steps).await?
        }
    };
    let output = outcome.output.take();
    Ok(give(cli, steps, output, outcome))
}

/// Whether what goes to stdout is what was asked for, such as SQL, and no report.
fn gives_data(command: &Command) -> bool {
    match command {
        Command::Diff(args) => args.script || args.plan.is_some(),
        Command::Introspect(_) => true,
        Command::Validate
        | Command::Format(_)
        | Command::Drift
        | Command::Doctor
        | Command::Explain(_) => false,
    }
}

/// Prints data, if there is any to give. Findings beside it go to stderr, so that it stays clean.
fn give(cli: &Cli, steps: &Steps, data: Option<String>, outcome: Outcome) -> u8 {
    steps.clear();
    print(data.as_deref().unwrap_or_default());
    let found = code(cli, &outcome);
    if !outcome.findings.is_empty() {
        let only_findings = Outcome {
            facts: Vec::new(),
            ..outcome
        };
        eprint(&text(cli, &only_findings, false));
    }
    found
}

/// Says what went wrong on stderr; where programs read a report from stdout, in that, too.
fn fail(cli: &Cli, message: String, help: Option<String>) {
    complain(&message, help.as_deref());
    if cli.common.format == ReportFormat::Json && !gives_data(&cli.command) {
        let error = ReportError { message, help };
        print(&written(cli, &Outcome::default(), Some(error), false));
    }
}

/// Prints the report of an outcome; returns the exit code.
fn tell(cli: &Cli, steps: &Steps, outcome: Outcome) -> u8 {
    steps.clear();
    print(&text(cli, &outcome, wants_color(cli.common.color)));
    code(cli, &outcome)
}

fn render_options(cli: &Cli) -> RenderOptions {
    RenderOptions {
        color: wants_color(cli.common.color),
        quiet: cli.common.quiet,
    }
}

fn text(cli: &Cli, outcome: &Outcome, color: bool) -> String {
    written(cli, outcome, None, color)
}

fn written(cli: &Cli, outcome: &Outcome, error: Option<ReportError>, color: bool) -> String {
    let report = Report {
        verb: cli.command.name(),
        facts: outcome.facts.clone(),
        findings: &outcome.findings,
        sources: &outcome.sources,
        verdict: outcome.verdict.clone(),
        script: outcome.output.as_deref(),
        error,
    };
    let options = RenderOptions {
        color,
        quiet: cli.common.quiet,
    };
    let format = match cli.common.format {
        ReportFormat::Text => Format::Text,
        ReportFormat::Json => Format::Json,
    };
    render(&report, format, &options)
}

fn code(cli: &Cli, outcome: &Outcome) -> u8 {
    let limit = Severity::from(cli.common.fail_on);
    match worst(&outcome.findings).is_some_and(|it| it >= limit) {
        true => outcome.keeps_from_work.unwrap_or(1),
        false => 0,
    }
}

fn explain(cli: &Cli, args: &ExplainArgs) -> u8 {
    let codes = all_codes();
    let Some(name) = &args.code else {
        list(cli, &codes);
        return 0;
    };
    match codes.iter().find(|it| it.name == name) {
        Some(it) => {
            describe(cli, it);
            0
        }
        None => {
            let near = driftless_finding::closest(name, codes.iter().map(|it| it.name));
            let help = near.map(|it| format!("did you mean `{it}`?"));
            fail(cli, format!("there is no code `{name}`"), help);
            2
        }
    }
}

/// Prints every code with what it is about.
fn list(cli: &Cli, codes: &[&Code]) {
    let width = codes.iter().map(|it| it.name.len()).max().unwrap_or(0);
    match cli.common.format {
        ReportFormat::Json => {
            let facts = codes.iter().map(|it| (it.name, it.summary.to_owned()));
            print(&facts_alone(cli, facts));
        }
        ReportFormat::Text => {
            for it in codes {
                print(&format!("{:width$}  {}\n", it.name, it.summary));
            }
        }
    }
}

/// Prints all there is to say of a code.
fn describe(cli: &Cli, it: &Code) {
    let text = match cli.common.format {
        ReportFormat::Json => facts_alone(
            cli,
            [
                ("code", it.name.to_owned()),
                ("severity", it.severity.to_string()),
                ("summary", it.summary.to_owned()),
                ("explanation", it.explanation.to_owned()),
            ],
        ),
        ReportFormat::Text => format!(
            "{} ({}): {}\n\n{}\n",
            it.name, it.severity, it.summary, it.explanation
        ),
    };
    print(&text);
}

/// A report of nothing but facts.
fn facts_alone<'a>(cli: &Cli, facts: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let facts = facts.into_iter();
    let outcome = Outcome {
        facts: facts.map(|(word, text)| (word.to_owned(), text)).collect(),
        ..Outcome::default()
    };
    text(cli, &outcome, false)
}
