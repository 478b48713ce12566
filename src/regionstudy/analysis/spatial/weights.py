"""Which regions count as near one another, and how much: spatial weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.spatial.pairs import bordering, nearest, nearest_border, within
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    from libpysal.graph import Graph
    from numpy.typing import NDArray

__all__ = ["Weights", "weights"]

# SWEREF 99 TM: the only coordinates in which this study measures areas and distances.
_EPSG = 3006
# Which options belong to which method.
_OPTIONS = {
    "commuting": ("least",),
    "contiguity": (),
    "distance": ("distance_m",),
    "nearest": ("k",),
}
_ISLANDS = ("keep", "tie")


@dataclass(frozen=True, eq=False, slots=True)
class Weights:
    """
    Row-standardised spatial weights between regions.

    Parameters
    ----------
    regions : tuple of str
        Codes, in the order of the matrix.
    matrix : csr_array, shape (n, n)
        Row i holds the weights of i's neighbours: they sum to 1, or to 0 where i has
        none. The diagonal is 0: no region is its own neighbour.
    method : str
        How neighbours were chosen, for captions.
    islands : DataFrame
        Regions that the method gives no neighbour: ``region``, ``name`` ("" where the
        regions came without names), ``tied_to`` (the nearest region, which was made
        its neighbour; "" where it was left alone).
    """

    regions: tuple[str, ...]
    matrix: sparse.csr_array[Any]
    method: str
    islands: pd.DataFrame

    @classmethod
    def from_libpysal(cls, graph: Any) -> Weights:
        """
        Take over weights that were made with libpysal.

        Parameters
        ----------
        graph : libpysal.graph.Graph or libpysal.weights.W
            Any weights; their rows are standardised, self-weights dropped.

        Returns
        -------
        Weights
            The same neighbours.

        Raises
        ------
        DataError
            If `graph` is neither, or holds a negative weight.
        """
        # A Graph names its regions `unique_ids`, a W `id_order`; both have `sparse`.
        codes = getattr(graph, "unique_ids", getattr(graph, "id_order", None))
        if codes is None or not hasattr(graph, "sparse"):
            msg = (
                f"weights is a {type(graph).__name__}; make it with weights(...), or give a "
                "Graph or a W of libpysal."
            )
            raise DataError(msg)
        return _standardised([str(code) for code in codes], graph.sparse, method="libpysal")

    def to_libpysal(self) -> Graph:
        """
        Give the weights as a graph of libpysal, for statistics that are not here.

        Returns
        -------
        libpysal.graph.Graph
            The same weights; islands have one row of weight 0, as libpysal marks them.
        """
        from libpysal.graph import Graph  # a second to import, and seldom asked for

        return Graph.from_sparse(self.matrix, ids=list(self.regions))


def weights(
    regions: gpd.GeoDataFrame | pd.DataFrame,
    *,
    method: str = "contiguity",
    distance_m: float | None = None,
    k: int | None = None,
    least: float | None = None,
    islands: str = "keep",
) -> Weights:
    """
    Say which regions are neighbours, and weigh each region's neighbours to 1 in all.

    Parameters
    ----------
    regions : GeoDataFrame or DataFrame
        ``region`` (and ``name``) with polygons in EPSG:3006, such as
        ``geography.regions("municipality")``. For "commuting" a frame of flows instead:
        ``origin``, ``destination``, ``value`` (persons).
    method : {"contiguity", "distance", "nearest", "commuting"}
        Share a border (a line; a corner is none); centroids at most `distance_m` apart;
        the `k` nearest centroids; as much as people commute between the two, both
        ways together.
    distance_m : float, optional
        Metres, for "distance".
    k : int, optional
        Neighbours of each, for "nearest".
    least : float, optional
        For "commuting": pairs with fewer commuters than this are no neighbours.
    islands : {"keep", "tie"}, default "keep"
        What becomes of regions without a neighbour. Kept, they have no lag and no local
        statistic. Tied, each and the region whose border is nearest become neighbours.
        Either way they are listed in ``.islands``.

    Returns
    -------
    Weights
        Row-standardised: w_ij / sum_j w_ij.

    Raises
    ------
    DataError
        If the frame, its coordinates or an option does not suit the method.

    References
    ----------
    Anselin (1988), Spatial Econometrics: Methods and Models, Kluwer, chapter 3.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["2281", "2262", "2281"],
    ...     "destination": ["2262", "2281", "2260"], "value": [500.0, 2500.0, 1000.0]})
    >>> weights(flows, method="commuting").matrix.toarray().tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.25, 0.75, 0.0]]
    """
    options = {"distance_m": distance_m, "k": k, "least": least}
    _check_options(method, options, islands)
    if method == "commuting":
        if islands == "tie":
            msg = 'islands="tie" needs polygons, which flows have not; use islands="keep".'
            raise DataError(msg)
        return _from_flows(regions, least=least or 0.0)
    shapes = _polygons(regions)
    codes = regions["region"].astype(str).tolist()
    if method == "contiguity":
        one, other = bordering(shapes)
    elif method == "distance":
        one, other = within(shapes, distance_m or 0.0)
    else:
        one, other = nearest(shapes, k or 0)
    alone = np.setdiff1d(np.arange(len(codes)), one)
    tied = np.zeros(0, dtype=int)
    if islands == "tie" and len(alone):
        tied = nearest_border(shapes, alone)
        one, other = np.r_[one, alone, tied], np.r_[other, tied, alone]
    matrix = sparse.csr_array((np.ones(len(one)), (one, other)), shape=(len(codes),) * 2)
    # Two islands may be each other's nearest, and then stand there twice.
    matrix.data = np.ones_like(matrix.data)
    names = regions["name"].astype(str) if "name" in regions.columns else pd.Series("", codes)
    listed = pd.DataFrame(
        {
            "region": np.array(codes, dtype=object)[alone],
            "name": names.to_numpy()[alone],
            "tied_to": np.array(codes, dtype=object)[tied] if len(tied) else "",
        },
        dtype=str,
    )
    said = {"distance": f"distance {distance_m} m", "nearest": f"nearest {k}"}.get(method, method)
    return _standardised(codes, matrix, method=said, islands=listed)


def _check_options(method: str, options: dict[str, float | None], islands: str) -> None:
    if method not in _OPTIONS:
        msg = f'"{method}" is no method of weights; use one of: {", ".join(_OPTIONS)}.'
        raise DataError(msg)
    if islands not in _ISLANDS:
        msg = f'islands="{islands}" is unknown; use one of: {", ".join(_ISLANDS)}.'
        raise DataError(msg)
    for option, value in options.items():
        if option not in _OPTIONS[method] and value is not None:
            owner = next(name for name, owned in _OPTIONS.items() if option in owned)
            msg = f'{option} belongs to method="{owner}", not to "{method}"; leave it out.'
            raise DataError(msg)
        needed = option in _OPTIONS[method] and option != "least"
        if needed and (value is None or not value > 0):
            msg = f'method="{method}" needs {option} above 0; it is {value}.'
            raise DataError(msg)


def _polygons(regions: gpd.GeoDataFrame | pd.DataFrame) -> NDArray[Any]:
    """Check a frame of regions, and give its polygons."""
    require_columns(regions, ["region", "geometry"], name="regions")
    require_unique(regions, ["region"], name="regions")
    crs = getattr(regions, "crs", None)
    if crs is None or crs.to_epsg() != _EPSG:
        msg = (
            f"regions is in {'no known coordinates' if crs is None else crs.name}; distances need "
            f'SWEREF 99 TM: regions.to_crs("EPSG:{_EPSG}").'
        )
        raise DataError(msg)
    shapes = np.asarray(regions["geometry"].array)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if empty.any():
        codes = regions["region"].astype(str)[empty]
        msg = f"regions has no polygon for {', '.join(codes[:5])}; leave those rows out."
        raise DataError(msg)
    return shapes


def _from_flows(flows: pd.DataFrame, *, least: float) -> Weights:
    require_columns(flows, ["origin", "destination", "value"], name="flows")
    require_unique(flows, ["origin", "destination"], name="flows")
    wrong = flows[flows["value"].isna() | (flows["value"] < 0)]
    if not wrong.empty:
        first = wrong.iloc[0]
        msg = (
            f"flows has {len(wrong)} values that are missing or negative, first from "
            f"{first['origin']} to {first['destination']}; leave those pairs out (then they are "
            "no neighbours) or estimate them first."
        )
        raise DataError(msg)
    origin, destination = flows["origin"].astype(str), flows["destination"].astype(str)
    codes = sorted({*origin, *destination})
    place = pd.Index(codes)
    matrix = sparse.csr_array(
        (
            flows["value"].to_numpy(dtype=float),
            (place.get_indexer(origin), place.get_indexer(destination)),
        ),
        shape=(len(codes),) * 2,
    )
    both = sparse.csr_array(matrix + matrix.T)
    both.data[both.data < least] = 0
    return _standardised(codes, both, method="commuting")


def _standardised(
    codes: list[str], matrix: Any, *, method: str, islands: pd.DataFrame | None = None
) -> Weights:
    """Let each row sum to 1, and list the rows that cannot."""
    clean = sparse.csr_array(matrix, dtype=float, copy=True)
    if (clean.data < 0).any():
        msg = "weights holds a negative weight; a neighbour counts for more than 0 or not at all."
        raise DataError(msg)
    clean.setdiag(0)
    clean.eliminate_zeros()
    clean.sort_indices()
    total = np.asarray(clean.sum(axis=1)).ravel()
    clean.data /= np.repeat(total, np.diff(clean.indptr))
    if islands is None:
        alone = [code for code, whole in zip(codes, total, strict=True) if whole == 0]
        islands = pd.DataFrame({"region": alone, "name": "", "tied_to": ""}, dtype=str)
    return Weights(regions=tuple(codes), matrix=clean, method=method, islands=islands)
