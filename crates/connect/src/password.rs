//! Passwords: a type that cannot be shown, and the password file.

use std::fmt;
use std::path::Path;

/// A password. Its `Debug` shows nothing of it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(String);

impl Password {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The password itself, for the server's eyes only.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Whom a line of a password file has to be for.
pub(crate) struct Login<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) database: &'a str,
    pub(crate) user: &'a str,
}

/// The password that the file at `path` has for `login`.
///
/// A file that is not there has none. Like libpq, a file that others may read is not read.
pub(crate) fn from_file(path: &Path, login: &Login<'_>) -> Option<Password> {
    let file = std::fs::metadata(path).ok()?;
    if !file.is_file() || is_open_to_others(&file) {
        return None;
    }
    from_lines(&std::fs::read_to_string(path).ok()?, login)
}

#[cfg(unix)]
fn is_open_to_others(file: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Lines `host:port:database:user:password`; `*` matches anything, a backslash escapes `:` and itself.
///
/// Follows PostgreSQL, libpq, The Password File.
fn from_lines(text: &str, login: &Login<'_>) -> Option<Password> {
    let port = login.port.to_string();
    let wanted = [login.host, &port, login.database, login.user];
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let (fields, password) = split(line)?;
            let fits = fields
                .iter()
                .zip(wanted)
                .all(|(field, wanted)| *field == "*" || unescape(field) == wanted);
            fits.then(|| Password::new(unescape(password)))
        })
}

/// The four fields before the password, still escaped, and what follows.
fn split(line: &str) -> Option<([&str; 4], &str)> {
    let mut rest = line;
    let mut fields = [""; 4];
    for field in &mut fields {
        let mut escaped = false;
        let end = rest.bytes().position(|byte| {
            let ends = byte == b':' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })?;
        (*field, rest) = (&rest[..end], &rest[end + 1..]);
    }
    Some((fields, rest))
}

fn unescape(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(it) = chars.next() {
        match it {
            '\\' => out.extend(chars.next()),
            it => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        let login = Login {
            host: "db",
            port: 5432,
            database: "shop",
            user: "app",
        };
        from_lines(text, &login).map(|it| it.reveal().to_owned())
    }

    #[test]
    fn the_first_line_that_fits_counts() {
        let text = "# db:5432:shop:app:no\nother:*:*:*:no\ndb:*:shop:app:first\n*:*:*:*:second\n";
        assert_eq!(found(text).as_deref(), Some("first"));
        assert_eq!(found("db:5433:*:*:no"), None);
        assert_eq!(found("nonsense"), None);
    }

    #[test]
    fn a_colon_and_a_backslash_are_escaped_by_a_backslash() {
        assert_eq!(found("*:*:*:app:a\\:b\\\\c").as_deref(), Some("a:b\\c"));
        assert_eq!(found("*:*:*:a\\pp:x").as_deref(), Some("x"));
    }

    #[test]
    fn a_password_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", Password::new("secret")), "…");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_not_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        std::fs::write(&path, "*:*:*:*:secret").unwrap();
        let login = || Login {
            host: "db",
            port: 5432,
            database: "shop",
            user: "app",
        };
        for (mode, readable) in [(0o644, false), (0o600, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(from_file(&path, &login()).is_some(), readable);
        }
        assert_eq!(from_file(folder.path(), &login()), None);
    }
}
