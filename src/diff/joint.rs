//! Two versions of a policy as one program, in which each norm of either stands, and those that both have stand once.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::check::program::{
    ACTIVITY, Cond, Definition, DefinitionId, DefinitionPart, Effect, Exit, ExitId, Instrument, InstrumentId, Norm,
    NormId, Paragraph, ParagraphId, Per, Presumption, Program, Quota, Regime, RegimeId, Requirement, Who,
};
use crate::normal::{Expr, Norms, SlotId, SlotKind};
use crate::ruleset::Ruleset;

use super::relevant;
use super::words::{Discord, Translation, unite};

/// A norm by its name, in the joint program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub old: Option<NormId>,
    pub new: Option<NormId>,
}

impl Pair {
    /// Both versions say the same.
    pub fn is_same(self) -> bool {
        self.old == self.new
    }

    pub fn any(self) -> NormId {
        self.new.or(self.old).expect("a pair is of one norm at least")
    }
}

/// Two versions as one.
#[derive(Debug)]
pub(super) struct Joint {
    /// The joint program, ready to tell in which cells an activity lies.
    pub rules: Ruleset,
    pub norms: Norms,
    pub pairs: Vec<Pair>,
    /// So many definitions are of the old version, or of both; behind them stand those of the new one.
    old_definitions: usize,
    /// By exit of the joint program that only the new version has: the one of the same name that it takes the place of.
    pub twins: BTreeMap<ExitId, ExitId>,
    /// Exits that only one version knows, and the paragraphs of which too: no act can be under them that both understand.
    pub strange: BTreeSet<ExitId>,
    /// Differences that are none of norms.
    pub besides: Vec<String>,
}

impl Joint {
    pub fn program(&self) -> &Program {
        self.rules.program()
    }

    /// Which version a condition is of, where the other has another one that reads the same.
    pub fn version(&self, kind: &SlotKind) -> &'static str {
        const NAMES: [&str; 3] = ["", " as it was", " as it is now"];
        let exits = &self.program().exits;
        let of_exit = |exit: ExitId, is_shared: &dyn Fn(&Exit, &Exit) -> bool| {
            let twin = |id: ExitId| &exits[id.at()];
            let now = self.twins.get(&exit).map(|was| (2, *was));
            let was = self.twins.iter().find(|(_, was)| **was == exit).map(|(now, _)| (1, *now));
            now.or(was).filter(|(_, other)| !is_shared(twin(exit), twin(*other))).map_or(0, |(name, _)| name)
        };
        let name = match kind {
            SlotKind::Quotas(exit) => of_exit(*exit, &|one, other| one.quotas == other.quotas),
            SlotKind::Requirement(exit, at) => {
                of_exit(*exit, &|one, other| other.requirements.contains(&one.requirements[*at]))
            }
            SlotKind::Condition(cond) => self.version_of(cond),
            SlotKind::Field { .. } | SlotKind::Compound(..) => 0,
        };
        NAMES[name]
    }

    /// Of a condition that uses a word which is defined otherwise by the other version.
    fn version_of(&self, cond: &Cond) -> usize {
        if let Cond::Defined(id) = cond {
            let (old, new) = self.program().definitions.split_at(self.old_definitions);
            let is_new = id.at() >= self.old_definitions;
            let name = &self.program().definitions[id.at()].name;
            let is_elsewhere = (if is_new { old } else { new }).iter().any(|it| it.name == *name);
            return if is_elsewhere { 1 + usize::from(is_new) } else { 0 };
        }
        cond.parts().iter().map(|part| self.version_of(part)).max().unwrap_or_default()
    }

    /// Or why the two cannot be compared.
    pub fn of(old: &Ruleset, new: &Ruleset) -> Result<Joint, Vec<String>> {
        let programs = [old.program(), new.program()];
        let mut discord = Discord::default();
        let (schema, mut into) = unite(programs, &mut discord);
        if !discord.fatal.is_empty() {
            return Err(discord.fatal);
        }
        let mut joint = Joining { program: Program { schema, ..Program::default() }, besides: discord.besides };
        if old.loaded().digest() != new.loaded().digest() {
            joint.besides.push("the sanctions lists that are loaded differ".to_owned());
        }
        joint.measured(programs);
        joint.readings(programs, &mut into);
        joint.presumptions([old, new]);
        let (mut paragraphs, mut old_definitions) = (0, None);
        for (program, into) in programs.iter().zip(&mut into) {
            joint.definitions(program, into, paragraphs);
            paragraphs += program.paragraphs.len() as u32;
            old_definitions.get_or_insert(joint.program.definitions.len());
        }
        let (exits, old_norms) = joint.law(programs[0], &into[0], &HashMap::default());
        let names = programs[0].exits.iter().map(|exit| exit.name.as_str());
        let old_exits: HashMap<&str, ExitId> = names.zip(exits).collect();
        let (exits, new_norms) = joint.law(programs[1], &into[1], &old_exits);
        let presumption = |it: &Presumption| Presumption { field: into[1].field(it.field), ..it.clone() };
        joint.program.presumptions = programs[1].presumptions.iter().map(presumption).collect();
        let mut pairs = pairs(&joint.program, &old_norms, &new_norms);
        let mut twins = BTreeMap::new();
        for id in exits {
            if let Some(&twin) = old_exits.get(joint.program.exits[id.at()].name.as_str())
                && twin != id
            {
                twins.insert(id, twin);
            }
        }
        joint.quotas(&pairs, &old_norms, &new_norms);
        relevant::keep(&mut joint.program, &mut pairs, &mut twins);
        let known = programs.map(|program| {
            let exits = program.exits.iter().map(|exit| exit.name.as_str());
            exits.chain(program.paragraphs.iter().map(|it| it.name.as_str())).collect::<HashSet<&str>>()
        });
        let is_strange = |exit: &Exit| {
            let paragraph = joint.program.paragraphs[exit.paragraph.at()].name.as_str();
            known.iter().any(|known| !known.contains(exit.name.as_str()) && !known.contains(paragraph))
        };
        let exits = joint.program.exits.iter().zip(0..);
        let strange = exits.filter(|(exit, _)| is_strange(exit)).map(|(_, id)| ExitId(id)).collect();
        let rules = new.with_program(joint.program);
        let mut norms = rules.compiled().norms.clone();
        share_slots(rules.program(), &twins, &mut norms);
        let old_definitions = old_definitions.unwrap_or_default();
        Ok(Joint { rules, norms, pairs, old_definitions, twins, strange, besides: joint.besides })
    }
}

