//! Fields that are columns.

use driftless_psl::{Arity, CuidVersion, DefaultValue, Field, ScalarType, UuidVersion};

use super::Raising;
use super::column_type::ColumnType;
use super::default::{Constant, SeenDefault};
use super::lost::KEPT;
use super::name::{Name, sanitized};
use super::seen::SeenColumn;
use super::spelling::{Documentation, base64, list, quoted};

/// What a field is besides its column.
#[derive(Default)]
pub(super) struct Column<'a> {
    /// The field of an existing schema.
    pub(super) previous: Option<&'a Field>,
    /// `@id`
    pub(super) id: Option<String>,
    /// `@unique`
    pub(super) unique: Option<String>,
    /// What it cannot say.
    pub(super) lost: Vec<String>,
    /// Whether it is one of a view.
    pub(super) is_of_view: bool,
}

impl Raising<'_> {
    /// Writes a field with its documentation.
    pub(super) fn write_field(
        &self,
        column: &SeenColumn<'_>,
        name: &Name,
        about: Column<'_>,
        out: &mut String,
    ) {
        let previous = about.previous;
        let mut documentation = self.kept_documentation(previous.map(|it| &it.documentation[..]));
        about.lost.into_iter().for_each(|it| documentation.push(it));
        // Prisma asks the name of the column alone.
        let is_commented_out =
            self.options.prisma_compatible && sanitized(column.name.as_str()).is_empty();
        if is_commented_out {
            documentation.push(
                "This field was commented out because of an invalid name. Please provide a valid one that matches \
                 [a-zA-Z][a-zA-Z0-9_]*",
            );
        }
        documentation.write(out);
        if is_commented_out {
            out.push_str("// ");
        }
        out.push_str(if name.name.is_empty() {
            column.name.as_str()
        } else {
            &name.name
        });
        out.push(' ');
        out.push_str(&self.type_text(&column.ty));
        out.push_str(match arity(column, &about.previous, about.is_of_view) {
            Arity::Required => "",
            Arity::Optional => "?",
            Arity::List => "[]",
        });
        let scalar = previous.and_then(|it| it.as_scalar());
        let attributes = [
            scalar
                .filter(|it| it.updated_at)
                .map(|_| "@updatedAt".to_owned()),
            about.unique,
            about.id,
            self.default_text(column, previous)
                .map(|it| format!("@default({it})")),
            name.mapped
                .as_deref()
                .map(|it| format!("@map({})", quoted(it))),
            self.native_type(&column.ty),
            previous
                .filter(|it| it.ignored)
                .map(|_| "@ignore".to_owned()),
        ];
        for attribute in attributes.into_iter().flatten() {
            out.push(' ');
            out.push_str(&attribute);
        }
        if let Some(comment) = previous.and_then(|it| self.comments.behind(it.span)) {
            out.push(' ');
            out.push_str(&comment);
        }
        out.push('\n');
    }

    /// What is written above a block or field in an existing schema, without what is written anew or at the block.
    pub(super) fn kept_documentation(
        &self,
        lines: Option<&[driftless_psl::Spanned<String>]>,
    ) -> Documentation {
        let is_kept = |it: &&driftless_psl::Spanned<String>| {
            self.options.prisma_compatible
                || !it.value.starts_with(KEPT) && !self.annotations.has(it.span)
        };
        let lines = lines.into_iter().flatten().filter(is_kept);
        Documentation::new(lines.map(|it| it.value.clone()))
    }

    /// What is written in an existing block above its attributes, or last, as lines for its end. Prisma forgets it.
    pub(super) fn body_documentation(&self, known: &[driftless_psl::Spanned<String>]) -> String {
        let mut text = String::new();
        if !self.options.prisma_compatible {
            self.kept_documentation(Some(known)).write(&mut text);
        }
        text
    }

    fn type_text(&self, ty: &ColumnType) -> String {
        match ty {
            ColumnType::Native(native) => native.scalar_type().as_str().to_owned(),
            ColumnType::Enum(name) => match self.naming.enum_places.get(name) {
                Some(at) => self.naming.enums[*at].name.clone(),
                None => format!("Unsupported({})", quoted(name.name.as_str())),
            },
            ColumnType::Unsupported(name) => format!("Unsupported({})", quoted(name)),
        }
    }

    /// `@db.…`, where it is not the default of the field's type.
    fn native_type(&self, ty: &ColumnType) -> Option<String> {
        let ColumnType::Native(native) = ty else {
            return None;
        };
        let is_default = *native == native.scalar_type().default_native_type();
        let datasource = self.options.previous.and_then(|it| it.datasource.as_ref());
        let name = datasource.map_or("db", |it| &it.name.value);
        (!is_default).then(|| format!("@{name}.{native}"))
    }

    fn default_text(&self, column: &SeenColumn<'_>, previous: Option<&Field>) -> Option<String> {
        let Some(default) = &column.default else {
            let made_by_client =
                column.ty.scalar() == Some(ScalarType::String) && column.arity != Arity::List;
            let previous = previous.filter(|_| made_by_client)?.as_scalar()?;
            return client_default(&previous.default.as_ref()?.value);
        };
        Some(match default {
            SeenDefault::Autoincrement => "autoincrement()".to_owned(),
            SeenDefault::Now => "now()".to_owned(),
            SeenDefault::DbGenerated(text) => format!("dbgenerated({})", quoted(text)),
            SeenDefault::Value(constant) => self.constant(constant, &column.ty),
            SeenDefault::List(items) => list(items.iter().map(|it| self.element(it, &column.ty))),
        })
    }

    fn constant(&self, constant: &Constant, ty: &ColumnType) -> String {
        match constant {
            Constant::String(text) => quoted(text),
            Constant::Plain(text) => text.clone(),
            Constant::Bytes(bytes) => quoted(&base64(bytes)),
            Constant::Label(label) => match self.value_name(label, ty) {
                Some(name) if !name.is_empty() => name.to_owned(),
                _ => format!("dbgenerated({})", quoted(label)),
            },
        }
    }

    /// Prisma writes labels into lists as they are, mapped or not, also those that it has no value for.
    fn element(&self, constant: &Constant, ty: &ColumnType) -> String {
        match constant {
            Constant::Label(label) => {
                let as_it_is = self.options.prisma_compatible
                    && sanitized(label) == **label
                    && !label.is_empty();
                let name = self.value_name(label, ty);
                let name = name.filter(|it| !as_it_is && !it.is_empty());
                name.unwrap_or(label).to_owned()
            }
            Constant::String(_) | Constant::Plain(_) | Constant::Bytes(_) => {
                self.constant(constant, ty)
            }
        }
    }

    fn value_name(&self, label: &str, ty: &ColumnType) -> Option<&str> {
        let ColumnType::Enum(name) = ty else {
            return None;
        };
        let value = self.naming.value(&self.seen, name, label)?;
        Some(&value.name)
    }
}

