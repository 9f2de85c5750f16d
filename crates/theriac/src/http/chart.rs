//! Stock over its movements as a drawing: a line of steps, on a grid of whole numbers.
//!
//! The table beside it holds the same numbers; the drawing only shows their shape.

use crate::views::MovementView;
use std::fmt::Write as _;

/// The drawing's size, in its own units.
pub(super) const WIDTH: i64 = 640;
/// See [`WIDTH`].
pub(super) const HEIGHT: i64 = 220;
const LEFT: i64 = 8;
const RIGHT: i64 = WIDTH - 8;
const TOP: i64 = 26;
const BOTTOM: i64 = HEIGHT - 30;
/// How far the foot of a level's name lies above the level, and below it.
const ABOVE: i64 = 6;
const BELOW: i64 = 15;
/// Levels nearer to each other than this share one name.
const APART_MIN: i64 = 20;
/// More dots than this would only be a thicker line.
const DOTS_MAX: usize = 80;

/// A drawing of on-hand after each movement.
pub(super) struct Chart {
    pub(super) line: String,
    pub(super) area: String,
    pub(super) dots: Vec<Dot>,
    pub(super) marks: Vec<Mark>,
    pub(super) first: String,
    pub(super) last: String,
    /// The drawing in words, for those who do not see it.
    pub(super) words: String,
}

/// On hand after one movement.
pub(super) struct Dot {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) title: String,
}

/// A level with its name.
pub(super) struct Mark {
    pub(super) y: i64,
    /// The foot of its name: where the line does not come from.
    pub(super) text_y: i64,
    pub(super) text: String,
}

impl Chart {
    /// The drawing of `movements`, oldest first; none if there are fewer than two.
    pub(super) fn of(movements: &[MovementView]) -> Option<Self> {
        let [first, .., last] = movements else { return None };
        let highest = movements.iter().max_by_key(|movement| movement.on_hand)?;
        let lowest = movements.iter().min_by_key(|movement| movement.on_hand)?;
        let y = |value: i64| height_of(value, highest.on_hand);
        let x = |place: usize| across(place, movements.len());

        let mut line = format!("M{LEFT} {}", y(first.on_hand));
        for (place, movement) in movements.iter().enumerate().skip(1) {
            // Writing to a string cannot fail.
            let _ = write!(line, "H{}V{}", x(place), y(movement.on_hand));
        }
        let area = format!("{line}V{BOTTOM}H{LEFT}Z");
        let dots = if movements.len() > DOTS_MAX { &movements[..0] } else { movements };
        let dots = dots
            .iter()
            .enumerate()
            .map(|(place, movement)| Dot {
                x: x(place),
                y: y(movement.on_hand),
                title: format!("{}: {} on hand after {}", movement.at, movement.on_hand_text, movement.document),
            })
            .collect();
        let (top, foot) = (y(highest.on_hand), y(lowest.on_hand));
        let mut marks = vec![Mark { y: top, text_y: top - ABOVE, text: format!("highest {}", highest.on_hand_text) }];
        if foot - top >= APART_MIN {
            // Every step comes down to the lowest level from above, so its name stands below it where there is room.
            let text_y = if foot + BELOW < BOTTOM { foot + BELOW } else { foot - ABOVE };
            marks.push(Mark { y: foot, text_y, text: format!("lowest {}", lowest.on_hand_text) });
        }
        let words = format!(
            "On hand over {} movements: {} at first, {} at most, {} at least, {} now.",
            movements.len(),
            first.on_hand_text,
            highest.on_hand_text,
            lowest.on_hand_text,
            last.on_hand_text
        );
        Some(Self { line, area, dots, marks, first: first.at.clone(), last: last.at.clone(), words })
    }
}

/// How far down a level lies. Nothing is drawn below zero: on hand is never negative.
fn height_of(value: i64, highest: i64) -> i64 {
    let (value, highest) = (i128::from(value.max(0)), i128::from(highest.max(1)));
    let rise = value * i128::from(BOTTOM - TOP) / highest;
    BOTTOM - i64::try_from(rise).unwrap_or(BOTTOM - TOP)
}

/// How far to the right the movement at `place` of `count` lies.
fn across(place: usize, count: usize) -> i64 {
    let (place, steps) = (i64::try_from(place).unwrap_or(0), i64::try_from(count.max(2) - 1).unwrap_or(1));
    LEFT + (RIGHT - LEFT).saturating_mul(place) / steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(on_hand: i64) -> MovementView {
        MovementView {
            at: "2026-01-05 09:00".into(),
            document: "receipt 1".into(),
            who: "fern".into(),
            lines: "shelf +1".into(),
            on_hand,
            on_hand_text: format!("{on_hand} tablets"),
            entry: 1,
        }
    }

    #[test]
    fn the_line_steps_from_level_to_level_inside_the_frame() {
        let chart = Chart::of(&[movement(300), movement(0), movement(150)]).expect("three movements");
        assert_eq!(chart.line, format!("M{LEFT} {TOP}H320V{BOTTOM}H{RIGHT}V{}", BOTTOM - (BOTTOM - TOP) / 2));
        assert_eq!(
            chart.words,
            "On hand over 3 movements: 300 tablets at first, 300 tablets at most, 0 tablets at least, 150 tablets now."
        );
    }

    #[test]
    fn extreme_levels_stay_inside_the_frame() {
        for level in [i64::MIN, -1, 0, 1, i64::MAX] {
            let chart = Chart::of(&[movement(level), movement(i64::MAX)]).expect("two movements");
            assert!(chart.dots.iter().all(|dot| (TOP..=BOTTOM).contains(&dot.y)), "{level}");
        }
        assert!(Chart::of(&[movement(5)]).is_none());
        assert!(Chart::of(&[]).is_none());
    }
}
