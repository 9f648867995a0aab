use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use crate::ProjectError;
use crate::project::join;

/// Environment variables, those in `.env` included.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// No variables.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The variables of this process. Those that are no text are left out.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    /// With that variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Adds the variables of `folder`'s `.env`, if it has one; those that are set already stay.
    ///
    /// # Errors
    /// [`ProjectError::Text`] if there is one that is no file or cannot be read: it may name the live database,
    /// and to go on without would be to check less than was meant. [`ProjectError::DotEnv`] for a line that is
    /// none. The line is not shown: it may hold a secret.
    pub fn read_dot_env(&mut self, folder: &Path) -> Result<(), ProjectError> {
        let path = join(folder, Path::new(".env"));
        if let Err(error) = path.symlink_metadata()
            && error.kind() == ErrorKind::NotFound
        {
            return Ok(());
        }
        let text = driftless_migrate::read_text(&path)?;
        for pair in dotenvy::from_read_iter(text.as_bytes()) {
            let (name, value) = pair.map_err(|_| ProjectError::DotEnv {
                path: path.display().to_string(),
            })?;
            // A variable that is empty is as good as not set.
            let kept = self.0.entry(name).or_default();
            if kept.is_empty() {
                *kept = value;
            }
        }
        Ok(())
    }

    /// The value of a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|it| !it.is_empty())
    }
}

/// Shows no values: they may be secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Environment({} variables)", self.0.len())
    }
}
