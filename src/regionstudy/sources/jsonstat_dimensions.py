"""The dimensions of a JSON-stat dataset: their codes in order, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Dimension", "cell_name", "read_dimensions"]

_COLUMNS = ("value", "status")


@dataclass(frozen=True, slots=True)
class Dimension:
    """
    One dimension of a dataset.

    Parameters
    ----------
    id : str
        Its id, which names the column.
    label : str
        Its name in words; the id where it has none.
    codes : list of str
        The codes of its categories, in the order of the cells.
    labels : dict of str to str
        Code to words; a code without a label stands for itself.
    units : dict of str to dict
        Code to its unit (``base`` or ``label``, ``decimals``, ``symbol``, ...).
    notes : list of str
        Notes on the whole dimension.
    category_notes : dict of str to list of str
        Code to notes on that category.
    children : dict of str to list of str
        Code to the codes below it in a hierarchy.
    extension : dict
        What the publisher adds.
    """

    id: str
    label: str
    codes: list[str]
    labels: dict[str, str]
    units: dict[str, dict[str, Any]]
    notes: list[str]
    category_notes: dict[str, list[str]]
    children: dict[str, list[str]]
    extension: dict[str, Any]


def read_dimensions(dataset: Mapping[str, Any]) -> list[Dimension]:
    """
    Read the dimensions in the order of the cells; the last one runs fastest.

    Parameters
    ----------
    dataset : mapping
        A parsed dataset. ``id`` and ``size`` may stand inside ``dimension``, as before
        JSON-stat 2.0.

    Returns
    -------
    list of Dimension
        Empty for a dataset of one cell and no dimension.

    Raises
    ------
    DataError
        If ids, sizes and categories do not agree; the message names the dimension.
    """
    described = dataset.get("dimension", {})
    if not isinstance(described, dict):
        raise DataError(_fault("dimension is not an object"))
    ids = dataset.get("id", described.get("id"))
    sizes = dataset.get("size", described.get("size"))
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise DataError(_fault("id is not a list of dimension ids"))
    if not isinstance(sizes, list) or len(sizes) != len(ids):
        raise DataError(_fault(f"size does not have one entry for each of the ids {ids}"))
    repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if repeated:
        raise DataError(_fault(f"the dimension {', '.join(repeated)} stands twice in id"))
    dimensions = [
        _dimension(id_, described.get(id_), size) for id_, size in zip(ids, sizes, strict=True)
    ]
    _require_known_roles(dataset, ids)
    return dimensions


def cell_name(dimensions: list[Dimension], position: int) -> str:
    """
    Name a cell by its codes, for a message.

    Parameters
    ----------
    dimensions : list of Dimension
        The dataset's dimensions.
    position : int
        The cell's place, counted from 0 with the last dimension fastest.

    Returns
    -------
    str
        Such as "cell 7 (Region 2281, Tid 2024)".
    """
    parts: list[str] = []
    rest = position
    for dimension in reversed(dimensions):
        rest, place = divmod(rest, len(dimension.codes))
        parts.append(f"{dimension.id} {dimension.codes[place]}")
    where = ", ".join(reversed(parts))
    return f"cell {position} ({where})" if where else f"cell {position}"


def _dimension(id_: str, body: Any, size: Any) -> Dimension:
    if id_ in _COLUMNS:
        raise DataError(_fault(f'a dimension is called "{id_}", as the column of results is'))
    if not isinstance(body, dict):
        raise DataError(_fault(f"dimension {id_} stands in id and is not described"))
    category = body.get("category")
    if not isinstance(category, dict):
        raise DataError(_fault(f"dimension {id_} has no category"))
    labels = _object(category, "label", id_)
    codes = _codes(id_, category.get("index"), labels)
    if str(size) != str(len(codes)):
        raise DataError(
            _fault(f"dimension {id_} has {len(codes)} categories, and its size says {size}")
        )
    known = set(codes)
    for key in ("label", "unit", "note", "child"):
        unknown = [code for code in _object(category, key, id_) if code not in known]
        if unknown and key != "child":  # a hierarchy may name levels that are not shown
            shown = ", ".join(unknown[:5])
            raise DataError(
                _fault(f"dimension {id_}: {key} names the categories {shown}, which index has not")
            )
    units = _object(category, "unit", id_)
    children = _object(category, "child", id_)
    for key, kind, found in (("unit", dict, units), ("child", list, children)):
        odd = [code for code, part in found.items() if not isinstance(part, kind)]
        if odd:
            should = "an object" if kind is dict else "an array"
            raise DataError(_fault(f"dimension {id_}: {key} of {odd[0]} is not {should}"))
    return Dimension(
        id=id_,
        label=str(body.get("label") or id_),
        codes=codes,
        labels={code: str(labels.get(code, code)) for code in codes},
        units=units,
        notes=_notes(body.get("note")),
        category_notes={
            code: _notes(note) for code, note in _object(category, "note", id_).items()
        },
        children=children,
        extension=_object(body, "extension", id_),
    )


def _codes(id_: str, index: Any, labels: dict[str, Any]) -> list[str]:
    """Read the codes in order: from an array, from code to position, or the only label."""
    if index is None:
        if len(labels) == 1:
            return list(labels)
        raise DataError(
            _fault(f"dimension {id_} has no index, which only one with a single category may lack")
        )
    if isinstance(index, list):
        if any(code is None or isinstance(code, dict | list) for code in index):
            raise DataError(_fault(f"dimension {id_}: a category in index is no code"))
        codes = [str(code) for code in index]
    elif isinstance(index, dict):
        try:
            order = sorted((_whole(position), code) for code, position in index.items())
        except (TypeError, ValueError, OverflowError):
            raise DataError(_fault(f"dimension {id_}: a position in index is no number")) from None
        if [position for position, _ in order] != list(range(len(order))):
            raise DataError(
                _fault(f"dimension {id_}: the positions in index are not 0 to {len(order) - 1}")
            )
        codes = [code for _, code in order]
    else:
        raise DataError(_fault(f"dimension {id_}: index is neither an array nor an object"))
    if len(set(codes)) != len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise DataError(_fault(f"dimension {id_} has the category {twice} twice"))
    return codes


def _whole(position: Any) -> int:
    """Read a position; a text of one is taken, a part of one (0.9) is not."""
    number = int(position)
    if isinstance(position, bool) or (isinstance(position, float) and position != number):
        raise ValueError
    return number


def _object(body: dict[str, Any], key: str, id_: str) -> dict[str, Any]:
    found = body.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise DataError(_fault(f"dimension {id_}: {key} is not an object"))
    return found


def _notes(found: Any) -> list[str]:
    if not found:
        return []
    return [str(note) for note in found] if isinstance(found, list) else [str(found)]


def _require_known_roles(dataset: Mapping[str, Any], ids: list[str]) -> None:
    roles = dataset.get("role")
    if roles is None:
        return
    if not isinstance(roles, dict):
        raise DataError(_fault("role is not an object"))
    for role, members in roles.items():
        if not isinstance(members, list):
            raise DataError(_fault(f"role {role} is not a list of dimension ids"))
        unknown = [member for member in members if member not in ids]
        if unknown:
            raise DataError(
                _fault(f"role {role} names {', '.join(map(str, unknown))}, which id has not")
            )


def _fault(problem: str) -> str:
    return f"JSON-stat: {problem}. The service breaks the format: report it to its keeper."
