//! What may have got another name, and in which order names change.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

use std::collections::BTreeSet;

use driftless_catalog::{
    Catalog, Column, DataType, EnumType, Ident, Nameable, ObjectId, QualifiedName, Rename, Renames,
    Table,
};
use driftless_diff::{
    Candidate, Evidence, GOOD, Level, NewName, RenamePlan, RenameSpelling, SURE, SpellingError,
    candidates, unambiguous,
};

fn ident(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

fn public(name: &str) -> QualifiedName {
    QualifiedName::new(ident("public"), ident(name))
}

/// A table of columns, each `name type`.
fn table(name: &str, columns: &[&str]) -> Table {
    let mut table = Table::new(public(name));
    for it in columns {
        let (name, ty) = it.rsplit_once(' ').unwrap();
        let ty = DataType::parse(ty).unwrap();
        table.columns.push(Column::new(ident(name), ty));
    }
    table
}

fn catalog(tables: impl IntoIterator<Item = Table>) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.tables.extend(tables);
    catalog
}

fn with_enum(labels: &[&str]) -> Catalog {
    let mut catalog = Catalog::default();
    catalog.enums.insert(EnumType {
        name: public("role"),
        labels: labels.iter().map(|it| (*it).to_owned()).collect(),
        common: driftless_catalog::Common::default(),
    });
    catalog
}

fn column(table: &str, name: &str) -> Nameable {
    Nameable::Object(ObjectId::Column(public(table), ident(name)))
}

fn rename(from: Nameable, to: Nameable) -> Rename {
    Rename { from, to }
}

/// The candidates that are worth a question: what, its score, and whether it is taken without one.
fn found(from: &Catalog, to: &Catalog, level: Level) -> Vec<(String, u32, bool)> {
    let all = candidates(from, to, level);
    let sure: Vec<&Candidate> = unambiguous(&all);
    let good = all.iter().filter(|it| it.score() >= GOOD);
    let told = good.map(|it| {
        let name = format!("{} -> {}", it.rename.from, it.rename.to);
        (name, it.score(), sure.contains(&it))
    });
    told.collect()
}

#[test]
fn a_column_of_the_same_type_at_the_same_place_is_sure() {
    let from = catalog([table("t", &["id integer", "a text", "b text"])]);
    let to = catalog([table("t", &["id integer", "x text", "b text"])]);
    let found = found(&from, &to, Level::Columns);
    let [(name, score, taken)] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(name, "column public.t.a -> column public.t.x");
    assert!(*score >= SURE && *taken);
}

#[test]
fn type_and_place_are_both_needed() {
    let from = catalog([table("t", &["id integer", "a text", "b text", "c text"])]);
    let another_type = catalog([table("t", &["id integer", "x bigint", "b text", "c text"])]);
    assert_eq!(found(&from, &another_type, Level::Columns), []);
    let another_place = catalog([table("t", &["id integer", "b text", "c text", "x text"])]);
    let found = found(&from, &another_place, Level::Columns);
    assert!(matches!(&found[..], [(_, _, false)]), "{found:?}");
}

#[test]
fn of_two_that_fit_none_is_taken() {
    let from = catalog([
        table("old", &["id integer", "a text"]),
        table("t", &["id integer"]),
    ]);
    let to = catalog([
        table("new", &["id integer", "a text"]),
        table("newer", &["id integer", "a text"]),
        table("t", &["id integer"]),
    ]);
    let found = found(&from, &to, Level::Tables);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|(_, _, taken)| !taken), "{found:?}");
}

#[test]
fn a_table_with_less_than_half_in_common_is_another() {
    let from = catalog([table("a", &["id integer", "x text", "y text"])]);
    let to = catalog([table("b", &["id integer", "z text", "w text"])]);
    assert_eq!(found(&from, &to, Level::Tables), []);
}

#[test]
fn one_label_of_several_is_sure_and_two_at_once_are_asked() {
    let from = with_enum(&["USER", "ADMIN", "ROOT"]);
    let one = found(
        &from,
        &with_enum(&["USER", "OWNER", "ROOT"]),
        Level::Columns,
    );
    assert!(matches!(&one[..], [(_, _, true)]), "{one:?}");
    let two = found(&from, &with_enum(&["USER", "OWNER", "TOP"]), Level::Columns);
    assert_eq!(two.len(), 2);
    assert!(two.iter().all(|(_, _, taken)| !taken), "{two:?}");
    let only_spelling = found(
        &with_enum(&["a_b", "c"]),
        &with_enum(&["AB", "C"]),
        Level::Columns,
    );
    assert_eq!(only_spelling.len(), 2, "{only_spelling:?}");
}

#[test]
fn evidence_reads_as_a_sentence() {
    let shared = Evidence::Shared {
        what: "columns",
        same: 9,
        of: 10,
    };
    assert_eq!(shared.to_string(), "9 of 10 columns are the same");
    assert_eq!(shared.weight(), 54);
}

