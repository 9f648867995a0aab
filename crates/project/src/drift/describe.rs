//! Changes in words.

use driftless_catalog::{Catalog, Ident, ObjectId, ObjectKind};
use driftless_diff::{Change, Delta, DiffOptions, Difference, plan};
use driftless_finding::{Code, Finding, Fix, Severity, Span};
use driftless_prisma_catalog::{Declaration, Question};
use driftless_sql::{Effect, Hazard, SqlOptions, Step, script, steps};

use super::group::{Group, group};
use super::place::Places;

/// The codes of drift findings.
pub(crate) const CODES: &[&Code] = &[
    &UNMIGRATED,
    &super::pending::PENDING,
    &super::pending::NOT_RECORDED,
    &BY_HAND,
    &UNDECIDED,
    &UNKNOWN_MIGRATION,
];

static UNMIGRATED: Code = Code {
    name: "drift-unmigrated",
    severity: Severity::Error,
    summary: "the Prisma schema and the migrations want different things",
    explanation: "The Prisma schema is the source of truth for tables. Replayed from the beginning, the migrations lead to \
another state: something was added to the schema, changed or removed, and no migration says so, or a migration makes \
something that Prisma could express and the schema does not have.\n\n\
The finding points at the place in the schema, or at the migration if the schema has nothing. The SQL under *fix* leads from \
what the migrations record to what the schema desires: put it into a new migration. If the migrations are right, change the schema.",
};

static BY_HAND: Code = Code {
    name: "drift-changed-by-hand",
    severity: Severity::Error,
    summary: "the live database is not what its migrations have made",
    explanation: "All migrations that the live database has seen were replayed, and the result differs from it: somebody or \
something has changed the database without a migration, in the dashboard, by psql or with another tool. The next database \
that is built from the migrations will be different.\n\n\
The SQL under *fix* leads from the live database back to what the migrations record. If the change should stay, write it into \
a migration instead. What is not meant to be compared can be ignored in `driftless.toml`, `[ignore]`, with a reason.",
};

static UNDECIDED: Code = Code {
    name: "undecided",
    severity: Severity::Warning,
    summary: "whether two expressions mean the same cannot be decided",
    explanation: "Postgres rewrites expressions, so two texts that look different may mean the same. Driftless lets a server \
print both. Here the server could not: mostly because the expression names a function or type that is not there. It is neither \
reported as drift nor as equal.\n\n\
Write the expression in the schema as the database prints it, or see to it that the migrations make what it names.",
};

pub(super) static UNKNOWN_MIGRATION: Code = Code {
    name: "unknown-migration",
    severity: Severity::Warning,
    summary: "the live database has seen a migration that is not in the folder",
    explanation: "The history table of the live database has a version for which there is no file. The file was deleted or renamed \
after it was applied, or it is on a branch that is not checked out. What it did shows up as changed by hand.\n\n\
Bring the file back, or repair the history: `supabase migration repair --status reverted VERSION`.",
};

/// Two states that are compared, and in which sense.
pub(super) struct Comparison<'a> {
    code: &'static Code,
    from: &'a Catalog,
    to: &'a Catalog,
    options: &'a DiffOptions,
    sql: SqlOptions,
    /// What the two states are called in a note: `live`, `recorded`.
    names: (&'static str, &'static str),
}

impl<'a> Comparison<'a> {
    fn new(
        code: &'static Code,
        from: &'a Catalog,
        to: &'a Catalog,
        options: &'a DiffOptions,
        names: (&'static str, &'static str),
    ) -> Self {
        Self {
            code,
            from,
            to,
            options,
            sql: sql_options(options),
            names,
        }
    }

    /// From what is recorded to what is desired.
    pub(super) fn unmigrated(
        recorded: &'a Catalog,
        desired: &'a Catalog,
        options: &'a DiffOptions,
    ) -> Self {
        let names = ("migrations", "schema");
        Self::new(&UNMIGRATED, recorded, desired, options, names)
    }

    /// From what is live to what is recorded as applied.
    pub(super) fn by_hand(
        actual: &'a Catalog,
        recorded: &'a Catalog,
        options: &'a DiffOptions,
    ) -> Self {
        let names = ("live", "migrations");
        Self::new(&BY_HAND, actual, recorded, options, names)
    }

