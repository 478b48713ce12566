"""Pages printed to PDF: whole, tagged, with their charts."""

from __future__ import annotations

import shutil

import nbformat
import pypdf
import pytest

from regionstudy.errors import ReportError
from regionstudy.report import build, printing, verify

needs_browser = pytest.mark.skipif(
    not any(shutil.which(name) for name in printing._NAMES),
    reason="needs a browser: apt install chromium",
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory, cells):
    """A site of one page with a chart, printed in both languages."""
    folder = tmp_path_factory.mktemp("printed")
    for part in ("notebooks", "data"):
        (folder / part).mkdir()
    shown = [*cells.question("Varför?", "Why?"), cells.show(cells.chart("d"))]
    nbformat.write(nbformat.v4.new_notebook(cells=shown), folder / "notebooks" / "a.ipynb")
    build(
        folder, out=folder / "site", settings=cells.settings, lang="both", pdf=True, progress=False
    )
    return folder


@needs_browser
@pytest.mark.parametrize(("lang", "question"), [("sv", "Varför?"), ("en", "Why?")])
def test_each_page_is_a_tagged_pdf_in_its_language(printed, lang, question):
    read = pypdf.PdfReader(printed / "site" / lang / "a.pdf")
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == lang
    assert question in read.pages[0].extract_text()
    assert (printed / "site" / lang / "index.pdf").is_file()


@needs_browser
def test_charts_are_drawn_before_they_are_printed(printed):
    read = pypdf.PdfReader(printed / "site" / "sv" / "a.pdf")
    text = "".join(page.extract_text() for page in read.pages)
    page = (printed / "site" / "sv" / "a.html").read_text(encoding="utf-8")
    # The numbers of an axis are written by plotly, in Swedish, and stand nowhere on the page.
    assert "0,4" in text
    assert "0,4" not in page


@needs_browser
def test_a_printed_site_is_proven_page_by_page(printed, cells):
    site = printed / "site"
    assert verify(site, printed, settings=cells.settings, progress=False) == []
    pdf = site / "sv" / "a.pdf"
    pdf.write_bytes(pdf.read_bytes() + b" ")
    found = verify(site, printed, settings=cells.settings, progress=False)
    assert [one.file for one in found] == ["sv/a.pdf"]


def test_without_a_browser_it_is_said_before_anything_is_run(study, cells, monkeypatch):
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    monkeypatch.setattr(printing, "_PLACES", {})
    folder = study(a=cells.question())
    with pytest.raises(ReportError, match=r"needs Chromium, Chrome or Edge.*apt install chromium"):
        build(folder, out=folder / "site", settings=cells.settings, pdf=True, progress=False)
    assert not (folder / "site").exists()
    assert not (folder / ".regionstudy").exists()


def browser(tmp_path, script):
    path = tmp_path / "chromium"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_browser_that_fails_is_named_with_what_it_said(tmp_path, monkeypatch):
    failing = browser(tmp_path, "echo no display >&2; exit 3")
    monkeypatch.setattr(printing, "find_browser", lambda: failing)
    page = tmp_path / "a.html"
    page.write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match=r"a\.html: chromium did not print it \(no display\)"):
        printing.print_pages([page])


def test_a_browser_that_hangs_is_given_up(tmp_path, monkeypatch):
    hanging = browser(tmp_path, "exec sleep 20")
    monkeypatch.setattr(printing, "find_browser", lambda: hanging)
    monkeypatch.setattr(printing, "_TIMEOUT_S", 0.2)
    page = tmp_path / "a.html"
    page.write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match=r"a\.html: chromium did not print it in 0\.2 s"):
        printing.print_pages([page])
