//! Layout: from blocks to ink on pages, top to bottom.

use crate::document::{Block, Document, Head, PAGES_MAX, SignatureLine, Standing, Tick};
use crate::drawing::{Drawing, Point, Shade};
use crate::face::{Face, Typefaces, code_point};
use crate::length::Length;
use crate::refusals;
use crate::size::Overflow;
use crate::tree::{PartId, Role, Tree};
use crate::wrap::wrap;
use theriac_model::Refusal;

mod tables;

/// Something drawn on a page. Without a part it is decoration, which readers for the blind pass over.
#[derive(Debug)]
pub(crate) enum Ink {
    Text {
        part: Option<PartId>,
        face: Face,
        size: Length,
        at: Point,
        text: String,
    },
    Rule {
        from: Point,
        to: Point,
        thick: Length,
        shade: Shade,
    },
    Frame {
        at: Point,
        width: Length,
        height: Length,
    },
    /// A box of the given side, ticked or not.
    Box {
        part: PartId,
        at: Point,
        side: Length,
        tick: Tick,
    },
    Picture {
        part: PartId,
        at: Point,
        drawing: Drawing,
    },
}

/// A heading for the file's outline.
#[derive(Debug)]
pub(crate) struct Landmark {
    pub(crate) text: String,
    pub(crate) page: usize,
    pub(crate) y: Length,
}

/// A paper, laid out.
pub(crate) struct LaidOut {
    pub(crate) faces: Typefaces,
    pub(crate) pages: Vec<Vec<Ink>>,
    pub(crate) tree: Tree,
    pub(crate) landmarks: Vec<Landmark>,
}

/// Distance between base lines, as a part of the size of the letters.
const LEADING: (i64, i64) = (128, 100);
/// From the top of a line to its base line.
const ASCENT: (i64, i64) = (100, 100);

/// Height of the foot of a page with everything in it, as a multiple of its text's size.
pub(crate) const FOOTER_LINES: i64 = 4;
/// Size of the foot's text.
pub(crate) const FOOTER_SIZE: Length = Length::thousandths(6_500);

/// Lays a paper out.
pub(crate) fn lay_out(document: &Document) -> Result<LaidOut, Box<Refusal>> {
    let faces = Typefaces::read().map_err(|_| refusals::pdf(&document.title, "a typeface cannot be read"))?;
    let mut flow = Flow::new(document, faces);
    flow.head()?;
    for block in &document.blocks {
        flow.block(block)?;
    }
    flow.list_what_was_replaced()?;
    Ok(LaidOut { faces: flow.faces, pages: flow.pages, tree: flow.tree, landmarks: flow.landmarks })
}

struct Flow<'a> {
    document: &'a Document,
    faces: Typefaces,
    pages: Vec<Vec<Ink>>,
    tree: Tree,
    landmarks: Vec<Landmark>,
    /// Where the next thing goes.
    y: Length,
    /// Where a page ends.
    bottom: Length,
    /// Size of running text.
    size: Length,
}

/// A text that is about to be set.
#[derive(Clone, Copy)]
struct Setting {
    part: Option<PartId>,
    face: Face,
    size: Length,
    x: Length,
    width: Length,
}

impl<'a> Flow<'a> {
    fn new(document: &'a Document, faces: Typefaces) -> Self {
        let size = &document.size;
        let foot = match size.overflow {
            Overflow::NextPage => FOOTER_SIZE * FOOTER_LINES,
            Overflow::Refuse if document.footer.is_empty() => Length::ZERO,
            Overflow::Refuse => FOOTER_SIZE * 2,
        };
        Self {
            document,
            faces,
            pages: vec![Vec::new()],
            tree: Tree::default(),
            landmarks: Vec::new(),
            y: size.margin,
            bottom: size.height - size.margin - foot,
            size: size.text,
        }
    }

    fn left(&self) -> Length {
        self.document.size.margin
    }

    fn measure(&self) -> Length {
        self.document.size.measure()
    }

