//! What each kind of statement does.

use driftless_catalog::{Catalog, Ident, QualifiedName};
use squawk_syntax::ast::{self, AstNode, Stmt};
use squawk_syntax::{SourceFile, SyntaxNode};

use crate::effects::{Effects, Gathered, WorkKind};
use crate::relations::{Relations, ident};
use crate::{LockMode, alter_table};

/// Judges the statements of a script one after the other.
///
/// Knows the state before the script, which says who hangs on whom, and the state after it; and keeps in mind what the
/// statements judged so far have made and renamed.
pub struct Judge<'a> {
    relations: Relations<'a>,
}

impl<'a> Judge<'a> {
    /// For a script that leads from one state to another. Names without a schema are of `default_schema`.
    pub fn new(before: &'a Catalog, after: &'a Catalog, default_schema: Ident) -> Self {
        Self {
            relations: Relations::new(before, after, default_schema),
        }
    }

    /// For a server of that major version; without one, for the newest.
    #[must_use]
    pub fn on_server(mut self, major: u16) -> Self {
        self.relations.server_major = (major != 0).then_some(major);
        self
    }

    /// What the next statement does. Text that is no single statement of PostgreSQL has effects that are not
    /// [`Effects::complete`].
    pub fn judge(&mut self, sql: &str) -> Effects {
        let parsed = SourceFile::parse(sql);
        let mut statements = parsed.tree().stmts();
        let (Some(statement), None) = (statements.next(), statements.next()) else {
            return Effects::default();
        };
        let mut call = Call {
            relations: &mut self.relations,
            found: Gathered::default(),
            outside: false,
            complete: parsed.errors().is_empty(),
            made: Vec::new(),
            dropped: Vec::new(),
        };
        call.statement(&statement);
        let Call {
            found,
            outside,
            complete,
            made,
            dropped,
            ..
        } = call;
        let effects = found.finish(|it| self.relations.is_new(it));
        for it in made {
            self.relations.make(it);
        }
        for it in dropped {
            self.relations.drop_table(&it);
        }
        Effects {
            outside_transaction: outside,
            complete,
            ..effects
        }
    }
}

/// One statement on its way.
pub(crate) struct Call<'r, 'a> {
    pub(crate) relations: &'r mut Relations<'a>,
    pub(crate) found: Gathered,
    pub(crate) outside: bool,
    pub(crate) complete: bool,
    made: Vec<QualifiedName>,
    dropped: Vec<QualifiedName>,
}

