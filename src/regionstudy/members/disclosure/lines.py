"""The line phase: no single sum may give a small count away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["cover_lines"]


def cover_lines(
    system: SumSystem, hidden: NDArray[np.bool_], *, threshold: int, width: int
) -> NDArray[np.bool_]:
    """
    Hide cells until no sum, looked at alone, bounds a small count too narrowly.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden already: all small counts.
    threshold : int
        Counts below it are small.
    width : int
        How far each must be able to rise from the smallest possible.

    Returns
    -------
    ndarray of bool, shape (n,)
        Those and the added ones: in each sum the smallest count, preferring cells that
        serve several sums at once. Zeros stay published.

    Notes
    -----
    A hidden part can grow by what the other hidden parts can lose, each down to 1 (0 where
    zeros are hidden). So the hidden parts of a published margin c_1, ..., c_k need
    sum(c_i - 1) >= width; with a hidden margin they only need to be one or more. Any published
    part or the margin mends a sum, since what is published and not 0 is at least the threshold.
    """
    hidden = hidden | system.latent
    parts = system.lines.multiply(system.lines > 0).tocsr()
    occurs = abs(system.lines)
    line = np.repeat(np.arange(occurs.shape[0]), np.diff(occurs.indptr))
    cell = occurs.indices
    small = system.small(threshold)
    least = system.least
    # How often a sum's margin is itself one that is summed up to: 1 inside, more at the edge.
    as_margin = (occurs - parts).sum(axis=0)
    level = (occurs - parts) @ as_margin
    while True:
        hidden_parts = parts @ hidden.astype(float)
        margin_hidden = occurs @ hidden.astype(float) > hidden_parts
        room = parts @ np.where(hidden, system.counts - least, 0.0)
        threatened = parts @ (hidden & small).astype(float) > 0
        tight = np.where(
            margin_hidden,
            hidden_parts == 0,
            (hidden_parts == 1) | (threatened & (room < width)),
        )
        serves = occurs.T @ tight.astype(float)
        usable = tight[line] & ~hidden[cell] & ~system.known[cell] & (system.counts[cell] > 0)
        if not usable.any():
            return hidden & ~system.latent
        # From the inside out: what is hidden inside says which margins must be hidden anyway.
        usable &= level[line] == level[line[usable]].min()
        lines, cells = line[usable], cell[usable]
        cost = system.counts[cells] / serves[cells]
        order = np.lexsort((cells, cost, lines))
        cheapest = order[np.unique(lines[order], return_index=True)[1]]
        hidden[cells[cheapest]] = True
