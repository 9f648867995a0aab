//! Migrations that the live database has not seen, or does not know that it has.

use driftless_catalog::{Catalog, ObjectId};
use driftless_diff::{Change, DiffOptions, diff, plan};
use driftless_finding::{Code, Finding, Fix, Severity, SourceId, Sources, Span};
use driftless_migrate::MigrationFile;
use driftless_sql::steps;
use driftless_sql_text::statements;

use super::describe::{fix_of, migration, sql_options};
use super::group::group;
use super::place::Places;

pub(super) static PENDING: Code = Code {
    name: "drift-pending",
    severity: Severity::Error,
    summary: "a migration is not applied to the live database yet",
    explanation: "The history table of the live database does not have the version of this migration. If there is no history, \
or an empty one, nothing that the migration makes is there.\n\n\
Apply the migration: `supabase db push`, or `psql --single-transaction --file FILE`. The notes say what it changes in the \
schema, and the SQL under *fix* does only that: what the migration does to rows is in the file alone.",
};

pub(super) static NOT_RECORDED: Code = Code {
    name: "migration-not-recorded",
    severity: Severity::Warning,
    summary: "what a migration makes is there, but the history does not have the migration",
    explanation: "Everything that the migration makes is in the live database, and the history table does not have its version: \
somebody ran the file by hand, or restored the database without its history. The next `supabase db push` will run it again \
and fail.\n\n\
Record it: `supabase migration repair --status applied VERSION`.",
};

/// How many changes of a migration are told.
const TOLD: usize = 8;

/// A finding for each migration of `files`, which lead from `applied` to `recorded`.
pub(super) fn describe(
    files: &[&MigrationFile],
    applied: &Catalog,
    recorded: &Catalog,
    options: &DiffOptions,
    places: &Places<'_>,
    sources: &Sources,
) -> Vec<Finding> {
    let mut of_file: Vec<Vec<(Option<Span>, Change<'_>)>> = vec![Vec::new(); files.len()];
    let mut told: Vec<Vec<String>> = vec![Vec::new(); files.len()];
    for group in group(diff(applied, recorded, options)) {
        let span = migration(&group, places);
        let at = files.iter().rposition(|it| is_in(it.source, span));
        // What has no place was made by the last one, as far as anybody can tell.
        let Some(at) = at.or(files.len().checked_sub(1)) else {
            continue;
        };
        told[at].push(told_as(&group.main, &group.object));
        of_file[at].extend(group.changes().into_iter().map(|it| (span, it)));
    }
    let each = files.iter().zip(of_file).zip(told);
    each.map(|((file, changes), told)| {
        let first = changes.iter().filter_map(|(span, _)| *span).min();
        let changes = changes.into_iter().map(|(_, change)| change).collect();
        let changes = plan(changes, applied, recorded, options);
        let fix = fix_of(&steps(&changes, applied, recorded, &sql_options(options)));
        let message = format!(
            "migration {} is not applied to the live database",
            name(file)
        );
        let mut finding = Finding::new(&PENDING, message)
            .object(format!("migration {}", file.version))
            .at_maybe(first.or_else(|| first_statement(file, sources)))
            .help(format!(
                "apply it: `supabase db push`, or psql --file {}",
                file.path.display()
            ));
        finding.notes = shortened(told);
        match fix.is_empty() {
            true => finding,
            false => finding.fix(Fix::Sql(fix)),
        }
    })
    .collect()
}

/// What is there although the history does not say so.
pub(super) fn not_recorded(file: &MigrationFile, sources: &Sources) -> Finding {
    let message = format!(
        "what migration {} makes is in the live database, but its history does not have the migration",
        name(file)
    );
    Finding::new(&NOT_RECORDED, message)
        .object(format!("migration {}", file.version))
        .at_maybe(first_statement(file, sources))
        .help(format!(
            "record it: supabase migration repair --status applied {}",
            file.version
        ))
}

/// What is there although there is a history and nothing in it.
pub(super) fn none_recorded() -> Finding {
    let message = "what the migrations make is in the live database, but its history is empty";
    Finding::new(&NOT_RECORDED, message)
        .object("supabase_migrations.schema_migrations")
        .help("record them: supabase migration repair --status applied")
}

/// `20250113091500_initial_tables`
pub(super) fn name(file: &MigrationFile) -> String {
    format!("{}_{}", file.version, file.name)
}

fn is_in(source: SourceId, span: Option<Span>) -> bool {
    span.is_some_and(|it| it.source == source)
}

/// The first line of the first statement.
fn first_statement(file: &MigrationFile, sources: &Sources) -> Option<Span> {
    let text = sources.file(file.source).text();
    let statement = statements(text).into_iter().next()?;
    let line = statement.text(text).lines().next().map_or(0, str::len);
    let start = statement.range.start as u32;
    Some(Span {
        source: file.source,
        start,
        end: start + line as u32,
    })
}

/// `makes table public.users`
fn told_as(change: &Change<'_>, object: &ObjectId) -> String {
    if let Change::Grants { .. } = change {
        return format!("changes who may do what with {object}");
    }
    let verb = match (change.is_create(), change.is_drop()) {
        (true, _) => "makes",
        (_, true) => "drops",
        (false, false) => "changes",
    };
    format!("{verb} {object}")
}

fn shortened(mut told: Vec<String>) -> Vec<String> {
    if told.len() > TOLD + 1 {
        let rest = told.split_off(TOLD);
        told.push(format!("and {} more", rest.len()));
    }
    told
}
