use std::collections::HashMap;

use driftless_catalog::{
    Constraint, ConstraintKind, ExclusionElement, Ident, Index, IndexKey, IndexTarget, NullsOrder,
    ObjectId, Opclass, QualifiedName, ReplicaIdentity, SortOrder,
};
use driftless_sql_text::{TokenKind, ident_value, tokens};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::constraint::IndexOwners;
use crate::fields::Fields;
use crate::names::{Names, class};
use crate::table::Relations;

/// Options and statistics targets of index columns, by index and position.
pub(crate) type ColumnSettings<'a> = HashMap<(u32, i16), (Vec<&'a str>, Option<i16>)>;

/// What is set for columns of indexes.
pub(crate) fn settings(rows: &[Row]) -> Result<ColumnSettings<'_>, IntrospectError> {
    let mut settings = HashMap::new();
    for row in rows {
        let mut it = Fields::new("index_column", row);
        let key = (it.next()?, it.next()?);
        let options: Option<Vec<&str>> = it.next()?;
        settings.insert(key, (options.unwrap_or_default(), it.next()?));
    }
    Ok(settings)
}

/// Puts indexes on their tables and materialized views, and into the constraints that own them.
pub(crate) fn read(
    rows: &[Row],
    settings: &ColumnSettings<'_>,
    names: &mut Names,
    relations: &mut Relations,
    owners: &mut IndexOwners,
) -> Result<(), IntrospectError> {
    for row in rows {
        let (oid, relation, replica_identity, index) = index(row, names, settings)?;
        if let Some(table) = relations.tables.get_mut(&relation) {
            if replica_identity {
                table.replica_identity = ReplicaIdentity::Index(index.name.clone());
            }
            if let Some(owner) = owners.remove(&oid) {
                if let Some(constraint) = table.constraints.get_mut(&owner.constraint) {
                    complete(constraint, index, owner.operators);
                }
                continue;
            }
            names.register_index(oid, &table.name, &index);
            table.indexes.insert(index);
        } else if let Some(view) = relations.materialized_views.get_mut(&relation) {
            names.register_index(oid, &view.name, &index);
            view.indexes.insert(index);
        }
    }
    Ok(())
}

impl Names {
    fn register_index(&mut self, oid: u32, relation: &QualifiedName, index: &Index) {
        let name = relation.sibling(index.name.clone());
        self.index_relations.insert(name.clone(), relation.clone());
        self.objects
            .insert((class::RELATION, oid), ObjectId::Index(name));
    }
}

fn index(
    row: &Row,
    names: &Names,
    settings: &ColumnSettings<'_>,
) -> Result<(u32, u32, bool, Index), IntrospectError> {
    let mut it = Fields::new("index", row);
    let (oid, name, relation): (u32, Ident, u32) = (it.next()?, it.ident()?, it.next()?);
    let method = it.ident()?;
    let (unique, nulls_not_distinct) = (it.next()?, it.next()?);
    let key_count: i16 = it.next()?;
    let columns: Vec<i16> = it.next()?;
    let parts = Parts {
        oid,
        relation,
        ordered: method == "btree",
        columns: &columns,
        opclasses: it.next()?,
        collations: it.next()?,
        options: it.next()?,
        texts: it.next::<Option<_>>()?.unwrap_or_default(),
        definition: it.next()?,
        names,
        settings,
    };
    let key_count = usize::try_from(key_count).unwrap_or(0).min(columns.len());
    let keys = (0..key_count)
        .map(|at| parts.key(at))
        .collect::<Result<_, _>>()?;
    let statistics = (1..=key_count)
        .filter_map(|at| {
            let (_, target) = settings.get(&(oid, at as i16))?;
            Some((at as u16, i32::from((*target)?)))
        })
        .collect();
    let predicate = it.next::<Option<&str>>()?.map(|it| names.printed(it));
    let options: Vec<String> = it.next::<Option<_>>()?.unwrap_or_default();
    let tablespace = it.maybe_ident()?;
    let (valid, clustered, replica_identity) = (it.next()?, it.next()?, it.next()?);
    let index = Index {
        unique,
        nulls_not_distinct,
        include: names.columns_of(relation, &columns[key_count..])?,
        predicate,
        options,
        tablespace,
        statistics,
        valid,
        clustered,
        partition_of: it
            .maybe_ident()?
            .zip(it.maybe_ident()?)
            .map(|(schema, name)| QualifiedName::new(schema, name)),
        ..Index::new(name, method, keys)
    };
    Ok((oid, relation, replica_identity, index))
}

/// The arrays of an index row, an item for each key.
struct Parts<'a> {
    oid: u32,
    relation: u32,
    /// Whether the access method has an order.
    ordered: bool,
    columns: &'a [i16],
    opclasses: Vec<u32>,
    collations: Vec<u32>,
    options: Vec<i16>,
    /// The keys as text, where some are expressions.
    texts: Vec<&'a str>,
    /// The whole index as text, where some keys are expressions.
    definition: Option<&'a str>,
    names: &'a Names,
    settings: &'a ColumnSettings<'a>,
}

