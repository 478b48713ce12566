"""Kernels forked from a process that has imported what they need, where the system allows."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["ONE_THREAD", "ForkServer", "ForkedKernel"]

# A study's matrices are small: threads cost more than they bring, get in the way of the
# kernels on the other cores, and would not outlive a fork.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_SERVE = (
    "import sys; from regionstudy.report.fork_server import main; "
    "main(int(sys.argv[1]), sys.argv[2:])"
)
_ANSWER_S = 60.0


class ForkServer:
    """
    A process that imports what notebooks need while others start, and forks kernels then.

    Where there is no such process (it needs Linux) or it fails, `fork` raises OSError, and a
    kernel is to be started by itself.

    Parameters
    ----------
    members : sequence of Path, default ()
        Members' workbooks to read before any kernel is forked.
    """

    def __init__(self, members: Sequence[Path] = ()) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        # macOS's own libraries do not outlive a fork, and Windows has none.
        if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
            return
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(_ANSWER_S)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, our own module)
                [sys.executable, "-c", _SERVE, str(theirs.fileno()), *map(str, members)],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=os.environ | ONE_THREAD,
                start_new_session=True,  # Ctrl-C is for us, who stop it
            )

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, and every kernel that still runs."""
        if self._process is not None:
            with suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)  # wakes who waits for an answer, too
            try:
                self._process.wait(timeout=_ANSWER_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._channel.close()

    def fork(self, argv: Sequence[str], *, cwd: str, env: Mapping[str, str]) -> ForkedKernel:
        """
        Start a kernel.

        Parameters
        ----------
        argv : sequence of str
            The arguments of ``ipykernel_launcher``.
        cwd : str
            Its working folder.
        env : mapping of str to str
            Its whole environment.

        Returns
        -------
        ForkedKernel
            The kernel.

        Raises
        ------
        OSError
            If no kernel can be had in this way.
        """
        if self._process is None:
            msg = "this system has no kernels to fork from"
            raise OSError(msg)
        request = json.dumps({"argv": list(argv), "cwd": cwd, "env": dict(env)}).encode()
        with self._turn:
            self._channel.sendall(request)
            answer, descriptors, *_ = socket.recv_fds(self._channel, 64, 1)
        if not answer:
            msg = "the process that kernels are forked from has ended"
            raise OSError(msg)
        return ForkedKernel(int(answer), descriptors[0])


class ForkedKernel:
    """
    A kernel of a `ForkServer`, with as much of `subprocess.Popen` as jupyter_client uses.

    Parameters
    ----------
    pid : int
        Its number.
    descriptor : int
        A descriptor of its process, which, unlike the number, is never another's.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self._over = False

    def poll(self) -> int | None:
        """
        Tell whether it runs.

        Returns
        -------
        int or None
            None while it runs. What it ended with is known to the server alone.
        """
        return self._end(0)

    def wait(self) -> int:
        """
        Wait until it has ended.

        Returns
        -------
        int
            0.
        """
        return self._end(None) or 0

    def _end(self, within_ms: int | None) -> int | None:
        if not self._over:
            waiting = select.poll()
            waiting.register(self._descriptor, select.POLLIN)
            if not waiting.poll(within_ms):
                return None
            os.close(self._descriptor)
            self._over = True
        return 0

    def send_signal(self, signum: int) -> None:
        """
        Send it a signal.

        Parameters
        ----------
        signum : int
            The signal.
        """
        if self.poll() is None:
            signal.pidfd_send_signal(self._descriptor, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
