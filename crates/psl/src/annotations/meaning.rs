//! What an annotation says of its model.

use driftless_finding::{Finding, Span};

use super::parse::{Argument, Value, Written};
use crate::attributes::given::MISSING_ARGUMENT;
use crate::attributes::{DUPLICATE_ARGUMENT, DUPLICATE_ATTRIBUTE, UNKNOWN_ARGUMENT};
use crate::findings::Findings;
use crate::policies::{NotARole, role};
use crate::schema::{Model, Policy, PolicyCommand, PolicyForm, RowSecurity, Spanned};
use crate::values::WRONG_VALUE;

/// Reads an annotation into its model. Of what is wrong with it there are findings.
pub(super) fn read(written: &Written<'_>, model: &mut Model, findings: &mut Findings) {
    match written.word.value {
        "rls" => row_security(written, model, findings),
        _ => model.policies.extend(policy(written, findings)),
    }
}

fn row_security(written: &Written<'_>, model: &mut Model, findings: &mut Findings) {
    if let Some(first) = &model.row_security {
        let message = "`@@rls` is written more than once";
        let finding = Finding::new(&DUPLICATE_ATTRIBUTE, message).at(written.span);
        let finding = finding.label(first.span, "the first");
        findings.push(finding.help("keep one of them"));
        return;
    }
    let mut arguments = Arguments::new(written, &["force"], findings);
    let forced = arguments.take("force").and_then(|it| {
        let word = it.word("`true` or `false`", findings)?;
        match word.value {
            "true" => Some(true),
            "false" => Some(false),
            _ => it.wrong("`true` or `false`", findings),
        }
    });
    model.row_security = Some(RowSecurity {
        span: written.span,
        forced: forced.unwrap_or(false),
    });
}

fn policy(written: &Written<'_>, findings: &mut Findings) -> Option<Policy> {
    const NAMES: [&str; 6] = ["name", "for", "to", "using", "check", "as"];
    let mut arguments = Arguments::new(written, &NAMES, findings);
    // Of one that is wrong there is a finding already: no more is said than that.
    let sql = |value: Option<&Value<'_>>, findings: &mut Findings| match value {
        Some(it) => it.string("SQL in a string", findings).map(Some),
        None => Some(None),
    };
    let name = arguments.take("name");
    if name.is_none() && arguments.usable {
        let finding = Finding::new(&MISSING_ARGUMENT, "this policy has no name").at(written.span);
        findings.push(finding.help("write it first: `@@policy(\"posts_select_own\", …)`"));
    }
    let name = name.and_then(|it| it.string("the policy's name in a string", findings));
    let command = match arguments.take("for") {
        Some(it) => command(it, findings),
        None => Some(PolicyCommand::All),
    };
    let mut roles = Vec::new();
    if let Some(list) = arguments.take("to") {
        roles.extend(list.elements().iter().filter_map(|it| to(it, findings)));
        if list.elements().is_empty() {
            let finding = Finding::new(&WRONG_VALUE, "a policy for nobody").at(list.span());
            findings.push(finding.help("name a role, or leave `to` out for every role"));
        }
    }
    let using = sql(arguments.take("using"), findings);
    let check = sql(arguments.take("check"), findings);
    let permissive = match arguments.take("as") {
        Some(it) => kind(it, findings),
        None => Some(true),
    };
    arguments.usable.then_some(())?;
    Some(Policy {
        name: name?,
        span: written.span,
        command: command?,
        permissive: permissive?,
        roles,
        using: using?,
        check: check?,
        form: PolicyForm::Annotation,
    })
}

fn command(value: &Value<'_>, findings: &mut Findings) -> Option<PolicyCommand> {
    const EXPECTED: &str = "`all`, `select`, `insert`, `update` or `delete`";
    let word = value.word(EXPECTED, findings)?;
    let found = PolicyCommand::parse(word.value);
    if found.is_none() {
        let finding = Finding::new(
            &WRONG_VALUE,
            format!("there is no command `{}`", word.value),
        );
        let names = PolicyCommand::ALL.map(PolicyCommand::as_str);
        let otherwise = format!("write {EXPECTED}");
        let finding = findings.did_you_mean(finding.at(word.span), word.value, names, &otherwise);
        findings.push(finding);
    }
    found
}

