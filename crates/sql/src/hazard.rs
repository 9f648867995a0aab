//! What a statement may cost, most of all data.

use driftless_catalog::{DataType, Ident, Nameable, ObjectId, QualifiedName, Renames};
use driftless_sql_text::quote_literal;

use crate::script::Context;

/// What a statement may cost.
///
/// Whether it does is a matter of the rows that are there: see [`Hazard::probe`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hazard {
    /// A table goes with all its rows.
    DropsTable {
        /// The table.
        table: QualifiedName,
    },
    /// A column goes with all its values.
    DropsColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// A column is dropped and made again, because nothing leads from its old type to the new one.
    RemakesColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
        /// The new type.
        to: DataType,
        /// Whether rows would have no value for it, and may not be without one: then it fails.
        required: bool,
    },
    /// A column that must have a value, and says none for the rows that are there.
    AddsRequiredColumn {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// A column that may be NULL no longer may.
    RequiresValues {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
    },
    /// The type of a column changes to one that does not hold every value of the old one.
    CastsValues {
        /// Its table.
        table: QualifiedName,
        /// The column.
        column: Ident,
        /// The old type.
        from: DataType,
        /// The new type.
        to: DataType,
    },
    /// Rows that may be alike no longer may.
    AddsUnique {
        /// Their table.
        table: QualifiedName,
        /// In what they may not be alike; empty if that is not columns alone.
        columns: Vec<Ident>,
        /// What is known of the rows that are there.
        alike: Alike,
    },
    /// A primary key is made over columns that may hold the same values twice.
    AddsPrimaryKey {
        /// Its table.
        table: QualifiedName,
        /// Its columns.
        columns: Vec<Ident>,
        /// What is known of the rows that are there.
        alike: Alike,
    },
    /// A primary key is dropped.
    DropsPrimaryKey {
        /// Its table.
        table: QualifiedName,
        /// Whether another one takes its place.
        replaced: bool,
    },
    /// A constraint is added that rows may not obey.
    AddsConstraint {
        /// Its table.
        table: QualifiedName,
        /// Its name.
        name: Ident,
    },
    /// Rows move into a table with partitions, and one of them may fit none.
    FitsNoPartition {
        /// The table.
        table: QualifiedName,
    },
    /// Labels of an enum go.
    RemovesLabels {
        /// The enum.
        name: QualifiedName,
        /// The labels.
        labels: Vec<String>,
        /// The columns that keep the type.
        held_by: Vec<EnumColumn>,
    },
    /// Something else goes that is not in a table.
    Deletes {
        /// Which, in words: `the files in bucket avatars`.
        what: String,
    },
    /// Something goes that something else names, which stays.
    StandsInTheWay {
        /// What goes.
        object: ObjectId,
        /// What stays.
        user: ObjectId,
    },
    /// Something gets another name, so that what names it from outside no longer finds it.
    RenamesObject {
        /// As it is called before.
        from: Nameable,
        /// As it is called after.
        to: Nameable,
    },
    /// Nobody has modelled the object: a person has to write the statement.
    Unmodelled {
        /// What differs.
        what: String,
    },
}

/// Which rows of the state before a key of the state after takes for alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The columns of the key that are as they will be. Rows that differ in one of these differ in the key.
    pub columns: Vec<Ident>,
    /// Whether rows that have NULL there may be alike.
    pub nulls: bool,
    /// Whether rows that are alike there are alike in the key.
    pub certain: bool,
}

/// A column whose type is an enum, or a list of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumColumn {
    /// Its table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
    /// Whether it holds lists.
    pub is_list: bool,
}

