//! The last step: ink becomes a PDF. The one place where lengths become floating point, because the format has no other
//! numbers; nothing is computed with them afterwards.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "PDF operators take floating point; every value comes from a whole number of thousandths of a point"
)]

use crate::document::{Document, Printed, Standing, Tick};
use crate::drawing::{Anchor, Dash, Drawing, Point, Shade, Shape};
use crate::face::{Face, Typefaces};
use crate::flow::{FOOTER_SIZE, Ink, LaidOut, Landmark, leading};
use crate::length::Length;
use crate::refusals;
use crate::size::Overflow;
use crate::tree::{PartId, Tree};
use crate::wrap::wrap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::color::luma;
use krilla::configure::{Accessibility, Archival};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{SerializeSettings, configure};
use theriac_model::{Refusal, hex};

const LANGUAGE: &str = "en-US";

/// Writes the pages that were laid out.
pub(crate) fn print(laid_out: LaidOut, document: &Document) -> Result<Printed, Box<Refusal>> {
    let fault = |problem: &str| refusals::pdf(&document.title, problem);
    let LaidOut { mut faces, pages, mut tree, landmarks } = laid_out;
    let title = faces.clean(&document.title);
    // A file without a title is not PDF/UA.
    let title = if title.trim().is_empty() { "Untitled".to_owned() } else { title };
    let mut pdf = krilla::Document::new_with(settings().ok_or_else(|| fault("the PDF profile is not supported"))?);
    pdf.set_metadata(metadata(document, &title, &mut faces));
    let count = pages.len();
    let foot = Foot::new(document, &title, &mut faces);
    for (index, inks) in pages.into_iter().enumerate() {
        let size = PageSettings::from_wh(pt(document.size.width), pt(document.size.height));
        let mut page = pdf.start_page_with(size.ok_or_else(|| fault("the page has no size"))?);
        {
            let mut pen = Pen { surface: page.surface(), faces: &faces, tree: &mut tree, open: Open::Nothing };
            if document.standing == Standing::Demo {
                pen.watermark(document);
            }
            for ink in &inks {
                pen.ink(ink);
            }
            pen.foot(document, &foot, index + 1, count);
            pen.close();
        }
        page.finish();
    }
    pdf.set_tag_tree(tree.tags(LANGUAGE));
    pdf.set_outline(outline(&landmarks, &mut faces));
    let bytes = pdf.finish().map_err(|problem| fault(&format!("{problem:?}").chars().take(200).collect::<String>()))?;
    Ok(Printed { pdf: bytes, pages: count, replaced: faces.replaced().clone() })
}

fn settings() -> Option<SerializeSettings> {
    let configuration = configure::ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .ok()?;
    Some(SerializeSettings { configuration, ..SerializeSettings::default() })
}

fn metadata(document: &Document, title: &str, faces: &mut Typefaces) -> Metadata {
    let mut metadata = Metadata::new()
        .title(title.to_owned())
        .language(LANGUAGE.to_owned())
        .creator("Theriac".to_owned())
        .authors(vec![faces.clean(&document.author)]);
    if let Some(date) = date(document.dated) {
        metadata = metadata.creation_date(date);
    }
    metadata
}

fn date(at: Timestamp) -> Option<DateTime> {
    let at = at.to_zoned(TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).ok();
    Some(
        DateTime::new(u16::try_from(at.year()).ok()?)
            .month(part(at.month())?)
            .day(part(at.day())?)
            .hour(part(at.hour())?)
            .minute(part(at.minute())?)
            .second(part(at.second())?)
            .utc_offset_hour(0)
            .utc_offset_minute(0),
    )
}

fn outline(landmarks: &[Landmark], faces: &mut Typefaces) -> Outline {
    let mut outline = Outline::new();
    for landmark in landmarks {
        let place = XyzDestination::new(landmark.page, krilla::geom::Point::from_xy(0.0, pt(landmark.y)));
        outline.push_child(OutlineNode::new(faces.clean(&landmark.text), place));
    }
    outline
}

fn pt(length: Length) -> f32 {
    length.in_thousandths() as f32 / 1000.0
}

fn place(point: Point) -> krilla::geom::Point {
    krilla::geom::Point::from_xy(pt(point.x), pt(point.y))
}

