//! Terraform's language as a tree, written as `terraform fmt` would leave it. Own code, because no crate writes HCL with
//! comments and in that form; the set of shapes is closed.

use serde_json::Value as Json;

use crate::export::hole::{self, Hole};

/// The right side of an attribute.
#[derive(Clone, Debug)]
pub enum Value {
    /// An expression, written already.
    Expression(String),
    /// A list.
    List(Vec<Self>),
    /// An object in the order of its keys.
    Object(Vec<(String, Self)>),
    /// A function of one argument.
    Call(&'static str, Box<Self>),
}

/// What stands in a file or between braces, in its order.
#[derive(Clone, Debug, Default)]
pub struct Body(Vec<Item>);

#[derive(Clone, Debug)]
enum Item {
    Attribute(String, Value),
    Block(String, Body),
    Comment(String),
    Blank,
}

impl Body {
    /// Adds `name = value`.
    #[must_use]
    pub fn set(mut self, name: &str, value: Value) -> Self {
        self.0.push(Item::Attribute(name.to_owned(), value));
        self
    }

    /// Adds a block; `head` is its type and labels, of this program's own words.
    #[must_use]
    pub fn block(mut self, head: &str, body: Self) -> Self {
        self.0.push(Item::Block(head.to_owned(), body));
        self
    }

    /// Adds a comment line.
    #[must_use]
    pub fn comment(mut self, line: &str) -> Self {
        self.0.push(Item::Comment(line.to_owned()));
        self
    }

    /// Adds an empty line.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.0.push(Item::Blank);
        self
    }

    /// The text of a file.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        self.lines(0, &mut lines);
        align(&mut lines);
        lines.into_iter().map(|line| line.text() + "\n").collect()
    }

    fn lines(&self, indent: usize, lines: &mut Vec<Line>) {
        let pad = " ".repeat(indent);
        for item in &self.0 {
            match item {
                Item::Blank => lines.push(Line::of(String::new())),
                Item::Comment(text) => lines.push(Line::of(format!("{pad}# {text}").trim_end().to_owned())),
                Item::Attribute(name, value) => assignment(&format!("{pad}{name}"), value, indent, lines),
                Item::Block(head, body) if body.0.is_empty() => lines.push(Line::of(format!("{pad}{head} {{}}"))),
                Item::Block(head, body) => {
                    lines.push(Line::of(format!("{pad}{head} {{")));
                    body.lines(indent + 2, lines);
                    lines.push(Line::of(format!("{pad}}}")));
                }
            }
        }
    }
}

/// A text, as a template string or, where it is one hole alone, as that expression.
pub fn quoted(text: &str, open: impl Fn(Hole) -> &'static str) -> Value {
    if let Some(hole) = hole::alone(text) {
        return Value::Expression(open(hole).to_owned());
    }
    Value::Expression(format!("\"{}\"", hole::fill(text, escaped, |hole| format!("${{{}}}", open(hole)))))
}

/// A text without holes.
pub fn literal(text: &str) -> Value {
    Value::Expression(format!("\"{}\"", escaped(text)))
}

/// An expression in this program's own words.
pub fn expression(words: &str) -> Value {
    Value::Expression(words.to_owned())
}

/// The object of a JSON document, its texts with holes.
pub fn object(document: &Json, open: &impl Fn(Hole) -> &'static str) -> Value {
    match document {
        Json::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), object(value, open))).collect())
        }
        Json::Array(items) => Value::List(items.iter().map(|item| object(item, open)).collect()),
        Json::String(text) => quoted(text, open),
        Json::Null | Json::Bool(_) | Json::Number(_) => Value::Expression(document.to_string()),
    }
}

/// As a quoted template has it: <https://developer.hashicorp.com/terraform/language/expressions/strings>
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.replace("${", "$${").replace("%{", "%%{")
}

/// One line; an assignment that ends on it is aligned with those around it.
struct Line {
    head: String,
    assigned: Option<String>,
}

impl Line {
    fn of(head: String) -> Self {
        Self { head, assigned: None }
    }

