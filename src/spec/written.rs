//! Answers written as an onboarding file, which [`super::file`] reads back. A secret is no answer, so none stands in it.

use crate::spec::answers::Answers;
use crate::spec::command;

/// The file's text; in a rehearsal the sandbox's own addresses are left out.
pub fn toml(answers: &Answers, rehearsal: bool) -> String {
    let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
    let line = |(flag, value): (&str, String)| format!("{} = {}", key_of(flag), text(&value));
    let mut lines: Vec<String> = command::given(answers, rehearsal).into_iter().map(line).collect();
    let mut tags = answers.tags.iter().peekable();
    if tags.peek().is_some() {
        lines.extend([String::new(), "[tags]".to_owned()]);
    }
    lines.extend(tags.map(|(key, value)| format!("{} = {}", text(key), text(value))));
    lines.join("\n") + "\n"
}

/// `--bucket-region` is `bucket_region` in a file.
fn key_of(flag: &str) -> String {
    flag.trim_start_matches("--").replace('-', "_")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::spec::answers::{Given, Raw, Source};
    use crate::spec::file;

    fn answers(pairs: &[(&'static str, &str)], tags: &[&str]) -> Answers {
        let given = |text: &str| Given { text: text.to_owned(), source: Source::Flag };
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, given(text));
        }
        raw.tags = tags.iter().map(|tag| given(tag)).collect();
        Answers::parse(&raw).expect("the test's answers are valid")
    }

    #[test]
    fn what_is_written_is_read_back_the_same() {
        let first = answers(
            &[
                ("org_id", "12345"),
                ("api", "flexera-one"),
                ("zone", "eu"),
                ("bucket", "acme-billing"),
                ("profile", "it's \"quoted\" \\ and more"),
                ("refresh_token_file", "/run/secrets/token"),
            ],
            &["team=fin ops", "cost-center=7"],
        );
        let text = toml(&first, false);
        let Ok(file::File::One(raw)) = file::read(Path::new("kept.toml"), &text) else {
            panic!("cannot be read: {text}")
        };
        let again = Answers::parse(&raw).expect("the same answers");
        assert_eq!(format!("{first:?}"), format!("{again:?}"), "{text}");
    }

    #[test]
    fn the_sandbox_s_addresses_are_no_answers() {
        let text = toml(&answers(&[("org_id", "1"), ("api_url", "http://127.0.0.1:1")], &[]), true);
        assert_eq!(text, "org_id = \"1\"\n");
    }
}
