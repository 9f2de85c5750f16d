//! Other layouts of the same message, by a seed: what intermediaries, converters and other XML libraries make of it.
//!
//! Two messages made from one by any seed bear the same contents (21 CFR 1311.170(e), 2008: 1311.130(f)): the format
//! changes, the content never. Tests draw layouts by the thousand; the relay lays out with [`Freedom::Spelling`].

use super::message::Message;
use super::table::{Kind, Row};
use super::text::is_blank;
use super::tree::NodeRef;
use theriac_model::{Decimal, DrugUnit, drug};

/// How far a layout may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freedom {
    /// The XML only: white space between elements, quotes, references, CDATA, comments, empty elements, attributes'
    /// order. Reading it gives an equal [`Message`].
    Form,
    /// Also the spelling: white space inside texts, dates with times, decimals, codes by name or in other case, order of
    /// siblings. Reading it gives equal contents, and nothing is added or left out.
    Spelling,
    /// Also what is no element of a prescription: country codes of the United States come and go, and optional parts of
    /// the header. Reading it gives equal contents.
    Parts,
}

/// The message in a layout that only another XML writer would make; reading it gives an equal message.
pub fn reform(message: &Message, seed: u64) -> Vec<u8> {
    lay_out(message, seed, Freedom::Form)
}

/// The message in any layout that keeps its contents.
pub fn relayout(message: &Message, seed: u64) -> Vec<u8> {
    lay_out(message, seed, Freedom::Parts)
}

/// The message in the layout of `seed`: the same bytes for the same seed.
pub fn lay_out(message: &Message, seed: u64, freedom: Freedom) -> Vec<u8> {
    let mut dice = Dice(seed);
    let style = Style::roll(&mut dice, freedom);
    let mut writer = Writer { dice, style, out: Vec::with_capacity(message.elements() * 60 + 128) };
    writer.document(message);
    writer.out
}

/// A generator of numbers from a seed (splitmix64); layouts are repeatable and need no randomness.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.roll() % n).unwrap_or(0)
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }
}

/// What a whole document does, in percent where it is a chance.
struct Style {
    freedom: Freedom,
    indent: &'static str,
    new_line: &'static str,
    quote: u8,
    comments: u64,
    cdata: u64,
    references: u64,
    spelling: u64,
    shuffle: u64,
    open_empty: u64,
}

impl Style {
    fn roll(dice: &mut Dice, freedom: Freedom) -> Self {
        let new_line = dice.pick(&["", "\n", "\n", "\r\n", " "]).unwrap_or_default();
        let spelled = if freedom >= Freedom::Spelling { dice.pick(&[0, 20, 60, 100]).unwrap_or_default() } else { 0 };
        let shuffled = if freedom >= Freedom::Spelling { dice.pick(&[0, 0, 30, 100]).unwrap_or_default() } else { 0 };
        Self {
            freedom,
            indent: dice.pick(&["", "  ", "    ", "\t", " "]).unwrap_or_default(),
            new_line,
            quote: dice.pick(b"\"'").unwrap_or(b'"'),
            comments: dice.pick(&[0, 0, 5, 30]).unwrap_or_default(),
            cdata: dice.pick(&[0, 0, 10, 50]).unwrap_or_default(),
            references: dice.pick(&[0, 0, 2, 30]).unwrap_or_default(),
            spelling: spelled,
            shuffle: shuffled,
            open_empty: dice.pick(&[0, 50, 100]).unwrap_or_default(),
        }
    }
}

struct Writer {
    dice: Dice,
    style: Style,
    out: Vec<u8>,
}

/// Whether an element still needs its end tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Open,
    Shut,
}

/// Whether a strength's unit is coded beside its value; only then is the value a number and not a text.
fn has_unit(strength: Option<NodeRef<'_>>) -> bool {
    strength.is_some_and(|strength| strength.value(&["StrengthUnitOfMeasure", "Code"]).is_some())
}

/// Optional parts of the header that intermediaries drop or replace.
const DROPPED: [&str; 3] = ["Security", "Mailbox", "TertiaryIdentifier"];

impl Writer {
    fn document(&mut self, message: &Message) {
        let declarations = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<?xml version='1.0' encoding='utf-8'?>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\" ?>",
            "<?xml version=\"1.0\"?>",
            "",
        ];
        let declaration = self.dice.pick(&declarations).unwrap_or_default();
        self.push(declaration);
        self.comment();
        self.push(self.style.new_line);
        self.element(message.root(), None, 0);
        self.push(self.style.new_line);
        self.comment();
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn comment(&mut self) {
        if self.dice.chance(self.style.comments) {
            self.push("<!-- <Quantity> & re-laid -->");
        }
    }

