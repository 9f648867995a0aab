//! What policies name that no server has read: their columns and tables, found by their words.
//!
//! Too many are named rather than too few: whoever goes by it drops and makes again a policy that might as well have
//! stayed, and never leaves one in the way.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use driftless_catalog::{Catalog, Expression, Ident, ObjectId, Policy, Table};
use driftless_sql_text::{TokenKind, ident_value, tokens};

/// Puts what the policies of `catalog` name that are not the same in `known` in the place of what was known of them.
pub(crate) fn note(catalog: &mut Catalog, known: &Catalog) {
    let mut by_name: BTreeMap<&str, Vec<&Table>> = BTreeMap::new();
    for table in &catalog.tables {
        let tables = by_name.entry(table.name.name.as_str()).or_default();
        tables.push(table);
    }
    let mut found = Vec::new();
    for table in &catalog.tables {
        let known = known.tables.get(&table.name);
        let is_known =
            |it: &Policy| known.and_then(|known| known.policies.get(&it.name)) == Some(it);
        for policy in table.policies.iter().filter(|it| !is_known(it)) {
            let object = ObjectId::Policy(table.name.clone(), policy.name.clone());
            found.push((object, needs(table, policy, &by_name)));
        }
    }
    catalog.dependencies.extend(found);
}

fn needs(own: &Table, policy: &Policy, by_name: &BTreeMap<&str, Vec<&Table>>) -> Vec<ObjectId> {
    let expressions = policy.using.iter().chain(&policy.with_check);
    let mut words = HashSet::new();
    expressions.for_each(|it| read(it, &mut words));
    let others = words.iter().filter_map(|it| by_name.get(it.as_str()));
    let others = others.flatten().copied().filter(|it| it.name != own.name);
    let mut found = BTreeSet::new();
    for table in others.chain([own]) {
        let is_named = |it: &Ident| words.contains("*") || words.contains(it.as_str());
        let named = table.columns.iter().filter(|it| is_named(&it.name));
        found.extend(named.map(|it| ObjectId::Column(table.name.clone(), it.name.clone())));
        if table.name != own.name {
            found.insert(ObjectId::Table(table.name.clone()));
        }
    }
    found.into_iter().collect()
}

/// Collects names as the server understands them, and the star that stands for all columns.
fn read(expression: &Expression, words: &mut HashSet<String>) {
    let text = &*expression.text;
    for token in tokens(text) {
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent);
        if is_name {
            words.insert(ident_value(token.text(text)).into_owned());
        } else if token.is(text, "*") {
            words.insert("*".to_owned());
        }
    }
}
