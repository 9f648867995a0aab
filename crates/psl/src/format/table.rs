//! Rows whose cells stand below each other.

/// How many aligned cells a row has at most.
const CELLS: usize = 3;

/// Rows of cells. A comment at the end of a row is no cell: it has no part in the widths.
#[derive(Default)]
pub(super) struct Table {
    /// All cells one behind the other, each row's comment behind its cells.
    text: String,
    rows: Vec<Row>,
}

/// Where in the text things end. The first cell begins where the row before ends.
struct Row {
    cells: [usize; CELLS],
    comment: usize,
}

impl Table {
    /// Adds a row. `write` is called for each cell in turn, and then for the comment.
    pub(super) fn row<const N: usize>(
        &mut self,
        cells: [&dyn Fn(&mut String); N],
        comment: Option<&str>,
    ) {
        let mut ends = [0; CELLS];
        for (index, end) in ends.iter_mut().enumerate() {
            if let Some(write) = cells.get(index) {
                write(&mut self.text);
            }
            *end = self.text.len();
        }
        self.text.push_str(comment.unwrap_or_default());
        let comment = self.text.len();
        self.rows.push(Row {
            cells: ends,
            comment,
        });
    }

    /// Adds a row of nothing but a comment, in parts.
    pub(super) fn comment(&mut self, parts: &[&str]) {
        let start = self.text.len();
        parts.iter().for_each(|it| self.text.push_str(it));
        let comment = self.text.len();
        self.rows.push(Row {
            cells: [start; CELLS],
            comment,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes all rows, each indented and on its own line, and forgets them.
    pub(super) fn flush(&mut self, indent: &str, out: &mut String) {
        let mut widths = [0; CELLS];
        for (cells, _) in self.cells() {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.len().max(*width);
            }
        }
        for (cells, comment) in self.cells() {
            let used = cells
                .iter()
                .rposition(|it| !it.is_empty())
                .map_or(0, |it| it + 1);
            if used > 0 || !comment.is_empty() {
                out.push_str(indent);
            }
            for (index, cell) in cells[..used].iter().enumerate() {
                out.push_str(cell);
                if index + 1 < used {
                    out.extend(std::iter::repeat_n(' ', widths[index] + 1 - cell.len()));
                }
            }
            if used > 0 && !comment.is_empty() {
                out.push(' ');
            }
            out.push_str(comment);
            out.push('\n');
        }
        self.text.clear();
        self.rows.clear();
    }

    /// The cells and the comment of each row.
    fn cells(&self) -> impl Iterator<Item = ([&str; CELLS], &str)> {
        let mut start = 0;
        self.rows.iter().map(move |row| {
            let cells = row
                .cells
                .map(|end| &self.text[std::mem::replace(&mut start, end)..end]);
            (
                cells,
                &self.text[std::mem::replace(&mut start, row.comment)..row.comment],
            )
        })
    }
}
