//! Why a statement failed, as far as the server's answer and the rest of the history tell.

use driftless_finding::{Code, Finding, SourceId, Span, closest};
use driftless_sql_text::{TokenKind, tokens};
use tokio_postgres::error::DbError;

use super::creation::{Creation, Sort};
use super::known;
use crate::codes;

/// What is known around a statement that failed.
pub(super) struct Around<'a> {
    /// Everything that the history makes and drops.
    pub(super) creations: &'a [Creation],
    /// The files in the order in which they are replayed.
    pub(super) files: &'a [SourceId],
    /// The statement.
    pub(super) here: Span,
    /// Its text.
    pub(super) text: &'a str,
    /// Whether the role of migrations may not make roles here.
    pub(super) withheld: bool,
}

/// The finding for a statement that failed, with its likely cause.
pub(super) fn finding(error: &DbError, around: &Around<'_>) -> Finding {
    let message = error.message();
    match error.code().code() {
        GUARDED => out_of_reach(error),
        "42501" if around.withheld && is_about_roles(message) => out_of_reach(error),
        // Of the classes of errors these say that something is not there …
        "42P01" | "42883" | "42704" | "3F000" | "42703" | "42P02" => missing(error, around),
        // … these that something already is …
        "42P07" | "42710" | "42723" | "42701" | "42P06" | "42P16" if message.contains("already exists") => {
            exists(error, around)
        }
        "42501" => forbidden(error, around),
        "0A000" | "58P01" if message.contains("extension") => {
            let name = names_in(message).into_iter().next().unwrap_or_default();
            start(&codes::EXTENSION_UNAVAILABLE, error)
                .object(format!("extension {name}"))
                .help(format!("use a shadow server that has `{name}` installed, or drop it from the migration"))
        }
        "42809" if message.contains("is not a") => other_kind(error, around),
        "42P17" if message.contains("immutable") || message.contains("IMMUTABLE") => start(&codes::NOT_IMMUTABLE, error)
            .help(
                "use immutable functions alone: compare with a constant, store the value in a column, or wrap the \
                 call in a function that is rightly marked IMMUTABLE",
            ),
        "55P04" => enum_value(error, around),
        "42P13" => start(&codes::FUNCTION_NEEDS_DROP, error).help(
            error
                .hint()
                .map_or("drop the function first, then create it".to_owned(), lowered),
        ),
        "42P16" if message.contains("view") => start(&codes::VIEW_NEEDS_DROP, error).help(
            "drop the view and create it: `CREATE OR REPLACE VIEW` may only add columns at the end",
        ),
        "2BP01" => start(&codes::STILL_IN_USE, error)
            .help("drop or change first what depends on it; CASCADE drops all of that as well"),
        "25001" => start(&codes::NEEDS_NO_TRANSACTION, error)
            .help("move the statement into a migration file of its own, outside of BEGIN and COMMIT"),
        "42601" => start(&codes::SYNTAX, error).help("mend the statement here: what comes before it was understood"),
        "23502" | "23503" | "23505" | "23514" | "23P01" | "P0002" | "22P02" => start(&codes::ROWS_DIFFER, error).help(
            "make the statement hold on a database without rows: the replay starts from an empty one",
        ),
        _ => start(&codes::REPLAY_FAILED, error),
    }
}

/// The SQLSTATE of the guard; see `prelude/guard.sql`.
const GUARDED: &str = "DRF01";

/// Whether a refusal is one that the right to make roles would have spared, before PostgreSQL 16.
fn is_about_roles(message: &str) -> bool {
    message == "permission denied"
        || message.starts_with("must have admin option on role")
        || ["create", "drop", "rename", "alter"]
            .iter()
            .any(|it| message.starts_with(&format!("permission denied to {it} role")))
}

/// A role could be one of others, or is.
fn out_of_reach(error: &DbError) -> Finding {
    let finding = start(&codes::ROLE_OUT_OF_REACH, error)
        .note("others use the shadow server too, and nothing of theirs may change");
    let finding = match error.code().code() {
        GUARDED => finding,
        _ => finding.note(
            "before PostgreSQL 16 the right to make roles reaches those of others, so that functions and SQL that is \
             put together as it runs do not have it there",
        ),
    };
    finding.help(
        "use a shadow server of its own: the server programs of this machine, the embedded server, or a server \
         without roles of others; for roles that the migrations make, PostgreSQL 16 or newer is enough as well",
    )
}

