//! What the blocks of Prisma 8 mean.

use std::collections::HashMap;

use bumpalo::Bump;
use driftless_finding::{Finding, Severity, SourceId, Sources, Span};

use super::defaults;
use super::policy::{self, Targeted};
use super::{Construct, INVALID_BLOCK, PRISMA_8, Prepared};
use crate::findings::Findings;
use crate::schema::{ModelKind, RowSecurity, Schema, Spanned};
use crate::syntax::{
    Argument, Arguments, Attribute, Block, BlockAttribute, Entry, Field, Item, Keyword, Name,
    Property, Tree, TypeName, Value,
};

/// What all files of a schema say in the words of Prisma 8.
#[derive(Default)]
pub(crate) struct Contract<'t> {
    /// The first thing that only Prisma 8 reads, by its words.
    first: Option<Spanned<String>>,
    /// `types`, by name.
    aliases: HashMap<&'t str, Alias<'t>>,
    /// Where a namespace begins and ends, in order.
    namespaces: Vec<(Spanned<String>, Span)>,
    /// The places of `@@rls`.
    row_security: Vec<Span>,
    policies: Vec<Targeted>,
}

/// What was found in a file and is in its tree.
struct Constructs<'o> {
    /// Blocks by the place of their keyword, with the keyword.
    blocks: HashMap<u32, (Construct, &'o str)>,
    /// The places of types that are models of another contract.
    foreign: Vec<u32>,
}

impl Constructs<'_> {
    fn is_foreign(&self, entry: &Entry<'_>) -> bool {
        let Entry::Field(field) = entry else {
            return false;
        };
        let start = field.field_type.as_ref().map(|it| it.span.start);
        start.is_some_and(|it| self.foreign.binary_search(&it).is_ok())
    }
}

struct Alias<'t> {
    base: Name<'t>,
    attributes: &'t [Attribute<'t>],
}

impl<'t> Contract<'t> {
    /// Takes what is Prisma 8's out of the trees.
    pub(crate) fn of(
        sources: &Sources,
        files: &[SourceId],
        prepared: &[Prepared<'_>],
        trees: &mut [Tree<'t>],
        arena: &'t Bump,
        findings: &mut Findings,
    ) -> Self {
        let mut contract = Self::default();
        for ((file, prepared), tree) in files.iter().zip(prepared).zip(trees.iter_mut()) {
            if !prepared.found.is_empty() {
                let original = sources.file(*file).text();
                let constructs = contract.constructs(original, *file, prepared, findings);
                contract.take(tree, &constructs, arena, findings);
            }
        }
        if contract.is_there() {
            for tree in trees {
                contract.resolve_types(tree, arena);
            }
        }
        contract
    }

    /// Notes what was found in a file, and returns what the tree has of it.
    fn constructs<'o>(
        &mut self,
        original: &'o str,
        source: SourceId,
        prepared: &Prepared<'_>,
        findings: &mut Findings,
    ) -> Constructs<'o> {
        let mut open: Option<Spanned<String>> = None;
        let mut blocks = HashMap::new();
        let mut foreign = Vec::new();
        for (range, construct) in &prepared.found {
            let span = Span {
                source,
                start: range.start as u32,
                end: range.end as u32,
            };
            let words = &original[range.clone()];
            if self.first.is_none() {
                let word = match *construct == Construct::Namespace {
                    true => "namespace",
                    false => words,
                };
                self.first = Some(Spanned::new(word.to_owned(), span));
            }
            match construct {
                Construct::Namespace => open = Some(Spanned::new(words.to_owned(), span)),
                Construct::NamespaceEnd => {
                    self.namespaces.extend(open.take().map(|it| (it, span)));
                }
                Construct::Nested => {
                    let message = format!("`{words}` stands at the top level only");
                    let finding = Finding::new(&INVALID_BLOCK, message).at(span);
                    findings.push(finding.help("move it out of the namespace"));
                }
                Construct::RowSecurity => self.row_security.push(span),
                Construct::Foreign => foreign.push(span.start),
                Construct::Types | Construct::Policy | Construct::NativeEnum => {
                    blocks.insert(span.start, (*construct, words));
                }
                Construct::Head | Construct::Role | Construct::NativeEnumUse => {}
            }
        }
        if let Some(name) = open {
            let finding = Finding::new(&INVALID_BLOCK, format!("namespace `{name}` is not closed"));
            findings.push(
                finding
                    .at(name.span)
                    .help("write its `}` on a line of its own"),
            );
        }
        Constructs { blocks, foreign }
    }

