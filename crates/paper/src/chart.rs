//! Charts of whole numbers: stock over time with its counts, and the accountability waterfall.
//!
//! A chart never stands alone: [`Lines::table`] and [`Waterfall::table`] give the same figures as a table beside it.

use crate::drawing::{Anchor, Dash, Drawing, Point, Shade};
use crate::length::Length;
use crate::table::{Column, Table};

mod scale;
mod waterfall;

pub use waterfall::{Step, Waterfall};

use scale::Scale;

/// How a series is drawn; without colours, so it must differ in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A line of steps: a balance stays until it changes.
    Steps,
    /// A dashed line from point to point.
    Dashes,
    /// Single squares: counts.
    Squares,
}

/// A series: at each place on the axis a value, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What it is, with its unit.
    pub name: String,
    /// How it is drawn.
    pub mark: Mark,
    /// One for each place of the axis; missing ones are `None`.
    pub values: Vec<Option<i64>>,
}

/// Lines over an axis of places (days, months).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// What the chart says in a sentence.
    pub says: String,
    /// What the places are called: `Day`.
    pub axis: String,
    /// The places, from left to right.
    pub places: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
}

/// Size of the words in a chart.
pub(crate) const WORD: Length = Length::points(7);
const LEFT: Length = Length::points(52);
const TOP: Length = Length::points(8);
const BELOW: Length = Length::points(30);
const THIN: Length = Length::thousandths(400);

/// The frame of a chart: its scale, and where the plot lies in the drawing.
pub(crate) struct Plot {
    pub(crate) drawing: Drawing,
    scale: Scale,
    height: Length,
    pub(crate) width: Length,
}

impl Plot {
    /// An empty plot with grid lines for values between the smallest and the greatest of `values`, zero included.
    pub(crate) fn new(says: &str, width: Length, height: Length, values: impl Iterator<Item = i64>) -> Self {
        let scale = Scale::around(values);
        let inner = (height - TOP - BELOW).max(Length::points(20));
        let mut plot = Self {
            drawing: Drawing::new(width, height, says),
            scale,
            height: inner,
            width: (width - LEFT).max(Length::points(20)),
        };
        for tick in plot.scale.ticks() {
            let y = plot.y(tick);
            let ends = vec![Point::new(LEFT, y), Point::new(LEFT + plot.width, y)];
            let shade = if tick == 0 { Shade::BLACK } else { Shade::PALE };
            plot.drawing.line(ends, THIN, shade, Dash::Solid);
            let place = Point::new(LEFT - Length::points(4), y + WORD.scaled(35, 100));
            plot.drawing.word(place, WORD, Anchor::End, grouped(tick));
        }
        plot
    }

    pub(crate) fn y(&self, value: i64) -> Length {
        TOP + self.height - self.scale.along(value, self.height)
    }

    /// The left edge of the `index`-th of `count` places, and a place's width.
    pub(crate) fn slot(&self, index: usize, count: usize) -> (Length, Length) {
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let left = LEFT + self.width.scaled(whole(index), whole(count));
        (left, self.width.scaled(1, whole(count)))
    }

    /// Writes names below the axis: all that fit, and always the first.
    pub(crate) fn names(&mut self, names: &[String]) {
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(1).max(1);
        let wide = WORD.scaled(6, 10) * i64::try_from(longest + 1).unwrap_or(1);
        let fit = self.width.in_thousandths().checked_div(wide.in_thousandths()).unwrap_or(1).max(1);
        let every = names.len().div_ceil(usize::try_from(fit).unwrap_or(1)).max(1);
        for (index, name) in names.iter().enumerate().step_by(every) {
            let (left, width) = self.slot(index, names.len());
            let half = WORD.scaled(3, 10) * i64::try_from(name.chars().count()).unwrap_or(0);
            // The last name ends with the drawing where it would reach beyond it.
            let (x, anchor) = match left + width / 2 {
                middle if middle + half > self.drawing.width => (self.drawing.width, Anchor::End),
                middle => (middle, Anchor::Middle),
            };
            self.drawing.word(Point::new(x, TOP + self.height + WORD.scaled(13, 10)), WORD, anchor, name.clone());
        }
    }
}

impl Lines {
    /// The chart, in the given size.
    pub fn draw(&self, width: Length, height: Length) -> Drawing {
        let values = self.series.iter().flat_map(|series| series.values.iter().copied().flatten());
        let mut plot = Plot::new(&self.says, width, height, values);
        let mut legend = LEFT;
        let below = plot.drawing.height - Length::points(5);
        for series in &self.series {
            self.series(&mut plot, series);
            let mark = [Point::new(legend, below - WORD.scaled(3, 10)), Point::new(legend + Length::points(14), below)];
            sample(&mut plot.drawing, series.mark, mark);
            plot.drawing.word(Point::new(legend + Length::points(18), below), WORD, Anchor::Start, series.name.clone());
            let letters = i64::try_from(series.name.chars().count()).unwrap_or(0);
            legend += WORD.scaled(6, 10) * letters + Length::points(34);
        }
        plot.names(&self.places);
        plot.drawing
    }

