"""Values with a status: missing is a word, hidden is never a number."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures.content import Cell, Column, as_text
from regionstudy.figures.provenance import is_fictitious, period_text, source_lines
from regionstudy.figures.tables import table
from regionstudy.figures.values import require_columns, require_one_row, value_text, visible


@pytest.mark.parametrize("status", ["hidden", "suppressed"])
def test_protected_value_is_gone_and_called_hidden(status):
    made = visible(pd.DataFrame({"value": [3.0], "status": [status]}))
    assert math.isnan(made["value"].iloc[0])
    assert made["status"].tolist() == ["hidden"]


def test_categorical_status_and_missing_column_are_read():
    frame = pd.DataFrame({"value": [1.0, None], "status": pd.Categorical(["p", None])})
    assert visible(frame)["status"].tolist() == ["p", ".."]
    assert visible(frame[["value"]])["status"].tolist() == ["", ".."]


@pytest.mark.parametrize(
    ("value", "status", "sv"),
    [
        (1.25, "", "1,2"),
        (0.0, "-", "0,0"),
        (1.0, "i", "1,0 (egen skattning)"),
        (math.nan, "..", "uppgift saknas"),
        (math.nan, "-", "inget att redovisa"),
        (math.nan, ".", "kan inte förekomma"),
        (4.0, "hidden", "för få"),
    ],
)
def test_value_is_written_with_its_status(value, status, sv):
    assert value_text(value, status, decimals=1).render("sv") == sv


def test_absent_column_names_those_that_are_there_and_the_nearest():
    with pytest.raises(DataError, match=r'A map needs the column value; .* Did you mean "valu"\?'):
        require_columns(pd.DataFrame({"valu": [1]}), ["value"], where="A map")


def test_repeated_row_names_what_repeats():
    frame = pd.DataFrame({"region": ["2281", "2281"], "value": [1, 2]})
    with pytest.raises(DataError, match=r"one row for each region, but 1 repeat \(2281\)"):
        require_one_row(frame, ["region"], where="A map")


def test_sources_are_told_in_both_languages_once_each(net):
    (line,) = source_lines(net, net)
    assert line.text.render("sv") == (
        "Källa: SCB, TAB638, 2024. Hämtad 24 november 2026. Licens: CC0. "
        "Siffrorna är avskrivna för hand."
    )
    assert "transcribed by hand" in line.text.render("en")
    assert line.url == "https://www.scb.se/x"


def test_periods_become_a_span():
    assert period_text(pd.Series(["2024", "2020", "2022"])).sv == "2020–2024"
    assert period_text(pd.Series(["2024M05"])).en == "May 2024"


def test_made_up_frames_say_so():
    frame = pd.DataFrame()
    frame.attrs["fictitious"] = True
    assert is_fictitious(None, frame)
    assert not is_fictitious(None, pd.DataFrame())


COLUMNS = [
    Column("name", as_text("Kommun")),
    Column("value", as_text("Netto"), "number", 1, signed=True),
]


def test_table_has_words_for_statuses_and_marks_the_home():
    frame = pd.DataFrame(
        {
            "region": ["2281", "2260", "2262"],
            "name": ["Sundsvall", "Ånge", "<b>Timrå</b>"],
            "value": [0.123, 987.0, None],
            "status": ["", "suppressed", ".."],
        }
    )
    made = table(frame, columns=COLUMNS, title="Netto", home=["2281"])
    assert made.table.rows == (
        ("Sundsvall", 0.1),
        ("Ånge", Cell(None, "hidden")),
        ("<b>Timrå</b>", Cell(None, "..")),
    )
    assert made.table.home == (0,)
    html = made._repr_mimebundle_()["text/html"]
    assert "987" not in html
    assert ">för få<" in html
    assert ">uppgift saknas<" in html
    assert "&lt;b&gt;Timrå" in html
    assert ">+0,1<" in html


def test_table_of_made_up_figures_is_marked():
    frame = pd.DataFrame({"name": ["A"], "value": [1.0]})
    made = table(frame, columns=COLUMNS, title="Netto", fictitious=True)
    assert "Påhittade medlemsuppgifter" in made._repr_mimebundle_()["text/html"]
    assert made.payload()["fictitious"] is True


def test_table_without_its_column_says_which():
    with pytest.raises(DataError, match="A table needs the column value"):
        table(pd.DataFrame({"name": ["A"]}), columns=COLUMNS, title="Netto")
