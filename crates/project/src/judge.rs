//! Postgres as the judge of expressions: what a server prints of a text that it has understood.
//!
//! Texts are tried on a throwaway database that has the objects they name, inside a transaction that is
//! rolled back.

use std::collections::BTreeMap;

use driftless_catalog::{
    Catalog, Collection, ConstraintKind, DataType, Expression, Index, IndexTarget, Policy,
    PolicyCommand, QualifiedName, Trigger, TriggerEvent, TriggerLevel,
};
use driftless_prisma_catalog::{Answers, Question, QuestionKind};
use driftless_shadow::{ActingRole, ShadowDatabase};
use driftless_sql_text::{quote_always, quote_literal};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::{ProjectError, dispute};

/// A server that prints what it understands.
pub(crate) struct Judge<'a> {
    client: &'a Client,
    major: u16,
}

/// The search path with which Prisma and Supabase run migrations.
pub(crate) const PATH: &str = "\"$user\", public, extensions";

/// The name of everything that is made to be looked at.
pub(crate) const PROBE: &str = "\"driftless_probe\"";

impl<'a> Judge<'a> {
    /// Lets `database`, which runs PostgreSQL `major`, judge. Its session acts as the administrator afterwards.
    pub(crate) async fn new(
        database: &'a mut ShadowDatabase,
        major: u16,
    ) -> Result<Judge<'a>, ProjectError> {
        let client = database.act_as(ActingRole::Administrator).await?;
        Ok(Self { client, major })
    }

    /// The session, and the major version of its server.
    pub(crate) fn server(&self) -> (&'a Client, u16) {
        (self.client, self.major)
    }

    /// What the server prints of what `make` makes, or `None` if it refuses.
    async fn print(&self, search_path: &str, make: &str, read: &str) -> Option<String> {
        let sql = format!(
            "BEGIN; SET LOCAL search_path = {search_path}; SET LOCAL check_function_bodies = off; \
             SET LOCAL TimeZone = 'UTC'; {make}; SET LOCAL search_path = ''; {read}"
        );
        let result = self.client.simple_query(&sql).await;
        // If the way back fails, the next probe fails, too: then nothing is decided, which is the truth.
        let _ = self.client.batch_execute("ROLLBACK").await;
        result.ok()?.into_iter().find_map(|message| {
            let SimpleQueryMessage::Row(row) = message else {
                return None;
            };
            row.get(0).map(str::to_owned)
        })
    }

    async fn default(&self, search_path: &str, ty: &DataType, text: &str) -> Option<String> {
        let make = format!("CREATE TEMP TABLE {PROBE} (probe {ty} DEFAULT {text})");
        let read = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef \
                    WHERE adrelid = 'pg_temp.driftless_probe'::regclass";
        self.print(search_path, &make, read).await
    }

    async fn predicate(
        &self,
        search_path: &str,
        table: &QualifiedName,
        text: &str,
    ) -> Option<String> {
        let name = name(table);
        let make = format!("CREATE INDEX {PROBE} ON {name} ((1)) WHERE {text}");
        let read = "SELECT pg_get_expr(indpred, indrelid) FROM pg_index i \
                    JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'driftless_probe'";
        self.print(search_path, &make, read).await
    }

    /// Answers what only a server can tell about a Prisma schema over a database. Questions that this server
    /// cannot answer stay open.
    pub(crate) async fn answer(&self, questions: &[Question]) -> Answers {
        let mut answers = BTreeMap::new();
        for it in questions {
            let written = match &it.kind {
                QuestionKind::Default(ty) => self.default(PATH, ty, &it.written).await,
                QuestionKind::Predicate(table) => self.predicate(PATH, table, &it.written).await,
                // What a server says of policies is known before anything is asked (`policies.rs`).
                QuestionKind::Policy => None,
            };
            let Some(written) = written else { continue };
            let print = async |text: &str| match &it.kind {
                QuestionKind::Default(ty) => self.default("''", ty, text).await,
                QuestionKind::Predicate(table) => self.predicate("''", table, text).await,
                QuestionKind::Policy => None,
            };
            let mut same = written == it.printed;
            if !same {
                // Another version may print it in another way, and so may this one, depending on how it was
                // written first: both are printed until they stay as they are.
                let Some(printed) = print(&it.printed).await else {
                    continue;
                };
                same = printed == written || print(&written).await.is_some_and(|it| it == printed);
            }
            let answer = if same { it.printed.clone() } else { written };
            answers.insert(it.object.clone(), answer);
        }
        Answers(answers)
    }

    /// Prints the expressions anew that differ between two states, on both sides: two versions of PostgreSQL
    /// print one expression in two ways, and so may one version, depending on how it was written first.
    ///
    /// An expression that this server refuses stays as it is: it names something that is not there, so it
    /// does differ.
    pub(crate) async fn settle(&self, from: &mut Catalog, to: &mut Catalog) {
        let before = from.clone();
        self.reprint(from, to).await;
        self.reprint(to, &before).await;
    }

    async fn reprint(&self, catalog: &mut Catalog, like: &Catalog) {
        for table in catalog.tables.iter_mut() {
            let Some(other) = like.tables.get(&table.name) else {
                continue;
            };
            let name = table.name.clone();
            for column in &mut table.columns {
                let Some(other) = other.column(&column.name) else {
                    continue;
                };
                let ty = column.data_type.clone();
                if let (Some(text), Some(other)) = (&mut column.default, &other.default) {
                    self.replace(text, other, async |text| {
                        self.default("''", &ty, text).await
                    })
                    .await;
                }
                if let (Some(text), Some(other)) = (&mut column.generated, &other.generated) {
                    let (text, other) = (&mut text.expression, &other.expression);
                    self.replace(text, other, async |text| {
                        self.generated(&name, &ty, text).await
                    })
                    .await;
                }
            }
            for constraint in table.constraints.iter_mut() {
                let other = other.constraints.get(&constraint.name).map(|it| &it.kind);
                if let (
                    ConstraintKind::Check { expression, .. },
                    Some(ConstraintKind::Check {
                        expression: other, ..
                    }),
                ) = (&mut constraint.kind, other)
                {
                    self.replace(expression, other, async |text| {
                        self.check(&name, text).await
                    })
                    .await;
                }
            }
            self.indexes(&name, &mut table.indexes, &other.indexes)
                .await;
            self.policies(&name, &mut table.policies, &other.policies)
                .await;
            self.triggers(&name, &mut table.triggers, &other.triggers)
                .await;
        }
        for table in catalog.managed_tables.iter_mut() {
            if let Some(other) = like.managed_tables.get(&table.name) {
                let name = table.name.clone();
                self.policies(&name, &mut table.policies, &other.policies)
                    .await;
                self.triggers(&name, &mut table.triggers, &other.triggers)
                    .await;
            }
        }
        for view in catalog.views.iter_mut() {
            if let Some(other) = like.views.get(&view.name) {
                let (text, other) = (&mut view.definition, &other.definition);
                self.replace(text, other, async |text| self.query(text).await)
                    .await;
            }
        }
        for view in catalog.materialized_views.iter_mut() {
            if let Some(other) = like.materialized_views.get(&view.name) {
                let (text, definition) = (&mut view.definition, &other.definition);
                self.replace(text, definition, async |text| self.query(text).await)
                    .await;
                let name = view.name.clone();
                self.indexes(&name, &mut view.indexes, &other.indexes).await;
            }
        }
        for domain in catalog.domains.iter_mut() {
            let Some(other) = like.domains.get(&domain.name) else {
                continue;
            };
            let base = domain.base.clone();
            if let (Some(text), Some(other)) = (&mut domain.default, &other.default) {
                self.replace(text, other, async |text| {
                    self.default("''", &base, text).await
                })
                .await;
            }
            for check in domain.constraints.iter_mut() {
                if let Some(other) = other.constraints.get(&check.name) {
                    let (text, other) = (&mut check.expression, &other.expression);
                    self.replace(text, other, async |text| {
                        self.domain_check(&base, text).await
                    })
                    .await;
                }
            }
        }
    }

    /// Puts what the server prints in the place of a text that differs.
    async fn replace(
        &self,
        text: &mut Expression,
        other: &Expression,
        print: impl AsyncFnOnce(&str) -> Option<String>,
    ) {
        if !dispute::is_open(text, other) {
            return;
        }
        if let Some(printed) = print(&text.text).await {
            *text = Expression::printed(printed, self.major);
        }
    }

    async fn indexes(
        &self,
        relation: &QualifiedName,
        indexes: &mut Collection<Index>,
        others: &Collection<Index>,
    ) {
        for index in indexes.iter_mut() {
            let Some(other) = others.get(&index.name) else {
                continue;
            };
            if let (Some(text), Some(other)) = (&mut index.predicate, &other.predicate) {
                let print = async |text: &str| self.predicate("''", relation, text).await;
                self.replace(text, other, print).await;
            }
            for (key, other) in index.keys.iter_mut().zip(&other.keys) {
                if let (IndexTarget::Expression(text), IndexTarget::Expression(other)) =
                    (&mut key.target, &other.target)
                {
                    let print = async |text: &str| self.index_key(relation, text).await;
                    self.replace(text, other, print).await;
                }
            }
        }
    }

    async fn policies(
        &self,
        table: &QualifiedName,
        policies: &mut Collection<Policy>,
        others: &Collection<Policy>,
    ) {
        for policy in policies.iter_mut() {
            let Some(other) = others.get(&policy.name) else {
                continue;
            };
            let pairs = [
                (&mut policy.using, &other.using),
                (&mut policy.with_check, &other.with_check),
            ];
            for (text, other) in pairs {
                if let (Some(text), Some(other)) = (text, other) {
                    self.replace(text, other, async |text| self.policy(table, text).await)
                        .await;
                }
            }
        }
    }

    async fn triggers(
        &self,
        table: &QualifiedName,
        triggers: &mut Collection<Trigger>,
        others: &Collection<Trigger>,
    ) {
        for trigger in triggers.iter_mut() {
            let other = others.get(&trigger.name).and_then(|it| it.when.as_ref());
            let shape = trigger.clone();
            if let (Some(text), Some(other)) = (&mut trigger.when, other) {
                let print = async |text: &str| self.trigger(table, &shape, text).await;
                self.replace(text, other, print).await;
            }
        }
    }

    async fn generated(&self, table: &QualifiedName, ty: &DataType, text: &str) -> Option<String> {
        let name = name(table);
        let make = format!(
            "ALTER TABLE {name} ADD COLUMN {PROBE} {ty} GENERATED ALWAYS AS ({text}) STORED"
        );
        let read = format!(
            "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a \
             ON a.attrelid = d.adrelid AND a.attnum = d.adnum \
             WHERE d.adrelid = {}::regclass AND a.attname = 'driftless_probe'",
            quote_literal(&name)
        );
        self.print("''", &make, &read).await
    }

    async fn check(&self, table: &QualifiedName, text: &str) -> Option<String> {
        let name = name(table);
        let make = format!("ALTER TABLE {name} ADD CONSTRAINT {PROBE} CHECK ({text}) NOT VALID");
        let read = "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint \
                    WHERE conname = 'driftless_probe'";
        self.print("''", &make, read).await
    }

    async fn domain_check(&self, base: &DataType, text: &str) -> Option<String> {
        let make =
            format!("CREATE DOMAIN pg_temp.{PROBE} AS {base} CONSTRAINT {PROBE} CHECK ({text})");
        let read = "SELECT pg_get_expr(conbin, 0) FROM pg_constraint \
                    WHERE conname = 'driftless_probe'";
        self.print("''", &make, read).await
    }

    async fn index_key(&self, relation: &QualifiedName, text: &str) -> Option<String> {
        let name = name(relation);
        let make = format!("CREATE INDEX {PROBE} ON {name} (({text}))");
        // The same function that introspection asks, and what that does with its answer.
        let read = "SELECT CASE WHEN t LIKE '(%)' THEN substr(t, 2, length(t) - 2) ELSE t END \
                    FROM (SELECT pg_get_indexdef(oid, 1, false) AS t FROM pg_class \
                          WHERE relname = 'driftless_probe') x";
        self.print("''", &make, read).await
    }

    async fn policy(&self, table: &QualifiedName, text: &str) -> Option<String> {
        let name = name(table);
        let command = PolicyCommand::Select.as_str();
        let make = format!("CREATE POLICY {PROBE} ON {name} FOR {command} USING ({text})");
        let read = "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy \
                    WHERE polname = 'driftless_probe'";
        self.print("''", &make, read).await
    }

    async fn trigger(
        &self,
        table: &QualifiedName,
        trigger: &Trigger,
        text: &str,
    ) -> Option<String> {
        let name = name(table);
        let event = |it: &TriggerEvent| match it {
            TriggerEvent::Insert => "INSERT",
            TriggerEvent::Delete => "DELETE",
            TriggerEvent::Update => "UPDATE",
            TriggerEvent::Truncate => "TRUNCATE",
        };
        let events: Vec<&str> = trigger.events.iter().map(event).collect();
        let level = match trigger.level {
            TriggerLevel::Row => "ROW",
            TriggerLevel::Statement => "STATEMENT",
        };
        // What the trigger calls does not matter to its condition; this function is in every server.
        let make = format!(
            "CREATE TRIGGER {PROBE} BEFORE {} ON {name} FOR EACH {level} WHEN ({text}) \
             EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
            events.join(" OR ")
        );
        let read = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'driftless_probe'";
        let definition = self.print("''", &make, read).await?;
        let (_, rest) = definition.split_once(" WHEN (")?;
        let (condition, _) = rest.rsplit_once(") EXECUTE FUNCTION ")?;
        Some(condition.to_owned())
    }

    async fn query(&self, text: &str) -> Option<String> {
        let make = format!("CREATE TEMP VIEW {PROBE} AS {text}");
        let read = "SELECT pg_get_viewdef('pg_temp.driftless_probe'::regclass)";
        let printed = self.print("''", &make, read).await?;
        let printed = printed.trim();
        Some(printed.strip_suffix(';').unwrap_or(printed).to_owned())
    }
}

/// `"schema"."name"`
pub(crate) fn name(name: &QualifiedName) -> String {
    let (schema, name) = (name.schema.as_str(), name.name.as_str());
    format!("{}.{}", quote_always(schema), quote_always(name))
}

/// The questions that no answer has decided.
pub(crate) fn open_questions(questions: Vec<Question>, answers: &Answers) -> Vec<Question> {
    let open = |it: &Question| !answers.0.contains_key(&it.object);
    questions.into_iter().filter(open).collect()
}
