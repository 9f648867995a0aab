use driftless_finding::Span;

use super::{Spanned, Url};

/// A `generator` block. Prisma schema reference, *`generator`*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    /// The block's name.
    pub name: Spanned<String>,
    /// The whole block.
    pub span: Span,
    /// What it runs, such as `prisma-client-js`.
    pub provider: Spanned<Url>,
    /// `previewFeatures`, as written.
    pub preview_features: Vec<Spanned<String>>,
    /// All other properties in order of declaration; of several of one name, the last.
    pub settings: Vec<Setting>,
    /// The lines of `///` and block comments above the block.
    pub documentation: Vec<Spanned<String>>,
}

/// A property of a generator that has no meaning here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Left of the `=`.
    pub name: Spanned<String>,
    /// Right of it.
    pub value: Spanned<SettingValue>,
}

/// The value of a [`Setting`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// A string, a number as written, or a bare word.
    Text(String),
    /// `env("NAME")`: the name of the variable.
    Env(String),
    /// A list.
    List(Vec<SettingValue>),
}
