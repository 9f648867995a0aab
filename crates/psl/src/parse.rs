use driftless_finding::{Finding, SourceId, Sources};

use crate::blocks::Blocks;
use crate::config::{DATASOURCE_MISSING, datasource, generators};
use crate::findings::Findings;
use crate::options::Options;
use crate::schema::Schema;
use crate::{attributes, names, relations, rules, syntax, types};

/// What was understood, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The schema. Without an error among the findings, it is whole.
    pub schema: Schema,
    /// Ordered by place: files in the order they were given, then from top to bottom.
    pub findings: Vec<Finding>,
}

/// Parses and validates a Prisma schema that may be spread over several files.
///
/// All mistakes are found in one run, except that what holds between the parts of a schema is only
/// looked at if the parts are right by themselves.
///
/// # Panics
/// If `files` are not of `sources`.
pub fn parse(sources: &Sources, files: &[SourceId], options: Options) -> Parsed {
    let mut findings = Findings::new(options.prisma);
    let trees: Vec<_> = files
        .iter()
        .map(|file| syntax::parse(sources.file(*file).text(), *file, &mut findings))
        .collect();
    let mut blocks = Blocks::new(&trees, &mut findings);
    names::check(&blocks, &mut findings);
    let mut schema = types::resolve(&mut blocks, &mut findings);
    attributes::resolve(&blocks, &mut schema, &mut findings);
    let relations = relations::infer(&mut schema);
    let (generators, features) = generators(&blocks, &mut findings);
    schema.generators = generators;
    schema.datasource = datasource(&blocks, &mut findings);
    if !findings.has_errors() {
        rules::check(&schema, &blocks, features, &relations, &mut findings);
    }
    if blocks.datasources.is_empty() && !blocks.models.is_empty() {
        findings.push(Finding::new(
            &DATASOURCE_MISSING,
            "no file has a datasource",
        ));
    }
    let findings = findings.into_list();
    Parsed { schema, findings }
}
