//! What a Prisma schema says, as plain data.

mod datasource;
mod enumeration;
mod field;
mod field_default;
mod generator;
mod index;
mod model;
mod native_type;
mod operator_class;
mod policy;
mod relation;
mod scalar_type;
mod spanned;

use std::ops::Index as IndexBy;

pub use datasource::{Datasource, Extension, RelationMode, Url};
pub use enumeration::{Enum, EnumValue};
pub use field::{Arity, Field, FieldKind, FieldType, RelationField, ScalarField};
pub use field_default::{CuidVersion, DefaultValue, FieldDefault, UuidVersion};
pub use generator::{Generator, Setting, SettingValue};
pub use index::{
    Comparison, Condition, Declared, Index, IndexAlgorithm, IndexField, IndexKind, Literal,
    Predicate, PrimaryKey, SortOrder,
};
pub use model::{Model, ModelKind};
pub use native_type::NativeType;
pub use operator_class::{KnownOperatorClass, OperatorClass};
pub use policy::{Policy, PolicyCommand, PolicyForm, PolicyRole, RowSecurity};
pub use relation::{Action, ForeignKey, ManyToMany, ReferentialAction, Relation, RelationKind};
pub use scalar_type::ScalarType;
pub use spanned::Spanned;

/// A model or view of one [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId(pub(crate) u32);

/// An enum of one [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub(crate) u32);

/// A field of one [`Model`]; meaningless in another model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub(crate) u32);

/// A relation of one [`Schema`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub(crate) u32);

/// A whole Prisma schema: all files of one run, in the order they were given.
///
/// If parsing gave no finding of severity error, every name in it is resolved and every rule of
/// Prisma holds. Else it holds what could be understood.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The `datasource` block.
    pub datasource: Option<Datasource>,
    /// The `generator` blocks, in order of declaration.
    pub generators: Vec<Generator>,
    /// Models *and views*, in order of declaration, indexed by [`ModelId`].
    pub models: Vec<Model>,
    /// Enums in order of declaration, indexed by [`EnumId`].
    pub enums: Vec<Enum>,
    /// Relations in the order of their first relation field, indexed by [`RelationId`].
    pub relations: Vec<Relation>,
    /// Whether it is a contract of Prisma 8, which has neither datasource nor generator: tables without a mapped name
    /// begin with a small letter, types without a native type are those of Prisma 8, foreign keys have the actions
    /// that are written and no others, and lists on both sides are no relation of their own.
    pub is_contract: bool,
}

impl Schema {
    /// The `model` blocks, which become tables.
    pub fn tables(&self) -> impl Iterator<Item = (ModelId, &Model)> {
        self.all_models()
            .filter(|(_, it)| it.kind == ModelKind::Table)
    }

    /// The `view` blocks.
    pub fn views(&self) -> impl Iterator<Item = (ModelId, &Model)> {
        self.all_models()
            .filter(|(_, it)| it.kind == ModelKind::View)
    }

    /// Models and views, in order of declaration.
    pub fn all_models(&self) -> impl Iterator<Item = (ModelId, &Model)> {
        (0..).map(ModelId).zip(&self.models)
    }

    /// Enums in order of declaration.
    pub fn all_enums(&self) -> impl Iterator<Item = (EnumId, &Enum)> {
        (0..).map(EnumId).zip(&self.enums)
    }

    /// Relations in the order of their first relation field.
    pub fn all_relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        (0..).map(RelationId).zip(&self.relations)
    }

    /// The model or view called `name` in the schema; of several, the first.
    pub fn model(&self, name: &str) -> Option<(ModelId, &Model)> {
        self.all_models().find(|(_, it)| it.name.value == name)
    }

    /// The enum called `name` in the schema; of several, the first.
    pub fn find_enum(&self, name: &str) -> Option<(EnumId, &Enum)> {
        self.all_enums().find(|(_, it)| it.name.value == name)
    }

    /// How foreign keys are enforced: as the datasource says, else by the database.
    pub fn relation_mode(&self) -> RelationMode {
        self.datasource
            .as_ref()
            .map_or(RelationMode::ForeignKeys, |it| it.relation_mode)
    }
}

impl IndexBy<ModelId> for Schema {
    type Output = Model;

    fn index(&self, id: ModelId) -> &Model {
        &self.models[id.0 as usize]
    }
}

impl IndexBy<EnumId> for Schema {
    type Output = Enum;

    fn index(&self, id: EnumId) -> &Enum {
        &self.enums[id.0 as usize]
    }
}

impl IndexBy<RelationId> for Schema {
    type Output = Relation;

    fn index(&self, id: RelationId) -> &Relation {
        &self.relations[id.0 as usize]
    }
}

impl IndexBy<FieldId> for Model {
    type Output = Field;

    fn index(&self, id: FieldId) -> &Field {
        &self.fields[id.0 as usize]
    }
}
