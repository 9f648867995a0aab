use std::collections::BTreeSet;

use driftless_catalog::{Catalog, Ident, ObjectId};
use driftless_finding::Severity;
use driftless_prisma_catalog::{
    Answers, LowerOptions, PrismaCatalog, QuestionKind, RaiseOptions, lower, raise,
};
use driftless_psl::{Options, Parsed, parse};

use crate::diff::load_catalog;
use crate::judge::Judge;
use crate::session::Session;
use crate::{Outcome, Progress, Project, ProjectError, State, load, policies};

/// How a state is written as a Prisma schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullOptions {
    /// The schemas of the database to read; those of the existing Prisma schema, else the default one, if there are none.
    pub schemas: Vec<String>,
    /// Whether the text is what `prisma db pull` writes, to the byte: what that loses is lost.
    pub prisma_compatible: bool,
}

/// Writes a state as a Prisma schema. The outcome's text is the schema.
///
/// The project's Prisma schema, if there is one, gives the datasource and generators, and what it says keeps its name,
/// its documentation and its order. It is only read.
///
/// # Errors
/// [`ProjectError`] if the state cannot be read, reached or replayed, or if somebody named a Prisma schema that is not
/// there.
pub async fn pull(
    project: &Project,
    state: &State,
    options: &PullOptions,
    progress: &dyn Progress,
) -> Result<Outcome, ProjectError> {
    let mut session = Session::new(project, progress);
    let mut outcome = Outcome::default();
    let result = write(&mut session, state, options, &mut outcome).await;
    let sources = session.finish().await;
    result?;
    outcome.sources = sources?;
    Ok(outcome)
}

async fn write(
    session: &mut Session<'_>,
    state: &State,
    options: &PullOptions,
    outcome: &mut Outcome,
) -> Result<(), ProjectError> {
    let existing = existing(session)?;
    if let Some(existing) = &existing {
        let errors = existing
            .findings
            .iter()
            .filter(|it| it.severity == Severity::Error);
        outcome.findings.extend(errors.cloned());
        if !outcome.findings.is_empty() {
            return Ok(());
        }
    }
    // What is asked for is read, even if it is the platform's.
    let listed = existing
        .as_ref()
        .and_then(|it| it.schema.datasource.as_ref());
    let listed = listed.iter().flat_map(|it| &it.schemas);
    let asked: Vec<String> = match options.schemas.is_empty() {
        true => listed.map(|it| it.value.clone()).collect(),
        false => options.schemas.clone(),
    };
    let asked = asked.iter().filter_map(|it| Ident::new(it).ok());
    session.governed = asked.collect();
    // Before SQL that is replayed is among them.
    let files = session.sources.clone();
    let Some((catalog, _)) = load_catalog(session, state, outcome).await? else {
        return Ok(());
    };
    let schemas = options.schemas.iter().map(|it| schema_of(&catalog, it));
    let schemas: Vec<Ident> = schemas.collect::<Result<_, _>>()?;
    let mut how = RaiseOptions {
        schemas: (!schemas.is_empty()).then_some(schemas),
        previous: existing.as_ref().map(|it| &it.schema),
        previous_sources: existing.as_ref().map(|_| &files),
        prisma_compatible: options.prisma_compatible,
        ..RaiseOptions::default()
    };
    if let Some(schema) = default_schema(session.project, state) {
        how.default_schema = schema;
    }
    if let Some(existing) = existing.as_ref().filter(|_| !options.prisma_compatible) {
        let lowering = LowerOptions {
            default_schema: how.default_schema.clone(),
        };
        let declared = lower(&existing.schema, &lowering);
        how.same_policies = same_policies(session, &declared, &catalog, outcome).await?;
    }
    session.progress.step("writing the Prisma schema");
    let raised = raise(&catalog, &how);
    outcome.findings.extend(raised.findings);
    outcome.output = Some(raised.text);
    Ok(())
}

/// The policies that mean the same in the database, where it takes a server to say so.
async fn same_policies(
    session: &mut Session<'_>,
    declared: &PrismaCatalog,
    catalog: &Catalog,
    outcome: &mut Outcome,
) -> Result<BTreeSet<ObjectId>, ProjectError> {
    let mut questions = declared.onto(catalog, &Answers::default()).questions;
    questions.retain(|it| it.kind == QuestionKind::Policy);
    if questions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut database = match session.materialize(catalog).await {
        Ok(database) => database,
        Err(ProjectError::Shadow(_)) => {
            outcome.findings.push(policies::reworded(&questions));
            return Ok(BTreeSet::new());
        }
        Err(error) => return Err(error),
    };
    let major = session.shadow_major().await?;
    let judge = Judge::new(&mut database, major).await?;
    Ok(policies::same(&judge, &questions).await)
}

/// The project's Prisma schema, if there is one.
fn existing(session: &mut Session<'_>) -> Result<Option<Parsed>, ProjectError> {
    let project = session.project;
    let is_missing = project.schema.symlink_metadata().is_err();
    if is_missing && !project.schema_is_given {
        return Ok(None);
    }
    let (_, files) = load::prisma_files(&project.schema, &mut session.sources)?;
    Ok(Some(parse(&session.sources, &files, Options::default())))
}

/// The schema of the database's URL, else that of the project.
fn default_schema(project: &Project, state: &State) -> Option<Ident> {
    let url = match state {
        State::Database(url) => Some(&**url),
        State::Actual => project.database.as_ref(),
        State::Empty
        | State::Prisma(_)
        | State::Migrations(_)
        | State::Sql(_)
        | State::Snapshot(_)
        | State::Desired
        | State::Recorded => None,
    };
    let of_url = url
        .and_then(|it| it.schema())
        .and_then(|it| Ident::new(it).ok());
    of_url.or_else(|| project.default_schema())
}

fn schema_of(catalog: &Catalog, name: &str) -> Result<Ident, ProjectError> {
    let schemas = catalog.schemas.iter().map(|it| &it.name);
    let found = schemas.into_iter().find(|it| **it == *name);
    found.cloned().ok_or_else(|| ProjectError::NoSchema {
        name: name.to_owned(),
    })
}
