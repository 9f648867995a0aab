use driftless_catalog::{Attribute, Other};
use driftless_sql_text::quote_literal;

use crate::Statement;

/// Follows the Supabase documentation, Storage, Creating Buckets.
pub(super) fn create(it: &Other) -> Vec<Statement> {
    let id = quote_literal(&it.id.identity);
    let (names, values): (Vec<&str>, Vec<String>) = it
        .attributes
        .iter()
        .map(|(name, attribute)| (name.as_str(), value(name, Some(attribute))))
        .unzip();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql = format!("INSERT INTO storage.buckets (id, {names}) VALUES ({id}, {values})");
    vec![Statement::new(sql)]
}

pub(super) fn drop(it: &Other) -> Vec<Statement> {
    let id = quote_literal(&it.id.identity);
    let sql = format!("DELETE FROM storage.buckets WHERE id = {id}");
    vec![Statement::new(sql).deletes(format!("storage bucket {id}"))]
}

pub(super) fn alter(from: &Other, to: &Other) -> Vec<Statement> {
    let names = from.attributes.keys().chain(to.attributes.keys());
    let mut clauses: Vec<String> = names
        .filter(|name| from.attributes.get(*name) != to.attributes.get(*name))
        .map(|name| format!("{name} = {}", value(name, to.attributes.get(name))))
        .collect();
    clauses.sort();
    clauses.dedup();
    let (id, clauses) = (quote_literal(&to.id.identity), clauses.join(", "));
    let sql = format!("UPDATE storage.buckets SET {clauses} WHERE id = {id}");
    vec![Statement::new(sql)]
}

/// The value of one of the columns that are read of a bucket.
fn value(name: &str, attribute: Option<&Attribute>) -> String {
    match attribute {
        None => "NULL".to_owned(),
        Some(Attribute::List(types)) => {
            let types: Vec<String> = types.iter().map(|it| quote_literal(it)).collect();
            format!("ARRAY[{}]::text[]", types.join(", "))
        }
        Some(Attribute::Text(text)) => match name {
            "public" | "file_size_limit" => text.clone(),
            // A null among them.
            "allowed_mime_types" => format!(
                "ARRAY(SELECT jsonb_array_elements_text({}))",
                quote_literal(text)
            ),
            _ => quote_literal(text),
        },
        // No column of a bucket holds such.
        Some(rows @ Attribute::Rows(_)) => quote_literal(&rows.to_string()),
    }
}
