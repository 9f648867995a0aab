//! Connection strings of both forms to their parameters.

use std::collections::BTreeMap;

use driftless_finding::closest;

use crate::ConnectError;
use crate::environment::Environment;
use crate::piece::Piece;

/// The parameters that a connection string sets, by libpq's names.
#[derive(Default)]
pub(crate) struct Parameters {
    found: BTreeMap<String, Parameter>,
}

struct Parameter {
    value: String,
    /// Where the value starts, in characters from 1.
    column: usize,
}

/// Parameters that mean something here, and the variable that stands in for each.
const UNDERSTOOD: &[(&str, &str)] = &[
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("options", "PGOPTIONS"),
    ("passfile", "PGPASSFILE"),
    ("password", "PGPASSWORD"),
    ("port", "PGPORT"),
    ("schema", ""),
    ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
    ("sslaccept", ""),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslmode", "PGSSLMODE"),
    ("sslnegotiation", "PGSSLNEGOTIATION"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslsni", "PGSSLSNI"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("user", "PGUSER"),
];

/// Parameters that would make a connection safer than it would be without them: to pass over one would
/// be to promise what is not kept.
const REFUSED: &[(&str, &str)] = &[
    ("require_auth", "demanding an authentication method"),
    (
        "requirepeer",
        "demanding the operating system user of a server",
    ),
    ("service", "reading a service file"),
    ("servicefile", "reading a service file"),
    ("sslcrl", "checking revocation lists"),
    ("sslcrldir", "checking revocation lists"),
];

/// Parameters of libpq, Prisma, poolers and other drivers that change nothing here.
const HARMLESS: &[&str] = &[
    "client_encoding",
    "connection_limit",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_connection_lifetime",
    "max_idle_connection_lifetime",
    "max_protocol_version",
    "min_protocol_version",
    "pgbouncer",
    "pool_timeout",
    "replication",
    "single_use_connections",
    "socket_timeout",
    "ssl_max_protocol_version",
    "sslcertmode",
    "sslcompression",
    "sslidentity",
    "sslkeylogfile",
    "sslpassword",
    "statement_cache_size",
    "supa",
    "tcp_user_timeout",
    "workaround",
];

impl Parameters {
    /// Splits either form: `postgresql://…` or `host=… dbname=…`.
    pub(crate) fn parse(text: &str) -> Result<Self, ConnectError> {
        let starts = |scheme: &str| {
            let start = text.get(..scheme.len());
            start.is_some_and(|it| it.eq_ignore_ascii_case(scheme))
        };
        let mut parameters = Self::default();
        if let Some(scheme) = ["postgresql://", "postgres://"]
            .into_iter()
            .find(|it| starts(it))
        {
            parameters.read_url(Piece::new(text).after(scheme.len()))?;
        } else if let Some(scheme) = foreign_scheme(text) {
            return Err(ConnectError::malformed(scheme, 1));
        } else if text.contains('=') {
            parameters.read_keywords(text)?;
        } else {
            let reason = match text.is_empty() {
                true => "it is empty",
                false => "it does not start with `postgresql://`",
            };
            return Err(ConnectError::malformed(reason, 1));
        }
        parameters.check_names()?;
        Ok(parameters)
    }

    /// What the string says, or else its variable; an empty value counts as none.
    pub(crate) fn value<'a>(&'a self, name: &str, environment: &'a Environment) -> Option<&'a str> {
        let variable = UNDERSTOOD
            .iter()
            .find(|(it, variable)| *it == name && !variable.is_empty())
            .and_then(|(_, variable)| environment.variable(variable));
        self.own(name).or(variable).filter(|it| !it.is_empty())
    }

    /// What the string itself says.
    pub(crate) fn own(&self, name: &str) -> Option<&str> {
        self.found
            .get(name)
            .map(|it| it.value.as_str())
            .filter(|it| !it.is_empty())
    }

    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.found.get(name).map(|it| it.column)
    }

    /// The names that mean nothing here, sorted.
    pub(crate) fn ignored(&self) -> Vec<String> {
        let understood = |name: &str| UNDERSTOOD.iter().any(|(it, _)| *it == name);
        self.found
            .keys()
            .filter(|name| !understood(name))
            .cloned()
            .collect()
    }

    /// What follows `postgresql://`: `[user[:password]@][host[:port],…][/dbname][?name=value&…]`.
    fn read_url(&mut self, rest: Piece<'_>) -> Result<(), ConnectError> {
        let (before, query) = rest.cut('?');
        let (authority, database) = before.cut('/');
        match authority.cut_last('@') {
            Some((login, hosts)) => {
                self.read_login(login)?;
                self.read_hosts(hosts)?;
            }
            None if password_was_cut(rest, authority) => {
                let reason =
                    "the password seems to hold a character that has to be percent-encoded";
                return Err(ConnectError::malformed(
                    reason,
                    authority.after(authority.text.len()).column,
                ));
            }
            None => self.read_hosts(authority)?,
        }
        if let Some(database) = database {
            self.set("dbname", database.decode()?, database.column);
        }
        for pair in query.into_iter().flat_map(|it| it.split('&')) {
            match pair.cut('=') {
                (name, Some(value)) => self.set(&name.decode()?, value.decode()?, value.column),
                (name, None) if name.text.is_empty() => {}
                (name, None) => {
                    return Err(ConnectError::malformed(
                        "a parameter has no `=`",
                        name.column,
                    ));
                }
            }
        }
        // JDBC and others write `ssl=true` for what libpq calls sslmode=require.
        if let Some(ssl) = self.found.remove("ssl").filter(|it| it.value == "true") {
            self.found.entry("sslmode".to_owned()).or_insert(Parameter {
                value: "require".to_owned(),
                ..ssl
            });
        }
        Ok(())
    }

    fn read_login(&mut self, login: Piece<'_>) -> Result<(), ConnectError> {
        let (user, password) = login.cut(':');
        self.set("user", user.decode()?, user.column);
        let Some(password) = password else {
            return Ok(());
        };
        let text = password.decode()?;
        if text.starts_with('[') && text.to_ascii_lowercase().contains("password") {
            let reason = "a placeholder stands where the password should";
            return Err(ConnectError::malformed(reason, password.column));
        }
        self.set("password", text, password.column);
        Ok(())
    }

    fn read_hosts(&mut self, hosts: Piece<'_>) -> Result<(), ConnectError> {
        if hosts.text.is_empty() {
            return Ok(());
        }
        let (mut names, mut ports) = (Vec::new(), Vec::new());
        for host in hosts.split(',') {
            let (name, port) = match host.text.strip_prefix('[') {
                None => host.cut(':'),
                Some(inner) => {
                    let Some(length) = inner.find(']') else {
                        return Err(ConnectError::malformed("`[` without `]`", host.column));
                    };
                    (
                        host.after(1).until(length),
                        host.after(length + 2).cut(':').1,
                    )
                }
            };
            if let Some(port) = port.filter(|it| !it.is_port()) {
                let reason = "a port is not a number from 1 to 65535";
                return Err(ConnectError::malformed(reason, port.column));
            }
            names.push(name.decode()?);
            ports.push(port.map_or("", |it| it.text));
        }
        self.set("host", names.join(","), hosts.column);
        if ports.iter().any(|it| !it.is_empty()) {
            self.set("port", ports.join(","), hosts.column);
        }
        Ok(())
    }

    /// `name = value name = 'quoted value'`; a backslash escapes.
    fn read_keywords(&mut self, text: &str) -> Result<(), ConnectError> {
        let mut chars = text.chars().enumerate().peekable();
        loop {
            while chars.next_if(|(_, it)| it.is_whitespace()).is_some() {}
            let Some((start, _)) = chars.peek().copied() else {
                return Ok(());
            };
            let mut name = String::new();
            while let Some((_, it)) = chars.next_if(|(_, it)| !it.is_whitespace() && *it != '=') {
                name.push(it);
            }
            while chars.next_if(|(_, it)| it.is_whitespace()).is_some() {}
            if chars.next_if(|(_, it)| *it == '=').is_none() {
                return Err(ConnectError::malformed("a parameter has no `=`", start + 1));
            }
            while chars.next_if(|(_, it)| it.is_whitespace()).is_some() {}
            let column = chars.peek().map_or(text.chars().count(), |(at, _)| *at) + 1;
            let quoted = chars.next_if(|(_, it)| *it == '\'').is_some();
            let mut value = String::new();
            loop {
                match chars.next_if(|(_, it)| quoted || !it.is_whitespace()) {
                    Some((_, '\'')) if quoted => break,
                    Some((_, '\\')) => value.extend(chars.next().map(|(_, it)| it)),
                    Some((_, it)) => value.push(it),
                    None if quoted => {
                        return Err(ConnectError::malformed("a quote is not closed", column));
                    }
                    None => break,
                }
            }
            self.set(&name, value, column);
        }
    }

    fn set(&mut self, name: &str, value: String, column: usize) {
        self.found
            .insert(name.to_owned(), Parameter { value, column });
    }

    /// Prisma and poolers add parameters of their own, so unknown names are passed over; but not one
    /// that was meant to be a known one, or that this crate could not honour.
    fn check_names(&self) -> Result<(), ConnectError> {
        for (name, parameter) in &self.found {
            let column = Some(parameter.column);
            if let Some((_, what)) = REFUSED.iter().find(|(it, _)| it == name) {
                return Err(ConnectError::malformed(
                    format!("`{name}`: {what} is not supported"),
                    column,
                ));
            }
            if name == "gssencmode" && parameter.value == "require" {
                return Err(ConnectError::malformed(
                    "`gssencmode`: GSSAPI is not supported",
                    column,
                ));
            }
            let known = UNDERSTOOD.iter().map(|(it, _)| *it);
            if known.clone().any(|it| it == name) || HARMLESS.contains(&name.as_str()) {
                continue;
            }
            if let Some(meant) = closest(name, known).filter(|it| is_slip(name, it)) {
                let reason = format!("there is no parameter `{name}`; did you mean `{meant}`?");
                return Err(ConnectError::malformed(reason, column));
            }
        }
        Ok(())
    }
}

