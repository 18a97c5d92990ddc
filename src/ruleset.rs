//! The facade: compile policies, ask questions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::check::{
    self,
    program::{FieldId, NormId, Program, Schema},
};
use crate::diagnostics::{Report, Severity};
use crate::diagram::index::Index;
use crate::diagram::rules::Rules;
use crate::diagram::whole::Whole;
use crate::error::{CompileError, Refusal};
use crate::evaluate::answer::Answer;
use crate::evaluate::brief::{Briefing, Walk};
use crate::evaluate::decide::{Compiled, Granted};
use crate::evaluate::find::Engine;
use crate::evaluate::row::Tables;
use crate::evaluate::worlds::{Ground, Tested};
use crate::explain::{self, Decision, Explaining, PolicyStamp};
use crate::facts::code::Lexicon;
use crate::facts::question::{Question, State};
use crate::facts::{self, FactsError, Lists};
use crate::limits::Limits;
use crate::normal::{self, Norms};
use crate::packs;
use crate::resolve;
use crate::source::{Source, SourceId, Sources};
use crate::syntax::{self, tree};
use crate::value::Raw;

/// Compiled policies, ready to be asked. Cheap to clone; `Send` and `Sync`.
///
/// # Examples
///
/// ```
/// use interdict::{Activity, Ruleset, Verdict};
///
/// let rules = Ruleset::pack("un_dprk")?;
/// let tanks = Activity::new()
///     .set("date", "2024-01-15")
///     .set("actor_state", "RU")
///     .set("action", "procurement")
///     .set("item", "battle_tank")
///     .set("origin", "KP");
/// let decision = rules.decide(&tanks)?;
/// assert_eq!(decision.verdict, Some(Verdict::Prohibited));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ruleset {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    sources: Sources,
    warnings: Report,
    program: Program,
    presumed: BTreeMap<FieldId, State>,
    lists: Lists,
    norms: Norms,
    rules: Rules,
    tables: Tables,
    lexicon: Lexicon,
    index: Index,
    whole: Option<Whole>,
    tested: Tested,
    limits: Limits,
    engine: Engine,
    stamp: PolicyStamp,
    /// The texts that were given, as against those that `use` brought in.
    given: BTreeSet<SourceId>,
    /// What its vocabulary is known by, when somebody asked.
    mark: OnceLock<Mark>,
}

/// Rulesets with the same mark have the same fields, words and units in the same places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mark(u64);

/// What a ruleset is made from.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    sources: Vec<Source>,
    packs: Vec<String>,
    lists: Lists,
    limits: Limits,
    engine: Option<Engine>,
}

impl Builder {
    /// Adds a policy text.
    pub fn source(mut self, name: impl Into<String>, text: impl Into<String>) -> Builder {
        self.sources.push(Source::new(name, text));
        self
    }

    /// Adds a shipped pack: `un_dprk`.
    pub fn pack(mut self, name: impl Into<String>) -> Builder {
        self.packs.push(name.into());
        self
    }

    /// The sanctions lists that `listed in` looks at; none by default.
    pub fn lists(mut self, lists: Lists) -> Builder {
        self.lists = lists;
        self
    }

    /// Other bounds than the default ones.
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = limits;
        self
    }

    /// How norms are looked for. All ways give the same decisions.
    pub fn engine(mut self, engine: Engine) -> Builder {
        self.engine = Some(engine);
        self
    }

    /// Reads, checks and compiles everything.
    ///
    /// # Errors
    ///
    /// - [`CompileError::Refused`] when a text is wrong: the report holds what was found, of each text up to [`Limits::diagnostics`] errors.
    /// - [`CompileError::OverLimit`] when a bound was reached.
    /// - [`CompileError::UnknownPack`] when a pack that was named is not shipped.
    /// - [`CompileError::Lists`] when a list does not fit the policy.
    pub fn compile(self) -> Result<Ruleset, CompileError> {
        compile(self)
    }
}

