//! The examples of the guide to row level security.

use std::fs;
use std::path::Path;

use crate::support::check_text;

#[test]
fn examples_of_the_guide_are_valid_and_have_policies() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/RLS.md");
    let guide = fs::read_to_string(path).unwrap();
    let examples: Vec<_> = guide.split("```prisma\n").skip(1).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let (schema, _) = example.split_once("```").unwrap();
        let checked = check_text(schema);
        assert_eq!(checked.errors().count(), 0, "{}", checked.findings());
        let policies = checked
            .parsed
            .schema
            .models
            .iter()
            .map(|it| it.policies.len());
        assert_ne!(policies.sum::<usize>(), 0, "{schema}");
    }
}
