//! What libpq takes from outside a URL.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The environment variables and the home folder that stand in for what a URL leaves out.
///
/// A value of its own, so that what a URL means can be told, and tested, without changing the process.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// No variables and no home folder: a URL then means what it says and nothing else.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The variables of this process that libpq reads, and the user's home folder.
    pub fn current() -> Self {
        let wanted = |name: &str| name.starts_with("PG") || name == "USER" || name == "LOGNAME";
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .filter(|(name, value)| wanted(name) && !value.is_empty())
                .collect(),
            home: std::env::home_dir().filter(|it| !it.as_os_str().is_empty()),
        }
    }

    /// The same with a variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same with another home folder.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The name of the operating system's user, as far as the environment says it.
    pub(crate) fn user(&self) -> Option<&str> {
        self.variable("USER").or_else(|| self.variable("LOGNAME"))
    }

    /// A file under the home folder.
    pub(crate) fn home_file(&self, path: &str) -> Option<PathBuf> {
        Some(self.home.as_deref().map(Path::to_path_buf)?.join(path))
    }
}

/// Names without values: `PGPASSWORD` is one of them.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("home", &self.home)
            .finish()
    }
}
