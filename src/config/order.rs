//! The order that dependencies ask for.

/// Returns each cycle among these dependencies once, as positions in the order in which they wait for each other.
///
/// `after[i]` holds the positions of what `i` waits for.
pub(super) fn cycles(after: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnPath,
        Done,
    }
    let mut marks = vec![Mark::New; after.len()];
    let mut found = Vec::new();
    for start in 0..after.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // A path by hand: a long chain of dependencies must not use up the stack.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        marks[start] = Mark::OnPath;
        while let Some((at, next)) = path.last_mut() {
            let (at, dependency) = (*at, after[*at].get(*next).copied());
            *next += 1;
            match dependency {
                None => {
                    marks[at] = Mark::Done;
                    path.pop();
                }
                Some(there) => match marks.get(there) {
                    Some(Mark::New) => {
                        marks[there] = Mark::OnPath;
                        path.push((there, 0));
                    }
                    Some(Mark::OnPath) => {
                        let from = path.iter().position(|(on_path, _)| *on_path == there);
                        let cycle = &path[from.unwrap_or_default()..];
                        found.push(cycle.iter().map(|(on_path, _)| *on_path).collect());
                    }
                    Some(Mark::Done) | None => {}
                },
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn finds_each_cycle_once() {
        assert!(cycles(&[vec![1], vec![2], vec![]]).is_empty());
        assert!(cycles(&[vec![1, 2], vec![3], vec![3], vec![]]).is_empty());
        assert_eq!(cycles(&[vec![0]]), [vec![0]]);
        assert_eq!(cycles(&[vec![1], vec![2], vec![0]]), [vec![0, 1, 2]]);
        assert_eq!(
            cycles(&[vec![1], vec![2], vec![1], vec![4], vec![3]]),
            [vec![1, 2], vec![3, 4]]
        );
        let long: Vec<Vec<usize>> = (0..100_000).map(|at| vec![at + 1]).collect();
        assert!(cycles(&long).is_empty());
    }
}
