//! Two states of a database that nobody has thought of, and the plans between them: applied in both directions, with and
//! without rows.
//!
//! What is drawn depends on a seed alone; what the server refuses of it is left out. `DRIFTLESS_SEEDS=17..18` draws a
//! seed again, and a longer range as many as one wants, on every server. The first pair whose plan fails, or
//! the first `DRIFTLESS_SHRINK` of them, are made as small as they can be, so that they can become folders in
//! `fixtures/plans`.

mod dice;
mod draw;
mod names;
mod pair;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use driftless_connect::Connection;
use driftless_project::DiffRequest;
use driftless_testkit::server_programs;
use fastrand::Rng;
use tokio::task::JoinSet;

use self::pair::{Pair, Side};
use crate::bench::{Bench, NOTHING, difference};
use crate::changes::AT_ONCE;
use crate::locks;
use crate::no_drift::session;
use crate::random::number;

/// The seeds that are drawn where nobody asks for others.
const SEEDS: Range<u64> = 1..13;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("DRIFTLESS_SEEDS") else {
        return SEEDS;
    };
    let (from, to) = text.split_once("..").unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

/// What goes wrong with a pair.
#[derive(Debug)]
struct Fault {
    /// Where: faults at the same place are taken for the same.
    place: String,
    said: String,
}

impl Fault {
    fn at(place: impl Into<String>) -> impl FnOnce(String) -> Self {
        let place = place.into();
        move |said| Self { place, said }
    }
}

/// Tries pairs, in databases that go when it is done.
struct Trial {
    bench: Arc<Bench>,
    /// Begins the names of its databases.
    name: String,
    /// Whether the plan is tried with rows, too.
    with_rows: bool,
    /// The place that is looked at, if not all are.
    only: Option<String>,
}

impl Trial {
    /// Leaves out of a pair what the server refuses, and says what goes wrong with the rest.
    async fn run(&self, pair: &mut Pair) -> Result<(), Fault> {
        let names = ["from", "to", "was"].map(|it| format!("{} {it}", self.name));
        let result = self.check(pair, &names).await;
        let admin = session(&self.bench.server.socket_url("postgres", "postgres")).await;
        for it in &names {
            let drop = format!("DROP DATABASE IF EXISTS \"{it}\" WITH (FORCE)");
            admin.batch_execute(&drop).await.unwrap();
        }
        result
    }

    async fn check(&self, pair: &mut Pair, names: &[String; 3]) -> Result<(), Fault> {
        let [from, to, was] = names;
        let changed = self.state(pair, Side::From, from).await;
        self.state(pair, Side::To, to).await.close().await;
        self.state(pair, Side::From, was).await.close().await;
        pair.compact();
        if self.with_rows && self.looks_at("proof") {
            let request = DiffRequest {
                prove: true,
                ..DiffRequest::new(self.bench.state(from), self.bench.state(to))
            };
            let proved = self.bench.planned(request, Vec::new()).await;
            proved.map_err(Fault::at("proof"))?;
        }
        for (direction, goal) in [("forward", to), ("backward", was)] {
            if direction == "backward" && !self.looks_at(direction) {
                break;
            }
            let place = |what: &str| Fault::at(format!("{direction}: {what}"));
            let states = || (self.bench.state(from), self.bench.state(goal));
            let (before, after) = states();
            let planned = self.bench.plan(before, after, Vec::new()).await;
            let (script, plan) = planned.map_err(place("plan"))?;
            let with_script = |it: String| format!("{it}\n--- script\n{script}");
            let ran = locks::run(&changed, &plan).await;
            ran.map_err(|it| {
                let what = match it.starts_with("locks: ") {
                    true => "locks",
                    false => "statement",
                };
                place(what)(with_script(it))
            })?;
            let (is, should) = (self.bench.dumped(from), self.bench.dumped(goal));
            if is != should {
                return Err(place("pg_dump")(with_script(difference(&is, &should))));
            }
            let (before, after) = states();
            let rest = self.bench.plan(before, after, Vec::new()).await;
            let (rest, _) = rest.map_err(place("second plan"))?;
            if rest != NOTHING {
                return Err(place("what is left")(with_script(rest)));
            }
        }
        changed.close().await;
        Ok(())
    }

