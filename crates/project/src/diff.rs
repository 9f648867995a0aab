//! Any state against any other.

mod hazard_codes;
mod hazards;
mod load;
mod managed;
mod proof;
mod rename;

use driftless_catalog::{Catalog, Ident};
use driftless_diff::{Change, DiffOptions, Manner, Order, plan};
use driftless_finding::{Code, Finding, Severity};
use driftless_lint::{Plan, PlanInput, online_script};
use driftless_prisma_catalog::{Answers, PrismaCatalog, QuestionKind};
use driftless_sql::{SqlOptions, Step, rename_steps, script, steps};

pub(crate) use self::hazard_codes::CODES as HAZARD_CODES;
use self::hazards::Declarations;
use self::load::{Loaded, Origin, Real, load};
pub(crate) use self::managed::CODES as MANAGED_CODES;
pub(crate) use self::proof::CODES as PROOF_CODES;
pub(crate) use self::rename::CODES as RENAME_CODES;
use self::rename::Renamed;
pub use self::rename::{RenameMode, RenameOptions, RenameQuestion};
use crate::drift::{diff_options, not_compared, undecided_finding};
use crate::judge::{Judge, open_questions};
use crate::prove::{Claim, prove};
use crate::session::Session;
use crate::{
    Outcome, Progress, Project, ProjectError, State, dispute, maintain, not_null, platform,
    policies,
};

/// What to compare.
#[derive(Debug, Clone)]
pub struct DiffRequest {
    /// The state to start from.
    pub from: State,
    /// The state to get to.
    pub to: State,
    /// Whether the script to a Prisma schema is to be what Prisma would print even where that does not run, or
    /// does not lead there.
    pub prisma_compatible: bool,
    /// Whether the script is wanted as data, too: [`Outcome::plan`].
    pub plan: bool,
    /// Whether the script is to keep those who use the database waiting as little as can be.
    pub online: bool,
    /// Whether the script is tried before it is given: [`Outcome::certificate`].
    pub prove: bool,
    /// What is done about things that may have got another name.
    pub renames: RenameOptions,
}

impl DiffRequest {
    /// Compares two states in the usual way.
    pub fn new(from: State, to: State) -> Self {
        Self {
            from,
            to,
            prisma_compatible: false,
            plan: false,
            online: false,
            prove: false,
            renames: RenameOptions::default(),
        }
    }
}

/// The codes of this verb's findings.
pub(crate) const CODES: &[&Code] = &[&STATE_INCOMPLETE];

static STATE_INCOMPLETE: Code = Code {
    name: "state-incomplete",
    severity: Severity::Error,
    summary: "a state is not known because its SQL did not run",
    explanation: "A source of SQL was replayed and a statement failed, so nobody knows the state that it stands for. Nothing is \
compared with it. The other findings name the statements that failed.\n\n\
Mend the statements, or let the replay pass over them with `--replay file` or `--replay statement`.",
};

/// Compares two states. The outcome's text is the SQL that leads from one to the other; what that may cost is found
/// beside it, and asked of the database to start from if that is a live one.
///
/// # Errors
/// [`ProjectError`] if a state cannot be read, reached or replayed.
pub async fn diff(
    project: &Project,
    request: &DiffRequest,
    progress: &dyn Progress,
) -> Result<Outcome, ProjectError> {
    let mut session = Session::new(project, progress);
    let mut outcome = Outcome::default();
    let result = run(&mut session, request, &mut outcome).await;
    let sources = session.finish().await;
    result?;
    outcome.sources = sources?;
    outcome.verdict = match outcome.differs {
        true => "the states differ".to_owned(),
        false => "no difference".to_owned(),
    };
    Ok(outcome)
}

/// The catalog of a state and its major version; `None` if it cannot be known, and then findings say why.
pub(crate) async fn load_catalog(
    session: &mut Session<'_>,
    state: &State,
    outcome: &mut Outcome,
) -> Result<Option<(Catalog, u16)>, ProjectError> {
    let loaded = load(session, state, "state", outcome).await?;
    Ok(loaded.map(|it| match it {
        Loaded::Prisma(it) => (it.catalog, 0),
        Loaded::Real(it) => (it.catalog, it.major),
    }))
}

