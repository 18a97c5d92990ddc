//! Rule sets made to be hard: for diagrams, for an index, for a parser.
//!
//! Each comes with activities and with the scan of the same rules. Sizes are parameters; a seed fixes the rest.

use std::fmt::Write;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::policy::{REQUIRED, frame, with};
use crate::random::Random;
use crate::regime::iso_date;
use crate::scan::{Line, Scan, Test, Way};
use crate::taxonomy::Taxonomy;
use crate::verdict::Verdict;

/// A rule set, activities, and what decides them otherwise.
#[derive(Debug, Clone)]
pub struct Family {
    /// `independent booleans`
    pub name: &'static str,
    /// In `interdict`'s language.
    pub policy: String,
    /// Complete activities.
    pub activities: Vec<Stated>,
    /// The same rules; it decides [`Stated::codes`].
    pub scan: Scan,
}

/// An activity: it serializes as a map with the field names of the policy.
#[derive(Debug, Clone)]
pub struct Stated {
    slots: Arc<[Slot]>,
    codes: Vec<i32>,
}

/// A field of the activity.
#[derive(Debug, Clone)]
struct Slot {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    YesNo,
    Kilograms,
    Item,
}

/// So many norms, each on a yes or no fact of its own. An activity has up to two of the facts.
pub fn independent_booleans(norms: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let lines = (0..norms).map(|nth| outright(vec![yes(nth)])).collect();
    let activities = (0..count).map(|nth| {
        let mut codes = vec![0; norms];
        (0..nth % 3).for_each(|_| codes[random.below(norms)] = 1);
        codes
    });
    let activities = activities.collect();
    family("independent booleans", None, booleans(norms), lines, activities)
}

/// Norm `i` tests the yes or no facts `i` and `i + apart`: with `apart` of `norms`, no two share one. Many of the facts
/// of an activity hold, but of the pairs one or none.
pub fn interleaved_pairs(norms: usize, apart: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let lines = (0..norms).map(|nth| outright(vec![yes(nth), yes(nth + apart)])).collect();
    let activities = (0..count).map(|which| {
        let mut codes = vec![0; norms + apart];
        for nth in 0..codes.len() {
            let free = nth < apart || codes[nth - apart] == 0;
            codes[nth] = i32::from(free && random.percent(60));
        }
        if which % 2 == 0 {
            let pair = random.below(norms);
            (codes[pair], codes[pair + apart]) = (1, 1);
        }
        codes
    });
    let activities = activities.collect();
    family("interleaved pairs", None, booleans(norms + apart), lines, activities)
}

/// Each norm tests three of `fields` amounts for a wide range, so that most norms pass most tests.
pub fn wide_ranges(norms: usize, fields: usize, seed: u64, count: usize) -> Family {
    const GREATEST: i32 = 1_000_000;
    let mut random = Random::new(seed);
    let slots = (0..fields).map(|nth| Slot { name: format!("amount_{nth}"), kind: Kind::Kilograms }).collect();
    let lines = (0..norms).map(|_| {
        let tests = random.distinct(3, fields).into_iter().map(|field| {
            let width = random.between(GREATEST / 4, GREATEST * 3 / 4);
            let low = random.between(0, GREATEST - width);
            Test::new(field, low, low + width)
        });
        let tests = tests.collect();
        with_ways(tests, &mut random, |random| {
            let low = random.between(0, GREATEST / 2);
            vec![Test::new(random.below(fields), low, GREATEST)]
        })
    });
    let lines: Vec<Line> = lines.collect();
    // Near the ends most ranges do not hold.
    let amount = |random: &mut Random| match random.below(3) {
        0 => random.between(0, GREATEST / 50),
        1 => random.between(GREATEST / 50 * 49, GREATEST),
        _ => random.between(0, GREATEST),
    };
    let activities = (0..count).map(|_| (0..fields).map(|_| amount(&mut random)).collect());
    let activities = activities.collect();
    family("random wide ranges", None, slots, lines, activities)
}

