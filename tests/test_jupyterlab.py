"""JupyterLab as an analyst meets it: opened by `regionstudy lab`, run in Debian's chromium."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time

import pytest

from regionstudy.study_folder import create

pytestmark = pytest.mark.browser

START_S, RUN_MS = 120, 180_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory, chromium):
    """The address of a running JupyterLab on a fresh study."""
    folder = tmp_path_factory.mktemp("lab")
    create(folder / "studie", region="22")
    (folder / "config").mkdir()
    # Continuous integration often runs as root, which Jupyter refuses unasked.
    settings = {"ServerApp": {"allow_root": True}, "LabApp": {"news_url": None}}
    (folder / "config/jupyter_server_config.json").write_text(json.dumps(settings))
    log = folder / "log"
    places = ("CONFIG", "DATA", "RUNTIME")
    own = {f"JUPYTER_{place}_DIR": str(folder / place.lower()) for place in places}
    own |= {f"JUPYTERLAB_{place}_DIR": str(folder / place) for place in ("SETTINGS", "WORKSPACES")}
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "regionstudy", "lab", "--no-browser"],
            cwd=folder / "studie",
            env=os.environ | own,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        yield _address(server, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, 15)
        server.wait(30)


def _address(server, log):
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\?token=(\w+)", log.read_text())
        if found:
            return found.groups()
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {log.read_text()[-2000:]}")


@pytest.fixture
def run_all(lab, chromium):
    """Open a notebook, run all its cells, and give the page."""
    base, token = lab
    context = chromium.new_context(viewport={"width": 1400, "height": 1500})
    asked = []
    context.on("request", lambda request: asked.append(request.url))

    def run(name):
        page = context.new_page()
        page.goto(f"{base}/doc/tree/notebooks/{name}.ipynb?token={token}&reset")
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.get_by_text("| Idle").wait_for(timeout=60_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        last = page.locator(".jp-CodeCell .jp-InputPrompt").last
        page.wait_for_function(
            "e => /\\[\\d+\\]/.test(e.textContent)", arg=last.element_handle(), timeout=RUN_MS
        )
        page.get_by_text("| Idle").wait_for(timeout=60_000)
        return page

    yield run
    context.close()
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []


def faults(page):
    return page.locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()


def test_a_notebook_runs_and_its_maps_are_drawn(run_all):
    page = run_all("01_region_at_a_glance")
    assert faults(page) == []
    drawn = page.locator(".js-plotly-plot .fills path")
    drawn.first.wait_for(state="attached")
    widths = [path.bounding_box()["width"] for path in drawn.all()[:5]]
    assert max(widths) > 100


def test_the_explorers_map_and_ranking_follow_their_controls(run_all):
    page = run_all("explore")
    assert faults(page) == []
    title = page.locator(".js-plotly-plot .gtitle").first
    title.wait_for()
    assert title.text_content().startswith("Flyttnetto")
    page.get_by_label("Indikator").select_option(label="Eftergymnasialt utbildade 16–74 år")
    page.locator(".gtitle", has_text="Eftergymnasialt").first.wait_for()
    page.wait_for_function("document.querySelectorAll('.gtitle').length === 1")

    answer = page.locator("p", has_text="Sundsvall har plats")
    before = answer.text_content()
    slider = page.locator(".widget-slider").nth(1).get_by_role("slider")
    slider.focus()
    for _ in range(16):
        slider.press("ArrowRight")
    page.wait_for_function(
        "before => ![...document.querySelectorAll('p')].some(p => p.textContent === before)",
        arg=before,
    )
    assert re.fullmatch(
        r"Sundsvall har plats \d+ av 290 kommuner, och plats \d+ av 23 jämförda\.",
        answer.text_content(),
    )
    assert page.locator('svg[aria-label^="Alla kommuners"] use').count() >= 290
