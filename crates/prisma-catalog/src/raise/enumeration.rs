//! Enums.

use super::model::place;
use super::name::sanitized;
use super::prisma_notes;
use super::spelling::quoted;
use super::{Block, Raising, lines};

impl Raising<'_> {
    /// The block of an enum.
    pub(super) fn enumeration(&self, at: usize) -> Block {
        let seen = self.seen.enums[at];
        let name = &self.naming.enums[at];
        let previous = self.previous.enumeration(at);
        let mut documentation = self.kept_documentation(previous.map(|it| &it.documentation[..]));
        if previous.is_none() && seen.common.comment.is_some() {
            documentation.push(prisma_notes::COMMENTED_ENUM);
        }
        let comments = previous.map(|it| {
            let names = it.values.iter().map(|it| it.name.span);
            self.comments.inside(it.span, names)
        });
        let comments = comments.unwrap_or_default();
        let mut text = self.comments_above(previous.map(|it| it.span));
        documentation.write(&mut text);
        text.push_str(&format!("enum {} {{\n", name.name));
        for (label, value) in seen.labels.iter().zip(&self.naming.values[at]) {
            let known = previous.and_then(|it| it.value(&value.name));
            if let Some(known) = known {
                text.push_str(&lines(comments.above(known.name.span)));
            }
            let documentation = known.map(|it| &it.documentation[..]);
            self.kept_documentation(documentation).write(&mut text);
            let written = if value.name.is_empty() {
                label
            } else {
                &value.name
            };
            if sanitized(written) != **written {
                text.push_str("// ");
            }
            text.push_str(written);
            if let Some(mapped) = &value.mapped {
                text.push_str(&format!(" @map({})", quoted(mapped)));
            }
            if let Some(comment) = known.and_then(|it| self.comments.behind(it.span)) {
                text.push_str(&format!(" {comment}"));
            }
            text.push('\n');
        }
        if let Some(mapped) = &name.mapped {
            text.push_str(&format!("@@map({})\n", quoted(mapped)));
        }
        if self.names_schemas() {
            let schema = seen.name.schema.as_str();
            text.push_str(&format!("@@schema({})\n", quoted(schema)));
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
}