    /// Takes the blocks of Prisma 8 out of the tree of a file.
    fn take(
        &mut self,
        tree: &mut Tree<'t>,
        constructs: &Constructs<'_>,
        arena: &'t Bump,
        findings: &mut Findings,
    ) {
        for item in &mut tree.items {
            let Item::Block(block) = item else { continue };
            let is_foreign = |it: &Entry<'_>| constructs.is_foreign(it);
            if block.entries.iter().any(is_foreign) {
                let entries = block.entries.iter().copied();
                let kept: Vec<_> = entries.filter(|it| !is_foreign(it)).collect();
                block.entries = arena.alloc_slice_copy(&kept);
            }
            let Some((construct, keyword)) = constructs.blocks.get(&block.span.start) else {
                continue;
            };
            if *construct == Construct::NativeEnum {
                *block = enumeration(block, arena, findings);
                continue;
            }
            let block = *block;
            *item = Item::BlankLines;
            match policy::command(keyword) {
                Some(command) => {
                    let policy = policy::read(&block, command, findings);
                    self.policies.extend(policy);
                }
                None => self.aliases.extend(block.entries.iter().filter_map(alias)),
            }
        }
    }

    /// Whether there is anything that only Prisma 8 reads.
    pub(crate) fn is_there(&self) -> bool {
        self.first.is_some()
    }

    /// Puts what `types` says in the place of the names that it gives.
    fn resolve_types(&self, tree: &mut Tree<'t>, arena: &'t Bump) {
        for item in &mut tree.items {
            let Item::Block(block) = item else { continue };
            let resolved = |entry: &Entry<'t>| match entry {
                Entry::Field(field) => self.resolved(*field, arena).map(Entry::Field),
                Entry::Value(_)
                | Entry::Property(_)
                | Entry::Attribute(_)
                | Entry::Comments(_)
                | Entry::BlankLines
                | Entry::Stray => None,
            };
            let entries = block.entries.iter();
            let entries: Vec<_> = entries.map(|it| resolved(it).unwrap_or(*it)).collect();
            block.entries = arena.alloc_slice_copy(&entries);
        }
    }

    /// The field with the type that its type stands for.
    fn resolved(&self, mut field: Field<'t>, arena: &'t Bump) -> Option<Field<'t>> {
        let TypeName::Named(name) = &mut field.field_type.as_mut()?.name else {
            return None;
        };
        let attributes = match self.aliases.get(name.text) {
            Some(alias) => {
                name.text = alias.base.text;
                [field.attributes, alias.attributes].concat()
            }
            None if name.text == "Jsonb" => {
                let attribute = jsonb(*name);
                name.text = "Json";
                [field.attributes, &[attribute]].concat()
            }
            None => return None,
        };
        field.attributes = arena.alloc_slice_copy(&attributes);
        Some(field)
    }

    /// Puts namespaces and row level security into the models, and says that only Prisma 8 reads this.
    pub(crate) fn lay(self, schema: &mut Schema, findings: &mut Findings) {
        let Some(first) = self.first else {
            return;
        };
        let message = format!("only Prisma 8 reads `{}`", first.value);
        let finding = Finding::new(&PRISMA_8, message).at(first.span);
        findings.push(match schema.is_contract {
            // Every contract is for one Prisma: no need to be warned.
            true => finding.severity(Severity::Info),
            false => finding
                .note("Prisma 8 in turn knows neither `datasource` nor `generator`")
                .help("for Prisma 6 and 7, write `/// @@rls` and `/// @@policy(…)`"),
        });
        if schema.is_contract {
            defaults::spell_out(schema);
        }
        let namespaces = self.namespaces.into_iter();
        let namespaces = Places::new(namespaces.map(|(name, end)| (name.span.to(end), name)));
        for model in &mut schema.models {
            model.schema = model
                .schema
                .take()
                .or(namespaces.holding(model.span).cloned());
        }
        for it in &mut schema.enums {
            it.schema = it.schema.take().or(namespaces.holding(it.span).cloned());
        }
        let models = || schema.models.iter().enumerate();
        let places = Places::new(models().map(|(at, it)| (it.span, at)));
        let namespace = |it: &Option<Spanned<String>>| it.as_ref().map(|it| it.value.clone());
        let tables = models().filter(|(_, it)| it.kind == ModelKind::Table);
        let by_name = tables.map(|(at, it)| ((namespace(&it.schema), it.name.value.clone()), at));
        let by_name: HashMap<_, _> = by_name.collect();
        for span in self.row_security {
            if let Some(at) = places.holding(span) {
                let forced = false;
                let declared = RowSecurity { span, forced };
                schema.models[*at].row_security.get_or_insert(declared);
            }
        }
        for Targeted { target, policy } in self.policies {
            let name = namespaces.holding(policy.span).map(|it| it.value.clone());
            match by_name.get(&(name, target.value.clone())) {
                Some(at) => schema.models[*at].policies.push(policy),
                None => {
                    let names = schema.models.iter().map(|it| &it.name.value[..]);
                    let message = format!("this policy's namespace has no model `{target}`");
                    let finding = Finding::new(&INVALID_BLOCK, message).at(target.span);
                    let otherwise = "declare the policy where its model is declared";
                    let finding = findings.did_you_mean(finding, &target, names, otherwise);
                    findings.push(finding);
                }
            }
        }
    }
}

