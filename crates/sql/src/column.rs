mod cast;
mod identity;
mod prisma;

use driftless_catalog::{
    Catalog, Column, ColumnSettings, DataType, Expression, GeneratedKind, Ident, QualifiedName,
    SequenceOptions,
};
use driftless_diff::{Delta, Manner, inherited_column};
use driftless_sql_text::quote_literal;

pub(crate) use self::cast::by_way_of;
use self::cast::{cast, casts_by_itself};
use self::identity::identity_clause;
use crate::name::ident;
use crate::rows::keeps_values;
use crate::script::Context;
use crate::{Hazard, Label, SqlOptions, Statement, sequence};

/// `"name" TYPE … NOT NULL DEFAULT …`, as it stands in `CREATE TABLE`.
pub(crate) fn definition(table: &QualifiedName, column: &Column, context: &Context<'_>) -> String {
    let options = context.options;
    let mut sql = ident(&column.name);
    let serial = column
        .serial
        .as_ref()
        .filter(|it| **it == column.serial_name(table) && !context.sequences.contains(it))
        // That of a table which is made anew is there.
        .filter(|it| !context.from.sequences.contains(it));
    match (serial, &column.spelled_type) {
        (Some(_), _) => sql.push_str(&format!(" {}", serial_type(&column.data_type))),
        (None, Some(spelled)) => sql.push_str(&format!(" {spelled}")),
        (None, None) => sql.push_str(&format!(" {}", options.data_type(&column.data_type))),
    }
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", options.name(collation)));
    }
    if column.not_null {
        // The table of that name before still has the name that the server would choose, from version 18 on.
        if context.options.server_major >= 18 && context.is_made_anew(table) {
            let name = ident(&column.not_null_name(table));
            sql.push_str(&format!(" CONSTRAINT {name}"));
        }
        sql.push_str(" NOT NULL");
    }
    match (&column.serial, &column.default) {
        (Some(sequence), _) if serial.is_none() => {
            sql.push_str(&format!(" DEFAULT {}", next_value(sequence, context)));
        }
        (None, Some(default)) => sql.push_str(&format!(" DEFAULT {default}")),
        (Some(_) | None, _) => {}
    }
    if let Some(identity) = &column.identity {
        sql.push_str(&format!(
            " {}",
            identity_clause(table, column, identity, context)
        ));
    }
    if let Some(generated) = &column.generated {
        let kind = match generated.kind {
            GeneratedKind::Stored => "STORED",
            GeneratedKind::Virtual => "VIRTUAL",
        };
        sql.push_str(&format!(
            " GENERATED ALWAYS AS ({}) {kind}",
            generated.expression
        ));
    }
    sql
}

fn serial_type(ty: &DataType) -> &'static str {
    match &*ty.name.name {
        "int2" => "SMALLSERIAL",
        "int8" => "BIGSERIAL",
        _ => "SERIAL",
    }
}

fn next_value(sequence: &QualifiedName, context: &Context<'_>) -> String {
    let name = context.options.name(sequence);
    format!("nextval({}::regclass)", quote_literal(&name))
}

/// A default that goes for a moment, or comes back.
pub(crate) fn render_default(
    table: &QualifiedName,
    column: &Ident,
    delta: &Delta<'_, Expression>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let clause = match delta {
        Delta::Create(it) | Delta::Alter { to: it, .. } => format!("SET DEFAULT {it}"),
        Delta::Drop(_) => "DROP DEFAULT".to_owned(),
    };
    let (table, column) = (options.name(table), ident(column));
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} {clause}");
    (Label::AlterTable, vec![Statement::new(sql)])
}

/// What cannot stand in a definition: one `ALTER COLUMN` clause each.
pub(crate) fn settings(from: Option<&Column>, to: &Column) -> Vec<String> {
    let mut before = from.map(Column::settings).unwrap_or_default();
    if from.is_some_and(|it| is_retyped(it, to)) {
        // With another type a column is stored in the usual way of that.
        (before.storage, before.compression) = (None, None);
    }
    set_settings(&to.name, &to.data_type, &before, &to.settings())
}

