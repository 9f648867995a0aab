//! Where things go: data to stdout, everything else to stderr.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use driftless_finding::hide_secrets;
use driftless_project::{Progress, ProjectError};

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
}
