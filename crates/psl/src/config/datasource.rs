//! `datasource`. Prisma schema reference, *`datasource`*.

use driftless_finding::{Code, Finding, Severity, Span};

use super::Properties;
use super::env::string_or_env;
use super::extensions::extensions;
use crate::blocks::{Blocks, ConfigBlock};
use crate::comments::documentation;
use crate::findings::Findings;
use crate::options::PrismaVersion;
use crate::schema::{Datasource, RelationMode, Spanned, Url};
use crate::syntax::{Expression, ExpressionKind};
use crate::values::{WRONG_VALUE, string};

/// No datasource.
pub(crate) static DATASOURCE_MISSING: Code = Code {
    name: "datasource-missing",
    severity: Severity::Warning,
    summary: "no file has a datasource",
    explanation: "The datasource says that the database is PostgreSQL, which schemas it has, and who keeps references \
        intact. Without one, PostgreSQL is assumed.",
};

/// More than one datasource.
pub(crate) static SEVERAL_DATASOURCES: Code = Code {
    name: "several-datasources",
    severity: Severity::Error,
    summary: "there is more than one datasource",
    explanation: "A Prisma schema, in all its files, describes one database. Prisma refuses two datasources in one file; of those \
        in different files it takes the first.",
};

/// A database that is not PostgreSQL.
pub(crate) static UNSUPPORTED_PROVIDER: Code = Code {
    name: "unsupported-provider",
    severity: Severity::Error,
    summary: "the database is not PostgreSQL",
    explanation: "Write `provider = \"postgresql\"`. No other database is supported here, whatever Prisma supports.",
};

/// A property that a datasource does not have.
pub(crate) static UNKNOWN_PROPERTY: Code = Code {
    name: "unknown-property",
    severity: Severity::Error,
    summary: "a datasource has a property that there is not",
    explanation: "A datasource has a `provider`, and may have `schemas`, `extensions` and `relationMode`, and for Prisma 6 \
        `url`, `directUrl` and `shadowDatabaseUrl`.",
};

/// `previewFeatures` in the datasource.
pub(crate) static MISPLACED_PREVIEW_FEATURES: Code = Code {
    name: "misplaced-preview-features",
    severity: Severity::Error,
    summary: "preview features are listed in the datasource",
    explanation: "Preview features are listed in a generator.",
};

/// `referentialIntegrity`
pub(crate) static OLD_RELATION_MODE: Code = Code {
    name: "old-relation-mode",
    severity: Severity::Warning,
    summary: "`relationMode` is written under its old name",
    explanation: "`referentialIntegrity` has been called `relationMode` since Prisma 4.5. A datasource has only one of them.",
};

/// The shadow database is a real one.
pub(crate) static SHADOW_IS_MAIN: Code = Code {
    name: "shadow-is-main",
    severity: Severity::Warning,
    summary: "the shadow database is the database itself",
    explanation: "Prisma empties the shadow database. It must not be the one that `url` or `directUrl` leads to. Prisma 6 \
        refuses such a schema, Prisma 7 takes connection strings from `prisma.config.ts`.",
};

/// `schemas = []`
pub(crate) static EMPTY_SCHEMAS: Code = Code {
    name: "empty-schemas",
    severity: Severity::Error,
    summary: "the list of schemas is empty",
    explanation: "List the schemas of the database that the models are in, or remove the property.",
};

/// A schema that is listed twice.
pub(crate) static DUPLICATE_SCHEMA: Code = Code {
    name: "duplicate-schema",
    severity: Severity::Error,
    summary: "a schema is listed twice",
    explanation: "Each schema of the database is listed once.",
};

const OTHER_PROVIDERS: [&str; 5] = ["mysql", "sqlite", "sqlserver", "mongodb", "cockroachdb"];

const PROPERTIES: [&str; 7] = [
    "provider",
    "schemas",
    "extensions",
    "relationMode",
    "url",
    "directUrl",
    "shadowDatabaseUrl",
];

/// The one datasource.
pub(crate) fn datasource(blocks: &Blocks<'_>, findings: &mut Findings) -> Option<Datasource> {
    let mut sources: Vec<_> = blocks
        .datasources
        .iter()
        .filter_map(|it| one(it, findings))
        .collect();
    // Prisma looks for others in the same file alone, and takes the first there is.
    let several = |name: Span| {
        Finding::new(&SEVERAL_DATASOURCES, "there is more than one datasource").at(name)
    };
    let in_file = |file| sources.iter().filter(move |it| it.span.source == file);
    for block in &blocks.datasources {
        let name = block.block.name.span;
        if in_file(name.source).nth(1).is_some() {
            findings.push(several(name).help("keep one of them"));
        }
    }
    for other in sources.iter().skip(1) {
        let file = other.span.source;
        if in_file(file).nth(1).is_none() {
            let finding = several(other.name.span).severity(Severity::Warning);
            let finding = finding.label(sources[0].name.span, "Prisma looks at this one alone");
            findings.push(finding.help("keep one of them"));
        }
    }
    (!sources.is_empty()).then(|| sources.swap_remove(0))
}

