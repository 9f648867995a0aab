//! What the actions of `ALTER TABLE` do.
//!
//! Follows PostgreSQL, ALTER TABLE: all actions of a statement share the strongest lock that one of them needs.

use driftless_catalog::{ConstraintKind, DataType, Ident, QualifiedName};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AlterColumnOption, AlterTableAction as Action, AstNode};

use crate::LockMode;
use crate::cast::{Rewrites, rewrites};
use crate::effects::WorkKind;
use crate::judge::{Call, not_valid};
use crate::relations::ident;
use crate::volatility::is_volatile;

/// What an action needs of the table and of those that inherit from it.
struct Need {
    mode: LockMode,
    /// Whether partitions and children have to follow.
    descends: bool,
}

const ALONE: Need = Need {
    mode: LockMode::AccessExclusive,
    descends: false,
};

const WITH_CHILDREN: Need = Need {
    mode: LockMode::AccessExclusive,
    descends: true,
};

/// What `ALTER TABLE name actions` does.
pub(crate) fn judge(
    call: &mut Call<'_, '_>,
    name: Option<&SyntaxNode>,
    actions: &[Action],
    only: bool,
) {
    let Some(table) = call.relations.named(name) else {
        call.complete = false;
        return;
    };
    let mut strongest = LockMode::AccessShare;
    let mut descends = false;
    for action in actions {
        let need = action_needs(call, &table, action, only);
        strongest = strongest.max(need.mode);
        descends |= need.descends;
    }
    for action in actions {
        new_name(call, name, &table, action);
    }
    let tables = match descends && !only {
        true => call.relations.family(&table),
        false => vec![table],
    };
    call.found.locks(&tables, strongest);
}

/// Keeps in mind what the table and its columns are called from now on.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "three of the grammar's sixty actions give a name"
)]
fn new_name(
    call: &mut Call<'_, '_>,
    written: Option<&SyntaxNode>,
    table: &QualifiedName,
    action: &Action,
) {
    match action {
        Action::TableRenameTo(it) => {
            if let Some(to) = ident(it.table_name().as_ref().map(AstNode::syntax)) {
                call.becomes(written, |name| name.sibling(to));
            }
        }
        Action::SetSchema(it) => {
            if let Some(to) = ident(it.schema_ref().as_ref().map(AstNode::syntax)) {
                call.becomes(written, |name| QualifiedName::new(to, name.name));
            }
        }
        Action::RenameColumn(it) => {
            let from = ident(it.column_name_ref().as_ref().map(AstNode::syntax));
            let to = ident(it.column_name().as_ref().map(AstNode::syntax));
            if let (Some(from), Some(to)) = (from, to) {
                call.relations.rename_column(table, &from, to);
            }
        }
        _ => {}
    }
}

