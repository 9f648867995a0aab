//! Functions, procedures and aggregates.

use super::{Drawing, Kind};

impl Drawing {
    pub(super) fn function(&mut self) {
        match self.dice.below(6) {
            0 => self.aggregate(),
            1 => self.procedure(),
            2 => self.reading_function(),
            _ => self.text_function(),
        }
    }

    fn text_function(&mut self) {
        let name = self.name();
        let overload = self.dice.once_in(4);
        self.piece(|it| {
            let argument = it.dice.pick(&["x", "x", "\"X y\""]);
            let default = it.dice.maybe(5, " DEFAULT 'it''s'");
            let result = it.dice.pick(&["text", "text", "text", "text", "varchar"]);
            let volatility = it.dice.pick(&["IMMUTABLE", "IMMUTABLE", "IMMUTABLE", "STABLE"]);
            let properties = it.function_properties();
            let called = match it.dice.once_in(3) && !it.functions.is_empty() {
                true => it.dice.pick(&it.functions),
                false => "lower".to_owned(),
            };
            let body = match it.dice.below(4) {
                0 => format!("LANGUAGE plpgsql AS $f$ BEGIN RETURN {called}($1); END $f$"),
                1 => format!("LANGUAGE sql RETURN {called}({argument})"),
                2 => "LANGUAGE sql AS 'SELECT $1 || ''--'''".to_owned(),
                _ => format!("LANGUAGE sql AS $f$ SELECT {called}($1) $f$"),
            };
            format!(
                "CREATE FUNCTION {name}({argument} text{default}) RETURNS {result} {volatility}{properties} {body}"
            )
        });
        self.thing("FUNCTION", &format!("{name}(text)"));
        if overload {
            self.piece(|it| {
                let properties = it.function_properties();
                format!(
                    "CREATE FUNCTION {name}(integer, VARIADIC text[]) RETURNS integer{properties} LANGUAGE sql AS 'SELECT $1'"
                )
            });
            self.thing("FUNCTION", &format!("{name}(integer, text[])"));
        }
        self.functions.push(name);
    }

    fn function_properties(&mut self) -> String {
        let parts = [
            self.dice.maybe(6, " STRICT"),
            self.dice.maybe(6, " SECURITY DEFINER"),
            self.dice.maybe(8, " LEAKPROOF"),
            self.dice.maybe(8, " PARALLEL SAFE"),
            self.dice.maybe(8, " COST 7"),
            self.dice.maybe(6, " SET search_path = public, pg_temp"),
            self.dice.maybe(10, " SET work_mem = '8MB'"),
        ];
        parts.concat()
    }

    /// A function whose body names relations.
    fn reading_function(&mut self) {
        let Some(read) = self.relation(&[Kind::Table, Kind::View, Kind::Materialized]) else {
            return;
        };
        let name = self.name();
        let usual = self.dice.below(3);
        self.piece(|it| {
            let (column, condition) = (it.text_of(&read), it.condition(&read));
            let properties = it.function_properties();
            let from = format!("SELECT max({column}) FROM {} WHERE {condition}", read.name);
            let body = match it.dice.once_in(4) {
                true => (usual + 1) % 3,
                false => usual,
            };
            let body = match body {
                0 => format!("LANGUAGE sql BEGIN ATOMIC {from}; END"),
                1 => format!("LANGUAGE plpgsql AS $f$ BEGIN RETURN ({from}); END $f$"),
                _ => format!("LANGUAGE sql AS $f$ {from} $f$"),
            };
            match it.dice.once_in(6) {
                true => {
                    let table = &read.name;
                    format!("CREATE FUNCTION {name}(text) RETURNS SETOF {table} LANGUAGE sql AS $f$ SELECT * FROM {table} $f$")
                }
                false => format!("CREATE FUNCTION {name}(text) RETURNS text{properties} {body}"),
            }
        });
        self.thing("FUNCTION", &format!("{name}(text)"));
        if self.dice.once_in(2) {
            self.functions.push(name);
        }
    }

    fn procedure(&mut self) {
        let name = self.name();
        self.piece(|it| {
            let data_type = it.data_type();
            let argument = it.dice.maybe(2, &format!("INOUT x {data_type}"));
            let body = it.dice.pick(&["NULL;", "PERFORM 1;"]);
            format!(
                "CREATE PROCEDURE {name}({argument}) LANGUAGE plpgsql AS $f$ BEGIN {body} END $f$"
            )
        });
        self.thing("PROCEDURE", &name);
    }

    fn aggregate(&mut self) {
        let (state, name) = (self.name(), self.name());
        self.piece(|it| {
            let body = it.dice.pick(&["$1 || $2", "$2 || $1"]);
            let properties = it.function_properties();
            format!("CREATE FUNCTION {state}(text, text) RETURNS text{properties} LANGUAGE sql AS 'SELECT {body}'")
        });
        self.thing("FUNCTION", &format!("{state}(text, text)"));
        self.piece(|it| {
            let initial = it.dice.maybe(2, ", INITCOND = 'it''s'");
            let parallel = it.dice.maybe(5, ", PARALLEL = SAFE");
            format!(
                "CREATE AGGREGATE {name}(text) (SFUNC = {state}, STYPE = text{initial}{parallel})"
            )
        });
        self.thing("AGGREGATE", &format!("{name}(text)"));
    }

    pub(super) fn trigger_function(&mut self) {
        let name = self.name();
        self.piece(|it| {
            let properties = it.function_properties();
            let result = it.dice.pick(&["NEW", "NULL"]);
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger{properties} LANGUAGE plpgsql AS $f$ BEGIN RETURN {result}; END $f$"
            )
        });
        self.thing("FUNCTION", &format!("{name}()"));
        self.trigger_functions.push(name);
    }
}
