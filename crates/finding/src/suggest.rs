/// The candidate that `name` was probably meant to be, or `None` if nothing is near.
///
/// Near means a Damerau-Levenshtein distance of at most a third of the longer name, letter case
/// ignored. Of equally near candidates the first wins, so the answer depends only on the input.
///
/// ```
/// use driftless_finding::closest;
///
/// assert_eq!(closest("autorId", ["id", "authorId", "title"]), Some("authorId"));
/// assert_eq!(closest("x", ["authorId"]), None);
/// ```
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let have: Vec<char> = candidate.to_lowercase().chars().collect();
        let limit = wanted.len().max(have.len()).div_ceil(3);
        // Names are short; a longer one is not a slip of the finger but something else.
        if wanted.len().abs_diff(have.len()) > limit || have.len() > 200 || wanted.len() > 200 {
            continue;
        }
        let distance = distance(&wanted, &have);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions, and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbours_is_one_slip() {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("Itn"), &chars("Int")), 1);
        assert_eq!(distance(&chars(""), &chars("abc")), 3);
        assert_eq!(distance(&chars("kitten"), &chars("sitting")), 3);
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(closest("ab", ["aa", "bb"]), Some("aa"));
    }
}
