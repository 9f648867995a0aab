//! What holds for any bytes: the bodies of the fuzz targets, which the tests of `driftless-psl` run too.

use driftless_finding::{Severity, Sources};
use driftless_psl::{Options, format, parse};

/// Reading ends without a panic, and every finding is at a place of the text, in the order of the text.
pub(crate) fn reads(bytes: &[u8]) {
    let Some((sources, file)) = source(bytes) else {
        return;
    };
    let parsed = parse(&sources, &[file], Options::default());
    for finding in &parsed.findings {
        let labels = finding.labels.iter().map(|it| it.span);
        for span in labels.chain(finding.span) {
            // Panics if the span does not begin and end between characters.
            sources.text(span);
        }
    }
    assert!(parsed.findings.iter().map(|it| it.span).is_sorted());
}

/// What can be formatted is so after one run, and a schema without errors stays one.
pub(crate) fn formats(bytes: &[u8]) {
    let Some((sources, file)) = source(bytes) else {
        return;
    };
    let Ok(once) = format(&sources, &[file]) else {
        return;
    };
    let (again, copy) = source(once[0].as_bytes()).expect("formatted text is text");
    let twice = format(&again, &[copy]).expect("formatted text can be formatted");
    assert_eq!(once, twice);
    let is_valid = |sources: &Sources, file| {
        let parsed = parse(sources, &[file], Options::default());
        parsed
            .findings
            .iter()
            .all(|it| it.severity < Severity::Error)
    };
    assert!(!is_valid(&sources, file) || is_valid(&again, copy));
}

/// The bytes as a file; what is no text is refused before it gets here.
fn source(bytes: &[u8]) -> Option<(Sources, driftless_finding::SourceId)> {
    let text = str::from_utf8(bytes).ok()?;
    let mut sources = Sources::new();
    let file = sources.add("schema.prisma", text).ok()?;
    Some((sources, file))
}
