//! What a Prisma schema cannot say, told in `///` lines, so that nothing is lost silently.

mod column;
mod index;
mod join_table;
mod table;

use std::collections::BTreeMap;

use driftless_catalog::{Ident, ObjectKind, OtherId, QualifiedName, Table};
use driftless_finding::{Code, Finding, Severity};

use super::Raising;
use super::spelling::Documentation;

/// How every such line begins.
pub(super) const KEPT: &str = "Kept in SQL: ";

/// Objects that a Prisma schema has no place for.
pub(crate) static BEYOND_PRISMA: Code = Code {
    name: "beyond-prisma",
    severity: Severity::Info,
    summary: "objects of a database have no place in a Prisma schema",
    explanation: "Functions, materialized views, domains, sequences and the like belong to no model, so \
`db-introspect --as prisma` cannot tell about them where a `///` line would stand. They stay in the database, and no \
command that starts from the Prisma schema touches them.\n\n\
`driftless db-introspect SOURCE --as sql` prints them. `--prisma-compatible` leaves this finding out.",
};

impl Raising<'_> {
    fn lines(&self, found: Vec<String>) -> Vec<String> {
        match self.options.prisma_compatible {
            true => Vec::new(),
            // A comment of several lines is as many lines of documentation.
            false => found
                .iter()
                .map(|it| format!("{KEPT}{}", one_line(it)))
                .collect(),
        }
    }

    /// What the model of a table does not tell, apart from what its documentation says already.
    pub(super) fn lost_of_table(&self, at: usize, documentation: &Documentation) -> Vec<String> {
        if self.options.prisma_compatible {
            return Vec::new();
        }
        let mut found = self.table_facts(at, documentation);
        found.extend(self.index_facts(at, documentation));
        found.extend(self.join_table_facts(at));
        self.lines(found)
    }

    /// What the field of a column does not tell.
    pub(super) fn lost_of_column(&self, table: usize, column: usize) -> Vec<String> {
        if self.options.prisma_compatible {
            return Vec::new();
        }
        self.lines(self.column_facts(table, column))
    }

    /// What the block of a view does not tell.
    pub(super) fn lost_of_view(&self, at: usize) -> Vec<String> {
        let view = self.seen.views[at].view;
        let triggers = named(
            "trigger",
            "triggers",
            view.triggers.iter().map(|it| &it.name),
        );
        let rules = listed(
            "rule",
            "rules",
            self.rules_of(&view.name).map(str::to_owned),
        );
        self.lines(triggers.into_iter().chain(rules).collect())
    }

    /// The names of the rules of a table or view, as the server prints them.
    fn rules_of(&self, relation: &QualifiedName) -> impl Iterator<Item = &str> {
        let behind = format!(" on {relation}");
        let others = self.catalog.others.iter().map(|it| &it.id);
        let rules = others.filter(|it| it.kind == ObjectKind::Rule);
        rules.filter_map(move |it| it.identity.strip_suffix(&*behind))
    }

    /// The rules of the schemas on what has no block: materialized views, partitions, foreign tables.
    fn rules_without_a_block(&self) -> impl Iterator<Item = &OtherId> {
        let tables = self.seen.tables.iter().map(|it| &it.table.name);
        let views = self.seen.views.iter().filter(|_| self.features.views);
        let blocks = tables.chain(views.map(|it| &it.view.name));
        let blocks: Vec<String> = blocks.map(|it| format!(" on {it}")).collect();
        let schemas: Vec<String> = self.schemas.iter().map(|it| format!(" on {it}.")).collect();
        let others = self.catalog.others.iter().map(|it| &it.id);
        others.filter(move |it| {
            it.kind == ObjectKind::Rule
                && schemas.iter().any(|schema| it.identity.contains(schema))
                && !blocks.iter().any(|block| it.identity.ends_with(block))
        })
    }

    /// One finding about all objects that belong to no block, if there are any.
    pub(super) fn without_a_place(&self) -> Vec<Finding> {
        let mut kinds: BTreeMap<ObjectKind, Vec<String>> = BTreeMap::new();
        let objects = self.homeless();
        let message = match objects.len() {
            0 => return Vec::new(),
            1 => "1 object has no place in a Prisma schema".to_owned(),
            count => format!("{count} objects have no place in a Prisma schema"),
        };
        for (kind, name) in objects {
            kinds.entry(kind).or_default().push(name);
        }
        let finding = Finding::new(&BEYOND_PRISMA, message)
            .help("print them with `driftless db-introspect SOURCE --as sql`");
        let note =
            |(kind, names): (ObjectKind, Vec<String>)| format!("{kind} {}", names.join(", "));
        vec![kinds.into_iter().map(note).fold(finding, Finding::note)]
    }

    /// Kinds and names of the objects of the schemas that belong to no block.
    fn homeless(&self) -> Vec<(ObjectKind, String)> {
        let catalog = self.catalog;
        let here = |it: &QualifiedName| self.schemas.contains(&it.schema);
        let of = |kind: ObjectKind| move |name: &QualifiedName| (kind, name.to_string());
        let functions = catalog.functions.iter().filter(|it| here(&it.id.name));
        let functions = functions.map(|it| (ObjectKind::Function, it.id.to_string()));
        let materialized = catalog.materialized_views.iter().map(|it| &it.name);
        let views = catalog.views.iter();
        let views = views.filter(|it| !self.features.views || it.columns.is_empty());
        let enums = catalog.enums.iter().filter(|it| it.labels.is_empty());
        let sequences = catalog.sequences.iter().filter(|it| it.owned_by.is_none());
        let domains = catalog.domains.iter().map(|it| &it.name);
        let prefixes: Vec<String> = self.schemas.iter().map(|it| format!("{it}.")).collect();
        let others = catalog.others.iter().filter(|it| {
            let identity = &it.id.identity;
            prefixes.iter().any(|prefix| identity.starts_with(prefix))
        });
        functions
            .chain(
                materialized
                    .filter(|it| here(it))
                    .map(of(ObjectKind::MaterializedView)),
            )
            .chain(
                views
                    .map(|it| &it.name)
                    .filter(|it| here(it))
                    .map(of(ObjectKind::View)),
            )
            .chain(
                enums
                    .map(|it| &it.name)
                    .filter(|it| here(it))
                    .map(of(ObjectKind::Enum)),
            )
            .chain(
                sequences
                    .map(|it| &it.name)
                    .filter(|it| here(it))
                    .map(of(ObjectKind::Sequence)),
            )
            .chain(domains.filter(|it| here(it)).map(of(ObjectKind::Domain)))
            .chain(others.map(|it| (it.id.kind, it.id.identity.clone())))
            .chain(
                self.rules_without_a_block()
                    .map(|it| (it.kind, it.identity.clone())),
            )
            .collect()
    }
}

/// `policy a`, `policies a, b`; nothing if there are none.
fn named<'n>(one: &str, many: &str, names: impl IntoIterator<Item = &'n Ident>) -> Option<String> {
    listed(one, many, names.into_iter().map(Ident::to_string))
}

/// The same of names that are in quotes where they need them.
fn listed(one: &str, many: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    match &names[..] {
        [] => None,
        [name] => Some(format!("{one} {name}")),
        _ => Some(format!("{many} {}", names.join(", "))),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of constraints that `is_meant`.
fn constraints<'t>(
    table: &'t Table,
    is_meant: impl Fn(&driftless_catalog::Constraint) -> bool + 't,
) -> impl Iterator<Item = &'t Ident> {
    table
        .constraints
        .iter()
        .filter(move |it| is_meant(it))
        .map(|it| &it.name)
}
