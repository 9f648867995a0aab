//! What stands in a file, not yet what it means. Names and values borrow from the text, and all lists from an arena.

use std::fmt;

use driftless_finding::Span;

/// A file.
pub(crate) struct Tree<'t> {
    pub(crate) text: &'t str,
    pub(crate) items: Vec<Item<'t>>,
}

/// What stands at the top level. Items and the blanks between them cover the file.
pub(crate) enum Item<'t> {
    Block(Block<'t>),
    /// Comments with at most one line end between any two.
    Comments(Span),
    /// At least one line end.
    BlankLines,
    /// What is no Prisma; there is a finding for it.
    Stray,
}

/// `keyword name { … }`
#[derive(Clone, Copy)]
pub(crate) struct Block<'t> {
    pub(crate) keyword: Keyword,
    pub(crate) name: Name<'t>,
    /// Text behind the `{` on its line. Prisma ignores it.
    pub(crate) behind_open: Span,
    pub(crate) entries: &'t [Entry<'t>],
    /// From the keyword to the `}`.
    pub(crate) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    Model,
    View,
    Type,
    Enum,
    Datasource,
    Generator,
}

/// A line of a block, or a few.
#[derive(Clone, Copy)]
pub(crate) enum Entry<'t> {
    Field(Field<'t>),
    Value(Value<'t>),
    Property(Property<'t>),
    Attribute(BlockAttribute<'t>),
    Comments(Span),
    BlankLines,
    Stray,
}

/// A word at its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'t> {
    pub(crate) text: &'t str,
    pub(crate) span: Span,
}

/// A line of a model, view or type. One without a type is no field, but is formatted like one.
#[derive(Clone, Copy)]
pub(crate) struct Field<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) field_type: Option<TypeUse<'t>>,
    /// The `:` that Prisma 1 wrote in front of a type.
    pub(crate) colon: Option<Span>,
    pub(crate) attributes: &'t [Attribute<'t>],
    pub(crate) trailing_comment: Option<Span>,
    /// Without the comment.
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) struct TypeUse<'t> {
    pub(crate) name: TypeName<'t>,
    pub(crate) arity: ArityMark,
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) enum TypeName<'t> {
    Named(Name<'t>),
    /// `Unsupported("…")`, with the string's value.
    Unsupported(&'t str, Span),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArityMark {
    None,
    /// `?`
    Optional,
    /// `[]`
    List,
    /// `[]?`, which is refused.
    OptionalList,
    /// `!` of Prisma 1.
    OldRequired,
    /// `[Type]` of Prisma 1.
    OldList,
}

/// A line of an enum.
#[derive(Clone, Copy)]
pub(crate) struct Value<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) attributes: &'t [Attribute<'t>],
    pub(crate) trailing_comment: Option<Span>,
    /// Without the comment.
    pub(crate) span: Span,
}

/// A line of a datasource or generator.
#[derive(Clone, Copy)]
pub(crate) struct Property<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) value: Option<Expression<'t>>,
    pub(crate) trailing_comment: Option<Span>,
    /// Without the comment.
    pub(crate) span: Span,
}

/// `@@name(…)`
#[derive(Clone, Copy)]
pub(crate) struct BlockAttribute<'t> {
    pub(crate) attribute: Attribute<'t>,
    pub(crate) trailing_comment: Option<Span>,
}

/// `@name(…)`, and what `@@name(…)` is made of.
#[derive(Clone, Copy)]
pub(crate) struct Attribute<'t> {
    /// May have dots: `db.Text`.
    pub(crate) name: Name<'t>,
    pub(crate) arguments: Arguments<'t>,
    /// From the first `@`.
    pub(crate) span: Span,
}

/// What stands in parentheses.
#[derive(Clone, Copy, Default)]
pub(crate) struct Arguments<'t> {
    /// Whether there are parentheses at all.
    pub(crate) written: bool,
    pub(crate) list: &'t [Argument<'t>],
    pub(crate) trailing_comma: Option<Span>,
}

#[derive(Clone, Copy)]
pub(crate) struct Argument<'t> {
    pub(crate) name: Option<Name<'t>>,
    /// Missing in `name:`.
    pub(crate) value: Option<Expression<'t>>,
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) struct Expression<'t> {
    pub(crate) kind: ExpressionKind<'t>,
    pub(crate) span: Span,
}

#[derive(Clone, Copy)]
pub(crate) enum ExpressionKind<'t> {
    /// Escapes resolved.
    String(&'t str),
    /// As written.
    Number(&'t str),
    /// A word, perhaps with dots.
    Constant(&'t str),
    Call(Name<'t>, &'t Arguments<'t>),
    List(&'t [Expression<'t>]),
    Object(&'t [(Name<'t>, Expression<'t>)]),
}

impl<'t> Expression<'t> {
    pub(crate) fn as_string(&self) -> Option<&'t str> {
        if let ExpressionKind::String(text) = self.kind {
            return Some(text);
        }
        None
    }

    pub(crate) fn as_number(&self) -> Option<&'t str> {
        if let ExpressionKind::Number(text) = self.kind {
            return Some(text);
        }
        None
    }

    pub(crate) fn as_constant(&self) -> Option<&'t str> {
        if let ExpressionKind::Constant(text) = self.kind {
            return Some(text);
        }
        None
    }

    pub(crate) fn as_call(&self) -> Option<(Name<'t>, &'t Arguments<'t>)> {
        if let ExpressionKind::Call(name, arguments) = self.kind {
            return Some((name, arguments));
        }
        None
    }

    pub(crate) fn as_list(&self) -> Option<&'t [Expression<'t>]> {
        if let ExpressionKind::List(list) = self.kind {
            return Some(list);
        }
        None
    }

    pub(crate) fn as_object(&self) -> Option<&'t [(Name<'t>, Expression<'t>)]> {
        if let ExpressionKind::Object(entries) = self.kind {
            return Some(entries);
        }
        None
    }

    /// The elements of a list. A value without brackets is a list of one.
    pub(crate) fn elements(&self) -> &[Expression<'t>] {
        self.as_list().unwrap_or(std::slice::from_ref(self))
    }
}

/// `@default` or `@@map`: the attribute as people call it.
impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ats = (self.name.span.start - self.span.start).min(2) as usize;
        write!(f, "{}{}", &"@@"[..ats], self.name.text)
    }
}

impl Tree<'_> {
    /// Whether all of the file is in the tree.
    pub(crate) fn is_whole(&self) -> bool {
        self.items.iter().all(|item| match item {
            Item::Block(block) => block.entries.iter().all(|it| !matches!(it, Entry::Stray)),
            Item::Comments(_) | Item::BlankLines => true,
            Item::Stray => false,
        })
    }
}

impl Keyword {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::View => "view",
            Self::Type => "type",
            Self::Enum => "enum",
            Self::Datasource => "datasource",
            Self::Generator => "generator",
        }
    }
}
