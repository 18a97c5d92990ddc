//! Paragraphs that widen what a norm says: teaching materials science is barred by R2270/17, as R2321/10 reads it.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::program::{ACTIVITY, Cond, DefinitionId, Fact, NormId, ParagraphId, RecordId, Set, Type};
use crate::facts::question::Question;
use crate::value::Date;

use crate::diagram::standing::Standing;

use super::answer::Answer;
use super::decide::Compiled;

impl<'a> Compiled<'a> {
    /// Of every line, the norms that bind it for certain and are widened.
    pub fn widened(&self, question: &'a Question, answer: &Answer) -> BTreeMap<(usize, NormId), Vec<ParagraphId>> {
        let mut found = BTreeMap::new();
        for (line, said) in answer.lines.iter().enumerate() {
            for norm in said.norms.iter().filter(|norm| !norm.standings.contains(&Standing::Out)) {
                let paragraphs = self.widened_by(question, line, norm.id);
                if !paragraphs.is_empty() {
                    found.insert((line, norm.id), paragraphs);
                }
            }
        }
        found
    }

    /// The paragraphs whose part of a definition (`define … also`) holds of a line in every world, of the definitions on
    /// which a norm rests. Not the paragraph of the norm, nor that in which the definition began.
    fn widened_by(&self, question: &'a Question, line: usize, norm: NormId) -> Vec<ParagraphId> {
        let program = self.ground.program;
        let norm = &program.norms[norm.at()];
        let mut definitions = BTreeSet::new();
        self.definitions(&norm.when, &mut definitions);
        let mut found = BTreeSet::new();
        for definition in definitions.iter().map(|id| &program.definitions[id.at()]) {
            let Some((first, others)) = definition.parts.split_first() else { continue };
            for part in others {
                if part.paragraph == norm.paragraph || part.paragraph == first.paragraph {
                    continue;
                }
                let end = part.period.through.map_or(Date::MAX, Date::next);
                let days = Set::Dates(vec![(part.period.from, end)]);
                let in_force = Cond::Test { fact: Fact::Activity(program.schema.core.date), set: days };
                let Some(says) = self.of_the_activity(definition.of, &part.when) else { continue };
                if self.holds_on(question, line, &Cond::All(vec![in_force, says])) == Some(true) {
                    found.insert(part.paragraph);
                }
            }
        }
        found.into_iter().collect()
    }

    /// A condition on a record, as one on an activity that has such a record.
    fn of_the_activity(&self, of: Option<RecordId>, when: &Cond) -> Option<Cond> {
        let Some(of) = of else { return Some(when.clone()) };
        let fields = &self.ground.program.schema.records[ACTIVITY.at()].fields;
        let list = fields.iter().position(|field| field.many && field.ty == Type::Record(of))?;
        let list = Fact::Activity(crate::check::program::FieldId(list as u32));
        Some(Cond::Count { list, role: None, at_least: 1, body: Box::new(when.clone()) })
    }

    fn definitions(&self, cond: &Cond, found: &mut BTreeSet<DefinitionId>) {
        cond.parts().iter().for_each(|part| self.definitions(part, found));
        if let Cond::Defined(id) = cond
            && found.insert(*id)
        {
            let parts = &self.ground.program.definitions[id.at()].parts;
            parts.iter().for_each(|part| self.definitions(&part.when, found));
        }
    }
}