/// The SQL that makes a state: on the platform if it was replayed there, else in an empty database.
pub(crate) async fn load_script(
    session: &mut Session<'_>,
    state: &State,
    outcome: &mut Outcome,
) -> Result<Option<String>, ProjectError> {
    let Some(to) = load(session, state, "state", outcome).await? else {
        return Ok(None);
    };
    let from = match &to {
        Loaded::Real(it) => it.before(),
        Loaded::Prisma(_) => Real::empty(),
    };
    let mut from = Loaded::Real(Box::new(from));
    let mut to = to;
    alike(&mut from, &mut to);
    let sides = pair(session, from, to, Manner::Prisma, outcome).await?;
    Ok(Some(script_of(&sides.steps(sides.changes()))))
}

async fn run(
    session: &mut Session<'_>,
    request: &DiffRequest,
    outcome: &mut Outcome,
) -> Result<(), ProjectError> {
    session.governed = load::governed(session.project, [&request.from, &request.to]);
    load::read_ahead(session, [&request.from, &request.to]);
    let from = load(session, &request.from, "from", outcome).await?;
    let to = load(session, &request.to, "to", outcome).await?;
    let (Some(mut from), Some(mut to)) = (from, to) else {
        return Ok(());
    };
    leave_out_platform(session, &mut from, &mut to, outcome);
    if request.prisma_compatible {
        from = from.known_to_prisma();
        to = to.known_to_prisma();
    }
    let manner = match request.prisma_compatible {
        true => Manner::PrismaWithFaults,
        false => Manner::Prisma,
    };
    alike(&mut from, &mut to);
    let decided = rename::decide(session, request, (&from, &to), outcome).await?;
    let renamed = rename::rename(session, &mut from, &to, &decided).await?;
    let mut sides = Sides {
        renamed,
        ..pair(session, from, to, manner, outcome).await?
    };
    sides.sql.online = request.online;
    let changes = sides.changes();
    outcome.differs = !sides.renamed.plan.is_empty() || !changes.is_empty();
    let steps = sides.steps(changes);
    // Between two servers nobody has said that the platform's tables should be another way.
    if !sides.declarations.is_empty() {
        let schemas = session.project.managed_schemas();
        let found = managed::findings(&steps, &schemas, &sides.declarations);
        outcome.findings.extend(found);
    }
    let live = load::live(session.project, &request.from);
    let names = sides.renamed.plan.names.inverse();
    let costs = hazards::findings(&steps, &sides.declarations, live, &names).await?;
    outcome.doomed = costs.iter().any(|it| it.severity == Severity::Error);
    outcome.findings.extend(costs);
    let wants_plan = request.plan || request.online || request.prove;
    let plan = wants_plan.then(|| sides.plan(&steps));
    if let (Some(plan), true) = (&plan, request.prove) {
        let claim = Claim {
            from: sides.before(),
            to: &sides.to,
            options: &sides.options,
            plan,
            names: &sides.renamed.plan.names,
        };
        let certificate = prove(session, &claim).await?;
        outcome.doomed |= certificate.failures().next().is_some();
        outcome.findings.extend(proof::findings(&certificate));
        outcome.certificate = Some(certificate);
    }
    outcome.output = Some(match &plan {
        Some(plan) if request.online => online_script(plan),
        Some(_) | None => script_of(&steps),
    });
    outcome.plan = plan.filter(|_| request.plan);
    Ok(())
}