    fn ink(&mut self, ink: Ink) {
        if let Some(page) = self.pages.last_mut() {
            page.push(ink);
        }
    }

    fn at_top(&self) -> bool {
        self.y == self.document.size.margin
    }

    fn next_page(&mut self) -> Result<(), Box<Refusal>> {
        if self.document.size.overflow == Overflow::Refuse {
            return Err(refusals::label_full(&self.document.title));
        }
        if self.pages.len() >= PAGES_MAX {
            return Err(refusals::pages(&self.document.title, PAGES_MAX));
        }
        self.pages.push(Vec::new());
        self.y = self.document.size.margin;
        Ok(())
    }

    /// Makes room for `height`; a thing higher than a page begins at the top of one.
    fn room(&mut self, height: Length) -> Result<(), Box<Refusal>> {
        if self.y + height <= self.bottom {
            return Ok(());
        }
        if self.at_top() && self.document.size.overflow == Overflow::NextPage { Ok(()) } else { self.next_page() }
    }

    fn gap(&mut self, numerator: i64, denominator: i64) {
        if !self.at_top() {
            self.y += self.size.scaled(numerator, denominator);
        }
    }

    fn lines(&mut self, setting: Setting, text: &str) -> Vec<String> {
        let clean = self.faces.clean(text);
        wrap(&self.faces, setting.face, setting.size, &clean, setting.width)
    }

    /// Sets lines from the present place down, over as many pages as they need.
    fn set(&mut self, setting: Setting, lines: Vec<String>) -> Result<(), Box<Refusal>> {
        for line in lines {
            let leading = leading(setting.size);
            self.room(leading)?;
            self.line(setting, line, self.y);
            self.y += leading;
        }
        Ok(())
    }

    /// Sets one line whose top is at `top`.
    fn line(&mut self, setting: Setting, text: String, top: Length) {
        if text.is_empty() {
            return;
        }
        let at = Point::new(setting.x, top + ascent(setting.size));
        self.ink(Ink::Text { part: setting.part, face: setting.face, size: setting.size, at, text });
    }

    fn plain(&self, part: PartId, face: Face) -> Setting {
        Setting { part: Some(part), face, size: self.size, x: self.left(), width: self.measure() }
    }

    fn head(&mut self) -> Result<(), Box<Refusal>> {
        let document = self.document;
        if document.head == Head::Title {
            self.heading(1, &document.title, self.size.scaled(17, 10))?;
        } else {
            let text = document.title.clone();
            self.landmarks.push(Landmark { text, page: 0, y: self.y });
        }
        if document.standing == Standing::Demo {
            let text = match document.size.overflow {
                Overflow::NextPage => "DEMO. Made by a demonstration. Not valid for anything.",
                Overflow::Refuse => "DEMO - NOT VALID",
            };
            let part = self.tree.add(Role::Paragraph, None);
            let setting = self.plain(part, Face::Bold);
            let lines = self.lines(setting, text);
            self.set(setting, lines)?;
        }
        Ok(())
    }

