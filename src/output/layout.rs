//! Long lines, broken between words at the terminal's width; what follows stands under the line's last column.

use console::measure_text_width;

/// Narrower than this, a terminal breaks better than we do.
const NARROWEST: usize = 30;
/// A column that begins after this is no place for a whole sentence.
const LAST_COLUMN: usize = 36;
/// What is indented deeper gives up so much of it when its words have no room.
const SHALLOW: usize = 8;

/// The same text with no line longer than `width`, as far as its words allow. A command is broken as a shell lets it
/// be, because it is there to be copied.
pub fn wrapped(text: &str, width: usize) -> String {
    if width < NARROWEST {
        return text.to_owned();
    }
    text.split('\n').map(|line| wrapped_line(line, width)).collect::<Vec<_>>().join("\n")
}

/// How many rows of a terminal a text takes: a word that is longer than its line is broken by the terminal.
pub fn rows(text: &str, width: usize) -> usize {
    text.split('\n').map(|line| measure_text_width(line).div_ceil(width.max(1)).max(1)).sum()
}

fn wrapped_line(line: &str, width: usize) -> String {
    if measure_text_width(line) <= width {
        return line.to_owned();
    }
    if line.trim_start().starts_with("optima-onboard ") {
        return broken_command(line, width);
    }
    let plain = console::strip_ansi_codes(line);
    let lead = plain.chars().take_while(|c| *c == ' ').count();
    let (column, longest) = last_column(&plain, lead);
    // A table's row goes on under its last column if every word has room there, else on a line of its own.
    let column_fits = column > lead && column <= LAST_COLUMN.min(width / 2) && column + longest <= width;
    if column_fits {
        broken(line, width, column, usize::MAX)
    } else if column > lead {
        broken(line, width, lead + 2, column)
    } else if lead + longest <= width && lead <= width / 2 {
        let hang = if lead + 2 + longest <= width { lead + 2 } else { lead };
        broken(line, width, hang, usize::MAX)
    } else {
        // Indented too deep for its own words, or for a sentence.
        let lead = lead.min(SHALLOW);
        let line = format!("{}{}", " ".repeat(lead), line.trim_start());
        broken(&line, width, lead + 2, usize::MAX)
    }
}

/// Before a flag, with a backslash at the line's end as POSIX shells have it; Windows' shells have no such way in common.
fn broken_command(line: &str, width: usize) -> String {
    if cfg!(windows) {
        return line.to_owned();
    }
    let lead = line.len() - line.trim_start().len();
    let parts = parts_of_command(line);
    // Where a flag and its value would have no room so far in, all of them begin further left.
    let longest = parts.iter().skip(1).map(String::len).max().unwrap_or_default();
    let indent = (lead + 4).min(width.saturating_sub(longest + 2)).max(2);
    let mut lines = vec![String::new()];
    for part in parts {
        let last = lines.last_mut().filter(|last| last.trim().is_empty() || last.len() + part.len() + 3 <= width);
        match last {
            Some(last) if last.is_empty() => last.push_str(&part),
            Some(last) => last.push_str(&format!(" {part}")),
            None => lines.push(format!("{}{part}", " ".repeat(indent))),
        }
    }
    lines.join(" \\\n")
}

/// Each flag with its value; a blank inside quotes parts nothing.
fn parts_of_command(line: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut quoted = false;
    for word in line.split(' ') {
        match parts.last_mut() {
            Some(last) if quoted || !word.starts_with("--") => last.push_str(&format!(" {word}")),
            _ => parts.push(word.to_owned()),
        }
        quoted ^= word.matches('\'').count() % 2 == 1;
    }
    parts
}

