//! Scripts between states with objects that stand in each other's way: applied, each leads to its target.

use driftless_testkit::{ServerOptions, TestServer};

use crate::app::App;
use crate::live::run_sql;

/// What it shows, one state, and another.
const PAIRS: &[(&str, &str, &str)] = &[
    (
        "views_on_views",
        "create table t(a int, b int); create view v1 as select a, b from t; create view v2 as select a from v1;",
        "create table t(a int, b int); create view v1 as select b, a from t; create view v2 as select a from v1;",
    ),
    (
        "a_type_that_views_policies_and_triggers_name",
        "create table t(id int); create view w as select id from t; create policy p on t using (id > 1);
         create trigger g before update of id on t for each row execute function suppress_redundant_updates_trigger();",
        "create table t(id bigint); create view w as select id from t; create policy p on t using (id > 1);
         create trigger g before update of id on t for each row execute function suppress_redundant_updates_trigger();",
    ),
    (
        "a_label_of_an_enum_that_a_policy_names",
        "create type m as enum('a', 'b'); create table t(id int, c m default 'a');
         alter table t enable row level security; create policy p on t using (c = 'a');",
        "create type m as enum('a'); create table t(id int, c m default 'a');
         alter table t enable row level security; create policy p on t using (c = 'a');",
    ),
    (
        "both_ends_of_a_foreign_key",
        "create table p(id int primary key); create table c(pid int references p);",
        "create table p(id text primary key); create table c(pid text references p);",
    ),
    (
        "a_sequence_with_privileges_of_its_own",
        "create table t(q int not null);",
        "create table t(q serial); grant usage on sequence t_q_seq to pg_read_all_data;
         comment on sequence t_q_seq is 'numbers';",
    ),
    (
        "columns_of_partitions_and_of_heirs",
        "create table ev(id int, at timestamptz not null, k text) partition by range (at);
         create table ev1 partition of ev for values from ('2020-01-01') to ('2021-01-01');
         create index ev_at_idx on ev(at);
         create table parent(a int, b text not null); create table child(c int) inherits(parent);",
        "create table ev(id int, at timestamptz not null, k varchar(20), extra int not null default 3)
             partition by range (at);
         create table ev1 partition of ev for values from ('2020-01-01') to ('2021-01-01');
         create index ev_at_idx on ev(at);
         create table parent(a int, b text, z int default 4); create table child(c int) inherits(parent);",
    ),
    (
        "a_partition_that_is_detached_and_a_foreign_key_to_partitions",
        "create table ev(id int, at timestamptz not null) partition by range (at);
         create table ev1 partition of ev for values from ('2020-01-01') to ('2021-01-01');
         create index ev_at_idx on ev(at);
         create table part(id int, k text not null, primary key(id, k)) partition by list(k);
         create table part_a partition of part for values in ('a');
         create table ref(pid int, pk text, foreign key (pid, pk) references part);",
        "create table ev(id int, at timestamptz not null) partition by range (at);
         create table ev1 partition of ev for values from ('2020-01-01') to ('2021-01-01');
         create index ev_at_idx on ev(at); alter table ev detach partition ev1;
         create table part(id int, k text not null, primary key(id, k)) partition by list(k);
         create table part_a partition of part for values in ('a');
         create table ref(pid int, pk text, foreign key (pid, pk) references part);",
    ),
];

#[test]
fn any_of_two_states_leads_into_the_other() {
    let Some(server) = TestServer::available(&ServerOptions::default()) else {
        return;
    };
    let admin = server.socket_url("postgres", "postgres");
    let app = App::empty();
    for (name, one, two) in PAIRS {
        for (direction, from, to) in [("there", one, two), ("back", two, one)] {
            let [source, target] =
                ["source", "target"].map(|it| format!("{name}_{direction}_{it}"));
            for (database, sql) in [(&source, from), (&target, to)] {
                // A name has at most 63 bytes.
                let database = &database[database.len().saturating_sub(60)..];
                run_sql(&admin, &format!("create database \"{database}\""));
                run_sql(&server.socket_url("postgres", database), sql);
            }
            let [source, target] = [source, target]
                .map(|it| server.socket_url("postgres", &it[it.len().saturating_sub(60)..]));
            let (from, to) = (format!("db:{source}"), format!("db:{target}"));
            let args = ["db-diff", "--from", &from, "--to", &to, "--script"];
            run_sql(&source, &app.run(&args).stdout);
            let rest = app.run(&args);
            assert_eq!(
                rest.stdout, "-- This is an empty migration.\n",
                "{name}, {direction}"
            );
        }
    }
}
