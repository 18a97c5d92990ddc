//! All rules one after the other: for the verdict alone, or for the rules that make it too.

use std::cmp::Reverse;
use std::ops::Range;

use crate::regime::{Exception, Fact, Place, Regime, Rule, subtree_of_action};
use crate::verdict::Verdict;

/// A compiled linear scan: rules as integer tests, the strictest first, with an early exit.
#[derive(Debug, Clone)]
pub struct Scan {
    // INVARIANT: sorted by `at_most`, the strictest first; the ranges lie within `tests` and `ways`.
    rules: Vec<Compiled>,
    tests: Vec<Test>,
    ways: Vec<CompiledWay>,
}

/// A fact lies between two numbers, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    /// Which fact, by its place in the codes.
    pub slot: u32,
    /// The least.
    pub low: i32,
    /// The greatest.
    pub high: i32,
}

/// One rule for a scan.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// When it reaches: all of these. One at least.
    pub tests: Vec<Test>,
    /// What lifts it.
    pub ways: Vec<Way>,
}

/// One exception for a scan.
#[derive(Debug, Clone)]
pub struct Way {
    /// `Allowed` lifts at once; else what the activity then requires.
    pub leaves: Verdict,
    /// When it may be used: all of these.
    pub tests: Vec<Test>,
}

#[derive(Debug, Clone)]
struct Compiled {
    /// Its place among the lines.
    nth: u32,
    first: Test,
    at_most: Verdict,
    rest: Range<u32>,
    ways: Range<u32>,
}

#[derive(Debug, Clone)]
struct CompiledWay {
    leaves: Verdict,
    tests: Range<u32>,
}

impl Test {
    /// Both ends are included.
    pub fn new(slot: usize, low: i32, high: i32) -> Test {
        Test { slot: slot as u32, low, high }
    }

    /// Whether it holds.
    #[inline]
    pub fn holds(&self, codes: &[i32]) -> bool {
        let code = codes[self.slot as usize];
        self.low <= code && code <= self.high
    }
}

impl Scan {
    /// Compiles lines.
    ///
    /// # Panics
    ///
    /// When a line has no test.
    pub fn new(lines: &[Line]) -> Scan {
        let mut sorted: Vec<(Verdict, u32, &Line)> =
            (0..).zip(lines).map(|(nth, line)| (line.at_most(), nth, line)).collect();
        sorted.sort_by_key(|(at_most, ..)| Reverse(*at_most));
        let mut scan = Scan { rules: Vec::new(), tests: Vec::new(), ways: Vec::new() };
        for (at_most, nth, line) in sorted {
            let (first, rest) = line.tests.split_first().expect("a line has a test");
            let rest = keep(&mut scan.tests, rest);
            let mut ways: Vec<&Way> = line.ways.iter().collect();
            ways.sort_by_key(|way| way.leaves);
            let from = scan.ways.len() as u32;
            for way in ways {
                let tests = keep(&mut scan.tests, &way.tests);
                scan.ways.push(CompiledWay { leaves: way.leaves, tests });
            }
            scan.rules.push(Compiled { nth, first: *first, at_most, rest, ways: from..scan.ways.len() as u32 });
        }
        scan
    }

