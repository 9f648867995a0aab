//! The arguments of an attribute while it is read.

use std::collections::BTreeMap;

use driftless_finding::{Code, Finding, Severity, Span};

use crate::findings::Findings;
use crate::schema::Spanned;
use crate::syntax::{Argument, Arguments, Attribute, Expression};
use crate::values::{MISSING_VALUE, string};

/// An argument that must be there.
pub(crate) static MISSING_ARGUMENT: Code = Code {
    name: "missing-argument",
    severity: Severity::Error,
    summary: "an attribute lacks an argument that it cannot do without",
    explanation: "`@map` and `@@map` need a name, `@default` a value, `@@id`, `@@unique` and `@@index` a list of \
        fields.",
};

/// `(a, )`
pub(crate) static TRAILING_COMMA: Code = Code {
    name: "trailing-comma",
    severity: Severity::Error,
    summary: "a comma behind the last argument",
    explanation: "Arguments are separated by commas; none follows the last.",
};

/// An argument that is given twice.
pub(crate) static DUPLICATE_ARGUMENT: Code = Code {
    name: "duplicate-argument",
    severity: Severity::Error,
    summary: "an argument is given more than once",
    explanation: "Each argument is given once. One argument of an attribute may stand without its name; more than one \
        value without a name is usually a list that lacks its brackets.",
};

/// An argument that an attribute does not have.
pub(crate) static UNKNOWN_ARGUMENT: Code = Code {
    name: "unknown-argument",
    severity: Severity::Error,
    summary: "an argument that the attribute does not have",
    explanation: "The Prisma schema reference lists the arguments of each attribute.",
};

/// `map: ""`
pub(crate) static EMPTY_NAME: Code = Code {
    name: "empty-name",
    severity: Severity::Error,
    summary: "a name is an empty string",
    explanation: "Leave the argument out for the default name.",
};

/// Arguments, each to be taken at most once.
pub(crate) struct Given<'a> {
    pub(crate) attribute: &'a Attribute<'a>,
    /// Values and whole arguments by name.
    left: BTreeMap<Option<&'a str>, (&'a Expression<'a>, Span)>,
}

impl<'a> Given<'a> {
    /// The arguments, or `None` if they are too wrong to be looked at.
    pub(crate) fn new(attribute: &'a Attribute<'a>, findings: &mut Findings) -> Option<Self> {
        let mut usable = true;
        let calls = attribute
            .arguments
            .list
            .iter()
            .filter_map(|it| Some(it.value.as_ref()?.as_call()?.1));
        for arguments in std::iter::once(&attribute.arguments).chain(calls) {
            usable &= !missing_values(arguments, findings);
            let lists = arguments
                .list
                .iter()
                .filter_map(|it| it.value.as_ref()?.as_list());
            for (_, arguments) in lists.flatten().filter_map(Expression::as_call) {
                missing_values(arguments, findings);
            }
            if let Some(comma) = arguments.trailing_comma {
                let finding = Finding::new(&TRAILING_COMMA, "no comma follows the last argument");
                findings.push(finding.at(comma).help("remove the comma"));
            }
        }
        let mut given = Self {
            attribute,
            left: BTreeMap::new(),
        };
        if usable {
            for argument in &attribute.arguments.list {
                given.add(argument, findings);
            }
        }
        usable.then_some(given)
    }

    fn add(&mut self, argument: &'a Argument<'a>, findings: &mut Findings) {
        let Some(value) = &argument.value else { return };
        let name = argument.name.map(|it| it.text);
        if let Some((_, first)) = self.left.insert(name, (value, argument.span)) {
            let finding = match name {
                Some(name) => Finding::new(&DUPLICATE_ARGUMENT, format!("`{name}` is given twice")),
                None => Finding::new(&DUPLICATE_ARGUMENT, "two arguments have no name")
                    .help("put brackets around the values of a list, and name other arguments"),
            };
            findings.push(finding.at(argument.span).label(first, "the other one"));
        }
    }

    /// The argument called `name`.
    pub(crate) fn take(&mut self, name: &'a str) -> Option<&'a Expression<'a>> {
        self.left.remove(&Some(name)).map(|(value, _)| value)
    }

    /// The argument called `name`, which may stand without its name; it must be there.
    pub(crate) fn take_default(
        &mut self,
        name: &'a str,
        findings: &mut Findings,
    ) -> Option<&'a Expression<'a>> {
        let found = self.take_default_maybe(name);
        match found {
            Found::One(value) => Some(value),
            Found::None => {
                let attribute = self.name();
                let message = format!("`{attribute}` needs a `{name}`");
                findings.push(Finding::new(&MISSING_ARGUMENT, message).at(self.attribute.span));
                None
            }
            Found::Two(span) => {
                let message = format!("`{name}` is given with its name and without");
                findings.push(Finding::new(&DUPLICATE_ARGUMENT, message).at(span));
                None
            }
        }
    }

    /// The argument called `name`, which may stand without its name.
    pub(crate) fn take_default_maybe(&mut self, name: &'a str) -> Found<'a> {
        let named = self.left.remove(&Some(name));
        let unnamed = self.left.remove(&None);
        match (named, unnamed) {
            (Some((_, span)), Some(_)) => Found::Two(span),
            (Some((value, _)), None) | (None, Some((value, _))) => Found::One(value),
            (None, None) => Found::None,
        }
    }

    /// The argument called `name`, a string that is not empty.
    pub(crate) fn take_name(
        &mut self,
        name: &'a str,
        findings: &mut Findings,
    ) -> Option<Spanned<String>> {
        let value = string(self.take(name)?, findings)?;
        if value.is_empty() {
            let message = format!("`{name}` is an empty string");
            let finding = Finding::new(&EMPTY_NAME, message).at(value.span);
            findings.push(finding.help("leave the argument out for the default name"));
            return None;
        }
        Some(Spanned::new(value.value.to_owned(), value.span))
    }

    /// Forgets what was given, where the attribute itself is wrong.
    pub(crate) fn discard(&mut self) {
        self.left.clear();
    }

    /// Says what was given and is of no use.
    pub(crate) fn finish(self, findings: &mut Findings) {
        let attribute = self.name();
        for (name, (_, span)) in self.left {
            let message = match name {
                Some(name) => format!("`{attribute}` has no argument `{name}`"),
                None => format!("`{attribute}` takes no argument without a name here"),
            };
            findings.push(
                Finding::new(&UNKNOWN_ARGUMENT, message)
                    .at(span)
                    .help("remove it"),
            );
        }
    }

    /// `@default` or `@@map`: the attribute as people call it.
    pub(crate) fn name(&self) -> String {
        attribute_name(self.attribute)
    }
}

/// What [`Given::take_default_maybe`] found.
pub(crate) enum Found<'a> {
    None,
    One(&'a Expression<'a>),
    /// Given with its name, at the span, and without.
    Two(Span),
}

/// `@default` or `@@map`: an attribute as people call it.
pub(crate) fn attribute_name(attribute: &Attribute<'_>) -> String {
    let ats = (attribute.name.span.start - attribute.span.start).min(2) as usize;
    format!("{}{}", &"@@"[..ats], attribute.name.text)
}

fn missing_values(arguments: &Arguments<'_>, findings: &mut Findings) -> bool {
    let mut missing = false;
    for argument in arguments.list.iter().filter(|it| it.value.is_none()) {
        missing = true;
        let name = argument.name.map_or("", |it| it.text);
        let finding = Finding::new(&MISSING_VALUE, format!("`{name}` has no value"));
        findings.push(
            finding
                .at(argument.span)
                .help("write a value behind the `:`"),
        );
    }
    missing
}
