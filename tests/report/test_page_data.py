"""What a page's scripts read: packed once, whole when it is unpacked."""

from __future__ import annotations

import base64
import json
import re
import zlib

import pytest

from regionstudy.report.page_data import PageData

BLOCK = re.compile(r'<script type="text/plain" id="page-data">([A-Za-z0-9+/]+=*)</script>')


def unpacked(data):
    (block,) = BLOCK.fullmatch(str(data.markup())).groups()
    return json.loads(zlib.decompress(base64.b64decode(block)))


def told(data, figure):
    """Each region's tip, as static/site.js puts it together."""
    found = unpacked(data)
    return {
        code: head + rest
        for (code, head), rest in zip(found["regions"], found["tips"][figure], strict=True)
        if rest is not None
    }


def panel(**tips):
    return {"values": {code[1:]: {"tip": tip} for code, tip in tips.items()}}


def test_charts_come_out_as_they_went_in():
    spec = {"wide": {"data": [{"y": [1.5, None]}], "layout": {}}, "narrow": None, "height": 300}
    data = PageData()
    assert data.chart("hyra", spec) == "hyra"
    assert unpacked(data)["charts"] == {"hyra": spec}


def test_a_figures_maps_share_their_tips_and_every_figure_has_its_own():
    data = PageData()
    near = panel(r2281="Sundsvall: +1,0 · plats 3")
    far = panel(r0114="Upplands Väsby: 2,0", r2281="Sundsvall: +1,0 · plats 3")
    data.tips("netto", [far, near])
    data.tips("hyra", [panel(r2281="Sundsvall: uppgift saknas")])
    assert told(data, "netto") == {
        "0114": "Upplands Väsby: 2,0",
        "2281": "Sundsvall: +1,0 · plats 3",
    }
    assert told(data, "hyra") == {"2281": "Sundsvall: uppgift saknas"}
    assert str(unpacked(data)).count("Sundsvall") == 1


@pytest.mark.parametrize("tip", ["Sundsvall", "", ":", "A: B: C", "Sundsvalls kommun: 2"])
def test_a_tip_of_any_form_is_told_whole_beside_another_name_of_the_region(tip):
    data = PageData()
    data.tips("a", [panel(r2281="Sundsvall: 1")])
    data.tips("b", [panel(r2281=tip)])
    assert told(data, "a") == {"2281": "Sundsvall: 1"}
    assert told(data, "b") == {"2281": tip}


def test_a_drawing_for_a_phone_that_is_nearly_the_wide_one_costs_little():
    wide = {"data": [{"y": [n * 7919 % 1009 for n in range(400)]}], "layout": {"height": 400}}
    narrow = {"data": wide["data"], "layout": {"height": 300}}
    alone, both = PageData(), PageData()
    alone.chart("c", {"wide": wide, "narrow": None, "height": 400})
    both.chart("c", {"wide": wide, "narrow": narrow, "height": 400})
    assert len(both.markup()) < 1.15 * len(alone.markup())


def test_a_page_without_charts_and_maps_has_no_data():
    assert PageData().markup() == ""
