use std::path::{Path, PathBuf};

use driftless_catalog::Ident;
use driftless_connect::ConnectUrl;
use driftless_shadow::{ReplayMode, ShadowOptions, ShadowSource};

use crate::config::find_config;
use crate::{Config, Environment, ProjectError};

/// What a caller wants otherwise than the configuration has it.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder to start from; the current one if empty.
    pub working_folder: PathBuf,
    /// The configuration file; looked for upward from the working folder if `None`.
    pub config: Option<PathBuf>,
    /// The Prisma schema.
    pub schema: Option<PathBuf>,
    /// The URL of the live database.
    pub database_url: Option<String>,
    /// `auto`, `local`, `local:FOLDER` of server programs, `embedded`, or the URL of a server for throwaway
    /// databases.
    pub shadow: Option<String>,
    /// What a failing migration does to a replay.
    pub replay: ReplayMode,
}

/// A project: its configuration, with every place resolved.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder that the paths of the configuration start from: that of the file, else the working folder.
    pub root: PathBuf,
    /// What the configuration says.
    pub config: Config,
    /// The configuration file, if there is one.
    pub config_file: Option<PathBuf>,
    /// The Prisma schema.
    pub schema: PathBuf,
    /// Whether the caller has named it, so that it is expected to be there.
    pub schema_is_given: bool,
    /// The live database, if one is named.
    pub database: Option<ConnectUrl>,
    /// The server to replay on.
    pub shadow: ShadowOptions,
    /// What a failing migration does to a replay.
    pub replay: ReplayMode,
}

impl Project {
    /// Reads the configuration, `.env` beside it, and what `settings` and `environment` say over that.
    ///
    /// The live database is the one that the settings name, else `DATABASE_URL`, else `[database] url`.
    /// The shadow is the one that the settings name, else `SHADOW_DATABASE_URL`, else `[shadow] source`.
    ///
    /// # Errors
    /// [`ProjectError::Config`], [`ProjectError::Url`], [`ProjectError::EmptyUrl`] and the like: exit code 2.
    pub fn open(settings: &Settings, mut environment: Environment) -> Result<Self, ProjectError> {
        let folder = match settings.working_folder.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => settings.working_folder.clone(),
        };
        let config_file = match &settings.config {
            Some(path) if path.symlink_metadata().is_ok() => Some(path.clone()),
            Some(path) => {
                return Err(ProjectError::Missing {
                    what: "configuration file",
                    path: path.display().to_string(),
                });
            }
            None => found_upward(&folder),
        };
        let config = match &config_file {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        let root = config_file
            .as_deref()
            .and_then(Path::parent)
            .map_or(folder, Path::to_path_buf);
        environment.read_dot_env(&root)?;
        let schema = match &settings.schema {
            // A path on the command line starts from where the user is.
            Some(path) => path.clone(),
            None => join(&root, &config.prisma.schema),
        };
        let database = database(settings, &config, &environment)?;
        let shadow = shadow(settings, &config, &environment)?;
        Ok(Self {
            root,
            config,
            config_file,
            schema,
            schema_is_given: settings.schema.is_some(),
            database,
            shadow,
            replay: settings.replay,
        })
    }

    /// A path of the configuration, from where the user is.
    pub fn path(&self, relative: &Path) -> PathBuf {
        join(&self.root, relative)
    }

    /// The schemas of the platform.
    pub(crate) fn managed_schemas(&self) -> Vec<Ident> {
        let hidden = driftless_shadow::HIDDEN_SCHEMA;
        let configured = self.config.supabase.managed_schemas.iter();
        configured
            .map(String::as_str)
            .chain([hidden])
            .filter_map(|it| Ident::new(it).ok())
            .collect()
    }

    /// The schema of models that do not name one: the `schema` parameter of the URL, else the first that the
    /// configuration names, else `public`.
    pub(crate) fn default_schema(&self) -> Option<Ident> {
        let from_url = self.database.as_ref().and_then(|it| it.schema());
        let configured = self.config.database.schemas.first().map(String::as_str);
        from_url.or(configured).and_then(|it| Ident::new(it).ok())
    }
}

/// `folder` joined with a relative path, without a leading `./`.
pub(crate) fn join(folder: &Path, relative: &Path) -> PathBuf {
    match folder == Path::new(".") || folder.as_os_str().is_empty() {
        true => relative.to_path_buf(),
        false => folder.join(relative),
    }
}

/// The configuration file, named from the working folder: `../driftless.toml`.
fn found_upward(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    let found = find_config(&absolute)?;
    let above = absolute
        .strip_prefix(found.parent()?)
        .ok()?
        .components()
        .count();
    let mut path = match folder == Path::new(".") {
        true => PathBuf::new(),
        false => folder.to_path_buf(),
    };
    (0..above).for_each(|_| path.push(".."));
    Some(path.join(found.file_name()?))
}

fn database(
    settings: &Settings,
    config: &Config,
    environment: &Environment,
) -> Result<Option<ConnectUrl>, ProjectError> {
    // Most likely from a variable that is not set: whoever gives a URL does not want a check without one.
    let given = settings.database_url.as_deref();
    if given.is_some_and(|it| it.trim().is_empty()) {
        return Err(ProjectError::EmptyUrl);
    }
    let text = given.or_else(|| environment.get("DATABASE_URL"));
    let text = match (text, config.database.url.strip_prefix("env:")) {
        (Some(text), _) => Some(text),
        (None, Some(name)) => environment.get(name),
        (None, None) => Some(config.database.url.as_str()),
    };
    text.filter(|it| !it.is_empty())
        .map(|it| parse_url(it, "the live database"))
        .transpose()
}

pub(crate) fn parse_url(text: &str, what: &str) -> Result<ConnectUrl, ProjectError> {
    ConnectUrl::parse(text).map_err(|source| ProjectError::Url {
        what: what.to_owned(),
        source,
    })
}

fn shadow(
    settings: &Settings,
    config: &Config,
    environment: &Environment,
) -> Result<ShadowOptions, ProjectError> {
    let text = settings
        .shadow
        .as_deref()
        .or_else(|| environment.get("SHADOW_DATABASE_URL"))
        .unwrap_or(&config.shadow.source);
    let source = match text {
        "auto" => ShadowSource::Auto,
        "local" => ShadowSource::Local { bin_dir: None },
        "embedded" => ShadowSource::Embedded,
        local if local.starts_with("local:") => ShadowSource::Local {
            bin_dir: local.strip_prefix("local:").map(PathBuf::from),
        },
        url => ShadowSource::Url(Box::new(parse_url(url, "the shadow server")?)),
    };
    Ok(ShadowOptions { source })
}