    /// What is wrong with an object, in a sentence.
    fn message(&self, object: &ObjectId, change: &Change<'_>) -> String {
        let (create, drop) = (change.is_create(), change.is_drop());
        let is = |unmigrated: &str, by_hand: &str| {
            let text = match self.code == &UNMIGRATED {
                true => unmigrated,
                false => by_hand,
            };
            match object.kind() == ObjectKind::DefaultPrivilege {
                true => format!("{object} {}", plural(text)),
                false => format!("{object} {text}"),
            }
        };
        if create {
            is(
                "is in the Prisma schema and in no migration",
                "is made by the migrations and missing in the live database",
            )
        } else if drop {
            is(
                "is made by the migrations and not in the Prisma schema",
                "is in the live database and in no migration",
            )
        } else {
            is(
                "is different in the Prisma schema and in the migrations",
                "was changed in the live database",
            )
        }
    }

    /// The SQL that mends it.
    fn fix(&self, group: &Group<'_>) -> (Vec<Step>, String) {
        let changes = plan(group.changes(), self.from, self.to, self.options);
        let steps = steps(&changes, self.from, self.to, &self.sql);
        let text = fix_of(&steps);
        (steps, text)
    }
}

/// The script of `steps`; one statement needs no headline.
pub(super) fn fix_of(steps: &[Step]) -> String {
    let text = script(steps);
    match steps {
        [one] => text
            .strip_prefix(&format!("-- {}\n", one.label.as_str()))
            .map(str::to_owned)
            .unwrap_or(text),
        _ => text,
    }
}

/// Names as people write them, for the server that the comparison is about.
pub(super) fn sql_options(options: &DiffOptions) -> SqlOptions {
    SqlOptions {
        default_schema: Ident::new("public").ok(),
        server_major: options.server_major,
        ..SqlOptions::default()
    }
}

/// `is` and `was` of many.
fn plural(text: &str) -> String {
    match text.split_once(' ') {
        Some(("is", rest)) => format!("are {rest}"),
        Some(("was", rest)) => format!("were {rest}"),
        _ => text.to_owned(),
    }
}

/// A finding for each object that differs, those of one table that is made or dropped together.
pub(super) fn describe(
    changes: Vec<Change<'_>>,
    comparison: &Comparison<'_>,
    places: &Places<'_>,
) -> Vec<Finding> {
    let mut findings: Vec<(Option<Span>, Finding)> = group(changes)
        .iter()
        .map(|it| {
            let finding = finding(it, comparison, places);
            (finding.span, finding)
        })
        .collect();
    // As one reads the files; what has no place comes last.
    findings.sort_by_key(|(span, it)| (span.is_none(), *span, it.object.clone()));
    findings.into_iter().map(|(_, it)| it).collect()
}

fn finding(group: &Group<'_>, comparison: &Comparison<'_>, places: &Places<'_>) -> Finding {
    let object = &group.object;
    let differences = group.main.differences();
    let mut finding = Finding::new(comparison.code, comparison.message(object, &group.main))
        .object(object.to_string())
        .at_maybe(span(group, &differences, comparison, places));
    if let (Some(span), Some(made)) = (finding.span, migration(group, places))
        && span != made
    {
        finding = finding.label(made, "what the migrations say");
    }
    if let (None, Some(table)) = (finding.span, parent(object, places)) {
        finding = finding.label(table, "its table");
    }
    for difference in &differences {
        finding = finding.note(difference_text(difference, comparison.names));
    }
    finding.notes.extend(company(group));
    finding.notes.extend(end_of_numbers(&group.main));
    let (steps, sql) = comparison.fix(group);
    for hazard in steps
        .iter()
        .flat_map(|it| &it.statements)
        .flat_map(|it| &it.hazards)
    {
        finding.notes.push(hazard_text(hazard));
    }
    finding.notes.dedup();
    if comparison.code == &UNMIGRATED && group.main.is_drop() {
        finding = finding.help("if the migrations are right, add it to the Prisma schema");
    }
    if !sql.is_empty() {
        finding = finding.fix(Fix::Sql(sql));
    }
    finding
}

/// The place to look at first: in the schema what is desired, in the migrations what is recorded.
fn span(
    group: &Group<'_>,
    differences: &[Difference],
    comparison: &Comparison<'_>,
    places: &Places<'_>,
) -> Option<Span> {
    let object = &group.object;
    // A sequence is declared by the field that it counts for.
    let declaration = places
        .declared(object)
        .or_else(|| places.declared(&owner(&group.main)?));
    let declared = declaration.map(|it| part(it, differences));
    let in_migrations = || migration(group, places);
    match comparison.code == &UNMIGRATED {
        true => declared.or_else(in_migrations),
        false => in_migrations().or(declared),
    }
}

/// The statement of a migration that is to blame.
pub(super) fn migration(group: &Group<'_>, places: &Places<'_>) -> Option<Span> {
    let object = &group.object;
    if let Change::Grants { .. } = group.main {
        let granted = places.privileges(object);
        return granted.or_else(|| places.introduced(object));
    }
    if group.main.is_create() || group.main.is_drop() {
        return places.introduced(object);
    }
    if let Change::RowSecurity { .. } = group.main {
        return places.changed(object, &["row level security"]);
    }
    if let ObjectId::Column(_, name) = object {
        return places.changed(object, &[name.as_str()]);
    }
    places.changed(object, &[])
}

