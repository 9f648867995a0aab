//! Fifth pass: what must hold between the parts of a schema. It only runs where all parts are right by themselves.

pub(crate) mod client_names;
pub(crate) mod cycles;
pub(crate) mod databases;
pub(crate) mod fields;
pub(crate) mod indexes;
pub(crate) mod literals;
pub(crate) mod names;
pub(crate) mod operator_classes;
pub(crate) mod primary_key;
pub(crate) mod relation_fields;
pub(crate) mod relations;
pub(crate) mod views;

use crate::attributes::{check_function_is_known, refuse_auto, refuse_shard_key};
use crate::blocks::{Blocks, ModelBlock};
use crate::config::{PreviewFeatures, check_extensions};
use crate::findings::Findings;
use crate::keys::Keys;
use crate::relations::{Found, Sides};
use crate::schema::{Model, ModelId, ModelKind, Schema};
use crate::syntax::Attribute;
use client_names::ClientNames;
use names::Names;

/// What every rule may look at.
pub(crate) struct Rules<'r, 'a> {
    pub(crate) schema: &'r Schema,
    pub(crate) blocks: &'r Blocks<'a>,
    pub(crate) features: PreviewFeatures,
    sides: Sides<'r>,
    keys: Keys<'r>,
    names: Names<'r>,
    /// The database schemas that the datasource lists, in alphabetical order.
    listed_schemas: Vec<&'r str>,
}

/// A model that is checked.
struct Subject<'r, 'a> {
    rules: &'r Rules<'r, 'a>,
    id: ModelId,
    model: &'r Model,
    block: &'r ModelBlock<'a>,
    client_names: ClientNames<'r>,
}

/// Checks everything. Prisma gives up at the first relation field that is ambiguous, and so does this.
pub(crate) fn check(
    schema: &Schema,
    blocks: &Blocks<'_>,
    features: PreviewFeatures,
    relations: &[Found],
    findings: &mut Findings,
) {
    let schemas = schema.datasource.iter().flat_map(|it| &it.schemas);
    let mut listed_schemas: Vec<_> = schemas.map(|it| &it.value[..]).collect();
    listed_schemas.sort_unstable();
    let rules = Rules {
        schema,
        blocks,
        features,
        sides: Sides::new(schema),
        keys: Keys::new(schema),
        names: Names::new(schema, relations),
        listed_schemas,
    };
    databases::composite_types(&rules, findings);
    for block in &blocks.models {
        for attribute in column_attributes(block, "default") {
            check_function_is_known(attribute, findings);
        }
    }
    if let Some(datasource) = &schema.datasource {
        check_extensions(datasource, features, findings);
    }
    databases::tables(&rules, findings);
    for (id, model) in schema.tables().chain(schema.views()) {
        let subject = Subject {
            rules: &rules,
            id,
            model,
            block: &blocks.models[id.0 as usize],
            client_names: ClientNames::new(model),
        };
        if check_model(&subject, findings).is_err() {
            return;
        }
    }
    databases::enums(&rules, findings);
    let cycles = cycles::find(&rules, relations);
    for (number, (relation, cycle)) in relations.iter().zip(cycles).enumerate() {
        relations::check(&rules, number, relation, cycle, findings);
    }
}

/// A relation field is ambiguous.
struct Ambiguous;

fn check_model(subject: &Subject<'_, '_>, findings: &mut Findings) -> Result<(), Ambiguous> {
    let model = subject.model;
    match model.kind {
        ModelKind::Table => primary_key::check(subject, findings),
        ModelKind::View => views::check(subject, findings),
    }
    databases::schema_of_model(subject, findings);
    for attribute in column_attributes(subject.block, "default") {
        refuse_auto(attribute, findings);
    }
    if model.kind == ModelKind::Table {
        operator_classes::check(subject, findings);
        no_shard_keys(subject.block, findings);
    }
    for (id, field) in model.all_fields() {
        if let Some(scalar) = field.as_scalar() {
            fields::check(subject, id, scalar, findings);
        }
    }
    for (id, field) in model.all_fields() {
        if let Some(relation) = field.as_relation() {
            relation_fields::check(subject, id, relation, findings)?;
        }
    }
    match model.kind {
        ModelKind::Table => indexes::check(subject, findings),
        ModelKind::View => views::check_indexes(model, findings),
    }
    Ok(())
}

/// Shard keys are none of PostgreSQL's. Prisma does not look for them in views.
fn no_shard_keys(block: &ModelBlock<'_>, findings: &mut Findings) {
    let on_fields = column_attributes(block, "shardKey");
    let on_block = block.attributes.iter().copied();
    let on_block = on_block.filter(|it| it.name.text == "shardKey");
    for attribute in on_fields.chain(on_block) {
        refuse_shard_key(attribute, findings);
    }
}

/// The attributes of a name on the columns of a model.
fn column_attributes<'r, 'a>(
    block: &'r ModelBlock<'a>,
    name: &'r str,
) -> impl Iterator<Item = &'a Attribute<'a>> + use<'r, 'a> {
    let columns = block.fields.iter().filter(|it| it.meaning.is_column());
    let attributes = columns.flat_map(|it| it.field.attributes);
    attributes.filter(move |it| it.name.text == name)
}
