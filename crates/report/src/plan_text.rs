//! A script as data, for people: each statement under what it does to a database in use.

use std::time::Duration;

use driftless_lint::{HazardCode, Plan, PlanHazard, PlannedStatement, WorkKind};

use crate::RenderOptions;
use crate::style::{Style, harmless};

/// The plan as text: transactions as they have to be run, over each statement its locks and hazards.
pub fn plan_text(plan: &Plan, options: &RenderOptions) -> String {
    let style = Style {
        color: options.color,
    };
    let mut sections = Vec::new();
    for statements in plan.transactions() {
        let outside = statements.iter().any(|it| it.transaction.is_none());
        let head = match (outside, statements.len()) {
            (true, _) => "outside a transaction".to_owned(),
            (false, 1) => "one transaction, 1 statement".to_owned(),
            (false, count) => format!("one transaction, {count} statements"),
        };
        let mut section = format!("{}\n", style.bold(&head));
        for it in statements {
            section.push_str(&statement(it, style));
        }
        sections.push(section);
    }
    if sections.is_empty() {
        return "nothing to do\n".to_owned();
    }
    sections.join("\n")
}

fn statement(it: &PlannedStatement, style: Style) -> String {
    let mut text = String::new();
    let mut lines = it.sql.lines();
    let first = lines.next().unwrap_or_default();
    text.push_str(&format!("  {}\n", harmless(first).trim_end()));
    for line in lines {
        text.push_str(&format!("  {}\n", harmless(line).trim_end()));
    }
    let mut fact = |word: &str, said: String| {
        text.push_str(&format!(
            "      {} {}\n",
            style.frame(word),
            harmless(&said).trim_end()
        ));
    };
    for lock in &it.effects.locks {
        fact("lock  ", lock.to_string());
    }
    for work in &it.effects.work {
        let verb = match work.kind {
            WorkKind::Rewrite => "writes all rows of",
            WorkKind::Scan => "reads all rows of",
            WorkKind::BuildIndex => "builds an index of",
        };
        let may = if work.certain { "" } else { "perhaps " };
        fact("work  ", format!("{may}{verb} {}", work.relation));
    }
    for hazard in it.hazards.iter().filter(|it| is_news(it)) {
        // Some words say themselves that they hang on the rows.
        let sure = hazard.certain || hazard.message.contains(" if ");
        let may = if sure { "" } else { "perhaps " };
        fact(
            "hazard",
            format!("{}: {may}{}", hazard.code, hazard.message),
        );
    }
    let bounds = [
        ("lock_timeout", it.timeouts.lock),
        ("statement_timeout", it.timeouts.statement),
    ];
    let bounds = bounds.into_iter().filter_map(|(name, bound)| {
        let bound = bound.map(shown)?;
        Some(format!("{name} {bound}"))
    });
    let bounds: Vec<String> = bounds.collect();
    if !bounds.is_empty() && !it.effects.locks.is_empty() {
        fact("bounds", bounds.join(", "));
    }
    text
}

/// What the lines about locks and work have not said yet.
fn is_news(it: &PlanHazard) -> bool {
    ![
        HazardCode::AccessExclusiveLock,
        HazardCode::ExclusiveLock,
        HazardCode::ShareRowExclusiveLock,
        HazardCode::ShareLock,
        HazardCode::RewritesTable,
        HazardCode::ScansTable,
        HazardCode::IndexBuild,
    ]
    .contains(&it.code)
}

fn shown(bound: Duration) -> String {
    match bound.as_secs() {
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{}min", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}
