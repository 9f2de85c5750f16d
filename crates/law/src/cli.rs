//! `theriac law ...` over readers and writers, so that the shell only opens files.

use crate::decide::decide;
use crate::decision::{Decision, NotBuilt, Verdict};
use crate::edition::{By, Parameter, Profile};
use crate::part1308::products::{self, Found};
use crate::question::{Question, read_line};
use crate::render;
use crate::request::Request;
use crate::rule::Rule;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use theriac_model::Edition;

/// What a run over a file came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Questions answered.
    pub answered: u64,
    /// Lines that are no question.
    pub malformed: u64,
    /// Questions without a rule.
    pub not_built: u64,
}

impl Summary {
    /// Whether every line was answered; else the caller exits with 1.
    pub fn is_clean(self) -> bool {
        self.malformed == 0 && self.not_built == 0
    }
}

/// Answers one question a line, one JSON line out for each line in, in order. A line that cannot be read, or has no rule, gives
/// `{"id","error":{"line","field","what"}}` and the run goes on.
///
/// `profile` is used for lines that name no edition, and for all lines when `over` says so. A line with the edition `any`
/// is asked under all three editions.
///
/// # Errors
/// When reading or writing fails.
pub fn decide_lines(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    profile: &Profile,
    over: Over,
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut text = Vec::new();
    let mut number = 0_u64;
    loop {
        text.clear();
        if read_bounded(input, &mut text)? == 0 {
            return Ok(summary);
        }
        number += 1;
        let line = String::from_utf8_lossy(&text);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let answer = answer(line, number, profile, over, &mut summary);
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
    }
}

/// Whose edition wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The line's own edition, where it names one.
    Line,
    /// The profile given on the command line.
    Profile,
}

fn answer(line: &str, number: u64, profile: &Profile, over: Over, summary: &mut Summary) -> Value {
    let line = match read_line(line) {
        Ok(line) => line,
        Err(error) => {
            summary.malformed += 1;
            let id = serde_json::from_str::<Value>(line).ok().and_then(|value| value.get("id").cloned());
            return json!({"id": id, "error": {"line": number, "field": error.field, "what": error.what}});
        }
    };
    let id = line.id.clone();
    let wrong = |field: &str, what: String| json!({"id": id, "error": {"line": number, "field": field, "what": what}});
    let answer = match (over, line.edition.as_deref()) {
        (Over::Profile, _) | (Over::Line, None) => {
            decide(profile, &line.question).map(|decision| render::verdict(&decision))
        }
        (Over::Line, Some("any")) => under_each_edition(&line.question),
        (Over::Line, Some(edition)) => match Profile::named(edition) {
            Ok(own) => decide(&own, &line.question).map(|decision| render::verdict(&decision)),
            Err(error) => {
                summary.malformed += 1;
                return wrong("edition", error.to_string());
            }
        },
    };
    match answer {
        Ok(mut answer) => {
            summary.answered += 1;
            answer["id"] = line.id.into();
            answer
        }
        Err(error) => {
            summary.not_built += 1;
            wrong("request.action", error.to_string())
        }
    }
}

/// `any` asks all three editions. Where they agree that is the answer; where they do not, the answer of the first that
/// refuses stands, and `editions` tells what each said.
fn under_each_edition(question: &Question) -> Result<Value, NotBuilt> {
    let mut decisions = Vec::with_capacity(3);
    for profile in Profile::each_edition() {
        decisions.push(decide(&profile, question)?);
    }
    let refusing = decisions.iter().position(|decision| decision.refusal.is_some());
    let chosen = refusing.unwrap_or(0);
    let mut answer = render::verdict(&decisions[chosen]);
    let same = |decision: &Decision| {
        (&decision.verdict, decision.reason, decision.duties)
            == (&decisions[chosen].verdict, decisions[chosen].reason, decisions[chosen].duties)
    };
    if decisions.iter().all(same) {
        answer["profile"] = "any".into();
    } else {
        let said = |decision: &Decision| {
            let line = render::verdict(decision);
            (
                decision.profile.to_string(),
                json!({"verdict": line["verdict"], "value": line["value"], "reason": line["reason"], "duties": line["duties"]}),
            )
        };
        answer["editions"] = Value::Object(decisions.iter().map(said).collect());
    }
    Ok(answer)
}

/// Reads one line, keeping at most a little more than the longest line that is read, so that a hostile file stays cheap.
fn read_bounded(input: &mut dyn BufRead, text: &mut Vec<u8>) -> io::Result<usize> {
    const KEEP: usize = crate::question::LONGEST_LINE + 1;
    let mut total = 0;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            return Ok(total);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(chunk.len(), |end| end + 1);
        let room = KEEP.saturating_sub(text.len()).min(taken);
        text.extend_from_slice(&chunk[..room]);
        input.consume(taken);
        total += taken;
        if end.is_some() {
            return Ok(total);
        }
    }
}

/// Which rules are listed; what is not said leaves all in.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this area, in the words of the requirement catalogue.
    pub area: Option<String>,
    /// Said by this edition.
    pub edition: Option<Edition>,
    /// Binding under the Code on this day.
    pub on: Option<Date>,
}

impl Filter {
    /// The areas that rules have, each once, in alphabetical order.
    pub fn areas() -> Vec<&'static str> {
        let mut areas: Vec<&str> = crate::registry().iter().map(|rule| rule.area).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    fn says(&self, by: By, since: Option<Date>, until: Option<Date>) -> bool {
        let edition = self.edition.as_ref().is_none_or(|edition| by.editions().any(|said| said == *edition));
        let binds = |day: Date| since.is_none_or(|since| since <= day) && until.is_none_or(|until| day <= until);
        edition && self.on.is_none_or(binds)
    }

