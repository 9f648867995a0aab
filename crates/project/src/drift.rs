//! Desired, recorded, actual: in what they differ.

mod describe;
mod group;
mod history;
mod pending;
mod place;

use driftless_catalog::{Catalog, Ident, QualifiedName};
use driftless_diff::{DiffOptions, Order, diff};
use driftless_finding::{Code, Finding};
use driftless_migrate::MigrationFile;
use driftless_prisma_catalog::{Answers, PrismaCatalog, Question};
use driftless_shadow::Prelude;

use self::describe::{Comparison, describe};
use self::place::{Places, Recorded};
use crate::ignore::take_ignored;
use crate::judge::{Judge, open_questions};
use crate::live::Live;
use crate::session::{Replayed, Session, has_errors, replay_files};
use crate::{
    Outcome, Progress, Project, ProjectError, dispute, load, maintain, not_null, platform, policies,
};

/// What to compare.
#[derive(Debug, Clone, Default)]
pub struct DriftOptions {
    /// Whether to leave the live database out even if one is named.
    pub without_live: bool,
}

/// The codes of drift findings.
pub(crate) const CODES: &[&Code] = describe::CODES;

/// Compares what the Prisma schema desires, what the Supabase migrations record and what the live database
/// actually is.
///
/// Without a live database the first two are compared. A schema that is not valid, or migrations that do not
/// replay, are findings; what depends on them is then not compared, and the outcome says so.
///
/// # Errors
/// [`ProjectError`] if something cannot be read, reached or started.
pub async fn drift(
    project: &Project,
    options: &DriftOptions,
    progress: &dyn Progress,
) -> Result<Outcome, ProjectError> {
    let mut session = Session::new(project, progress);
    let mut work = Work::default();
    let result = work.run(&mut session, options).await;
    // Whatever came of it, the server is not left behind.
    let sources = session.finish().await;
    result?;
    let (findings, ignored) = take_ignored(work.findings, &project.config);
    let mut outcome = Outcome {
        facts: work.facts,
        findings,
        sources: sources?,
        verdict: "no drift".to_owned(),
        ..Outcome::default()
    };
    outcome.differs = !outcome.findings.is_empty();
    // Each fix is for its finding alone; several may need an order.
    for (code, from, to) in [
        ("drift-unmigrated", "recorded", "desired"),
        ("drift-changed-by-hand", "actual", "recorded"),
    ] {
        let of_code = |it: &&Finding| it.code.name == code && it.fix.is_some();
        if outcome.findings.iter().filter(of_code).count() > 1 {
            let script = format!("driftless db-diff --from {from} --to {to} --script");
            outcome.fact("all fixes", format!("in their order: {script}"));
        }
    }
    if ignored > 0 {
        let count = match ignored {
            1 => "1 finding".to_owned(),
            _ => format!("{ignored} findings"),
        };
        outcome.fact("ignored", format!("{count}, by driftless.toml"));
    }
    Ok(outcome)
}

/// What is said of tables of the platform that the schema has models of.
pub(crate) fn not_compared(tables: &[QualifiedName]) -> Option<String> {
    let count = match tables {
        [] => return None,
        [one] => format!("{one} is"),
        many => format!("{} tables are", many.len()),
    };
    Some(format!(
        "not compared: {count} in a schema that the platform makes"
    ))
}

/// What has come up so far.
#[derive(Default)]
struct Work {
    facts: Vec<(String, String)>,
    findings: Vec<Finding>,
}

impl Work {
    fn fact(&mut self, word: &str, text: impl Into<String>) {
        self.facts.push((word.to_owned(), text.into()));
    }

