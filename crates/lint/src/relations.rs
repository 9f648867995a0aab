//! What is known of the relations that a statement names.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, Column, Constraint, ConstraintKind, DataType, ForeignKey, Ident, ObjectId, ObjectKind,
    Other, QualifiedName, Table, TriggerLevel,
};
use driftless_sql_text::{TokenKind, ident_value, tokens};
use squawk_syntax::SyntaxNode;

/// The states before and after a script, and what its statements have changed so far.
pub(crate) struct Relations<'a> {
    pub(crate) before: &'a Catalog,
    pub(crate) after: &'a Catalog,
    /// The major version of the server, if it is known.
    pub(crate) server_major: Option<u16>,
    /// What the search path finds by itself.
    default_schema: Ident,
    /// Tables by the table whose partition or child they are.
    children: BTreeMap<QualifiedName, Vec<QualifiedName>>,
    /// Foreign keys.
    keys: Vec<Key<'a>>,
    /// The name before, by the name now.
    renamed: BTreeMap<QualifiedName, QualifiedName>,
    /// Types that columns have got by now.
    retyped: BTreeMap<(QualifiedName, Ident), DataType>,
    /// The columns of checks that say `IS NOT NULL`, and whether rows have been looked at.
    proofs: BTreeMap<(QualifiedName, Ident), (Ident, bool)>,
    /// Types whose name another one may have by now.
    renamed_types: BTreeSet<QualifiedName>,
    /// The same of schemas, and of columns by the table's name before.
    renamed_schemas: BTreeMap<Ident, Ident>,
    renamed_columns: BTreeMap<(QualifiedName, Ident), Ident>,
    /// Relations made by the script.
    made: BTreeSet<QualifiedName>,
}

/// A foreign key that is there.
struct Key<'a> {
    table: &'a QualifiedName,
    name: &'a Ident,
    key: &'a ForeignKey,
}

impl<'a> Relations<'a> {
    pub(crate) fn new(before: &'a Catalog, after: &'a Catalog, default_schema: Ident) -> Self {
        let mut children: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut keys = Vec::new();
        for table in before.tables.iter() {
            let partitioned = table.partition.as_ref().map(|it| &it.of);
            for parent in table.inherits.iter().chain(partitioned) {
                let found = children.entry(parent.clone()).or_default();
                found.push(table.name.clone());
            }
            keys.extend(foreign_keys(table));
        }
        let mut found = Self {
            before,
            after,
            server_major: None,
            default_schema,
            children,
            keys,
            renamed: BTreeMap::new(),
            retyped: BTreeMap::new(),
            proofs: BTreeMap::new(),
            renamed_types: BTreeSet::new(),
            renamed_schemas: BTreeMap::new(),
            renamed_columns: BTreeMap::new(),
            made: BTreeSet::new(),
        };
        found.foreign_partitions();
        found
    }

    /// Foreign tables may be partitions, too.
    fn foreign_partitions(&mut self) {
        let is_foreign = |it: &&Other| it.id.kind == ObjectKind::ForeignTable;
        for it in self.before.others.iter().filter(is_foreign) {
            let parent = it.text("partition_of").map(names);
            let parent = parent.and_then(|it| self.qualified(&it));
            let table = self.qualified(&names(&it.id.identity));
            if let (Some(parent), Some(table)) = (parent, table) {
                self.join(&table, &parent);
            }
        }
    }

    /// The relation that a part of a statement names, by the name that it had before the script.
    pub(crate) fn named(&self, node: Option<&SyntaxNode>) -> Option<QualifiedName> {
        let name = self.written(node)?;
        if let Some(before) = self.renamed.get(&name) {
            return Some(before.clone());
        }
        let schema = self.renamed_schemas.get(&name.schema);
        let schema = schema.unwrap_or(&name.schema).clone();
        Some(QualifiedName::new(schema, name.name))
    }

    /// A name as it stands there.
    pub(crate) fn written(&self, node: Option<&SyntaxNode>) -> Option<QualifiedName> {
        self.qualified(&idents(node?))
    }

    fn qualified(&self, name: &[Ident]) -> Option<QualifiedName> {
        match name {
            [name] => Some(self.unqualified(name.clone())),
            [schema, name] => Some(QualifiedName::new(schema.clone(), name.clone())),
            _ => None,
        }
    }

    /// From now on the relation has another name.
    pub(crate) fn rename(&mut self, from: &QualifiedName, to: QualifiedName) {
        self.renamed.insert(to, from.clone());
    }

    /// From now on the schema has another name.
    pub(crate) fn rename_schema(&mut self, from: Ident, to: Ident) {
        let from = self.renamed_schemas.get(&from).cloned().unwrap_or(from);
        self.renamed_schemas.insert(to, from);
    }

