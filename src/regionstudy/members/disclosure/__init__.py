"""
Disclosure control: hide small groups so that nobody can work them out.

A count below the threshold is hidden (primary suppression), and so many other cells that
the sums around it do not give it away (secondary suppression). Covering every line with two
hidden cells is not enough, so the table is attacked as a reader with linear programming
would, and repaired until no hidden group can be bounded more narrowly than is allowed.

What is held, for every count c with 0 < c < threshold, given all published cells, all sums
and the rule that zeros are published: the reader cannot exclude any number from the smallest
possible (1; for a margin, the number of its cells that are not 0) up to the threshold. A
reader who does not know that rule cannot exclude any number from 0 up to the threshold.
"""

from regionstudy.members.disclosure.editions import EarlierTable
from regionstudy.members.disclosure.linked import LinkedTable
from regionstudy.members.disclosure.protection import (
    Protection,
    protect,
    protect_jointly,
    true_cells,
)
from regionstudy.members.disclosure.sums import with_margins

__all__ = [
    "EarlierTable",
    "LinkedTable",
    "Protection",
    "protect",
    "protect_jointly",
    "true_cells",
    "with_margins",
]
