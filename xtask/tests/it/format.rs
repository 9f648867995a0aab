//! `db-format` and its `--check`.

use insta::assert_snapshot;

use crate::app::{App, SCHEMA};

const UNTIDY: &str = "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel A {\n  id Int @id // the key\n   name   String @unique\n}\n";

#[test]
fn a_file_is_written_once_and_then_left_alone() {
    let app = App::empty();
    app.write(SCHEMA, UNTIDY);
    assert_snapshot!(
        "an_untidy_file_is_a_finding",
        app.run(&["db-format", "--check"])
    );
    assert_eq!(
        std::fs::read_to_string(app.path(SCHEMA)).expect("it is there"),
        UNTIDY
    );
    assert_snapshot!("an_untidy_file_is_written", app.run(&["db-format"]));
    let text = std::fs::read_to_string(app.path(SCHEMA)).expect("it is there");
    assert_snapshot!("what_is_written", text);
    assert_snapshot!("a_tidy_file_is_left_alone", app.run(&["db-format"]));
    assert_eq!(app.run(&["db-format", "--check"]).code, 0);
    let files = std::fs::read_dir(app.path("packages/db")).expect("it is there");
    assert_eq!(files.count(), 1);
}

#[test]
fn one_wrong_file_keeps_all_others_from_being_written() {
    let app = App::empty();
    app.write("schema/a.prisma", UNTIDY);
    app.write("schema/b.prisma", "model B {\n  id Int @id\n  = 3\n}\n");
    assert_snapshot!(app.run(&["db-format", "--schema", "schema"]));
    assert_eq!(
        std::fs::read_to_string(app.path("schema/a.prisma")).expect("it is there"),
        UNTIDY
    );
}

#[test]
fn the_schema_of_the_reference_application_is_formatted() {
    assert_snapshot!(App::new().run(&["format", "--check"]));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay_as_they_were() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let app = App::empty();
    app.write("real.prisma", UNTIDY);
    let permissions = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(app.path("real.prisma"), permissions).expect("it is ours");
    symlink("real.prisma", app.path("link.prisma")).expect("links can be made");
    assert_eq!(app.run(&["db-format", "--schema", "link.prisma"]).code, 0);
    let link = std::fs::symlink_metadata(app.path("link.prisma")).expect("it is there");
    assert!(link.is_symlink());
    let real = std::fs::metadata(app.path("real.prisma")).expect("it is there");
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
}
