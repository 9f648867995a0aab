//! Objects under other names.

mod apply;
mod expressions;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use driftless_sql_text::{TokenKind, ident_value, quote_literal, tokens};

pub use expressions::ExpressionPlace;

use crate::{
    Catalog, DataType, DefaultPrivilegeId, FunctionId, Ident, ObjectId, ObjectKind, OtherId,
    QualifiedName, Table, TypeName,
};

/// What has a name that can become another: an object, or a part of a type that is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nameable {
    /// An object.
    Object(ObjectId),
    /// A label of an enum.
    Label(QualifiedName, String),
    /// An attribute of a composite type.
    Attribute(QualifiedName, Ident),
}

impl Nameable {
    /// What a person calls its kind: `table`, `label`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Object(it) => it.kind().as_str(),
            Self::Label(..) => "label",
            Self::Attribute(..) => "attribute",
        }
    }
}

/// Displays as `table public.users`, `label 'ADMIN' of public.role`.
impl fmt::Display for Nameable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(it) => it.fmt(f),
            Self::Label(of, label) => write!(f, "label {} of {of}", quote_literal(label)),
            Self::Attribute(of, name) => write!(f, "attribute {name} of {of}"),
        }
    }
}

/// One thing under two names: as it is called in the state before, and in the state after. Both are whole names, with
/// those of schema and table in the same state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// As it is called before.
    pub from: Nameable,
    /// As it is called after; of the same kind.
    pub to: Nameable,
}

/// What each name of one state becomes: all renames at once, so that two things may exchange their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    schemas: BTreeMap<Ident, Ident>,
    /// Tables, views, materialized views, sequences and indexes share one namespace.
    relations: BTreeMap<QualifiedName, QualifiedName>,
    /// Enums, domains, ranges and composite types. A table is a type, too.
    types: BTreeMap<QualifiedName, QualifiedName>,
    functions: BTreeMap<FunctionId, QualifiedName>,
    columns: Parts,
    constraints: Parts,
    domain_constraints: Parts,
    triggers: Parts,
    policies: Parts,
    attributes: Parts,
    labels: BTreeMap<(QualifiedName, String), String>,
}

type Parts = BTreeMap<(QualifiedName, Ident), Ident>;

