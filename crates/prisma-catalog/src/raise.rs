//! A database as a Prisma schema: the other direction of [`lower`](crate::lower).

mod column_type;
mod comments;
mod config;
mod default;
mod enumeration;
mod field;
mod join_table;
mod key;
mod lost;
mod model;
mod name;
mod naming;
mod previous;
mod prisma_notes;
mod relation_field;
mod relations;
mod row_security;
mod search_path;
mod seen;
mod spelling;
mod view;

use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Ident, ObjectId};
use driftless_finding::{Finding, SourceId, Sources, Span};
use driftless_psl as psl;
use driftless_psl::RelationMode;

use crate::name::ident;
use comments::Comments;
use config::Features;
use default::Defaults;
use naming::{Naming, NamingOptions};
use previous::Previous;
use relations::Relations;
use row_security::Annotations;
use seen::{Look, Seen, seen};

pub(crate) use column_type::Types;
pub(crate) use lost::BEYOND_PRISMA;
pub(crate) use row_security::ROW_SECURITY_OFF;

/// How a database is written as a schema.
#[derive(Debug, Clone)]
pub struct RaiseOptions<'a> {
    /// The schema whose objects need no qualification: the `schema` parameter of the connection URL, else `public`.
    pub default_schema: Ident,
    /// The schemas to read, which the datasource is then told to list. `None` for those that the existing schema lists,
    /// else the default schema alone.
    pub schemas: Option<Vec<Ident>>,
    /// The schema that there is already. It has to be valid.
    pub previous: Option<&'a psl::Schema>,
    /// The files of that schema, and of no other. With them its `//` comments are kept, which Prisma forgets, and its
    /// annotations as they are written.
    pub previous_sources: Option<&'a Sources>,
    /// The policies of which a server says that the existing schema declares what the database has, in other words. Of
    /// all others the words are compared.
    pub same_policies: BTreeSet<ObjectId>,
    /// Whether the text is Prisma's to the byte: nothing is added about what a Prisma schema cannot say, and what
    /// Prisma forgets or gets wrong is forgotten and wrong.
    pub prisma_compatible: bool,
}

impl Default for RaiseOptions<'_> {
    fn default() -> Self {
        Self {
            default_schema: ident("public"),
            schemas: None,
            previous: None,
            previous_sources: None,
            same_policies: BTreeSet::new(),
            prisma_compatible: false,
        }
    }
}

/// A database as a Prisma schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The schema, formatted as Prisma formats it.
    pub text: String,
    /// What there is to say about objects that have no place in it.
    pub findings: Vec<Finding>,
}

/// The schema that `prisma db pull` writes for a database.
///
/// Generators and the datasource come first, then models, views and enums, each in the order of the existing schema
/// and new ones behind by schema and name. What the existing schema has and the database still has keeps its name,
/// its documentation and what only Prisma Client knows.
///
/// Unless [`prisma_compatible`](RaiseOptions::prisma_compatible) is set, a documentation line that begins with
/// `Kept in SQL:` tells, at the model or field it belongs to, what the schema cannot say. Lines of an existing schema
/// that begin so are written anew, and so are the `@@rls` and `@@policy(…)` of models that have some: they say what
/// the database has, in the words of the existing schema where those mean the same.
///
/// Follows the Prisma documentation, *Introspection*.
pub fn raise(catalog: &Catalog, options: &RaiseOptions<'_>) -> Raised {
    let features = Features::of(options.previous, options.prisma_compatible);
    let schemas = schemas(options);
    let look = Look {
        types: Types {
            catalog,
            schemas: &schemas,
            prisma_compatible: options.prisma_compatible,
        },
        defaults: Defaults {
            schema: &options.default_schema,
            prisma_compatible: options.prisma_compatible,
        },
        partial_indexes: features.partial_indexes,
        prisma_compatible: options.prisma_compatible,
    };
    let seen = seen(catalog, &look);
    let previous = Previous::find(options.previous, &seen, &options.default_schema);
    let naming_options = NamingOptions {
        views: features.views,
        prisma_compatible: options.prisma_compatible,
    };
    let raising = Raising {
        naming: Naming::new(&seen, &previous, naming_options),
        relations: Relations::new(&seen),
        comments: Comments(
            options
                .previous_sources
                .filter(|_| !options.prisma_compatible),
        ),
        catalog,
        options,
        schemas: &schemas,
        features,
        seen,
        previous,
        annotations: Annotations::of(options.previous),
    };
    Raised {
        text: raising.text(),
        findings: match options.prisma_compatible {
            true => Vec::new(),
            false => {
                let mut findings = raising.without_a_place();
                findings.extend(raising.without_row_security());
                findings
            }
        },
    }
}

