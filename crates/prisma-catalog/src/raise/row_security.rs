//! Row level security as the annotations of a model that has some already: written anew from the database.

use std::collections::BTreeMap;

use driftless_catalog::{Ident, ObjectId, Policy, PolicyCommand, PolicyRole};
use driftless_finding::{Code, Finding, Severity, SourceId, Span};
use driftless_psl as psl;
use driftless_sql_text::{TokenKind, tokens};

use super::Raising;
use super::lost::KEPT;
use super::spelling::{Documentation, call, list, quoted};
use crate::policy::{can_be_declared, policy, same_expression};

/// A model that says `@@rls`, of a table without.
pub(crate) static ROW_SECURITY_OFF: Code = Code {
    name: "row-security-off",
    severity: Severity::Warning,
    summary: "a model no longer says `@@rls`, because the database has row level security off",
    explanation: "`db-introspect --as prisma` describes the database as it is. The existing schema declares row level security \
for this model and the database does not have it on, so everybody with a privilege on the table sees all of its rows. The \
model is written without `@@rls` and `@@policy(…)`; policies that the table still has stand in a `///` line.\n\n\
If that is not what you want, keep the annotations and let `driftless db-diff` write what switches row level security on.",
};

/// Where a line of documentation begins.
type Place = (SourceId, u32);

/// Where the annotations of an existing schema stand: where each begins, and where it ends.
#[derive(Default)]
pub(super) struct Annotations(BTreeMap<Place, u32>);

impl Annotations {
    pub(super) fn of(schema: Option<&psl::Schema>) -> Self {
        let models = schema.into_iter().flat_map(|it| &it.models);
        let spans = models.flat_map(|it| {
            let row_security = it.row_security.iter().map(|it| it.span);
            row_security.chain(it.policies.iter().map(|it| it.span))
        });
        Self(spans.map(|it| (place(it), it.end)).collect())
    }

    /// Whether a line of documentation is one of an annotation.
    pub(super) fn has(&self, line: Span) -> bool {
        let before = self.0.range(..=place(line)).next_back();
        before.is_some_and(|((source, _), end)| *source == line.source && line.start < *end)
    }
}

