"""A picture for each assignment, as social media show it beside a link (Open Graph)."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageColor, ImageDraw, ImageFont

from regionstudy.figures.theme import css_tokens
from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HEIGHT", "WIDTH", "picture"]

# The size that the services ask for.
WIDTH, HEIGHT = 1200, 630
_MARGIN = 72
# Steps from a letter's colour to what it stands on, for smooth edges.
_STEPS = 16
_TITLE_SIZES = (72, 62, 54, 46)
_LINES = 3
# No line of the smallest letters holds more.
_LONGEST = 240
# What the fonts in report/fonts hold; another sign would be drawn as a box.
_DRAWN = frozenset(
    chr(code)
    for code in (
        *range(0x20, 0x7F),
        *range(0xA0, 0xAD),
        *range(0xAE, 0x180),
        *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AC, 0x2212),
    )
)


def picture(card: Mapping[str, Any], *, study: str, lang: str, fictitious: bool) -> bytes:
    """
    Draw one assignment's picture.

    Parameters
    ----------
    card : mapping
        A card of a page, in one language.
    study : str
        The study's name.
    lang : {"sv", "en"}
        The language.
    fictitious : bool
        Whether the assignment is made up; the picture says so.

    Returns
    -------
    bytes
        A PNG of 1200 by 630 pixels, without metadata; the same card gives the same bytes.
    """
    colour = css_tokens("light")
    made = Image.new("RGB", (WIDTH, HEIGHT), colour["paper"])
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, WIDTH, 14), fill=colour["ink"])
    draw.rectangle((_MARGIN, 70, _MARGIN + 22, 92), fill=colour["home"])
    _line(draw, (_MARGIN + 36, 64), study, 28, colour["ink"], bold=True, width=500)
    if fictitious:
        _mark(draw, Message("words.fictitious").render(lang), colour)
    over = " · ".join(_plain(part) for part in (card["theme"], card["cluster"]) if part)
    _line(draw, (_MARGIN, 152), over, 30, colour["ink2"])
    size, lines = _fitted(_plain(card["title"]))
    y = 204
    for line in lines:
        _line(draw, (_MARGIN, y), line, size, colour["ink"], bold=True)
        y += round(size * 1.18)
    _line(draw, (_MARGIN, 462), card["whose"], 34, colour["ink"])
    draw.line((_MARGIN, 522, WIDTH - _MARGIN, 522), fill=colour["rule"], width=2)
    when = " · ".join(_plain(part) for part in (card["period"], card["remote"]) if part)
    _line(draw, (_MARGIN, 544), when, 30, colour["ink2"])
    packed = io.BytesIO()
    # Few colours make a small file; nothing but the picture is written. zlib's usual level takes
    # a seventh of the highest one's time for a tenth more bytes.
    few = made.quantize(palette=_palette(), dither=Image.Dither.NONE)
    few.save(packed, "PNG")
    return packed.getvalue()


@cache
def _palette() -> Image.Image:
    colours = {name: ImageColor.getrgb(value) for name, value in css_tokens("light").items()}
    listed = [part for name in ("rule", "home", "warn-line") for part in colours[name]]
    for ground, letter in (("paper", "ink"), ("paper", "ink2"), ("warn", "ink")):
        for step in range(_STEPS + 1):
            pairs = zip(colours[ground], colours[letter], strict=True)
            listed += [round(a + (b - a) * step / _STEPS) for a, b in pairs]
    made = Image.new("P", (1, 1))
    made.putpalette(listed)
    return made


def _plain(text: str) -> str:
    """Keep the signs that the fonts hold, on one line."""
    one_line = " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join("".join(sign for sign in one_line if sign in _DRAWN).split())


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "cards-bold.ttf" if bold else "cards-regular.ttf"
    content = (files("regionstudy.report") / "fonts" / name).read_bytes()
    # The basic engine is in every Pillow, and so draws the same everywhere.
    return ImageFont.truetype(io.BytesIO(content), size, layout_engine=ImageFont.Layout.BASIC)


def _line(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    fill: str,
    *,
    bold: bool = False,
    width: int = WIDTH - 2 * _MARGIN,
) -> None:
    font = _font(size, bold=bold)
    draw.text(at, _shortened(_plain(text), font, width), font=font, fill=fill)


def _shortened(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    text = text[:_LONGEST]
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _fitted(title: str) -> tuple[int, list[str]]:
    """Give the largest size at which a title takes three lines, cut at the smallest one."""
    lines: list[str] = []
    for size in _TITLE_SIZES:
        font = _font(size, bold=True)
        lines = _wrapped(title, font)
        if len(lines) <= _LINES and all(font.getlength(x) <= WIDTH - 2 * _MARGIN for x in lines):
            return size, lines
    last = " ".join(lines[_LINES - 1 :])
    return _TITLE_SIZES[-1], [*lines[: _LINES - 1], last]


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _mark(draw: ImageDraw.ImageDraw, text: str, colour: Mapping[str, str]) -> None:
    font = _font(26, bold=True)
    width = round(font.getlength(text))
    right, top, bottom = WIDTH - _MARGIN, 54, 102
    left = right - width - 40
    draw.rectangle((left, top, right, bottom), fill=colour["warn"])
    for x in range(left, right, 16):
        end = min(x + 9, right)
        draw.line((x, top, end, top), fill=colour["warn-line"], width=3)
        draw.line((x, bottom, end, bottom), fill=colour["warn-line"], width=3)
    for y in range(top, bottom, 16):
        end = min(y + 9, bottom)
        draw.line((left, y, left, end), fill=colour["warn-line"], width=3)
        draw.line((right, y, right, end), fill=colour["warn-line"], width=3)
    draw.text((left + 20, top + 9), text, font=font, fill=colour["ink"])