    fn text(&self) -> String {
        match &self.assigned {
            Some(value) => format!("{} = {value}", self.head),
            None => self.head.clone(),
        }
    }
}

fn assignment(head: &str, value: &Value, indent: usize, lines: &mut Vec<Line>) {
    match one_line(value) {
        Some(text) => lines.push(Line { head: head.to_owned(), assigned: Some(text) }),
        None => many_lines(&format!("{head} = "), value, "", indent, lines),
    }
}

/// What fits on one line: everything but objects with members, lists of those, and long lists.
fn one_line(value: &Value) -> Option<String> {
    let text = match value {
        Value::Expression(text) => return Some(text.clone()),
        Value::Object(members) => return members.is_empty().then(|| "{}".to_owned()),
        Value::Call(function, argument) => format!("{function}({})", one_line(argument)?),
        Value::List(items) => format!("[{}]", items.iter().map(one_line).collect::<Option<Vec<_>>>()?.join(", ")),
    };
    (text.len() <= 100).then_some(text)
}

fn many_lines(head: &str, value: &Value, tail: &str, indent: usize, lines: &mut Vec<Line>) {
    let pad = " ".repeat(indent);
    match value {
        Value::Expression(text) => lines.push(Line::of(format!("{head}{text}{tail}"))),
        Value::Call(function, argument) => {
            many_lines(&format!("{head}{function}("), argument, &format!("){tail}"), indent, lines);
        }
        Value::Object(members) => {
            lines.push(Line::of(format!("{head}{{")));
            for (key, value) in members {
                assignment(&format!("{pad}  {}", object_key(key)), value, indent + 2, lines);
            }
            lines.push(Line::of(format!("{pad}}}{tail}")));
        }
        Value::List(items) => {
            lines.push(Line::of(format!("{head}[")));
            for item in items {
                match one_line(item) {
                    Some(text) => lines.push(Line::of(format!("{pad}  {text},"))),
                    None => many_lines(&format!("{pad}  "), item, ",", indent + 2, lines),
                }
            }
            lines.push(Line::of(format!("{pad}]{tail}")));
        }
    }
}

/// A key that is a word stands bare; `for` would begin another kind of expression.
fn object_key(key: &str) -> String {
    let word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key != "for";
    if word { key.to_owned() } else { format!("\"{}\"", escaped(key)) }
}

/// `terraform fmt` puts the equals signs of neighbouring one-line assignments under each other.
fn align(lines: &mut [Line]) {
    for run in lines.chunk_by_mut(|a, b| a.assigned.is_some() && b.assigned.is_some()) {
        let widest = run.iter().map(|line| line.head.chars().count()).max().unwrap_or_default();
        for line in run.iter_mut().filter(|line| line.assigned.is_some()) {
            let missing = widest - line.head.chars().count();
            line.head.push_str(&" ".repeat(missing));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_aligned_and_what_takes_more_lines_parts_them() {
        let inner = Value::Object(vec![("a".into(), literal("1")), ("long key".into(), literal("2"))]);
        let body = Body::default()
            .set("x", literal("1"))
            .set("longer", expression("var.y"))
            .set("policy", Value::Call("jsonencode", Box::new(inner)))
            .set("z", Value::List(vec![literal("a"), literal("b")]))
            .blank()
            .block("lifecycle", Body::default().comment("why").set("prevent_destroy", expression("true")));
        let expected = r#"x      = "1"
longer = var.y
policy = jsonencode({
  a          = "1"
  "long key" = "2"
})
z = ["a", "b"]

lifecycle {
  # why
  prevent_destroy = true
}
"#;
        assert_eq!(body.text(), expected);
    }

    #[test]
    fn nothing_gets_out_of_its_quotes() {
        for (given, written) in [
            ("a\"b\\c\nd", r#""a\"b\\c\nd""#),
            ("${var.x}", r#""$${var.x}""#),
            ("%{if true}", r#""%%{if true}""#),
            ("$${x}", r#""$$${x}""#),
        ] {
            let Value::Expression(text) = literal(given) else { panic!("a text") };
            assert_eq!(text, written);
        }
        assert_eq!(object_key("for"), "\"for\"");
    }
}
