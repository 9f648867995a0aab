//! What the history of a source says: a line with one name went, and one with another came.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use driftless_catalog::Nameable;
use driftless_diff::{Candidate, Evidence};

use crate::{Project, State};

/// The commits that are looked at, from the newest on.
const COMMITS: &str = "30";

/// Lines that went and came at one place, and with which commit.
struct Hunk {
    id: Option<String>,
    subject: String,
    removed: Vec<String>,
    added: Vec<String>,
}

/// The changes of the files that a state is read from. Where there is no repository, or no `git`, there are none.
pub(super) struct History(Vec<Hunk>);

impl History {
    pub(super) fn of(project: &Project, state: &State) -> Self {
        let path: Option<PathBuf> = match state {
            State::Prisma(path) | State::Sql(path) => Some(path.clone()),
            State::Desired => Some(project.schema.clone()),
            // Nobody edits what has been a migration.
            State::Migrations(_) | State::Recorded => None,
            State::Empty | State::Database(_) | State::Actual | State::Snapshot(_) => None,
        };
        let Some(path) = path else {
            return Self(Vec::new());
        };
        let uncommitted = ["diff", "HEAD"];
        let committed = ["log", "--max-count", COMMITS, "--format=%x00%h%x00%s"];
        let texts = [git(&path, &uncommitted), git(&path, &committed)];
        Self(
            texts
                .into_iter()
                .flatten()
                .flat_map(|it| hunks(&it))
                .collect(),
        )
    }

    /// The newest change that took a line with the one name out and put one with the other in.
    pub(super) fn evidence(&self, candidate: &Candidate) -> Option<Evidence> {
        let old = last_name(&candidate.rename.from);
        let new = last_name(&candidate.rename.to);
        let has = |lines: &[String], name: &str| lines.iter().any(|it| has_word(it, name));
        let found = self.0.iter().find(|it| {
            has(&it.removed, &old)
                && !has(&it.added, &old)
                && has(&it.added, &new)
                && !has(&it.removed, &new)
        })?;
        Some(Evidence::Commit {
            id: found.id.clone(),
            subject: found.subject.clone(),
        })
    }
}

/// What `git` prints of a file or folder; `None` if it has nothing to say.
///
/// The repository is somebody's: nothing that its configuration names is run.
fn git(path: &Path, arguments: &[&str]) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let (folder, file) = match path.is_dir() {
        true => (path.as_path(), std::ffi::OsStr::new(".")),
        false => (path.parent()?, path.file_name()?),
    };
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "color.ui=never",
            "--no-pager",
        ])
        .args(arguments)
        .args([
            "--patch",
            "--unified=0",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--",
        ])
        .arg(file)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn hunks(text: &str) -> Vec<Hunk> {
    let mut found: Vec<Hunk> = Vec::new();
    let mut commit: (Option<String>, String) = (None, String::new());
    let mut in_hunk = false;
    for line in text.lines() {
        if let Some(head) = line.strip_prefix('\0') {
            let (id, subject) = head.split_once('\0').unwrap_or((head, ""));
            commit = (Some(id.to_owned()), subject.to_owned());
            in_hunk = false;
        } else if line.starts_with("diff --git ") {
            in_hunk = false;
        } else if line.starts_with("@@ ") {
            in_hunk = true;
            found.push(Hunk {
                id: commit.0.clone(),
                subject: commit.1.clone(),
                removed: Vec::new(),
                added: Vec::new(),
            });
        } else if let (true, Some(hunk)) = (in_hunk, found.last_mut()) {
            match line.split_at_checked(1) {
                Some(("-", rest)) => hunk.removed.push(rest.to_owned()),
                Some(("+", rest)) => hunk.added.push(rest.to_owned()),
                Some(_) | None => {}
            }
        }
    }
    found
}

/// Whether the line has the name in it, with something else at both ends.
fn has_word(line: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    !name.is_empty()
        && line.match_indices(name).any(|(at, found)| {
            let before = line[..at].chars().next_back();
            let behind = line[at + found.len()..].chars().next();
            !before.is_some_and(is_part) && !behind.is_some_and(is_part)
        })
}

fn last_name(it: &Nameable) -> String {
    let spelled = driftless_diff::SpelledName::of(it);
    spelled.path().last().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_read_hunk_by_hunk() {
        let text = "\0abc123\0Call it full_name\n\ndiff --git a/s b/s\n--- a/s\n+++ b/s\n@@ -3 +3 @@ model User\n-  name String\n+  full_name String\n\
                    \0def\0Another\n\ndiff --git a/s b/s\n--- a/s\n+++ b/s\n@@ -1 +0,0 @@\n-x\n";
        let found = hunks(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].id.as_deref(), Some("abc123"));
        assert_eq!(found[0].subject, "Call it full_name");
        assert_eq!(found[0].removed, ["  name String"]);
        assert_eq!(found[0].added, ["  full_name String"]);
        assert_eq!(found[1].removed, ["x"]);
    }

    #[test]
    fn a_name_in_another_is_none() {
        assert!(has_word("  name String", "name"));
        assert!(has_word("name", "name"));
        assert!(!has_word("  full_name String", "name"));
        assert!(has_word("@map(\"a.b\")", "a.b"));
        assert!(!has_word("x", ""));
    }
}
