"""Texts in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import ConfigError
from regionstudy.words import (
    LANGUAGES,
    Message,
    Words,
    current_language,
    format_number,
    format_period,
    render,
    use_language,
)
from regionstudy.words.text import _ordinal

LOCALE = Path(__file__).resolve().parents[2] / "src/regionstudy/words/locale"
FIELD = re.compile(r"\{(\w+)")


def texts(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((LOCALE / lang).glob("*.po")):
        for message in read_po(path.open("rb"), locale=lang):
            if message.id:
                assert message.id not in found, f"{message.id} stands twice ({path.name})"
                found[message.id] = message.string
    return found


def test_both_languages_hold_the_same_messages_with_the_same_parameters():
    swedish, english = texts("sv"), texts("en")
    assert swedish.keys() == english.keys()
    for key, text in swedish.items():
        assert text, f"{key} has no Swedish text"
        assert english[key], f"{key} has no English text"
        assert set(FIELD.findall(text)) == set(FIELD.findall(english[key])), key


def test_every_message_stands_in_the_file_of_its_room():
    for lang in LANGUAGES:
        for path in (LOCALE / lang).glob("*.po"):
            for message in read_po(path.open("rb"), locale=lang):
                if message.id:
                    assert message.id.partition(".")[0] == path.stem


def test_swedish_numbers_have_comma_no_break_space_and_a_real_minus():
    assert format_number(1234567.891, 2, lang="sv") == "1\xa0234\xa0567,89"
    assert format_number(-2.5, 1, lang="sv") == "−2,5"
    assert format_number(0.3, 1, lang="sv", signed=True) == "+0,3"
    assert format_number(0.0, 1, lang="sv", signed=True) == "0,0"


def test_a_missing_number_is_not_a_zero():
    assert format_number(float("nan"), 1, lang="sv") == "–"


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_formatted_number_reads_back_within_half_a_unit(value, decimals):
    text = format_number(value, decimals, lang="en").replace(",", "").replace("−", "-")
    assert abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-6


def test_a_message_writes_each_language_with_its_own_numbers():
    message = Message("words.rank_of", {"rank": 1022, "n": 2290})
    assert message.render("sv") == "plats 1\xa0022 av 2\xa0290"
    assert message.render("en") == "1022nd of 2,290"


def test_an_unknown_message_names_the_nearest():
    with pytest.raises(ConfigError, match=r'Did you mean "words\.missing"'):
        Message("words.mising").render("sv")


def test_a_missing_parameter_is_named():
    with pytest.raises(ConfigError, match=r"words\.rank_of.*needs the parameter 'n'"):
        Message("words.rank_of", {"rank": 1}).render("sv")


def test_an_unknown_language_lists_the_known():
    with pytest.raises(ConfigError, match="use one of: sv, en"):
        use_language("fi")


def test_words_show_the_current_language():
    words = Words(sv="Boende", en="Housing")
    assert current_language() == "sv"
    use_language("en")
    try:
        assert str(words) == "Housing"
    finally:
        use_language("sv")
    assert render("2281", "en") == "2281"


@pytest.mark.parametrize(
    ("number", "sv", "en"),
    [(1, "1:a", "1st"), (2, "2:a", "2nd"), (3, "3:e", "3rd"), (11, "11:e", "11th"),
     (21, "21:a", "21st"), (112, "112:e", "112th")],
)  # fmt: skip
def test_ordinals(number, sv, en):
    assert (_ordinal(number, "sv"), _ordinal(number, "en")) == (sv, en)


def test_a_year_is_its_own_words():
    assert format_period("2024", lang="sv") == "2024"
    assert format_period("2024K3", lang="sv") == "kvartal 3 2024"
