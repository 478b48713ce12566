"""Formulas over indicators: read by a whitelist, never by eval."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from regionstudy.errors import ConfigError

__all__ = ["FUNCTIONS", "Call", "Formula", "Name", "Node", "Number", "Operation", "parse"]

# Longer or deeper than any formula that a person can check by reading.
_MAX_LENGTH = 1_000
_MAX_DEPTH = 30

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_RANGE = re.compile(r"(\d{1,3})\.\.(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in a formula."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """An indicator's id."""

    id: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One of ``+ - * /`` between two parts."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS` with its parts, whole numbers, cells and the text it stands as."""

    function: str
    parts: tuple[Node, ...]
    numbers: tuple[int, ...] = ()
    cells: dict[str, tuple[str, ...]] = field(default_factory=dict)
    text: tuple[str, ...] = ()


Node = Number | Name | Operation | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """
    A formula that passed the whitelist.

    Parameters
    ----------
    text : str
        As it was written.
    root : Node
        Its outermost part.
    names : tuple of str
        The ids it uses, each once, in the order of the text.
    """

    text: str
    root: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signature:
    parts: int  # how many leading arguments are formulas
    numbers: int = 0  # how many whole numbers follow
    many: bool = False  # whether more parts may follow
    cells: bool = False  # whether it takes breakdown = code
    form: str = ""


FUNCTIONS = {
    "at": _Signature(1, cells=True, form='at(id, age="20..34")'),
    "change": _Signature(1, 1, form="change(x, years)"),
    "cohort_rate": _Signature(1, 2, form="cohort_rate(population, low, high)"),
    "join": _Signature(2, many=True, form="join(first, second, ...)"),
    "mean_population": _Signature(1, form="mean_population(population)"),
    "moving_mean": _Signature(1, 1, form="moving_mean(x, years)"),
    "pct_change": _Signature(1, 1, form="pct_change(x, years)"),
    "per_1000": _Signature(2, form="per_1000(part, population)"),
    "share": _Signature(2, form="share(part, whole)"),
}