/// The clauses that lead from one to the other.
pub(crate) fn set_settings(
    name: &Ident,
    ty: &DataType,
    from: &ColumnSettings,
    to: &ColumnSettings,
) -> Vec<String> {
    let name = ident(name);
    let mut clauses = Vec::new();
    let mut push = |clause: String| clauses.push(format!("ALTER COLUMN {name} {clause}"));
    if from.storage != to.storage {
        match &to.storage {
            Some(storage) => push(format!("SET STORAGE {storage}")),
            // The type's own storage; `DEFAULT` is understood from PostgreSQL 16 on, so it is named.
            None => push(format!("SET STORAGE {}", usual_storage(ty))),
        }
    }
    if from.compression != to.compression {
        let method = to.compression.as_deref().unwrap_or("default");
        push(format!("SET COMPRESSION {method}"));
    }
    if from.statistics != to.statistics {
        push(format!("SET STATISTICS {}", to.statistics.unwrap_or(-1)));
    }
    let (set, reset) = crate::table::option_changes(&from.options, &to.options);
    if !reset.is_empty() {
        push(format!("RESET ({})", reset.join(", ")));
    }
    if !set.is_empty() {
        push(format!("SET ({})", set.join(", ")));
    }
    clauses
}

/// Whether the values are of another type, or are compared by another collation.
fn is_retyped(from: &Column, to: &Column) -> bool {
    from.data_type != to.data_type || from.collation != to.collation
}

fn usual_storage(ty: &DataType) -> &'static str {
    match &*ty.name.name {
        "numeric" | "inet" | "cidr" if !ty.is_array() => "MAIN",
        _ => "EXTENDED",
    }
}

/// A statement that has to see all rows of a table. Where policies count for the owner, too, it is to fail rather than to
/// see some of them.
///
/// Follows PostgreSQL, Client Connection Defaults, `row_security`.
pub(crate) fn over_all_rows(
    table: &QualifiedName,
    sql: String,
    context: &Context<'_>,
) -> Vec<String> {
    let is_forced = |it: &Catalog| {
        let table = it.tables.get(table);
        table.is_some_and(|it| it.row_security.forced)
    };
    match is_forced(context.from) || is_forced(context.to) {
        true => vec![
            "SET row_security = off".to_owned(),
            sql,
            "RESET row_security".to_owned(),
        ],
        false => vec![sql],
    }
}

/// A new sequence counts on behind the rows that are there.
pub(crate) fn behind_rows(
    table: &QualifiedName,
    column: &str,
    sequence: &QualifiedName,
    options: &SequenceOptions,
    context: &Context<'_>,
) -> String {
    let table = context.options.name(table);
    let sequence = quote_literal(&context.options.name(sequence));
    let (start, increment) = (options.start, options.increment);
    let last = if increment < 0 { "min" } else { "max" };
    let next = format!("coalesce({last}({column}) + {increment}, {start})");
    format!("SELECT setval({sequence}, {next}, false) FROM {table}")
}

/// The parts of an altered column.
#[derive(Default)]
pub(crate) struct Alter {
    /// Statements that have to run before the table is altered.
    pub(crate) before: Vec<String>,
    /// Clauses of `ALTER TABLE` that have to come before any column is dropped.
    pub(crate) freeing: Vec<String>,
    /// Clauses of `ALTER TABLE`.
    pub(crate) clauses: Vec<String>,
    /// Statements that have to run afterwards.
    pub(crate) after: Vec<String>,
    pub(crate) hazards: Vec<Hazard>,
}

