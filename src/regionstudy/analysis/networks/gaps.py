"""Themes that no organisation, or only one, has a seat for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.networks.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["theme_gaps"]


def theme_gaps(
    seats: pd.DataFrame, networks: pd.DataFrame, *, themes: Sequence[str] = ()
) -> pd.DataFrame:
    """
    Say of each theme how many networks there are, and whether anyone sits in them.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.
    networks : DataFrame, a row a network
        ``network_id`` and ``theme``. Themes are told apart without regard to capitals and
        spaces around them; a network without one counts to none.
    themes : sequence of str
        Themes that are wanted, whether or not a network has them.

    Returns
    -------
    DataFrame
        ``theme``, ``networks`` (known), ``reached`` (with a seat), ``organisations`` (with a
        seat in any of them), ``only`` (the organisation where it is one, else ""), ``state``:
        "unknown" (no network is known), "none" (known, but no seat), "one" (one organisation
        alone) or "several". The barest first, then by theme.

    Raises
    ------
    DataError
        If a column is absent, an id repeats, or a seat is in a network that is not listed.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x"], "network_id": ["p"]})
    >>> networks = pd.DataFrame({"network_id": ["p", "q"], "theme": ["IT", "Arkiv"]})
    >>> theme_gaps(seats, networks, themes=["Juridik"])[["theme", "networks", "only", "state"]]
         theme  networks only    state
    0  Juridik         0       unknown
    1    Arkiv         1         none
    2       IT         1    x      one
    """
    require_columns(networks, ["network_id", "theme"], name="networks")
    require_unique(networks, ["network_id"], name="networks")
    found = incidence(seats, networks=list(networks["network_id"].astype(str)))
    given = networks["theme"].fillna("").astype(str).str.strip()
    wanted = pd.Series([one.strip() for one in themes], dtype="str")
    # The first spelling stands for all of a theme.
    spelt = pd.concat([given, wanted], ignore_index=True)
    spelt = spelt[spelt != ""]
    names = spelt.groupby(spelt.str.casefold()).first()
    themed = (given != "").to_numpy()
    column = np.flatnonzero(themed)
    number = names.index.get_indexer(pd.Index(given[themed].str.casefold()))
    known = np.bincount(number, minlength=len(names))
    held = np.asarray(found.matrix.sum(axis=0)).ravel()[column] > 0
    reached = np.bincount(number[held], minlength=len(names))
    seat = found.matrix[:, column].tocoo()
    who = pd.DataFrame(
        {"theme": names.to_numpy()[number[seat.col]], "org": found.organisations[seat.row]}
    ).drop_duplicates()
    members = who.groupby("theme")["org"].agg(["size", "first"])
    frame = pd.DataFrame({"theme": names.to_numpy(), "networks": known, "reached": reached})
    frame["organisations"] = frame["theme"].map(members["size"]).fillna(0).astype(int)
    first = frame["theme"].map(members["first"]).astype("object")
    frame["only"] = first.where(frame["organisations"] == 1, "").astype("str")
    states = ["unknown", "none", "one", "several"]
    rank = np.select(
        [frame["networks"] == 0, frame["reached"] == 0, frame["organisations"] == 1],
        [0, 1, 2],
        default=3,
    )
    frame["state"] = [states[one] for one in rank]
    order = np.lexsort((frame["theme"].str.casefold(), rank))
    return frame.iloc[order].reset_index(drop=True)