    fn line(&mut self, level: usize) {
        self.push(self.style.new_line);
        if !self.style.new_line.is_empty() {
            for _ in 0..level {
                self.push(self.style.indent);
            }
        }
    }

    fn free(&self) -> bool {
        self.style.freedom >= Freedom::Spelling
    }

    fn grows(&self) -> bool {
        self.style.freedom >= Freedom::Parts
    }

    fn element(&mut self, node: NodeRef<'_>, parent: Option<NodeRef<'_>>, level: usize) {
        let row = node.row();
        let date = self.free() && row.is_some_and(|row| matches!(row.kind, Kind::Date));
        if date && node.text().trim().len() == 10 && self.dice.chance(self.style.spelling) {
            return self.date_as_instant(node);
        }
        self.start(node.name(), node);
        let grows =
            self.free() && row.and_then(Row::part).is_some_and(|part| matches!(part.name, "address" | "header"));
        let tag = if node.has_children() || grows {
            self.push(">");
            self.children(node, level);
            Tag::Open
        } else {
            let text = self.spelled(node, parent);
            self.content(&text, row)
        };
        self.end(node.name(), tag);
    }

    /// The tag, without its closing bracket.
    fn start(&mut self, name: &str, node: NodeRef<'_>) {
        self.push("<");
        self.push(name);
        let mut attributes: Vec<(&str, &str)> = node.attributes().collect();
        if self.dice.chance(30) {
            attributes.reverse();
        }
        for (key, value) in attributes {
            let gap = self.dice.pick(&[" ", "  ", "\n "]).unwrap_or(" ");
            self.push(gap);
            self.push(key);
            let equals = self.dice.pick(&["=", "=", " = "]).unwrap_or("=");
            self.push(equals);
            let quote = self.style.quote;
            self.out.push(quote);
            let mut escaped = Vec::new();
            super::text::push_attribute(&mut escaped, value);
            let escaped = String::from_utf8(escaped).unwrap_or_default().replace('\'', "&apos;");
            self.push(&escaped);
            self.out.push(quote);
        }
        if self.dice.chance(10) {
            self.push(" ");
        }
    }

    fn end(&mut self, name: &str, tag: Tag) {
        if tag == Tag::Shut {
            return;
        }
        self.push("</");
        self.push(name);
        if self.dice.chance(5) {
            self.push(" ");
        }
        self.push(">");
    }

    fn children(&mut self, node: NodeRef<'_>, level: usize) {
        let part = node.row().and_then(Row::part);
        let mut children: Vec<NodeRef<'_>> = node.children().collect();
        let place = part.map(|part| part.name).filter(|_| self.grows());
        if part.is_some() && self.dice.chance(self.style.shuffle) {
            self.shuffle(&mut children);
        }
        if place == Some("header") && self.dice.chance(50) {
            children.retain(|child| !child.row().is_some_and(|row| DROPPED.contains(&row.name)));
            if self.dice.chance(50) {
                self.line(level + 1);
                self.push("<Mailbox><AdditionalTraceNumber>7</AdditionalTraceNumber></Mailbox>");
            }
        }
        let mut country = place == Some("address") && self.dice.chance(50);
        for child in children {
            if place == Some("address") && child.row().is_some_and(|row| row.name == "CountryCode") {
                let us = matches!(child.text().trim(), "US" | "USA" | "");
                country = false;
                if us && self.dice.chance(50) {
                    continue;
                }
            }
            self.line(level + 1);
            self.comment();
            self.element(child, Some(node), level + 1);
        }
        if country {
            self.line(level + 1);
            self.push("<CountryCode>US</CountryCode>");
        }
        self.line(level);
    }

