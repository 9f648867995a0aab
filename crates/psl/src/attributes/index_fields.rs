//! `fields` of a key or index, and what may be said of each of them: `[email, createdAt(sort: Desc)]`.

use driftless_finding::{Code, Finding, Severity, Span};
use hashbrown::HashSet;

use super::given::Given;
use crate::blocks::{Meaning, ModelBlock};
use crate::findings::Findings;
use crate::schema::{FieldId, IndexField, KnownOperatorClass, OperatorClass, SortOrder};
use crate::syntax::{Argument, Attribute, Expression, ExpressionKind};
use crate::text::{and, quoted};
use crate::values::{WRONG_VALUE, constant, integer, wrong_value};

/// A list of fields names one that is not there.
pub(crate) static UNKNOWN_FIELD: Code = Code {
    name: "unknown-field",
    severity: Severity::Error,
    summary: "a key, index or relation lists a field that the model does not have",
    explanation: "Keys, indexes and the `fields` of a relation list fields of their own model, `references` those of \
        the other one, all by their names in the schema.",
};

/// A list of columns names a relation field.
pub(crate) static RELATION_FIELD_LISTED: Code = Code {
    name: "relation-field-listed",
    severity: Severity::Error,
    summary: "a key, index or relation lists a relation field",
    explanation: "A relation field is no column. List the scalar fields that the relation is made of, its `fields`.",
};

/// A field that a list names twice.
pub(crate) static FIELD_LISTED_TWICE: Code = Code {
    name: "field-listed-twice",
    severity: Severity::Error,
    summary: "a key, index or relation lists a field twice",
    explanation: "A column stands in a key or index at most once.",
};

/// `ops` of which Prisma knows nothing.
pub(crate) static UNKNOWN_OPERATOR_CLASS: Code = Code {
    name: "unknown-operator-class",
    severity: Severity::Error,
    summary: "an operator class that Prisma does not know",
    explanation: "Prisma knows the built-in operator classes of GIN, GiST, SP-GiST and BRIN under names of its own, \
        such as `JsonbPathOps`. Write any other as PostgreSQL does: `ops: raw(\"gin_trgm_ops\")`.",
};

/// The columns that `fields` lists, or `None` if it lists what it may not.
pub(super) fn index_fields<'a>(
    block: &ModelBlock<'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) -> Option<Vec<IndexField>> {
    let value = given.take_default("fields", findings)?;
    let elements = value.elements();
    let mut names = Vec::with_capacity(elements.len());
    let mut columns = Vec::with_capacity(elements.len());
    let mut all_names = true;
    for element in elements {
        let (name, arguments) = match &element.kind {
            ExpressionKind::Constant(name) => (*name, &[][..]),
            ExpressionKind::Call(name, arguments) => (name.text, arguments.list),
            ExpressionKind::String(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::List(_)
            | ExpressionKind::Object(_) => {
                findings.push(wrong_value("the name of a field", element));
                all_names = false;
                continue;
            }
        };
        names.push((name, element.span));
        columns.push(column(arguments, findings));
    }
    let attribute = given.attribute;
    let ids = all_names.then(|| resolve(block, attribute, names, findings))??;
    for (column, id) in columns.iter_mut().zip(ids) {
        column.field = id;
    }
    Some(columns)
}

/// How many fields of a list are looked through.
const FEW: usize = 32;

/// The columns of `block` with these names, which `attribute` lists, or `None` if any is not there.
pub(super) fn resolve(
    block: &ModelBlock<'_>,
    attribute: &Attribute<'_>,
    names: Vec<(&str, Span)>,
    findings: &mut Findings,
) -> Option<Vec<FieldId>> {
    let model = block.block.name.text;
    let mut ids = Vec::with_capacity(names.len());
    // Used where the list is long.
    let mut seen = HashSet::new();
    let mut all_found = true;
    for (name, span) in names {
        // A dot leads into a composite type.
        let (first, inside) = name
            .split_once('.')
            .map_or((name, false), |(it, _)| (it, true));
        let id = match block.find(first).map(|it| it.meaning) {
            Some(Meaning::Composite(id)) => id,
            Some(Meaning::Column(id)) if !inside => id,
            Some(Meaning::Relation(_) | Meaning::Nothing) => {
                let message = format!("`{attribute}` lists `{first}`, which is no column");
                let finding = Finding::new(&RELATION_FIELD_LISTED, message).at(span);
                findings.push(match columns_of_relation(block, first) {
                    Some(columns) => finding.help(format!("did you mean {columns}?")),
                    None => finding.help("list the scalar fields of the relation"),
                });
                all_found = false;
                continue;
            }
            Some(Meaning::Column(_)) | None => {
                let message =
                    format!("`{attribute}` lists `{name}`, which `{model}` does not have");
                let finding = Finding::new(&UNKNOWN_FIELD, message).at(span);
                let help = format!("add the field to `{model}`, or list another");
                let known = block.field_names();
                let finding = findings.did_you_mean(finding, name, known, &help);
                findings.push(finding);
                all_found = false;
                continue;
            }
        };
        if seen.is_empty() && ids.len() >= FEW {
            seen.extend(&ids);
        }
        let again = match ids.len() < FEW {
            true => ids.contains(&id),
            false => !seen.insert(id),
        };
        if again && !inside {
            let message = format!("`{attribute}` lists `{name}` twice");
            findings.push(
                Finding::new(&FIELD_LISTED_TWICE, message)
                    .at(span)
                    .help("remove one"),
            );
            return None;
        }
        ids.push(id);
    }
    all_found.then_some(ids)
}