fn action_needs(
    call: &mut Call<'_, '_>,
    table: &QualifiedName,
    action: &Action,
    only: bool,
) -> Need {
    let alone = |mode| Need {
        mode,
        descends: false,
    };
    match action {
        Action::AddColumn(it) => {
            add_column(call, table, it);
            WITH_CHILDREN
        }
        Action::DropColumn(it) => {
            if let Some(column) = ident(it.column_name_ref().as_ref().map(AstNode::syntax)) {
                let linked = call.relations.linked(table, &column);
                call.found.locks(&linked, LockMode::AccessExclusive);
            }
            // With ONLY, children are told that the column is theirs.
            let children = call.relations.children(table);
            call.found.locks(children, LockMode::AccessExclusive);
            WITH_CHILDREN
        }
        Action::AlterColumn(it) => alter_column(call, table, it),
        Action::AddConstraint(it) => add_constraint(call, table, it, only),
        Action::DropConstraint(it) => {
            let name = ident(it.constraint_name_ref().as_ref().map(AstNode::syntax));
            let descends = name.as_ref().is_none_or(|it| is_inherited(call, table, it));
            if let Some(name) = name {
                if let Some(referenced) = call.relations.referenced(table, &name) {
                    let tables = call.relations.partitions(&referenced);
                    call.found.locks(&tables, LockMode::AccessExclusive);
                }
                call.relations.drop_constraint(table, &name);
            }
            match descends {
                true => WITH_CHILDREN,
                false => ALONE,
            }
        }
        Action::AlterConstraint(_) => WITH_CHILDREN,
        Action::ValidateConstraint(it) => {
            let name = ident(it.constraint_name_ref().as_ref().map(AstNode::syntax));
            if let Some(referenced) = name.and_then(|it| call.relations.referenced(table, &it)) {
                call.found.lock(&referenced, LockMode::RowShare);
            }
            let name = ident(it.constraint_name_ref().as_ref().map(AstNode::syntax));
            if let Some(name) = name {
                call.relations.validate(table, &name);
            }
            scan(call, table);
            Need {
                mode: LockMode::ShareUpdateExclusive,
                descends: true,
            }
        }
        Action::AttachPartition(it) => {
            attach(call, table, it);
            alone(LockMode::ShareUpdateExclusive)
        }
        Action::DetachPartition(it) => detach(call, table, it),
        Action::InheritTable(it) => {
            call.lock_one(it.table_name_ref(), LockMode::ShareUpdateExclusive);
            ALONE
        }
        Action::EnableTrigger(_)
        | Action::DisableTrigger(_)
        | Action::EnableAlwaysTrigger(_)
        | Action::EnableReplicaTrigger(_) => Need {
            mode: LockMode::ShareRowExclusive,
            descends: true,
        },
        Action::SetOptions(it) => alone(of_options(it.syntax())),
        Action::ResetOptions(it) => alone(of_options(it.syntax())),
        Action::ClusterOn(_) | Action::SetWithoutCluster(_) => {
            alone(LockMode::ShareUpdateExclusive)
        }
        Action::SetLogged(_) | Action::SetUnlogged(_) | Action::SetAccessMethod(_) => {
            call.found.work(table, WorkKind::Rewrite, true);
            ALONE
        }
        Action::SetTablespace(_) => {
            call.found.work(table, WorkKind::Rewrite, true);
            ALONE
        }
        Action::RenameColumn(_) | Action::RenameConstraint(_) => WITH_CHILDREN,
        Action::MergePartitions(_) | Action::SplitPartition(_) => {
            call.complete = false;
            WITH_CHILDREN
        }
        Action::AlterOptionList(_)
        | Action::DisableRls(_)
        | Action::DisableRule(_)
        | Action::EnableAlwaysRule(_)
        | Action::EnableReplicaRule(_)
        | Action::EnableRls(_)
        | Action::EnableRule(_)
        | Action::ForceRls(_)
        | Action::NoForceRls(_)
        | Action::NoInheritTable(_)
        | Action::NotOf(_)
        | Action::OfType(_)
        | Action::OptionItemList(_)
        | Action::OwnerTo(_)
        | Action::ReplicaIdentity(_)
        | Action::SetSchema(_)
        | Action::TableRenameTo(_)
        | Action::SetWithoutOids(_) => ALONE,
    }
}

/// Every row of the table and of its partitions and children is read.
fn scan(call: &mut Call<'_, '_>, table: &QualifiedName) {
    for it in call.relations.with_rows(call.relations.family(table)) {
        call.found.work(&it, WorkKind::Scan, true);
    }
}

fn rewrite(call: &mut Call<'_, '_>, table: &QualifiedName, certain: bool) {
    for it in call.relations.with_rows(call.relations.family(table)) {
        call.found.work(&it, WorkKind::Rewrite, certain);
    }
}

fn build_index(call: &mut Call<'_, '_>, tables: &[QualifiedName]) {
    for it in call.relations.with_rows(tables.to_vec()) {
        call.found.work(&it, WorkKind::BuildIndex, true);
    }
}

