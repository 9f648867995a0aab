use std::collections::{BTreeMap, HashMap};

use driftless_catalog::{
    Constraint, ConstraintKind, Deferral, Domain, ForeignKey, Ident, KeyColumns, MatchKind,
    ObjectId, QualifiedName, ReferentialAction,
};
use tokio_postgres::Row;

use crate::fields::{Fields, unknown};
use crate::names::{Names, class};
use crate::table::Relations;
use crate::{IntrospectError, domain};

/// A row of `pg_constraint`.
pub(crate) struct ConstraintRow {
    pub(crate) oid: u32,
    pub(crate) name: Ident,
    relation: u32,
    pub(crate) domain: u32,
    kind: char,
    deferral: Deferral,
    pub(crate) validated: bool,
    enforced: bool,
    inherited: bool,
    no_inherit: bool,
    index: u32,
    columns: Vec<i16>,
    referenced: u32,
    references: Option<QualifiedName>,
    referenced_columns: Vec<i16>,
    /// Their names, where the referenced table is out of scope.
    foreign_columns: Option<Vec<Ident>>,
    actions: (char, char, char),
    on_delete_columns: Vec<i16>,
    /// `PERIOD` or `WITHOUT OVERLAPS`.
    period: bool,
    pub(crate) expression: Option<String>,
    operators: Vec<String>,
}

/// What the index of a constraint belongs to: the index tells the rest of it.
pub(crate) struct IndexOwner {
    pub(crate) constraint: Ident,
    /// The operators of an exclusion constraint.
    pub(crate) operators: Vec<String>,
}

/// What indexes belong to, by their numbers.
pub(crate) type IndexOwners = HashMap<u32, IndexOwner>;

impl ConstraintRow {
    fn read(row: &Row) -> Result<Self, IntrospectError> {
        let mut it = Fields::new("constraint", row);
        let (oid, name, relation, domain) = (it.next()?, it.ident()?, it.next()?, it.next()?);
        let kind = it.code()?;
        let deferral = match (it.next()?, it.next()?) {
            (false, _) => Deferral::NotDeferrable,
            (true, false) => Deferral::Immediate,
            (true, true) => Deferral::Deferred,
        };
        let (validated, enforced) = (it.next()?, it.next()?);
        let (inherited, no_inherit, index) = (it.next()?, it.next()?, it.next()?);
        let columns = it.next::<Option<_>>()?.unwrap_or_default();
        let referenced = it.next()?;
        let references = it.maybe_ident()?.zip(it.maybe_ident()?);
        let referenced_columns = it.next::<Option<_>>()?.unwrap_or_default();
        let foreign_columns = it.next::<Option<Vec<&str>>>()?;
        Ok(Self {
            oid,
            name,
            relation,
            domain,
            kind,
            deferral,
            validated,
            enforced,
            inherited,
            no_inherit,
            index,
            columns,
            referenced,
            references: references.map(|(schema, name)| QualifiedName::new(schema, name)),
            referenced_columns,
            foreign_columns: foreign_columns
                .map(|names| names.into_iter().map(Ident::new).collect())
                .transpose()?,
            actions: (it.code()?, it.code()?, it.code()?),
            on_delete_columns: it.next::<Option<_>>()?.unwrap_or_default(),
            period: it.next()?,
            expression: it.next()?,
            operators: it.next::<Option<_>>()?.unwrap_or_default(),
        })
    }

    fn kind(&self, names: &Names) -> Result<ConstraintKind, IntrospectError> {
        let columns = || names.columns_of(self.relation, &self.columns);
        // What only the index knows is filled in when indexes are read.
        let key = || -> Result<KeyColumns, IntrospectError> {
            Ok(KeyColumns {
                columns: columns()?,
                without_overlaps: self.period,
                ..KeyColumns::default()
            })
        };
        Ok(match self.kind {
            'p' => ConstraintKind::PrimaryKey(key()?),
            'u' => ConstraintKind::Unique(key()?),
            'f' => ConstraintKind::ForeignKey(self.foreign_key(columns()?, names)?),
            'c' => ConstraintKind::Check {
                expression: names.printed(self.expression.as_deref().unwrap_or_default()),
                no_inherit: self.no_inherit,
            },
            'x' => ConstraintKind::Exclusion {
                method: Ident::new("gist")?,
                elements: Vec::new(),
                include: Vec::new(),
                predicate: None,
                options: Vec::new(),
            },
            'n' => ConstraintKind::NotNull {
                column: columns()?
                    .into_iter()
                    .next()
                    .ok_or(IntrospectError::Dangling {
                        column: "pg_constraint.conkey",
                        oid: self.oid,
                    })?,
                no_inherit: self.no_inherit,
            },
            other => return Err(unknown("pg_constraint.contype", other)),
        })
    }

