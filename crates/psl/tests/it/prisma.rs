//! What Prisma's own engines say of every fixture, and that we say the same.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use driftless_psl::PrismaVersion;
use serde_json::Value;

use crate::support::{Case, all_cases, check, fixtures};

const ANSWERS: &str = "prisma.tsv";

const HEAD: &str = "\
# Generated: the lines of the errors of Prisma 6.19 and Prisma 7.10 in each fixture, `-` if it is valid for them.
# Prisma 7 is given the schema without `url`, `directUrl` and `shadowDatabaseUrl`.
# To update: DRIFTLESS_ORACLE=<folder with oracle.mjs> DRIFTLESS_UPDATE=1 cargo test -p driftless-psl prisma
";

/// Fixtures of which we deliberately say something else than Prisma, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "err/composite_type_with_mistakes_of_its_own",
        "PostgreSQL has no composite types in Prisma: that is said of the type, and not what else is wrong inside",
    ),
    (
        "err/datasource_of_mysql",
        "Prisma knows other databases, this crate only PostgreSQL",
    ),
    (
        "err/datasource_of_sqlite",
        "Prisma knows other databases, this crate only PostgreSQL",
    ),
    (
        "ok/file_without_a_datasource_is_for_postgres",
        "without a datasource Prisma knows nothing of the database; here it is PostgreSQL, and that is a warning",
    ),
    (
        "err/word_of_more_than_1000_bytes",
        "Prisma takes words of any length, of which PostgreSQL keeps 63 bytes; here there is a limit to what is read",
    ),
];

/// Fixtures with a mistake in a connection string, which Prisma 7 is not shown, and which is none of what only Prisma 6
/// minds.
const MISTAKES_IN_URLS: &[&str] = &[
    "err/datasource_env_with_two_names",
    "err/datasource_env_without_a_name",
    "err/datasource_env_without_quotes",
    "err/datasource_url_is_a_number",
    "err/datasource_url_is_another_function",
    "err/datasource_with_a_property_twice",
    "err/datasource_with_a_property_without_value",
];

/// Lines of Prisma 6 and Prisma 7, by fixture.
type Answers = BTreeMap<String, [String; 2]>;

const VERSIONS: [PrismaVersion; 2] = [PrismaVersion::V6, PrismaVersion::V7];

#[test]
fn every_fixture_has_errors_on_the_lines_where_prisma_has_them() {
    let answers = recorded();
    let mut differing = String::new();
    for case in all_cases().filter(is_no_exception) {
        let theirs = &answers[&case.name];
        for (version, theirs) in VERSIONS.into_iter().zip(theirs) {
            let files = given_to(version, &case);
            let ours = in_a_cell(&check(&files, Some(version)).error_lines());
            if ours != *theirs {
                let name = &case.name;
                writeln!(
                    differing,
                    "{name}, {version:?}: ours {ours}, theirs {theirs}"
                )
                .unwrap();
            }
        }
    }
    assert!(differing.is_empty(), "{differing}");
}

#[test]
fn without_a_version_a_schema_is_valid_if_it_is_for_any_prisma() {
    let answers = recorded();
    let mut differing = Vec::new();
    for case in all_cases().filter(is_no_exception) {
        let [six, seven] = &answers[&case.name];
        let valid = six == "-" || seven == "-" && !MISTAKES_IN_URLS.contains(&case.name.as_str());
        let errors = check(&case.files, None).errors().count();
        if (errors == 0) != valid {
            differing.push(case.name);
        }
    }
    assert_eq!(differing, [""; 0]);
}

#[test]
fn each_exception_is_one() {
    let answers = recorded();
    for (name, reason) in EXCEPTIONS {
        let mut cases = all_cases();
        let case = cases.find(|it| it.name == *name).unwrap();
        let agrees = VERSIONS
            .into_iter()
            .zip(&answers[*name])
            .all(|(it, theirs)| {
                in_a_cell(&check(&given_to(it, &case), Some(it)).error_lines()) == *theirs
            });
        assert!(!agrees, "{name} is no exception any more ({reason})");
    }
}

