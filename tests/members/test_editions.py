"""Who holds two editions of the site learns no hidden group from them together."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.members.attacks import (
    DIMENSIONS,
    GROUPINGS,
    THRESHOLD,
    Reader,
    draw_rows,
    everyone,
    needed,
)

from regionstudy.members import load
from regionstudy.members.disclosure import (
    EarlierTable,
    LinkedTable,
    protect_jointly,
    true_cells,
)


def edition(rows, tables, earlier=()):
    return protect_jointly(rows, tables, groupings=GROUPINGS, earlier=earlier)


def as_earlier(rows, tables, released):
    """Keep an edition as the state keeps it."""
    found = []
    for table in tables:
        cells = true_cells(rows, table).rename(columns={"headcount": "count"})
        hidden = (released[table.name]["status"] == "suppressed").to_numpy()
        named = replace(table, name=f"earlier {table.name}")
        found.append(EarlierTable(named, cells.assign(hidden=hidden)))
    return found


def both_known(shown, shown_before, rows, rows_before, tables):
    """Fill in what the other edition tells of cells that have not changed."""
    filled = {}
    for table in tables:
        names = list(table.dimensions)
        now = true_cells(rows, table).set_index(names)["headcount"]
        before = true_cells(rows_before, table).set_index(names)["headcount"]
        frame = shown[table.name].copy()
        other = shown_before[table.name].set_index(names)["headcount"]
        keys = list(zip(*(frame[name] for name in names), strict=True))
        keys = [key if len(names) > 1 else key[0] for key in keys]
        for number, key in enumerate(keys):
            same = key in before.index and key in now.index and before[key] == now[key]
            if same and key in other.index and not np.isnan(other[key]):
                frame.loc[number, "headcount"] = other[key]
                frame["status"] = frame["status"].astype("str")
                frame.loc[number, "status"] = ""
        filled[table.name] = frame
    return filled


@st.composite
def two_years_of_rows(draw):
    """The same persons twice; in between a few came and went."""
    dimensions = draw(st.lists(DIMENSIONS, min_size=1, max_size=3, unique=True))
    tables = [LinkedTable(f"t{number}", names) for number, names in enumerate(dimensions)]
    seed = draw(st.integers(0, 2**32 - 1))
    before = draw_rows(seed, filled=0.5)
    changes = draw(st.integers(0, 4))
    after = before.reset_index(drop=True)
    rng = np.random.default_rng(seed + 1)
    for row in rng.integers(0, len(after), changes):
        after.loc[row, "headcount"] = max(after.loc[row, "headcount"] + rng.integers(-3, 4), 1)
    return tables, needed(before, tables), needed(after, tables)


@settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=two_years_of_rows())
def test_a_holder_of_two_editions_finds_no_hidden_group_and_no_small_change(drawn):
    tables, before, after = drawn
    first = edition(before, tables).tables
    second = edition(after, tables, as_earlier(before, tables, first))
    unproved = second.audit.loc[~second.audit["proved"], ["table", "cell"]]
    unproved = set(unproved.itertuples(index=False, name=None))
    now = both_known(second.tables, first, after, before, tables)
    then = both_known(first, second.tables, before, after, tables)
    people = everyone(pd.concat([before, after]))
    readers = Reader(tables, now, people), Reader(tables, then, people)
    for table in tables:
        frame = second.tables[table.name]
        for number, row in enumerate(frame.to_dict("records")):
            if row["status"] != "suppressed":
                continue
            cell = ", ".join(f"{name} {row[name]}" for name in table.dimensions)
            if (table.name, cell) in unproved:
                continue
            low, high = readers[0].bounds(table.name, number)
            assert high - low >= THRESHOLD - 1e-4, (table.name, cell, low, high)
            assert second.tables[table.name].columns.tolist()[-1] == "status"
            old = then[table.name]
            match = np.logical_and.reduce([old[n] == row[n] for n in table.dimensions])
            if not match.any():
                continue
            old_low, old_high = readers[1].bounds(table.name, int(np.flatnonzero(match)[0]))
            least, most = low - old_high, high - old_low
            # Not "it changed by 1, 2, 3 or 4": no change, or a large one, stays possible.
            assert least <= 1e-4 <= most + 2e-4 or max(-least, most) >= THRESHOLD - 1e-4


def test_what_was_hidden_and_has_not_changed_stays_hidden_when_the_small_group_grows():
    # 2 is small, and 9 hides it. When the 2 becomes 8, showing the 9 would tell the old 2.
    tables = [LinkedTable("t", ("place",))]
    before = pd.DataFrame({"place": ["a", "b", "c"], "headcount": [31.0, 2.0, 9.0]})
    after = before.assign(headcount=[31.0, 8.0, 9.0])
    first = edition(before, tables).tables
    assert first["t"]["status"].tolist() == ["", "suppressed", "suppressed", ""]
    alone = edition(after, tables).tables
    assert alone["t"]["status"].tolist() == ["", "", "", ""]
    second = edition(after, tables, as_earlier(before, tables, first))
    cells = second.tables["t"].set_index("place")
    assert cells.loc["c", "status"] == "suppressed"
    assert second.audit.set_index("cell").loc["place c", "reason"] == "earlier"


def test_what_was_shown_can_not_hide_another_group_now():
    # With b small, the cheapest cover is the 9; but readers hold the 9 already.
    tables = [LinkedTable("t", ("place",))]
    before = pd.DataFrame({"place": ["a", "b", "c", "d"], "headcount": [31.0, 7.0, 9.0, 20.0]})
    after = before.assign(headcount=[31.0, 3.0, 9.0, 24.0])
    first = edition(before, tables).tables
    second = edition(after, tables, as_earlier(before, tables, first)).tables["t"]
    assert second.set_index("place")["status"].to_dict() == {
        "a": "",
        "b": "suppressed",
        "c": "",
        "d": "suppressed",
        "total": "",
    }


def test_the_same_edition_again_is_the_same(tmp_path, repository):
    members = load(repository / "data/members/example.xlsx", state=tmp_path / "state")
    names = [table.name for table in members.declarations.person_tables]
    first = {name: members.release(name) for name in names}
    members.keep_edition()
    again = load(repository / "data/members/example.xlsx", state=tmp_path / "state")
    for name in names:
        pd.testing.assert_frame_equal(again.release(name), first[name])
    kept = json.loads((tmp_path / "state/edition.json").read_text(encoding="utf-8"))
    assert {entry["sheet"] for entry in kept.values()} == {"staff", "mobility"}
    assert (tmp_path / "state/edition.json").stat().st_mode & 0o077 == 0


def test_without_state_nothing_is_kept(tmp_path, tables, workbook):
    members = load(workbook(tables))
    members.keep_edition()
    assert not list(tmp_path.glob("**/edition.json"))


def test_the_audit_says_what_was_hidden_why_and_by_which_rule(tmp_path, tables, workbook):
    releases = tmp_path / "releases.toml"
    releases.write_text(
        '[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = ["org_id", "municipality"]\n'
        'year = "latest"\n',
        encoding="utf-8",
    )
    members = load(workbook(tables), releases=releases, state=tmp_path / "state")
    audit = members.audit().set_index("cell")
    # By hand: a has 40, 3 and 12 persons in three places, which the totals by place repeat.
    small = audit.loc["org_id a, municipality 2284"]
    assert small[["table", "count", "reason"]].tolist() == ["x", 3, "small"]
    assert small["rule"] == "fewer than 5 persons"
    assert audit.loc["org_id a, municipality 2280", "reason"] == "secondary"
    assert "work out a hidden group" in audit.loc["org_id a, municipality 2280", "rule"]
    assert audit["proved"].all()
    written = pd.read_csv(tmp_path / "state/audit.csv")
    assert len(written) == len(audit)


def test_protected_tables_are_read_back_as_they_were(tmp_path, tables, workbook, monkeypatch):
    from regionstudy.members import releases as gate

    file = tmp_path / "releases.toml"
    file.write_text(
        '[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = ["org_id", "municipality"]\n'
        'year = "latest"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(gate, "_SLOW_S", 0.0)
    monkeypatch.setattr(gate, "_PROTECTED", {})
    path = workbook(tables)
    first = load(path, releases=file, state=tmp_path / "state").release("x")
    monkeypatch.setattr(gate, "_PROTECTED", {})
    # Another process finds what the first one kept, and solves nothing.
    monkeypatch.setattr(gate, "_protect", None)
    again = load(path, releases=file, state=tmp_path / "state").release("x")
    pd.testing.assert_frame_equal(first, again)


def test_nothing_is_audited_where_nothing_is_declared(tables, workbook):
    from regionstudy.errors import ConfigError

    with pytest.raises(ConfigError, match="Nothing is declared"):
        load(workbook(tables)).audit()