/// Why a URL with another scheme is none of a server's.
fn foreign_scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once("://")?;
    if scheme.contains(['=', ' ']) {
        return None;
    }
    Some(match scheme {
        "prisma" | "prisma+postgres" => format!(
            "a `{scheme}://` URL leads to a service of Prisma, not to a server; use the server's own \
             `postgresql://` URL"
        ),
        scheme => format!("`{scheme}://` is not `postgresql://`"),
    })
}

/// Whether a `/` or `?` that seemed to end the host belongs to the password: behind `user:pass` there is
/// then still an `@`.
fn password_was_cut(rest: Piece<'_>, authority: Piece<'_>) -> bool {
    let port = authority.cut(':').1;
    rest.text.contains('@') && port.is_some_and(|it| !it.is_port())
}

/// Whether `name` looks like a misspelt `meant` rather than like another parameter.
fn is_slip(name: &str, meant: &str) -> bool {
    name.len() > 4 && name.len().abs_diff(meant.len()) <= 2 && name.get(..1) == meant.get(..1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str, name: &str) -> Option<String> {
        let parameters = Parameters::parse(text).unwrap();
        parameters.own(name).map(str::to_owned)
    }

    fn fault(text: &str) -> String {
        Parameters::parse(text).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_url_is_taken_apart() {
        let url =
            "postgres://us%40er:p%2Fw:x@[::1]:5433,db.example.com/my%20db?sslmode=require&schema=a";
        for (name, value) in [
            ("user", "us@er"),
            ("password", "p/w:x"),
            ("host", "::1,db.example.com"),
            ("port", "5433,"),
            ("dbname", "my db"),
            ("sslmode", "require"),
            ("schema", "a"),
        ] {
            assert_eq!(own(url, name).as_deref(), Some(value), "{name}");
        }
    }

    #[test]
    fn an_unencoded_at_in_the_password_is_understood() {
        assert_eq!(
            own("postgres://u:p@ss@db/x", "password").as_deref(),
            Some("p@ss")
        );
        assert_eq!(own("postgres://u:p@ss@db/x", "host").as_deref(), Some("db"));
    }

    #[test]
    fn keywords_and_quotes_are_taken_apart() {
        let text = " host = /tmp  password='it\\'s a' dbname=x options=''";
        assert_eq!(own(text, "host").as_deref(), Some("/tmp"));
        assert_eq!(own(text, "password").as_deref(), Some("it's a"));
        assert_eq!(own(text, "options"), None);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_the_password() {
        for (text, expected) in [
            ("", "malformed connection URL: it is empty (at character 1)"),
            (
                "shop",
                "malformed connection URL: it does not start with `postgresql://` (at character 1)",
            ),
            (
                "mysql://a/b",
                "malformed connection URL: `mysql://` is not `postgresql://` (at character 1)",
            ),
            (
                "postgresql://u:se/cret@db/x",
                "malformed connection URL: the password seems to hold a character that has to be \
                 percent-encoded (at character 18)",
            ),
            (
                "postgresql://u:secret%@db/x",
                "malformed connection URL: `%` is not followed by two hexadecimal digits; a `%` itself is \
                 written %25 (at character 22)",
            ),
            (
                "postgresql://db:70000/x",
                "malformed connection URL: a port is not a number from 1 to 65535 (at character 17)",
            ),
            (
                "postgresql://u:[YOUR-PASSWORD]@db/x",
                "malformed connection URL: a placeholder stands where the password should (at character 16)",
            ),
            (
                "postgresql://db/x?sslmod=verify-full",
                "malformed connection URL: there is no parameter `sslmod`; did you mean `sslmode`? (at \
                 character 26)",
            ),
            (
                "postgresql://db/x?sslcrl=a",
                "malformed connection URL: `sslcrl`: checking revocation lists is not supported (at \
                 character 26)",
            ),
            (
                "host=db password='secret",
                "malformed connection URL: a quote is not closed (at character 18)",
            ),
            (
                "host=db secret",
                "malformed connection URL: a parameter has no `=` (at character 9)",
            ),
        ] {
            assert_eq!(fault(text), expected);
        }
    }

    #[test]
    fn parameters_of_others_are_passed_over() {
        let url =
            "postgresql://db/x?pgbouncer=true&connection_limit=1&statement_cache_size=0&foo=bar";
        let ignored = Parameters::parse(url).unwrap().ignored();
        assert_eq!(
            ignored,
            [
                "connection_limit",
                "foo",
                "pgbouncer",
                "statement_cache_size"
            ]
        );
    }

    #[test]
    fn nothing_makes_the_parser_fail_without_a_message() {
        for text in [
            "postgres://",
            "postgres://@",
            "postgres://[",
            "postgres://[]",
            "postgres://:@:/?&",
            "=",
            "a=",
            "= '",
        ] {
            let _ = Parameters::parse(text);
        }
    }
}
