use driftless_catalog::{
    Argument, ArgumentMode, Function, FunctionBody, FunctionKind, Parallel, Volatility,
};
use driftless_diff::Delta;
use driftless_sql_text::{TokenKind, ident_value, quote_ident, quote_literal, tokens};

use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, Function>, options: &SqlOptions) -> (Label, Vec<Statement>) {
    let statement = |sql| vec![Statement::new(sql)];
    match delta {
        Delta::Create(it) => {
            let sql = definition(it, "CREATE", options);
            (Label::CreateFunction, statement(sql))
        }
        Delta::Drop(it) => {
            let word = match it.kind {
                FunctionKind::Procedure => "PROCEDURE",
                FunctionKind::Function | FunctionKind::Window => "FUNCTION",
            };
            let sql = format!("DROP {word} {}", options.function(&it.id));
            (Label::DropFunction, statement(sql))
        }
        Delta::Alter { to, .. } => {
            let sql = definition(to, "CREATE OR REPLACE", options);
            (Label::AlterFunction, statement(sql))
        }
    }
}

fn definition(it: &Function, verb: &str, options: &SqlOptions) -> String {
    let word = match it.kind {
        FunctionKind::Procedure => "PROCEDURE",
        FunctionKind::Function | FunctionKind::Window => "FUNCTION",
    };
    let inputs = it
        .arguments
        .iter()
        .filter(|it| it.mode != ArgumentMode::Table);
    let arguments: Vec<String> = inputs.map(|it| argument(it, options)).collect();
    let mut lines = vec![format!(
        "{verb} {word} {}({})",
        options.name(&it.id.name),
        arguments.join(", ")
    )];
    if let Some(returns) = returns(it, options) {
        lines.push(format!("RETURNS {returns}"));
    }
    lines.push(format!("LANGUAGE {}", quote_ident(it.language.as_str())));
    let properties = properties(it, options);
    if !properties.is_empty() {
        lines.push(properties.join(" "));
    }
    for (name, value) in &it.settings {
        lines.push(format!(
            "SET {} TO {}",
            setting_name(name),
            setting_value(name, value)
        ));
    }
    lines.push(match &it.body {
        FunctionBody::Source(source) => format!("AS {}", dollar_quoted(source)),
        FunctionBody::Sql(body) => body.to_string(),
        FunctionBody::Library { object, symbol } => {
            format!("AS {}, {}", quote_literal(object), quote_literal(symbol))
        }
    });
    lines.join("\n")
}

fn argument(it: &Argument, options: &SqlOptions) -> String {
    let mode = match it.mode {
        ArgumentMode::In | ArgumentMode::Table => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    };
    let name = it.name.as_ref().map(|it| format!("{} ", ident(it)));
    let default = it.default.as_ref().map(|it| format!(" DEFAULT {it}"));
    format!(
        "{mode}{}{}{}",
        name.unwrap_or_default(),
        options.data_type(&it.data_type),
        default.unwrap_or_default()
    )
}

fn returns(it: &Function, options: &SqlOptions) -> Option<String> {
    let returns = it.returns.as_ref()?;
    let columns: Vec<String> = it
        .arguments
        .iter()
        .filter(|it| it.mode == ArgumentMode::Table)
        .map(|it| argument(it, options))
        .collect();
    if !columns.is_empty() {
        return Some(format!("TABLE ({})", columns.join(", ")));
    }
    let set = if returns.set { "SETOF " } else { "" };
    Some(format!("{set}{}", options.data_type(&returns.data_type)))
}

fn properties(it: &Function, options: &SqlOptions) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut push = |word: &str| words.push(word.to_owned());
    if it.kind == FunctionKind::Window {
        push("WINDOW");
    }
    match it.volatility {
        Volatility::Immutable => push("IMMUTABLE"),
        Volatility::Stable => push("STABLE"),
        Volatility::Volatile => {}
    }
    if it.leakproof {
        push("LEAKPROOF");
    }
    if it.strict {
        push("STRICT");
    }
    if it.security_definer {
        push("SECURITY DEFINER");
    }
    match it.parallel {
        Parallel::Safe => push("PARALLEL SAFE"),
        Parallel::Restricted => push("PARALLEL RESTRICTED"),
        Parallel::Unsafe => {}
    }
    if let Some(cost) = &it.cost {
        words.push(format!("COST {cost}"));
    }
    if let Some(rows) = &it.rows {
        words.push(format!("ROWS {rows}"));
    }
    if let Some(support) = &it.support {
        words.push(format!("SUPPORT {}", options.name(support)));
    }
    words
}

/// A setting's name, which may have a point in it: `app.tenant`.
fn setting_name(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(quote_ident).collect();
    parts.join(".")
}

/// A setting's value. Those that are lists of names are kept as such a list, and each name has to be
/// written as a string of its own.
///
/// Follows PostgreSQL, `pg_get_functiondef`.
fn setting_value(name: &str, value: &str) -> String {
    const LISTS: &[&str] = &[
        "search_path",
        "temp_tablespaces",
        "local_preload_libraries",
        "session_preload_libraries",
        "shared_preload_libraries",
        "unix_socket_directories",
    ];
    if !LISTS.contains(&name) {
        return quote_literal(value);
    }
    let names: Vec<String> = tokens(value)
        .filter(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent))
        .map(|it| quote_literal(&ident_value(it.text(value))))
        .collect();
    match names.is_empty() {
        true => "''".to_owned(),
        false => names.join(", "),
    }
}

/// The text between dollar quotes that do not occur in it.
fn dollar_quoted(source: &str) -> String {
    let mut tag = "$function$".to_owned();
    while source.contains(&tag[..tag.len() - 1]) {
        tag.insert(tag.len() - 1, 'x');
    }
    format!("{tag}{source}{tag}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_names_is_written_name_by_name() {
        assert_eq!(setting_value("search_path", "\"\""), "''");
        assert_eq!(
            setting_value("search_path", "\"$user\", public"),
            "'$user', 'public'"
        );
        assert_eq!(setting_value("work_mem", "1MB"), "'1MB'");
        assert_eq!(setting_name("app.tenant"), "app.tenant");
    }

    #[test]
    fn a_body_may_hold_dollar_quotes() {
        assert_eq!(dollar_quoted("a"), "$function$a$function$");
        assert_eq!(
            dollar_quoted("$function$ $functionx$"),
            "$functionxx$$function$ $functionx$$functionxx$"
        );
    }
}
