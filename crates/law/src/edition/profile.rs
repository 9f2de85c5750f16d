//! Profiles: which editions bind together, and what follows for a parameter on a day.

use super::overlay::Overlay;
use super::parameter::{By, Direction, Parameter};
use crate::vocab::State;
use jiff::civil::Date;
use std::borrow::Cow;
use std::sync::Arc;
use theriac_model::{Cite, Edition};

/// Which editions a deployment has chosen to obey, with an optional State and house rules.
///
/// A combined profile takes the strictest value of each parameter among the editions that speak; silence never
/// tightens. Where none of them speaks, the agency's guidance answers (cards, then manual). A single edition that is
/// silent borrows from the nearest in time, except what began later.
#[derive(Clone, Debug)]
pub struct Profile {
    name: Cow<'static, str>,
    /// In combined profiles all of these; a single edition first, then those it borrows from.
    base: Base,
    state: Option<Arc<Overlay>>,
    house: Option<Arc<Overlay>>,
    production: Production,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Combined(By),
    Single([By; 3]),
}

/// Whether a deployment may run on real prescriptions under a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Production {
    /// It may.
    Allowed,
    /// It may not: demonstration, tests, and judging old records only.
    Refused,
}

/// A profile name that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a profile: strictest in-force seed proposed-2008 manual-2010 cards-2021")]
pub struct UnknownProfile(pub String);

impl Profile {
    /// The names that [`Profile::named`] reads.
    pub const NAMES: [&'static str; 6] =
        ["strictest", "in-force", "seed", "proposed-2008", "manual-2010", "cards-2021"];

    const fn make(name: &'static str, base: Base, production: Production) -> Self {
        Self { name: Cow::Borrowed(name), base, state: None, house: None, production }
    }

    /// The proposal of 2008 and the Code together, strictest value of each. The default.
    pub const fn strictest() -> Self {
        Self::make("strictest", Base::Combined(By::P08.and(By::CFR)), Production::Allowed)
    }

    /// The Code and the statutes on the day of the act.
    pub const fn in_force() -> Self {
        Self::make("in-force", Base::Combined(By::CFR), Production::Allowed)
    }

    /// The proposal of 2008 as if adopted, for demonstrations and conformance tests.
    pub const fn seed() -> Self {
        Self::make("seed", Base::Single([By::P08, By::M10, By::C21]), Production::Refused)
    }

    /// The proposal of 2008 alone.
    pub const fn proposed_2008() -> Self {
        Self::make("proposed-2008", Base::Single([By::P08, By::M10, By::C21]), Production::Refused)
    }

    /// The manual of 2010 alone.
    pub const fn manual_2010() -> Self {
        Self::make("manual-2010", Base::Single([By::M10, By::P08, By::C21]), Production::Refused)
    }

    /// The cards of 2021 alone.
    pub const fn cards_2021() -> Self {
        Self::make("cards-2021", Base::Single([By::C21, By::M10, By::P08]), Production::Refused)
    }

    /// The three single editions, in order of time: what the scenario word `any` stands for.
    pub const fn each_edition() -> [Self; 3] {
        [Self::proposed_2008(), Self::manual_2010(), Self::cards_2021()]
    }

    /// Reads a name of [`Profile::NAMES`].
    ///
    /// # Errors
    /// [`UnknownProfile`] for any other.
    pub fn named(name: &str) -> Result<Self, UnknownProfile> {
        match name {
            "strictest" => Ok(Self::strictest()),
            "in-force" => Ok(Self::in_force()),
            "seed" => Ok(Self::seed()),
            "proposed-2008" => Ok(Self::proposed_2008()),
            "manual-2010" => Ok(Self::manual_2010()),
            "cards-2021" => Ok(Self::cards_2021()),
            _ => Err(UnknownProfile(name.chars().take(40).collect())),
        }
    }

    /// The same profile in a State.
    #[must_use]
    pub fn in_state(mut self, overlay: Arc<Overlay>) -> Self {
        self.state = Some(overlay);
        self
    }

    /// The same profile with a deployment's own stricter choices.
    #[must_use]
    pub fn with_house(mut self, overlay: Arc<Overlay>) -> Self {
        self.house = Some(overlay);
        self
    }

    /// Its name: `strictest`, `in-force`, ...
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as records keep it; allocates nothing for the built-in profiles.
    pub(crate) fn name_shared(&self) -> Cow<'static, str> {
        self.name.clone()
    }

    /// Whether a production deployment may run under it.
    pub fn production(&self) -> Production {
        self.production
    }

