//! What somebody may have meant: the nearest of the words that there are.

/// So alike two words are that one is a slip of the other.
const ALIKE: f64 = 0.8;

/// The known word that the text is a slip of, if there is one.
pub fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase();
    let scored = known.into_iter().map(|word| (strsim::jaro_winkler(&text, word), word));
    // Of two that are as near, the first one.
    let best = scored.fold(None, |best: Option<(f64, &str)>, next| match best {
        Some(best) if best.0 >= next.0 => Some(best),
        _ => Some(next),
    });
    best.filter(|(score, _)| *score >= ALIKE).map(|(_, word)| word)
}

/// `; did you mean eu-west-1?`, or nothing.
pub fn did_you_mean<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, known).map(|word| format!("; did you mean {word}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::names::{REPORT_REGIONS, Zone};

    #[test]
    fn a_slip_is_recognized_and_something_else_is_not() {
        for (text, meant) in [
            ("us-esat-1", Some("us-east-1")),
            ("eu-central1", Some("eu-central-1")),
            ("US-EAST-1", Some("us-east-1")),
            ("frankfurt", None),
            ("", None),
        ] {
            assert_eq!(nearest(text, REPORT_REGIONS), meant, "{text}");
        }
        assert_eq!(nearest("apca", Zone::WORDS.iter().copied()), Some("apac"));
        assert_eq!(nearest("moon", Zone::WORDS.iter().copied()), None);
    }
}
