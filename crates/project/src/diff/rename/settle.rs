//! The state before under the names after, with its texts as a server prints them then.

use std::collections::BTreeMap;

use driftless_catalog::{Catalog, Expression, ObjectId, Rename, Renames};
use driftless_diff::RenamePlan;
use driftless_shadow::ActingRole;
use driftless_sql::{SqlOptions, rename_steps};

use super::{Renamed, compared};
use crate::ProjectError;
use crate::diff::load::{Loaded, Real};
use crate::session::Session;

/// Gives `from` the names that are decided.
///
/// The statements are run on a throwaway database in the state before, so that expressions are those that a server
/// prints after them. Without such a server they are rewritten word by word; one that is not hit is made anew, which
/// is more than has to be done and not wrong.
///
/// # Errors
/// [`ProjectError`] if the throwaway server fails in another way than not being there.
pub(in crate::diff) async fn rename(
    session: &mut Session<'_>,
    from: &mut Loaded,
    to: &Loaded,
    decided: &[Rename],
) -> Result<Renamed, ProjectError> {
    if decided.is_empty() {
        return Ok(Renamed::default());
    }
    let major = match (&*from, to) {
        (Loaded::Real(real), _) | (Loaded::Prisma(_), Loaded::Real(real)) => real.major,
        (Loaded::Prisma(_), Loaded::Prisma(_)) => 0,
    };
    let before = match &*from {
        Loaded::Prisma(it) => it.catalog.clone(),
        Loaded::Real(it) => it.catalog.clone(),
    };
    let after = compared(from, to, &Renames::new(&before, decided)).after;
    let after = after.into_owned();
    let plan = match &*from {
        Loaded::Real(_) => RenamePlan::new(&before, &after, decided, major),
        // Prisma does not know what sequences are called, so nobody knows what they are called there.
        Loaded::Prisma(_) => {
            let [before, after] = [&before, &after].map(without_sequences);
            RenamePlan::new(&before, &after, decided, major)
        }
    };
    match from {
        Loaded::Prisma(prisma) => **prisma = prisma.renamed(&plan.names),
        Loaded::Real(real) => {
            let mut catalog = plan.apply(&real.catalog);
            if real.database.is_some() || real.catalog.is_told_of(&plan.names) {
                printed(session, real, &plan, &mut catalog).await?;
            }
            real.catalog = catalog;
        }
    }
    Ok(Renamed { plan, before })
}

fn without_sequences(catalog: &Catalog) -> Catalog {
    let mut catalog = catalog.clone();
    let columns = catalog.tables.iter_mut().flat_map(|it| &mut it.columns);
    columns.for_each(|it| it.serial = None);
    catalog
}

/// Puts into `catalog`, which is that of `real` under other names, what a server prints for its texts.
async fn printed(
    session: &mut Session<'_>,
    real: &mut Real,
    plan: &RenamePlan,
    catalog: &mut Catalog,
) -> Result<(), ProjectError> {
    let mut database = match real.database.take() {
        Some(database) => database,
        None => match session.materialize(&real.catalog).await {
            Ok(database) => database,
            // The words are all there is.
            Err(ProjectError::Shadow(_)) => return Ok(()),
            Err(error) => return Err(error),
        },
    };
    let before = session.read_shadow(&mut database).await?.catalog;
    let steps = rename_steps(&plan.moves, &SqlOptions::default());
    let statements = steps.iter().flat_map(|it| &it.statements);
    let sql: Vec<&str> = statements.map(|it| it.sql.as_str()).collect();
    let client = database.act_as(ActingRole::Administrator).await?;
    let sql = format!("BEGIN; {}; COMMIT", sql.join(";\n"));
    if client.batch_execute(&sql).await.is_err() {
        // Something could not be made there. The database is of no more use: it has the old names.
        return Ok(database.close().await?);
    }
    let after = session.read_shadow(&mut database).await?.catalog;
    take_texts(catalog, &plan.names, &real.catalog, &before, &after);
    real.database = Some(database);
    Ok(())
}

/// Where an expression stands: whose it is, which part, and which one of several.
type Place = (ObjectId, &'static str, usize);

fn texts(catalog: &Catalog) -> BTreeMap<Place, Expression> {
    let mut found = BTreeMap::new();
    catalog.clone().each_expression(|place, expression| {
        let place = (place.object.clone(), place.part, place.index);
        found.insert(place, expression.clone());
    });
    found
}

/// Takes the texts of `after` into `catalog` wherever `before`, the same database without the renames, has the text of
/// `original`: there the two are the same thing, printed by the same rules.
fn take_texts(
    catalog: &mut Catalog,
    names: &Renames,
    original: &Catalog,
    before: &Catalog,
    after: &Catalog,
) {
    let (printed_before, printed) = (texts(before), texts(after));
    let mut new: BTreeMap<Place, Expression> = BTreeMap::new();
    for (place, text) in texts(original) {
        let place_after = (names.object(&place.0), place.1, place.2);
        if printed_before.get(&place) == Some(&text)
            && let Some(text) = printed.get(&place_after)
        {
            new.insert(place_after, text.clone());
        }
    }
    catalog.each_expression(|place, expression| {
        let place = (place.object.clone(), place.part, place.index);
        if let Some(text) = new.remove(&place) {
            *expression = text;
        }
    });
    for it in &original.others {
        let same = before.others.get(&it.id);
        let same = same.is_some_and(|same| same.attributes == it.attributes);
        let ObjectId::Other(id) = names.object(&ObjectId::Other(it.id.clone())) else {
            continue;
        };
        if let (true, Some(printed), Some(it)) =
            (same, after.others.get(&id), catalog.others.get_mut(&id))
        {
            it.attributes.clone_from(&printed.attributes);
        }
    }
}
