//! The wildcards of AWS policies: `*` stands for any run of characters, `?` for exactly one.
//! Policies come from strangers, so nothing here recurses and the work is at most pattern times text.

/// Whether `text` is one of the strings that `pattern` stands for.
pub fn matches(pattern: &str, text: &str) -> bool {
    walk(pattern, text, |_| true)
}

/// Whether every string that `set` stands for (with `*` as its only wildcard) is one that `pattern` stands for.
pub fn covers(pattern: &str, set: &str) -> bool {
    // A star of the set is any run of characters, which a `?` cannot hold but a `*` can.
    walk(pattern, set, |c| c != '*')
}

/// The greedy walk: on a mismatch the last star takes one character more.
fn walk(pattern: &str, text: &str, one: fn(char) -> bool) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some('?') if one(text[t]) => (p, t) = (p + 1, t + 1),
            Some(&c) if c != '?' && c == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether some string is one that both patterns stand for.
pub fn meets(a: &str, b: &str) -> bool {
    let b: Vec<char> = b.chars().collect();
    // here[j]: what was read of `a` and the first j characters of `b` can stand for the same string.
    let mut here = vec![false; b.len() + 1];
    here[0] = true;
    close_over_stars(&mut here, &b, false);
    for c in a.chars() {
        let mut next = vec![false; b.len() + 1];
        for j in (0..=b.len()).filter(|j| here[*j]) {
            let in_b = b.get(j).copied();
            next[j] |= c == '*' || in_b == Some('*');
            if c != '*' && in_b.is_some_and(|d| d != '*' && (c == '?' || d == '?' || c == d)) {
                next[j + 1] = true;
            }
        }
        close_over_stars(&mut next, &b, c == '*');
        here = next;
    }
    here[b.len()]
}

/// A star of `b` may stand for nothing; a star of `a` takes in any character of `b`.
fn close_over_stars(row: &mut [bool], b: &[char], all: bool) {
    for (j, c) in b.iter().enumerate() {
        row[j + 1] |= row[j] && (all || *c == '*');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in [("*", ""), ("s3:*", "s3:PutObject"), ("a?c", "abc"), ("a*b*c", "axxbyyc"), ("**a", "a")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a?", "a"), ("a*b", "a"), ("s3:Get*", "s3:PutObject"), ("?", "é1")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn covering_a_set_takes_a_star() {
        assert!(covers("b/*", "b/*") && covers("*", "b/*") && covers("b*", "b/*"));
        assert!(!covers("b/?", "b/*") && !covers("b/x*", "b/*") && !covers("b/*.gz", "b/*"));
    }

    #[test]
    fn patterns_meet_where_a_string_is_both() {
        for (a, b) in [("b/x*", "b/*"), ("b/*.gz", "b/*"), ("*a", "b*"), ("?", "*"), ("", "*"), ("a**", "*a")] {
            assert!(meets(a, b) && meets(b, a), "{a} {b}");
        }
        for (a, b) in [("c/*", "b/*"), ("a", "?b"), ("", "?"), ("a*b", "b*a")] {
            assert!(!meets(a, b) && !meets(b, a), "{a} {b}");
        }
    }

    #[test]
    fn many_stars_do_not_blow_up() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!matches(&pattern, &"a".repeat(5000)));
        assert!(meets(&pattern, &"a*".repeat(200)));
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*?]{0,7}", text in "[ab]{0,7}") {
            prop_assert_eq!(matches(&pattern, &text), defined(pattern.as_bytes(), text.as_bytes()));
            prop_assert_eq!(meets(&pattern, &text), matches(&pattern, &text));
        }

        #[test]
        fn covering_means_every_member(pattern in "[ab*?]{0,5}", set in "[ab*]{0,4}", text in "[ab]{0,5}") {
            if covers(&pattern, &set) && matches(&set, &text) {
                prop_assert!(matches(&pattern, &text));
            }
            if matches(&pattern, &text) && matches(&set, &text) {
                prop_assert!(meets(&pattern, &set));
            }
        }
    }

    fn defined(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.first() {
            None => text.is_empty(),
            Some(b'*') => (0..=text.len()).any(|n| defined(&pattern[1..], &text[n..])),
            Some(c) => text.first().is_some_and(|t| *c == b'?' || c == t) && defined(&pattern[1..], &text[1..]),
        }
    }
}
