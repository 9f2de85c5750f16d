//! Facts about executing, losing and receiving orders, powers of attorney, and movements of stock.

use crate::read::block;
use crate::vocab::{
    Arranger, Document, Extent, FormStatus, FormsEvent, FormsKind, Grantor, Issuer, Layout, LostEntry, Movement,
    OrderEntry, OrderMethod, Packing, Preprinted, ReceiptEntry, RenewedBy, Schedule, SignatureKind, Source, Staff,
    Standing, Substitute,
};
use crate::when::When;
use jiff::civil::Date;

block! {
    /// What is written on an order, and what became of it, in more detail than [`super::Order`] tells.
    OrderDetails
    required {}
    stated {
        /// Where the purchaser stands with DEA.
        registration: Standing = Standing::Valid,
        /// The schedules of the purchaser's registration; absent means all that are ordered.
        purchaser_schedules: Option<Vec<Schedule>> = None,
        /// The drug is in schedule II under the law of the State.
        state_schedule_ii: bool = false,
        /// How the items stand on the lines.
        layout: Layout = Layout::OneAnItem,
        /// The number that the purchaser wrote as that of the last line used.
        last_line: Option<u32> = None,
        /// What it lacks.
        missing: Vec<OrderEntry> = Vec::new(),
        /// The tracking number of an electronic order, as written.
        tracking_number: Option<String> = None,
        /// When an electronic order was signed; absent means at the time asked about.
        signed_at: Option<When> = None,
        /// When its certificate expired or was revoked.
        certificate_ended: Option<When> = None,
        /// What the supplier would send in place of what was ordered.
        substitute: Substitute = Substitute::None,
        /// The supplier records the product code of what is sent.
        code_recorded: bool = true,
        /// How a paper form is signed.
        signature: SignatureKind = SignatureKind::Handwritten,
        /// What DEA printed on the form.
        preprinted: Preprinted = Preprinted::Agrees,
        /// What became of the blank form before.
        form_status: FormStatus = FormStatus::AtHand,
        /// The purchaser keeps a copy of a single-sheet form; an image serves.
        copy_kept: bool = true,
        /// The purchaser has told the supplier that this order was lost.
        declared_lost: bool = false,
        /// How the supplier packs it.
        packing: Packing = Packing::Separate,
        /// How much is voided.
        voided: Extent = Extent::Whole,
        /// Units that the linked record shows as shipped on the voided lines.
        shipped_on_voided: u64 = 0,
    }
}

block! {
    /// A supplier's refusal of an order.
    OrderRefusal
    required {}
    stated {
        /// A statement that the order is not accepted goes with it.
        statement: bool = true,
        /// The purchaser keeps the statement with the order: attached to the copies, or linked.
        kept_with_order: bool = true,
    }
}

block! {
    /// A power of attorney to sign orders.
    Power
    required {}
    stated {
        /// Who granted it.
        grantor: Grantor = Grantor::LatestSigner,
        /// The grantor signed it.
        grantor_signed: bool = true,
        /// The person authorised signed it.
        attorney_signed: bool = true,
        /// Witnesses who signed it.
        witnesses: u32 = 2,
        /// Who signed the renewal of the registration since.
        renewed_by: RenewedBy = RenewedBy::Nobody,
        /// It was granted again after that renewal.
        granted_again: bool = false,
        /// When it was revoked.
        revoked: Option<When> = None,
    }
}

block! {
    /// An order that was lost on its way, and its replacement.
    LostOrder
    required {
        /// How the lost order was made.
        method: OrderMethod,
    }
    stated {
        /// The supplier was asked whether the order arrived.
        supplier_asked: bool = true,
        /// What the statement lacks.
        missing: Vec<LostEntry> = Vec::new(),
        /// The statement is kept with both orders: attached to their copies, or linked.
        kept_together: bool = true,
    }
}

block! {
    /// Order forms that were lost, stolen, or found again.
    LostForms
    required {
        /// What happened.
        event: FormsEvent,
    }
    stated {
        /// Which forms.
        forms: FormsKind = FormsKind::Unused,
        /// Their serial numbers are given.
        serials_given: bool = true,
        /// The approximate date of issue, for books whose numbers are not known.
        issued_about: Option<Date> = None,
    }
}

block! {
    /// A shipment that arrives.
    Receipt
    required {
        /// The highest schedule in it.
        schedule: Schedule,
        /// The document it rests on.
        document: Document,
    }
    stated {
        /// Who receives it.
        receiver: Staff = Staff::Pharmacist,
        /// From whom it comes.
        source: Source = Source::Registered,
        /// What the record of the receipt lacks.
        missing: Vec<ReceiptEntry> = Vec::new(),
        /// Units invoiced.
        invoiced: Option<u64> = None,
        /// Units received.
        received: Option<u64> = None,
        /// The line was cancelled or voided before.
        cancelled: bool = false,
    }
}

block! {
    /// A movement of stock out of the pharmacy.
    StockMovement
    required {
        /// The way it goes.
        kind: Movement,
        /// The schedule.
        schedule: Schedule,
    }
    stated {
        /// The document used.
        document: Document = Document::Invoice,
        /// Who issued it.
        document_issuer: Issuer = Issuer::Recipient,
        /// Where the recipient stands with DEA.
        recipient: Standing = Standing::Valid,
        /// The schedules of the recipient's registration; absent means all that move.
        recipient_schedules: Option<Vec<Schedule>> = None,
        /// The recipient is registered for the business activity that this way needs.
        activity_verified: bool = true,
        /// The recipient supplied this product before, or makes it.
        supplied_before: bool = true,
        /// The State's board was notified, where stock leaves for disposal.
        board_notified: bool = false,
        /// Who arranges it.
        arranged_by: Arranger = Arranger::Pharmacy,
        /// The pharmacy's pharmacist confirmed the counts.
        counts_confirmed: bool = true,
    }
}

/// A purchaser's schedules hold every one of `asked`; `None` means all.
pub(crate) fn covers(held: Option<&[Schedule]>, asked: &[Schedule]) -> bool {
    held.is_none_or(|held| asked.iter().all(|schedule| held.contains(schedule)))
}
