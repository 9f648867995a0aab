//! `@id`, `@@id`, `@unique`, `@@unique` and `@@index`.

use std::collections::HashSet;

use driftless_catalog::Opclass;
use driftless_psl as psl;
use driftless_psl::{
    Arity, Declared, IndexAlgorithm, IndexKind, KnownOperatorClass, Model, ScalarType, index_name,
    primary_key_name, unique_name,
};

use super::Raising;
use super::column_type::ColumnType;
use super::seen::{KeyKind, SeenKey, SeenKeyColumn, SeenTable};
use super::spelling::{call, list, quoted};

impl Raising<'_> {
    /// `@id` on a column of a table.
    pub(super) fn field_id(&self, table: usize, column: usize) -> Option<String> {
        let key = self.seen.tables[table].primary_key()?;
        let [only] = &key.columns[..] else {
            return None;
        };
        (only.column == column).then(|| call("@id", &self.primary_key_map(table, key)))
    }

    /// `@@id` of a table whose key has several columns.
    pub(super) fn block_id(&self, table: usize) -> Option<String> {
        let key = self.seen.tables[table].primary_key()?;
        if key.columns.len() < 2 {
            return None;
        }
        let names = key
            .columns
            .iter()
            .map(|it| &self.naming.fields[table][it.column].name);
        let mut arguments = vec![list(names)];
        let known = self
            .previous
            .model(table)
            .and_then(|it| it.primary_key.as_ref());
        if let Some(name) = known.and_then(|it| it.name.as_ref()) {
            arguments.push(format!("name: {}", quoted(name)));
        }
        arguments.extend(self.primary_key_map(table, key));
        Some(call("@@id", &arguments))
    }

    fn primary_key_map(&self, table: usize, key: &SeenKey<'_>) -> Vec<String> {
        let default = primary_key_name(self.seen.tables[table].table.name.name.as_str());
        let differs = key.name.as_str() != default;
        differs
            .then(|| format!("map: {}", quoted(key.name.as_str())))
            .into_iter()
            .collect()
    }

    /// The key that `@unique` on a column stands for: the first by name of those that have the column alone.
    pub(super) fn unique_key(&self, table: usize, column: usize) -> Option<&SeenKey<'_>> {
        let mut keys = self.seen.tables[table].keys.iter();
        keys.find(|it| it.kind == KeyKind::Unique && is_on(it, column))
    }

    /// `@unique` on a column of a table.
    pub(super) fn field_unique(&self, table: usize, column: usize) -> Option<String> {
        let key = self.unique_key(table, column)?;
        let mut arguments = self.map_argument(&self.seen.tables[table], key);
        if key.columns[0].is_descending {
            arguments.push("sort: Desc".to_owned());
        }
        arguments.extend(where_argument(self, key));
        Some(call("@unique", &arguments))
    }

    /// `@@unique` and `@@index` of a table, in the order of an existing model, new ones behind by name.
    ///
    /// Of several unique keys on one column, Prisma forgets all but the first.
    pub(super) fn block_keys(&self, table: usize) -> Vec<String> {
        let model = self.previous.model(table);
        let keys = self.seen.tables[table].keys.iter();
        let is_on_field = |key: &SeenKey<'_>| match &key.columns[..] {
            [only] => {
                let first = self.unique_key(table, only.column);
                self.options.prisma_compatible || first.is_some_and(|it| it.name == key.name)
            }
            _ => false,
        };
        let on_block = keys.filter(|it| match it.kind {
            KeyKind::Primary => false,
            KeyKind::Unique => !is_on_field(it),
            KeyKind::Normal => true,
        });
        let mut attributes: Vec<(usize, String)> = on_block
            .map(|key| {
                let known = model.and_then(|it| known_index(it, key));
                let place = known.map_or(usize::MAX, |it| it.span.start as usize);
                (place, self.block_key(table, key, known))
            })
            .collect();
        attributes.sort_by_key(|(place, _)| *place);
        attributes.into_iter().map(|(_, text)| text).collect()
    }

    fn block_key(&self, table: usize, key: &SeenKey<'_>, known: Option<&psl::Index>) -> String {
        let column = |it: &SeenKeyColumn<'_>| {
            let mut arguments = Vec::new();
            if it.is_descending {
                arguments.push("sort: Desc".to_owned());
            }
            let class = it.opclass.map(opclass);
            let class = class.or_else(|| self.needed_opclass(table, key.algorithm, it.column));
            arguments.extend(class.map(|it| format!("ops: {it}")));
            call(&self.naming.fields[table][it.column].name, &arguments)
        };
        let mut arguments = vec![list(key.columns.iter().map(column))];
        if let Some(name) = known.and_then(|it| it.name.as_ref()) {
            arguments.push(format!("name: {}", quoted(name)));
        }
        arguments.extend(self.map_argument(&self.seen.tables[table], key));
        if key.algorithm != IndexAlgorithm::BTree {
            arguments.push(format!("type: {}", key.algorithm.as_str()));
        }
        arguments.extend(where_argument(self, key));
        let name = match key.kind {
            KeyKind::Primary | KeyKind::Unique => "@@unique",
            KeyKind::Normal => "@@index",
        };
        call(name, &arguments)
    }

    /// The operator class of an extension that is a default in the database, though not one that Prisma knows of: it
    /// refuses the index until the schema names it, and itself writes what it refuses.
    fn needed_opclass(
        &self,
        table: usize,
        algorithm: IndexAlgorithm,
        column: usize,
    ) -> Option<String> {
        let column = &self.seen.tables[table].columns[column];
        let is_list = column.arity == Arity::List;
        let (is_json, name) = match &column.ty {
            ColumnType::Native(native) => {
                let name = crate::types::native(*native).data_type.name.name;
                (native.scalar_type() == ScalarType::Json, name.to_string())
            }
            ColumnType::Enum(_) => (false, "enum".to_owned()),
            ColumnType::Unsupported(_) => return None,
        };
        let is_needed = match algorithm {
            IndexAlgorithm::Gin => !is_json && !is_list,
            IndexAlgorithm::Gist => !is_list,
            IndexAlgorithm::BTree
            | IndexAlgorithm::Hash
            | IndexAlgorithm::SpGist
            | IndexAlgorithm::Brin => false,
        };
        let method = algorithm.as_str().to_ascii_lowercase();
        let class = crate::types::scalar_opclass(&method, &name);
        (is_needed && !self.options.prisma_compatible).then(|| format!("raw({})", quoted(&class)))
    }

    fn map_argument(&self, table: &SeenTable<'_>, key: &SeenKey<'_>) -> Vec<String> {
        let columns = key
            .columns
            .iter()
            .map(|it| table.columns[it.column].name.as_str());
        let table = table.table.name.name.as_str();
        let default = match key.kind {
            KeyKind::Primary | KeyKind::Unique => unique_name(table, columns),
            KeyKind::Normal => index_name(table, columns),
        };
        let differs = key.name.as_str() != default;
        differs
            .then(|| format!("map: {}", quoted(key.name.as_str())))
            .into_iter()
            .collect()
    }
}

