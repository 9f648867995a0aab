use driftless_finding::{Finding, Sources};
use driftless_lint::Plan;

use crate::Certificate;
use crate::RenameQuestion;

/// What a workflow has to tell.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What was looked at: a word, and what it stands for.
    pub facts: Vec<(String, String)>,
    /// What was found, in the order in which it should be read.
    pub findings: Vec<Finding>,
    /// The files that the findings point into.
    pub sources: Sources,
    /// What is said if there are no findings.
    pub verdict: String,
    /// The text that the verb was asked for: a script, a snapshot. `None` if there is none to give.
    pub output: Option<String>,
    /// Whether the script is known to fail, or was seen to: findings say why.
    pub doomed: bool,
    /// What came of trying the script, if that was asked for.
    pub certificate: Option<Certificate>,
    /// The script as data, if it was asked for.
    pub plan: Option<Plan>,
    /// Whether the states that were compared differ, for verbs that compare without finding fault.
    pub differs: bool,
    /// The exit code of verbs that could not work for the first cause that was found, for the verb that looks for such
    /// causes; else `None`.
    pub keeps_from_work: Option<u8>,
}

impl Outcome {
    pub(crate) fn fact(&mut self, word: &str, text: impl Into<String>) {
        self.facts.push((word.to_owned(), text.into()));
    }
}

/// Is told what a workflow does, so that somebody who waits can be told, and asked.
pub trait Progress: Sync {
    /// A step begins: `replaying 12 migrations`.
    fn step(&self, text: &str);

    /// Whether something has got another name; `None` if nobody is there to say so, as by default.
    fn is_renamed(&self, _question: &RenameQuestion) -> Option<bool> {
        None
    }
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _text: &str) {}
}
