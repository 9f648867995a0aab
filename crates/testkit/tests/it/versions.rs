//! A state that is made on two versions of PostgreSQL is the same state, however each prints it.

use std::sync::Arc;

use driftless_testkit::server_programs;
use tokio::task::JoinSet;

use crate::bench::{Bench, NOTHING};
use crate::changes::AT_ONCE;
use crate::plans::{Case, cases};

/// Of how many cases one is compared where all are run: every pair of servers takes as long as the plans on one.
const COMPARED_OF: usize = 8;

/// From PostgreSQL 15 on the schema that is there from the start has another owner, and nobody else may make things in
/// it.
const SAME_SCHEMA: &str =
    "ALTER SCHEMA public OWNER TO CURRENT_USER; GRANT ALL ON SCHEMA public TO PUBLIC";

/// What two servers see differently in the states of a case.
async fn faults_of(case: &Case, [a, b]: [&Bench; 2]) -> Vec<String> {
    let mut found = Vec::new();
    for state in ["from", "to"] {
        let told = |fault| {
            let majors = (a.major, b.major);
            format!(
                "{} {state} on {} and {}: {fault}",
                case.name, majors.0, majors.1
            )
        };
        found.extend(compare(case, state, a, b).await.err().map(told));
    }
    found
}

async fn compare(case: &Case, state: &str, a: &Bench, b: &Bench) -> Result<(), String> {
    let name = format!("{} {state} {} {}", case.name, a.major, b.major);
    let sql = case.file(&format!("{state}.sql")).unwrap_or_default();
    let sql = [SAME_SCHEMA.to_owned(), sql];
    for bench in [a, b] {
        bench.database(&name, &sql).await?.close().await;
    }
    // Each of the two servers is the one that has to decide once.
    for (one, other) in [(a, b), (b, a)] {
        let plan = one.plan(one.state(&name), other.state(&name), Vec::new());
        let (script, _) = plan.await?;
        if script != NOTHING {
            return Err(format!("from {} to {}:\n{script}", one.major, other.major));
        }
    }
    for bench in [a, b] {
        bench.drop_database(&name).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_the_same_on_every_version() {
    let mut benches = Vec::new();
    for programs in server_programs() {
        benches.extend(Bench::new(&programs).await.map(Arc::new));
    }
    benches.sort_by_key(|it| it.major);
    benches.dedup_by_key(|it| it.major);
    let all = std::env::var_os("DRIFTLESS_PLANS").is_some();
    let mut pairs: Vec<[Arc<Bench>; 2]> = Vec::new();
    for (at, a) in benches.iter().enumerate() {
        let newer = benches.iter().skip(at + 1);
        pairs.extend(newer.map(|b| [Arc::clone(a), Arc::clone(b)]));
    }
    let Some(first) = pairs.first().cloned() else {
        println!("skipped: there is one version of PostgreSQL at most");
        return;
    };
    if !all {
        // The oldest and the newest are the most different.
        let widest = benches.len().saturating_sub(2);
        pairs = vec![pairs.get(widest).cloned().unwrap_or(first)];
    }
    let mut wrong = Vec::new();
    let mut running = JoinSet::new();
    for (at, case) in cases().into_iter().enumerate() {
        if !all && at % COMPARED_OF != 0 {
            continue;
        }
        for [a, b] in pairs.clone() {
            if case.since() > a.major {
                continue;
            }
            if running.len() == AT_ONCE {
                wrong.extend(running.join_next().await.unwrap().unwrap());
            }
            let case = case.clone();
            running.spawn(async move { faults_of(&case, [&a, &b]).await });
        }
    }
    wrong.extend(running.join_all().await.concat());
    wrong.sort_unstable();
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