/// Many norms over few yes or no facts: each tests half of them to three quarters.
pub fn few_booleans(norms: usize, facts: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let lines = (0..norms).map(|_| {
        let tested = facts / 2 + random.below(facts / 4 + 1);
        let tests = literals(tested, facts, &mut random);
        with_ways(tests, &mut random, |random| literals(2, facts, random))
    });
    let lines: Vec<Line> = lines.collect();
    let activities = (0..count).map(|_| (0..facts).map(|_| random.between(0, 1)).collect());
    let activities = activities.collect();
    family("many norms over few booleans", None, booleans(facts), lines, activities)
}

/// Norms with `ways` exceptions each, each with conditions of its own on `facts` yes or no facts.
pub fn deep_exceptions(norms: usize, ways: usize, facts: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let lines = (0..norms).map(|_| Line {
        tests: literals(2, facts, &mut random),
        ways: (0..ways)
            .map(|nth| Way { leaves: LEAVES[nth % LEAVES.len()], tests: literals(6, facts, &mut random) })
            .collect(),
    });
    let lines: Vec<Line> = lines.collect();
    let activities = (0..count).map(|_| (0..facts).map(|_| random.between(0, 1)).collect());
    let activities = activities.collect();
    family("deep exceptions", None, booleans(facts), lines, activities)
}

/// Norms with `ways` exceptions in a chain: the second asks for what the first does and one fact more, and so on; the
/// longer ones help more.
pub fn exception_chains(norms: usize, ways: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let lines = (0..norms).map(|nth| Line {
        tests: vec![yes(nth)],
        ways: (0..ways)
            .map(|length| Way {
                leaves: LEAVES[(2 - length * LEAVES.len() / ways) % LEAVES.len()],
                tests: (0..=length).map(|fact| yes(norms + fact)).collect(),
            })
            .collect(),
    });
    let lines: Vec<Line> = lines.collect();
    let activities = (0..count).map(|_| {
        let mut codes = vec![0; norms + ways];
        (0..2).for_each(|_| codes[random.below(norms)] = 1);
        // The chain is kept up to a link.
        let links = random.below(ways + 1);
        codes[norms..norms + links].fill(1);
        codes
    });
    let activities = activities.collect();
    family("exception chains", None, booleans(norms + ways), lines, activities)
}

/// Norms on branches of a large taxonomy.
pub fn large_taxonomy(terms: usize, norms: usize, seed: u64, count: usize) -> Family {
    let mut random = Random::new(seed);
    let items = Taxonomy::new(terms, &mut random);
    let lines = (0..norms).map(|_| {
        let branch = items.branch(random.below(terms) as u32);
        let item = Test::new(0, branch.start as i32, branch.end as i32 - 1);
        with_ways(vec![item], &mut random, |_| vec![yes(1)])
    });
    let lines: Vec<Line> = lines.collect();
    let activities = (0..count).map(|nth| {
        let leaves = match nth % 2 {
            0 => items.leaves(),
            _ => items.leaves_of(lines[random.below(norms)].tests[0].low as u32),
        };
        vec![random.pick(leaves) as i32, random.between(0, 1)]
    });
    let activities = activities.collect();
    let slots =
        vec![Slot { name: "item".to_owned(), kind: Kind::Item }, Slot { name: "fact".to_owned(), kind: Kind::YesNo }];
    family("large taxonomy", Some(&items), slots, lines, activities)
}

impl Stated {
    /// The facts as numbers, for the scan.
    pub fn codes(&self) -> &[i32] {
        &self.codes
    }
}

impl Serialize for Stated {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("complete", &true)?;
        map.serialize_entry("date", "2024-01-15")?;
        map.serialize_entry("actor_state", "CH")?;
        map.serialize_entry("action", "sale")?;
        for (slot, code) in self.slots.iter().zip(&self.codes) {
            match slot.kind {
                Kind::YesNo => map.serialize_entry(&slot.name, &(*code == 1))?,
                Kind::Kilograms => map.serialize_entry(&slot.name, &format!("{code} kg"))?,
                Kind::Item => map.serialize_entry(&slot.name, &Taxonomy::name(*code as u32))?,
            }
        }
        map.end()
    }
}

