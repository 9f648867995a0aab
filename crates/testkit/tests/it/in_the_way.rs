//! What stands in the way of a change goes before it and comes back behind it, as it was or as it should be.

use std::path::Path;

use driftless_connect::{ConnectUrl, Connection};
use driftless_project::{DiffRequest, Environment, Project, Settings, Silent, State, diff};
use driftless_testkit::TestServer;

use crate::ddl::our_ddl;
use crate::fixtures::faults;
use crate::no_drift::session;

/// What changes, and the models before and after.
type Case = (&'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "a column under a policy gets another type",
        r#"
        /// @@rls
        /// @@policy("own", for: select, using: "owner = 'x'")
        model Doc {
          id Int @id
          owner String
        }"#,
        r#"
        /// @@rls
        /// @@policy("own", for: select, using: "owner = 'x'")
        model Doc {
          id Int @id
          owner String @db.VarChar(30)
        }"#,
    ),
    (
        "a policy goes over to another column, and the old one goes",
        r#"
        /// @@rls
        /// @@policy("own", using: "owner = 'x'")
        model Doc {
          id Int @id
          owner String?
        }"#,
        r#"
        /// @@rls
        /// @@policy("own", using: "\"newOwner\" = 'x'")
        model Doc {
          id Int @id
          newOwner String?
        }"#,
    ),
    (
        "a column is made again, and the policy reads it in another way",
        r#"
        /// @@rls
        /// @@policy("p", for: update, using: "a > 0", check: "a > 1")
        model Doc {
          id Int @id
          a Int?
        }"#,
        r#"
        /// @@rls
        /// @@policy("p", for: update, using: "a", check: "not a")
        model Doc {
          id Int @id
          a Boolean?
        }"#,
    ),
    (
        "a column of another table counts up in bigger steps",
        r#"
        /// @@rls
        /// @@policy("p", using: "exists (select from \"Team\" t where t.id = \"Doc\".team)")
        model Doc {
          id Int @id
          team Int
        }
        model Team {
          id Int @id @default(autoincrement())
        }"#,
        r#"
        /// @@rls
        /// @@policy("p", using: "exists (select from \"Team\" t where t.id = \"Doc\".team)")
        model Doc {
          id Int @id
          team Int
        }
        model Team {
          id BigInt @id @default(autoincrement())
        }"#,
    ),
    (
        "an enum loses a label under a policy of another table",
        r#"
        /// @@rls
        /// @@policy("p", using: "exists (select from \"Team\" where role = 'A')")
        model Doc {
          id Int @id
        }
        model Team {
          id Int @id
          role Role
        }
        enum Role {
          A
          B
        }"#,
        r#"
        /// @@rls
        /// @@policy("p", using: "exists (select from \"Team\" where role = 'A')")
        model Doc {
          id Int @id
        }
        model Team {
          id Int @id
          role Role
        }
        enum Role {
          A
          C
        }"#,
    ),
    (
        "a table goes that a policy has asked, and a star that stood for its columns",
        r#"
        /// @@rls
        /// @@policy("p", using: "exists (select * from \"Team\" where \"Team\".id = \"Doc\".id)")
        model Doc {
          id Int @id
        }
        model Team {
          id Int @id
          name String
        }"#,
        r#"
        /// @@rls
        /// @@policy("p", using: "id > 0")
        model Doc {
          id Int @id
        }"#,
    ),
    (
        "a policy goes with its column",
        r#"
        /// @@rls
        /// @@policy("p", using: "owner = 'x'")
        model Doc {
          id Int @id
          owner String
        }"#,
        r#"
        /// @@rls
        model Doc {
          id Int @id
        }"#,
    ),
];

/// The project in `folder`, with a throwaway database on `server`.
fn project(folder: &Path, server: &TestServer) -> Project {
    let settings = Settings {
        working_folder: folder.to_owned(),
        shadow: Some(server.socket_url("postgres", "postgres")),
        ..Settings::default()
    };
    Project::open(&settings, Environment::empty()).unwrap()
}

fn live(server: &TestServer, database: &str) -> State {
    let url = server.socket_url("postgres", database);
    State::Database(Box::new(ConnectUrl::parse(&url).unwrap()))
}