/// The finding that every cause adds to.
fn start(code: &'static Code, error: &DbError) -> Finding {
    let mut finding = Finding::new(code, error.message().to_owned())
        .note(format!("SQLSTATE {}", error.code().code()));
    if let Some(detail) = error.detail() {
        finding = finding.note(lowered(detail));
    }
    match error.hint() {
        Some(hint) => finding.help(lowered(hint)),
        None => finding,
    }
}

/// Something is not there: made later, dropped before, part of an extension, or made nowhere.
fn missing(error: &DbError, around: &Around<'_>) -> Finding {
    let message = error.message();
    if message.starts_with("unrecognized configuration parameter") {
        return start(&codes::SETTING_UNKNOWN, error)
            .help("remove the line: dumps of a newer pg_dump set what older servers do not know");
    }
    let Some(wanted) = Wanted::read(message) else {
        return match known::extension_of_other(message) {
            Some(extension) => extension_missing(error, extension),
            None => start(&codes::REPLAY_FAILED, error),
        };
    };
    let same = |it: &&Creation| wanted.is(it);
    let later = around
        .creations
        .iter()
        .filter(same)
        .find(|it| !it.drops && around.is_later(it));
    if let Some(later) = later {
        let what = format!("{} {}", later.word, wanted.shown());
        return start(&codes::OBJECT_CREATED_LATER, error)
            .object(what.replace('`', ""))
            .label(later.span, "it is created here")
            .help(format!(
                "create the {what} first, or move this statement behind it"
            ));
    }
    let last = around
        .creations
        .iter()
        .filter(same)
        .rfind(|it| around.is_earlier(it));
    if let Some(dropped) = last.filter(|it| it.drops) {
        return start(&codes::OBJECT_NEVER_CREATED, error)
            .object(wanted.object())
            .label(dropped.span, "it is dropped here")
            .help("create it again, or remove what refers to it");
    }
    if let Some(extension) =
        known::extension_of(wanted.sort, wanted.schema.as_deref(), &wanted.name)
    {
        return extension_missing(error, extension);
    }
    if let Some(made) = last {
        return start(&codes::OBJECT_NEVER_CREATED, error)
            .object(wanted.object())
            .label(made.span, "one of this name is created here")
            .help("check the schema, the arguments and the search path: one of this name is created, but not this one");
    }
    let (code, help) = match wanted.sort {
        Sort::Role => (
            &codes::ROLE_UNKNOWN,
            "create the role in a migration, guarded by a look at pg_roles; a fresh project has only the platform's own",
        ),
        Sort::Relation
        | Sort::Function
        | Sort::Type
        | Sort::Schema
        | Sort::Policy
        | Sort::Trigger
        | Sort::Extension
        | Sort::Publication
        | Sort::Column
        | Sort::Constraint
        | Sort::Label => (
            &codes::OBJECT_NEVER_CREATED,
            "create it in a migration: no file does; it was probably made by hand, or its file is missing",
        ),
    };
    let kind = named_kind(around.text);
    let names = around
        .creations
        .iter()
        .filter(|it| wanted.may_be(it, kind) && !it.drops);
    let near = closest(&wanted.name, names.map(|it| it.name.as_str()));
    start(code, error).object(wanted.object()).help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => help.to_owned(),
    })
}

fn extension_missing(error: &DbError, extension: &str) -> Finding {
    start(&codes::EXTENSION_NOT_CREATED, error)
        .object(format!("extension {extension}"))
        .help(format!(
            "run `CREATE EXTENSION IF NOT EXISTS \"{extension}\" WITH SCHEMA extensions` in an earlier migration; if \
             one does, write the name with its schema"
        ))
}

/// Something is already there.
fn exists(error: &DbError, around: &Around<'_>) -> Finding {
    let finding = start(&codes::OBJECT_EXISTS, error);
    let Some(wanted) = Wanted::read(error.message()) else {
        return finding;
    };
    let first = around
        .creations
        .iter()
        .rfind(|it| wanted.is(it) && !it.drops && around.is_earlier(it));
    let finding = finding.object(wanted.object());
    match first {
        Some(first) => finding
            .label(first.span, "it is created here")
            .help("remove one of the two, or make this one `IF NOT EXISTS` or `OR REPLACE`"),
        None => {
            finding.help("remove it: what a fresh project starts with has one of this name already")
        }
    }
}

