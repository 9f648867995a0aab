//! A throwaway server, whichever it is.

use driftless_connect::{ConnectOptions, ConnectUrl, connect};

use crate::cluster::Cluster;
use crate::options::{
    ADMINISTRATOR, Candidate, DatabaseOptions, MIGRATOR, ServerInfo, ServerKind, ShadowOptions,
    ShadowSource,
};
use crate::remote::RemoteServer;
use crate::{ShadowDatabase, ShadowError};

#[cfg(feature = "embedded")]
use crate::embedded::{self, EmbeddedServer};
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

#[derive(Debug)]
enum Server {
    #[cfg(unix)]
    Local(Box<Local>),
    #[cfg(feature = "embedded")]
    Embedded(Box<EmbeddedServer>),
    Remote(Box<RemoteServer>),
}

/// The fields are dropped in order: the session first, then the server.
#[cfg(unix)]
#[derive(Debug)]
struct Local {
    cluster: Cluster,
    server: LocalServer,
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
            ShadowSource::Auto => {
                if let Some(shadow) = Self::local(None, &mut tried).await? {
                    return Ok(shadow);
                }
                match Self::embedded(&tried).await {
                    Err(ShadowError::Unusable { kind, reason }) => {
                        tried.push(Candidate {
                            kind,
                            place: String::new(),
                            outcome: Err(reason),
                        });
                        Err(ShadowError::NoneUsable { tried })
                    }
                    other => other,
                }
            }
            ShadowSource::Local { bin_dir } => {
                match Self::local(bin_dir.as_deref(), &mut tried).await? {
                    Some(shadow) => Ok(shadow),
                    None => Err(ShadowError::Unusable {
                        kind: ServerKind::Local,
                        reason: reasons(&tried),
                    }),
                }
            }
            ShadowSource::Embedded => Self::embedded(&[]).await,
            ShadowSource::Url(url) => Self::remote(url).await,
        }
    }

    async fn remote(url: &ConnectUrl) -> Result<Self, ShadowError> {
        let server = RemoteServer::start(url.clone()).await?;
        let Cluster {
            ground,
            maintenance,
            ..
        } = &server.cluster;
        Ok(Self {
            info: ServerInfo {
                kind: ServerKind::Url,
                place: url.to_string(),
                version: maintenance.server_version().clone(),
                migrator: ground.migrator.clone(),
                administrator: ground.administrator.clone(),
                limits: server.limits(),
                passed_over: Vec::new(),
            },
            server: Server::Remote(Box::new(server)),
        })
    }

    #[cfg(feature = "embedded")]
    async fn embedded(tried: &[Candidate]) -> Result<Self, ShadowError> {
        let server = EmbeddedServer::start().await?;
        Ok(Self {
            info: ServerInfo {
                kind: ServerKind::Embedded,
                place: embedded::ENGINE.to_owned(),
                version: embedded::version(),
                migrator: MIGRATOR.to_owned(),
                administrator: ADMINISTRATOR.to_owned(),
                limits: Vec::new(),
                passed_over: tried.to_vec(),
            },
            server: Server::Embedded(Box::new(server)),
        })
    }

    #[cfg(not(feature = "embedded"))]
    async fn embedded(_: &[Candidate]) -> Result<Self, ShadowError> {
        Err(ShadowError::Unusable {
            kind: ServerKind::Embedded,
            reason: NOT_BUILT_IN.to_owned(),
        })
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
            server: Server::Local(Box::new(Local { cluster, server })),
        }))
    }

    #[cfg(not(unix))]
    async fn local(
        _: Option<&std::path::Path>,
        tried: &mut Vec<Candidate>,
    ) -> Result<Option<Self>, ShadowError> {
        tried.extend(local_candidates(None).await);
        Ok(None)
    }

    /// What server it is: for the line that says what was compared, and for introspection.
    pub fn server(&self) -> &ServerInfo {
        &self.info
    }

    /// The server as other programs reach it, as the administrator, while it runs. `None` for one that has a single
    /// session.
    pub fn maintenance_url(&self) -> Option<&ConnectUrl> {
        match &self.server {
            #[cfg(unix)]
            Server::Local(local) => Some(&local.cluster.url),
            #[cfg(feature = "embedded")]
            Server::Embedded(_) => None,
            Server::Remote(server) => Some(&server.cluster.url),
        }
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
            Server::Local(local) => local.cluster.database(options).await,
            #[cfg(feature = "embedded")]
            Server::Embedded(server) => server.database(options).await,
            Server::Remote(server) => {
                let database = server.cluster.database(options).await?;
                // What the prelude could not do is known once it has been tried.
                self.info.limits = server.limits();
                self.info
                    .limits
                    .extend(server.cluster.refused.iter().cloned());
                Ok(database)
            }
        }
    }

    /// Ends the server and removes every trace of it. Dropping does the same.
    ///
    /// # Errors
    /// [`ShadowError::Gone`] if it could not be waited for.
    pub async fn stop(self) -> Result<(), ShadowError> {
        match self.server {
            #[cfg(unix)]
            Server::Local(local) => {
                let Local { cluster, server } = *local;
                cluster.close().await;
                let stopped = tokio::task::spawn_blocking(move || drop(server)).await;
                stopped.map_err(|error| ShadowError::Gone {
                    doing: "stopping",
                    reason: error.to_string(),
                })
            }
            #[cfg(feature = "embedded")]
            Server::Embedded(server) => {
                server.stop().await;
                Ok(())
            }
            Server::Remote(server) => server.stop().await,
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
/// Looks at programs and asks a URL for a session; makes nothing.
pub async fn probe(options: &ShadowOptions) -> Vec<Candidate> {
    match &options.source {
        ShadowSource::Auto => {
            let mut found = local_candidates(None).await;
            found.push(embedded_candidate());
            found
        }
        ShadowSource::Local { bin_dir } => local_candidates(bin_dir.clone()).await,
        ShadowSource::Embedded => vec![embedded_candidate()],
        ShadowSource::Url(url) => vec![url_candidate(url).await],
    }
}

#[cfg(unix)]
async fn local_candidates(bin_dir: Option<std::path::PathBuf>) -> Vec<Candidate> {
    let found = tokio::task::spawn_blocking(move || local::candidates(bin_dir.as_deref())).await;
    found.unwrap_or_default()
}

/// A private cluster needs a Unix-domain socket.
#[cfg(not(unix))]
async fn local_candidates(_: Option<std::path::PathBuf>) -> Vec<Candidate> {
    vec![Candidate {
        kind: ServerKind::Local,
        place: String::new(),
        outcome: Err("this operating system has no Unix-domain sockets".to_owned()),
    }]
}

async fn url_candidate(url: &ConnectUrl) -> Candidate {
    let outcome = match connect(url, &ConnectOptions::default()).await {
        Ok(connection) => {
            let version = connection.server_version().clone();
            connection.close().await;
            Ok(version)
        }
        Err(error) => Err(error.to_string()),
    };
    Candidate {
        kind: ServerKind::Url,
        place: url.to_string(),
        outcome,
    }
}

#[cfg(feature = "embedded")]
fn embedded_candidate() -> Candidate {
    embedded::candidate()
}

#[cfg(not(feature = "embedded"))]
fn embedded_candidate() -> Candidate {
    Candidate {
        kind: ServerKind::Embedded,
        place: String::new(),
        outcome: Err(NOT_BUILT_IN.to_owned()),
    }
}

#[cfg(not(feature = "embedded"))]
const NOT_BUILT_IN: &str = "this program was built without it";
