//! The consolidated list of the UN Security Council.

use std::collections::BTreeSet;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use crate::facts::lists::load::{Draft, DraftEntry, DraftId, checked};
use crate::facts::{ListsError, Snapshot};
use crate::value::Date;

use super::fault::{Lines, days, fault, one_line};

const ROOT: &str = "CONSOLIDATED_LIST";
const PARTS: [(&str, &str); 2] = [("INDIVIDUALS", "INDIVIDUAL"), ("ENTITIES", "ENTITY")];

/// Deeper than any list goes.
const DEEPEST: usize = 16;

/// Reads the consolidated list of the UN Security Council (`consolidated.xml`), or one regime's part of it.
///
/// What becomes of it: `REFERENCE_NUMBER` is the reference (`ids: { "ref": "KPe.047" }` matches it); the parts of the
/// name, the name in its own script and all aliases are names, whatever their quality; `LISTED_ON` is the day of
/// listing, as written, whatever offset stands behind it. Of `INDIVIDUAL_DOCUMENT`, a passport is an id of scheme
/// `passport`, a national identification number without further description `national_id`, and any other
/// document `document`, if `NUMBER` is a number and not a sentence that holds one; a remark in brackets is left out. IMO
/// numbers of companies stand in comments only, so they are not taken.
///
/// The file names no measures. Its entries carry every measure of the list, and
/// [those of entities](UnXml::entities_carry) may be fewer: nobody refuses a company entry at the border.
///
/// The file gives no dates of de-listing either, and `LISTED_ON` of an entry that came back to the list is its first
/// day, long before. So all it shows is the list on the day on which it was generated, and that is the
/// [trusted](Snapshot::trusted) span unless the caller knows the history and [says more](UnXml::trusted).
///
/// ```
/// use interdict::lists::UnXml;
///
/// let file = r#"<?xml version="1.0" encoding="UTF-8"?>
/// <CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">
///   <INDIVIDUALS></INDIVIDUALS>
///   <ENTITIES>
///     <ENTITY>
///       <FIRST_NAME>FOREIGN TRADE BANK</FIRST_NAME>
///       <UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
///       <REFERENCE_NUMBER>KPe.047 </REFERENCE_NUMBER>
///       <LISTED_ON>2017-08-05</LISTED_ON>
///     </ENTITY>
///   </ENTITIES>
/// </CONSOLIDATED_LIST>"#;
///
/// let list = UnXml::new("un_1718").of_type("DPRK").entities_carry(["asset_freeze"]);
/// let snapshot = list.read(file.as_bytes()).unwrap();
/// assert_eq!(snapshot.entries()[0].reference(), "KPe.047");
/// assert_eq!(snapshot.trusted().unwrap().0.to_string(), "2026-02-27");
///
/// // Cut off, and nothing is loaded.
/// let cut = list.read(&file.as_bytes()[..file.len() - 30]).unwrap_err();
/// assert!(cut.to_string().contains("line 11: "), "{cut}");
/// ```
#[derive(Debug, Clone)]
pub struct UnXml {
    list: String,
    of_type: Option<String>,
    trusted: Option<(Date, Date)>,
    entities_carry: Option<BTreeSet<String>>,
}

impl UnXml {
    /// For the list of that name in policies.
    pub fn new(list: &str) -> UnXml {
        UnXml { list: list.to_owned(), of_type: None, trusted: None, entities_carry: None }
    }

    /// Takes entries of that `UN_LIST_TYPE` only: `DPRK`. Without it, all.
    pub fn of_type(mut self, of_type: &str) -> UnXml {
        self.of_type = Some(of_type.to_owned());
        self
    }

    /// The first and the last day on which the file is the list, in the judgement of the caller. The last is not after
    /// the day on which the file was generated.
    pub fn trusted(mut self, from: Date, through: Date) -> UnXml {
        self.trusted = Some((from, through));
        self
    }

    /// The measures that entities carry, as the policy declares them; without it, every measure of the list.
    pub fn entities_carry<S: Into<String>>(mut self, measures: impl IntoIterator<Item = S>) -> UnXml {
        self.entities_carry = Some(measures.into_iter().map(Into::into).collect());
        self
    }