/// Where the table of a part is declared, or made.
fn parent(object: &ObjectId, places: &Places<'_>) -> Option<Span> {
    let table = ObjectId::Table(object.parent()?.clone());
    let declared = places.declared(&table).map(|it| it.span);
    let made = || {
        places
            .introduced(&table)
            .filter(|_| places.is_recorded_table(&table))
    };
    declared.or_else(made)
}

/// The type or default of a field if that is all that differs, the expression or the roles of a policy, the `@@rls` of
/// a model; else the name or the whole.
fn part(declaration: &Declaration, differences: &[Difference]) -> Span {
    let aspect = match differences {
        [one] => one.aspect,
        _ => "",
    };
    let part = match aspect {
        "type" | "not null" => declaration.data_type,
        "default" => declaration.default,
        "USING" => declaration.expressions[0],
        "WITH CHECK" => declaration.expressions[1],
        "roles" => declaration.roles,
        _ => None,
    };
    let is_row_security = |it: &Difference| it.aspect.ends_with("row level security");
    let part = part.or_else(|| {
        let row_security = !differences.is_empty() && differences.iter().all(is_row_security);
        declaration.row_security.filter(|_| row_security)
    });
    part.unwrap_or(declaration.span)
}

/// `type: migrations integer, schema bigint`
fn difference_text(difference: &Difference, names: (&str, &str)) -> String {
    let Difference { aspect, from, to } = difference;
    let long = from.contains('\n') || to.contains('\n') || from.len() + to.len() > 100;
    match long {
        true => {
            let indent = |text: &str| text.replace('\n', "\n  ");
            format!(
                "{aspect}:\n{}:\n  {}\n{}:\n  {}",
                names.0,
                indent(from),
                names.1,
                indent(to)
            )
        }
        false => format!("{aspect}: {} {from}, {} {to}", names.0, names.1),
    }
}

/// The column whose numbers a sequence is for, if both states have it.
fn owner(change: &Change<'_>) -> Option<ObjectId> {
    let Change::Sequence(Delta::Alter { from, to }) = change else {
        return None;
    };
    let owner = to
        .owned_by
        .as_ref()
        .filter(|_| from.owned_by == to.owned_by)?;
    Some(ObjectId::Column(owner.table.clone(), owner.column.clone()))
}

/// That the column of a sequence could go on where the sequence ends.
fn end_of_numbers(change: &Change<'_>) -> Option<String> {
    let Change::Sequence(Delta::Alter { from, to }) = change else {
        return None;
    };
    let column = owner(change).filter(|_| from.options.max < to.options.max)?;
    let end = from.options.max;
    Some(format!(
        "after {end} it gives no more numbers, and inserting fails, though {column} has room for more"
    ))
}

/// What comes along with a table that is made or dropped.
fn company(group: &Group<'_>) -> Option<String> {
    let mut names: Vec<String> = group
        .rest
        .iter()
        .filter(|it| it.is_create() || it.is_drop())
        .map(|it| it.object().to_string())
        .collect();
    names.dedup();
    let count = names.len();
    match count {
        0 => None,
        1..=4 => Some(format!("with {}", names.join(", "))),
        _ => Some(format!(
            "with {} and {} more",
            names[..3].join(", "),
            count - 3
        )),
    }
}

fn hazard_text(hazard: &Hazard) -> String {
    let what = hazard.what();
    match hazard.effect() {
        Effect::DeletesData => format!("the fix deletes data: {what}"),
        Effect::ChangesData => format!("the fix fails or changes values if {what}"),
        Effect::Fails => format!("the fix fails if {what}"),
        Effect::LosesKey => format!("with the fix {what}"),
        Effect::Refused => format!("PostgreSQL refuses the fix: {what}"),
        Effect::ByHand => "the fix has to be written by hand".to_owned(),
        Effect::BreaksClients => format!("clients that say the old name fail: {what}"),
    }
}

/// A question that no server could answer.
pub(super) fn undecided(question: &Question, places: &Places<'_>) -> Finding {
    let object = &question.object;
    let message = format!("whether {object} has drifted cannot be decided");
    let declaration = places.declared(object);
    Finding::new(&UNDECIDED, message)
        .object(object.to_string())
        .at_maybe(declaration.map(|it| it.default.unwrap_or(it.span)))
        .note(format!("the schema has {}", question.written))
        .note(format!("the database has {}", question.printed))
        .help("write the expression as the database prints it")
}
