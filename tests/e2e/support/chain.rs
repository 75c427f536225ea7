//! The longest chain of requests that waited for each other, and the same run as a waterfall.

use serde_json::Value;

/// One request as the sandbox wrote it down, in milliseconds since the sandbox began.
#[derive(Clone, Debug)]
pub struct Span {
    /// `iam CreateRole`.
    pub name: String,
    pub started: f64,
    pub ended: f64,
}

/// Of the sandbox's book, every request that was answered, as they came in.
pub fn spans(book: &Value) -> Vec<Span> {
    let read = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let name = format!("{} {}", text("service"), text("action"));
        Some(Span { name, started: entry["started_ms"].as_f64()?, ended: entry["ended_ms"].as_f64()? })
    };
    book.as_array().into_iter().flatten().filter_map(read).collect()
}

/// For each span the number of spans in the longest chain that ends with it: each begins after the one before ended.
pub fn depths(spans: &[Span]) -> Vec<usize> {
    let mut depths = vec![0; spans.len()];
    let mut by_start: Vec<usize> = (0..spans.len()).collect();
    by_start.sort_by(|a, b| spans[*a].started.total_cmp(&spans[*b].started));
    for (place, &this) in by_start.iter().enumerate() {
        let before = by_start[..place].iter().filter(|&&earlier| spans[earlier].ended <= spans[this].started);
        depths[this] = 1 + before.map(|&earlier| depths[earlier]).max().unwrap_or_default();
    }
    depths
}

/// How many round trips the run took at least.
pub fn longest(spans: &[Span]) -> usize {
    depths(spans).into_iter().max().unwrap_or_default()
}

/// One line a request: its place in the longest chain, when it ran as a bar, its name.
pub fn waterfall(spans: &[Span]) -> String {
    const WIDTH: f64 = 48.0;
    let begin = spans.iter().map(|span| span.started).fold(f64::INFINITY, f64::min);
    let whole = spans.iter().map(|span| span.ended).fold(0.0, f64::max) - begin;
    let column = |time: f64| ((time - begin) / whole * WIDTH).round() as usize;
    let mut lines = String::new();
    for (span, depth) in spans.iter().zip(depths(spans)) {
        let (from, to) = (column(span.started), column(span.ended).max(column(span.started) + 1));
        let bar = format!("{}{}", " ".repeat(from), "=".repeat(to - from));
        lines += &format!("{depth:>2} |{bar:<49}| {:>5.0} ms  {}\n", span.started - begin, span.name);
    }
    lines
}

#[test]
fn a_chain_is_what_waited_for_each_other() {
    let span = |started, ended| Span { name: "s3 HeadBucket".into(), started, ended };
    let spans = [span(0.0, 50.0), span(1.0, 51.0), span(52.0, 100.0), span(50.5, 110.0), span(101.0, 150.0)];
    assert_eq!(depths(&spans), [1, 1, 2, 2, 3]);
    assert_eq!(longest(&[]), 0);
}
