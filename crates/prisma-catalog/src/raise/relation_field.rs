//! Relation fields.

use driftless_catalog::ReferentialAction;
use driftless_finding::Span;
use driftless_psl as psl;
use driftless_psl::{Arity, Field, Model, RelationKind, RelationMode, foreign_key_name};

use super::Raising;
use super::name::Taken;
use super::relations::{End, Side, join_sides};
use super::seen::{KeyKind, SeenForeignKey, SeenTable};
use super::spelling::{Documentation, list, quoted};

/// A relation field, ready to be written.
pub(super) struct RelationText {
    pub(super) documentation: Documentation,
    /// The name of the field in an existing schema.
    pub(super) previous: Option<Span>,
    /// The comment behind it.
    comment: Option<String>,
    pub(super) name: String,
    pub(super) model: String,
    pub(super) arity: Arity,
    /// `@relation(…)`
    pub(super) attribute: Option<String>,
    pub(super) is_ignored: bool,
}

impl RelationText {
    pub(super) fn write(&self, out: &mut String) {
        let arity = match self.arity {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        };
        self.documentation.write(out);
        out.push_str(&format!("{} {}{arity}", self.name, self.model));
        if let Some(attribute) = &self.attribute {
            out.push(' ');
            out.push_str(attribute);
        }
        if self.is_ignored {
            out.push_str(" @ignore");
        }
        if let Some(comment) = &self.comment {
            out.push(' ');
            out.push_str(comment);
        }
        out.push('\n');
    }
}

/// The arguments of `@relation`, in the order in which they are written.
#[derive(Default)]
struct Arguments(Vec<String>);

impl Arguments {
    fn push(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push(format!("{name}: {}", value.as_ref()));
    }

    fn attribute(self) -> String {
        match self.0.is_empty() {
            true => "@relation".to_owned(),
            false => format!("@relation({})", self.0.join(", ")),
        }
    }
}

