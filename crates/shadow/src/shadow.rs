//! A throwaway server, whichever it is.

use crate::cluster::Cluster;
use crate::options::{
    ADMINISTRATOR, Candidate, DatabaseOptions, MIGRATOR, ServerInfo, ServerKind, ShadowOptions,
    ShadowSource,
};
use crate::{ShadowDatabase, ShadowError};

#[cfg(unix)]
use crate::local::{self, LocalServer};

/// A throwaway server that hands out fresh databases.
///
/// It ends when this is dropped, and also when the process is killed.
#[derive(Debug)]
pub struct Shadow {
    info: ServerInfo,
    server: Server,
}

/// The fields of each variant are dropped in order: sessions first, then the server.
#[derive(Debug)]
enum Server {
    #[cfg(unix)]
    Local {
        cluster: Cluster,
        server: LocalServer,
    },
}

impl Shadow {
    /// Starts a server, or connects to the one that is named.
    ///
    /// # Errors
    /// [`ShadowError::Unusable`] for the one kind asked for, [`ShadowError::NoneUsable`] for
    /// [`ShadowSource::Auto`], [`ShadowError::Connect`] for a URL.
    pub async fn start(options: &ShadowOptions) -> Result<Self, ShadowError> {
        let mut tried = Vec::new();
        match &options.source {
            ShadowSource::Auto => match Self::local(None, &mut tried).await? {
                Some(shadow) => Ok(shadow),
                None => Err(ShadowError::NoneUsable { tried }),
            },
            ShadowSource::Local { bin_dir } => {
                match Self::local(bin_dir.as_deref(), &mut tried).await? {
                    Some(shadow) => Ok(shadow),
                    None => Err(ShadowError::Unusable {
                        kind: ServerKind::Local,
                        reason: reasons(&tried),
                    }),
                }
            }
            ShadowSource::Embedded => Err(ShadowError::Unusable {
                kind: ServerKind::Embedded,
                reason: "this program was built without it".to_owned(),
            }),
            ShadowSource::Url(_) => Err(ShadowError::Unusable {
                kind: ServerKind::Url,
                reason: "servers that run already are not used yet".to_owned(),
            }),
        }
    }

    #[cfg(unix)]
    async fn local(
        bin_dir: Option<&std::path::Path>,
        tried: &mut Vec<Candidate>,
    ) -> Result<Option<Self>, ShadowError> {
        let Some(server) = LocalServer::start(bin_dir, tried).await? else {
            return Ok(None);
        };
        let cluster = Cluster::own(server.url("postgres")).await?;
        let info = ServerInfo {
            kind: ServerKind::Local,
            place: server.place(),
            version: server.version().clone(),
            migrator: MIGRATOR.to_owned(),
            administrator: ADMINISTRATOR.to_owned(),
            limits: Vec::new(),
            passed_over: std::mem::take(tried),
        };
        Ok(Some(Self {
            info,
            server: Server::Local { cluster, server },
        }))
    }

    /// What server it is: for the line that says what was compared, and for introspection.
    pub fn server(&self) -> &ServerInfo {
        &self.info
    }

    /// Makes a fresh database. Any number may exist at a time.
    ///
    /// # Errors
    /// [`ShadowError::Server`] and [`ShadowError::Gone`].
    pub async fn database(
        &mut self,
        options: &DatabaseOptions,
    ) -> Result<ShadowDatabase, ShadowError> {
        match &mut self.server {
            #[cfg(unix)]
            Server::Local { cluster, .. } => cluster.database(options).await,
        }
    }

    /// Ends the server and removes every trace of it. Dropping does the same.
    ///
    /// # Errors
    /// [`ShadowError::Gone`] if it could not be waited for.
    pub async fn stop(self) -> Result<(), ShadowError> {
        match self.server {
            #[cfg(unix)]
            Server::Local { cluster, server } => {
                cluster.close().await;
                let stopped = tokio::task::spawn_blocking(move || drop(server)).await;
                stopped.map_err(|error| ShadowError::Gone {
                    doing: "stopping",
                    reason: error.to_string(),
                })
            }
        }
    }
}

/// What was tried and why it cannot be used, in one line.
fn reasons(tried: &[Candidate]) -> String {
    let reasons: Vec<String> = tried
        .iter()
        .filter_map(|it| Some(format!("{}: {}", it.place, it.outcome.as_ref().err()?)))
        .collect();
    match reasons.is_empty() {
        true => "no server programs were found".to_owned(),
        false => reasons.join("; "),
    }
}

/// Every server that [`Shadow::start`] would try for `options`, in that order, and whether it can be used.
///
/// Looks at programs only; makes nothing.
pub async fn probe(options: &ShadowOptions) -> Vec<Candidate> {
    match &options.source {
        ShadowSource::Auto => local_candidates(None).await,
        ShadowSource::Local { bin_dir } => local_candidates(bin_dir.clone()).await,
        ShadowSource::Embedded | ShadowSource::Url(_) => Vec::new(),
    }
}

#[cfg(unix)]
async fn local_candidates(bin_dir: Option<std::path::PathBuf>) -> Vec<Candidate> {
    let found = tokio::task::spawn_blocking(move || local::candidates(bin_dir.as_deref())).await;
    found.unwrap_or_default()
}
