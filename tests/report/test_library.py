"""Which plotly.js a site carries: what its charts need."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from regionstudy.report import build, site

QUIET = {"jobs": 1, "progress": False}
PLOTLY = "application/vnd.plotly.v1+json"


def _library(folder: Path) -> str:
    with (folder / "site" / "static" / "plotly.min.js").open(encoding="utf-8") as library:
        return library.read(200)


def test_charts_of_two_axes_get_the_small_library(study, cells):
    folder = study(a=[*cells.question(), cells.show(cells.chart("d"))])
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert "cartesian" in _library(folder)


@pytest.mark.parametrize("kind", ["sankey", "scatterpolar"])
def test_another_kind_of_figure_gets_the_whole(study, cells, kind):
    own = cells.code(
        "from IPython.display import publish_display_data\n"
        f"publish_display_data({{{PLOTLY!r}: {{'data': [{{'type': {kind!r}}}], 'layout': {{}}}}}})"
    )
    folder = study(a=[*cells.question(), cells.show(cells.chart("d")), own])
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert "cartesian" not in _library(folder)


def test_a_site_without_charts_carries_none(study, cells):
    folder = study(a=cells.question())
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert not (folder / "site" / "static" / "plotly.min.js").exists()


def test_the_small_library_is_of_the_version_that_plotly_writes_figures_for():
    places = find_spec("plotly").submodule_search_locations
    whole = Path(places[0], "package_data", "plotly.min.js").read_text(encoding="utf-8")
    small = Path(site.__file__).parent / "static" / "vendor" / "plotly-cartesian.min.js"
    versions = [
        re.search(r"plotly\.js .*?v(\d+)\.\d+\.\d+", text[:300])[1]
        for text in (whole, small.read_text(encoding="utf-8"))
    ]
    assert versions[0] == versions[1]