fn one(block: &ConfigBlock<'_>, findings: &mut Findings) -> Option<Datasource> {
    let mut properties = Properties::new(block, findings)?;
    let provider = provider(&mut properties, findings)?;
    let (relation_mode, relation_mode_span) = relation_mode(&mut properties, findings);
    let (extensions_span, extensions) = match properties.take("extensions") {
        Some((property, value)) => (Some(property.span), extensions(value, findings)),
        None => (None, Vec::new()),
    };
    let Urls {
        url,
        direct_url,
        shadow_database_url,
    } = urls(&mut properties, findings)?;
    if let Some((property, _)) = properties.take("previewFeatures") {
        let message = "preview features belong in a generator";
        let finding = Finding::new(&MISPLACED_PREVIEW_FEATURES, message).at(property.span);
        findings.push(finding.help("move the line to a generator"));
    }
    let (schemas_span, schemas) = match properties.take("schemas") {
        Some((property, value)) => schemas(property.span, value, findings),
        None => (None, Vec::new()),
    };
    for (property, _) in properties.last_of_each() {
        let name = property.name.text;
        let message = format!("a datasource has no property `{name}`");
        let finding = Finding::new(&UNKNOWN_PROPERTY, message).at(property.span);
        let finding = findings.did_you_mean(finding, name, PROPERTIES, "remove it");
        findings.push(finding);
    }
    Some(Datasource {
        name: Spanned::new(block.block.name.text.to_owned(), block.block.name.span),
        span: block.block.span,
        provider,
        url,
        direct_url,
        shadow_database_url,
        schemas,
        schemas_span,
        extensions,
        extensions_span,
        relation_mode,
        relation_mode_span,
        documentation: documentation(block.text, block.documentation, None),
    })
}