/// Most storage parameters let rows be read and written meanwhile.
fn of_options(options: &SyntaxNode) -> LockMode {
    let text = options.text().to_string().to_ascii_lowercase();
    let strict = ["user_catalog_table", "security_", "check_option"];
    match strict.iter().any(|it| text.contains(it)) {
        true => LockMode::AccessExclusive,
        false => LockMode::ShareUpdateExclusive,
    }
}

fn add_column(call: &mut Call<'_, '_>, table: &QualifiedName, it: &ast::AddColumn) {
    let ty = it.ty().map(|it| it.syntax().text().to_string());
    let serial = ty.as_deref().is_some_and(is_serial);
    let mut filled = serial || ty.as_deref().is_some_and(|it| has_checks(call, it));
    for constraint in it.constraints() {
        match constraint {
            ast::Constraint::DefaultConstraint(it) => {
                let text = it.expr().map(|it| it.syntax().text().to_string());
                let known = [call.relations.before, call.relations.after];
                filled |= text.is_some_and(|it| is_volatile(&it, known));
            }
            ast::Constraint::GeneratedConstraint(it) => {
                let text = it.syntax().text().to_string().to_ascii_lowercase();
                filled |= !text.contains("virtual");
            }
            ast::Constraint::ReferencesConstraint(it) => {
                call.lock_one(it.table(), LockMode::ShareRowExclusive);
            }
            ast::Constraint::CheckConstraint(_) => scan(call, table),
            ast::Constraint::PrimaryKeyConstraint(_)
            | ast::Constraint::UniqueConstraint(_)
            | ast::Constraint::ExcludeConstraint(_) => {
                let tables = call.relations.partitions(table);
                build_index(call, &tables);
            }
            ast::Constraint::ForeignKeyConstraint(_)
            | ast::Constraint::NotNullConstraint(_)
            | ast::Constraint::NullConstraint(_) => {}
        }
    }
    if filled {
        rewrite(call, table, true);
    }
}

fn is_serial(ty: &str) -> bool {
    let ty = ty.to_ascii_lowercase();
    ty.ends_with("serial")
        || ty
            .strip_suffix(['2', '4', '8'])
            .is_some_and(|it| it == "serial")
}

/// Whether the type is a domain that looks at its values.
fn has_checks(call: &Call<'_, '_>, ty: &str) -> bool {
    let name = DataType::parse(ty).map(|it| it.name.name);
    let states = [call.relations.before, call.relations.after];
    states
        .into_iter()
        .flat_map(|it| it.domains.iter())
        .any(|it| {
            Some(it.name.name.as_str()) == name.as_deref()
                && (it.not_null || !it.constraints.is_empty())
        })
}

fn alter_column(call: &mut Call<'_, '_>, table: &QualifiedName, it: &ast::AlterColumn) -> Need {
    let column = ident(it.column_name_ref().as_ref().map(AstNode::syntax));
    let Some(option) = it.option() else {
        call.complete = false;
        return WITH_CHILDREN;
    };
    match option {
        AlterColumnOption::SetType(to) => {
            if let Some(column) = column {
                set_type(call, table, &column, &to);
            }
            WITH_CHILDREN
        }
        AlterColumnOption::SetNotNull(_) => {
            let proved = column.is_some_and(|it| proved_not_null(call, table, &it));
            if !proved {
                scan(call, table);
            }
            WITH_CHILDREN
        }
        AlterColumnOption::SetExpression(_) => {
            rewrite(call, table, false);
            WITH_CHILDREN
        }
        AlterColumnOption::SetStatistics(_) => Need {
            mode: LockMode::ShareUpdateExclusive,
            descends: true,
        },
        AlterColumnOption::SetOptions(_) | AlterColumnOption::ResetOptions(_) => Need {
            mode: LockMode::ShareUpdateExclusive,
            descends: false,
        },
        AlterColumnOption::SetCompression(_)
        | AlterColumnOption::SetOptionsList(_)
        | AlterColumnOption::AddGenerated(_)
        | AlterColumnOption::DropIdentity(_)
        | AlterColumnOption::SetGenerated(_)
        | AlterColumnOption::SetGeneratedOptions(_)
        | AlterColumnOption::SetSequenceOption(_)
        | AlterColumnOption::Restart(_) => ALONE,
        AlterColumnOption::DropDefault(_)
        | AlterColumnOption::DropExpression(_)
        | AlterColumnOption::DropNotNull(_)
        | AlterColumnOption::Inherit(_)
        | AlterColumnOption::NoInherit(_)
        | AlterColumnOption::SetDefault(_)
        | AlterColumnOption::SetStorage(_) => WITH_CHILDREN,
    }
}

