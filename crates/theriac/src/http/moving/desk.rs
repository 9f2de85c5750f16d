//! A page of this desk as data: sections with facts, a table and forms. One template shows all of them, so that they look and
//! read alike; what stands on a page is written beside what it does.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use theriac_model::Actor;

/// A page.
#[derive(Default)]
pub(in crate::http) struct Desk {
    pub(in crate::http) title: String,
    pub(in crate::http) tag: Option<(&'static str, String)>,
    /// Where one came from, and its name.
    pub(in crate::http) back: Option<(String, String)>,
    pub(in crate::http) lead: String,
    pub(in crate::http) sections: Vec<Section>,
}

/// The pages of this desk that are no single prescription's.
const PLACES: [(&str, &str); 7] = [
    ("/pharmacy/transfers", "Transfers"),
    ("/pharmacy/central", "Central filling"),
    ("/pharmacy/refills", "Refill record"),
    ("/pharmacy/downtime", "Downtime"),
    ("/pharmacy/facilities", "Care facilities"),
    ("/pharmacy/drugs", "Drug file"),
    ("/pharmacy/checkers", "Outside checks"),
];

/// A part of a page under its heading.
#[derive(Default)]
pub(in crate::http) struct Section {
    pub(in crate::http) id: &'static str,
    pub(in crate::http) heading: String,
    pub(in crate::http) texts: Vec<String>,
    /// A word in red, and what it is about.
    pub(in crate::http) alarm: Option<(String, String)>,
    pub(in crate::http) facts: Vec<(String, String)>,
    pub(in crate::http) grid: Option<Grid>,
    pub(in crate::http) links: Vec<(String, String)>,
    pub(in crate::http) forms: Vec<Form>,
}

/// A table; its first column names the row.
pub(in crate::http) struct Grid {
    pub(in crate::http) heads: Vec<&'static str>,
    pub(in crate::http) rows: Vec<Vec<Cell>>,
    /// What is said where there is no row.
    pub(in crate::http) empty: &'static str,
}

impl Grid {
    pub(in crate::http) fn new(heads: &[&'static str], empty: &'static str) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new(), empty }
    }

    // Templates hand their loop counters over by reference.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn head(&self, n: &usize) -> &'static str {
        self.heads.get(*n).copied().unwrap_or_default()
    }
}

/// A cell of a table.
pub(in crate::http) struct Cell {
    text: String,
    href: Option<String>,
    tone: Option<&'static str>,
}

/// A cell with a text.
pub(in crate::http) fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), href: None, tone: None }
}

/// A cell that leads somewhere.
pub(in crate::http) fn link(text: impl Into<String>, href: impl Into<String>) -> Cell {
    Cell { text: text.into(), href: Some(href.into()), tone: None }
}

/// A cell with a state: `good`, `open`, `bad`, `plain`.
pub(in crate::http) fn state(text: impl Into<String>, tone: &'static str) -> Cell {
    Cell { text: text.into(), href: None, tone: Some(tone) }
}

/// A form.
pub(in crate::http) struct Form {
    pub(in crate::http) method: &'static str,
    pub(in crate::http) action: String,
    /// With a summary the form is folded away until somebody wants it.
    pub(in crate::http) summary: Option<String>,
    pub(in crate::http) open: bool,
    pub(in crate::http) file: bool,
    pub(in crate::http) quiet: bool,
    pub(in crate::http) hidden: Vec<(&'static str, String)>,
    pub(in crate::http) fields: Vec<Field>,
    pub(in crate::http) button: &'static str,
}

impl Form {
    pub(in crate::http) fn post(action: impl Into<String>, button: &'static str, fields: Vec<Field>) -> Self {
        Self {
            method: "post",
            action: action.into(),
            summary: None,
            open: false,
            file: false,
            quiet: false,
            hidden: Vec::new(),
            fields,
            button,
        }
    }

    /// A form that only asks.
    pub(in crate::http) fn get(action: impl Into<String>, button: &'static str, fields: Vec<Field>) -> Self {
        Self { method: "get", ..Self::post(action, button, fields) }
    }

    /// Which of several acts of one address it is.
    #[must_use]
    pub(in crate::http) fn step(self, step: &'static str) -> Self {
        self.with("step", step)
    }

