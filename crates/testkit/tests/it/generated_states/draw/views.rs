//! Views and materialized views, on tables and on each other.

use super::{Column, Drawing, Kind, Relation};

/// What views read.
const ALL: &[Kind] = &[
    Kind::Table,
    Kind::Partitioned,
    Kind::View,
    Kind::Materialized,
];

impl Drawing {
    pub(super) fn view(&mut self) {
        self.query("VIEW", Kind::View, |it| {
            let options = it.dice.pick(&[
                "",
                "",
                " WITH (security_invoker=true)",
                " WITH (security_barrier=true)",
                " WITH (security_invoker=true, security_barrier=true)",
            ]);
            let end = it.dice.pick(&[
                "",
                "",
                "",
                " WITH LOCAL CHECK OPTION",
                " WITH CASCADED CHECK OPTION",
            ]);
            (options.to_owned(), end.to_owned())
        });
    }

    pub(super) fn materialized_view(&mut self) {
        self.query("MATERIALIZED VIEW", Kind::Materialized, |it| {
            let options = it.dice.maybe(4, " WITH (fillfactor=80)");
            (options, it.dice.maybe(6, " WITH NO DATA"))
        });
    }

    fn query(
        &mut self,
        word: &'static str,
        kind: Kind,
        ends: impl Fn(&mut Self) -> (String, String),
    ) {
        let (Some(read), Some(other)) = (self.relation(ALL), self.relation(ALL)) else {
            return;
        };
        let name = self.name();
        let columns = [self.part_name(), self.part_name(), self.part_name()];
        let joins = self.dice.once_in(4);
        self.piece(|it| {
            let (options, end) = ends(it);
            let query = it.select(&read, &columns);
            let filter = it.condition(&read);
            let filter = it.dice.maybe(3, &format!(" WHERE {filter}"));
            let query = match joins {
                true => {
                    let more = it.select(&other, &columns[..1]);
                    format!("WITH w AS ({query}{filter}) SELECT * FROM w WHERE EXISTS ({more})")
                }
                false => format!("{query}{filter}"),
            };
            format!("CREATE {word} {name}{options} AS {query}{end}")
        });
        let columns = columns.iter().take(2).map(|name| Column {
            name: name.clone(),
            data_type: "text".to_owned(),
        });
        self.relations.push(Relation {
            kind,
            name: name.clone(),
            columns: columns.collect(),
        });
        self.thing(word, &name);
    }

    /// A query that gives the columns, apart from the last now and then.
    fn select(&mut self, read: &Relation, columns: &[String]) -> String {
        let mut given: Vec<String> = Vec::new();
        for name in columns {
            let column = match self.dice.once_in(3) {
                true => self.text_of(read),
                false => self.column_of(read),
            };
            given.push(format!("{column} AS {name}"));
        }
        if given.len() > 2 && self.dice.once_in(2) {
            given.pop();
        }
        if self.dice.once_in(8) {
            given.reverse();
        }
        format!("SELECT {} FROM {}", given.join(", "), read.name)
    }
}
