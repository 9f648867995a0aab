//! A tree as Prisma prints it.

use driftless_finding::Span;

use super::table::Table;
use crate::comments::{CommentKind, comments};
use crate::syntax::{
    Argument, Arguments, ArityMark, Attribute, Block, BlockAttribute, Entry, Expression,
    ExpressionKind, Field, Item, Property, Tree, TypeName, TypeUse, Value,
};

const INDENT: &str = "  ";

/// Attributes in the order in which they are written; all others follow.
const ATTRIBUTES: [&str; 9] = [
    "id",
    "unique",
    "default",
    "updatedAt",
    "index",
    "fulltext",
    "map",
    "relation",
    "ignore",
];

/// The text of a tree without stray lines.
pub(super) fn print(tree: &Tree<'_>) -> String {
    let mut printer = Printer {
        text: tree.text,
        out: String::with_capacity(tree.text.len() + tree.text.len() / 8),
        table: Table::default(),
    };
    let mut needs_blank = false;
    for item in &tree.items {
        let blank = std::mem::take(&mut needs_blank) && !printer.out.is_empty();
        match item {
            Item::BlankLines => needs_blank = true,
            Item::Comments(span) => {
                printer.blank_if(blank);
                printer.comments(*span);
                printer.table.flush("", &mut printer.out);
            }
            Item::Block(block) => {
                printer.blank_if(blank);
                printer.block(block);
                needs_blank = true;
            }
            Item::Stray => {}
        }
    }
    if printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

struct Printer<'t> {
    text: &'t str,
    out: String,
    table: Table,
}

impl<'t> Printer<'t> {
    fn raw(&self, span: Span) -> &'t str {
        &self.text[span.range()]
    }

    fn blank_if(&mut self, blank: bool) {
        if blank {
            self.out.push('\n');
        }
    }

    fn block(&mut self, block: &Block<'_>) {
        for part in [block.keyword.as_str(), " ", block.name.text, " {"] {
            self.out.push_str(part);
        }
        let behind = self.raw(block.behind_open).trim();
        if !behind.is_empty() {
            self.out.push(' ');
            self.out.push_str(behind);
        }
        self.out.push('\n');
        let body = self.out.len();

        let mut attributes = Vec::new();
        let mut after_blank = false;
        let mut entries = block.entries.iter().peekable();
        while let Some(entry) = entries.next() {
            let is_first = self.table.is_empty() && self.out.len() == body;
            let mut paragraph = |printer: &mut Self| {
                if std::mem::take(&mut after_blank) && !is_first {
                    printer.table.flush(INDENT, &mut printer.out);
                    printer.out.push('\n');
                }
            };
            match entry {
                Entry::BlankLines => after_blank = true,
                Entry::Comments(span) => {
                    if let Some(Entry::Attribute(attribute)) = entries.peek() {
                        attributes.push((Some(*span), attribute));
                        entries.next();
                        after_blank = false;
                    } else {
                        paragraph(self);
                        self.comments(*span);
                    }
                }
                Entry::Attribute(attribute) => {
                    attributes.push((None, attribute));
                    after_blank = false;
                }
                Entry::Field(field) => {
                    paragraph(self);
                    self.field(field);
                }
                Entry::Value(value) => {
                    paragraph(self);
                    self.value(value);
                }
                Entry::Property(property) => {
                    paragraph(self);
                    self.property(property);
                }
                Entry::Stray => {}
            }
        }
        self.table.flush(INDENT, &mut self.out);
        if !attributes.is_empty() {
            self.blank_if(true);
        }
        attributes.sort_by_key(|(_, it)| rank(&it.attribute));
        for (above, attribute) in attributes {
            above.into_iter().for_each(|it| self.comments(it));
            self.block_attribute(attribute);
        }
        self.table.flush(INDENT, &mut self.out);
        self.out.push_str("}\n");
    }

    fn field(&mut self, field: &Field<'_>) {
        let text = self.text;
        let name = |out: &mut String| out.push_str(field.name.text);
        let of_type = |out: &mut String| {
            if let Some(it) = &field.field_type {
                type_use(text, it, out);
            }
        };
        let attributes = |out: &mut String| {
            let mut sorted: Vec<_> = field.attributes.iter().collect();
            sorted.sort_by_key(|it| rank(it));
            for (index, it) in sorted.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { " " });
                attribute(text, "@", it, out);
            }
        };
        let comment = field.trailing_comment.map(|it| self.raw(it));
        self.table.row([&name, &of_type, &attributes], comment);
    }

    fn value(&mut self, value: &Value<'_>) {
        let text = self.text;
        let name = |out: &mut String| out.push_str(value.name.text);
        let attributes = |out: &mut String| {
            for it in value.attributes {
                attribute(text, "@", it, out);
            }
        };
        let comment = value.trailing_comment.map(|it| self.raw(it));
        self.table.row([&name, &attributes], comment);
    }

    fn property(&mut self, property: &Property<'_>) {
        let text = self.text;
        let name = |out: &mut String| out.push_str(property.name.text);
        let value = |out: &mut String| {
            out.push('=');
            if let Some(it) = &property.value {
                out.push(' ');
                expression(text, it, out);
            }
        };
        let comment = property.trailing_comment.map(|it| self.raw(it));
        self.table.row([&name, &value], comment);
    }

    fn block_attribute(&mut self, it: &BlockAttribute<'_>) {
        let text = self.text;
        let written = |out: &mut String| attribute(text, "@@", &it.attribute, out);
        let comment = it.trailing_comment.map(|it| self.raw(it));
        self.table.row([&written], comment);
    }

    /// Adds a run of comments to the table.
    fn comments(&mut self, span: Span) {
        for comment in comments(self.text, span) {
            match comment.kind {
                CommentKind::Documentation | CommentKind::Line => {
                    self.table.comment(&[comment.text]);
                }
                CommentKind::Block => {
                    self.table.comment(&["/**"]);
                    let inside = comment.text.strip_prefix("/*").unwrap_or_default();
                    let inside = inside.strip_suffix("*/").unwrap_or_default();
                    for line in inside.split(['\n', '\r']) {
                        let line = line.trim();
                        let line = line.strip_prefix('*').map_or(line, str::trim_start);
                        if !line.is_empty() {
                            self.table.comment(&[" * ", line]);
                        }
                    }
                    self.table.comment(&[" */"]);
                }
            }
        }
    }
}

