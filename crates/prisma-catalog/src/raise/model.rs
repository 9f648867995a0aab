//! Models.

use super::field::Column;
use super::spelling::quoted;
use super::{Block, Raising, lines};

impl Raising<'_> {
    /// The model of a table.
    pub(super) fn model(&self, at: usize) -> Block {
        let table = &self.seen.tables[at];
        let name = &self.naming.models[at];
        let previous = self.previous.model(at);
        let mut documentation = self.model_documentation(at);
        let comments = previous.map(|it| {
            let names = it.fields.iter().map(|it| it.name.span);
            self.comments.inside(it.span, names)
        });
        let comments = comments.unwrap_or_default();
        let mut body = String::new();
        for (place, column) in table.columns.iter().enumerate() {
            let about = Column {
                previous: self.previous.field(at, place).map(|(_, it)| it),
                id: self.field_id(at, place),
                unique: self.field_unique(at, place),
                lost: self.lost_of_column(at, place),
                is_of_view: false,
            };
            if let Some(field) = about.previous {
                body.push_str(&lines(comments.above(field.name.span)));
            }
            self.write_field(column, &self.naming.fields[at][place], about, &mut body);
        }
        for field in self.relation_fields(at) {
            if let Some(span) = field.previous {
                body.push_str(&lines(comments.above(span)));
            }
            field.write(&mut body);
        }
        let is_ignored = previous.is_some_and(|it| it.ignored) || self.lacks_identifier(at);
        let schema = self.names_schemas().then_some(&table.table.name.schema);
        let attributes = self
            .block_id(at)
            .into_iter()
            .chain(self.block_keys(at))
            .chain(
                name.mapped
                    .as_deref()
                    .map(|it| format!("@@map({})", quoted(it))),
            );
        let attributes = attributes
            .chain(is_ignored.then(|| "@@ignore".to_owned()))
            .chain(schema.map(|it| format!("@@schema({})", quoted(it.as_str()))));
        attributes.for_each(|it| {
            body.push_str(&it);
            body.push('\n');
        });
        body.push_str(&lines(&comments.others));
        let documented = previous.map(|it| self.body_documentation(&it.body_documentation));
        body.push_str(&documented.unwrap_or_default());
        self.lost_of_table(at, &documentation)
            .into_iter()
            .for_each(|it| documentation.push(it));
        let mut text = self.comments_above(previous.map(|it| it.span));
        documentation.write(&mut text);
        let block = format!("model {} {{\n{body}}}\n", name.name);
        match table.columns.is_empty() {
            // Prisma has no models without fields.
            true => block.lines().for_each(|it| {
                text.push_str("// ");
                text.push_str(it);
                text.push('\n');
            }),
            false => text.push_str(&block),
        }
        Block {
            place: previous.map(|it| place(it.span)),
            text,
            is_broken: name.name.is_empty(),
        }
    }
}

/// Where a block stands in the files of an existing schema, in their order.
pub(super) fn place(span: driftless_finding::Span) -> (driftless_finding::SourceId, u32) {
    (span.source, span.start)
}
