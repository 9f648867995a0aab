use crate::{Code, Severity, Span};

/// Something a check has to say: what, how bad, about which object, where, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind of finding.
    pub code: &'static Code,
    /// Usually the code's own severity.
    pub severity: Severity,
    /// Lower case, without a full stop; names in backticks.
    pub message: String,
    /// The database object or schema element it is about, as a person would name it: `table public.users`.
    pub object: Option<String>,
    /// The place to look at first.
    pub span: Option<Span>,
    /// Further places, each with a word on why it matters.
    pub labels: Vec<Label>,
    /// Facts that help to judge it, a line each.
    pub notes: Vec<String>,
    /// What to do. Short, starts with a verb or a question.
    pub help: Option<String>,
    /// What would mend it.
    pub fix: Option<Fix>,
}

/// A further place that a finding mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// Why the place matters, lower case, without a full stop.
    pub text: String,
}

/// A machine-readable way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// SQL to run, complete with semicolons.
    Sql(String),
    /// Text that should stand in a file in place of what is there.
    Replace {
        /// What is replaced; an empty span inserts.
        span: Span,
        /// What should stand there.
        text: String,
    },
}

impl Finding {
    /// A finding of `code` at the code's own severity, without a place.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            object: None,
            span: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Points at `span`.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Points at `span`, if there is one.
    #[must_use]
    pub fn at_maybe(mut self, span: Option<Span>) -> Self {
        self.span = span;
        self
    }

    /// Names the object it is about.
    #[must_use]
    pub fn object(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Overrides the severity of the code.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.labels.push(Label { span, text });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Attaches what would mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// The highest severity among `findings`, or `None` if there are none.
pub fn worst<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Option<Severity> {
    findings.into_iter().map(|it| it.severity).max()
}
