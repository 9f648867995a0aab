//! Views.

use driftless_psl as psl;

use super::field::Column;
use super::key::ViewKeys;
use super::model::place;
use super::prisma_notes;
use super::spelling::quoted;
use super::{Block, Raising, lines};

impl Raising<'_> {
    /// The block of a view. Its keys and relations are those of an existing block: the database has none.
    pub(super) fn view(&self, at: usize) -> Block {
        let seen = &self.seen.views[at];
        let name = &self.naming.views[at];
        let previous = self.previous.view(at);
        let fields: Vec<Option<(psl::FieldId, &psl::Field)>> = (0..seen.columns.len())
            .map(|it| self.previous.view_field(at, it))
            .collect();
        let left = fields.iter().flatten().map(|(id, _)| *id).collect();
        let keys = previous.map(|it| ViewKeys::new(it, left));
        let comments = previous.map(|it| {
            let names = it.fields.iter().map(|it| it.name.span);
            self.comments.inside(it.span, names)
        });
        let comments = comments.unwrap_or_default();
        let mut text = self.comments_above(previous.map(|it| it.span));
        self.view_documentation(at).write(&mut text);
        text.push_str(&format!("view {} {{\n", name.name));
        for (place, column) in seen.columns.iter().enumerate() {
            let known = fields[place];
            let both = known.and_then(|(id, _)| Some(keys.as_ref()?.on_field(id)));
            let (id, unique) = both.unwrap_or_default();
            let about = Column {
                previous: known.map(|(_, it)| it),
                id,
                unique,
                lost: Vec::new(),
                is_of_view: true,
            };
            if let Some(field) = about.previous {
                text.push_str(&lines(comments.above(field.name.span)));
            }
            self.write_field(
                column,
                &self.naming.view_fields[at][place],
                about,
                &mut text,
            );
        }
        for field in previous.into_iter().flat_map(|it| self.copied(it, false)) {
            if let Some(span) = field.previous {
                text.push_str(&lines(comments.above(span)));
            }
            field.write(&mut text);
        }
        let on_block = keys.iter().flat_map(ViewKeys::on_block);
        let mapped = name
            .mapped
            .as_deref()
            .map(|it| format!("@@map({})", quoted(it)));
        let ignored = previous
            .filter(|it| it.ignored)
            .map(|_| "@@ignore".to_owned());
        let schema = seen.view.name.schema.as_str();
        let schema = self
            .names_schemas()
            .then(|| format!("@@schema({})", quoted(schema)));
        for attribute in on_block.chain(mapped).chain(ignored).chain(schema) {
            text.push_str(&attribute);
            text.push('\n');
        }
        text.push_str(&lines(&comments.others));
        let documented = previous.map(|it| self.body_documentation(&it.body_documentation));
        text.push_str(&documented.unwrap_or_default());
        text.push_str("}\n");
        Block {
            place: previous.map(|it| place(it.span)),
            text,
            is_broken: name.name.is_empty(),
        }
    }

    fn view_documentation(&self, at: usize) -> super::spelling::Documentation {
        let seen = &self.seen.views[at];
        let name = &self.naming.views[at];
        let previous = self.previous.view(at);
        let mut documentation = self.kept_documentation(previous.map(|it| &it.documentation[..]));
        let original = seen.view.name.name.as_str();
        if previous.is_none() && psl::is_reserved_name(original) {
            documentation.push(prisma_notes::renamed("view", &name.name, original));
        }
        let has_comments = seen.view.common.comment.is_some()
            || seen.columns.iter().any(|it| it.comment.is_some());
        if previous.is_none() && has_comments {
            documentation.push(prisma_notes::COMMENTED_VIEW);
        }
        self.lost_of_view(at)
            .into_iter()
            .for_each(|it| documentation.push(it));
        documentation
    }
}
