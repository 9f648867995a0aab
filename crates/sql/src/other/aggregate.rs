use driftless_catalog::Other;

use super::properties::Properties;
use crate::Statement;

/// Follows PostgreSQL, `CREATE AGGREGATE`.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    vec![Statement::new(definition(it, "CREATE AGGREGATE"))]
}

/// What of it can differ without its signature.
pub(super) fn alter(it: &Other) -> Vec<Statement> {
    vec![Statement::new(definition(
        it,
        "CREATE OR REPLACE AGGREGATE",
    ))]
}

fn definition(it: &Other, verb: &str) -> String {
    let name = it.text("name").unwrap_or_default();
    let arguments = match it.text("arguments").unwrap_or_default() {
        "" => "*",
        arguments => arguments,
    };
    let hypothetical = it.text("kind") == Some("h");
    let properties = Properties::new(it)
        .sql("SFUNC", "sfunc")
        .sql("STYPE", "stype")
        .sql("SSPACE", "sspace")
        .sql("FINALFUNC", "finalfunc")
        .flag("FINALFUNC_EXTRA", "finalfunc_extra")
        .maybe(modify(it, "FINALFUNC_MODIFY", "finalfunc"))
        .sql("COMBINEFUNC", "combinefunc")
        .sql("SERIALFUNC", "serialfunc")
        .sql("DESERIALFUNC", "deserialfunc")
        .literal("INITCOND", "initcond")
        .sql("MSFUNC", "msfunc")
        .sql("MINVFUNC", "minvfunc")
        .sql("MSTYPE", "mstype")
        .sql("MSSPACE", "msspace")
        .sql("MFINALFUNC", "mfinalfunc")
        .flag("MFINALFUNC_EXTRA", "mfinalfunc_extra")
        .maybe(modify(it, "MFINALFUNC_MODIFY", "mfinalfunc"))
        .literal("MINITCOND", "minitcond")
        .sql("SORTOP", "sortop")
        .maybe(parallel(it))
        .maybe(hypothetical.then(|| "HYPOTHETICAL".to_owned()));
    format!("{verb} {name}({arguments}) ({})", properties.join())
}

/// Whether the final function changes the state, where that is not as the server takes it for granted.
fn modify(it: &Other, name: &str, function: &str) -> Option<String> {
    it.text(function)?;
    let granted = if it.text("kind") == Some("n") {
        "r"
    } else {
        "w"
    };
    let code = it.text(&format!("{function}_modify"))?;
    let word = match code {
        "r" => "READ_ONLY",
        "s" => "SHAREABLE",
        _ => "READ_WRITE",
    };
    (code != granted).then(|| format!("{name} = {word}"))
}

fn parallel(it: &Other) -> Option<String> {
    let word = match it.text("parallel")? {
        "s" => "SAFE",
        "r" => "RESTRICTED",
        _ => return None,
    };
    Some(format!("PARALLEL = {word}"))
}
