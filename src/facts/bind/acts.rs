//! Acts that free, and findings that bind.

use crate::check::program::{ACTIVITY, ActKind, Program, RecordId, Type};
use crate::facts::near::{nearest, nearest_citation};
use crate::facts::question::{Act, Facts, Reference, State, Value};
use crate::value::Raw;
use crate::value::raw::Way;

use super::{BUILT_IN, Binder, did_you_mean, found, is_inside, is_unknown, quoted};

const PARTS: [&str; 8] = ["kind", "by", "to", "under", "on", "from", "through", "covers"];

const KINDS: [(&str, ActKind); 4] = [
    ("approval", ActKind::Approval),
    ("notice", ActKind::Notice),
    ("determination", ActKind::Determination),
    ("request", ActKind::Request),
];

impl<'a> Binder<'a> {
    pub(super) fn acts(&mut self, raw: &'a Raw, way: &Way<'_>) -> Vec<Act> {
        if matches!(raw, Raw::Text(word) if word == "unknown") {
            let message = "acts cannot be unknown: an approval that is not stated is not given";
            self.problem(way, message, || Some("leave `acts` out, or state those that are at hand".to_owned()));
            return Vec::new();
        }
        let mut acts = Vec::new();
        for (at, item) in self.items(raw).iter().enumerate() {
            acts.extend(self.act(item, &Way::At(way, at)));
        }
        acts
    }

    fn act(&mut self, raw: &'a Raw, way: &Way<'_>) -> Option<Act> {
        let Raw::Map(_) = raw else {
            self.wrong(way, raw, "an act, a map with `kind`, `by`, `under`, `on` and `covers`,");
            return None;
        };
        for (name, _) in self.entries(raw, way, "an act") {
            if !PARTS.contains(&name.as_str()) {
                let message = format!("an act has no part `{}`", quoted(name));
                self.problem(&Way::Name(way, name), message, || did_you_mean(nearest(name, PARTS)));
            }
        }
        let kind = self.required(raw, "kind", way).and_then(|(raw, way)| self.kind(raw, &way));
        let by = match kind {
            Some(ActKind::Notice) => self.stated(raw, "by", way),
            // When the kind is wrong, that is enough said.
            None => self.stated(raw, "by", way),
            Some(ActKind::Approval | ActKind::Determination | ActKind::Request) => self.required(raw, "by", way),
        };
        let by = by.map(|(raw, way)| self.who(raw, &way));
        let to = self.stated(raw, "to", way).map(|(raw, way)| self.who(raw, &way));
        let under = self.required(raw, "under", way).and_then(|(raw, way)| self.under(raw, &way));
        let on = self.required(raw, "on", way).and_then(|(raw, way)| self.date(raw, &way));
        let from = self.stated(raw, "from", way).and_then(|(raw, way)| self.date(raw, &way));
        let through = self.stated(raw, "through", way).and_then(|(raw, way)| self.date(raw, &way));
        if let (Some(first), Some(last)) = (from.or(on), through)
            && last < first
        {
            let message = format!("the act ends on {last}, before its first day, {first}");
            self.problem(&Way::Name(way, "through"), message, || None);
        }
        let covers = self.required(raw, "covers", way).and_then(|(raw, way)| self.covers(raw, &way));
        Some(Act {
            kind: kind?,
            by: by.flatten(),
            to: to.flatten(),
            under: under?,
            on: on?,
            from,
            through,
            covers: Some(covers?),
        })
    }

