//! Two places of business of one owner: each registration has books of its own.

mod common;

use common::{at, pharmacist};
use theriac_books::{Account, Amount, Commodity, Document, DocumentKind, Ledger, Movement, MovementKind, StockUnit};
use theriac_model::{DeaNumber, Ndc, Schedule};

/// Requirements: pharm-reg-each-place-of-business
#[test]
fn stock_goes_from_one_place_of_business_to_another_only_with_a_document_in_each_ones_books() {
    let number = |letters: [u8; 2], six| DeaNumber::compose(letters, six).expect("a DEA number");
    let (first, second) = (number(*b"FA", 100_001), number(*b"FA", 100_002));
    let of = |registration| Commodity {
        registration,
        ndc: Ndc::parse("00406055201").expect("an NDC"),
        unit: StockUnit::Piece,
    };
    let amount = Amount::new(40).expect("an amount");
    let document = |kind| Document::new(kind, "D-1");
    let movement = |commodity: Commodity, kind, accounts, document| {
        Movement::new(
            (commodity, Schedule::III),
            kind,
            accounts,
            amount,
            (at("2026-03-02T10:00:00Z"), document),
            vec![pharmacist()],
        )
    };
    let mut ledger = Ledger::new();
    let fold = |ledger: &mut Ledger, movements: &[Movement]| {
        for event in ledger.post(movements, at("2026-03-02T12:00:00Z")).expect("posted") {
            ledger.apply(&event).expect("folds");
        }
    };
    fold(
        &mut ledger,
        &[movement(
            of(first),
            MovementKind::OpeningInventory,
            (Account::Opening, Account::Shelf),
            document(DocumentKind::Inventory),
        )],
    );
    // From shelf to shelf there is no movement: each stock knows only its own shelf, and a move inside moves nothing.
    let inside = movement(
        of(first),
        MovementKind::Relocation,
        (Account::Shelf, Account::Shelf),
        document(DocumentKind::RelocationNote),
    );
    assert_eq!(ledger.post(&[inside], at("2026-03-02T12:00:00Z")).expect_err("refused").code.0, "BOOKS-ACCOUNTS");
    // What goes leaves the one on a document, and comes to the other on a document.
    let out = (Account::Shelf, Account::Registrant(second));
    let undocumented =
        movement(of(first), MovementKind::Distribution, out.clone(), document(DocumentKind::RelocationNote));
    assert_eq!(ledger.post(&[undocumented], at("2026-03-02T12:00:00Z")).expect_err("refused").code.0, "BOOKS-DOCUMENT");
    let into = (Account::Source(first), Account::Shelf);
    fold(
        &mut ledger,
        &[
            movement(of(first), MovementKind::Distribution, out, document(DocumentKind::DistributionRecord)),
            movement(of(second), MovementKind::Receipt, into, document(DocumentKind::DistributionRecord)),
        ],
    );
    for (registration, on_hand) in [(first, 0), (second, 40)] {
        let stock = ledger.stock(&of(registration)).expect("books");
        assert_eq!(stock.on_hand(), on_hand, "{registration}");
        assert_eq!(stock.balances().map(|(_, units)| units).sum::<i64>(), 0, "each balances alone");
    }
}