impl Ruleset {
    /// Starts a ruleset.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Compiles one policy text, with the packs that it uses.
    ///
    /// # Errors
    ///
    /// As [`Builder::compile`].
    pub fn compile(name: impl Into<String>, text: impl Into<String>) -> Result<Ruleset, CompileError> {
        Ruleset::builder().source(name, text).compile()
    }

    /// Compiles a shipped pack.
    ///
    /// # Errors
    ///
    /// As [`Builder::compile`]; a shipped pack that exists compiles.
    pub fn pack(name: &str) -> Result<Ruleset, CompileError> {
        Ruleset::builder().pack(name).compile()
    }

    /// Decides one activity: an [`Activity`](crate::Activity), or any `Serialize` struct with the field names of
    /// the schema. `None` and null are *unknown*.
    ///
    /// # Errors
    ///
    /// When a fact is not understood: an unknown field, a wrong unit, a code that does not exist. The error names
    /// every such field, and there is no decision.
    pub fn decide<A: Serialize + ?Sized>(&self, activity: &A) -> Result<Decision, FactsError> {
        let raw = facts::to_raw(activity)?;
        self.decide_raw(&raw)
    }

    /// Decides an activity given as JSON text.
    ///
    /// # Errors
    ///
    /// When the text is no JSON, and as [`Ruleset::decide`].
    #[cfg(feature = "json")]
    pub fn decide_json(&self, text: &str) -> Result<Decision, FactsError> {
        self.decide_raw(facts::Activity::from_json(text)?.raw())
    }

    fn decide_raw(&self, raw: &Raw) -> Result<Decision, FactsError> {
        let question = self.bind(raw)?;
        Ok(self.decide_question(&question))
    }

    pub(crate) fn bind(&self, raw: &Raw) -> Result<Question, FactsError> {
        facts::bind(&self.inner.program, &self.inner.lists, raw)
    }

    pub(crate) fn decide_question(&self, question: &Question) -> Decision {
        let granted = Granted::new();
        let compiled = self.compiled();
        let answer = compiled.decide(question, &granted);
        let open = self.relies_on_silence(question).then(|| compiled.decide_open(question, &granted));
        let routes = compiled.routes(question, &answer);
        let inner = &self.inner;
        let acts = explain::judge(&inner.program, question, &answer, compiled.worlds(question, &granted));
        let widened = compiled.widened(question, &answer);
        let at = Explaining {
            program: &inner.program,
            sources: &inner.sources,
            question,
            stamp: &inner.stamp,
            widened: &widened,
        };
        explain::from_answer(at, &answer, open.as_ref(), &routes, &acts)
    }

    /// The decision without routes and without what was assumed.
    pub(crate) fn decide_briefly(&self, question: &Question) -> (Answer, Decision) {
        let answer = self.compiled().decide(question, &Granted::new());
        let inner = &self.inner;
        let at = Explaining {
            program: &inner.program,
            sources: &inner.sources,
            question,
            stamp: &inner.stamp,
            widened: &BTreeMap::new(),
        };
        let decision = explain::from_answer(at, &answer, None, &[], &[]);
        (answer, decision)
    }

    /// Compiles the checked program once more, without the whole diagram: for benchmarks.
    #[doc(hidden)]
    pub fn compiled_again(&self) -> Ruleset {
        self.changed(|_| ())
    }

