"""Colour tokens: as LOOK has them, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regionstudy.figures.theme import SCALES, css_tokens, plotly_text, resolve_colours, token


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_tokens_are_those_of_the_look(shared, mode):
    sheet = (shared / "look/look.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root(?::not\(\[data-theme=light\]\))?\{(.*?)\}", sheet, re.DOTALL)
    block = blocks[0 if mode == "light" else 1]
    drawn = dict(re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{3,6})\b", block))
    drawn = {
        name: "#" + "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour
        for name, colour in drawn.items()
    }
    assert css_tokens(mode) == drawn


def test_no_other_module_names_a_colour():
    room = Path(__file__).resolve().parents[2] / "src/regionstudy/figures"
    for path in room.rglob("*.py"):
        source = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{6}\b|rgba?\(", source), path.name


def test_both_modes_hold_every_class_of_every_scale():
    for names in SCALES.values():
        for name in names:
            assert token(name) == f"var(--{name})"
            assert name in css_tokens("dark")
    with pytest.raises(KeyError, match=r'theme\.toml has no colour "d7"'):
        token("d7")


def test_colours_are_resolved_at_any_depth_and_inside_styles():
    spec = {"a": [{"text": '<span style="color:var(--home)">x</span>', "n": 1}]}
    light = resolve_colours(spec)
    assert light == {"a": [{"text": '<span style="color:#ad1a48">x</span>', "n": 1}]}
    assert "#ff86a5" in str(resolve_colours(spec, mode="dark"))


def test_plotly_markup_is_neutralised():
    text = plotly_text('<a href="javascript:x">$\\alpha$ & b</a>')
    assert "<" not in text
    assert "$" not in text
    assert text.startswith("&lt;a")
