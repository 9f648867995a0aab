//! How long 10 MB take of what nobody writes: `cargo bench -p driftless-psl --bench hostile`.

#![expect(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use driftless_finding::{Severity, Sources};
use driftless_psl::{Options, format, parse};

const BYTES: usize = 10_000_000;

/// A text that is repeated up to 10 MB.
const REPEATED: &[(&str, &str)] = &[
    ("opening parentheses", "("),
    ("opening brackets", "["),
    ("opening braces", "{"),
    ("closing braces", "}"),
    ("pairs of braces", "{}\n"),
    ("at signs", "@"),
    ("at signs in lines", "@@@\n"),
    ("quotes", "\""),
    ("unclosed strings", "\"abc\n"),
    ("backslashes", "\\"),
    ("slashes", "/"),
    ("line comments", "// x\n"),
    ("documentation", "/// x\n"),
    ("unclosed block comments", "/* "),
    ("line feeds", "\n"),
    ("carriage returns", "\r"),
    ("blanks", " "),
    ("zero bytes", "\0"),
    ("letters", "x"),
    ("words", "word "),
    ("wide characters", "語"),
    ("combining characters", "e\u{301}"),
    ("byte order marks", "\u{feff}"),
    ("commas", ","),
    ("colons", "a: "),
    ("dots", "a."),
    ("equals signs", "a = b\n"),
    ("calls in calls", "f("),
    (
        "datasources",
        "datasource db {\n  provider = \"postgresql\"\n}\n",
    ),
    ("models of one name", "model A {\n  id Int @id\n}\n"),
    ("models without an end", "model A {\n"),
    ("enums without values", "enum E {\n}\n"),
];

/// A line inside a model that is repeated up to 10 MB.
const LINES: &[(&str, &str)] = &[
    ("fields of one name", "  a Int\n"),
    ("fields of unknown type", "  a Nothing\n"),
    ("ids", "  a Int @id\n"),
    ("attributes on one line", " @unique"),
    (
        "relations to itself",
        "  a A @relation(fields: [id], references: [id])\n",
    ),
    ("indexes", "  @@index([id])\n"),
    ("unknown block attributes", "  @@what(is: this)\n"),
    ("native types", "  a String @db.VarChar(1)\n"),
    ("defaults", "  a String @default(\"\\n\\u0041\")\n"),
    ("comments behind fields", "  a Int // b\n"),
    ("blank lines", "\n"),
    ("questions", "  a Int???\n"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut slowest = (0.0, "");
    for (name, piece) in REPEATED {
        let time = measure(name, &piece.repeat(BYTES / piece.len()))?;
        slowest = if time > slowest.0 {
            (time, name)
        } else {
            slowest
        };
    }
    for (name, line) in LINES {
        let lines = line.repeat(BYTES / line.len());
        let text = format!("model A {{\n  id Int @id\n{lines}\n}}\n");
        let time = measure(name, &text)?;
        slowest = if time > slowest.0 {
            (time, name)
        } else {
            slowest
        };
    }
    println!("\nslowest: {} in {:.2} s", slowest.1, slowest.0);
    Ok(())
}

/// Reads and formats a text, each once; returns the longer time in seconds.
fn measure(name: &str, text: &str) -> Result<f64, Box<dyn Error>> {
    let mut sources = Sources::new();
    let file = sources.add("schema.prisma", text)?;
    let start = Instant::now();
    let parsed = parse(&sources, &[file], Options::default());
    let parsing = start.elapsed().as_secs_f64();
    let errors = parsed.findings.iter();
    let errors = errors.filter(|it| it.severity == Severity::Error).count();
    let start = Instant::now();
    black_box(format(&sources, &[file]).is_ok());
    let formatting = start.elapsed().as_secs_f64();
    println!("{name:26} {errors:6} errors   parse {parsing:5.2} s   format {formatting:5.2} s");
    Ok(parsing.max(formatting))
}
