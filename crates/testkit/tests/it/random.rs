//! The laws of the house for schemas that nobody has thought of, and for changes of them.
//!
//! What is drawn depends on a seed alone. `DRIFTLESS_CASES` is how many cases are drawn, `DRIFTLESS_SEED` is the seed of
//! the first; each further one has the next seed. What fails is shown with its seed and its schemas:
//! `DRIFTLESS_CASES=1 DRIFTLESS_SEED=…` draws it again.

mod edit;
mod make;
mod repair;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use driftless_finding::{Severity, Sources};
use driftless_psl::{Options, format, parse};
use driftless_testkit::{ServerOptions, TestServer};
use fastrand::Rng;
use tokio::task::JoinSet;

use crate::changes::{AT_ONCE, applied, script};
use crate::ddl::our_ddl;
use crate::fixtures::Change;

/// How many cases are drawn where nobody asks for more.
const CASES: u64 = 60;

/// The first seed where nobody gives another.
const SEED: u64 = 1;

/// A number of the environment, or the usual one.
pub(crate) fn number(variable: &str, usual: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => usual,
    }
}

/// Two schemas, written into a folder as the fixtures are.
fn draw(seed: u64, folder: &Path) -> Change {
    let mut rng = Rng::with_seed(seed);
    let from = make::schema(&mut rng);
    let mut to = from.clone();
    edit::edit(&mut to, &mut rng);
    let name = format!("seed_{seed}");
    let folder = folder.join(&name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("from.prisma"), from.text()).unwrap();
    fs::write(folder.join("to.prisma"), to.text()).unwrap();
    Change { name, folder }
}

/// What was drawn, and how to draw it again.
fn shown(change: &Change) -> String {
    let read = |name: &str| fs::read_to_string(change.schema(name)).unwrap();
    let seed = change.name.trim_start_matches("seed_");
    format!(
        "again: DRIFTLESS_CASES=1 DRIFTLESS_SEED={seed}\n--- from.prisma\n{}\n--- to.prisma\n{}",
        read("from.prisma"),
        read("to.prisma")
    )
}

/// The errors in a schema, and its formatted text.
fn checked(path: &Path) -> (Vec<String>, Option<String>) {
    let mut sources = Sources::new();
    let text = fs::read_to_string(path).unwrap();
    let file = sources.add("schema.prisma", text.as_str()).unwrap();
    let parsed = parse(&sources, &[file], Options { prisma: None });
    let errors = parsed.findings.iter();
    let errors = errors
        .filter(|it| it.severity == Severity::Error)
        .map(|it| format!("{}: {}", it.code, it.message));
    let formatted = format(&sources, &[file]).ok();
    (
        errors.collect(),
        formatted.and_then(|it| it.into_iter().next()),
    )
}

/// What Prisma's engine answers, in files of the same names as the cases.
struct Answers {
    folder: tempfile::TempDir,
}

impl Answers {
    /// Asks the engines in the folder `oracle`, in three runs for all cases, whose pairs are in the folder `pairs`.
    fn of(oracle: &Path, cases: &[Change], pairs: &Path) -> Self {
        let alone = tempfile::tempdir().unwrap();
        for case in cases {
            let copy = alone.path().join(format!("{}.prisma", case.name));
            fs::copy(case.schema("to.prisma"), copy).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let ask = |command: &str, from: &Path, to: &str| {
            let status = Command::new("node")
                .arg(oracle.join("oracle.mjs"))
                .args(["--line", "7", command])
                .args([from, folder.path().join(to).as_path()])
                .status();
            assert!(status.unwrap().success());
        };
        ask("ddl-batch", pairs, "steps");
        ask("ddl-batch", alone.path(), "ddl");
        ask("format-batch", alone.path(), "formatted");
        Self { folder }
    }

    /// An answer, or what the engine refuses.
    fn read(&self, kind: &str, name: &str, ext: &str) -> Result<String, String> {
        let file = |ext: &str| self.folder.path().join(kind).join(format!("{name}.{ext}"));
        fs::read_to_string(file(ext))
            .map_err(|_| fs::read_to_string(file("err")).unwrap_or_default())
    }

    /// What of a case is not as the engine has it.
    async fn differences(&self, case: &Change) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut compare = |what: &str, ours: &str, theirs: Result<String, String>| match theirs {
            Ok(theirs) if theirs == ours => {}
            Ok(theirs) => wrong.push(format!(
                "{what} differs\n--- ours\n{ours}\n--- Prisma's\n{theirs}"
            )),
            Err(refused) => wrong.push(format!("{what}: Prisma refuses the schema: {refused}")),
        };
        let (_, formatted) = checked(&case.schema("to.prisma"));
        let theirs = self.read("formatted", &case.name, "prisma");
        compare("the formatted text", &formatted.unwrap_or_default(), theirs);
        let ddl = our_ddl(&case.schema("to.prisma")).await;
        compare("the DDL", &ddl, self.read("ddl", &case.name, "sql"));
        let steps = script(case, true).await;
        compare("the script", &steps, self.read("steps", &case.name, "sql"));
        wrong
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_at_random_obeys_the_laws_too() {
    let folder = tempfile::tempdir().unwrap();
    let first = number("DRIFTLESS_SEED", SEED);
    let seeds = first..first + number("DRIFTLESS_CASES", CASES);
    let cases: Vec<Change> = seeds.map(|it| draw(it, folder.path())).collect();
    let oracle = std::env::var_os("DRIFTLESS_ORACLE").map(PathBuf::from);
    if oracle.is_none() {
        println!("compared with nobody: DRIFTLESS_ORACLE names no folder with Prisma's engines");
    }
    let answers = oracle.map(|it| Answers::of(&it, &cases, folder.path()));
    let server = TestServer::available(&ServerOptions::default()).map(Arc::new);
    let mut wrong = Vec::new();
    let mut running = JoinSet::new();
    for case in cases {
        let mut said = Vec::new();
        for name in ["from.prisma", "to.prisma"] {
            let (errors, _) = checked(&case.schema(name));
            said.extend(errors.iter().map(|it| format!("{name} is not valid: {it}")));
        }
        if said.is_empty()
            && let Some(answers) = &answers
        {
            said.extend(answers.differences(&case).await);
        }
        if !said.is_empty() {
            wrong.push(format!("{}\n{}", said.join("\n"), shown(&case)));
            continue;
        }
        let Some(server) = server.clone() else {
            continue;
        };
        if running.len() == AT_ONCE {
            wrong.extend(running.join_next().await.unwrap().unwrap());
        }
        running.spawn(async move {
            let ours = script(&case, false).await;
            let said = applied(&server, &case, &case.name, &ours).await;
            (!said.is_empty()).then(|| format!("{}\n{}", said.join("\n"), shown(&case)))
        });
    }
    wrong.extend(running.join_all().await.into_iter().flatten());
    assert!(
        wrong.is_empty(),
        "{} cases:\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
