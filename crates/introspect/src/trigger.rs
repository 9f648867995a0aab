use std::collections::BTreeSet;

use driftless_catalog::{
    Collection, Deferral, Expression, ManagedTable, ObjectId, QualifiedName, Trigger,
    TriggerEnabled, TriggerEvent, TriggerLevel, TriggerTiming,
};
use driftless_sql_text::{TokenKind, tokens};
use tokio_postgres::Row;

use crate::IntrospectError;
use crate::fields::{Fields, unknown};
use crate::names::{Names, class};
use crate::table::Relations;

/// Puts triggers on their tables and views, those of managed tables on these.
pub(crate) fn read(
    rows: &[Row],
    names: &mut Names,
    relations: &mut Relations,
    managed: &mut Collection<ManagedTable>,
) -> Result<(), IntrospectError> {
    for row in rows {
        let (oid, relation, on, trigger) = trigger(row, names)?;
        let id = ObjectId::Trigger(on.clone(), trigger.name.clone());
        if let Some(table) = relations.tables.get_mut(&relation) {
            table.triggers.insert(trigger);
        } else if let Some(view) = relations.views.get_mut(&relation) {
            view.triggers.insert(trigger);
        } else if names.is_managed(&on.schema) && !names.is_managed(&trigger.function.schema) {
            managed_table(managed, on).triggers.insert(trigger);
        } else {
            continue;
        }
        names.objects.insert((class::TRIGGER, oid), id);
    }
    Ok(())
}

/// The managed table of that name, made if it is not there yet.
pub(crate) fn managed_table(
    tables: &mut Collection<ManagedTable>,
    name: QualifiedName,
) -> &mut ManagedTable {
    tables.get_or_insert_with(&name, || ManagedTable {
        name: name.clone(),
        triggers: Collection::default(),
        policies: Collection::default(),
        row_security: None,
    })
}

fn trigger(
    row: &Row,
    names: &Names,
) -> Result<(u32, u32, QualifiedName, Trigger), IntrospectError> {
    let mut it = Fields::new("trigger", row);
    let (oid, name, relation) = (it.next()?, it.ident()?, it.next()?);
    let on = QualifiedName::new(it.ident()?, it.ident()?);
    let _relkind = it.code()?;
    let bits = Bits(it.next()?);
    let enabled = enabled(it.code()?)?;
    let update_columns = it.idents()?;
    let definition: Option<&str> = it.next()?;
    let function = QualifiedName::new(it.ident()?, it.ident()?);
    let arguments = arguments(it.next()?)?;
    let constraint = match (it.next()?, it.next()?, it.next()?) {
        (false, _, _) => None,
        (true, false, _) => Some(Deferral::NotDeferrable),
        (true, true, false) => Some(Deferral::Immediate),
        (true, true, true) => Some(Deferral::Deferred),
    };
    let references = it.maybe_ident()?.zip(it.maybe_ident()?);
    let trigger = Trigger {
        name,
        timing: bits.timing(),
        events: bits.events(),
        update_columns,
        level: bits.level(),
        when: definition.map(|text| when(text, names)).transpose()?,
        function,
        arguments,
        constraint,
        references: references.map(|(schema, name)| QualifiedName::new(schema, name)),
        old_table: it.maybe_ident()?,
        new_table: it.maybe_ident()?,
        enabled,
        comment: None,
    };
    Ok((oid, relation, on, trigger))
}

/// `pg_trigger.tgtype`.
struct Bits(i16);

impl Bits {
    fn has(&self, bit: u16) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn level(&self) -> TriggerLevel {
        match self.has(0) {
            true => TriggerLevel::Row,
            false => TriggerLevel::Statement,
        }
    }

    fn timing(&self) -> TriggerTiming {
        match (self.has(1), self.has(6)) {
            (_, true) => TriggerTiming::InsteadOf,
            (true, false) => TriggerTiming::Before,
            (false, false) => TriggerTiming::After,
        }
    }

    fn events(&self) -> BTreeSet<TriggerEvent> {
        [
            (2, TriggerEvent::Insert),
            (3, TriggerEvent::Delete),
            (4, TriggerEvent::Update),
            (5, TriggerEvent::Truncate),
        ]
        .into_iter()
        .filter(|(bit, _)| self.has(*bit))
        .map(|(_, event)| event)
        .collect()
    }
}

fn enabled(code: char) -> Result<TriggerEnabled, IntrospectError> {
    match code {
        'O' => Ok(TriggerEnabled::Origin),
        'D' => Ok(TriggerEnabled::Disabled),
        'R' => Ok(TriggerEnabled::Replica),
        'A' => Ok(TriggerEnabled::Always),
        other => Err(unknown("pg_trigger.tgenabled", other)),
    }
}

/// Each argument ends in a zero byte.
fn arguments(bytes: &[u8]) -> Result<Vec<String>, IntrospectError> {
    let text = std::str::from_utf8(bytes).map_err(|_| IntrospectError::Malformed {
        what: "pg_trigger.tgargs",
        text: String::from_utf8_lossy(bytes).into_owned(),
    })?;
    Ok(text.split_terminator('\0').map(str::to_owned).collect())
}

/// The condition in a definition. The server has no function that prints it alone: it names two rows.
fn when(definition: &str, names: &Names) -> Result<Expression, IntrospectError> {
    condition(definition)
        .map(|text| names.printed(text))
        .ok_or_else(|| IntrospectError::Malformed {
            what: "a trigger with a condition",
            text: definition.to_owned(),
        })
}

/// What stands in the parentheses of `WHEN (…) EXECUTE …`.
fn condition(definition: &str) -> Option<&str> {
    let mut depth = 0i32;
    let mut start = None;
    let mut behind_when = false;
    for token in tokens(definition) {
        let text = token.text(definition);
        match (token.kind, text) {
            (TokenKind::Word, "WHEN") if depth == 0 => behind_when = true,
            (TokenKind::Punctuation, "(") => {
                if depth == 0 && behind_when {
                    start = Some(token.end);
                }
                depth += 1;
            }
            (TokenKind::Punctuation, ")") => {
                depth -= 1;
                if let (0, Some(start)) = (depth, start) {
                    return Some(&definition[start..token.start]);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_is_what_when_holds() {
        let definition = "CREATE TRIGGER \"WHEN (\" BEFORE UPDATE OF a ON public.t FOR EACH ROW WHEN (((old.a)::text IS DISTINCT FROM ')')) EXECUTE FUNCTION public.f('WHEN (x)')";
        assert_eq!(
            condition(definition),
            Some("((old.a)::text IS DISTINCT FROM ')')")
        );
    }

    #[test]
    fn arguments_keep_what_is_in_them() {
        assert_eq!(arguments(b"a\0\0b c\0").unwrap(), ["a", "", "b c"]);
        assert!(arguments(b"").unwrap().is_empty());
    }
}
