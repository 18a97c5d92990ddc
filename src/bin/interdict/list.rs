//! `interdict list`

use std::fs::File;
use std::io::BufReader;

use interdict::lists::{UnXml, VesselTable};
use interdict::{Date, ListsError, Snapshot};

use crate::args::{List, ListFormat};
use crate::{Exit, Stop, policies, put, tell};

/// Reads the list whole, writes the snapshot, and says what is in it.
pub fn run(it: &List) -> Result<Exit, Stop> {
    let trusted = it.trusted_from.as_deref().zip(it.trusted_through.as_deref());
    let trusted = trusted.map(|(from, through)| Ok((day(from)?, day(through)?))).transpose()?;
    let refused = |error: ListsError| Stop::Usage(format!("{}: {error}", policies::name(&it.file)));
    let snapshot = match it.format {
        ListFormat::UnXml => un_xml(it, trusted)?.read(BufReader::new(open(it)?)),
        ListFormat::UnVesselsCsv => vessels(it, trusted)?.read(open(it)?),
    };
    let snapshot = snapshot.map_err(refused)?;
    if let Some(wanted) = it.entries.filter(|wanted| *wanted != snapshot.entries().len()) {
        let message =
            format!("{}: there are {} entries, not {wanted}", policies::name(&it.file), snapshot.entries().len());
        return Err(Stop::Usage(message));
    }
    match &it.output {
        Some(path) => {
            let failed = |error| Stop::Io { path: policies::name(path), error };
            std::fs::write(path, snapshot.to_json()).map_err(failed)?;
            put(&summary(&snapshot))?;
        }
        None => {
            put(&snapshot.to_json())?;
            tell(&summary(&snapshot));
        }
    }
    Ok(Exit::Ok)
}

fn un_xml(it: &List, trusted: Option<(Date, Date)>) -> Result<UnXml, Stop> {
    let mut list = UnXml::new(&it.list);
    if let Some(of_type) = &it.of_type {
        list = list.of_type(of_type);
    }
    if !it.entities_carry.is_empty() {
        list = list.entities_carry(&it.entities_carry);
    }
    Ok(match trusted {
        Some((from, through)) => list.trusted(from, through),
        None => list,
    })
}

fn vessels(it: &List, trusted: Option<(Date, Date)>) -> Result<VesselTable, Stop> {
    if it.of_type.is_some() || !it.entities_carry.is_empty() {
        return Err(Stop::Usage("`--type` and `--entities-carry` are for `--format un-xml`".into()));
    }
    let table = VesselTable::new(&it.list);
    match (trusted, it.entries) {
        (None, _) => Ok(table),
        (Some((from, through)), Some(entries)) => Ok(table.trusted(from, through, entries)),
        (Some(_), None) => Err(Stop::Usage(
            "a table does not show where it ends: say how many entries it has, `--entries N`, for it to be trusted"
                .into(),
        )),
    }
}

fn day(text: &str) -> Result<Date, Stop> {
    Date::parse(text).ok_or_else(|| Stop::Usage(format!("`{text}` is no date such as 2023-09-13")))
}

fn open(it: &List) -> Result<File, Stop> {
    File::open(&it.file).map_err(|error| Stop::Io { path: policies::name(&it.file), error })
}

fn summary(snapshot: &Snapshot) -> String {
    let entries = snapshot.entries();
    let ids = entries.iter().map(|entry| entry.ids().len()).sum::<usize>();
    let trusted = match snapshot.trusted() {
        Some((from, through)) => format!("from {from} through {through}"),
        None => "on no day: an entry shows that somebody is listed, and nothing shows that somebody is not".to_owned(),
    };
    format!(
        "list     {}\nentries  {}, with {ids} ids\ntrusted  {trusted}\ndigest   {}\n",
        snapshot.list(),
        entries.len(),
        snapshot.digest()
    )
}