    /// The same policy after a change to the checked program, without the whole diagram.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Program)) -> Ruleset {
        let mut program = self.inner.program.clone();
        change(&mut program);
        self.with_program(program)
    }

    /// Another checked program with the same lists, sources and limits, without the whole diagram.
    pub(crate) fn with_program(&self, program: Program) -> Ruleset {
        let inner = &*self.inner;
        let norms = normal::from_checked(&program);
        let rules = Rules::from_normal(&norms);
        let presumed = presume(&program, &mut Report::default());
        Ruleset {
            inner: Arc::new(Inner {
                sources: inner.sources.clone(),
                warnings: inner.warnings.clone(),
                tables: Tables::new(&program, &presumed, &norms),
                presumed,
                lists: inner.lists.clone(),
                lexicon: Lexicon::new(&program),
                index: Index::from_normal(&norms, &rules),
                whole: None,
                rules,
                tested: Tested::of(&program, NormId::all(program.norms.len())),
                limits: inner.limits,
                engine: Engine::Index,
                stamp: inner.stamp.clone(),
                given: inner.given.clone(),
                mark: OnceLock::new(),
                norms,
                program,
            }),
        }
    }

    /// The answer without its explanation.
    pub(crate) fn answer(&self, question: &Question) -> Answer {
        self.compiled().decide(question, &Granted::new())
    }

    /// Whether something that nobody stated was taken to be so.
    fn relies_on_silence(&self, question: &Question) -> bool {
        question.complete
            || question
                .lines
                .iter()
                .any(|line| self.inner.presumed.keys().any(|field| line.facts.0[field.at()] == State::Unstated))
    }

    pub(crate) fn briefing(&self) -> Briefing<'_> {
        let inner = &*self.inner;
        Briefing {
            basis: self.compiled().basis(),
            index: &inner.index,
            whole: self.walk().map(|walk| walk.whole),
            engine: inner.engine,
        }
    }

    /// The diagram, where decisions follow it.
    #[inline]
    pub(crate) fn walk(&self) -> Option<Walk<'_>> {
        let inner = &*self.inner;
        let whole = inner.whole.as_ref().filter(|whole| match inner.engine {
            Engine::Best => whole.steps() <= MOST_STEPS,
            Engine::Diagram => true,
            Engine::Index | Engine::Scan => false,
        });
        whole.map(|whole| Walk { whole, tables: &inner.tables })
    }

    /// Whether this is another handle of the same ruleset.
    pub(crate) fn is(&self, other: &Ruleset) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Whether another ruleset has the same fields, words and units in the same places.
    pub(crate) fn speaks_as(&self, other: &Ruleset) -> bool {
        self.is(other) || self.mark() == other.mark()
    }

    pub(crate) fn mark(&self) -> Mark {
        *self.inner.mark.get_or_init(|| mark(&self.inner.program.schema))
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.inner.lexicon
    }

    pub(crate) fn loaded(&self) -> &Lists {
        &self.inner.lists
    }

    pub(crate) fn compiled(&self) -> Compiled<'_> {
        let inner = &*self.inner;
        Compiled {
            ground: Ground { program: &inner.program, lists: &inner.lists, presumed: &inner.presumed },
            norms: &inner.norms,
            rules: &inner.rules,
            tables: &inner.tables,
            index: &inner.index,
            tested: &inner.tested,
            limits: &inner.limits,
        }
    }

    /// The same ruleset, looking for norms another way.
    pub fn with_engine(&self, engine: Engine) -> Ruleset {
        Ruleset { inner: Arc::new(Inner { engine, ..(*self.inner).clone() }) }
    }

    /// What the author of the given texts should look at, though the policy is sound.
    pub fn warnings(&self) -> &Report {
        &self.inner.warnings
    }

    /// The texts, to draw warnings on.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// SHA-256 of the policy texts, and what else makes decisions reproducible.
    pub fn stamp(&self) -> &PolicyStamp {
        &self.inner.stamp
    }

    /// The number of norms, exits, slots, and nodes of the whole-policy diagram, when it was built.
    pub fn size(&self) -> Size {
        let inner = &self.inner;
        Size {
            norms: inner.norms.norms.len(),
            exits: inner.norms.exits.len(),
            slots: inner.norms.slots.len(),
            index_bytes: inner.index.bytes() + inner.rules.bytes(),
            diagram_nodes: inner.whole.as_ref().map(Whole::nodes),
            diagram_parts: inner.whole.as_ref().map(Whole::parts),
            diagram_steps: inner.whole.as_ref().map(Whole::steps),
            diagram_bytes: inner.whole.as_ref().map(Whole::bytes),
        }
    }

    pub(crate) fn program(&self) -> &Program {
        &self.inner.program
    }

    /// What the norms tell apart.
    #[cfg(any(test, feature = "proptest"))]
    pub(crate) fn tested(&self) -> &Tested {
        &self.inner.tested
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Whether a condition holds in every world of a question; `None` beyond the budget.
    pub(crate) fn holds(&self, question: &Question, cond: &check::program::Cond) -> Option<bool> {
        self.compiled().holds(question, cond)
    }

    pub(crate) fn presumed(&self) -> &BTreeMap<FieldId, State> {
        &self.inner.presumed
    }

    pub(crate) fn is_given(&self, source: SourceId) -> bool {
        self.inner.given.contains(&source)
    }
}

