//! Command lines that could not be parsed: clap's own errors are usage errors, and help that was asked for is none.

use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::error::{Error, Kind};
use crate::output::{Format, JsonShape, Printer};

/// Says what is wrong, as JSON where JSON was asked for.
pub fn tell(error: &clap::Error) -> ExitCode {
    let wanted = json_wanted();
    let (false, Some(shape)) = (matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion), wanted)
    else {
        // A closed pipe is no error of ours.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { Kind::Usage.exit_code() } else { 0 });
    };
    let text = error.render().to_string();
    let words = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default().trim().to_owned();
    let remedy = suggestion(&text).unwrap_or_else(|| "optima-onboard help".to_owned());
    let printer = Printer { format: Format::Json, shape, ..Printer::silent() };
    printer.error(&Error::usage(words).remedy(remedy));
    ExitCode::from(Kind::Usage.exit_code())
}

/// What clap takes to be meant, in its own words: a line each below `tip:`.
fn suggestion(text: &str) -> Option<String> {
    let tips: Vec<&str> = text.lines().filter_map(|line| line.trim_start().strip_prefix("tip: ")).collect();
    (!tips.is_empty()).then(|| tips.join("; "))
}

/// The JSON that words and environment ask for, as far as that can be read where parsing failed.
fn json_wanted() -> Option<JsonShape> {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let apart = words.windows(2).filter(|pair| ["--output", "-o"].contains(&pair[0].as_str())).map(|pair| &*pair[1]);
    let joined = words.iter().filter_map(|word| ["--output=", "-o"].iter().find_map(|flag| word.strip_prefix(flag)));
    let variable = std::env::var("OPTIMA_OUTPUT").ok();
    apart.chain(joined).chain(variable.as_deref()).find_map(|format| match format {
        "json" => Some(JsonShape::Document),
        "jsonl" => Some(JsonShape::Lines),
        _ => None,
    })
}
