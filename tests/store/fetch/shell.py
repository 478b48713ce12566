"""The command line as these tests use it: a study, a small catalogue, and runs of a command."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from regionstudy.store import Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Forker:
    """A process that runs commands; see `forker`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.fetch.forker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=REPOSITORY,
        )

    def start(self, job: Mapping[str, Any]) -> int:
        """Start a job, and give its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._read()

    def wait(self) -> int:
        """Wait for the job's end, and give its exit code."""
        return self._read()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _read(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Shell:
    """A study folder to run ``regionstudy`` in."""

    def __init__(
        self, forker: Forker, study: Path, catalogue: Path, urls: Mapping[str, str]
    ) -> None:
        self.study = study
        self.pid = 0
        self._before: list[str] = []
        self._forker = forker
        self._catalogue = catalogue
        self._urls = dict(urls)
        self._said = study.parent / f"{study.name}-said"
        self._said.mkdir(exist_ok=True)

    @property
    def snapshot(self) -> Path:
        """The snapshot's folder."""
        return self.study / "data" / "snapshot"

    @property
    def work(self) -> Path:
        """The folder of journal and lock."""
        return self.study / ".regionstudy" / "fetch"

    @property
    def held(self) -> Snapshot:
        """The snapshot as a reader finds it."""
        return Snapshot.open(self.snapshot)

    def files(self) -> dict[str, bytes]:
        """The snapshot's bytes, read where a reader finds them."""
        where = self.held.path
        return {
            str(file.relative_to(where)): file.read_bytes()
            for file in sorted(where.rglob("*"))
            if file.is_file()
        }

    def whole(self) -> str:
        """The snapshot's checksum, after a look at each of its files."""
        held = self.held
        for resource in (*held.resources.values(), *held.revised.values()):
            held.verified(resource)
        return held.checksum

    def answers(self) -> set[str]:
        """The names of the answers that the journal holds."""
        return {file.name for file in (self.work / "answers").glob("*.parquet")}

    def start(self, *arguments: str, **trap: Any) -> None:
        """Begin to run ``regionstudy fetch``; `trap` as `forker` has it."""
        for stream in ("out", "err"):
            (self._said / stream).write_text("", encoding="utf-8")
        urls = [f"--base-url={source}={url}" for source, url in self._urls.items()]
        job = {
            "folder": str(self.study),
            "catalogue": str(self._catalogue),
            "arguments": [*self._before, "fetch", *arguments, *urls],
            "out": str(self._said / "out"),
            "err": str(self._said / "err"),
            **trap,
        }
        self.pid = self._forker.start(job)

    def end(self) -> Ended:
        """Wait for the end of what was started."""
        code = self._forker.wait()
        return Ended(code, self.said("out"), self.said("err"))

    def said(self, stream: str) -> str:
        """What a command has said by now, on "out" or "err"."""
        return (self._said / stream).read_text(encoding="utf-8")

    def __call__(self, *arguments: str, **trap: Any) -> Ended:
        """Run ``regionstudy fetch``."""
        self.start(*arguments, **trap)
        return self.end()

    def beside(self, forker: Forker) -> Shell:
        """The same study, for a command at the same time."""
        other = Shell(forker, self.study, self._catalogue, self._urls)
        other._said = self._said.with_name(f"{self._said.name}-beside")
        other._said.mkdir(exist_ok=True)
        return other

    def reading(self, catalogue: Path) -> Shell:
        """The same study with another catalogue."""
        return Shell(self._forker, self.study, catalogue, self._urls)

    def asking(self, **urls: str) -> Shell:
        """The same study with other services."""
        return Shell(self._forker, self.study, self._catalogue, {**self._urls, **urls})

    def offline(self, *arguments: str) -> Ended:
        """Run ``regionstudy --offline fetch``."""
        self._before = ["--offline"]
        try:
            return self(*arguments)
        finally:
            self._before = []
