"""The routes to an installation agree with each other."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml

REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(?P<bound>.*)")


def bounds(requirements):
    matches = [REQUIREMENT.fullmatch(line.replace(" ", "")) for line in requirements]
    return {match["name"].lower().replace("_", "-"): match["bound"] for match in matches}


@pytest.fixture(scope="module")
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def environment(repository):
    return yaml.safe_load((repository / "environment.yml").read_text(encoding="utf-8"))


def test_environment_yml_states_the_packages_and_bounds_of_pyproject(project, environment):
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    conda = [item for item in environment["dependencies"] if isinstance(item, str)]
    stated = bounds([*conda, *(item for item in pip if not item.startswith("-"))])
    assert stated.pop("python") == project["project"]["requires-python"]
    assert stated.pop("pip") == ""
    stated["igraph"] = stated.pop("python-igraph")  # conda-forge calls its C library igraph
    assert stated == bounds(project["project"]["dependencies"])


def test_environment_yml_installs_the_checkout_itself(environment):
    pip = next(item["pip"] for item in environment["dependencies"] if isinstance(item, dict))
    assert "-e ." in pip


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_locked_package_is_pinned_with_a_hash_and_no_index_is_named(repository, lock):
    text = (repository / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2].replace("\\\n", ""))
    assert len(blocks) > 80
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]
    assert "://" not in text
    assert "--index-url" not in text


def test_the_locks_hold_every_direct_dependency_and_agree(repository, project):
    def pins(lock):
        text = (repository / lock).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, flags=re.MULTILINE))

    study, test = pins("requirements.lock"), pins("requirements-test.lock")
    direct = set(bounds(project["project"]["dependencies"]))
    assert direct <= study.keys()
    groups = project["dependency-groups"]
    tools = bounds([*groups["check"], *groups["test"], *groups["build"]])
    assert set(tools) <= test.keys()
    assert study.items() <= test.items()
