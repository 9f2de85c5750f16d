//! What an entry in the record lacks, told to the rulebook, which names the first thing that the law asks for.

use theriac_law::facts::Entered;
use theriac_law::vocab::Particular;

/// The things whose text is blank.
pub(crate) fn blank(items: &[(Particular, &str)]) -> Vec<Particular> {
    items.iter().filter(|(_, text)| text.trim().is_empty()).map(|(particular, _)| *particular).collect()
}

/// An entry that lacks `missing`, in the record itself.
pub(crate) fn entry(missing: Vec<Particular>) -> Entered {
    Entered { missing, ..Entered::new() }
}