/// Things that cover a part of a file each, none of them a part of another.
struct Places<T>(Vec<(Span, T)>);

impl<T> Places<T> {
    fn new(list: impl Iterator<Item = (Span, T)>) -> Self {
        let mut list: Vec<_> = list.collect();
        list.sort_by_key(|(span, _)| *span);
        Self(list)
    }

    /// The one that covers `span`.
    fn holding(&self, span: Span) -> Option<&T> {
        let behind = self
            .0
            .partition_point(|(it, _)| (it.source, it.start) <= (span.source, span.start));
        let (whole, it) = self.0.get(behind.checked_sub(1)?)?;
        (whole.source == span.source && span.end <= whole.end).then_some(it)
    }
}

/// What makes `Json` of Prisma 7 what `Jsonb` is to Prisma 8.
fn jsonb<'t>(name: Name<'t>) -> Attribute<'t> {
    Attribute {
        name: Name {
            text: "db.JsonB",
            ..name
        },
        arguments: Arguments::default(),
        span: name.span,
    }
}

/// A line of `types`, which reads as a field does.
fn alias<'t>(entry: &Entry<'t>) -> Option<(&'t str, Alias<'t>)> {
    let Entry::Field(field) = entry else {
        return None;
    };
    let TypeName::Named(base) = field.field_type?.name else {
        return None;
    };
    let attributes = field.attributes;
    Some((field.name.text, Alias { base, attributes }))
}

/// A block of properties as an enum with a value for each.
fn enumeration<'t>(block: &Block<'t>, arena: &'t Bump, findings: &mut Findings) -> Block<'t> {
    let entries = block.entries.iter().map(|entry| match entry {
        Entry::Property(property) => label(property, arena, findings),
        Entry::Field(_)
        | Entry::Value(_)
        | Entry::Attribute(_)
        | Entry::Comments(_)
        | Entry::BlankLines
        | Entry::Stray => *entry,
    });
    let entries: Vec<_> = entries.collect();
    Block {
        keyword: Keyword::Enum,
        entries: arena.alloc_slice_copy(&entries),
        ..*block
    }
}

/// A line of a `native_enum` as a value of an enum, or as its `@@map`.
fn label<'t>(property: &Property<'t>, arena: &'t Bump, findings: &mut Findings) -> Entry<'t> {
    let Some(value) = property.value else {
        let message = format!("`{}` has no value", property.name.text);
        let finding = Finding::new(&INVALID_BLOCK, message).at(property.span);
        findings.push(finding.help("write its label behind the `=`, in a string"));
        return Entry::BlankLines;
    };
    let span = value.span;
    let argument = Argument {
        name: None,
        value: Some(value),
        span,
    };
    let attribute = Attribute {
        name: Name { text: "map", span },
        arguments: Arguments {
            written: true,
            list: arena.alloc_slice_copy(&[argument]),
            trailing_comma: None,
        },
        span,
    };
    match property.name.text {
        "map" => Entry::Attribute(BlockAttribute {
            attribute,
            trailing_comment: property.trailing_comment,
        }),
        _ => Entry::Value(Value {
            name: property.name,
            attributes: arena.alloc_slice_copy(&[attribute]),
            trailing_comment: property.trailing_comment,
            span: property.span,
        }),
    }
}
