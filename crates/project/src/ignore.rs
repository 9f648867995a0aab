//! `[ignore]`: objects that are not compared.

use driftless_finding::Finding;

use crate::Config;

/// Takes the findings out that the configuration ignores, and says how many there were.
pub(crate) fn take_ignored(findings: Vec<Finding>, config: &Config) -> (Vec<Finding>, usize) {
    let ignored = |it: &Finding| {
        it.object.as_deref().is_some_and(|object| {
            let patterns = config.ignore.objects.iter();
            patterns.map(|it| &it.pattern).any(|it| matches(it, object))
        })
    };
    let before = findings.len();
    let kept: Vec<Finding> = findings.into_iter().filter(|it| !ignored(it)).collect();
    let count = before - kept.len();
    (kept, count)
}

/// Whether `text` is `pattern` with any text for each `*`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            let Some(at) = rest.find(part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
        }
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches(
            "table public.legacy_*",
            "table public.legacy_users"
        ));
        assert!(matches("* public.*", "index public.x"));
        assert!(matches("table public.a", "table public.a"));
        assert!(!matches("table public.a", "table public.ab"));
        assert!(!matches("*.a*.b", "x.b.a"));
        assert!(matches("*a*a", "aa"));
        assert!(!matches("*a*a", "a"));
    }
}
