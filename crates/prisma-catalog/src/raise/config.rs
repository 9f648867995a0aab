//! Generators and the datasource.

use driftless_psl as psl;
use driftless_psl::{
    Datasource, Extension, Generator, RelationMode, SettingValue, Url, preview_feature,
};

use super::name::sanitized;
use super::spelling::{Documentation, call, list, quoted};
use super::{Block, Raising};

/// The preview features of an existing schema that change what is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Features {
    pub(super) views: bool,
    pub(super) extensions: bool,
    /// Whether indexes may be partial: if a generator says so, or if the schema is one of Prisma 7, whose datasource has
    /// no connection string, and there is a generator to say so. Prisma does without that generator, and so writes a
    /// schema that it refuses.
    pub(super) partial_indexes: bool,
}

impl Features {
    pub(super) fn of(schema: Option<&psl::Schema>, prisma_compatible: bool) -> Self {
        let Some(schema) = schema else {
            return Self::default();
        };
        let has = |name: &str| {
            let written = schema.generators.iter().flat_map(|it| &it.preview_features);
            written.into_iter().any(|it| it.eq_ignore_ascii_case(name))
        };
        let is_of_prisma_7 = schema
            .datasource
            .as_ref()
            .is_some_and(|it| it.url.is_none());
        Self {
            views: has("views"),
            extensions: has("postgresqlExtensions"),
            partial_indexes: has("partialIndexes")
                || is_of_prisma_7 && (prisma_compatible || !schema.generators.is_empty()),
        }
    }
}

