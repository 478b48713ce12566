"""A map as JupyterLab draws it: plotly's own library in Debian's chromium."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import plotly
import pytest

from regionstudy.figures import charts, maps
from regionstudy.geography import municipalities_in, regions

pytestmark = pytest.mark.browser

PLOTLY = "application/vnd.plotly.v1+json"
LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PAGE = """<!doctype html><meta charset="utf-8"><div id="d" style="width:1000px"></div>
<script src="{library}"></script><script>Plotly.newPlot("d", {spec})</script>"""


@pytest.fixture
def opened(chromium, tmp_path):
    """Draw a figure; give the page, what it asked for and what it complained of."""
    page = chromium.new_page(viewport={"width": 1040, "height": 1000})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def draw(figure):
        spec = json.dumps(figure._repr_mimebundle_()[PLOTLY]).replace("</", "<\\/")
        path = tmp_path / "figure.html"
        path.write_text(PAGE.format(library=LIBRARY.as_uri(), spec=spec), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector(".main-svg")
        return page, asked, complaints

    yield draw
    page.close()


def test_map_is_drawn_offline_and_tells_a_region_where_the_mouse_is(opened, measure):
    country = regions("municipality")
    frame = pd.DataFrame({"region": country["region"], "value": np.linspace(-5, 5, 290)})
    figure = maps.choropleth(
        frame, regions=country, measure=measure, outline=municipalities_in("22"), extent="both"
    )
    page, asked, complaints = opened(figure)
    assert complaints == []
    assert [url for url in asked if not url.startswith("file:")] == []
    # Each class's path holds a subpath ("M") a ring: at least one for each municipality.
    subpaths = page.evaluate(
        "[...document.querySelectorAll('.cartesianlayer .xy .scatterlayer .js-fill')]"
        ".reduce((n, path) => n + (path.getAttribute('d').match(/M/g) || []).length, 0)"
    )
    assert subpaths >= 290
    # In the regional map, just beside Sundsvall's middle: its value and no other's.
    x, y = page.evaluate(
        """() => {
          const d = document.getElementById('d'), layout = d._fullLayout;
          const trace = d.data.filter((t) => t.name === 'regions')[1];
          const at = trace.hovertext.findIndex((text) => text.startsWith('Sundsvall'));
          const full = d._fullData.filter((t) => t.name === 'regions')[1];
          const box = d.getBoundingClientRect(), { xaxis2: across, yaxis2: up } = layout;
          return [box.left + across._offset + across.d2p(full.x[at]) + 3,
                  box.top + up._offset + up.d2p(full.y[at]) + 3];
        }"""
    )
    page.mouse.move(x, y)
    page.wait_for_selector(".hoverlayer .hovertext")
    told = page.locator(".hoverlayer .hovertext").text_content()
    expected = frame.set_index("region").loc["2281", "value"]
    assert told.startswith(f"Sundsvall: +{expected:.1f}".replace(".", ","))


def test_hostile_name_is_text_in_the_picture(opened, measure):
    hostile = '<a href="javascript:window.hit=1">A & <img src=x onerror="window.hit=1"></a>'
    frame = pd.DataFrame({"region": ["2281", "2262"], "value": [1.0, 2.0], "name": [hostile, "B"]})
    page, asked, complaints = opened(charts.ranking(frame, title=hostile, measure=measure))
    assert complaints == []
    assert [url for url in asked if not url.startswith("file:")] == []
    assert page.locator("#d .main-svg a, #d img").count() == 0
    assert page.evaluate("window.hit") is None
    assert hostile in page.evaluate("document.querySelector('.infolayer').textContent")