impl Raising<'_> {
    /// The relation fields of a model, in Prisma's order.
    pub(super) fn relation_fields(&self, table: usize) -> Vec<RelationText> {
        let previous = self.previous.model(table);
        let mut fields: Vec<RelationText> = match self.relation_mode() {
            RelationMode::ForeignKeys => {
                let ends = self.relations.ends[table].iter();
                let own = ends.map(|it| match *it {
                    End::Inline(table, key, side) => self.inline_field(table, key, side),
                    End::Join(table, side) => self.join_field(table, side),
                });
                let with_views = previous.into_iter().flat_map(|it| self.copied(it, true));
                own.chain(with_views).collect()
            }
            RelationMode::Prisma => {
                let all = previous.into_iter().flat_map(|it| self.copied(it, false));
                all.collect()
            }
        };
        if !self.options.prisma_compatible {
            self.make_distinct(table, &mut fields);
        }
        fields
    }

    /// Gives another name to fields that would be called like columns or like each other.
    fn make_distinct(&self, table: usize, fields: &mut [RelationText]) {
        let mut taken = Taken::default();
        let columns = self.naming.fields[table].iter();
        columns.for_each(|it| taken.add(&it.name));
        let previous = self.previous.model(table);
        let is_known =
            |it: &RelationText| previous.is_some_and(|model| model.field(&it.name).is_some());
        // Those of an existing schema keep their names.
        fields
            .iter()
            .filter(|it| is_known(it))
            .for_each(|it| taken.add(&it.name));
        for field in fields.iter_mut().filter(|it| !is_known(it)) {
            field.name = taken.take(std::mem::take(&mut field.name));
        }
    }

    fn inline_field(&self, table: usize, key: usize, side: Side) -> RelationText {
        let own = &self.seen.tables[table];
        let foreign_key = &own.foreign_keys[key];
        let names = &self.relations.inline[table][key];
        let known = self.previous.relation(table, key);
        let known = known.and_then(|it| Some((it, it.foreign_key()?)));
        let known_field = known.and_then(|(_, it)| {
            let schema = self.previous.schema?;
            Some(match side {
                Side::Forward => &schema[it.model][it.field],
                Side::Back => &schema[it.referenced_model][it.referenced_field],
            })
        });
        let mut arguments = Arguments::default();
        let relation = match known {
            Some((it, _)) => it.explicit_name.as_ref().map_or("", |it| &it.value),
            None => &names.relation,
        };
        if !relation.is_empty() {
            arguments.0.push(quoted(relation));
        }
        let (name, model, arity) = match side {
            Side::Forward => {
                let mapped = known.and_then(|(_, it)| it.mapped_name.as_ref());
                self.foreign_key_arguments(table, foreign_key, mapped, &mut arguments);
                let is_required = |it: &usize| own.columns[*it].arity == Arity::Required;
                let arity = match foreign_key.columns.iter().all(is_required) {
                    true => Arity::Required,
                    false => Arity::Optional,
                };
                (&names.forward, foreign_key.references, arity)
            }
            Side::Back => {
                let arity = match self.is_one_to_one(own, foreign_key) {
                    true => Arity::Optional,
                    false => Arity::List,
                };
                (&names.back, table, arity)
            }
        };
        RelationText {
            documentation: self.relation_documentation(known_field),
            previous: known_field.map(|it| it.name.span),
            comment: known_field.and_then(|it| self.comments.behind(it.span)),
            name: known_field.map_or(name, |it| &it.name.value).clone(),
            model: self.naming.models[model].name.clone(),
            arity,
            attribute: (!arguments.0.is_empty()).then(|| arguments.attribute()),
            is_ignored: self.is_ignored_side(table, foreign_key, side, known.is_some())
                || self.leads_to_ignored(table, foreign_key, side),
        }
    }

    /// Prisma forgets what is written above relation fields.
    fn relation_documentation(&self, known: Option<&Field>) -> Documentation {
        let known = known.filter(|_| !self.options.prisma_compatible);
        self.kept_documentation(known.map(|it| &it.documentation[..]))
    }

    fn foreign_key_arguments(
        &self,
        table: usize,
        key: &SeenForeignKey<'_>,
        mapped: Option<&psl::Spanned<String>>,
        arguments: &mut Arguments,
    ) {
        let own = &self.seen.tables[table];
        let names = |table: usize, columns: &[usize]| {
            list(
                columns
                    .iter()
                    .map(|it| &self.naming.fields[table][*it].name),
            )
        };
        arguments.push("fields", names(table, &key.columns));
        arguments.push("references", names(key.references, &key.referenced_columns));
        let is_required = |it: &usize| own.columns[*it].arity == Arity::Required;
        let default = match key.columns.iter().any(is_required) {
            true => ReferentialAction::Restrict,
            false => ReferentialAction::SetNull,
        };
        if key.key.on_delete != default {
            arguments.push("onDelete", action(key.key.on_delete));
        }
        if key.key.on_update != ReferentialAction::Cascade {
            arguments.push("onUpdate", action(key.key.on_update));
        }
        let columns = key.columns.iter().map(|it| own.columns[*it].name.as_str());
        let default = foreign_key_name(own.table.name.name.as_str(), columns);
        // Prisma keeps a name that the schema had, even if the database has another by now.
        let kept = mapped.filter(|_| self.options.prisma_compatible);
        match kept {
            Some(name) => arguments.push("map", quoted(&name.value)),
            None if key.name.as_str() != default => {
                arguments.push("map", quoted(key.name.as_str()));
            }
            None => {}
        }
    }

    /// Whether at most one row references another: some unique key has no columns but those of the foreign key.
    fn is_one_to_one(&self, table: &SeenTable<'_>, key: &SeenForeignKey<'_>) -> bool {
        let compatible = self.options.prisma_compatible;
        table.keys.iter().any(|it| {
            let inside = it.columns.iter().all(|it| key.columns.contains(&it.column));
            // Prisma accepts a one-to-one relation only if the key has all the columns.
            let whole = it.columns.len() == key.columns.len() && it.predicate.is_none();
            it.kind != KeyKind::Normal && inside && (compatible || whole)
        })
    }

    /// Whether a side is ignored because one of the models cannot be told apart and it is not on that model.
    fn is_ignored_side(
        &self,
        table: usize,
        key: &SeenForeignKey<'_>,
        side: Side,
        is_known: bool,
    ) -> bool {
        let tables = [table, key.references];
        let lacks = tables
            .iter()
            .any(|it| !self.seen.tables[*it].has_identifier());
        let own = match side {
            Side::Forward => table,
            Side::Back => key.references,
        };
        let by_hand = is_known && self.previous.model(own).is_some_and(|it| it.ignored);
        lacks && !by_hand && !self.lacks_identifier(own)
    }

    /// Whether a side leads from a model that Prisma Client knows to one that somebody has told it to ignore. Prisma
    /// writes such a field without `@ignore`, and then refuses it.
    fn leads_to_ignored(&self, table: usize, key: &SeenForeignKey<'_>, side: Side) -> bool {
        let (own, other) = match side {
            Side::Forward => (table, key.references),
            Side::Back => (key.references, table),
        };
        let is_ignored = |it: usize| {
            self.previous.model(it).is_some_and(|it| it.ignored) || self.lacks_identifier(it)
        };
        !self.options.prisma_compatible && is_ignored(other) && !is_ignored(own)
    }

    fn join_field(&self, table: usize, side: Side) -> RelationText {
        let join = &self.seen.tables[table];
        let names = self
            .relations
            .joins
            .get(&table)
            .cloned()
            .unwrap_or_default();
        let known = self.previous.join(table);
        let known_field = known.and_then(|it| self.join_side(it, side));
        // Once a schema has the relation, Prisma writes its name down.
        let relation = match (known, self.previous.schema) {
            (Some(it), Some(schema)) => it.name(schema).into_owned(),
            _ => names.relation,
        };
        let sides = join_sides(&self.seen, table);
        let (name, other) = match side {
            Side::Forward => (names.forward, sides.last()),
            Side::Back => (names.back, sides.first()),
        };
        let other = other.map_or(table, |it| join.foreign_keys[*it].references);
        RelationText {
            documentation: self.relation_documentation(known_field),
            previous: known_field.map(|it| it.name.span),
            comment: known_field.and_then(|it| self.comments.behind(it.span)),
            name: known_field.map_or(name, |it| it.name.value.clone()),
            model: self.naming.models[other].name.clone(),
            arity: Arity::List,
            attribute: (!relation.is_empty()).then(|| format!("@relation({})", quoted(&relation))),
            is_ignored: false,
        }
    }

    /// The field of an existing relation. Prisma forgets those of relations between a model and itself.
    fn join_side(&self, relation: &psl::Relation, side: Side) -> Option<&Field> {
        let schema = self.previous.schema?;
        let RelationKind::ManyToMany(many) = &relation.kind else {
            return None;
        };
        let is_self = many.model_a == many.model_b;
        (!is_self || !self.options.prisma_compatible).then(|| match side {
            Side::Forward => &schema[many.model_a][many.field_a],
            Side::Back => &schema[many.model_b][many.field_b],
        })
    }

    /// The relation fields of an existing block, as they are; `with_views` if only those to or from a view are meant.
    pub(super) fn copied<'m>(
        &'m self,
        block: &'m Model,
        with_views: bool,
    ) -> impl Iterator<Item = RelationText> + 'm {
        block.all_fields().filter_map(move |(_, field)| {
            let schema = self.previous.schema?;
            let relation = field.as_relation()?;
            let is_view = |it: &Model| it.kind == psl::ModelKind::View;
            let wanted = !with_views || is_view(block) || is_view(&schema[relation.model]);
            (wanted && self.previous.keeps(relation.model)).then(|| RelationText {
                documentation: self.relation_documentation(Some(field)),
                previous: Some(field.name.span),
                comment: self.comments.behind(field.span),
                name: field.name.value.clone(),
                model: schema[relation.model].name.value.clone(),
                arity: field.arity,
                attribute: copied_attribute(schema, block, relation),
                is_ignored: field.ignored,
            })
        })
    }
}

