"""Notebooks run as they stand, on a study that some GENERATED figures are put beside."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import pandas as pd
    import pytest


class GeneratedSnapshot:
    """The real snapshot with some tables taken out or put in; what is put in is GENERATED."""

    def __init__(
        self, real: Any, *, put: Mapping[str, pd.DataFrame], out: Collection[str] = ()
    ) -> None:
        self._real, self._put, self._out = real, put, {*out, *put}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @property
    def indicators(self) -> list[str]:
        return [one for one in self._real.indicators if one not in self._out] + list(self._put)

    def observations(self, indicator: str, **chosen: Any) -> pd.DataFrame:
        if indicator in self._put:
            return self._put[indicator].copy()
        return self._real.observations(indicator, **chosen)


def results(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Run a notebook's code cells, and give in order what each displays and ends in."""
    scope: dict[str, Any] = {}
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda *given: shown.extend(given))
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), notebook.name, "exec"), scope)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), notebook.name, "eval"), scope))
    return shown
