//! What the demonstration says while it runs, and the figures it keeps.

use std::fmt::Write as _;
use std::io::Write;
use theriac_model::Refusal;

/// Counts of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Figures {
    pub(crate) signed: u32,
    pub(crate) sent: u32,
    pub(crate) accepted: u32,
    pub(crate) rejected: u32,
    pub(crate) dispensed: u32,
    pub(crate) refused: u32,
}

/// Writes the story as it happens.
pub(crate) struct Telling<'a> {
    out: &'a mut dyn Write,
    pub(crate) figures: Figures,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, figures: Figures::default() }
    }

    /// A heading.
    pub(crate) fn chapter(&mut self, title: &str) {
        self.line(&format!("\n{title}"));
    }

    /// One thing that happened.
    pub(crate) fn tell(&mut self, when: &str, text: &str) {
        self.line(&format!("  {when:<16}  {text}"));
    }

    /// A refusal with code, citation, edition and next step.
    pub(crate) fn refused(&mut self, tried: &str, refusals: &[Refusal]) {
        self.figures.refused += 1;
        self.line(&format!("  x {tried}"));
        for refusal in refusals {
            let mut text = String::new();
            let about = refusal.field.as_deref().map(|field| format!(" [{field}]")).unwrap_or_default();
            let _ = write!(text, "      {}{about}: {}", refusal.code, refusal.what);
            let _ = write!(text, "\n        {} ({}: {})", refusal.cite, refusal.edition, refusal.edition.standing());
            let _ = write!(text, "\n        next: {}", refusal.next);
            self.line(&text);
        }
    }

    /// Text as it is.
    pub(crate) fn line(&mut self, text: &str) {
        // A closed pipe must not end the run: the work counts, not the telling.
        let _ = writeln!(self.out, "{text}");
    }
}
