"""What goes beside the assignments' public pages: the feed, texts to share, and pictures."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from regionstudy.report.cards_pictures import picture
from regionstudy.report.feeds import atom_feed
from regionstudy.report.pages import in_language
from regionstudy.report.public_texts import SHORT, share_texts

from .public_cards import EVIL, payload

ATOM = "{http://www.w3.org/2005/Atom}"


def cards_of(shown, lang="sv"):
    return [card for group in in_language(shown, lang)["groups"] for card in group["cards"]]


def test_feed_follows_atom_and_its_ids_do_not_change_with_the_address():
    told = {"title": "P", "lang": "sv", "day": "2026-11-25", "fictitious": False}
    first = ElementTree.fromstring(atom_feed(cards_of(payload()), **told))
    moved = ElementTree.fromstring(atom_feed(cards_of(payload()), base="https://e.org/", **told))
    for feed in (first, moved):
        assert all(feed.find(f"{ATOM}{part}") is not None for part in ("id", "title", "updated"))
    ids = [[one.text for one in feed.iter(f"{ATOM}id")] for feed in (first, moved)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 4
    updated = {one.text for one in first.iter(f"{ATOM}updated")}
    assert updated == {"2026-11-25T00:00:00+00:00"}
    published = [one.text for one in first.iter(f"{ATOM}published")]
    assert published == sorted(published, reverse=True)
    assert published[-1] == "2026-11-01T00:00:00+00:00"


@pytest.mark.parametrize("title", ["Kort", "Ett mycket långt uppdrag " * 30])
@pytest.mark.parametrize(
    "link", ["", "https://example.org/" + "x" * 100, "https://e.org/" + "y" * 400]
)
def test_short_text_fits_every_service(title, link):
    (card,) = cards_of(payload({"title": title.strip()}))
    short, long = share_texts(card, lang="sv", fictitious=True, link=link)
    assert len(short) <= SHORT
    assert short.startswith("[Påhittade medlemsuppgifter]")
    assert long.startswith(f"[Påhittade medlemsuppgifter] {title.strip()}")
    assert long.endswith(link)
    if len(link) < 200:
        assert short.endswith(link)


def chunks(png):
    """The kinds of a PNG's parts, as its format defines them."""
    kinds, at = [], 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4])
        kinds.append(png[at + 4 : at + 8].decode())
        at += 12 + size
    return kinds


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_picture_has_the_size_services_ask_for_and_no_metadata(lang):
    (card,) = cards_of(payload({}), lang)
    png = picture(card, study="Provregionen", lang=lang, fictitious=True)
    image = Image.open(io.BytesIO(png))
    assert image.size == (1200, 630)
    assert image.info.keys() <= {"transparency"}
    assert set(chunks(png)) == {"IHDR", "PLTE", "IDAT", "IEND"}
    assert png == picture(card, study="Provregionen", lang=lang, fictitious=True)
    assert len(png) < 60_000


def test_picture_of_made_up_assignments_is_marked():
    (card,) = cards_of(payload({}))
    marked, plain = (
        Image.open(io.BytesIO(picture(card, study="P", lang="sv", fictitious=made_up)))
        .convert("RGB")
        .crop((700, 40, 1150, 110))
        for made_up in (True, False)
    )
    assert len(plain.getcolors()) == 1
    assert (0xFF, 0xF6, 0xDC) in {colour for _, colour in marked.getcolors(9999)}


def ink_box(png):
    """Where anything is drawn below the mark and the study's name."""
    image = Image.open(io.BytesIO(png)).convert("RGB").crop((0, 110, 1200, 630))
    paper = Image.new("RGB", image.size, (0xFA, 0xF9, 0xF5))
    return ImageChops.difference(image, paper).getbbox()


@pytest.mark.parametrize(
    "title",
    ["A", "Åäö – ”citat” · 100 %", "Superlångtsammansattord" * 6, "ord " * 120, EVIL, "\x00\u202e"],
)
def test_no_title_runs_out_of_its_picture(title):
    (card,) = cards_of(payload({"title": title, "organisation": title or "x", "theme": title}))
    left, _, right, bottom = ink_box(picture(card, study=title, lang="sv", fictitious=True))
    # A letter may hang out over its own left edge.
    assert left >= 72 - 3
    assert right <= 1200 - 72 + 1
    assert bottom <= 520 - 20


def test_picture_draws_swedish_letters_and_leaves_out_what_it_has_no_sign_for():
    def drawn(title):
        (card,) = cards_of(payload({"title": title}))
        return picture(card, study="P", lang="sv", fictitious=False)

    assert drawn("Räkna") != drawn("Rakna")
    assert drawn("Räkna \U0001f600") == drawn("Räkna")
