use std::fs::{File, FileType};
use std::io::Read;
use std::path::Path;

/// No larger file is read: nobody writes one, and reading it would take the memory of everything else.
const MOST_BYTES: u64 = 1 << 30;

/// Why a file is no text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It could not be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is a folder, or something whose end may never come: a pipe, a device.
    #[error("`{path}` is {what}, not a file")]
    NotAFile {
        /// What should be a file.
        path: String,
        /// What it is: `a named pipe`.
        what: &'static str,
    },
    /// It is larger than 1 GiB.
    #[error("`{path}` is larger than 1 GiB")]
    TooLarge {
        /// The file.
        path: String,
    },
    /// It is not UTF-8, or has a zero byte.
    #[error("`{path}` is not UTF-8 text: byte {offset} (line {line}) is 0x{byte:02x}")]
    NotText {
        /// The file.
        path: String,
        /// Of the first byte that is wrong.
        offset: usize,
        /// Its 1-based line.
        line: usize,
        /// The byte.
        byte: u8,
    },
}

/// Reads a text file, behind a link too. A byte order mark at its start is left out.
///
/// # Errors
/// [`TextError`] if it is no regular file, cannot be read, is larger than 1 GiB or is not UTF-8; UTF-16 is not,
/// and neither is text with a zero byte.
pub fn read_text(path: &Path) -> Result<String, TextError> {
    let name = || path.display().to_string();
    let failed = |source| TextError::Unreadable {
        path: name(),
        source,
    };
    // Opening a pipe would already wait for somebody to write.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(TextError::NotAFile {
            path: name(),
            what: kind(metadata.file_type()),
        });
    }
    let mut bytes = Vec::new();
    if metadata.len() <= MOST_BYTES {
        // It may grow meanwhile, and files of the system do not say how long they are.
        let file = File::open(path).map_err(failed)?;
        let mut file = file.take(MOST_BYTES + 1);
        file.read_to_end(&mut bytes).map_err(failed)?;
    }
    if metadata.len().max(bytes.len() as u64) > MOST_BYTES {
        return Err(TextError::TooLarge { path: name() });
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            return Err(not_text(name(), error.as_bytes(), offset));
        }
    };
    if let Some(offset) = text.find('\0') {
        return Err(not_text(name(), text.as_bytes(), offset));
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// What something is that is no file.
fn kind(it: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if it.is_fifo() {
            return "a named pipe";
        }
        if it.is_char_device() || it.is_block_device() {
            return "a device";
        }
        if it.is_socket() {
            return "a socket";
        }
    }
    match it.is_dir() {
        true => "a folder",
        false => "something else",
    }
}

fn not_text(path: String, bytes: &[u8], offset: usize) -> TextError {
    TextError::NotText {
        path,
        offset,
        line: bytes[..offset].iter().filter(|it| **it == b'\n').count() + 1,
        byte: bytes.get(offset).copied().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, TextError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read_text(file.path())
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let error = read_text(folder.path()).unwrap_err();
        assert!(error.to_string().ends_with("is a folder, not a file"));
        let missing = read_text(&folder.path().join("x"));
        assert!(matches!(missing, Err(TextError::Unreadable { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn what_may_never_end_is_not_read_behind_a_link_either() {
        let folder = tempfile::tempdir().unwrap();
        let read = |target: &Path| {
            let link = folder.path().join("link.sql");
            std::os::unix::fs::symlink(target, &link).unwrap();
            let read = read_text(&link);
            std::fs::remove_file(link).unwrap();
            read
        };
        let file = folder.path().join("file");
        std::fs::write(&file, "select 1").unwrap();
        assert_eq!(read(&file).unwrap(), "select 1");
        let error = read(Path::new("/dev/zero")).unwrap_err();
        assert!(error.to_string().ends_with("is a device, not a file"));
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
        let error = read(&folder.path().join("s")).unwrap_err();
        assert!(error.to_string().ends_with("is a socket, not a file"));
    }

    #[test]
    fn a_file_of_more_than_a_gibibyte_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(MOST_BYTES + 1).unwrap();
        let read = read_text(file.path());
        assert!(matches!(read, Err(TextError::TooLarge { .. })));
    }

    #[test]
    fn a_byte_order_mark_is_left_out() {
        assert_eq!(read(b"\xef\xbb\xbfselect 1").unwrap(), "select 1");
    }

    #[test]
    fn latin_1_is_refused_with_the_place() {
        let error = read(b"-- a\n-- caf\xe9\n").unwrap_err();
        assert!(matches!(
            error,
            TextError::NotText {
                line: 2,
                byte: 0xe9,
                offset: 11,
                ..
            }
        ));
    }

    #[test]
    fn a_zero_byte_is_refused() {
        assert!(matches!(
            read(b"a\0b").unwrap_err(),
            TextError::NotText {
                offset: 1,
                byte: 0,
                ..
            }
        ));
    }
}
