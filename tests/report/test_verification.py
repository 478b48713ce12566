"""A site is proven against the study it was made of, or what differs is named."""

from __future__ import annotations

import hashlib
import json

import pytest

from regionstudy.errors import ReportError
from regionstudy.report import build, verify


@pytest.fixture
def built(study, cells):
    """A site of one notebook that shows a number of the study's data."""
    folder = study(a=[*cells.question(), cells.code("print(open('data/x.toml').read())")])
    (folder / "data" / "x.toml").write_text("number 41", encoding="utf-8")
    build(folder, out=folder / "site", settings=cells.settings, progress=False)
    return folder


def differences(folder, cells, **options):
    found = verify(folder / "site", folder, settings=cells.settings, progress=False, **options)
    return [str(one) for one in found]


def test_a_site_as_it_was_built_is_proven_by_building_it_again(built, cells):
    assert "number 41" in (built / "site" / "a.html").read_text(encoding="utf-8")
    assert differences(built, cells) == []


def test_a_number_changed_on_a_page_is_found(built, cells):
    page = built / "site" / "a.html"
    page.write_text(page.read_text(encoding="utf-8").replace("number 41", "number 42"), "utf-8")
    (found,) = differences(built, cells)
    assert found == "a.html: is not as it was built. Do not pass this site on; build it again."


def test_a_page_changed_together_with_its_checksum_is_found_by_building_again(built, cells):
    page, stamp = built / "site" / "a.html", built / "site" / "build.json"
    page.write_text(page.read_text(encoding="utf-8").replace("number 41", "number 42"), "utf-8")
    entries = json.loads(stamp.read_text(encoding="utf-8"))
    entries["files"]["a.html"] = hashlib.sha256(page.read_bytes()).hexdigest()
    stamp.write_text(json.dumps(entries), encoding="utf-8")
    assert differences(built, cells, rebuild=False) == []
    (found,) = differences(built, cells)
    assert found.startswith("a.html: comes out otherwise when built again from the same figures")


def test_files_that_are_gone_or_new_are_named(built, cells):
    (built / "site" / "static" / "site.js").unlink()
    (built / "site" / "extra.html").write_text("", encoding="utf-8")
    assert [one.partition(".")[0] for one in differences(built, cells)] == [
        "extra",
        "static/site",
    ]


@pytest.mark.parametrize("file", ["data/x.toml", "notebooks/a.ipynb"])
def test_figures_or_notebooks_of_another_day_are_named_before_anything_is_run(built, cells, file):
    path = built / file
    path.write_bytes(path.read_bytes() + b" ")
    (found,) = differences(built, cells)
    assert found.startswith(f"{file}: is not as it was built. Build the site again, or verify")


def test_another_version_of_a_library_is_named(built, cells):
    stamp = built / "site" / "build.json"
    entries = json.loads(stamp.read_text(encoding="utf-8"))
    entries["versions"]["pandas"] = "1.0"
    stamp.write_text(json.dumps(entries), encoding="utf-8")
    (found,) = differences(built, cells)
    assert "but the site was built with 1.0. Install that version" in found


def test_verifying_leaves_no_trace(built, cells):
    before = sorted(path for path in built.rglob("*"))
    differences(built, cells)
    assert sorted(path for path in built.rglob("*")) == before


@pytest.mark.parametrize(
    ("stamp", "message"),
    [
        (None, r"build\.json: can not be read .* Name the folder of a site"),
        ("{", r"build\.json: is no stamp of a site .* Build the site again"),
        ('{"built": "2026-01-01"}', r"build\.json: lacks what a site can be verified by"),
    ],
)
def test_what_is_no_site_is_refused(tmp_path, cells, stamp, message):
    if stamp is not None:
        (tmp_path / "build.json").write_text(stamp, encoding="utf-8")
    with pytest.raises(ReportError, match=message):
        verify(tmp_path, tmp_path, settings=cells.settings)
