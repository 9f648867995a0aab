//! Renames as people write them: `public.users.name=full_name`, `table:public.users=people`.

mod read;

use driftless_catalog::{
    Catalog, DataType, FunctionId, Ident, Nameable, ObjectId, Rename, Renames,
};

use self::read::Reader;
use super::keys::{nameables, with_name};

/// A name as it is written: `column:public.users.name`, `public.f(integer)`.
///
/// Parts are the text between the points as it stands, or anything in double quotes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpelledName {
    /// As it was written.
    text: String,
    kind: Option<String>,
    path: Vec<String>,
    arguments: Option<String>,
}

/// A rename as it is written: the name before, an equals sign, the name after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameSpelling {
    /// The name before.
    pub from: SpelledName,
    /// The name after: alone, or with those of schema and table.
    pub to: SpelledName,
}

/// Why a written rename is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpellingError {
    /// It does not read as one.
    #[error("`{text}` is not `old=new`: {why}")]
    Malformed {
        /// What was written.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Nothing is called so before.
    #[error("nothing that can be renamed is called `{name}` in the state before")]
    Unknown {
        /// What was written.
        name: String,
        /// What is called nearly so, nearest first.
        known: Vec<String>,
    },
    /// Nothing is called so after.
    #[error("`{from}` cannot become `{to}`: the state after has no such {kind}")]
    NoTarget {
        /// The name before, as it was written.
        from: String,
        /// The name after, as it was written.
        to: String,
        /// What kind of thing it is.
        kind: &'static str,
        /// What the state after has there instead.
        known: Vec<String>,
    },
    /// Another rename has one of the names already.
    #[error("`{from}` cannot become `{to}`: another rename has one of these names")]
    Taken {
        /// The name before, as it was written.
        from: String,
        /// The name after, as it was written.
        to: String,
    },
    /// Several things are called so.
    #[error("`{name}` is more than one thing")]
    Ambiguous {
        /// What was written.
        name: String,
        /// How each is told from the others.
        known: Vec<String>,
    },
}

impl SpellingError {
    /// Names that would fit, nearest first.
    pub fn known(&self) -> &[String] {
        match self {
            Self::Malformed { .. } | Self::Taken { .. } => &[],
            Self::Unknown { known, .. }
            | Self::NoTarget { known, .. }
            | Self::Ambiguous { known, .. } => known,
        }
    }
}

impl RenameSpelling {
    /// Reads `old=new`.
    ///
    /// # Errors
    /// [`SpellingError::Malformed`].
    ///
    /// ```
    /// use driftless_diff::RenameSpelling;
    ///
    /// let rename = RenameSpelling::parse("column:public.users.\"a=b\"=c")?;
    /// assert_eq!(rename.from.path(), ["public", "users", "a=b"]);
    /// assert_eq!(rename.to.path(), ["c"]);
    /// # Ok::<(), driftless_diff::SpellingError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SpellingError> {
        let wrong = |why| SpellingError::Malformed {
            text: text.to_owned(),
            why,
        };
        let mut reader = Reader { rest: text };
        let from = reader.name().map_err(wrong)?;
        if !reader.eat('=') {
            return Err(wrong("there is no equals sign behind the first name"));
        }
        let to = reader.name().map_err(wrong)?;
        match reader.rest.is_empty() {
            true => Ok(Self { from, to }),
            false => Err(wrong("something stands behind the second name")),
        }
    }

    /// The error of a rename that has a name of another one.
    pub fn taken(&self) -> SpellingError {
        SpellingError::Taken {
            from: self.from.text.clone(),
            to: self.to.text.clone(),
        }
    }

    /// The rename of something in `from` to something in `to`, where things are called as `names` say that are renamed
    /// already: name schemas before tables, and tables before columns.
    ///
    /// # Errors
    /// [`SpellingError`] if nothing fits, or several things do.
    pub fn resolve(
        &self,
        from: &Catalog,
        to: &Catalog,
        names: &Renames,
    ) -> Result<Rename, SpellingError> {
        let (before, after) = (nameables(from), nameables(to));
        let fits: Vec<&Nameable> = before.iter().filter(|it| self.from.fits(it)).collect();
        if fits.is_empty() {
            return Err(SpellingError::Unknown {
                name: self.from.text.clone(),
                known: self.from.nearest(&before),
            });
        }
        let target = |it: &Nameable| {
            let mut same_kind = after.iter().filter(|after| after.kind() == it.kind());
            same_kind
                .find(|after| self.to.is_target(&names.nameable(it), after))
                .cloned()
        };
        let pairs = fits.iter().filter_map(|it| {
            Some(Rename {
                from: (*it).clone(),
                to: target(it)?,
            })
        });
        let mut pairs: Vec<Rename> = pairs.collect();
        // Of a name that several things have, that one is meant that is gone.
        if pairs.len() > 1 {
            let gone = |it: &Rename| !after.contains(&names.nameable(&it.from));
            if pairs.iter().filter(|it| gone(it)).count() == 1 {
                pairs.retain(gone);
            }
        }
        match (pairs.pop(), pairs.is_empty()) {
            (Some(rename), true) => Ok(rename),
            (Some(last), false) => {
                let all = pairs.iter().chain([&last]);
                Err(SpellingError::Ambiguous {
                    name: self.from.text.clone(),
                    known: all.map(|it| spell_name(&it.from)).collect(),
                })
            }
            (None, _) => Err(SpellingError::NoTarget {
                from: self.from.text.clone(),
                to: self.to.text.clone(),
                kind: fits[0].kind(),
                known: siblings(&names.nameable(fits[0]), &after),
            }),
        }
    }
}

