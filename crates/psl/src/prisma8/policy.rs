//! `policy_select name { target = Model, roles = [role], using = "SQL" }`.

use driftless_finding::{Finding, Span};

use super::INVALID_BLOCK;
use crate::attributes::given::MISSING_ARGUMENT;
use crate::attributes::{DUPLICATE_ARGUMENT, UNKNOWN_ARGUMENT};
use crate::findings::Findings;
use crate::policies::role;
use crate::schema::{Policy, PolicyCommand, PolicyForm, Spanned};
use crate::syntax::{Block, Entry, Expression};
use crate::values::{constant, string, wrong_value};

/// The command of a keyword: `policy_select`.
pub(super) fn command(keyword: &str) -> Option<PolicyCommand> {
    PolicyCommand::parse(keyword.strip_prefix("policy_")?)
}

/// A policy and the model that it is for.
pub(super) struct Targeted {
    pub(super) target: Spanned<String>,
    pub(super) policy: Policy,
}

const PROPERTIES: [&str; 4] = ["target", "roles", "using", "withCheck"];

/// Reads a block. Of what is wrong with it there are findings.
pub(super) fn read(
    block: &Block<'_>,
    command: PolicyCommand,
    findings: &mut Findings,
) -> Option<Targeted> {
    let mut values: [Option<&Expression<'_>>; 4] = [None; 4];
    for entry in block.entries {
        let Entry::Property(property) = entry else {
            continue;
        };
        let name = property.name.text;
        let Some(index) = PROPERTIES.iter().position(|it| *it == name) else {
            let message = format!("a policy has no property `{name}`");
            let finding = Finding::new(&UNKNOWN_ARGUMENT, message).at(property.name.span);
            let otherwise = "there are `target`, `roles`, `using` and `withCheck`";
            let finding = findings.did_you_mean(finding, name, PROPERTIES, otherwise);
            findings.push(finding);
            return None;
        };
        let Some(value) = &property.value else {
            let finding = Finding::new(&INVALID_BLOCK, format!("`{name}` has no value"));
            findings.push(finding.at(property.span).help("write one behind the `=`"));
            return None;
        };
        if values[index].replace(value).is_some() {
            let message = format!("`{name}` is given more than once");
            let finding = Finding::new(&DUPLICATE_ARGUMENT, message).at(property.name.span);
            findings.push(finding.help("keep one of them"));
        }
    }
    let [target, roles, using, check] = values;
    let Some(target) = target else {
        let message = format!("policy `{}` has no `target`", block.name.text);
        let finding = Finding::new(&MISSING_ARGUMENT, message).at(block.name.span);
        findings.push(finding.help("name the model that it is for: `target = Post`"));
        return None;
    };
    let target = constant(target, findings)?;
    let sql = |value: Option<&Expression<'_>>, findings: &mut Findings| match value {
        Some(it) => string(it, findings).map(|it| Some(Spanned::new(it.value.to_owned(), it.span))),
        None => Some(None),
    };
    let using = sql(using, findings)?;
    let check = sql(check, findings)?;
    let mut list = Vec::new();
    for it in roles.into_iter().flat_map(Expression::elements) {
        let name = it.as_constant().map(|name| (name, false));
        let Some((name, quoted)) = name.or_else(|| Some((it.as_string()?, true))) else {
            findings.push(wrong_value("the name of a role", it));
            continue;
        };
        match role(name, quoted) {
            Ok(role) => list.push(Spanned::new(role, it.span)),
            Err(wrong) => findings.push(wrong.finding(name, it.span)),
        }
    }
    Some(Targeted {
        target: Spanned::new(target.value.to_owned(), target.span),
        policy: Policy {
            name: Spanned::new(block.name.text.to_owned(), block.name.span),
            span: header(block),
            command,
            permissive: true,
            roles: list,
            using,
            check,
            form: PolicyForm::Block,
        },
    })
}

/// From the keyword to the name: the whole block is more than anybody wants to be shown.
fn header(block: &Block<'_>) -> Span {
    Span {
        end: block.name.span.end,
        ..block.span
    }
}
