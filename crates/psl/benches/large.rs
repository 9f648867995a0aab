//! How long large schemas take: `cargo bench -p driftless-psl`. The first argument that is a number is how many models.

#![expect(clippy::print_stdout, reason = "this is a program")]

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use driftless_finding::{Severity, Sources};
use driftless_psl::{Options, format, parse};

const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let models = std::env::args().find_map(|it| it.parse().ok());
    let models = models.unwrap_or(10_000);
    println!("best of {RUNS} runs\n");
    let large = related(models)?;
    let schemas = [
        (
            "relation mode prisma",
            large.replace("  url ", "  relationMode = \"prisma\"\n  url "),
        ),
        (
            "a mistake in every model",
            large.replace(" String?\n", " Strnig?\n"),
        ),
        (
            "a mistake between models",
            large.replace("  children ", "  // children "),
        ),
        ("relations, indexes, enums", large),
        ("every model refers to one", star(models)?),
        ("one model with all fields", wide(models * 10)?),
        ("two models, all relations", pair(models * 2)?),
        ("one enum with all values", values(models * 10)?),
        (
            "no Prisma at all",
            "the quick brown fox\n".repeat(models * 10),
        ),
        (
            "blocks that nothing closes",
            "model A {\n  id Int\n".repeat(models * 5),
        ),
        (
            "a list of ten million bytes",
            format!(
                "{HEAD}model A {{\n  id Int @id\n  a Int[] @default([{}1])\n}}\n",
                "1, ".repeat(models * 333)
            ),
        ),
    ];
    for (name, text) in &schemas {
        measure(name, text)?;
    }
    Ok(())
}

fn measure(name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let mut sources = Sources::new();
    let file = sources.add("schema.prisma", text)?;
    let mut errors = 0;
    let parsing = best(|| {
        let parsed = parse(&sources, &[file], Options::default());
        let severities = parsed.findings.iter().map(|it| it.severity);
        errors = severities.filter(|it| *it == Severity::Error).count();
        black_box(parsed);
    });
    let formatting = best(|| {
        black_box(format(&sources, &[file]).is_ok());
    });
    let megabytes = text.len() as f64 / 1e6;
    println!(
        "{name:32} {megabytes:6.1} MB {:8} lines {errors:6} errors   parse {:6.0} ms   format {:6.0} ms",
        text.lines().count(),
        parsing.as_secs_f64() * 1e3,
        formatting.as_secs_f64() * 1e3,
    );
    Ok(())
}

fn best(mut run: impl FnMut()) -> Duration {
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

const HEAD: &str =
    "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n\n";

/// Models of twelve fields in a ring, each with a relation to itself and to the one before, two indexes and an enum.
fn related(models: usize) -> Result<String, std::fmt::Error> {
    let mut text = HEAD.to_owned();
    for i in 0..models {
        let (previous, next) = ((i + models - 1) % models, (i + 1) % models);
        write!(
            text,
            r#"/// Model number {i}.
model Model{i} {{
  id        String    @id @default(uuid()) @db.Uuid
  createdAt DateTime  @default(now()) @map("created_at") @db.Timestamptz(6)
  updatedAt DateTime  @updatedAt @map("updated_at")
  title     String    @db.VarChar(255)
  body      String?
  count     Int       @default(0)
  price     Decimal   @default(1.5) @db.Decimal(10, 2)
  tags      String[]  @default(["a", "b"])
  status    Status{i} @default(ACTIVE)
  parentId  String?   @map("parent_id") @db.Uuid
  parent    Model{i}?  @relation("Tree", fields: [parentId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  children  Model{i}[] @relation("Tree")
  beforeId  String    @db.Uuid
  before    Model{previous} @relation("Chain", fields: [beforeId], references: [id], onDelete: Restrict, onUpdate: Restrict)
  after     Model{next}[] @relation("Chain")

  @@unique([parentId, title])
  @@index([beforeId])
  @@index([title, createdAt(sort: Desc)])
  @@map("model_{i}")
}}

enum Status{i} {{
  ACTIVE
  DONE   @map("done") // finished
  GONE

  @@map("status_{i}")
}}

"#
        )?;
    }
    Ok(text)
}

/// Models that all refer to one, by relations of different names.
fn star(models: usize) -> Result<String, std::fmt::Error> {
    let mut text = HEAD.to_owned();
    let mut centre = "model Centre {\n  id Int @id\n".to_owned();
    for i in 0..models {
        writeln!(centre, "  of{i} Point{i}[] @relation(\"r{i}\")")?;
        write!(
            text,
            "model Point{i} {{\n  id       Int    @id\n  centreId Int\n  centre   Centre @relation(\"r{i}\", fields: \
             [centreId], references: [id])\n}}\n\n"
        )?;
    }
    Ok(text + &centre + "}\n")
}

/// Two models with many relations to many keys between them.
fn pair(relations: usize) -> Result<String, std::fmt::Error> {
    let mut one = "model One {\n  id Int @id\n".to_owned();
    let mut other = "model Other {\n  id Int @id\n".to_owned();
    for i in 0..relations {
        writeln!(one, "  a{i} Int\n  b{i} Int")?;
        writeln!(
            one,
            "  other{i} Other @relation(\"r{i}\", fields: [a{i}, b{i}], references: [a{i}, b{i}])"
        )?;
        writeln!(
            other,
            "  a{i} Int\n  b{i} Int\n  ones{i} One[] @relation(\"r{i}\")"
        )?;
        writeln!(other, "  @@unique([a{i}, b{i}], name: \"key{i}\")")?;
    }
    Ok(format!("{HEAD}{one}}}\n\n{other}}}\n"))
}

fn wide(fields: usize) -> Result<String, std::fmt::Error> {
    let mut text = format!("{HEAD}model Wide {{\n  id Int @id\n");
    for i in 0..fields {
        writeln!(text, "  field{i} String? @unique @map(\"field_{i}\")")?;
    }
    for i in 1..fields {
        writeln!(text, "  @@index([field{i}, field{}])", i - 1)?;
    }
    Ok(text + "}\n")
}

fn values(values: usize) -> Result<String, std::fmt::Error> {
    let mut text = format!("{HEAD}enum Long {{\n");
    for i in 0..values {
        writeln!(text, "  VALUE{i} @map(\"value_{i}\")")?;
    }
    text += "}\n\nmodel Uses {\n  id Int @id\n";
    for i in 0..values / 10 {
        writeln!(text, "  field{i} Long @default(VALUE{i})")?;
    }
    Ok(text + "}\n")
}