impl SpelledName {
    /// Reads one name.
    ///
    /// # Errors
    /// [`SpellingError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, SpellingError> {
        let wrong = |why| SpellingError::Malformed {
            text: text.to_owned(),
            why,
        };
        let mut reader = Reader { rest: text };
        let name = reader.name().map_err(wrong)?;
        match reader.rest.is_empty() {
            true => Ok(name),
            false => Err(wrong("something stands behind the name")),
        }
    }

    /// The name of a thing, with its kind.
    pub fn of(it: &Nameable) -> Self {
        let arguments = function(it).map(|it| {
            let types: Vec<String> = it.arguments.iter().map(DataType::to_string).collect();
            types.join(", ")
        });
        Self {
            text: spell_name(it),
            kind: Some(it.kind().to_owned()),
            path: path(it),
            arguments,
        }
    }

    /// The parts of the name, without quotes.
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// The things in `catalog` that it may be the name of.
    pub fn find(&self, catalog: &Catalog) -> Vec<Nameable> {
        let all = nameables(catalog).into_iter();
        all.filter(|it| self.fits(it)).collect()
    }

    fn fits(&self, it: &Nameable) -> bool {
        let kind = self.kind.as_deref().is_none_or(|kind| has_kind(it, kind));
        let arguments = self
            .arguments
            .as_deref()
            .is_none_or(|text| match function(it) {
                Some(id) => has_arguments(id, text),
                None => false,
            });
        kind && arguments && path(it) == self.path
    }

    /// Whether `after` is what `it`, by the name that it would keep, becomes: its own name is another, or all of it.
    fn is_target(&self, it: &Nameable, after: &Nameable) -> bool {
        let arguments =
            function(it).map(|it| &it.arguments) == function(after).map(|it| &it.arguments);
        if !arguments {
            return false;
        }
        match &self.path[..] {
            [name] => with_name(it, name).as_ref() == Some(after),
            whole => path(after) == whole && are_under_one_parent(it, after),
        }
    }

    fn nearest(&self, all: &[Nameable]) -> Vec<String> {
        let wanted = self.path.join(".").to_lowercase();
        let is_wanted_kind = |it: &&Nameable| {
            let kind = self.kind.as_deref();
            kind.is_none_or(|kind| has_kind(it, kind))
        };
        let is_as_long = |it: &&Nameable| path(it).len() == self.path.len();
        let mut near: Vec<&Nameable> = all
            .iter()
            .filter(is_wanted_kind)
            .filter(is_as_long)
            .collect();
        if near.is_empty() {
            near = all.iter().filter(is_as_long).collect();
        }
        let mut found: Vec<(usize, String)> = near
            .into_iter()
            .map(|it| {
                let distance = differing(&path(it).join(".").to_lowercase(), &wanted);
                (distance, spell_name(it))
            })
            .collect();
        found.sort();
        found.into_iter().take(3).map(|(_, it)| it).collect()
    }
}

/// A part stays with its table; that one is renamed for itself.
fn are_under_one_parent(a: &Nameable, b: &Nameable) -> bool {
    match (a, b) {
        (Nameable::Object(a), Nameable::Object(b)) => a.parent() == b.parent(),
        (Nameable::Label(a, _), Nameable::Label(b, _))
        | (Nameable::Attribute(a, _), Nameable::Attribute(b, _)) => a == b,
        (Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..), _) => false,
    }
}

/// How many letters differ at the least, when the equal ones at both ends are put aside.
fn differing(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev());
    let back = back.take_while(|(a, b)| a == b).count();
    a.len().max(b.len()) - front - back
}

/// What the state after has beside the thing, of its kind.
fn siblings(it: &Nameable, after: &[Nameable]) -> Vec<String> {
    let parent = |it: &Nameable| {
        let mut path = path(it);
        path.pop();
        path
    };
    let beside = after
        .iter()
        .filter(|other| other.kind() == it.kind() && parent(other) == parent(it));
    beside.map(spell_name).take(8).collect()
}

