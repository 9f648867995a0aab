//! `@@index`. Prisma schema reference, *`@@index`*.

use driftless_finding::{Code, Finding, Severity};

use super::ModelScope;
use super::given::Given;
use super::index_fields::index_fields;
use super::predicate::predicate;
use crate::findings::Findings;
use crate::schema::{Declared, Index, IndexAlgorithm, IndexKind};
use crate::text::{and, quoted};
use crate::values::{WRONG_VALUE, boolean, constant};

/// `name` and `map` of an index.
pub(crate) static INDEX_NAMED_TWICE: Code = Code {
    name: "index-named-twice",
    severity: Severity::Error,
    summary: "an `@@index` has both a `name` and a `map`",
    explanation: "`map` is the name of an index in the database. `name` means the same here, for schemas that are older \
        than `map`.",
};

pub(super) fn on_model<'a>(
    scope: &mut ModelScope<'_, 'a>,
    given: &mut Given<'a>,
    findings: &mut Findings,
) {
    let fields = index_fields(scope.block, given, findings).unwrap_or_default();
    let name = given.take_name("name", findings);
    let map = given.take_name("map", findings);
    if let (Some(name), Some(map)) = (&name, &map) {
        let finding =
            Finding::new(&INDEX_NAMED_TWICE, "an index has one name, `map`").at(name.span);
        findings.push(
            finding
                .label(map.span, "the other one")
                .help("remove the `name`"),
        );
    }
    let index = Index {
        kind: IndexKind::Normal,
        fields,
        name: None,
        mapped_name: map.or(name),
        algorithm: algorithm(given, findings),
        predicate: predicate(scope, given, findings),
        clustered: given.take("clustered").and_then(|it| boolean(it, findings)),
        declared: Declared::OnBlock,
        span: given.attribute.span,
    };
    scope.model.indexes.push(index);
}

fn algorithm(given: &mut Given<'_>, findings: &mut Findings) -> Option<IndexAlgorithm> {
    let name = constant(given.take("type")?, findings)?;
    let algorithm = IndexAlgorithm::from_name(name.value);
    if algorithm.is_none() {
        let message = format!("there are no `{}` indexes", name.value);
        let finding = Finding::new(&WRONG_VALUE, message).at(name.span);
        let known = IndexAlgorithm::ALL.map(IndexAlgorithm::as_str);
        let help = format!("write one of {}", and(known.map(quoted)));
        let finding = findings.did_you_mean(finding, name.value, known, &help);
        findings.push(finding);
    }
    algorithm
}
