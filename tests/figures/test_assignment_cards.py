"""Cards of assignments, and which addresses may become links."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.figures.assignment_cards import card_id, cards
from regionstudy.figures.assignment_words import period_text, remote_text
from regionstudy.figures.links import safe_address


def rows(*changed):
    plain = {
        "org_id": "one", "title": "T", "organisation": "Arkivet", "municipality": "2281",
        "place": "Sundsvall", "county": "Västernorrlands län", "theme": "A",
        "cluster_name": "IT", "occupation": "2512", "occupation_name": "Utvecklare",
        "competences": " R ;; Python;", "remote_share": 0.5, "opens": pd.Timestamp("2027-01-01"),
        "closes": pd.Timestamp("2027-02-01"), "state": "open", "url": "https://one.example",
    }  # fmt: skip
    return pd.DataFrame([plain | one for one in changed])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " java\nscript:alert(1)", "java\tscript:x",
        "\x01javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd",
        "//evil.example/x", "/etc", "evil.example", "https://", "http:///x", "https:evil",
        "https://scb.se@evil.example", "https://scb.se:pw@evil.example/", "https://[::1",
        "https:\\\\evil.example", "https://a.example/\u202etxt", "https://a.example/\u200bx",
        "mailto:", "mailto:a", "mailto:a@b.se?bcc=c@d.se", "mailto:a@b.se&cc=x", "", "  ",
        None, float("nan"), 7,
    ],
)  # fmt: skip
def test_no_other_address_becomes_a_link(url):
    assert safe_address(url) is None


@pytest.mark.parametrize(
    "url",
    ["https://a.example", "HTTP://a.example/å?b=1#c", "https://a.example:8443/x",
     "mailto:jobb.arkiv@a.example.se"],
)  # fmt: skip
def test_addresses_of_the_web_and_of_mail_do(url):
    assert safe_address(f" {url} ") == url


@given(st.text())
def test_whatever_is_written_a_link_begins_with_one_of_three_schemes(text):
    found = safe_address(text)
    assert found is None or found.lower().startswith(("http://", "https://", "mailto:"))


def test_themes_stand_by_size_then_name_and_those_without_one_last():
    frame = rows(
        {"theme": "Ö"}, {"theme": "b"}, {"theme": "C"}, {"theme": "C"},
        *[{"theme": None}] * 3,
    )  # fmt: skip
    made = cards(frame, day="2026-11-25", title="K")
    assert [group.title.render("sv") for group in made.groups] == ["C", "b", "Ö", "Utan tema"]


def test_within_a_theme_what_closes_first_stands_first_and_no_last_day_last():
    frame = rows(
        {"title": "sen", "closes": pd.Timestamp("2027-03-01")},
        {"title": "öppen", "closes": pd.NaT},
        {"title": "först"},
    )
    (group,) = cards(frame, day="2026-11-25", title="K").groups
    assert [card.title for card in group.cards] == ["först", "sen", "öppen"]


def test_what_is_not_said_is_empty_or_said_to_be_missing_and_never_nan():
    missing = {"occupation": None, "occupation_name": None, "competences": None, "url": None,
               "remote_share": None, "opens": pd.NaT, "closes": pd.NaT}  # fmt: skip
    made = cards(rows(missing), day="2026-11-25", title="K")
    (card,) = made.groups[0].cards
    assert (card.competences, card.url, card.opens, card.closes) == ((), None, "", "")
    assert card.remote_share is None
    assert card.remote.render("sv") == "distans: uppgift saknas"
    assert "nan" not in str(made.payload()).lower()


def test_competences_are_parted_and_a_place_in_the_name_is_not_said_again():
    made = cards(rows({}, {"organisation": "Arkivet, Sundsvall"}), day="2026-11-25", title="K")
    first, second = made.groups[0].cards
    assert first.competences == ("R", "Python")
    assert (first.whose, second.whose) == ("Arkivet, Sundsvall", "Arkivet, Sundsvall")


def test_the_payload_says_that_the_frame_is_made_up():
    frame = rows({})
    frame.attrs["fictitious"] = True
    made = cards(frame, day="2026-11-25", title="K").payload()
    assert made["kind"] == "cards"
    assert made["fictitious"] is True


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="Cards needs the column url"):
        cards(rows({}).drop(columns="url"), day="2026-11-25", title="K")


@given(st.text(), st.text())
def test_an_id_is_a_file_name_and_differs_with_what_it_names(one, other):
    first, second = (card_id("o", title, "2281", "") for title in (one, other))
    assert first.isascii()
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(first) <= 57
    assert (first == second) == (one == other)


def test_dates_and_shares_are_worded():
    assert period_text("", "2027-03-15").render("en") == "until 15 March 2027"
    assert period_text("2027-03-15", "").render("sv") == "från 15 mars 2027"
    assert period_text("", "").render("sv") == ""
    assert remote_text(1.0).render("en") == "fully remote"