/// The names of schema, table and so on that lead to it, its own last.
pub(super) fn path(it: &Nameable) -> Vec<String> {
    let texts = |names: &[&Ident]| names.iter().map(|it| it.as_str().to_owned()).collect();
    let object = match it {
        Nameable::Object(object) => object,
        Nameable::Label(of, label) => {
            let of = [&of.schema, &of.name].map(|it| it.as_str().to_owned());
            return of.into_iter().chain([label.clone()]).collect();
        }
        Nameable::Attribute(of, name) => return texts(&[&of.schema, &of.name, name]),
    };
    match object {
        ObjectId::Schema(it) | ObjectId::Extension(it) => texts(&[it]),
        ObjectId::Enum(it)
        | ObjectId::Domain(it)
        | ObjectId::Sequence(it)
        | ObjectId::Table(it)
        | ObjectId::Index(it)
        | ObjectId::View(it)
        | ObjectId::MaterializedView(it) => texts(&[&it.schema, &it.name]),
        ObjectId::Function(it) => texts(&[&it.name.schema, &it.name.name]),
        ObjectId::DomainConstraint(of, it)
        | ObjectId::Column(of, it)
        | ObjectId::Constraint(of, it)
        | ObjectId::Trigger(of, it)
        | ObjectId::Policy(of, it) => texts(&[&of.schema, &of.name, it]),
        ObjectId::Other(it) => match it.type_name() {
            Some(it) => texts(&[&it.schema, &it.name]),
            None => vec![it.identity.clone()],
        },
        ObjectId::DefaultPrivilege(it) => vec![it.to_string()],
    }
}

/// The rename as [`RenameSpelling::parse`] reads it: with its kind, and after it no more of the name than is new.
pub fn spell(rename: &Rename) -> String {
    let (before, after) = (path(&rename.from), path(&rename.to));
    // The schema of an object may change; that of a part changes with its table.
    let schema_moves = before.len() == 2 && before.first() != after.first();
    let to = match (schema_moves, after.last()) {
        (false, Some(name)) => quoted(name),
        (true, _) | (false, None) => spell_path(&after),
    };
    format!("{}={to}", spell_name(&rename.from))
}

/// The name as [`SpelledName::parse`] reads it, with its kind.
pub fn spell_name(it: &Nameable) -> String {
    let arguments = function(it).map_or_else(String::new, |it| {
        let types: Vec<String> = it.arguments.iter().map(DataType::to_string).collect();
        format!("({})", types.join(", "))
    });
    let kind = it.kind().replace(' ', "-");
    format!("{kind}:{}{arguments}", spell_path(&path(it)))
}

fn spell_path(path: &[String]) -> String {
    let parts: Vec<String> = path.iter().map(|it| quoted(it)).collect();
    parts.join(".")
}

fn quoted(name: &str) -> String {
    let plain =
        |it: char| !matches!(it, '.' | '=' | '(' | ')' | '"' | ':' | '\'') && !it.is_whitespace();
    match !name.is_empty() && name.chars().all(plain) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn function(it: &Nameable) -> Option<&FunctionId> {
    match it {
        Nameable::Object(ObjectId::Function(id)) => Some(id),
        Nameable::Object(_) | Nameable::Label(..) | Nameable::Attribute(..) => None,
    }
}

fn has_arguments(id: &FunctionId, text: &str) -> bool {
    let types: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    let same = |(wanted, ty): (&&str, &DataType)| {
        DataType::parse(wanted).is_some_and(|wanted| wanted.same_as(ty))
    };
    types.len() == id.arguments.len() && types.iter().zip(&id.arguments).all(same)
}

/// Whether a thing is of the kind that a person calls so.
fn has_kind(it: &Nameable, kind: &str) -> bool {
    let kind = kind.replace(['-', '_'], " ");
    let own = it.kind();
    own == kind
        || match kind.as_str() {
            "type" => matches!(
                own,
                "enum" | "domain" | "composite type" | "range type" | "base type"
            ),
            "matview" => own == "materialized view",
            "value" => own == "label",
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftless_catalog::QualifiedName;

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    fn column(table: &str, name: &str) -> Nameable {
        let table = QualifiedName::new(ident("public"), ident(table));
        Nameable::Object(ObjectId::Column(table, ident(name)))
    }

    #[test]
    fn what_is_spelled_reads_as_it_was() {
        for name in ["a", "a.b", "a=b", "we\"ird", "Ä b", "table:x", "f(x)", "'"] {
            let rename = Rename {
                from: column("t.=\"x\"", name),
                to: column("t.=\"x\"", &format!("{name}2")),
            };
            let read = RenameSpelling::parse(&spell(&rename)).unwrap();
            assert_eq!(read.from.path, ["public", "t.=\"x\"", name]);
            assert_eq!(read.to.path, [format!("{name}2")]);
            assert_eq!(read.from.kind.as_deref(), Some("column"));
        }
    }

    #[test]
    fn what_does_not_read_is_told() {
        for (text, why) in [
            ("a", "there is no equals sign behind the first name"),
            ("=a", "a name is missing"),
            ("a=", "a name is missing"),
            ("a..b=c", "a name is missing"),
            ("\"a=b", "a quote is not closed"),
            ("\"\"=b", "a name is empty"),
            ("a=b=c", "something stands behind the second name"),
            ("f(int=g", "a parenthesis is not closed"),
        ] {
            let error = RenameSpelling::parse(text).unwrap_err();
            let text = text.to_owned();
            assert_eq!(error, SpellingError::Malformed { text, why });
        }
    }
}
