"""From folder to site: the cache, and a previous site that stays whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from regionstudy.errors import ConfigError, ReportError
from regionstudy.report import SiteSettings, build
from regionstudy.report.map_layout import region_layout
from regionstudy.words import Words

QUIET = {"progress": False}


def _tree(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_unchanged_study_is_not_run_again_and_gives_the_same_bytes(study, cells):
    folder = study(a=[*cells.question(), cells.show(cells.chart("d"))])
    first = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    before = _tree(folder / "site")
    again = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert (first.run, again.run) == (("a.ipynb",), ())
    assert again.pages == first.pages == 2
    assert _tree(folder / "site") == before
    assert "nothing had changed" in again.summary()


def test_cached_build_loads_nothing_that_runs_or_draws(study, cells):
    folder = study(a=cells.question())
    build(folder, out=folder / "site", settings=SiteSettings(Words("p", "p")), **QUIET)
    program = (
        "import sys\nfrom regionstudy.report import SiteSettings, build\n"
        "from regionstudy.words import Words\n"
        "build(sys.argv[1], out=sys.argv[2], settings=SiteSettings(Words('p', 'p')))\n"
        "heavy = {'nbclient', 'nbconvert', 'nbformat', 'pandas', 'plotly', 'geopandas', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, folder, folder / "site"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("change", ["notebook", "data", "input", "language"])
def test_a_change_makes_a_new_build(study, cells, tmp_path, change):
    folder = study(a=[*cells.question(), cells.code("print(open('data/x.toml').read())")])
    (folder / "data" / "x.toml").write_text("one", encoding="utf-8")
    extra = tmp_path / "members.xlsx"
    extra.write_bytes(b"1")
    settings = SiteSettings(Words("p", "p"), inputs=(extra,))
    build(folder, out=folder / "site", settings=settings, **QUIET)
    lang = "sv"
    match change:
        case "notebook":
            study(a=[*cells.question(sv="Varför nu?"), cells.code("print('two')")])
        case "data":
            (folder / "data" / "x.toml").write_text("two", encoding="utf-8")
        case "input":
            extra.write_bytes(b"2")
        case "language":
            lang = "en"
    report = build(folder, out=folder / "site", settings=settings, lang=lang, **QUIET)
    assert report.run == (() if change == "language" else ("a.ipynb",))
    page = (folder / "site" / "a.html").read_text(encoding="utf-8")
    assert {"notebook": "two", "data": "two", "input": "one", "language": "Why?"}[change] in page


def test_broken_cache_counts_as_absent(study, cells):
    folder = study(a=cells.question())
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    for path in (folder / ".regionstudy" / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3])
    report = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert report.run == ("a.ipynb",)
    assert "Varför?" in (folder / "site" / "a.html").read_text(encoding="utf-8")


def test_notebooks_run_once_for_both_languages(study, cells):
    count = cells.code("open('count', 'a').write('x');")
    folder = study(a=[*cells.question(), count])
    report = build(folder, out=folder / "site", settings=cells.settings, lang="both", **QUIET)
    assert (folder / "count").read_text(encoding="utf-8") == "x"
    assert report.pages == 4
    for lang, words in (("sv", "Varför?"), ("en", "Why?")):
        page = (folder / "site" / lang / "a.html").read_text(encoding="utf-8")
        assert f'<html lang="{lang}">' in page
        assert words in page
    assert 'href="sv/index.html"' in (folder / "site" / "index.html").read_text(encoding="utf-8")


def test_exploratory_notebook_is_not_exported(study, cells):
    folder = study(a=cells.question(), explore=[cells.code("1 / 0")])
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert sorted(p.name for p in (folder / "site").glob("*.html")) == ["a.html", "index.html"]


def test_failure_leaves_the_previous_site_whole(study, cells):
    folder = study(a=cells.question())
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    before = _tree(folder / "site")
    study(b=[*cells.question(), cells.code("1 / 0")])
    with pytest.raises(ReportError, match=r"b\.ipynb, cell 3"):
        build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert _tree(folder / "site") == before
    assert [p.name for p in folder.iterdir() if p.name.startswith(".site")] == []


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits")
def test_full_disk_leaves_the_previous_site_whole(study, cells):
    folder = study(a=cells.question())
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    before = _tree(folder / "site")
    shutil.rmtree(folder / ".regionstudy")
    # A limit on the size of files makes the system refuse to write, as a full disk does.
    program = (
        "import resource, sys\nfrom regionstudy.errors import ReportError\n"
        "from regionstudy.report import SiteSettings, build\nfrom regionstudy.words import Words\n"
        "import regionstudy.report.writing as writing\nenter = writing.shutil.rmtree\n"
        "from regionstudy.report import site\nwrite = site.write_site\n"
        "def limited(*args, **options):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))\n"
        "    return write(*args, **options)\n"
        "site.write_site = limited\n"
        "try:\n    build(sys.argv[1], out=sys.argv[2], settings=SiteSettings(Words('q', 'q')))\n"
        "except ReportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, folder, folder / "site"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "the site can not be written (File too large)" in done.stdout
    assert "The previous site is unchanged." in done.stdout
    assert _tree(folder / "site") == before


@pytest.mark.parametrize("kind", ["file", "link", "other folder"])
def test_folder_that_is_no_site_is_never_replaced(study, cells, kind, tmp_path):
    folder = study(a=cells.question())
    out = tmp_path / "out"
    match kind:
        case "file":
            out.write_text("mine", encoding="utf-8")
            told = "is not a folder"
        case "link":
            out.symlink_to(folder)
            told = "is not a folder"
        case _:
            out.mkdir()
            (out / "mine.txt").write_text("mine", encoding="utf-8")
            told = r"holds other things than a site \(mine\.txt\).*--out"
    with pytest.raises(ReportError, match=told):
        build(folder, out=out, settings=cells.settings, **QUIET)
    assert out.exists()


def test_unwritable_place_is_one_clear_line(study, cells, tmp_path):
    folder = study(a=cells.question())
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(
        ReportError, match=r"can not be written .*--out.*previous site is unchanged"
    ):
        build(folder, out=tmp_path / "file" / "site", settings=cells.settings, **QUIET)


def test_unwritable_cache_does_not_stop_a_build(study, cells):
    folder = study(a=cells.question())
    (folder / ".regionstudy").write_text("in the way", encoding="utf-8")
    report = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert any("cache can not be written" in told for told in report.warnings)
    assert (folder / "site" / "a.html").exists()


def test_wrong_options_are_named(study, cells):
    folder = study(a=cells.question())
    with pytest.raises(ConfigError, match='"de" is not a language of the site; use sv, en or both'):
        build(folder, out=folder / "site", settings=cells.settings, lang="de", **QUIET)
    with pytest.raises(ConfigError, match="--jobs 0"):
        build(folder, out=folder / "site", settings=cells.settings, jobs=0, **QUIET)


def test_folder_without_notebooks_is_named(tmp_path, cells):
    with pytest.raises(ReportError, match="no notebooks to build pages from"):
        build(tmp_path, out=tmp_path / "site", settings=cells.settings, **QUIET)


def _answers(cells, *texts):
    sentences = [{"text": cells.both(text), "index": True, "fictitious": False} for text in texts]
    return [*cells.question(), cells.show({"kind": "answer", "sentences": sentences})]


def _listed(folder):
    page = (folder / "site" / "index.html").read_text(encoding="utf-8")
    found = page.partition('class="five"')[2].partition("</ol>")[0]
    return re.findall(r"<li><span>(.*?)</span>", found)


def test_the_start_page_has_each_pages_first_sentence_before_any_second(study, cells):
    folder = study(
        a=_answers(cells, "A1.", "A2.", "A3."), b=_answers(cells, "B1.", "B2."),
        c=_answers(cells, "C1."),
    )  # fmt: skip
    done = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert _listed(folder) == ["A1.", "A2.", "B1.", "B2.", "C1."]
    assert not [told for told in done.warnings if "start page" in told]


def test_more_pages_than_places_on_the_start_page_are_said(study, cells):
    folder = study(**{name: _answers(cells, f"{name}.") for name in "abcdef"})
    done = build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert _listed(folder) == ["a.", "b.", "c.", "d.", "e."]
    (told,) = [told for told in done.warnings if "start page" in told]
    assert "room for 5 sentences, but 6 pages ask" in told


def test_maps_are_laid_out_while_other_notebooks_run_and_found_so_when_drawn(study, cells):
    region_layout.cache_clear()
    panel = cells.map(["2281", "2260"])
    panel["body"]["maps"][0] |= {"extent": "region", "labels": []}
    wait = cells.code("import time; time.sleep(2)")
    folder = study(a=[*cells.question(), cells.show(panel)], b=[*cells.question(), wait])
    build(folder, out=folder / "site", settings=cells.settings, jobs=2, **QUIET)
    seen = region_layout.cache_info()
    assert seen.misses == 1
    assert seen.hits >= 1
