//! Pages of docs/ that must not fall behind the code they speak of.

use std::path::Path;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Whoever judges what this program stands on finds each of its crates in one table, and none that is gone.
#[test]
fn every_direct_dependency_has_its_line() {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let mut wanted = Vec::new();
    let tables = [Some(&manifest), manifest["target"]["cfg(unix)"].as_table()];
    for table in tables.into_iter().flatten() {
        for kind in ["dependencies", "dev-dependencies"] {
            wanted.extend(
                table.get(kind).and_then(toml::Value::as_table).into_iter().flat_map(|list| list.keys().cloned()),
            );
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    let page = read("docs/dependencies.md");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| crate") && !line.starts_with("| ---"));
    let first = |row: &str| {
        row.split('|').nth(1).unwrap_or_default().split(", ").map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    };
    let mut found: Vec<String> = rows.flat_map(first).collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, wanted);
}