const LEAVES: [Verdict; 3] = [Verdict::Allowed, Verdict::RequiresNotification, Verdict::RequiresAuthorisation];

fn yes(slot: usize) -> Test {
    Test::new(slot, 1, 1)
}

fn outright(tests: Vec<Test>) -> Line {
    Line { tests, ways: Vec::new() }
}

/// One line in five has an exception.
fn with_ways(tests: Vec<Test>, random: &mut Random, condition: impl Fn(&mut Random) -> Vec<Test>) -> Line {
    let mut line = outright(tests);
    if random.percent(20) {
        let leaves = random.pick(&LEAVES);
        line.ways.push(Way { leaves, tests: condition(random) });
    }
    line
}

fn literals(count: usize, facts: usize, random: &mut Random) -> Vec<Test> {
    let slots = random.distinct(count, facts).into_iter();
    let literal = |slot| {
        let value = random.between(0, 1);
        Test::new(slot, value, value)
    };
    slots.map(literal).collect()
}

fn booleans(count: usize) -> Vec<Slot> {
    (0..count).map(|nth| Slot { name: format!("fact_{nth}"), kind: Kind::YesNo }).collect()
}

fn family(
    name: &'static str,
    items: Option<&Taxonomy>,
    slots: Vec<Slot>,
    lines: Vec<Line>,
    activities: Vec<Vec<i32>>,
) -> Family {
    let policy = policy(items, &slots, &lines);
    let slots: Arc<[Slot]> = slots.into();
    let activities = activities.into_iter().map(|codes| Stated { slots: Arc::clone(&slots), codes }).collect();
    Family { name, policy, activities, scan: Scan::new(&lines) }
}

fn policy(items: Option<&Taxonomy>, slots: &[Slot], lines: &[Line]) -> String {
    let mut text = frame();
    if let Some(items) = items {
        write!(text, "taxonomy item {{\n{}}}\n", items.text()).expect("a string takes it");
    }
    write!(text, "activity {{\n{REQUIRED}").expect("a string takes it");
    for slot in slots {
        let kind = match slot.kind {
            Kind::YesNo => "yes_no",
            Kind::Kilograms => "quantity",
            Kind::Item => "item",
        };
        writeln!(text, "{} : {kind}", slot.name).expect("a string takes it");
    }
    text.push_str("}\nunit kg \"kilograms\"\nregime hard \"Hard cases\" { authority office \"Office\" }\n");
    writeln!(text, "instrument H \"Hard cases\" of hard adopted {} {{", iso_date(13_149)).expect("a string takes it");
    for (nth, line) in lines.iter().enumerate() {
        let when = tests(slots, &line.tests);
        writeln!(text, "paragraph {} {{ prohibit any when {when}", nth + 1).expect("a string takes it");
        for (nth, way) in line.ways.iter().enumerate() {
            let (when, with) = (tests(slots, &way.tests), with(way.leaves, "office"));
            writeln!(text, "    except e{} when {when}{with}", nth + 1).expect("a string takes it");
        }
        text.push_str("}\n");
    }
    text.push_str("}\n");
    text
}

fn tests(slots: &[Slot], tests: &[Test]) -> String {
    let text = tests.iter().map(|test| {
        let Slot { name, kind } = &slots[test.slot as usize];
        match kind {
            Kind::YesNo if test.low == 1 => name.clone(),
            Kind::YesNo => format!("not {name}"),
            Kind::Kilograms => format!("{name} >= {} kg and {name} <= {} kg", test.low, test.high),
            // The branch of a term is the numbers from its own on.
            Kind::Item => format!("{name} under {}", Taxonomy::name(test.low as u32)),
        }
    });
    text.collect::<Vec<_>>().join(" and ")
}