/// What SQL was replayed on has the platform's schemas, which are not compared.
fn leave_out_platform(
    session: &Session<'_>,
    from: &mut Loaded,
    to: &mut Loaded,
    outcome: &mut Outcome,
) {
    let (prisma, real) = match (from, to) {
        (Loaded::Prisma(prisma), Loaded::Real(real))
        | (Loaded::Real(real), Loaded::Prisma(prisma)) => (prisma, real),
        (Loaded::Prisma(_), Loaded::Prisma(_)) | (Loaded::Real(_), Loaded::Real(_)) => return,
    };
    if real.origin == Origin::Replay {
        let gone = prisma.leave_out(&session.project.managed_schemas());
        if let Some(text) = not_compared(&gone) {
            outcome.fact("", text);
        }
    }
}

/// The script, or Prisma's words for none.
fn script_of(steps: &[Step]) -> String {
    match steps.is_empty() {
        true => "-- This is an empty migration.\n".to_owned(),
        false => script(steps),
    }
}

/// Two states that can be compared, and how the script from one to the other is written.
struct Sides {
    from: Catalog,
    to: Catalog,
    options: DiffOptions,
    sql: SqlOptions,
    declarations: Declarations,
    /// What the script renames first, so that `from` has its names.
    renamed: Renamed,
}

impl Sides {
    fn changes(&self) -> Vec<Change<'_>> {
        driftless_diff::diff(&self.from, &self.to, &self.options)
    }

    fn steps(&self, changes: Vec<Change<'_>>) -> Vec<Step> {
        let changes = plan(changes, &self.from, &self.to, &self.options);
        let mut all = rename_steps(&self.renamed.plan.moves, &self.sql);
        all.extend(steps(&changes, &self.from, &self.to, &self.sql));
        all
    }

    /// The state before, as it was found.
    fn before(&self) -> &Catalog {
        match self.renamed.plan.is_empty() {
            true => &self.from,
            false => &self.renamed.before,
        }
    }

    /// The steps that lead back: what was renamed first gets its old name last.
    fn steps_back(&self) -> Vec<Step> {
        let back = self.reversed();
        let mut all = back.steps(back.changes());
        for it in self.renamed.plan.moves_back(&self.from) {
            let steps = rename_steps(std::slice::from_ref(&it), &self.sql);
            all.extend(steps);
        }
        all
    }

    /// The steps as data, with the way back.
    fn plan(&self, steps: &[Step]) -> Plan {
        let before = self.before();
        let default = Ident::new(DEFAULT_SCHEMA).ok();
        // The name is one.
        let Some(default_schema) = self.sql.default_schema.clone().or(default) else {
            return Plan::default();
        };
        Plan::new(&PlanInput {
            before,
            from: &self.from,
            to: &self.to,
            changes: &self.changes(),
            steps,
            reverse: &self.steps_back(),
            exposed: std::slice::from_ref(&default_schema),
            default_schema: &default_schema,
            server_major: self.options.server_major,
        })
    }

    fn reversed(&self) -> Self {
        let options = DiffOptions {
            order: self.options.order_before.clone(),
            order_before: self.options.order.clone(),
            ..self.options.clone()
        };
        let sql = SqlOptions {
            order: options.order.clone(),
            order_before: options.order_before.clone(),
            ..self.sql.clone()
        };
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            options,
            sql,
            declarations: Declarations::new(),
            renamed: Renamed::default(),
        }
    }
}

/// Where unqualified names are, and what the platform's API exposes unless it was told otherwise.
const DEFAULT_SCHEMA: &str = "public";

