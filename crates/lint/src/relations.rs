//! What is known of the relations that a statement names.

use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, Column, Constraint, ConstraintKind, ForeignKey, Ident, QualifiedName, Table,
};
use driftless_sql_text::{TokenKind, ident_value, tokens};
use squawk_syntax::SyntaxNode;

/// The states before and after a script, and the names that it has changed so far.
pub(crate) struct Relations<'a> {
    pub(crate) before: &'a Catalog,
    pub(crate) after: &'a Catalog,
    /// What the search path finds by itself.
    default_schema: Ident,
    /// Tables by the table whose partition or child they are.
    children: BTreeMap<&'a QualifiedName, Vec<&'a QualifiedName>>,
    /// Tables with the foreign keys that lead to them.
    referenced_by: BTreeMap<&'a QualifiedName, Vec<(&'a QualifiedName, &'a ForeignKey)>>,
    /// The name before, by the name now.
    renamed: BTreeMap<QualifiedName, QualifiedName>,
    /// Relations made by the script.
    made: BTreeSet<QualifiedName>,
}

impl<'a> Relations<'a> {
    pub(crate) fn new(before: &'a Catalog, after: &'a Catalog, default_schema: Ident) -> Self {
        let mut children: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut referenced_by: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for table in before.tables.iter() {
            let partitioned = table.partition.as_ref().map(|it| &it.of);
            for parent in table.inherits.iter().chain(partitioned) {
                children.entry(parent).or_default().push(&table.name);
            }
            for (_, key) in foreign_keys(table) {
                let found = referenced_by.entry(&key.references).or_default();
                found.push((&table.name, key));
            }
        }
        Self {
            before,
            after,
            default_schema,
            children,
            referenced_by,
            renamed: BTreeMap::new(),
            made: BTreeSet::new(),
        }
    }

    /// The relation that a part of a statement names, by the name that it had before the script.
    pub(crate) fn named(&self, node: Option<&SyntaxNode>) -> Option<QualifiedName> {
        let name = self.written(node)?;
        Some(self.renamed.get(&name).cloned().unwrap_or(name))
    }

    /// A name as it stands there.
    pub(crate) fn written(&self, node: Option<&SyntaxNode>) -> Option<QualifiedName> {
        match &idents(node?)[..] {
            [name] => Some(self.unqualified(name.clone())),
            [schema, name] => Some(QualifiedName::new(schema.clone(), name.clone())),
            _ => None,
        }
    }

    /// From now on the relation has another name.
    pub(crate) fn rename(&mut self, from: &QualifiedName, to: QualifiedName) {
        self.renamed.insert(to, from.clone());
    }

    /// From now on it is there.
    pub(crate) fn make(&mut self, relation: QualifiedName) {
        self.made.insert(relation);
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

    /// A column as it was before.
    pub(crate) fn column(&self, table: &QualifiedName, column: &Ident) -> Option<&'a Column> {
        self.table(table)?.column(column)
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

    /// The partition of a table that takes what no other does.
    pub(crate) fn default_partition(&self, table: &QualifiedName) -> Option<&'a QualifiedName> {
        let is_default = |name: &&&QualifiedName| {
            let partition = self.table(name).and_then(|it| it.partition.as_ref());
            partition.is_some_and(|it| it.bound.text.eq_ignore_ascii_case("DEFAULT"))
        };
        self.children.get(table)?.iter().find(is_default).copied()
    }

    /// The tables that foreign keys of a table lead to.
    pub(crate) fn references(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let keys = self.table(table).into_iter().flat_map(foreign_keys);
        keys.map(|(_, key)| key.references.clone()).collect()
    }

    /// The tables at the other end of foreign keys that a column is in, on either side.
    pub(crate) fn linked(&self, table: &QualifiedName, column: &Ident) -> Vec<QualifiedName> {
        let own = self.table(table).into_iter().flat_map(foreign_keys);
        let own = own.filter(|(_, key)| key.columns.contains(column));
        let own = own.map(|(_, key)| key.references.clone());
        let others = self.referenced_by.get(table).into_iter().flatten();
        let others = others.filter(|(_, key)| key.referenced_columns.contains(column));
        own.chain(others.map(|(table, _)| (*table).clone()))
            .collect()
    }

    /// A constraint as it was before, else as it will be.
    pub(crate) fn constraint(&self, table: &QualifiedName, name: &Ident) -> Option<&'a Constraint> {
        let state = |it: &'a Catalog| it.tables.get(table)?.constraints.get(name);
        state(self.before).or_else(|| state(self.after))
    }

    /// The relation that an index is on.
    pub(crate) fn indexed(&self, index: &QualifiedName) -> Option<QualifiedName> {
        let on_table = |it: &&Table| {
            let key = |it: &Constraint| match it.kind {
                ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclusion { .. } => it.name == index.name,
                ConstraintKind::ForeignKey(_)
                | ConstraintKind::Check { .. }
                | ConstraintKind::NotNull { .. } => false,
            };
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

    /// The tables with columns of a domain, before.
    pub(crate) fn with_domain(&self, domain: &QualifiedName) -> Vec<QualifiedName> {
        let has = |it: &&Table| {
            let mut columns = it.columns.iter();
            columns.any(|it| it.data_type.name.user_defined().as_ref() == Some(domain))
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
    let text = node.text().to_string();
    let mut found = Vec::new();
    let mut dotted = true;
    for token in tokens(&text) {
        let word = token.text(&text);
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

fn foreign_keys(table: &Table) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
    table.constraints.iter().filter_map(|it| match &it.kind {
        ConstraintKind::ForeignKey(key) => Some((it, key)),
        ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion { .. }
        | ConstraintKind::NotNull { .. } => None,
    })
}