/// Whether a check that holds says already that there is no NULL.
fn proved_not_null(call: &Call<'_, '_>, table: &QualifiedName, column: &Ident) -> bool {
    let known = call.relations.column(table, column);
    let checks = call.relations.table(table).into_iter();
    let mut checks = checks.flat_map(|it| it.constraints.iter());
    known.is_some_and(|it| it.not_null)
        || call.relations.is_proved(table, column)
        || checks.any(|it| match &it.kind {
            ConstraintKind::Check { expression, .. } => {
                it.validated && not_null_column(&expression.text).as_ref() == Some(column)
            }
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => false,
        })
}

/// The column, if that is all that a check says of it: `(a IS NOT NULL)`.
fn not_null_column(check: &str) -> Option<Ident> {
    let text = check.trim_matches(['(', ')', ' ']);
    let behind = text.len().checked_sub(" IS NOT NULL".len())?;
    let (name, says) = text.split_at_checked(behind)?;
    let is_name = !name.trim().contains(' ') || name.starts_with('"');
    (is_name && says.eq_ignore_ascii_case(" IS NOT NULL"))
        .then(|| Ident::new(&driftless_sql_text::ident_value(name.trim())).ok())?
}

fn set_type(call: &mut Call<'_, '_>, table: &QualifiedName, column: &Ident, it: &ast::SetType) {
    let of_cast = |before: &_, after: &_| of_cast(column, before, after, it);
    retype(call, table, column, it.ty(), of_cast);
}

/// What another type of an attribute does to the tables of its type.
pub(crate) fn alter_attribute(
    call: &mut Call<'_, '_>,
    tables: &[QualifiedName],
    it: &ast::AlterAttribute,
) {
    let name = it.composite_field_ref();
    if let Some(name) = ident(name.as_ref().map(AstNode::syntax)) {
        for table in tables {
            retype(call, table, &name, it.ty(), rewrites);
        }
    }
}

fn retype(
    call: &mut Call<'_, '_>,
    table: &QualifiedName,
    column: &Ident,
    ty: Option<ast::Type>,
    of_cast: impl FnOnce(&DataType, &DataType) -> Rewrites,
) {
    let linked = call.relations.linked(table, column);
    call.found.locks(&linked, LockMode::AccessExclusive);
    let before = call.relations.column_type(table, column);
    let written = ty.map(|it| it.syntax().text().to_string());
    let after = written.and_then(|it| DataType::parse(&it));
    let kind = match (before, &after) {
        (Some(_), Some(after)) if is_another_type(call, after) => Rewrites::Yes,
        (Some(before), Some(after)) => of_cast(&before, after),
        (None, _) | (_, None) => Rewrites::Perhaps,
    };
    if let Some(after) = after {
        call.relations.retype(table, column, after);
    }
    match kind {
        Rewrites::Yes => rewrite(call, table, true),
        Rewrites::Perhaps => rewrite(call, table, false),
        Rewrites::No => {}
    }
    if kind != Rewrites::Yes {
        // Other types and collations sort in other ways, and checks are tried again.
        for it in call.relations.family(table) {
            call.found.work(&it, WorkKind::Scan, false);
        }
    }
}