pub(crate) fn alter(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
) -> Alter {
    if context.options.manner.is_prisma()
        && let Some(alter) = prisma::alter(table, from, to, context)
    {
        return alter;
    }
    let reached = inherited_column(context.from, context.to, table, &to.name);
    let from = reached.as_ref().unwrap_or(from);
    let mut out = Alter::default();
    let name = ident(&to.name);
    let clause = |text: String| format!("ALTER COLUMN {name} {text}");
    let type_changes = is_retyped(from, to) && !has_type_of_its_own(table, context);
    if from.generated.is_some() && to.generated.is_none() && type_changes {
        // While it is generated, no expression says what becomes of its values.
        let (table, drop) = (
            context.options.name(table),
            clause("DROP EXPRESSION".to_owned()),
        );
        out.before.push(format!("ALTER TABLE {table} {drop}"));
    } else if from.generated.is_some() {
        alter_generated(from, to, &mut out);
    }
    // The old default may not fit the new type, and it would be cast along with the column.
    let had_default = from.default.is_some() && from.generated.is_none();
    let lifts_default = type_changes && had_default && !casts_by_itself(from, to);
    if lifts_default {
        out.clauses.push(clause("DROP DEFAULT".to_owned()));
    }
    if let (Some(_), None) = (&from.identity, &to.identity) {
        let drop = clause("DROP IDENTITY".to_owned());
        match to.serial {
            // Its sequence may have the name of the new one.
            Some(_) => {
                let table = context.options.name(table);
                out.before.push(format!("ALTER TABLE {table} {drop}"));
            }
            None => out.clauses.push(drop),
        }
    }
    if type_changes {
        out.clauses.push(clause(set_type(from, to, context)));
        out.hazards.extend(cast_hazard(table, from, to, context));
    }
    if from.not_null != to.not_null && to.identity.is_none() {
        out.clauses.push(clause(match to.not_null {
            true => "SET NOT NULL".to_owned(),
            false => "DROP NOT NULL".to_owned(),
        }));
        if to.not_null && context.from.tables.contains(table) {
            out.hazards.push(Hazard::RequiresValues {
                table: table.clone(),
                column: to.name.clone(),
            });
        }
    }
    match (&from.serial, &to.identity) {
        (Some(sequence), Some(_)) => let_go(table, from, sequence, context, &mut out),
        (Some(_) | None, _) => default(table, from, to, lifts_default, context, &mut out),
    }
    identity::alter(table, from, to, context, &mut out);
    out.clauses.extend(settings(Some(from), to));
    out
}

/// A value of the column as it is, as one of the column as it should be; with what that may do to it.
pub(crate) fn moved(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
) -> (String, Option<Hazard>) {
    if from.data_type == to.data_type {
        return (ident(&from.name), None);
    }
    let ty = context.options.data_type(&to.data_type);
    let hazard = cast_hazard(table, from, to, context);
    (cast(from, to, &ty, context), hazard)
}

/// Whether the table is of a type, whose attributes take the columns along.
fn has_type_of_its_own(table: &QualifiedName, context: &Context<'_>) -> bool {
    let of_type = |it: &Catalog| it.tables.get(table).and_then(|it| it.of_type.clone());
    let before = of_type(context.from);
    before.is_some() && before == of_type(context.to)
}

/// What may happen to values that are cast; nothing where each has its like in the new type.
fn cast_hazard(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    context: &Context<'_>,
) -> Option<Hazard> {
    let faults = context.options.manner == Manner::PrismaWithFaults;
    let becomes_list = !faults && from.data_type.clone().array() == to.data_type;
    let becomes_text = is_text(to) && !holds_few(to);
    let fits = becomes_list || becomes_text || keeps_values(from, to, context);
    (!fits).then(|| Hazard::CastsValues {
        table: table.clone(),
        column: to.name.clone(),
        from: from.data_type.clone(),
        to: to.data_type.clone(),
    })
}

/// Anything can be assigned to a string, an array too.
fn is_text(column: &Column) -> bool {
    let ty = &column.data_type;
    !ty.is_array()
        && ty.name.in_pg_catalog()
        && matches!(&*ty.name.name, "text" | "varchar" | "bpchar")
}