/// The script between two states; nothing but its cost may be found on the way.
async fn script(project: &Project, from: State, to: State) -> String {
    let request = DiffRequest::new(from, to);
    let outcome = diff(project, &request, &Silent).await.unwrap();
    assert_eq!(faults(&outcome.findings), [""; 0]);
    outcome.output.unwrap()
}

/// A fresh database in which `sql` was run.
async fn database(admin: &Connection, server: &TestServer, name: &str, sql: &str) -> Connection {
    let make = format!("CREATE DATABASE \"{name}\"");
    admin.batch_execute(&make).await.unwrap();
    let made = session(&server.socket_url("postgres", name)).await;
    made.batch_execute(sql).await.unwrap();
    made
}

async fn texts(database: &Connection, query: &str) -> Vec<String> {
    let rows = database.query(query, &[]).await.unwrap();
    rows.iter().map(|it| it.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_are_there_again_behind_what_they_stood_in_the_way_of() {
    let Some(server) = TestServer::available(&Default::default()) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), &server);
    for (number, (what, before, after)) in CASES.iter().enumerate() {
        let [from, to] = [("from", before), ("to", after)].map(|(name, models)| {
            let path = folder.path().join(format!("{name}.prisma"));
            let datasource = "datasource db {\n  provider = \"postgresql\"\n}\n";
            std::fs::write(&path, format!("{datasource}{models}\n")).unwrap();
            path
        });
        let (ddl, wanted) = (our_ddl(&from).await, our_ddl(&to).await);
        let prisma = || State::Prisma(to.clone());
        let names = ["schema", "live", "target"].map(|it| format!("{it}{number}"));
        let by_schema = database(&admin, &server, &names[0], &ddl).await;
        let by_live = database(&admin, &server, &names[1], &ddl).await;
        let target = database(&admin, &server, &names[2], &wanted).await;
        let scripts = [
            script(&project, State::Prisma(from.clone()), prisma()).await,
            script(&project, live(&server, &names[1]), prisma()).await,
        ];
        let policies = "SELECT concat_ws(' ', tablename, policyname, cmd, qual, with_check) FROM pg_policies ORDER BY 1";
        for (changed, sql) in [(&by_schema, &scripts[0]), (&by_live, &scripts[1])] {
            let result = changed.batch_execute(sql).await;
            result.unwrap_or_else(|error| panic!("{what}: {error:?}\n{sql}"));
            let (is, should) = (
                texts(changed, policies).await,
                texts(&target, policies).await,
            );
            assert_eq!(is, should, "{what}\n{sql}");
        }
        for name in &names {
            let rest = script(&project, live(&server, name), prisma()).await;
            assert_eq!(rest, "-- This is an empty migration.\n", "{what} ({name})");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_in_the_way_is_told() {
    let Some(server) = TestServer::available(&Default::default()) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), &server);
    let schema = |name: &str, models: &str| {
        let path = folder.path().join(name);
        let datasource = "datasource db {\n  provider = \"postgresql\"\n}\n";
        std::fs::write(&path, format!("{datasource}{models}\n")).unwrap();
        path
    };
    let from = schema(
        "from.prisma",
        "/// @@rls\n/// @@policy(\"own\", using: \"owner = 'x'\")\nmodel Doc {\n  id Int @id\n  owner String\n}",
    );
    let to = schema("to.prisma", "model Doc {\n  id Int @id\n}");
    let sql = format!(
        "{} CREATE VIEW owners AS SELECT owner FROM \"Doc\"; CREATE VIEW ids AS SELECT id FROM \"Doc\";",
        our_ddl(&from).await
    );
    let made = database(&admin, &server, "blocked", &sql).await;
    let told = async |from: State| {
        let request = DiffRequest::new(from, State::Prisma(to.clone()));
        let outcome = diff(&project, &request, &Silent).await.unwrap();
        let refused = made.batch_execute(&outcome.output.unwrap()).await;
        assert!(refused.is_err());
        let found = outcome
            .findings
            .into_iter()
            .filter(|it| it.code.name == "in-the-way");
        found.map(|it| it.message).collect::<Vec<_>>()
    };
    let policy = "PostgreSQL refuses the script: policy own on public.\"Doc\" stays, and names column public.\"Doc\".owner, which goes";
    let view = "PostgreSQL refuses the script: view public.owners stays, and names column public.\"Doc\".owner, which goes";
    assert_eq!(told(live(&server, "blocked")).await, [policy, view]);
    assert_eq!(told(State::Prisma(from.clone())).await, [policy]);
}

#[tokio::test(flavor = "multi_thread")]
async fn views_come_back_with_all_that_was_said_of_them() {
    let Some(server) = TestServer::available(&Default::default()) else {
        return;
    };
    let admin = session(&server.socket_url("postgres", "postgres")).await;
    admin
        .batch_execute("CREATE ROLE view_owner; CREATE ROLE reader; CREATE ROLE \"Odd \"\"one\"")
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), &server);
    let schema = folder.path().join("to.prisma");
    let models = "datasource db {\n  provider = \"postgresql\"\n}\n\
                  model Doc {\n  id Int @id\n  owner String @db.VarChar(30)\n}\n";
    std::fs::write(&schema, models).unwrap();
    let before = r#"
        CREATE TABLE "Doc" (id integer NOT NULL, owner text NOT NULL, CONSTRAINT "Doc_pkey" PRIMARY KEY (id));
        CREATE VIEW docs WITH (security_barrier=true) AS SELECT id, owner FROM "Doc";
        CREATE VIEW owners AS SELECT DISTINCT owner FROM docs;
        CREATE MATERIALIZED VIEW counted WITH (fillfactor=70) AS SELECT owner, count(*) AS n FROM "Doc" GROUP BY owner;
        CREATE UNIQUE INDEX counted_owner ON counted (owner);
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER docs_insert INSTEAD OF INSERT ON docs FOR EACH ROW EXECUTE FUNCTION nothing();
        CREATE TRIGGER doc_owner BEFORE UPDATE OF owner ON "Doc" FOR EACH ROW EXECUTE FUNCTION nothing();
        CREATE POLICY by_hand ON "Doc" USING (owner = current_user);
        COMMENT ON POLICY by_hand ON "Doc" IS 'nobody''s';
        COMMENT ON TRIGGER doc_owner ON "Doc" IS 'watches';
        COMMENT ON TRIGGER docs_insert ON docs IS 'adds';
        COMMENT ON VIEW docs IS 'all';
        COMMENT ON COLUMN docs.owner IS 'whose';
        COMMENT ON MATERIALIZED VIEW counted IS 'how many';
        COMMENT ON INDEX counted_owner IS 'once';
        GRANT USAGE, CREATE ON SCHEMA public TO view_owner;
        ALTER VIEW docs OWNER TO view_owner;
        GRANT SELECT ON docs TO reader WITH GRANT OPTION;
        GRANT UPDATE (owner) ON docs TO "Odd ""one";
        GRANT SELECT ON owners TO PUBLIC;
        REVOKE ALL ON counted FROM postgres;
        GRANT SELECT ON counted TO reader;"#;
    let changed = database(&admin, &server, "views", before).await;
    let said = "
        SELECT concat_ws(' ', relname, relkind, relowner::regrole, (SELECT array_agg(it::text ORDER BY it::text) FROM unnest(relacl) AS it), reloptions, obj_description(oid, 'pg_class'))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT concat_ws(' ', attrelid::regclass, attname, attacl, col_description(attrelid, attnum)) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) AND attnum > 0
        UNION ALL
        SELECT concat_ws(' ', tgname, obj_description(oid, 'pg_trigger')) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT concat_ws(' ', polname, obj_description(oid, 'pg_policy')) FROM pg_policy
        ORDER BY 1";
    let as_it_was = texts(&changed, said).await;
    assert!(
        as_it_was
            .iter()
            .any(|it| it == "docs owner {\"\\\"Odd \\\"\\\"one\\\"=w/view_owner\"} whose"),
        "{as_it_was:#?}"
    );
    let prisma = || State::Prisma(schema.clone());
    let sql = script(&project, live(&server, "views"), prisma()).await;
    let result = changed.batch_execute(&sql).await;
    result.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    assert_eq!(texts(&changed, said).await, as_it_was, "{sql}");
    let rest = script(&project, live(&server, "views"), prisma()).await;
    assert_eq!(rest, "-- This is an empty migration.\n");
}
