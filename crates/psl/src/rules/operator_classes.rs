//! What an index of each kind can hold, and by which operator class. Prisma schema reference, *Configuring indexes*.

use driftless_finding::{Code, Finding, Severity};

use super::Subject;
use super::primary_key::NOT_IN_POSTGRESQL;
use crate::attributes::native_type_of_name;
use crate::findings::Findings;
use crate::schema::{
    Arity, Field, FieldType, Index, IndexAlgorithm, IndexField, KnownOperatorClass, NativeType,
    OperatorClass, ScalarField, ScalarType,
};

/// A type that an index cannot hold.
pub(crate) static UNINDEXABLE_TYPE: Code = Code {
    name: "unindexable-type",
    severity: Severity::Error,
    summary: "an index of this kind cannot hold a field of this type",
    explanation: "GIN indexes hold `Json` and lists; GiST indexes nothing by itself; SP-GiST and BRIN indexes the types for \
        which PostgreSQL has a default operator class; and no index holds XML. `ops: raw(\"…\")` names an operator class \
        that Prisma does not know, and then is believed.",
};

/// An operator class that does not fit.
pub(crate) static WRONG_OPERATOR_CLASS: Code = Code {
    name: "wrong-operator-class",
    severity: Severity::Error,
    summary: "an operator class does not fit the kind of index or the type of the field",
    explanation: "Each operator class belongs to one kind of index, and to one type.",
};

pub(super) fn check(subject: &Subject<'_, '_>, findings: &mut Findings) {
    let model = subject.model;
    for index in &model.indexes {
        let is_xml = |it: &&Field| {
            let native = it.as_scalar().and_then(|it| it.native_type);
            native.is_some_and(|it| it.value == NativeType::Xml)
        };
        if let Some(field) = index.fields.iter().map(|it| &model[it.field]).find(is_xml) {
            let message = format!("`{}` is XML, which PostgreSQL cannot index", field.name);
            let finding = Finding::new(&UNINDEXABLE_TYPE, message).at(field.name.span);
            findings.push(finding.label(index.span, "the index"));
        }
        for field in &index.fields {
            if let Some(finding) = column(subject, index, field) {
                findings.push(finding.at(index.span));
            }
        }
        if index.algorithm == Some(IndexAlgorithm::SpGist) && index.fields.len() != 1 {
            let finding = Finding::new(&NOT_IN_POSTGRESQL, "an SP-GiST index has one column");
            findings.push(finding.at(index.span));
        }
    }
}

/// What is wrong with a column of an index.
fn column(subject: &Subject<'_, '_>, index: &Index, column: &IndexField) -> Option<Finding> {
    let algorithm = index.algorithm.unwrap_or_default();
    let field = &subject.model[column.field];
    let scalar = field.as_scalar()?;
    match &column.operator_class {
        Some(OperatorClass::Raw(_)) => None,
        Some(OperatorClass::Known(class)) if !belongs_to(*class, algorithm) => {
            let kind = algorithm.as_str();
            let message = format!("operator class `{class}` does not belong to {kind} indexes");
            Some(Finding::new(&WRONG_OPERATOR_CLASS, message))
        }
        Some(OperatorClass::Known(class)) => {
            let native = scalar.effective_native_type();
            let fits =
                native.is_some_and(|it| takes(*class, it)) || takes_lists(*class, field.arity);
            let name = &field.name;
            let message = || format!("operator class `{class}` does not fit the type of `{name}`");
            (!fits).then(|| Finding::new(&WRONG_OPERATOR_CLASS, message()))
        }
        None => {
            let finding = || {
                let (kind, name) = (algorithm.as_str(), &field.name);
                let message =
                    format!("{kind} indexes do not hold the type of `{name}` by themselves");
                let finding = Finding::new(&UNINDEXABLE_TYPE, message);
                finding.help("name an operator class: `ops: raw(\"…\")`")
            };
            // A native type that there is not is none that a GiST index holds.
            let is_unknown = || {
                let field = subject.block.column(column.field);
                let mut attributes = field.into_iter().flat_map(|it| it.field.attributes);
                let native = attributes.find_map(|it| it.name.text.split_once('.'));
                native.is_some_and(|(_, name)| native_type_of_name(name, None).is_none())
            };
            let holds = holds(algorithm, field.arity, scalar)
                && (algorithm != IndexAlgorithm::Gist || !is_unknown());
            (!holds).then(finding)
        }
    }
}

fn belongs_to(class: KnownOperatorClass, algorithm: IndexAlgorithm) -> bool {
    use KnownOperatorClass::{ArrayOps, InetOps, JsonbOps, JsonbPathOps, TextOps};
    match algorithm {
        IndexAlgorithm::BTree | IndexAlgorithm::Hash => false,
        IndexAlgorithm::Gist => class == InetOps,
        IndexAlgorithm::Gin => matches!(class, JsonbOps | JsonbPathOps | ArrayOps),
        IndexAlgorithm::SpGist => matches!(class, InetOps | TextOps),
        IndexAlgorithm::Brin => !matches!(
            class,
            InetOps | TextOps | JsonbOps | JsonbPathOps | ArrayOps
        ),
    }
}