    /// From now on the column of a table, which had that name before, has another name.
    pub(crate) fn rename_column(&mut self, table: &QualifiedName, from: &Ident, to: Ident) {
        let from = self.column_before(table, from).clone();
        self.renamed_columns.insert((table.clone(), to), from);
    }

    fn column_before<'b>(&'b self, table: &QualifiedName, column: &'b Ident) -> &'b Ident {
        let key = (table.clone(), column.clone());
        self.renamed_columns.get(&key).unwrap_or(column)
    }

    /// From now on it is there.
    pub(crate) fn make(&mut self, relation: QualifiedName) {
        if !self.renamed.values().any(|it| *it == relation) {
            self.made.insert(relation);
            return;
        }
        // Another one had that name before, and still goes by it here.
        let names = (1..).map(|count| format!("{count} {}", relation.name.as_str()));
        let names = names.filter_map(|it| Some(relation.sibling(Ident::cut(&it).ok()?)));
        let is_free = |it: &QualifiedName| !self.before.has_relation(it) && !self.is_new(it);
        if let Some(stand_in) = names.into_iter().find(is_free) {
            self.made.insert(stand_in.clone());
            self.renamed.insert(relation, stand_in);
        }
    }

    /// From now on it is not there.
    pub(crate) fn drop_table(&mut self, table: &QualifiedName) {
        self.keys.retain(|it| it.table != table);
        self.children.remove(table);
        self.leave(table);
    }

    /// From now on it is nobody's partition and nobody's child.
    pub(crate) fn leave(&mut self, table: &QualifiedName) {
        for children in self.children.values_mut() {
            children.retain(|it| it != table);
        }
    }

    /// From now on it is a partition or child of the other.
    pub(crate) fn join(&mut self, table: &QualifiedName, parent: &QualifiedName) {
        let children = self.children.entry(parent.clone()).or_default();
        children.push(table.clone());
    }

    /// From now on the constraint is not there.
    pub(crate) fn drop_constraint(&mut self, table: &QualifiedName, name: &Ident) {
        let own = |it: &&Key<'_>| it.table == table && it.name == name;
        if let Some(key) = self.keys.iter().find(own).map(|it| it.key.clone()) {
            // Partitions lose what they have of it.
            let tables = self.partitions(table);
            self.keys
                .retain(|it| !tables.contains(it.table) || *it.key != key);
        }
    }

    /// Its partitions and children, but not theirs.
    pub(crate) fn children(&self, table: &QualifiedName) -> &[QualifiedName] {
        self.children.get(table).map_or(&[], |it| it)
    }

    /// From now on there is a check that a column is not NULL.
    pub(crate) fn prove(
        &mut self,
        table: &QualifiedName,
        check: Ident,
        column: Ident,
        looked: bool,
    ) {
        self.proofs.insert((table.clone(), check), (column, looked));
    }

    /// From now on the rows obey the constraint.
    pub(crate) fn validate(&mut self, table: &QualifiedName, constraint: &Ident) {
        let key = (table.clone(), constraint.clone());
        if let Some((_, looked)) = self.proofs.get_mut(&key) {
            *looked = true;
        }
    }

    /// Whether a check of the script has shown that a column is not NULL.
    pub(crate) fn is_proved(&self, table: &QualifiedName, column: &Ident) -> bool {
        let proofs = self.proofs.iter();
        let mut own = proofs.filter(|((of, _), _)| of == table);
        own.any(|(_, (proved, looked))| proved == column && *looked)
    }

    /// From now on another type may have the name.
    pub(crate) fn rename_type(&mut self, name: QualifiedName) {
        self.renamed_types.insert(name);
    }

    /// Whether the name may stand for another type than before.
    pub(crate) fn is_renamed_type(&self, name: &QualifiedName) -> bool {
        self.renamed_types.contains(name)
    }

    /// Whether only this script sees it.
    pub(crate) fn is_new(&self, relation: &QualifiedName) -> bool {
        self.made.contains(relation)
    }

    /// Whether there was such a view.
    pub(crate) fn has_view(&self, name: &QualifiedName) -> bool {
        self.before.views.contains(name) && !self.is_new(name)
    }