    /// The scan of a regime; its codes are [`DealCodes::slots`](crate::DealCodes::slots).
    pub fn of(regime: &Regime) -> Scan {
        Scan::new(&regime.lines())
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The verdict.
    pub fn decide(&self, codes: &[i32]) -> Verdict {
        let mut most = Verdict::NotCovered;
        for rule in &self.rules {
            if rule.at_most <= most {
                break;
            }
            if rule.first.holds(codes) && self.all(&rule.rest, codes) {
                most = most.max(self.level(rule, codes));
            }
        }
        most
    }

    /// The verdict, and the lines that make it: all of them have to be looked at that can be as strict.
    pub fn decide_naming(&self, codes: &[i32], named: &mut Vec<u32>) -> Verdict {
        let mut most = Verdict::NotCovered;
        named.clear();
        for rule in &self.rules {
            if rule.at_most < most {
                break;
            }
            if rule.first.holds(codes) && self.all(&rule.rest, codes) {
                let level = self.level(rule, codes);
                if level > most {
                    most = level;
                    named.clear();
                }
                if level == most {
                    named.push(rule.nth);
                }
            }
        }
        most
    }

    fn level(&self, rule: &Compiled, codes: &[i32]) -> Verdict {
        let ways = &self.ways[rule.ways.start as usize..rule.ways.end as usize];
        let open = ways.iter().find(|way| self.all(&way.tests, codes));
        open.map_or(Verdict::Prohibited, |way| way.leaves)
    }

    #[inline]
    fn all(&self, tests: &Range<u32>, codes: &[i32]) -> bool {
        self.tests[tests.start as usize..tests.end as usize].iter().all(|test| test.holds(codes))
    }
}

impl Regime {
    /// The rules as tests of numbers, by the places of [`slot`].
    pub fn lines(&self) -> Vec<Line> {
        self.rules.iter().map(|rule| line(self, rule)).collect()
    }
}

impl Line {
    /// The strictest that it can make the verdict.
    pub fn at_most(&self) -> Verdict {
        let always = self.ways.iter().filter(|way| way.tests.is_empty());
        always.map(|way| way.leaves).min().unwrap_or(Verdict::Prohibited)
    }
}

/// The places of the facts of a deal.
pub mod slot {
    /// Days since 1970-01-01.
    pub const DATE: usize = 0;
    /// A number of [`ACTIONS`](crate::ACTIONS).
    pub const ACTION: usize = 1;
    /// A term of the goods.
    pub const ITEM: usize = 2;
    /// A number of [`COUNTRIES`](crate::COUNTRIES).
    pub const ORIGIN: usize = 3;
    /// Likewise.
    pub const DESTINATION: usize = 4;
    /// Kilograms.
    pub const QUANTITY: usize = 5;
    /// The first of the [`FACTS`](crate::FACTS): 0 or 1.
    pub const FACTS: usize = 6;
    /// How many there are.
    pub const COUNT: usize = FACTS + crate::FACTS.len();
}

fn keep(all: &mut Vec<Test>, tests: &[Test]) -> Range<u32> {
    let from = all.len() as u32;
    all.extend_from_slice(tests);
    from..all.len() as u32
}

/// The tests that are most often false first.
fn line(regime: &Regime, rule: &Rule) -> Line {
    let branch = regime.items.branch(rule.item);
    let actions = subtree_of_action(rule.action);
    let mut tests = vec![
        match rule.place {
            Place::Origin(country) => Test::new(slot::ORIGIN, country as i32, country as i32),
            Place::Destination(country) => Test::new(slot::DESTINATION, country as i32, country as i32),
        },
        Test::new(slot::ITEM, branch.start as i32, branch.end as i32 - 1),
    ];
    tests.extend(facts(&rule.facts));
    if rule.action != 0 {
        tests.push(Test::new(slot::ACTION, actions.start as i32, actions.end as i32 - 1));
    }
    tests.push(Test::new(slot::DATE, rule.from, rule.through.unwrap_or(i32::MAX)));
    tests.extend(rule.over.map(|over| Test::new(slot::QUANTITY, over + 1, i32::MAX)));
    Line { tests, ways: rule.exceptions.iter().map(way).collect() }
}

fn way(exception: &Exception) -> Way {
    let mut tests: Vec<Test> = facts(&exception.facts).collect();
    tests.extend(exception.at_most.map(|most| Test::new(slot::QUANTITY, 0, most)));
    tests.extend(exception.through.map(|day| Test::new(slot::DATE, i32::MIN, day)));
    Way { leaves: exception.leaves, tests }
}

fn facts(facts: &[Fact]) -> impl Iterator<Item = Test> + '_ {
    facts.iter().map(|fact| Test::new(slot::FACTS + fact.which, i32::from(fact.holds), i32::from(fact.holds)))
}
