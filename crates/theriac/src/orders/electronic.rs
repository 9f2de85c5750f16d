//! Electronic orders: the key that signs them, files signed elsewhere, and what is trusted as a supplier. 21 CFR 1305.21 to
//! 1305.25, 1311.10 to 1311.60.
//!
//! A demonstration signs with a software key of its own, which it makes when it is needed first. A production deployment has no
//! key here: the order is signed where the holder's key is, and the signed file is handed in. Whose orders are believed stands
//! in the deployment's folder: authorities in `certificates/orders/*.pem` with their revocation lists in `*.crl`, and one
//! certificate for each purchaser in `certificates/orders/holders/DEA-NUMBER.pem`.

use crate::house::House;
use crate::house::keys::{certificate, write};
use crate::house::record::Fault;
use crate::typed::Typed;
use jiff::SignedDuration;
use std::path::{Path, PathBuf};
use theriac_books::orders::csos::{CertificateHolder, ElectronicOrder, Validation, validate};
use theriac_books::orders::{Draft, OrderLine, TrackingNumber};
use theriac_law::Moment;
use theriac_law::vocab::Standing;
use theriac_model::{DeaNumber, Refusal};
use theriac_pki::authority::CertificateRequest;
use theriac_pki::{Authority, Certificate, DemoDeployment, Signer, SystemKey, SystemRole, TrustStore, Validity, cms};

/// Files with these endings in a folder, in the order of their names; none where there is no folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(listed) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = listed.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    paths.sort();
    paths
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn refused(code: &'static str, cite: &'static str, what: &'static str, next: &'static str) -> Fault {
    Refusal::new(code, cite, what, next).about("file").into()
}

impl House {
    fn orders_folder(&self) -> PathBuf {
        self.dir.join("certificates").join("orders")
    }

    /// The key of a demonstration that signs electronic orders, with its certificate; made when it is needed first.
    fn demonstration_order_key(&self, demo: DemoDeployment) -> Result<Signer, Fault> {
        let folder = self.orders_folder();
        let holder = folder.join("holders").join(format!("{}.pem", self.pharmacy));
        let key = self.dir.join("keys").join("orders.key");
        if key.exists() {
            let bytes = std::fs::read(&key).map_err(broken)?;
            let opened = SystemKey::open(&bytes, &self.key_password).map_err(broken)?;
            let held = certificate(&holder).map_err(broken)?;
            return Signer::new(opened, held).map_err(broken);
        }
        let now = self.clock.now();
        let validity = Validity {
            from: now - SignedDuration::from_hours(24),
            until: now + SignedDuration::from_hours(24 * 365 * 3),
        };
        let root = SystemKey::generate().map_err(broken)?;
        let authority = Authority::create("Theriac orders (DEMO)", root, validity, demo).map_err(broken)?;
        let made = SystemKey::generate().map_err(broken)?;
        let name = format!("{} orders", self.pharmacy);
        let request = CertificateRequest { role: SystemRole::Pharmacy, name: &name, key: made.public_key(), validity };
        let issued = authority.issue(&request).map_err(broken)?;
        let list = authority.revocation_list(&[], 1, validity).map_err(broken)?;
        write(&folder.join("demo.pem"), authority.certificate().pem().as_bytes()).map_err(broken)?;
        write(&folder.join("demo.crl"), &list).map_err(broken)?;
        write(&holder, issued.pem().as_bytes()).map_err(broken)?;
        // The key comes last: while it is not there, nothing is.
        write(&key, &made.to_file(&self.key_password).map_err(broken)?).map_err(broken)?;
        Signer::new(made, issued).map_err(broken)
    }

    /// Whether orders are signed here, by the software key of a demonstration.
    pub(crate) fn signs_orders_here(&self) -> bool {
        self.deployment.demo().is_some()
    }

    /// The authorities for orders that this deployment believes, with their revocation lists.
    pub(super) fn orders_trust(&self) -> Result<TrustStore, Fault> {
        if let Some(demo) = self.deployment.demo() {
            self.demonstration_order_key(demo)?;
        }
        let folder = self.orders_folder();
        let anchors: Vec<Certificate> =
            files(&folder, "pem").iter().map(|path| certificate(path).map_err(broken)).collect::<Result<_, _>>()?;
        if anchors.is_empty() {
            return Err(refused(
                "ORDER-CSOS-TRUST",
                "21 CFR 1311.55",
                "no authority for electronic orders is known here",
                "let the operator put its certificate into certificates/orders",
            ));
        }
        let mut trust = TrustStore::new(&anchors).map_err(broken)?;
        for path in files(&folder, "crl") {
            trust = trust.with_revocation_list(&std::fs::read(path).map_err(broken)?).map_err(broken)?;
        }
        Ok(trust)
    }