    fn foreign_key(
        &self,
        columns: Vec<Ident>,
        names: &Names,
    ) -> Result<ForeignKey, IntrospectError> {
        let references = self.references.clone().ok_or(IntrospectError::Dangling {
            column: "pg_constraint.confrelid",
            oid: self.referenced,
        })?;
        let referenced_columns = match &self.foreign_columns {
            Some(columns) => columns.clone(),
            None => names.columns_of(self.referenced, &self.referenced_columns)?,
        };
        let (on_update, on_delete, match_kind) = self.actions;
        Ok(ForeignKey {
            columns,
            references,
            referenced_columns,
            on_delete: action(on_delete)?,
            on_update: action(on_update)?,
            on_delete_columns: names.columns_of(self.relation, &self.on_delete_columns)?,
            match_kind: match match_kind {
                's' => MatchKind::Simple,
                'f' => MatchKind::Full,
                other => return Err(unknown("pg_constraint.confmatchtype", other)),
            },
            period: self.period,
        })
    }
}

/// Puts constraints on their tables and domains, and tells which indexes are theirs.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
    relations: &mut Relations,
    domains: &mut BTreeMap<u32, Domain>,
    owners: &mut IndexOwners,
) -> Result<(), IntrospectError> {
    for row in rows {
        let row = ConstraintRow::read(row)?;
        match domains.get_mut(&row.domain) {
            Some(domain) => domain::constrain(domain, &row, names),
            None => constrain(row, names, relations, owners)?,
        }
    }
    Ok(())
}

fn constrain(
    row: ConstraintRow,
    names: &mut Names,
    relations: &mut Relations,
    owners: &mut IndexOwners,
) -> Result<(), IntrospectError> {
    if !relations.tables.contains_key(&row.relation) {
        return Ok(());
    }
    let kind = row.kind(names)?;
    let Some(table) = relations.tables.get_mut(&row.relation) else {
        return Ok(());
    };
    let id = ObjectId::Constraint(table.name.clone(), row.name.clone());
    names
        .objects
        .insert((class::CONSTRAINT, row.oid), id.clone());
    if matches!(row.kind, 'p' | 'u' | 'x') {
        names.objects.insert((class::RELATION, row.index), id);
        let owner = IndexOwner {
            constraint: row.name.clone(),
            operators: row.operators.clone(),
        };
        owners.insert(row.index, owner);
    }
    if let ConstraintKind::NotNull { column, .. } = &kind
        && is_usual_not_null(&row, &table.name.name, column)
    {
        return Ok(());
    }
    table.constraints.insert(Constraint {
        deferral: row.deferral,
        validated: row.validated,
        enforced: row.enforced,
        inherited: row.inherited,
        ..Constraint::new(row.name.clone(), kind)
    });
    Ok(())
}

/// Whether it says no more than that the column is not null.
fn is_usual_not_null(row: &ConstraintRow, table: &Ident, column: &Ident) -> bool {
    let usual = format!("{}_{}_not_null", table.as_str(), column.as_str());
    // The server shortens both parts of a name that would be too long.
    let chosen = row.name == usual.as_str()
        || (usual.len() > Ident::MAX_BYTES && row.name.as_str().ends_with("_not_null"));
    chosen && row.validated && !row.no_inherit
}

fn action(code: char) -> Result<ReferentialAction, IntrospectError> {
    match code {
        'a' => Ok(ReferentialAction::NoAction),
        'r' => Ok(ReferentialAction::Restrict),
        'c' => Ok(ReferentialAction::Cascade),
        'n' => Ok(ReferentialAction::SetNull),
        'd' => Ok(ReferentialAction::SetDefault),
        other => Err(unknown("pg_constraint.confupdtype", other)),
    }
}
