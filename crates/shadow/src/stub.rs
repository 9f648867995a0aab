//! Stand-ins for extensions that a server lacks.
//!
//! Each is a script of ours in `prelude/stubs`, run in the schema that the statement names. Functions that
//! plain SQL can do faithfully do what the extension does; what needs the extension's own code raises an
//! error when it is called. The first lines of a script say the rest:
//!
//! ```sql
//! -- version: 1.3
//! -- relocatable
//! -- schema: vault
//! -- always
//! ```
//!
//! `schema` names the one schema that the extension can be in; `always` prefers the stand-in even where the
//! server has the extension, because the real one wants background workers or keys that a throwaway
//! server has no use for.

use driftless_sql_text::{quote_ident, quote_literal};

/// A stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stub {
    pub(crate) extension: &'static str,
    script: &'static str,
}

macro_rules! stubs {
    ($($name:literal),* $(,)?) => {
        &[$(Stub { extension: $name, script: include_str!(concat!("../prelude/stubs/", $name, ".sql")) }),*]
    };
}

/// Every stand-in, by name.
const STUBS: &[Stub] = stubs![
    "dblink",
    "http",
    "hypopg",
    "index_advisor",
    "moddatetime",
    "pg_cron",
    "pg_graphql",
    "pg_hashids",
    "pg_jsonschema",
    "pg_net",
    "pg_repack",
    "pg_stat_monitor",
    "pg_stat_statements",
    "pgaudit",
    "pgcrypto",
    "pgjwt",
    "pgmq",
    "pgroonga",
    "pgsodium",
    "pgtap",
    "plpgsql_check",
    "postgis",
    "postgis_topology",
    "postgres_fdw",
    "rum",
    "supabase_vault",
    "uuid-ossp",
    "vector",
    "wrappers",
];

impl Stub {
    /// The stand-in for `extension`, if there is one.
    pub(crate) fn of(extension: &str) -> Option<&'static Self> {
        STUBS.iter().find(|it| it.extension == extension)
    }

    /// Whether it is better than the extension itself.
    pub(crate) fn always(&self) -> bool {
        self.header("always").is_some()
    }

    /// SQL that makes it, through the instruments of the database.
    pub(crate) fn create(
        &self,
        schema: Option<&str>,
        unless_exists: bool,
        migrator: &str,
    ) -> String {
        let fixed = self.header("schema");
        let home = fixed.or(schema).map_or("NULL".to_owned(), quote_literal);
        let make_home = fixed
            .filter(|it| *it != "pg_catalog")
            .map(|it| {
                let statement =
                    quote_literal(&format!("CREATE SCHEMA IF NOT EXISTS {}", quote_ident(it)));
                format!("SELECT driftless_shadow.run({statement});\n")
            })
            .unwrap_or_default();
        format!(
            "{make_home}SELECT driftless_shadow.stand_in({}, {home}, {}, {}, {unless_exists}, {})",
            quote_literal(self.extension),
            quote_literal(self.header("version").unwrap_or("1.0")),
            self.header("relocatable").is_some(),
            quote_literal(&self.script_for(migrator)),
        )
    }

    /// The script with the name that the role of migrations has.
    fn script_for(&self, migrator: &str) -> String {
        let migrator = quote_ident(migrator);
        self.script
            .replace("TO postgres", &format!("TO {migrator}"))
            .replace("FROM postgres", &format!("FROM {migrator}"))
    }

    /// SQL that makes its objects where there is no superuser to make an extension of them.
    pub(crate) fn create_plainly(&self, schema: Option<&str>) -> String {
        let home = self.header("schema").or(schema).unwrap_or("public");
        format!(
            "SELECT pg_catalog.set_config('driftless_shadow.path', current_setting('search_path'), false);\n\
             CREATE SCHEMA IF NOT EXISTS {0};\nSET search_path = {0};\n{1}\n\
             SELECT pg_catalog.set_config('search_path', current_setting('driftless_shadow.path'), false)",
            quote_ident(home),
            self.script,
        )
    }

    /// The value of a line `-- name: value` at the start of the script; empty for `-- name`.
    fn header(&self, name: &str) -> Option<&'static str> {
        self.script
            .lines()
            .map_while(|line| line.strip_prefix("-- "))
            .find_map(|line| match line.split_once(": ") {
                Some((it, value)) => (it == name).then_some(value.trim()),
                None => (line.trim() == name).then_some(""),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stub_says_its_version() {
        for stub in STUBS {
            assert!(stub.header("version").is_some(), "{}", stub.extension);
        }
    }

    #[test]
    fn a_stub_goes_where_the_statement_or_the_extension_says() {
        let sql = Stub::of("pgcrypto")
            .unwrap()
            .create(Some("my schema"), true, "postgres");
        assert!(sql.starts_with(
            "SELECT driftless_shadow.stand_in('pgcrypto', 'my schema', '1.3', true, true, "
        ));
        let sql = Stub::of("supabase_vault")
            .unwrap()
            .create(Some("extensions"), false, "postgres");
        assert!(sql.contains("CREATE SCHEMA IF NOT EXISTS vault"));
        assert!(sql.contains("stand_in('supabase_vault', 'vault', "));
    }
}