/// The names in a list of fields, or `None` if it holds anything else.
pub(super) fn field_names<'a>(
    value: &'a Expression<'a>,
    findings: &mut Findings,
) -> Option<Vec<(&'a str, Span)>> {
    let elements = value.elements();
    let mut names = Vec::with_capacity(elements.len());
    names.extend(elements.iter().filter_map(|it| {
        let name = constant(it, findings)?;
        Some((name.value, name.span))
    }));
    (names.len() == elements.len()).then_some(names)
}

/// What `fields` of the relation says, as written.
fn columns_of_relation(block: &ModelBlock<'_>, field: &str) -> Option<String> {
    let attributes = &block.find(field)?.field.attributes;
    let relation = attributes.iter().find(|it| it.name.text == "relation")?;
    let is_fields = |it: &&Argument<'_>| it.name.is_some_and(|it| it.text == "fields");
    let fields = relation.arguments.list.iter().find(is_fields)?;
    let names = fields.value.as_ref()?.elements().iter();
    let names = and(names
        .take(8)
        .filter_map(Expression::as_constant)
        .map(quoted));
    (!names.is_empty()).then_some(names)
}

/// What stands in parentheses behind the name of a column. Prisma passes over arguments that it does not know.
fn column(arguments: &[Argument<'_>], findings: &mut Findings) -> IndexField {
    let mut column = IndexField {
        field: FieldId(0),
        sort: None,
        length: None,
        operator_class: None,
    };
    let mut seen = [false; 3];
    for argument in arguments {
        let (Some(name), Some(value)) = (argument.name, &argument.value) else {
            continue;
        };
        let which = match name.text {
            "sort" => 0,
            "length" => 1,
            "ops" => 2,
            _ => continue,
        };
        if std::mem::replace(&mut seen[which], true) {
            continue;
        }
        match which {
            0 => column.sort = sort(value, findings),
            1 => column.length = length_of_listed(value, findings),
            _ => column.operator_class = operator_class(value, findings),
        }
    }
    column
}

/// `sort: Desc`
pub(super) fn sort(value: &Expression<'_>, findings: &mut Findings) -> Option<SortOrder> {
    let name = constant(value, findings)?;
    match name.value {
        "Asc" => Some(SortOrder::Asc),
        "Desc" => Some(SortOrder::Desc),
        other => {
            let finding =
                Finding::new(&WRONG_VALUE, format!("`{other}` is no order")).at(name.span);
            findings.push(finding.help("write `Asc` or `Desc`"));
            None
        }
    }
}

/// `length: 10`. It is enough to know that there is one: PostgreSQL has no use for it, whatever the number is.
pub(super) fn length(value: &Expression<'_>, findings: &mut Findings) -> Option<u32> {
    integer(value, findings).map(|it| u32::try_from(it.max(0)).unwrap_or(u32::MAX))
}

/// `length: 10` of a field in a list, where Prisma passes over what is no length.
fn length_of_listed(value: &Expression<'_>, findings: &mut Findings) -> Option<u32> {
    integer(value, findings).and_then(|it| u32::try_from(it).ok())
}

/// `ops: JsonbPathOps`, or `ops: raw("…")`
fn operator_class(value: &Expression<'_>, findings: &mut Findings) -> Option<OperatorClass> {
    let raw = |message| {
        Finding::new(&WRONG_VALUE, message)
            .at(value.span)
            .help("write `raw(\"…\")` with the name of an operator class of PostgreSQL")
    };
    let finding = match &value.kind {
        ExpressionKind::Constant(name) => match KnownOperatorClass::from_name(name) {
            Some(class) => return Some(OperatorClass::Known(class)),
            None => {
                let known = KnownOperatorClass::ALL.iter().map(|it| it.as_str());
                let message = format!("Prisma knows no operator class `{name}`");
                let finding = Finding::new(&UNKNOWN_OPERATOR_CLASS, message).at(value.span);
                let help = format!("write `raw(\"{name}\")` if it is one of PostgreSQL");
                findings.did_you_mean(finding, name, known, &help)
            }
        },
        ExpressionKind::Call(name, arguments) if name.text == "raw" => match arguments.list {
            [argument] => match argument.value.as_ref().and_then(Expression::as_string) {
                Some(name) => return Some(OperatorClass::Raw(name.to_owned())),
                None => raw("`raw` takes a string"),
            },
            _ => raw("`raw` takes one argument"),
        },
        ExpressionKind::Call(..)
        | ExpressionKind::String(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::List(_)
        | ExpressionKind::Object(_) => raw("an operator class is a name, or `raw` with a string"),
    };
    findings.push(finding);
    None
}