/// Of a view's columns the server does not know which are never NULL; whoever wrote the schema does.
fn arity(column: &SeenColumn<'_>, previous: &Option<&Field>, is_of_view: bool) -> Arity {
    match previous.map(|it| it.arity) {
        Some(known @ (Arity::Required | Arity::List))
            if is_of_view && column.arity == Arity::Optional =>
        {
            known
        }
        _ => column.arity,
    }
}

/// A default that Prisma Client makes, which the database does not know.
fn client_default(value: &DefaultValue) -> Option<String> {
    Some(match value {
        DefaultValue::Uuid(UuidVersion::V4) => "uuid()".to_owned(),
        DefaultValue::Uuid(UuidVersion::V7) => "uuid(7)".to_owned(),
        DefaultValue::Ulid => "ulid()".to_owned(),
        DefaultValue::Cuid(CuidVersion::V1) => "cuid()".to_owned(),
        DefaultValue::Cuid(CuidVersion::V2) => "cuid(2)".to_owned(),
        DefaultValue::Nanoid(None) => "nanoid()".to_owned(),
        DefaultValue::Nanoid(Some(length)) => format!("nanoid({length})"),
        DefaultValue::Autoincrement
        | DefaultValue::Now
        | DefaultValue::DbGenerated(_)
        | DefaultValue::String(_)
        | DefaultValue::Number(_)
        | DefaultValue::Boolean(_)
        | DefaultValue::EnumValue(_)
        | DefaultValue::List(_) => return None,
    })
}
