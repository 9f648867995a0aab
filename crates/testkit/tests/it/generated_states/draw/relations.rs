//! What belongs to a table: constraints, indexes, triggers, policies, statistics, rules.

use super::tables::TABLES;
use super::{Drawing, Kind, Relation};

impl Drawing {
    pub(super) fn constraint(&mut self) {
        let Some(table) = self.relation(TABLES) else {
            return;
        };
        let name = self.part_name();
        let kind = self.dice.below(6);
        self.piece(|it| {
            let (one, two) = (it.column_of(&table), it.column_of(&table));
            let columns = match one == two {
                true => one.clone(),
                false => format!("{one}, {two}"),
            };
            let deferrable =
                it.dice
                    .pick(&["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
            let condition = it.condition(&table);
            let text = match kind {
                0 => {
                    let distinct = it.dice.maybe(5, " NULLS NOT DISTINCT");
                    let more = it.dice.maybe(5, &format!(" INCLUDE ({two})"));
                    format!("UNIQUE{distinct} ({columns}){more}{deferrable}")
                }
                1 => {
                    let filter = it.dice.maybe(3, &format!(" WHERE {condition}"));
                    format!("EXCLUDE USING btree ({one} WITH =){filter}{deferrable}")
                }
                2 => format!("NOT NULL {one}"),
                _ => {
                    let end =
                        it.dice
                            .pick(&["", "", "", " NOT VALID", " NO INHERIT", " NOT ENFORCED"]);
                    format!("CHECK ({condition}){end}")
                }
            };
            format!("ALTER TABLE {} ADD CONSTRAINT {name} {text}", table.name)
        });
        self.thing("CONSTRAINT", &format!("{name} ON {}", table.name));
    }

    pub(super) fn foreign_key(&mut self) {
        let (Some(table), Some(target)) = (self.relation(TABLES), self.relation(TABLES)) else {
            return;
        };
        let fitting = |it: &&super::Column| it.data_type == "bigint";
        let columns: Vec<String> = table
            .columns
            .iter()
            .filter(fitting)
            .map(|it| it.name.clone())
            .collect();
        let (false, Some(key)) = (columns.is_empty(), target.columns.first()) else {
            return;
        };
        let name = self.part_name();
        self.piece(|it| {
            let column = it.dice.pick(&columns);
            let actions = it.dice.pick(&[
                "",
                "",
                " ON DELETE CASCADE",
                " ON DELETE SET NULL ON UPDATE CASCADE",
                " MATCH FULL",
            ]);
            let end = it
                .dice
                .pick(&["", "", "", " DEFERRABLE", " NOT VALID", " NOT ENFORCED"]);
            format!(
                "ALTER TABLE {} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {} ({}){actions}{end}",
                table.name, target.name, key.name
            )
        });
        self.thing("CONSTRAINT", &format!("{name} ON {}", table.name));
    }

    pub(super) fn index(&mut self) {
        let kinds = [
            Kind::Table,
            Kind::Table,
            Kind::Partitioned,
            Kind::Materialized,
        ];
        let Some(table) = self.relation(&kinds) else {
            return;
        };
        let name = self.part_name();
        self.piece(|it| {
            let unique = it.dice.maybe(4, "UNIQUE ");
            let method = it.dice.pick(&["btree", "btree", "btree", "btree", "hash"]);
            let parts: Vec<String> = (0..1 + it.dice.below(2))
                .map(|_| it.index_part(&table, method))
                .collect();
            let more = match it.dice.once_in(5) {
                true => format!(" INCLUDE ({})", it.column_of(&table)),
                false => String::new(),
            };
            let condition = it.condition(&table);
            let filter = it.dice.maybe(4, &format!(" WHERE {condition}"));
            let options = it.dice.maybe(5, " WITH (fillfactor=60)");
            let (only, relation) = (it.dice.maybe(12, "ONLY "), &table.name);
            format!(
                "CREATE {unique}INDEX {name} ON {only}{relation} USING {method} ({}){more}{options}{filter}",
                parts.join(", ")
            )
        });
        let (schema, _) = split(&table.name);
        self.thing("INDEX", &format!("{schema}.{name}"));
        if self.dice.once_in(8) {
            let table = &table.name;
            self.piece(|it| {
                let change = it
                    .dice
                    .pick(&["CLUSTER ON", "REPLICA IDENTITY USING INDEX"]);
                format!("ALTER TABLE {table} {change} {name}")
            });
        }
    }

    fn index_part(&mut self, table: &Relation, method: &str) -> String {
        let part = match self.dice.below(4) {
            0 => format!("({})", self.text_of(table)),
            _ => self.column_of(table),
        };
        let order = match method {
            "btree" => self.dice.pick(&["", "", " DESC", " DESC NULLS LAST"]),
            _ => "",
        };
        let class = self.dice.maybe(8, " text_pattern_ops");
        format!("{part}{class}{order}")
    }

    pub(super) fn trigger(&mut self) {
        if self.trigger_functions.is_empty() {
            self.trigger_function();
        }
        let Some(table) = self.relation(&[Kind::Table, Kind::Partitioned, Kind::View]) else {
            return;
        };
        let name = self.part_name();
        let function = self.dice.pick(&self.trigger_functions);
        self.piece(|it| {
            let column = it.column_of(&table);
            let of = it.dice.maybe(4, &format!(" OF {column}"));
            let event = it.dice.pick(&["INSERT", "DELETE", "INSERT OR UPDATE"]);
            let event = match of.is_empty() {
                true => event.to_owned(),
                false => format!("UPDATE{of}"),
            };
            let when = it
                .dice
                .maybe(4, " WHEN (pg_trigger_depth() < 3)");
            let argument = it.dice.maybe(4, "'it''s', '$$'");
            let table = &table.name;
            let (start, end) = it.dice.pick(&[
                ("TRIGGER", "FOR EACH ROW"),
                ("TRIGGER", "FOR EACH ROW"),
                ("TRIGGER", "FOR EACH STATEMENT"),
                ("CONSTRAINT TRIGGER", "DEFERRABLE FOR EACH ROW"),
            ]);
            let moment = match it.dice.below(3) {
                _ if start != "TRIGGER" => "AFTER",
                0 => "BEFORE",
                1 => "INSTEAD OF",
                _ => "AFTER",
            };
            format!(
                "CREATE {start} {name} {moment} {event} ON {table} {end}{when} EXECUTE FUNCTION {function}({argument})"
            )
        });
        let of = format!("{name} ON {}", table.name);
        self.thing("TRIGGER", &of);
        if self.dice.once_in(4) {
            self.piece(|it| {
                let change = it
                    .dice
                    .pick(&["DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"]);
                format!("ALTER TABLE {} {change} TRIGGER {name}", table.name)
            });
        }
    }

    pub(super) fn policy(&mut self) {
        let (Some(table), Some(read)) = (
            self.relation(TABLES),
            self.relation(&[Kind::Table, Kind::View, Kind::Materialized]),
        ) else {
            return;
        };
        let name = self.part_name();
        self.piece(|it| {
            let restrictive = it.dice.maybe(4, " AS RESTRICTIVE");
            let role = it.role();
            let condition = match it.dice.once_in(3) {
                true => format!(
                    "(EXISTS (SELECT FROM {} WHERE {}))",
                    read.name,
                    it.condition(&read)
                ),
                false => it.condition(&table),
            };
            let command = it.dice.pick(&["ALL", "SELECT", "UPDATE", "INSERT"]);
            let using = match command {
                "INSERT" => String::new(),
                _ => format!(" USING {condition}"),
            };
            let check = match command {
                "INSERT" => format!(" WITH CHECK {condition}"),
                "SELECT" => String::new(),
                _ => it.dice.maybe(3, " WITH CHECK (true)"),
            };
            let table = &table.name;
            format!(
                "CREATE POLICY {name} ON {table}{restrictive} FOR {command} TO {role}{using}{check}"
            )
        });
        self.thing("POLICY", &format!("{name} ON {}", table.name));
    }

    pub(super) fn statistics_or_rule(&mut self) {
        let Some(table) = self.relation(TABLES) else {
            return;
        };
        if self.dice.once_in(2) {
            let name = self.name();
            self.piece(|it| {
                let (one, two) = (it.column_of(&table), it.column_of(&table));
                let kinds = it.dice.pick(&["", " (ndistinct)", " (dependencies, mcv)"]);
                format!(
                    "CREATE STATISTICS {name}{kinds} ON {one}, {two} FROM {}",
                    table.name
                )
            });
            self.thing("STATISTICS", &name);
            return;
        }
        let name = self.part_name();
        self.piece(|it| {
            let event = it.dice.pick(&["UPDATE", "INSERT", "DELETE"]);
            let condition = it.dice.maybe(3, " WHERE (pg_backend_pid() > 0)");
            let table = &table.name;
            format!("CREATE RULE {name} AS ON {event} TO {table}{condition} DO ALSO NOTIFY x")
        });
        self.thing("RULE", &format!("{name} ON {}", table.name));
    }
}

/// The schema of a name, and the rest: both in quotes, or the schema without.
fn split(name: &str) -> (&str, &str) {
    match name.strip_prefix("public.") {
        Some(rest) => ("public", rest),
        None => name.split_once("\".\"").map_or(("", name), |(schema, _)| {
            let end = schema.len() + 1;
            (&name[..end], &name[end + 1..])
        }),
    }
}
