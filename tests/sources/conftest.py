"""What the tests of the sources share: the recorded answers, and a local service."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import struct
import threading
import time
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer

from regionstudy.sources import call_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def recordings(shared: Path) -> Path:
    """The folder of answers recorded from the services."""
    return shared / "recordings"


@pytest.fixture(autouse=True)
def _windows_of_one_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test's services are its own, though they stand at the address of the last test's."""
    monkeypatch.setattr(call_window, "_windows", {})


class Wire:
    """A server below HTTP: says bytes as it is told, drips, breaks off and resets."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._turns: list[Callable[[socket.socket], None]] = []
        wire = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                asked = b""
                while not _is_whole(asked):
                    received = self.request.recv(65536)
                    if not received:
                        return
                    asked += received
                turn = wire._turns[min(len(wire.seen), len(wire._turns) - 1)]
                wire.seen.append(asked.decode("latin-1"))
                turn(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def then(self, *pieces: bytes, pause: float = 0.0, reset: bool = False) -> Wire:
        """Answer the next call with these pieces; the last answer serves all later calls."""

        def turn(connection: socket.socket) -> None:
            with contextlib.suppress(OSError):  # the client may have gone
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
                if reset:
                    linger = struct.pack("ii", 1, 0)  # close by RST, not FIN
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    connection.close()

        self._turns.append(turn)
        return self

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _is_whole(asked: bytes) -> bool:
    head, end, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A server that breaks the rules of HTTP to order."""
    server = Wire()
    yield server
    server.close()


@pytest.fixture(scope="session")
def running_service() -> Iterator[HTTPServer]:
    """A server that answers several calls at once; stopping one takes half a second."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def service(running_service: HTTPServer) -> Iterator[HTTPServer]:
    """A well-behaved service that knows no address yet."""
    running_service.clear()
    yield running_service
    running_service.clear()
