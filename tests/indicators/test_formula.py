"""What a formula may hold, and what is said of everything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.catalogue import Catalogue
from regionstudy.errors import ConfigError
from regionstudy.indicators.formula import FUNCTIONS, Call, Name, Number, Operation, parse


def test_arithmetic_keeps_its_precedence():
    root = parse("a + 2 * b").root
    assert root == Operation("+", Name("a"), Operation("*", Number(2.0), Name("b")))


def test_minus_before_a_part_is_minus_one_times_it():
    assert parse("-a").root == Operation("*", Number(-1.0), Name("a"))


def test_names_come_once_in_the_order_of_the_text():
    assert parse("b / a + b").names == ("b", "a")


def test_a_range_of_ages_is_every_single_age():
    root = parse('at(a, age="20..23")').root
    assert isinstance(root, Call)
    assert root.cells == {"age": ("20", "21", "22", "23")}


def test_a_list_of_codes_is_kept_without_repeats():
    root = parse('at(a, age=["20-24", "25-29", "20-24"], sex=("1", "2"))').root
    assert isinstance(root, Call)
    assert root.cells == {"age": ("20-24", "25-29"), "sex": ("1", "2")}


def test_a_formula_may_stand_on_several_lines():
    assert parse("share(\n    a,\n    b\n)").names == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.__class__",
        "a[0]",
        "(lambda: a)()",
        "[a for a in b]",
        "a if b else c",
        "a ** 9999999",
        "a % b",
        "a // b",
        "a and b",
        "a < b",
        "not a",
        "~a",
        "+a",
        "'a'",
        "True * a",
        "None",
        "1j * a",
        "f'{a}'",
        "open('x')",
        "eval('a')",
        "(a := b)",
        "*a",
        "{a: b}",
        "a; b",
        "a = b",
        "share(*a)",
        "share(**a)",
        "at(a, **b)",
        "await a",
        "...",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ConfigError, match=r"Formula .*, column \d+: "):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b ** 2", r"column 5: not allowed here. A formula holds ids, numbers"),
        ("a + ", r"column \d+: .*Mend it there"),
        ("shar(a, b)", r'column 1: no function "shar". Did you mean "share"\?'),
        ("share(a)", r"column 1: wrong number of parts. Write share\(part, whole\)"),
        ("share(a, b, c)", "wrong number of parts"),
        ("a + share", r"column 5: a function needs its parts: share\(part, whole\)"),
        ("share(a, b, age='20')", "wrong breakdowns"),
        ("at(a)", r"wrong breakdowns. Write at\(id, age="),
        ("at(a + b, age='20')", "chooses cells of one indicator"),
        ("at(a, age=20)", r'column 11: a code stands in quotation marks, such as "total"'),
        ("at(a, age=[])", "no code in the list. Name at least one"),
        ("at(a, age='34..20')", r'the range "34..20" runs backwards. Swap its ends'),
        ("change(a, 0)", "must be a whole number from 1 to 120"),
        ("change(a, 1.5)", "must be a whole number"),
        ("change(a, b)", "must be a whole number"),
        ("change(5, 1)", r"column 8: a part without any indicator. Write change"),
        ("cohort_rate(a + b, 20, 29)", "follows ages of one indicator"),
        ("cohort_rate(at(a, age='20'), 20, 29)", "chooses the ages itself. Take age out"),
        ("cohort_rate(a, 29, 20)", "the lowest age is above the highest. Swap them"),
        ("1 + 2", "column 1: no indicator in it. Name one by its id"),
        ("True * a", "column 1: not allowed here. Write a number"),
        ("a + 'x\\q'", r"column \d+: .*invalid escape sequence"),
        ("a + \ud800", "column 1: can not be read"),
        ("a + " * 30 + "-" * 31 + "a", "more than 30 levels deep"),
        ("a" * 1001, "Formula of 1001 signs; at most 1000 are read"),
    ],
)
def test_a_fault_is_named_with_its_column_and_remedy(text, expected):
    with pytest.raises(ConfigError, match=expected):
        parse(text)


def test_the_column_counts_signs_not_bytes():
    text = 'at(a, tenure="hyresrätt") + b.c'
    with pytest.raises(ConfigError, match=f"column {text.index('b.c') + 1}: "):
        parse(text)


def test_unknown_indicator_names_the_nearest():
    with pytest.raises(ConfigError, match=r'column 10: no indicator "bb" .* Did you mean "bbb"\?'):
        parse("share(a, bb)", known={"a", "bbb"})


def test_unknown_indicator_among_names_that_can_not_be_listed():
    class Nothing:
        def __contains__(self, name: object) -> bool:
            return False

    with pytest.raises(ConfigError, match=r'no indicator "a" in the catalogue\.$'):
        parse("a", known=Nothing())


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_config_error(text):
    try:
        formula = parse(text)
    except ConfigError:
        return
    assert formula.names


@pytest.mark.parametrize("text", ["(" * 400 + "a", "-" * 900 + "a", "[" * 500])
def test_deep_nesting_is_refused_not_crashed(text):
    with pytest.raises(ConfigError, match="Formula "):
        parse(text)


def test_every_formula_of_the_catalogue_can_be_read():
    catalogue = Catalogue.load()
    read = [
        parse(text, known=catalogue)
        for item in catalogue.values()
        for text in (item.formula, item.estimate)
        if text
    ]
    assert len(read) >= 9


def test_every_function_shows_its_form():
    assert all(signature.form.startswith(name + "(") for name, signature in FUNCTIONS.items())
