"""The assignments as pages that may be put on the web, apart from the study's own site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

from regionstudy.figures.links import safe_address
from regionstudy.figures.theme import css_tokens
from regionstudy.report.cards_pictures import picture
from regionstudy.report.feeds import atom_feed
from regionstudy.report.public_postings import job_posting
from regionstudy.report.public_texts import share_texts, summary
from regionstudy.words import Message, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.report.exporter import SiteExporter
    from regionstudy.report.pages import Page
    from regionstudy.report.settings import SiteSettings

__all__ = ["PUBLIC", "WrittenPublic", "write_public"]

PUBLIC = "public"
_STATIC = Path(__file__).with_name("static")
_CARDS, _PICTURES = "uppdrag", "bilder"
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
_COLUMNS = ("title", "organisation", "place", "theme", "cluster", "remote", "closes")


@dataclass(frozen=True, slots=True)
class WrittenPublic:
    """
    What was written.

    Parameters
    ----------
    pages : int
        How many pages; 0 where no notebook shows cards, and then there is no folder.
    warnings : tuple of str
        What is left out, and what to do about it.
    """

    pages: int = 0
    warnings: tuple[str, ...] = ()


def write_public(
    folder: Path,
    sites: Mapping[str, Sequence[Page]],
    *,
    exporter: SiteExporter,
    settings: SiteSettings,
) -> WrittenPublic:
    """
    Write ``public/``: a list, a page, a picture and texts for each assignment, and a feed.

    Only what the cards hold is in it: nothing of other pages, no version and no path. The
    first language stands in the folder itself, each other one in a folder of its own.

    Parameters
    ----------
    folder : Path
        The site's folder.
    sites : mapping of str to sequence of Page
        The pages by language.
    exporter : SiteExporter
        Holds the templates.
    settings : SiteSettings
        The study's name and contact, and where the folder is put on the web.

    Returns
    -------
    WrittenPublic
        The number of pages, and warnings.

    Raises
    ------
    OSError
        If a file can not be written.
    """
    shown = {lang: [c for page in pages for c in page.cards] for lang, pages in sites.items()}
    shown = {lang: contents for lang, contents in shown.items() if contents}
    if not shown:
        return WrittenPublic()
    public = folder / PUBLIC
    (public / "static").mkdir(parents=True)
    (public / _PICTURES).mkdir()
    _write_static(public / "static")
    languages = list(shown)
    pages = 0
    for lang, contents in shown.items():
        site = _PublicSite(contents, lang=lang, languages=languages, settings=settings)
        pages += site.write(public, exporter)
    warnings = []
    if not settings.public_url:
        warnings.append(
            f"{PUBLIC}/ knows no address of its own, so its pages name no picture for social "
            "media and its feed's links are relative. Set public_url in data/study.toml once it "
            "is decided where the folder is put."
        )
    return WrittenPublic(pages, tuple(warnings))


class _PublicSite:
    """The pages of one language."""

    def __init__(
        self,
        contents: Sequence[Mapping[str, Any]],
        *,
        lang: str,
        languages: Sequence[str],
        settings: SiteSettings,
    ) -> None:
        self._lang = lang
        self._below = "" if lang == languages[0] else f"{lang}/"
        self._up = "../" if self._below else ""
        other = next((code for code in languages if code != lang), None)
        to_other = f"{self._up}{'' if self._below else str(other) + '/'}"
        self._other = None if other is None else {"lang": other, "href": to_other}
        self._settings = settings
        self._study = render(settings.title, lang)
        self._day = str(contents[0]["day"])
        self._fictitious = any(content["fictitious"] for content in contents)
        self._groups = [group for content in contents for group in content["groups"]]
        every = [card for group in self._groups for card in group["cards"]]
        # What two notebooks show stands once.
        self._cards = list({card["id"]: card for card in every}.values())
        url = settings.public_url
        whole = url if not url or url.endswith("/") else f"{url}/"
        self._base = f"{whole}{self._below}" if whole else ""
        self._pictures = f"{whole}{_PICTURES}/" if whole else ""

    def write(self, public: Path, exporter: SiteExporter) -> int:
        target = public / self._below
        (target / _CARDS).mkdir(parents=True)
        _save(target / "index.html", exporter.render("public_index.html.j2", self._list()))
        for card in self._cards:
            view = self._leaf(card)
            _save(
                target / _CARDS / f"{card['id']}.html",
                exporter.render("public_card.html.j2", view),
            )
            drawn = picture(card, study=self._study, lang=self._lang, fictitious=self._fictitious)
            (public / _PICTURES / self._picture(card)).write_bytes(drawn)
        feed = atom_feed(
            self._cards,
            title=self._study,
            lang=self._lang,
            day=self._day,
            fictitious=self._fictitious,
            base=self._base,
            folder=f"{_CARDS}/",
        )
        _save(target / "feed.xml", feed)
        return len(self._cards) + 1

    def _picture(self, card: Mapping[str, Any]) -> str:
        return f"{card['id']}-{self._lang}.png"

    def _common(self, *, up: str) -> dict[str, Any]:
        return {
            "lang": self._lang,
            "locale": _LOCALES[self._lang],
            "static": f"{up}{self._up}static/",
            "home": f"{up}index.html",
            "feed": f"{up}feed.xml",
            "study": self._study,
            "contact": self._settings.contact,
            "day": self._day,
            "fictitious": self._fictitious,
            "words": self._words,
            "public": self._public,
        }

    def _list(self) -> dict[str, Any]:
        other = self._other and {**self._other, "href": f"{self._other['href']}index.html"}
        organisations = len({card["organisation"] for card in self._cards})
        told = {"n": len(self._cards), "organisations": organisations, "day": self._day}
        return self._common(up="") | {
            "other": other,
            "address": f"{self._base}index.html" if self._base else "",
            "lead": self._public("lead.one" if len(self._cards) == 1 else "lead", **told),
            "groups": self._groups,
            "folder": f"{_CARDS}/",
            "cards": self._cards,
            "table": self._table(),
        }

    def _leaf(self, card: Mapping[str, Any]) -> dict[str, Any]:
        other = self._other and {
            **self._other,
            "href": f"../{self._other['href']}{_CARDS}/{card['id']}.html",
        }
        address = f"{self._base}{_CARDS}/{card['id']}.html" if self._base else ""
        about: dict[str, Any] = {"lang": self._lang, "fictitious": self._fictitious}
        link = address or safe_address(card["url"]) or ""
        name = self._picture(card)
        return self._common(up="../") | {
            "other": other,
            "address": address,
            "card": card,
            "summary": summary(card, **about),
            "posting": job_posting(card, day=self._day, address=address, **about),
            "share": share_texts(card, link=link, **about),
            "picture": f"../{self._up}{_PICTURES}/{name}",
            "picture_address": f"{self._pictures}{name}" if self._pictures else "",
        }

    def _table(self) -> dict[str, Any]:
        """Give the cards as a payload's table."""
        columns = [
            {
                "key": one,
                "label": Message(f"assignments.column.{one}").render(self._lang),
                "kind": "number" if one == "remote" else "text",
                "decimals": 0,
                "signed": False,
            }
            for one in _COLUMNS
        ]
        rows = [
            [_remote(card) if one == "remote" else card[one] for one in _COLUMNS]
            for card in self._cards
        ]
        return {"columns": columns, "rows": rows, "caption": "", "home": []}

    def _words(self, key: str, **params: Any) -> str:
        return Message(f"report.{key}", params).render(self._lang)

    def _public(self, key: str, **params: Any) -> str:
        return Message(f"public.{key}", params).render(self._lang)


def _remote(card: Mapping[str, Any]) -> Any:
    share = card["remote_share"]
    return {"value": None, "status": ".."} if share is None else 100 * share


def _write_static(folder: Path) -> None:
    sheet = "".join(
        (_STATIC / name).read_text(encoding="utf-8")
        for name in ("site.css", "table.css", "cards.css")
    )
    for mode in ("light", "dark"):
        declared = "".join(f"--{name}:{value};" for name, value in css_tokens(mode).items())
        sheet = sheet.replace(f"/* tokens: {mode} */", declared)
    _save(folder / "public.css", sheet)
    for name in ("public.js", "table.js"):
        copyfile(_STATIC / name, folder / name)


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
