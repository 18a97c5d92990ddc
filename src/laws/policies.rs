//! Random small policies, as text, over a small vocabulary of their own.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use crate::ruleset::Ruleset;

pub(super) const VOCABULARY: &str = r#"
taxonomy action { supply { gift sale } procurement training freezing }
taxonomy place { KP { rajin } RU CN ME VA }
taxonomy item { arms { tank rifle { carbine } } fuel hs 27 { diesel hs 2710 gas } food hs 07, 10 other_goods }
taxonomy purpose { livelihood humanitarian { food_aid } commercial }
taxonomy party_role { counterparty { buyer } recipient }
taxonomy concern { revenue military objection stop }
record finding { kind : concern  by : reference required  under : text  on : date required  through : date }
record party {
  id : text  ids : list of text  role : party_role  nationality : list of country  sponsored_by : list of reference
  controlled_by : list of reference  listed : list of listing  findings : list of finding  earns : yes_no
}
activity {
  date : date required  actor_state : country required  action : action required  omission : yes_no  ref : text
  item : item coded by hs  hs : hs  purpose : purpose  origin : place  destination : place  via : list of place
  contract_date : date  quantity : quantity  value : money  links : list of concern  urgent : yes_no
  parties : list of party  findings : list of finding  fee : money  route : list of place
}
unit bbl "barrel"   unit t "tonne"   unit barrow = 0.5 bbl "a source"   unit barrel_of_ink   unit seat counted
list bad "A list" { freeze, ban }
group members of place "Members" { RU, CN, ME from 2014-06-28, KP }
holidays "A source" {
  2017-01-02, 2017-12-25,
  2017-10-01, 2017-10-02, 2017-10-03, 2017-10-04, 2017-10-05, 2017-10-06, 2017-10-07, 2017-10-08
}
presume omission is no "an activity is doing something"
presume fee is 5_000 USD "a fee is charged"
presume route is rajin "the way is known"
regime r "The first" { authority committee "The Committee"  binds members }
regime s "The second" { authority bureau "The Bureau" }
instrument D "Definitions" of r adopted 2009-01-01 {
  paragraph 1 "Words" {
    define sensitive when item under arms or purpose is commercial
    define tainted of party when listed in bad or sponsored_by KP
    define feeding of party when nationality KP and item under food
    reading broad "Is it read broadly?" default yes
  }
  paragraph 2 "More words" from 2015-01-01 {
    define sensitive also when hs under 84 and broad
    define tainted of party also when earns and nationality is actor_state
  }
}
"#;

/// Conditions on the activity.
const ATOMS: &[&str] = &[
    "item under arms",
    "item is rifle",
    "item under any of { diesel, food }",
    "hs under 27",
    "hs under 84",
    "purpose under humanitarian",
    "purpose is any of { livelihood, commercial }",
    "origin is KP",
    "origin under KP",
    "destination is KP",
    "destination is rajin",
    "via is CN",
    "via is empty",
    "item is none",
    "actor_state in members",
    "origin in members",
    "origin is destination",
    "origin is actor_state",
    "quantity > 100 bbl",
    "quantity <= 20 t",
    "quantity >= 2 seat",
    "value >= 1_000 USD",
    "fee > 2_000 USD",
    "route is KP",
    "route is destination",
    "contract_date before 2016-03-02",
    "contract_date <= date",
    "date >= 2017-01-10",
    "links is military",
    "links is empty",
    "urgent",
    "action is gift",
    "sensitive",
    "broad",
    "found stop by committee",
    "found objection by actor_state this calendar year",
    "found stop by bureau in the last 10 days",
];

/// Conditions on a party.
const PARTY_ATOMS: &[&str] = &[
    "nationality KP",
    "nationality is actor_state",
    "nationality is empty",
    "sponsored_by KP",
    "sponsored_by is \"P1\"",
    "listed in bad",
    "listed in bad for ban",
    "sponsored_by listed in bad",
    "controlled_by listed in bad",
    "controlled_by KP",
    "feeding",
    "earns",
    "tainted",
    "found military by committee",
    "urgent",
];

const COUNTED: &[&str] =
    &["some party", "no party", "some counterparty", "no buyer", "at least 2 party", "some recipient"];

