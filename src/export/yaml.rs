//! A CloudFormation template as a tree, written as YAML with comments for people, or as JSON. Own code, because no YAML
//! crate writes comments and CloudFormation's short forms; the set of shapes is closed.

use serde_json::{Map, Value, json};

/// One value of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A text as it is.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Self>),
    /// Keys in their order.
    Map(Vec<Entry>),
    /// An intrinsic function: `Ref`, `Sub`, `GetAtt`.
    Call(&'static str, Box<Self>),
}

/// One key of a map, with what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    key: String,
    value: Node,
    comment: Vec<String>,
    apart: bool,
}

impl Entry {
    /// A key and its value.
    pub fn new(key: impl Into<String>, value: Node) -> Self {
        Self { key: key.into(), value, comment: Vec::new(), apart: false }
    }

    /// Puts comment lines above it.
    #[must_use]
    pub fn saying<L: Into<String>>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.comment = lines.into_iter().map(Into::into).collect();
        self
    }

    /// Puts an empty line above it.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }
}

/// A text.
pub fn text(text: impl Into<String>) -> Node {
    Node::Text(text.into())
}

/// A map in its order.
pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| Entry::new(key, value)).collect())
}

/// The tree of a JSON document, each of its texts made by `text`.
pub fn tree(value: &Value, text: &impl Fn(&str) -> Node) -> Node {
    match value {
        Value::Object(members) => map(members.iter().map(|(key, value)| (key.clone(), tree(value, text)))),
        Value::Array(items) => Node::List(items.iter().map(|item| tree(item, text)).collect()),
        Value::Bool(flag) => Node::Flag(*flag),
        Value::String(value) => text(value),
        Value::Null | Value::Number(_) => Node::Text(value.to_string()),
    }
}

/// As YAML.
pub fn yaml(comment: &[String], root: &Node) -> String {
    let mut lines: Vec<String> = comment.iter().map(|line| commented(0, line)).collect();
    block(root, 0, &mut lines);
    lines.join("\n") + "\n"
}

/// As JSON, with the long forms of the functions and without comments.
pub fn as_json(node: &Node) -> Value {
    match node {
        Node::Text(text) => json!(text),
        Node::Flag(flag) => json!(flag),
        Node::List(items) => items.iter().map(as_json).collect(),
        Node::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), as_json(&entry.value))).collect::<Map<_, _>>())
        }
        Node::Call("Ref", name) => json!({ "Ref": as_json(name) }),
        Node::Call("GetAtt", path) => match path.as_ref() {
            Node::Text(path) => json!({ "Fn::GetAtt": path.split('.').collect::<Vec<_>>() }),
            other => json!({ "Fn::GetAtt": as_json(other) }),
        },
        Node::Call(function, argument) => {
            Value::Object(Map::from_iter([(format!("Fn::{function}"), as_json(argument))]))
        }
    }
}

/// The lines of a map or a list.
fn block(node: &Node, indent: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    match node {
        Node::Map(entries) => {
            for entry in entries {
                if entry.apart {
                    lines.push(String::new());
                }
                lines.extend(entry.comment.iter().map(|line| commented(indent, line)));
                after(&format!("{pad}{}:", scalar(&entry.key)), &entry.value, indent + 2, lines);
            }
        }
        Node::List(items) => items.iter().for_each(|item| list_item(item, indent, lines)),
        _ => after(pad.trim_end(), node, indent, lines),
    }
}

/// A map in a list begins on the line of its hyphen.
fn list_item(item: &Node, indent: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    match item {
        Node::Map(entries) if !entries.is_empty() => {
            let first = lines.len();
            block(item, indent + 2, lines);
            lines[first].replace_range(indent..indent + 1, "-");
        }
        _ => after(&format!("{pad}-"), item, indent + 2, lines),
    }
}

/// A value after its key or hyphen: on the same line where it fits there.
fn after(head: &str, value: &Node, indent: usize, lines: &mut Vec<String>) {
    match value {
        Node::Text(text) => lines.push(format!("{head} {}", scalar(text))),
        Node::Flag(flag) => lines.push(format!("{head} {flag}")),
        Node::List(items) if items.is_empty() => lines.push(format!("{head} []")),
        Node::Map(entries) if entries.is_empty() => lines.push(format!("{head} {{}}")),
        Node::Call(function, argument) => after(&format!("{head} !{function}"), argument, indent, lines),
        Node::List(_) | Node::Map(_) => {
            lines.push(head.to_owned());
            block(value, indent, lines);
        }
    }
}

fn commented(indent: usize, line: &str) -> String {
    format!("{}# {line}", " ".repeat(indent)).trim_end().to_owned()
}

/// Words that YAML 1.1, which CloudFormation reads, takes for something else than a text.
const NOT_TEXTS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan"];

/// A text so that YAML reads it as that text: plain where it cannot be taken for anything else, else quoted.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":*/._-".contains(c);
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(plain)
        && !text.ends_with(':')
        && !NOT_TEXTS.contains(&text.to_ascii_lowercase().as_str());
    let single_line = |c: char| !c.is_control() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    match (fits, text.chars().all(single_line)) {
        (true, _) => text.to_owned(),
        (false, true) => format!("'{}'", text.replace('\'', "''")),
        // A JSON text is a YAML text in double quotes.
        (false, false) => json!(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_yaml_would_take_for_something_else_are_quoted() {
        for (given, written) in [
            ("s3:ListBucket", "s3:ListBucket"),
            ("organizations:List*", "organizations:List*"),
            ("2012-10-17", "'2012-10-17'"),
            ("Yes", "'Yes'"),
            ("a: b", "'a: b'"),
            ("it's", "'it''s'"),
            ("#x", "'#x'"),
            ("*", "'*'"),
            ("key:", "'key:'"),
            ("", "''"),
            ("a\nb", "\"a\\nb\""),
        ] {
            assert_eq!(scalar(given), written);
        }
    }

    #[test]
    fn maps_lists_and_functions_have_their_places() {
        let tags = Node::List(vec![map([("Key", text("a")), ("Value", Node::Call("Ref", Box::new(text("Org"))))])]);
        let root = Node::Map(vec![
            Entry::new("Empty", Node::List(Vec::new())),
            Entry::new("Tags", tags).saying(["Whose it is"]).apart(),
            Entry::new("On", Node::Flag(true)),
        ]);
        let written = yaml(&["Head".to_owned()], &root);
        assert_eq!(written, "# Head\nEmpty: []\n\n# Whose it is\nTags:\n  - Key: a\n    Value: !Ref Org\n'On': true\n");
        assert_eq!(as_json(&root)["Tags"][0]["Value"], json!({ "Ref": "Org" }));
    }
}