impl Renames {
    /// What `renames` do to the names of `catalog`, which they are about.
    ///
    /// What goes along without being named is in it: columns of partitions and other children, and the indexes and
    /// sequences of a table that moves to another schema. A rename of one kind into another is left out.
    pub fn new<'a>(catalog: &Catalog, renames: impl IntoIterator<Item = &'a Rename>) -> Self {
        let mut all = Self::default();
        for Rename { from, to } in renames {
            all.add(from, to);
        }
        for table in &catalog.tables {
            all.columns_of_children(catalog, table);
            all.what_moves_along(catalog, table);
        }
        all
    }

    /// Whether no name changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, from: &Nameable, to: &Nameable) {
        match (from, to) {
            (Nameable::Object(from), Nameable::Object(to)) => self.add_object(from, to),
            (Nameable::Label(of, from), Nameable::Label(_, to)) => {
                self.labels.insert((of.clone(), from.clone()), to.clone());
            }
            (Nameable::Attribute(of, from), Nameable::Attribute(_, to)) => {
                self.attributes
                    .insert((of.clone(), from.clone()), to.clone());
            }
            (Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..), _) => {}
        }
    }

    fn add_object(&mut self, from: &ObjectId, to: &ObjectId) {
        use ObjectId as Id;
        let (map, of, from, to) = match (from, to) {
            (Id::Schema(from), Id::Schema(to)) => {
                self.schemas.insert(from.clone(), to.clone());
                return;
            }
            (Id::Table(from), Id::Table(to))
            | (Id::View(from), Id::View(to))
            | (Id::MaterializedView(from), Id::MaterializedView(to))
            | (Id::Sequence(from), Id::Sequence(to))
            | (Id::Index(from), Id::Index(to)) => {
                self.relations.insert(from.clone(), to.clone());
                return;
            }
            (Id::Enum(from), Id::Enum(to)) | (Id::Domain(from), Id::Domain(to)) => {
                self.types.insert(from.clone(), to.clone());
                return;
            }
            (Id::Function(from), Id::Function(to)) => {
                self.functions.insert(from.clone(), to.name.clone());
                return;
            }
            (Id::Other(from), Id::Other(to)) => {
                if let (Some(from), Some(to)) = (from.type_name(), to.type_name()) {
                    self.types.insert(from, to);
                }
                return;
            }
            (Id::Column(of, from), Id::Column(_, to)) => (&mut self.columns, of, from, to),
            (Id::Constraint(of, from), Id::Constraint(_, to)) => {
                (&mut self.constraints, of, from, to)
            }
            (Id::DomainConstraint(of, from), Id::DomainConstraint(_, to)) => {
                (&mut self.domain_constraints, of, from, to)
            }
            (Id::Trigger(of, from), Id::Trigger(_, to)) => (&mut self.triggers, of, from, to),
            (Id::Policy(of, from), Id::Policy(_, to)) => (&mut self.policies, of, from, to),
            // Extensions and default privileges have names that nobody can change.
            (
                Id::Schema(_)
                | Id::Extension(_)
                | Id::Enum(_)
                | Id::Domain(_)
                | Id::DomainConstraint(..)
                | Id::Sequence(_)
                | Id::Table(_)
                | Id::Column(..)
                | Id::Constraint(..)
                | Id::Index(_)
                | Id::Trigger(..)
                | Id::Policy(..)
                | Id::View(_)
                | Id::MaterializedView(_)
                | Id::Function(_)
                | Id::DefaultPrivilege(_)
                | Id::Other(_),
                _,
            ) => return,
        };
        map.insert((of.clone(), from.clone()), to.clone());
    }

    /// `ALTER TABLE … RENAME COLUMN` reaches all tables that inherit the column.
    fn columns_of_children(&mut self, catalog: &Catalog, table: &Table) {
        for column in table.columns.iter().filter(|it| it.inherited) {
            let mut ancestors = vec![table];
            while let Some(it) = ancestors.pop() {
                let found = self.columns.get(&(it.name.clone(), column.name.clone()));
                if let Some(to) = found.cloned() {
                    let key = (table.name.clone(), column.name.clone());
                    self.columns.insert(key, to);
                    break;
                }
                let parents = it.partition.iter().map(|it| &it.of).chain(&it.inherits);
                ancestors.extend(parents.filter_map(|it| catalog.tables.get(it)));
            }
        }
    }

    /// `ALTER TABLE … SET SCHEMA` takes indexes and owned sequences along.
    fn what_moves_along(&mut self, catalog: &Catalog, table: &Table) {
        let schema = self.relation(&table.name).schema;
        let here = self.schema(&table.name.schema);
        if schema == here {
            return;
        }
        let indexes = table
            .indexes
            .iter()
            .map(|it| table.name.sibling(it.name.clone()));
        let identities = table.columns.iter().filter_map(|it| it.identity.as_ref());
        let identities = identities.map(|it| it.sequence.clone());
        let owned = catalog.sequences.iter().filter(|it| {
            let owner = it.owned_by.as_ref();
            owner.is_some_and(|owner| owner.table == table.name)
        });
        let owned = owned.map(|it| it.name.clone());
        for name in indexes.chain(identities).chain(owned) {
            let to = QualifiedName {
                schema: schema.clone(),
                ..self.relation(&name)
            };
            self.relations.insert(name, to);
        }
    }

    /// The way back: what each new name was before.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let parts = |parts: &Parts, of: &dyn Fn(&QualifiedName) -> QualifiedName| {
            let parts = parts.iter();
            parts
                .map(|((parent, from), to)| ((of(parent), to.clone()), from.clone()))
                .collect()
        };
        let relation = |it: &QualifiedName| self.relation(it);
        let data_type = |it: &QualifiedName| self.type_name(it);
        Self {
            schemas: swapped(&self.schemas),
            relations: swapped(&self.relations),
            types: swapped(&self.types),
            functions: self
                .functions
                .keys()
                .map(|it| (self.function(it), it.name.clone()))
                .collect(),
            columns: parts(&self.columns, &relation),
            constraints: parts(&self.constraints, &relation),
            domain_constraints: parts(&self.domain_constraints, &data_type),
            triggers: parts(&self.triggers, &relation),
            policies: parts(&self.policies, &relation),
            attributes: parts(&self.attributes, &data_type),
            labels: self
                .labels
                .iter()
                .map(|((of, from), to)| ((self.type_name(of), to.clone()), from.clone()))
                .collect(),
        }
    }

    /// What a schema is called after.
    pub fn schema(&self, name: &Ident) -> Ident {
        self.schemas.get(name).unwrap_or(name).clone()
    }

    /// What a table, view, materialized view, sequence or index is called after.
    pub fn relation(&self, name: &QualifiedName) -> QualifiedName {
        self.relations
            .get(name)
            .cloned()
            .unwrap_or_else(|| self.in_schema(name))
    }

    /// What a type is called after, that of a table's rows included.
    pub fn type_name(&self, name: &QualifiedName) -> QualifiedName {
        let found = self.types.get(name).or_else(|| self.relations.get(name));
        found.cloned().unwrap_or_else(|| self.in_schema(name))
    }

    /// What a thing is called after whose schema alone can get another name here.
    fn in_schema(&self, name: &QualifiedName) -> QualifiedName {
        QualifiedName::new(self.schema(&name.schema), name.name.clone())
    }

    /// What a column of the relation, which is called so before, is called after.
    pub fn column(&self, relation: &QualifiedName, name: &Ident) -> Ident {
        part(&self.columns, relation, name)
    }

    /// What a label of the enum, which is called so before, is called after.
    pub fn label(&self, of: &QualifiedName, label: &str) -> String {
        let key = (of.clone(), label.to_owned());
        self.labels.get(&key).cloned().unwrap_or(key.1)
    }

    /// What a function is called after, with its arguments.
    pub fn function(&self, id: &FunctionId) -> FunctionId {
        let name = self.functions.get(id).cloned();
        FunctionId {
            name: name.unwrap_or_else(|| self.in_schema(&id.name)),
            arguments: id.arguments.iter().map(|it| self.data_type(it)).collect(),
        }
    }

    /// The type after.
    pub fn data_type(&self, ty: &DataType) -> DataType {
        match ty.name.user_defined() {
            Some(name) => DataType {
                name: TypeName::qualified(&self.type_name(&name)),
                ..ty.clone()
            },
            None => ty.clone(),
        }
    }

    /// What an object is called after.
    pub fn object(&self, object: &ObjectId) -> ObjectId {
        use ObjectId as Id;
        match object {
            Id::Schema(it) => Id::Schema(self.schema(it)),
            Id::Extension(it) => Id::Extension(it.clone()),
            Id::Enum(it) => Id::Enum(self.type_name(it)),
            Id::Domain(it) => Id::Domain(self.type_name(it)),
            Id::DomainConstraint(of, it) => {
                let name = part(&self.domain_constraints, of, it);
                Id::DomainConstraint(self.type_name(of), name)
            }
            Id::Sequence(it) => Id::Sequence(self.relation(it)),
            Id::Table(it) => Id::Table(self.relation(it)),
            Id::Column(of, it) => Id::Column(self.relation(of), self.column(of, it)),
            Id::Constraint(of, it) => {
                Id::Constraint(self.relation(of), part(&self.constraints, of, it))
            }
            Id::Index(it) => Id::Index(self.relation(it)),
            Id::Trigger(of, it) => Id::Trigger(self.relation(of), part(&self.triggers, of, it)),
            Id::Policy(of, it) => Id::Policy(self.relation(of), part(&self.policies, of, it)),
            Id::View(it) => Id::View(self.relation(it)),
            Id::MaterializedView(it) => Id::MaterializedView(self.relation(it)),
            Id::Function(it) => Id::Function(self.function(it)),
            Id::DefaultPrivilege(it) => Id::DefaultPrivilege(DefaultPrivilegeId {
                schema: it.schema.as_ref().map(|it| self.schema(it)),
                ..it.clone()
            }),
            Id::Other(it) => Id::Other(self.other(it)),
        }
    }

    /// What a thing is called after.
    pub fn nameable(&self, it: &Nameable) -> Nameable {
        match it {
            Nameable::Object(it) => Nameable::Object(self.object(it)),
            Nameable::Label(of, it) => Nameable::Label(self.type_name(of), self.label(of, it)),
            Nameable::Attribute(of, it) => {
                Nameable::Attribute(self.type_name(of), part(&self.attributes, of, it))
            }
        }
    }

    fn other(&self, id: &OtherId) -> OtherId {
        let identity = match id.type_name() {
            Some(name) => self.type_name(&name).to_string(),
            None => self.in_names(&id.identity),
        };
        OtherId {
            kind: id.kind,
            identity,
        }
    }
}

