//! `driftless.toml`.

use std::path::{Path, PathBuf};

use driftless_finding::hide_secrets;
use serde::Deserialize;

use crate::ProjectError;

/// The name of the configuration file.
pub const CONFIG_FILE: &str = "driftless.toml";

/// What `driftless.toml` says. Every setting has a default that fits the layout of this repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[prisma]`
    pub prisma: PrismaConfig,
    /// `[supabase]`
    pub supabase: SupabaseConfig,
    /// `[rls]`
    pub rls: RlsConfig,
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[shadow]`
    pub shadow: ShadowConfig,
    /// `[renames]`
    pub renames: RenamesConfig,
    /// `[ignore]`
    pub ignore: IgnoreConfig,
}

/// `[prisma]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrismaConfig {
    /// The Prisma schema: a file, or a folder of files.
    pub schema: PathBuf,
    /// The folder of Prisma's migrations.
    pub migrations: PathBuf,
    /// How they are named.
    pub layout: Layout,
}

/// How Prisma's migrations are named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `NNN_name.sql`
    #[default]
    Numbered,
    /// `TIMESTAMP_name/migration.sql`
    Prisma,
}

/// `[supabase]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupabaseConfig {
    /// The folder of Supabase's migrations: the recorded state.
    pub migrations: PathBuf,
    /// The folder of SQL files that declare what Prisma cannot express.
    pub schemas: PathBuf,
    /// The folder of rollback scripts.
    pub rollbacks: PathBuf,
    /// The folder of verification scripts.
    pub verify: PathBuf,
    /// Schemas of the platform, which are never compared.
    pub managed_schemas: Vec<String>,
}

/// `[rls]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RlsConfig {
    /// What a table gets whose model says nothing about row level security.
    pub default: RlsDefault,
    /// The schema of helper functions.
    pub helper_schema: String,
}

/// What a table gets whose model says nothing about row level security.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RlsDefault {
    /// Row level security without a policy: private.
    #[default]
    Enable,
    /// Nothing.
    Manual,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// The live database: a URL, or `env:NAME`.
    pub url: String,
    /// The schemas that Prisma governs if its datasource does not name any.
    pub schemas: Vec<String>,
}

/// `[shadow]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShadowConfig {
    /// `auto`, `local`, `embedded`, or a URL.
    pub source: String,
}

/// `[renames]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RenamesConfig {
    /// The file that keeps what has been decided about renames.
    pub file: PathBuf,
}

/// `[ignore]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IgnoreConfig {
    /// Objects that are not compared.
    pub objects: Vec<Ignored>,
}

/// Objects that are not compared, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// An object as findings name it, with `*` for any text: `table public.legacy_*`.
    pub pattern: String,
    /// Why, for whoever reads the file.
    pub reason: String,
}

impl Default for PrismaConfig {
    fn default() -> Self {
        Self {
            schema: "packages/db/schema.prisma".into(),
            migrations: "packages/db/migrations".into(),
            layout: Layout::Numbered,
        }
    }
}

impl Default for SupabaseConfig {
    fn default() -> Self {
        let managed = driftless_introspect::MANAGED_SCHEMAS;
        Self {
            migrations: "supabase/migrations".into(),
            schemas: "supabase/schemas".into(),
            rollbacks: "supabase/rollbacks".into(),
            verify: "supabase/verify".into(),
            managed_schemas: managed.iter().map(|it| (*it).to_owned()).collect(),
        }
    }
}

impl Default for RlsConfig {
    fn default() -> Self {
        Self {
            default: RlsDefault::Enable,
            helper_schema: "private".to_owned(),
        }
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "env:DATABASE_URL".to_owned(),
            schemas: vec!["public".to_owned()],
        }
    }
}

impl Default for ShadowConfig {
    fn default() -> Self {
        Self {
            source: "auto".to_owned(),
        }
    }
}

impl Default for RenamesConfig {
    fn default() -> Self {
        Self {
            file: "driftless.renames.toml".into(),
        }
    }
}

impl Config {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// [`ProjectError::Text`], and [`ProjectError::Config`] with line and column for what it does not understand.
    pub fn read(path: &Path) -> Result<Self, ProjectError> {
        let text = driftless_migrate::read_text(path)?;
        let wrong = |message: &str| ProjectError::Config {
            path: path.display().to_string(),
            // A line may be quoted, and a URL in it may have a password.
            message: hide_secrets(message.trim_end()).into_owned(),
        };
        let config: Self = toml::from_str(&text).map_err(|it| wrong(&it.to_string()))?;
        match config.database.url.strip_prefix("env:") {
            Some(name) if !is_variable(name) => Err(wrong(
                "`[database] url`: behind `env:` stands the name of a variable, such as DATABASE_URL; \
                 a URL stands alone",
            )),
            _ => Ok(config),
        }
    }
}

/// Whether a variable of the environment may have this name.
fn is_variable(name: &str) -> bool {
    let part = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    !name.is_empty() && name.bytes().all(part)
}

/// The configuration file in `folder` or the nearest folder above that has one.
pub fn find_config(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|it| it.join(CONFIG_FILE))
        // A folder or a pipe of this name was meant to say something: reading it says what is wrong.
        .find(|it| it.symlink_metadata().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_default() {
        let config: Config = toml::from_str("").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.prisma.schema, Path::new("packages/db/schema.prisma"));
    }

    #[test]
    fn a_setting_that_is_not_known_is_an_error_with_its_place() {
        let error = toml::from_str::<Config>("[prisma]\nshema = \"x\"\n").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 2") && text.contains("shema"), "{text}");
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let page = include_str!("../../../docs/CONFIGURATION.md");
        let block = page.split("```toml\n").nth(1).unwrap();
        let block = block.split("```").next().unwrap();
        let config: Config = toml::from_str(block).unwrap();
        assert_eq!(config, Config::default());
        let tables = ["prisma", "supabase", "rls", "database", "shadow", "ignore"];
        assert!(tables.iter().all(|it| block.contains(&format!("[{it}]"))));
    }

    #[test]
    fn what_is_ignored_has_a_reason() {
        let text = "[ignore]\nobjects = [{ pattern = \"table public.x\" }]";
        assert!(toml::from_str::<Config>(text).is_err());
    }
}