async fn pair(
    session: &mut Session<'_>,
    from: Loaded,
    to: Loaded,
    manner: Manner,
    outcome: &mut Outcome,
) -> Result<Sides, ProjectError> {
    match (from, to) {
        (Loaded::Prisma(from), Loaded::Prisma(to)) => {
            let options = DiffOptions {
                manner,
                order_before: Order::new(from.order.iter().cloned()),
                ..diff_options(&to, 0)
            };
            let (start, settled) = match manner {
                Manner::PrismaWithFaults => (from.as_prisma_starts(&to), to.as_prisma_sees(&from)),
                Manner::Prisma | Manner::Postgres => (from.as_start(&to), to.settled(&from)),
            };
            let mut declarations = from.declarations;
            declarations.extend(to.declarations);
            let schema = &to.default_schema;
            Ok(with_prisma((start, settled), options, schema, declarations))
        }
        (Loaded::Prisma(mut prisma), Loaded::Real(mut real)) => {
            let catalog = onto(session, &mut prisma, &mut real, outcome).await?;
            let options = DiffOptions {
                role: real.role.clone(),
                ..diff_options(&prisma, real.major)
            };
            Ok(with_prisma(
                (catalog, real.catalog),
                options,
                &prisma.default_schema,
                prisma.declarations,
            ))
        }
        (Loaded::Real(mut real), Loaded::Prisma(mut prisma)) => {
            let catalog = onto(session, &mut prisma, &mut real, outcome).await?;
            let options = DiffOptions {
                manner,
                role: real.role.clone(),
                order_before: Order::default(),
                ..diff_options(&prisma, real.major)
            };
            Ok(with_prisma(
                (real.catalog, catalog),
                options,
                &prisma.default_schema,
                prisma.declarations,
            ))
        }
        (Loaded::Real(from), Loaded::Real(to)) => real_pair(session, *from, *to).await,
    }
}

fn with_prisma(
    (from, to): (Catalog, Catalog),
    options: DiffOptions,
    schema: &Ident,
    declarations: Declarations,
) -> Sides {
    let sql = SqlOptions {
        default_schema: Some(schema.clone()),
        server_major: options.server_major,
        online: false,
        manner: options.manner,
        order: options.order.clone(),
        order_before: options.order_before.clone(),
    };
    Sides {
        from,
        to,
        options,
        sql,
        declarations,
        renamed: Renamed::default(),
    }
}

/// A real state as a Prisma schema wants it; what no server can decide is a finding.
async fn onto(
    session: &mut Session<'_>,
    prisma: &mut PrismaCatalog,
    real: &mut Real,
    outcome: &mut Outcome,
) -> Result<Catalog, ProjectError> {
    prisma.adopt_names(&real.catalog);
    let mut first = prisma.onto(&real.catalog, &Answers::default());
    if first.questions.is_empty() {
        return Ok(first.catalog);
    }
    let answers = match judge_of(session, real).await {
        Ok(major) => match &mut real.database {
            Some(database) => {
                let judge = Judge::new(database, major).await?;
                if first
                    .questions
                    .iter()
                    .any(|it| it.kind == QuestionKind::Policy)
                {
                    let (before, sources) = (&real.catalog, &session.sources);
                    let refused = policies::settle(&judge, prisma, before, sources).await;
                    outcome.findings.extend(refused);
                    first = prisma.onto(before, &Answers::default());
                }
                judge.answer(&first.questions).await
            }
            None => Answers::default(),
        },
        // Without a throwaway server some questions stay open, and each is told.
        Err(ProjectError::Shadow(_)) => Answers::default(),
        Err(error) => return Err(error),
    };
    let second = prisma.onto(&real.catalog, &answers);
    let open: Vec<Finding> = open_questions(second.questions, &answers)
        .iter()
        .map(|it| undecided_finding(it, prisma))
        .collect();
    outcome.findings.extend(open);
    Ok(second.catalog)
}

/// Sees to it that the state has a throwaway database with its objects; returns the major version of that.
async fn judge_of(session: &mut Session<'_>, real: &mut Real) -> Result<u16, ProjectError> {
    if real.database.is_none() {
        let database = session.materialize(&real.catalog).await?;
        real.database = Some(database);
    }
    session.shadow_major().await
}

