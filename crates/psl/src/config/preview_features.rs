//! `previewFeatures` of a generator. Prisma reference, *Preview features*.

use driftless_finding::{Code, Finding, Severity};

use crate::findings::Findings;
use crate::options::PrismaVersion;
use crate::schema::Spanned;

/// A preview feature that there is not.
pub(crate) static UNKNOWN_PREVIEW_FEATURE: Code = Code {
    name: "unknown-preview-feature",
    severity: Severity::Error,
    summary: "a preview feature that Prisma does not know",
    explanation: "Preview features come and go with versions of Prisma. Those that have become part of it may still be \
        listed; those that were given up may not.",
};

/// A preview feature that is none any more.
pub(crate) static DEPRECATED_PREVIEW_FEATURE: Code = Code {
    name: "deprecated-preview-feature",
    severity: Severity::Warning,
    summary: "a preview feature that has no effect any more",
    explanation: "The feature is part of Prisma by now, or on its way out. Remove it from the list.",
};

/// The preview features that change how a schema is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PreviewFeatures {
    pub(crate) extensions: bool,
    pub(crate) partial_indexes: bool,
    pub(crate) views: bool,
}

/// Features in preview.
const ACTIVE: &[&str] = &[
    "fullTextSearchPostgres",
    "nativeDistinct",
    "partialIndexes",
    "postgresqlExtensions",
    "reactNative",
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    "typedSql",
    "views",
];

/// Features that have become part of Prisma.
const FINISHED: &str = "aggregateApi atomicNumberOperations clientExtensions cockroachdb connectOrCreate createMany \
    dataProxy deno distinct driverAdapters extendedIndexes extendedWhereUnique fieldReference filterJson \
    filteredRelationCount fullTextIndex groupBy improvedQueryRaw interactiveTransactions jsonProtocol \
    microsoftSqlServer middlewares mongoDb multiSchema nApi namedConstraints nativeTypes omitApi \
    orderByAggregateGroup orderByNulls orderByRelation prismaSchemaFolder queryCompiler referentialActions \
    referentialIntegrity selectRelationCount tracing transactionApi uncheckedScalarInputs";

/// A preview feature as Prisma spells it, whatever the case of `name`; `None` if Prisma has none of that name.
///
/// Prisma reference, *Preview features*.
pub fn preview_feature(name: &str) -> Option<&'static str> {
    ACTIVE
        .iter()
        .copied()
        .chain(FINISHED.split(' '))
        .chain(["metrics"])
        .find(|it| it.eq_ignore_ascii_case(name))
}

impl PreviewFeatures {
    /// Adds a feature that a generator lists. Letter case does not count.
    pub(super) fn add(&mut self, name: &Spanned<String>, findings: &mut Findings) {
        let is = |it: &str| it.eq_ignore_ascii_case(name);
        let deprecated =
            |message: String| Finding::new(&DEPRECATED_PREVIEW_FEATURE, message).at(name.span);
        self.extensions |= is("postgresqlExtensions");
        self.partial_indexes |= is("partialIndexes");
        self.views |= is("views");
        if is("partialIndexes") {
            findings.refused_by(
                PrismaVersion::V6,
                "Prisma 6 has no partial indexes",
                name.span,
            );
        } else if is("metrics") {
            let message = "Prisma 7 has no metrics";
            findings.refused_by(PrismaVersion::V7, message, name.span);
            if findings.prisma() == Some(PrismaVersion::V6) {
                findings.push(deprecated(message.to_owned()).help("remove it"));
            }
        } else if is("fullTextSearch") {
            let message = format!("`{name}` is called `fullTextSearchPostgres` on PostgreSQL");
            findings.push(deprecated(message).help("write `fullTextSearchPostgres`"));
        } else if FINISHED.split(' ').any(is) {
            let message = format!("`{name}` is part of Prisma and needs no preview feature");
            findings.push(deprecated(message).help("remove it"));
        } else if !ACTIVE.iter().any(|it| is(it)) {
            let message = format!("there is no preview feature `{name}`");
            let finding = Finding::new(&UNKNOWN_PREVIEW_FEATURE, message).at(name.span);
            let known = ACTIVE.iter().copied();
            let finding = findings.did_you_mean(finding, name, known, "remove it");
            findings.push(finding);
        }
    }
}
