//! `OPTIONS (…)` of foreign data wrappers, servers, user mappings, foreign tables and their columns.

use driftless_sql_text::{quote_always, quote_literal};

/// ` OPTIONS ("name" 'value', …)` from texts like `name=value`; nothing if there are none.
pub(super) fn clause(options: &[String]) -> String {
    let items: Vec<String> = options.iter().map(|it| item(split(it))).collect();
    match items.is_empty() {
        true => String::new(),
        false => format!(" OPTIONS ({})", items.join(", ")),
    }
}

/// `OPTIONS (DROP "a", SET "b" 'x', ADD "c" 'y')`, if they differ.
pub(super) fn change(from: &[String], to: &[String]) -> Option<String> {
    let named = |options: &[String], name: &str| {
        let mut options = options.iter().map(|it| split(it));
        options.find(|it| it.0 == name).map(|it| it.1.to_owned())
    };
    let mut items: Vec<String> = Vec::new();
    for (name, _) in from.iter().map(|it| split(it)) {
        if named(to, name).is_none() {
            items.push(format!("DROP {}", quote_always(name)));
        }
    }
    for (name, value) in to.iter().map(|it| split(it)) {
        match named(from, name) {
            Some(before) if before == value => {}
            Some(_) => items.push(format!("SET {}", item((name, value)))),
            None => items.push(format!("ADD {}", item((name, value)))),
        }
    }
    (!items.is_empty()).then(|| format!("OPTIONS ({})", items.join(", ")))
}

/// An option's name holds no `=`, its value may.
fn split(option: &str) -> (&str, &str) {
    option.split_once('=').unwrap_or((option, ""))
}

fn item((name, value): (&str, &str)) -> String {
    format!("{} {}", quote_always(name), quote_literal(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_named() {
        let list = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let (from, to) = (
            list(&["a=1", "b=2", "c=x=y"]),
            list(&["b=3", "c=x=y", "d\"=it's"]),
        );
        assert_eq!(
            change(&from, &to).unwrap(),
            "OPTIONS (DROP \"a\", SET \"b\" '3', ADD \"d\"\"\" 'it''s')"
        );
        assert_eq!(change(&from, &from), None);
        assert_eq!(clause(&from[2..]), " OPTIONS (\"c\" 'x=y')");
        assert_eq!(clause(&[]), "");
    }
}