/// Whether the name of the type was another type's before.
fn is_another_type(call: &Call<'_, '_>, ty: &DataType) -> bool {
    let name = ty.name.user_defined();
    name.is_some_and(|it| call.relations.is_renamed_type(&it))
}

/// An expression keeps the values only if it is a cast and nothing else.
fn of_cast(column: &Ident, before: &DataType, after: &DataType, it: &ast::SetType) -> Rewrites {
    let Some(using) = it.using_expr().and_then(|it| it.expr()) else {
        return rewrites(before, after);
    };
    let text = using.syntax().text().to_string();
    let text = text.trim_matches(['(', ')', ' ']);
    let inner = text.split("::").next().unwrap_or_default();
    let is_column = driftless_sql_text::ident_value(inner.trim()) == column.as_str();
    match (is_column, text.matches("::").count()) {
        (true, 0 | 1) => rewrites(before, after),
        // By way of text, which an enum is not stored as.
        (true, _) if !after.name.in_pg_catalog() => Rewrites::Yes,
        (true, _) => Rewrites::Perhaps,
        (false, _) => Rewrites::Yes,
    }
}

fn add_constraint(
    call: &mut Call<'_, '_>,
    table: &QualifiedName,
    it: &ast::AddConstraint,
    only: bool,
) -> Need {
    // Those that get an index of their own.
    let indexed = match only {
        true => vec![table.clone()],
        false => call.relations.partitions(table),
    };
    let checked = !not_valid(it.syntax()) && !not_enforced(it.syntax());
    let is_partitioned = call.relations.partitions(table).len() > 1;
    match it.constraint() {
        Some(ast::Constraint::ForeignKeyConstraint(key)) => {
            if let Some(referenced) = call.name(key.table_name_ref()) {
                let tables = call.relations.partitions(&referenced);
                call.found.locks(&tables, LockMode::ShareRowExclusive);
            }
            if checked {
                scan(call, table);
            }
            // From version 18 on children are locked, too, which do not have it.
            let locks_children = call.relations.server_major.is_none_or(|it| it >= 18);
            Need {
                mode: LockMode::ShareRowExclusive,
                descends: is_partitioned || locks_children,
            }
        }
        Some(ast::Constraint::PrimaryKeyConstraint(key)) => {
            let columns = call.relations.primary_key(table);
            let not_null = |it: &Ident| {
                let column = call.relations.column(table, it);
                column.is_some_and(|it| it.not_null)
            };
            // The partitions need nothing but their indexes then.
            let changes_columns = !is_partitioned || !columns.iter().all(not_null);
            if key.using_index().is_none() {
                build_index(call, &indexed);
            }
            match changes_columns {
                true => WITH_CHILDREN,
                false => with_indexes(call, &indexed),
            }
        }
        Some(ast::Constraint::UniqueConstraint(key)) => {
            if key.using_index().is_none() {
                build_index(call, &indexed);
            }
            with_indexes(call, &indexed)
        }
        Some(ast::Constraint::ExcludeConstraint(_)) => {
            build_index(call, &indexed);
            with_indexes(call, &indexed)
        }
        Some(ast::Constraint::CheckConstraint(check)) => {
            let name = check.constraint_name_clause();
            let name = name.and_then(|it| it.constraint_name());
            let name = ident(name.as_ref().map(AstNode::syntax));
            let says = check.expr().map(|it| it.syntax().text().to_string());
            let column = says.and_then(|it| not_null_column(&it));
            if let (Some(name), Some(column)) = (name, column) {
                call.relations.prove(table, name, column, checked);
            }
            if checked {
                scan(call, table);
            }
            WITH_CHILDREN
        }
        Some(
            ast::Constraint::NotNullConstraint(_)
            | ast::Constraint::NullConstraint(_)
            | ast::Constraint::DefaultConstraint(_)
            | ast::Constraint::GeneratedConstraint(_)
            | ast::Constraint::ReferencesConstraint(_),
        )
        | None => {
            if checked {
                scan(call, table);
            }
            WITH_CHILDREN
        }
    }
}

