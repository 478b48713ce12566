"""The process that kernels are forked from: it has imported once what notebooks import."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import RegionStudyError
from regionstudy.members import load
from regionstudy.report.lean import without_test_tools
from regionstudy.words import LANGUAGES, Message, format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

# What a study's notebooks come to import, in their first line or on the way. Modules above
# this one in the package's order are named, not imported: nothing here rests on them.
_PREPARED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "geopandas",
    "pandera.pandas",
    "plotly.graph_objects",
    "pyarrow.dataset",
    "regionstudy.study",
    "regionstudy.views",
    "regionstudy.revealed_pull",
)
# pyarrow's memory allocator stops its own before a fork, and starts it again after.
_OUTLIVING = {"jemalloc_bg_thd"}


def main(channel: int, members: Sequence[str] = ()) -> None:
    """
    Fork a kernel for each request, until the other side closes the channel.

    Parameters
    ----------
    channel : int
        The file descriptor of a packet socket. A request is JSON: ``argv``, ``cwd`` and
        ``env`` of a kernel. The kernel itself answers, with its number and a descriptor of
        its process.
    """
    if sys.path[0] == "":
        del sys.path[0]  # a study folder may hold files that are named like modules
    # Kernels that end are cleared away by the system.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=channel) as asked:
        try:
            with without_test_tools():
                for module in _PREPARED:
                    importlib.import_module(module)
                _begin(members)
        except Exception:
            return  # kernels of their own will tell, in the cell that meets it
        if not _threads() <= _OUTLIVING:
            return  # a fork would lose the other threads, with all that they hold
        gc.collect()
        gc.freeze()  # what is here already stays, and shared between the kernels
        kernels: list[int] = []
        while request := asked.recv(1 << 20):
            kernel = os.fork()
            if kernel == 0:
                arguments = _become_kernel(asked, json.loads(request))
                break
            with contextlib.suppress(ProcessLookupError):
                kernels.append(os.pidfd_open(kernel))
        else:
            for descriptor in kernels:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            return
    _run_kernel(arguments)


def _begin(members: Sequence[str]) -> None:
    """Do once what each kernel would: read texts and members, load what figures are made of."""
    import plotly.graph_objects as go

    for lang in LANGUAGES:
        Message("words.missing").render(lang)
        format_number(0.5, lang=lang)
    traces: list[dict[str, Any]] = [{"type": "scatter"}, {"type": "bar"}]
    go.Figure(traces, {"xaxis": {}, "yaxis": {}, "legend": {"title": {"text": ""}}}).to_dict()
    for path in members:
        with contextlib.suppress(RegionStudyError):  # the notebook that meets it will tell
            load(path)


def _threads() -> set[str]:
    """Name the threads besides this one."""
    tasks = [task for task in Path("/proc/self/task").iterdir() if task.name != str(os.getpid())]
    return {(task / "comm").read_text().strip() for task in tasks}


def _become_kernel(asked: socket.socket, request: dict[str, Any]) -> list[str]:
    """Take on what a kernel of its own would be started with."""
    server = os.getppid()
    os.setsid()  # so that a signal to the group reaches what the notebook starts, and no other
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    own = os.pidfd_open(os.getpid())
    socket.send_fds(asked, [str(os.getpid()).encode()], [own])
    os.close(own)
    return [*request["argv"], f"--IPKernelApp.parent_handle={server}"]


def _run_kernel(arguments: list[str]) -> None:
    import numpy as np
    from ipykernel.kernelapp import launch_new_instance

    np.random.seed()  # noqa: NPY002 (the old generator is made on import, here once for all)
    launch_new_instance(argv=arguments)