#[test]
fn prisma_still_says_what_is_recorded() {
    let Some(oracle) = env::var_os("DRIFTLESS_ORACLE") else {
        println!("skipped: DRIFTLESS_ORACLE names no folder with oracle.mjs and its node_modules");
        return;
    };
    let script = Path::new(&oracle).join("oracle.mjs");
    let [six, seven] = ["6", "7"].map(|line| ask(&script, line));
    let mut text = HEAD.to_owned();
    for (name, lines) in &six {
        writeln!(text, "{name}\t{lines}\t{}", seven[name]).unwrap();
    }
    let path = fixtures().join(ANSWERS);
    if env::var_os("DRIFTLESS_UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

fn is_no_exception(case: &Case) -> bool {
    !EXCEPTIONS.iter().any(|(name, _)| *name == case.name)
}

fn recorded() -> Answers {
    let text = fs::read_to_string(fixtures().join(ANSWERS)).unwrap();
    let rows = text.lines().filter(|it| !it.starts_with('#'));
    rows.map(|row| {
        let cells: Vec<_> = row.split('\t').map(str::to_owned).collect();
        let [name, six, seven] = cells.try_into().unwrap();
        (name, [six, seven])
    })
    .collect()
}

/// The files as Prisma 7 has to be given them: with blank lines where connection strings were.
fn given_to(version: PrismaVersion, case: &Case) -> Vec<(String, String)> {
    let mut files = case.files.clone();
    if version == PrismaVersion::V7 {
        for (_, text) in &mut files {
            *text = without_urls(text);
        }
    }
    files
}

fn without_urls(text: &str) -> String {
    let mut in_datasource = false;
    let lines = text.split('\n').map(|line| {
        let trimmed = line.trim_start_matches([' ', '\t', '\u{feff}']);
        if trimmed.starts_with("datasource ") {
            in_datasource = true;
        } else if line.contains('}') {
            in_datasource = false;
        }
        let name = trimmed.split([' ', '\t', '=']).next().unwrap_or_default();
        let is_url = ["url", "directUrl", "shadowDatabaseUrl"].contains(&name)
            && trimmed[name.len()..]
                .trim_start_matches([' ', '\t'])
                .starts_with('=');
        let end = if line.ends_with('\r') { "\r" } else { "" };
        if in_datasource && is_url { end } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The answer of a line of Prisma about every fixture.
fn ask(script: &Path, line: &str) -> BTreeMap<String, String> {
    let cases: Vec<_> = all_cases().collect();
    let output = Command::new("node")
        .arg(script)
        .args(["validate", "--line", line])
        .args(cases.iter().map(|it| &it.path))
        .current_dir(fixtures())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers = answers.lines().map(|it| serde_json::from_str(it).unwrap());
    let answers: Vec<Value> = answers.collect();
    assert_eq!(answers.len(), cases.len());
    let cells = cases.iter().zip(&answers).map(|(case, answer)| {
        let places = answer["error"].as_str().map(|it| places(case, it));
        (case.name.clone(), in_a_cell(&places.unwrap_or_default()))
    });
    cells.collect()
}

/// The lines in a message of Prisma, each of which looks like `  -->  err/name.prisma:7`.
fn places(case: &Case, message: &str) -> Vec<String> {
    let places = message
        .lines()
        .filter_map(|it| it.trim().strip_prefix("-->"));
    let mut places: Vec<_> = places
        .map(|it| {
            let (path, line) = it.trim().rsplit_once(':').unwrap();
            let name = Path::new(path).file_name().unwrap().to_str().unwrap();
            (name, line.parse::<u32>().unwrap())
        })
        .collect();
    assert!(!places.is_empty(), "{}: {message}", case.name);
    places.sort_unstable();
    places.dedup();
    let place = |(name, line)| match case.files.len() {
        1 => format!("{line}"),
        _ => format!("{name}:{line}"),
    };
    places.into_iter().map(place).collect()
}

fn in_a_cell(lines: &[String]) -> String {
    match lines {
        [] => "-".to_owned(),
        [..] => lines.join(" "),
    }
}
