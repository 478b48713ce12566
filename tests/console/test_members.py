"""A new analyst's path: template, fill in, check, mend, merge, build, page; and each command."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import time

import nbformat
import openpyxl
import pytest

from regionstudy.members.schema import sheets

SHEETS = {name: sheet.title.sv for name, sheet in sheets().items()}

# What a member fills in, below the template's example; Swedish words, codes typed as they come.
FILLED = {
    "organisations": [
        ["nya-verket", "Nya exempelverket", None, "2281 Sundsvall", 1, "it", "2019-01-01", None,
         50000],
        ["arkivet", "Exempelarkivet", None, "Härnösand", 2, "arkiv", dt.date(2020, 5, 1), None,
         "12 000"],
    ],
    "staff": [
        ["nya-verket", 2281, 2512, "30-39", 40, 2025],
        ["nya-verket", 2281, 2512, "40–49", 32, 2025],
        ["nya-verket", 2280, 2615, "60+", 12, 2025],
        ["arkivet", 2280, "2622 Bibliotekarier och arkivarier", "50-59", 21, 2025],
        ["arkivet", 2280, 4410, "-29", 9, 2025],
    ],
    "needs": [["nya-verket", 2512, 2027, 4, "medel"], ["nya-verket", 2512, 2027, 6, "hög"]],
    "assignments": [
        ["nya-verket", "Bygg om exempelregistret", "IT", 2512, "Python", 2281, 0.5, "2027-01-10",
         "2027-03-01", "https://nya-verket.example", "ja"],
    ],
    "mobility": [["utanför", "arkivet", 180, "ja", 2622, 2025, "anställning", 1]],
    "networks": [["e-arkiv", "Exempelnätet för e-arkiv", "Arkiv", "yrkesnätverk"]],
    "network_members": [["e-arkiv", "arkivet", None, "ledamot"]],
    "participation": [["Årsmöte", "2026-05-14", "arkivet", "ja"]],
    "contributions": [["arkivet", "e-arkiv", "erbjuds"]],
}  # fmt: skip

# Ten faults, one of each kind that members make: sheet, cell, what is planted there.
PLANTED = [
    ("organisations", "D3", "18O"),  # a letter in a code
    ("organisations", "E4", "3"),  # a level that is none
    ("staff", "A5", "nya-verkt"),  # a misspelt id
    ("staff", "E3", "ca 40"),  # words for a number
    ("staff", "D6", "55-60"),  # an age band that is none
    ("staff", "F7", None),  # a gap
    ("needs", "B3", "2599"),  # an occupation that is none
    ("assignments", "I3", "2026-03-01"),  # it closes before it opens
    ("assignments", "J3", "javascript:alert(1)"),  # a script for a link
    ("networks", "A3", "e arkiv"),  # blanks in an id
]
# An id at fault on its own sheet is unknown where it is used.
FOLLOWING = [("network_members", "A3")]


def run(*arguments, cwd=None):
    command = [sys.executable, "-m", "regionstudy", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def fill(path):
    book = openpyxl.load_workbook(path)
    for name, rows in FILLED.items():
        for number, row in enumerate(rows, 3):
            for place, value in enumerate(row, 1):
                if value is not None:
                    book[SHEETS[name]].cell(number, place).value = value
    book.save(path)


def plant(path):
    book = openpyxl.load_workbook(path)
    for name, cell, value in PLANTED:
        book[SHEETS[name]][cell] = value
    book.save(path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A template as a member has filled it in, without a fault."""
    path = tmp_path_factory.mktemp("member") / "medlem.xlsx"
    done = run("members", "template", path, "--lang", "sv")
    assert done.returncode == 0, done.stderr
    fill(path)
    return path


