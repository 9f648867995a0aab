//! The formatter. Prisma CLI reference, `format`.

mod missing;
mod print;
mod table;

use bumpalo::Bump;
use driftless_finding::{Finding, SourceId, Sources};

use crate::findings::Findings;
use crate::parse::understand;
use crate::prisma8;
use crate::syntax::{self, Tree};

/// Formats the files of a schema as Prisma does, and returns their new texts in the order of `files`.
///
/// Columns are aligned, attributes ordered, block attributes moved to the end of their block. If all names, types and
/// attributes are right, what a relation lacks is added: the field on the other model, the fields with the columns, the
/// `fields` and `references` of `@relation`. To format what was formatted changes nothing.
///
/// Where Prisma's formatter loses text, this one does not: a comment behind the `{` of a block, and a property without
/// a value, stay. Where Prisma's needs several runs to come to rest, this one needs one.
///
/// # Errors
/// The lines that are no Prisma, if there are any: then nothing is formatted. Nor is a contract of Prisma 8.
///
/// # Panics
/// If `files` are not of `sources`.
pub fn format(sources: &Sources, files: &[SourceId]) -> Result<Vec<String>, Vec<Finding>> {
    let Formatted { texts, complete } = once(sources, files)?;
    if complete {
        return Ok(texts);
    }
    // To print a tree mends the syntax of Prisma 1 and trailing commas. If no error is left, relations get what they lack.
    let mut again = Sources::new();
    let names = files.iter().map(|it| sources.file(*it).path());
    let added = names.zip(&texts);
    let added = added.map(|(path, text)| again.add(path, text.as_str()));
    match added.collect::<Result<Vec<_>, _>>() {
        Ok(files) => Ok(once(&again, &files).map_or(texts, |it| it.texts)),
        Err(_) => Ok(texts),
    }
}

struct Formatted {
    texts: Vec<String>,
    /// Whether what is missing was looked for.
    complete: bool,
}

fn once(sources: &Sources, files: &[SourceId]) -> Result<Formatted, Vec<Finding>> {
    let arena = Bump::new();
    let mut findings = Findings::new(None);
    let texts = files.iter().map(|it| sources.file(*it).text());
    let contracts = texts.clone().zip(files);
    let contracts: Vec<_> = contracts
        .filter_map(|(text, file)| prisma8::not_formatted(text, *file))
        .collect();
    if !contracts.is_empty() {
        return Err(contracts);
    }
    let trees: Vec<_> = texts
        .zip(files)
        .map(|(text, file)| syntax::parse(text, *file, &arena, &mut findings))
        .collect();
    if !trees.iter().all(Tree::is_whole) {
        return Err(findings.into_list());
    }
    let understood = understand(&trees, &mut findings);
    let missing = match findings.has_errors() {
        true => Vec::new(),
        false => missing::missing(&understood),
    };
    let formatted = trees.iter().zip(files).map(|(tree, file)| {
        let missing: Vec<_> = missing
            .iter()
            .filter(|it| it.place.source == *file)
            .collect();
        if missing.is_empty() {
            return print::print(tree);
        }
        let text = missing::insert(tree.text, &missing);
        print::print(&syntax::parse(
            &text,
            *file,
            &arena,
            &mut Findings::new(None),
        ))
    });
    Ok(Formatted {
        texts: formatted.collect(),
        complete: !findings.has_errors(),
    })
}
