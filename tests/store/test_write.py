"""Writing a snapshot: complete or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.store import Snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

CODES = st.text("abcåÅ0189-+/ ,", min_size=1, max_size=6)


@st.composite
def observation_frames(draw: st.DrawFn) -> pd.DataFrame:
    """Draw an observation frame with a breakdown, every status and no key twice."""
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(["00", "22", "2281", "0114"]), CODES, CODES),
            unique=True,
            max_size=20,
        )
    )
    rows = []
    for region, period, sex in keys:
        status = draw(st.sampled_from(["", "..", ".", "-", "p", "r", "i"]))
        value = draw(st.floats(allow_nan=False, allow_infinity=False))
        missing = status in ("..", ".")
        rows.append((region, "x", period, sex, float("nan") if missing else value, status))
    return pd.DataFrame(rows, columns=["region", "indicator", "period", "sex", "value", "status"])


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    keys = ["region", "indicator", "period", "sex"]
    plain = frame.astype({**dict.fromkeys(keys, "str"), "status": "str", "value": "float64"})
    return plain.sort_values(keys, ignore_index=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(frame=observation_frames())
def test_reading_gives_back_what_was_written(
    frame: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_snapshot({"x": frame}, {"x": source()}, Path(folder) / "snapshot")
        read = Snapshot.open(Path(folder) / "snapshot").observations("x")
    pd.testing.assert_frame_equal(_sorted(read), _sorted(frame), check_exact=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(frame=observation_frames(), seed=st.integers(0, 99))
def test_order_of_rows_does_not_change_a_byte(
    frame: pd.DataFrame, seed: int, source: Callable[..., dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_snapshot({"x": frame}, {"x": source()}, Path(folder) / "a")
        shuffled = frame.sample(frac=1, random_state=seed)
        write_snapshot({"x": shuffled}, {"x": source()}, Path(folder) / "b")
        assert _content(Path(folder) / "a") == _content(Path(folder) / "b")


def _content(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def good(
    tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> dict[str, bytes]:
    """The content of a snapshot that lies at ``tmp_path / "snapshot"``."""
    write_snapshot({"rents": rents}, {"rents": source()}, tmp_path / "snapshot")
    return _content(tmp_path / "snapshot")


def _nothing_lies_about(folder: Path) -> bool:
    return [one.name for one in folder.iterdir()] == ["snapshot"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.ENOSPC, r"the disk is full\. Make room"),
        (errno.EACCES, r"no permission to write there\. Ask for it"),
        (errno.EROFS, r"the disk can only be read"),
        (errno.EIO, r"Input/output error\. Check the folder"),
    ],
)
def test_a_failed_write_keeps_the_last_good_snapshot(
    tmp_path: Path,
    good: dict[str, bytes],
    rents: pd.DataFrame,
    source: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    message: str,
) -> None:
    def fail(path: Path, content: bytes) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(DataError, match=rf"snapshot: .*{message}.*before it is unchanged"):
        write_snapshot({"rents": rents.head(1)}, {"rents": source()}, tmp_path / "snapshot")
    assert _content(tmp_path / "snapshot") == good
    assert _nothing_lies_about(tmp_path)


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_failed_swap_puts_the_last_good_snapshot_back(
    tmp_path: Path,
    good: dict[str, bytes],
    rents: pd.DataFrame,
    source: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    failing: int,
    failure: BaseException,
) -> None:
    calls = 0
    replace = os.replace

    def fail(old: Path, new: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise failure
        replace(old, new)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises((DataError, KeyboardInterrupt)):
        write_snapshot({"rents": rents.head(1)}, {"rents": source()}, tmp_path / "snapshot")
    assert _content(tmp_path / "snapshot") == good
    assert _nothing_lies_about(tmp_path)


def test_ctrl_c_while_writing_keeps_the_last_good_snapshot(
    tmp_path: Path,
    good: dict[str, bytes],
    rents: pd.DataFrame,
    source: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(path: Path, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_snapshot({"rents": rents.head(1)}, {"rents": source()}, tmp_path / "snapshot")
    assert _content(tmp_path / "snapshot") == good
    assert _nothing_lies_about(tmp_path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_without_permission_is_named(
    tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    with pytest.raises(DataError, match=r"locked.*no permission to write there"):
        write_snapshot({"rents": rents}, {"rents": source()}, locked / "snapshot")


def test_a_file_in_the_way_is_named(
    tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> None:
    (tmp_path / "study").write_text("not a folder")
    with pytest.raises(DataError, match=r"study.*could not be written.*Check the folder"):
        write_snapshot({"rents": rents}, {"rents": source()}, tmp_path / "study" / "snapshot")


def test_what_a_killed_import_left_aside_is_put_back(
    tmp_path: Path,
    good: dict[str, bytes],
    rents: pd.DataFrame,
    source: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "snapshot").rename(tmp_path / "snapshot.previous")

    def fail(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(DataError, match="the disk is full"):
        write_snapshot({"rents": rents}, {"rents": source()}, tmp_path / "snapshot")
    assert _content(tmp_path / "snapshot") == good


def test_a_second_write_replaces_the_whole(
    tmp_path: Path,
    good: dict[str, bytes],
    rents: pd.DataFrame,
    source: Callable[..., dict[str, Any]],
) -> None:
    other = rents.assign(indicator="prices")
    write_snapshot({"prices": other}, {"prices": source()}, tmp_path / "snapshot")
    assert Snapshot.open(tmp_path / "snapshot").indicators == ("prices",)
    assert not (tmp_path / "snapshot" / "observations" / "rents.parquet").exists()
    assert _nothing_lies_about(tmp_path)


def test_provenance_must_be_given(tmp_path: Path, rents: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"rents: its provenance lacks licence.*retrieved"):
        write_snapshot({"rents": rents}, {"rents": {"publisher": "SCB", "source": "SCB"}}, tmp_path)