/// Most tests on the paths of an activity for which the diagram is followed: the index looks at many norms in the time of one
/// step.
const MOST_STEPS: usize = 250;

/// How large a compiled policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Size {
    /// Norms.
    pub norms: usize,
    /// Exceptions and exemptions.
    pub exits: usize,
    /// Facts and conditions that norms test.
    pub slots: usize,
    /// Bytes of the index, with the tests that its survivors are put to.
    pub index_bytes: usize,
    /// Nodes of the whole-policy diagram; `None` when it was over the limit and decisions use the index.
    pub diagram_nodes: Option<usize>,
    /// Parts of that diagram: an activity follows one path in each that has something to say of it.
    pub diagram_parts: Option<usize>,
    /// The most tests on the paths of one activity, behind the first ones, which all paths share.
    pub diagram_steps: Option<usize>,
    /// Bytes of that diagram.
    pub diagram_bytes: Option<usize>,
}

/// The whole compiler on one screen.
fn compile(from: Builder) -> Result<Ruleset, CompileError> {
    let Read { sources, given, files, mut report } = read(&from)?;
    let declarations = resolve::from_syntax(&files, &mut report);
    let program = check::from_resolved(&files, &declarations, &mut report);
    let (sources, mut report) = stop_on_errors(sources, report, &from.limits)?;
    from.lists.check(&program.schema)?;
    let presumed = presume(&program, &mut report);
    check_scenarios(&program, &from.lists, &mut report);
    let (sources, mut report) = stop_on_errors(sources, report, &from.limits)?;
    report.keep(|d| d.code.severity() == Severity::Error || given.contains(&d.at.source()));
    let norms = normal::from_checked(&program);
    let rules = Rules::from_normal(&norms);
    let tables = Tables::new(&program, &presumed, &norms);
    let lexicon = Lexicon::new(&program);
    let index = Index::from_normal(&norms, &rules);
    let whole = Whole::from_normal(&norms, &rules, &from.limits);
    let engine = from.engine.unwrap_or_default();
    let tested = Tested::of(&program, crate::check::program::NormId::all(program.norms.len()));
    let stamp = PolicyStamp {
        digest: digest(&sources),
        lists: (from.lists.iter().next().is_some()).then(|| from.lists.digest()),
        engine: env!("CARGO_PKG_VERSION"),
    };
    let inner = Inner {
        sources,
        warnings: report,
        program,
        presumed,
        lists: from.lists,
        norms,
        rules,
        tables,
        lexicon,
        index,
        whole,
        tested,
        limits: from.limits,
        engine,
        stamp,
        given,
        mark: OnceLock::new(),
    };
    Ok(Ruleset { inner: Arc::new(inner) })
}

struct Read {
    sources: Sources,
    given: BTreeSet<SourceId>,
    files: Vec<(SourceId, tree::File)>,
    report: Report,
}

