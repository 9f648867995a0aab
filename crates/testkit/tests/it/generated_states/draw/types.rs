//! Schemas, types and sequences.

use super::Drawing;

impl Drawing {
    pub(super) fn schema(&mut self) {
        let name = self.part_name();
        self.piece(|_| format!("CREATE SCHEMA {name}"));
        self.thing("SCHEMA", &name);
        self.schemas.push(name);
    }

    pub(super) fn a_type(&mut self) {
        let name = self.name();
        let kind = match self.dice.below(4) {
            0 => self.enumeration(&name),
            1 => self.domain(&name),
            2 => self.composite(&name),
            _ => self.range(&name),
        };
        self.thing(kind, &name);
        self.types.push(name);
    }

    fn enumeration(&mut self, name: &str) -> &'static str {
        self.piece(|it| {
            let mut labels = vec!["'a'", "'it''s'", "'B b'"];
            if it.dice.once_in(3) {
                labels.remove(it.dice.below(3));
            }
            if it.dice.once_in(2) {
                labels.insert(it.dice.below(labels.len() + 1), "'new'");
            }
            if it.dice.once_in(4) {
                labels.reverse();
            }
            format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
        });
        "TYPE"
    }

    fn domain(&mut self, name: &str) -> &'static str {
        let check = self.part_name();
        self.piece(|it| {
            let base = it.dice.pick(&["text", "varchar(20)", "text", "integer"]);
            let default = it.dice.pick(&["", "", " DEFAULT '7'", " DEFAULT NULL"]);
            let not_null = it.dice.maybe(4, " NOT NULL");
            let calls = match it.dice.once_in(3) && !it.functions.is_empty() {
                true => it.dice.pick(&it.functions),
                false => "upper".to_owned(),
            };
            let conditions = [
                String::new(),
                format!(" CONSTRAINT {check} CHECK ((VALUE)::text <> 'no')"),
                format!(" CHECK ({calls}((VALUE)::text) <> 'NO')"),
            ];
            let condition = it.dice.pick(&conditions);
            format!("CREATE DOMAIN {name} AS {base}{default}{not_null}{condition}")
        });
        "DOMAIN"
    }

    fn composite(&mut self, name: &str) -> &'static str {
        let names = [self.part_name(), self.part_name(), self.part_name()];
        self.piece(|it| {
            let attributes = names.iter().filter_map(|name| {
                let data_type = it.data_type();
                (!it.dice.once_in(5)).then(|| format!("{name} {data_type}"))
            });
            let attributes: Vec<String> = attributes.collect();
            format!("CREATE TYPE {name} AS ({})", attributes.join(", "))
        });
        "TYPE"
    }

    fn range(&mut self, name: &str) -> &'static str {
        self.piece(|it| {
            let subtype = it.dice.pick(&["integer", "text", "date", "float8"]);
            format!("CREATE TYPE {name} AS RANGE (subtype = {subtype})")
        });
        "TYPE"
    }

    pub(super) fn sequence(&mut self) {
        let name = self.name();
        self.piece(|it| {
            let data_type = it.dice.pick(&["", "", " AS integer", " AS smallint"]);
            let increment = it.dice.pick(&["", " INCREMENT BY 3", " INCREMENT BY -2"]);
            let cache = it.dice.maybe(4, " CACHE 7");
            let cycle = it.dice.maybe(4, " CYCLE");
            format!("CREATE SEQUENCE {name}{data_type}{increment}{cache}{cycle}")
        });
        self.thing("SEQUENCE", &name);
        self.sequences.push(name);
    }

    /// Any type, of the server or of the state.
    pub(super) fn data_type(&mut self) -> String {
        const BUILT_IN: &[&str] = &[
            "integer",
            "bigint",
            "bigint",
            "smallint",
            "text",
            "text",
            "varchar(20)",
            "char(4)",
            "numeric(10,2)",
            "boolean",
            "date",
            "timestamptz(3)",
            "jsonb",
            "uuid",
            "text[]",
            "int4range",
            "text COLLATE \"C\"",
        ];
        if !self.types.is_empty() && self.dice.once_in(4) {
            let array = self.dice.maybe(6, "[]");
            return format!("{}{array}", self.dice.pick(&self.types));
        }
        self.dice.pick(BUILT_IN).to_owned()
    }
}
