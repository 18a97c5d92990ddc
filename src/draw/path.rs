//! The way of an activity through a part.

use crate::diagram::joined::{END, Node};

use super::{Draft, DrawnPart, OnPath};

/// Marks where the lines of an activity go, each given by the cells in which its places may lie.
pub(super) fn mark(part: &mut DrawnPart, nodes: &[Node], draft: &Draft<'_>, lines: &[Vec<Vec<usize>>]) {
    for line in lines {
        let mut here = vec![OnPath::No; nodes.len()];
        if let Some(first) = here.first_mut() {
            *first = OnPath::Yes;
        }
        // Places lead to later ones only.
        for at in 0..nodes.len() {
            if here[at] == OnPath::No {
                continue;
            }
            part.places[at].on_path = part.places[at].on_path.max(here[at]);
            let place = draft.parts.tests[draft.parts.joined.asks(nodes[at])];
            let cells = &draft.cells[place.at()];
            let possible: Vec<usize> =
                (0..cells.len()).filter(|value| line[place.at()].contains(&cells[*value])).collect();
            let alike = draft.alike(nodes[at]);
            let taken = alike.iter().filter(|(_, values)| values.iter().any(|value| possible.contains(value)));
            let taken: Vec<(u32, Node)> = taken.map(|(edge, _)| *edge).collect();
            let how = if taken.len() == 1 { here[at] } else { OnPath::Open };
            for (says, to) in taken {
                let to = (to != END).then(|| nodes.iter().position(|node| *node == to).expect("nodes are closed"));
                if let Some(to) = to {
                    here[to] = here[to].max(how);
                }
                let decides = draft.decides(says);
                let edges = part.places[at].edges.iter_mut().filter(|edge| edge.to == to && edge.decides == decides);
                edges.for_each(|edge| edge.on_path = edge.on_path.max(how));
            }
        }
    }
}