/// Whether every name is free when it is taken, and all end up where they should.
fn follow(names: &[&str], renames: &[Rename], plan: &RenamePlan) {
    let mut taken: BTreeSet<String> = names.iter().map(|it| (*it).to_owned()).collect();
    let own = |it: &Nameable| {
        let Nameable::Object(ObjectId::Column(_, name)) = it else {
            panic!("{it}");
        };
        name.as_str().to_owned()
    };
    for it in &plan.moves {
        let NewName::Name(to) = &it.to else {
            panic!("{it:?}");
        };
        assert!(taken.remove(&own(&it.of)), "{it:?}");
        assert!(taken.insert(to.clone()), "{it:?}");
    }
    for it in renames {
        assert!(taken.contains(&own(&it.to)), "{it:?}");
    }
}

#[test]
fn no_name_is_taken_twice_along_chains_and_circles() {
    let hostile = "=\"; DROP TABLE x; --";
    let long = "l".repeat(63);
    let names = ["a", "b", "c", "d", "e", hostile, &long];
    let columns: Vec<String> = names.iter().map(|it| format!("{it} integer")).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let from = catalog([table("t", &columns)]);
    let cases: &[&[(&str, &str)]] = &[
        &[("a", "x")],
        &[("a", "b"), ("b", "c"), ("c", "x")],
        &[("c", "x"), ("b", "c"), ("a", "b")],
        &[("a", "b"), ("b", "a")],
        &[("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d")],
        // Those in the way are not renamed themselves.
        &[("a", "b")],
        &[("a", hostile), (hostile, &long), (&long, "a")],
        &[("b", &long), (&long, "y")],
        &[("a", "b"), ("c", "b_old")],
    ];
    for case in cases {
        let renames: Vec<Rename> = case
            .iter()
            .map(|(from, to)| rename(column("t", from), column("t", to)))
            .collect();
        let plan = RenamePlan::new(&from, &Catalog::default(), &renames, 0);
        follow(&names, &renames, &plan);
        let after = plan.apply(&from);
        let table = after.tables.iter().next().unwrap();
        let unique: BTreeSet<&Ident> = table.columns.iter().map(|it| &it.name).collect();
        assert_eq!(unique.len(), names.len(), "{case:?}");
        // And back.
        let mut now: Vec<String> = unique.iter().map(|it| it.as_str().to_owned()).collect();
        for it in plan.moves_back(&after) {
            let (Nameable::Object(ObjectId::Column(_, of)), NewName::Name(to)) = (&it.of, &it.to)
            else {
                panic!("{it:?}");
            };
            let at = now.iter().position(|it| it == of.as_str()).unwrap();
            assert!(!now.contains(to), "{case:?}: {it:?}");
            now[at].clone_from(to);
        }
        let (now, names): (BTreeSet<_>, BTreeSet<_>) = (
            now.into_iter().collect(),
            names.iter().map(|it| (*it).to_owned()).collect(),
        );
        assert_eq!(now, names, "{case:?}");
    }
}

#[test]
fn the_way_back_is_the_inverse() {
    let from = catalog([table("t", &["a integer", "b integer"])]);
    let of_table = |it: &str| Nameable::Object(ObjectId::Table(public(it)));
    let renames = [
        rename(of_table("t"), of_table("u")),
        rename(column("t", "a"), column("u", "b")),
        rename(column("t", "b"), column("u", "a")),
    ];
    let names = Renames::new(&from, &renames);
    let after = from.renamed(&names);
    assert_eq!(after.renamed(&names.inverse()), from);
    assert_eq!(
        names.inverse().nameable(&column("u", "a")),
        column("t", "b")
    );
}

#[test]
fn what_is_given_has_to_fit() {
    let from = catalog([table("t", &["a integer", "n integer"])]);
    let to = catalog([table("u", &["b integer", "n integer"])]);
    let none = Renames::default();
    let resolve = |text: &str, names: &Renames| {
        RenameSpelling::parse(text)
            .unwrap()
            .resolve(&from, &to, names)
    };
    let of_table = |it: &str| Nameable::Object(ObjectId::Table(public(it)));
    let table = resolve("public.t=u", &none).unwrap();
    assert_eq!(table, rename(of_table("t"), of_table("u")));
    // The column is looked for in the table under its new name.
    let error = resolve("public.t.a=b", &none).unwrap_err();
    assert!(matches!(error, SpellingError::NoTarget { .. }), "{error}");
    let names = Renames::new(&from, [&table]);
    let column_a = resolve("public.t.a=b", &names).unwrap();
    assert_eq!(column_a, rename(column("t", "a"), column("u", "b")));
    let error = resolve("public.t.A=b", &names).unwrap_err();
    assert_eq!(error.known()[0], "column:public.t.a");
}
