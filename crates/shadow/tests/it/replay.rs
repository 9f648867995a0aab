//! Files in, a database and findings out.

use driftless_finding::{Finding, Sources};
use driftless_shadow::{
    FileOutcome, Replay, ReplayFile, ReplayMode, ReplayOptions, ShadowDatabase,
};

use crate::servers::on_each_database;

/// Replays `texts` as files `1.sql`, `2.sql`, ….
async fn replay(
    database: &mut ShadowDatabase,
    mode: ReplayMode,
    texts: &[&str],
) -> (Sources, Replay) {
    let mut sources = Sources::new();
    let files: Vec<ReplayFile> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| ReplayFile {
            source: sources.add(format!("{}.sql", index + 1), *text).unwrap(),
            version: (index + 1).to_string(),
            name: String::new(),
        })
        .collect();
    let replay = database
        .replay(&sources, &files, &ReplayOptions { mode })
        .await
        .unwrap();
    (sources, replay)
}

fn shown(sources: &Sources, findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|it| {
            let place = it
                .span
                .map(|span| sources.locate(span).to_string())
                .unwrap_or_default();
            format!("{place} {}[{}] {}", it.severity, it.code, it.message)
        })
        .collect()
}

async fn tables(database: &ShadowDatabase) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1";
    let rows = database.client().query(sql, &[]).await.unwrap();
    rows.iter().map(|it| it.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_run_in_order() {
    on_each_database(async |database| {
        let texts = [
            "create table a (id int primary key);",
            "create table b (a int references a);",
            "",
        ];
        let (sources, replay) = replay(database, ReplayMode::Strict, &texts).await;
        assert_eq!(shown(&sources, &replay.findings), [""; 0]);
        assert!(
            replay
                .files
                .iter()
                .all(|it| it.outcome == FileOutcome::Applied)
        );
        assert_eq!(tables(database).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_stops_the_replay_unless_told_otherwise() {
    let texts = [
        "create table a ();\ncreate table b (x nonsense);\ncreate table c ();",
        "create table d ();",
    ];
    for (mode, expected, outcomes) in [
        (
            ReplayMode::Strict,
            vec![],
            [FileOutcome::Undone, FileOutcome::NotReached],
        ),
        (
            ReplayMode::File,
            vec!["d"],
            [FileOutcome::Undone, FileOutcome::Applied],
        ),
        (
            ReplayMode::Statement,
            vec!["a", "c", "d"],
            [FileOutcome::Partly, FileOutcome::Applied],
        ),
    ] {
        on_each_database(async |database| {
            let (sources, replay) = replay(database, mode, &texts).await;
            assert_eq!(
                shown(&sources, &replay.findings)[0],
                "1.sql:2:19 error[replay-failed] type \"nonsense\" does not exist"
            );
            assert_eq!(tables(database).await, expected);
            assert_eq!(
                replay.files.iter().map(|it| it.outcome).collect::<Vec<_>>(),
                outcomes
            );
        })
        .await;
    }
}
