use std::collections::{BTreeMap, BTreeSet};

use driftless_catalog::{
    Catalog, Column, Common, Constraint, ConstraintKind, DataType, EnumType, Expression, Extension,
    ForeignKey, Ident, Index, IndexKey, KeyColumns, MatchKind, ObjectId, Opclass, Persistence,
    QualifiedName, ReferentialAction, RowSecurity, Schema, Sequence, SequenceOptions,
    SequenceOwner, SortOrder, Table,
};
use driftless_finding::{Finding, Span};
use driftless_psl as psl;
use driftless_psl::{
    Arity, DefaultValue, FieldId, FieldType, IndexKind, ManyToMany, Model, ModelId, OperatorClass,
    RelationMode, ScalarField,
};

use crate::declaration::{Declaration, NAME_TOO_LONG};
use crate::default::default_text;
use crate::name::{constraint_name, ident};
use crate::overlay;
use crate::policy::{needs, policy};
use crate::types::{self, Spelled};

/// What `dbgenerated` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generated {
    /// An expression of the database.
    Written,
    /// Nothing: the database has a default, and which is none of Prisma's business.
    Unknown,
}

/// A schema of that name.
pub(crate) fn schema(name: Ident) -> Schema {
    Schema {
        name,
        common: Common::default(),
    }
}

/// How a schema is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerOptions {
    /// The schema of models without `@@schema`: the `schema` parameter of the connection URL, else `public`.
    pub default_schema: Ident,
}

impl Default for LowerOptions {
    fn default() -> Self {
        Self {
            default_schema: ident("public"),
        }
    }
}

/// What a Prisma schema asks of a database, and where it says so.
#[derive(Debug, Clone, PartialEq)]
pub struct PrismaCatalog {
    /// What Prisma Migrate would make in an empty database.
    pub catalog: Catalog,
    /// The objects in the order in which Prisma makes them.
    pub order: Vec<ObjectId>,
    /// Where each object is declared. Join tables are at their relation field.
    pub declarations: BTreeMap<ObjectId, Declaration>,
    /// The schemas that Prisma governs: `schemas` of the datasource, else the default schema.
    pub schemas: Vec<Ident>,
    /// The schema of what names none.
    pub default_schema: Ident,
    /// What there is to say about names.
    pub findings: Vec<Finding>,
    /// Tables whose models say what row level security they have. Of all others it is none of the schema's business.
    pub row_security: BTreeSet<QualifiedName>,
    /// Policies of `policy_*` blocks, whose names may have more behind them in the database.
    pub(crate) policy_blocks: Vec<ObjectId>,
    /// List columns: Prisma neither asks for `NOT NULL` nor minds it.
    pub(crate) lists: Vec<ObjectId>,
    /// Columns with `dbgenerated`.
    pub(crate) generated: BTreeMap<ObjectId, Generated>,
    /// What the schema calls the labels of enums.
    pub(crate) values: BTreeMap<(QualifiedName, String), String>,
}

/// The catalog that `schema`, which is valid, asks for.
pub fn lower(schema: &psl::Schema, options: &LowerOptions) -> PrismaCatalog {
    let mut lowering = Lowering {
        schema,
        options,
        out: PrismaCatalog {
            catalog: Catalog::default(),
            order: Vec::new(),
            declarations: BTreeMap::new(),
            schemas: governed(schema, options),
            default_schema: options.default_schema.clone(),
            findings: Vec::new(),
            row_security: BTreeSet::new(),
            policy_blocks: Vec::new(),
            lists: Vec::new(),
            generated: BTreeMap::new(),
            values: BTreeMap::new(),
        },
        table_names: BTreeMap::new(),
    };
    lowering.namespaces();
    lowering.enums();
    for (id, model) in schema.tables() {
        lowering.table(id, model);
    }
    lowering.relations();
    lowering.leave_alone();
    needs::note(&mut lowering.out.catalog, &Catalog::default());
    lowering.out
}

