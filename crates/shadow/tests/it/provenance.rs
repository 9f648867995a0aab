//! Which statement made what.

use driftless_finding::{Sources, Span};
use driftless_shadow::{Replay, ReplayMode};

use crate::replay::replay;
use crate::servers::on_each_database;

/// `introduced changed`, each as file and line.
fn origin(sources: &Sources, replay: &Replay, object_type: &str, identity: &str) -> String {
    let place = |span: Span| {
        let place = sources.locate(span);
        format!(
            "{}:{}",
            place.path.trim_end_matches(".sql"),
            place.start.line
        )
    };
    let origin = replay.provenance.origin(object_type, identity);
    origin.map_or("nowhere".to_owned(), |it| {
        format!("{} {}", place(it.introduced), place(it.changed))
    })
}

const FILES: [&str; 4] = [
    "create table public.users (
  id int primary key, name text default 'x');
create index users_name_idx on users (name);
create function f() returns int language sql as 'select 1';
create type mood as enum ('happy');
create view v as select 1 as a;
alter table users enable row level security;",
    "alter table users add column email text;
create policy \"own rows\" on users using (true);
do $$ begin
  alter table users add constraint email_length check (length(email) < 100);
  create table made_inside (id int);
exception when duplicate_object then null; end $$;
grant select on users to anon;
comment on table users is 'people';
alter type mood add value 'sad';",
    "create or replace function f() returns int language sql as 'select 2';
alter table users alter column name set default 'y';
alter table users rename column email to mail;
create or replace view v as select 1 as a, 2 as b;
select set_config('search_path', '', false);
alter policy \"own rows\" on public.users using (false);
create table public.\"Odd name\" (\"Column\" int);
drop table public.made_inside;",
    "begin;
create table made_again (id int);
commit;
create index concurrently later_idx on users (mail);
create table last_one (id int);
alter publication supabase_realtime add table users;",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_object_leads_back_to_its_statements() {
    on_each_database(async |database| {
        let (sources, replay) = replay(database, ReplayMode::Strict, &FILES).await;
        assert_eq!(replay.findings, []);
        let mut wrong = Vec::new();
        for (object_type, identity, expected) in [
            ("table column", "public.users.id", "1:1 1:1"),
            ("table column", "public.users.mail", "2:1 3:3"),
            ("table column", "public.\"Odd name\".\"Column\"", "3:7 3:7"),
            ("table column", "public.users.email", "nowhere"),
            ("default value", "for public.users.name", "3:2 3:2"),
            ("table constraint", "users_pkey on public.users", "1:1 1:1"),
            (
                "table constraint",
                "email_length on public.users",
                "2:3 2:3",
            ),
            ("index", "public.users_pkey", "1:1 1:1"),
            ("index", "public.users_name_idx", "1:3 1:3"),
            ("index", "public.later_idx", "4:4 4:4"),
            ("function", "public.f()", "1:4 3:1"),
            ("type", "public.mood", "1:5 2:9"),
            ("enum label", "public.mood.'happy'", "1:5 1:5"),
            ("enum label", "public.mood.'sad'", "2:9 2:9"),
            ("view", "public.v", "1:6 3:4"),
            ("policy", "\"own rows\" on public.users", "2:2 3:6"),
            ("table", "public.\"Odd name\"", "3:7 3:7"),
            ("table", "public.made_inside", "nowhere"),
            ("table", "public.made_again", "4:2 4:2"),
            ("table", "public.last_one", "4:5 4:5"),
            ("comment", "table public.users", "2:8 2:8"),
            (
                "publication relation",
                "public.users in publication supabase_realtime",
                "4:6 4:6",
            ),
            ("table", "auth.users", "nowhere"),
        ] {
            let found = origin(&sources, &replay, object_type, identity);
            if found != expected {
                wrong.push(format!(
                    "{object_type} {identity}: {found} and not {expected}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let introduced = replay
            .provenance
            .origin("table", "public.users")
            .unwrap()
            .introduced;
        assert_eq!(sources.locate(introduced).to_string(), "1.sql:1:1");
        let granted = replay
            .provenance
            .privileges("table", "public.users")
            .unwrap();
        assert_eq!(sources.locate(granted).to_string(), "2.sql:7:1");
        assert!(replay.provenance.touching("table", "public.users").len() >= 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_on_the_way_do_not_lead_astray() {
    let texts = [
        "create table a (id int);\ncreate table b (id int);\ncreate function f() returns int language sql as 'select 1';",
        "alter table a add column x int;\nalter table b add column y nonsense;\nalter table a add column z int;",
    ];
    on_each_database(async |database| {
        let (sources, replay) = replay(database, ReplayMode::Statement, &texts).await;
        assert_eq!(replay.findings.len(), 1);
        for (object_type, identity, expected) in [
            ("table column", "public.a.id", "1:1 1:1"),
            ("table column", "public.a.x", "2:1 2:1"),
            ("table column", "public.a.z", "2:3 2:3"),
            ("table", "public.b", "1:2 1:2"),
            ("function", "public.f()", "1:3 1:3"),
        ] {
            assert_eq!(
                origin(&sources, &replay, object_type, identity),
                expected,
                "{identity}"
            );
        }
    })
    .await;
}
