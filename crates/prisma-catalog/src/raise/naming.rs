//! What everything is called in the schema.

use std::collections::HashMap;

use driftless_catalog::QualifiedName;
use driftless_psl::{ScalarType, is_reserved_name};

use super::name::{Name, Taken, sanitized};
use super::previous::Previous;
use super::seen::{Seen, SeenColumn};

/// The names of blocks, fields and values. All lists go with those of [`Seen`].
pub(super) struct Naming {
    pub(super) models: Vec<Name>,
    pub(super) views: Vec<Name>,
    pub(super) enums: Vec<Name>,
    /// Of the columns of tables.
    pub(super) fields: Vec<Vec<Name>>,
    pub(super) view_fields: Vec<Vec<Name>>,
    pub(super) values: Vec<Vec<Name>>,
    /// Where an enum is in the list.
    pub(super) enum_places: HashMap<QualifiedName, usize>,
    /// Of blocks that have no name in an existing schema: whether another block would be called so.
    shared: Taken,
}

/// How names are given.
#[derive(Clone, Copy)]
pub(super) struct NamingOptions {
    /// Whether views become blocks.
    pub(super) views: bool,
    /// Whether names are Prisma's, also where they clash or are empty.
    pub(super) prisma_compatible: bool,
}

impl Naming {
    /// Names what is seen: as an existing schema does, else as the database does, with what Prisma cannot have
    /// changed, and with the schema in front where two blocks would be called the same.
    pub(super) fn new(seen: &Seen<'_>, previous: &Previous<'_>, options: NamingOptions) -> Self {
        let mut naming = Self {
            models: Vec::new(),
            views: Vec::new(),
            enums: Vec::new(),
            fields: Vec::new(),
            view_fields: Vec::new(),
            values: Vec::new(),
            enum_places: seen
                .enums
                .iter()
                .map(|it| it.name.clone())
                .zip(0..)
                .collect(),
            shared: shared(seen, previous, options),
        };
        naming.name_blocks(seen, previous, options);
        let column_names = |columns: &[SeenColumn<'_>], known: &dyn Fn(usize) -> Option<Name>| {
            let own: Vec<_> = columns
                .iter()
                .map(|it| it.name.as_str())
                .zip((0..).map(known))
                .collect();
            distinct(own, Name::of_field, "column", options)
        };
        for (at, table) in seen.tables.iter().enumerate() {
            let known = |column| previous.field(at, column).map(|(_, it)| name_of_field(it));
            naming.fields.push(column_names(&table.columns, &known));
        }
        for (at, view) in seen.views.iter().enumerate() {
            let known = |column| {
                previous
                    .view_field(at, column)
                    .map(|(_, it)| name_of_field(it))
            };
            naming.view_fields.push(column_names(&view.columns, &known));
        }
        for (at, it) in seen.enums.iter().enumerate() {
            let previous = previous.enumeration(at);
            let known = |label: &str| {
                let values = previous.iter().flat_map(|it| &it.values);
                let value = values.into_iter().find(|it| it.database_name() == label)?;
                Some(Name {
                    name: value.name.value.clone(),
                    mapped: value.mapped_name.as_ref().map(|it| it.value.clone()),
                })
            };
            let labels = it
                .labels
                .iter()
                .map(|it| (it.as_str(), known(it)))
                .collect();
            naming
                .values
                .push(distinct(labels, Name::of_value, "value", options));
        }
        naming
    }

    fn name_blocks(&mut self, seen: &Seen<'_>, previous: &Previous<'_>, options: NamingOptions) {
        let mut taken = Taken::default();
        let blocks = previous.schema.iter().flat_map(|it| {
            let models = it.all_models().filter(|(id, _)| previous.keeps(*id));
            models.map(|(_, it)| it.name.value.as_str())
        });
        let kept_enums = (0..seen.enums.len()).filter_map(|it| previous.enumeration(it));
        blocks
            .chain(kept_enums.map(|it| it.name.value.as_str()))
            .for_each(|it| taken.add(it));
        let mut name = |known: Option<Name>, name: &QualifiedName, kind| match known {
            Some(known) => known,
            None => {
                let found = self.of_block(name);
                match options.prisma_compatible {
                    true => found,
                    false => valid(found, name.name.as_str(), kind, &mut taken),
                }
            }
        };
        let models = seen
            .tables
            .iter()
            .enumerate()
            .map(|(at, it)| match it.is_join_table {
                // It becomes no block, and takes no name away.
                true => Name::of_block(it.table.name.name.as_str()),
                false => name(
                    previous.model(at).map(name_of_model),
                    &it.table.name,
                    "model",
                ),
            });
        let models = models.collect();
        let enums = seen.enums.iter().enumerate();
        let enums = enums
            .map(|(at, it)| name(previous.enumeration(at).map(name_of_enum), &it.name, "enum"))
            .collect();
        let views = seen.views.iter().enumerate();
        let views = views
            .map(|(at, it)| name(previous.view(at).map(name_of_model), &it.view.name, "view"))
            .collect();
        (self.models, self.enums, self.views) = (models, enums, views);
    }