fn governed(schema: &psl::Schema, options: &LowerOptions) -> Vec<Ident> {
    let declared = schema.datasource.iter().flat_map(|it| &it.schemas);
    let mut names: Vec<Ident> = declared.map(|it| ident(&it.value)).collect();
    if schema.is_contract {
        let namespaces = schema.models.iter().filter_map(|it| it.schema.as_ref());
        names.extend(namespaces.map(|it| ident(&it.value)));
    }
    if names.is_empty() {
        names.push(options.default_schema.clone());
    }
    names.sort();
    names.dedup();
    names
}

struct Lowering<'a> {
    schema: &'a psl::Schema,
    options: &'a LowerOptions,
    out: PrismaCatalog,
    table_names: BTreeMap<ModelId, QualifiedName>,
}

impl Lowering<'_> {
    fn declare(&mut self, object: ObjectId, declaration: Declaration) {
        self.out.order.push(object.clone());
        self.out.declarations.insert(object, declaration);
    }

    /// The name as the server keeps it; one that it would cut is a finding.
    fn name(&mut self, name: &str, span: Span, what: &str) -> Ident {
        let kept = ident(name);
        if name.len() > Ident::MAX_BYTES {
            let message = format!(
                "the name of {what} `{name}` has {} bytes, and PostgreSQL keeps 63",
                name.len()
            );
            let finding = Finding::new(&NAME_TOO_LONG, message)
                .at(span)
                .note(format!("the server keeps `{}`", kept.as_str()))
                .help("give it a shorter name in the database with `@map` or `@@map`");
            self.out.findings.push(finding);
        }
        kept
    }

    fn schema_name(&self, declared: Option<&psl::Spanned<String>>) -> Ident {
        match declared {
            Some(name) => ident(&name.value),
            None => self.options.default_schema.clone(),
        }
    }

    fn namespaces(&mut self) {
        let used = self.used_schemas();
        for name in self.out.schemas.clone() {
            if !used.contains(&name) {
                continue;
            }
            self.out.order.push(ObjectId::Schema(name.clone()));
            self.out.catalog.schemas.insert(schema(name));
        }
        for declared in self.schema.datasource.iter().flat_map(|it| &it.schemas) {
            let object = ObjectId::Schema(ident(&declared.value));
            let declaration = Declaration::at(declared.span);
            self.out.declarations.insert(object, declaration);
        }
        for it in self.schema.datasource.iter().flat_map(|it| &it.extensions) {
            let name = ident(it.database_name());
            let object = ObjectId::Extension(name.clone());
            self.declare(object, Declaration::at(it.span));
            self.out.catalog.extensions.insert(Extension {
                name,
                schema: it.schema.as_ref().map(|it| ident(&it.value)),
                version: it.version.as_ref().map(|it| it.value.clone()),
                relocatable: true,
                members: None,
                comment: None,
            });
        }
    }

    /// The schemas that have a table or an enum: Prisma makes no others.
    fn used_schemas(&self) -> BTreeSet<Ident> {
        let tables = self.schema.tables().map(|(_, it)| it.schema.as_ref());
        let enums = self.schema.all_enums().map(|(_, it)| it.schema.as_ref());
        tables.chain(enums).map(|it| self.schema_name(it)).collect()
    }

    fn enums(&mut self) {
        for (_, it) in self.schema.all_enums() {
            let span = it.mapped_name.as_ref().map_or(it.name.span, |it| it.span);
            let name = self.name(it.database_name(), span, "enum");
            let name = QualifiedName::new(self.schema_name(it.schema.as_ref()), name);
            let object = ObjectId::Enum(name.clone());
            self.declare(object, Declaration::at(it.name.span));
            for value in &it.values {
                let label = (name.clone(), value.database_name().to_owned());
                self.out.values.insert(label, value.name.value.clone());
            }
            let labels = it.values.iter().map(|it| it.database_name().to_owned());
            self.out.catalog.enums.insert(EnumType {
                name,
                labels: labels.collect(),
                common: Common::default(),
            });
        }
    }

    fn table(&mut self, id: ModelId, model: &Model) {
        let span = model
            .mapped_name
            .as_ref()
            .map_or(model.name.span, |it| it.span);
        let name = self.name(model.database_name(), span, "table");
        let name = QualifiedName::new(self.schema_name(model.schema.as_ref()), name);
        self.table_names.insert(id, name.clone());
        let object = ObjectId::Table(name.clone());
        let declaration = Declaration {
            row_security: model.row_security.map(|it| it.span),
            ..Declaration::at(model.name.span)
        };
        self.declare(object, declaration);
        let mut table = Table::new(name);
        for (_, field) in model.all_fields() {
            if let Some(scalar) = field.as_scalar() {
                let column = self.column(&table.name, field, scalar);
                table.columns.push(column);
            }
        }
        self.primary_key(model, &mut table);
        for index in &model.indexes {
            self.index(model, index, &mut table);
        }
        self.row_security(model, &mut table);
        self.out.catalog.tables.insert(table);
    }

    fn row_security(&mut self, model: &Model, table: &mut Table) {
        let Some(declared) = &model.row_security else {
            return;
        };
        self.out.row_security.insert(table.name.clone());
        table.row_security = RowSecurity {
            enabled: true,
            forced: declared.forced,
        };
        for it in &model.policies {
            let policy = policy(it, ident(&it.name));
            let object = ObjectId::Policy(table.name.clone(), policy.name.clone());
            let roles = it.roles.iter().map(|it| it.span);
            let declaration = Declaration {
                roles: roles.reduce(Span::to),
                expressions: [&it.using, &it.check].map(|it| it.as_ref().map(|it| it.span)),
                ..Declaration::at(it.span)
            };
            if it.form == psl::PolicyForm::Block {
                self.out.policy_blocks.push(object.clone());
            }
            self.declare(object, declaration);
            table.policies.insert(policy);
        }
    }

    fn column(
        &mut self,
        table: &QualifiedName,
        field: &psl::Field,
        scalar: &ScalarField,
    ) -> Column {
        let span = scalar
            .mapped_name
            .as_ref()
            .map_or(field.name.span, |it| it.span);
        let name = self.name(field.database_name(), span, "column");
        let object = ObjectId::Column(table.clone(), name.clone());
        let declaration = Declaration {
            data_type: Some(field.type_span),
            default: scalar.default.as_ref().map(|it| it.span),
            ..Declaration::at(field.name.span)
        };
        self.declare(object.clone(), declaration);
        let element = self.element_type(scalar);
        let element_text = element.text.clone();
        let spelled = match field.arity {
            Arity::List => {
                self.out.lists.push(object.clone());
                element.array()
            }
            Arity::Required | Arity::Optional => element,
        };
        let mut column = Column {
            spelled_type: Some(spelled.text.into()),
            not_null: field.arity == Arity::Required,
            ..Column::new(name, spelled.data_type)
        };
        let Some(default) = &scalar.default else {
            return column;
        };
        if default.value == DefaultValue::Autoincrement {
            column.serial = Some(self.sequence(table, &column));
        }
        if let DefaultValue::DbGenerated(expression) = &default.value {
            let kind = match expression {
                Some(_) => Generated::Written,
                None => Generated::Unknown,
            };
            self.out.generated.insert(object, kind);
        }
        let enumeration = match scalar.field_type {
            FieldType::Enum(id) => Some(&self.schema[id]),
            FieldType::Scalar(_) | FieldType::Unsupported(_) => None,
        };
        column.default = default_text(
            &default.value,
            &scalar.field_type,
            enumeration,
            &element_text,
        )
        .map(Expression::written);
        column
    }

    /// The type of a field, or of a list's elements.
    fn element_type(&self, scalar: &ScalarField) -> Spelled {
        match (&scalar.field_type, scalar.effective_native_type()) {
            (FieldType::Enum(id), _) => {
                let it = &self.schema[*id];
                let name = ident(it.database_name());
                let name = QualifiedName::new(self.schema_name(it.schema.as_ref()), name);
                Spelled {
                    text: self.type_text(&name),
                    data_type: DataType::user_defined(&name),
                }
            }
            (FieldType::Unsupported(text), _) => types::unsupported(text),
            (FieldType::Scalar(_), Some(native)) => types::native(native),
            (FieldType::Scalar(it), None) => types::native(it.default_native_type()),
        }
    }

    /// An enum's name as Prisma writes it, without the default schema.
    fn type_text(&self, name: &QualifiedName) -> String {
        let quote = driftless_sql_text::quote_always;
        match name.schema == self.options.default_schema {
            true => quote(name.name.as_str()),
            false => format!(
                "{}.{}",
                quote(name.schema.as_str()),
                quote(name.name.as_str())
            ),
        }
    }

    fn sequence(&mut self, table: &QualifiedName, column: &Column) -> QualifiedName {
        let name = column.serial_name(table);
        self.out.catalog.sequences.insert(Sequence {
            name: name.clone(),
            options: SequenceOptions::of(column.data_type.clone()),
            owned_by: Some(SequenceOwner {
                table: table.clone(),
                column: column.name.clone(),
            }),
            persistence: Persistence::Permanent,
            common: Common::default(),
        });
        name
    }

    fn primary_key(&mut self, model: &Model, table: &mut Table) {
        let Some(key) = &model.primary_key else {
            return;
        };
        let name = match &key.mapped_name {
            Some(name) => self.name(&name.value, name.span, "primary key"),
            None => constraint_name(&[model.database_name()], "_pkey"),
        };
        let columns = key.fields.iter().map(|it| column_name(model, it.field));
        let kind = ConstraintKind::PrimaryKey(KeyColumns {
            columns: columns.collect(),
            ..KeyColumns::default()
        });
        let object = ObjectId::Constraint(table.name.clone(), name.clone());
        self.declare(object, Declaration::at(key.span));
        table.constraints.insert(Constraint::new(name, kind));
    }

    fn index(&mut self, model: &Model, index: &psl::Index, table: &mut Table) {
        let suffix = match index.kind {
            IndexKind::Unique => "_key",
            IndexKind::Normal | IndexKind::Fulltext => "_idx",
        };
        let columns: Vec<Ident> = index
            .fields
            .iter()
            .map(|it| column_name(model, it.field))
            .collect();
        let name = match &index.mapped_name {
            Some(name) => self.name(&name.value, name.span, "index"),
            None => {
                let fields = index
                    .fields
                    .iter()
                    .map(|it| model[it.field].database_name());
                let parts: Vec<&str> = std::iter::once(model.database_name())
                    .chain(fields)
                    .collect();
                constraint_name(&parts, suffix)
            }
        };
        let keys = index
            .fields
            .iter()
            .zip(columns)
            .map(|(field, column)| IndexKey {
                opclass: field.operator_class.as_ref().map(opclass),
                order: field.sort.map(|it| match it {
                    psl::SortOrder::Asc => SortOrder::Ascending,
                    psl::SortOrder::Desc => SortOrder::Descending,
                }),
                ..IndexKey::column(column)
            });
        let method = index.algorithm.unwrap_or_default().as_str().to_lowercase();
        let lowered = Index {
            unique: index.kind == IndexKind::Unique,
            predicate: index
                .predicate
                .as_ref()
                .map(|it| Expression::written(overlay::predicate_text(model, &it.value))),
            ..Index::new(name, ident(&method), keys.collect())
        };
        let object = ObjectId::Index(table.name.sibling(lowered.name.clone()));
        self.declare(object, Declaration::at(index.span));
        table.indexes.insert(lowered);
    }

    fn relations(&mut self) {
        let foreign_keys = self.schema.relation_mode() == RelationMode::ForeignKeys;
        let mut by_model: Vec<&psl::ForeignKey> = self
            .schema
            .all_relations()
            .filter_map(|(_, it)| it.foreign_key())
            .collect();
        by_model.sort_by_key(|it| it.model);
        for key in by_model.into_iter().filter(|_| foreign_keys) {
            self.foreign_key(key);
        }
        if self.schema.is_contract {
            self.one_sided_keys();
            return;
        }
        for (_, relation) in self.schema.all_relations() {
            if let psl::RelationKind::ManyToMany(it) = &relation.kind {
                let name = relation.name(self.schema);
                self.join_table(&name, it, foreign_keys);
            }
        }
    }

    /// Foreign keys of relation fields that have none opposite: in a contract of Prisma 8 they need none.
    fn one_sided_keys(&mut self) {
        let schema = self.schema;
        for (id, model) in schema.tables() {
            for (field, it) in model.all_fields() {
                let relation = it.as_relation().filter(|it| it.relation.is_none());
                let Some((relation, fields)) =
                    relation.and_then(|it| Some((it, it.fields.clone()?)))
                else {
                    continue;
                };
                let action = |explicit: Option<psl::Spanned<psl::ReferentialAction>>| psl::Action {
                    explicit,
                    effective: explicit.map_or(psl::ReferentialAction::NoAction, |it| it.value),
                };
                self.foreign_key(&psl::ForeignKey {
                    model: id,
                    field,
                    referenced_model: relation.model,
                    referenced_field: field,
                    fields,
                    references: relation.references.clone().unwrap_or_default(),
                    on_delete: action(relation.on_delete),
                    on_update: action(relation.on_update),
                    mapped_name: relation.mapped_name.clone(),
                });
            }
        }
    }

    /// Takes out what Prisma knows, and never makes.
    fn leave_alone(&mut self) {
        let catalog = &mut self.out.catalog;
        catalog
            .tables
            .retain(|it| !overlay::is_left_alone(&it.name.name));
        let tables = &catalog.tables;
        catalog.sequences.retain(|it| {
            let owner = it.owned_by.as_ref();
            owner.is_none_or(|it| tables.contains(&it.table))
        });
    }

    fn foreign_key(&mut self, key: &psl::ForeignKey) {
        let schema = self.schema;
        let (model, referenced) = (&schema[key.model], &schema[key.referenced_model]);
        let names = (
            self.table_names.get(&key.model).cloned(),
            self.table_names.get(&key.referenced_model).cloned(),
        );
        // Views take no part in foreign keys.
        let (Some(table), Some(references)) = names else {
            return;
        };
        let name = match &key.mapped_name {
            Some(name) => self.name(&name.value, name.span, "foreign key"),
            None => {
                let fields = key.fields.iter().map(|it| model[*it].database_name());
                let parts: Vec<&str> = std::iter::once(model.database_name())
                    .chain(fields)
                    .collect();
                constraint_name(&parts, "_fkey")
            }
        };
        let columns = |model: &Model, fields: &[FieldId]| {
            fields.iter().map(|it| column_name(model, *it)).collect()
        };
        let lowered = ForeignKey {
            columns: columns(model, &key.fields),
            references,
            referenced_columns: columns(referenced, &key.references),
            on_delete: action(key.on_delete.effective),
            on_update: action(key.on_update.effective),
            on_delete_columns: Vec::new(),
            match_kind: MatchKind::Simple,
            period: false,
        };
        let field = &model[key.field];
        let attribute = field.as_relation().and_then(|it| it.attribute_span);
        let declaration = Declaration::at(attribute.unwrap_or(field.name.span));
        self.add_foreign_key(table, name, lowered, declaration);
    }

    fn add_foreign_key(
        &mut self,
        table: QualifiedName,
        name: Ident,
        key: ForeignKey,
        declaration: Declaration,
    ) {
        self.declare(
            ObjectId::Constraint(table.clone(), name.clone()),
            declaration,
        );
        if let Some(table) = self.out.catalog.tables.get_mut(&table) {
            let kind = ConstraintKind::ForeignKey(key);
            table.constraints.insert(Constraint::new(name, kind));
        }
    }

    /// The table behind an implicit many-to-many relation.
    ///
    /// Follows the Prisma documentation, "Many-to-many relations", Conventions for relation tables.
    fn join_table(&mut self, relation: &str, it: &ManyToMany, foreign_keys: bool) {
        let sides = (
            self.table_names.get(&it.model_a),
            self.table_names.get(&it.model_b),
        );
        let (Some(table_a), Some(table_b)) = sides else {
            return;
        };
        let (table_a, table_b) = (table_a.clone(), table_b.clone());
        let name = table_a.sibling(ident(&format!("_{relation}")));
        let schema = self.schema;
        let declaration = Declaration::at(schema[it.model_a][it.field_a].name.span);
        self.declare(ObjectId::Table(name.clone()), declaration);
        let mut table = Table::new(name.clone());
        let mut keys = Vec::new();
        for (column, model, references) in [("A", it.model_a, table_a), ("B", it.model_b, table_b)]
        {
            let Some((referenced, spelled)) = self.only_key(&schema[model]) else {
                continue;
            };
            let column = ident(column);
            let object = ObjectId::Column(name.clone(), column.clone());
            self.declare(object, declaration);
            table.columns.push(Column {
                spelled_type: Some(spelled.text.into()),
                not_null: true,
                ..Column::new(column.clone(), spelled.data_type)
            });
            keys.push((column, references, referenced));
        }
        let text = name.name.as_str();
        let primary_key = constraint_name(&[text], "_AB_pkey");
        let columns = keys.iter().map(|(column, ..)| column.clone()).collect();
        let kind = ConstraintKind::PrimaryKey(KeyColumns {
            columns,
            ..KeyColumns::default()
        });
        let object = ObjectId::Constraint(name.clone(), primary_key.clone());
        self.declare(object, declaration);
        table.constraints.insert(Constraint::new(primary_key, kind));
        let index = constraint_name(&[text], "_B_index");
        self.declare(ObjectId::Index(name.sibling(index.clone())), declaration);
        table.indexes.insert(Index::new(
            index,
            ident("btree"),
            vec![IndexKey::column(ident("B"))],
        ));
        let suffixes = ["_A_fkey", "_B_fkey"];
        self.out.catalog.tables.insert(table);
        for ((column, references, referenced), suffix) in keys.into_iter().zip(suffixes) {
            let key = ForeignKey {
                columns: vec![column],
                references,
                referenced_columns: vec![referenced],
                on_delete: ReferentialAction::Cascade,
                on_update: ReferentialAction::Cascade,
                on_delete_columns: Vec::new(),
                match_kind: MatchKind::Simple,
                period: false,
            };
            if foreign_keys {
                let constraint = constraint_name(&[text], suffix);
                self.add_foreign_key(name.clone(), constraint, key, declaration);
            }
        }
    }

    /// The column that identifies a row of `model`, and its type, without being a sequence.
    fn only_key(&self, model: &Model) -> Option<(Ident, Spelled)> {
        let key = model.primary_key.as_ref().map(|it| &it.fields[..]);
        let unique = || {
            let is_single = |it: &&psl::Index| it.kind == IndexKind::Unique && it.fields.len() == 1;
            model
                .indexes
                .iter()
                .find(is_single)
                .map(|it| &it.fields[..])
        };
        let single = key.filter(|it| it.len() == 1).or_else(unique)?;
        let field = single.first()?.field;
        let scalar = model[field].as_scalar()?;
        Some((column_name(model, field), self.element_type(scalar)))
    }
}

fn column_name(model: &Model, field: FieldId) -> Ident {
    ident(model[field].database_name())
}

fn opclass(class: &OperatorClass) -> Opclass {
    Opclass {
        schema: None,
        name: match class {
            OperatorClass::Known(known) => known.sql_name().to_owned(),
            OperatorClass::Raw(text) => text.clone(),
        },
        parameters: Vec::new(),
    }
}

fn action(action: psl::ReferentialAction) -> ReferentialAction {
    match action {
        psl::ReferentialAction::Cascade => ReferentialAction::Cascade,
        psl::ReferentialAction::Restrict => ReferentialAction::Restrict,
        psl::ReferentialAction::NoAction => ReferentialAction::NoAction,
        psl::ReferentialAction::SetNull => ReferentialAction::SetNull,
        psl::ReferentialAction::SetDefault => ReferentialAction::SetDefault,
    }
}
