//! The file in which a project keeps what has been decided about renames.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use driftless_catalog::{Catalog, Nameable, Rename, Renames};
use driftless_diff::{Candidate, RenameSpelling, SpelledName, spell_name};
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::{Project, ProjectError};

/// What stands above the first entry of a new file.
const HEAD: &str = "# What has got another name, and what only looks so. Read by every verb that writes scripts, and written\n\
# by `driftless db-diff` when it asks. An entry whose names are both gone does no harm.\n";

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    rename: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    from: String,
    to: String,
    decided: Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Yes,
    No,
}

/// What has been decided.
#[derive(Debug)]
pub(super) struct Decisions {
    path: PathBuf,
    entries: Vec<(RenameSpelling, Answer)>,
}

impl Decisions {
    /// Reads the project's file, if there is one.
    ///
    /// # Errors
    /// [`ProjectError::Decisions`] with the line that is not understood.
    pub(super) fn read(project: &Project) -> Result<Self, ProjectError> {
        let path = project.path(&project.config.renames.file);
        let mut decisions = Self {
            path,
            entries: Vec::new(),
        };
        if !decisions.path.exists() {
            return Ok(decisions);
        }
        let text = driftless_migrate::read_text(&decisions.path)?;
        let wrong = |message: String| ProjectError::Decisions {
            path: decisions.path.display().to_string(),
            message,
        };
        let file: File = toml::from_str(&text).map_err(|it| wrong(it.to_string()))?;
        for it in file.rename {
            let name = |text: &str| SpelledName::parse(text).map_err(|it| wrong(it.to_string()));
            let spelling = RenameSpelling {
                from: name(&it.from)?,
                to: name(&it.to)?,
            };
            decisions.entries.push((spelling, it.decided));
        }
        Ok(decisions)
    }

    /// Whether nothing has been decided.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the file is, from where the user is.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Writes an answer behind the others, at once, so that it stays when the next question is not answered.
    ///
    /// # Errors
    /// [`ProjectError::Unwritable`], and then the file is as it was.
    pub(super) fn add(&mut self, candidate: &Candidate, yes: bool) -> Result<(), ProjectError> {
        let failed = |source| ProjectError::Unwritable {
            path: self.shown(),
            source,
        };
        let mut text = match self.path.exists() {
            true => driftless_migrate::read_text(&self.path)?,
            false => HEAD.to_owned(),
        };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let evidence: Vec<String> = candidate.evidence.iter().map(ToString::to_string).collect();
        let comment = evidence.join("; ").replace(['\n', '\r'], " ");
        let (from, to) = [&candidate.rename.from, &candidate.rename.to]
            .map(spell_name)
            .into();
        text.push_str(&format!(
            "\n[[rename]]\n# {comment}\nfrom = {}\nto = {}\ndecided = \"{}\"\n",
            toml_string(&from),
            toml_string(&to),
            if yes { "yes" } else { "no" }
        ));
        let folder = match self.path.parent() {
            Some(it) if !it.as_os_str().is_empty() => it,
            Some(_) | None => Path::new("."),
        };
        let mut new = NamedTempFile::new_in(folder).map_err(failed)?;
        new.write_all(text.as_bytes()).map_err(failed)?;
        new.persist(&self.path).map_err(|it| failed(it.error))?;
        Ok(())
    }

    /// What is decided to be no rename.
    pub(super) fn refused(&self, from: &Catalog, after: &Catalog, names: &Renames) -> Vec<Rename> {
        self.resolved(Answer::No, from, after, names)
    }

    /// The renames that are decided and not done yet.
    ///
    /// A name that both states have was there before, or has been renamed to already, unless another rename is to take
    /// it or to free it. Names that only change places say nothing of whether they have: those have to be given.
    pub(super) fn pending(
        &self,
        from: &Catalog,
        (before, after): (&Catalog, &Catalog),
        names: &Renames,
    ) -> Vec<Rename> {
        let mut pending = self.resolved(Answer::Yes, from, after, names);
        let there =
            |catalog: &Catalog, it: &Nameable| !SpelledName::of(it).find(catalog).is_empty();
        let under = |it: &Rename| names.nameable(&it.from);
        let gone: BTreeSet<Rename> = pending
            .iter()
            .filter(|it| !there(after, &under(it)))
            .cloned()
            .collect();
        loop {
            let keeps = |it: &Rename| {
                let freed = |other: &Rename| under(other) == it.to;
                let taken = |other: &Rename| other.to == under(it);
                let new = !there(before, &it.to) || pending.iter().any(freed);
                new && (gone.contains(it) || pending.iter().any(taken))
            };
            let kept: Vec<Rename> = pending.iter().filter(|it| keeps(it)).cloned().collect();
            if kept.len() == pending.len() {
                break;
            }
            pending = kept;
        }
        // Along a chain of names there is one at the end that is gone; in a circle there is none.
        let ends = |start: &Rename| {
            let mut at = start;
            for _ in 0..=pending.len() {
                if gone.contains(at) {
                    return true;
                }
                let name = under(at);
                match pending.iter().find(|it| it.to == name) {
                    Some(next) => at = next,
                    None => return false,
                }
            }
            false
        };
        let found: Vec<Rename> = pending.iter().filter(|it| ends(it)).cloned().collect();
        found
    }

    /// The entries whose names both are there.
    fn resolved(
        &self,
        answer: Answer,
        from: &Catalog,
        after: &Catalog,
        names: &Renames,
    ) -> Vec<Rename> {
        let entries = self.entries.iter().filter(|(_, it)| *it == answer);
        // An entry that fits nothing is about another state.
        let found = entries.filter_map(|(it, _)| it.resolve(from, after, names).ok());
        found.collect()
    }
}

/// A string as TOML has it.
pub(super) fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            it if it.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(it))),
            it => out.push(it),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_read_back_from_a_string() {
        for text in ["a", "\"", "\\", "'", "a\nb", "\u{7f}", "é=ü"] {
            let read: toml::Table = toml::from_str(&format!("a = {}", toml_string(text))).unwrap();
            assert_eq!(read["a"].as_str(), Some(text));
        }
    }
}
