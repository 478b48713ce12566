"""Selection expressions: each rule of the service, and what it would swallow silently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import ConfigError
from regionstudy.sources.selection import nearest, resolve, total_code

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = ["00", "01", "0114", "0180", "22", "2260", "2281"]
YEARS = ["2020", "2021", "2022", "2023", "2024"]
NAMES = {"00": "Riket", "2281": "Sundsvall", "2260": "Ånge"}


def regions(*chosen: str) -> tuple[str, ...]:
    return resolve(chosen, codes=REGIONS, variable="Region", labels=NAMES)


def years(*chosen: str) -> tuple[str, ...]:
    return resolve(chosen, codes=YEARS, variable="Tid", time=True)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("*", REGIONS),
        ("22*", ["22", "2260", "2281"]),  # the county and its municipalities
        ("*81", ["2281"]),
        ("*8*", ["0180", "2281"]),
        ("**", REGIONS),
        ("??", ["00", "01", "22"]),  # the country and the counties
        ("????", ["0114", "0180", "2260", "2281"]),
        ("22??", ["2260", "2281"]),
        ("TOP(2)", ["00", "01"]),
        ("top(2,1)", ["01", "0114"]),
        ("TOP(99)", REGIONS),
        ("BOTTOM(2)", ["2260", "2281"]),
        ("BOTTOM(1,1)", ["2260"]),
        ("RANGE(0114,22)", ["0114", "0180", "22"]),
        ("range(22,0114)", ["0114", "0180", "22"]),  # the ends may be swapped
        ("FROM(2260)", ["2260", "2281"]),
        ("To(01)", ["00", "01"]),
    ],
)
def test_an_expression_gives_the_codes_the_service_would(
    expression: str, expected: list[str]
) -> None:
    assert list(regions(expression)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TOP(2)", ["2023", "2024"]),  # of time the newest, given in order
        ("TOP(2,1)", ["2022", "2023"]),
        ("BOTTOM(2)", ["2020", "2021"]),
        ("RANGE(2021,2022)", ["2021", "2022"]),
        ("FROM(2023)", ["2023", "2024"]),
    ],
)
def test_time_counts_from_the_newest(expression: str, expected: list[str]) -> None:
    assert list(years(expression)) == expected
    backwards = resolve(expression, codes=YEARS[::-1], variable="Tid", time=True)
    if not expression.startswith("FROM"):
        assert sorted(backwards) == expected


def test_expressions_and_codes_are_joined_without_repeats_in_the_tables_order() -> None:
    assert regions("2281", "22*", "00", "2281") == ("00", "22", "2260", "2281")


def test_a_code_wins_over_an_expression_in_any_case() -> None:
    codes = ["TOP(1)", "a", "*", "tot"]
    assert resolve("top(1)", codes=codes, variable="X") == ("TOP(1)",)
    assert resolve("*", codes=codes, variable="X") == ("*",)
    assert resolve("TOT", codes=codes, variable="X") == ("tot",)


def test_codes_that_differ_in_case_alone_are_kept_apart() -> None:
    assert resolve("totSA", codes=["TotSA", "totSA"], variable="X") == ("totSA",)


def test_a_range_may_have_ends_with_commas() -> None:
    codes = ["a", "b,c", "d"]
    assert resolve("RANGE(a,b,c)", codes=codes, variable="X") == ("a", "b,c")


def test_signs_with_a_meaning_elsewhere_are_plain() -> None:
    assert resolve("1+*", codes=["1+2", "112"], variable="Kon") == ("1+2",)
    assert resolve("100+", codes=["100+", "1000"], variable="Alder") == ("100+",)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("2282", r'Region has no value "2282"\. Did you mean "2281" \(Sundsvall\)\?'),
        ("Sundsval", r'no value "Sundsval"\. Did you mean "2281" \(Sundsvall\)\?'),
        ("99*", r'no value like "99\*"\. The first of them are 00 \(Riket\)'),
        ("2*1", r"A \* stands first, last or both"),
        ("*2*1*", r"A \* stands first, last or both"),
        ("22?*", r"the two are not mixed"),
        ("TOP(0)", r"whole numbers from 1, and no blanks"),
        ("TOP( 2)", r"whole numbers from 1, and no blanks"),
        ("BOTTOM(2, 1)", r"Write BOTTOM\(5\)"),
        ("TOP(1,99)", r"leaves them all out"),
        ("RANGE(00)", r"Write RANGE\(first,last\)"),
        ("RANGE(00,2282)", r'no value "2282", an end of "RANGE\(00,2282\)"\. Did you mean "2281"'),
        ("FROM(9)", r'no value "9", an end of "FROM\(9\)"'),
    ],
)
def test_what_cannot_be_resolved_is_an_error_with_a_remedy(expression: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        regions(expression)


@pytest.mark.parametrize("chosen", [2022, [2022], ("2022",), iter([2022])])
def test_years_may_be_whole_numbers(chosen: Any) -> None:
    assert resolve(chosen, codes=YEARS, variable="Tid", time=True) == ("2022",)


def test_a_whole_number_that_is_no_value_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r'Tid has no value "2025"\. Did you mean "2024"'):
        resolve(2025, codes=YEARS[-1:], variable="Tid", time=True)


def test_nothing_chosen_is_an_error_and_not_an_elimination() -> None:
    with pytest.raises(ConfigError, match=r'Region: no value is chosen\. .*"\*" for all'):
        regions()


@given(st.lists(st.sampled_from(REGIONS), min_size=1))
def test_codes_stand_for_themselves(chosen: list[str]) -> None:
    assert set(regions(*chosen)) == set(chosen)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"TotSa": "totalt", "1": "män", "2": "kvinnor"}, "TotSa"),
        ({"TotSA": "totalt, samtliga åldrar", "0": "0 år"}, "TotSA"),
        ({"SC": "totalt, samtliga civilstånd", "OG": "ogifta"}, "SC"),
        ({"1": "män", "2": "kvinnor", "1+2": "män och kvinnor"}, "1+2"),
        ({"1": "men", "2": "women", "1+2": "total"}, "1+2"),
        ({"OG": "ogifta", "G": "gifta"}, None),
        ({"tot16+": "totalt 16+ år", "16-19": "16-19 år"}, "tot16+"),
        ({"tot16+": "totalt 16+ år", "tot20+": "totalt 20+ år"}, None),
        # As in TAB5557: one total, once for each of the value sets.
        ({"TOT1": "totalt, samtliga åldrar", "TotSA": "totalt, samtliga åldrar"}, "TotSA"),
        ({"TOT1": "totalt, samtliga åldrar", "TOT5": "totalt, samtliga åldrar"}, "TOT1"),
        ({"TotSa": "TotSa", "1": "1"}, "TotSa"),  # without texts
        ({"tot": "totalt", "all20": "samtliga 20+ år"}, "tot"),
        # Industry T of SNI 2007 is households as employers, not a total.
        ({"S": "annan service", "T": "förvärvsarbete i hushåll"}, None),
        # The total of a part is not the total.
        ({"1": "födda i Sverige", "2": "samtliga utrikes födda"}, None),
        ({"a": "alla branscher utom A", "b": "A jordbruk"}, None),
        ({"1": "total fertilitet", "2": "fertilitet, första barnet"}, None),
        ({"tot": "total fertilitet", "2": "fertilitet, första barnet"}, None),
        ({"0-15": "0-15 år", "16-64": "totalt 16-64 år", "65+": "65+ år"}, None),
        ({"0": "totalt", "2": "samtliga utrikes födda"}, "0"),
        ({"tot16-74": "totalt 16–74 år", "16-24": "16–24 år", "65-74": "65–74 år"}, "tot16-74"),
        ({"A-U": "samtliga näringsgrenar", "A": "jordbruk"}, "A-U"),
        ({"00": "alla regioner", "22": "Västernorrlands län"}, "00"),
    ],
)
def test_a_total_is_known_by_its_text_and_code(labels: dict[str, str], expected: str) -> None:
    assert total_code(list(labels), labels) == expected


def test_total_is_mapped_to_each_variables_own_code(shared: Path) -> None:
    path = shared / "recordings" / "pxweb2" / "TAB6471_metadata.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    # One table with two spellings.
    for code, expected in (("Alder", "TotSA"), ("Kon", "TotSa")):
        category = body["dimension"][code]["category"]
        found = resolve(
            "total", codes=list(category["index"]), variable=code, labels=category["label"]
        )
        assert found == (expected,)


def test_a_total_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ConfigError, match="known to be the total of the others"):
        regions("total")


def test_nothing_near_gives_no_hint() -> None:
    assert nearest("qqqq", REGIONS) == ""