    /// The table as it was before.
    pub(crate) fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.before.tables.get(name)
    }

    /// The type that a column has by now.
    pub(crate) fn column_type(&self, table: &QualifiedName, column: &Ident) -> Option<DataType> {
        let retyped = self.retyped.get(&(table.clone(), column.clone()));
        let before = || Some(self.column(table, column)?.data_type.clone());
        retyped.cloned().or_else(before)
    }

    /// From now on the column has another type.
    pub(crate) fn retype(&mut self, table: &QualifiedName, column: &Ident, ty: DataType) {
        self.retyped.insert((table.clone(), column.clone()), ty);
    }

    /// A column as it was before.
    pub(crate) fn column(&self, table: &QualifiedName, column: &Ident) -> Option<&'a Column> {
        self.table(table)?.column(self.column_before(table, column))
    }

    /// Its own name and those of its partitions and children, however deep.
    pub(crate) fn family(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut found = vec![table.clone()];
        let mut next = 0;
        while let Some(it) = found.get(next) {
            let children = self.children.get(it).into_iter().flatten();
            let new: Vec<QualifiedName> = children
                .filter(|it| !found.contains(it))
                .map(|it| (*it).clone())
                .collect();
            found.extend(new);
            next += 1;
        }
        found
    }

    /// The same for partitions alone.
    pub(crate) fn partitions(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        match self
            .table(table)
            .is_some_and(|it| it.partition_by.is_some())
        {
            true => self.family(table),
            false => vec![table.clone()],
        }
    }

    /// The table that it is a partition of by now.
    pub(crate) fn partitioned(&self, table: &QualifiedName) -> Option<QualifiedName> {
        let is_parent = |(parent, children): &(&QualifiedName, &Vec<QualifiedName>)| {
            let parent = self.table(parent);
            children.contains(table) && parent.is_some_and(|it| it.partition_by.is_some())
        };
        let (parent, _) = self.children.iter().find(is_parent)?;
        Some(parent.clone())
    }

    /// The partition of a table that takes what no other does.
    pub(crate) fn default_partition(&self, table: &QualifiedName) -> Option<QualifiedName> {
        let is_default = |name: &&QualifiedName| {
            let partition = self.table(name).and_then(|it| it.partition.as_ref());
            partition.is_some_and(|it| it.bound.text.eq_ignore_ascii_case("DEFAULT"))
        };
        self.children.get(table)?.iter().find(is_default).cloned()
    }

    /// The tables that foreign keys of a table lead to.
    pub(crate) fn references(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let own = self.keys.iter().filter(|it| it.table == table);
        own.map(|it| it.key.references.clone()).collect()
    }

    /// The tables whose foreign keys lead to a table.
    pub(crate) fn referencing(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let others = self.keys.iter().filter(|it| it.key.references == *table);
        others.map(|it| it.table.clone()).collect()
    }

    /// Whether foreign keys lead to a table.
    pub(crate) fn is_referenced(&self, table: &QualifiedName) -> bool {
        self.keys.iter().any(|it| it.key.references == *table)
    }

    /// The tables at the other end of foreign keys that a column is in, on either side.
    pub(crate) fn linked(&self, table: &QualifiedName, column: &Ident) -> Vec<QualifiedName> {
        let end = |it: &Key<'_>| {
            if it.table == table && it.key.columns.contains(column) {
                return Some(it.key.references.clone());
            }
            let other = it.key.references == *table && it.key.referenced_columns.contains(column);
            other.then(|| it.table.clone())
        };
        self.keys.iter().filter_map(end).collect()
    }

    /// The tables of these that hold rows themselves.
    pub(crate) fn with_rows(&self, tables: Vec<QualifiedName>) -> Vec<QualifiedName> {
        let holds = |it: &QualifiedName| {
            self.table(it)
                .is_none_or(|table| table.partition_by.is_none())
        };
        tables.into_iter().filter(holds).collect()
    }

    /// The table that a statistics object is about.
    pub(crate) fn counted(&self, statistics: &QualifiedName) -> Vec<QualifiedName> {
        let is_it = |it: &&Other| {
            let name = names(&it.id.identity);
            let name = self.qualified(&name);
            it.id.kind == ObjectKind::StatisticsObject && name.as_ref() == Some(statistics)
        };
        let states = [self.before, self.after];
        let found = states
            .into_iter()
            .flat_map(|it| it.others.iter().find(is_it));
        let needs = found.flat_map(|it| {
            let id = ObjectId::Other(it.id.clone());
            states.map(|it| it.dependencies_of(&id).cloned().collect::<Vec<_>>())
        });
        let tables = needs.flatten().filter_map(|it| match it {
            ObjectId::Table(table) | ObjectId::Column(table, _) => Some(table),
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Enum(_)
            | ObjectId::Domain(_)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Sequence(_)
            | ObjectId::Constraint(..)
            | ObjectId::Index(_)
            | ObjectId::Trigger(..)
            | ObjectId::Policy(..)
            | ObjectId::View(_)
            | ObjectId::MaterializedView(_)
            | ObjectId::Function(_)
            | ObjectId::DefaultPrivilege(_)
            | ObjectId::Other(_) => None,
        });
        tables.collect()
    }

    /// The table that a foreign key leads to: one that is there, or else one that will be.
    pub(crate) fn referenced(&self, table: &QualifiedName, name: &Ident) -> Option<QualifiedName> {
        let mut keys = self.keys.iter();
        if let Some(it) = keys.find(|it| it.table == table && it.name == name) {
            return Some(it.key.references.clone());
        }
        let mut after = foreign_keys(self.after.tables.get(table)?);
        let references = &after.find(|it| it.name == name)?.key.references;
        Some(self.renamed.get(references).unwrap_or(references).clone())
    }

    /// The columns of the primary key that a table is to have.
    pub(crate) fn primary_key(&self, table: &QualifiedName) -> &'a [Ident] {
        let constraints = self.after.tables.get(table).map(|it| it.constraints.iter());
        let mut kinds = constraints.into_iter().flatten().map(|it| &it.kind);
        let key = kinds.find_map(|it| match it {
            ConstraintKind::PrimaryKey(key) => Some(&key.columns[..]),
            ConstraintKind::Unique(_)
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Check { .. }
            | ConstraintKind::Exclusion { .. }
            | ConstraintKind::NotNull { .. } => None,
        });
        key.unwrap_or_default()
    }

    /// Whether a trigger fires for each row, so that partitions have it, too: as it was before, else as it will be.
    pub(crate) fn has_trigger_of_rows(&self, table: &QualifiedName, name: &Ident) -> bool {
        let state = |it: &'a Catalog| it.tables.get(table)?.triggers.get(name);
        let trigger = state(self.before).or_else(|| state(self.after));
        trigger.is_some_and(|it| it.level == TriggerLevel::Row)
    }

    /// The relation that an index is on.
    pub(crate) fn indexed(&self, index: &QualifiedName) -> Option<QualifiedName> {
        let on_table = |it: &&Table| {
            let key = |it: &Constraint| it.has_index() && it.name == index.name;
            it.name.schema == index.schema
                && (it.indexes.contains(&index.name) || it.constraints.iter().any(key))
        };
        let state = |it: &Catalog| {
            let table = it.tables.iter().find(on_table).map(|it| it.name.clone());
            let mut views = it.materialized_views.iter();
            table.or_else(|| {
                let view = views.find(|it| {
                    it.name.schema == index.schema && it.indexes.contains(&index.name)
                })?;
                Some(view.name.clone())
            })
        };
        state(self.before).or_else(|| state(self.after))
    }

    /// The tables from before with columns of a domain by now.
    pub(crate) fn with_domain(&self, domain: &QualifiedName) -> Vec<QualifiedName> {
        let has = |table: &&Table| {
            let columns = table.columns.iter();
            let mut types = columns.filter_map(|it| self.column_type(&table.name, &it.name));
            types.any(|it| it.name.user_defined().as_ref() == Some(domain))
        };
        let tables = self.before.tables.iter().filter(has);
        tables.map(|it| it.name.clone()).collect()
    }

    /// The tables `OF` a composite type, before.
    pub(crate) fn of_type(&self, ty: &QualifiedName) -> Vec<QualifiedName> {
        let tables = self.before.tables.iter();
        let typed = tables.filter(|it| it.of_type.as_ref() == Some(ty));
        typed.map(|it| it.name.clone()).collect()
    }

    /// A name without a schema, where the search path finds it.
    pub(crate) fn unqualified(&self, name: Ident) -> QualifiedName {
        QualifiedName::new(self.default_schema.clone(), name)
    }
}

