//! A plan as a script that says itself which transactions it runs in, and how long it may wait.

use std::time::Duration;

use crate::plan::{Plan, PlannedStatement};

/// The plan as SQL that `psql` or a migration runner can take as it stands: transactions as they have to be, each
/// with bounds on how long it waits for locks and runs; what cannot run inside one stands alone, without bounds.
pub fn online_script(plan: &Plan) -> String {
    if plan.statements.is_empty() {
        return "-- This is an empty migration.\n".to_owned();
    }
    let settings = plan.settings.iter().map(|it| format!("{it};\n"));
    let sections = plan.transactions().map(section);
    let sections: Vec<String> = settings.chain(sections).collect();
    sections.join("\n")
}

fn section(statements: &[PlannedStatement]) -> String {
    let outside = statements.iter().any(|it| it.transaction.is_none());
    let mut text = String::new();
    if outside {
        text.push_str("-- Outside a transaction. If it fails, compare again: what it leaves is found and mended.\n");
        text.push_str("SET lock_timeout = 0;\nSET statement_timeout = 0;\n");
    } else {
        text.push_str("BEGIN;\n");
        let locks = statements.iter().filter_map(|it| it.timeouts.lock);
        let lock = locks.max();
        // One without a bound lets the whole transaction be without.
        let runs: Option<Vec<Duration>> =
            statements.iter().map(|it| it.timeouts.statement).collect();
        let run = runs.and_then(|it| it.into_iter().max());
        for (name, bound) in [("lock_timeout", lock), ("statement_timeout", run)] {
            if let Some(bound) = bound {
                text.push_str(&format!("SET LOCAL {name} = '{}s';\n", bound.as_secs()));
            }
        }
    }
    let mut label = None;
    for it in statements {
        if label != Some((it.label, &it.object)) {
            text.push_str(&format!("-- {}\n", it.label.as_str()));
            label = Some((it.label, &it.object));
        }
        let is_comment = it.sql.lines().all(|it| it.trim_start().starts_with("--"));
        let end = if is_comment { "" } else { ";" };
        text.push_str(&format!("{}{end}\n", it.sql));
    }
    if !outside {
        text.push_str("COMMIT;\n");
    }
    text
}
