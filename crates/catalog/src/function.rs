use std::fmt;

use crate::{Common, DataType, Expression, Ident, Named, QualifiedName};

/// A function or procedure. Follows PostgreSQL, `CREATE FUNCTION`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Function {
    /// Name and input types, which together are unique.
    pub id: FunctionId,
    /// Function, procedure or window function.
    pub kind: FunctionKind,
    /// All arguments, those of `RETURNS TABLE` included.
    #[cfg_attr(feature = "serde", serde(default))]
    pub arguments: Vec<Argument>,
    /// What it returns; `None` for a procedure.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub returns: Option<Returns>,
    /// `sql`, `plpgsql`, …
    pub language: Ident,
    /// What it does.
    pub body: FunctionBody,
    /// What its result depends on.
    pub volatility: Volatility,
    /// Whether it is NULL for any NULL argument, without being called.
    #[cfg_attr(feature = "serde", serde(default))]
    pub strict: bool,
    /// Whether it runs with its owner's privileges.
    #[cfg_attr(feature = "serde", serde(default))]
    pub security_definer: bool,
    /// Whether it is trusted not to tell its arguments to anybody.
    #[cfg_attr(feature = "serde", serde(default))]
    pub leakproof: bool,
    /// Whether parallel workers may call it.
    pub parallel: Parallel,
    /// `COST`, as printed, where it is not the language's own.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub cost: Option<String>,
    /// `ROWS`, as printed, where it is not 1000.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub rows: Option<String>,
    /// `SET` clauses: parameters and their values as `pg_proc.proconfig` has them, in its order.
    #[cfg_attr(
        feature = "serde",
        serde(
            default,
            skip_serializing_if = "Vec::is_empty",
            with = "crate::snapshot::ordered"
        )
    )]
    pub settings: Vec<(String, String)>,
    /// `SUPPORT`
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub support: Option<QualifiedName>,
    /// Owner, comment, privileges.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub common: Common,
}

/// A function's name with the types of its input arguments. Displays as `public.f(integer, text)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FunctionId {
    /// The name.
    pub name: QualifiedName,
    /// The types of `IN`, `INOUT` and `VARIADIC` arguments, in order; for a procedure also of `OUT`.
    pub arguments: Vec<DataType>,
}

impl fmt::Display for FunctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{argument}")?;
        }
        f.write_str(")")
    }
}

/// What `CREATE` made it. Aggregates are of a kind of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum FunctionKind {
    /// `CREATE FUNCTION`
    Function,
    /// `CREATE PROCEDURE`
    Procedure,
    /// `CREATE FUNCTION … WINDOW`
    Window,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Argument {
    /// In, out, both, variadic or a column of the result.
    pub mode: ArgumentMode,
    /// Its name, if it has one.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub name: Option<Ident>,
    /// Its type.
    pub data_type: DataType,
    /// What it is if the caller leaves it out.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub default: Option<Expression>,
}

/// How an argument is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ArgumentMode {
    /// `IN`
    In,
    /// `OUT`
    Out,
    /// `INOUT`
    InOut,
    /// `VARIADIC`
    Variadic,
    /// A column of `RETURNS TABLE`.
    Table,
}

/// What a function returns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Returns {
    /// The type; `record` where the columns are in the arguments.
    pub data_type: DataType,
    /// `SETOF`, and `RETURNS TABLE`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub set: bool,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum FunctionBody {
    /// A string in the function's language, as it was written.
    Source(String),
    /// `RETURN …` or `BEGIN ATOMIC … END`, as the server prints it (PostgreSQL 14).
    Sql(Expression),
    /// A symbol of a shared library.
    Library {
        /// The library.
        object: String,
        /// The symbol.
        symbol: String,
    },
}

/// What a function's result depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Volatility {
    /// On its arguments alone.
    Immutable,
    /// Also on what the database holds.
    Stable,
    /// On anything.
    Volatile,
}

/// Whether parallel workers may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Parallel {
    /// Yes.
    Safe,
    /// Only the leader.
    Restricted,
    /// No.
    Unsafe,
}

impl Named for Function {
    type Name = FunctionId;

    fn name(&self) -> &FunctionId {
        &self.id
    }
}