    /// For whom a certificate was issued, by the files of this deployment.
    fn order_holders(&self) -> Result<Vec<(Certificate, DeaNumber)>, Fault> {
        let paths = files(&self.orders_folder().join("holders"), "pem");
        let named = paths.iter().filter_map(|path| {
            let number = DeaNumber::parse(path.file_stem()?.to_str()?).ok()?;
            Some((path, number))
        });
        named.map(|(path, number)| Ok((certificate(path).map_err(broken)?, number))).collect()
    }

    /// Checks a signed order as its supplier does.
    pub(crate) fn check_order_file(&self, file: &[u8], at: Moment) -> Result<Validation, Fault> {
        let (trust, holders) = (self.orders_trust()?, self.order_holders()?);
        let holder = |of: &Certificate| {
            let (_, registration) = holders.iter().find(|(held, _)| held.digest() == of.digest())?;
            let schedules = self.order_schedules(*registration);
            Some(CertificateHolder { registration: *registration, schedules })
        };
        let purchaser = cms::verify_attached(file, &[])
            .ok()
            .and_then(|verified| ElectronicOrder::read_bytes(verified.content()))
            .map(|order| order.purchaser);
        let standing = purchaser.map_or(Standing::Valid, |number| self.order_standing(number, Standing::Valid));
        Ok(validate(&self.profile, file, &trust, &holder, (standing, at))?)
    }

    /// The number of the next electronic order (21 CFR 1305.21(b)(1)): that of the file where it was signed elsewhere, else the
    /// next of this year.
    pub(super) fn next_tracking_number(&self, file: Option<&[u8]>) -> Result<TrackingNumber, Fault> {
        if let Some(order) = file.and_then(theriac_books::orders::csos::reopen) {
            return Ok(order.tracking);
        }
        let year = self.clock.moment().date().year().rem_euclid(100);
        let first = format!("tracking-{year:02}X");
        let used = self.order_records("order", "")?;
        let last = used.iter().filter_map(|id| id.strip_prefix(&first)?.parse::<u32>().ok()).max().unwrap_or(0);
        TrackingNumber::parse(&format!("{year:02}X{:06}", last.saturating_add(1))).map_err(broken)
    }

    fn electronic_order_of(&self, tracking: &TrackingNumber, draft: &Draft, at: Moment) -> ElectronicOrder {
        let lines = draft.lines.iter().filter_map(|line| {
            let item = line.items.first()?;
            Some(OrderLine { number: line.number, product: item.product.clone(), packages: item.packages? })
        });
        ElectronicOrder {
            tracking: tracking.clone(),
            purchaser: self.pharmacy,
            supplier: draft.supplier.clone(),
            signed_on: at.date(),
            lines: lines.collect(),
        }
    }

    /// The bytes that are to be signed for a draft today, for whoever holds the key.
    pub(crate) fn order_to_sign(&self, id: &str) -> Result<Vec<u8>, Fault> {
        let (written, _) = self.order_draft(id)?;
        let at = self.clock.moment();
        let tracking = self.next_tracking_number(None)?;
        let number = theriac_books::orders::OrderNumber::Tracking(tracking.clone());
        let draft = self.made_out(&written, number, "", &Typed::default())?;
        Ok(self.electronic_order_of(&tracking, &draft, at).bytes()?)
    }

    /// The signed file of an order: signed here in a demonstration, or the file that was signed elsewhere, which must hold this
    /// very order and pass every check that its supplier will make.
    ///
    /// # Errors
    /// `ORDER-CSOS-FILE` without a file where nothing is signed here, or with another order in it; what the rulebook refuses.
    pub(super) fn signed_order(
        &self,
        tracking: &TrackingNumber,
        draft: &Draft,
        file: Option<&[u8]>,
        at: Moment,
    ) -> Result<Vec<u8>, Fault> {
        let order = self.electronic_order_of(tracking, draft, at);
        let signed = match (file, self.deployment.demo()) {
            (Some(file), _) => file.to_vec(),
            (None, Some(demo)) => order.sign(&self.demonstration_order_key(demo)?, at)?,
            (None, None) => {
                return Err(refused(
                    "ORDER-CSOS-FILE",
                    "21 CFR 1305.21(a)",
                    "the order is not signed with a certificate",
                    "take the file to sign, sign it where your key is, and hand the signed file in",
                ));
            }
        };
        let validation = self.check_order_file(&signed, at)?;
        if let Some(refusal) = validation.refusal {
            return Err(refusal.into());
        }
        if validation.order.as_ref() != Some(&order) {
            return Err(refused(
                "ORDER-CSOS-FILE",
                "21 CFR 1305.21(b)",
                "the signed file holds another order than this draft",
                "take the file to sign from this page, sign it today, and hand it in unchanged",
            ));
        }
        Ok(signed)
    }

    /// The archived file of an electronic order, as it was signed or came in.
    pub(crate) fn order_file(&self, stream: &str) -> Result<Option<Vec<u8>>, Fault> {
        let entries = self.store.stream(stream)?;
        let Some(first) = entries.first() else { return Ok(None) };
        Ok(self.store.archive(first.seq)?.into_iter().next().map(|piece| piece.bytes))
    }
}