fn kind(value: &Value<'_>, findings: &mut Findings) -> Option<bool> {
    let word = value.word("`permissive` or `restrictive`", findings)?;
    match word.value {
        "permissive" => Some(true),
        "restrictive" => Some(false),
        other => {
            let finding = Finding::new(&WRONG_VALUE, format!("no policy is `{other}`"));
            let names = ["permissive", "restrictive"];
            let otherwise = "write `permissive` or `restrictive`";
            let finding = findings.did_you_mean(finding.at(word.span), other, names, otherwise);
            findings.push(finding);
            None
        }
    }
}

fn to(value: &Value<'_>, findings: &mut Findings) -> Option<Spanned<crate::schema::PolicyRole>> {
    let (name, quoted) = match value {
        Value::String(it) => (it.value.as_str(), true),
        Value::Word(it) => (it.value, false),
        Value::List(..) => return value.wrong("the name of a role", findings),
    };
    match role(name, quoted) {
        Ok(it) => Some(Spanned::new(it, value.span())),
        Err(wrong) => {
            findings.push(NotARole::finding(&wrong, name, value.span()));
            None
        }
    }
}

/// The arguments of an annotation, each to be taken once.
struct Arguments<'a, 't> {
    list: Vec<(&'a str, &'a Value<'t>)>,
    /// Whether all of them are known.
    usable: bool,
}

impl<'a, 't> Arguments<'a, 't> {
    /// Of those that may be given; the first of these may stand without its name.
    fn new(
        written: &'a Written<'t>,
        names: &'static [&'static str],
        findings: &mut Findings,
    ) -> Self {
        let mut list: Vec<(&str, &Value<'_>)> = Vec::new();
        let mut usable = true;
        for Argument { name, value } in &written.arguments {
            let span = name.map_or(value.span(), |it| it.span);
            let name = name.map_or(names[0], |it| it.value);
            let wrong = if !names.contains(&name) {
                let message = format!("`@@{}` has no argument `{name}`", written.word);
                let finding = Finding::new(&UNKNOWN_ARGUMENT, message).at(span);
                let all: Vec<String> = names.iter().map(crate::text::quoted).collect();
                let otherwise = format!("there are {}", crate::text::and(all));
                findings.did_you_mean(finding, name, names.iter().copied(), &otherwise)
            } else if list.iter().any(|(known, _)| *known == name) {
                let message = format!("`{name}` is given more than once");
                let finding = Finding::new(&DUPLICATE_ARGUMENT, message).at(span);
                finding.help(match name == "name" {
                    true => "one value may stand without a name; more need theirs, or the brackets of a list",
                    false => "keep one of them",
                })
            } else {
                list.push((name, value));
                continue;
            };
            usable = false;
            findings.push(wrong);
        }
        Self { list, usable }
    }

    fn take(&mut self, name: &str) -> Option<&'a Value<'t>> {
        let (_, value) = self.list.iter().find(|(it, _)| *it == name)?;
        Some(value)
    }
}

impl<'t> Value<'t> {
    fn string(&self, expected: &str, findings: &mut Findings) -> Option<Spanned<String>> {
        match self {
            Self::String(it) if it.value.trim().is_empty() => {
                let finding = Finding::new(&WRONG_VALUE, format!("{expected} is empty"));
                findings.push(finding.at(it.span).help("write what it is"));
                None
            }
            Self::String(it) => Some(it.clone()),
            Self::Word(_) | Self::List(..) => self.wrong(expected, findings),
        }
    }

    fn word(&self, expected: &str, findings: &mut Findings) -> Option<Spanned<&'t str>> {
        match self {
            Self::Word(it) => Some(*it),
            Self::String(_) | Self::List(..) => self.wrong(expected, findings),
        }
    }

    /// Says that something else was expected.
    fn wrong<T>(&self, expected: &str, findings: &mut Findings) -> Option<T> {
        let found = match self {
            Self::String(_) => "a string",
            Self::Word(_) => "a name without quotes",
            Self::List(..) => "a list",
        };
        let message = format!("{expected} is expected here, not {found}");
        let span: Span = self.span();
        findings.push(Finding::new(&WRONG_VALUE, message).at(span));
        None
    }
}