fn where_argument(raising: &Raising<'_>, key: &SeenKey<'_>) -> Option<String> {
    let schema = &raising.options.default_schema;
    let text = super::search_path::visible(&key.predicate?.text, schema).into_owned();
    Some(format!("where: raw({})", quoted(&text)))
}

/// Whether a key has that column and no other.
pub(super) fn is_on(key: &SeenKey<'_>, column: usize) -> bool {
    matches!(&key.columns[..], [only] if only.column == column)
}

fn opclass(opclass: &Opclass) -> String {
    let known = KnownOperatorClass::ALL
        .iter()
        .find(|it| it.sql_name() == opclass.name);
    match known {
        Some(it) => it.as_str().to_owned(),
        None => format!("raw({})", quoted(&opclass.name)),
    }
}

/// The index of an existing model with the name that a key has in the database.
///
/// Once, an index had its name in the database by `name`.
pub(super) fn known_index<'m>(model: &'m Model, key: &SeenKey<'_>) -> Option<&'m psl::Index> {
    let name = key.name.as_str();
    model.indexes.iter().find(|it| match &it.mapped_name {
        Some(mapped) => mapped.value == name,
        None => {
            let table = model.database_name();
            let columns = it.fields.iter().map(|it| model[it.field].database_name());
            let default = match it.kind {
                IndexKind::Unique => unique_name(table, columns),
                IndexKind::Normal | IndexKind::Fulltext => index_name(table, columns),
            };
            it.name.as_ref().is_some_and(|it| it.value == name) || default == name
        }
    })
}