    /// Shuffles known siblings; those that share a place in the table (a repeating group) keep their order, and so do
    /// repetitions. An unknown element keeps its place.
    fn shuffle(&mut self, children: &mut [NodeRef<'_>]) {
        for n in (1..children.len()).rev() {
            let other = self.dice.below(n + 1);
            children.swap(n, other);
        }
        let mut places: Vec<(u8, Vec<usize>)> = Vec::new();
        for (n, child) in children.iter().enumerate() {
            let order = child.row().map_or(u8::MAX, |row| row.order);
            match places.iter_mut().find(|(place, _)| *place == order) {
                Some((_, at)) => at.push(n),
                None => places.push((order, vec![n])),
            }
        }
        for (_, at) in places {
            let mut together: Vec<NodeRef<'_>> = at.iter().filter_map(|&n| children.get(n).copied()).collect();
            together.sort_by_key(|child| child.index());
            for (&n, child) in at.iter().zip(together) {
                children[n] = child;
            }
        }
    }

    /// `<Date>` as `<DateTime>`: the day is the same, the time and its offset are the writer's.
    fn date_as_instant(&mut self, node: NodeRef<'_>) {
        let times = ["T00:00:00Z", "T00:00:00", "T23:59:59-11:00", "T12:00:00.0Z", "T00:00:00.000+14:00"];
        let time = self.dice.pick(&times).unwrap_or_default();
        self.push("<DateTime");
        let tag = self.content(&format!("{}{time}", node.text().trim()), node.row());
        self.end("DateTime", tag);
    }

    /// The text in another spelling that means the same.
    fn spelled(&mut self, node: NodeRef<'_>, parent: Option<NodeRef<'_>>) -> String {
        let text = node.text();
        let Some(row) = node.row().filter(|_| self.free() && !is_blank(text)) else { return text.to_owned() };
        if !self.dice.chance(self.style.spelling) {
            return text.to_owned();
        }
        let spelled = match row.kind {
            Kind::Text if row.name == "StrengthValue" && has_unit(parent) => self.decimal(text),
            Kind::Text => self.spaces(text),
            Kind::Number => self.decimal(text),
            Kind::Count => self.count(text),
            Kind::QuantityUnit => self.quantity_unit(text),
            Kind::StrengthUnit => self.named(text, drug::strength_unit_name, drug::strength_unit_code),
            Kind::Form => self.named(text, drug::form_name, drug::form_code),
            Kind::Postal => self.postal(text),
            Kind::State => self.case(text),
            Kind::Flag => self.flag(text),
            Kind::Base64 => self.wrapped(text),
            Kind::Code if row.name == "DEANumber" => self.case_of_number(text),
            Kind::Code if row.name == "Code" => self.ndc(node),
            Kind::Code | Kind::Date | Kind::Instant | Kind::Part(_) | Kind::Open => text.to_owned(),
        };
        if matches!(row.kind, Kind::Part(_) | Kind::Open) { spelled } else { self.padded(&spelled) }
    }

    fn padded(&mut self, text: &str) -> String {
        let pads = ["", "", " ", "\n\t", "  "];
        let before = self.dice.pick(&pads).unwrap_or_default();
        let after = self.dice.pick(&pads).unwrap_or_default();
        format!("{before}{text}{after}")
    }

    fn spaces(&mut self, text: &str) -> String {
        let gaps = [" ", "  ", "\n      ", "\t", "\u{A0}", " \u{2003}"];
        let mut out = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            if c == ' ' {
                out.push_str(self.dice.pick(&gaps).unwrap_or(" "));
            } else {
                out.push(c);
            }
        }
        out
    }

    fn decimal(&mut self, text: &str) -> String {
        let Ok(value) = Decimal::parse(text.trim()) else { return text.to_owned() };
        let plain = value.to_string();
        let options = if plain.contains('.') { ["", "0", "000"] } else { ["", ".0", ".000"] };
        let tail = self.dice.pick(&options).unwrap_or_default();
        let head = self.dice.pick(&["", "", "0", "00"]).unwrap_or_default();
        format!("{head}{plain}{tail}")
    }

    fn count(&mut self, text: &str) -> String {
        let short = text.trim().len() < 4 && text.trim().bytes().all(|b| b.is_ascii_digit());
        if short && self.dice.chance(50) { format!("0{}", text.trim()) } else { text.to_owned() }
    }

    fn case(&mut self, text: &str) -> String {
        match self.dice.below(3) {
            0 => text.to_ascii_lowercase(),
            1 => text.to_ascii_uppercase(),
            _ => text.to_owned(),
        }
    }

    fn quantity_unit(&mut self, text: &str) -> String {
        let unit = DrugUnit::read(text);
        if matches!(unit, DrugUnit::Other(_)) {
            return text.to_owned();
        }
        let spelled = if self.dice.chance(50) { unit.code() } else { unit.name() };
        self.case(&spelled)
    }

