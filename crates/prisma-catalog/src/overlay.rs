//! The state that a Prisma schema wants, given a database as it is.

pub(crate) mod column;
mod constraint;
mod enum_type;
mod index;
mod policy;
mod sequence;
mod table;

use std::collections::BTreeMap;

use driftless_catalog::{Catalog, DataType, Ident, ObjectId, QualifiedName, Table};
use driftless_psl::{Comparison, Condition, Literal, Model, Predicate};

use crate::PrismaCatalog;
use crate::policy::needs;

/// A database as a Prisma schema wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// The database as it is, with all that the schema can express as the schema wants it.
    pub catalog: Catalog,
    /// What only a server can tell. Until it has, the catalog holds what the database has.
    pub questions: Vec<Question>,
}

/// Two texts of which only a server can tell whether they mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The column, index or policy.
    pub object: ObjectId,
    /// What the texts are.
    pub kind: QuestionKind,
    /// As the schema has it.
    pub written: String,
    /// As the database's server prints it.
    pub printed: String,
}

/// What the texts of a [`Question`] are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// The default of a column of this type.
    Default(DataType),
    /// The `WHERE` of an index on this table.
    Predicate(QualifiedName),
    /// `USING` or `WITH CHECK` of a policy that no server has printed.
    Policy,
}

/// How a server prints what the schema has written, by the object of the question.
///
/// It has to be the server that printed the database, or one of the same major version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(pub BTreeMap<ObjectId, String>);

impl PrismaCatalog {
    /// The state of `base` as the schema wants it.
    ///
    /// Of the schemas that Prisma governs, tables and enums that no model declares are gone, but for
    /// Prisma's own table of migrations and for partitions; everything that Prisma cannot express is as
    /// in `base`. An object that is right but for its spelling is as in `base`.
    pub fn onto(&self, base: &Catalog, answers: &Answers) -> Overlay {
        let mut laying = Laying {
            prisma: self,
            base,
            answers,
            out: Overlay {
                catalog: base.clone(),
                questions: Vec::new(),
            },
        };
        laying.schemas();
        laying.extensions();
        enum_type::lay(&mut laying);
        laying.tables();
        sequence::lay(&mut laying);
        needs::note(&mut laying.out.catalog, base);
        laying.out
    }

    /// Whether Prisma is responsible for what is in `schema`.
    pub fn governs(&self, schema: &Ident) -> bool {
        self.schemas.contains(schema)
    }
}

/// The work of laying a schema over a database.
struct Laying<'a> {
    prisma: &'a PrismaCatalog,
    base: &'a Catalog,
    answers: &'a Answers,
    out: Overlay,
}

impl Laying<'_> {
    fn schemas(&mut self) {
        for it in &self.prisma.catalog.schemas {
            if !self.base.schemas.contains(&it.name) {
                self.out.catalog.schemas.insert(it.clone());
            }
        }
    }

    /// Prisma asks for extensions; one that it does not ask for is none of its business.
    fn extensions(&mut self) {
        for wanted in &self.prisma.catalog.extensions {
            let mut extension = wanted.clone();
            if let Some(it) = self.base.extensions.get(&wanted.name) {
                extension.schema = extension.schema.or_else(|| it.schema.clone());
                extension.version = extension.version.or_else(|| it.version.clone());
                extension.relocatable = it.relocatable;
                extension.members.clone_from(&it.members);
                extension.comment.clone_from(&it.comment);
            }
            self.out.catalog.extensions.insert(extension);
        }
    }

    fn tables(&mut self) {
        for wanted in &self.prisma.catalog.tables {
            let table = match self.base.tables.get(&wanted.name) {
                Some(base) => table::merge(self, base, wanted),
                None => wanted.clone(),
            };
            self.out.catalog.tables.insert(table);
        }
        let prisma = self.prisma;
        self.out.catalog.tables.retain(|it| {
            prisma.catalog.tables.contains(&it.name)
                || !prisma.governs(&it.name.schema)
                || is_none_of_prismas(it)
        });
    }

    /// Asks whether two texts mean the same; `None` until a server has said so.
    fn ask(&mut self, question: Question) -> Option<bool> {
        match self.answers.0.get(&question.object) {
            Some(answer) => Some(*answer == question.printed),
            None => {
                self.out.questions.push(question);
                None
            }
        }
    }
}

/// What Prisma never touches, partitions, which go with the table they are part of, and tables without columns, which no
/// model can stand for.
fn is_none_of_prismas(table: &Table) -> bool {
    is_left_alone(&table.name.name) || table.partition.is_some() || table.columns.is_empty()
}

/// Whether Prisma neither makes nor changes nor drops a table of that name: its own one of migrations, and those
/// of PostGIS.
pub(crate) fn is_left_alone(table: &Ident) -> bool {
    const OF_POSTGIS: &[&str] = &[
        "spatial_ref_sys",
        "geometry_columns",
        "geography_columns",
        "raster_columns",
        "raster_overviews",
    ];
    let is_of_postgis = |it: &str| table.as_str().eq_ignore_ascii_case(it);
    *table == "_prisma_migrations" || OF_POSTGIS.iter().any(|it| is_of_postgis(it))
}

/// A predicate as Prisma writes it behind `WHERE`.
///
/// Follows the Prisma schema reference, `where` of `@@index` and `@@unique`.
pub(crate) fn predicate_text(model: &Model, predicate: &Predicate) -> String {
    let condition = |it: &Condition| {
        let column = driftless_sql_text::quote_always(model[it.field].database_name());
        let value = match &it.value {
            Literal::Null => {
                let not = match it.comparison {
                    Comparison::Equals => "",
                    Comparison::Not => "NOT ",
                };
                return format!("{column} IS {not}NULL");
            }
            Literal::Boolean(it) => it.to_string(),
            Literal::Number(it) => it.clone(),
            Literal::String(it) => format!("'{}'", it.replace('\'', "''")),
        };
        match it.comparison {
            Comparison::Equals => format!("{column} = {value}"),
            Comparison::Not => format!("{column} != {value}"),
        }
    };
    match predicate {
        Predicate::Raw(text) => format!("({text})"),
        Predicate::All(conditions) => {
            let conditions: Vec<String> = conditions.iter().map(condition).collect();
            format!("({})", conditions.join(" AND "))
        }
    }
}
