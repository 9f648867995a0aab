use driftless_catalog::{
    Catalog, Collection, Column, Constraint, ConstraintKind, Ident, Index, ObjectId,
    PartitionStrategy, Persistence, QualifiedName, ReplicaIdentity, RowSecurity, Table,
};
use driftless_diff::{Change, Delta, Manner, leaves_alone};

use crate::comment::by_hand;
use crate::hazard::in_the_way;
use crate::name::{ident, idents};
use crate::script::Context;
use crate::{Hazard, Label, SqlOptions, Statement, Step, column, constraint, online, table_anew};

/// A table that is made as a whole.
pub(crate) fn render_create(it: &Table, context: &Context<'_>) -> (Label, Vec<Statement>) {
    (Label::CreateTable, create(it, context))
}

/// A table that is dropped as a whole.
pub(crate) fn render_drop(it: &Table, context: &Context<'_>) -> (Label, Vec<Statement>) {
    if context.to.tables.contains(&it.name) {
        return table_anew::render_retired(it, context);
    }
    let sql = format!("DROP TABLE {}", context.options.name(&it.name));
    let mut statement = Statement::new(sql).hazard(Hazard::DropsTable {
        table: it.name.clone(),
    });
    let object = ObjectId::Table(it.name.clone());
    statement.hazards.extend(in_the_way(&object, context));
    let stays = |it: &QualifiedName| context.to.tables.contains(it);
    let from_stays = it.partition.as_ref().is_some_and(|it| stays(&it.of));
    let detached = from_stays.then(|| online::detach(it, context)).flatten();
    // What is dropped needs no tidying.
    let detached = detached.unwrap_or_default().into_iter().take(1);
    (Label::DropTable, detached.chain([statement]).collect())
}

fn create(table: &Table, context: &Context<'_>) -> Vec<Statement> {
    const INDENT: &str = "    ";
    let options = context.options;
    let unlogged = match table.persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
    };
    let name = options.name(&table.name);
    // One that is attached later has to have all that its parent hands down.
    let attached = context.piecewise.is_attached(&table.name);
    let own_column = |it: &&Column| !it.inherited || attached;
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .filter(own_column)
        .map(|it| format!("{INDENT}{}", column::definition(&table.name, it, context)))
        .collect();
    let own = |it: &&Constraint| {
        let foreign = matches!(it.kind, ConstraintKind::ForeignKey(_));
        let by_parent = matches!(it.kind, ConstraintKind::NotNull { .. });
        let is_own = !it.inherited || attached && !by_parent;
        let alone = || (table.name.clone(), it.name.clone());
        is_own && !foreign && !context.checks.contains(&alone())
    };
    let inline = |it: &&Constraint| {
        let apart = context.piecewise.is_apart(&table.name, &it.name);
        own(it) && it.validated && !apart && !constraint::is_redundant(table, it)
    };
    // Prisma leaves an empty line before the keys.
    let mut keys: Vec<String> = table
        .constraints
        .iter()
        .filter(inline)
        .map(|it| format!("{INDENT}{}", constraint::definition(it, options)))
        .collect();
    keys.sort_by_key(|it| !it.contains(" PRIMARY KEY ("));
    if let Some(first) = keys.first_mut() {
        first.insert(0, '\n');
    }
    lines.extend(keys);
    let body = lines.join(",\n");
    let mut sql = match table.partition.as_ref().filter(|_| !attached) {
        Some(it) => {
            let body = if body.is_empty() {
                body
            } else {
                format!(" (\n{body}\n)")
            };
            format!(
                "CREATE {unlogged}TABLE {name} PARTITION OF {}{body} {}",
                options.name(&it.of),
                it.bound
            )
        }
        None => format!("CREATE {unlogged}TABLE {name} (\n{body}\n)"),
    };
    sql.push_str(&clauses(table, options));
    let mut statements = vec![Statement::new(sql)];
    statements.extend(of_type(table, options).map(Statement::new));
    let alter = |clause: String| Statement::new(format!("ALTER TABLE {name} {clause}"));
    for it in table
        .constraints
        .iter()
        .filter(|it| own(it) && !it.validated)
    {
        let definition = constraint::definition(it, options);
        statements.push(alter(format!("ADD {definition} NOT VALID")));
    }
    for it in table.constraints.iter().filter(own) {
        if constraint::is_redundant(table, it) {
            statements.push(alter(format!(
                "ADD {}",
                constraint::definition(it, options)
            )));
        }
    }
    for it in table.columns.iter().filter(own_column) {
        statements.extend(column::settings(None, it).into_iter().map(alter));
    }
    if !comes_with_index(table, &Collection::default()) {
        statements.extend(replica_identity(&table.replica_identity, false).map(alter));
    }
    statements
}

