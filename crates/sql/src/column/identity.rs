//! Identity columns, and how their values are counted.

use driftless_catalog::{Column, Identity, IdentityKind, QualifiedName, SequenceOptions};

use super::{Alter, behind_rows, over_all_rows};
use crate::Hazard;
use crate::name::ident;
use crate::script::Context;
use crate::sequence::{self, Position};

/// `GENERATED … AS IDENTITY`, with the name of the sequence where the server would choose another one.
pub(super) fn identity_clause(
    table: &QualifiedName,
    column: &Column,
    identity: &Identity,
    context: &Context<'_>,
) -> String {
    let kind = identity_kind(identity.kind);
    let usual = SequenceOptions::of(identity.options.data_type.clone());
    let clauses = sequence::clauses(Some(&usual), &identity.options, context.options);
    let sequence = &identity.sequence;
    let own = !column.inherited && sequence.schema == table.schema;
    let name = match own && *sequence != column.serial_name(table) {
        true => format!("SEQUENCE NAME {} ", context.options.name(sequence)),
        false => String::new(),
    };
    match format!("{name}{}", clauses.trim()).trim() {
        "" => format!("GENERATED {kind} AS IDENTITY"),
        clauses => format!("GENERATED {kind} AS IDENTITY ({clauses})"),
    }
}

fn identity_kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

/// The options of an identity once its column has its new type: the server changes that of the sequence along, and a
/// bound that was that of the type. Follows PostgreSQL, `ALTER SEQUENCE`, `AS`.
fn with_column(identity: &Identity, from: &Column, to: &Column) -> SequenceOptions {
    let mut options = identity.options.clone();
    if from.data_type == to.data_type || options.data_type == to.data_type {
        return options;
    }
    let usual = SequenceOptions::of(options.data_type);
    let new = SequenceOptions::of(to.data_type.clone());
    if options.min == lowest(&usual) {
        options.min = lowest(&new);
    }
    if options.max == usual.max {
        options.max = new.max;
    }
    options.data_type = new.data_type;
    options
}

/// The least value of a sequence's type.
fn lowest(usual: &SequenceOptions) -> i64 {
    -usual.max - 1
}

/// What the identity of a column becomes.
pub(super) fn alter(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let name = ident(&to.name);
    match (&from.identity, &to.identity) {
        (None, Some(it)) => {
            if !from.not_null {
                out.clauses
                    .push(format!("ALTER COLUMN {name} SET NOT NULL"));
            }
            let clause = identity_clause(table, to, it, context);
            out.clauses
                .push(format!("ALTER COLUMN {name} ADD {clause}"));
            let (sequence, options) = (&it.sequence, &it.options);
            let sql = behind_rows(table, &name, sequence, options, context);
            out.after.extend(over_all_rows(table, sql, context));
        }
        (Some(before), Some(after)) => {
            if before.kind != after.kind {
                let kind = identity_kind(after.kind);
                out.clauses
                    .push(format!("ALTER COLUMN {name} SET GENERATED {kind}"));
            }
            identity_options(table, &name, (before, from), (after, to), context, out);
            out.after.extend(renamed(before, after, context));
        }
        (Some(_), None) | (None, None) => {}
    }
}

/// The sequence of an identity gets another name. Its schema is that of the table.
fn renamed(before: &Identity, after: &Identity, context: &Context<'_>) -> Option<String> {
    let (from, to) = (&before.sequence, &after.sequence);
    let (name, new) = (context.options.name(from), ident(&to.name));
    (from.name != to.name).then(|| format!("ALTER SEQUENCE {name} RENAME TO {new}"))
}

/// How the values of an identity are counted.
fn identity_options(
    table: &QualifiedName,
    name: &str,
    (before, from): (&Identity, &Column),
    (after, to): (&Identity, &Column),
    context: &Context<'_>,
    out: &mut Alter,
) {
    let new = SequenceOptions::of(to.data_type.clone());
    let counted = with_column(before, from, to);
    // The column cannot have its new type before the sequence is within the bounds of that.
    let too_far = counted.max > new.max || counted.min < lowest(&new);
    let (counted, wanted) = match too_far {
        true => {
            let options = &before.options;
            let data_type = options.data_type.clone();
            let wanted = SequenceOptions {
                data_type,
                ..after.options.clone()
            };
            (options.clone(), wanted)
        }
        false => (counted, after.options.clone()),
    };
    let clauses = sequence::clauses(Some(&counted), &wanted, context.options);
    if clauses.is_empty() {
        return;
    }
    let position = Position::between(&counted, &wanted);
    let (sequence, options) = (&before.sequence, context.options);
    let unused = Position::of_unused(sequence, &counted, &wanted, options);
    out.before.extend(unused);
    out.before.extend(position.before(sequence, options));
    if let Position::Restarts = position {
        let what = sequence::position_of(&before.sequence);
        out.hazards.push(Hazard::Deletes { what });
    }
    // Each option is set on its own: `SET INCREMENT BY 5 SET START WITH 10`.
    let set = format!(
        "ALTER COLUMN {name}{}{}",
        set_each(&clauses),
        position.clause()
    );
    match too_far {
        true => {
            let table = context.options.name(table);
            out.before.push(format!("ALTER TABLE {table} {set}"));
        }
        false => out.clauses.push(set),
    }
}

fn set_each(clauses: &str) -> String {
    let mut text = String::new();
    for word in clauses.split_whitespace() {
        let starts = matches!(
            word,
            "INCREMENT" | "MINVALUE" | "MAXVALUE" | "START" | "CACHE" | "CYCLE" | "NO"
        );
        let follows_no = text.ends_with(" NO");
        text.push_str(if starts && !follows_no { " SET " } else { " " });
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_of_an_identity_is_set_on_its_own() {
        assert_eq!(
            set_each(" INCREMENT BY 5 START WITH 10 NO CYCLE"),
            " SET INCREMENT BY 5 SET START WITH 10 SET NO CYCLE"
        );
    }
}