/// Reads the given texts and, as `use` asks for them, the packs; each pack once.
fn read(from: &Builder) -> Result<Read, CompileError> {
    let mut read =
        Read { sources: Sources::default(), given: BTreeSet::new(), files: Vec::new(), report: Report::default() };
    let mut open: Vec<Source> = from.sources.clone();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for pack in &from.packs {
        if known.insert(pack.clone()) {
            open.extend(packs::sources(pack).ok_or_else(|| CompileError::UnknownPack(pack.clone()))?);
        }
    }
    let mut given = true;
    while !open.is_empty() {
        let mut wanted: Vec<Source> = Vec::new();
        for source in open {
            let id = read.sources.add(source);
            if given {
                read.given.insert(id);
            }
            let text = read.sources.get(id).text();
            let mut report = Report::default();
            let file = syntax::parse(id, text, &from.limits, &mut report)?;
            read.report.extend(report);
            for item in &file.items {
                let tree::Item::Use(pack) = &item.it else { continue };
                match packs::sources(&pack.it) {
                    Some(texts) if known.insert(pack.it.clone()) => wanted.extend(texts),
                    Some(_) => {}
                    None => {
                        read.report.unknown_pack(pack.span, &pack.it, &packs::names().collect::<Vec<_>>().join("`, `"))
                    }
                }
            }
            read.files.push((id, file));
        }
        open = wanted;
        given = false;
    }
    Ok(read)
}

fn stop_on_errors(sources: Sources, mut report: Report, limits: &Limits) -> Result<(Sources, Report), CompileError> {
    report.drop_cascades(&sources);
    report.sort();
    if report.has_errors() {
        report.cap(limits.diagnostics);
        return Err(Refusal { report, sources }.into());
    }
    Ok((sources, report))
}

/// The values that policies presume of fields of the activity.
fn presume(program: &Program, report: &mut Report) -> BTreeMap<FieldId, State> {
    let mut presumed = BTreeMap::new();
    for presumption in &program.presumptions {
        match facts::bind_field(program, presumption.field, &presumption.value) {
            Ok(state) => drop(presumed.insert(presumption.field, state)),
            Err(error) => report.presumption_refused(presumption.span, error.message(), error.help()),
        }
    }
    presumed
}

/// Scenarios state activities; what is wrong with one is found before it is run.
fn check_scenarios(program: &Program, lists: &Lists, report: &mut Report) {
    for scenario in &program.scenarios {
        let Err(error) = facts::bind(program, lists, &scenario.facts) else { continue };
        for problem in error.problems() {
            let top = problem.path().split(['.', '[']).next().unwrap_or_default();
            let place = scenario.places.iter().find(|(name, _)| name == top).map_or(scenario.span, |(_, span)| *span);
            report.scenario_refused(place, problem.path(), problem.message(), problem.help());
        }
    }
}

/// The same texts give the same digest, in whatever order they were given.
fn digest(sources: &Sources) -> String {
    let mut texts: Vec<(&str, &str)> = sources.iter().map(|(_, source)| (source.name(), source.text())).collect();
    texts.sort_unstable();
    let mut hash = Sha256::new();
    for (name, text) in texts {
        for part in [name, text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    facts::lists::hex(&hash.finalize())
}

fn mark(schema: &Schema) -> Mark {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    for record in &schema.records {
        add(&record.name);
        add(&record.fields.len().to_string());
        for field in &record.fields {
            add(&field.name);
            add(&format!("{:?} {} {}", field.ty, field.many, field.required));
        }
    }
    for list in &schema.lists {
        add(&list.name);
        add(&list.measures.len().to_string());
        list.measures.iter().for_each(|measure| add(measure));
    }
    for taxonomy in &schema.taxonomies {
        add(&taxonomy.name);
        add(&taxonomy.terms.len().to_string());
        for term in &taxonomy.terms {
            add(&term.name);
            add(&term.end.to_string());
        }
    }
    for unit in &schema.units {
        add(&unit.name);
        add(&format!("{:?}", unit.base));
    }
    let bytes: [u8; 32] = hash.finalize().into();
    Mark(bytes.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte)))
}
