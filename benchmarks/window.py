"""How much time the call window costs: python -m benchmarks.window (takes half a minute)."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from regionstudy.sources.http import CallWindow, ask_json, open_session

CALLS, SECONDS = 30, 10.0
REQUESTS = 95
THREADS = 8


class Service:
    """A service that counts as SCB's does: more than 30 calls in any 10 s are refused."""

    def __init__(self) -> None:
        self.refused = 0
        self._arrivals: list[float] = []
        self._lock = threading.Lock()

    def answer(self, _request: Request) -> Response:
        """Count the call, and answer or refuse it."""
        with self._lock:
            now = time.monotonic()
            self._arrivals = [then for then in self._arrivals if now - then < SECONDS]
            self._arrivals.append(now)
            full = len(self._arrivals) > CALLS
            self.refused += full
        return Response("{}", 429 if full else 200, content_type="application/json")


def main() -> None:
    service = Service()
    window = CallWindow(CALLS, SECONDS)
    with (
        HTTPServer(threaded=True) as server,
        open_session(source="fake", window=window) as session,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        server.expect_request("/").respond_with_handler(service.answer)
        start = time.perf_counter()
        list(
            pool.map(
                lambda _: ask_json(session, "GET", server.url_for("/"), what="Table"),
                range(REQUESTS),
            )
        )
        taken = time.perf_counter() - start
    least = (math.ceil(REQUESTS / CALLS) - 1) * SECONDS
    print(
        f"{REQUESTS} requests at {CALLS} per {SECONDS:g} s: {taken:.1f} s / least {least:.0f} s = "
        f"{taken / least:.2f}x (goal <= 1.1x) {'ok' if taken <= 1.1 * least else 'TOO MUCH'}"
    )
    print(f"refused with 429: {service.refused} (goal 0) {'TOO MUCH' if service.refused else 'ok'}")


if __name__ == "__main__":
    main()
