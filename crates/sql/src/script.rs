//! Changes to steps, steps to text.

use std::collections::{BTreeSet, HashMap};

use driftless_catalog::{Catalog, ConstraintKind, Ident, Index, ObjectId, QualifiedName};
use driftless_diff::{Change, Delta, is_partitioned_anew, taken_indexes};

use crate::partition::Piecewise;
use crate::statement::{Label, Statement, Step};
use crate::{
    SqlOptions, column, comment, constraint, default_privilege, domain, enum_type, extension,
    function, grants, index, materialized_view, online, other, partition, policy, schema, sequence,
    table, table_anew, trigger, view,
};

/// What every renderer may ask.
pub(crate) struct Context<'a> {
    pub(crate) from: &'a Catalog,
    pub(crate) to: &'a Catalog,
    pub(crate) options: &'a SqlOptions,
    /// Checks that are made by a statement of their own, not with their table.
    pub(crate) checks: BTreeSet<(QualifiedName, Ident)>,
    /// Sequences that are made by a statement of their own, so that no `SERIAL` makes them.
    pub(crate) sequences: BTreeSet<QualifiedName>,
    /// Relations that lose a column, or are made anew.
    pub(crate) rebuilt: BTreeSet<QualifiedName>,
    /// What is made piece by piece.
    pub(crate) piecewise: Piecewise,
    /// Indexes that new keys take over, by the key.
    pub(crate) taken: HashMap<ObjectId, &'a Index>,
}

impl Context<'_> {
    /// Whether a table gives away its name, and a new one takes it.
    pub(crate) fn is_made_anew(&self, table: &QualifiedName) -> bool {
        let pair = self.from.tables.get(table).zip(self.to.tables.get(table));
        pair.is_some_and(|(from, to)| is_partitioned_anew(from, to))
    }

    /// The index that a new key takes over.
    pub(crate) fn taken_index(&self, table: &QualifiedName, key: &Ident) -> Option<&Index> {
        let id = ObjectId::Constraint(table.clone(), key.clone());
        self.taken.get(&id).copied()
    }
}

/// The steps that make `changes`, which lead `from` one state `to` another, in the order of the changes.
///
/// Neighbouring changes of columns, primary key and other constraints of one table become one step.
pub fn steps<'a>(
    changes: &[Change<'a>],
    from: &'a Catalog,
    to: &'a Catalog,
    options: &SqlOptions,
) -> Vec<Step> {
    let sequences = changes.iter().filter_map(|it| {
        let Change::Sequence(Delta::Create(it)) = it else {
            return None;
        };
        Some(it.name.clone())
    });
    let checks = changes.iter().filter_map(|it| {
        let Change::Constraint {
            table,
            delta: Delta::Create(it),
        } = it
        else {
            return None;
        };
        Some(((*table).clone(), it.name.clone()))
    });
    let context = Context {
        from,
        to,
        options,
        checks: checks.collect(),
        sequences: sequences.collect(),
        rebuilt: online::rebuilt(changes, from),
        piecewise: Piecewise::of(changes),
        taken: match options.manner.is_prisma() {
            true => HashMap::new(),
            false => taken_indexes(changes, from, to),
        },
    };
    let mut steps = Vec::new();
    let mut rest = changes;
    while let [first, behind @ ..] = rest {
        let Some(table) = altered_table(first) else {
            steps.extend(step(first, &context));
            rest = behind;
            continue;
        };
        let same = |it: &&Change<'_>| altered_table(it) == Some(table);
        let count = rest.iter().take_while(same).count();
        let (group, behind) = rest.split_at(count);
        steps.extend(table::alter(table, group, &context));
        rest = behind;
    }
    steps
}

/// The table, if the change is one that `ALTER TABLE` makes together with others.
fn altered_table<'a>(change: &Change<'a>) -> Option<&'a QualifiedName> {
    match change {
        Change::Column { table, .. } => Some(table),
        Change::Constraint { table, delta } => match delta.object().kind {
            ConstraintKind::ForeignKey(_) => None,
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => Some(table),
        },
        Change::Table(Delta::Alter { to, .. }) => Some(&to.name),
        Change::Partition { .. }
        | Change::AttachIndex { .. }
        | Change::Table(Delta::Create(_) | Delta::Drop(_))
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Domain(_)
        | Change::DomainConstraint { .. }
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::Index { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::MaterializedView(_)
        | Change::Function(_)
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. } => None,
    }
}

