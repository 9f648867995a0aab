use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::Fields;
use crate::names::{Names, class};
use crate::table::Relations;

/// Tells views and materialized views their queries.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
    relations: &mut Relations,
) -> Result<(), IntrospectError> {
    for row in rows {
        let mut it = Fields::new("view", row);
        let (oid, rule): (u32, u32) = (it.next()?, it.next()?);
        let text: &str = it.next()?;
        let text = text.trim();
        let definition = names.printed(text.strip_suffix(';').unwrap_or(text));
        if let Some(view) = relations.views.get_mut(&oid) {
            view.definition = definition;
        } else if let Some(view) = relations.materialized_views.get_mut(&oid) {
            view.definition = definition;
        }
        // What the query depends on is recorded as dependencies of the rule behind the view.
        if let Some(id) = names.objects.get(&(class::RELATION, oid)).cloned() {
            names.objects.insert((class::REWRITE, rule), id);
        }
    }
    Ok(())
}