/// Whether a string has a greatest length.
fn holds_few(column: &Column) -> bool {
    column.data_type.modifier.is_some()
}

/// The clause that brings a generated column into its new form. What no clause does is a drop and a create
/// (`driftless_diff::plan`).
fn alter_generated(from: &Column, to: &Column, out: &mut Alter) {
    let name = ident(&to.name);
    match &to.generated {
        // The values stay.
        None => out
            .freeing
            .push(format!("ALTER COLUMN {name} DROP EXPRESSION")),
        Some(after) if from.generated.as_ref() != Some(after) => {
            let expression = &after.expression;
            out.clauses.push(format!(
                "ALTER COLUMN {name} SET EXPRESSION AS ({expression})"
            ));
        }
        Some(_) => {}
    }
}

fn set_type(from: &Column, to: &Column, context: &Context<'_>) -> String {
    let options = context.options;
    let ty = spelled_type(to, options);
    let mut text = format!("SET DATA TYPE {ty}");
    if let Some(collation) = &to.collation {
        text.push_str(&format!(" COLLATE {}", options.name(collation)));
    }
    if !casts_by_itself(from, to) {
        text.push_str(&format!(" USING {}", cast(from, to, &ty, context)));
    }
    text
}

fn spelled_type(column: &Column, options: &SqlOptions) -> String {
    match &column.spelled_type {
        Some(spelled) => spelled.to_string(),
        None => options.data_type(&column.data_type),
    }
}

fn default(
    table: &QualifiedName,
    from: &Column,
    to: &Column,
    lifted: bool,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let same = from.default == to.default && from.serial == to.serial;
    if same && !lifted {
        return;
    }
    let name = ident(&to.name);
    let clause = |text: String| format!("ALTER COLUMN {name} {text}");
    match (&to.serial, &to.default) {
        (Some(sequence), _) => {
            let sequence_name = context.options.name(sequence);
            let makes_sequence =
                !context.from.sequences.contains(sequence) && !context.sequences.contains(sequence);
            if makes_sequence {
                let wanted = context.to.sequences.get(sequence);
                let create = wanted.map(|it| sequence::create(it, context.options));
                out.before
                    .push(create.unwrap_or_else(|| format!("CREATE SEQUENCE {sequence_name}")));
                out.after.push(format!(
                    "ALTER SEQUENCE {sequence_name} OWNED BY {}.{name}",
                    context.options.name(table)
                ));
                if let Some(it) = wanted {
                    let sql = behind_rows(table, &name, sequence, &it.options, context);
                    out.after.extend(over_all_rows(table, sql, context));
                }
            }
            out.clauses.push(clause(format!(
                "SET DEFAULT {}",
                next_value(sequence, context)
            )));
        }
        (None, Some(default)) => out.clauses.push(clause(format!("SET DEFAULT {default}"))),
        (None, None) if lifted => {}
        // An identity column has no default of its own, and a generated one none to drop.
        (None, None) if from.identity.is_some() || from.generated.is_some() => {}
        (None, None) => out.clauses.push(clause("DROP DEFAULT".to_owned())),
    }
    if let (Some(sequence), None) = (&from.serial, &to.serial)
        && !context.to.sequences.contains(sequence)
    {
        out.after
            .push(format!("DROP SEQUENCE {}", context.options.name(sequence)));
    }
}

/// The sequence that a column draws from goes first: that of an identity may have its name.
fn let_go(
    table: &QualifiedName,
    column: &Column,
    sequence: &QualifiedName,
    context: &Context<'_>,
    out: &mut Alter,
) {
    let (table, name) = (context.options.name(table), ident(&column.name));
    out.before.push(format!(
        "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT"
    ));
    if !context.to.sequences.contains(sequence) {
        let sequence = context.options.name(sequence);
        out.before.push(format!("DROP SEQUENCE {sequence}"));
    }
}
