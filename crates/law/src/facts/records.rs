//! Facts about an inventory that is to be closed.

use crate::read::block;
use crate::vocab::{Binding, DayPart, Figures, Writing};

block! {
    /// An inventory before it is closed.
    InventoryRecord
    required {}
    stated {
        /// When on its day it was taken.
        taken: DayPart = DayPart::Close,
        /// Whether schedule II has a document of its own.
        binding: Binding = Binding::Separate,
        /// In which shape it exists.
        writing: Writing = Writing::Written,
        /// Where its figures come from.
        figures: Figures = Figures::Counted,
        /// Products in places that are not counted yet.
        uncounted: u32 = 0,
        /// Movements of stock between the beginning and the end of the count.
        movements_during: u32 = 0,
    }
}
