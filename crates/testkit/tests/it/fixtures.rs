//! Prisma schemas, each with the DDL that Prisma's engine prints for it.

use std::path::{Path, PathBuf};

use driftless_finding::Finding;

/// A schema that uses one construct, and Prisma's DDL from empty.
pub(crate) struct Fixture {
    /// What it shows, such as `relation_self`.
    pub(crate) name: String,
    /// `NAME.prisma`.
    pub(crate) schema: PathBuf,
    /// `NAME.sql`: what Prisma prints.
    pub(crate) ddl: PathBuf,
}

impl Fixture {
    /// The first major version of PostgreSQL that has everything in it.
    pub(crate) fn since(&self) -> u32 {
        match self.name.as_str() {
            "index_operator_classes" => 14, // BRIN with several ranges
            _ => 0,
        }
    }

    pub(crate) fn prisma_ddl(&self) -> String {
        std::fs::read_to_string(&self.ddl).unwrap()
    }
}

/// Two schemas, and the script from one to the other.
pub(crate) struct Change {
    /// What changes, such as `enum_remove_value`.
    pub(crate) name: String,
    /// The folder with `from.prisma`, `to.prisma`, `prisma.sql` (what Prisma prints), and `ours.sql` where that does not
    /// run or does not lead to the target.
    pub(crate) folder: PathBuf,
}

impl Change {
    pub(crate) fn schema(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn prisma(&self) -> String {
        std::fs::read_to_string(self.folder.join("prisma.sql")).unwrap()
    }

    /// What Prisma warns of, a case a line: our code for it, and the object.
    pub(crate) fn data_loss(&self) -> String {
        std::fs::read_to_string(self.folder.join("data_loss.txt")).unwrap_or_default()
    }

    /// What we print instead of Prisma's script, if anything.
    pub(crate) fn instead(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.join("ours.sql")).ok()
    }
}

/// Whether answers of others that are committed are to be written.
pub(crate) fn updates() -> bool {
    std::env::var_os("DRIFTLESS_UPDATE").is_some_and(|it| it == "1")
}

/// The folder of changes.
pub(crate) fn changes_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/changes")
}

/// Every change, by name.
pub(crate) fn changes() -> Vec<Change> {
    let folders = std::fs::read_dir(changes_folder()).unwrap();
    let mut found: Vec<Change> = folders
        .map(|it| it.unwrap().path())
        .map(|folder| Change {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            folder,
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() >= 400, "only {} changes", found.len());
    found
}

/// The folder of fixtures.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ddl")
}

/// The codes of what a script may cost.
pub(crate) const COSTS: &[&str] = &[
    "table-dropped",
    "column-dropped",
    "column-made-again",
    "required-column-added",
    "column-made-required",
    "values-cast",
    "unique-key-added",
    "primary-key-added",
    "primary-key-dropped",
    "constraint-added",
    "enum-values-removed",
    "data-deleted",
];

/// What was found, apart from what a script may cost and what a schema and a server are told about other tools:
/// which Prisma refuses it, which extension was stood in for, which index would help, what may have got another name.
pub(crate) fn faults(findings: &[Finding]) -> Vec<String> {
    let besides = [
        "extension-stood-in",
        "refused-by-prisma-6",
        "missing-relation-index",
        "rename-possible",
        "object-renamed",
    ];
    findings
        .iter()
        .filter(|it| !besides.contains(&it.code.name) && !COSTS.contains(&it.code.name))
        .map(|it| format!("{}: {}", it.code.name, it.message))
        .collect()
}

/// Every fixture, by name.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut found: Vec<Fixture> = files
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "prisma"))
        .map(|schema| Fixture {
            name: schema.file_stem().unwrap().to_str().unwrap().to_owned(),
            ddl: schema.with_extension("sql"),
            schema,
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() >= 40, "only {} fixtures", found.len());
    found
}