/// The identifiers of a dotted name, without `ONLY` and what stands in parentheses or behind it.
pub(crate) fn idents(node: &SyntaxNode) -> Vec<Ident> {
    names(&node.text().to_string())
}

fn names(text: &str) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut dotted = true;
    for token in tokens(text) {
        let word = token.text(text);
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Word if word.eq_ignore_ascii_case("only") && found.is_empty() => {}
            TokenKind::Word | TokenKind::QuotedIdent if dotted => {
                // What no server would take for a name names nothing.
                let Ok(ident) = Ident::cut(&ident_value(word)) else {
                    return Vec::new();
                };
                found.push(ident);
                dotted = false;
            }
            _ if word == "." => dotted = true,
            _ if word == "(" && found.is_empty() => {}
            TokenKind::Word
            | TokenKind::QuotedIdent
            | TokenKind::String
            | TokenKind::EscapeString
            | TokenKind::BitString
            | TokenKind::DollarString
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Punctuation
            | TokenKind::Unterminated
            | TokenKind::Other => break,
        }
    }
    found
}

/// A single name.
pub(crate) fn ident(node: Option<&SyntaxNode>) -> Option<Ident> {
    idents(node?).pop()
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = Key<'_>> {
    table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::ForeignKey(key) => Some(Key {
            table: &table.name,
            name: &it.name,
            key,
        }),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    })
}
