//! The names that Prisma gives to what has none in the schema.

use driftless_catalog::Ident;

/// `parts` joined by underscores with `suffix` behind, the parts cut so that the whole has at most 63
/// bytes, between two characters.
///
/// Follows the Prisma schema reference, "Prisma ORM's default naming conventions for indexes and
/// constraints".
pub(crate) fn constraint_name(parts: &[&str], suffix: &str) -> Ident {
    let joined = parts.join("_");
    let room = Ident::MAX_BYTES - suffix.len();
    let cut = &joined[..joined.floor_char_boundary(room)];
    ident(&format!("{cut}{suffix}"))
}

/// A name of the schema as the server keeps it: cut to 63 bytes.
///
/// A valid schema has no empty names and none with a zero byte; in an invalid one they are shown as `_`
/// and as a replacement character.
pub(crate) fn ident(name: &str) -> Ident {
    let name = name.replace('\0', "\u{fffd}");
    let name = if name.is_empty() { "_" } else { &name };
    Ident::cut(name).unwrap_or_else(|_| ident("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_suffix_gives_way() {
        let name = constraint_name(&[&"t".repeat(60), "column"], "_key");
        assert_eq!(name.as_str(), format!("{}_key", "t".repeat(59)));
        let name = constraint_name(&[&"é".repeat(40)], "_pkey");
        assert_eq!(name.as_str(), format!("{}_pkey", "é".repeat(29)));
    }
}
