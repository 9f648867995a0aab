//! What a script may cost: the cases that Prisma's engine warns of, and which of them we know better.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use driftless_testkit::{ServerOptions, TestServer};

use crate::changes::compared;
use crate::fixtures::{COSTS, Change, changes, changes_folder, updates};

/// Cases that Prisma does not know.
const BESIDES: &[&str] = &["constraint-added", "primary-key-added", "data-deleted"];

/// Where we say something else than Prisma: `+` what we tell besides, `-` what cannot come true. An entry stands for all
/// that begin like it. `docs/PRISMA_DIFFERENCES.md` has the reasons.
const KNOWN_BETTER: &[&str] = &[
    // Digits, or the clock, are lost.
    "cast_from_bigint: +values-cast",
    "cast_from_datetime: +values-cast",
    "cast_from_int: +values-cast",
    "cast_from_timestamp_0: +values-cast",
    "cast_from_timestamptz: +values-cast",
    "cast_from_timestamptz_6: +values-cast",
    "cast_from_timetz_6: +values-cast",
    "cast_lists: +values-cast A.d",
    "cast_sizes_down: +values-cast A.d",
    "casts_matrix: +values-cast A.j",
    "column_many_altered_at_once: +values-cast A.e",
    "native_types: +values-cast A.b",
    "whole_number_to_decimal: +values-cast A.b",
    // A list that was NULL becomes a value that may not be.
    "list_to_text: +column-made-required A.b",
    "scalar_to_list: +column-made-required A.d",
    // The rows that are there are kept apart by another key, or have NULL, or there are none.
    "column_added_with_unique: -unique-key-added A (y)",
    "column_added_with_unique: -unique-key-added A (z)",
    "composite_key_and_relation: -unique-key-added A (y,x)",
    "fk_side_of_one_to_one_changed: -unique-key-added P (cid)",
    "names_of_63_bytes_in_unicode: -unique-key-added",
    "self_relation_added: -unique-key-added A (upId)",
    "table_of_63_bytes_extended: -unique-key-added",
    "unique_made_partial: -unique-key-added A (x)",
    "unique_sort_changed: -unique-key-added A (x,y)",
    // The statement fails; what we print instead keeps the one value, or the first of several.
    "enum_list_to_scalar: +values-cast M.x",
    "enum_scalar_to_list: -scalar-made-list M.z",
    "enum_scalar_to_list: +values-cast",
    "enum_scalar_to_list_optional: -scalar-made-list M.x",
    "enum_scalar_to_list_optional: +values-cast M.x",
    // Of a live database Prisma looks at no schema that the target does not name.
    "schema_dropped: +table-dropped B",
    "schema_left_for_another: +table-dropped A",
    "schema_renamed: +table-dropped A",
    "schema_with_odd_name: +table-dropped A",
    // Of a live database Prisma knows a precision that no schema says.
    "cast_from_time: -column-made-again A.f27",
];

/// Our findings as the oracle writes Prisma's warnings.
async fn ours(change: &Change) -> BTreeSet<String> {
    let outcome = compared(change, true).await;
    let costs = outcome.findings.iter().filter(|it| {
        let name = it.code.name;
        COSTS.contains(&name) && !BESIDES.contains(&name)
    });
    costs
        .map(|it| {
            let object = it.object.as_deref().unwrap().replace('"', "");
            let (_, name) = object.split_once('.').unwrap();
            match it.message.split_once(" have the same ") {
                None => format!("{} {name}", it.code.name),
                Some((_, columns)) => {
                    let columns = columns.trim_matches(['(', ')']).replace(", ", ",");
                    format!("{} {name} ({columns})", it.code.name)
                }
            }
        })
        .collect()
}

#[tokio::test]
async fn what_prisma_warns_of_is_told() {
    let mut wrong = Vec::new();
    for change in changes() {
        let prisma = change.data_loss();
        let prisma: BTreeSet<String> = prisma.lines().map(str::to_owned).collect();
        let ours = ours(&change).await;
        let name = &change.name;
        wrong.extend(prisma.difference(&ours).map(|it| format!("{name}: -{it}")));
        wrong.extend(ours.difference(&prisma).map(|it| format!("{name}: +{it}")));
    }
    let known = |it: &String, known: &str| it.starts_with(known);
    let unknown: Vec<&String> = wrong
        .iter()
        .filter(|it| !KNOWN_BETTER.iter().any(|entry| known(it, entry)))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    let gone: Vec<&&str> = KNOWN_BETTER
        .iter()
        .filter(|entry| !wrong.iter().any(|it| known(it, entry)))
        .collect();
    assert!(gone.is_empty(), "not so any more: {gone:#?}");
}

/// The committed warnings are those of the engine, which `DRIFTLESS_ORACLE` names. With `DRIFTLESS_UPDATE=1` they are
/// written.
#[test]
fn the_warnings_are_those_of_prismas_engine() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/oracle/oracle.mjs");
    let status = Command::new("node")
        .arg(script)
        .args(["--line", "7", "data-loss-batch"])
        .args([changes_folder().as_path(), out.path()])
        .arg(server.socket_url("postgres", "postgres"))
        .env("DRIFTLESS_ORACLE", oracle)
        .status()
        .unwrap();
    assert!(status.success());
    for change in changes() {
        let answer = out.path().join(format!("{}.txt", change.name));
        let answer = std::fs::read_to_string(&answer).unwrap();
        let file = change.folder.join("data_loss.txt");
        match (updates(), answer.is_empty()) {
            (true, false) => std::fs::write(&file, &answer).unwrap(),
            (true, true) if file.exists() => std::fs::remove_file(&file).unwrap(),
            (true | false, _) => {}
        }
        assert_eq!(answer, change.data_loss(), "{}", change.name);
    }
}
