//! Folders of migrations, and what a database remembers of having applied them.
//!
//! [`read_folder`] takes a folder in any of the layouts that teams have (`YYYYMMDDHHMMSS_name.sql` of
//! Supabase, `NNN_name.sql`, `TIMESTAMP_name/migration.sql` of Prisma) and returns its files in the order
//! in which they are applied, with a finding for everything that would surprise. [`read_history`] asks a
//! database which of them it has seen.
//!
//! Always true: a file is read as a whole or is a finding, never half; nothing is written.
//!
//! ```
//! use driftless_finding::Sources;
//! use driftless_migrate::read_folder;
//!
//! let folder = std::env::temp_dir().join(format!("driftless-doc-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! std::fs::write(folder.join("20240101000000_users.sql"), "CREATE TABLE users ();")?;
//! let mut sources = Sources::new();
//! let migrations = read_folder(&folder, &mut sources)?;
//! assert_eq!(migrations.files[0].version, "20240101000000");
//! assert_eq!(migrations.files[0].name, "users");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod codes;
mod folder;
mod history;
mod text;

pub use codes::CODES;
pub use folder::{FolderError, MigrationFile, Migrations, read_folder};
pub use history::{History, HistoryError, read_history};
pub use text::{TextError, read_text};
