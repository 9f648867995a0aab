//! Whether an expression may give every row a value of its own.

use driftless_catalog::{Catalog, Volatility};
use driftless_sql_text::{TokenKind, ident_value, tokens};

/// Functions of PostgreSQL and of its usual extensions that are volatile and stand in defaults.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "nextval",
    "random",
    "random_normal",
    "setval",
    "timeofday",
    "txid_current",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Whether a function that it calls is volatile: then a column with this default has every row written.
pub(crate) fn is_volatile(expression: &str, known: [&Catalog; 2]) -> bool {
    let significant: Vec<_> = tokens(expression)
        .filter(|it| it.kind != TokenKind::Comment)
        .collect();
    significant.windows(2).any(|pair| {
        let [name, open] = pair else { return false };
        let is_name = matches!(name.kind, TokenKind::Word | TokenKind::QuotedIdent);
        is_name && open.is(expression, "(") && volatile(&ident_value(name.text(expression)), known)
    })
}

fn volatile(name: &str, known: [&Catalog; 2]) -> bool {
    let functions = known.into_iter().flat_map(|it| it.functions.iter());
    VOLATILE.contains(&name)
        || functions
            .filter(|it| it.id.name.name == *name)
            .any(|it| it.volatility == Volatility::Volatile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_the_transaction_is_one_value() {
        let none = Catalog::default();
        for (expression, expected) in [
            ("now()", false),
            ("'nextval('::text", false),
            ("gen_random_uuid()", true),
            ("extensions.uuid_generate_v4()", true),
            ("lower ( 'x' )", false),
            ("(random() * 10)::int", true),
        ] {
            assert_eq!(
                is_volatile(expression, [&none, &none]),
                expected,
                "{expression}"
            );
        }
    }
}
