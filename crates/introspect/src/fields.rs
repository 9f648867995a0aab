use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use driftless_catalog::Ident;

use crate::IntrospectError;

/// The columns of a row, taken from left to right: the order is that of the query's select list.
pub(crate) struct Fields<'a> {
    query: &'static str,
    row: &'a Row,
    at: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(query: &'static str, row: &'a Row) -> Self {
        Self { query, row, at: 0 }
    }

    pub(crate) fn next<T: FromSql<'a>>(&mut self) -> Result<T, IntrospectError> {
        let value = self.row.try_get(self.at);
        self.at += 1;
        value.map_err(|source| IntrospectError::Query {
            query: self.query,
            source,
        })
    }

    pub(crate) fn ident(&mut self) -> Result<Ident, IntrospectError> {
        Ok(Ident::new(self.next()?)?)
    }

    pub(crate) fn maybe_ident(&mut self) -> Result<Option<Ident>, IntrospectError> {
        Ok(self.next::<Option<&str>>()?.map(Ident::new).transpose()?)
    }

    pub(crate) fn idents(&mut self) -> Result<Vec<Ident>, IntrospectError> {
        self.next::<Vec<&str>>()?
            .into_iter()
            .map(|it| Ok(Ident::new(it)?))
            .collect()
    }

    /// A one-byte code of type `"char"`; a missing one is a space.
    pub(crate) fn code(&mut self) -> Result<char, IntrospectError> {
        let code = self.next::<Option<i8>>()?.unwrap_or(0);
        Ok(if code == 0 {
            ' '
        } else {
            char::from(code as u8)
        })
    }
}

/// The error for a code that no arm of a match knew.
pub(crate) fn unknown(column: &'static str, code: impl ToString) -> IntrospectError {
    IntrospectError::UnknownCode {
        column,
        code: code.to_string(),
    }
}
