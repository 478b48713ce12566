"""The whole map of networks, computed once: what pages, tables and exports show of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.networks import measures
from regionstudy.analysis.networks.incidence import incidence, pairs
from regionstudy.analysis.networks.overlap import overlaps
from regionstudy.analysis.networks.reaching import Reach, losses, reach
from regionstudy.analysis.networks.roles import brokerage

if TYPE_CHECKING:
    from regionstudy.analysis.networks.incidence import Incidence

__all__ = ["NetworkMap", "map_networks"]


@dataclass(frozen=True, slots=True)
class NetworkMap:
    """
    Who sits where, and what that reaches.

    Parameters
    ----------
    organisations : DataFrame, a row an organisation
        What was given of it, and ``networks`` (seats), ``meets`` (others it shares one
        with), ``only_link`` (networks where it alone sits), ``parted`` (pairs of others that
        it alone links), ``betweenness`` (0-1), the roles of `brokerage` where clusters were
        given, ``core``, ``community`` (0: meets nobody), ``x`` and ``y`` (0-1; NaN without a
        seat).
    networks : DataFrame, a row a network
        What was given of it, and ``organisations`` (with a seat), ``only`` (the organisation
        where it is one, else ""), ``betweenness``, ``community``, ``x`` and ``y``.
    seats : DataFrame, a row a seat
        ``org_id``, ``network_id``, and ``bridge``: whether it alone holds two parts together.
    ties : DataFrame, a row a pair of organisations that meet
        ``org_a``, ``org_b``, ``shared`` (networks).
    overlaps : DataFrame, a row a pair of networks
        From `overlaps`.
    reach : Reach
        What all reach together.
    seed : int
        What chance started from.
    """

    organisations: pd.DataFrame
    networks: pd.DataFrame
    seats: pd.DataFrame
    ties: pd.DataFrame
    overlaps: pd.DataFrame
    reach: Reach
    seed: int


def map_networks(
    seats: pd.DataFrame,
    *,
    networks: pd.DataFrame | None = None,
    organisations: pd.DataFrame | None = None,
    seed: int = 1,
) -> NetworkMap:
    """
    Map who sits in which network, and measure it.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat. Other columns, such as contacts, are not
        read and not kept; several persons in one network are one seat.
    networks : DataFrame, optional
        ``network_id`` and what else is known; also networks without a seat.
    organisations : DataFrame, optional
        ``org_id`` and what else is known, ``cluster`` for the brokerage between clusters;
        also organisations without a seat.
    seed : int, default 1
        Start of all that rests on chance: layout and communities.

    Returns
    -------
    NetworkMap
        The map. The order of rows in `seats` does not matter.

    Raises
    ------
    DataError
        If a column or an id is missing, an id repeats, or a seat is of an organisation or in
        a network that is not listed.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "y"], "network_id": ["p", "p", "q"]})
    >>> found = map_networks(seats)
    >>> found.organisations[["org_id", "networks", "meets", "only_link"]]
      org_id  networks  meets  only_link
    0      x         1      1          0
    1      y         2      1          1
    >>> found.networks[["network_id", "organisations", "only"]]
      network_id  organisations only
    0          p              2
    1          q              1    y
    """
    held = incidence(
        seats,
        networks=_ids(networks, "network_id", "networks"),
        organisations=_ids(organisations, "org_id", "organisations"),
    )
    graph = measures.two_mode(held.matrix)
    number = len(held.organisations)
    between = measures.betweenness(graph, organisations=number)
    places = measures.place(graph, seed=seed)
    first, second, shared = pairs(held.matrix)
    meeting = measures.meeting(number, first, second)
    group = measures.communities(meeting, shared, seed=seed)
    ties = pd.DataFrame(
        {
            "org_a": held.organisations[first],
            "org_b": held.organisations[second],
            "shared": shared,
        }
    )
    seat = held.matrix.tocoo()
    pure = pd.DataFrame(
        {
            "org_id": held.organisations[seat.row],
            "network_id": held.networks[seat.col],
            "bridge": measures.bridges(graph),
        }
    )
    made = pd.DataFrame({"org_id": held.organisations, "networks": np.diff(held.matrix.indptr)})
    made["meets"] = np.bincount(np.concatenate([first, second]), minlength=number)
    lost = losses(pure, organisations=list(held.organisations))
    made["only_link"], made["parted"] = lost["lost"], lost["parted"]
    made["betweenness"] = between[:number]
    made["core"] = measures.cores(meeting)
    made["community"] = group
    made["x"], made["y"] = places[:number].T
    if organisations is not None and "cluster" in organisations:
        clusters = organisations["cluster"].astype("object")
        of = dict(zip(organisations["org_id"].astype(str), clusters, strict=True))
        of = {one: str(cluster) for one, cluster in of.items() if pd.notna(cluster)}
        roles = brokerage(pure, of, organisations=list(held.organisations))
        made = made.merge(roles, on="org_id", how="left", validate="one_to_one")
    other = _networks(held, group)
    other["betweenness"] = between[number:]
    other["x"], other["y"] = places[number:].T
    return NetworkMap(
        organisations=_beside(organisations, made, "org_id"),
        networks=_beside(networks, other, "network_id"),
        seats=pure,
        ties=ties,
        overlaps=overlaps(pure, networks=list(held.networks)),
        reach=reach(pure),
        seed=seed,
    )


def _ids(frame: pd.DataFrame | None, column: str, name: str) -> list[str] | None:
    if frame is None:
        return None
    require_columns(frame, [column], name=name)
    return list(frame[column].astype(str))


def _networks(held: Incidence, group: np.ndarray) -> pd.DataFrame:
    """Count each network's organisations, name a lone one, and give the group of most."""
    by_network = held.matrix.T.tocsr()
    size = np.diff(by_network.indptr)
    lone = pd.Series("", index=range(len(size)), dtype="str")
    single = np.flatnonzero(size == 1)
    lone.iloc[single] = held.organisations[by_network.indices[by_network.indptr[single]]]
    seat = by_network.tocoo()
    counted = pd.DataFrame({"network": seat.row, "community": group[seat.col]})
    counted = counted.groupby(["network", "community"]).size().reset_index(name="n")
    # Of two groups as strong, the larger: the one with the lower number.
    counted = counted.sort_values(["n", "community"], ascending=[False, True], kind="stable")
    most = counted.drop_duplicates("network").set_index("network")["community"]
    return pd.DataFrame(
        {
            "network_id": held.networks,
            "organisations": size,
            "only": lone.to_numpy(),
            "community": most.reindex(range(len(size)), fill_value=0).to_numpy(),
        }
    )


def _beside(given: pd.DataFrame | None, made: pd.DataFrame, key: str) -> pd.DataFrame:
    """Put what was computed beside what was given, which gives way where names clash."""
    if given is None:
        return made
    kept = given.drop(columns=[one for one in made.columns if one != key and one in given])
    kept = kept.assign(**{key: kept[key].astype("str")})
    return kept.merge(made, on=key, how="left", validate="one_to_one")
