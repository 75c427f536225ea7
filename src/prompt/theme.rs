//! How dialoguer's questions look here: its own looks, without the colours that a dark or a light background swallows.

use console::{Style, style};
use dialoguer::theme::ColorfulTheme;

/// The looks of every question.
pub fn theme() -> ColorfulTheme {
    let plain = || Style::new().for_stderr();
    ColorfulTheme {
        prompt_suffix: style("›".to_owned()).for_stderr().dim(),
        success_suffix: style("·".to_owned()).for_stderr().dim(),
        hint_style: plain().dim(),
        active_item_style: plain().green(),
        ..ColorfulTheme::default()
    }
}

/// What was not taken.
pub fn bad(text: &str) -> String {
    Style::new().for_stderr().red().apply_to(text).to_string()
}

/// What is beside the point.
pub fn dim(text: &str) -> String {
    Style::new().for_stderr().dim().apply_to(text).to_string()
}