struct Joining {
    program: Program,
    besides: Vec<String>,
}

impl Joining {
    /// Of an amount that a quota counts, a complete question that leaves it out does not say that there is none.
    fn measured(&mut self, programs: [&Program; 2]) {
        let [old, new] = programs.map(|program| {
            let quotas = program.exits.iter().flat_map(|exit| &exit.quotas);
            let fields = &program.schema.activity().fields;
            quotas.map(|quota| fields[quota.field.at()].name.as_str()).collect::<BTreeSet<&str>>()
        });
        for field in old.symmetric_difference(&new) {
            self.besides.push(format!(
                "quotas count `{field}` in one version only: left out of a complete question it is unknown there, and none in the other"
            ));
        }
    }

    /// A quota adds up what the lines of a consignment have of all goods that it lets pass, whatever other norms say of them.
    fn quotas(&mut self, pairs: &[Pair], old: &[NormId], new: &[NormId]) {
        let changed: BTreeSet<&str> = pairs
            .iter()
            .filter(|pair| !pair.is_same())
            .map(|pair| self.program.norms[pair.any().at()].name.as_str())
            .collect();
        let [old, new] = [old, new].map(|norms| {
            let mut counted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for norm in norms.iter().map(|id| &self.program.norms[id.at()]) {
                let exits = norm.exits.iter().map(|exit| &self.program.exits[exit.at()]);
                for exit in exits.filter(|exit| !exit.quotas.is_empty()) {
                    counted.entry(&exit.name).or_default().insert(&norm.name);
                }
            }
            counted
        });
        let both = old.iter().filter_map(|(exit, norms)| Some((exit, norms, new.get(exit)?)));
        let other = both.filter(|(_, old, new)| old != new || !old.is_disjoint(&changed));
        let besides = other.map(|(exit, ..)| {
            format!("of the quota `{exit}`, or of what it lets pass, something changed: what several lines of a consignment add up to is not compared")
        });
        let besides: Vec<String> = besides.collect();
        self.besides.extend(besides);
    }

    fn readings(&mut self, programs: [&Program; 2], into: &mut [Translation; 2]) {
        for (program, into) in programs.iter().zip(into.iter_mut()) {
            for reading in &program.readings {
                let known = self.program.readings.iter().position(|known| known.name == reading.name);
                let id = known.unwrap_or(self.program.readings.len());
                into.readings.push(crate::check::program::ReadingId(id as u32));
                match known {
                    Some(known) if self.program.readings[known].default != reading.default => {
                        let now = if reading.default { "yes" } else { "no" };
                        self.besides.push(format!("the reading `{}` is now `{now}` by default", reading.name));
                    }
                    Some(_) => {}
                    None => self.program.readings.push(reading.clone()),
                }
            }
        }
    }

