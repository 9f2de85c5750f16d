//! Layout of tables: the header again on every page, rows that break only if a page cannot hold them.

use super::{Flow, Ink, Setting, leading};
use crate::drawing::{Point, Shade};
use crate::face::Face;
use crate::length::Length;
use crate::table::{Align, Table, Weight};
use crate::tree::{PartId, Role};
use theriac_model::Refusal;

/// A row's texts in lines, with the setting of each column.
type Wrapped = Vec<(Setting, Align, Vec<String>)>;

struct Grid {
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
        let part = self.tree.add(Role::Table, None);
        let head = self.tree.add(Role::TableHead, Some(part));
        let mut grid = self.grid(table);
        let row = self.tree.add(Role::Row, Some(head));
        let texts: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
        grid.header = self.wrap_row(&grid, &texts, Face::Bold, row, &Role::ColumnHeader);
        let height = grid.height(&grid.header);
        self.room(height + leading(grid.size) * 2)?;
        self.table_head(&grid, Again::No);
        let body = self.tree.add(Role::TableBody, Some(part));
        for row in &table.rows {
            let face = match row.weight {
                Weight::Plain => Face::Regular,
                Weight::Strong => Face::Bold,
            };
            let part = self.tree.add(Role::Row, Some(body));
            let texts: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            let wrapped = self.wrap_row(&grid, &texts, face, part, &Role::Cell);
            self.table_row(&grid, &wrapped)?;
        }
        Ok(())
    }

    fn grid(&self, table: &Table) -> Grid {
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
        Grid { columns, size, pad, header: Vec::new() }
    }

    fn wrap_row(&mut self, grid: &Grid, texts: &[&str], face: Face, row: PartId, role: &Role) -> Wrapped {
        let mut wrapped = Vec::with_capacity(grid.columns.len());
        for (index, &(x, width, align)) in grid.columns.iter().enumerate() {
            let part = Some(self.tree.add(role.clone(), Some(row)));
            let setting = Setting { part, face, size: grid.size, x, width };
            let text = texts.get(index).copied().unwrap_or_default();
            // An empty cell still is a cell: without a piece of page it would be missing in the structure.
            let lines = if text.is_empty() { vec![" ".to_owned()] } else { self.lines(setting, text) };
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

impl Grid {
    fn height(&self, cells: &Wrapped) -> Length {
        let most = cells.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0);
        leading(self.size) * i64::try_from(most).unwrap_or(i64::MAX) + self.pad * 2
    }
}
