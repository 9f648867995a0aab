//! What runs while a plan is applied: a check that is added calls its function for every row, and that calls others.
//!
//! The server records what an expression calls, and nothing of what a function written as a string does. So its words
//! are read, and each thing that they may name comes first, where nothing else forbids it.

use std::collections::{BTreeSet, HashMap, HashSet};

use driftless_catalog::{Catalog, Column, ConstraintKind, FunctionBody, ObjectId, QualifiedName};
use driftless_sql_text::{TokenKind, ident_value, tokens};

use crate::graph::{Graph, Lookup};
use crate::{Change, Delta};

/// Lets each change that evaluates expressions wait for what these may need.
pub(crate) fn edges(graph: &mut Graph, to: &Catalog, changes: &[Change<'_>]) {
    let evaluators = changes.iter().enumerate();
    let evaluators: Vec<usize> = evaluators
        .filter(|(_, it)| evaluates(it))
        .map(|(at, _)| at)
        .collect();
    let matters = |it: &Change<'_>| matches!(it, Change::Function(_) | Change::Rows { .. });
    if evaluators.is_empty() || !changes.iter().any(matters) {
        return;
    }
    let lookup = Lookup::new(changes);
    // What gives a table its columns and rows.
    let mut fillers: HashMap<&QualifiedName, Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Column { table, .. } = change {
            fillers.entry(table).or_default().push(at);
        } else if let Change::Rows { to, .. } = change {
            fillers.entry(&to.name).or_default().push(at);
        }
    }
    let names = Names::new(to);
    for at in evaluators {
        for needed in reached(&changes[at].object(), to, &names) {
            let made = lookup.maker(&needed).into_iter();
            let fillers = table(&needed).and_then(|it| fillers.get(it));
            for first in made.chain(fillers.into_iter().flatten().copied()) {
                graph.prefer(first, at);
            }
        }
    }
}

/// Whether a change lets the server evaluate expressions for rows that are there.
fn evaluates(change: &Change<'_>) -> bool {
    match change {
        Change::Column { delta, .. } => match delta {
            Delta::Create(it) => is_computed(it) || it.data_type.name.user_defined().is_some(),
            Delta::Alter { from, to } => {
                from.data_type != to.data_type || from.generated != to.generated
            }
            Delta::Drop(_) => false,
        },
        Change::Constraint { delta, .. } => match delta {
            Delta::Create(it) | Delta::Alter { to: it, .. } => {
                let kinds = (&it.kind, it.validated);
                matches!(
                    kinds,
                    (ConstraintKind::Check { .. }, true) | (ConstraintKind::Exclusion { .. }, _)
                )
            }
            Delta::Drop(_) => false,
        },
        Change::DomainConstraint { delta, .. } => match delta {
            Delta::Create(it) | Delta::Alter { to: it, .. } => it.validated,
            Delta::Drop(_) => false,
        },
        Change::MaterializedView(Delta::Create(it)) => it.populated,
        Change::Index { delta, .. } => matches!(delta, Delta::Create(_)),
        Change::Partition { to, .. } => to.is_some(),
        Change::Domain(Delta::Alter { .. }) => true,
        Change::MaterializedView(_)
        | Change::Table(_)
        | Change::Domain(_)
        | Change::Default { .. }
        | Change::Rows { .. }
        | Change::Schema(_)
        | Change::Extension(_)
        | Change::Enum(_)
        | Change::Sequence(_)
        | Change::SequenceOwner { .. }
        | Change::AttachIndex { .. }
        | Change::Trigger { .. }
        | Change::RowSecurity { .. }
        | Change::Policy { .. }
        | Change::View(_)
        | Change::Function(_)
        | Change::DefaultPrivilege(_)
        | Change::Other(_)
        | Change::Owner { .. }
        | Change::Comment { .. }
        | Change::Grants { .. } => false,
    }
}

fn is_computed(column: &Column) -> bool {
    column.default.is_some() || column.generated.is_some()
}

fn table(object: &ObjectId) -> Option<&QualifiedName> {
    if let ObjectId::Table(name) = object {
        return Some(name);
    }
    None
}

/// Everything that evaluating `object` may come across.
fn reached(object: &ObjectId, to: &Catalog, names: &Names<'_>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![object.clone()];
    while let Some(next) = waiting.pop() {
        // Rows of these are there; what they were computed from is not asked again.
        let is_stored = matches!(next, ObjectId::Table(_) | ObjectId::MaterializedView(_));
        if is_stored && next != *object {
            continue;
        }
        let mut needs: Vec<ObjectId> = to.dependencies_of(&next).cloned().collect();
        if let ObjectId::Column(relation, _) = &next {
            needs.push(ObjectId::View(relation.clone()));
            needs.push(ObjectId::Table(relation.clone()));
        } else if let ObjectId::Function(id) = &next
            && let Some(FunctionBody::Source(text)) = to.functions.get(id).map(|it| &it.body)
        {
            needs.extend(names.named_in(text));
        } else if let ObjectId::Domain(name) = &next
            && let Some(domain) = to.domains.get(name)
        {
            let checks = domain.constraints.iter().map(|it| it.name.clone());
            needs.extend(checks.map(|it| ObjectId::DomainConstraint(name.clone(), it)));
        }
        waiting.extend(needs.into_iter().filter(|it| found.insert(it.clone())));
    }
    found.remove(object);
    found
}

/// What a function may name, by its name without a schema.
struct Names<'a>(HashMap<&'a str, Vec<ObjectId>>);

impl<'a> Names<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        let mut found: HashMap<&str, Vec<ObjectId>> = HashMap::new();
        let mut add = |name: &'a QualifiedName, id: ObjectId| {
            found.entry(name.name.as_str()).or_default().push(id);
        };
        for it in &catalog.functions {
            add(&it.id.name, ObjectId::Function(it.id.clone()));
        }
        for it in &catalog.tables {
            add(&it.name, ObjectId::Table(it.name.clone()));
        }
        for it in &catalog.views {
            add(&it.name, ObjectId::View(it.name.clone()));
        }
        for it in &catalog.materialized_views {
            add(&it.name, ObjectId::MaterializedView(it.name.clone()));
        }
        for it in &catalog.sequences {
            add(&it.name, ObjectId::Sequence(it.name.clone()));
        }
        Self(found)
    }

    /// What the words of a body may mean, those of the strings in it included: they may be statements.
    fn named_in(&self, body: &str) -> HashSet<ObjectId> {
        let mut found = HashSet::new();
        for token in tokens(body) {
            let text = token.text(body);
            match token.kind {
                TokenKind::Word | TokenKind::QuotedIdent => {
                    let named = self.0.get(&*ident_value(text)).into_iter().flatten();
                    found.extend(named.cloned());
                }
                TokenKind::String | TokenKind::EscapeString | TokenKind::DollarString => {
                    let inner = text.trim_matches(['\'', '$']);
                    if inner.len() < text.len() {
                        found.extend(self.named_in(inner));
                    }
                }
                TokenKind::BitString
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Operator
                | TokenKind::Punctuation
                | TokenKind::Comment
                | TokenKind::Unterminated
                | TokenKind::Other => {}
            }
        }
        found
    }
}
