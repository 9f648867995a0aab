//! What a plan says of its statements, beside what the server says that they did: which relations each one locked
//! and how strongly (`pg_locks`), and which of them it wrote anew (`pg_class.relfilenode`).

use std::collections::BTreeMap;

use driftless_connect::Connection;
use driftless_lint::{LockMode, Plan, PlannedStatement, WorkKind};

/// The tables, views and materialized views, by OID: name, and the file that holds the rows.
type Relations = BTreeMap<u32, (String, u32)>;

const RELATIONS: &str = r"
    SELECT c.oid, format('%I.%I', n.nspname, c.relname), c.relfilenode
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
";

const LOCKS: &str = r"
    SELECT relation, mode FROM pg_locks
    WHERE locktype = 'relation' AND pid = pg_backend_pid() AND database <> 0
";

/// Runs a plan statement by statement; each does what it is said to do, and nothing else.
pub(crate) async fn run(database: &Connection, plan: &Plan) -> Result<(), String> {
    for it in &plan.settings {
        execute(database, it).await?;
    }
    let before = relations(database).await?;
    for it in &plan.statements {
        if it.sql.starts_with("--") {
            continue;
        }
        if it.transaction.is_none() {
            execute(database, &it.sql).await?;
            continue;
        }
        let files = relations(database).await?;
        execute(database, "BEGIN").await?;
        execute(database, &it.sql).await?;
        let done = observed(database, &before, &files).await;
        execute(database, "COMMIT").await?;
        compare(it, &before, &done?)?;
    }
    Ok(())
}

async fn execute(database: &Connection, sql: &str) -> Result<(), String> {
    database.batch_execute(sql).await.map_err(|error| {
        let said = error.as_db_error().map(ToString::to_string);
        format!("{}: {sql}", said.unwrap_or_else(|| error.to_string()))
    })
}

async fn relations(database: &Connection) -> Result<Relations, String> {
    let rows = database.query(RELATIONS, &[]).await;
    let rows = rows.map_err(|it| it.to_string())?;
    let relations = rows.iter().map(|it| (it.get(0), (it.get(1), it.get(2))));
    Ok(relations.collect())
}

/// What a statement did, by the names that relations had before the plan.
#[derive(Debug, Default)]
struct Done {
    locks: BTreeMap<String, LockMode>,
    rewritten: Vec<String>,
}

async fn observed(
    database: &Connection,
    before: &Relations,
    files: &Relations,
) -> Result<Done, String> {
    let mut done = Done::default();
    let rows = database.query(LOCKS, &[]).await;
    for row in rows.map_err(|it| it.to_string())? {
        let Some((name, _)) = before.get(&row.get(0)) else {
            continue;
        };
        let mode: String = row.get(1);
        let mode = LockMode::parse(&mode).ok_or(mode)?;
        let held = done.locks.entry(name.clone()).or_insert(mode);
        *held = mode.max(*held);
    }
    done.locks.retain(|_, mode| *mode > LockMode::AccessShare);
    for (oid, (_, file)) in relations(database).await? {
        let was = files.get(&oid).map(|(_, file)| *file);
        if let (Some((name, _)), true) = (before.get(&oid), was.is_some_and(|it| it != file)) {
            done.rewritten.push(name.clone());
        }
    }
    done.rewritten.sort_unstable();
    Ok(done)
}

fn compare(it: &PlannedStatement, before: &Relations, done: &Done) -> Result<(), String> {
    let claimed: BTreeMap<String, LockMode> = it
        .effects
        .locks
        .iter()
        .map(|it| (it.relation.to_string(), it.mode))
        .collect();
    for (name, mode) in &done.locks {
        match claimed.get(name) {
            Some(claim) if claim == mode => {}
            Some(claim) => return Err(wrong(it, &format!("{name}: {mode}, said {claim}"))),
            None => return Err(wrong(it, &format!("{name}: {mode}, and nothing said"))),
        }
    }
    let known = |name: &String| before.values().any(|(it, _)| it == name);
    let too_much = claimed
        .iter()
        .find(|(name, _)| known(name) && !done.locks.contains_key(*name));
    if let Some((name, claim)) = too_much {
        return Err(wrong(it, &format!("{name}: nothing, said {claim}")));
    }
    let surely = |kind| {
        let works = it.effects.work.iter().filter(move |it| it.kind == kind);
        works.map(|it| (it.relation.to_string(), it.certain))
    };
    let claimed: BTreeMap<String, bool> = surely(WorkKind::Rewrite).collect();
    if let Some(name) = done.rewritten.iter().find(|it| !claimed.contains_key(*it)) {
        return Err(wrong(it, &format!("writes {name} anew, and nothing said")));
    }
    for (name, certain) in claimed {
        if certain && !done.rewritten.contains(&name) {
            return Err(wrong(it, &format!("is said to write {name} anew")));
        }
    }
    Ok(())
}

fn wrong(it: &PlannedStatement, what: &str) -> String {
    format!("locks: {what}\n{}\n", it.sql)
}