/// What stands at the foot of every page; the page's number is added to it.
struct Foot {
    lines: Vec<String>,
    digest: Option<String>,
}

impl Foot {
    fn new(document: &Document, title: &str, faces: &mut Typefaces) -> Self {
        let footer = &document.footer;
        let mut parts = Vec::new();
        if document.standing == Standing::Demo {
            parts.push("DEMO".to_owned());
        }
        if document.size.overflow == Overflow::NextPage {
            parts.push(title.to_owned());
        }
        parts.extend([&footer.registration, &footer.period].into_iter().flatten().map(|part| faces.clean(part)));
        let width = document.size.measure().scaled(82, 100);
        let mut lines = wrap(faces, Face::Regular, FOOTER_SIZE, &parts.join(" \u{b7} ").replace('\n', " "), width);
        lines.truncate(2);
        Self { lines, digest: footer.digest.map(|digest| format!("SHA-256 of the data: {}", hex::encode(&digest))) }
    }
}

/// What has been opened on the page and must be closed before something else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Artifact,
    Part(PartId),
}

/// Draws on one page.
struct Pen<'s, 'p> {
    surface: Surface<'s>,
    faces: &'p Typefaces,
    tree: &'p mut Tree,
    open: Open,
}

impl Pen<'_, '_> {
    fn close(&mut self) {
        if self.open != Open::Nothing {
            self.surface.end_tagged();
            self.open = Open::Nothing;
        }
    }

    /// What is drawn next shows `part`; `None` for decoration.
    fn shows(&mut self, part: Option<PartId>) {
        let wanted = part.map_or(Open::Artifact, Open::Part);
        if self.open == wanted {
            return;
        }
        self.close();
        self.open = wanted;
        match part {
            None => {
                let artifact = Artifact::with_kind(ArtifactType::Layout);
                self.surface.start_tagged(ContentTag::Artifact(artifact));
            }
            Some(part) => {
                let piece = self.surface.start_tagged(ContentTag::Other);
                self.tree.shown(part, piece);
            }
        }
    }

    fn ink(&mut self, ink: &Ink) {
        match ink {
            Ink::Text { part, face, size, at, text } => {
                self.shows(*part);
                self.text(*face, *size, *at, text, Shade::BLACK);
            }
            Ink::Rule { from, to, thick, shade } => {
                self.shows(None);
                self.line(&[*from, *to], *thick, *shade, Dash::Solid);
            }
            Ink::Frame { at, width, height } => {
                self.shows(None);
                self.frame(*at, *width, *height, Length::thousandths(900));
            }
            Ink::Box { part, at, side, tick } => self.tick_box(*part, *at, *side, *tick),
            Ink::Picture { part, at, drawing } => {
                self.shows(Some(*part));
                self.drawing(*at, drawing);
            }
        }
    }

    /// A box is drawn, and says what it is to whoever cannot see it.
    fn tick_box(&mut self, part: PartId, at: Point, side: Length, tick: Tick) {
        self.close();
        let says = match tick {
            Tick::Ticked => "[x] ",
            Tick::Open => "[ ] ",
        };
        let span = SpanTag::empty().with_actual_text(Some(says));
        let piece = self.surface.start_tagged(ContentTag::Span(span));
        self.tree.shown(part, piece);
        self.frame(at, side, side, Length::thousandths(800));
        // A letter stands in the box, so that who copies the text gets the tick as well.
        let shown = if tick == Tick::Ticked { "\u{d7}" } else { " " };
        let size = side.scaled(13, 10);
        let wide = self.faces.width(Face::Bold, size, shown);
        let base = Point::new((side - wide) / 2, side.scaled(96, 100)).from(at);
        self.text(Face::Bold, size, base, shown, Shade::BLACK);
        self.surface.end_tagged();
    }