    fn rules(&self) -> Vec<&'static Rule> {
        let fits = |rule: &&Rule| {
            self.area.as_ref().is_none_or(|area| rule.area == area) && self.says(rule.by, rule.since, rule.until)
        };
        crate::registry().iter().copied().filter(fits).collect()
    }

    /// Parameters with a value that fits, or of which nobody speaks when no edition is asked for; with an area those of its
    /// rules' sections.
    fn parameters(&self, rules: &[&Rule]) -> Vec<Value> {
        let beside = |parameter: &Parameter| {
            rules.iter().any(|rule| render::parameters(rule).iter().any(|own| own.id == parameter.id))
        };
        let fits = |parameter: &&&'static Parameter| {
            let silent = parameter.rows.is_empty() && self.edition.is_none();
            let said = silent || parameter.rows.iter().any(|row| self.says(row.by, row.since, row.until));
            said && (self.area.is_none() || beside(parameter))
        };
        crate::parameters().iter().filter(fits).map(|parameter| render::parameter_json(parameter)).collect()
    }
}

/// The list of rules: a table, or JSON. `Ok(false)` when none fits.
///
/// # Errors
/// When writing fails.
pub fn rules(output: &mut dyn Write, filter: &Filter, form: Output) -> io::Result<bool> {
    let rules = filter.rules();
    match form {
        Output::Text => output.write_all(render::rules_text(&rules).as_bytes())?,
        Output::Json => {
            let listed: Vec<Value> = rules.iter().map(|rule| render::rule_json(rule)).collect();
            let all = json!({"rules": listed, "parameters": filter.parameters(&rules)});
            serde_json::to_writer(&mut *output, &all)?;
            output.write_all(b"\n")?;
        }
    }
    Ok(!rules.is_empty())
}

/// One rule explained; `false` when there is none with this identifier.
///
/// # Errors
/// When writing fails.
pub fn explain(output: &mut dyn Write, id: &str, form: Output) -> io::Result<bool> {
    let Some(rule) = crate::rule(id) else { return Ok(false) };
    match form {
        Output::Text => output.write_all(render::explain(rule).as_bytes())?,
        Output::Json => writeln!(output, "{}", render::explain_json(rule))?,
    }
    Ok(true)
}

/// Products of an imported directory with the name that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Listings {
    /// How many there are.
    pub count: u64,
    /// Some of them, as JSON.
    pub shown: Vec<Value>,
}

/// `theriac law schedule NAME`: what the table says of a generic name or brand on `day`, and in JSON the `listings` of a
/// directory beside it. `Ok(false)` when the table does not know the name.
///
/// # Errors
/// When writing fails.
pub fn schedule(
    output: &mut dyn Write,
    profile: &Profile,
    name: &str,
    day: Date,
    form: Output,
    listings: &Listings,
) -> io::Result<bool> {
    let (status, certain, entries) = match products::lookup(profile, name, day) {
        Found::Certain(status, entries) => (status.word(), true, entries),
        Found::Depends(status, entries) => (status.word(), false, entries),
        Found::Unknown => ("unknown", false, Vec::new()),
    };
    let known = !entries.is_empty();
    if form == Output::Json {
        let entries: Vec<Value> = entries
            .iter()
            .map(|entry| json!({"name": entry.name, "also": entry.also, "status": entry.status.word(), "when": entry.when, "class": entry.class, "source": entry.source}))
            .collect();
        let answer = json!({"name": name, "day": day.to_string(), "profile": profile.name(), "status": status, "certain": certain, "entries": entries, "listings": listings.shown, "listed": listings.count});
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
        return Ok(known);
    }
    match (known, certain) {
        (false, _) if listings.count > 0 => writeln!(output, "{name}: as the directory lists it")?,
        (false, _) => {
            writeln!(
                output,
                "{name}: unknown. Classify it by hand; an unknown product is never taken as uncontrolled"
            )?;
        }
        (true, true) => writeln!(output, "{name}: {status}")?,
        (true, false) => writeln!(output, "{name}: {status} until the formulation is known; it decides")?,
    }
    for entry in entries {
        let when = entry.when.as_deref().unwrap_or("every formulation");
        writeln!(output, "  {:<16} {}: {when}", entry.status.word(), entry.name)?;
    }
    Ok(known)
}

/// `theriac law dea-number NUMBER...`: one line for each number. `Ok(false)` when one of them does not pass.
///
/// # Errors
/// When writing fails.
pub fn dea_numbers(
    output: &mut dyn Write,
    profile: &Profile,
    numbers: &[String],
    day: Date,
    form: Output,
) -> io::Result<bool> {
    let mut all_pass = true;
    for number in numbers {
        let question = Question::new(day, Request::CheckDeaNumber { number: number.clone(), last_name: None });
        let Ok(decision) = decide(profile, &question) else { continue };
        all_pass &= decision.refusal.is_none();
        if form == Output::Json {
            let mut answer = render::verdict(&decision);
            answer["number"] = number.clone().into();
            serde_json::to_writer(&mut *output, &answer)?;
            output.write_all(b"\n")?;
        } else {
            match (&decision.refusal, &decision.verdict) {
                (Some(refusal), _) => writeln!(output, "{number}: {refusal}")?,
                (None, Verdict::Value(kind)) => {
                    writeln!(output, "{number}: well formed, {kind}; whether it is registered is another question")?;
                }
                (None, _) => writeln!(output, "{number}: well formed")?,
            }
        }
    }
    Ok(all_pass)
}

/// For a person or for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A table.
    Text,
    /// JSON.
    Json,
}