/// The role of migrations may not do this.
fn forbidden(error: &DbError, around: &Around<'_>) -> Finding {
    let text = around.text.to_ascii_lowercase();
    let schema = [
        "auth",
        "storage",
        "realtime",
        "vault",
        "graphql",
        "pgbouncer",
        "supabase_functions",
    ]
    .into_iter()
    .find(|it| {
        let quoted = format!("\"{it}\"");
        text.contains(&format!("{it}."))
            || text.contains(&quoted)
            || error.message().ends_with(&format!(" {it}"))
    });
    match schema {
        Some(schema) => start(&codes::FORBIDDEN_SCHEMA, error)
            .object(format!("schema {schema}"))
            .help(format!(
                "put your own objects into a schema of your own, such as `private`: hosted Supabase lets nobody create \
                 or change any in `{schema}`"
            )),
        None => start(&codes::NOT_PERMITTED, error)
            .help("write it so that a role that is no superuser may run it: on the platform migrations run as one"),
    }
}

/// `CREATE OR REPLACE VIEW` over a materialized view, and its kin.
fn other_kind(error: &DbError, around: &Around<'_>) -> Finding {
    let finding = start(&codes::OTHER_KIND, error);
    let Some(name) = names_in(error.message()).into_iter().next() else {
        return finding;
    };
    let made = around.creations.iter().rfind(|it| {
        it.sort == Sort::Relation && it.name == name && !it.drops && around.is_earlier(it)
    });
    let finding = finding.object(name.clone());
    match made {
        Some(made) => finding
            .label(made.span, format!("it is a {}, created here", made.word))
            .help(format!(
                "drop the {} `{name}` first, or give the new object another name",
                made.word
            )),
        None => finding,
    }
}

/// A new label of an enum is used before the transaction that added it has ended.
fn enum_value(error: &DbError, around: &Around<'_>) -> Finding {
    let finding = start(&codes::ENUM_VALUE_TOO_NEW, error)
        .help("add the label in a migration of its own, before the one that uses it: a new label can be used only after its transaction");
    let Some(label) = names_in(error.message()).into_iter().next() else {
        return finding;
    };
    let added = around
        .creations
        .iter()
        .rfind(|it| it.sort == Sort::Label && it.name == label);
    let finding = finding.object(format!("enum label {label}"));
    match added {
        Some(added) => finding.label(added.span, "it is added here"),
        None => finding,
    }
}

/// What a message says is missing or there already.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    sort: Sort,
    word: &'static str,
    schema: Option<String>,
    name: String,
}

impl Wanted {
    /// Reads the server's English.
    fn read(message: &str) -> Option<Self> {
        const WORDS: [(&str, Sort); 17] = [
            ("relation", Sort::Relation),
            ("table", Sort::Relation),
            ("view", Sort::Relation),
            ("materialized view", Sort::Relation),
            ("sequence", Sort::Relation),
            ("index", Sort::Relation),
            ("function", Sort::Function),
            ("procedure", Sort::Function),
            ("type", Sort::Type),
            ("schema", Sort::Schema),
            ("role", Sort::Role),
            ("policy", Sort::Policy),
            ("trigger", Sort::Trigger),
            ("extension", Sort::Extension),
            ("publication", Sort::Publication),
            ("column", Sort::Column),
            ("constraint", Sort::Constraint),
        ];
        let (word, sort, rest) = WORDS.iter().rev().find_map(|(word, sort)| {
            let rest = message.strip_prefix(word)?.strip_prefix(' ')?;
            Some((*word, *sort, rest))
        })?;
        let full = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?.0,
            // Functions and columns stand there without quotes: `function f(integer) does not exist`.
            None => rest.split(['(', ' ']).next()?,
        };
        let (schema, name) = match full.split_once('.') {
            Some((schema, name)) if sort != Sort::Policy && sort != Sort::Trigger => {
                (Some(schema), name)
            }
            _ => (None, full),
        };
        Some(Self {
            sort,
            word,
            schema: schema.filter(|_| sort != Sort::Column).map(str::to_owned),
            name: name.to_owned(),
        })
    }

    fn is(&self, creation: &Creation) -> bool {
        let both = self.schema.as_ref().zip(creation.schema.as_ref());
        self.sort == creation.sort && self.name == creation.name && both.is_none_or(|(a, b)| a == b)
    }

    /// Whether the object could have been meant: it is of the same kind. `kind` is the one that the statement
    /// names, because the server calls every kind a relation.
    fn may_be(&self, creation: &Creation, kind: Option<&str>) -> bool {
        let same = match (self.word, kind) {
            ("relation", Some(kind)) => creation.word == kind,
            ("relation", None) => creation.word != "index",
            ("table" | "view" | "materialized view" | "sequence" | "index" | "procedure", _) => {
                creation.word == self.word
            }
            _ => creation.word != "procedure",
        };
        self.sort == creation.sort && same
    }

    fn shown(&self) -> String {
        match &self.schema {
            Some(schema) => format!("`{schema}.{}`", self.name),
            None => format!("`{}`", self.name),
        }
    }

    fn object(&self) -> String {
        let schema = self
            .schema
            .as_ref()
            .map(|it| format!("{it}."))
            .unwrap_or_default();
        format!("{} {schema}{}", self.word, self.name)
    }
}

