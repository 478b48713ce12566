"""
Selection expressions, resolved to value codes before anything is asked for.

PxWeb v2 resolves ``*``, ``?``, ``TOP``, ``BOTTOM``, ``RANGE``, ``FROM`` and ``TO`` itself, but
then nobody knows how many cells an answer has until it is refused, and a wildcard that matches
nothing may silently sum a variable away. Here they are resolved by the same rules, and what
cannot be resolved is an error that names the nearest value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["TOTAL", "Chosen", "as_items", "nearest", "resolve", "total_code"]

Chosen = str | int | Iterable[str | int]
"""Values of a variable: one or several, in texts or whole numbers (years)."""

TOTAL = "total"
"""How a total is asked for and given back, whatever code the table has for it."""

_EXPRESSION = re.compile(r"(RANGE|TOP|BOTTOM|FROM|TO)\((.*)\)", re.IGNORECASE | re.DOTALL)
_COUNT = re.compile(r"(\d+)(?:,(\d+))?")

# SCB's codes for a total; others ("SC" of civil status) mean other things elsewhere, and are
# known by their text only.
_TOTAL_CODES = re.compile(r"tot(al|alt|sa)?|1\+2", re.IGNORECASE)
_TOTAL_WORDS = (
    r"(?:total(?:t|a|er|s)?|samtliga|alla|all|båda könen|both sexes"
    r"|kvinnor och män|män och kvinnor|men and women|women and men)"
)
# What a total may be of without being a part of anything; "samtliga utrikes födda", "alla
# branscher utom A" and "total fertilitet" are parts or other figures.
_OF_EVERYTHING = (
    r"(?:ålder|åldrar|åldersgrupper|år|kön|könen|civilstånd|regioner|län|kommuner|områden|länder"
    r"|födelse(?:regioner|länder)|hushåll|hushållstyper|personer|branscher|näringsgrenar"
    r"|näringar|sektorer|yrken|yrkesgrupper|utbildningar|utbildningsnivåer|inkomstklasser"
    r"|upplåtelseformer|hustyper|boendeformer|ägarkategorier|kategorier|grupper|typer|värden"
    r"|ages?|age groups|years|sex|sexes|marital status(?:es)?|regions|counties|municipalities"
    r"|countries|(?:regions|countries) of birth|households|persons|industries|sectors"
    r"|occupations|(?:educational )?levels|categories|groups|types|values)"
)
_SPAN = r"(?P<first>\d+)(?:\+|\s?[-–]\s?(?P<last>\d+)\+?)"  # 16+, 16-74
_TOTAL_LABELS = re.compile(
    rf"{_TOTAL_WORDS}(?:[\s,:()]+(?:(?:{_TOTAL_WORDS}|{_OF_EVERYTHING}|och|and)\b|{_SPAN}))*\)?"
)
_BEGINS_AS_TOTAL = re.compile(rf"{_TOTAL_WORDS}\b")
_NUMBERS = re.compile(r"\d+")


def resolve(
    chosen: Chosen,
    *,
    codes: Sequence[str],
    variable: str,
    time: bool = False,
    labels: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """
    Resolve values and selection expressions of one variable to its codes.

    Parameters
    ----------
    chosen : str, int or iterable of them
        Codes, the word "total", and expressions: ``*`` (all; ``22*``, ``*01``, ``*2*``), ``?``
        (exactly one sign), ``TOP(n)``, ``TOP(n,offset)``, ``BOTTOM(n)``, ``RANGE(a,b)``,
        ``FROM(a)``, ``TO(b)``. Several are joined. What equals a code is that code, in
        upper or lower case.
    codes : sequence of str
        The variable's codes, in the order of the metadata.
    variable : str
        Its code, for errors.
    time : bool, default False
        Whether it is the time variable, of which TOP takes the newest.
    labels : mapping of str to str, optional
        The codes' texts, for "total" and for errors.

    Returns
    -------
    tuple of str
        The codes in the order of the metadata, each once.

    Raises
    ------
    ConfigError
        If a value is unknown, an expression cannot be read or matches nothing, or nothing is
        chosen.

    Examples
    --------
    >>> resolve(["22*", "00"], codes=["00", "21", "22", "2281"], variable="Region")
    ('00', '22', '2281')
    >>> resolve("TOP(2)", codes=["2022", "2023", "2024"], variable="Tid", time=True)
    ('2023', '2024')
    """
    items = as_items(chosen)
    if not items:
        msg = f'{variable}: no value is chosen. Choose values, or "*" for all of them.'
        raise ConfigError(msg)
    one = _Variable(tuple(codes), variable, time=time, labels=labels or {})
    taken = {code for item in items for code in one.codes_of(item)}
    return tuple(code for code in one.codes if code in taken)


def as_items(chosen: Chosen) -> list[str]:
    """
    Make a list of texts of what is chosen.

    Parameters
    ----------
    chosen : str, int or iterable of them
        One value or several.

    Returns
    -------
    list of str
        The values in their order.

    Examples
    --------
    >>> as_items(2024), as_items(["2281", 22])
    (['2024'], ['2281', '22'])
    """
    return [str(one) for one in ([chosen] if isinstance(chosen, str | int) else chosen)]


def total_code(codes: Sequence[str], labels: Mapping[str, str]) -> str | None:
    """
    Find the value that stands for all the others.

    Parameters
    ----------
    codes : sequence of str
        A variable's codes.
    labels : mapping of str to str
        Their texts.

    Returns
    -------
    str or None
        Its code; None where no value, or more than one, is known to be a total. The total of
        a part ("samtliga utrikes födda", "alla branscher utom A") is none.

    Examples
    --------
    >>> total_code(["TotSa", "1", "2"], {"TotSa": "totalt", "1": "män", "2": "kvinnor"})
    'TotSa'
    """
    texts = {code: labels.get(code, "").strip().casefold() for code in codes}
    by_label = [code for code in codes if _is_whole(code, texts)]
    by_code = [
        code
        for code in codes
        if _TOTAL_CODES.fullmatch(code)
        and (code in by_label or not _BEGINS_AS_TOTAL.match(texts[code]))
    ]
    both = [code for code in by_code if code in by_label]
    if len({texts[code] for code in by_label}) == 1:
        # TAB5557 has TotSA, TOT1, TOT5 and TOT10, all "totalt, samtliga åldrar": one total,
        # repeated for each of its value sets.
        return (both or by_label)[0]
    for found in (both, [] if by_label else by_code):
        if len(found) == 1:
            return found[0]
    return None


def nearest(word: str, known: Iterable[str], *, labels: Mapping[str, str] | None = None) -> str:
    """
    Say which known word an unknown one is most like.

    Parameters
    ----------
    word : str
        The unknown word.
    known : iterable of str
        What would have done.
    labels : mapping of str to str, optional
        Texts of the known words: each may be what was meant, and is shown.

    Returns
    -------
    str
        A sentence that begins with a blank; empty where none is near.

    Examples
    --------
    >>> nearest("Tld", ["Region", "Tid"])
    ' Did you mean "Tid"?'
    """
    labels = labels or {}
    words = {text.casefold(): code for code, text in labels.items()}
    words |= {code.casefold(): code for code in map(str, known)}
    near = difflib.get_close_matches(word.casefold(), words, n=1)
    if not near:
        return ""
    code = words[near[0]]
    label = labels.get(code, code)
    return f' Did you mean "{code}"{f" ({label})" if label != code else ""}?'


def _is_whole(code: str, texts: Mapping[str, str]) -> bool:
    """Tell whether a text says total, and names no part: of ages, all that the others have."""
    found = _TOTAL_LABELS.fullmatch(texts[code])
    if found is None:
        return False
    if found["first"] is None:
        return True
    first, last = int(found["first"]), float(found["last"] or "inf")
    others = [text for one, text in texts.items() if one != code]
    # Of two totals, 16+ and 20+, which is meant is for the asker to say.
    return not any(_TOTAL_LABELS.fullmatch(text) for text in others) and all(
        first <= int(age) <= last for text in others for age in _NUMBERS.findall(text)
    )


class _Variable:
    """One variable's codes, and the expressions that choose among them."""

    def __init__(
        self, codes: tuple[str, ...], name: str, *, time: bool, labels: Mapping[str, str]
    ) -> None:
        self.codes = codes
        self.name = name
        self.time = time
        self.labels = labels
        # An exact match wins, should two codes differ in case alone.
        self.known = {code.casefold(): code for code in reversed(codes)}
        self.known |= {code: code for code in codes}

    def codes_of(self, item: str) -> Sequence[str]:
        """Resolve one item; the order of these attempts is the service's own."""
        if (code := self.code(item)) is not None:
            return [code]
        if (call := _EXPRESSION.fullmatch(item)) is not None:
            return self._call(item, call[1].upper(), call[2])
        if "?" in item or "*" in item:
            return self._wildcard(item)
        if item.casefold() == TOTAL:
            return [self._total()]
        raise self._fault(f'has no value "{item}".{self._nearest(item)}')

    def code(self, item: str) -> str | None:
        """Give the code that an item is, in its own spelling."""
        return self.known.get(item) or self.known.get(item.casefold())

    def _total(self) -> str:
        code = total_code(self.codes, self.labels)
        if code is None:
            shown = ", ".join(self._shown(code) for code in self.codes[:5])
            raise self._fault(
                f"has no value, or more than one, that is known to be the total of the others. "
                f"Choose it by its code; the first are {shown}."
            )
        return code

    def _call(self, item: str, name: str, inside: str) -> Sequence[str]:
        if name in ("TOP", "BOTTOM"):
            return self._end(item, name, inside)
        if name == "FROM":
            return self.codes[self._position(inside, item) :]
        if name == "TO":
            return self.codes[: self._position(inside, item) + 1]
        first, last = sorted(self._position(end, item) for end in self._two_ends(item, inside))
        return self.codes[first : last + 1]

    def _two_ends(self, item: str, inside: str) -> tuple[str, str]:
        # A code may hold a comma itself, so the one between two known codes is looked for.
        commas = [at for at, sign in enumerate(inside) if sign == ","]
        ends = [(inside[:at], inside[at + 1 :]) for at in commas]
        if not ends:
            raise self._fault(f'cannot read "{item}". Write RANGE(first,last).')
        known = (pair for pair in ends if all(self.code(end) is not None for end in pair))
        return next(known, ends[0])

    def _end(self, item: str, name: str, inside: str) -> Sequence[str]:
        numbers = _COUNT.fullmatch(inside)
        count, offset = (int(numbers[1]), int(numbers[2] or 0)) if numbers else (0, 0)
        if count < 1:
            raise self._fault(
                f'cannot read "{item}". Write {name}(5) or {name}(5,2): five of them, the second '
                f"time after leaving two out; whole numbers from 1, and no blanks."
            )
        # Time counts from the newest, whichever way the table lists it.
        ordered = sorted(self.codes, reverse=True) if self.time else list(self.codes)
        if name == "BOTTOM":
            ordered.reverse()
        found = ordered[offset : offset + count]
        if not found:
            raise self._fault(
                f'has {len(self.codes)} values, and "{item}" leaves them all out. Lower the '
                f"second number."
            )
        return found

    def _wildcard(self, item: str) -> Sequence[str]:
        stars = item.count("*")
        ends = item.startswith("*") + item.endswith("*")
        star_at_end = stars <= 1 if item == "*" else stars == ends
        if ("?" in item and stars) or not star_at_end:
            raise self._fault(
                f'cannot read "{item}". A * stands first, last or both ("22*", "*01", "*2*"); '
                f'a ? is one sign ("????"); the two are not mixed.'
            )
        parts = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in item)
        pattern = re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
        found = [code for code in self.codes if pattern.fullmatch(code)]
        if not found:
            shown = ", ".join(self._shown(code) for code in self.codes[:5])
            raise self._fault(f'has no value like "{item}". The first of them are {shown}.')
        return found

    def _position(self, end: str, item: str) -> int:
        code = self.code(end)
        if code is None:
            raise self._fault(f'has no value "{end}", an end of "{item}".{self._nearest(end)}')
        return self.codes.index(code)

    def _nearest(self, item: str) -> str:
        hint = nearest(item, self.codes, labels=self.labels)
        shown = ", ".join(self._shown(code) for code in self.codes[:3])
        return hint or f" It has {len(self.codes)} values: {shown} and so on."

    def _shown(self, code: str) -> str:
        label = self.labels.get(code, code)
        return f"{code} ({label})" if label != code else code

    def _fault(self, problem: str) -> ConfigError:
        return ConfigError(f"{self.name} {problem}")
