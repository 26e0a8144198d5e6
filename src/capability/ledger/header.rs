//! The header of a ledger: what stands in which column of the file, and what of the file stays out.

use super::columns::{Column, REQUIRED};
use super::defect::{Defect, Finding, shown};
use super::reader::ReadError;
use crate::kernel::error::Text;

/// A column of the file from which nothing is taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, by the letters of a spreadsheet.
    pub letters: String,
    /// What its header says; as little of it as a report shows of any value.
    pub header: String,
    /// Whether nobody knows what it holds. Otherwise it is one that is never taken in.
    pub unknown: bool,
}

impl LeftOut {
    /// The code of an unknown column in a report.
    pub const UNKNOWN: &str = "UNKNOWN_COLUMN";

    /// What to do about an unknown one.
    pub const HINT: Text = Text::fixed(
        "无法识别该列，未导入；如需导入，请将表头改为规定的列名。",
        "Unknown, so it stays out; if it should come in, give it the name that the column has in ledgers.",
    );
}

/// What stands in which column.
pub(super) struct Header {
    columns: Vec<Option<Column>>,
    /// Cells up to the last that has a name. A file whose every row is filled up to the longest has a
    /// header with empty cells at its end.
    named: usize,
    left_out: Vec<LeftOut>,
    /// Columns without a name between those that have one.
    unnamed: Vec<usize>,
}

/// What a row comes to.
pub(super) enum Fitted {
    /// Its cells by column, with what is to be noted.
    Cells(Vec<(Column, String)>, Vec<Finding>),
    /// Why nothing of it can be told: where a quotation mark is missing, or which cell is in which
    /// column.
    Unreadable(Finding),
}

impl Header {
    /// Reads a row as the header.
    ///
    /// # Errors
    /// The columns that it lacks and no row can do without.
    pub(super) fn of(cells: &[String]) -> Result<Self, Vec<Column>> {
        let columns: Vec<_> = cells.iter().map(|cell| Column::of_header(cell)).collect();
        let lacks = |required: &Column| !columns.contains(&Some(*required));
        let lacking: Vec<Column> = REQUIRED.into_iter().filter(lacks).collect();
        if !lacking.is_empty() {
            return Err(lacking);
        }
        let says = |at: &usize| !cells[*at].trim().is_empty();
        let named = (0..cells.len()).rfind(says).map_or(0, |at| at + 1);
        let unnamed = (0..named).filter(|at| !says(at)).collect();
        let left_out = (0..named).filter(says).filter_map(|at| {
            let unknown = columns[at].is_none();
            let never = columns[at] == Some(Column::Remark);
            (unknown || never).then(|| LeftOut {
                letters: letters(at),
                header: shown(&cells[at]),
                unknown,
            })
        });
        Ok(Self {
            named,
            left_out: left_out.collect(),
            unnamed,
            columns,
        })
    }

    /// Refuses two columns of one meaning: which of them holds, only the county knows. Of what is
    /// never read there may be several.
    pub(super) fn unambiguous(self, cells: &[String]) -> Result<Self, ReadError> {
        for (second, column) in self.columns.iter().enumerate() {
            let Some(column) = column.filter(|column| column.is_read()) else {
                continue;
            };
            let first = self.columns.iter().position(|of| *of == Some(column));
            if let Some(first) = first.filter(|first| *first < second) {
                let told = |at: usize| format!("{} ({})", letters(at), shown(&cells[at]));
                return Err(ReadError::ColumnTwice {
                    first: told(first),
                    second: told(second),
                    column: column.as_str(),
                });
            }
        }
        Ok(self)
    }

    /// How many cells the header has, empty ones included.
    pub(super) const fn width(&self) -> usize {
        self.columns.len()
    }

    /// The columns from which nothing is taken in.
    pub(super) fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The column of a cell; the first known one where the cell is in none.
    pub(super) fn column_or_first(&self, cell: Option<usize>) -> Column {
        let at = cell.and_then(|cell| self.columns.get(cell).copied().flatten());
        at.or_else(|| self.columns.iter().find_map(|column| *column))
            .unwrap_or(Column::Unnamed)
    }

    /// Puts the cells of a row under the columns. `whole` says that the file has written every cell of
    /// the row, empty ones included.
    pub(super) fn fit(&self, cells: Vec<String>, whole: bool) -> Fitted {
        let says = |at: &usize| cells.get(*at).is_some_and(|cell| !cell.trim().is_empty());
        let surplus = (self.named..cells.len()).filter(says);
        // A comma too many shifts the cells of a text; those of a sheet have an address each.
        if whole && let Some(first) = surplus.clone().next() {
            return Fitted::Unreadable(surplus_at(first));
        }
        let mut noted = Vec::new();
        let within = self.unnamed.iter().copied().filter(says);
        let nameless: Vec<String> = within.chain(surplus).map(letters).collect();
        if !nameless.is_empty() {
            noted.push(without_header(&nameless.join(", ")));
        }
        let missing = |at: &usize| self.columns[*at].is_some_and(Column::is_read);
        if whole && let Some(first) = (cells.len()..self.named).find(missing) {
            noted.push(too_short(self.column_or_first(Some(first)), first));
        }
        let known = self.columns.iter().zip(cells);
        let known = known.filter_map(|(column, cell)| column.map(|column| (column, cell)));
        Fitted::Cells(known.collect(), noted)
    }
}

/// Nothing of the cell is shown: it may hold anything of anybody.
fn surplus_at(cell: usize) -> Finding {
    let at = letters(cell);
    Finding::new(Column::Unnamed, Defect::MoreCells, "").hinting(
        format!(
            "{at} 列有内容而表头没有该列，本行各列可能错位，未导入：请删去多余的分隔符或单元格，\
             含逗号的内容加引号，或为该列加上表头，再重新导入。"
        ),
        format!(
            "There is a value in column {at} and no header above it, so the row may be shifted and \
             stays out: delete what is too many, put quotation marks around what holds a comma, or \
             give the column a header, and import again."
        ),
    )
}

fn without_header(letters: &str) -> Finding {
    Finding::new(Column::Unnamed, Defect::WithoutHeader, "").hinting(
        format!("{letters} 列没有表头，其内容未导入；如需导入，请加上表头。"),
        format!(
            "Nothing stands above column {letters}, so its value stays out; if it should come in, \
             give it a header."
        ),
    )
}

/// Programs leave empty cells out at the end of a row, so it is no reason to refuse it.
fn too_short(column: Column, cell: usize) -> Finding {
    let at = letters(cell);
    Finding::new(column, Defect::FewerCells, "").hinting(
        format!("本行在 {at} 列之前结束，其后各列按空白处理；请核对本行是否缺列、错位。"),
        format!(
            "The row ends before column {at}; what is missing was read as empty. Check that no cell \
             within the row was left out."
        ),
    )
}

/// A column as a spreadsheet names it, counted from zero: A to Z, AA and so on.
fn letters(cell: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = cell + 1;
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).map_or('?', |of| char::from(b'A' + of));
        letters.push(letter);
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_a_spreadsheet_names_them() {
        for (cell, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(cell), expected);
        }
    }
}
