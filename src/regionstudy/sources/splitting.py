"""
Splitting a grid of cells over as few requests as the service's limit allows.

A request takes a set of values of every variable, so it is a box in the grid of all cells.
Cutting one variable only wastes calls: its slabs may hold far less than the limit, or more
than it. Here boxes are found by cutting straight through a box again and again, along any
variable: blocks of one size, and the uneven rest by itself, cut as suits its own shape best.
Grids of some hundred shapes are searched whole; in larger ones only the cuts are tried that
fill a request with whole variables, and the search ends where the lower bound is reached.
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Box", "fewest_calls", "split_grid"]

Box = tuple[range, ...]
"""The positions taken of each variable."""

_Shape = tuple[int, ...]

# All cuts of a shape are tried while the grid has at most this many sub-shapes.
_SEARCHED_WHOLE = 40_000
# The shapes looked into before the search is content with the best so far: about 0.3 s.
_EFFORT = 1_000
# A search for the last call in a hundred costs more time than the call.
_CONTENT_WITHIN = 100


def fewest_calls(sizes: Sequence[int], *, limit: int) -> int:
    """
    Give the number of calls that no way of splitting can go below.

    Parameters
    ----------
    sizes : sequence of int
        How many values of each variable.
    limit : int
        The most cells a call may have.

    Returns
    -------
    int
        Cells divided by the limit, rounded up.

    Examples
    --------
    >>> fewest_calls([312, 101, 2, 30], limit=150_000)
    13
    """
    # Python's own integers: the server's product overflows at 32 bits, ours must not.
    return -(-math.prod(sizes) // limit)


def split_grid(sizes: Sequence[int], *, limit: int) -> list[Box]:
    """
    Split a grid into boxes of at most `limit` cells, as few of them as can be found.

    Parameters
    ----------
    sizes : sequence of int
        How many values of each variable, each at least 1.
    limit : int
        The most cells a box may hold.

    Returns
    -------
    list of tuple of range
        For each box the positions that it takes of each variable; each cell of the grid is in
        exactly one box.

    Raises
    ------
    ConfigError
        If the limit or a size is below 1.

    Examples
    --------
    >>> split_grid([2, 5], limit=6)
    [(range(0, 2), range(0, 3)), (range(0, 2), range(3, 5))]
    >>> len(split_grid([312, 101, 2, 30], limit=150_000))
    13
    """
    if limit < 1 or any(size < 1 for size in sizes):
        msg = (
            f"A grid of {' x '.join(map(str, sizes))} cells cannot be split at {limit} cells a "
            f"call. Choose at least one value of every variable, and a limit of at least 1."
        )
        raise ConfigError(msg)
    whole = tuple(range(size) for size in sizes)
    search = _Search(limit, whole=math.prod(size + 1 for size in sizes) <= _SEARCHED_WHOLE)
    return list(search.boxes(whole))


class _Search:
    """The best cut of every shape met, for one limit; variables of size 1 and order are moot."""

    def __init__(self, limit: int, *, whole: bool) -> None:
        self.limit = limit
        self.whole = whole
        self.effort = _EFFORT
        self.known: dict[_Shape, tuple[int, int, int]] = {}

    def boxes(self, box: Box) -> Iterator[Box]:
        """Cut a box as was found best for its shape."""
        if math.prod(map(len, box)) <= self.limit:
            yield box
            return
        _, size, block = self.best(_shape(map(len, box)))
        # The last variable of that size: PxWeb's order ends with time, which reads best in order.
        where = max(axis for axis, part in enumerate(box) if len(part) == size)
        for start in range(0, size, block):
            part = box[where][start : start + block]
            yield from self.boxes((*box[:where], part, *box[where + 1 :]))

    def best(self, shape: _Shape) -> tuple[int, int, int]:
        """Find the calls a shape takes, the size of the variable to cut, and the blocks' size."""
        cells = math.prod(shape)
        if cells <= self.limit:
            return (1, 0, 0)
        if shape in self.known:
            return self.known[shape]
        bound = -(-cells // self.limit)
        enough = bound + bound // _CONTENT_WITHIN
        best = self._slabs(shape)
        self.effort -= 1
        cuts = [] if best[0] <= enough else self._cuts(shape)
        for least, size, block in cuts:
            if best[0] <= enough or least >= best[0] or (self.effort <= 0 and not self.whole):
                break
            rest = _without(shape, size)
            blocks, left = divmod(size, block)
            calls = blocks * self.best(_shape((*rest, block)))[0]
            if left and calls < best[0]:
                calls += self.best(_shape((*rest, left)))[0]
            if calls < best[0]:
                best = (calls, size, block)
        self.known[shape] = best
        return best

    def _slabs(self, shape: _Shape) -> tuple[int, int, int]:
        """Cut one variable into the largest slabs that fit, or into single values."""
        best: tuple[int, int, int] | None = None
        for size in sorted(set(shape), reverse=True):
            rest = _without(shape, size)
            block = max(1, self.limit // math.prod(rest))
            calls = -(-size // block)
            if math.prod(rest) > self.limit:
                calls *= self._slabs(rest)[0]
            if best is None or calls < best[0]:
                best = (calls, size, block)
        assert best is not None
        return best

    def _cuts(self, shape: _Shape) -> list[tuple[int, int, int]]:
        """List the cuts to try as (calls at least, size of variable, block), the best first."""
        cuts = []
        for size in set(shape):
            rest = _without(shape, size)
            beside = math.prod(rest)
            for block in self._blocks(size, rest):
                blocks, left = divmod(size, block)
                least = blocks * -(-block * beside // self.limit) + -(-left * beside // self.limit)
                cuts.append((least, size, block))
        return sorted(cuts, key=lambda cut: (cut[0], -cut[1], -cut[2]))

    def _blocks(self, size: int, rest: _Shape) -> set[int]:
        if self.whole:
            # A block below the half, once cut off, could be cut off a larger block later.
            return set(range((size + 1) // 2, size))
        wholes = {
            math.prod(some) for count in range(len(rest) + 1) for some in combinations(rest, count)
        }
        blocks = {1, size // 2, *(self.limit // cells for cells in wholes)}
        return {block for block in blocks if 1 <= block < size}


def _shape(sizes: Iterator[int] | map[int] | tuple[int, ...]) -> _Shape:
    return tuple(sorted(size for size in sizes if size > 1))


def _without(shape: _Shape, size: int) -> _Shape:
    where = shape.index(size)
    return shape[:where] + shape[where + 1 :]
