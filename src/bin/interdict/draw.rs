//! `interdict draw`

use std::path::Path;

use interdict::{Activity, DrawError};

use crate::args::{Draw, Picture};
use crate::{Exit, Stop, decide, policies, put, put_json};

/// Draws the decision diagram of a policy, or of what facts leave of it.
pub fn run(it: &Draw) -> Result<Exit, Stop> {
    if [&it.facts, &it.path].into_iter().all(|path| path.as_deref() == Some(Path::new("-"))) {
        return Err(Stop::Usage(
            "standard input is one activity: `-` is for `--given` or for `--path`, not both".into(),
        ));
    }
    let lists = policies::lists(&it.lists, &it.policies)?;
    let rules = policies::builder(&it.policies, lists)?.compile().map_err(|error| Stop::Policy(Box::new(error)))?;
    let mut given = match &it.facts {
        Some(path) => Activity::from_json(&policies::read_or_input(path)?),
        None => Ok(Activity::new()),
    };
    for (field, value) in [("action", it.action.clone()), ("date", it.date.map(|date| date.to_string()))] {
        if let (Some(value), Ok(activity)) = (value, &mut given) {
            *activity = std::mem::take(activity).set(field, value);
        }
    }
    let path = it.path.as_ref().map(|path| policies::read_or_input(path)).transpose()?;
    let path = path.map(|text| Activity::from_json(&text)).transpose();
    let drawing = match (given, path) {
        (Ok(given), Ok(path)) => rules.draw(&given, path.as_ref()),
        (Err(error), _) | (_, Err(error)) => Err(DrawError::Facts(error)),
    };
    let drawing = match drawing {
        Ok(drawing) => drawing,
        Err(DrawError::Facts(error)) => {
            decide::tell(&error, "");
            return Ok(Exit::Facts);
        }
        Err(error) => return Err(Stop::Usage(error.to_string())),
    };
    match it.format {
        Picture::Text => put(&drawing.to_string())?,
        Picture::Dot => put(&drawing.to_dot())?,
        Picture::Mermaid => put(&drawing.to_mermaid())?,
        Picture::Svg => put(&drawing.to_svg())?,
        Picture::Json => put_json(&drawing)?,
    }
    Ok(Exit::Ok)
}
