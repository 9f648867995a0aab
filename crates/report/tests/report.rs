//! Reports as users see them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use driftless_finding::{Code, Finding, Fix, Severity, Sources};
use driftless_report::{Format, RenderOptions, Report, render};
use insta::assert_snapshot;

static CODE: Code = Code {
    name: "drift-unmigrated",
    severity: Severity::Error,
    summary: "the Prisma schema has what no migration makes",
    explanation: "",
};

fn with_report(check: impl FnOnce(&Report<'_>)) {
    let mut sources = Sources::new();
    let text = "model User {\n\tid Int @id\n  nickname String? // ✓ é\n}\n";
    let file = sources.add("packages/db/schema.prisma", text).unwrap();
    let sql = sources
        .add("supabase/migrations/1_a.sql", "create table \"User\" ();\n")
        .unwrap();
    let findings = [
        Finding::new(
            &CODE,
            "column public.\"User\".nickname is in the schema and in no migration",
        )
        .object("column public.\"User\".nickname")
        .at(sources.span(file, 27..35))
        .label(sources.span(sql, 0..12), "the table is made here")
        .note("first\nsecond line")
        .help("write a migration")
        .fix(Fix::Sql(
            "ALTER TABLE \"User\" ADD COLUMN     \"nickname\" TEXT;\n".into(),
        )),
        Finding::new(&CODE, "a name with \u{1b}[31m in it")
            .severity(Severity::Warning)
            .at(sources.span(file, 14..16)),
        Finding::new(&CODE, "nothing to point at").severity(Severity::Info),
    ];
    check(&Report {
        verb: "db-drift",
        facts: vec![
            ("desired".into(), "packages/db/schema.prisma".into()),
            ("actual".into(), "not compared".into()),
        ],
        findings: &findings,
        sources: &sources,
        verdict: "no drift".into(),
        script: None,
        error: None,
    });
}

#[test]
fn text_points_at_the_line_and_says_what_to_do() {
    with_report(|report| {
        assert_snapshot!(render(report, Format::Text, &RenderOptions::default()));
    });
}

#[test]
fn colour_changes_nothing_but_colour() {
    with_report(|report| {
        let plain = render(report, Format::Text, &RenderOptions::default());
        let options = RenderOptions {
            color: true,
            quiet: false,
        };
        let colored = render(report, Format::Text, &options);
        let mut stripped = String::new();
        for (at, part) in colored.split("\u{1b}[").enumerate() {
            let text = if at == 0 {
                part
            } else {
                part.split_once('m').unwrap().1
            };
            stripped.push_str(text);
        }
        assert_eq!(stripped, plain);
        assert_ne!(colored, plain);
    });
}

#[test]
fn json_has_a_version_and_everything_that_text_has() {
    with_report(|report| {
        assert_snapshot!(render(report, Format::Json, &RenderOptions::default()));
    });
}

#[test]
fn quiet_leaves_out_what_is_no_finding() {
    let report = Report {
        verb: "db-drift",
        facts: vec![("desired".into(), "x".into())],
        findings: &[],
        sources: &Sources::new(),
        verdict: "no drift".into(),
        script: None,
        error: None,
    };
    let options = RenderOptions {
        color: false,
        quiet: true,
    };
    assert_eq!(render(&report, Format::Text, &options), "");
}

#[test]
fn of_a_very_long_line_the_part_around_the_marks_is_shown() {
    let mut sources = Sources::new();
    let text = format!("{}HERE{}", "x".repeat(5000), "y".repeat(5000));
    let file = sources.add("f", text).unwrap();
    let findings = [Finding::new(&CODE, "long").at(sources.span(file, 5000..5004))];
    let report = Report {
        verb: "db-validate",
        facts: Vec::new(),
        findings: &findings,
        sources: &sources,
        verdict: String::new(),
        script: None,
        error: None,
    };
    let text = render(&report, Format::Text, &RenderOptions::default());
    assert!(
        text.lines().all(|line| line.chars().count() < 200),
        "{text}"
    );
    let marks: Vec<&str> = text.lines().filter(|it| it.contains('^')).collect();
    let line = text.lines().find(|it| it.contains("HERE")).unwrap();
    let column = |line: &str, what: &str| line.split(what).next().unwrap().chars().count();
    assert_eq!(column(marks[0], "^"), column(line, "HERE"));
}

#[test]
fn no_format_shows_a_password_that_somebody_has_quoted() {
    let mut sources = Sources::new();
    let text = "alter role \u{e9} password\n\t'geheim' valid until 'x';\n";
    let file = sources.add("1_a.sql", text).unwrap();
    let url = "postgres://app:geheim@db/shop";
    let findings = [Finding::new(&CODE, format!("`{url}` is none"))
        .object(url)
        .at(sources.span(file, 31..36))
        .label(sources.span(file, 0..5), url)
        .note(url)
        .help(url)];
    let report = Report {
        verb: "db-drift",
        facts: vec![("actual".into(), url.into())],
        findings: &findings,
        sources: &sources,
        verdict: url.into(),
        script: None,
        error: None,
    };
    let text = render(&report, Format::Text, &RenderOptions::default());
    let json = render(&report, Format::Json, &RenderOptions::default());
    assert!(!json.contains("geheim"), "{json}");
    assert!(!text.contains("geheim"), "{text}");
    assert_snapshot!(text);
}

#[test]
fn sql_that_indentation_would_change_stands_at_the_start_of_its_lines() {
    let sources = Sources::new();
    let body = "CREATE FUNCTION f() RETURNS text AS $function$\n  select 'a  \n\nb'\n$function$;";
    let findings = [
        Finding::new(&CODE, "a function").fix(Fix::Sql(format!("{body}\n\n"))),
        Finding::new(&CODE, "a table")
            .help("look")
            .fix(Fix::Sql("CREATE TABLE t (\n    id int\n);\n".into())),
        Finding::new(&CODE, "a name").fix(Fix::Sql("DROP TABLE \"a\rb\";\n".into())),
    ];
    let report = Report {
        verb: "db-drift",
        facts: Vec::new(),
        findings: &findings,
        sources: &sources,
        verdict: String::new(),
        script: Some("DROP TABLE \"a\rb\";\n"),
        error: None,
    };
    let text = render(&report, Format::Text, &RenderOptions::default());
    assert!(text.contains(&format!(" = fix:\n{body}\n\n")), "{text}");
    assert_snapshot!(text);
}
