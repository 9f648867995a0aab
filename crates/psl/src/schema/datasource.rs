use driftless_finding::Span;

use super::Spanned;

/// The `datasource` block. Prisma schema reference, *`datasource`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datasource {
    /// The block's name, which native types are written with: `db` in `@db.Text`.
    pub name: Spanned<String>,
    /// The whole block.
    pub span: Span,
    /// `"postgresql"` or `"postgres"`.
    pub provider: Spanned<String>,
    /// `url`, which Prisma 7 no longer reads from the schema.
    pub url: Option<Spanned<Url>>,
    /// `directUrl`, which Prisma 7 no longer reads from the schema.
    pub direct_url: Option<Spanned<Url>>,
    /// `shadowDatabaseUrl`, which Prisma 7 no longer reads from the schema.
    pub shadow_database_url: Option<Spanned<Url>>,
    /// `schemas`, sorted by name. Empty if the property is absent.
    pub schemas: Vec<Spanned<String>>,
    /// Where the `schemas` property stands, if it does.
    pub schemas_span: Option<Span>,
    /// `extensions`, sorted by name.
    pub extensions: Vec<Extension>,
    /// Where the `extensions` property stands, if it does.
    pub extensions_span: Option<Span>,
    /// `relationMode`; [`RelationMode::ForeignKeys`] if it is not written.
    pub relation_mode: RelationMode,
    /// Where the value of `relationMode` stands, if it is written.
    pub relation_mode_span: Option<Span>,
    /// The lines of `///` and block comments above the block.
    pub documentation: Vec<Spanned<String>>,
}

/// A connection string, or the environment variable that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Url {
    /// `env("DATABASE_URL")`: the name of the variable.
    Env(String),
    /// Written out. May hold a password: never print it.
    Literal(String),
}

/// An entry of the `extensions` list. Prisma documentation, *PostgreSQL extensions*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The name in the schema.
    pub name: String,
    /// The whole entry with its arguments.
    pub span: Span,
    /// `map`: the name in the database, where it is no Prisma identifier (`uuid-ossp`).
    pub mapped_name: Option<Spanned<String>>,
    /// `schema`: where its objects live.
    pub schema: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
}

/// Who keeps references intact. Prisma documentation, *Relation mode*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelationMode {
    /// The database, by foreign keys.
    #[default]
    ForeignKeys,
    /// Prisma Client; the database has no foreign keys.
    Prisma,
}

impl Extension {
    /// The name in the database: as mapped, else as in the schema.
    pub fn database_name(&self) -> &str {
        self.mapped_name.as_ref().map_or(&self.name, |it| &it.value)
    }
}