    fn heading(&mut self, level: u16, text: &str, size: Length) -> Result<(), Box<Refusal>> {
        let part = self.tree.add(Role::Heading(level, text.to_owned()), None);
        let setting = Setting { size, ..self.plain(part, Face::Bold) };
        let lines = self.lines(setting, text);
        let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        // A heading never stands alone at the foot of a page.
        self.room(leading(size) * count + leading(self.size) * 2)?;
        self.landmarks.push(Landmark { text: text.to_owned(), page: self.pages.len() - 1, y: self.y });
        self.set(setting, lines)?;
        self.y += self.size.scaled(3, 10);
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<(), Box<Refusal>> {
        match block {
            Block::Heading(text) => {
                self.gap(9, 10);
                self.heading(2, text, self.size.scaled(12, 10))
            }
            Block::Paragraph(text) => self.paragraph(text, Face::Regular, self.size),
            Block::Strong(text) => self.paragraph(text, Face::Bold, self.size.scaled(13, 10)),
            Block::Notice { heading, text } => self.notice(heading, text),
            Block::Fields(fields) => self.fields(fields),
            Block::Table(table) => self.table(table),
            Block::Checkbox(tick, text) => self.checkbox(*tick, text),
            Block::Signature(line) => self.signature(line),
            Block::Barcode(symbol) => self.picture(symbol.drawing()),
            Block::Figure(drawing) => self.picture(drawing.clone()),
            Block::Space(height) => {
                self.y += *height;
                Ok(())
            }
            Block::NewPage => self.next_page(),
        }
    }

    fn paragraph(&mut self, text: &str, face: Face, size: Length) -> Result<(), Box<Refusal>> {
        self.gap(4, 10);
        let part = self.tree.add(Role::Paragraph, None);
        let setting = Setting { size, ..self.plain(part, face) };
        let lines = self.lines(setting, text);
        self.set(setting, lines)
    }

    fn notice(&mut self, heading: &str, text: &str) -> Result<(), Box<Refusal>> {
        self.gap(6, 10);
        let pad = self.size.scaled(6, 10);
        let part = self.tree.add(Role::Paragraph, None);
        let inside = Setting { x: self.left() + pad, width: self.measure() - pad * 2, ..self.plain(part, Face::Bold) };
        let text_part = self.tree.add(Role::Paragraph, None);
        let below = Setting { part: Some(text_part), face: Face::Regular, ..inside };
        let (heading, text) = (self.lines(inside, heading), self.lines(below, text));
        let count = i64::try_from(heading.len() + text.len()).unwrap_or(i64::MAX);
        let height = leading(self.size) * count + pad * 2;
        self.room(height)?;
        // A text longer than a page has no frame: it would have no end.
        if self.y + height <= self.bottom {
            let at = Point::new(self.left(), self.y);
            self.ink(Ink::Frame { at, width: self.measure(), height });
        }
        self.y += pad;
        self.set(inside, heading)?;
        self.set(below, text)?;
        self.y += pad;
        Ok(())
    }

    fn fields(&mut self, fields: &[(String, String)]) -> Result<(), Box<Refusal>> {
        self.gap(4, 10);
        let list = self.tree.add(Role::List, None);
        let name_width = self.measure().scaled(28, 100);
        for (name, value) in fields {
            let item = self.tree.add(Role::ListItem, Some(list));
            let label = self.tree.add(Role::Label, Some(item));
            let body = self.tree.add(Role::Body, Some(item));
            let gutter = self.size.scaled(8, 10);
            let named = Setting { width: name_width - gutter, ..self.plain(label, Face::Bold) };
            let valued = Setting {
                part: Some(body),
                face: Face::Regular,
                x: self.left() + name_width,
                width: self.measure() - name_width,
                ..named
            };
            let (names, values) = (self.lines(named, name), self.lines(valued, value));
            self.side_by_side(&[(named, names), (valued, values)])?;
            self.y += self.size.scaled(2, 10);
        }
        Ok(())
    }

    /// Sets columns of lines beside each other, over as many pages as the longest needs.
    fn side_by_side(&mut self, columns: &[(Setting, Vec<String>)]) -> Result<(), Box<Refusal>> {
        let most = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        for index in 0..most {
            let height = columns.iter().map(|(setting, _)| leading(setting.size)).max().unwrap_or_default();
            self.room(height)?;
            for (setting, lines) in columns {
                if let Some(text) = lines.get(index) {
                    self.line(*setting, text.clone(), self.y);
                }
            }
            self.y += height;
        }
        Ok(())
    }

    fn checkbox(&mut self, tick: Tick, text: &str) -> Result<(), Box<Refusal>> {
        self.gap(3, 10);
        let part = self.tree.add(Role::Paragraph, None);
        let indent = self.size.scaled(17, 10);
        let setting =
            Setting { x: self.left() + indent, width: self.measure() - indent, ..self.plain(part, Face::Regular) };
        let lines = self.lines(setting, text);
        self.room(leading(self.size))?;
        let side = self.size.scaled(9, 10);
        let at = Point::new(self.left(), self.y + self.size.scaled(2, 10));
        self.ink(Ink::Box { part, at, side, tick });
        self.set(setting, lines)
    }

    fn signature(&mut self, line: &SignatureLine) -> Result<(), Box<Refusal>> {
        let space = self.size * 3;
        let small = self.size.scaled(85, 100);
        self.room(space + leading(self.size) * 3)?;
        self.y += space;
        let (left, measure) = (self.left(), self.measure());
        let columns = [
            (Length::ZERO, measure.scaled(46, 100), format!("{}, signature by hand", line.capacity)),
            (measure.scaled(50, 100), measure.scaled(28, 100), "Name in print".to_owned()),
            (measure.scaled(82, 100), measure.scaled(18, 100), "Date".to_owned()),
        ];
        if let Some(name) = &line.name {
            let part = self.tree.add(Role::Paragraph, None);
            let (x, width, _) = columns[1];
            let setting = Setting { x: left + x, width, ..self.plain(part, Face::Regular) };
            let lines = self.lines(setting, name);
            let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
            let mut top = self.y - leading(self.size) * count;
            for text in lines {
                self.line(setting, text, top);
                top += leading(self.size);
            }
        }
        self.y += self.size.scaled(2, 10);
        let mut captions = Vec::new();
        for (x, width, caption) in columns {
            let (from, to) = (Point::new(left + x, self.y), Point::new(left + x + width, self.y));
            self.ink(Ink::Rule { from, to, thick: Length::thousandths(700), shade: Shade::BLACK });
            let part = self.tree.add(Role::Paragraph, None);
            let setting = Setting { x: left + x, width, size: small, ..self.plain(part, Face::Regular) };
            let lines = self.lines(setting, &caption);
            captions.push((setting, lines));
        }
        self.side_by_side(&captions)
    }

    fn picture(&mut self, mut drawing: Drawing) -> Result<(), Box<Refusal>> {
        self.gap(5, 10);
        self.room(drawing.height)?;
        for shape in &mut drawing.shapes {
            if let crate::drawing::Shape::Word { text, .. } = shape {
                *text = self.faces.clean(text);
            }
        }
        let part = self.tree.add(Role::Figure(self.faces.clean(&drawing.says)), None);
        let at = Point::new(self.left(), self.y);
        let height = drawing.height;
        self.ink(Ink::Picture { part, at, drawing });
        self.y += height;
        Ok(())
    }

    /// A paper says itself which characters it could not show; a label has no room, there its caller must.
    fn list_what_was_replaced(&mut self) -> Result<(), Box<Refusal>> {
        if self.faces.replaced().is_empty() || self.document.size.overflow == Overflow::Refuse {
            return Ok(());
        }
        let listed: Vec<String> = self.faces.replaced().iter().copied().map(code_point).collect();
        let text = format!(
            "Characters this paper could not show, each printed as \u{fffd}: {}. The record holds them.",
            listed.join(", ")
        );
        self.paragraph(&text, Face::Regular, self.size.scaled(85, 100))
    }
}

/// From one base line to the next.
pub(crate) fn leading(size: Length) -> Length {
    size.scaled(LEADING.0, LEADING.1)
}

fn ascent(size: Length) -> Length {
    size.scaled(ASCENT.0, ASCENT.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::PageSize;

    #[test]
    fn a_paper_has_at_most_so_many_pages() {
        let at = "2026-03-02T10:00:00Z".parse().expect("instant");
        let mut document = Document::new(PageSize::LETTER, "Long", "Theriac", at);
        document.blocks = vec![Block::NewPage; PAGES_MAX - 1];
        assert_eq!(lay_out(&document).map(|laid_out| laid_out.pages.len()).ok(), Some(PAGES_MAX));
        document.blocks.push(Block::NewPage);
        assert_eq!(lay_out(&document).err().map(|refusal| refusal.code.0), Some("PAPER-PAGES"));
    }
}
