//! Fifth pass: what must hold between the parts of a schema. It only runs where all parts are right by themselves.

mod cycles;
mod databases;
mod fields;
mod indexes;
mod keys;
mod literals;
mod names;
mod operator_classes;
mod relation_fields;
mod relations;
mod views;

use crate::attributes::unknown_function;
use crate::blocks::{Blocks, Meaning, ModelBlock};
use crate::config::{PreviewFeatures, check_extensions};
use crate::findings::Findings;
use crate::relations::{Found, Sides};
use crate::schema::{FieldId, Model, ModelId, ModelKind, Schema};
use crate::syntax::Attribute;
use names::Names;

/// What every rule may look at.
pub(crate) struct Rules<'r, 'a> {
    pub(crate) schema: &'r Schema,
    pub(crate) blocks: &'r Blocks<'a>,
    pub(crate) features: PreviewFeatures,
    sides: Sides<'r>,
    names: Names<'r>,
}

/// Checks everything. Prisma gives up at the first relation field that is ambiguous, and so does this.
pub(crate) fn check(
    schema: &Schema,
    blocks: &Blocks<'_>,
    features: PreviewFeatures,
    relations: &[Found],
    findings: &mut Findings,
) {
    let sides = Sides::new(schema);
    let names = Names::new(schema, relations);
    let rules = Rules {
        schema,
        blocks,
        features,
        sides,
        names,
    };
    databases::composite_types(&rules, findings);
    for block in &blocks.models {
        for (_, attribute) in column_attributes(block, "default") {
            unknown_function(attribute)
                .into_iter()
                .for_each(|it| findings.push(it));
        }
    }
    if let Some(datasource) = &schema.datasource {
        check_extensions(datasource, features, findings);
    }
    databases::tables(&rules, findings);
    for (id, model) in schema.tables().chain(schema.views()) {
        if check_model(&rules, id, model, findings).is_err() {
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

fn check_model(
    rules: &Rules<'_, '_>,
    id: ModelId,
    model: &Model,
    findings: &mut Findings,
) -> Result<(), Ambiguous> {
    let block = &rules.blocks.models[id.0 as usize];
    match model.kind {
        ModelKind::Table => keys::check(rules, id, model, findings),
        ModelKind::View => views::check(rules, model, findings),
    }
    databases::schema_of_model(rules, model, findings);
    if model.kind == ModelKind::Table {
        operator_classes::check(model, findings);
    }
    keys::no_shard_keys(block, findings);
    for (field, _) in model
        .all_fields()
        .filter(|(_, it)| it.as_scalar().is_some())
    {
        fields::check(rules, block, model, field, findings);
    }
    for (field, _) in model
        .all_fields()
        .filter(|(_, it)| it.as_relation().is_some())
    {
        relation_fields::check(rules, id, model, field, findings)?;
    }
    if model.kind == ModelKind::Table {
        for (number, index) in model.indexes.iter().enumerate() {
            indexes::check(rules, id, model, number, index, findings);
        }
    }
    Ok(())
}

/// The attributes of a name on the columns of a model.
fn column_attributes<'r, 'a>(
    block: &'r ModelBlock<'a>,
    name: &'r str,
) -> impl Iterator<Item = (FieldId, &'a Attribute<'a>)> + use<'r, 'a> {
    block.fields.iter().flat_map(move |field| {
        let id = match field.meaning {
            Meaning::Column(id) | Meaning::Composite(id) => Some(id),
            Meaning::Relation(_) | Meaning::Nothing => None,
        };
        let attributes = field
            .field
            .attributes
            .iter()
            .filter(move |it| it.name.text == name);
        attributes.filter_map(move |it| Some((id?, it)))
    })
}
