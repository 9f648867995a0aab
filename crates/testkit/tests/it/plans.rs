//! Two states of a database, and the plans between them: applied in both directions on every server, and looked at by
//! `pg_dump`, which shares no code with us.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use driftless_project::DiffRequest;
use driftless_testkit::server_programs;
use tokio::task::JoinSet;

use crate::bench::{Bench, NOTHING, difference};
use crate::changes::AT_ONCE;
use crate::fixtures::updates;
use crate::locks;
use crate::no_drift::session;

/// Two states.
#[derive(Clone)]
pub(crate) struct Case {
    /// The kind of object and what changes, such as `view_add_column`.
    pub(crate) name: String,
    /// The folder with `from.sql` and `to.sql`; `seed.sql` with rows of the first state and `probe.sql` with a query of
    /// one value, which the first line says (`-- expect: 2`), where rows have to survive; and the plans, `forward.sql`
    /// and `backward.sql`. Where things get other names, `renames` has a line for each, `old -> new`, both with all that
    /// belongs to the name, and `probe_back.sql` asks for the rows when everything is called as before.
    folder: PathBuf,
    /// Whether the plan is to prove itself, too.
    prove: bool,
}

impl Case {
    pub(crate) fn file(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.join(name)).ok()
    }

    /// The first major version of PostgreSQL that has what the states use: `-- since: 15` in the first line of either.
    pub(crate) fn since(&self) -> u32 {
        let line = |name| {
            self.file(name)
                .unwrap_or_default()
                .lines()
                .next()
                .map(str::to_owned)
        };
        let since = |it: String| it.strip_prefix("-- since: ")?.trim().parse().ok();
        let found = ["from.sql", "to.sql"]
            .into_iter()
            .filter_map(line)
            .filter_map(since);
        found.max().unwrap_or(0)
    }

    /// Whether no statement leads back: a line of `to.sql` says `-- no way back: ` and why.
    fn is_one_way(&self) -> bool {
        let text = self.file("to.sql").unwrap_or_default();
        text.lines().any(|it| it.starts_with("-- no way back: "))
    }

    /// The renames that are given to the plan in a direction.
    fn renames(&self, direction: &str) -> Vec<String> {
        let text = self.file("renames").unwrap_or_default();
        let pairs = text.lines().filter_map(|it| it.split_once(" -> "));
        let given = pairs.map(|(old, new)| match direction {
            "forward" => format!("{old}={new}"),
            _ => format!("{new}={old}"),
        });
        given.collect()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plans")
}

/// Of how many cases one proves itself where all are run: it takes as long as all the rest.
const PROVED_OF: usize = 8;

/// Every pair of states, by name; where `DRIFTLESS_PLANS` is set, those alone whose name has that in it, or one of its
/// parts between commas.
pub(crate) fn cases() -> Vec<Case> {
    let wanted = std::env::var("DRIFTLESS_PLANS").unwrap_or_default();
    let mut found: Vec<Case> = std::fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().path())
        .map(|folder| Case {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            folder,
            prove: true,
        })
        .filter(|it| wanted.split(',').any(|part| it.name.contains(part)))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    if wanted.is_empty() {
        for (at, it) in found.iter_mut().enumerate() {
            it.prove = at % PROVED_OF == 0;
        }
    }
    assert!(
        !wanted.is_empty() || found.len() >= 200,
        "only {} cases",
        found.len()
    );
    found
}

impl Bench {
    /// What goes wrong with a case, in both directions.
    async fn faults_of(&self, case: &Case) -> Vec<String> {
        match self.check(case).await {
            Ok(()) => Vec::new(),
            Err(fault) => vec![format!("{} on {}: {fault}", case.name, self.major)],
        }
    }