    /// The name of a block that an existing schema does not have.
    fn of_block(&self, name: &QualifiedName) -> Name {
        let (schema, name) = (name.schema.as_str(), name.name.as_str());
        match self.shared.has(&sanitized(name)) {
            true => Name::with_schema(schema, name),
            false => Name::of_block(name),
        }
    }

    /// The name of a value of the enum of that name.
    pub(super) fn value(
        &self,
        seen: &Seen<'_>,
        name: &QualifiedName,
        label: &str,
    ) -> Option<&Name> {
        let at = *self.enum_places.get(name)?;
        let value = seen.enums[at].labels.iter().position(|it| it == label)?;
        self.values[at].get(value)
    }
}

fn name_of_model(model: &driftless_psl::Model) -> Name {
    Name {
        name: model.name.value.clone(),
        mapped: model.mapped_name.as_ref().map(|it| it.value.clone()),
    }
}

fn name_of_enum(it: &driftless_psl::Enum) -> Name {
    Name {
        name: it.name.value.clone(),
        mapped: it.mapped_name.as_ref().map(|it| it.value.clone()),
    }
}

fn name_of_field(field: &driftless_psl::Field) -> Name {
    let mapped = field.as_scalar().and_then(|it| it.mapped_name.as_ref());
    Name {
        name: field.name.value.clone(),
        mapped: mapped.map(|it| it.value.clone()),
    }
}

/// The names that more than one block would have.
fn shared(seen: &Seen<'_>, previous: &Previous<'_>, options: NamingOptions) -> Taken {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut count = |known: Option<&str>, name: &QualifiedName| {
        let name = known.map_or_else(|| sanitized(name.name.as_str()).into_owned(), str::to_owned);
        *counts.entry(name).or_default() += 1;
    };
    for (at, it) in seen
        .tables
        .iter()
        .enumerate()
        .filter(|(_, it)| !it.is_join_table)
    {
        count(
            previous.model(at).map(|it| it.name.value.as_str()),
            &it.table.name,
        );
    }
    for (at, it) in seen.enums.iter().enumerate() {
        count(
            previous.enumeration(at).map(|it| it.name.value.as_str()),
            &it.name,
        );
    }
    for (at, it) in seen.views.iter().enumerate().filter(|_| options.views) {
        count(
            previous.view(at).map(|it| it.name.value.as_str()),
            &it.view.name,
        );
    }
    let mut shared = Taken::default();
    // The order does not matter: it is a set.
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    several.for_each(|(name, _)| shared.add(&name));
    shared
}

/// The names of columns or labels: those that are known, and new ones for the others.
fn distinct(
    items: Vec<(&str, Option<Name>)>,
    new: fn(&str) -> Name,
    kind: &str,
    options: NamingOptions,
) -> Vec<Name> {
    let mut taken = Taken::default();
    let known = items.iter().filter_map(|(_, known)| known.as_ref());
    known.for_each(|it| taken.add(&it.name));
    // Who has a name in the database that can stay keeps it.
    let as_it_is: Vec<bool> = items
        .iter()
        .map(|(item, known)| {
            let stays = known.is_none() && new(item).mapped.is_none() && !taken.has(item);
            if stays {
                taken.add(item);
            }
            stays
        })
        .collect();
    let name = |((item, known), as_it_is): ((&str, Option<Name>), bool)| match known {
        Some(known) => known,
        None if as_it_is || options.prisma_compatible => new(item),
        None => valid(new(item), item, kind, &mut taken),
    };
    items.into_iter().zip(as_it_is).map(name).collect()
}

/// Whether no block can be called so: like a built-in type, or what remains of a name such as `_default`.
fn is_taken_by_prisma(name: &str) -> bool {
    ScalarType::from_name(name).is_some() || is_reserved_name(name)
}

/// A name that Prisma accepts, where its own name is empty, reserved, or taken by another.
fn valid(found: Name, original: &str, kind: &str, taken: &mut Taken) -> Name {
    let is_block = matches!(kind, "model" | "view" | "enum");
    let wanted = match &*found.name {
        "" => format!(
            "{kind}_{}",
            sanitized(&format!("a{original}")).split_at(1).1
        ),
        name if is_block && is_taken_by_prisma(name) => format!("Renamed{name}"),
        name => name.to_owned(),
    };
    let name = taken.take(wanted);
    let mapped = (name != original).then(|| original.to_owned());
    Name {
        mapped: found.mapped.or(mapped),
        name,
    }
}
