//! Layout of tables: the header again on every page, rows that break only if a page cannot hold them.

use super::{Flow, Ink, Setting, leading};
use crate::drawing::{Point, Shade};
use crate::face::Face;
use crate::length::Length;
use crate::table::{Align, Table, Weight};
use crate::tree::{PartId, Role, Tree};
use theriac_model::Refusal;

/// A row's texts in lines, with the setting of each column.
type Wrapped = Vec<(Setting, Align, Vec<String>)>;

/// A longer table is tagged by rows, each a paragraph, instead of by cells: every tagged cell costs about a kilobyte of memory
/// and a hundred bytes of file, and nobody is read so long a table cell by cell.
const TAGGED_CELLS_MAX: usize = 20_000;

/// How finely a table is tagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tagging {
    /// Rows and cells, below this table.
    Cells(PartId),
    /// One paragraph a row.
    Rows,
}

struct Grid {
    tagging: Tagging,
    /// Left edge and width of each column's text.
    columns: Vec<(Length, Length, Align)>,
    size: Length,
    pad: Length,
    header: Vec<(Setting, Align, Vec<String>)>,
}

impl Flow<'_> {
    pub(super) fn table(&mut self, table: &Table) -> Result<(), Box<Refusal>> {
        if table.columns.is_empty() {
            return Ok(());
        }
        self.gap(5, 10);
        let tagging = match table.rows.len().saturating_mul(table.columns.len()) {
            0..=TAGGED_CELLS_MAX => Tagging::Cells(self.tree.add(Role::Table, None)),
            _ => Tagging::Rows,
        };
        let mut grid = self.grid(table, tagging);
        let head = grid.tagging.group(&mut self.tree, Role::TableHead);
        let texts: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
        grid.header = self.wrap_row(&grid, &texts, Face::Bold, head, &Role::ColumnHeader);
        let height = grid.height(&grid.header);
        self.room(height + leading(grid.size) * 2)?;
        self.table_head(&grid, Again::No);
        let body = grid.tagging.group(&mut self.tree, Role::TableBody);
        for row in &table.rows {
            let face = match row.weight {
                Weight::Plain => Face::Regular,
                Weight::Strong => Face::Bold,
            };
            let texts: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let wrapped = self.wrap_row(&grid, &texts, face, body, &Role::Cell);
            self.table_row(&grid, &wrapped)?;
        }
        Ok(())
    }

    fn grid(&self, table: &Table, tagging: Tagging) -> Grid {
        let size = self.size.scaled(9, 10);
        let (pad, measure) = (size.scaled(3, 10), self.measure());
        let all: i64 = table.columns.iter().map(|column| i64::from(column.share)).sum();
        let (mut columns, mut before) = (Vec::with_capacity(table.columns.len()), 0);
        for column in &table.columns {
            let share = i64::from(column.share);
            let x = self.left() + measure.scaled(before, all);
            columns.push((x + pad, measure.scaled(share, all) - pad * 2, column.align));
            before += share;
        }
        Grid { tagging, columns, size, pad, header: Vec::new() }
    }

    /// The texts of a row in lines, and the row in the structure, below `group`.
    fn wrap_row(&mut self, grid: &Grid, texts: &[&str], face: Face, group: Option<PartId>, role: &Role) -> Wrapped {
        let row = match grid.tagging {
            Tagging::Cells(_) => self.tree.add(Role::Row, group),
            Tagging::Rows => self.tree.add(Role::Paragraph, None),
        };
        let mut wrapped = Vec::with_capacity(grid.columns.len());
        for (index, &(x, width, align)) in grid.columns.iter().enumerate() {
            let part = match grid.tagging {
                Tagging::Cells(_) => self.tree.add(role.clone(), Some(row)),
                Tagging::Rows => row,
            };
            let setting = Setting { part: Some(part), face, size: grid.size, x, width };
            let text = texts.get(index).copied().unwrap_or_default();
            // An empty cell still is a cell: without a piece of page it would be missing in the structure.
            let mut lines = if text.is_empty() { vec![" ".to_owned()] } else { self.lines(setting, text) };
            if grid.tagging == Tagging::Rows {
                // The words of neighbouring cells are one text here, and must not run into each other.
                for line in &mut lines {
                    line.push(' ');
                }
            }
            wrapped.push((setting, align, lines));
        }
        wrapped
    }

    fn table_head(&mut self, grid: &Grid, again: Again) {
        for (setting, align, lines) in &grid.header {
            let part = if again == Again::Yes { None } else { setting.part };
            self.cell(Setting { part, ..*setting }, *align, lines, self.y + grid.pad);
        }
        self.y += grid.height(&grid.header);
        self.table_rule(Length::thousandths(800), Shade::BLACK);
    }

    fn table_row(&mut self, grid: &Grid, cells: &Wrapped) -> Result<(), Box<Refusal>> {
        let most = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
        let mut done = 0;
        while done < most {
            let left = i64::try_from(most - done).unwrap_or(i64::MAX);
            let fits = self.fitting(grid);
            let fresh = self.bottom - self.document.size.margin - grid.height(&grid.header) - grid.pad * 2;
            // A row that an empty page can hold is not broken; one that it cannot hold is set as far as the page goes.
            if fits < left && (leading(grid.size) * left <= fresh || fits < 1) && self.below_header(grid) {
                self.next_page()?;
                self.table_head(grid, Again::Yes);
                continue;
            }
            let count = usize::try_from(fits.clamp(1, left)).unwrap_or(1);
            for (setting, align, lines) in cells {
                let lines = lines.get(done..lines.len().min(done + count)).unwrap_or_default();
                self.cell(*setting, *align, lines, self.y + grid.pad);
            }
            done += count;
            self.y += leading(grid.size) * i64::try_from(count).unwrap_or(i64::MAX) + grid.pad * 2;
        }
        self.table_rule(Length::thousandths(250), Shade::GREY);
        Ok(())
    }

    /// Whether something stands on this page below the table's header, so that a new page has more room.
    fn below_header(&self, grid: &Grid) -> bool {
        self.y > self.document.size.margin + grid.height(&grid.header)
    }

    /// Lines that fit on this page.
    fn fitting(&self, grid: &Grid) -> i64 {
        let room = self.bottom - self.y - grid.pad * 2;
        room.in_thousandths().checked_div(leading(grid.size).in_thousandths()).unwrap_or(0).max(0)
    }

    fn cell(&mut self, setting: Setting, align: Align, lines: &[String], mut top: Length) {
        for text in lines {
            let x = match align {
                Align::Start => setting.x,
                Align::End => {
                    let wide = self.faces.width(setting.face, setting.size, text.trim_end());
                    setting.x + (setting.width - wide).max(Length::ZERO)
                }
            };
            self.line(Setting { x, ..setting }, text.clone(), top);
            top += leading(setting.size);
        }
    }

    fn table_rule(&mut self, thick: Length, shade: Shade) {
        let (from, to) = (Point::new(self.left(), self.y), Point::new(self.left() + self.measure(), self.y));
        self.ink(Ink::Rule { from, to, thick, shade });
    }
}

/// Whether a header stands on a later page, where it is decoration: the structure has it once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

impl Tagging {
    /// A group of the table's rows in the structure, where the table has one.
    fn group(self, tree: &mut Tree, role: Role) -> Option<PartId> {
        match self {
            Self::Cells(table) => Some(tree.add(role, Some(table))),
            Self::Rows => None,
        }
    }
}

impl Grid {
    fn height(&self, cells: &Wrapped) -> Length {
        let most = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
        leading(self.size) * i64::try_from(most).unwrap_or(i64::MAX) + self.pad * 2
    }
}