/// Takes away what two real states differ in for other reasons than that somebody wants it so: where they were read,
/// and what was there before.
fn alike(from: &mut Loaded, to: &mut Loaded) {
    let (Loaded::Real(from), Loaded::Real(to)) = (from, to) else {
        return;
    };
    // An empty database has a schema `public`, as the other side's server made it.
    let public = |it: &Real| {
        it.catalog
            .schemas
            .iter()
            .find(|it| it.name == "public")
            .cloned()
    };
    let (public_from, public_to) = (public(from), public(to));
    if from.origin == Origin::Nothing {
        from.catalog.schemas.extend(public_to);
    }
    if to.origin == Origin::Nothing {
        to.catalog.schemas.extend(public_from);
    }
    let major = major_of(from, to);
    privileges(from, &to.catalog, major);
    privileges(to, &from.catalog, major);
    environment(from, to);
    not_null::forget_names(&mut from.catalog, from.major, &mut to.catalog, to.major);
}

/// Two real states that are [`alike`] in all that does not count.
async fn real_pair(
    session: &mut Session<'_>,
    mut from: Real,
    mut to: Real,
) -> Result<Sides, ProjectError> {
    let major = major_of(&from, &to);
    let options = DiffOptions {
        role: from.role.clone(),
        server_major: major,
        ..DiffOptions::default()
    };
    if !dispute::objects(&from.catalog, &to.catalog).is_empty() {
        settle(session, &mut from, &mut to).await?;
    }
    let sql = SqlOptions {
        server_major: major,
        ..SqlOptions::default()
    };
    Ok(Sides {
        from: from.catalog,
        to: to.catalog,
        options,
        sql,
        declarations: Declarations::new(),
        renamed: Renamed::default(),
    })
}

/// The version of the server that the script is for: a live one rather than a throwaway one.
fn major_of(from: &Real, to: &Real) -> u16 {
    let sides = [from, to];
    let live = sides.iter().find(|it| it.origin == Origin::Server);
    let any = sides.iter().find(|it| it.major != 0);
    live.or(any).map_or(0, |it| it.major)
}

/// States a side's privileges as a server of version `major` would.
fn privileges(side: &mut Real, other: &Catalog, major: u16) {
    if side.major == 0 {
        return;
    }
    maintain::as_on(&mut side.catalog, side.major, other, major);
    if let Some(baseline) = &mut side.baseline {
        maintain::as_on(baseline, side.major, other, major);
    }
}

/// Takes away what differs only because one side is a throwaway server with the platform's prelude.
fn environment(from: &mut Real, to: &mut Real) {
    let (replayed, other) = match (from.origin, to.origin) {
        (Origin::Replay, Origin::Replay) => return,
        (Origin::Replay, _) => (from, to),
        (_, Origin::Replay) => (to, from),
        (Origin::Nothing | Origin::Server, Origin::Nothing | Origin::Server) => return,
    };
    let Some(baseline) = replayed.baseline.take() else {
        return;
    };
    if let Some(live) = &mut other.live {
        live.catalog = platform::without_platform(&other.catalog, &replayed.catalog);
        other.catalog = live.catalog.clone();
        replayed.catalog = platform::in_environment(&replayed.catalog, &baseline, live);
    } else {
        // A snapshot may be of a project of the platform.
        if other.origin == Origin::Server {
            let own = platform::beyond(&other.catalog, &baseline);
            other.catalog = platform::without_platform(&own, &replayed.catalog);
        }
        let own = platform::beyond(&replayed.catalog, &baseline);
        replayed.catalog = platform::without_platform(&own, &own);
    }
}

/// Lets one server print the expressions that differ. Without a throwaway server they stay as they are if one
/// version has printed both.
async fn settle(
    session: &mut Session<'_>,
    from: &mut Real,
    to: &mut Real,
) -> Result<(), ProjectError> {
    if from.database.is_none() && to.database.is_none() {
        match session.materialize(&to.catalog).await {
            Ok(database) => to.database = Some(database),
            Err(ProjectError::Shadow(_)) if from.major == to.major => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    let major = session.shadow_major().await?;
    let database = from.database.as_mut().or(to.database.as_mut());
    if let Some(database) = database {
        let judge = Judge::new(database, major).await?;
        judge.settle(&mut from.catalog, &mut to.catalog).await;
    }
    Ok(())
}
