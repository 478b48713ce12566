"""The assignments' public pages: what they hold, what they never hold, and how they look."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import nbformat
import pytest

from regionstudy.report import SiteSettings, build
from regionstudy.words import Words

from .public_cards import EVIL, FORMULA, evil_payload, payload

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = json.loads(Path(__file__).with_name("jobposting.schema.json").read_text(encoding="utf-8"))
TITLE = Words("Provregionen", "The trial region")


def built(folder, cells, shown, **about):
    """Build a site of one notebook, and give its public folder and the warnings."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[*cells.question(), cells.show(shown)])
    nbformat.write(notebook, folder / "notebooks" / "06_uppdrag.ipynb")
    lang = about.pop("lang", "both")
    settings = SiteSettings(TITLE, **about)
    report = build(folder, out=folder / "site", settings=settings, lang=lang, progress=False)
    return folder / "site" / "public", report


@pytest.fixture(scope="module")
def public(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("public")
    return built(folder, cells, payload(), public_url="https://example.org/uppdrag")[0]


@pytest.fixture(scope="module")
def evil(tmp_path_factory, cells):
    return built(tmp_path_factory.mktemp("evil"), cells, evil_payload())[0]


def pages(folder):
    return sorted(folder.rglob("*.html"))


class Tags(HTMLParser):
    """Every element of a page with its attributes, and the data blocks' text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.blocks: list[str] = []
        self._in_block = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        self.found.append((tag, told))
        self._in_block = tag == "script" and told.get("type") == "application/ld+json"

    def handle_data(self, data):
        if self._in_block:
            self.blocks.append(data)
            self._in_block = False

    def meta(self):
        named = [a for tag, a in self.found if tag == "meta"]
        return {a.get("property") or a.get("name"): a["content"] for a in named if "content" in a}


def leaf(folder, start, lang=""):
    return next((folder / lang / "uppdrag").glob(f"{start}*.html"))


def test_there_is_a_page_a_picture_and_an_entry_for_each_card_in_both_languages(public):
    assert len(list(public.glob("uppdrag/*.html"))) == 3
    assert len(list(public.glob("en/uppdrag/*.html"))) == 3
    assert len(list(public.glob("bilder/*.png"))) == 6
    for feed in (public / "feed.xml", public / "en" / "feed.xml"):
        assert len(ElementTree.parse(feed).findall(f"{ATOM}entry")) == 3
    assert 'lang="sv"' in (public / "index.html").read_text(encoding="utf-8")
    assert 'lang="en"' in (public / "en" / "index.html").read_text(encoding="utf-8")


def test_a_site_without_cards_has_no_public_folder(tmp_path, cells):
    folder, report = built(tmp_path, cells, cells.chart("d"), lang="sv")
    assert not folder.exists()
    assert report.pages == 2
    assert report.warnings == ()


def test_the_studys_own_page_shows_the_cards_and_leads_to_the_public_one(public):
    for lang, href in (("sv", "../public/index.html"), ("en", "../public/en/index.html")):
        page = public.parent / lang / "06_uppdrag.html"
        tags = Tags(page).found
        assert sum(told.get("class") == "asg" for _, told in tags) == 3
        assert href in {told.get("href") for tag, told in tags if tag == "a"}
        assert ("link", {"rel": "stylesheet", "href": "../static/cards.css"}) in tags
        assert Tags(page).blocks == []


def test_one_language_stands_in_the_folder_itself_and_is_counted(tmp_path, cells):
    folder, report = built(tmp_path, cells, payload(), lang="en")
    assert 'lang="en"' in (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="public/index.html"' in (tmp_path / "site" / "06_uppdrag.html").read_text("utf-8")
    assert not (folder / "en").exists()
    assert report.pages == 2 + 4
    again = build(tmp_path, out=tmp_path / "site", settings=SiteSettings(TITLE), lang="en")
    assert (again.run, again.pages) == ((), report.pages)


def test_every_link_of_the_public_pages_leads_to_a_file_of_theirs_or_out(public):
    for page in pages(public):
        for tag, told in Tags(page).found:
            for name in ("href", "src"):
                target = told.get(name, "")
                if not target or target.startswith(("#", "data:", "https:", "mailto:")):
                    continue
                file = (page.parent / unquote(target.split("#")[0])).resolve()
                assert file.is_file(), (page, tag, target)
                assert file.is_relative_to(public.resolve()), (page, target)


@pytest.mark.parametrize("lang", ["", "en"])
def test_postings_have_what_schema_org_and_google_ask_for(public, lang):
    found = 0
    for page in (public / lang / "uppdrag").glob("*.html"):
        (block,) = Tags(page).blocks
        posting = json.loads(block)
        jsonschema.validate(posting, SCHEMA, format_checker=jsonschema.FormatChecker(["date"]))
        assert posting["description"] != posting["title"]
        assert posting["url"].endswith(f"uppdrag/{page.name}")
        found += 1
    assert found == 3
    # A list is not a posting: only a page of its own may say so.
    assert Tags(public / lang / "index.html").blocks == []


def test_a_posting_says_only_what_the_member_said(public):
    told = {start: json.loads(Tags(leaf(public, start)).blocks[0])
            for start in ("bevara", "rakna", "utan")}  # fmt: skip
    plain, remote, bare = told["bevara"], told["rakna"], told["utan"]
    # Winter time, the last second of the last day; the assignment opened before the study's day.
    assert plain["validThrough"] == "2027-03-15T23:59:59+01:00"
    assert plain["datePosted"] == "2026-11-01"
    assert "jobLocationType" not in plain
    assert remote["jobLocationType"] == "TELECOMMUTE"
    # It opens in January, but was told of on the study's day.
    assert remote["datePosted"] == "2026-11-25"
    assert bare.keys().isdisjoint({"validThrough", "skills", "occupationalCategory", "industry"})


def test_whole_addresses_come_from_the_setting_alone(public, tmp_path, cells):
    base = "https://example.org/uppdrag/"
    meta = Tags(leaf(public, "bevara", "en")).meta()
    name = leaf(public, "bevara", "en").stem
    assert meta["og:url"] == f"{base}en/uppdrag/{name}.html"
    assert meta["og:image"] == f"{base}bilder/{name}-en.png"
    feed = ElementTree.parse(public / "feed.xml").getroot()
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{base}index.html", "self": f"{base}feed.xml"}

    folder, report = built(tmp_path, cells, payload())
    for page in pages(folder):
        assert not {"og:url", "og:image"} & Tags(page).meta().keys()
        assert not [b for b in Tags(page).blocks if "url" in json.loads(b)]
    feed = ElementTree.parse(folder / "feed.xml").getroot()
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == ["index.html"]
    assert all(
        entry.find(f"{ATOM}link").get("href").startswith("uppdrag/")
        for entry in feed.findall(f"{ATOM}entry")
    )
    (said,) = report.warnings
    assert "Set public_url in data/study.toml" in said


def test_made_up_assignments_say_so_wherever_they_can_go(public):
    for page in pages(public):
        tags = Tags(page)
        text = page.read_text(encoding="utf-8")
        mark = (
            "Fictitious member data" if "/en/" in page.as_posix() else "Påhittade medlemsuppgifter"
        )
        assert text.count(f'<span class="fict">{mark}</span>') >= 2
        assert tags.meta()["robots"] == "noindex"
        assert f"[{mark}]" in tags.meta()["og:description"]
        assert all(mark in json.loads(block)["description"] for block in tags.blocks)
    list_page = (public / "index.html").read_text(encoding="utf-8")
    assert list_page.count('<li class="asg"') == 3
    assert list_page.count('<span class="fict">') >= 3 + 2
    feed = ElementTree.parse(public / "feed.xml").getroot()
    titles = [feed.find(f"{ATOM}title"), *feed.findall(f"{ATOM}entry/{ATOM}title")]
    assert all(title.text.startswith("[Påhittade medlemsuppgifter]") for title in titles)


def test_real_assignments_carry_no_such_mark_and_may_be_found(tmp_path, cells):
    folder, _ = built(tmp_path, cells, payload(fictitious=False))
    for page in pages(folder):
        assert "Påhittade" not in page.read_text(encoding="utf-8")
        assert "robots" not in Tags(page).meta()


def test_nothing_of_the_study_itself_is_in_the_folder(public):
    """No version, path, notebook or internal id: what is not on a card does not leave."""
    from regionstudy.report.cache import versions

    banned = [str(public.parents[2]), "06_uppdrag", "arkivet\x1f", '"org_id"', "regionstudy/",
              f"regionstudy {versions()['regionstudy']}", "plotly", "releases.toml"]  # fmt: skip
    for file in public.rglob("*"):
        if file.is_file() and file.suffix != ".png":
            text = file.read_text(encoding="utf-8")
            assert [word for word in banned if word in text] == [], file


def test_the_same_cards_give_the_same_bytes(public, tmp_path, cells):
    again, _ = built(tmp_path, cells, payload(), public_url="https://example.org/uppdrag")
    first, second = (
        {p.relative_to(f).as_posix(): p.read_bytes() for p in f.rglob("*") if p.is_file()}
        for f in (public, again)
    )
    assert first == second


# What members wrote.


def test_texts_of_members_become_no_element_and_no_attribute(evil):
    for page in pages(evil):
        tags = Tags(page).found
        handlers = {name for _, told in tags for name in told if name.startswith("on")}
        assert handlers == set()
        loaded = [told["src"] for tag, told in tags if tag in ("img", "script") and "src" in told]
        assert all(src.startswith(("static/", "../")) for src in loaded)
        assert not [t for t, told in tags if t in ("iframe", "object", "form", "style", "base")]


def test_only_safe_addresses_become_links(evil):
    out = {
        told["href"]
        for page in pages(evil)
        for tag, told in Tags(page).found
        if tag == "a"
        and not told["href"].startswith(("#", "..", "index", "feed", "uppdrag/", "en/"))
    }
    # The one with the quotation mark is an address, and stays within its attribute.
    assert out == {'https://a.example/"onmouseover="alert(1)'}


def test_a_script_end_does_not_end_a_posting(evil):
    posting = json.loads(Tags(leaf(evil, "script")).blocks[0])
    assert posting["title"] == EVIL
    assert "<img" not in posting["description"]
    assert "&lt;img" in posting["description"]
    jsonschema.validate(posting, SCHEMA)


def test_feed_is_xml_whatever_members_wrote(evil):
    feed = ElementTree.parse(evil / "feed.xml").getroot()
    titles = [entry.find(f"{ATOM}title").text for entry in feed.findall(f"{ATOM}entry")]
    assert any(title.endswith(EVIL) for title in titles)
    # A summary is HTML within XML, so what looks like a tag is written as text twice over.
    summaries = [entry.find(f"{ATOM}summary").text for entry in feed.findall(f"{ATOM}entry")]
    assert not any("<" in said for said in summaries)


@pytest.mark.browser
def test_nothing_members_wrote_runs_or_is_fetched(chromium, evil):
    context = chromium.new_context()
    page = context.new_page()
    heard: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda told: heard.append(told.text) if told.type == "error" else None)
    for file in (evil / "index.html", *(evil / "uppdrag").glob("*.html")):
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.wait_for_timeout(100)
    assert heard == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


# As a reader meets it.


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
@pytest.mark.parametrize("name", ["index.html", "leaf"])
def test_axe_finds_nothing_on_public_pages(chromium, public, width, scheme, name):
    from axe_playwright_python.sync_playwright import Axe

    file = public / "index.html" if name == "index.html" else leaf(public, "bevara")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.browser
def test_what_has_closed_since_the_page_was_made_is_taken_away_and_said(chromium, public):
    context = chromium.new_context()
    page = context.new_page()
    page.clock.set_fixed_time("2027-03-15T12:00:00")
    page.goto((public / "index.html").as_uri())
    assert page.locator(".asg").count() == 3
    assert page.locator(".closed").is_hidden()
    page.clock.set_fixed_time("2027-03-16T12:00:00")
    page.goto((public / "index.html").as_uri())
    # The one without a last day stays.
    assert page.locator(".asg h3").all_inner_texts() == ["Utan mer"]
    assert page.locator(".ft tbody tr").count() == 1
    assert page.inner_text(".closed").startswith("2 uppdrag har stängt")
    page.goto(leaf(public, "bevara").as_uri())
    assert page.inner_text(".closed") == "Uppdraget har stängt."
    context.close()


@pytest.mark.browser
def test_public_pages_are_whole_without_javascript(chromium, public):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((public / "index.html").as_uri())
    assert page.locator(".asg").count() == 3
    assert page.locator(".ft tbody tr").count() == 3
    assert page.locator(".ft-bar").is_hidden()
    context.close()


def test_formulas_stay_texts_on_the_page(evil):
    assert FORMULA.replace('"', "&#34;") in (evil / "index.html").read_text(encoding="utf-8")