fn step(change: &Change<'_>, context: &Context<'_>) -> Option<Step> {
    let (label, statements) = match change {
        Change::Schema(delta) => schema::render(delta),
        Change::Extension(delta) => extension::render(delta),
        Change::Enum(delta) => enum_type::render(delta, context),
        Change::Domain(delta) => domain::render(delta, context),
        Change::DomainConstraint { domain, delta } => {
            domain::render_check(domain, delta, context.options)
        }
        Change::Rows { from, to } => table_anew::render_rows(from, to, context),
        Change::Default {
            table,
            column,
            delta,
        } => column::render_default(table, column, delta, context.options),
        Change::Sequence(delta) => sequence::render(delta, context.options),
        Change::SequenceOwner { sequence, to, .. } => {
            sequence::render_owner(sequence, *to, context.options)
        }
        Change::Table(Delta::Create(it)) => table::render_create(it, context),
        Change::Table(Delta::Drop(it)) => table::render_drop(it, context),
        Change::Table(Delta::Alter { to, .. }) => {
            return table::alter(&to.name, std::slice::from_ref(change), context);
        }
        Change::Partition { table, from, to } => partition::render(table, *from, *to, context),
        Change::Column { table, .. } => {
            return table::alter(table, std::slice::from_ref(change), context);
        }
        Change::Constraint { table, delta } => constraint::render(table, delta, context),
        Change::Index { relation, delta } => index::render(relation, delta, context),
        Change::AttachIndex { table, index, to } => {
            partition::render_index(table, index, to, context.options)
        }
        Change::Trigger { relation, delta } => trigger::render(relation, delta, context.options),
        Change::RowSecurity { table, from, to } => {
            table::row_security(table, *from, *to, context.options)
        }
        Change::Policy { table, delta } => policy::render(table, delta, context.options),
        Change::View(delta) => view::render(delta, context.options),
        Change::MaterializedView(delta) => materialized_view::render(delta, context.options),
        Change::Function(delta) => function::render(delta, context.options),
        Change::DefaultPrivilege(delta) => default_privilege::render(delta, context.options),
        Change::Other(delta) => other::render(delta, context),
        Change::Owner { object, to, .. } => comment::render_owner(object, to, context.options),
        Change::Comment { object, to, .. } => comment::render(object, *to, context.options),
        Change::Grants { object, from, to } => grants::render(object, from, to, context),
    };
    (!statements.is_empty()).then(|| Step {
        label,
        object: change.object(),
        statements,
    })
}

/// The steps as the text of a migration: each under a comment that says what it does, an empty line
/// between two.
///
/// Function bodies may name what is made later, so a script that makes functions first says that they
/// are not to be checked.
pub fn script(steps: &[Step]) -> String {
    let settings = settings(steps).into_iter().map(|it| format!("{it};\n"));
    let sections: Vec<String> = settings.chain(steps.iter().map(section)).collect();
    sections.join("\n")
}

/// What has to be set in the session that runs the steps, before the first of them.
pub fn settings(steps: &[Step]) -> Vec<&'static str> {
    let makes_function = |it: &Step| it.label == Label::CreateFunction;
    match steps.iter().any(makes_function) {
        true => vec!["SET check_function_bodies = false"],
        false => Vec::new(),
    }
}

fn section(step: &Step) -> String {
    let mut text = format!("-- {}\n", step.label.as_str());
    for statement in &step.statements {
        text.push_str(&terminated(statement));
    }
    text
}

/// A statement with its semicolon; a note of what a person has to do stays a comment.
fn terminated(statement: &Statement) -> String {
    let is_comment = statement
        .sql
        .lines()
        .all(|line| line.trim_start().starts_with("--"));
    match is_comment {
        true => format!("{}\n", statement.sql),
        false => format!("{};\n", statement.sql),
    }
}