/// What names `object`, or a column of it, in the state after, though it is not there any more: a policy of a model that
/// says nothing of policies, a view that nobody declares.
pub(crate) fn in_the_way(object: &ObjectId, context: &Context<'_>) -> Vec<Hazard> {
    let to = context.to;
    let goes = |needed: &ObjectId| {
        // A view that takes the place of a table has columns, too.
        let of_table = |table| ObjectId::Table(table) == *object;
        let is_there = |table: &QualifiedName| to.has_relation(table);
        let parent = needed.parent().filter(|it| !is_there(it));
        needed == object || parent.cloned().is_some_and(of_table)
    };
    let stays = |user: &ObjectId| match user {
        ObjectId::Policy(table, name) => {
            let table = to.tables.get(table);
            table.is_some_and(|it| it.policies.contains(name))
        }
        ObjectId::Trigger(table, name) => {
            let table = to.tables.get(table);
            table.is_some_and(|it| it.triggers.contains(name))
        }
        ObjectId::View(name) => to.views.contains(name),
        ObjectId::MaterializedView(name) => to.materialized_views.contains(name),
        ObjectId::Function(id) => to.functions.contains(id),
        ObjectId::Column(table, name) => {
            let column = to.tables.get(table).and_then(|it| it.column(name));
            column.is_some_and(|it| it.generated.is_some())
        }
        // These go with what they are on, or are told elsewhere.
        ObjectId::Schema(_)
        | ObjectId::Extension(_)
        | ObjectId::Enum(_)
        | ObjectId::Domain(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::Sequence(_)
        | ObjectId::Table(_)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::DefaultPrivilege(_)
        | ObjectId::Other(_) => false,
    };
    let users = to.dependencies.iter();
    let users = users.filter(|(user, needs)| needs.iter().any(goes) && stays(user));
    users
        .map(|(user, _)| Hazard::StandsInTheWay {
            object: object.clone(),
            user: user.clone(),
        })
        .collect()
}

/// What a hazard comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Data is gone afterwards.
    DeletesData,
    /// Values are rounded or cut, or the statement fails.
    ChangesData,
    /// The statement fails.
    Fails,
    /// Nothing tells rows of a table apart.
    LosesKey,
    /// The statement fails, whatever the rows are.
    Refused,
    /// There is no statement: a person has to write it.
    ByHand,
    /// Queries of clients fail that say the old name.
    BreaksClients,
}

impl Hazard {
    /// What it comes to.
    pub fn effect(&self) -> Effect {
        match self {
            Self::DropsTable { .. } | Self::DropsColumn { .. } | Self::Deletes { .. } => {
                Effect::DeletesData
            }
            Self::RemakesColumn { required, .. } => match required {
                true => Effect::Fails,
                false => Effect::DeletesData,
            },
            Self::CastsValues { .. } => Effect::ChangesData,
            Self::AddsRequiredColumn { .. }
            | Self::RequiresValues { .. }
            | Self::AddsUnique { .. }
            | Self::AddsPrimaryKey { .. }
            | Self::AddsConstraint { .. }
            | Self::FitsNoPartition { .. }
            | Self::RemovesLabels { .. } => Effect::Fails,
            Self::DropsPrimaryKey { .. } => Effect::LosesKey,
            Self::StandsInTheWay { .. } => Effect::Refused,
            Self::Unmodelled { .. } => Effect::ByHand,
            Self::RenamesObject { .. } => Effect::BreaksClients,
        }
    }

    /// In words: the data that is deleted, the case in which the statement fails or changes values, the table
    /// that loses its key, or what has to be done by hand.
    pub fn what(&self) -> String {
        match self {
            Self::DropsTable { table } => format!("all rows of table {table}"),
            Self::DropsColumn { table, column } => format!("all values of column {table}.{column}"),
            Self::RemakesColumn {
                table,
                column,
                to,
                required,
            } => match required {
                true => format!(
                    "table {table} has rows, because {column} is made again as {to} and they would have no value for it"
                ),
                false => {
                    format!("all values of column {table}.{column}, which is made again as {to}")
                }
            },
            Self::AddsRequiredColumn { table, column } => {
                format!("table {table} has rows, which would have no value for {column}")
            }
            Self::RequiresValues { table, column } => format!("a row has NULL in {table}.{column}"),
            Self::CastsValues {
                table, column, to, ..
            } => {
                format!("a value of {table}.{column} does not fit into {to}")
            }
            Self::AddsUnique { table, columns, .. } => match &columns[..] {
                [] => format!("two rows of {table} have the same key"),
                columns => format!("two rows of {table} have the same {}", listed(columns)),
            },
            Self::AddsPrimaryKey { table, columns, .. } => {
                format!("two rows of {table} have the same {}", listed(columns))
            }
            Self::DropsPrimaryKey { table, replaced } => match replaced {
                true => format!("table {table} has no primary key until the new one is made"),
                false => format!("table {table} has no primary key any more"),
            },
            Self::AddsConstraint { table, name } => {
                format!("a row of {table} does not obey {name}")
            }
            Self::FitsNoPartition { table } => format!("a row of {table} fits no partition"),
            Self::RemovesLabels { name, labels, .. } => {
                let labels: Vec<String> = labels.iter().map(|it| quote_literal(it)).collect();
                format!("a row still holds {} of enum {name}", labels.join(" or "))
            }
            Self::StandsInTheWay { object, user } => {
                format!("{user} stays, and names {object}, which goes")
            }
            Self::RenamesObject { from, to } => format!("{from} becomes {to}"),
            Self::Deletes { what } | Self::Unmodelled { what } => what.clone(),
        }
    }

