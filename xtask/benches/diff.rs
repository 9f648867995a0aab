//! `db-diff` between two schemas as a command, beside Prisma's engine as a command, in turn.
//!
//! `DRIFTLESS_ORACLE=tools/oracle cargo bench --package driftless --no-default-features --bench diff`. Needs Node. Prisma's
//! side is the engine behind the shortest script that can be, without what Prisma's own command does around it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "this is a program"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use driftless_testkit::related_models;

const RUNS: u32 = 7;

/// What a command prints, and how long it takes.
fn timed(command: &mut Command) -> (Vec<u8>, Duration) {
    let begun = Instant::now();
    let output = command.output().unwrap();
    let elapsed = begun.elapsed();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}");
    (output.stdout, elapsed)
}

fn compare(name: &str, folder: &Path, oracle: &Path, text: &str) {
    let (from, to) = (folder.join("from.prisma"), folder.join("to.prisma"));
    let (head, model) = text.split_once("\nmodel ").unwrap();
    let (first_line, rest) = model.split_once('\n').unwrap();
    std::fs::write(&from, text).unwrap();
    let edited = format!("{head}\nmodel {first_line}\n  addedInTheBench String?\n{rest}");
    std::fs::write(&to, edited).unwrap();
    let (mut ours, mut prisma) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let (our_script, elapsed) = timed(
            Command::new(env!("CARGO_BIN_EXE_driftless"))
                .args(["db-diff", "--script"])
                .args(["--from", &format!("prisma:{}", from.display())])
                .args(["--to", &format!("prisma:{}", to.display())]),
        );
        ours = ours.min(elapsed);
        let (prisma_script, elapsed) = timed(
            Command::new("node")
                .arg(oracle.join("oracle.mjs"))
                .arg("ddl")
                .arg(&to)
                .arg("--from")
                .arg(&from),
        );
        prisma = prisma.min(elapsed);
        assert_eq!(our_script, prisma_script);
    }
    println!(
        "{name:24} {:6} KB   ours {:8.1} ms   Prisma {:8.1} ms   {:6.1} times",
        text.len() / 1024,
        ours.as_secs_f64() * 1000.0,
        prisma.as_secs_f64() * 1000.0,
        prisma.as_secs_f64() / ours.as_secs_f64()
    );
}

fn main() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let oracle = std::path::absolute(PathBuf::from(oracle)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packages/db/schema.prisma");
    let reference = std::fs::read_to_string(reference).unwrap();
    compare(
        "the reference application",
        folder.path(),
        &oracle,
        &reference,
    );
    compare("300 models", folder.path(), &oracle, &related_models(300));
}
