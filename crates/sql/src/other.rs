use driftless_catalog::{ObjectKind, Other};
use driftless_diff::Delta;
use driftless_sql_text::quote_literal;

use crate::comment::by_hand;
use crate::{Label, Statement};

/// Storage buckets are rows, and made as such. Of other kinds it is only known that they differ: what has to
/// be done is said, and a person does it.
pub(crate) fn render(delta: &Delta<'_, Other>) -> (Label, Vec<Statement>) {
    match delta.object().id.kind == ObjectKind::StorageBucket {
        true => bucket(delta),
        false => (Label::Unmodelled, vec![note(delta)]),
    }
}

fn note(delta: &Delta<'_, Other>) -> Statement {
    let it = delta.object();
    let name = format!("{} {}", it.id.kind, it.id);
    let mut what = match delta {
        Delta::Create(_) => format!("{name} is missing and has to be made by hand"),
        Delta::Drop(_) => format!("{name} should not be there and has to be dropped by hand"),
        Delta::Alter { .. } => format!("{name} differs and has to be altered by hand"),
    };
    if let Delta::Create(it) | Delta::Alter { to: it, .. } = delta {
        for (attribute, value) in &it.attributes {
            what.push_str(&format!("\n  {attribute}: {value}"));
        }
    }
    by_hand(what)
}

/// Follows the Supabase documentation, Storage, Creating Buckets.
fn bucket(delta: &Delta<'_, Other>) -> (Label, Vec<Statement>) {
    let id = quote_literal(&delta.object().id.identity);
    let (label, statement) = match delta {
        Delta::Create(it) => {
            let (names, values): (Vec<&str>, Vec<String>) = it
                .attributes
                .iter()
                .map(|(name, value)| (name.as_str(), bucket_value(name, Some(value))))
                .unzip();
            let (names, values) = (names.join(", "), values.join(", "));
            let sql = format!("INSERT INTO storage.buckets (id, {names}) VALUES ({id}, {values})");
            (Label::CreateBucket, Statement::new(sql))
        }
        Delta::Drop(_) => {
            let sql = format!("DELETE FROM storage.buckets WHERE id = {id}");
            let what = format!("storage bucket {id}");
            (Label::DropBucket, Statement::new(sql).deletes(what))
        }
        Delta::Alter { from, to } => {
            let names = from.attributes.keys().chain(to.attributes.keys());
            let mut clauses: Vec<String> = names
                .filter(|name| from.attributes.get(*name) != to.attributes.get(*name))
                .map(|name| format!("{name} = {}", bucket_value(name, to.attributes.get(name))))
                .collect();
            clauses.sort();
            clauses.dedup();
            let clauses = clauses.join(", ");
            let sql = format!("UPDATE storage.buckets SET {clauses} WHERE id = {id}");
            (Label::AlterBucket, Statement::new(sql))
        }
    };
    (label, vec![statement])
}

/// The value of one of the columns that are read of a bucket.
fn bucket_value(name: &str, value: Option<&String>) -> String {
    let Some(value) = value else {
        return "NULL".to_owned();
    };
    match name {
        "public" | "file_size_limit" => value.clone(),
        "allowed_mime_types" => {
            match serde_json::from_str::<Vec<String>>(value) {
                Ok(types) => {
                    let types: Vec<String> = types.iter().map(|it| quote_literal(it)).collect();
                    format!("ARRAY[{}]::text[]", types.join(", "))
                }
                // A null among them.
                Err(_) => format!(
                    "ARRAY(SELECT jsonb_array_elements_text({}))",
                    quote_literal(value)
                ),
            }
        }
        _ => quote_literal(value),
    }
}
