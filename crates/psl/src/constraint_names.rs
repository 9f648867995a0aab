//! What keys, indexes and foreign keys are called in the database where the schema does not say.
//!
//! Prisma documentation, *Database mapping*, *Prisma ORM's default naming conventions for indexes and constraints*.

/// The most bytes that PostgreSQL keeps of a name.
pub(crate) const MAX_NAME_LEN: usize = 63;

/// The name of the primary key of `table`, which is its name in the database: `User_pkey`.
///
/// At most 63 bytes; what stands in front of the suffix is cut.
pub fn primary_key_name(table: &str) -> String {
    with_suffix(table.to_owned(), "_pkey")
}

/// The name of a unique index of `table` on `columns`, which are names in the database: `User_email_key`.
///
/// At most 63 bytes; what stands in front of the suffix is cut.
pub fn unique_name<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    with_suffix(joined(table, columns), "_key")
}

/// The name of any other index of `table` on `columns`, which are names in the database: `User_name_idx`.
///
/// At most 63 bytes; what stands in front of the suffix is cut.
pub fn index_name<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    with_suffix(joined(table, columns), "_idx")
}

/// The name of a foreign key of `table` on `columns`, which are names in the database: `Post_authorId_fkey`.
///
/// At most 63 bytes; what stands in front of the suffix is cut.
pub fn foreign_key_name<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    with_suffix(joined(table, columns), "_fkey")
}

fn joined<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut name = String::with_capacity(MAX_NAME_LEN);
    name.push_str(table);
    name.push('_');
    for (index, column) in columns.into_iter().enumerate() {
        if index > 0 {
            name.push('_');
        }
        name.push_str(column);
    }
    name
}

/// Cuts what stands in front of the suffix, at the boundary of a character, so that the whole is kept.
fn with_suffix(mut name: String, suffix: &str) -> String {
    name.truncate(name.floor_char_boundary(MAX_NAME_LEN - suffix.len()));
    name.push_str(suffix);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_joined_by_underscores() {
        assert_eq!(
            unique_name("User", ["firstName", "last_name"]),
            "User_firstName_last_name_key"
        );
        assert_eq!(foreign_key_name("Post", []), "Post__fkey");
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        let name = primary_key_name(&"ä".repeat(40));
        assert_eq!(name, format!("{}_pkey", "ä".repeat(29)));
        let name = index_name(&"t".repeat(63), ["c"]);
        assert_eq!(name, format!("{}_idx", "t".repeat(59)));
    }
}