const ACTIONS: &[&str] = &["any", "supply", "procurement", "sale", "any of { supply, training }", "training"];

const DAYS: &[&str] = &["2012-03-01", "2015-07-01", "2017-01-10", "2016-06-02"];
/// All later than the days above.
const LAST_DAYS: &[&str] = &["2018-12-31", "2019-06-30"];

const PERIODS: &[&str] = &[
    "per calendar year",
    "per calendar month",
    "per 12 months from 2016-01-01",
    "in any 12 months",
    "from 2016-01-01 through 2018-12-31",
    "in total",
    "at any time",
    "per calendar year per actor_state",
];

const LIMITS: &[&str] = &[
    "100 bbl",
    "20 t",
    "1_000 USD",
    "30 barrow",
    "level bbl on 2017-01-01",
    "100 bbl or 20 t",
    "2 seat",
    "30 t or level bbl on 2017-01-01 or 500 barrel_of_ink",
];

/// `W` stands for the authority of the regime.
const REQUIREMENTS: &[&str] = &[
    "approval by W",
    "determination by actor_state",
    "determination by origin",
    "request by W",
    "notice to W in advance",
    "notice by destination to W in advance",
    "notice to W at least 5 days before",
    "notice to W more than 3 working days before",
    "notice to W at most 4 days before",
    "notice to W within 30 days after",
    "notice to W within 4 working days after",
    "notice to W within 10 days after the month",
    "notice to W within 4 working days after the month",
    "notice to W by 2017-03-01",
    "approval by W by 2017-03-01",
];

/// A condition, of numbers that choose atoms.
#[derive(Debug, Clone)]
pub(super) enum Cond {
    Atom(usize),
    Not(Box<Cond>),
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Count(usize, Vec<(usize, bool)>, bool),
}

impl Cond {
    fn text(&self) -> String {
        match self {
            Cond::Atom(at) => ATOMS[at % ATOMS.len()].to_owned(),
            Cond::Not(inner) => format!("not {}", inner.bracketed()),
            Cond::All(parts) => join(parts, " and "),
            Cond::Any(parts) => join(parts, " or "),
            Cond::Count(counted, atoms, all) => {
                let atoms: Vec<String> = atoms
                    .iter()
                    .map(|(at, yes)| {
                        let atom = PARTY_ATOMS[at % PARTY_ATOMS.len()];
                        if *yes { atom.to_owned() } else { format!("not ({atom})") }
                    })
                    .collect();
                format!(
                    "{} {{ {} }}",
                    COUNTED[counted % COUNTED.len()],
                    atoms.join(if *all { " and " } else { " or " })
                )
            }
        }
    }

    fn bracketed(&self) -> String {
        format!("({})", self.text())
    }
}

fn join(parts: &[Cond], with: &str) -> String {
    match parts {
        [only] => only.text(),
        _ => parts.iter().map(Cond::bracketed).collect::<Vec<_>>().join(with),
    }
}

fn cond() -> impl Strategy<Value = Cond> {
    let atom = || (0..ATOMS.len()).prop_map(Cond::Atom);
    let count = (0..COUNTED.len(), vec((0..PARTY_ATOMS.len(), any::<bool>()), 1..3), any::<bool>())
        .prop_map(|(counted, atoms, all)| Cond::Count(counted, atoms, all));
    let one = || prop_oneof![6 => atom(), 2 => atom().prop_map(|atom| Cond::Not(Box::new(atom)))];
    let one = prop_oneof![
        6 => one(),
        2 => vec(one(), 2..4).prop_map(Cond::Any),
        1 => vec(one(), 2..3).prop_map(|parts| Cond::Not(Box::new(Cond::All(parts)))),
        2 => count,
    ];
    vec(one, 1..4).prop_map(Cond::All)
}

