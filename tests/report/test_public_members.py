"""From a members' file to the web: what is written with bad intent in it harms nobody."""

from __future__ import annotations

import csv

import nbformat
import pytest

from regionstudy import views
from regionstudy.errors import MemberDataError
from regionstudy.members import load
from regionstudy.report import SiteSettings, build
from regionstudy.study import Study
from regionstudy.words import Words

from .public_cards import EVIL, FORMULA

SECRET = "Hemligt uppdrag som ingen har godkänt"


def write(folder, name, *rows):
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def members_folder(folder, **changed):
    plain = {
        "org_id": "arkivet", "title": EVIL, "theme": FORMULA, "occupation": "2622",
        "competences": f"{FORMULA};{EVIL}", "municipality": "2281", "remote_share": "0,5",
        "opens": "2027-01-01", "closes": "2027-03-01", "url": "https://arkivet.example/1",
        "public": "ja",
    }  # fmt: skip
    folder.mkdir()
    write(folder, "organisations", {
        "org_id": "arkivet", "name": EVIL, "org_number": "556961-6161", "municipality": "2281",
        "level": "1", "cluster": "<b>it</b>",
    })  # fmt: skip
    write(folder, "staff", {
        "org_id": "arkivet", "municipality": "2281", "occupation": "2622", "age_band": "30-39",
        "headcount": "12", "year": "2025",
    })  # fmt: skip
    write(
        folder, "assignments",
        plain | changed, plain | {"title": FORMULA, "theme": EVIL, "remote_share": ""},
        plain | {"title": SECRET, "public": ""},
    )  # fmt: skip
    return folder


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://a.example/"><img src=x>'])
def test_an_address_that_is_none_is_refused_in_reading(tmp_path, repository, url):
    folder = members_folder(tmp_path / "members", url=url)
    with pytest.raises(MemberDataError, match="is not a web address"):
        load(folder, releases=repository / "data" / "releases.toml")


@pytest.mark.browser
def test_nothing_in_a_members_file_runs_on_any_page(chromium, tmp_path, repository, cells):
    members = load(members_folder(tmp_path / "members"), releases=repository / "data/releases.toml")
    study = Study.load(repository)
    study.__dict__["members"] = members
    found = views.open_assignments(study, day="2027-02-01")
    shown = [
        views.assignments_answer(study, found), views.assignments_table(found),
        views.assignment_cards(found), views.theme_table(study, found),
    ]  # fmt: skip
    folder = tmp_path / "study"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[*cells.question(), *(cells.show(one.payload()) for one in shown)]
    )
    nbformat.write(notebook, folder / "notebooks" / "06_uppdrag.ipynb")
    site = folder / "site"
    build(folder, out=site, settings=SiteSettings(Words("P", "P")), progress=False)
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 2 + 3

    heard: list[str] = []
    asked: list[str] = []
    context = chromium.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    for file in pages:
        page.goto(file.as_uri())
        page.wait_for_timeout(100)
        assert page.locator("[onerror]").count() == 0
        assert page.locator("main b >> text=it").count() == 0
    context.close()
    assert heard == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    written = b"".join(file.read_bytes() for file in site.rglob("*") if file.is_file())
    # What nobody approved, and the number that only tells ads apart, are nowhere.
    assert SECRET.encode() not in written
    assert b"556961" not in written
