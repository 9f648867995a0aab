//! Real text with mistakes of bytes: cut off, flipped, repeated, taken out, and spliced with other text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;

use crate::laws;
use crate::support::all_cases;

/// How often each fixture is mutated where nobody asks for more.
const CASES: u64 = 4;

fn mutated(text: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..rng.usize(1..4) {
        let length = bytes.len();
        if length < 2 {
            break;
        }
        let start = rng.usize(0..length);
        let end = (start + rng.usize(1..64)).min(length);
        match rng.u8(0..7) {
            0 => bytes.truncate(start),
            1 => bytes[start] ^= 1 << rng.u8(0..7),
            2 => bytes[start] = *rng.choice(b"{}()[]\"\\@/\n\r\0 ,:=").unwrap(),
            3 => {
                let span = bytes[start..end].repeat(rng.usize(1..20));
                bytes.splice(end..end, span);
            }
            4 => {
                bytes.drain(start..end);
            }
            5 => {
                let from = rng.usize(0..other.len().max(1)).min(other.len());
                let to = (from + 64).min(other.len());
                bytes.splice(start..start, other[from..to].to_vec());
            }
            _ => bytes.swap(start, end - 1),
        }
    }
    bytes
}

#[test]
fn mutated_fixtures_obey_the_laws() {
    let cases = std::env::var("DRIFTLESS_CASES");
    let cases = cases.map_or(CASES, |it| it.parse().unwrap());
    let texts: Vec<String> = all_cases()
        .flat_map(|it| it.files)
        .map(|(_, text)| text)
        .collect();
    for (at, text) in texts.iter().enumerate() {
        for case in 0..cases {
            let seed = at as u64 * 1_000_000 + case;
            let mut rng = Rng::with_seed(seed);
            let other = &texts[rng.usize(0..texts.len())];
            let bytes = mutated(text.as_bytes(), other.as_bytes(), &mut rng);
            let obeys = catch_unwind(AssertUnwindSafe(|| {
                laws::reads(&bytes);
                laws::formats(&bytes);
            }));
            let text = String::from_utf8_lossy(&bytes);
            assert!(obeys.is_ok(), "seed {seed}:\n{text}");
        }
    }
}
