//! `interdict timeline`

use interdict::Activity;

use crate::args::{Drawn, Timeline};
use crate::{Exit, Stop, decide, policies, put, put_json};

/// Prints the timeline of an activity, or draws it.
pub fn run(it: &Timeline) -> Result<Exit, Stop> {
    let lists = policies::lists(&it.lists, &it.policies)?;
    let builder = policies::builder(&it.policies, lists)?;
    let rules = builder.compile().map_err(|error| Stop::Policy(Box::new(error)))?;
    let text = policies::read_or_input(&it.activity)?;
    let timeline = match Activity::from_json(&text).and_then(|activity| rules.timeline(&activity)) {
        Ok(timeline) => timeline,
        Err(error) => {
            decide::tell(&error, "");
            return Ok(Exit::Facts);
        }
    };
    if let Some(path) = &it.svg {
        std::fs::write(path, timeline.to_svg()).map_err(|error| Stop::Io { path: policies::name(path), error })?;
    }
    match it.format {
        Drawn::Text => put(&timeline.to_string())?,
        Drawn::Json => put_json(&timeline)?,
        Drawn::Svg => put(&timeline.to_svg())?,
    }
    Ok(Exit::Ok)
}
