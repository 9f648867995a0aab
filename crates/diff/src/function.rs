use driftless_catalog::{
    Argument, ArgumentMode, Function, FunctionBody, GrantClass, ObjectId, Returns,
};

use crate::change::{Difference, Differences};
use crate::common::{delta, pair};
use crate::{Change, Found};

pub(crate) fn diff(found: &mut Found<'_, '_>) {
    for (from, to) in pair(&found.from.functions, &found.to.functions) {
        let differ = |from: &Function, to: &Function| !differences(from, to).is_empty();
        if let Some(delta) = delta(from, to, differ) {
            found.changes.push(Change::Function(delta));
        }
        if let Some(to) = to {
            let id = || ObjectId::Function(to.id.clone());
            found.common(
                id,
                Some(GrantClass::Function),
                from.map(|it| &it.common),
                &to.common,
            );
        }
    }
}

pub(crate) fn differences(from: &Function, to: &Function) -> Vec<Difference> {
    let Function {
        id: _,
        kind,
        arguments,
        returns,
        language,
        body,
        volatility,
        strict,
        security_definer,
        leakproof,
        parallel,
        cost,
        rows,
        settings,
        support,
        common: _,
    } = from;
    let mut found = Differences::default();
    let word = |it: &dyn std::fmt::Debug| format!("{it:?}").to_lowercase();
    found.shown("kind", kind, &to.kind, |it| word(it));
    let texts = |it: &[Argument]| it.iter().map(argument_text).collect::<Vec<_>>();
    found.list("arguments", &texts(arguments), &texts(&to.arguments));
    let result = |it: &Returns| format!("{}{}", if it.set { "SETOF " } else { "" }, it.data_type);
    found.maybe(
        "returns",
        &returns.as_ref().map(result),
        &to.returns.as_ref().map(result),
    );
    found.value("language", language, &to.language);
    found.shown("body", body, &to.body, |it| match it {
        FunctionBody::Source(text) => text.clone(),
        FunctionBody::Sql(expression) => expression.to_string(),
        FunctionBody::Library { object, symbol } => format!("{object}, {symbol}"),
    });
    found.shown("volatility", volatility, &to.volatility, |it| word(it));
    found.value("strict", strict, &to.strict);
    found.value("security definer", security_definer, &to.security_definer);
    found.value("leakproof", leakproof, &to.leakproof);
    found.shown("parallel", parallel, &to.parallel, |it| word(it));
    found.maybe("cost", cost, &to.cost);
    found.maybe("rows", rows, &to.rows);
    let pairs = |it: &[(String, String)]| {
        let pairs = it.iter().map(|(name, value)| format!("{name} = {value}"));
        pairs.collect::<Vec<_>>()
    };
    found.set("settings", &pairs(settings), &pairs(&to.settings));
    found.maybe("support", support, &to.support);
    found.0
}

fn argument_text(argument: &Argument) -> String {
    let mode = match argument.mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
        ArgumentMode::Table => "TABLE ",
    };
    let name = argument.name.as_ref().map(|it| format!("{it} "));
    let default = argument.default.as_ref().map(|it| format!(" DEFAULT {it}"));
    format!(
        "{mode}{}{}{}",
        name.unwrap_or_default(),
        argument.data_type,
        default.unwrap_or_default()
    )
}