    /// Whether what begins so is of interest.
    fn looks_at(&self, place: &str) -> bool {
        self.only.as_ref().is_none_or(|it| it.starts_with(place))
    }

    /// Makes a database, and leaves out of the state what it refuses.
    async fn state(&self, pair: &mut Pair, side: Side, name: &str) -> Connection {
        let made = self.bench.database(name, &[]).await.unwrap();
        for (at, statement) in pair.statements(side) {
            if made.batch_execute(&statement).await.is_err() {
                pair.remove(side, at);
            }
        }
        made
    }

    /// The smallest pair found that fails at the same place, and how.
    async fn shrink(mut self, mut pair: Pair, mut fault: Fault) -> (Pair, Fault) {
        self.only = Some(fault.place.clone());
        let mut size = pair.pieces.len().div_ceil(2);
        while size > 0 {
            // The last pieces first: nothing depends on them, and what goes with a piece comes after it.
            let mut end = pair.pieces.len();
            while end > 0 {
                let places = end.saturating_sub(size)..end.min(pair.pieces.len());
                end = places.start;
                let smaller = [Some(pair.without(places.clone())), pair.unedited(places)];
                for mut it in smaller.into_iter().flatten() {
                    match self.run(&mut it).await {
                        Err(found) if found.place == fault.place => {
                            (pair, fault) = (it, found);
                            break;
                        }
                        Ok(()) | Err(_) => {}
                    }
                }
            }
            size /= 2;
        }
        (pair, fault)
    }
}

/// A seed, what it draws, and what goes wrong with it.
type Failed = (u64, Pair, Fault);

/// What a seed draws, and how much of it the server takes.
async fn try_seed(bench: Arc<Bench>, seed: u64) -> Result<(), Failed> {
    let (trial, mut pair) = trial(bench, seed);
    trial.run(&mut pair).await.map_err(|it| (seed, pair, it))
}

fn trial(bench: Arc<Bench>, seed: u64) -> (Trial, Pair) {
    let trial = Trial {
        bench,
        name: format!("seed {seed}"),
        with_rows: seed % 2 == 1,
        only: None,
    };
    let pair = Pair::draw(draw::pieces(seed), &mut Rng::with_seed(seed));
    (trial, pair)
}

/// What is wrong with the seeds on a server, the first of them as small as it can be.
async fn wrong_on(programs: &Path) -> Vec<String> {
    let Some(bench) = Bench::new(programs).await else {
        return Vec::new();
    };
    let bench = Arc::new(bench);
    let mut failed: Vec<Failed> = Vec::new();
    let mut running: JoinSet<Result<(), Failed>> = JoinSet::new();
    for seed in seeds() {
        if running.len() == AT_ONCE {
            failed.extend(running.join_next().await.unwrap().unwrap().err());
        }
        running.spawn(try_seed(Arc::clone(&bench), seed));
    }
    failed.extend(running.join_all().await.into_iter().filter_map(Result::err));
    failed.sort_by_key(|it| it.0);
    let small = usize::try_from(number("DRIFTLESS_SHRINK", 1)).unwrap();
    let mut wrong = Vec::new();
    let mut shrinking = JoinSet::new();
    for (at, (seed, pair, fault)) in failed.into_iter().enumerate() {
        let named = format!("DRIFTLESS_SEEDS={seed}..{} on {}", seed + 1, bench.major);
        if at >= small {
            let said: Vec<&str> = fault.said.lines().take(8).collect();
            wrong.push(format!("{named}: {}: {}", fault.place, said.join("\n")));
            continue;
        }
        let (trial, _) = trial(Arc::clone(&bench), seed);
        shrinking.spawn(async move {
            let (pair, fault) = trial.shrink(pair, fault).await;
            let (from, to) = (pair.script(Side::From), pair.script(Side::To));
            let Fault { place, said } = fault;
            format!("{named}: {place}\n--- from.sql\n{from}--- to.sql\n{to}--- {said}")
        });
    }
    wrong.extend(shrinking.join_all().await);
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_between_states_that_are_drawn_lead_there_and_back() {
    let mut all = server_programs();
    if std::env::var_os("DRIFTLESS_SEEDS").is_none() {
        all.truncate(1);
    }
    let mut wrong = Vec::new();
    for programs in all {
        wrong.extend(wrong_on(&programs).await);
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
