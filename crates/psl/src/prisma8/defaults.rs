//! What a contract means where it says nothing, in the words of Prisma 7.

use crate::schema::{
    FieldKind, FieldType, NativeType, ReferentialAction, RelationKind, ScalarType, Schema, Spanned,
};

/// Writes into the models what Prisma 8 takes for granted and Prisma 7 does otherwise: names of tables, types of columns
/// and referential actions.
pub(super) fn spell_out(schema: &mut Schema) {
    for model in &mut schema.models {
        if model.mapped_name.is_none() {
            let name = small_first(&model.name);
            model.mapped_name = Some(Spanned::new(name, model.name.span));
        }
        for field in &mut model.fields {
            let FieldKind::Scalar(scalar) = &mut field.kind else {
                continue;
            };
            if let (FieldType::Scalar(it), None) = (&scalar.field_type, &scalar.native_type) {
                scalar.native_type = native_type(*it).map(|it| Spanned::new(it, field.type_span));
            }
        }
    }
    for relation in &mut schema.relations {
        let (RelationKind::OneToOne(key) | RelationKind::OneToMany(key)) = &mut relation.kind
        else {
            continue;
        };
        for action in [&mut key.on_delete, &mut key.on_update] {
            if action.explicit.is_none() {
                action.effective = ReferentialAction::NoAction;
            }
        }
    }
}

/// The name of the table of a model that is not mapped.
fn small_first(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// The type of a column, if it is not the one that Prisma 7 gives it.
fn native_type(scalar: ScalarType) -> Option<NativeType> {
    match scalar {
        ScalarType::DateTime => Some(NativeType::Timestamptz(None)),
        ScalarType::Decimal => Some(NativeType::Decimal(None)),
        ScalarType::Json => Some(NativeType::Json),
        ScalarType::String
        | ScalarType::Boolean
        | ScalarType::Int
        | ScalarType::BigInt
        | ScalarType::Float
        | ScalarType::Bytes => None,
    }
}
