//! Days and times of a screen as if every run were at the same moment, so that it can be kept.

const SHAPES: [(&str, &str); 2] = [("dddd-dd-dd", "2026-01-02"), ("dd:dd", "03:04")];

/// The same text, as long as before, with one day and one time for all.
pub fn steady(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for at in 0..chars.len() {
        for (shape, stands_in) in SHAPES {
            if is_at(&chars, at, shape) {
                let end = at + shape.len();
                chars.splice(at..end, stands_in.chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// Whether something of that shape stands there, and no longer number.
fn is_at(chars: &[char], at: usize, shape: &str) -> bool {
    let end = at + shape.len();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let fits = |(offset, wanted): (usize, char)| match wanted {
        'd' => digit(at + offset),
        other => chars.get(at + offset) == Some(&other),
    };
    shape.chars().enumerate().all(fits) && !digit(end) && (at == 0 || !digit(at - 1))
}

#[test]
fn days_and_times_are_the_same_and_other_numbers_stay() {
    assert_eq!(steady("by 2031-12-24 17:59 UTC"), "by 2026-01-02 03:04 UTC");
    let others = "111122223333-12345 at 127.0.0.1:41234, version 10:2, 2026-11";
    assert_eq!(steady(others), others);
}
