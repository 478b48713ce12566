"""A reader who attacks released tables, and the tables it is tried on."""

from __future__ import annotations

from itertools import product

import highspy
import numpy as np
import pandas as pd
from hypothesis import strategies as st

THRESHOLD = 5
# What everyone knows of organisations and occupations.
CLUSTER = {"a": "it", "b": "it", "c": "law", "d": "law"}
LEVEL = {"a": "1", "b": "2", "c": "1", "d": "2"}
MAJOR = {"251": "2", "261": "2", "331": "3", "411": "4"}
GROUPINGS = {"cluster": "org", "level": "org", "major": "minor"}
AGES = ("-39", "40-")
PLACES = ("2280", "2281", "2284")
YEARS = ("2024", "2025")


# ---- The reader: code of its own, sharing nothing with the product --------------------


class Reader:
    """One who counts persons by everything at once, and fits that to all that is published."""

    def __init__(self, tables, released, people, *, least=1):
        self.people = people
        self.rows = {}
        is_value = values_of(people)
        lower, upper, masks = [], [], []
        for table in tables:
            counted = np.ones(len(people), dtype=bool)
            for column, values in table.where.items():
                counted &= people[column].isin(list(values)).to_numpy()
            shown = released[table.name]
            seen = np.zeros(len(people), dtype=bool)
            for number, row in enumerate(shown.to_dict("records")):
                inside = counted.copy()
                for name in table.dimensions:
                    if row[name] != "total":
                        inside &= is_value[name, row[name]]
                if all(row[name] != "total" for name in table.dimensions):
                    seen |= inside
                hidden = row["status"] == "suppressed"
                assert hidden == np.isnan(row["headcount"])
                self.rows[table.name, number] = len(masks)
                masks.append(inside)
                lower.append(least if hidden else row["headcount"])
                upper.append(np.inf if hidden else row["headcount"])
            # What a table does not name is 0.
            masks.append(counted & ~seen)
            lower.append(0)
            upper.append(0)
        matrix = np.array(masks, dtype=float)
        self.masks = matrix
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = np.zeros(len(people))
        model.col_lower_ = np.zeros(len(people))
        model.col_upper_ = np.full(len(people), 10_000.0)
        model.row_lower_, model.row_upper_ = np.array(lower, float), np.array(upper, float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum((matrix > 0).sum(axis=1))])
        model.a_matrix_.index_ = np.nonzero(matrix)[1]
        model.a_matrix_.value_ = np.ones(int(matrix.sum()))
        self.solver = highspy.Highs()
        self.solver.silent()
        # Primal simplex: the last answer is where the next search starts.
        self.solver.setOptionValue("simplex_strategy", 4)
        self.known = {}
        self.solver.passModel(model)

    def bounds(self, name, number):
        """Bound a cell."""
        mask = self.masks[self.rows[name, number]]
        if mask.tobytes() in self.known:
            return self.known[mask.tobytes()]
        ends = []
        for sign in (1.0, -1.0):
            every = np.arange(len(mask), dtype=np.int32)
            self.solver.changeColsCost(len(mask), every, sign * mask)
            self.solver.run()
            assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(sign * self.solver.getInfo().objective_function_value)
        self.known[mask.tobytes()] = ends
        return ends


def assert_no_leak(tables, rows, released, *, width=THRESHOLD, zeros_shown=True):
    people = everyone(rows)
    informed = Reader(tables, released, people, least=1 if zeros_shown else 0)
    plain = Reader(tables, released, people, least=0)
    for table in tables:
        shown = released[table.name]
        true = counted(table, rows, shown)
        for number in range(len(shown)):
            hidden = shown["status"].iloc[number] == "suppressed"
            small = (1 if zeros_shown else 0) <= true[number] < THRESHOLD
            if not hidden:
                assert not small, (table.name, number)
                assert shown["headcount"].iloc[number] == true[number]
                continue
            low, high = informed.bounds(table.name, number)
            where = (table.name, shown.iloc[number].to_dict(), true[number], low, high)
            assert high - low >= width - 1e-4, where
            if small:
                assert high >= THRESHOLD - 1e-4, where
                assert plain.bounds(table.name, number)[0] <= 1e-4, where


def everyone(rows):
    """Pair all values of all attributes: the reader does not know who exists."""
    used = rows.columns.drop("headcount")
    axes = [
        [name for name in ("org", "cluster", "level") if name in used],
        [name for name in ("minor", "major") if name in used],
        *([name] for name in ("place", "age", "year") if name in used),
    ]
    found = None
    for axis in axes:
        if axis:
            values = rows[axis].drop_duplicates()
            found = values if found is None else found.merge(values, how="cross")
    return found.assign(headcount=0.0)


def values_of(rows):
    """Tell for each value of each column where it stands."""
    columns = rows.columns.drop("headcount")
    texts = {name: rows[name].to_numpy(dtype=object) for name in columns}
    return {(name, value): text == value for name, text in texts.items() for value in set(text)}


def counted(table, rows, shown):
    """Count a table's cells from the rows, one by one."""
    kept = rows
    for column, values in table.where.items():
        kept = kept[kept[column].isin(list(values))]
    is_value, persons = values_of(kept), kept["headcount"].to_numpy()
    true = []
    for row in shown.to_dict("records"):
        inside = np.ones(len(kept), dtype=bool)
        for name in table.dimensions:
            if row[name] != "total":
                inside &= is_value.get((name, row[name]), False)
        true.append(persons[inside].sum())
    return true


# ---- The tables ------------------------------------------------------------------------


def draw_rows(seed, *, years=YEARS[-1:], filled=0.5):
    rng = np.random.default_rng(seed)
    cells = list(product(CLUSTER, MAJOR, PLACES, AGES, years))
    counts = rng.gamma(0.6, 9, len(cells)).round() * (rng.random(len(cells)) < filled)
    rows = pd.DataFrame(cells, columns=["org", "minor", "place", "age", "year"])
    rows = rows.assign(headcount=counts)[counts > 0]
    return rows.assign(
        cluster=rows["org"].map(CLUSTER),
        level=rows["org"].map(LEVEL),
        major=rows["minor"].map(MAJOR),
    )


DIMENSIONS = st.sampled_from(
    [
        ("org", "place"),
        ("minor", "age"),
        ("org", "major"),
        ("cluster", "minor"),
        ("level", "place"),
        ("place", "age"),
        ("place", "major"),
        ("org", "place", "age"),
        ("org", "cluster", "age"),
        ("minor", "major"),
        ("level", "cluster"),
    ]
)
SUBSETS = st.sampled_from(
    [
        {},
        {},
        {},
        {"cluster": ["it"]},
        {"place": ["2280", "2281"]},
        {"level": ["1"], "age": ["40-"]},
        {"major": ["2"]},
    ]
)


def needed(rows, tables):
    used = {column for table in tables for column in (*table.dimensions, *table.where)}
    return rows.groupby(sorted(used), as_index=False)[["headcount"]].sum()
