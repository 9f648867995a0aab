//! Owners, grants, comments.

use super::{Drawing, Thing};

const ROLES: &[&str] = &[
    "app_owner",
    "app_reader",
    "app_writer",
    "\"Odd \"\"role\"",
    "anon",
    "PUBLIC",
];

impl Drawing {
    pub(super) fn role(&mut self) -> String {
        self.dice.pick(ROLES).to_owned()
    }

    pub(super) fn rights(&mut self) {
        if self.things.is_empty() {
            return;
        }
        let thing = self.dice.pick(&self.things);
        match self.dice.below(9) {
            0 | 1 => self.comment(&thing),
            2 | 3 => self.owner(&thing),
            4 => self.default_privileges(),
            5 => self.column_rights(),
            _ => self.grant(&thing),
        }
    }

    fn comment(&mut self, thing: &Thing) {
        let Thing { kind, name } = thing;
        self.piece(|it| {
            let text = it.dice.pick(&["it''s", "-- no", "$$;\n\\", "ä"]);
            format!("COMMENT ON {kind} {name} IS '{text}'")
        });
    }

    fn owner(&mut self, thing: &Thing) {
        let Thing { kind, name } = thing;
        self.piece(|it| {
            let role = it
                .dice
                .pick(&["app_owner", "app_writer", "\"Odd \"\"role\""]);
            format!("ALTER {kind} {name} OWNER TO {role}")
        });
    }

    fn grant(&mut self, thing: &Thing) {
        let Thing { kind, name } = thing;
        let (word, rights): (&str, &[&str]) = match *kind {
            "TABLE" | "VIEW" | "MATERIALIZED VIEW" => (
                "TABLE",
                &["SELECT", "INSERT, UPDATE", "ALL", "TRIGGER, REFERENCES"],
            ),
            "SEQUENCE" => ("SEQUENCE", &["USAGE", "SELECT, UPDATE", "ALL"]),
            "FUNCTION" | "AGGREGATE" => ("FUNCTION", &["EXECUTE"]),
            "PROCEDURE" => ("PROCEDURE", &["EXECUTE"]),
            "SCHEMA" => ("SCHEMA", &["USAGE", "CREATE", "ALL"]),
            "TYPE" => ("TYPE", &["USAGE"]),
            "DOMAIN" => ("DOMAIN", &["USAGE"]),
            _ => return,
        };
        self.piece(|it| {
            let (rights, role) = (it.dice.pick(rights), it.role());
            if it.dice.once_in(3) {
                let role = it.dice.pick(&["PUBLIC", "postgres"]);
                return format!("REVOKE ALL ON {word} {name} FROM {role}");
            }
            let option = it.dice.maybe(4, " WITH GRANT OPTION");
            format!("GRANT {rights} ON {word} {name} TO {role}{option}")
        });
    }

    fn column_rights(&mut self) {
        let Some(table) = self.relation(super::tables::TABLES) else {
            return;
        };
        self.piece(|it| {
            let column = it.column_of(&table);
            let right = it.dice.pick(&["SELECT", "UPDATE", "REFERENCES"]);
            format!(
                "GRANT {right} ({column}) ON {} TO {}",
                table.name,
                it.role()
            )
        });
    }

    fn default_privileges(&mut self) {
        self.piece(|it| {
            let schema = format!(" IN SCHEMA {}", it.dice.pick(&it.schemas));
            let schema = it.dice.maybe(2, &schema);
            let (rights, kind) = it.dice.pick(&[
                ("SELECT", "TABLES"),
                ("ALL", "TABLES"),
                ("USAGE", "SEQUENCES"),
                ("EXECUTE", "FUNCTIONS"),
                ("USAGE", "TYPES"),
            ]);
            let role = it.role();
            match it.dice.once_in(4) {
                true => {
                    format!("ALTER DEFAULT PRIVILEGES{schema} REVOKE ALL ON {kind} FROM PUBLIC")
                }
                false => {
                    format!("ALTER DEFAULT PRIVILEGES{schema} GRANT {rights} ON {kind} TO {role}")
                }
            }
        });
    }
}