    fn series(&self, plot: &mut Plot, series: &Series) {
        let count = self.places.len();
        let mut run = Vec::new();
        let mut runs = Vec::new();
        for (index, value) in series.values.iter().take(count).enumerate() {
            let Some(value) = *value else {
                runs.push(std::mem::take(&mut run));
                continue;
            };
            let (left, width) = plot.slot(index, count);
            let y = plot.y(value);
            match series.mark {
                Mark::Steps => run.extend([Point::new(left, y), Point::new(left + width, y)]),
                Mark::Dashes => run.push(Point::new(left + width / 2, y)),
                Mark::Squares => {
                    let half = Length::thousandths(1_800);
                    plot.drawing.bar(Point::new(left + width / 2 - half, y - half), half * 2, half * 2, Shade::BLACK);
                }
            }
        }
        runs.push(run);
        let dash = if series.mark == Mark::Dashes { Dash::Dashed } else { Dash::Solid };
        for run in runs {
            plot.drawing.line(run, Length::points(1), Shade::BLACK, dash);
        }
    }

    /// The same figures as a table.
    pub fn table(&self) -> Table {
        let mut columns = vec![Column::new(self.axis.clone(), 2)];
        columns.extend(self.series.iter().map(|series| Column::numbers(series.name.clone(), 2)));
        let mut table = Table::new(columns);
        for (index, place) in self.places.iter().enumerate() {
            let values = self.series.iter().map(|series| {
                let value = series.values.get(index).copied().flatten();
                value.map(grouped).unwrap_or_default()
            });
            table.row(std::iter::once(place.clone()).chain(values));
        }
        table
    }
}

fn sample(drawing: &mut Drawing, mark: Mark, [from, to]: [Point; 2]) {
    match mark {
        Mark::Squares => drawing.bar(from, Length::thousandths(3_600), Length::thousandths(3_600), Shade::BLACK),
        Mark::Steps | Mark::Dashes => {
            let dash = if mark == Mark::Dashes { Dash::Dashed } else { Dash::Solid };
            drawing.line(vec![from, Point::new(to.x, from.y)], Length::points(1), Shade::BLACK, dash);
        }
    }
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Shape;

    fn stock() -> Lines {
        Lines {
            says: "The stock falls from 100 to 60; the count of the third day says 59.".to_owned(),
            axis: "Day".to_owned(),
            places: vec!["1".to_owned(), "2".to_owned(), "3".to_owned()],
            series: vec![
                Series { name: "book".to_owned(), mark: Mark::Steps, values: vec![Some(100), Some(80), Some(60)] },
                Series { name: "count".to_owned(), mark: Mark::Squares, values: vec![None, None, Some(59)] },
            ],
        }
    }

    #[test]
    fn a_chart_and_its_table_show_the_same_figures() {
        let chart = stock();
        let table = chart.table();
        assert_eq!(table.rows[2].cells, ["3", "60", "59"]);
        assert_eq!(table.rows[0].cells, ["1", "100", ""]);
        let drawing = chart.draw(Length::points(400), Length::points(160));
        assert_eq!(drawing, chart.draw(Length::points(400), Length::points(160)), "the same figures, the same drawing");
        let squares = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Bar { .. })).count();
        assert_eq!(squares, 2, "one count, one sample in the legend");
    }

    #[test]
    fn every_point_lies_inside_the_drawing_whatever_the_figures() {
        for values in [vec![0], vec![-5, 5], vec![i64::MAX, i64::MIN], vec![7; 300]] {
            let chart = Lines {
                says: String::new(),
                axis: "Day".to_owned(),
                places: (0..values.len()).map(|day| day.to_string()).collect(),
                series: vec![Series {
                    name: "n".to_owned(),
                    mark: Mark::Steps,
                    values: values.iter().copied().map(Some).collect(),
                }],
            };
            let drawing = chart.draw(Length::points(300), Length::points(120));
            for shape in &drawing.shapes {
                if let Shape::Line { points, .. } = shape {
                    for point in points {
                        let inside = point.x >= Length::ZERO
                            && point.x <= drawing.width
                            && point.y >= Length::ZERO
                            && point.y <= drawing.height;
                        assert!(inside, "{point:?} of {values:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn thousands_stand_apart() {
        for (value, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(grouped(value), text);
        }
    }
}