    /// Reads a file, without holding more of it than one entry.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is not such a list in UTF-8, is cut off, or has a document type or entities of its own; when
    /// an entry, of whatever type, lacks its type, reference or day of listing or has one twice; when two have one reference;
    /// when no entry is of the type asked for.
    pub fn read(&self, from: impl BufRead) -> Result<Snapshot, ListsError> {
        let mut xml = Reader::from_reader(Lines::new(from));
        xml.config_mut().enable_all_checks(true);
        let mut reading = Reading::new(self);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = xml.read_event_into(&mut buffer);
            reading.line = xml.get_ref().line;
            match event.map_err(|error| reading.unreadable(&error))? {
                Event::Start(start) => reading.start(&start)?,
                Event::End(_) => reading.end()?,
                Event::Empty(start) => {
                    reading.start(&start)?;
                    reading.end()?;
                }
                Event::Text(text) => reading.text(&text.xml10_content())?,
                Event::CData(text) => reading.text(&text.xml10_content())?,
                Event::GeneralRef(entity) => reading.entity(&entity)?,
                Event::Decl(declaration) => reading.declaration(&declaration)?,
                Event::DocType(_) => return Err(reading.fault("a document type is not read: the list has none")),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return reading.finish(),
            }
        }
    }
}

/// What was read so far.
struct Reading<'a> {
    ask: &'a UnXml,
    line: u64,
    /// The elements that are open.
    path: Vec<String>,
    /// The text of the innermost element.
    text: String,
    generated: Option<Date>,
    parts: BTreeSet<&'static str>,
    /// How many entries have begun.
    begun: usize,
    now: Fields,
    references: BTreeSet<String>,
    types: BTreeSet<String>,
    entries: Vec<DraftEntry>,
}

/// What one entry says.
#[derive(Default)]
struct Fields {
    is_entity: bool,
    /// First, second, third and fourth.
    name: [Option<String>; 4],
    original: Option<String>,
    aliases: Vec<String>,
    of_type: Option<String>,
    reference: Option<String>,
    listed_on: Option<String>,
    document: Document,
    ids: Vec<DraftId>,
}

#[derive(Default)]
struct Document {
    kind: String,
    more: String,
    number: String,
}

