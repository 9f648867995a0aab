//! A copy of the reference application, to change.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::{Run, command, driftless, root, run};

/// A project of a test's own; it goes with this value.
pub(crate) struct App {
    folder: TempDir,
}

impl App {
    /// The reference application, in step.
    pub(crate) fn new() -> Self {
        let app = Self::empty();
        for name in ["packages", "supabase"] {
            copy(&root().join(name), &app.path(name));
        }
        app
    }

    /// A folder without anything.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        Self { folder }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Writes a file and the folders it needs.
    pub(crate) fn write(&self, relative: &str, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        let folder = path.parent().expect("a file is in a folder");
        std::fs::create_dir_all(folder).expect("folders can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    /// Exchanges a text that stands in a file once.
    pub(crate) fn edit(&self, relative: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(relative)).expect("the file is there");
        assert_eq!(text.matches(old).count(), 1, "{old} in {relative}");
        self.write(relative, text.replacen(old, new, 1));
    }

    /// Runs the program in the project, without a live database.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        driftless(self.folder.path(), args)
    }

    /// Runs the program in the project with `DATABASE_URL`.
    pub(crate) fn run_on(&self, url: &str, args: &[&str]) -> Run {
        run(command(self.folder.path(), args).env("DATABASE_URL", url))
    }
}

pub(crate) const SCHEMA: &str = "packages/db/schema.prisma";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folders can be made");
    for entry in std::fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).expect("a file can be copied")),
        }
    }
}