fn swapped<T: Clone + Ord>(map: &BTreeMap<T, T>) -> BTreeMap<T, T> {
    let pairs = map.iter().map(|(from, to)| (to.clone(), from.clone()));
    pairs.collect()
}

fn part(parts: &Parts, of: &QualifiedName, name: &Ident) -> Ident {
    let key = (of.clone(), name.clone());
    parts.get(&key).cloned().unwrap_or(key.1)
}

impl OtherId {
    /// The name of a type of one of the kinds that `ALTER TYPE … RENAME` can name; `None` for other kinds.
    pub fn type_name(&self) -> Option<QualifiedName> {
        let is_type = matches!(
            self.kind,
            ObjectKind::CompositeType | ObjectKind::RangeType | ObjectKind::BaseType
        );
        is_type.then(|| qualified_name(&self.identity)).flatten()
    }
}

/// Reads `schema.name` as a server prints it; `None` if the text is anything else.
pub(crate) fn qualified_name(text: &str) -> Option<QualifiedName> {
    let found: Vec<_> = tokens(text).collect();
    let [schema, point, name] = &found[..] else {
        return None;
    };
    let ident = |it: &driftless_sql_text::Token| {
        matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent).then_some(())?;
        Ident::new(&ident_value(it.text(text))).ok()
    };
    point.is(text, ".").then_some(())?;
    Some(QualifiedName::new(ident(schema)?, ident(name)?))
}