#[derive(Debug, Clone)]
pub(super) struct Exit {
    number: usize,
    when: Option<Cond>,
    quotas: Vec<(usize, usize)>,
    requirements: Vec<usize>,
    exceptional: bool,
    from: Option<usize>,
    through: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Norm {
    number: usize,
    effect: usize,
    actions: usize,
    when: Option<Cond>,
    from: Option<usize>,
    exits: Vec<Exit>,
}

#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    number: usize,
    /// 0 and 1 of the first regime, 2 of the second.
    instrument: usize,
    from: Option<usize>,
    through: Option<usize>,
    /// One of the paragraphs of the instrument before it.
    replaces: Option<usize>,
    norms: Vec<Norm>,
    exemptions: Vec<(usize, Exit)>,
}

/// A policy. Its text can be written in any order.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    paragraphs: Vec<Paragraph>,
}

fn exit(bare: bool) -> impl Strategy<Value = Exit> {
    let requirements = vec(0..REQUIREMENTS.len(), usize::from(!bare)..3);
    let dates = (weighted(0.1, 0..DAYS.len()), weighted(0.2, 0..LAST_DAYS.len()));
    let quotas = prop_oneof![3 => Just(Vec::new()), 1 => vec((0..LIMITS.len(), 0..PERIODS.len()), 1..3)];
    (weighted(0.6, cond()), quotas, requirements, prop::bool::weighted(0.15), dates).prop_map(
        |(when, quotas, requirements, exceptional, (from, through))| Exit {
            number: 0,
            when,
            quotas,
            exceptional: exceptional && !requirements.is_empty(),
            requirements,
            from,
            through,
        },
    )
}