/// Before version 18 partitions are only kept from being written to while they get their indexes.
fn with_indexes(call: &mut Call<'_, '_>, tables: &[QualifiedName]) -> Need {
    let descends = tables.len() > 1 && call.relations.server_major.is_none_or(|it| it >= 18);
    if !descends {
        call.found.locks(tables, LockMode::Share);
    }
    Need {
        mode: LockMode::AccessExclusive,
        descends,
    }
}

/// Whether partitions and children lose a constraint with their parent: children have checks and `NOT NULL` alone from
/// it.
fn is_inherited(call: &Call<'_, '_>, table: &QualifiedName, name: &Ident) -> bool {
    if call.relations.partitions(table).len() > 1 {
        return true;
    }
    let constraints = call.relations.table(table).map(|it| &it.constraints);
    let constraint = constraints.and_then(|it| it.get(name));
    match constraint.map(|it| &it.kind) {
        Some(ConstraintKind::Check { no_inherit, .. }) => !no_inherit,
        Some(
            ConstraintKind::PrimaryKey(_)
            | ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Exclusion { .. },
        ) => false,
        Some(ConstraintKind::NotNull { .. }) | None => true,
    }
}

fn not_enforced(node: &SyntaxNode) -> bool {
    node.descendants()
        .any(|it| ast::NotEnforced::can_cast(it.kind()))
}

fn attach(call: &mut Call<'_, '_>, parent: &QualifiedName, it: &ast::AttachPartition) {
    let Some(child) = call.name(it.table_name_ref()) else {
        return;
    };
    for table in call.relations.family(&child) {
        call.found.lock(&table, LockMode::AccessExclusive);
        call.found.work(&table, WorkKind::Scan, true);
    }
    // Foreign keys that lead to its parent lead to it, too.
    let tables = call.relations.referencing(parent);
    call.found.locks(&tables, LockMode::ShareRowExclusive);
    call.joins(parent);
    call.relations.join(&child, parent);
}

fn detach(call: &mut Call<'_, '_>, parent: &QualifiedName, it: &ast::DetachPartition) -> Need {
    let option = it.detach_partition_option();
    let concurrently = match &option {
        Some(ast::DetachPartitionOption::DetachConcurrently(_)) => {
            call.outside = true;
            true
        }
        Some(ast::DetachPartitionOption::DetachFinalize(_)) => true,
        None => false,
    };
    let mode = match concurrently {
        true => LockMode::ShareUpdateExclusive,
        false => LockMode::AccessExclusive,
    };
    // Version 13 lets the partition be read meanwhile, unless foreign keys lead to it.
    let of_child = match call.relations.server_major {
        Some(..=13) if !call.relations.is_referenced(parent) => LockMode::ShareUpdateExclusive,
        Some(_) | None => LockMode::AccessExclusive,
    };
    call.lock_one(it.table_name_ref(), of_child);
    if let Some(default) = call.relations.default_partition(parent) {
        call.found.lock(&default, LockMode::AccessExclusive);
    }
    // Its foreign keys become its own. Version 13 looks at no partitions of the other end.
    let looks_at_partitions = call.relations.server_major.is_none_or(|it| it > 13);
    for referenced in call.relations.references(parent) {
        let tables = call.relations.partitions(&referenced);
        if tables.len() == 1 || looks_at_partitions {
            call.found.locks(&tables, LockMode::ShareRowExclusive);
        }
    }
    // Those that lead to it lead to its parent alone.
    let tables = call.relations.referencing(parent);
    call.found.locks(&tables, LockMode::AccessExclusive);
    if let Some(child) = call.name(it.table_name_ref()) {
        call.relations.leave(&child);
    }
    Need {
        mode,
        descends: false,
    }
}