/// Puts word after word; a new line begins where one is full, and once at the column `begin_new_at`.
fn broken(line: &str, width: usize, hang: usize, mut begin_new_at: usize) -> String {
    let mut lines = vec![String::new()];
    let mut column = 0;
    for (index, word) in line.split(' ').enumerate() {
        let length = measure_text_width(word);
        let begins = if index > 0 { column + 1 } else { 0 };
        let full = begins > hang && begins + length > width;
        let last = lines.last_mut().filter(|_| !full && (begins < begin_new_at || length == 0));
        if let Some(last) = last {
            last.push_str(if index > 0 { " " } else { "" });
            last.push_str(word);
            column = begins + length;
        } else {
            begin_new_at = usize::MAX;
            lines.push(format!("{}{word}", " ".repeat(hang)));
            column = hang + length;
        }
    }
    // A prompt ends with a blank, before what is typed.
    let last = lines.pop().unwrap_or_default();
    lines.iter().map(|line| line.trim_end()).chain([last.as_str()]).collect::<Vec<_>>().join("\n")
}

/// Where the last column of a table's row begins, after two blanks or more, and its longest word; without columns,
/// where the text begins.
fn last_column(plain: &str, lead: usize) -> (usize, usize) {
    let chars: Vec<char> = plain.chars().collect();
    let text = |at: usize| chars.get(at).is_some_and(|c| *c != ' ');
    let blank = |at: usize| chars.get(at) == Some(&' ');
    let begins = |at: &usize| text(*at) && blank(at - 1) && blank(at - 2);
    let column = (lead + 2..chars.len()).rev().find(begins).unwrap_or(lead);
    let last: String = chars[column..].iter().collect();
    (column, last.split(' ').map(|word| word.chars().count()).max().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_goes_on_under_its_last_column() {
        let row = "  pass    role  one two three four five six seven eight nine";
        assert_eq!(wrapped(row, 40), "  pass    role  one two three four five\n                six seven eight nine");
        assert_eq!(wrapped(row, 60), row, "what fits stays");
    }

    #[test]
    fn what_has_no_room_in_its_column_begins_a_line_of_its_own() {
        let arn = "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
        assert_eq!(wrapped(&format!("  role   the {arn}"), 60), format!("  role\n    the\n    {arn}"));
        assert_eq!(wrapped("  a-name-that-takes-half  and more", 30), "  a-name-that-takes-half\n    and more");
    }

    #[test]
    fn a_sentence_goes_on_two_in_and_a_long_word_stays_whole() {
        let arn = "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
        assert_eq!(wrapped(&format!("  why it is {arn}"), 30), format!("  why it is\n    {arn}"));
    }

    #[test]
    fn a_prompt_keeps_the_blank_before_its_answer() {
        assert_eq!(
            wrapped("a prompt that is too long for one row: ", 30),
            "a prompt that is too long for\n  one row: "
        );
    }

    #[test]
    fn a_word_longer_than_its_line_takes_more_rows_than_one() {
        for (text, taken) in
            [("", 1), ("ten wide: ", 1), ("ten wide: a", 2), ("a\n\nb", 3), ("\u{1b}[31mten wide!!\u{1b}[0m", 1)]
        {
            assert_eq!(rows(text, 10), taken, "{text:?}");
        }
    }

    #[test]
    fn colours_take_no_room() {
        let red = "\u{1b}[31mfail\u{1b}[0m a sentence of thirty columns";
        assert_eq!(wrapped(red, 34), red);
    }

    #[cfg(not(windows))]
    #[test]
    fn a_command_is_broken_before_a_flag_as_a_shell_lets_it_be() {
        let command = "  optima-onboard apply --org-id 12345 --tag 'a=b --c d' --yes";
        assert_eq!(wrapped(command, 40), "  optima-onboard apply --org-id 12345 \\\n      --tag 'a=b --c d' --yes");
        let long = format!("  optima-onboard apply --bucket {}", "b".repeat(40));
        assert_eq!(wrapped(&long, 30), format!("  optima-onboard apply \\\n  --bucket {}", "b".repeat(40)));
        let deep = format!("       optima-onboard apply --bucket {} --yes", "b".repeat(25));
        assert_eq!(
            wrapped(&deep, 40),
            format!("       optima-onboard apply \\\n    --bucket {} \\\n    --yes", "b".repeat(25))
        );
    }

    #[test]
    fn a_sentence_that_would_begin_in_the_right_half_begins_further_left() {
        let advice = format!("{}next: choose another name with --role-name", " ".repeat(32));
        assert_eq!(wrapped(&advice, 44), "        next: choose another name with\n          --role-name");
    }
}
