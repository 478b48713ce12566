"""Kernels of this interpreter: how each is started, what it finds, how it is spoken to."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from regionstudy.report.forked_kernels import ONE_THREAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_client.connect import KernelConnectionInfo

    from regionstudy.report.forked_kernels import ForkServer

__all__ = ["kernel_environment", "kernel_manager"]

_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]


class _ThisInterpreter(KernelSpecManager):
    """Starts kernels of this interpreter, whatever kernels the machine has registered."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # A history file is shared by all kernels; writing to it would make them wait.
        argv = [*_LAUNCHER, "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


class _Provisioner(LocalProvisioner):
    """Has kernels forked, and starts by themselves those that can not be."""

    server: ForkServer

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """
        Start a kernel.

        Parameters
        ----------
        cmd : list of str
            The command that would start it by itself.
        **options : Any
            Its working folder, environment and more.

        Returns
        -------
        dict
            How to speak to it.
        """
        where = {"cwd": options["cwd"], "env": options["env"]}
        try:
            kernel = await asyncio.to_thread(self.server.fork, cmd[len(_LAUNCHER) :], **where)
        except OSError:
            return await super().launch_kernel(cmd, **options)
        self.process = kernel  # type: ignore[assignment]  # as much of a Popen as is used
        self.pid = self.pgid = kernel.pid
        return self.connection_info


def kernel_environment(profile: str) -> dict[str, str]:
    """
    Give the environment of a build's kernels.

    Parameters
    ----------
    profile : str
        An empty folder of the build's own.

    Returns
    -------
    dict of str to str
        This process's environment and what differs from it.
    """
    # Start-up files of a user's own IPython must not decide what a page shows.
    own = {"IPYTHONDIR": profile, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return os.environ | own | ONE_THREAD


def kernel_manager(
    name: str, *, env: Mapping[str, str], server: ForkServer | None
) -> AsyncKernelManager:
    """
    Make what starts one kernel and ends it.

    Parameters
    ----------
    name : str
        The notebook's name.
    env : mapping of str to str
        From `kernel_environment`.
    server : ForkServer or None
        Forks the kernel, where it can. Without it, the kernel is started by itself.

    Returns
    -------
    AsyncKernelManager
        The manager, whose kernel is not yet started.
    """
    manager = AsyncKernelManager(kernel_spec_manager=_ThisInterpreter(), **_channels(env, name))
    if server is not None:
        manager.provisioner = _Provisioner(kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.server = server
    return manager


def _channels(env: Mapping[str, str], name: str) -> dict[str, str]:
    """Let a kernel be spoken to by files of ours alone, where the system has such channels."""
    if os.name != "posix":
        return {}
    return {"transport": "ipc", "ip": str(Path(env["IPYTHONDIR"], name[:20]))}
