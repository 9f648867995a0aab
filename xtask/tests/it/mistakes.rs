//! `db-validate` on schemas with mistakes.

use insta::assert_snapshot;

use crate::app::{App, SCHEMA};

#[test]
fn each_mistake_is_a_finding_at_its_place_in_one_run() {
    let app = App::new();
    app.edit(
        SCHEMA,
        "model Activity {\n",
        "model Activity {\n  room Strng?\n  floor Int @defualt(1)\n  shelf = 3\n",
    );
    let run = app.run(&["db-validate"]);
    assert_eq!(run.code, 1);
    assert_snapshot!(run);
}

#[test]
fn a_valid_schema_is_told_in_a_line() {
    assert_snapshot!(App::new().run(&["db-validate"]));
}

#[test]
fn a_large_schema_is_read() {
    let app = App::empty();
    let mut text = String::from("datasource db {\n  provider = \"postgresql\"\n}\n");
    for i in 0..20_000 {
        text.push_str(&format!(
            "\n/// The model with the number {i}, which is here to be read.\nmodel Large{i} {{\n  id    Int     @id @default(autoincrement())\n  name  String  @unique @db.VarChar(200)\n  other String? @map(\"the_other_{i}\")\n\n  @@index([name, other])\n}}\n"
        ));
    }
    assert!(text.len() > 4_500_000, "{}", text.len());
    app.write(SCHEMA, text);
    let run = app.run(&["db-validate"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains("20000 models"), "{run}");
}
