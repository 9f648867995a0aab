//! Sizes that a replay has to bear. Times are printed, never asserted: `cargo test -- --nocapture`.

use std::time::Instant;

use driftless_finding::Sources;
use driftless_shadow::{DatabaseOptions, ReplayFile, ReplayOptions, ShadowSource};

use crate::servers::start;

#[tokio::test(flavor = "multi_thread")]
async fn many_files_and_many_statements_are_replayed() {
    many(ShadowSource::Local { bin_dir: None }, 5_000).await;
}

#[cfg(feature = "embedded")]
#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_server_bears_many_as_well() {
    many(ShadowSource::Embedded, 500).await;
}

async fn many(source: ShadowSource, tables: usize) {
    let begun = Instant::now();
    let Some(mut shadow) = start(source).await else {
        return;
    };
    println!("{}", shadow.server());
    println!("start: {:?}", begun.elapsed());
    for name in ["first", "second"] {
        let begun = Instant::now();
        let database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        println!("{name} database: {:?}", begun.elapsed());
        database.close().await.unwrap();
    }
    let table = |index: usize| {
        format!(
            "create table t{index} (id bigint primary key, name text not null default 'x');\n\
             create index on t{index} (name);\nalter table t{index} enable row level security;\n\
             create policy p on t{index} using (id > 0);\n"
        )
    };
    let files: Vec<String> = (0..500).map(table).collect();
    let large: String = (1_000..1_000 + tables).map(table).collect();
    for (name, texts) in [("500 files", files), ("one large file", vec![large])] {
        let mut database = shadow.database(&DatabaseOptions::default()).await.unwrap();
        let mut sources = Sources::new();
        let add = |(index, text)| ReplayFile {
            source: sources.add(format!("{index}.sql"), text).unwrap(),
            version: format!("{index}"),
            name: String::new(),
        };
        let files: Vec<ReplayFile> = texts.into_iter().enumerate().map(add).collect();
        let begun = Instant::now();
        let replay = database
            .replay(&sources, &files, &ReplayOptions::default())
            .await
            .unwrap();
        println!("{name}: {:?}", begun.elapsed());
        assert_eq!(replay.findings, []);
        assert!(
            replay
                .provenance
                .origin("table column", "public.t499.name")
                .is_some()
                || name != "500 files"
        );
        database.close().await.unwrap();
    }
    let begun = Instant::now();
    shadow.stop().await.unwrap();
    println!("stop: {:?}", begun.elapsed());
}