fn copied_attribute(
    schema: &psl::Schema,
    block: &Model,
    relation: &psl::RelationField,
) -> Option<String> {
    relation.attribute_span?;
    let mut arguments = Arguments::default();
    let name = relation
        .relation
        .and_then(|it| schema[it].explicit_name.as_ref());
    if let Some(name) = relation.name.as_ref().or(name) {
        arguments.0.push(quoted(&name.value));
    }
    let names = |model: &Model, fields: &[psl::FieldId]| {
        list(fields.iter().map(|it| &model[*it].name.value))
    };
    if let Some(fields) = &relation.fields {
        arguments.push("fields", names(block, fields));
    }
    if let Some(fields) = &relation.references {
        arguments.push("references", names(&schema[relation.model], fields));
    }
    if let Some(it) = relation.on_delete {
        arguments.push("onDelete", it.value.as_str());
    }
    if let Some(it) = relation.on_update {
        arguments.push("onUpdate", it.value.as_str());
    }
    if let Some(it) = &relation.mapped_name {
        arguments.push("map", quoted(&it.value));
    }
    Some(arguments.attribute())
}

fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NoAction",
        ReferentialAction::Restrict => "Restrict",
        ReferentialAction::Cascade => "Cascade",
        ReferentialAction::SetNull => "SetNull",
        ReferentialAction::SetDefault => "SetDefault",
    }
}