    async fn run(
        &mut self,
        session: &mut Session<'_>,
        options: &DriftOptions,
    ) -> Result<(), ProjectError> {
        let project = session.project;
        let schema = load::prisma(project, &project.schema, &mut session.sources)?;
        if schema.empty {
            let path = project.schema.display().to_string();
            return Err(ProjectError::EmptySchema { path });
        }
        self.findings.extend(schema.problems());
        self.fact("desired", schema.summary);
        let mut desired = schema.catalog;
        if let Some(desired) = &mut desired {
            let gone = desired.leave_out(&project.managed_schemas());
            if let Some(text) = not_compared(&gone) {
                self.fact("", text);
            }
        }
        let folder = project.path(&project.config.supabase.migrations);
        let (files, findings) = session.migrations(&folder)?;
        let unreadable = has_errors(&findings);
        self.findings.extend(findings);
        // A database that cannot be reached is told before anything is started.
        let live = match (&project.database, options.without_live) {
            (Some(url), false) => {
                let url = url.clone();
                Some(session.live(&url, "the live database").await?)
            }
            (Some(_), true) | (None, _) => None,
        };
        let declared = project.path(&project.config.supabase.schemas);
        if declared.is_dir() {
            let shown = declared.display();
            self.fact(
                "",
                format!("{shown}: not compared, this version reads migrations only"),
            );
        }
        let shown = folder.display();
        if unreadable {
            self.fact(
                "recorded",
                format!("{shown}: not compared, a migration is wrong"),
            );
            return Ok(());
        }
        let replayed = session
            .replay(&replay_files(&files), Prelude::Supabase)
            .await?;
        let count = match files.len() {
            1 => "1 migration".to_owned(),
            count => format!("{count} migrations"),
        };
        let server = &replayed.server;
        self.fact(
            "recorded",
            format!("{shown}: {count}, replayed on {server}"),
        );
        self.limits(&replayed);
        self.findings
            .extend(replayed.replay.findings.iter().cloned());
        if !replayed.is_whole() && project.replay == driftless_shadow::ReplayMode::Strict {
            self.fact("actual", "not compared: the migrations do not replay");
            return Ok(());
        }
        self.compare(session, desired, &files, replayed, live).await
    }

    fn limits(&mut self, replayed: &Replayed) {
        for limit in &replayed.server.limits {
            self.fact("shadow", limit.clone());
        }
    }

    async fn compare(
        &mut self,
        session: &mut Session<'_>,
        prisma: Option<PrismaCatalog>,
        files: &[MigrationFile],
        mut replayed: Replayed,
        live: Option<Live>,
    ) -> Result<(), ProjectError> {
        let mut prisma = prisma;
        match &mut prisma {
            Some(prisma) => self.unmigrated(session, prisma, &mut replayed).await?,
            None => self.fact(
                "",
                "the schema is not valid, so nothing is compared with it",
            ),
        }
        match live {
            Some(live) => {
                self.actual(session, prisma.as_ref(), files, &mut replayed, live)
                    .await?;
            }
            None => self.fact("actual", "not compared: DATABASE_URL is not set"),
        }
        Ok(replayed.database.close().await?)
    }

    /// Desired against recorded.
    async fn unmigrated(
        &mut self,
        session: &mut Session<'_>,
        prisma: &mut PrismaCatalog,
        replayed: &mut Replayed,
    ) -> Result<(), ProjectError> {
        session
            .progress
            .step("comparing the schema with the migrations");
        prisma.adopt_names(&replayed.catalog);
        if !prisma.row_security.is_empty() {
            let judge = Judge::new(&mut replayed.database, replayed.major).await?;
            let (recorded, sources) = (&replayed.catalog, &session.sources);
            let refused = policies::settle(&judge, prisma, recorded, sources).await;
            self.findings.extend(refused);
        }
        let prisma = &*prisma;
        let (desired, undecided) = lay(prisma, replayed).await?;
        let options = diff_options(prisma, replayed.major);
        let changes = diff(&replayed.catalog, &desired, &options);
        let comparison = Comparison::unmigrated(&replayed.catalog, &desired, &options);
        let places = Places::new(Some(prisma), Some(recorded(replayed, session)));
        self.findings
            .extend(describe(changes, &comparison, &places));
        let open = undecided.iter().map(|it| describe::undecided(it, &places));
        self.findings.extend(open);
        Ok(())
    }