/// The statement that makes a table one of its type, which has the same columns.
fn of_type(table: &Table, options: &SqlOptions) -> Option<String> {
    let ty = table.of_type.as_ref()?;
    let (table, ty) = (options.name(&table.name), options.name(ty));
    Some(format!("ALTER TABLE {table} OF {ty}"))
}

/// What follows the columns in `CREATE TABLE`.
fn clauses(table: &Table, options: &SqlOptions) -> String {
    let mut sql = String::new();
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(|it| options.name(it)).collect();
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(it) = &table.partition_by {
        let strategy = match it.strategy {
            PartitionStrategy::Range => "RANGE",
            PartitionStrategy::List => "LIST",
            PartitionStrategy::Hash => "HASH",
        };
        sql.push_str(&format!(" PARTITION BY {strategy} ({})", it.key));
    }
    if let Some(method) = &table.access_method {
        sql.push_str(&format!(" USING {}", ident(method)));
    }
    if !table.options.is_empty() {
        sql.push_str(&format!(" WITH ({})", table.options.join(", ")));
    }
    if let Some(tablespace) = &table.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", ident(tablespace)));
    }
    sql
}

/// The clause that sets it; the default one is only written where another was set before.
/// Whether rows are told apart by an index that is made behind the table, and then named (`index.rs`).
fn comes_with_index(table: &Table, before: &Collection<Index>) -> bool {
    let ReplicaIdentity::Index(name) = &table.replica_identity else {
        return false;
    };
    table.indexes.contains(name) && before.get(name) != table.indexes.get(name)
}

fn replica_identity(to: &ReplicaIdentity, write_default: bool) -> Option<String> {
    match to {
        ReplicaIdentity::Default => write_default.then(|| "REPLICA IDENTITY DEFAULT".to_owned()),
        ReplicaIdentity::Full => Some("REPLICA IDENTITY FULL".to_owned()),
        ReplicaIdentity::Nothing => Some("REPLICA IDENTITY NOTHING".to_owned()),
        ReplicaIdentity::Index(index) => {
            Some(format!("REPLICA IDENTITY USING INDEX {}", ident(index)))
        }
    }
}

/// The parts of one `ALTER TABLE`, in the order in which Prisma writes them.
#[derive(Default)]
struct Parts {
    before: Vec<String>,
    drop_constraints: Vec<String>,
    drop_columns: Vec<String>,
    add_columns: Vec<String>,
    alter_columns: Vec<(usize, column::Alter)>,
    properties: Vec<String>,
    add_constraints: Vec<String>,
    /// What no other clause may stand beside.
    alone: Vec<String>,
    after: Vec<String>,
    hazards: Vec<Hazard>,
    notes: Vec<Statement>,
    /// What makes the strong lock short, and runs before the table is altered.
    online_first: Vec<Statement>,
    /// What runs when it has been altered.
    online_last: Vec<Statement>,
}