def test_a_new_analysts_path_from_template_to_page(filled, tmp_path, repository):
    begun = time.perf_counter()
    path = tmp_path / "medlem.xlsx"
    shutil.copy(filled, path)
    plant(path)
    # Check: all ten faults at once, on screen and as comments.
    done = run("members", "check", path, "--write-back", "--lang", "sv")
    assert done.returncode == 1
    assert "11 fel." in done.stdout
    book = openpyxl.load_workbook(tmp_path / "medlem.granskad.xlsx")
    commented = {
        (name, cell.coordinate)
        for name, title in SHEETS.items()
        for row in book[title].iter_rows(min_row=2)
        for cell in row
        if cell.comment is not None
    }
    assert commented == {(name, cell) for name, cell, _ in PLANTED} | set(FOLLOWING)
    # Mend in the copy, check again, and use it.
    for name, cell, _ in PLANTED:
        right = openpyxl.load_workbook(filled)[SHEETS[name]][cell].value
        book[SHEETS[name]][cell] = right
    book.save(path)
    done = run("members", "check", path)
    assert done.returncode == 0, done.stdout
    assert "no faults." in done.stdout
    study = tmp_path / "study"
    (study / "notebooks").mkdir(parents=True)
    shutil.copytree(repository / "data", study / "data", ignore=shutil.ignore_patterns("members"))
    (study / "data/members").mkdir()
    shutil.copy(path, study / "data/members/example.xlsx")
    cells = [
        nbformat.v4.new_markdown_cell("# Var?", metadata={"tags": ["lang-sv"]}),
        nbformat.v4.new_markdown_cell("# Where?", metadata={"tags": ["lang-en"]}),
        nbformat.v4.new_code_cell(
            "from regionstudy import Study\n"
            "table = Study.load().members.release('staff_by_organisation_and_municipality')\n"
            "print(table.to_string())"
        ),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), study / "notebooks/01_var.ipynb")
    done = run("build", study, "--out", tmp_path / "site", "--lang", "sv")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site/01_var.html").read_text(encoding="utf-8")
    assert "nya-verket" in page
    assert "72.0" in page  # 40 + 32 persons in Sundsvall
    # Half a minute where nothing else runs; a build server may be ten times as busy.
    assert time.perf_counter() - begun < 300


def test_what_was_mended_is_shown(filled):
    done = run("members", "check", filled, "--lang", "sv")
    assert done.returncode == 0
    assert "lästes som 0180 Stockholm: den första nollan hade fallit bort" in done.stdout
    assert "lästes som 2280 Härnösand" in done.stdout
    assert "inga fel." in done.stdout


def test_merging_tells_who_is_missing_and_writes_the_workbook(filled, tmp_path, repository):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(filled, folder / "medlem.xlsx")
    last = repository / "data/members/example.xlsx"
    done = run("members", "merge", folder, tmp_path / "all.xlsx", "--last", last)
    assert done.returncode == 0, done.stdout + done.stderr
    # The two of this workbook, and the 24 of the fictitious network.
    assert "2 of 26 organisations have handed in." in done.stdout
    assert "changes since last year:" in done.stdout
    assert "Wrote " in done.stdout
    assert "organisations 2, staff 5, needs 2, assignments 1, mobility 1" in done.stdout
    assert run("members", "check", tmp_path / "all.xlsx").returncode == 0


def test_merging_workbooks_that_contradict_each_other_exits_with_1(filled, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(filled, folder / "a.xlsx")
    book = openpyxl.load_workbook(filled)
    book[SHEETS["staff"]]["E3"] = 41
    book.save(folder / "b.xlsx")
    done = run("members", "merge", folder, tmp_path / "all.xlsx")
    assert done.returncode == 1
    assert "contradict each other" in done.stdout
    assert "all.xlsx was not written." in done.stdout
    assert not (tmp_path / "all.xlsx").exists()


def test_a_folder_without_workbooks_is_one_line_and_exit_2(tmp_path):
    done = run("members", "merge", tmp_path, tmp_path / "all.xlsx")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "holds no workbook" in done.stderr


def test_help_of_merging_has_an_example():
    done = run("members", "merge", "--help")
    assert "Example: regionstudy members merge" in done.stdout