fn type_use(text: &str, it: &TypeUse<'_>, out: &mut String) {
    out.push_str(match &it.name {
        TypeName::Named(name) => name.text,
        TypeName::Unsupported(_, span) => &text[span.range()],
    });
    out.push_str(match it.arity {
        ArityMark::None | ArityMark::OldRequired => "",
        ArityMark::Optional => "?",
        ArityMark::List | ArityMark::OldList => "[]",
        ArityMark::OptionalList => "[]?",
    });
}

fn attribute(text: &str, ats: &str, it: &Attribute<'_>, out: &mut String) {
    out.push_str(ats);
    out.push_str(it.name.text);
    arguments(text, &it.arguments, out);
}

fn arguments(text: &str, it: &Arguments<'_>, out: &mut String) {
    if it.written {
        out.push('(');
        separated(it.list, out, |it, out| argument(text, it, out));
        out.push(')');
    }
}

fn argument(text: &str, it: &Argument<'_>, out: &mut String) {
    if let Some(name) = it.name {
        out.push_str(name.text);
        out.push_str(": ");
    }
    if let Some(value) = &it.value {
        expression(text, value, out);
    }
}

fn expression(text: &str, it: &Expression<'_>, out: &mut String) {
    match &it.kind {
        ExpressionKind::String(_) | ExpressionKind::Number(_) | ExpressionKind::Constant(_) => {
            out.push_str(&text[it.span.range()]);
        }
        ExpressionKind::Call(name, list) => {
            out.push_str(name.text);
            arguments(text, list, out);
        }
        ExpressionKind::List(list) => {
            out.push('[');
            separated(list, out, |it, out| expression(text, it, out));
            out.push(']');
        }
        ExpressionKind::Object(entries) => {
            out.push_str("{ ");
            separated(entries, out, |(name, value), out| {
                out.push_str(name.text);
                out.push_str(": ");
                expression(text, value, out);
            });
            out.push_str(" }");
        }
    }
}

fn separated<T>(items: &[T], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
}

fn rank(attribute: &Attribute<'_>) -> usize {
    let name = attribute.name.text;
    let listed = ATTRIBUTES.iter().position(|it| *it == name);
    listed.unwrap_or(ATTRIBUTES.len())
}