/// Whether an index holds a column without being told an operator class.
fn holds(algorithm: IndexAlgorithm, arity: Arity, scalar: &ScalarField) -> bool {
    if matches!(scalar.field_type, FieldType::Unsupported(_)) {
        return true;
    }
    let native = scalar.effective_native_type();
    match algorithm {
        IndexAlgorithm::BTree | IndexAlgorithm::Hash => true,
        // PostgreSQL has no such operator class, but Prisma lets it pass.
        IndexAlgorithm::Gist => {
            scalar.native_type.is_none()
                && scalar.field_type == FieldType::Scalar(ScalarType::String)
        }
        IndexAlgorithm::Gin => arity == Arity::List || native == Some(NativeType::JsonB),
        IndexAlgorithm::SpGist => native
            .is_some_and(|it| it == NativeType::Inet || takes(KnownOperatorClass::TextOps, it)),
        IndexAlgorithm::Brin => native.is_some_and(|it| {
            let classes = KnownOperatorClass::ALL.iter();
            classes
                .filter(|it| belongs_to(**it, algorithm))
                .any(|class| takes(*class, it))
        }),
    }
}

fn takes_lists(class: KnownOperatorClass, arity: Arity) -> bool {
    class == KnownOperatorClass::ArrayOps && arity == Arity::List
}

/// Whether an operator class is for a type.
fn takes(class: KnownOperatorClass, native: NativeType) -> bool {
    use KnownOperatorClass as Class;
    match class {
        Class::ArrayOps => false,
        Class::JsonbOps | Class::JsonbPathOps => native == NativeType::JsonB,
        Class::TextOps => {
            matches!(
                native,
                NativeType::Text | NativeType::VarChar(_) | NativeType::Char(_)
            )
        }
        Class::BitMinMaxOps => matches!(native, NativeType::Bit(_)),
        Class::VarBitMinMaxOps => matches!(native, NativeType::VarBit(_)),
        Class::BpcharBloomOps | Class::BpcharMinMaxOps => matches!(native, NativeType::Char(_)),
        Class::ByteaBloomOps | Class::ByteaMinMaxOps => native == NativeType::ByteA,
        Class::DateBloomOps | Class::DateMinMaxOps | Class::DateMinMaxMultiOps => {
            native == NativeType::Date
        }
        Class::Float4BloomOps | Class::Float4MinMaxOps | Class::Float4MinMaxMultiOps => {
            native == NativeType::Real
        }
        Class::Float8BloomOps | Class::Float8MinMaxOps | Class::Float8MinMaxMultiOps => {
            native == NativeType::DoublePrecision
        }
        Class::InetOps
        | Class::InetInclusionOps
        | Class::InetBloomOps
        | Class::InetMinMaxOps
        | Class::InetMinMaxMultiOps => native == NativeType::Inet,
        Class::Int2BloomOps | Class::Int2MinMaxOps | Class::Int2MinMaxMultiOps => {
            native == NativeType::SmallInt
        }
        Class::Int4BloomOps | Class::Int4MinMaxOps | Class::Int4MinMaxMultiOps => {
            native == NativeType::Integer
        }
        Class::Int8BloomOps | Class::Int8MinMaxOps | Class::Int8MinMaxMultiOps => {
            native == NativeType::BigInt
        }
        Class::NumericBloomOps | Class::NumericMinMaxOps | Class::NumericMinMaxMultiOps => {
            matches!(native, NativeType::Decimal(_))
        }
        Class::OidBloomOps | Class::OidMinMaxOps | Class::OidMinMaxMultiOps => {
            native == NativeType::Oid
        }
        Class::TextBloomOps | Class::TextMinMaxOps => {
            matches!(native, NativeType::Text | NativeType::VarChar(_))
        }
        Class::TimestampBloomOps | Class::TimestampMinMaxOps | Class::TimestampMinMaxMultiOps => {
            matches!(native, NativeType::Timestamp(_))
        }
        Class::TimestampTzBloomOps
        | Class::TimestampTzMinMaxOps
        | Class::TimestampTzMinMaxMultiOps => matches!(native, NativeType::Timestamptz(_)),
        Class::TimeBloomOps | Class::TimeMinMaxOps | Class::TimeMinMaxMultiOps => {
            matches!(native, NativeType::Time(_))
        }
        Class::TimeTzBloomOps | Class::TimeTzMinMaxOps | Class::TimeTzMinMaxMultiOps => {
            matches!(native, NativeType::Timetz(_))
        }
        Class::UuidBloomOps | Class::UuidMinMaxOps | Class::UuidMinMaxMultiOps => {
            native == NativeType::Uuid
        }
    }
}
