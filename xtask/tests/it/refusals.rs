//! What cannot be done, said so that somebody can mend it.

use driftless_testkit::{ServerOptions, TestServer};
use insta::assert_snapshot;
use std::io::Read as _;

use crate::app::{App, SCHEMA};

#[test]
fn an_empty_schema_file() {
    let app = App::new();
    app.write(SCHEMA, "");
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
}

#[test]
fn a_schema_file_that_is_not_there() {
    let app = App::new();
    assert_snapshot!(app.run(&["db-drift", "--schema", "prisma/schema.prisma"]));
}

#[test]
fn sources_that_are_not_there() {
    let app = App::new();
    for (kind, name) in [
        ("sql", "sql_files_that_are_not_there"),
        ("snapshot", "a_snapshot_that_is_not_there"),
    ] {
        let source = format!("{kind}:nowhere");
        assert_snapshot!(name, app.run(&["db-introspect", &source, "--as", "sql"]));
    }
}

#[test]
fn a_folder_without_schema_files() {
    let app = App::new();
    assert_snapshot!(app.run(&["db-drift", "--schema", "supabase"]));
}

#[test]
fn a_folder_of_schema_files() {
    let app = App::new();
    let run = app.run(&["db-drift", "--schema", "packages/db"]);
    assert_snapshot!(run.hiding(&[]));
}

#[test]
fn a_schema_file_that_is_no_text() {
    let app = App::new();
    app.write(SCHEMA, b"model A {\n  id Int @id // caf\xe9\n}\n");
    assert_snapshot!(app.run(&["db-validate"]));
}

#[test]
fn a_migration_that_is_no_text() {
    let app = App::new();
    app.write(
        "supabase/migrations/20251001000000_latin.sql",
        b"-- caf\xe9\nSELECT 1;\n",
    );
    assert_snapshot!(app.run(&["db-drift"]));
}

/// Makes a pipe that nobody writes to.
#[cfg(unix)]
fn pipe(app: &App, relative: &str) {
    app.write(relative, "");
    let path = app.path(relative);
    std::fs::remove_file(&path).expect("the file is there");
    let status = std::process::Command::new("mkfifo").arg(path).status();
    assert!(status.expect("mkfifo is there").success());
}

#[cfg(unix)]
#[test]
fn migrations_that_never_end() {
    let app = App::new();
    let folder = "supabase/migrations";
    pipe(&app, &format!("{folder}/20251001000000_pipe.sql"));
    pipe(&app, &format!("{folder}/20251002000000_pipe/migration.sql"));
    let link = app.path(&format!("{folder}/20251003000000_zero.sql"));
    std::os::unix::fs::symlink("/dev/zero", link).unwrap();
    assert_snapshot!(app.run(&["db-drift"]));
}