    fn named(
        &mut self,
        text: &str,
        name: fn(&str) -> Option<&'static str>,
        code: fn(&str) -> Option<&'static str>,
    ) -> String {
        let Some(known) = name(text) else { return text.to_owned() };
        let code = code(known).filter(|code| name(code) == Some(known));
        let spelled = if self.dice.chance(50) { code.unwrap_or(known) } else { known };
        self.case(spelled)
    }

    fn postal(&mut self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match (digits.len(), self.dice.below(3)) {
            (9, 0) => format!("{}-{}", &digits[..5], &digits[5..]),
            (9, 1) => format!("{} {}", &digits[..5], &digits[5..]),
            (9, _) => digits,
            _ => text.to_owned(),
        }
    }

    fn flag(&mut self, text: &str) -> String {
        match text.trim() {
            "true" if self.dice.chance(50) => "1".to_owned(),
            "false" if self.dice.chance(50) => "0".to_owned(),
            _ => text.to_owned(),
        }
    }

    fn wrapped(&mut self, text: &str) -> String {
        let width = self.dice.pick(&[64, 76, 4096]).unwrap_or(64);
        let mut out = String::with_capacity(text.len() + text.len() / width * 2);
        for (n, c) in text.chars().enumerate() {
            if n > 0 && n % width == 0 {
                out.push('\n');
            }
            out.push(c);
        }
        out
    }

    /// The letters of the registration number only: an internal code's case is its institution's.
    fn case_of_number(&mut self, text: &str) -> String {
        match text.get(..2) {
            Some(letters) if self.dice.chance(50) => format!("{}{}", letters.to_ascii_lowercase(), &text[2..]),
            _ => text.to_owned(),
        }
    }

    /// An NDC of eleven digits with its hyphens; NCIt codes in other case.
    fn ndc(&mut self, node: NodeRef<'_>) -> String {
        let text = node.text().trim();
        let all_digits = text.bytes().all(|b| b.is_ascii_digit());
        if text.len() == 11 && all_digits && self.dice.chance(50) {
            return format!("{}-{}-{}", &text[..5], &text[5..9], &text[9..]);
        }
        if text.starts_with('C') && text.len() == 6 && text.bytes().skip(1).all(|b| b.is_ascii_digit()) {
            return self.case(text);
        }
        text.to_owned()
    }

    /// Text behind a start tag without its bracket, in pieces of plain text, references, CDATA and comments.
    fn content(&mut self, text: &str, row: Option<&'static Row>) -> Tag {
        if text.is_empty() {
            let open = self.dice.chance(self.style.open_empty);
            self.push(if open { ">" } else { "/>" });
            return if open { Tag::Open } else { Tag::Shut };
        }
        self.push(">");
        let plain = row.is_some_and(|row| matches!(row.kind, Kind::Base64));
        if !plain && self.dice.chance(self.style.cdata) && !text.contains("]]>") && !text.contains('\r') {
            let at = text.char_indices().nth(self.dice.below(text.chars().count())).map_or(0, |(at, _)| at);
            let (head, tail) = text.split_at(at);
            self.characters(head);
            self.push("<![CDATA[");
            self.push(tail);
            self.push("]]>");
        } else {
            self.characters(text);
        }
        Tag::Open
    }

    fn characters(&mut self, text: &str) {
        // Long texts are signatures and certificates, of which a few odd characters say as much as many.
        let (odd, plain) = match self.style.references {
            0 => ("", text),
            _ => text.split_at(text.char_indices().nth(200).map_or(text.len(), |(at, _)| at)),
        };
        self.odd_characters(odd);
        super::text::push_text(&mut self.out, plain);
        if self.style.comments > 0 && self.dice.chance(2) {
            self.push("<!---->");
        }
    }

    fn odd_characters(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() && self.dice.chance(self.style.references) {
                let code = u32::from(c);
                let reference = if self.dice.chance(50) { format!("&#x{code:X};") } else { format!("&#{code};") };
                self.push(&reference);
                continue;
            }
            match c {
                '<' => self.push("&lt;"),
                '>' => self.push("&gt;"),
                '&' => self.push("&amp;"),
                '\'' if self.dice.chance(20) => self.push("&apos;"),
                '"' if self.dice.chance(20) => self.push("&quot;"),
                '\r' => self.push("&#13;"),
                _ => self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}
