//! Altered columns as Prisma's engine writes them.

use driftless_catalog::{Column, QualifiedName};
use driftless_diff::{Cast, Manner, type_change};
use driftless_sql_text::{quote_ident, quote_literal};

use super::cast::{cast, casts_by_itself};
use super::{Alter, cast_hazard, definition, is_text, serial_type, spelled_type};
use crate::Hazard;
use crate::name::ident;
use crate::script::Context;

/// The parts of an altered column that Prisma can express; `None` for anything else.
pub(super) fn alter(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
) -> Option<Alter> {
    let same_besides = from.collation == to.collation
        && from.identity == to.identity
        && from.generated == to.generated
        && from.storage == to.storage
        && from.compression == to.compression
        && from.statistics == to.statistics
        && from.options == to.options;
    if !same_besides || from.identity.is_some() || from.generated.is_some() {
        return None;
    }
    let change = type_change((from, context.from), (to, context.to));
    let mut out = Alter::default();
    if change == Some(Cast::None) {
        anew(table, to, context, &mut out);
        return Some(out);
    }
    let faults = context.options.manner == Manner::PrismaWithFaults;
    nullability(table, from, to, faults, &mut out);
    let casts = faults || change.is_none() || casts_by_itself(from, to) || is_text(to);
    if !casts && from.default.is_some() {
        lift_default(table, from, to, context, &mut out);
    }
    default(table, from, to, context, &mut out);
    if change.is_some() {
        data_type(table, from, to, context, &mut out);
    }
    Some(out)
}

/// The server would cast the old default along with the values, without the cast that they have.
fn lift_default(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let (table, name) = (context.options.name(table), ident(&to.name));
    out.before.push(format!(
        "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"
    ));
    if let Some(default) = to
        .default
        .as_ref()
        .filter(|it| from.default.as_ref() == Some(it))
    {
        out.clauses
            .push(format!("ALTER COLUMN {name} SET DEFAULT {default}"));
    }
}

/// There is no way from the old type to the new one.
fn anew(table: &QualifiedName, to: &Column, context: &Context<'_>, out: &mut Alter) {
    out.clauses.push(format!("DROP COLUMN {}", ident(&to.name)));
    let definition = definition(table, to, context);
    out.clauses.push(format!("ADD COLUMN     {definition}"));
    out.hazards.push(Hazard::RemakesColumn {
        table: table.clone(),
        column: to.name.clone(),
        to: to.data_type.clone(),
        required: to.not_null && to.default.is_none() && to.serial.is_none(),
    });
}

fn nullability(table: &QualifiedName, from: &Column, to: &Column, faults: bool, out: &mut Alter) {
    // To Prisma a list is neither required nor optional, so a scalar that comes from one always is told.
    let becomes_scalar = from.data_type.is_array() && !to.data_type.is_array();
    let becomes_list = to.data_type.is_array() && !from.data_type.is_array();
    if from.not_null == to.not_null && !becomes_scalar || becomes_list && faults {
        return;
    }
    let name = ident(&to.name);
    let verb = if to.not_null { "SET" } else { "DROP" };
    out.clauses
        .push(format!("ALTER COLUMN {name} {verb} NOT NULL"));
    if to.not_null {
        out.hazards.push(Hazard::RequiresValues {
            table: table.clone(),
            column: to.name.clone(),
        });
    }
}

fn default(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let name = ident(&to.name);
    let clause = |text: &str| format!("ALTER COLUMN {name} {text}");
    let faults = context.options.manner == Manner::PrismaWithFaults;
    if from.default != to.default || counts_otherwise(from, to) {
        match &to.default {
            Some(default) => out.clauses.push(clause(&format!("SET DEFAULT {default}"))),
            // What takes its place is set below.
            None if to.serial.is_some() => {}
            None => out.clauses.push(clause("DROP DEFAULT")),
        }
    }
    match (&from.serial, &to.serial) {
        (None, Some(_)) => add_sequence(table, to, context, out),
        (Some(sequence), None) => {
            // A default that was just set would be dropped again.
            if to.default.is_none() || faults {
                out.clauses.push(clause("DROP DEFAULT"));
            }
            if !faults {
                let sequence = context.options.name(sequence);
                out.after.push(format!("DROP SEQUENCE {sequence}"));
            } else if !counts_elsewhere(table, to, context) {
                out.after.push("DROP SEQUENCE \"\"".to_owned());
            }
        }
        (None, None) | (Some(_), Some(_)) => {}
    }
}

/// Whether a number as default is a whole one to Prisma on one side only, so that it is set again.
fn counts_otherwise(from: &Column, to: &Column) -> bool {
    let whole = |it: &Column| matches!(&*it.data_type.name.name, "int2" | "int4" | "int8" | "oid");
    let broken = |it: &Column| {
        matches!(
            &*it.data_type.name.name,
            "numeric" | "float4" | "float8" | "money"
        )
    };
    to.default.is_some() && (whole(from) && broken(to) || broken(from) && whole(to))
}

/// Whether another column counts up: Prisma then takes the sequence, whose name it does not know, for used.
fn counts_elsewhere(table: &QualifiedName, column: &Column, context: &Context<'_>) -> bool {
    context.to.tables.iter().any(|of| {
        let other = |it: &&Column| of.name != *table || it.name != column.name;
        of.columns
            .iter()
            .filter(other)
            .any(|it| it.serial.is_some())
    })
}

/// Prisma folds the name of the sequence to lower case and does not quote it.
fn add_sequence(table: &QualifiedName, to: &Column, context: &Context<'_>, out: &mut Alter) {
    let options = context.options;
    let folded = format!("{}_{}_seq", table.name.as_str(), to.name.as_str()).to_lowercase();
    let taken = |it: &driftless_catalog::Sequence| {
        it.name.schema == table.schema && it.name.name.as_str() == folded
    };
    let faults = options.manner == Manner::PrismaWithFaults;
    let usable = quote_ident(&folded) == folded && !context.from.sequences.iter().any(taken);
    let sequence = match (usable || faults, &to.serial) {
        (false, Some(sequence)) => options.name(sequence),
        _ if options.default_schema.as_ref() == Some(&table.schema) => folded,
        _ if faults => format!("{}.{folded}", ident(&table.schema).to_lowercase()),
        _ => format!("{}.{folded}", ident(&table.schema)),
    };
    let name = ident(&to.name);
    out.before.push(format!("CREATE SEQUENCE {sequence}"));
    let quoted = match faults {
        true => format!("'{sequence}'"),
        false => quote_literal(&sequence),
    };
    out.clauses
        .push(format!("ALTER COLUMN {name} SET DEFAULT nextval({quoted})"));
    out.after.push(format!(
        "ALTER SEQUENCE {sequence} OWNED BY {}.{name}",
        options.name(table)
    ));
}

fn data_type(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let name = ident(&to.name);
    let faults = context.options.manner == Manner::PrismaWithFaults;
    let ty = match &to.serial {
        Some(_) if faults => serial_type(&to.data_type).to_owned(),
        _ => spelled_type(to, context.options),
    };
    // Prisma writes no `USING`; where the server needs one the statement would fail.
    let using = match faults || casts_by_itself(from, to) || is_text(to) {
        true => String::new(),
        false => format!(" USING {}", cast(from, to, &ty, context)),
    };
    out.clauses
        .push(format!("ALTER COLUMN {name} SET DATA TYPE {ty}{using}"));
    out.hazards.extend(cast_hazard(table, from, to, context));
}
