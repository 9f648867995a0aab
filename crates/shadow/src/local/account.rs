//! Whom the server runs as: PostgreSQL refuses to be root.

use std::process::Command;

/// A user of the operating system that is not root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// The user that `postgres` packages make, or else `nobody`, as `/etc/passwd` has them.
    pub(crate) fn unprivileged(passwd: &str) -> Option<Self> {
        ["postgres", "nobody"].iter().find_map(|wanted| {
            passwd.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next().filter(|it| it == wanted)?;
                let uid = fields.nth(1)?.parse().ok().filter(|it| *it != 0)?;
                let gid = fields.next()?.parse().ok()?;
                Some(Self {
                    name: name.to_owned(),
                    uid,
                    gid,
                })
            })
        })
    }

    /// Makes `command` run as this user.
    pub(crate) fn apply(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        // The standard library drops the other groups of root along with its user.
        command.uid(self.uid).gid(self.gid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_comes_before_nobody_and_root_never() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
        let found = Account::unprivileged(passwd).unwrap();
        assert_eq!(
            (found.name.as_str(), found.uid, found.gid),
            ("nobody", 65534, 65533)
        );
        let passwd = format!("{passwd}postgres:x:101:104:,,,:/var:/bin/bash\n");
        assert_eq!(Account::unprivileged(&passwd).unwrap().uid, 101);
        assert_eq!(
            Account::unprivileged("postgres:x:0:0::/:/bin/sh\nnonsense"),
            None
        );
    }
}
