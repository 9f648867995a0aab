use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// All files that one run looks at. Spans of any of them can be located here.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// Names a file of one [`Sources`]; meaningless in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A file's name and text. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    /// Byte offset of the first byte of each line.
    line_starts: Arc<OnceLock<Vec<u32>>>,
}

/// A half-open range of bytes in one file. Always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// First byte behind.
    pub end: u32,
}

/// A place as people and editors count: 1-based line, 1-based column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based.
    pub line: u32,
    /// 1-based, in Unicode scalar values; a tab is one.
    pub column: u32,
}

/// A span with its file's name, line and column. Displays as `path:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// As it was given to [`Sources::add`].
    pub path: Arc<str>,
    /// Of the first character.
    pub start: Position,
    /// Of the first character behind.
    pub end: Position,
}

/// A file of 4 GiB or more, whose offsets a [`Span`] cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTooLarge {
    /// The file's name.
    pub path: String,
    /// Its size.
    pub size_bytes: usize,
}

impl fmt::Display for SourceTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, size_bytes } = self;
        write!(
            f,
            "`{path}` has {size_bytes} bytes; the most that can be read is 4294967295"
        )
    }
}

impl std::error::Error for SourceTooLarge {}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. The same path may be added twice; the two stay apart.
    ///
    /// # Errors
    /// [`SourceTooLarge`] from 4 GiB on.
    pub fn add(
        &mut self,
        path: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
    ) -> Result<SourceId, SourceTooLarge> {
        let (path, text) = (path.into(), text.into());
        if u32::try_from(text.len()).is_err() || u32::try_from(self.files.len()).is_err() {
            return Err(SourceTooLarge {
                path: path.to_string(),
                size_bytes: text.len(),
            });
        }
        let id = SourceId(self.files.len() as u32);
        self.files.push(SourceFile::new(path, text));
        Ok(id)
    }

    /// The file of `id`.
    ///
    /// # Panics
    /// If `id` is of another `Sources`.
    pub fn file(&self, id: SourceId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        (0u32..).map(SourceId).zip(&self.files)
    }

    /// The span of `range` in the file of `id`.
    ///
    /// A range that goes beyond the text, or that splits a character, is shrunk to what is there.
    pub fn span(&self, id: SourceId, range: Range<usize>) -> Span {
        let text = self.file(id).text();
        let start = text.floor_char_boundary(range.start.min(text.len()));
        let end = text.floor_char_boundary(range.end.min(text.len()).max(start));
        Span {
            source: id,
            start: start as u32,
            end: end as u32,
        }
    }

    /// Path, line and column of `span`.
    pub fn locate(&self, span: Span) -> Location {
        let file = self.file(span.source);
        Location {
            path: Arc::clone(&file.path),
            start: file.position(span.start),
            end: file.position(span.end),
        }
    }

    /// The text that `span` covers.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.source).text[span.range()]
    }
}

impl SourceFile {
    fn new(path: Arc<str>, text: Arc<str>) -> Self {
        Self {
            path,
            text,
            line_starts: Arc::default(),
        }
    }

    /// Where each line starts. Most files are never asked for a line.
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate();
            let ends = ends.filter(|(_, byte)| *byte == b'\n');
            let behind = ends.map(|(at, _)| at as u32 + 1);
            std::iter::once(0).chain(behind).collect()
        })
    }

    /// As it was given to [`Sources::add`].
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are; the part behind the last line break counts.
    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    /// Line and column of the byte at `offset`.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts().partition_point(|start| *start <= offset) - 1;
        let before = &self.text[self.line_starts()[line] as usize..offset as usize];
        Position {
            line: line as u32 + 1,
            column: before.chars().count() as u32 + 1,
        }
    }

    /// The text of a 1-based line without its line break, or `None` behind the last.
    pub fn line(&self, line: u32) -> Option<&str> {
        let index = line.checked_sub(1)? as usize;
        let start = *self.line_starts().get(index)? as usize;
        let end = self
            .line_starts()
            .get(index + 1)
            .map_or(self.text.len(), |end| *end as usize);
        Some(self.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

impl Span {
    /// The bytes as a range that indexes the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both. Both are of one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The part of this span from its byte `range.start` to its byte `range.end`.
    #[must_use]
    pub fn part(self, range: Range<usize>) -> Self {
        let at = |offset: usize| (self.start + offset as u32).min(self.end);
        Self {
            source: self.source,
            start: at(range.start),
            end: at(range.end),
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, range: Range<usize>) -> (Position, Position) {
        let mut sources = Sources::new();
        let id = sources.add("f", text).unwrap();
        let location = sources.locate(sources.span(id, range));
        (location.start, location.end)
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let (start, end) = place("a\nÄöß x", 9..10);
        assert_eq!((start.line, start.column), (2, 5));
        assert_eq!((end.line, end.column), (2, 6));
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let (start, _) = place("a\n", 2..2);
        assert_eq!((start.line, start.column), (2, 1));
    }

    #[test]
    fn a_range_that_splits_a_character_is_shrunk() {
        let mut sources = Sources::new();
        let id = sources.add("f", "é").unwrap();
        assert_eq!(sources.span(id, 1..99).range(), 0..2);
    }

    #[test]
    fn a_line_has_no_line_break_of_any_kind() {
        let file = SourceFile::new("f".into(), "a\r\nb\n".into());
        assert_eq!(file.line(1), Some("a"));
        assert_eq!(file.line(2), Some("b"));
        assert_eq!(file.line(3), Some(""));
        assert_eq!(file.line(4), None);
        assert_eq!(file.line(0), None);
    }
}
