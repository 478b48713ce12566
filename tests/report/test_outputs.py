"""What notebooks show reaches the page, or is refused by name."""

from __future__ import annotations

import pytest

from regionstudy.errors import ReportError
from regionstudy.report.outputs import shown_by, slimmed
from regionstudy.report.pages import in_language, read_page

MIME = "application/vnd.regionstudy.shown+json"
PLOTLY = "application/vnd.plotly.v1+json"


def notebook(*outputs, source="show()", question=True):
    first = [{"cell_type": "markdown", "source": "# Varför?", "metadata": {}}] if question else []
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": list(outputs)}
    return {"cells": [*first, cell], "metadata": {}}


def data(**bundle):
    return {
        "output_type": "display_data",
        "data": {k.replace("__", "/"): v for k, v in bundle.items()},
    }


def display(mime, content):
    return {"output_type": "display_data", "data": {mime: content}}


def page(*outputs):
    return read_page(notebook(*outputs), name="01_a.ipynb", lang="sv")


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (display("text/html", "<p>Hej"), "html"),
        (display("text/plain", "42"), "output"),
        (display("image/png", "iVBORw0K"), "image"),
        (display("image/svg+xml", "<svg/>"), "image"),
        (display("text/markdown", "Hej"), "text"),
        (display(PLOTLY, {"data": [{"type": "bar"}], "layout": {}}), "plotly"),
        ({"output_type": "stream", "name": "stdout", "text": "hej\n"}, "output"),
    ],
)
def test_other_rich_results_are_shown_too(output, kind):
    assert [section.kind for section in page(output).sections] == [kind]


def test_error_stream_becomes_a_warning_not_part_of_the_page():
    made = page({"output_type": "stream", "name": "stderr", "text": "FutureWarning: x"})
    assert made.sections == []
    assert made.warnings == ["01_a.ipynb, cell 2: FutureWarning: x"]


@pytest.mark.parametrize(
    "spec",
    [
        {"data": [{"type": "choropleth"}], "layout": {"geo": {}}},
        {"data": [{"type": "scattermap"}], "layout": {"map": {}}},
        {"data": [{"type": "scattergeo"}], "layout": {"geo2": {}}},
        {"data": [{"type": "densitymapbox"}], "layout": {}},
    ],
)
def test_plotly_maps_that_fetch_are_refused(spec):
    with pytest.raises(
        ReportError, match=r"01_a\.ipynb, cell 2: plotly's .* fetches maps .*choropleth"
    ) as refused:
        page(display(PLOTLY, spec))
    assert refused.value.cell == 2


@pytest.mark.parametrize("kind", ["heatmap", "treemap", "bar"])
def test_plotly_charts_that_fetch_nothing_are_taken(kind):
    assert page(display(PLOTLY, {"data": [{"type": kind}], "layout": {}})).has_charts


def test_pictures_from_elsewhere_are_refused():
    spec = {"data": [], "layout": {"images": [{"source": "https://example.org/x.png"}]}}
    with pytest.raises(ReportError, match=r"layout loads pictures.*layout\.images"):
        page(display(PLOTLY, spec))


def test_results_that_a_page_can_not_hold_are_refused():
    widget = display("application/vnd.jupyter.widget-view+json", {"model_id": "x"})
    with pytest.raises(
        ReportError,
        match=r"application/vnd\.jupyter\.widget-view\+json, which an offline page can not hold",
    ):
        page(widget)
    with pytest.raises(ReportError, match=r'unknown kind "sound".*Pages know: answer'):
        page(display(MIME, {"kind": "sound"}))
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    with pytest.raises(ReportError, match=r"ends in an error \(KeyError: 'x'\)"):
        page(error)


def test_page_without_a_question_in_its_language_is_refused():
    with pytest.raises(ReportError, match=r"01_a\.ipynb: no question in sv.*tagged lang-sv"):
        read_page(notebook(question=False), name="01_a.ipynb", lang="sv")


def test_two_figures_of_one_id_are_refused(cells):
    with pytest.raises(ReportError, match=r'two figures have the id "d".*id='):
        page(display(MIME, cells.chart("d")), display(MIME, cells.chart("d")))


def test_payload_leaves_the_jupyterlab_half_behind():
    both = {"output_type": "display_data", "data": {MIME: {"kind": "note"}, PLOTLY: {"data": []}}}
    kept = slimmed(notebook(both))["cells"][1]["outputs"][0]["data"]
    assert kept == {MIME: {"kind": "note"}}


def test_shown_results_keep_the_notebooks_order():
    made = notebook(display("text/plain", "1"), display("text/plain", "2"))
    assert [one.content["text"] for one in shown_by(made, name="a")] == ["# Varför?", "1", "2"]


def test_language_is_chosen_at_every_depth():
    given = {
        "a": [{"sv": "ett", "en": "one"}],
        "plotly": {"sv": {"data": [1]}, "en": {"data": [2]}},
    }
    assert in_language(given, "en") == {"a": ["one"], "plotly": {"data": [2]}}


def test_cells_tagged_for_the_other_language_are_left_out():
    made = {
        "cells": [
            {
                "cell_type": "markdown",
                "source": "*Drag*\n\n# Varför?",
                "metadata": {"tags": ["lang-sv"]},
            },
            {"cell_type": "markdown", "source": "# Why?", "metadata": {"tags": ["lang-en"]}},
            {"cell_type": "markdown", "source": "Båda", "metadata": {}},
        ]
    }
    sv, en = (read_page(made, name="01_pull_factors.ipynb", lang=lang) for lang in ("sv", "en"))
    assert (sv.question, sv.short, len(sv.sections)) == ("Varför?", "Drag", 1)
    assert (en.question, en.short, len(en.sections)) == ("Why?", "Pull factors", 1)


def test_a_projection_does_not_tell_where_data_end(cells):
    ahead = cells.chart("d")
    ahead["measure"]["period"] = cells.both("2022–2099")
    made = page(display(MIME, cells.chart("c")), display(MIME, ahead))
    assert made.last_years == [2022]


def test_years_and_sources_are_those_of_the_figures(cells):
    made = page(display(MIME, cells.map(["2281", "2260"])), display(MIME, cells.chart("d")))
    assert sorted(made.last_years) == [2022, 2024]
    assert [source["text"] for source in made.sources] == ["Källa: SCB."]
