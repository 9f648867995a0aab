use driftless_finding::Span;

use super::Spanned;

/// `@@rls`: row level security of a model's table is on.
///
/// Written in a `///` line, or as Prisma 8 has it, as an attribute of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowSecurity {
    /// Where it is written.
    pub span: Span,
    /// `force: true`: the owner of the table is subject to it, too.
    pub forced: bool,
}

/// A row level security policy: a `/// @@policy(…)` annotation, or a `policy_*` block of Prisma 8.
///
/// What stands in it goes with its command: `check` with none that only reads, `using` with none that only adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its name in the database; in a block of Prisma 8, what that name begins with.
    pub name: Spanned<String>,
    /// The whole annotation or block.
    pub span: Span,
    /// What it is about.
    pub command: PolicyCommand,
    /// Not `as: restrictive`.
    pub permissive: bool,
    /// Whom it is about, as written; nobody written is everybody.
    pub roles: Vec<Spanned<PolicyRole>>,
    /// SQL: which rows there are for the command. The span is the string literal's.
    pub using: Option<Spanned<String>>,
    /// SQL: which rows may be written. The span is the string literal's.
    pub check: Option<Spanned<String>>,
    /// How it is written.
    pub form: PolicyForm,
}

/// `FOR …`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyCommand {
    /// All four.
    All,
    /// Reading.
    Select,
    /// Adding.
    Insert,
    /// Changing.
    Update,
    /// Removing.
    Delete,
}

/// `TO …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyRole {
    /// `public`: every role.
    Public,
    /// A role and its members.
    Named(String),
}

/// The two ways to write a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyForm {
    /// `/// @@policy(…)`
    Annotation,
    /// `policy_select name { … }`, of Prisma 8.
    Block,
}

impl PolicyCommand {
    /// All of them, in the order in which the documentation of PostgreSQL has them.
    pub const ALL: [Self; 5] = [
        Self::All,
        Self::Select,
        Self::Insert,
        Self::Update,
        Self::Delete,
    ];

    /// As a schema writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The command that a schema writes like this.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether it looks at rows that are there, for which `using` counts.
    pub fn reads(self) -> bool {
        self != Self::Insert
    }

    /// Whether it writes rows, for which `check` counts.
    pub fn writes(self) -> bool {
        match self {
            Self::All | Self::Insert | Self::Update => true,
            Self::Select | Self::Delete => false,
        }
    }
}
