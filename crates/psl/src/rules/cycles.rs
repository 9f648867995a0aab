//! Referential actions that go round in a circle.
//!
//! Without foreign keys, Prisma Client takes the actions itself and would never end. PostgreSQL can, so this is only for
//! `relationMode = "prisma"`.

use driftless_finding::{Code, Finding, Severity};

use super::Rules;
use crate::relations::{Found, Inline};
use crate::schema::{ReferentialAction, RelationMode};

/// A circle of actions.
pub(crate) static CYCLIC_ACTIONS: Code = Code {
    name: "cyclic-actions",
    severity: Severity::Error,
    summary: "with `relationMode = \"prisma\"`, referential actions go round in a circle",
    explanation: "A deleted or changed row changes the rows that reference it, those change others, and at last the first row is \
        changed again. Prisma Client, which takes these actions without the help of the database, would not end. Write \
        `onDelete: Restrict, onUpdate: Restrict` at one of the relations of the circle.",
};

/// Why a relation is part of the problem.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cycle {
    /// The model references itself.
    Itself,
    /// The model references others that reference it.
    Others,
    /// The model references others, one of which references itself.
    Behind,
}

/// Of each relation, whether its actions go round in a circle.
pub(super) fn find(rules: &Rules<'_, '_>, relations: &[Found]) -> Vec<Option<Cycle>> {
    if rules.schema.relation_mode() == RelationMode::ForeignKeys {
        return vec![None; relations.len()];
    }
    let models = rules.schema.models.len();
    let mut graph = Graph::new(models);
    for inline in relations.iter().filter_map(|it| acting(rules, it)) {
        graph.add(inline.model.0 as usize, inline.referenced.0 as usize);
    }
    let circle = graph.circles();
    let leads_to_itself = graph.leading_to(|it| graph.to[it].contains(&it));
    let cycle = |inline: &Inline| {
        let (from, to) = (inline.model.0 as usize, inline.referenced.0 as usize);
        if from == to {
            Some(Cycle::Itself)
        } else if circle[from] == circle[to] {
            Some(Cycle::Others)
        } else {
            leads_to_itself[to].then_some(Cycle::Behind)
        }
    };
    relations
        .iter()
        .map(|it| acting(rules, it).and_then(cycle))
        .collect()
}

/// Says what is wrong with a relation.
pub(super) fn finding(rules: &Rules<'_, '_>, inline: &Inline, cycle: Cycle) -> Option<Finding> {
    let model = &rules.schema[inline.model];
    let field = &model[inline.forward?];
    let other = &rules.schema[inline.referenced].name;
    let message = match cycle {
        Cycle::Itself => format!(
            "`{}` references itself, and its actions would not end",
            model.name
        ),
        Cycle::Others => format!("`{}` references `{other}`, and that leads back", model.name),
        Cycle::Behind => format!(
            "`{}` references `{other}`, and that leads to a circle",
            model.name
        ),
    };
    let finding = Finding::new(&CYCLIC_ACTIONS, message).at(field.name.span);
    Some(
        finding
            .help("write `onDelete: Restrict, onUpdate: Restrict` at one relation of the circle"),
    )
}

/// The relation, if it is whole and one of its actions changes rows.
fn acting<'f>(rules: &Rules<'_, '_>, relation: &'f Found) -> Option<&'f Inline> {
    let Found::Inline(inline) = relation else {
        return None;
    };
    let id = rules.schema[inline.model][inline.forward?]
        .as_relation()?
        .relation?;
    let key = rules.schema[id].foreign_key()?;
    let changes = |it: ReferentialAction| match it {
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => {
            true
        }
        ReferentialAction::Restrict | ReferentialAction::NoAction => false,
    };
    (changes(key.on_delete.effective) || changes(key.on_update.effective)).then_some(inline)
}

/// Who references whom.
struct Graph {
    to: Vec<Vec<usize>>,
    from: Vec<Vec<usize>>,
}

impl Graph {
    fn new(nodes: usize) -> Self {
        Self {
            to: vec![Vec::new(); nodes],
            from: vec![Vec::new(); nodes],
        }
    }

    fn add(&mut self, from: usize, to: usize) {
        self.to[from].push(to);
        self.from[to].push(from);
    }

    /// Gives the same number to nodes that can be reached from each other (Kosaraju).
    fn circles(&self) -> Vec<usize> {
        let mut seen = vec![false; self.to.len()];
        let mut finished = Vec::with_capacity(self.to.len());
        let mut path = Vec::new();
        for start in 0..self.to.len() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            path.push((start, 0));
            while let Some((node, next)) = path.last_mut() {
                match self.to[*node].get(*next) {
                    Some(&child) => {
                        *next += 1;
                        if !std::mem::replace(&mut seen[child], true) {
                            path.push((child, 0));
                        }
                    }
                    None => {
                        finished.push(*node);
                        path.pop();
                    }
                }
            }
        }
        let mut circle = vec![usize::MAX; self.to.len()];
        let mut open = Vec::new();
        for &start in finished.iter().rev() {
            open.push(start);
            while let Some(node) = open.pop() {
                if circle[node] == usize::MAX {
                    circle[node] = start;
                    open.extend(&self.from[node]);
                }
            }
        }
        circle
    }

    /// Which nodes lead to one that is wanted, or are one.
    fn leading_to(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut leads = vec![false; self.to.len()];
        let mut open: Vec<_> = (0..self.to.len()).filter(|it| is_wanted(*it)).collect();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut leads[node], true) {
                open.extend(&self.from[node]);
            }
        }
        leads
    }
}
