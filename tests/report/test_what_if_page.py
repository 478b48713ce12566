"""The what-if panel on a page: its script goes where it is needed, its sources to the list."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.analysis.composite import build_index, evaluate_payload, what_if_payload
from regionstudy.errors import ReportError
from regionstudy.figures import what_if
from regionstudy.figures.content import Measure, Source, as_text
from regionstudy.report import build


@pytest.fixture(scope="module")
def panel():
    structure = pd.DataFrame(
        {"id": ["work", "housing", "index"], "parent": ["index", "index", ""], "weight": 1,
         "direction": 1}
    )  # fmt: skip
    values = pd.DataFrame({"work": [1.0, 2.0, 4.0], "housing": [3.0, 1.0, 2.0]}, index=list("abc"))
    model = what_if_payload(build_index(values, structure, treatment=None), home="b", seed=1)
    return what_if(
        model,
        evaluate_payload(model),
        labels={"work": as_text("Arbete"), "housing": as_text("Boende")},
        names={"a": "Ånge", "b": "Sundsvall", "c": "Timrå"},
        measure=Measure(as_text("Dragkraft")),
        sources=(Source(as_text("Källa: SCB, provtabellen.")),),
    ).payload()


def test_only_a_page_with_a_panel_loads_its_script(study, cells, panel):
    folder = study(
        **{"01_med": [*cells.question(), cells.show(panel)], "02_utan": cells.question()}
    )
    site = folder / "site"
    build(folder, out=site, settings=cells.settings, lang="sv", progress=False)
    assert (site / "static" / "whatif.js").is_file()
    first, second = ((site / name).read_text() for name in ("01_med.html", "02_utan.html"))
    assert 'src="static/whatif.js"' in first
    assert "whatif.js" not in second
    assert first.count("Källa: SCB, provtabellen.") == 2  # below the panel and among all sources
    assert "Sundsvall är på plats 3 av 3 med studiens vikter" in first


def test_two_panels_of_one_id_are_refused(study, cells, panel):
    folder = study(**{"01_prov": [*cells.question(), cells.show(panel), cells.show(panel)]})
    with pytest.raises(ReportError, match='two figures have the id "what-if"'):
        build(folder, out=folder / "site", settings=cells.settings, lang="sv", progress=False)


def test_a_site_without_a_panel_does_without_the_script(study, cells):
    folder = study(**{"01_utan": cells.question()})
    build(folder, out=folder / "site", settings=cells.settings, lang="sv", progress=False)
    assert not (folder / "site" / "static" / "whatif.js").exists()
