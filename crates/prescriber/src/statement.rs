//! The statement on the review screen: which text the law wants there, and whether it is agreed to in so many words.
//!
//! 73 FR 36722, proposed 21 CFR 1311.125(b)(2): the practitioner declares review and intent, and agrees expressly.
//! 21 CFR 1311.140(a)(3): the screen says what completing both factors does; completing them is the answer (a)(5).
//! A profile under which both bind shows both. A set under 1306.12(b) adds the conclusion of (b)(1)(iii).

use jiff::civil::Date;
use std::borrow::Cow;
use theriac_law::Profile;
use theriac_law::edition::{Bound, Law};

/// A text that the law prescribes word for word, or its substantial equivalent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Name used in records; several texts are joined by `+`.
    pub id: Cow<'static, str>,
    /// Where the law gives it.
    pub cite: Cow<'static, str>,
    /// The words; several texts stand in paragraphs of their own.
    pub text: Cow<'static, str>,
    /// How it is agreed to.
    pub agreeing: Agreeing,
}

/// How a practitioner agrees to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreeing {
    /// By saying so, before the two factors.
    Expressly,
    /// By completing the two factors while it is shown.
    BySigning,
}

/// What a signing act covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Prescriptions each of which stands alone.
    Single,
    /// Several schedule II prescriptions of one drug for one patient among them (21 CFR 1306.12(b)).
    Set,
}

/// 2008 proposal, 1311.125(b)(2); prescribed text, shown with the items under review.
pub const PROPOSED_2008: Statement = Statement {
    id: Cow::Borrowed("statement-1311.125-b-2-2008"),
    cite: Cow::Borrowed("73 FR 36722, proposed 21 CFR 1311.125(b)(2)"),
    text: Cow::Borrowed(include_str!("statement-2008.txt")),
    agreeing: Agreeing::Expressly,
};

/// In force, 1311.140(a)(3); prescribed text, shown with the items under review.
pub const IN_FORCE: Statement = Statement {
    id: Cow::Borrowed("statement-1311.140-a-3"),
    cite: Cow::Borrowed("21 CFR 1311.140(a)(3)"),
    text: Cow::Borrowed(include_str!("statement-in-force.txt")),
    agreeing: Agreeing::BySigning,
};

/// 1306.12(b)(1)(iii): the conclusion that the law leaves to the practitioner, in our words.
pub const NO_UNDUE_RISK: Statement = Statement {
    id: Cow::Borrowed("statement-1306.12-b-1-iii"),
    cite: Cow::Borrowed("21 CFR 1306.12(b)(1)(iii)"),
    text: Cow::Borrowed(
        "I have concluded that providing this patient with several schedule II prescriptions of one drug at one time \
         does not create an undue risk of diversion or abuse.",
    ),
    agreeing: Agreeing::Expressly,
};

impl Statement {
    /// What `profile` wants on the screen on `on`. Where nobody speaks, the proposal's text is shown: a screen without a
    /// statement would say nothing of what a signature means.
    pub fn wanted(profile: &Profile, on: Date, covers: Covers) -> Self {
        let law = Law::on(profile, on, None);
        let wants = |id| theriac_law::parameter(id).and_then(|parameter| law.bound(parameter)).is_some_and(|b| b.yes());
        let expressly = theriac_law::parameter("sign.agreement").and_then(|parameter| law.bound(parameter));
        let mut texts = Vec::with_capacity(3);
        if wants("sign.statement.intent") || !wants("sign.statement.completion") {
            texts.push(PROPOSED_2008);
        }
        if wants("sign.statement.completion") {
            texts.push(IN_FORCE);
        }
        if covers == Covers::Set {
            texts.push(NO_UNDUE_RISK);
        }
        let expressly = covers == Covers::Set || expressly.as_ref().is_some_and(Bound::yes);
        Self::joined(&texts, if expressly { Agreeing::Expressly } else { Agreeing::BySigning })
    }

    fn joined(texts: &[Self], agreeing: Agreeing) -> Self {
        let all = |part: fn(&Self) -> &str, between: &str| -> Cow<'static, str> {
            Cow::Owned(texts.iter().map(|text| part(text).trim_end()).collect::<Vec<_>>().join(between))
        };
        Self {
            id: all(|one| &one.id, "+"),
            cite: all(|one| &one.cite, "; "),
            text: all(|one| &one.text, "\n\n"),
            agreeing,
        }
    }

    /// The texts in paragraphs.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.text.split("\n\n")
    }

    /// Whether the statement recorded under `id` holds the conclusion about a set.
    pub fn concludes(id: &str) -> bool {
        id.split('+').any(|one| one == NO_UNDUE_RISK.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The statement is data with its citation and is shown whole.
    ///
    /// Requirements: epcs-1311.125-b-2
    #[test]
    fn the_statement_speaks_for_the_practitioner_named_on_the_prescription() {
        let shown = Statement::wanted(&Profile::strictest(), date(2026, 3, 2), Covers::Single);
        assert!(
            shown.text.starts_with("I, the prescribing practitioner whose name and DEA registration number appear")
        );
        assert!(shown.text.contains("intent to sign and legally authorize the prescription(s)."));
        assert!(PROPOSED_2008.text.trim_end().ends_with('.') && IN_FORCE.text.ends_with('.'));
    }

    /// Each profile shows the text of the editions it joins, and asks for an express answer where one of them does.
    #[test]
    fn the_profile_decides_which_statement_is_shown() {
        let today = date(2026, 3, 2);
        for (profile, covers, ids, agreeing) in [
            (
                Profile::strictest(),
                Covers::Single,
                "statement-1311.125-b-2-2008+statement-1311.140-a-3",
                Agreeing::Expressly,
            ),
            (Profile::in_force(), Covers::Single, "statement-1311.140-a-3", Agreeing::BySigning),
            (Profile::proposed_2008(), Covers::Single, "statement-1311.125-b-2-2008", Agreeing::Expressly),
            (Profile::in_force(), Covers::Set, "statement-1311.140-a-3+statement-1306.12-b-1-iii", Agreeing::Expressly),
        ] {
            let shown = Statement::wanted(&profile, today, covers);
            assert_eq!((&*shown.id, shown.agreeing), (ids, agreeing), "{}", profile.name());
            assert_eq!(shown.paragraphs().count(), ids.split('+').count());
            assert_eq!(Statement::concludes(&shown.id), covers == Covers::Set);
        }
    }
}