impl Raising<'_> {
    /// Whether the model of a table tells its row level security in annotations, as that of the existing schema does.
    pub(super) fn declares_row_security(&self, at: usize) -> bool {
        let declared = self.previous.model(at).and_then(|it| it.row_security);
        let is_on = self.seen.tables[at].table.row_security.enabled;
        declared.is_some() && is_on && !self.options.prisma_compatible
    }

    /// What is written above a model in an existing schema, and the annotations that stand there or in its block, as
    /// the database has its row level security.
    pub(super) fn documentation_with_annotations(&self, at: usize) -> Documentation {
        let Some(model) = self.previous.model(at) else {
            return Documentation::default();
        };
        if self.options.prisma_compatible {
            return self.kept_documentation(Some(&model.documentation));
        }
        let mut annotations = self.annotations(at, model);
        let mut documentation = Documentation::default();
        for line in &model.documentation {
            if let Some(annotation) = annotations.remove(&Some(place(line.span))) {
                annotation.into_iter().for_each(|it| documentation.push(it));
            } else if !self.annotations.has(line.span) && !line.value.starts_with(KEPT) {
                documentation.push(line.value.clone());
            }
        }
        // New ones, which have no place yet, go behind those that have.
        let new = annotations.remove(&None);
        let others = annotations.into_values().chain(new).flatten();
        others.for_each(|it| documentation.push(it));
        documentation
    }

    /// The lines of the annotations of a model, by the place that they have in the existing schema.
    fn annotations(&self, at: usize, model: &psl::Model) -> BTreeMap<Option<Place>, Vec<String>> {
        let table = self.seen.tables[at].table;
        let mut found: BTreeMap<Option<Place>, Vec<String>> = BTreeMap::new();
        let Some(declared) = model
            .row_security
            .filter(|_| self.declares_row_security(at))
        else {
            return found;
        };
        let kept = self.as_written(declared.span);
        let row_security = match kept.filter(|_| declared.forced == table.row_security.forced) {
            Some(kept) => kept,
            None if table.row_security.forced => vec!["@@rls(force: true)".to_owned()],
            None => vec!["@@rls".to_owned()],
        };
        found.insert(Some(place(declared.span)), row_security);
        for policy in table.policies.iter().filter(|it| can_be_declared(it)) {
            let mut declared = model.policies.iter();
            let declared = declared.find(|it| policy.name == *it.name.value);
            let is_annotation = |it: &&psl::Policy| it.form == psl::PolicyForm::Annotation;
            let kept = declared.filter(|it| is_annotation(it) && self.is_unchanged(at, it, policy));
            let lines = kept.and_then(|it| self.as_written(it.span));
            let lines = lines.unwrap_or_else(|| vec![annotation(policy)]);
            let place = declared.filter(is_annotation).map(|it| place(it.span));
            found.entry(place).or_default().extend(lines);
        }
        found
    }

    /// Whether an annotation says what the database has.
    fn is_unchanged(&self, at: usize, declared: &psl::Policy, found: &Policy) -> bool {
        let table = &self.seen.tables[at].table.name;
        let object = ObjectId::Policy(table.clone(), found.name.clone());
        let declared = policy(declared, found.name.clone());
        let same = |declared: &Option<_>, found: &Option<_>| match (declared, found) {
            (Some(declared), Some(found)) => {
                same_expression(declared, found) || self.options.same_policies.contains(&object)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        declared.permissive == found.permissive
            && declared.command == found.command
            && declared.roles == found.roles
            && same(&declared.using, &found.using)
            && same(&declared.with_check, &found.with_check)
    }

    /// The lines of an annotation as somebody has written them, if the files are there.
    fn as_written(&self, span: Span) -> Option<Vec<String>> {
        let text = self.options.previous_sources?.text(span);
        let line = |it: &str| {
            let words = it.trim_start();
            let words = words.strip_prefix("///").unwrap_or(words);
            words.strip_prefix(' ').unwrap_or(words).to_owned()
        };
        Some(text.lines().map(line).collect())
    }

    /// Models that are no longer annotated: their tables have no row level security any more.
    pub(super) fn without_row_security(&self) -> impl Iterator<Item = Finding> {
        let tables = self.seen.tables.iter().enumerate();
        tables.filter_map(|(at, seen)| {
            let declared = self.previous.model(at)?.row_security?;
            (!self.declares_row_security(at)).then(|| {
                let name = &seen.table.name;
                let message = format!("row level security of {name} is off in the database");
                let finding = Finding::new(&ROW_SECURITY_OFF, message).at(declared.span);
                finding
                    .object(ObjectId::Table(name.clone()).to_string())
                    .help("the model is written without `@@rls`; keep it if row level security is to be on")
            })
        })
    }
}

fn place(span: Span) -> Place {
    (span.source, span.start)
}

/// `@@policy(…)`
fn annotation(policy: &Policy) -> String {
    let mut arguments = vec![quoted(policy.name.as_str())];
    match policy.command {
        PolicyCommand::All => {}
        PolicyCommand::Select => arguments.push("for: select".to_owned()),
        PolicyCommand::Insert => arguments.push("for: insert".to_owned()),
        PolicyCommand::Update => arguments.push("for: update".to_owned()),
        PolicyCommand::Delete => arguments.push("for: delete".to_owned()),
    }
    let named: Vec<String> = policy
        .roles
        .iter()
        .filter_map(|it| match it {
            PolicyRole::Public => None,
            PolicyRole::Named(role) => Some(role_name(role)),
        })
        .collect();
    if !named.is_empty() {
        arguments.push(format!("to: {}", list(named)));
    }
    for (word, expression) in [("using", &policy.using), ("check", &policy.with_check)] {
        let text = expression.iter().map(|it| on_one_line(&it.text));
        arguments.extend(text.map(|it| format!("{word}: {}", quoted(&it))));
    }
    if !policy.permissive {
        arguments.push("as: restrictive".to_owned());
    }
    call("@@policy", &arguments)
}

/// A role without quotes, if it can stand so.
fn role_name(role: &Ident) -> String {
    const OTHERS: [&str; 5] = [
        "public",
        "current_user",
        "current_role",
        "session_user",
        "user",
    ];
    let name = role.as_str();
    let is_plain = name
        .chars()
        .all(|it| it == '_' || it.is_ascii_lowercase() || it.is_ascii_digit())
        && !name.starts_with(|it: char| it.is_ascii_digit());
    match is_plain && !OTHERS.contains(&name) {
        true => name.to_owned(),
        false => quoted(name),
    }
}

/// SQL with a blank for white space that has an end of a line in it, unless that ends a comment or joins strings.
fn on_one_line(sql: &str) -> String {
    let is_string = |it: TokenKind| matches!(it, TokenKind::String | TokenKind::EscapeString);
    let mut out = String::with_capacity(sql.len());
    let mut end = 0;
    let mut before = TokenKind::Other;
    for token in tokens(sql) {
        let gap = &sql[end..token.start];
        let means_something =
            before == TokenKind::Comment || is_string(before) && is_string(token.kind);
        match gap.contains('\n') && !means_something {
            true => out.push(' '),
            false => out.push_str(gap),
        }
        out.push_str(token.text(sql));
        end = token.end;
        before = token.kind;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines_that_mean_nothing_become_blanks() {
        for (sql, expected) in [
            (
                "(EXISTS ( SELECT 1\n   FROM a\n  WHERE b))",
                "(EXISTS ( SELECT 1 FROM a WHERE b))",
            ),
            ("a = 'x\n y'", "a = 'x\n y'"),
            ("a = 'x'\n'y'", "a = 'x'\n'y'"),
            ("a -- b\n  = c", "a -- b\n  = c"),
        ] {
            assert_eq!(on_one_line(sql), expected);
        }
    }

    #[test]
    fn roles_have_quotes_where_they_need_them() {
        for (role, expected) in [
            ("authenticated", "authenticated"),
            ("app-user", "\"app-user\""),
            ("App", "\"App\""),
            ("1st", "\"1st\""),
            ("user", "\"user\""),
            ("a\"b\\c", r#""a\"b\\c""#),
        ] {
            assert_eq!(role_name(&Ident::new(role).unwrap()), expected);
        }
    }
}