impl Around<'_> {
    fn place(&self, span: Span) -> (Option<usize>, u32) {
        (
            self.files.iter().position(|it| *it == span.source),
            span.start,
        )
    }

    fn is_later(&self, creation: &Creation) -> bool {
        self.place(creation.span) > self.place(self.here)
    }

    fn is_earlier(&self, creation: &Creation) -> bool {
        self.place(creation.span) < self.place(self.here)
    }
}

/// The kind of relation that a statement says it is about: `ALTER INDEX`, `COMMENT ON VIEW`. A table is not told:
/// `ALTER TABLE` takes other kinds as well, and may name further objects.
fn named_kind(statement: &str) -> Option<&'static str> {
    let words = tokens(statement).filter(|it| it.kind == TokenKind::Word);
    let words: Vec<String> = words
        .take(3)
        .map(|it| it.text(statement).to_ascii_lowercase())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["alter" | "drop" | "reindex" | "refresh", kind, ..] | ["comment", "on", kind] => {
            match kind {
                "index" => Some("index"),
                "sequence" => Some("sequence"),
                "view" => Some("view"),
                "materialized" => Some("materialized view"),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What stands in double quotes.
fn names_in(message: &str) -> Vec<String> {
    message
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// A sentence of the server as a note or help of ours: without capital and full stop.
fn lowered(sentence: &str) -> String {
    let sentence = sentence.trim().trim_end_matches('.');
    let mut chars = sentence.chars();
    match (chars.next(), sentence.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_server_are_understood() {
        for (message, expected) in [
            (
                "relation \"public.users\" does not exist",
                "relation public.users",
            ),
            ("type \"mood\" does not exist", "type mood"),
            (
                "function uuid_generate_v4() does not exist",
                "function uuid_generate_v4",
            ),
            (
                "function app.f(integer, text) does not exist",
                "function app.f",
            ),
            ("schema \"private\" does not exist", "schema private"),
            ("role \"app\" does not exist", "role app"),
            ("column \"x\" of relation \"t\" does not exist", "column x"),
            ("column t.x does not exist", "column x"),
            (
                "materialized view \"m\" does not exist",
                "materialized view m",
            ),
            (
                "policy \"a.b\" for table \"t\" already exists",
                "policy a.b",
            ),
        ] {
            assert_eq!(Wanted::read(message).unwrap().object(), expected);
        }
        assert_eq!(Wanted::read("operator does not exist: text % text"), None);
    }

    #[test]
    fn the_kind_that_a_statement_is_about_is_known() {
        assert_eq!(named_kind("alter index \"a\" rename to b"), Some("index"));
        assert_eq!(
            named_kind("/* x */ COMMENT ON MATERIALIZED VIEW v IS ''"),
            Some("materialized view")
        );
        assert_eq!(named_kind("alter table t add a int"), None);
        assert_eq!(named_kind(""), None);
    }

    #[test]
    fn sentences_lose_capital_and_full_stop() {
        assert_eq!(
            lowered("Use DROP FUNCTION f() first."),
            "use DROP FUNCTION f() first"
        );
        assert_eq!(lowered("CREATE is needed"), "CREATE is needed");
        assert_eq!(lowered(""), "");
    }
}