fn provider(properties: &mut Properties<'_>, findings: &mut Findings) -> Option<Spanned<String>> {
    let Some((_, value)) = properties.take("provider") else {
        let finding = properties.missing("provider");
        findings.push(finding.help("write `provider = \"postgresql\"`"));
        return None;
    };
    let help = "write `provider = \"postgresql\"`";
    let refused = |code, message: &str| Finding::new(code, message).at(value.span).help(help);
    let finding = match &value.kind {
        ExpressionKind::String(name) if *name == "postgresql" || *name == "postgres" => {
            return Some(Spanned::new(name.to_string(), value.span));
        }
        ExpressionKind::String(name) if OTHER_PROVIDERS.contains(&&**name) => refused(
            &UNSUPPORTED_PROVIDER,
            &format!("`{name}` is not supported here, only PostgreSQL"),
        ),
        ExpressionKind::String(name) => refused(
            &UNSUPPORTED_PROVIDER,
            &format!("there is no database `{name}`"),
        ),
        // Prisma points at the whole block.
        ExpressionKind::Call(name, _) if name.text == "env" => refused(
            &WRONG_VALUE,
            "the provider cannot come from the environment",
        )
        .at(properties.block.block.name.span)
        .label(value.span, "this value"),
        ExpressionKind::Call(..)
        | ExpressionKind::Number(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::List(_)
        | ExpressionKind::Object(_) => refused(&WRONG_VALUE, "the provider is a string"),
    };
    findings.push(finding);
    None
}

fn relation_mode(
    properties: &mut Properties<'_>,
    findings: &mut Findings,
) -> (RelationMode, Option<Span>) {
    let old = properties.take("referentialIntegrity");
    let new = properties.take("relationMode");
    if let Some((property, _)) = old {
        let finding = Finding::new(
            &OLD_RELATION_MODE,
            "`referentialIntegrity` is called `relationMode`",
        );
        let finding = finding.at(property.name.span);
        findings.push(match new {
            Some((new, _)) => finding
                .severity(Severity::Error)
                .label(new.name.span, "the other one")
                .help("remove this one"),
            None => finding.help("write `relationMode`"),
        });
    }
    let ((Some((_, value)), None) | (None, Some((_, value)))) = (old, new) else {
        return (RelationMode::default(), None);
    };
    let mode = match string(value, findings).map(|it| it.value) {
        Some("prisma") => RelationMode::Prisma,
        Some("foreignKeys") => RelationMode::ForeignKeys,
        Some(other) => {
            let message = format!("there is no relation mode `{other}`");
            // Prisma points at the whole block.
            let finding = Finding::new(&WRONG_VALUE, message).at(properties.block.block.name.span);
            let finding = finding.label(value.span, "this value");
            findings.push(finding.help("write \"foreignKeys\" or \"prisma\""));
            RelationMode::default()
        }
        None => RelationMode::default(),
    };
    (mode, Some(value.span))
}

struct Urls {
    url: Option<Spanned<Url>>,
    direct_url: Option<Spanned<Url>>,
    shadow_database_url: Option<Spanned<Url>>,
}

/// The connection strings, or `None` if `url` is wrong.
fn urls(properties: &mut Properties<'_>, findings: &mut Findings) -> Option<Urls> {
    let written = ["url", "directUrl", "shadowDatabaseUrl"].map(|it| properties.take(it));
    let first = written.iter().flatten().next();
    match (findings.prisma(), first) {
        (Some(PrismaVersion::V7), _) => {
            for (property, _) in written.iter().flatten() {
                let message = "Prisma 7 takes connection strings from `prisma.config.ts`";
                findings.refused_by(PrismaVersion::V7, message, property.span);
            }
            return Some(Urls {
                url: None,
                direct_url: None,
                shadow_database_url: None,
            });
        }
        (Some(PrismaVersion::V6), _) if written[0].is_none() => {
            let finding = properties.missing("url").severity(Severity::Error);
            findings.push(finding.help("write `url = env(\"DATABASE_URL\")`"));
            return None;
        }
        (None, Some(_)) if written[0].is_none() => {
            let name = properties.block.block.name.span;
            let message = "Prisma 6 needs a `url` beside the other connection strings";
            findings.refused_by(PrismaVersion::V6, message, name);
        }
        // Every schema is written for one of the two: nothing to be warned of.
        (None, Some((property, _))) => {
            let message = "Prisma 7 takes connection strings from `prisma.config.ts`";
            findings.not_for(PrismaVersion::V7, message, property.span);
        }
        (None, None) => {
            let name = properties.block.block.name;
            findings.not_for(PrismaVersion::V6, "Prisma 6 needs a `url` here", name.span);
        }
        (Some(PrismaVersion::V6), _) => {}
    }
    let [url, direct_url, shadow_database_url] = written;
    let url = match url {
        Some((_, value)) => Some(string_or_env(value, findings)?),
        None => None,
    };
    let shadow_database_url = shadow_database_url
        .and_then(|(_, it)| string_or_env(it, findings))
        .filter(|it| it.value != Url::Literal(String::new()));
    let direct_url = direct_url.and_then(|(_, it)| string_or_env(it, findings));
    if let Some(shadow) = &shadow_database_url {
        for (other, name) in [(&direct_url, "directUrl"), (&url, "url")] {
            if let Some(other) = other.as_ref().filter(|it| it.value == shadow.value) {
                let message =
                    format!("the shadow database is that of `{name}`, and would be emptied");
                let finding = Finding::new(&SHADOW_IS_MAIN, message).at(other.span);
                let finding = finding.label(shadow.span, "the shadow database");
                findings.push(match findings.prisma() {
                    Some(_) => finding.severity(Severity::Error),
                    // Prisma 7 takes none of the two from here.
                    None => finding.note("Prisma 6 refuses this"),
                });
            }
        }
    }
    Some(Urls {
        url,
        direct_url,
        shadow_database_url,
    })
}

/// The schemas ordered by name, and where they are listed.
fn schemas(
    span: Span,
    value: &Expression<'_>,
    findings: &mut Findings,
) -> (Option<Span>, Vec<Spanned<String>>) {
    let list = value.elements();
    let mut schemas: Vec<_> = list
        .iter()
        .filter_map(|it| string(it, findings))
        .map(|it| Spanned::new(it.value.to_owned(), it.span))
        .collect();
    if schemas.len() < list.len() {
        return (None, Vec::new());
    }
    if schemas.is_empty() {
        let finding = Finding::new(&EMPTY_SCHEMAS, "no schema is listed").at(value.span);
        findings.push(finding.help("list the schemas of the models, or remove the line"));
        return (None, Vec::new());
    }
    schemas.sort_by(|one, other| one.value.cmp(&other.value));
    for pair in schemas.windows(2) {
        if pair[0].value == pair[1].value {
            let message = format!("schema `{}` is listed twice", pair[0].value);
            findings.push(
                Finding::new(&DUPLICATE_SCHEMA, message)
                    .at(pair[0].span)
                    .help("remove one"),
            );
        }
    }
    (Some(span), schemas)
}
