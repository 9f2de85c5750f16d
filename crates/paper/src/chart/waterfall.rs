//! The accountability statement as a picture: opening count, what came, what went, and the closing count against it.

use super::{Plot, grouped};
use crate::drawing::{Anchor, Dash, Drawing, Point, Shade};
use crate::length::Length;
use crate::table::{Column, Table};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A balance: it stands on zero.
    Balance(String, i64),
    /// A change: it hangs where the last bar ended.
    Change(String, i64),
}

/// A waterfall of whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waterfall {
    /// What the chart says in a sentence.
    pub says: String,
    /// The unit: `tablets`.
    pub unit: String,
    /// From left to right.
    pub steps: Vec<Step>,
}

impl Waterfall {
    /// Each bar: name, where it begins, where it ends.
    fn bars(&self) -> Vec<(&str, i64, i64)> {
        let mut level = 0_i64;
        let mut bars = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            match step {
                Step::Balance(name, value) => {
                    bars.push((name.as_str(), 0, *value));
                    level = *value;
                }
                Step::Change(name, change) => {
                    let next = level.saturating_add(*change);
                    bars.push((name.as_str(), level, next));
                    level = next;
                }
            }
        }
        bars
    }

    /// The chart, in the given size.
    pub fn draw(&self, width: Length, height: Length) -> Drawing {
        let bars = self.bars();
        let mut plot = Plot::new(&self.says, width, height, bars.iter().flat_map(|&(_, from, to)| [from, to]));
        let count = bars.len();
        let mut last = None;
        for (index, &(_, from, to)) in bars.iter().enumerate() {
            let (left, slot) = plot.slot(index, count);
            let (inset, balance) = (slot / 6, matches!(self.steps.get(index), Some(Step::Balance(..))));
            let (upper, lower) = (plot.y(from.max(to)), plot.y(from.min(to)));
            let shade = if balance { Shade(90) } else { Shade::GREY };
            let high = (lower - upper).max(Length::thousandths(600));
            plot.drawing.bar(Point::new(left + inset, upper), slot - inset * 2, high, shade);
            if let Some(from) = last {
                let ends = vec![from, Point::new(left + inset, plot.y(bars[index].1))];
                if !balance {
                    plot.drawing.line(ends, Length::thousandths(500), Shade::BLACK, Dash::Dashed);
                }
            }
            last = Some(Point::new(left + slot - inset, plot.y(to)));
            let figure = if balance { grouped(to) } else { signed(to.saturating_sub(from)) };
            let above = Point::new(left + slot / 2, upper - Length::points(2));
            plot.drawing.word(above, super::WORD, Anchor::Middle, figure);
        }
        let names: Vec<String> = bars.iter().map(|(name, ..)| (*name).to_owned()).collect();
        plot.names(&names);
        plot.drawing
    }

    /// The same figures as a table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(vec![
            Column::new("Entry", 4),
            Column::numbers(format!("Change, {}", self.unit), 2),
            Column::numbers(format!("Balance, {}", self.unit), 2),
        ]);
        for (step, (name, from, to)) in self.steps.iter().zip(self.bars()) {
            match step {
                Step::Balance(..) => table.sum([name.to_owned(), String::new(), grouped(to)]),
                Step::Change(..) => table.row([name.to_owned(), signed(to.saturating_sub(from)), grouped(to)]),
            }
        }
        table
    }
}

fn signed(change: i64) -> String {
    if change > 0 { format!("+{}", grouped(change)) } else { grouped(change) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_hang_where_the_last_bar_ended() {
        let statement = Waterfall {
            says: "1,200 tablets are accounted for.".to_owned(),
            unit: "tablets".to_owned(),
            steps: vec![
                Step::Balance("Opening count".to_owned(), 1000),
                Step::Change("Received".to_owned(), 500),
                Step::Change("Dispensed".to_owned(), -300),
                Step::Balance("Closing count".to_owned(), 1199),
            ],
        };
        assert_eq!(statement.bars()[2], ("Dispensed", 1500, 1200));
        let cells: Vec<_> = statement.table().rows.into_iter().map(|row| row.cells.join("|")).collect();
        assert_eq!(
            cells,
            ["Opening count||1,000", "Received|+500|1,500", "Dispensed|-300|1,200", "Closing count||1,199"]
        );
        assert!(!statement.draw(Length::points(300), Length::points(150)).shapes.is_empty());
    }
}