    /// Recorded against actual: what is pending, and what somebody has changed by hand.
    async fn actual(
        &mut self,
        session: &mut Session<'_>,
        prisma: Option<&PrismaCatalog>,
        files: &[MigrationFile],
        replayed: &mut Replayed,
        mut live: Live,
    ) -> Result<(), ProjectError> {
        session
            .progress
            .step("comparing the migrations with the live database");
        let place = &live.place;
        let version = &live.found.server_version;
        self.fact("actual", format!("{place}: PostgreSQL {version}"));
        for unread in &live.found.unread {
            self.fact("", format!("not compared: {unread}"));
        }
        if let (Some(role), Ok(postgres)) = (
            platform::migrating_role(&mut live.found.catalog),
            Ident::new("postgres"),
        ) {
            live.found.catalog.rename_role(&role, &postgres);
            self.fact(
                "",
                format!("role {role} stands for postgres: it owns what the migrations made"),
            );
        }
        live.found.catalog = platform::without_platform(&live.found.catalog, &replayed.catalog);
        let split = history::split(session, files, replayed, &live).await?;
        self.findings.extend(split.findings);
        self.facts.extend(split.facts);
        let there = |catalog: &Catalog| {
            let mut catalog = catalog.clone();
            let (live, major) = (&live.found.catalog, live.found.server_major);
            maintain::as_on(&mut catalog, replayed.major, live, major);
            catalog
        };
        let whole = there(&replayed.catalog);
        let applied = split.applied.as_ref().map(there);
        let so_far = applied.as_ref().unwrap_or(&whole);
        let baseline = there(&replayed.baseline);
        let mut expected = platform::in_environment(so_far, &baseline, &live.found);
        let mut actual = live.found.catalog.clone();
        let options = DiffOptions {
            server_major: live.found.server_major,
            role: Ident::new("postgres").ok(),
            ..DiffOptions::default()
        };
        let (live_major, shadow_major) = (live.found.server_major, replayed.major);
        not_null::forget_names(&mut actual, live_major, &mut expected, shadow_major);
        if !dispute::objects(&actual, &expected).is_empty() {
            let judge = Judge::new(&mut replayed.database, replayed.major).await?;
            judge.settle(&mut actual, &mut expected).await;
        }
        let places = Places::new(prisma, Some(recorded(replayed, session)));
        let comparison = Comparison::by_hand(&actual, &expected, &options);
        let changes = diff(&actual, &expected, &options);
        self.findings
            .extend(describe(changes, &comparison, &places));
        if !split.pending.is_empty() {
            let (files, sources) = (&split.pending, &session.sources);
            let pending = pending::describe(files, so_far, &whole, &options, &places, sources);
            self.findings.extend(pending);
        }
        live.connection.close().await;
        Ok(())
    }
}

/// What a replay has left behind, for whoever looks for places.
fn recorded<'a>(replayed: &'a Replayed, session: &'a Session<'_>) -> Recorded<'a> {
    Recorded {
        provenance: &replayed.replay.provenance,
        catalog: &replayed.catalog,
        sources: &session.sources,
    }
}

/// The recorded state as the Prisma schema wants it, and what no server could decide.
async fn lay(
    prisma: &PrismaCatalog,
    replayed: &mut Replayed,
) -> Result<(Catalog, Vec<Question>), ProjectError> {
    let first = prisma.onto(&replayed.catalog, &Answers::default());
    if first.questions.is_empty() {
        return Ok((first.catalog, Vec::new()));
    }
    let judge = Judge::new(&mut replayed.database, replayed.major).await?;
    let answers = judge.answer(&first.questions).await;
    let second = prisma.onto(&replayed.catalog, &answers);
    Ok((second.catalog, open_questions(second.questions, &answers)))
}

/// A question about a Prisma schema over some database that no server could answer.
pub(crate) fn undecided_finding(question: &Question, prisma: &PrismaCatalog) -> Finding {
    describe::undecided(question, &Places::new(Some(prisma), None))
}

/// Prisma neither knows of owners, privileges and comments nor of the role that migrations run as.
pub(crate) fn diff_options(prisma: &PrismaCatalog, server_major: u16) -> DiffOptions {
    let order = Order::new(prisma.order.iter().cloned());
    DiffOptions {
        owners: false,
        grants: false,
        comments: false,
        extension_versions: true,
        label_order: false,
        server_major,
        order_before: order.clone(),
        order,
        ..DiffOptions::default()
    }
}