    /// A part of an act, unless it is absent or null.
    fn stated<'w>(&self, act: &'a Raw, name: &'w str, way: &'w Way<'w>) -> Option<(&'a Raw, Way<'w>)> {
        act.get(name).filter(|raw| **raw != Raw::Null).map(|raw| (raw, Way::Name(way, name)))
    }

    fn required<'w>(&mut self, act: &'a Raw, name: &'w str, way: &'w Way<'w>) -> Option<(&'a Raw, Way<'w>)> {
        let part = self.stated(act, name, way);
        if part.is_none() {
            self.problem(&Way::Name(way, name), format!("an act needs its `{name}`"), || None);
        }
        part
    }

    fn kind(&mut self, raw: &Raw, way: &Way<'_>) -> Option<ActKind> {
        let kind = KINDS.iter().find(|(name, _)| matches!(raw, Raw::Text(text) if text == name));
        if kind.is_none() {
            let near = match raw {
                Raw::Text(text) => nearest(text, KINDS.map(|(name, _)| name)),
                _ => None,
            };
            let message = format!("approval, notice, determination or request is accepted, not {}", found(raw));
            self.problem(way, message, || did_you_mean(near));
        }
        kind.map(|(_, kind)| *kind)
    }

    /// An authority of a regime, or a country.
    fn who(&mut self, raw: &Raw, way: &Way<'_>) -> Option<Reference> {
        let Raw::Text(text) = raw else {
            self.wrong(way, raw, "an authority or the code of a country");
            return None;
        };
        let program = self.program;
        let authorities =
            || program.regimes.iter().flat_map(|regime| &regime.authorities).map(|(name, _)| name.as_str());
        if authorities().any(|name| name == text) {
            return Some(Reference::Id(text.clone()));
        }
        let places = self.places.map(|taxonomy| &program.schema.taxonomies[taxonomy.at()]);
        let countries = || places.into_iter().flat_map(|places| &places.terms).filter(|term| term.parent.is_none());
        let country = places.and_then(|places| {
            let term = *places.by_name.get(text)?;
            places.terms[term as usize].parent.is_none().then_some(term)
        });
        if country.is_none() {
            let near = || nearest(text, authorities().chain(countries().map(|term| term.name.as_str())));
            let message = format!("`{}` is neither an authority nor a country", quoted(text));
            self.problem(way, message, || {
                let known: Vec<String> = authorities().map(|name| format!("`{name}`")).collect();
                did_you_mean(near()).or_else(|| Some(format!("the authorities are {}", known.join(", "))))
            });
        }
        country.map(Reference::Country)
    }

    /// An exception or exemption, or the paragraph in which one stands.
    fn under(&mut self, raw: &Raw, way: &Way<'_>) -> Option<String> {
        let Raw::Text(text) = raw else {
            self.wrong(way, raw, "the name of an exception or of its paragraph");
            return None;
        };
        if let Some(known) = provision(self.program, text) {
            return Some(known);
        }
        let program = self.program;
        let exits = || program.exits.iter().map(|exit| exit.name.as_str());
        let paragraphs = || exits_in(program);
        let message = format!("no exception and no paragraph is called `{}`", quoted(text));
        self.problem(way, message, || {
            let outer = || text.rsplit_once('.').map(|(outer, _)| outer);
            let near = nearest_citation(text, exits().chain(paragraphs()))
                .or_else(|| paragraphs().chain(exits()).find(|name| is_inside(name, text)));
            did_you_mean(near.or_else(|| paragraphs().find(|name| Some(*name) == outer())))
        });
        None
    }

    /// A partial activity that says something: an act that covers all is no act.
    fn covers(&mut self, raw: &'a Raw, way: &Way<'_>) -> Option<Facts> {
        let Raw::Map(stated) = raw else {
            self.wrong(way, raw, "a map of the facts that the act covers");
            return None;
        };
        let before = self.problems.len();
        let mut facts = self.record(ACTIVITY, stated, way);
        for (name, raw) in stated {
            let here = &Way::Name(way, name);
            if BUILT_IN.contains(&name.as_str()) {
                self.problem(here, format!("`{name}` is no fact that an act could cover"), || None);
            } else if let Some(&field) = self.schema().records[ACTIVITY.at()].by_name.get(name) {
                self.not_unknown(self.schema().records[ACTIVITY.at()].fields[field.at()].ty, raw, here);
            }
        }
        forget_unknown(&mut facts);
        self.goods_of(&facts.0, way, false);
        if self.problems.len() == before && !facts.0.iter().any(restricts) {
            let help = || Some("name the activity by its `ref`, or state facts of it".to_owned());
            let message = if facts.0.iter().any(says_none) {
                "an act covers something: that there is none fits every activity without it"
            } else {
                "an act covers something: this says nothing, so it would cover every activity"
            };
            self.problem(way, message, help);
        }
        Some(facts)
    }

    /// Refuses `unknown` in what an act covers: it would make the act cover more, not less.
    ///
    /// A field that is null, as an optional field of a host's struct is, says nothing and is passed over.
    fn not_unknown(&mut self, ty: Type, raw: &Raw, way: &Way<'_>) {
        match raw {
            Raw::Text(_) if ty != Type::Text && is_unknown(raw) => {
                let help = || Some("leave out what the act says nothing about".to_owned());
                self.problem(way, "what an act covers cannot be unknown", help);
            }
            Raw::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let way = &Way::At(way, at);
                    match item {
                        Raw::Null => self.problem(way, "what an act covers cannot be unknown", || None),
                        item => self.not_unknown(ty, item, way),
                    }
                }
            }
            Raw::Map(entries) => {
                for (name, value) in entries {
                    let ty = match ty {
                        Type::Record(record) => {
                            let record = &self.schema().records[record.at()];
                            record.by_name.get(name).map(|field| record.fields[field.at()].ty)
                        }
                        ty => Some(ty),
                    };
                    if let Some(ty) = ty {
                        self.not_unknown(ty, value, &Way::Name(way, name));
                    }
                }
            }
            Raw::Null | Raw::Bool(_) | Raw::Whole(_) | Raw::Text(_) => {}
        }
    }

    /// A finding counts by whose it is and under what: a misspelt name would make it count for nothing.
    pub(super) fn findings(&mut self, record: RecordId, facts: &Facts, way: &Way<'_>) {
        let program = self.program;
        let declared = &program.schema.records[record.at()];
        if declared.name != "finding" {
            return;
        }
        let text_of = |name: &str| match declared.by_name.get(name).map(|field| &facts.0[field.at()]) {
            Some(State::Is(Value::Text(text) | Value::Reference(Reference::Id(text)))) => Some(text.as_str()),
            _ => None,
        };
        let day_of = |name: &str| match declared.by_name.get(name).map(|field| &facts.0[field.at()]) {
            Some(State::Is(Value::Date(day))) => Some(*day),
            _ => None,
        };
        if let (Some(on), Some(through)) = (day_of("on"), day_of("through"))
            && through < on
        {
            let message = format!("the finding ends on {through}, before the day on which it was made, {on}");
            self.problem(&Way::Name(way, "through"), message, || None);
        }
        if let Some(by) = text_of("by") {
            let authorities: Vec<&str> =
                program.regimes.iter().flat_map(|regime| &regime.authorities).map(|(name, _)| name.as_str()).collect();
            let near = nearest(by, authorities.iter().copied());
            // Others than the authorities of these regimes may find something too; only a slip is refused.
            if !authorities.contains(&by) && near.is_some() {
                let message = format!("no authority is called `{}`", quoted(by));
                self.problem(&Way::Name(way, "by"), message, || did_you_mean(near));
            }
        }
        if let Some(under) = text_of("under") {
            let paragraphs = program.paragraphs.iter().map(|paragraph| paragraph.name.as_str());
            let norms = program.norms.iter().map(|norm| norm.name.as_str());
            let names: Vec<&str> =
                paragraphs.chain(norms).chain(program.exits.iter().map(|exit| exit.name.as_str())).collect();
            if !names.contains(&under) {
                let message = format!("no provision is called `{}`", quoted(under));
                self.problem(&Way::Name(way, "under"), message, || did_you_mean(nearest_citation(under, names)));
            }
        }
    }
}