    fn presumptions(&mut self, rules: [&Ruleset; 2]) {
        let [old, new] = rules.map(|rules| {
            let fields = &rules.program().schema.activity().fields;
            let presumed = rules.program().presumptions.iter();
            presumed.map(|it| (fields[it.field.at()].name.clone(), it.value.clone())).collect::<BTreeMap<_, _>>()
        });
        for (field, value) in &new {
            if old.get(field) != Some(value) {
                self.besides.push(format!("something else is presumed of `{field}`"));
            }
        }
        for field in old.keys().filter(|field| !new.contains_key(*field)) {
            self.besides.push(format!("nothing is presumed of `{field}` any more"));
        }
    }

    /// Adds the definitions of one version, whose paragraphs stand behind so many others.
    fn definitions(&mut self, program: &Program, into: &mut Translation, paragraphs: u32) {
        const OPEN: DefinitionId = DefinitionId(u32::MAX);
        into.definitions = vec![OPEN; program.definitions.len()];
        // What a definition rests on comes before it.
        let mut order: Vec<usize> = Vec::new();
        let mut seen = vec![false; program.definitions.len()];
        for at in 0..program.definitions.len() {
            visit(program, at, &mut seen, &mut order);
        }
        let from_old = self.program.definitions.len();
        for at in order {
            let definition = &program.definitions[at];
            let of = definition.of.map(|record| into.record(record));
            let record = definition.of.unwrap_or(ACTIVITY);
            let part = |part: &DefinitionPart| DefinitionPart {
                when: into.cond(program, &part.when, record),
                paragraph: ParagraphId(part.paragraph.0 + paragraphs),
                ..part.clone()
            };
            let parts: Vec<DefinitionPart> = definition.parts.iter().map(part).collect();
            let is_same = |known: &Definition| {
                let alike = |(one, other): (&DefinitionPart, &DefinitionPart)| {
                    one.period == other.period && one.when == other.when
                };
                known.name == definition.name
                    && known.of == of
                    && known.parts.len() == parts.len()
                    && known.parts.iter().zip(&parts).all(alike)
            };
            let known = self.program.definitions[..from_old].iter().position(is_same);
            into.definitions[at] = DefinitionId(known.unwrap_or(self.program.definitions.len()) as u32);
            if known.is_none() {
                self.program.definitions.push(Definition { name: definition.name.clone(), of, parts });
            }
        }
    }

    /// Adds the law of one version; returns the ids of its exits and norms.
    fn law(
        &mut self,
        program: &Program,
        into: &Translation,
        known: &HashMap<&str, ExitId>,
    ) -> (Vec<ExitId>, Vec<NormId>) {
        let both = &mut self.program;
        let (regimes, instruments, paragraphs) =
            (both.regimes.len() as u32, both.instruments.len() as u32, both.paragraphs.len() as u32);
        both.regimes.extend(
            program
                .regimes
                .iter()
                .map(|regime| Regime { binds: regime.binds.map(|group| into.group(group)), ..regime.clone() }),
        );
        both.instruments.extend(
            program.instruments.iter().map(|it| Instrument { regime: RegimeId(it.regime.0 + regimes), ..it.clone() }),
        );
        both.paragraphs.extend(
            program
                .paragraphs
                .iter()
                .map(|it| Paragraph { instrument: InstrumentId(it.instrument.0 + instruments), ..it.clone() }),
        );
        let paragraph = |id: ParagraphId| ParagraphId(id.0 + paragraphs);
        let before = both.norms.len() as u32;
        let mut exits = Vec::with_capacity(program.exits.len());
        for exit in &program.exits {
            let exit = translated(program, into, exit, (paragraph(exit.paragraph), before));
            let twin = known.get(exit.name.as_str()).filter(|id| same_exit(&both.exits[id.at()], &exit));
            exits.push(twin.copied().unwrap_or(ExitId(both.exits.len() as u32)));
            if twin.is_none() {
                both.exits.push(exit);
            }
        }
        let mut norms = Vec::with_capacity(program.norms.len());
        for norm in &program.norms {
            norms.push(NormId(both.norms.len() as u32));
            both.norms.push(Norm {
                name: norm.name.clone(),
                paragraph: paragraph(norm.paragraph),
                effect: norm.effect,
                text: norm.text.clone(),
                actions: norm.actions.as_ref().map(|actions| into.actions(program, actions)),
                upon: norm.upon.as_ref().map(|upon| upon.as_ref().map(|upon| into.actions(program, upon))),
                period: norm.period,
                replaced_by: norm.replaced_by.map(paragraph),
                when: into.cond(program, &norm.when, ACTIVITY),
                deadline: norm.deadline,
                exits: norm.exits.iter().map(|exit| exits[exit.at()]).collect(),
                span: norm.span,
            });
        }
        (exits, norms)
    }
}

fn visit(program: &Program, at: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[at], true) {
        return;
    }
    fn rests_on(cond: &Cond, into: &mut Vec<usize>) {
        if let Cond::Defined(id) = cond {
            into.push(id.at());
        }
        cond.parts().iter().for_each(|part| rests_on(part, into));
    }
    let mut below = Vec::new();
    program.definitions[at].parts.iter().for_each(|part| rests_on(&part.when, &mut below));
    below.into_iter().for_each(|below| visit(program, below, seen, order));
    order.push(at);
}

