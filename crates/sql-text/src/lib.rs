//! PostgreSQL's SQL as text: tokens, statements with their places, quoting, and the meaning of literals.
//!
//! In: SQL that people, migration tools or a server wrote. Out: where its statements start and end
//! ([`statements`]), what it is made of ([`tokens`]), and the value that a default expression stands
//! for ([`Value`]). Names and strings go back into SQL by [`quote_ident`] and [`quote_literal`] alone.
//!
//! Always true: any input is accepted, ranges are byte ranges on character boundaries, no input costs
//! more than linear time. Nothing here knows a grammar beyond the lexical rules; whether a statement
//! is valid is for a server to say.
//!
//! Follows PostgreSQL, SQL Syntax, Lexical Structure, with `standard_conforming_strings` on.
//!
//! ```
//! use driftless_sql_text::{StatementKind, statements};
//!
//! let sql = "create table a (b text default ';'); -- one\nvacuum a;";
//! let found: Vec<&str> = statements(sql).iter().map(|it| it.text(sql)).collect();
//! assert_eq!(found, ["create table a (b text default ';')", "vacuum a"]);
//! assert_eq!(statements(sql)[1].kind, StatementKind::OutsideTransaction);
//! ```

mod normal;
mod quote;
mod skeleton;
mod statement;
mod token;
mod value;

pub use normal::{normal_form, same_tokens};
pub use quote::{quote_always, quote_ident, quote_literal};
pub use skeleton::same_skeleton;
pub use statement::{Statement, StatementKind, statements};
pub use token::{Token, TokenKind, ident_value, string_value, tokens};
pub use value::{Value, ValueClass, ValueType, sequence_name};
