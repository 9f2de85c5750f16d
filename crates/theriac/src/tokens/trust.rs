//! Whose make is trusted with signatures: the deployment's list of models, and what the law asks today.

use super::broken;
use crate::house::House;
use crate::house::record::Fault;
use jiff::civil::Date;
use theriac_model::Refusal;
use theriac_pki::metadata::ModelBook;
use theriac_pki::webauthn::{Enrolled, NewCredential, SigningTrust};
use theriac_pki::{Deployment, TokenKind, TokenRule};

/// The file beside the configuration that lists the models of tokens.
pub(crate) const MODELS: &str = "token-models.toml";
/// The longest list that is read, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

impl House {
    /// Today, at the place of the deployment.
    pub(crate) fn today(&self) -> Date {
        self.clock.moment().date()
    }

    /// What the law asks of a token that signs, today.
    pub(crate) fn token_rule(&self) -> TokenRule {
        theriac_prescriber::law::token_rule(&self.profile, self.today())
    }

    /// The deployment's list of models, read anew each time: who edits it need not stop the server.
    ///
    /// # Errors
    /// A refusal: there is no list, or it cannot be used.
    pub(crate) fn model_book(&self) -> Result<ModelBook, Fault> {
        let path = self.dir.join(MODELS);
        let none = |what: &'static str| {
            let next = "let the operator write token-models.toml beside theriac.toml; docs/token-models.md says how";
            Fault::from(Refusal::new("TOKEN-NO-MODELS", "73 FR 36722, 1311.110(b); 21 CFR 1311.115(b)", what, next))
        };
        let Ok(about) = std::fs::metadata(&path) else {
            return Err(none("this deployment has no list of the models of tokens that may sign"));
        };
        if about.len() > LONGEST {
            return Err(none("the list of the models of tokens is longer than 4 MiB"));
        }
        let text = std::fs::read_to_string(&path).map_err(broken)?;
        ModelBook::from_toml(&text).map_err(|bad| Refusal::from(bad).into())
    }

    /// A key just made, once its make is known and trusted. In a demonstration any key serves, and counts as software.
    pub(super) fn trusted(&self, new: NewCredential) -> Result<Enrolled, Fault> {
        match self.deployment {
            Deployment::Demo(permission) => Ok(Enrolled::in_demonstration(new, permission)?),
            Deployment::Production => {
                let (book, rule) = (self.model_book()?, self.token_rule());
                let trust = SigningTrust { book: &book, notices: None, rule: &rule };
                let model = trust.judge(&new, self.clock.now())?;
                Ok(Enrolled::hardware(new, model)?)
            }
        }
    }

    /// Whether the make of an enrolled key is trusted still: it is asked at every use.
    pub(crate) fn still_trusted(&self, enrolled: &Enrolled) -> Result<(), Fault> {
        if enrolled.kind == TokenKind::Soft {
            return Ok(());
        }
        let (book, rule) = (self.model_book()?, self.token_rule());
        let trust = SigningTrust { book: &book, notices: None, rule: &rule };
        Ok(trust.recheck(enrolled, self.clock.now())?)
    }
}

/// Make and model of an enrolled key, in words.
pub(super) fn make(enrolled: &Enrolled) -> String {
    match &enrolled.kind {
        TokenKind::Hard(model) => model.model().to_owned(),
        TokenKind::Soft => format!("security key {} (DEMO)", enrolled.attestation.aaguid),
    }
}