impl Raising<'_> {
    /// Generators and the datasource, which is a usual one if there is no existing schema.
    pub(super) fn config(&self) -> Vec<Block> {
        let schema = self.options.previous;
        let generators = schema.iter().flat_map(|it| &it.generators);
        let datasource = match schema.and_then(|it| it.datasource.as_ref()) {
            Some(it) => self.datasource(it),
            None => self.usual_datasource(),
        };
        let blocks = generators.map(|it| self.generator(it)).chain([datasource]);
        blocks
            .map(|text| Block {
                place: None,
                text,
                is_broken: false,
            })
            .collect()
    }

    /// Prisma forgets what is written above these blocks.
    fn config_documentation(&self, lines: &[psl::Spanned<String>]) -> Documentation {
        let lines = lines.iter().map(|it| it.value.clone());
        Documentation::new(lines.filter(|_| !self.options.prisma_compatible))
    }

    fn generator(&self, generator: &Generator) -> String {
        let mut out = self.comments_above(Some(generator.span));
        self.config_documentation(&generator.documentation)
            .write(&mut out);
        out.push_str(&format!("generator {} {{\n", generator.name.value));
        let mut property = |name: &str, value: String| {
            out.push_str(&format!("{name} = {value}\n"));
        };
        property("provider", url(&generator.provider));
        let named = |name: &str| generator.settings.iter().find(|it| it.name.value == name);
        if let Some(it) = named("output") {
            property("output", setting(&it.value));
        }
        let features = self.preview_features(generator);
        if !features.is_empty() {
            property(
                "previewFeatures",
                list(features.iter().map(|it| quoted(it))),
            );
        }
        if let Some(it) = named("binaryTargets") {
            let value = match &it.value.value {
                several @ SettingValue::List(_) => setting(several),
                one @ (SettingValue::Text(_) | SettingValue::Env(_)) => list([setting(one)]),
            };
            property("binaryTargets", value);
        }
        let mut others: Vec<_> = generator
            .settings
            .iter()
            .filter(|it| !matches!(&*it.name.value, "output" | "binaryTargets"))
            .collect();
        others.sort_by_key(|it| &it.name.value);
        others
            .iter()
            .for_each(|it| property(&it.name, setting(&it.value)));
        out.push_str("}\n");
        out
    }

    /// In alphabetical order, in Prisma's spelling; what partial indexes need comes last.
    fn preview_features<'g>(&self, generator: &'g Generator) -> Vec<&'g str> {
        let written = generator
            .preview_features
            .iter()
            .map(|it| it.value.as_str());
        let mut features: Vec<&str> = written
            .map(|it| preview_feature(it).unwrap_or(it))
            .collect();
        features.sort_unstable();
        features.dedup();
        let needed = "partialIndexes";
        if self.has_partial_indexes() && !features.contains(&needed) {
            features.push(needed);
        }
        features
    }

    fn has_partial_indexes(&self) -> bool {
        let mut keys = self.seen.tables.iter().flat_map(|it| &it.keys);
        keys.any(|it| it.predicate.is_some())
    }

    fn datasource(&self, datasource: &Datasource) -> String {
        let mut out = self.comments_above(Some(datasource.span));
        self.config_documentation(&datasource.documentation)
            .write(&mut out);
        out.push_str(&format!("datasource {} {{\n", datasource.name.value));
        let mut property = |name: &str, value: String| {
            out.push_str(&format!("{name} = {value}\n"));
        };
        property("provider", quoted(&datasource.provider));
        let urls = [
            ("url", &datasource.url),
            ("directUrl", &datasource.direct_url),
            ("shadowDatabaseUrl", &datasource.shadow_database_url),
        ];
        for (name, it) in urls {
            if let Some(it) = it {
                property(name, url(it));
            }
        }
        if datasource.relation_mode_span.is_some() {
            let mode = match datasource.relation_mode {
                RelationMode::ForeignKeys => "foreignKeys",
                RelationMode::Prisma => "prisma",
            };
            property("relationMode", quoted(mode));
        }
        let extensions = self.extensions(datasource);
        if !extensions.is_empty() {
            property("extensions", list(extensions));
        }
        if self.names_schemas() {
            property("schemas", self.schema_list());
        }
        out.push_str("}\n");
        out
    }

    fn usual_datasource(&self) -> String {
        let schemas = match self.names_schemas() {
            true => format!("schemas = {}\n", self.schema_list()),
            false => String::new(),
        };
        format!(
            "datasource db {{\nprovider = \"postgresql\"\nurl = env(\"DATABASE_URL\")\n{schemas}}}\n"
        )
    }

    fn schema_list(&self) -> String {
        list(self.schemas.iter().map(|it| quoted(it.as_str())))
    }

    /// The extensions that the datasource lists and the database has, with what it says about them brought up to
    /// date. Prisma's engine forgets them all.
    fn extensions(&self, datasource: &Datasource) -> Vec<String> {
        let listed = datasource.extensions.iter();
        let wanted = listed.filter(|_| self.features.extensions && !self.options.prisma_compatible);
        let mut found: Vec<(&str, String)> = wanted
            .filter_map(|it| Some((it.database_name(), self.extension(it)?)))
            .collect();
        found.sort();
        found.into_iter().map(|(_, text)| text).collect()
    }

    fn extension(&self, listed: &Extension) -> Option<String> {
        let name = listed.database_name();
        let installed = self.catalog.extensions.iter().find(|it| it.name == *name)?;
        let mut arguments = Vec::new();
        if sanitized(name) != name || listed.name != name {
            arguments.push(format!("map: {}", quoted(name)));
        }
        if let (Some(_), Some(version)) = (&listed.version, &installed.version) {
            arguments.push(format!("version: {}", quoted(version)));
        }
        if let (Some(_), Some(schema)) = (&listed.schema, &installed.schema) {
            arguments.push(format!("schema: {}", quoted(schema.as_str())));
        }
        Some(call(&listed.name, &arguments))
    }
}

fn url(url: &Url) -> String {
    match url {
        Url::Env(name) => format!("env({})", quoted(name)),
        Url::Literal(text) => quoted(text),
    }
}

fn setting(value: &SettingValue) -> String {
    match value {
        SettingValue::Text(text) => quoted(text),
        SettingValue::Env(name) => format!("env({})", quoted(name)),
        SettingValue::List(items) => list(items.iter().map(setting)),
    }
}