/// The keys that somebody has written on a view: the attributes of its fields, and those of the block.
pub(super) struct ViewKeys<'m> {
    view: &'m Model,
    /// The columns that the view still has.
    fields: HashSet<psl::FieldId>,
}

impl<'m> ViewKeys<'m> {
    pub(super) fn new(view: &'m Model, fields: HashSet<psl::FieldId>) -> Self {
        Self { view, fields }
    }

    /// `@id` and `@unique` on a field.
    pub(super) fn on_field(&self, field: psl::FieldId) -> (Option<String>, Option<String>) {
        let key = self.view.primary_key.as_ref();
        let key = key.filter(|it| it.fields.len() == 1 && it.fields[0].field == field);
        let id = key.map(|it| call("@id", &map(it.mapped_name.as_ref())));
        let mut indexes = self.view.indexes.iter();
        let unique = indexes.find(|it| it.declared == Declared::OnField(field));
        (
            id,
            unique.map(|it| call("@unique", &map(it.mapped_name.as_ref()))),
        )
    }

    /// `@@id`, `@@unique` and `@@index`, as far as their fields are left.
    pub(super) fn on_block(&self) -> Vec<String> {
        let names = |fields: &[psl::IndexField]| {
            list(fields.iter().map(|it| &self.view[it.field].name.value))
        };
        let is_left =
            |fields: &[psl::IndexField]| fields.iter().all(|it| self.fields.contains(&it.field));
        let arguments = |fields: &[psl::IndexField],
                         name: Option<&psl::Spanned<String>>,
                         mapped: Option<&psl::Spanned<String>>| {
            let name = name.map(|it| format!("name: {}", quoted(it)));
            let mut all = vec![names(fields)];
            all.extend(name);
            all.extend(map(mapped));
            all
        };
        let key = self.view.primary_key.iter();
        let ids = key
            .filter(|it| it.fields.len() > 1 && is_left(&it.fields))
            .map(|it| {
                call(
                    "@@id",
                    &arguments(&it.fields, it.name.as_ref(), it.mapped_name.as_ref()),
                )
            });
        let indexes = self.view.indexes.iter();
        let on_block = indexes.filter(|it| {
            let is_on_field = it.kind == IndexKind::Unique && it.fields.len() == 1;
            !is_on_field && is_left(&it.fields)
        });
        let keys = on_block.map(|it| {
            let mut all = arguments(&it.fields, it.name.as_ref(), it.mapped_name.as_ref());
            let algorithm = it.algorithm.filter(|it| *it != IndexAlgorithm::BTree);
            all.extend(algorithm.map(|it| format!("type: {}", it.as_str())));
            let name = match it.kind {
                IndexKind::Unique => "@@unique",
                IndexKind::Normal | IndexKind::Fulltext => "@@index",
            };
            call(name, &all)
        });
        ids.chain(keys).collect()
    }
}

fn map(name: Option<&psl::Spanned<String>>) -> Vec<String> {
    name.map(|it| format!("map: {}", quoted(it)))
        .into_iter()
        .collect()
}
