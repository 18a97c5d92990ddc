//! A regime as policy text.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::regime::{ACTIONS, COUNTRIES, Exception, FACTS, Fact, Place, Regime, Rule, iso_date};
use crate::taxonomy::Taxonomy;
use crate::verdict::Verdict;

impl Regime {
    /// The regime in `interdict`'s language, with a vocabulary of its own. Each country is a regime with one
    /// instrument.
    ///
    /// 10,000 norms are 3 MB of text.
    pub fn policy(&self) -> String {
        let mut text = self.vocabulary();
        let mut by_country: BTreeMap<usize, Vec<&Rule>> = BTreeMap::new();
        for rule in &self.rules {
            let (Place::Origin(country) | Place::Destination(country)) = rule.place;
            by_country.entry(country).or_default().push(rule);
        }
        for (country, rules) in by_country {
            instrument(&mut text, COUNTRIES[country], &rules).expect("a string takes all that is written to it");
        }
        text
    }

    /// The claim that nothing makes an activity that a rule reaches less than allowed, as a `property` of the policy.
    pub fn property(&self, nth: usize) -> String {
        let rule = &self.rules[nth];
        let mut when =
            vec![format!("action under {}", ACTIONS[rule.action].0), format!("date >= {}", iso_date(rule.from))];
        when.extend(rule.through.map(|day| format!("date <= {}", iso_date(day))));
        when.extend(rule.tests());
        format!("property \"a rule that reaches is felt\" {{ when {} always at least allowed }}\n", when.join(" and "))
    }

    fn vocabulary(&self) -> String {
        let facts: String = FACTS.iter().map(|name| format!("{name} : yes_no\n")).collect();
        format!(
            "{}taxonomy item {{\n{}}}\nactivity {{\n{REQUIRED}item : item\norigin : place\ndestination : place\n\
             quantity : quantity\n{facts}}}\nunit kg \"kilograms\"\n",
            frame(),
            self.items.text(),
        )
    }
}

/// The fields that every activity has.
pub(crate) const REQUIRED: &str = "date : date required\nactor_state : country required\naction : action required\n";

/// Actions and countries.
pub(crate) fn frame() -> String {
    let mut text = String::from("taxonomy action {\n");
    let mut open: Vec<usize> = Vec::new();
    for (nth, (name, under)) in ACTIONS.iter().enumerate() {
        while open.last().is_some_and(|end| *end <= nth) {
            open.pop();
            text.push_str("} ");
        }
        text.push_str(name);
        text.push(' ');
        if *under > 0 {
            text.push_str("{ ");
            open.push(nth + 1 + under);
        }
    }
    open.iter().for_each(|_| text.push_str("} "));
    text.push_str("}\ntaxonomy place {\n");
    text.push_str(&COUNTRIES.join(" "));
    text.push_str("\n}\n");
    text
}

fn instrument(text: &mut String, country: &str, rules: &[&Rule]) -> fmt::Result {
    let name = country.to_lowercase();
    writeln!(text, "regime on_{name} \"Measures concerning {country}\" {{ authority office_{name} \"Office\" }}")?;
    writeln!(text, "instrument M{country} \"Measures concerning {country}\" of on_{name} adopted 2006-01-01 {{")?;
    for (nth, rule) in rules.iter().enumerate() {
        writeln!(text, "paragraph {} from {} {{", nth + 1, iso_date(rule.from))?;
        prohibition(text, &name, rule)?;
        writeln!(text, "}}")?;
    }
    writeln!(text, "}}")
}

impl Rule {
    /// What must hold beside the action and the days.
    fn tests(&self) -> Vec<String> {
        let place = match self.place {
            Place::Origin(country) => format!("origin is {}", COUNTRIES[country]),
            Place::Destination(country) => format!("destination is {}", COUNTRIES[country]),
        };
        let mut tests = vec![place, format!("item under {}", Taxonomy::name(self.item))];
        tests.extend(self.over.map(|over| format!("quantity > {over} kg")));
        tests.extend(self.facts.iter().map(fact));
        tests
    }
}

fn prohibition(text: &mut String, name: &str, rule: &Rule) -> fmt::Result {
    write!(text, "    prohibit {}", ACTIONS[rule.action].0)?;
    if let Some(day) = rule.through {
        write!(text, " through {}", iso_date(day))?;
    }
    writeln!(text, " when {}", rule.tests().join(" and "))?;
    for (nth, it) in rule.exceptions.iter().enumerate() {
        write!(text, "    except e{}", nth + 1)?;
        exception(text, name, it)?;
    }
    Ok(())
}

fn exception(text: &mut String, name: &str, exception: &Exception) -> fmt::Result {
    if let Some(day) = exception.through {
        write!(text, " through {}", iso_date(day))?;
    }
    let mut tests: Vec<String> = exception.facts.iter().map(fact).collect();
    tests.extend(exception.at_most.map(|most| format!("quantity <= {most} kg")));
    if !tests.is_empty() {
        write!(text, " when {}", tests.join(" and "))?;
    }
    writeln!(text, "{}", with(exception.leaves, &format!("office_{name}")))
}

/// What has to be done so that an exception lifts.
pub(crate) fn with(leaves: Verdict, authority: &str) -> String {
    match leaves {
        Verdict::RequiresAuthorisation => format!(" with approval by {authority}"),
        Verdict::RequiresNotification => format!(" with notice to {authority} in advance"),
        Verdict::NotCovered | Verdict::Allowed | Verdict::Prohibited => String::new(),
    }
}

fn fact(fact: &Fact) -> String {
    format!("{}{}", if fact.holds { "" } else { "not " }, FACTS[fact.which])
}