/// All changes of a table's columns, keys and properties as one step.
pub(crate) fn alter(
    table: &QualifiedName,
    changes: &[Change<'_>],
    context: &Context<'_>,
) -> Option<Step> {
    let mut parts = Parts::default();
    for change in changes {
        match change {
            Change::Column { delta, .. } => parts.column(table, delta, context),
            Change::Constraint { delta, .. } => parts.constraint(table, delta, context),
            Change::Table(Delta::Alter { from, to }) => parts.properties(from, to, context),
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
            | Change::Grants { .. } => {}
        }
    }
    for change in changes {
        parts.not_null_by_name(change);
    }
    let statements = parts.statements(&context.options.name(table));
    (!statements.is_empty()).then(|| Step {
        label: Label::AlterTable,
        object: match changes {
            [one] => one.object(),
            _ => ObjectId::Table(table.clone()),
        },
        statements,
    })
}

/// The names before and after, if a column is `NOT NULL` in both states and only the name of that constraint is
/// another: one that the server has chosen is not in the catalog.
fn renamed_not_null(
    table: &QualifiedName,
    delta: &Delta<'_, Constraint>,
    context: &Context<'_>,
) -> Option<(Ident, Ident)> {
    let constraint = delta.object();
    let ConstraintKind::NotNull {
        column,
        no_inherit: false,
    } = &constraint.kind
    else {
        return None;
    };
    let state = |it: &Catalog| {
        let found = it.tables.get(table)?.column(column)?;
        found.not_null.then(|| found.not_null_name(table))
    };
    let usual = state(context.from).and(state(context.to))?;
    match delta {
        Delta::Create(it) if it.validated => Some((usual, it.name.clone())),
        Delta::Drop(it) => Some((it.name.clone(), usual)),
        Delta::Create(_) | Delta::Alter { .. } => None,
    }
}

/// Prisma renames a primary key of another name, which it has just dropped and made again.
fn renamed_after_all(
    table: &QualifiedName,
    to: &Constraint,
    context: &Context<'_>,
) -> Option<String> {
    let ConstraintKind::PrimaryKey(_) = to.kind else {
        return None;
    };
    let (from, _) = context.from.tables.get(table)?.primary_key()?;
    let (before, after) = (ident(&from.name), ident(&to.name));
    (before != after).then(|| format!("RENAME CONSTRAINT {before} TO {after}"))
}

impl Parts {
    /// A column gets and loses `NOT NULL` with the constraint of that name, and not once more by itself.
    fn not_null_by_name(&mut self, change: &Change<'_>) {
        let Change::Constraint {
            delta: Delta::Create(constraint) | Delta::Drop(constraint),
            ..
        } = change
        else {
            return;
        };
        if let ConstraintKind::NotNull { column, .. } = &constraint.kind {
            let name = ident(column);
            let by_itself = ["SET", "DROP"].map(|it| format!("ALTER COLUMN {name} {it} NOT NULL"));
            for (_, alter) in &mut self.alter_columns {
                alter.clauses.retain(|it| !by_itself.contains(it));
            }
        }
    }

    fn column(&mut self, table: &QualifiedName, delta: &Delta<'_, Column>, context: &Context<'_>) {
        match delta {
            Delta::Create(it) => {
                let definition = column::definition(table, it, context);
                self.add_columns
                    .push(format!("ADD COLUMN     {definition}"));
                self.alone.extend(column::settings(None, it));
                let filled = it.default.is_some()
                    || it.serial.is_some()
                    || it.identity.is_some()
                    || it.generated.is_some();
                if it.not_null && !filled {
                    self.hazards.push(Hazard::AddsRequiredColumn {
                        table: table.clone(),
                        column: it.name.clone(),
                    });
                }
            }
            Delta::Drop(it) => {
                let clause = format!("DROP COLUMN {}", ident(&it.name));
                match leaves_alone(context.from, context.to, table, &it.name) {
                    true => {
                        let name = context.options.name(table);
                        self.before
                            .push(format!("ALTER TABLE ONLY {name} {clause}"));
                    }
                    false => self.drop_columns.push(clause),
                }
                let after = context.to.tables.get(table);
                let after = after.and_then(|table| table.column(&it.name));
                let computed = |it: &Column| it.generated.is_some();
                if after.is_none() {
                    let object = ObjectId::Column(table.clone(), it.name.clone());
                    self.hazards.extend(in_the_way(&object, context));
                }
                if !(computed(it) && after.is_some_and(computed)) {
                    self.hazards.push(Hazard::DropsColumn {
                        table: table.clone(),
                        column: it.name.clone(),
                    });
                }
            }
            Delta::Alter { from, to } => {
                let alter = column::alter(table, from, to, context);
                let columns = context.from.tables.get(table).map(|it| &it.columns);
                let place = columns
                    .and_then(|it| it.iter().position(|it| it.name == from.name))
                    .unwrap_or(usize::MAX);
                self.hazards.extend(alter.hazards.iter().cloned());
                let becomes_required = to.not_null && !from.not_null;
                if becomes_required
                    && from.data_type == to.data_type
                    && online::is_for(table, context)
                {
                    let proof = online::proof_of_not_null(table, &to.name, context);
                    let fills = alter.before.iter().map(|it| Statement::new(it.as_str()));
                    self.online_first.extend(fills);
                    self.online_first.extend(proof.first);
                    self.online_last.push(proof.last);
                    let before = Vec::new();
                    self.alter_columns
                        .push((place, column::Alter { before, ..alter }));
                } else {
                    self.alter_columns.push((place, alter));
                }
            }
        }
    }

    fn constraint(
        &mut self,
        table: &QualifiedName,
        delta: &Delta<'_, Constraint>,
        context: &Context<'_>,
    ) {
        let options = context.options;
        if let Some((before, after)) = renamed_not_null(table, delta, context) {
            let (before, after) = (ident(&before), ident(&after));
            self.alone
                .push(format!("RENAME CONSTRAINT {before} TO {after}"));
            return;
        }
        match delta {
            Delta::Create(it) => {
                self.add_constraint(table, it, context);
                self.hazards.extend(constraint::hazard(table, it, context));
                if options.manner == Manner::PrismaWithFaults {
                    self.alone.extend(renamed_after_all(table, it, context));
                }
            }
            Delta::Drop(it) => {
                self.drop_constraints
                    .push(format!("DROP CONSTRAINT {}", ident(&it.name)));
                if let ConstraintKind::PrimaryKey(_) = it.kind {
                    let after = context.to.tables.get(table);
                    self.hazards.push(Hazard::DropsPrimaryKey {
                        table: table.clone(),
                        replaced: after.is_some_and(|it| it.primary_key().is_some()),
                    });
                }
            }
            Delta::Alter { from, to } => {
                if from.name != to.name {
                    self.alone.push(format!(
                        "RENAME CONSTRAINT {} TO {}",
                        ident(&from.name),
                        ident(&to.name)
                    ));
                }
                if to.validated && !from.validated {
                    self.alone
                        .push(format!("VALIDATE CONSTRAINT {}", ident(&to.name)));
                }
            }
        }
    }

    fn add_constraint(&mut self, table: &QualifiedName, it: &Constraint, context: &Context<'_>) {
        let definition = constraint::added(table, it, context);
        // A key of a partitioned table that gets parts which are there already, and one that takes an index over.
        if context.piecewise.is_alone(context.to, table, it) {
            let table = context.options.name(table);
            self.after
                .push(format!("ALTER TABLE ONLY {table} ADD {definition}"));
            return;
        }
        if context.taken_index(table, &it.name).is_some() {
            self.add_constraints.push(format!("ADD {definition}"));
            return;
        }
        if let Some(key) = online::key_by_index(table, it, context) {
            if key.first {
                self.online_first.push(key.build);
                self.add_constraints.push(key.clause);
            } else {
                let table = context.options.name(table);
                let add = Statement::new(format!("ALTER TABLE {table} {}", key.clause));
                self.online_last.extend([key.build, add]);
            }
            return;
        }
        let after = context.to.tables.get(table);
        if after.is_some_and(|after| constraint::is_redundant(after, it)) {
            self.alone.push(format!("ADD {definition}"));
            return;
        }
        let later = online::is_for(table, context)
            && online::can_check_later(it)
            && !online::joins_parent(table, context);
        let not_valid = if it.validated && !later {
            ""
        } else {
            " NOT VALID"
        };
        self.add_constraints
            .push(format!("ADD {definition}{not_valid}"));
        if later {
            self.online_last
                .push(online::checked_later(table, &it.name, context));
        }
    }

    fn properties(&mut self, from: &Table, to: &Table, context: &Context<'_>) {
        let options = context.options;
        if from.persistence != to.persistence {
            self.properties.push(match to.persistence {
                Persistence::Permanent => "SET LOGGED".to_owned(),
                Persistence::Unlogged => "SET UNLOGGED".to_owned(),
            });
        }
        let (set, reset) = option_changes(&from.options, &to.options);
        if !reset.is_empty() {
            self.properties
                .push(format!("RESET ({})", reset.join(", ")));
        }
        if !set.is_empty() {
            self.properties.push(format!("SET ({})", set.join(", ")));
        }
        for parent in from.inherits.iter().filter(|it| !to.inherits.contains(it)) {
            // What was inherited can be altered when it no longer is.
            let (table, parent) = (options.name(&to.name), options.name(parent));
            self.before
                .push(format!("ALTER TABLE {table} NO INHERIT {parent}"));
        }
        for parent in to.inherits.iter().filter(|it| !from.inherits.contains(it)) {
            self.properties
                .push(format!("INHERIT {}", options.name(parent)));
        }
        if from.replica_identity != to.replica_identity {
            let clause = replica_identity(&to.replica_identity, true);
            let is_index = |it: &Table| matches!(it.replica_identity, ReplicaIdentity::Index(_));
            // The columns of an index that identifies rows may not become optional.
            if is_index(from) && !is_index(to) {
                let table = options.name(&to.name);
                let first = clause.map(|it| format!("ALTER TABLE {table} {it}"));
                self.before.extend(first);
            } else if !comes_with_index(to, &from.indexes) {
                self.alone.extend(clause);
            }
        }
        if let (Some(method), true) = (&to.access_method, from.access_method != to.access_method) {
            self.properties
                .push(format!("SET ACCESS METHOD {}", ident(method)));
        }
        if from.tablespace != to.tablespace {
            let tablespace = to.tablespace.as_ref().map(ident);
            let tablespace = tablespace.unwrap_or_else(|| "pg_default".to_owned());
            self.alone.push(format!("SET TABLESPACE {tablespace}"));
        }
        if from.of_type != to.of_type {
            let table = options.name(&to.name);
            if from.of_type.is_some() {
                self.before.push(format!("ALTER TABLE {table} NOT OF"));
            }
            self.after.extend(of_type(to, options));
        }
        self.partition_key(from, to);
    }

    fn partition_key(&mut self, from: &Table, to: &Table) {
        if from.partition_by != to.partition_by {
            let what = format!(
                "table {} is partitioned differently; it has to be made anew and its rows moved",
                to.name
            );
            self.notes.push(by_hand(what));
        }
    }

    fn statements(mut self, table: &str) -> Vec<Statement> {
        self.alter_columns.sort_by_key(|(place, _)| *place);
        let (mut freeing, mut altered) = (Vec::new(), Vec::new());
        for (_, alter) in self.alter_columns {
            self.before.extend(alter.before);
            freeing.extend(alter.freeing);
            altered.extend(alter.clauses);
            self.after.extend(alter.after);
        }
        let clauses: Vec<String> = self
            .drop_constraints
            .into_iter()
            .chain(freeing)
            .chain(self.drop_columns)
            .chain(self.add_columns)
            .chain(altered)
            .chain(self.properties)
            .chain(self.add_constraints)
            .collect();
        let mut statements: Vec<Statement> = self.before.into_iter().map(Statement::new).collect();
        statements.extend(self.online_first);
        if !clauses.is_empty() {
            let sql = format!("ALTER TABLE {table} {}", clauses.join(",\n"));
            statements.push(Statement::new(sql));
        }
        let alone = self
            .alone
            .into_iter()
            .map(|it| format!("ALTER TABLE {table} {it}"));
        statements.extend(alone.map(Statement::new));
        statements.extend(self.after.into_iter().map(Statement::new));
        statements.extend(self.online_last);
        statements.extend(self.notes);
        // The first statement stands for the whole step.
        if let Some(first) = statements.first_mut() {
            first.hazards.extend(self.hazards);
        }
        statements
    }
}

/// Which `name=value` items have to be set, and which names reset, so that the server has them in the order of `to`:
/// it puts those that are set behind the others.
pub(crate) fn option_changes(from: &[String], to: &[String]) -> (Vec<String>, Vec<String>) {
    let name = |it: &String| it.split('=').next().unwrap_or_default().to_owned();
    let names: Vec<String> = to.iter().map(name).collect();
    let reset = from.iter().map(name).filter(|it| !names.contains(it));
    if from.iter().all(|it| to.contains(it)) && from.len() == to.len() {
        return (Vec::new(), Vec::new());
    }
    let stays = |count: &usize| {
        let kept = from.iter().filter(|it| names[..*count].contains(&name(it)));
        kept.eq(&to[..*count])
    };
    let kept = (0..=to.len()).rev().find(stays).unwrap_or(0);
    (to[kept..].to_vec(), reset.collect())
}

pub(crate) fn row_security(
    table: &QualifiedName,
    from: RowSecurity,
    to: RowSecurity,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let name = options.name(table);
    let mut statements = Vec::new();
    let mut push = |clause: &str| {
        statements.push(Statement::new(format!(
            "ALTER TABLE {name} {clause} ROW LEVEL SECURITY"
        )));
    };
    if from.enabled != to.enabled {
        push(if to.enabled { "ENABLE" } else { "DISABLE" });
    }
    if from.forced != to.forced {
        push(if to.forced { "FORCE" } else { "NO FORCE" });
    }
    let label = match (from.enabled == to.enabled, to.enabled) {
        (true, _) => Label::ForceRowLevelSecurity,
        (false, true) => Label::EnableRowLevelSecurity,
        (false, false) => Label::DisableRowLevelSecurity,
    };
    (label, statements)
}

/// `("a", "b")`
pub(crate) fn column_list<'a>(columns: impl IntoIterator<Item = &'a Ident>) -> String {
    format!("({})", idents(columns))
}