fn norm() -> impl Strategy<Value = Norm> {
    let effect = prop_oneof![7 => Just(0usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    let from = weighted(0.15, 0..DAYS.len());
    (effect, 0..ACTIONS.len(), weighted(0.9, cond()), from, vec(exit(true), 0..3))
        .prop_map(|(effect, actions, when, from, exits)| Norm { number: 0, effect, actions, when, from, exits })
}

fn paragraph() -> impl Strategy<Value = Paragraph> {
    let dates = (weighted(0.3, 0..DAYS.len()), weighted(0.2, 0..LAST_DAYS.len()));
    let exemptions = prop_oneof![3 => Just(Vec::new()), 1 => vec((any::<usize>(), exit(false)), 1..2)];
    (0usize..3, dates, weighted(0.2, any::<usize>()), vec(norm(), 1..3), exemptions).prop_map(
        |(instrument, (from, through), replaces, norms, exemptions)| Paragraph {
            number: 0,
            instrument,
            from,
            through,
            replaces,
            norms,
            exemptions,
        },
    )
}

pub(super) fn policy() -> impl Strategy<Value = Policy> {
    vec(paragraph(), 1..4).prop_map(Policy::of)
}

const INSTRUMENTS: [(&str, &str, &str, &str); 3] = [
    ("R1", "r", "2010-01-01", "committee"),
    ("R2", "r", "2016-06-01", "committee"),
    ("S1", "s", "2014-01-01", "bureau"),
];

impl Policy {
    /// The policy that these paragraphs make, which get their numbers.
    fn of(mut paragraphs: Vec<Paragraph>) -> Policy {
        for (at, paragraph) in paragraphs.iter_mut().enumerate() {
            paragraph.number = at + 1;
            let mut exits = 0;
            let mut name = |exit: &mut Exit| {
                exit.number = exits;
                exits += 1;
            };
            for (at, norm) in paragraph.norms.iter_mut().enumerate() {
                norm.number = at;
                norm.exits.iter_mut().for_each(&mut name);
            }
            paragraph.exemptions.iter_mut().for_each(|(_, exit)| name(exit));
        }
        Policy { paragraphs }
    }

    /// The same with the last paragraph of another in place of its own last one.
    pub fn with_last_of(&self, other: &Policy) -> Policy {
        let own = &self.paragraphs[..self.paragraphs.len() - 1];
        Policy::of(own.iter().chain(other.paragraphs.last()).cloned().collect())
    }

    /// Every condition, quota and requirement at once: what its constants are, those of any policy are.
    pub fn of_everything() -> Policy {
        let exit = |number: usize, requirements: Vec<usize>, quotas: Vec<(usize, usize)>| Exit {
            number,
            when: None,
            quotas,
            requirements,
            exceptional: false,
            from: None,
            through: Some(number % LAST_DAYS.len()),
        };
        let norm = |number: usize, when: Cond| Norm {
            number,
            effect: 0,
            actions: number % ACTIONS.len(),
            when: Some(when),
            from: Some(number % DAYS.len()),
            exits: Vec::new(),
        };
        let mut norms: Vec<Norm> = (0..ATOMS.len()).map(|at| norm(at, Cond::Atom(at))).collect();
        for at in 0..PARTY_ATOMS.len() {
            norms.push(norm(norms.len(), Cond::Count(at, vec![(at, true)], true)));
        }
        let mut exits: Vec<Exit> = (0..REQUIREMENTS.len()).map(|at| exit(at, vec![at], Vec::new())).collect();
        exits.extend((0..LIMITS.len()).map(|at| exit(REQUIREMENTS.len() + at, Vec::new(), vec![(at, at)])));
        norms[0].exits = exits;
        let paragraph = Paragraph {
            number: 1,
            instrument: 0,
            from: None,
            through: None,
            replaces: None,
            norms,
            exemptions: Vec::new(),
        };
        Policy { paragraphs: vec![paragraph] }
    }

    /// The texts, each a file.
    pub fn files(&self) -> Vec<String> {
        let mut files = vec![VOCABULARY.to_owned()];
        for instrument in 0..INSTRUMENTS.len() {
            files.extend(self.instrument(instrument, &self.paragraphs.iter().collect::<Vec<_>>(), false));
        }
        files
    }

    /// The same in another order: of files, paragraphs, norms and exits.
    pub fn files_backwards(&self) -> Vec<String> {
        let mut files = Vec::new();
        for instrument in (0..INSTRUMENTS.len()).rev() {
            files.extend(self.instrument(instrument, &self.paragraphs.iter().rev().collect::<Vec<_>>(), true));
        }
        files.push(VOCABULARY.to_owned());
        files
    }

    pub fn text(&self) -> String {
        self.files()[1..].concat()
    }

    pub fn compile(&self) -> Ruleset {
        compile(&self.files())
    }

    fn instrument(&self, at: usize, paragraphs: &[&Paragraph], backwards: bool) -> Option<String> {
        let (name, regime, adopted, authority) = INSTRUMENTS[at];
        let mine: Vec<&&Paragraph> = paragraphs.iter().filter(|paragraph| paragraph.instrument == at).collect();
        if mine.is_empty() {
            return None;
        }
        let mut text = format!("instrument {name} \"{name}\" of {regime} adopted {adopted} {{\n");
        for paragraph in mine {
            self.paragraph(&mut text, paragraph, authority, backwards);
        }
        text.push_str("}\n");
        Some(text)
    }

    /// The paragraph that another one replaces: of the first instrument, by one of the second.
    fn replaced(&self, by: &Paragraph) -> Option<&Paragraph> {
        let earlier = |old: &&Paragraph| old.instrument == 0 && old.number < by.number;
        let earlier: Vec<&Paragraph> = self.paragraphs.iter().filter(earlier).collect();
        let at = by.replaces.filter(|_| by.instrument == 1 && !earlier.is_empty())?;
        Some(earlier[at % earlier.len()])
    }

    fn paragraph(&self, out: &mut String, paragraph: &Paragraph, authority: &str, backwards: bool) {
        let is_replaced =
            self.paragraphs.iter().filter_map(|by| self.replaced(by)).any(|old| old.number == paragraph.number);
        let replaces = self.replaced(paragraph);
        let mut head = String::new();
        // What replaces, and what is replaced, has the days of its instrument.
        if replaces.is_none() && !is_replaced {
            head += &period(paragraph.from, None);
        }
        if !is_replaced {
            head += &period(None, paragraph.through);
        }
        if let Some(old) = replaces {
            let _ = write!(head, " replaces {}/{}", INSTRUMENTS[old.instrument].0, old.number);
        }
        let _ = writeln!(out, "  paragraph {} \"{}\"{head} {{", paragraph.number, paragraph.number);
        let mut parts: Vec<String> = Vec::new();
        for norm in &paragraph.norms {
            parts.push(self.norm(norm, authority, is_replaced, backwards));
        }
        for (target, exit) in &paragraph.exemptions {
            let first = paragraph.instrument < 2;
            let mut targets: Vec<String> = Vec::new();
            if paragraph.number == self.paragraphs.len() {
                targets.push(if first { "r".to_owned() } else { "s".to_owned() });
            }
            for other in self.paragraphs.iter().filter(|other| (other.instrument < 2) == first) {
                let instrument = INSTRUMENTS[other.instrument].0;
                // Two paragraphs that each exempt from the other would defeat each other.
                if other.number < paragraph.number {
                    targets.push(format!("{instrument}/{}", other.number));
                }
            }
            targets.dedup();
            let Some(target) = targets.get(target % targets.len().max(1)) else { continue };
            parts.push(format!("    exempt from {target} as e{}{}\n", exit.number, exit.parts(authority, is_replaced)));
        }
        if backwards {
            parts.reverse();
        }
        out.push_str(&parts.concat());
        out.push_str("  }\n");
    }

    fn norm(&self, norm: &Norm, authority: &str, is_replaced: bool, backwards: bool) -> String {
        let actions = ACTIONS[norm.actions % ACTIONS.len()];
        let from = if is_replaced { String::new() } else { period(norm.from, None) };
        let when = norm.when.as_ref().map_or(String::new(), |when| format!(" when {}", when.text()));
        let head = match norm.effect {
            0 => format!("prohibit {actions}"),
            1 if norm.number.is_multiple_of(3) => {
                let upon = ACTIONS[(norm.actions + 1) % ACTIONS.len()];
                format!("oblige {actions} upon {upon} within 10 days after \"do it\"")
            }
            // A last day before, among and after the days that activities have.
            1 if norm.number % 7 < 3 => {
                let last = ["2016-03-02", "2017-01-10", "2030-01-01"][norm.number % 7];
                format!("oblige {actions} by {last} \"do it\"")
            }
            1 if norm.number.is_multiple_of(2) => format!("oblige {actions} within 10 days after \"do it\""),
            1 => format!("oblige {actions} within 10 days after the month \"do it\""),
            2 => format!("advise {actions} \"look out\""),
            _ => format!("caution {actions} \"a risk\""),
        };
        let mut text = format!("    {head} as n{}{from}{when}\n", norm.number);
        let mut exits: Vec<String> = norm
            .exits
            .iter()
            .map(|exit| format!("      except e{}{}\n", exit.number, exit.parts(authority, is_replaced)))
            .collect();
        if backwards {
            exits.reverse();
        }
        text += &exits.concat();
        text
    }
}

impl Exit {
    fn parts(&self, authority: &str, is_replaced: bool) -> String {
        let mut text = if is_replaced { String::new() } else { period(self.from, self.through) };
        if let Some(when) = &self.when {
            let _ = write!(text, " when {}", when.text());
        }
        let quotas: Vec<String> = self
            .quotas
            .iter()
            .map(|(limit, period)| {
                let limit = LIMITS[limit % LIMITS.len()];
                format!("within {limit} {}", PERIODS[period % PERIODS.len()])
            })
            .collect();
        if !quotas.is_empty() {
            let _ = write!(text, " {}", quotas.join(" and "));
        }
        let requirements: Vec<String> =
            self.requirements.iter().map(|at| REQUIREMENTS[at % REQUIREMENTS.len()].replace('W', authority)).collect();
        if !requirements.is_empty() {
            let _ = write!(text, " with {}", requirements.join(" and "));
        }
        if self.exceptional {
            text += " exceptional";
        }
        text
    }
}

fn period(from: Option<usize>, through: Option<usize>) -> String {
    let mut text = String::new();
    if let Some(from) = from {
        let _ = write!(text, " from {}", DAYS[from % DAYS.len()]);
    }
    if let Some(through) = through {
        let _ = write!(text, " through {}", LAST_DAYS[through % LAST_DAYS.len()]);
    }
    text
}

pub(super) fn compile(files: &[String]) -> Ruleset {
    let builder = files
        .iter()
        .enumerate()
        .fold(Ruleset::builder(), |builder, (at, text)| builder.source(format!("file {at}"), text.clone()));
    builder.compile().unwrap_or_else(|error| panic!("a generated policy is refused: {error}\n{}", files[1..].concat()))
}
