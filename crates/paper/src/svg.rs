//! Pictures for pages: the same drawing as SVG, without script, style or anything from outside.

use crate::drawing::{Anchor, Dash, Drawing, Point, Shape};
use crate::face::Face;
use crate::length::Length;
use std::fmt::Write as _;

/// The drawing as an SVG element; one point is one unit. What it says is its title.
pub fn print(drawing: &Drawing) -> String {
    let mut out = String::with_capacity(256 + drawing.shapes.len() * 96);
    let (width, height) = (number(drawing.width), number(drawing.height));
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width} {height}\"><title>{}</title>",
        escaped(&drawing.says)
    );
    for shape in &drawing.shapes {
        let _ = match shape {
            Shape::Line { points, thick, shade, dash } => {
                let dash = if *dash == Dash::Dashed { " stroke-dasharray=\"3 2\"" } else { "" };
                let (points, thick) =
                    (points.iter().map(|point| at(*point)).collect::<Vec<_>>().join(" "), number(*thick));
                let grey = grey(shade.0);
                write!(
                    out,
                    "<polyline points=\"{points}\" fill=\"none\" stroke=\"{grey}\" stroke-width=\"{thick}\"{dash}/>"
                )
            }
            Shape::Bar { at, width, height, shade } => write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
                number(at.x),
                number(at.y),
                number(*width),
                number(*height),
                grey(shade.0)
            ),
            Shape::Word { at, size, face, anchor, text } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                let weight = if *face == Face::Bold { " font-weight=\"bold\"" } else { "" };
                write!(
                    out,
                    "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\"{weight}>{}</text>",
                    number(at.x),
                    number(at.y),
                    number(*size),
                    escaped(text)
                )
            }
        };
    }
    out.push_str("</svg>");
    out
}

/// Thousandths as a decimal number, without trailing zeros.
fn number(length: Length) -> String {
    let thousandths = length.in_thousandths();
    let (sign, size) = (if thousandths < 0 { "-" } else { "" }, thousandths.unsigned_abs());
    let text = format!("{sign}{}.{:03}", size / 1000, size % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn at(point: Point) -> String {
    format!("{},{}", number(point.x), number(point.y))
}

fn grey(shade: u8) -> String {
    format!("#{shade:02x}{shade:02x}{shade:02x}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no place for control characters.
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Shade;

    #[test]
    fn lengths_are_plain_decimals_and_text_is_escaped() {
        let mut drawing = Drawing::new(Length::points(10), Length::points(5), "A & B");
        drawing.bar(
            Point::new(Length::thousandths(1_250), Length::thousandths(-500)),
            Length::points(1),
            Length::points(2),
            Shade(255),
        );
        drawing.word(Point::default(), Length::points(6), Anchor::End, "<script>\u{1}");
        assert_eq!(
            print(&drawing),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 10 5\"><title>A &amp; B</title>\
             <rect x=\"1.25\" y=\"-0.5\" width=\"1\" height=\"2\" fill=\"#ffffff\"/>\
             <text x=\"0\" y=\"0\" font-size=\"6\" text-anchor=\"end\">&lt;script&gt;\u{fffd}</text></svg>"
        );
    }
}
