"""
One HTTP exchange: time-outs, repeats, the call window, and the body read whole.

`requests` calls the adapter only where the cache has no answer, so a cached answer costs no
call; every repeat and every redirect passes the call window again. urllib3's `Retry` decides
what is repeated and how long to wait; the loop is here, because urllib3 itself never repeats
a call whose body broke off half-way.
"""

from __future__ import annotations

import contextlib
import email.utils
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util.retry import Retry

from regionstudy.sources.body import UnreadableBodyError, check_body

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from urllib3.response import BaseHTTPResponse

    from regionstudy.sources.call_window import CallWindow

__all__ = [
    "Adapter",
    "OfflineAdapter",
    "OfflineError",
    "Patience",
    "cause",
]

# These may pass: too many calls, and faults of the service or of a proxy before it.
_MAY_PASS = frozenset({429, 500, 502, 503, 504})
# These are faults on the way, worth asking again; a certificate that fails will fail again.
_BROKEN = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long an answer is waited for, and how often it is asked for again.

    Parameters
    ----------
    connect_s, read_s : float
        The longest wait for a connection, and for the next byte.
    answer_s : float
        The longest time for a whole body, however steadily it drips.
    repeats : int
        How many times a call is made again after a fault that may pass; once only where
        no connection was made.
    backoff_s : float
        The unit of the waits between repeats, which double each time.
    longest_wait_s : float
        The longest ``Retry-After`` that is waited for.
    """

    connect_s: float = 10.0
    read_s: float = 120.0
    answer_s: float = 600.0
    repeats: int = 5
    backoff_s: float = 1.0
    longest_wait_s: float = 300.0


class OfflineError(requests.exceptions.ConnectionError):
    """A call that was not made because the reader asked for none."""


class _Repeats(Retry):
    """urllib3's decision on repeats, with ``Retry-After`` read by the service's own clock."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        until = email.utils.parsedate_tz(response.headers.get("Retry-After", ""))
        now = email.utils.parsedate_tz(response.headers.get("Date", ""))
        if until is not None and now is not None:
            return max(0.0, email.utils.mktime_tz(until) - email.utils.mktime_tz(now))
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None


class Adapter(HTTPAdapter):
    """
    An adapter of `requests` that waits its turn, repeats, and reads the body whole.

    Parameters
    ----------
    patience : Patience
        How long and how often.
    window : CallWindow, optional
        The service's call window; without it calls are not counted.
    """

    def __init__(self, *, patience: Patience, window: CallWindow | None = None) -> None:
        super().__init__(pool_maxsize=32)
        self._patience = patience
        self._window = window
        self._repeats = _Repeats(
            total=patience.repeats,
            connect=min(1, patience.repeats),
            read=min(3, patience.repeats),  # each may take the whole read time-out
            allowed_methods={"GET", "POST"},  # here a POST is a question too: it changes nothing
            status_forcelist=_MAY_PASS,
            backoff_factor=patience.backoff_s,
        )

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """
        Send a request, again and again where a fault may pass, and read the answer whole.

        Parameters
        ----------
        request : PreparedRequest
            What to send.
        *args, **options : Any
            As `requests` passes them; the time-out is set here where it is not.

        Returns
        -------
        Response
            With its body read; of any status.

        Raises
        ------
        requests.exceptions.RequestException
            If no whole answer came in the end, or a body is not what it promises.
        """
        if options.get("timeout") is None:
            options["timeout"] = (self._patience.connect_s, self._patience.read_s)
        repeats = self._repeats
        method = request.method or "GET"
        while True:
            try:
                response = self._exchange(request, *args, **options)
            except requests.exceptions.SSLError:
                raise
            except _BROKEN as error:
                try:
                    repeats = repeats.increment(method, request.url, error=cause(error))
                except MaxRetryError:
                    raise error from None
                repeats.sleep()
                continue
            wait = repeats.get_retry_after(response.raw)
            asked_again = repeats.is_retry(method, response.status_code, wait is not None)
            if not asked_again or (wait or 0) > self._patience.longest_wait_s:
                check_body(response)
                return response
            try:
                repeats = repeats.increment(method, request.url, response=response.raw)
            except MaxRetryError:
                return response
            self._hold_back(response.status_code, wait)
            repeats.sleep(response.raw)

    def _exchange(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        if self._window is not None:
            self._window.begin()
        try:
            response = super().send(request, *args, **options)
        finally:
            if self._window is not None:
                self._window.end()
        self._read(request, response)
        return response

    def _read(self, request: PreparedRequest, response: Response) -> None:
        """Read the body within `answer_s`; a read time-out alone lets a drip go on for ever."""
        too_slow = threading.Event()

        def break_off() -> None:
            too_slow.set()
            # The body may have come to its end this very moment.
            with contextlib.suppress(ValueError, RuntimeError, OSError):
                response.raw.shutdown()

        timer = threading.Timer(self._patience.answer_s, break_off)
        timer.daemon = True
        timer.start()
        try:
            response.content  # noqa: B018 - the property reads and keeps the body
        except requests.exceptions.RequestException as error:
            if too_slow.is_set():
                msg = f"the answer was not complete after {self._patience.answer_s:g} s"
                raise UnreadableBodyError(msg, response=response) from error
            raise
        finally:
            timer.cancel()
        length_said = {"Content-Length", "Transfer-Encoding"} & {*map(str.title, response.headers)}
        if response.status_code == 200 and not response.content and not length_said:
            # Cut in its head: what was left of that passes for an answer without a body.
            msg = "nothing came after the first line"
            raise requests.exceptions.ChunkedEncodingError(msg, request=request)

    def _hold_back(self, status: int, wait: float | None) -> None:
        """After "too many calls" let the other threads and processes wait as well."""
        if status == 429 and self._window is not None:
            self._window.pause(self._window.seconds if wait is None else wait)


class OfflineAdapter(HTTPAdapter):
    """An adapter that lets nothing out; the cache before it may still answer."""

    def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
        """
        Refuse to send.

        Parameters
        ----------
        request : PreparedRequest
            What is not sent.
        *_args, **_options : Any
            As `requests` passes them.

        Returns
        -------
        Response
            Never.

        Raises
        ------
        OfflineError
            Always.
        """
        raise OfflineError(request=request)


def cause(error: Exception) -> Exception:
    """
    Find urllib3's error inside that of `requests`.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    Exception
        The innermost reason, or `error` itself.
    """
    inner = error.args[0] if error.args else error
    if isinstance(inner, MaxRetryError) and inner.reason is not None:
        inner = inner.reason
    return inner if isinstance(inner, Exception) else error
