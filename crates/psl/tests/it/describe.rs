//! A schema in a few lines, so that snapshots show what was understood.

use driftless_psl::{
    Arity, Condition, Datasource, DefaultValue, Enum, Field, FieldId, FieldKind, FieldType,
    Generator, Index, IndexField, IndexKind, Literal, Model, ModelKind, OperatorClass, Policy,
    PolicyRole, Predicate, PrimaryKey, Relation, RelationKind, RelationMode, RowSecurity,
    ScalarField, Schema, SettingValue, SortOrder, Spanned, Url,
};

/// Datasource and generators if they say anything, then models, enums and relations.
pub(crate) fn describe(schema: &Schema) -> String {
    let mut lines = Vec::new();
    lines.extend(schema.datasource.as_ref().and_then(datasource));
    lines.extend(schema.generators.iter().map(generator));
    for (_, it) in schema.all_models() {
        model(schema, it, &mut lines);
    }
    for (_, it) in schema.all_enums() {
        enumeration(it, &mut lines);
    }
    lines.extend(schema.all_relations().map(|(_, it)| relation(schema, it)));
    lines.iter().map(|it| format!("{it}\n")).collect()
}

/// Nothing is said of the one that nearly all fixtures have.
fn datasource(it: &Datasource) -> Option<String> {
    let urls = [
        ("url", &it.url),
        ("direct url", &it.direct_url),
        ("shadow url", &it.shadow_database_url),
    ];
    let urls = urls.map(|(name, it)| it.as_ref().map(|it| format!("{name} {}", url(it))));
    let schemas = it.schemas.iter().map(|it| format!("schema {}", it.value));
    let extensions = it.extensions.iter().map(|it| {
        let parts = [
            mapped(Some(&it.database_name().to_owned()).filter(|name| **name != it.name)),
            it.schema.as_ref().map(|it| format!(" in {it}")),
            it.version.as_ref().map(|it| format!(" version {it}")),
        ];
        format!("extension {}{}", it.name, joined(parts, ""))
    });
    let mode = match it.relation_mode {
        RelationMode::ForeignKeys => None,
        RelationMode::Prisma => Some("relation mode prisma".to_owned()),
    };
    let parts = urls.into_iter().flatten().chain(schemas).chain(extensions);
    let parts: Vec<_> = parts.chain(mode).collect();
    let usual = ["url env(DATABASE_URL)"];
    (parts != usual || it.name.value != "db" || it.provider.value != "postgresql").then(|| {
        format!(
            "datasource {}: {}, {}",
            it.name,
            it.provider,
            parts.join(", ")
        )
    })
}

fn generator(it: &Generator) -> String {
    let features = it.preview_features.iter().map(|it| format!("preview {it}"));
    let settings = it.settings.iter();
    let settings = settings.map(|it| format!("{} = {}", it.name, setting(&it.value)));
    let parts: Vec<_> = features.chain(settings).collect();
    let provider = url(&it.provider);
    format!("generator {}: {provider} {}", it.name, parts.join(", "))
}