/// What is not known of an act's scope was left out of the act.
fn forget_unknown(facts: &mut Facts) {
    for state in &mut facts.0 {
        match state {
            State::Unknown => *state = State::Unstated,
            State::List(items) => {
                for item in items {
                    if let State::Is(Value::Record(facts)) = item {
                        forget_unknown(facts);
                    }
                }
            }
            State::Is(Value::Record(facts)) => forget_unknown(facts),
            State::Unstated | State::None | State::Is(_) => {}
        }
    }
}

/// Whether a state in `covers` leaves any activity out.
fn restricts(state: &State) -> bool {
    match state {
        State::Unstated | State::Unknown | State::None => false,
        // Of records, each that is given must be there; none given asks for nothing.
        State::List(items) => items.iter().any(restricts),
        State::Is(Value::Record(facts)) => facts.0.iter().any(restricts),
        State::Is(Value::Amounts(amounts)) => !amounts.is_empty(),
        State::Is(_) => true,
    }
}

/// Whether it is said somewhere that there is none.
fn says_none(state: &State) -> bool {
    match state {
        State::None => true,
        State::List(items) => items.iter().any(says_none),
        State::Is(Value::Record(facts)) => facts.0.iter().any(says_none),
        State::Unstated | State::Unknown | State::Is(_) => false,
    }
}

/// `R2270/8` of `R2270/8(a)`
fn outside(name: &str) -> Option<&str> {
    name.strip_suffix(')')?.rsplit_once('(').map(|(outer, _)| outer)
}

/// The exception, exemption or other provision that a host means by this name.
pub(crate) fn provision(program: &Program, name: &str) -> Option<String> {
    let exits = program.exits.iter().map(|exit| exit.name.as_str());
    let other =
        program.paragraphs.iter().map(|it| it.name.as_str()).chain(program.norms.iter().map(|it| it.name.as_str()));
    // Under a provision without exceptions an act is no mistake of the host's: it counts for nothing, and the decision says so.
    if exits.chain(exits_in(program)).chain(other).any(|known| known == name) {
        return Some(name.to_owned());
    }
    // What a policy encodes as one paragraph may have letters in the text: R2270/8(a).
    let mut wholes = std::iter::successors(outside(name), |name| outside(name));
    wholes.find(|whole| exits_in(program).any(|known| known == *whole)).map(str::to_owned)
}

/// The paragraphs in which exceptions and exemptions stand.
fn exits_in(program: &Program) -> impl Iterator<Item = &str> {
    program.exits.iter().map(|exit| program.paragraphs[exit.paragraph.at()].name.as_str())
}
