//! Collects findings, and stops collecting when there are too many to read.

use driftless_finding::{Code, Finding, Severity, Span, closest};

use crate::options::PrismaVersion;

/// The list was cut.
pub(crate) static TOO_MANY_FINDINGS: Code = Code {
    name: "too-many-findings",
    severity: Severity::Error,
    summary: "there are more findings than are listed",
    explanation: "A file that is no Prisma schema at all has a finding on every line. The list ends after 10000.",
};

/// Prisma 6 does not read this.
pub(crate) static REFUSED_BY_PRISMA_6: Code = Code {
    name: "refused-by-prisma-6",
    severity: Severity::Warning,
    summary: "something that Prisma 6 does not read",
    explanation: "Schemas are read as Prisma 6 and Prisma 7 read them. What only one of the two accepts is accepted, and \
        said, because the other stops at it. Prisma 6 needs a `url` in the datasource, and has no partial indexes.",
};

/// Prisma 7 does not read this.
pub(crate) static REFUSED_BY_PRISMA_7: Code = Code {
    name: "refused-by-prisma-7",
    severity: Severity::Warning,
    summary: "something that Prisma 7 does not read",
    explanation: "Schemas are read as Prisma 6 and Prisma 7 read them. What only one of the two accepts is accepted, and \
        said, because the other stops at it. Prisma 7 has moved connection strings to `prisma.config.ts`, and no \
        longer knows the preview feature `metrics`.",
};

const MAX_FINDINGS: usize = 10_000;

/// How many pairs of characters may be compared in search of what was meant. Beyond, nobody reads the suggestions.
const MAX_COMPARISONS: usize = 20_000_000;

/// The findings of one run.
#[derive(Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    errors: usize,
    left_out: usize,
    comparisons: usize,
    prisma: Option<PrismaVersion>,
    refused: [bool; 2],
}

impl Findings {
    pub(crate) fn new(prisma: Option<PrismaVersion>) -> Self {
        Self {
            prisma,
            ..Self::default()
        }
    }

    /// The Prisma that the schema is for, if that is known.
    pub(crate) fn prisma(&self) -> Option<PrismaVersion> {
        self.prisma
    }

    /// Says that this version stops here. If the schema is for it, that is an error.
    pub(crate) fn refused_by(&mut self, version: PrismaVersion, message: &str, span: Span) {
        self.refused_with(Severity::Warning, version, message, span);
    }

    /// As [`Self::refused_by`], for what every schema is in one way or another: no need to be warned.
    ///
    /// A `url` does not count as something that Prisma 7 stops at: it is moved elsewhere in a minute.
    pub(crate) fn not_for(&mut self, version: PrismaVersion, message: &str, span: Span) {
        let refused = self.refused;
        self.refused_with(Severity::Info, version, message, span);
        if version == PrismaVersion::V7 {
            self.refused = refused;
        }
    }

    fn refused_with(
        &mut self,
        severity: Severity,
        version: PrismaVersion,
        message: &str,
        span: Span,
    ) {
        let code = match version {
            PrismaVersion::V6 => &REFUSED_BY_PRISMA_6,
            PrismaVersion::V7 => &REFUSED_BY_PRISMA_7,
        };
        let finding = Finding::new(code, message).at(span);
        match self.prisma {
            Some(it) if it == version => self.push(finding.severity(Severity::Error)),
            Some(_) => {}
            None => {
                self.refused[version as usize] = true;
                self.push(finding.severity(severity));
            }
        }
    }

    /// The candidate that `name` was probably meant to be.
    pub(crate) fn closest<'a>(
        &mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        if self.is_full() {
            return None;
        }
        let comparisons = &mut self.comparisons;
        let affordable = candidates.into_iter().take_while(|candidate| {
            *comparisons += (name.len() + 1) * (candidate.len() + 1);
            *comparisons < MAX_COMPARISONS
        });
        closest(name, affordable)
    }

    /// Adds to `finding`, which is about `name`, which candidate was probably meant; if that cannot be told, what
    /// there is to do `otherwise`.
    pub(crate) fn did_you_mean<'a>(
        &mut self,
        finding: Finding,
        name: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        otherwise: &str,
    ) -> Finding {
        match self.closest(name, candidates) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding.help(otherwise),
        }
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        self.errors += usize::from(finding.severity == Severity::Error);
        if self.list.len() < MAX_FINDINGS {
            self.list.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0 || self.refused == [true; 2]
    }

    /// The list is full: what is found from now on is only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= MAX_FINDINGS
    }

    /// All findings, ordered by place.
    pub(crate) fn into_list(mut self) -> Vec<Finding> {
        if self.refused == [true; 2] {
            let codes = [&REFUSED_BY_PRISMA_6, &REFUSED_BY_PRISMA_7];
            for finding in self.list.iter_mut().filter(|it| codes.contains(&it.code)) {
                if finding.severity == Severity::Warning {
                    let note = "no Prisma reads this schema: the other stops at something else";
                    *finding = finding.clone().severity(Severity::Error).note(note);
                }
            }
        }
        self.list.sort_by_key(|it| it.span);
        if self.left_out > 0 {
            let message = format!("{} more findings are left out", self.left_out);
            self.list.push(Finding::new(&TOO_MANY_FINDINGS, message));
        }
        self.list
    }
}