impl Call<'_, '_> {
    /// Gathers what the statement does. Kinds that are not listed change the catalog alone: types, functions,
    /// privileges, and what no rows hang on.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the grammar has 200 kinds of statements"
    )]
    fn statement(&mut self, statement: &Stmt) {
        let cascades = statement
            .syntax()
            .children()
            .filter_map(ast::DropBehavior::cast);
        if cascades
            .map(|it| it.syntax().text().to_string())
            .any(|it| it.eq_ignore_ascii_case("cascade"))
        {
            self.complete = false;
        }
        match statement {
            Stmt::AlterTable(it) => {
                let only = it
                    .table_relation_name()
                    .is_some_and(|it| it.only_token().is_some());
                let name = it.table_relation_name();
                let actions: Vec<_> = it.actions().collect();
                alter_table::judge(self, name.as_ref().map(AstNode::syntax), &actions, only);
            }
            Stmt::AlterForeignTable(it) => {
                let name = it.table_relation_name();
                let actions: Vec<_> = it.actions().collect();
                alter_table::judge(self, name.as_ref().map(AstNode::syntax), &actions, false);
            }
            Stmt::CreateTable(it) => self.create_table(it),
            Stmt::CreateTableAs(it) => self.makes(it.table_name()),
            Stmt::CreateForeignTable(it) => {
                let parent = it.partition_of().and_then(|it| it.table_name_ref());
                self.partition_of(parent);
                self.makes(it.table_name());
            }
            Stmt::CreateMaterializedView(it) => self.makes(it.view()),
            Stmt::CreateView(it) => {
                if let Some(name) = self.name(it.view()) {
                    match it.or_replace().is_some() && self.relations.has_view(&name) {
                        true => self.found.lock(&name, LockMode::AccessExclusive),
                        false => self.made.push(name),
                    }
                }
            }
            Stmt::DropTable(it) => {
                for name in it.table_name_refs() {
                    if let Some(name) = self.name(Some(name)) {
                        self.drop_table(&name);
                    }
                }
            }
            Stmt::DropForeignTable(it) => {
                for name in it.table_name_refs() {
                    if let Some(name) = self.name(Some(name)) {
                        self.drop_table(&name);
                    }
                }
            }
            Stmt::DropView(it) => self.lock_each(it.view_refs(), LockMode::AccessExclusive),
            Stmt::DropMaterializedView(it) => {
                self.lock_each(it.view_refs(), LockMode::AccessExclusive);
            }
            Stmt::DropSequence(it) => self.lock_each(it.sequence_refs(), LockMode::AccessExclusive),
            Stmt::AlterSequence(it) => {
                self.lock_one(it.sequence_ref(), LockMode::ShareRowExclusive);
            }
            Stmt::AlterView(it) => {
                self.lock_one(it.view_ref(), LockMode::AccessExclusive);
                if let Some(ast::AlterViewAction::ViewRenameTo(to)) = it.action() {
                    self.renames(it.view_ref(), to.view());
                }
                if let Some(ast::AlterViewAction::SetSchema(to)) = it.action() {
                    self.moves(it.view_ref(), to.schema_ref());
                }
            }
            Stmt::AlterMaterializedView(it) => self.alter_materialized_view(it),
            Stmt::AlterSchema(it) => {
                let from = ident(it.schema_ref().as_ref().map(AstNode::syntax));
                if let Some(ast::AlterSchemaAction::SchemaRenameTo(to)) = it.action()
                    && let Some(to) = ident(to.schema().as_ref().map(AstNode::syntax))
                    && let Some(from) = from
                {
                    self.relations.rename_schema(from, to);
                }
            }
            Stmt::Refresh(it) => self.refresh(it),
            Stmt::CreateIndex(it) => self.create_index(it),
            Stmt::AlterIndex(it) => {
                if let Some(ast::AlterIndexAction::IndexRenameTo(to)) = it.action() {
                    self.renames(it.index_ref(), to.index());
                }
            }
            Stmt::DropIndex(it) => {
                let concurrently = it.concurrently_token().is_some();
                self.outside |= concurrently;
                for index in it.index_refs() {
                    let index = self.name(Some(index));
                    if let Some(table) = index.and_then(|it| self.relations.indexed(&it)) {
                        match concurrently {
                            true => self.found.lock(&table, LockMode::ShareUpdateExclusive),
                            false => self.found.locks(
                                &self.relations.partitions(&table),
                                LockMode::AccessExclusive,
                            ),
                        }
                    }
                }
            }
            Stmt::CreateTrigger(it) => {
                let table = it.on_relation().and_then(|it| it.relation_name_ref());
                match it.trigger_level() {
                    Some(ast::TriggerLevel::ForEachRow(_)) => {
                        let table = self.name(table);
                        self.lock_partitions(table, LockMode::ShareRowExclusive);
                    }
                    // Partitions do not get those of statements.
                    Some(ast::TriggerLevel::ForEachStatement(_)) | None => {
                        self.lock_one(table, LockMode::ShareRowExclusive);
                    }
                }
                let from = it.from_table().and_then(|it| it.table_name_ref());
                self.lock_one(from, LockMode::AccessShare);
            }
            Stmt::DropTrigger(it) => {
                let table = it.on_relation().and_then(|it| it.relation_name_ref());
                let trigger = ident(it.trigger_ref().as_ref().map(AstNode::syntax));
                let name = self.name(table.clone());
                let of_rows = name.as_ref().zip(trigger).is_some_and(|(table, trigger)| {
                    self.relations.has_trigger_of_rows(table, &trigger)
                });
                match of_rows {
                    true => self.lock_partitions(name, LockMode::AccessExclusive),
                    false => self.lock_one(table, LockMode::AccessExclusive),
                }
            }
            Stmt::AlterTrigger(it) => {
                let table = self.name(it.on_relation().and_then(|it| it.relation_name_ref()));
                self.lock_partitions(table, LockMode::AccessExclusive);
            }
            Stmt::CreatePolicy(it) => {
                let table = it.on_table().and_then(|it| it.table_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
            }
            Stmt::AlterPolicy(it) => {
                let table = it.on_table().and_then(|it| it.table_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
            }
            Stmt::DropPolicy(it) => {
                let table = it.on_table().and_then(|it| it.table_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
            }
            Stmt::CreateRule(it) => {
                let table = it.rule_on().and_then(|it| it.relation_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
                for action in it.syntax().descendants() {
                    self.writes(&action);
                }
            }
            Stmt::DropRule(it) => {
                let table = it.on_relation().and_then(|it| it.relation_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
            }
            Stmt::AlterRule(it) => {
                let table = it.on_relation().and_then(|it| it.relation_name_ref());
                self.lock_one(table, LockMode::AccessExclusive);
            }
            Stmt::CreateStatistics(it) => {
                let table = it.from_table().and_then(|it| it.table_name_ref());
                self.lock_one(table, LockMode::ShareUpdateExclusive);
            }
            Stmt::CommentOn(it) => self.comment(it),
            Stmt::AlterDomain(it) => self.alter_domain(it),
            Stmt::AlterType(it) => {
                let ty = self
                    .relations
                    .written(it.type_name_ref().as_ref().map(AstNode::syntax));
                match (ty, it.action()) {
                    (Some(ty), Some(ast::AlterTypeAction::AlterTypeAttributeActionList(it))) => {
                        let tables = self.relations.of_type(&ty);
                        self.found.locks(&tables, LockMode::AccessExclusive);
                        for action in it.actions() {
                            if let ast::AlterTypeAttributeAction::AlterAttribute(it) = action {
                                alter_table::alter_attribute(self, &tables, &it);
                            }
                        }
                    }
                    (Some(ty), Some(ast::AlterTypeAction::TypeRenameTo(_))) => {
                        self.relations.rename_type(ty);
                    }
                    _ => {}
                }
            }
            Stmt::CreatePublication(it) => {
                self.published(it.publication_for_clause().as_ref().map(AstNode::syntax));
            }
            Stmt::AlterPublication(it) => {
                self.published(it.action().as_ref().map(AstNode::syntax));
            }
            Stmt::Insert(_) | Stmt::Update(_) | Stmt::Delete(_) | Stmt::Merge(_) => {
                self.writes(statement.syntax());
            }
            Stmt::Truncate(it) => {
                let tables = it.table_list().into_iter();
                for table in tables.flat_map(|it| it.table_relation_names()) {
                    if let Some(table) = self.name(Some(table)) {
                        self.found
                            .locks(&self.relations.family(&table), LockMode::AccessExclusive);
                    }
                }
            }
            Stmt::Lock(it) => self.lock_table(it),
            Stmt::Cluster(it) => {
                self.rewrites(it.table_name_ref());
                self.complete &= it.table_name_ref().is_some();
            }
            Stmt::Vacuum(it) => {
                self.outside = true;
                let tables = it.table_and_columns_list().into_iter();
                let tables: Vec<_> = tables.flat_map(|it| it.table_and_columnss()).collect();
                self.complete &= !tables.is_empty();
                let text = it.syntax().text().to_string().to_ascii_lowercase();
                for table in tables {
                    match text.contains("full") {
                        true => self.rewrites(Some(table)),
                        false => self.lock_one(Some(table), LockMode::ShareUpdateExclusive),
                    }
                }
            }
            Stmt::Reindex(it) => self.reindex(it),
            Stmt::DropStatistics(it) => {
                for statistics in it.statistics_refs() {
                    let name = self.relations.written(Some(statistics.syntax()));
                    let tables = name.map(|it| self.relations.counted(&it));
                    self.found
                        .locks(&tables.unwrap_or_default(), LockMode::ShareUpdateExclusive);
                }
            }
            // They run what somebody else has written.
            Stmt::Do(_)
            | Stmt::Call(_)
            | Stmt::Execute(_)
            | Stmt::Copy(_)
            | Stmt::CreateExtension(_)
            | Stmt::AlterExtension(_)
            | Stmt::Select(_)
            | Stmt::SelectInto(_)
            | Stmt::CompoundSelect(_) => self.complete = false,
            Stmt::CreateDatabase(_)
            | Stmt::DropDatabase(_)
            | Stmt::CreateTablespace(_)
            | Stmt::DropTablespace(_)
            | Stmt::AlterSystem(_) => self.outside = true,
            Stmt::CreateSubscription(_) | Stmt::DropSubscription(_) => self.outside = true,
            _ => {}
        }
    }

    /// The relation that a part of the statement names.
    pub(crate) fn name(&self, part: Option<impl AstNode>) -> Option<QualifiedName> {
        self.relations.named(part.as_ref().map(AstNode::syntax))
    }

    pub(crate) fn lock_one(&mut self, part: Option<impl AstNode>, mode: LockMode) {
        if let Some(name) = self.name(part) {
            self.found.lock(&name, mode);
        }
    }

    fn lock_each(&mut self, parts: impl Iterator<Item = impl AstNode>, mode: LockMode) {
        for part in parts {
            self.lock_one(Some(part), mode);
        }
    }

    /// What writes rows locks their table.
    fn writes(&mut self, statement: &SyntaxNode) {
        let node = || statement.clone();
        let target = if let Some(it) = ast::Insert::cast(node()) {
            self.name(it.relation_name_ref())
        } else if let Some(it) = ast::Update::cast(node()) {
            self.name(it.relation_name())
        } else if let Some(it) = ast::Delete::cast(node()) {
            self.name(it.relation_name())
        } else {
            let merge = ast::Merge::cast(node());
            self.name(merge.and_then(|it| it.table_relation_name()))
        };
        if let Some(table) = target {
            self.found.lock(&table, LockMode::RowExclusive);
        }
    }

    fn lock_partitions(&mut self, table: Option<QualifiedName>, mode: LockMode) {
        if let Some(table) = table {
            self.found.locks(&self.relations.partitions(&table), mode);
        }
    }

    fn rewrites(&mut self, table: Option<impl AstNode>) {
        if let Some(table) = self.name(table) {
            self.found.lock(&table, LockMode::AccessExclusive);
            self.found.work(&table, WorkKind::Rewrite, true);
        }
    }

    fn makes(&mut self, part: Option<impl AstNode>) {
        let name = self.relations.written(part.as_ref().map(AstNode::syntax));
        self.made.extend(name);
    }

    pub(crate) fn renames(&mut self, from: Option<impl AstNode>, to: Option<impl AstNode>) {
        let from = from.as_ref().map(AstNode::syntax);
        if let Some(to) = ident(to.as_ref().map(AstNode::syntax)) {
            self.becomes(from, |written| written.sibling(to));
        }
    }

    /// The relation goes to another schema.
    pub(crate) fn moves(&mut self, from: Option<impl AstNode>, to: Option<impl AstNode>) {
        let from = from.as_ref().map(AstNode::syntax);
        if let Some(to) = ident(to.as_ref().map(AstNode::syntax)) {
            self.becomes(from, |written| QualifiedName::new(to, written.name));
        }
    }

    /// The relation is called what `new` makes of the name that is written.
    pub(crate) fn becomes(
        &mut self,
        from: Option<&SyntaxNode>,
        new: impl FnOnce(QualifiedName) -> QualifiedName,
    ) {
        if let (Some(before), Some(written)) =
            (self.relations.named(from), self.relations.written(from))
        {
            self.relations.rename(&before, new(written));
        }
    }

    fn create_table(&mut self, it: &ast::CreateTable) {
        let parent = it.partition_of().and_then(|it| it.table_name_ref());
        self.partition_of(parent);
        for parent in it
            .inherits()
            .into_iter()
            .flat_map(|it| it.table_name_refs())
        {
            self.lock_one(Some(parent), LockMode::ShareUpdateExclusive);
        }
        for key in it.syntax().descendants() {
            let table = match ast::ForeignKeyConstraint::cast(key.clone()) {
                Some(it) => it.table_name_ref(),
                None => ast::ReferencesConstraint::cast(key).and_then(|it| it.table()),
            };
            if let Some(table) = self.name(table) {
                let tables = self.relations.partitions(&table);
                self.found.locks(&tables, LockMode::ShareRowExclusive);
            }
        }
        self.makes(it.table_name());
    }

    fn partition_of(&mut self, parent: Option<ast::TableNameRef>) {
        if let Some(parent) = self.name(parent) {
            self.found.lock(&parent, LockMode::AccessExclusive);
            self.joins(&parent);
        }
    }

    /// A table becomes a partition: rows of the default partition are looked through, and the keys of the parent
    /// are made for it, too.
    pub(crate) fn joins(&mut self, parent: &QualifiedName) {
        if let Some(default) = self.relations.default_partition(parent) {
            self.found.lock(&default, LockMode::AccessExclusive);
            self.found.work(&default, WorkKind::Scan, true);
        }
        for table in self.relations.references(parent) {
            self.found.lock(&table, LockMode::ShareRowExclusive);
        }
    }

    fn drop_table(&mut self, table: &QualifiedName) {
        for it in self.relations.family(table) {
            // Rows of children go with those of a partitioned table alone.
            if it == *table || self.relations.partitions(table).contains(&it) {
                self.found.lock(&it, LockMode::AccessExclusive);
                let referenced = self.relations.references(&it);
                self.found.locks(&referenced, LockMode::AccessExclusive);
            }
        }
        if let Some(parent) = self.relations.partitioned(table) {
            self.found.lock(&parent, LockMode::AccessExclusive);
            if let Some(default) = self.relations.default_partition(&parent) {
                self.found.lock(&default, LockMode::AccessExclusive);
            }
        }
        self.dropped.push(table.clone());
    }

    fn alter_materialized_view(&mut self, it: &ast::AlterMaterializedView) {
        let view = it.view_ref();
        for action in it.action() {
            match action {
                ast::AlterMaterializedViewAction::AlterTableAction(action) => {
                    let name = view.as_ref().map(AstNode::syntax);
                    alter_table::judge(self, name, &[action], true);
                }
                ast::AlterMaterializedViewAction::ViewRenameTo(to) => {
                    self.lock_one(view.clone(), LockMode::AccessExclusive);
                    self.renames(view.clone(), to.view());
                }
                ast::AlterMaterializedViewAction::SetSchema(to) => {
                    self.lock_one(view.clone(), LockMode::AccessExclusive);
                    self.moves(view.clone(), to.schema_ref());
                }
                ast::AlterMaterializedViewAction::RenameColumn(_)
                | ast::AlterMaterializedViewAction::DependsOnExtension(_)
                | ast::AlterMaterializedViewAction::NoDependsOnExtension(_) => {
                    self.lock_one(view.clone(), LockMode::AccessExclusive);
                }
            }
        }
    }

    fn refresh(&mut self, it: &ast::Refresh) {
        let Some(view) = self.name(it.view_ref()) else {
            return;
        };
        let mode = match it.concurrently_token() {
            Some(_) => LockMode::Exclusive,
            None => LockMode::AccessExclusive,
        };
        self.found.lock(&view, mode);
        self.found.work(&view, WorkKind::Rewrite, true);
    }

    fn create_index(&mut self, it: &ast::CreateIndex) {
        let Some(table) = self.name(it.table_relation_name()) else {
            return;
        };
        let only = it
            .table_relation_name()
            .is_some_and(|it| it.only_token().is_some());
        // The name of the index is a keyword's neighbour, and the parser may take one for the other.
        let concurrently = it
            .syntax()
            .children_with_tokens()
            .filter_map(|it| it.into_token())
            .any(|it| it.text().eq_ignore_ascii_case("concurrently"));
        self.outside |= concurrently;
        let mode = match concurrently {
            true => LockMode::ShareUpdateExclusive,
            false => LockMode::Share,
        };
        let tables = match only {
            true => vec![table],
            false => self.relations.partitions(&table),
        };
        for table in &tables {
            self.found.lock(table, mode);
            if !only {
                self.found.work(table, WorkKind::BuildIndex, true);
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the grammar has 40 kinds of objects"
    )]
    fn comment(&mut self, it: &ast::CommentOn) {
        const MODE: LockMode = LockMode::ShareUpdateExclusive;
        let Some(object) = it.comment_object() else {
            return;
        };
        if let ast::CommentObject::ObjectColumn(column) = &object {
            let name = column.name();
            let parts = name
                .as_ref()
                .map(|it| crate::relations::idents(it.syntax()));
            if let Some([schema, table, _]) = parts.as_deref() {
                let table = QualifiedName::new(schema.clone(), table.clone());
                self.found.lock(&table, MODE);
            } else if let Some([table, _]) = parts.as_deref() {
                let table = self.relations.unqualified(table.clone());
                self.found.lock(&table, MODE);
            }
            return;
        }
        let relation = match object {
            ast::CommentObject::ObjectTable(it) => self.name(it.table_name_ref()),
            ast::CommentObject::ObjectForeignTable(it) => self.name(it.table_name_ref()),
            ast::CommentObject::ObjectView(it) => self.name(it.view_ref()),
            ast::CommentObject::ObjectMaterializedView(it) => self.name(it.view_ref()),
            ast::CommentObject::ObjectSequence(it) => self.name(it.sequence_ref()),
            // What hangs on a table is commented on while others write it.
            _ => None,
        };
        if let Some(name) = relation {
            self.found.lock(&name, MODE);
        }
    }

    fn alter_domain(&mut self, it: &ast::AlterDomain) {
        let Some(domain) = self
            .relations
            .written(it.domain_ref().as_ref().map(AstNode::syntax))
        else {
            return;
        };
        let checks = match it.action() {
            Some(ast::AlterDomainAction::AddConstraint(it)) => !not_valid(it.syntax()),
            Some(
                ast::AlterDomainAction::SetNotNull(_)
                | ast::AlterDomainAction::ValidateConstraint(_),
            ) => true,
            Some(
                ast::AlterDomainAction::DomainRenameTo(_)
                | ast::AlterDomainAction::DropConstraint(_)
                | ast::AlterDomainAction::DropDefault(_)
                | ast::AlterDomainAction::DropNotNull(_)
                | ast::AlterDomainAction::OwnerTo(_)
                | ast::AlterDomainAction::RenameConstraint(_)
                | ast::AlterDomainAction::SetDefault(_)
                | ast::AlterDomainAction::SetSchema(_),
            )
            | None => false,
        };
        if checks {
            for table in self.relations.with_domain(&domain) {
                self.found.lock(&table, LockMode::Share);
                self.found.work(&table, WorkKind::Scan, true);
            }
        }
    }

    fn published(&mut self, part: Option<&SyntaxNode>) {
        let tables = part.into_iter().flat_map(SyntaxNode::descendants);
        for table in tables.filter_map(ast::PublicationObjectTable::cast) {
            let name = table
                .syntax()
                .descendants()
                .find_map(ast::TableNameRef::cast);
            self.lock_one(name, LockMode::ShareUpdateExclusive);
        }
    }

    fn lock_table(&mut self, it: &ast::Lock) {
        let mode = it.lock_mode_clause().and_then(|it| it.lock_mode());
        let mode = mode.map(|it| it.syntax().text().to_string());
        let mode = mode.and_then(|it| LockMode::parse(&it));
        let relations = it.relation_list().into_iter();
        for relation in relations.flat_map(|it| it.relation_names()) {
            if let Some(name) = self.name(Some(relation)) {
                let tables = self.relations.family(&name);
                self.found
                    .locks(&tables, mode.unwrap_or(LockMode::AccessExclusive));
            }
        }
    }

    fn reindex(&mut self, it: &ast::Reindex) {
        let text = it.syntax().text().to_string().to_ascii_lowercase();
        let concurrently = text.contains("concurrently");
        self.outside |= concurrently;
        let table = match it.reindex_target() {
            Some(ast::ReindexTarget::ReindexTargetTable(it)) => {
                let name = it.syntax().descendants().find_map(ast::TableNameRef::cast);
                self.name(name)
            }
            Some(ast::ReindexTarget::ReindexTargetIndex(it)) => {
                let name = it.syntax().descendants().find_map(ast::IndexRef::cast);
                let index = self.relations.written(name.as_ref().map(AstNode::syntax));
                index.and_then(|it| self.relations.indexed(&it))
            }
            Some(
                ast::ReindexTarget::ReindexTargetDatabase(_)
                | ast::ReindexTarget::ReindexTargetSchema(_)
                | ast::ReindexTarget::ReindexTargetSystem(_),
            )
            | None => None,
        };
        let Some(table) = table else {
            self.complete = false;
            return;
        };
        let mode = match concurrently {
            true => LockMode::ShareUpdateExclusive,
            false => LockMode::Share,
        };
        self.found.lock(&table, mode);
        self.found.work(&table, WorkKind::BuildIndex, true);
    }
}

/// Whether `NOT VALID` stands in it.
pub(crate) fn not_valid(node: &SyntaxNode) -> bool {
    node.descendants()
        .any(|it| ast::NotValid::can_cast(it.kind()))
}
