//! The arguments of an attribute while it is read.

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
    /// A bit for each argument that has been taken.
    taken: u64,
}

/// How many arguments are looked at. No attribute has ten.
const MAX_ARGUMENTS: usize = u64::BITS as usize;

impl<'a> Given<'a> {
    /// The arguments, or `None` if they are too wrong to be looked at.
    pub(crate) fn new(attribute: &'a Attribute<'a>, findings: &mut Findings) -> Option<Self> {
        let mut given = Self {
            attribute,
            taken: 0,
        };
        if attribute.arguments.list.is_empty() && attribute.arguments.trailing_comma.is_none() {
            return Some(given);
        }
        let mut usable = true;
        let written = &attribute.arguments;
        let calls = written.list.iter();
        let calls = calls.filter_map(|it| Some(it.value.as_ref()?.as_call()?.1));
        for arguments in std::iter::once(written).chain(calls) {
            usable &= !missing_values(arguments, findings);
            let values = arguments.list.iter();
            let lists = values.filter_map(|it| it.value.as_ref()?.as_list());
            for (_, arguments) in lists.flatten().filter_map(Expression::as_call) {
                missing_values(arguments, findings);
            }
            if let Some(comma) = arguments.trailing_comma {
                let finding = Finding::new(&TRAILING_COMMA, "no comma follows the last argument");
                findings.push(finding.at(comma).help("remove the comma"));
            }
        }
        if let Some(argument) = written.list.get(MAX_ARGUMENTS) {
            let finding = Finding::new(&UNKNOWN_ARGUMENT, "there are far too many arguments");
            findings.push(finding.at(argument.span));
        }
        if usable {
            given.take_duplicates(findings);
        }
        usable.then_some(given)
    }

    /// Of arguments with one name, the last is left.
    fn take_duplicates(&mut self, findings: &mut Findings) {
        for (index, argument) in self.attribute.arguments.list.iter().enumerate() {
            let name = argument.name.map(|it| it.text);
            let Some((first, _)) = self
                .left()
                .find(|(_, it)| it.name.map(|it| it.text) == name)
            else {
                return;
            };
            if first >= index {
                continue;
            }
            let finding = match name {
                Some(name) => Finding::new(&DUPLICATE_ARGUMENT, format!("`{name}` is given twice")),
                None => Finding::new(&DUPLICATE_ARGUMENT, "two arguments have no name")
                    .help("put brackets around the values of a list, and name other arguments"),
            };
            let other = self.attribute.arguments.list[first].span;
            findings.push(finding.at(argument.span).label(other, "the other one"));
            self.taken |= 1 << first;
        }
    }

    /// The arguments that have not been taken.
    fn left(&self) -> impl Iterator<Item = (usize, &'a Argument<'a>)> + use<'a> {
        let taken = self.taken;
        let arguments = self.attribute.arguments.list.iter().take(MAX_ARGUMENTS);
        arguments
            .enumerate()
            .filter(move |(index, _)| taken & 1 << index == 0)
    }

    /// The argument called `name`.
    pub(crate) fn take(&mut self, name: &str) -> Option<&'a Expression<'a>> {
        self.take_argument(Some(name))?.value.as_ref()
    }

    fn take_argument(&mut self, name: Option<&str>) -> Option<&'a Argument<'a>> {
        let mut left = self.left();
        let (index, argument) = left.find(|(_, it)| it.name.map(|it| it.text) == name)?;
        self.taken |= 1 << index;
        Some(argument)
    }

    /// The argument called `name`, which may stand without its name; it must be there.
    pub(crate) fn take_default(
        &mut self,
        name: &str,
        findings: &mut Findings,
    ) -> Option<&'a Expression<'a>> {
        let found = self.take_default_maybe(name);
        match found {
            Found::One(value) => Some(value),
            Found::None => {
                let attribute = self.attribute;
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
    pub(crate) fn take_default_maybe(&mut self, name: &str) -> Found<'a> {
        let named = self.take_argument(Some(name));
        let unnamed = self.take_argument(None);
        match (named, unnamed) {
            (Some(named), Some(_)) => Found::Two(named.span),
            (Some(one), None) | (None, Some(one)) => match &one.value {
                Some(value) => Found::One(value),
                None => Found::None,
            },
            (None, None) => Found::None,
        }
    }

    /// The argument called `name`, a string that is not empty.
    pub(crate) fn take_name(
        &mut self,
        name: &str,
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
        self.taken = u64::MAX;
    }

    /// Says what was given and is of no use.
    pub(crate) fn finish(self, findings: &mut Findings) {
        let attribute = self.attribute;
        for (_, argument) in self.left() {
            let message = match argument.name {
                Some(name) => format!("`{attribute}` has no argument `{}`", name.text),
                None => format!("`{attribute}` takes no argument without a name here"),
            };
            let finding = Finding::new(&UNKNOWN_ARGUMENT, message).at(argument.span);
            findings.push(finding.help("remove it"));
        }
    }
}

/// What [`Given::take_default_maybe`] found.
pub(crate) enum Found<'a> {
    None,
    One(&'a Expression<'a>),
    /// Given with its name, at the span, and without.
    Two(Span),
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