impl<'a> Reading<'a> {
    fn new(ask: &'a UnXml) -> Reading<'a> {
        Reading {
            ask,
            line: 1,
            path: Vec::new(),
            text: String::new(),
            generated: None,
            parts: BTreeSet::new(),
            begun: 0,
            now: Fields::default(),
            references: BTreeSet::new(),
            types: BTreeSet::new(),
            entries: Vec::new(),
        }
    }

    fn fault(&self, message: impl AsRef<str>) -> ListsError {
        let number = format!("#{}", self.begun);
        let entry = (self.path.len() > 2)
            .then(|| self.now.reference.as_deref().filter(|reference| !reference.is_empty()).unwrap_or(&number));
        fault(&self.ask.list, self.line, entry, message)
    }

    fn unreadable(&self, error: &quick_xml::Error) -> ListsError {
        match error {
            quick_xml::Error::Io(error) => self.fault(format!("not readable: {error}")),
            quick_xml::Error::Encoding(_) => self.fault("the text is not UTF-8"),
            error => self.fault(format!("cut off, or not XML: {error}")),
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), ListsError> {
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
            Some(Ok(encoding)) => {
                Err(self.fault(format!("the encoding is `{}`; only UTF-8 is read", shown(&encoding))))
            }
            Some(Err(error)) => Err(self.fault(format!("cut off, or not XML: {error}"))),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), ListsError> {
        let name = start.name();
        let name: &str = name.as_ref();
        let mut generated = None;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault(format!("cut off, or not XML: {error}")))?;
            if attribute.key.as_ref() == "dateGenerated" {
                generated = Some(attribute.value.into_owned());
            }
        }
        match self.path.len() {
            0 if !self.parts.is_empty() || self.generated.is_some() => {
                return Err(self.fault(format!("`{}` after the end of the list", shown(name))));
            }
            0 if name == ROOT => {
                let Some(text) = generated else { return Err(self.fault("the list has no `dateGenerated`")) };
                let day = text.split_once('T').map_or(text.as_str(), |(day, _)| day);
                let wrong = || self.fault(format!("`dateGenerated` is no day: `{}`", shown(&text)));
                self.generated = Some(Date::parse(day).ok_or_else(wrong)?);
            }
            0 => {
                let found = shown(name);
                return Err(self.fault(format!("a consolidated list begins with `{ROOT}`, this file with `{found}`")));
            }
            1 => {
                let Some((part, _)) = PARTS.iter().find(|(part, _)| *part == name) else {
                    return Err(self.fault(format!("`{}` is no part of the list that is known", shown(name))));
                };
                if !self.parts.insert(part) {
                    return Err(self.fault(format!("a second `{part}`")));
                }
            }
            2 => {
                let is_entity = name == PARTS[1].1;
                if !PARTS.contains(&(self.path[1].as_str(), name)) {
                    return Err(self.fault(format!("`{}` in `{}`", shown(name), self.path[1])));
                }
                self.begun += 1;
                self.now = Fields { is_entity, ..Fields::default() };
            }
            DEEPEST => return Err(self.fault(format!("more than {DEEPEST} elements in one another"))),
            _ => {}
        }
        self.path.push(name.to_owned());
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ListsError> {
        if self.path.len() < 3 && !text.trim().is_empty() {
            return Err(match self.generated {
                None => ListsError::new(&self.ask.list, None, "not an XML file: it begins with text".to_owned()),
                Some(_) => self.fault("text where there should be an entry"),
            });
        }
        self.text.push_str(text);
        Ok(())
    }

    fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), ListsError> {
        let known = match &**entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => entity.resolve_char_ref().ok().flatten(),
        };
        match known {
            Some(c) => self.text(c.encode_utf8(&mut [0; 4])),
            None => Err(self.fault(format!("`&{};` stands for nothing that is known", shown(entity)))),
        }
    }

    fn end(&mut self) -> Result<(), ListsError> {
        let text = one_line(&self.text);
        self.text.clear();
        let name = self.path.last().map_or("", String::as_str);
        match self.path.len() {
            3 => self.entry()?,
            4 => {
                let name = name.to_owned();
                self.field(&name, text)?;
            }
            5 => {
                let now = &mut self.now;
                match (self.path[3].as_str(), name) {
                    ("INDIVIDUAL_ALIAS" | "ENTITY_ALIAS", "ALIAS_NAME") => now.aliases.push(text),
                    ("INDIVIDUAL_DOCUMENT", "TYPE_OF_DOCUMENT") => now.document.kind = text,
                    ("INDIVIDUAL_DOCUMENT", "TYPE_OF_DOCUMENT2") => now.document.more = text,
                    ("INDIVIDUAL_DOCUMENT", "NUMBER") => now.document.number = text,
                    _ => {}
                }
            }
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    /// A field of the entry ends.
    fn field(&mut self, name: &str, text: String) -> Result<(), ListsError> {
        let now = &mut self.now;
        let known = match name {
            "UN_LIST_TYPE" => &mut now.of_type,
            "REFERENCE_NUMBER" => &mut now.reference,
            "LISTED_ON" => &mut now.listed_on,
            "FIRST_NAME" => &mut now.name[0],
            "SECOND_NAME" => &mut now.name[1],
            "THIRD_NAME" => &mut now.name[2],
            "FOURTH_NAME" => &mut now.name[3],
            "NAME_ORIGINAL_SCRIPT" => &mut now.original,
            "INDIVIDUAL_DOCUMENT" => {
                // One passport is often stated in three languages.
                let id = id(std::mem::take(&mut now.document)).filter(|id| !now.ids.contains(id));
                now.ids.extend(id);
                return Ok(());
            }
            _ => return Ok(()),
        };
        // Also when the first was empty: nobody can tell which of them is meant.
        if known.replace(text).is_some() {
            return Err(self.fault(format!("a second `{name}`")));
        }
        Ok(())
    }

    /// An entry ends.
    fn entry(&mut self) -> Result<(), ListsError> {
        let said = |field: &Option<String>, name: &str| {
            let text = field.clone().filter(|text| !text.is_empty());
            text.ok_or_else(|| self.fault(format!("the entry has no `{name}`")))
        };
        let of_type = said(&self.now.of_type, "UN_LIST_TYPE")?;
        let reference = said(&self.now.reference, "REFERENCE_NUMBER")?;
        let listed_on = said(&self.now.listed_on, "LISTED_ON")?;
        if !self.references.insert(reference.clone()) {
            return Err(self.fault("two entries have this `REFERENCE_NUMBER`"));
        }
        let wrong = || self.fault(format!("`LISTED_ON` is no day such as 2017-08-05: `{}`", shown(&listed_on)));
        let listed_on = civil(&listed_on).ok_or_else(wrong)?;

        let Fields { is_entity, name, original, aliases, ids, .. } = std::mem::take(&mut self.now);
        let name: Vec<String> = name.into_iter().flatten().collect();
        let mut names = vec![one_line(&name.join(" "))];
        names.extend(original.into_iter().chain(aliases));
        let mut seen = BTreeSet::new();
        names.retain(|name| !name.is_empty() && seen.insert(name.clone()));
        if names.is_empty() {
            self.now.reference = Some(reference);
            return Err(self.fault("the entry has no name"));
        }

        let wanted = self.ask.of_type.as_ref().is_none_or(|wanted| *wanted == of_type);
        self.types.insert(of_type);
        if wanted {
            let measures = self.ask.entities_carry.clone().filter(|_| is_entity);
            let (kind, listed_on) = ("party".to_owned(), listed_on.to_string());
            self.entries.push(DraftEntry { reference, kind, names, ids, listed_on, delisted_on: None, measures });
        }
        Ok(())
    }

    fn finish(self) -> Result<Snapshot, ListsError> {
        if let Some(open) = self.path.last() {
            return Err(self.fault(format!("cut off: the file ends before `</{}>`", shown(open))));
        }
        let Some(generated) = self.generated else { return Err(self.fault("the file holds no list")) };
        if let Some((part, _)) = PARTS.iter().find(|(part, _)| !self.parts.contains(part)) {
            return Err(self.fault(format!("the list has no `{part}`")));
        }
        if self.entries.is_empty() {
            let types = self.types.iter().map(|name| shown(name)).collect::<Vec<_>>().join("`, `");
            return Err(match &self.ask.of_type {
                Some(wanted) => self.fault(format!("no entry is of the type `{wanted}`; there are `{types}`")),
                None => self.fault("the list has no entries"),
            });
        }
        let trusted = self.ask.trusted.unwrap_or((generated, generated));
        if generated < trusted.1 {
            let message = format!("generated on {generated}, so it shows nothing of the days through {}", trusted.1);
            return Err(ListsError::new(&self.ask.list, None, message));
        }
        let schemes = Default::default();
        checked(Draft { list: self.ask.list.clone(), trusted: Some(days(trusted)), schemes, entries: self.entries })
    }
}

/// `2015-07-01`, `2015-07-01Z` and `2015-07-01-04:00` are the first of July where it was written.
fn civil(text: &str) -> Option<Date> {
    let (day, offset) = (text.get(..10)?, &text[10..]);
    let is_offset = match offset.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()),
        _ => false,
    };
    Date::parse(day).filter(|_| is_offset)
}

/// The id in a document, if its number is one.
fn id(Document { kind, more, number }: Document) -> Option<DraftId> {
    let scheme = match (kind.as_str(), more.as_str()) {
        ("Passport" | "Numéro de passeport" | "Número de pasaporte", _) => "passport",
        ("National Identification Number", "") => "national_id",
        _ => "document",
    };
    let number = number.split_once('(').map_or(number.as_str(), |(number, _)| number).trim();
    // `Libyan passport No. 513519` is a sentence: nobody can tell where in it the number begins.
    let is_word = |part: &str| {
        part.chars().filter(|c| c.is_alphabetic()).count() > 2 && !part.contains(|c: char| c.is_ascii_digit())
    };
    let is_plain = number.chars().all(|c| c.is_ascii_alphanumeric() || " -/.".contains(c));
    let is_number = is_plain && number.contains(|c: char| c.is_ascii_digit()) && !number.split([' ', '.']).any(is_word);
    is_number.then(|| DraftId { scheme: scheme.to_owned(), value: number.to_owned() })
}

/// A text from the file, in a message.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    short.escape_debug().to_string()
}
