//! `interdict fmt`

use crate::args::Fmt;
use crate::{Exit, Stop, policies, put, tell};

/// Formats every file that can be read; a file with a fault is reported and left as it is.
pub fn run(it: &Fmt) -> Result<Exit, Stop> {
    let mut exit = Exit::Ok;
    for path in &it.files {
        for file in policies::files(path)? {
            let name = policies::name(&file);
            let text = policies::read(&file)?;
            let formatted = match interdict::format(name.clone(), text.clone()) {
                Ok(formatted) => formatted,
                Err(error) => {
                    tell(&policies::drawn(&error, &std::io::stderr()));
                    exit = Exit::Policy;
                    continue;
                }
            };
            if formatted == text {
                continue;
            }
            if it.check {
                put(&format!("{name} would change\n"))?;
                if exit == Exit::Ok {
                    exit = Exit::No;
                }
            } else {
                std::fs::write(&file, formatted).map_err(|error| Stop::Io { path: name, error })?;
            }
        }
    }
    Ok(exit)
}