    /// What it is about.
    pub fn object(&self) -> Option<ObjectId> {
        Some(match self {
            Self::DropsTable { table }
            | Self::AddsUnique { table, .. }
            | Self::AddsPrimaryKey { table, .. }
            | Self::DropsPrimaryKey { table, .. }
            | Self::FitsNoPartition { table } => ObjectId::Table(table.clone()),
            Self::DropsColumn { table, column }
            | Self::RemakesColumn { table, column, .. }
            | Self::AddsRequiredColumn { table, column }
            | Self::RequiresValues { table, column }
            | Self::CastsValues { table, column, .. } => {
                ObjectId::Column(table.clone(), column.clone())
            }
            Self::AddsConstraint { table, name } => {
                ObjectId::Constraint(table.clone(), name.clone())
            }
            Self::RemovesLabels { name, .. } => ObjectId::Enum(name.clone()),
            Self::StandsInTheWay { user, .. } => user.clone(),
            Self::RenamesObject { to, .. } => crate::rename::object(to),
            Self::Deletes { .. } | Self::Unmodelled { .. } => return None,
        })
    }

    /// The same hazard with tables, columns and labels under the names that `names` give them: the way back of a
    /// rename, where a database is asked that is still in the state before.
    #[must_use]
    pub fn under(&self, names: &Renames) -> Self {
        let mut hazard = self.clone();
        match &mut hazard {
            Self::DropsTable { table } | Self::DropsPrimaryKey { table, .. } => {
                *table = names.relation(table);
            }
            Self::DropsColumn { table, column }
            | Self::RemakesColumn { table, column, .. }
            | Self::AddsRequiredColumn { table, column }
            | Self::RequiresValues { table, column } => {
                *column = names.column(table, column);
                *table = names.relation(table);
            }
            Self::CastsValues {
                table,
                column,
                from,
                ..
            } => {
                *column = names.column(table, column);
                *table = names.relation(table);
                *from = names.data_type(from);
            }
            Self::AddsUnique {
                table,
                columns,
                alike,
            }
            | Self::AddsPrimaryKey {
                table,
                columns,
                alike,
            } => {
                for it in columns.iter_mut().chain(&mut alike.columns) {
                    *it = names.column(table, it);
                }
                *table = names.relation(table);
            }
            Self::AddsConstraint { table, .. } | Self::FitsNoPartition { table } => {
                *table = names.relation(table);
            }
            Self::RemovesLabels {
                name,
                labels,
                held_by,
            } => {
                for label in labels {
                    *label = names.label(name, label);
                }
                for it in held_by {
                    it.column = names.column(&it.table, &it.column);
                    it.table = names.relation(&it.table);
                }
                *name = names.type_name(name);
            }
            Self::Deletes { .. }
            | Self::StandsInTheWay { .. }
            | Self::RenamesObject { .. }
            | Self::Unmodelled { .. } => {}
        }
        hazard
    }
}

/// `a`, or `(a, b)`.
fn listed(columns: &[Ident]) -> String {
    match columns {
        [one] => one.to_string(),
        several => {
            let names: Vec<&str> = several.iter().map(Ident::as_str).collect();
            format!("({})", names.join(", "))
        }
    }
}
