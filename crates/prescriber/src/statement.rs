//! The statement a practitioner agrees to before signing.

/// A text that the law prescribes word for word, or its substantial equivalent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Name used in records.
    pub id: &'static str,
    /// Where the law gives it.
    pub cite: &'static str,
    /// The words.
    pub text: &'static str,
}

/// 2008 proposal, 1311.125(b)(2); prescribed text, shown with the items under review.
pub const PROPOSED_2008: Statement = Statement {
    id: "statement-1311.125-b-2-2008",
    cite: "73 FR 36722, proposed 21 CFR 1311.125(b)(2)",
    text: STATEMENT_2008,
};

const STATEMENT_2008: &str = include_str!("statement-2008.txt");

#[cfg(test)]
mod tests {
    use super::*;

    /// The statement is data with its citation and is shown whole.
    ///
    /// Requirements: epcs-1311.125-b-2
    #[test]
    fn the_statement_speaks_for_the_practitioner_named_on_the_prescription() {
        assert!(
            PROPOSED_2008
                .text
                .starts_with("I, the prescribing practitioner whose name and DEA registration number appear")
        );
        assert!(PROPOSED_2008.text.trim_end().ends_with('.'));
        assert!(PROPOSED_2008.text.contains("intent to sign and legally authorize the prescription(s)"));
    }
}