def parse(text: str, *, known: Container[str] | None = None) -> Formula:
    """
    Read a formula.

    Parameters
    ----------
    text : str
        Indicator ids, numbers, ``+ - * /``, brackets and the functions of `FUNCTIONS`.
    known : container of str, optional
        The ids there are; without it any name passes.

    Returns
    -------
    Formula
        The parts, and the ids used.

    Raises
    ------
    ConfigError
        Pointing at the column, if anything else stands there, or an id is not known.

    Examples
    --------
    >>> parse('share(at(dwelling_stock, tenure="hyresrätt"), dwelling_stock)').names
    ('dwelling_stock',)
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    ...
    regionstudy.errors.ConfigError: Formula "__import__('os')", column 1: ...
    """
    flat = " ".join(text.split())
    if len(flat) > _MAX_LENGTH:
        msg = f"Formula of {len(flat)} signs; at most {_MAX_LENGTH} are read. Split it in two."
        raise ConfigError(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(flat, mode="eval")
    except SyntaxError as error:
        column = error.offset or 1
        raise ConfigError(_message(flat, column, f"{error.msg}. Mend it there.")) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ConfigError(_message(flat, 1, f"can not be read ({error}).")) from error
    reader = _Reader(flat, known)
    root = reader.read(tree.body, 0)
    if not reader.names:
        raise ConfigError(_message(flat, 1, "no indicator in it. Name one by its id."))
    return Formula(text=text, root=root, names=tuple(dict.fromkeys(reader.names)))


def _message(text: str, column: int, problem: str) -> str:
    return f'Formula "{text}", column {column}: {problem}'


class _Reader:
    """Turns Python's syntax tree into ours, refusing whatever is not on the list."""

    def __init__(self, text: str, known: Container[str] | None) -> None:
        self.text = text
        self.known = known
        self.names: list[str] = []

    def read(self, node: ast.expr, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise self.fault(node, f"more than {_MAX_DEPTH} levels deep. Split it in two.")
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            if isinstance(node.value, bool):
                raise self.fault(node, "not allowed here. Write a number or an indicator's id.")
            return Number(float(node.value))
        if isinstance(node, ast.Name):
            return self.read_name(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return Operation("*", Number(-1.0), self.read(node.operand, depth + 1))
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            left = self.read(node.left, depth + 1)
            return Operation(_OPERATORS[type(node.op)], left, self.read(node.right, depth + 1))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self.read_call(node, node.func.id, depth)
        allowed = f"ids, numbers, + - * / and {', '.join(FUNCTIONS)}"
        raise self.fault(node, f"not allowed here. A formula holds {allowed}.")

    def read_name(self, node: ast.Name) -> Name:
        if node.id in FUNCTIONS:
            raise self.fault(node, f"a function needs its parts: {FUNCTIONS[node.id].form}.")
        if self.known is not None and node.id not in self.known:
            near = _nearest(node.id, self.known)
            raise self.fault(node, f'no indicator "{node.id}" in the catalogue.{near}')
        self.names.append(node.id)
        return Name(node.id)

    def read_call(self, node: ast.Call, function: str, depth: int) -> Call:
        signature = FUNCTIONS.get(function)
        if signature is None:
            near = _nearest(function, FUNCTIONS)
            raise self.fault(node, f'no function "{function}".{near} Use: {", ".join(FUNCTIONS)}.')
        count = len(node.args)
        fixed = signature.parts + signature.numbers
        if count < fixed or (count > fixed and not signature.many):
            raise self.fault(node, f"wrong number of parts. Write {signature.form}.")
        if bool(node.keywords) != signature.cells:
            raise self.fault(node, f"wrong breakdowns. Write {signature.form}.")
        ends = count - signature.numbers
        parts = tuple(self.read_part(part, depth + 1, signature.form) for part in node.args[:ends])
        numbers = tuple(self.read_whole(part, signature.form) for part in node.args[ends:])
        if function == "at" and not isinstance(parts[0], Name):
            raise self.fault(node, f"chooses cells of one indicator. Write {signature.form}.")
        if function == "cohort_rate":
            self.check_cohorts(node, parts[0], numbers)
        texts = tuple(ast.get_source_segment(self.text, part) or "" for part in node.args[:ends])
        cells = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fault(keyword.value, f"not allowed here. Write {signature.form}.")
            cells[keyword.arg] = self.read_codes(keyword.value)
        return Call(function, parts, numbers, cells, texts)

    def read_part(self, node: ast.expr, depth: int, form: str) -> Node:
        before = len(self.names)
        part = self.read(node, depth)
        if len(self.names) == before:
            raise self.fault(node, f"a part without any indicator. Write {form}.")
        return part

    def read_whole(self, node: ast.expr, form: str) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int and 1 <= node.value <= 120:
            return node.value
        raise self.fault(node, f"must be a whole number from 1 to 120. Write {form}.")

    def read_codes(self, node: ast.expr) -> tuple[str, ...]:
        items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
        codes: list[str] = []
        for item in items:
            if not (isinstance(item, ast.Constant) and isinstance(item.value, str)):
                raise self.fault(item, 'a code stands in quotation marks, such as "total".')
            span = _RANGE.fullmatch(item.value)
            if span and int(span[1]) > int(span[2]):
                raise self.fault(item, f'the range "{item.value}" runs backwards. Swap its ends.')
            codes += map(str, range(int(span[1]), int(span[2]) + 1)) if span else [item.value]
        if not codes:
            raise self.fault(node, "no code in the list. Name at least one.")
        return tuple(dict.fromkeys(codes))

    def check_cohorts(self, node: ast.Call, part: Node, numbers: tuple[int, ...]) -> None:
        if not (isinstance(part, Name) or (isinstance(part, Call) and part.function == "at")):
            form = FUNCTIONS["cohort_rate"].form
            raise self.fault(node, f"follows ages of one indicator. Write {form}.")
        if isinstance(part, Call) and "age" in part.cells:
            raise self.fault(node, "chooses the ages itself. Take age out of at().")
        if numbers[0] > numbers[1]:
            raise self.fault(node, "the lowest age is above the highest. Swap them.")

    def fault(self, node: ast.expr, problem: str) -> ConfigError:
        # Python counts bytes; a reader counts signs ("hyresrätt" has one byte more).
        before = self.text.encode()[: node.col_offset].decode(errors="ignore")
        return ConfigError(_message(self.text, len(before) + 1, problem))


def _nearest(word: str, known: Container[str]) -> str:
    if not isinstance(known, Iterable):
        return ""
    near = difflib.get_close_matches(word, [str(name) for name in known], n=1)
    return f' Did you mean "{near[0]}"?' if near else ""
