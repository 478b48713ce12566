"""Notebooks stay thin, numbered, bilingual and free of outputs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
NUMBERED = [path for path in NOTEBOOKS if path.stem[0].isdigit()]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_first_notebooks_are_there():
    assert {path.stem for path in NOTEBOOKS} >= {
        "01_region_at_a_glance",
        "02_pull_factors",
        "03_migration_and_return",
        "09_sources_and_method",
        "explore",
    }


def test_names_are_numbered_questions_in_snake_case():
    for path in NUMBERED:
        assert re.fullmatch(r"\d\d_[a-z_]+", path.stem), path.name


def test_no_outputs_or_execution_counts_are_kept(notebook):
    for cell in code_cells(notebook):
        assert cell.outputs == []
        assert cell.execution_count is None


def test_a_code_cell_loads_computes_or_shows_in_a_few_lines(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 12, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef), cell.source


def test_notebooks_name_no_file_and_no_address(notebook):
    for cell in code_cells(notebook):
        assert not re.search(r"https?://|\.csv|\.parquet|\.xlsx|open\(", cell.source), cell.source


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_the_first_code_cell_holds_the_parameters(path):
    first = code_cells(nbformat.read(path, as_version=4))[0]
    assert "parameters" in first.metadata.get("tags", [])


@pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)
def test_every_text_stands_in_both_languages_side_by_side(path):
    cells = nbformat.read(path, as_version=4).cells
    tags = [cell.metadata.get("tags", []) for cell in cells if cell.cell_type == "markdown"]
    languages = [tag for cell in tags for tag in cell if tag.startswith("lang-")]
    assert len(languages) == len(tags)
    assert languages[::2] == ["lang-sv"] * (len(tags) // 2)
    assert languages[1::2] == ["lang-en"] * (len(tags) // 2)
    first = next(cell for cell in cells if cell.cell_type == "markdown")
    question = [line for line in first.source.splitlines() if line.startswith("# ")]
    assert len(question) == 1
    assert question[0].endswith("?")


def test_prose_states_no_number_that_code_computes(notebook):
    """A figure with decimals or a percentage in prose would go stale: code must compute it."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\d+,\d|\d\.\d|\d ?%|\d ?procent", cell.source), cell.source