    fn text(&mut self, face: Face, size: Length, at: Point, text: &str, shade: Shade) {
        let units = self.faces.units_per_em(face) as f32;
        let mut glyphs = Vec::with_capacity(text.len());
        for (from, character) in text.char_indices() {
            let (glyph, width) = self.faces.glyph(face, character);
            let range = from..from + character.len_utf8();
            let advance = width as f32 / units;
            glyphs.push(KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, range, None));
        }
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(shade)));
        self.surface.draw_glyphs(place(at), &glyphs, self.faces.font(face), text, pt(size), false);
    }

    fn line(&mut self, points: &[Point], thick: Length, shade: Shade, dash: Dash) {
        let [first, rest @ ..] = points else { return };
        let mut path = PathBuilder::new();
        path.move_to(pt(first.x), pt(first.y));
        for point in rest {
            path.line_to(pt(point.x), pt(point.y));
        }
        self.stroke(path, thick, shade, dash);
    }

    fn frame(&mut self, at: Point, width: Length, height: Length, thick: Length) {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(pt(at.x), pt(at.y), pt(width), pt(height)) {
            path.push_rect(rect);
        }
        self.stroke(path, thick, Shade::BLACK, Dash::Solid);
    }

    fn stroke(&mut self, path: PathBuilder, thick: Length, shade: Shade, dash: Dash) {
        let Some(path) = path.finish() else { return };
        let dash = match dash {
            Dash::Solid => None,
            Dash::Dashed => Some(StrokeDash { array: vec![3.0, 2.0], offset: 0.0 }),
        };
        let paint = luma::Color::new(shade.0).into();
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { paint, width: pt(thick), dash, ..Stroke::default() }));
        self.surface.draw_path(&path);
    }

    fn bar(&mut self, at: Point, width: Length, height: Length, shade: Shade) {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(pt(at.x), pt(at.y), pt(width), pt(height)) {
            path.push_rect(rect);
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(fill(shade)));
        self.surface.draw_path(&path);
    }

    fn drawing(&mut self, at: Point, drawing: &Drawing) {
        for shape in &drawing.shapes {
            match shape {
                Shape::Line { points, thick, shade, dash } => {
                    let points: Vec<Point> = points.iter().map(|point| point.from(at)).collect();
                    self.line(&points, *thick, *shade, *dash);
                }
                Shape::Bar { at: corner, width, height, shade } => self.bar(corner.from(at), *width, *height, *shade),
                Shape::Word { at: base, size, face, anchor, text } => {
                    let wide = self.faces.width(*face, *size, text);
                    let back = match anchor {
                        Anchor::Start => Length::ZERO,
                        Anchor::Middle => wide / 2,
                        Anchor::End => wide,
                    };
                    let base = base.from(at);
                    self.text(*face, *size, Point::new(base.x - back, base.y), text, Shade::BLACK);
                }
            }
        }
    }

    fn watermark(&mut self, document: &Document) {
        self.close();
        let artifact = Artifact::with_kind(ArtifactType::Watermark);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        let (width, height) = (document.size.width, document.size.height);
        let size = width.min(height).scaled(26, 100);
        let wide = self.faces.width(Face::Bold, size, "DEMO");
        let (x, y) = (pt(width) / 2.0, pt(height) / 2.0);
        self.surface.push_transform(&Transform::from_rotate_at(-30.0, x, y));
        let at = Point::new(width / 2 - wide / 2, height / 2 + size.scaled(35, 100));
        self.text(Face::Bold, size, at, "DEMO", Shade(236));
        self.surface.pop();
        self.surface.end_tagged();
    }

    fn foot(&mut self, document: &Document, foot: &Foot, number: usize, count: usize) {
        self.close();
        let numbered = document.size.overflow == Overflow::NextPage;
        if !numbered && document.footer.is_empty() {
            return;
        }
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        let page = &document.size;
        let step = leading(FOOTER_SIZE);
        let lines = i64::try_from(foot.lines.len() + usize::from(foot.digest.is_some())).unwrap_or(0);
        let mut y = page.height - page.margin - step * (lines - 1).max(0);
        if numbered {
            let text = format!("page {number} of {count}");
            let wide = self.faces.width(Face::Regular, FOOTER_SIZE, &text);
            let at = Point::new(page.width - page.margin - wide, y);
            self.text(Face::Regular, FOOTER_SIZE, at, &text, Shade::BLACK);
        }
        for text in foot.lines.iter().chain(&foot.digest) {
            self.text(Face::Regular, FOOTER_SIZE, Point::new(page.margin, y), text, Shade::BLACK);
            y += step;
        }
        self.surface.end_tagged();
    }
}

fn fill(shade: Shade) -> Fill {
    Fill { paint: luma::Color::new(shade.0).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}
