//! Parsing and validating a schema beside Prisma's own engine, both in their process, in turn.
//!
//! `DRIFTLESS_ORACLE=tools/oracle cargo bench --package driftless-testkit --no-default-features --bench prisma
//! [-- FILE…]`. Without files: the reference application's schema and one of 300 models. Needs Node.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use driftless_finding::Sources;
use driftless_psl::{Options, parse};
use driftless_testkit::related_models;

const RUNS: u32 = 30;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Prints the least number of milliseconds of a validation by Prisma's engine.
const SCRIPT: &str = r#"
import fs from 'node:fs'
import { createRequire } from 'node:module'
const [folder, file, runs] = process.argv.slice(1)
const psl = createRequire(folder + '/oracle.mjs')('psl6')
const text = JSON.stringify({ prismaSchema: [[file, fs.readFileSync(file, 'utf8')]], noColor: true })
let least = Infinity
for (let i = 0; i < Number(runs); i++) {
  const begun = performance.now()
  psl.validate(text)
  least = Math.min(least, performance.now() - begun)
}
console.log(least)
"#;

fn prisma(oracle: &Path, file: &Path) -> f64 {
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", SCRIPT, "--"])
        .args([oracle, file])
        .arg(RUNS.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let problem = String::from_utf8_lossy(&output.stderr).into_owned();
    text.trim().parse().expect(&problem)
}

fn ours(text: &str) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let mut sources = Sources::new();
        let id = sources.add("schema.prisma", text.to_owned()).unwrap();
        black_box(parse(&sources, &[id], Options::default()));
        least = least.min(begun.elapsed().as_secs_f64() * 1000.0);
    }
    least
}

fn main() {
    let Some(oracle) = std::env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with Prisma's engines");
        return;
    };
    let oracle = std::path::absolute(PathBuf::from(oracle)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("models-300.prisma");
    std::fs::write(&large, related_models(300)).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = std::env::args().skip(1).filter(|it| !it.starts_with('-'));
    let mut files: Vec<PathBuf> = named.map(PathBuf::from).collect();
    if files.is_empty() {
        files = vec![root.join("packages/db/schema.prisma"), large];
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let (ours, prisma) = (ours(&text), prisma(&oracle, &file));
        println!(
            "{:24} {:6} KB   ours {ours:8.3} ms   Prisma {prisma:8.3} ms   {:6.1} times",
            file.file_name().unwrap().to_string_lossy(),
            text.len() / 1024,
            prisma / ours
        );
    }
}