#[cfg(unix)]
#[test]
fn sources_that_never_end() {
    let app = App::new();
    pipe(&app, "sql/pipe.sql");
    pipe(&app, "schema/pipe.prisma");
    for args in [
        &["db-introspect", "sql:sql", "--as", "sql"] as &[&str],
        &["db-introspect", "sql:sql/pipe.sql", "--as", "sql"],
        &["db-introspect", "snapshot:sql/pipe.sql", "--as", "sql"],
        &["db-introspect", "prisma:schema", "--as", "sql"],
        &["db-validate", "--schema", "schema/pipe.prisma"],
        &["db-format", "--schema", "schema"],
        &["db-validate", "--schema", "/dev/zero"],
        &["db-validate", "--config", "sql/pipe.sql"],
    ] {
        let run = app.run(args);
        assert_eq!(run.code, 2, "{args:?} {run}");
        let what = ["is a named pipe, not a file", "is a device, not a file"];
        assert!(what.iter().any(|it| run.stderr.contains(it)), "{run}");
    }
    std::fs::create_dir(app.path("driftless.toml")).unwrap();
    let run = app.run(&["db-validate"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`driftless.toml` is a folder"), "{run}");
}

#[test]
fn no_folder_of_migrations() {
    let app = App::empty();
    app.write(
        SCHEMA,
        "datasource db {\n  provider = \"postgresql\"\n}\n\nmodel A {\n  id Int @id\n}\n",
    );
    assert_snapshot!(app.run(&["db-drift"]).hiding(&[]));
    std::fs::create_dir_all(app.path("supabase/migrations")).unwrap();
    assert_snapshot!(
        "a_folder_without_migrations",
        app.run(&["db-drift"]).hiding(&[])
    );
}

#[test]
fn a_configuration_with_a_setting_that_does_not_exist() {
    let app = App::new();
    app.write("driftless.toml", "[prisma]\nschemas = \"here\"\n");
    assert_snapshot!(app.run(&["db-drift"]));
}

#[test]
fn a_live_database_that_is_meant_and_not_named() {
    let app = App::new();
    for empty in ["", " "] {
        let run = app.run(&["db-drift", "--database-url", empty]);
        assert_snapshot!("an_empty_url", run);
    }
    app.write(
        "driftless.toml",
        "[database]\nurl = \"env:postgres://app:secret@db/shop\"\n",
    );
    assert_snapshot!("a_url_as_the_name_of_a_variable", app.run(&["db-drift"]));
    app.write("driftless.toml", "");
    std::fs::create_dir(app.path(".env")).unwrap();
    assert_snapshot!("a_folder_of_variables", app.run(&["db-drift"]));
}

#[cfg(unix)]
#[test]
fn variables_that_cannot_be_read() {
    let app = App::new();
    std::os::unix::fs::symlink("nowhere", app.path(".env")).unwrap();
    let run = app.run(&["db-drift"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("cannot read `.env`"), "{run}");
    std::fs::remove_file(app.path(".env")).unwrap();
    pipe(&app, ".env");
    let run = app.run(&["db-drift"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("`.env` is a named pipe"), "{run}");
}

#[test]
fn variables_are_read_behind_a_byte_order_mark() {
    let app = App::new();
    app.write(
        ".env",
        "\u{feff}DATABASE_URL=\"postgres://app:secret@127.0.0.1:1/x\"\n",
    );
    let run = app.run(&["db-drift"]);
    assert_eq!(run.code, 3, "{run}");
}

#[test]
fn a_url_that_nobody_listens_at() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    let url = format!("postgresql://app:secret@127.0.0.1:{port}/app");
    let run = App::new().run_on(&url, &["db-drift"]);
    assert_snapshot!(run.hiding(&[(&port, "port")]));
}

#[test]
fn a_url_that_is_none() {
    let run = App::new().run_on("postgresql://app:secret@[::1/app", &["db-drift"]);
    assert!(!run.to_string().contains("secret"), "{run}");
    assert_snapshot!(run);
}

#[test]
fn a_server_that_hangs_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    // It takes what the client says first: hanging up on bytes that nobody read would reset the connection.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().read(&mut [0; 1024]);
        }
    });
    let url = format!("postgresql://app:secret@127.0.0.1:{port}/app?sslmode=disable");
    let run = App::new().run_on(&url, &["db-drift"]);
    assert_snapshot!(run.hiding(&[(&port, "port")]));
}

#[test]
fn a_wrong_password_and_a_server_without_encryption() {
    let access = &["local all all trust", "host all all all scram-sha-256"];
    let settings = &["password_encryption='scram-sha-256'"];
    let options = ServerOptions {
        access,
        settings,
        ..ServerOptions::default()
    };
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let port = server.port().to_string();
    let app = App::new();
    let run = |url: &str| {
        let run = app.run_on(url, &["db-drift"]);
        assert!(!run.to_string().contains("secret"), "{run}");
        run.hiding(&[(&port, "port")])
    };
    assert_snapshot!(
        "a_wrong_password",
        run(&server.url("postgres:secret", "postgres"))
    );
    let url = server.url("postgres:secret", "postgres?sslmode=require");
    assert_snapshot!("a_server_without_encryption", run(&url));
    assert_snapshot!("a_database_that_is_not_there", {
        let url = server.socket_url("postgres", "nowhere");
        let folder = server.folder().display().to_string();
        app.run_on(&url, &["db-drift"])
            .hiding(&[(&folder, "folder"), (&port, "port")])
    });
}

#[test]
fn a_server_that_takes_encrypted_sessions_only() {
    let access = &["local all all trust", "hostssl all all all trust"];
    let options = ServerOptions {
        access,
        ..ServerOptions::default()
    };
    let Some(server) = TestServer::available(&options) else {
        return;
    };
    let port = server.port().to_string();
    let url = server.url("postgres", "postgres?sslmode=disable");
    let run = App::new().run_on(&url, &["db-drift"]);
    assert_snapshot!(run.hiding(&[(&port, "port")]));
}

#[test]
fn the_doctor_ends_as_the_verbs_that_it_looks_after() {
    let app = App::new();
    let unreachable = "postgresql://nobody@127.0.0.1:1/nothing";
    for (more, code) in [
        (["--schema", "nowhere.prisma"], 2),
        (["--database-url", unreachable], 3),
        (["--shadow", "local:/nowhere"], 3),
    ] {
        for verb in ["db-drift", "db-doctor"] {
            let run = app.run(&[&[verb][..], &more].concat());
            assert_eq!(run.code, code, "{verb} {more:?}: {run}");
        }
    }
    std::fs::remove_dir_all(app.path("supabase/migrations")).expect("the folder is there");
    for verb in ["db-drift", "db-doctor"] {
        assert_eq!(app.run(&[verb]).code, 2, "{verb}");
    }
}