    async fn check(&self, case: &Case) -> Result<(), String> {
        let sql = |name: &str| case.file(name).unwrap_or_default();
        let names = ["from", "to", "was"].map(|it| format!("{} {it}", case.name));
        let [from, to, was] = &names;
        let changed = self
            .database(from, &[sql("from.sql"), sql("seed.sql")])
            .await?;
        let target = self.database(to, &[sql("to.sql")]).await?;
        let start = self.database(was, &[sql("from.sql")]).await?;
        let back = (!case.is_one_way()).then_some(("backward", was));
        for (direction, goal) in [("forward", to)].into_iter().chain(back) {
            let renames = case.renames(direction);
            let (script, plan) = self
                .plan(self.state(from), self.state(goal), renames)
                .await?;
            self.snapshot(case, direction, &script)?;
            let place = |it: String| format!("{direction}: {it}\n{script}");
            locks::run(&changed, &plan).await.map_err(place)?;
            let (is, should) = (self.dumped(from), self.dumped(goal));
            if is != should {
                return Err(place(difference(&is, &should)));
            }
            let rest = self.plan(self.state(from), self.state(goal), Vec::new());
            let (rest, _) = rest.await?;
            if rest != NOTHING {
                return Err(place(format!("what is left: {rest}")));
            }
            let probe = match direction {
                "forward" => "probe.sql",
                _ => "probe_back.sql",
            };
            if let Some((expected, query)) = sql(probe).split_once('\n') {
                let found = changed
                    .query_one(query, &[])
                    .await
                    .map_err(|it| place(it.to_string()))?;
                let found: String = found.get(0);
                if expected.strip_prefix("-- expect: ") != Some(&found) {
                    return Err(place(format!("the rows: {expected}, found {found}")));
                }
            }
        }
        self.check_online(case, was, to).await?;
        for it in [changed, target, start] {
            it.close().await;
        }
        for it in &names {
            self.drop_database(it).await?;
        }
        Ok(())
    }

    /// The forms for a database in use lead to the same state: of cases that have some.
    async fn check_online(&self, case: &Case, from: &str, to: &str) -> Result<(), String> {
        let request = DiffRequest {
            online: true,
            prove: case.prove && !case.is_one_way(),
            ..DiffRequest::new(self.state(from), self.state(to))
        };
        let (script, plan) = self.planned(request, case.renames("forward")).await?;
        let place = |it: String| format!("online: {it}\n{script}");
        if plan.transactions().count() < 2 {
            return match case.file("online.sql") {
                Some(_) if self.major == 15 => Err(place("is as the other".to_owned())),
                Some(_) | None => Ok(()),
            };
        }
        self.snapshot(case, "online", &script)?;
        let database = session(&self.server.socket_url("postgres", from)).await;
        locks::run(&database, &plan).await.map_err(place)?;
        database.close().await;
        let (is, should) = (self.dumped(from), self.dumped(to));
        if is != should {
            return Err(place(difference(&is, &should)));
        }
        let rest = self.plan(self.state(from), self.state(to), Vec::new());
        let (rest, _) = rest.await?;
        match rest == NOTHING {
            true => Ok(()),
            false => Err(place(format!("what is left: {rest}"))),
        }
    }

    /// The plan is the one that was reviewed: on one server, since servers print expressions in their own ways.
    fn snapshot(&self, case: &Case, direction: &str, plan: &str) -> Result<(), String> {
        if self.major != 15 {
            return Ok(());
        }
        let path = case.folder.join(format!("{direction}.sql"));
        if updates() {
            std::fs::write(path, plan).unwrap();
            return Ok(());
        }
        let reviewed = std::fs::read_to_string(path).unwrap_or_default();
        match reviewed == plan {
            true => Ok(()),
            false => Err(format!(
                "{direction}: another plan than the reviewed one:\n{plan}"
            )),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_plan_leads_to_its_target_and_back() {
    let mut wrong = Vec::new();
    let mut all = server_programs();
    // Every one takes minutes, so that it has to be asked for.
    if std::env::var_os("DRIFTLESS_PLANS").is_none() {
        all.truncate(1);
    }
    for programs in all {
        let Some(bench) = Bench::new(&programs).await else {
            return;
        };
        let bench = Arc::new(bench);
        let mut running = JoinSet::new();
        for case in cases().into_iter().filter(|it| it.since() <= bench.major) {
            if running.len() == AT_ONCE {
                wrong.extend(running.join_next().await.unwrap().unwrap());
            }
            let bench = Arc::clone(&bench);
            running.spawn(async move { bench.faults_of(&case).await });
        }
        wrong.extend(running.join_all().await.concat());
    }
    wrong.sort_unstable();
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
