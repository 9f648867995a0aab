use bumpalo::Bump;
use driftless_finding::{Finding, SourceId, Sources};

use crate::blocks::Blocks;
use crate::config::{DATASOURCE_MISSING, datasource, generators};
use crate::findings::Findings;
use crate::options::Options;
use crate::prisma8::{Contract, Prepared};
use crate::relations::Found;
use crate::schema::Schema;
use crate::syntax::Tree;
use crate::{annotations, attributes, names, policies, prisma8, relations, rules, syntax, types};

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
/// looked at if the parts are right by themselves. `files` are read in the order they are given; blocks of all of them
/// see each other, and the one datasource may be in any.
///
/// There is no error to return: what is wrong is a finding, of which there are at most 10,000 and one that counts the
/// rest.
///
/// Prisma schema reference, all of it; *Multi-file Prisma schema*.
///
/// # Panics
/// If `files` are not of `sources`.
pub fn parse(sources: &Sources, files: &[SourceId], options: Options) -> Parsed {
    let mut findings = Findings::new(options.prisma);
    let prepared: Vec<_> = files
        .iter()
        .map(|file| match options.prisma {
            Some(_) => Prepared::unchanged(sources.file(*file).text()),
            None => prisma8::prepare(sources.file(*file).text()),
        })
        .collect();
    let arena = Bump::new();
    let mut trees: Vec<_> = files
        .iter()
        .zip(&prepared)
        .map(|(file, it)| syntax::parse(&it.text, *file, &arena, &mut findings))
        .collect();
    let contract = Contract::of(sources, files, &prepared, &mut trees, &arena, &mut findings);
    let Understood {
        blocks,
        mut schema,
        relations,
    } = understand(&trees, &mut findings);
    let (generators, features) = generators(&blocks, &mut findings);
    schema.generators = generators;
    schema.datasource = datasource(&blocks, &mut findings);
    schema.is_contract =
        contract.is_there() && blocks.datasources.is_empty() && blocks.generators.is_empty();
    if !findings.has_errors() {
        rules::check(&schema, &blocks, features, &relations, &mut findings);
    }
    annotations::read(&trees, &mut schema, &mut findings);
    contract.lay(&mut schema, &mut findings);
    policies::check(&schema, &mut findings);
    if blocks.datasources.is_empty() && !blocks.models.is_empty() && !schema.is_contract {
        findings.push(Finding::new(
            &DATASOURCE_MISSING,
            "no file has a datasource",
        ));
    }
    let findings = findings.into_list();
    Parsed { schema, findings }
}

/// What the trees of a schema mean, each part by itself.
pub(crate) struct Understood<'a> {
    pub(crate) blocks: Blocks<'a>,
    /// Without datasource and generators.
    pub(crate) schema: Schema,
    pub(crate) relations: Vec<Found>,
}

pub(crate) fn understand<'a>(trees: &'a [Tree<'a>], findings: &mut Findings) -> Understood<'a> {
    let mut blocks = Blocks::new(trees, findings);
    names::check(&blocks, findings);
    let mut schema = types::resolve(&mut blocks, findings);
    attributes::resolve(&blocks, &mut schema, findings);
    let relations = relations::infer(&mut schema);
    Understood {
        blocks,
        schema,
        relations,
    }
}
