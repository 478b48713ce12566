"""A page as one file: alone in a folder, it shows all that the site's page does."""

from __future__ import annotations

import re
import shutil

import pytest
from tests.report.test_browser import Visit

NAME = "01_prov.html"


@pytest.fixture
def mailed(site, tmp_path):
    """The file as it comes out of an e-mail: with nothing beside it."""
    for lang in ("sv", "en"):
        (tmp_path / lang).mkdir()
        shutil.copy(site / "single" / lang / NAME, tmp_path / lang / NAME)
    return tmp_path


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_asks_for_nothing_else_and_breaks_no_policy(chromium, mailed, lang):
    with Visit(chromium, mailed, NAME, lang=lang) as visit:
        visit.scroll_through()
        asked = [url for url in visit.requests if not url.startswith(("data:", "blob:"))]
        assert asked == [(mailed / lang / NAME).as_uri()]
        assert visit.complaints == []


@pytest.mark.browser
def test_its_charts_are_drawn_and_its_maps_tell_their_values(chromium, mailed):
    with Visit(chromium, mailed, NAME) as visit:
        visit.scroll_through()
        visit.page.wait_for_function(
            "document.querySelectorAll('.chart .main-svg').length >= 3", timeout=20_000
        )
        visit.page.locator('.m1 > g .k use[href="#r2281"]').scroll_into_view_if_needed()
        visit.page.locator('.m1 > g .k use[href="#r2281"]').hover()
        assert visit.page.locator(".tip").inner_text().startswith("Sundsvall")


@pytest.mark.browser
def test_text_tables_and_maps_stand_without_javascript(chromium, mailed):
    with Visit(chromium, mailed, NAME, java_script_enabled=False) as visit:
        assert "Svaret är ja." in visit.page.inner_text("main")
        assert visit.page.locator(".m1 > g .k use").count() >= 290
        visit.page.locator("#d0-table summary").click()
        assert visit.page.locator("#d0-table td").first.is_visible()


@pytest.mark.browser
def test_where_it_can_not_be_unpacked_a_chart_says_what_it_shows(chromium, mailed):
    with Visit(chromium, mailed, NAME) as visit:
        visit.page.add_init_script("delete window.DecompressionStream")
        visit.page.reload()
        visit.page.wait_for_function(
            "document.querySelector('.chart').textContent.includes('Två staplar.')"
        )


def test_it_links_to_no_other_file_and_is_small_enough_to_send(site):
    page = site / "single" / "sv" / NAME
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert [link for link in links if not link.startswith(("#", "data:", "https://"))] == []
    assert page.stat().st_size <= 3_000_000


def test_no_script_is_run_that_the_policy_does_not_name_by_its_hash(site):
    text = (site / "single" / "sv" / NAME).read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "'self'" not in policy
    run = re.findall(r"<script>", text)
    packed = re.findall(r'<script type="text/plain" class="packed">', text)
    assert policy.count("'sha256-") == len(run) + len(packed)