fn setting(value: &SettingValue) -> String {
    match value {
        SettingValue::Text(text) => format!("{text:?}"),
        SettingValue::Env(name) => format!("env({name})"),
        SettingValue::List(list) => {
            let values: Vec<_> = list.iter().map(setting).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

fn url(it: &Url) -> String {
    match it {
        Url::Env(name) => format!("env({name})"),
        Url::Literal(text) => format!("{text:?}"),
    }
}

fn model(schema: &Schema, it: &Model, lines: &mut Vec<String>) {
    documentation(&it.documentation, "", lines);
    let keyword = match it.kind {
        ModelKind::Table => "model",
        ModelKind::View => "view",
    };
    let parts = [
        mapped(it.mapped_name.as_ref().map(|it| &it.value)),
        it.schema.as_ref().map(|it| format!(" in {it}")),
        it.ignored.then(|| " ignored".to_owned()),
    ];
    lines.push(format!("{keyword} {}{}", it.name, joined(parts, "")));
    for field_of in &it.fields {
        documentation(&field_of.documentation, "  ", lines);
        lines.push(format!("  {}", field(schema, field_of)));
    }
    lines.extend(it.primary_key.iter().map(|key| primary_key(it, key)));
    lines.extend(it.indexes.iter().map(|one| index(it, one)));
    lines.extend(it.row_security.iter().map(row_security));
    lines.extend(it.policies.iter().map(policy));
    documentation(&it.body_documentation, "  ", lines);
}

fn row_security(it: &RowSecurity) -> String {
    let forced = if it.forced { ", forced" } else { "" };
    format!("  row level security{forced}")
}

fn policy(it: &Policy) -> String {
    let roles = it.roles.iter().map(|role| match &role.value {
        PolicyRole::Public => "public".to_owned(),
        PolicyRole::Named(name) => format!("{name:?}"),
    });
    let roles: Vec<_> = roles.collect();
    let parts = [
        (!it.permissive).then(|| " restrictive".to_owned()),
        Some(format!(" for {}", it.command.as_str())),
        (!roles.is_empty()).then(|| format!(" to {}", roles.join(", "))),
        it.using.as_ref().map(|it| format!(" using {:?}", it.value)),
        it.check.as_ref().map(|it| format!(" check {:?}", it.value)),
    ];
    format!("  policy {:?}{}", it.name.value, joined(parts, ""))
}

fn field(schema: &Schema, it: &Field) -> String {
    let arity = match it.arity {
        Arity::Required => "",
        Arity::Optional => "?",
        Arity::List => "[]",
    };
    let (name, rest) = match &it.kind {
        FieldKind::Scalar(scalar) => (type_name(schema, &scalar.field_type), column(scalar)),
        FieldKind::Relation(relation) => {
            let name = relation.relation.map(|id| schema[id].name(schema));
            let name = name.map_or(" of no relation".to_owned(), |it| format!(" of {it}"));
            (schema[relation.model].name.to_string(), name)
        }
    };
    let ignored = if it.ignored { " ignored" } else { "" };
    format!("{} {name}{arity}{rest}{ignored}", it.name)
}

fn type_name(schema: &Schema, it: &FieldType) -> String {
    match it {
        FieldType::Scalar(scalar) => scalar.to_string(),
        FieldType::Enum(id) => schema[*id].name.to_string(),
        FieldType::Unsupported(name) => format!("{name:?}"),
    }
}

fn column(it: &ScalarField) -> String {
    let parts = [
        it.native_type.map(|it| format!(" as {it}")),
        it.default
            .as_ref()
            .map(|it| format!(" = {}", default(&it.value))),
        it.updated_at.then(|| " updated".to_owned()),
        mapped(it.mapped_name.as_ref().map(|it| &it.value)),
    ];
    joined(parts, "")
}

fn default(value: &DefaultValue) -> String {
    match value {
        DefaultValue::String(text) => format!("{text:?}"),
        DefaultValue::Number(text) | DefaultValue::EnumValue(text) => text.clone(),
        DefaultValue::Boolean(truth) => truth.to_string(),
        DefaultValue::DbGenerated(Some(sql)) => format!("sql {sql:?}"),
        DefaultValue::DbGenerated(None) => "sql".to_owned(),
        DefaultValue::List(list) => {
            let values: Vec<_> = list.iter().map(default).collect();
            format!("[{}]", values.join(", "))
        }
        DefaultValue::Autoincrement
        | DefaultValue::Now
        | DefaultValue::Uuid(_)
        | DefaultValue::Ulid
        | DefaultValue::Cuid(_)
        | DefaultValue::Nanoid(_) => format!("{value:?}").to_lowercase(),
    }
}

fn primary_key(model: &Model, it: &PrimaryKey) -> String {
    let parts = [
        it.name.as_ref().map(|it| format!(" named {it}")),
        mapped(it.mapped_name.as_ref().map(|it| &it.value)),
        it.clustered.map(|it| format!(" clustered {it}")),
    ];
    format!(
        "  key ({}){}",
        columns(model, &it.fields),
        joined(parts, "")
    )
}

fn index(model: &Model, it: &Index) -> String {
    let kind = match it.kind {
        IndexKind::Normal => "index",
        IndexKind::Unique => "unique",
        IndexKind::Fulltext => "fulltext",
    };
    let parts = [
        it.algorithm.map(|it| format!(" using {}", it.as_str())),
        it.predicate
            .as_ref()
            .map(|it| format!(" where {}", predicate(model, it))),
        it.name.as_ref().map(|it| format!(" named {it}")),
        mapped(it.mapped_name.as_ref().map(|it| &it.value)),
        it.clustered.map(|it| format!(" clustered {it}")),
    ];
    format!(
        "  {kind} ({}){}",
        columns(model, &it.fields),
        joined(parts, "")
    )
}

fn predicate(model: &Model, it: &Predicate) -> String {
    match it {
        Predicate::Raw(sql) => format!("sql {sql:?}"),
        Predicate::All(conditions) => {
            let all: Vec<_> = conditions.iter().map(|it| condition(model, it)).collect();
            all.join(" and ")
        }
    }
}

fn condition(model: &Model, it: &Condition) -> String {
    let value = match &it.value {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(truth) => truth.to_string(),
        Literal::String(text) => format!("{text:?}"),
        Literal::Number(text) => text.clone(),
    };
    format!("{} {:?} {value}", model[it.field].name, it.comparison)
}

fn columns(model: &Model, list: &[IndexField]) -> String {
    let columns = list.iter().map(|it| {
        let parts = [
            it.sort.map(|it| match it {
                SortOrder::Asc => " asc".to_owned(),
                SortOrder::Desc => " desc".to_owned(),
            }),
            it.length.map(|it| format!(" length {it}")),
            it.operator_class.as_ref().map(|it| match it {
                OperatorClass::Known(class) => format!(" {class}"),
                OperatorClass::Raw(name) => format!(" {name:?}"),
            }),
        ];
        format!("{}{}", model[it.field].name, joined(parts, ""))
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn enumeration(it: &Enum, lines: &mut Vec<String>) {
    documentation(&it.documentation, "", lines);
    let parts = [
        mapped(it.mapped_name.as_ref().map(|it| &it.value)),
        it.schema.as_ref().map(|it| format!(" in {it}")),
    ];
    lines.push(format!("enum {}{}", it.name, joined(parts, "")));
    for value in &it.values {
        documentation(&value.documentation, "  ", lines);
        let mapped = mapped(value.mapped_name.as_ref().map(|it| &it.value));
        lines.push(format!("  {}{}", value.name, mapped.unwrap_or_default()));
    }
    documentation(&it.body_documentation, "  ", lines);
}

fn relation(schema: &Schema, it: &Relation) -> String {
    let name = it.name(schema);
    let (kind, key) = match &it.kind {
        RelationKind::OneToOne(key) => ("one to one", key),
        RelationKind::OneToMany(key) => ("one to many", key),
        RelationKind::ManyToMany(it) => {
            let (a, b) = (&schema[it.model_a], &schema[it.model_b]);
            let (one, other) = (&a[it.field_a].name, &b[it.field_b].name);
            return format!("many to many {name}: {}.{one}, {}.{other}", a.name, b.name);
        }
    };
    let (model, referenced) = (&schema[key.model], &schema[key.referenced_model]);
    let names = |model: &Model, list: &[FieldId]| {
        let names: Vec<_> = list.iter().map(|it| &model[*it].name[..]).collect();
        names.join(", ")
    };
    let (fields, references) = (
        names(model, &key.fields),
        names(referenced, &key.references),
    );
    let (field, back) = (
        &model[key.field].name,
        &referenced[key.referenced_field].name,
    );
    let (delete, update) = (key.on_delete.effective, key.on_update.effective);
    let mapped = mapped(key.mapped_name.as_ref().map(|it| &it.value)).unwrap_or_default();
    format!(
        "{kind} {name}{mapped}: {}.{field} ({fields}) -> {}.{back} ({references}), on delete {delete}, on update {update}",
        model.name, referenced.name
    )
}

fn documentation(blocks: &[Spanned<String>], indent: &str, lines: &mut Vec<String>) {
    let all = blocks.iter().flat_map(|it| it.lines());
    lines.extend(all.map(|it| format!("{indent}/// {it}").trim_end().to_owned()));
}

fn mapped(name: Option<&String>) -> Option<String> {
    name.map(|it| format!(" -> {it:?}"))
}

fn joined<const N: usize>(parts: [Option<String>; N], between: &str) -> String {
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(between)
}