/// An exit of one version, whose paragraph is that one, and whose norms stand behind so many others.
fn translated(program: &Program, into: &Translation, exit: &Exit, (paragraph, norms): (ParagraphId, u32)) -> Exit {
    let who = |who: &Who| match who {
        Who::Authority(_) => who.clone(),
        Who::Field(field) => Who::Field(into.field(*field)),
    };
    let requirement = |it: &Requirement| Requirement { by: who(&it.by), to: it.to.as_ref().map(who), ..it.clone() };
    let quota = |it: &Quota| Quota {
        unit: into.unit(it.unit),
        field: into.field(it.field),
        per: it.per.as_ref().map(|per| match per {
            Per::Field(field) => Per::Field(into.field(*field)),
            Per::Holder => Per::Holder,
        }),
        or: it.or.iter().map(|unit| into.unit(*unit)).collect(),
        ..it.clone()
    };
    Exit {
        name: exit.name.clone(),
        paragraph,
        of: exit.of.map(|of| NormId(of.0 + norms)),
        lifts: exit.lifts.clone(),
        period: exit.period,
        when: into.cond(program, &exit.when, ACTIVITY),
        quotas: exit.quotas.iter().map(quota).collect(),
        requirements: exit.requirements.iter().map(requirement).collect(),
        standard: exit.standard.clone(),
        exceptional: exit.exceptional,
        span: exit.span,
    }
}

/// Whether two exits of one name do the same.
fn same_exit(one: &Exit, other: &Exit) -> bool {
    one.period == other.period
        && one.when == other.when
        && one.quotas == other.quotas
        && one.requirements == other.requirements
        && one.exceptional == other.exceptional
}

/// Matches norms by name. One that says the same in both versions stands for both.
fn pairs(program: &Program, old: &[NormId], new: &[NormId]) -> Vec<Pair> {
    let name = |id: &NormId| program.norms[id.at()].name.as_str();
    let by_name: HashMap<&str, NormId> = old.iter().map(|id| (name(id), *id)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for &id in new {
        let old = by_name.get(name(&id)).copied();
        let new = if old.is_some_and(|old| same_norm(program, old, id)) { old } else { Some(id) };
        pairs.push(Pair { old, new });
    }
    let kept: HashSet<&str> = new.iter().map(name).collect();
    pairs.extend(old.iter().filter(|id| !kept.contains(name(id))).map(|id| Pair { old: Some(*id), new: None }));
    pairs
}

fn same_norm(program: &Program, one: NormId, other: NormId) -> bool {
    let binds = |norm: &Norm| program.regimes[program.regime_of(norm.paragraph).at()].binds;
    let exits = |norm: &Norm| {
        let mut exits = norm.exits.clone();
        exits.sort_unstable();
        exits
    };
    let (a, b) = (&program.norms[one.at()], &program.norms[other.at()]);
    a.effect == b.effect
        && a.actions == b.actions
        && a.upon == b.upon
        && a.period == b.period
        && (a.effect != Effect::Oblige || a.last_day() == b.last_day())
        && a.when == b.when
        && exits(a) == exits(b)
        && binds(a) == binds(b)
}

/// What an exit asks for is the same question in both versions where it is put in the same words under the same name.
fn share_slots(program: &Program, twins: &BTreeMap<ExitId, ExitId>, norms: &mut Norms) {
    for (&id, &twin) in twins {
        let (exit, other) = (&program.exits[id.at()], &program.exits[twin.at()]);
        for (at, requirement) in exit.requirements.iter().enumerate() {
            if let Some(same) = other.requirements.iter().position(|it| it == requirement) {
                norms.exits[id.at()].requirements[at] = norms.exits[twin.at()].requirements[same];
            }
        }
        if exit.quotas == other.quotas
            && let (Some(own), Some(shared)) = (quotas(norms, id), quotas(norms, twin))
        {
            rename(&mut norms.exits[id.at()].open, own, shared);
        }
    }
}

fn quotas(norms: &Norms, exit: ExitId) -> Option<SlotId> {
    let at = norms.slots.iter().position(|slot| matches!(slot.kind, SlotKind::Quotas(of) if of == exit))?;
    Some(SlotId(at as u32))
}

fn rename(expr: &mut Expr, from: SlotId, to: SlotId) {
    match expr {
        Expr::In(slot, _) if *slot == from => *slot = to,
        Expr::In(..) | Expr::Yes | Expr::No => {}
        Expr::All(parts) | Expr::Any(parts) => parts.iter_mut().for_each(|part| rename(part, from, to)),
    }
}