    #[must_use]
    pub(in crate::http) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    /// Folded away under `summary`, unless it was this form that was refused.
    #[must_use]
    pub(in crate::http) fn folded(mut self, summary: impl Into<String>, typed: &Typed) -> Self {
        let own = |(name, value): &(&'static str, String)| *name != "step" || typed.get("step") == value;
        self.open = !typed.is_empty() && self.hidden.iter().all(own);
        self.summary = Some(summary.into());
        self
    }

    #[must_use]
    pub(in crate::http) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }
}

/// A field of a form.
pub(in crate::http) struct Field {
    id: String,
    name: String,
    label: String,
    hint: &'static str,
    /// The input's type, or `choose`, `area`, `tick`, `legend`.
    kind: &'static str,
    value: String,
    choices: Vec<(String, String)>,
    required: bool,
    wrong: bool,
}

impl Field {
    /// A field of this kind.
    pub(in crate::http) fn of(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: filters::anchor_of(&name),
            name,
            label: label.into(),
            hint: "",
            kind,
            value: String::new(),
            choices: Vec::new(),
            required: true,
            wrong: false,
        }
    }

    pub(in crate::http) fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("text", name, label)
    }

    pub(in crate::http) fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("date", name, label)
    }

    pub(in crate::http) fn area(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("area", name, label)
    }

    pub(in crate::http) fn tick(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("tick", name, label)
    }

    pub(in crate::http) fn legend(label: &str) -> Self {
        Self::of("legend", "", label)
    }

    pub(in crate::http) fn choose(name: impl Into<String>, label: impl Into<String>, list: &[(&str, &str)]) -> Self {
        let choices = list.iter().map(|(word, label)| ((*word).to_owned(), (*label).to_owned())).collect();
        Self { choices, ..Self::of("choose", name, label) }
    }

    pub(in crate::http) fn choose_of(name: &str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self { choices, ..Self::of("choose", name, label) }
    }

    #[must_use]
    pub(in crate::http) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    #[must_use]
    pub(in crate::http) fn maybe(mut self) -> Self {
        self.required = false;
        self
    }

    /// What stands in it before anybody types.
    #[must_use]
    pub(in crate::http) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

/// What was typed and refused, and why.
#[derive(Default)]
pub(in crate::http) struct Tried {
    pub(in crate::http) typed: Typed,
    pub(in crate::http) faults: Vec<Failure>,
}

impl Tried {
    pub(in crate::http) fn new(typed: Typed, fault: Failure) -> Self {
        Self { typed, faults: vec![fault] }
    }
}

#[derive(Template)]
#[template(path = "moving_page.html")]
struct MovingPage {
    shell: Shell,
    desk: Desk,
    faults: Vec<Failure>,
    places: &'static [(&'static str, &'static str)],
}

/// Shows the page that `build` makes; what was typed and refused stands in its fields again.
pub(in crate::http) async fn show(
    asked: Asked,
    door: Door,
    tried: Tried,
    build: impl FnOnce(&House, &Actor, &Typed) -> Result<Desk, Fault> + Send + 'static,
) -> Result<Response, Failure> {
    show_among(asked, door, tried, &PLACES, build).await
}

/// The same for a desk with other places.
pub(in crate::http) async fn show_among(
    asked: Asked,
    door: Door,
    tried: Tried,
    places: &'static [(&'static str, &'static str)],
    build: impl FnOnce(&House, &Actor, &Typed) -> Result<Desk, Fault> + Send + 'static,
) -> Result<Response, Failure> {
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(door, &asked.visit);
    let Tried { typed, faults } = tried;
    let status = faults.first().map(|fault| fault.status);
    let kept = typed.clone();
    let found = asked.app.ask(move |world| act(world, |house| build(house, &actor, &typed))).await?;
    let mut desk = match found {
        Ok(desk) => desk,
        Err(failure) if failure.code == "PHARM-UNKNOWN" => {
            return Err(Failure { status: StatusCode::NOT_FOUND, ..failure });
        }
        Err(failure) => return Err(failure),
    };
    let wrong: Vec<String> =
        faults.iter().filter_map(|fault| fault.law.as_ref()).map(|law| law.field.clone()).collect();
    let mut seen = 0_usize;
    for field in desk.sections.iter_mut().flat_map(|section| &mut section.forms).flat_map(|form| &mut form.fields) {
        if let Some(value) = kept.maybe(&field.name) {
            field.value = value;
        }
        field.wrong = wrong.contains(&field.name);
        // Several forms of a page may have a field of the same name; labels need identifiers of their own.
        seen += 1;
        field.id = format!("{}-{seen}", field.id);
    }
    let mut response = page(&MovingPage { shell, desk, faults, places })?;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

/// Does what a form asks for. What the rules refuse comes back with what was typed.
pub(in crate::http) async fn done<T: Send + 'static>(
    asked: &Asked,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<T, Fault> + Send + 'static,
) -> Result<Result<T, Tried>, Failure> {
    let actor = asked.visitor()?.actor.clone();
    let typed = Typed::of(asked).await?;
    let given = typed.clone();
    let found = asked.app.ask(move |world| act(world, |house| work(house, &actor, &given))).await?;
    Ok(found.map_err(|failure| Tried::new(typed, failure)))
}
