//! Where things go: data to stdout, everything else to stderr.

use std::borrow::Cow;
use std::io::{BufRead, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use driftless_finding::hide_secrets;
use driftless_project::{Progress, ProjectError, RenameQuestion};

use crate::args::Color;

/// Prints data. A reader that has gone away is no reason to complain.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints what is not data.
pub(crate) fn eprint(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says what went wrong, and what to do about it, without the passwords of URLs that stand where they do not
/// belong.
pub(crate) fn complain(message: &str, help: Option<&str>) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "error: {}", hide_secrets(message));
    if let Some(help) = help {
        let _ = writeln!(out, " = help: {}", hide_secrets(help));
    }
}

/// Says what is not understood of the arguments, or shows the help; returns the exit code.
pub(crate) fn tell_usage(error: &clap::Error) -> u8 {
    let text = error.render().to_string();
    match hide_secrets(&text) {
        Cow::Borrowed(_) => {
            let _ = error.print();
        }
        Cow::Owned(hidden) if error.use_stderr() => eprint(&hidden),
        Cow::Owned(hidden) => print(&hidden),
    }
    u8::try_from(error.exit_code()).unwrap_or(2)
}

/// What went wrong, with every cause.
pub(crate) fn message_of(error: &ProjectError) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(it) = cause {
        let text = it.to_string();
        // Some errors repeat their cause, and one says only that it has one.
        if text != "db error" && !message.contains(&text) {
            message.push_str(&format!(": {text}"));
        }
        cause = it.source();
    }
    message
}

/// Whether to colour what goes to stdout.
pub(crate) fn wants_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
            !refused && std::io::stdout().is_terminal()
        }
    }
}

/// Tells on stderr what is being done: one line that replaces itself on a terminal, a line each with `-v`.
pub(crate) struct Steps {
    lines: bool,
    replacing: bool,
    written: AtomicBool,
}

impl Steps {
    pub(crate) fn new(quiet: bool, verbose: bool) -> Self {
        Self {
            lines: verbose,
            replacing: !quiet && !verbose && std::io::stderr().is_terminal(),
            written: AtomicBool::new(false),
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.written.swap(false, Ordering::Relaxed) {
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

impl Progress for Steps {
    fn step(&self, text: &str) {
        let text = hide_secrets(text);
        let mut out = std::io::stderr().lock();
        if self.lines {
            let _ = writeln!(out, "{text}");
        } else if self.replacing {
            self.written.store(true, Ordering::Relaxed);
            let _ = write!(out, "\r\u{1b}[K{text} …").and_then(|()| out.flush());
        }
    }

    fn is_renamed(&self, question: &RenameQuestion) -> Option<bool> {
        let input = std::io::stdin();
        if !input.is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        self.clear();
        ask(question, &mut input.lock(), &mut std::io::stderr().lock())
    }
}

/// Asks until there is an answer; `None` if it is to be left open, or nobody answers.
fn ask(question: &RenameQuestion, input: &mut impl BufRead, out: &mut impl Write) -> Option<bool> {
    writeln!(out, "{}", question.question).ok()?;
    for it in &question.evidence {
        writeln!(out, "  - {it}").ok()?;
    }
    loop {
        write!(out, "yes, no, or later? ")
            .and_then(|()| out.flush())
            .ok()?;
        let mut answer = String::new();
        if input.read_line(&mut answer).ok()? == 0 {
            return None;
        }
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => return Some(true),
            "n" | "no" => return Some(false),
            "l" | "later" => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_until_it_is_answered() {
        let question = RenameQuestion {
            question: "is column a.b.c now called d?".to_owned(),
            evidence: vec!["both are text".to_owned()],
            spelled: "column:a.b.c=d".to_owned(),
        };
        let answer = |text: &str| {
            let mut out = Vec::new();
            let answer = ask(&question, &mut text.as_bytes(), &mut out);
            (answer, String::from_utf8(out).unwrap())
        };
        let (yes, shown) = answer("what?\nYes\n");
        assert_eq!(yes, Some(true));
        assert_eq!(
            shown,
            "is column a.b.c now called d?\n  - both are text\nyes, no, or later? yes, no, or later? "
        );
        assert_eq!(answer("n\n").0, Some(false));
        assert_eq!(answer("later\n").0, None);
        assert_eq!(answer("").0, None);
    }
}
