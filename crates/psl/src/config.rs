//! `datasource` and `generator` blocks.

pub(crate) mod datasource;
pub(crate) mod env;
pub(crate) mod extensions;
mod generator;
pub(crate) mod preview_features;

use std::collections::BTreeMap;

use driftless_finding::{Code, Finding, Severity};

use crate::blocks::ConfigBlock;
use crate::findings::Findings;
use crate::syntax::{Expression, Property};
use crate::values::MISSING_VALUE;

pub(crate) use datasource::{DATASOURCE_MISSING, datasource};
pub(crate) use extensions::check_extensions;
pub(crate) use generator::generators;
pub(crate) use preview_features::PreviewFeatures;
pub use preview_features::preview_feature;

/// A property that must be there.
pub(crate) static MISSING_PROPERTY: Code = Code {
    name: "missing-property",
    severity: Severity::Error,
    summary: "a datasource or generator lacks a property that it cannot do without",
    explanation: "A datasource and a generator have a `provider`. For Prisma 6, a datasource also has a `url`.",
};

/// The properties of a block, each to be taken at most once.
struct Properties<'a> {
    block: &'a ConfigBlock<'a>,
    left: Vec<(&'a Property<'a>, &'a Expression<'a>)>,
}

impl<'a> Properties<'a> {
    /// The properties, or `None` if one has no value.
    fn new(block: &'a ConfigBlock<'a>, findings: &mut Findings) -> Option<Self> {
        let mut left = Vec::with_capacity(block.properties.len());
        for property in &block.properties {
            let Some(value) = &property.value else {
                let name = property.name.text;
                // Prisma points at the whole block.
                let finding = Finding::new(&MISSING_VALUE, format!("`{name}` has no value"));
                let finding = finding
                    .at(block.block.name.span)
                    .label(property.span, "this property");
                findings.push(
                    finding.help(format!("write `{name} = ` and a value, or remove the line")),
                );
                return None;
            };
            left.push((*property, value));
        }
        Some(Self { block, left })
    }

    /// The property called `name`; of several, the last.
    fn take(&mut self, name: &str) -> Option<(&'a Property<'a>, &'a Expression<'a>)> {
        let found = self
            .left
            .iter()
            .rfind(|(it, _)| it.name.text == name)
            .copied();
        self.left.retain(|(it, _)| it.name.text != name);
        found
    }

    /// What has not been taken; of several of one name, the last.
    fn last_of_each(self) -> impl Iterator<Item = (&'a Property<'a>, &'a Expression<'a>)> {
        let left = self.left.into_iter().map(|it| (it.0.name.text, it));
        left.collect::<BTreeMap<_, _>>().into_values()
    }

    fn missing(&self, name: &str) -> Finding {
        let block = self.block.block;
        let (keyword, name_of_block) = (block.keyword.as_str(), block.name.text);
        let message = format!("{keyword} `{name_of_block}` has no `{name}`");
        Finding::new(&MISSING_PROPERTY, message).at(block.name.span)
    }
}