/// The schemas to read, in order.
fn schemas(options: &RaiseOptions<'_>) -> Vec<Ident> {
    let listed = || {
        let datasource = options.previous.and_then(|it| it.datasource.as_ref());
        let listed = datasource.map_or(&[][..], |it| &it.schemas);
        listed.iter().map(|it| ident(&it.value)).collect::<Vec<_>>()
    };
    let mut schemas = options.schemas.clone().unwrap_or_else(listed);
    if schemas.is_empty() {
        schemas.push(options.default_schema.clone());
    }
    schemas
}

/// The work of writing a database as a schema.
struct Raising<'a> {
    catalog: &'a Catalog,
    options: &'a RaiseOptions<'a>,
    schemas: &'a [Ident],
    features: Features,
    comments: Comments<'a>,
    seen: Seen<'a>,
    previous: Previous<'a>,
    annotations: Annotations,
    naming: Naming,
    relations: Relations,
}

/// A block, and where it stands in an existing schema.
struct Block {
    place: Option<(SourceId, u32)>,
    text: String,
    /// Whether it is no Prisma, so that Prisma leaves it as it is.
    is_broken: bool,
}

impl Raising<'_> {
    fn text(&self) -> String {
        let mut blocks = self.config();
        let mut models: Vec<Block> = (0..self.seen.tables.len())
            .filter(|it| !self.seen.tables[*it].is_join_table)
            .map(|it| self.model(it))
            .collect();
        let mut views: Vec<Block> = (0..self.seen.views.len())
            .filter(|_| self.features.views)
            .map(|it| self.view(it))
            .collect();
        let mut enums: Vec<Block> = (0..self.seen.enums.len())
            .map(|it| self.enumeration(it))
            .collect();
        for group in [&mut models, &mut views, &mut enums] {
            // New ones come behind and keep their order.
            group.sort_by_key(|it| (it.place.is_none(), it.place));
            blocks.append(group);
        }
        let mut text = formatted(&blocks);
        let last = self.comments.at_the_end();
        if !last.is_empty() {
            text.push_str(&format!("\n{}\n", last.join("\n")));
        }
        text
    }

    /// The `//` comments above a block of an existing schema, as lines.
    fn comments_above(&self, block: Option<Span>) -> String {
        let comments = block.map(|it| self.comments.above(it)).unwrap_or_default();
        lines(&comments)
    }

    fn relation_mode(&self) -> RelationMode {
        self.options
            .previous
            .map_or(RelationMode::ForeignKeys, psl::Schema::relation_mode)
    }

    /// Whether blocks say which schema they are in.
    fn names_schemas(&self) -> bool {
        let datasource = self.options.previous.and_then(|it| it.datasource.as_ref());
        self.options.schemas.is_some() || datasource.is_some_and(|it| !it.schemas.is_empty())
    }

    /// Whether Prisma ignores the model of a table of its own accord.
    fn lacks_identifier(&self, table: usize) -> bool {
        let table = &self.seen.tables[table];
        !table.has_identifier() && !table.columns.is_empty()
    }
}

/// Joins blocks as Prisma's formatter leaves them.
fn formatted(blocks: &[Block]) -> String {
    let mut text = String::new();
    for run in blocks.chunk_by(|a, b| a.is_broken == b.is_broken) {
        let written: Vec<&str> = run.iter().map(|it| &*it.text).collect();
        match run.first().is_some_and(|it| it.is_broken) {
            true => {
                text.push_str(if text.is_empty() { "" } else { "\n" });
                text.push_str(&written.concat());
            }
            false => text.push_str(&format(&written.join("\n"))),
        }
    }
    text
}

fn lines(lines: &[String]) -> String {
    lines.iter().flat_map(|it| [it, "\n"]).collect()
}

fn format(text: &str) -> String {
    let mut sources = Sources::new();
    let file = sources.add("schema.prisma", text);
    let formatted = file.ok().and_then(|it| psl::format(&sources, &[it]).ok());
    formatted
        .and_then(|it| it.into_iter().next())
        .unwrap_or_else(|| text.to_owned())
}
