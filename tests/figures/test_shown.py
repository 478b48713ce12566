"""The contract of displayed results: both languages, safe in JupyterLab, nothing else."""

from __future__ import annotations

import copy
import json

import pandas as pd
import pytest

from regionstudy import figures
from regionstudy.errors import DataError
from regionstudy.figures import MIME, answer, brief, brief_group, keyfigure, keyfigures, note, table
from regionstudy.figures.content import NO_TEXT, Column, Measure, Source, as_json, as_text
from regionstudy.figures.shown import ChartBody, FigureContent, StudyFigure
from regionstudy.words import Words, use_language

HOSTILE = '<img src=x onerror=alert(1)></script><a href="javascript:alert(1)">Vård</a>'
SPEC = {
    "data": [{"type": "scatter", "x": [1], "y": [2], "line": {"color": "var(--home)"}}],
    "layout": {"height": 300, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}},
}


@pytest.fixture
def figure() -> StudyFigure:
    content = FigureContent(
        id="one",
        title=Words("Fynd", "Finding"),
        measure=Measure(as_text("Mått")),
        body=ChartBody({"sv": SPEC, "en": SPEC}, 300),
        alt=Words("Bild", "Picture"),
    )
    return StudyFigure(content, SPEC)


def test_answer_payload_is_the_contract():
    made = answer(Words("Ja.", "Yes."), "Sundsvall", index=[1], fictitious=True).payload()
    assert made == {
        "kind": "answer",
        "sentences": [
            {"text": {"sv": "Ja.", "en": "Yes."}, "index": False, "fictitious": True},
            {"text": {"sv": "Sundsvall", "en": "Sundsvall"}, "index": True, "fictitious": True},
        ],
    }


def test_index_true_marks_all_and_a_sentence_that_could_not_be_said_is_left_out():
    made = answer("Ett.", None, "Två.", index=True)
    assert [str(one.text) for one in made.sentences] == ["Ett.", "Två."]
    assert all(one.index for one in made.sentences)


def test_keyfigures_payload_is_the_contract():
    item = keyfigure("Hyra", "1 118", unit="kr", note="2022", index=True, strip={"line": [1, 2]})
    (made,) = keyfigures(item).payload()["items"]
    assert made["label"] == {"sv": "Hyra", "en": "Hyra"}
    assert made["strip"] == {"line": [1, 2]}
    assert set(made) == {"label", "value", "unit", "note", "index", "strip"}


def test_strip_that_no_page_can_draw_is_refused():
    with pytest.raises(DataError, match=r"has the entries values; give values, home and median"):
        keyfigure("Hyra", "1", strip={"values": [1]})


def test_brief_and_note_payloads_are_the_contract():
    group = brief_group("Talar för", [("Hyra", "3")], tone="strength")
    assert brief(group).payload() == {
        "kind": "brief",
        "groups": [
            {
                "title": {"sv": "Talar för", "en": "Talar för"},
                "tone": "strength",
                "items": [
                    {
                        "label": {"sv": "Hyra", "en": "Hyra"},
                        "value": {"sv": "3", "en": "3"},
                    }
                ],
            }
        ],
    }
    assert note("Saknas", tone="missing").payload() == {
        "kind": "note",
        "text": {"sv": "Saknas", "en": "Saknas"},
        "tone": "missing",
    }


@pytest.mark.parametrize(
    "shown",
    [
        answer(HOSTILE),
        keyfigures(keyfigure(HOSTILE, HOSTILE)),
        brief(brief_group(HOSTILE, [(HOSTILE, HOSTILE)], tone="weakness")),
        note(HOSTILE),
    ],
)
def test_hostile_text_is_shown_not_obeyed_in_jupyterlab(shown):
    html = shown._repr_mimebundle_()["text/html"]
    assert "<img" not in html
    assert "<a " not in html
    assert "</script" not in html
    assert "&lt;img" in html


def test_jupyterlab_shows_the_study_language_and_the_payload_holds_both():
    shown = note(Words("Saknas", "Missing"))
    use_language("en")
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == "Missing"
    assert 'lang="en"' in bundle["text/html"]
    assert bundle[MIME]["text"] == {"sv": "Saknas", "en": "Missing"}


def test_figure_is_displayed_by_its_bundle_alone(figure):
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(figure)
    # plotly's own HTML would name a CDN, and its display hook would bypass the payload.
    assert set(data) == {MIME, "application/vnd.plotly.v1+json", "text/plain"}


def test_figure_has_colours_on_the_screen_and_tokens_in_the_payload(figure):
    bundle = figure._repr_mimebundle_()
    assert bundle["application/vnd.plotly.v1+json"]["data"][0]["line"]["color"] == "#ad1a48"
    body = bundle[MIME]["body"]
    assert body["plotly"]["sv"]["data"][0]["line"]["color"] == "var(--home)"
    assert "template" not in bundle["application/vnd.plotly.v1+json"]["layout"]


def test_figure_payload_is_the_contract(figure):
    payload = figure.payload()
    assert payload["kind"] == "figure"
    assert set(payload) == {
        *("kind", "id", "title", "measure", "paragraphs", "how_to_read", "notes", "sources"),
        *("alt", "fictitious", "hero", "body", "table", "releases"),
    }
    assert payload["body"]["type"] == "chart"
    assert json.loads(json.dumps(payload)) == payload


def test_changes_on_the_screen_do_not_put_the_two_languages_at_odds(figure):
    before = figure.payload()
    figure.update_layout(height=900)
    assert figure.to_dict()["layout"]["height"] == 900
    assert figure.payload() == before


def test_copied_figure_keeps_its_content(figure):
    copied = copy.deepcopy(figure)
    assert copied.payload() == figure.payload()
    assert copied.to_dict() == figure.to_dict()


def test_source_keeps_only_web_addresses():
    assert Source(as_text("SCB"), "https://www.scb.se").url == "https://www.scb.se"
    assert Source(as_text("SCB"), "javascript:alert(1)").url is None
    assert Source(as_text("SCB"), "data:text/html,x").url is None


def test_json_holds_no_nan():
    assert as_json({"x": [float("nan"), 1.0], "text": NO_TEXT}) == {
        "x": [None, 1.0],
        "text": {"sv": "", "en": ""},
    }


def test_every_public_name_of_the_room_can_be_had():
    assert len(set(figures.__all__)) == len(figures.__all__)
    for name in figures.__all__:
        assert getattr(figures, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'mpas'"):
        figures.mpas  # noqa: B018


def test_a_table_does_not_say_its_title_twice():
    frame = pd.DataFrame({"name": ["Ånge"]})
    columns = [Column("name", as_text("Kommun"))]
    assert table(frame, columns=columns, title="Kommuner").table.caption.render("sv") == ""
    told = table(frame, columns=columns, title="Kommuner", caption="Bara en")
    assert told.table.caption.render("sv") == "Bara en"
