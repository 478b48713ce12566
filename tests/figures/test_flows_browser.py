"""The flow map as chromium draws it, on the real counties with GENERATED flows."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import plotly
import pytest

from regionstudy.analysis.migration import net_flows
from regionstudy.figures.content import Measure
from regionstudy.figures.flows import flow_map
from regionstudy.figures.theme import resolve_colours
from regionstudy.geography import regions
from regionstudy.words import Words

pytestmark = pytest.mark.browser

LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<div id="d" style="width:{width}px"></div>
<script src="{library}"></script><script>Plotly.newPlot("d", {spec})</script>"""
BOXES = """() => [...document.querySelectorAll(".scatterlayer .textpoint text")].map((text) => {
  const box = text.getBoundingClientRect();
  return [text.textContent, box.left, box.top, box.right, box.bottom];
})"""


@pytest.fixture(scope="module")
def figure():
    counties = regions("county")
    draw = np.random.default_rng(4)
    flows = pd.DataFrame(
        [
            (origin, destination, float(draw.integers(5, 400)))
            for origin in counties["region"]
            for destination in counties["region"]
            if "22" in (origin, destination) and origin != destination
        ],
        columns=["origin", "destination", "value"],
    )
    return flow_map(
        net_flows(flows),
        regions=counties,
        title="GENERATED",
        measure=Measure(Words("GENERATED", "GENERATED")),
        region="22",
        top=20,
    )


@pytest.mark.parametrize(("width", "narrow"), [(760, False), (360, True)])
def test_labels_stand_inside_and_hardly_cover_each_other(chromium, tmp_path, figure, width, narrow):
    body = figure.content.body
    spec = resolve_colours((body.narrow if narrow else body.plotly)["sv"])
    page = chromium.new_page(viewport={"width": width, "height": spec["layout"]["height"]})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    path = tmp_path / "flows.html"
    path.write_text(
        PAGE.format(width=width, library=LIBRARY.as_uri(), spec=json.dumps(spec)), encoding="utf-8"
    )
    page.goto(path.as_uri())
    page.wait_for_selector(".textpoint text")
    boxes = page.evaluate(BOXES)
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith("file:")] == []
    assert len(boxes) == 21
    for text, left, _, right, _ in boxes:
        assert left >= 0, text
        assert right <= width, text
    covered = []
    for one, other in combinations(boxes, 2):
        across = min(one[3], other[3]) - max(one[1], other[1])
        down = min(one[4], other[4]) - max(one[2], other[2])
        # Boxes have some air above and below the letters.
        if across > 4 and down > 6:
            covered.append((one[0], other[0]))
    assert covered == []