impl Parts<'_> {
    fn key(&self, at: usize) -> Result<IndexKey, IntrospectError> {
        const DESCENDING: i16 = 1;
        const NULLS_FIRST: i16 = 2;
        let number = self.columns[at];
        let flags = self.options.get(at).copied().unwrap_or(0);
        let (descending, first) = (flags & DESCENDING != 0, flags & NULLS_FIRST != 0);
        let (target, collation) = match number {
            0 => {
                let text = self.texts.get(at).copied().unwrap_or_default();
                let expression = self.names.printed(without_parentheses(text));
                (
                    IndexTarget::Expression(expression),
                    self.written_collation(at, text),
                )
            }
            _ => (
                IndexTarget::Column(self.names.column(self.relation, number)?),
                self.own_collation(at, number),
            ),
        };
        Ok(IndexKey {
            target,
            collation,
            opclass: self.opclass(at),
            order: (self.ordered && descending).then_some(SortOrder::Descending),
            nulls: match (self.ordered, descending, first) {
                (true, true, false) => Some(NullsOrder::Last),
                (true, false, true) => Some(NullsOrder::First),
                _ => None,
            },
        })
    }

    fn opclass(&self, at: usize) -> Option<Opclass> {
        let found = self.names.opclass(*self.opclasses.get(at)?)?;
        let setting = self.settings.get(&(self.oid, at as i16 + 1));
        let parameters: Vec<String> = setting
            .map(|(options, _)| options.iter().map(|it| (*it).to_owned()).collect())
            .unwrap_or_default();
        (!found.is_default || !parameters.is_empty()).then(|| Opclass {
            schema: (found.schema != "pg_catalog").then(|| found.schema.clone()),
            name: found.name.clone(),
            parameters,
        })
    }

    /// The collation of a column key, where it is not the column's.
    fn own_collation(&self, at: usize, number: i16) -> Option<QualifiedName> {
        let oid = *self.collations.get(at)?;
        let column = self.names.column_collations.get(&(self.relation, number));
        let same = oid == 0 || column.copied().unwrap_or(0) == oid;
        (!same).then(|| self.names.collation(oid).cloned())?
    }

    /// The collation of an expression key, where the whole definition writes one behind it.
    fn written_collation(&self, at: usize, text: &str) -> Option<QualifiedName> {
        let definition = self.definition?;
        let key = key_texts(definition).into_iter().nth(at)?;
        let behind = key.trim_start().strip_prefix(text)?;
        let mut words = tokens(behind);
        words
            .next()
            .filter(|it| it.is_word(behind, "collate"))
            .and_then(|_| self.names.collation(*self.collations.get(at)?).cloned())
    }
}

/// `(expression)` without the parentheses that the server puts around anything but a call.
fn without_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) else {
        return text;
    };
    let mut depth = 0i32;
    for token in tokens(inner) {
        match token.text(inner) {
            "(" if token.kind == TokenKind::Punctuation => depth += 1,
            ")" if token.kind == TokenKind::Punctuation => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text;
        }
    }
    inner
}

/// The texts between the commas of `CREATE INDEX … USING method (…)`.
fn key_texts(definition: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut start = None;
    let mut behind_using = false;
    for token in tokens(definition) {
        let text = token.text(definition);
        let punctuation = token.kind == TokenKind::Punctuation;
        if token.kind == TokenKind::Word && ident_value(text) == "using" {
            behind_using = true;
        }
        match text {
            "(" if punctuation && behind_using => {
                depth += 1;
                if depth == 1 {
                    start = Some(token.end);
                }
            }
            ")" if punctuation && depth > 0 => {
                depth -= 1;
                if let (0, Some(from)) = (depth, start) {
                    found.push(&definition[from..token.start]);
                    return found;
                }
            }
            "," if punctuation && depth == 1 => {
                if let Some(from) = start.replace(token.end) {
                    found.push(&definition[from..token.start]);
                }
            }
            _ => {}
        }
    }
    found
}

/// Tells a constraint what only its index knows.
fn complete(constraint: &mut Constraint, index: Index, operators: Vec<String>) {
    constraint.partition_of = index.partition_of;
    match &mut constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            key.include = index.include;
            key.nulls_not_distinct = index.nulls_not_distinct;
            key.options = index.options;
            key.tablespace = index.tablespace;
            key.clustered = index.clustered;
        }
        ConstraintKind::Exclusion {
            method,
            elements,
            include,
            predicate,
            options,
        } => {
            *method = index.method;
            *elements = index
                .keys
                .into_iter()
                .zip(operators)
                .map(|(key, operator)| ExclusionElement { key, operator })
                .collect();
            *include = index.include;
            *predicate = index.predicate;
            *options = index.options;
        }
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::Check { .. }
        | ConstraintKind::NotNull { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_split_at_their_own_commas() {
        let definition = "CREATE INDEX \"using\" ON public.t USING btree (lower(a) COLLATE \"C\", ((b || ',')) DESC, c) WHERE (d IN (1, 2))";
        assert_eq!(
            key_texts(definition),
            ["lower(a) COLLATE \"C\"", " ((b || ',')) DESC", " c"]
        );
    }

    #[test]
    fn only_outer_parentheses_go() {
        assert_eq!(without_parentheses("(a + b)"), "a + b");
        assert_eq!(without_parentheses("(a) + (b)"), "(a) + (b)");
        assert_eq!(without_parentheses("lower(a)"), "lower(a)");
        assert_eq!(without_parentheses("(a || ')')"), "a || ')'");
    }
}