    /// The same profile without the proposal of 2008; `None` when it has nothing else or does not hold it.
    pub(crate) fn without_proposal(&self) -> Option<Self> {
        match self.base {
            Base::Combined(by) if by.meets(By::P08) && by != By::P08 => {
                Some(Self { base: Base::Combined(By::CFR), ..self.clone() })
            }
            _ => None,
        }
    }

    /// Whether the dates of the Code matter: in combined profiles.
    pub(crate) fn is_dated(&self) -> bool {
        matches!(self.base, Base::Combined(_))
    }

    /// Whether the profile reads what `by` says first-hand.
    pub(crate) fn reads(&self, by: By) -> bool {
        match self.base {
            Base::Combined(members) => by.meets(members),
            Base::Single([own, ..]) => by.meets(own),
        }
    }

    /// The edition that speaks for rules which all editions share.
    pub(crate) fn voice(&self) -> Edition {
        match self.base {
            Base::Combined(_) => Edition::Cfr,
            Base::Single([own, ..]) => own.first(),
        }
    }
}

/// What a parameter comes to: the value, who decided, where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The value, as in [`super::Row::value`].
    pub value: u64,
    /// The edition that decided.
    pub edition: Edition,
    /// Where it is said.
    pub cite: Cite,
}

impl Bound {
    /// Whether a duty or permission is "yes".
    pub fn yes(&self) -> bool {
        self.value != 0
    }
}

/// A profile on a day: the law as it binds one act.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The day of the act.
    pub day: Date,
    state: Option<&'a Overlay>,
}

impl<'a> Law<'a> {
    /// The law of `profile` on `day`, in `state` where the question names one, else in the profile's own State.
    pub fn on(profile: &'a Profile, day: Date, state: Option<State>) -> Self {
        let named: Option<&'a Overlay> = state.map(Overlay::built_in);
        Self { profile, day, state: named.or(profile.state.as_deref()) }
    }

    /// The overlay of the State, if any.
    pub fn state(&self) -> Option<&'a Overlay> {
        self.state
    }

    /// What `parameter` comes to; `None` when nobody speaks of it.
    pub fn bound(&self, parameter: &'static Parameter) -> Option<Bound> {
        let mut bound = self.federal(parameter);
        for overlay in [self.profile.house.as_deref(), self.state].into_iter().flatten() {
            if let Some(row) = overlay.row(parameter, self.day) {
                bound = Some(tighter(parameter.direction, bound, overlay.said(row)));
            }
        }
        bound
    }

    /// The value of `parameter`, or `silent` when nobody speaks of it.
    pub fn value(&self, parameter: &'static Parameter, silent: u64) -> u64 {
        self.bound(parameter).map_or(silent, |bound| bound.value)
    }

    /// Whether `parameter` comes to "yes"; silence is "no".
    pub fn says(&self, parameter: &'static Parameter) -> bool {
        self.value(parameter, 0) != 0
    }

    /// The overlays that are laid over the Federal law, the house's first.
    pub(crate) fn overlays(&self) -> impl Iterator<Item = &'a Overlay> + use<'a> {
        [self.profile.house.as_deref(), self.state].into_iter().flatten()
    }

    /// Whether a monitoring programme collects `drug` by its name.
    pub(crate) fn monitors(&self, drug: &str) -> bool {
        self.overlays().any(|overlay| overlay.product(drug, self.day).is_some_and(|product| product.monitored))
    }

    pub(super) fn federal(&self, parameter: &'static Parameter) -> Option<Bound> {
        let said = |by: By, borrowed: bool| {
            let row = parameter.row(by, self.day).filter(|row| !(borrowed && row.own_only))?;
            Some(Bound { value: row.value, edition: by.first(), cite: Cite::of(row.cite) })
        };
        match self.profile.base {
            Base::Single([own, near, far]) => said(own, false).or_else(|| said(near, true)).or_else(|| said(far, true)),
            Base::Combined(members) => {
                if members.meets(By::CFR)
                    && let Some(row) = parameter.row(By::CFR, self.day)
                    && row.retires
                {
                    return said(By::CFR, false);
                }
                let mut bound = None;
                for by in [By::CFR, By::P08].into_iter().filter(|by| members.meets(*by)) {
                    if let Some(next) = said(by, false) {
                        bound = Some(tighter(parameter.direction, bound, next));
                    }
                }
                bound.or_else(|| said(By::C21, true)).or_else(|| said(By::M10, true))
            }
        }
    }
}

/// Combines a value with the next one. The first stays where both are equally strict, and where values do not order.
fn tighter(direction: Direction, bound: Option<Bound>, next: Bound) -> Bound {
    let Some(bound) = bound else { return next };
    match direction.stricter(bound.value, next.value) {
        None => bound,
        Some(value) if value == bound.value => bound,
        Some(value) => Bound { value, ..next },
    }
}
