"""Text from notebooks can neither run nor load anything."""

from __future__ import annotations

import pytest

from regionstudy.report.exporter import json_block
from regionstudy.report.markup import from_markdown, sanitised


@pytest.mark.parametrize(
    "evil",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<a href='data:text/html,x'>x</a>",
        "<iframe src='https://example.org'></iframe>",
        "<svg onload=alert(1)></svg>",
        "<style>@import 'https://example.org/x.css'</style>",
        "![x](https://example.org/x.png)",
        "<form action='https://example.org'><input></form>",
    ],
)
def test_nothing_dangerous_survives(evil):
    made = f"{sanitised(evil)} {from_markdown(evil)}".lower()
    for sign in (
        "<img",
        "<script",
        '="javascript',
        '="data',
        "<iframe",
        "onerror=",
        "onload=",
        "<style",
        "<form",
    ):
        assert sign not in made


def test_a_corner_without_heading_is_no_heading():
    assert "<th></th>" not in sanitised("<table><tr><th></th><th>a</th></tr></table>")


def test_data_block_can_not_be_ended_from_within():
    made = json_block({"a": "</script><!--"})
    assert "<" not in made
