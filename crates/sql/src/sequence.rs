use driftless_catalog::{Persistence, QualifiedName, Sequence, SequenceOptions, SequenceOwner};
use driftless_diff::Delta;
use driftless_sql_text::quote_literal;

use crate::name::ident;
use crate::{Label, SqlOptions, Statement};

pub(crate) fn render(delta: &Delta<'_, Sequence>, options: &SqlOptions) -> (Label, Vec<Statement>) {
    match delta {
        Delta::Create(it) => {
            let sql = create(it, options);
            (Label::CreateSequence, vec![Statement::new(sql)])
        }
        Delta::Drop(it) => {
            let sql = format!("DROP SEQUENCE {}", options.name(&it.name));
            let statement = Statement::new(sql).deletes(position_of(&it.name));
            (Label::DropSequence, vec![statement])
        }
        Delta::Alter { from, to } => (Label::AlterSequence, alter(from, to, options)),
    }
}

/// `CREATE SEQUENCE …`
pub(crate) fn create(it: &Sequence, options: &SqlOptions) -> String {
    let unlogged = match it.persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
    };
    let name = options.name(&it.name);
    let clauses = clauses(None, &it.options, options);
    format!("CREATE {unlogged}SEQUENCE {name}{clauses}")
}

fn alter(from: &Sequence, to: &Sequence, options: &SqlOptions) -> Vec<Statement> {
    let name = options.name(&to.name);
    let mut statements = Vec::new();
    let clauses = clauses(Some(&from.options), &to.options, options);
    if !clauses.is_empty() {
        let position = Position::between(&from.options, &to.options);
        let unused = Position::of_unused(&to.name, &from.options, &to.options, options);
        let moved = position.before(&to.name, options);
        statements.extend(unused.into_iter().chain(moved).map(Statement::new));
        let restart = position.clause();
        let statement = Statement::new(format!("ALTER SEQUENCE {name}{clauses}{restart}"));
        statements.push(match position {
            Position::Restarts => statement.deletes(position_of(&to.name)),
            Position::Stays | Position::AtLeast(_) | Position::AtMost(_) => statement,
        });
    }
    if from.persistence != to.persistence {
        let logged = match to.persistence {
            Persistence::Permanent => "LOGGED",
            Persistence::Unlogged => "UNLOGGED",
        };
        statements.push(Statement::new(format!(
            "ALTER SEQUENCE {name} SET {logged}"
        )));
    }
    statements
}

/// What is lost with the position of a sequence.
pub(crate) fn position_of(sequence: &QualifiedName) -> String {
    format!("the position of sequence {sequence}")
}

/// Where a sequence stands when its bounds have changed: the server refuses bounds that it is not within.
#[derive(Clone, Copy)]
pub(crate) enum Position {
    /// Where it stood. One that has gone further than the new bounds is left to the server's refusal.
    Stays,
    /// Where it stood, or at the value where it begins now: it had not come that far.
    AtLeast(i64),
    /// The same for one that counts down.
    AtMost(i64),
    /// At its beginning: no value of the old bounds is within the new ones.
    Restarts,
}

impl Position {
    pub(crate) fn between(from: &SequenceOptions, to: &SequenceOptions) -> Self {
        if to.min > from.max || to.max < from.min {
            Self::Restarts
        } else if to.increment > 0 && to.min > from.min {
            Self::AtLeast(to.min)
        } else if to.increment < 0 && to.max < from.max {
            Self::AtMost(to.max)
        } else {
            Self::Stays
        }
    }

    /// The statement that has to run before the bounds change.
    pub(crate) fn before(self, sequence: &QualifiedName, options: &SqlOptions) -> Option<String> {
        let (value, sign) = match self {
            Self::AtLeast(value) => (value, '<'),
            Self::AtMost(value) => (value, '>'),
            Self::Stays | Self::Restarts => return None,
        };
        let name = options.name(sequence);
        let text = quote_literal(&name);
        Some(format!(
            "SELECT setval({text}, {value}, false) FROM {name} WHERE last_value {sign} {value}"
        ))
    }

    /// The statement that has to run before one that was never asked begins elsewhere: its first value is beyond the
    /// new bounds.
    pub(crate) fn of_unused(
        sequence: &QualifiedName,
        from: &SequenceOptions,
        to: &SequenceOptions,
        options: &SqlOptions,
    ) -> Option<String> {
        let is_beyond = match to.increment > 0 {
            true => from.start > to.max,
            false => from.start < to.min,
        };
        let is_within = (from.min..=from.max).contains(&to.start);
        let name = options.name(sequence);
        let (text, start, first) = (quote_literal(&name), to.start, from.start);
        (is_beyond && is_within).then(|| {
            format!(
                "SELECT setval({text}, {start}, false) FROM {name} \
                 WHERE NOT is_called AND last_value = {first}"
            )
        })
    }

    /// What stands behind the other clauses.
    pub(crate) fn clause(self) -> &'static str {
        match self {
            Self::Restarts => " RESTART",
            Self::Stays | Self::AtLeast(_) | Self::AtMost(_) => "",
        }
    }
}

/// The clauses that lead from `from`, or from what the server would choose, to `to`.
pub(crate) fn clauses(
    from: Option<&SequenceOptions>,
    to: &SequenceOptions,
    options: &SqlOptions,
) -> String {
    let bigint = driftless_catalog::DataType::builtin("int8");
    let usual = SequenceOptions::of(to.data_type.clone());
    let before = from.unwrap_or(&usual);
    let mut text = String::new();
    let type_differs = match from {
        Some(from) => from.data_type != to.data_type,
        None => to.data_type != bigint,
    };
    if type_differs {
        text.push_str(&format!(" AS {}", options.data_type(&to.data_type)));
    }
    for (word, before, after) in [
        ("INCREMENT BY", before.increment, to.increment),
        ("MINVALUE", before.min, to.min),
        ("MAXVALUE", before.max, to.max),
        ("START WITH", before.start, to.start),
        ("CACHE", before.cache, to.cache),
    ] {
        if before != after {
            text.push_str(&format!(" {word} {after}"));
        }
    }
    if before.cycle != to.cycle {
        text.push_str(if to.cycle { " CYCLE" } else { " NO CYCLE" });
    }
    text
}

pub(crate) fn render_owner(
    sequence: &QualifiedName,
    to: Option<&SequenceOwner>,
    options: &SqlOptions,
) -> (Label, Vec<Statement>) {
    let owner = match to {
        Some(it) => format!("{}.{}", options.name(&it.table), ident(&it.column)),
        None => "NONE".to_owned(),
    };
    let sql = format!("ALTER SEQUENCE {} OWNED BY {owner}", options.name(sequence));
    (Label::AlterSequence, vec![Statement::new(sql)])
}
