//! A covering array: rows in which every value of every axis meets every value of every other axis at least once.

use std::collections::BTreeSet;

/// Two axes with a value of each.
type Pair = (usize, usize, usize, usize);

/// Rows for axes of these sizes, each a value's place on its axis; always the same for the same sizes.
pub fn rows(sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut open = all_pairs(sizes);
    let mut rows = Vec::new();
    while let Some(&(a, i, b, j)) = open.first() {
        let mut row: Vec<Option<usize>> = vec![None; sizes.len()];
        (row[a], row[b]) = (Some(i), Some(j));
        for axis in 0..sizes.len() {
            if row[axis].is_none() {
                row[axis] = (0..sizes[axis]).max_by_key(|value| (gain(&open, &row, axis, *value), usize::MAX - value));
            }
        }
        let row: Vec<usize> = row.into_iter().map(Option::unwrap_or_default).collect();
        open.retain(|(a, i, b, j)| row[*a] != *i || row[*b] != *j);
        rows.push(row);
    }
    rows
}

fn all_pairs(sizes: &[usize]) -> BTreeSet<Pair> {
    let mut all = BTreeSet::new();
    for a in 0..sizes.len() {
        for b in a + 1..sizes.len() {
            all.extend((0..sizes[a]).flat_map(|i| (0..sizes[b]).map(move |j| (a, i, b, j))));
        }
    }
    all
}

/// How many open pairs a value would close with what is chosen so far.
fn gain(open: &BTreeSet<Pair>, row: &[Option<usize>], axis: usize, value: usize) -> usize {
    let chosen = row.iter().enumerate().filter_map(|(other, at)| Some((other, (*at)?)));
    let closes = |(other, at): &(usize, usize)| {
        let pair = if *other < axis { (*other, *at, axis, value) } else { (axis, value, *other, *at) };
        open.contains(&pair)
    };
    chosen.filter(closes).count()
}

#[test]
fn every_pair_is_in_some_row() {
    let sizes = [5, 3, 4, 2];
    let rows = rows(&sizes);
    let met = |(a, i, b, j): &Pair| rows.iter().any(|row| row[*a] == *i && row[*b] == *j);
    assert!(all_pairs(&sizes).iter().all(met));
    assert!(rows.len() < 40, "{} rows of 120 combinations", rows.len());
}
