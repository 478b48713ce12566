"""The oracles of REAT as frames of jobs, and frames made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def jobs(table: Mapping[str, list[float]], *, industries: list[str], **columns) -> pd.DataFrame:
    """A frame of jobs from a column of figures a region."""
    wide = pd.DataFrame(table, dtype=float).assign(industry=industries)
    long = wide.melt("industry", var_name="region")
    return long[["region", "industry", "value"]].assign(**columns)


def yearly(years: Mapping[str, Mapping[str, list[float]]], *, industries: list[str]):
    """A frame of jobs from such a table a year."""
    parts = [jobs(table, industries=industries, period=year) for year, table in years.items()]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def oracle(shared: Path) -> Path:
    return shared / "oracles" / "reat"


@pytest.fixture(scope="session")
def expected(oracle: Path) -> Callable[[str, str, str], dict[str, float]]:
    """What REAT gives, by case, function and arguments: value by item."""
    table = pd.read_csv(oracle / "expected.csv", keep_default_na=False)

    def find(case: str, function: str, arguments: str = "") -> dict[str, float]:
        rows = table[
            (table["case"] == case) & (table["fun"] == function) & (table["args"] == arguments)
        ]
        assert len(rows), f"the oracle has no {case} {function} {arguments}"
        return dict(zip(rows["item"], rows["value"].astype(float), strict=True))

    return find


@pytest.fixture(scope="session")
def textbook(oracle: Path) -> pd.DataFrame:
    """Regions A, B, C of Farhauer & Kröll (2013) against the nation, 2000, 2001 (A: 2002)."""
    table = pd.read_csv(oracle / "input" / "FK2013_shiftshare.csv", dtype={"industry": str})
    years = {"t": "2000", "t1": "2001", "t2": "2002"}
    long = table.melt("industry", var_name="column")
    long["period"] = long["column"].str.rsplit("_", n=1).str[1].map(years)
    long["region"] = long["column"].str.rsplit("_", n=1).str[0].str.removeprefix("region_")
    long["region"] = long["region"].replace("nation", "00")
    return long[["region", "industry", "period", "value"]]


@pytest.fixture(scope="session")
def freiburg(oracle: Path) -> pd.DataFrame:
    """Freiburg against Germany, 2008 and 2014, nine industries."""
    table = pd.read_csv(oracle / "input" / "Freiburg.csv").melt("industry", var_name="column")
    table["period"] = table["column"].str[-4:]
    table["region"] = table["column"].str[2:-4].replace("Germany", "00")
    return table[["region", "industry", "period", "value"]]


@pytest.fixture(scope="session")
def goettingen(oracle: Path) -> pd.DataFrame:
    """Göttingen against Germany, 2008-2017, 15 industries and their published total."""
    table = pd.read_csv(oracle / "input" / "Goettingen.csv").drop(columns="WZ2008_Name")
    table = table.melt("WZ2008_Code", var_name="column").rename(columns={"WZ2008_Code": "industry"})
    table["period"] = table["column"].str[-4:]
    table["region"] = table["column"].str[:-4].replace("BRD", "00")
    table["industry"] = table["industry"].replace("A-R", "total")
    return table[["region", "industry", "period", "value"]]


@pytest.fixture(scope="session")
def states(oracle: Path) -> pd.DataFrame:
    """Germany's 16 states and their sum, 17 industries, 2015."""
    table = pd.read_csv(oracle / "input" / "G_regions_industries.csv", dtype={"year": str})
    table = table.rename(columns={"region_code": "code"})[["code", "ind_code", "emp_all"]]
    table.columns = ["region", "industry", "value"]
    table["value"] = table["value"].astype(float)
    nation = table.groupby("industry", as_index=False)["value"].sum().assign(region="00")
    return pd.concat([nation[["region", "industry", "value"]], table], ignore_index=True)


@pytest.fixture(scope="session")
def county(shared: Path) -> pd.DataFrame:
    """Employed in Västernorrland and the country, 2020-2025, by industry and both ways counted."""
    path = shared / "figures" / "employed_industry_vasternorrland_2020_2025.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame = frame[frame["sex"] == "total"].drop(columns="sex")
    return frame.assign(value=frame["value"].astype(float))


@pytest.fixture(scope="session")
def by_workplace(county: pd.DataFrame) -> pd.DataFrame:
    return county[county["indicator"] == "employed_by_workplace"]


@pytest.fixture(scope="session")
def by_residence(county: pd.DataFrame) -> pd.DataFrame:
    return county[county["indicator"] == "employed_by_residence"]
