use std::path::Path;

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

/// Reads a text file. A byte order mark at its start is left out.
///
/// # Errors
/// [`TextError`] if it cannot be read or is not UTF-8; UTF-16 is not, and neither is text with a zero byte.
pub fn read_text(path: &Path) -> Result<String, TextError> {
    let name = || path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| TextError::Unreadable {
        path: name(),
        source,
    })?;
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
