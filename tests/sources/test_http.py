"""Every fault of a service becomes one clear error, and every whole answer is kept."""

from __future__ import annotations

import gzip
import os
import socket
import sqlite3
import ssl
import subprocess
import time
import unicodedata
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from pytest_httpserver import HTTPServer
from requests.adapters import HTTPAdapter
from werkzeug import Request, Response

from regionstudy.errors import SourceError
from regionstudy.sources import http
from regionstudy.sources.faults import explain_error
from regionstudy.sources.http import (
    CallWindow,
    Patience,
    StaleAnswerWarning,
    ask,
    ask_json,
    open_session,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.sources.conftest import Wire

HASTY = Patience(connect_s=1.0, read_s=5.0, repeats=2, backoff_s=0.001)
WHOLE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}'
JSON = "application/json"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies and certificates of the tester's machine out of the tests."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.endswith(("CA_BUNDLE", "CERT_FILE")):
            monkeypatch.delenv(name)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session that keeps nothing and gives up soon."""
    with open_session(source="fake", patience=HASTY) as opened:
        yield opened


def _fails(session: requests.Session, url: str, **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        ask_json(session, "GET", url, what="Table TAB638", **options)
    error = caught.value
    # Whatever the fault: what was asked, of whom, and what to do stand in the one line.
    assert str(error).startswith("Table TAB638: ")
    assert error.url in str(error)
    assert error.remedy
    assert str(error).endswith(error.remedy)
    assert error.what == "Table TAB638"
    return error


# Connections


def test_time_outs_are_always_set(service: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[Any] = []
    send = HTTPAdapter.send

    def listening(self: HTTPAdapter, *args: Any, **options: Any) -> requests.Response:
        handed.append(options["timeout"])
        return send(self, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", listening)
    service.expect_request("/").respond_with_json({})
    with open_session(source="fake") as session:
        ask(session, "GET", service.url_for("/"), what="Test")
        session.get(service.url_for("/"))
    assert handed == [(10.0, 120.0)] * 2


def test_a_refused_connection_is_tried_twice_and_named(session: requests.Session) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    error = _fails(session, url)
    assert "no connection" in str(error)
    assert "refused" in str(error)
    assert "Check the network and HTTPS_PROXY" in error.remedy
    assert error.status is None


def test_an_unknown_name_is_told_from_a_silent_service(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "the service's name is not found" in str(_fails(session, "http://api.example/"))


def test_a_host_that_does_not_take_the_connection_is_given_up(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object, **_options: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", silent)
    error = _fails(session, "http://api.example/")
    assert "no connection within the time-out" in str(error)
    assert error.status is None


def test_a_silent_service_runs_into_the_read_time_out(wire: Wire) -> None:
    wire.then(b"", pause=1.0)
    with open_session(source="fake", patience=Patience(read_s=0.1, repeats=1)) as session:
        error = _fails(session, wire.address)
    assert "the service stopped answering" in str(error)
    assert len(wire.seen) == 2


def test_a_body_that_drips_for_ever_is_broken_off(wire: Wire) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n"
    wire.then(head, *[b" "] * 400, pause=0.02)
    start = time.monotonic()
    with open_session(source="fake", patience=Patience(answer_s=0.3, repeats=0)) as session:
        error = _fails(session, wire.address)
    assert "the answer was not complete after 0.3 s" in str(error)
    assert time.monotonic() - start < 5


def test_a_slow_body_within_the_time_is_read_whole(wire: Wire, session: requests.Session) -> None:
    wire.then(*[WHOLE[at : at + 10] for at in range(0, len(WHOLE), 10)], pause=0.01)
    assert ask_json(session, "GET", wire.address, what="Test")[0] == {"a": 1}


BROKEN = [
    (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a"', False),
    (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a"', True),
    (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n',
        False,
    ),
    (b"", True),
    (b"HTTP/1.1 200", False),
]


@pytest.mark.parametrize(("said", "reset"), BROKEN)
def test_an_answer_that_breaks_off_is_asked_for_again(
    wire: Wire, session: requests.Session, said: bytes, reset: bool
) -> None:
    wire.then(said, pause=0.02, reset=reset).then(WHOLE)
    assert ask_json(session, "GET", wire.address, what="Test")[0] == {"a": 1}
    assert len(wire.seen) == 2


@pytest.mark.parametrize(("said", "reset"), BROKEN)
def test_an_answer_that_always_breaks_off_is_an_error(
    wire: Wire, session: requests.Session, said: bytes, reset: bool
) -> None:
    wire.then(said, pause=0.02, reset=reset)
    error = _fails(session, wire.address)
    assert "broke off half-way" in str(error) or "it was cut" in str(error)
    assert "it goes on where it stopped" in error.remedy or "Try again later" in error.remedy
    assert len(wire.seen) == 3


def test_a_question_by_post_is_asked_again_with_its_body(
    wire: Wire, session: requests.Session
) -> None:
    wire.then(b"", reset=True).then(WHOLE)
    ask_json(session, "POST", wire.address, json={"selection": []}, what="Test")
    assert [asked.split("\r\n\r\n")[1] for asked in wire.seen] == ['{"selection": []}'] * 2


# Bodies


def test_a_content_length_too_short_leaves_broken_json(
    wire: Wire, session: requests.Session
) -> None:
    wire.then(WHOLE.replace(b"Length: 8", b"Length: 6"))
    error = _fails(session, wire.address)
    assert "broken JSON" in str(error)
    assert "line 1 column 7" in str(error)
    assert error.status == 200


def test_html_in_place_of_json_is_named_and_kept_for_a_report(
    service: HTTPServer, session: requests.Session
) -> None:
    page = "<!DOCTYPE html><html><body>Underhåll pågår</body></html>"
    service.expect_request("/html").respond_with_data(page, content_type="text/html")
    service.expect_request("/lies").respond_with_data(page, content_type=JSON)
    for path in ("/html", "/lies"):
        error = _fails(session, service.url_for(path))
        assert "a page of HTML came in place of figures" in str(error)
        assert error.status == 200
        assert error.content == page.encode()


def test_truncated_json_says_where_it_ends(service: HTTPServer, session: requests.Session) -> None:
    service.expect_request("/").respond_with_data('{"a": [1, 2', content_type=JSON)
    error = _fails(session, service.url_for("/"))
    assert "broken JSON: unexpected end of data: line 1 column 12" in str(error)
    assert error.content == b'{"a": [1, 2'


def test_a_byte_order_mark_before_json_is_passed_over(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/").respond_with_data(b'\xef\xbb\xbf{"a": 1}', content_type=JSON)
    assert ask_json(session, "GET", service.url_for("/"), what="Test")[0] == {"a": 1}


def test_json_without_its_content_type_is_read_and_checked(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/good").respond_with_data('{"a": 1}', content_type="text/plain")
    service.expect_request("/bad").respond_with_data("{oj", content_type="text/plain")
    assert ask_json(session, "GET", service.url_for("/good"), what="Test")[0] == {"a": 1}
    assert "broken JSON" in str(_fails(session, service.url_for("/bad")))


def test_a_compressed_body_is_unpacked(service: HTTPServer, session: requests.Session) -> None:
    packed = gzip.compress(b'{"a": 1}')
    service.expect_request("/").respond_with_data(
        packed, content_type=JSON, headers={"Content-Encoding": "gzip"}
    )
    body, answer = ask_json(session, "GET", service.url_for("/"), what="Test")
    assert body == {"a": 1}
    assert answer.content == b'{"a": 1}'


def test_a_broken_compression_is_named(service: HTTPServer, session: requests.Session) -> None:
    service.expect_request("/").respond_with_data(
        b"no gzip", content_type=JSON, headers={"Content-Encoding": "gzip"}
    )
    assert "compression is broken" in str(_fails(session, service.url_for("/")))


def test_an_answer_tells_where_and_when_it_came_from(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/x").respond_with_json({"a": 1}, headers={"X-Rate-Limit": "30"})
    before = datetime.now(UTC)
    answer = ask(session, "GET", service.url_for("/x"), params={"lang": "sv"}, what="Test")
    assert answer.url == service.url_for("/x?lang=sv")
    assert answer.status == 200
    assert answer.headers["x-rate-limit"] == "30"
    assert answer.from_cache is False
    assert before <= answer.retrieved <= datetime.now(UTC)


# Statuses


def _in_turn(*responses: Response | Callable[[], Response]) -> Callable[[Request], Response]:
    """Give each answer once, and the last for ever."""
    left = list(responses)

    def answer(_request: Request) -> Response:
        response = left.pop(0) if len(left) > 1 else left[0]
        return Response(response.get_data(), response.status_code, response.headers.to_wsgi_list())

    return answer


GOOD = Response('{"a": 1}', content_type=JSON)


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ConnectTimeout("late"),
        requests.exceptions.ReadTimeout("late"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("bad"),
        requests.exceptions.ConnectionError("cut"),
    ],
)
def test_a_failing_service_is_to_be_tried_later_without_a_way_that_fetch_refuses(
    error: Exception,
) -> None:
    told = explain_error(error, what="w", url="u").remedy
    assert told.endswith("Try again later.")
    assert "--offline" not in told


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_fault_that_may_pass_is_asked_again(
    service: HTTPServer, session: requests.Session, status: int
) -> None:
    service.expect_request("/").respond_with_handler(_in_turn(Response(status=status), GOOD))
    assert ask_json(session, "GET", service.url_for("/"), what="Test")[0] == {"a": 1}
    assert len(service.log) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_that_stays_is_an_error_after_the_last_repeat(
    service: HTTPServer, session: requests.Session, status: int
) -> None:
    service.expect_request("/").respond_with_data(b"", status=status)
    error = _fails(session, service.url_for("/"))
    assert f"the service failed (HTTP {status}" in str(error)
    assert error.status == status
    assert len(service.log) == 3


@pytest.mark.parametrize(
    "head",
    [
        b"Retry-After: 1",
        # The service's clock stands in 1999; the wait is the difference, not the date.
        b"Date: Fri, 31 Dec 1999 23:59:57 GMT\r\nRetry-After: Fri, 31 Dec 1999 23:59:58 GMT",
        b"Date: Thu, 31 Dec 2099 23:59:57 GMT\r\nRetry-After: Thu, 31 Dec 2099 23:59:58 GMT",
    ],
)
def test_the_wait_that_a_service_asks_for_is_kept(
    wire: Wire, session: requests.Session, head: bytes
) -> None:
    wire.then(b"HTTP/1.1 429 Full\r\nContent-Length: 0\r\n" + head + b"\r\n\r\n").then(WHOLE)
    start = time.monotonic()
    ask(session, "GET", wire.address, what="Test")
    assert 1.0 <= time.monotonic() - start < 10


def test_without_a_stated_wait_a_whole_window_is_waited_by_all_threads(
    service: HTTPServer,
) -> None:
    arrivals: list[float] = []

    def answer(_request: Request) -> Response:
        arrivals.append(time.monotonic())
        return Response("{}", 429 if len(arrivals) == 1 else 200, content_type=JSON)

    service.expect_request("/").respond_with_handler(answer)
    with (
        open_session(source="fake", patience=HASTY, window=CallWindow(9, 0.4)) as session,
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(ask, session, "GET", service.url_for("/"), what="Test")
        while not arrivals:
            time.sleep(0.001)
        time.sleep(0.1)
        second = pool.submit(ask, session, "GET", service.url_for("/"), what="Test")
        assert (first.result().status, second.result().status) == (200, 200)
    assert all(later - arrivals[0] >= 0.4 for later in arrivals[1:])


def test_too_many_calls_in_the_end_is_an_error_that_names_the_wait(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/").respond_with_data(b"", status=429, headers={"Retry-After": "0"})
    error = _fails(session, service.url_for("/"))
    assert "too many calls; the service asks for a wait of 0 s" in str(error)
    assert error.status == 429
    assert len(service.log) == 3


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        ("4000", "asks for a wait of 4000 s"),
        ("Fri, 31 Dec 2100 00:00:00 GMT", "asks to wait until Fri, 31 Dec 2100"),
    ],
)
def test_a_wait_beyond_patience_is_not_waited(
    service: HTTPServer, session: requests.Session, wait: str, said: str
) -> None:
    service.expect_request("/").respond_with_data(b"", status=429, headers={"Retry-After": wait})
    error = _fails(session, service.url_for("/"))
    assert said in str(error)
    assert len(service.log) == 1


def test_a_wait_that_is_no_time_is_passed_over(
    service: HTTPServer, session: requests.Session
) -> None:
    odd = Response(status=503, headers={"Retry-After": "soon"})
    service.expect_request("/").respond_with_handler(_in_turn(odd, GOOD))
    ask(session, "GET", service.url_for("/"), what="Test")
    assert len(service.log) == 2


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            400,
            '{"type": "Parameter error", "title": "Too many cells selected", "status": 400}',
            '"Too many cells selected"',
        ),
        (404, '{"title": "Non-existent table", "detail": "TAB1"}', '"Non-existent table; TAB1"'),
        (422, '{"detail": [{"loc": ["query", "year"]}]}', "year"),
        (400, '{"message": "Input payload validation failed"}', "validation failed"),
        (403, "<html><head><style>p {}</style></head><p>Förbjudet</p></html>", '"Förbjudet"'),
        (403, '"Nej"', '"Nej"'),
        (401, "", "the service refused, without a reason"),
        (410, "[]", "the service refused, without a reason"),
        (413, "x" * 400, f'"{"x" * 300}…"'),
    ],
)
def test_a_refusal_is_in_the_services_own_words_and_not_repeated(
    service: HTTPServer, session: requests.Session, status: int, body: str, said: str
) -> None:
    service.expect_request("/").respond_with_data(body, status=status)
    error = _fails(session, service.url_for("/"))
    assert said in str(error)
    assert error.status == status
    assert error.content == body.encode()
    assert len(service.log) == 1


def test_a_long_address_is_cut_in_the_message_and_whole_in_the_error(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/").respond_with_data(b"", status=404)
    with pytest.raises(SourceError, match="…") as caught:
        ask(session, "GET", service.url_for("/"), params={"q": "x" * 900}, what="Test")
    assert len(str(caught.value)) < 600
    assert caught.value.url.endswith("x" * 900)


def test_an_error_that_the_caller_allows_is_an_answer(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/told").respond_with_json({"title": "Too many cells"}, status=403)
    service.expect_request("/empty").respond_with_data(b"", status=403)
    for path, expected in (("/told", {"title": "Too many cells"}), ("/empty", None)):
        body, answer = ask_json(
            session, "GET", service.url_for(path), what="Test", allowed_errors=(400, 403)
        )
        assert body == expected
        assert answer.status == 403


# Redirects


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("GET", 308), ("POST", 307)])
def test_a_redirect_within_the_host_is_followed(
    service: HTTPServer, session: requests.Session, method: str, status: int
) -> None:
    service.expect_request("/old").respond_with_data(
        b"", status=status, headers={"Location": "/new?lang=sv"}
    )
    service.expect_request("/new", query_string="lang=sv", method=method).respond_with_json(1)
    body = {"a": "å"} if method == "POST" else None
    answer = ask(session, method, service.url_for("/old?x=1"), json=body, what="Test")
    assert answer.url == service.url_for("/new?lang=sv")
    assert service.log[1][0].get_json(silent=True) == body


def test_a_redirect_to_another_host_is_refused(
    service: HTTPServer, session: requests.Session
) -> None:
    target = "http://elsewhere.example/x"
    service.expect_request("/").respond_with_data(b"", status=302, headers={"Location": target})
    error = _fails(session, service.url_for("/"))
    assert f"the service sends on to {target}, which is another host" in str(error)
    assert "--base-url" in error.remedy
    assert error.status == 302


def test_a_redirect_to_another_port_is_another_host(
    service: HTTPServer, session: requests.Session, wire: Wire
) -> None:
    wire.then(WHOLE)
    service.expect_request("/").respond_with_data(
        b"", status=302, headers={"Location": wire.address.replace("127.0.0.1", service.host)}
    )
    assert "which is another host" in str(_fails(session, service.url_for("/")))
    assert wire.seen == []


def test_a_redirect_that_gives_up_encryption_is_refused(session: requests.Session) -> None:
    response = requests.Response()
    response.status_code = 301
    response.url = "https://api.example/a"
    response.headers["Location"] = "http://api.example/a"
    response.request = requests.Request("GET", response.url).prepare()
    with pytest.raises(SourceError, match=r"sends on to http://api\.example/a"):
        http._redirected(session, response, what="Test")


def test_a_redirect_that_drops_the_question_is_refused(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/").respond_with_data(b"", status=302, headers={"Location": "/new"})
    with pytest.raises(SourceError, match="drops the question"):
        ask(session, "POST", service.url_for("/"), json={}, what="Test")


def test_a_circle_of_redirects_ends(service: HTTPServer, session: requests.Session) -> None:
    service.expect_request("/").respond_with_data(b"", status=302, headers={"Location": "/"})
    assert "more than 5 redirects" in str(_fails(session, service.url_for("/")))
    assert len(service.log) == 6


# What is sent


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_beyond_ascii_arrive_as_they_are(
    service: HTTPServer, session: requests.Session, form: str
) -> None:
    def spelt(text: str) -> str:
        return unicodedata.normalize(form, text)

    service.expect_request("/codelists/agg_Ålder10årJ").respond_with_json({})
    ask(
        session,
        "GET",
        service.url_for("/") + spelt("codelists/agg_Ålder10årJ"),
        params={spelt("fråga"): spelt("folkmängd & åäö+"), "år": [spelt("å"), "2024"]},
        what="Test",
    )
    request = service.log[0][0]
    assert request.path == "/codelists/agg_Ålder10årJ"
    assert request.args.to_dict(flat=False) == {
        "fråga": ["folkmängd & åäö+"],
        "år": ["å", "2024"],
    }


def test_pairs_repeat_their_key_and_a_body_is_utf8_json(
    service: HTTPServer, session: requests.Session
) -> None:
    service.expect_request("/").respond_with_json({})
    params = [("kpi_id", "N01951"), ("kpi_id", "N00003")]
    ask(session, "POST", service.url_for("/"), params=params, json={"Ålder": "å"}, what="Test")
    request = service.log[0][0]
    assert request.args.getlist("kpi_id") == ["N01951", "N00003"]
    assert request.get_json() == {"Ålder": "å"}
    assert request.content_type == JSON


def test_the_caller_is_told_who_asks(service: HTTPServer) -> None:
    service.expect_request("/").respond_with_json({})
    with open_session(source="fake", contact="analys@sundsvall.se") as session:
        ask(session, "GET", service.url_for("/"), what="Test")
    agent = service.log[0][0].headers["User-Agent"]
    assert agent.startswith("regionstudy/")
    assert agent.endswith("(analys@sundsvall.se)")


# The way out: proxies and certificates


def test_the_proxy_of_the_environment_is_used(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", wire.address)
    wire.then(WHOLE)
    with open_session(source="fake", patience=HASTY) as session:
        ask(session, "GET", "http://api.example/x", what="Test")
    assert wire.seen[0].startswith("GET http://api.example/x HTTP/1.1")


def test_a_proxy_that_refuses_is_named(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", wire.address)
    wire.then(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    with open_session(source="fake", patience=HASTY) as session:
        error = _fails(session, "https://api.example/x")
    assert "the proxy did not let the call through" in str(error)
    assert "HTTPS_PROXY" in error.remedy


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that no system trusts, with its key in the same file."""
    key, certificate = tmp_path / "key.pem", tmp_path / "own.pem"
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    name = ["-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    try:
        subprocess.run(
            ["openssl", *request, *name, "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl, which makes the test's certificate, is not installed")
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    return certificate


@pytest.fixture
def secure(certificate: Path) -> Iterator[HTTPServer]:
    """A service with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/").respond_with_json({"a": 1})
        yield server


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_of_the_environment_is_trusted(
    secure: HTTPServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(certificate))
    with open_session(source="fake", patience=HASTY) as session:
        assert ask(session, "GET", secure.url_for("/"), what="Test").status == 200


def test_an_unknown_certificate_is_refused_at_once(
    secure: HTTPServer, session: requests.Session
) -> None:
    error = _fails(session, secure.url_for("/"))
    assert "the certificate could not be verified" in str(error)
    assert "REQUESTS_CA_BUNDLE" in error.remedy


def test_a_certificate_file_that_is_not_there_is_named(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file.pem")
    error = _fails(session, "https://api.example/")
    assert "/no/such/file.pem" in str(error)
    assert "Check REQUESTS_CA_BUNDLE and SSL_CERT_FILE" in error.remedy


def test_an_address_that_is_none_is_named(session: requests.Session) -> None:
    assert "the call could not be made" in str(_fails(session, "htp:/api"))


# The cache

SOON = timedelta(milliseconds=1)


def test_an_answer_is_taken_from_the_disk_the_second_time(
    service: HTTPServer, tmp_path: Path
) -> None:
    service.expect_request("/").respond_with_data('{"å": 1}'.encode(), content_type=JSON)
    answers = []
    for _ in range(2):
        with open_session(source="scb", cache=tmp_path / "new") as session:
            answers.append(ask(session, "GET", service.url_for("/"), what="Test"))
    assert len(service.log) == 1
    first, second = answers
    assert (first.from_cache, second.from_cache) == (False, True)
    assert first.content == second.content == '{"å": 1}'.encode()
    assert abs(first.retrieved - second.retrieved) < timedelta(seconds=5)
    assert (tmp_path / "new" / "scb.sqlite").is_file()


def test_questions_by_post_are_told_apart_by_their_bodies(
    service: HTTPServer, tmp_path: Path
) -> None:
    service.expect_request("/").respond_with_handler(
        lambda request: Response(request.get_data(), content_type=JSON)
    )
    with open_session(source="fake", cache=tmp_path) as session:
        for codes in (["1", "2"], ["2", "1"], ["1", "2"]):
            body, _ = ask_json(session, "POST", service.url_for("/"), json=codes, what="Test")
            assert sorted(body) == ["1", "2"]
        for number in (1, 2, 1):
            json = {"selection": [{"valueCodes": [number]}]}
            body, _ = ask_json(session, "POST", service.url_for("/"), json=json, what="Test")
            assert body == json
    assert len(service.log) <= 4


def _with_etag(request: Request) -> Response:
    if request.headers.get("If-None-Match") == '"1"':
        return Response(status=304, headers={"ETag": '"1"'})
    return Response('{"a": 1}', content_type=JSON, headers={"ETag": '"1"'})


def test_an_old_answer_is_asked_after_by_its_etag(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_handler(_with_etag)
    with open_session(source="fake", cache=tmp_path, expire_after=SOON) as session:
        ask(session, "GET", service.url_for("/"), what="Test")
        time.sleep(0.01)
        before = datetime.now(UTC)
        answer = ask(session, "GET", service.url_for("/"), what="Test")
    assert [response.status_code for _, response in service.log] == [200, 304]
    assert answer.content == b'{"a": 1}'
    assert answer.status == 200
    assert answer.from_cache
    assert answer.retrieved >= before


def test_refresh_asks_although_the_answer_is_fresh(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/etag").respond_with_handler(_with_etag)
    service.expect_request("/none").respond_with_handler(
        _in_turn(Response("1", content_type=JSON), Response("2", content_type=JSON))
    )
    with open_session(source="fake", cache=tmp_path) as session:
        for refresh in (False, True):
            ask(session, "GET", service.url_for("/etag"), what="Test", refresh=refresh)
        told = [
            ask_json(session, "GET", service.url_for("/none"), what="Test", refresh=refresh)[0]
            for refresh in (False, False, True, False)
        ]
    assert told == [1, 1, 2, 2]
    assert [response.status_code for _, response in service.log] == [200, 304, 200, 200]


FAULTS = [
    Response(status=500),
    Response(status=429),
    Response("<html></html>", content_type="text/html"),
    Response('{"a": ', content_type=JSON),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_service_is_replaced_by_its_last_answer_with_a_warning(
    service: HTTPServer, tmp_path: Path, fault: Response
) -> None:
    service.expect_request("/").respond_with_handler(_in_turn(GOOD, fault))
    options: dict[str, Any] = {"cache": tmp_path, "expire_after": SOON, "patience": HASTY}
    with open_session(source="fake", **options) as session:
        first = ask(session, "GET", service.url_for("/"), what="Table TAB638")
        time.sleep(0.01)
        for _ in range(2):  # the fault leaves the kept answer alone
            with pytest.warns(StaleAnswerWarning, match=r"Table TAB638: .* is used in its place"):
                second = ask(session, "GET", service.url_for("/"), what="Table TAB638")
    assert second.content == first.content
    assert second.from_cache
    assert second.retrieved <= datetime.now(UTC) - timedelta(milliseconds=5)


def test_a_service_that_is_gone_is_replaced_too(wire: Wire, tmp_path: Path) -> None:
    wire.then(WHOLE)
    url = wire.address
    options: dict[str, Any] = {"cache": tmp_path, "expire_after": SOON, "patience": HASTY}
    with open_session(source="fake", **options) as session:
        ask(session, "GET", url, what="Test")
        wire.close()
        time.sleep(0.01)
        with pytest.warns(StaleAnswerWarning, match="no connection"):
            assert ask_json(session, "GET", url, what="Test")[0] == {"a": 1}


def test_a_service_that_says_no_is_not_replaced(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_handler(_in_turn(GOOD, Response(status=404)))
    with open_session(source="fake", cache=tmp_path, expire_after=SOON) as session:
        ask(session, "GET", service.url_for("/"), what="Table TAB638")
        time.sleep(0.01)
        assert _fails(session, service.url_for("/")).status == 404


@pytest.mark.parametrize("fault", [*FAULTS, Response(status=404)])
def test_a_fault_is_never_kept_as_an_answer(
    service: HTTPServer, tmp_path: Path, fault: Response
) -> None:
    patience = Patience(repeats=0)
    service.expect_request("/").respond_with_handler(_in_turn(fault, GOOD))
    with open_session(source="fake", cache=tmp_path, patience=patience) as session:
        _fails(session, service.url_for("/"))
        assert ask_json(session, "GET", service.url_for("/"), what="Test")[0] == {"a": 1}


def test_offline_answers_from_the_disk_only(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_json({"a": 1})
    with open_session(source="fake", cache=tmp_path) as session:
        ask(session, "GET", service.url_for("/"), what="Test")
    with (
        open_session(source="fake", cache=tmp_path, offline=True) as session,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        assert ask_json(session, "GET", service.url_for("/"), what="Test")[0] == {"a": 1}
        error = _fails(session, service.url_for("/other"))
    assert "--offline forbids to ask" in str(error)
    assert "Run it once without --offline" in error.remedy
    assert len(service.log) == 1


def test_offline_an_old_answer_is_used_and_said_to_be_old(
    service: HTTPServer, tmp_path: Path
) -> None:
    service.expect_request("/").respond_with_json({"a": 1})
    with open_session(source="fake", cache=tmp_path, expire_after=SOON) as session:
        ask(session, "GET", service.url_for("/"), what="Test")
    time.sleep(0.01)
    with (
        open_session(source="fake", cache=tmp_path, offline=True) as session,
        pytest.warns(
            StaleAnswerWarning,
            match=rf"^Test: not asked for anew.*--offline.*{datetime.now(UTC):%Y-%m-%d}",
        ),
    ):
        assert ask_json(session, "GET", service.url_for("/"), what="Test")[0] == {"a": 1}


def test_offline_without_a_cache_nothing_is_asked(service: HTTPServer) -> None:
    with open_session(source="fake", offline=True) as session:
        assert "--offline forbids" in str(_fails(session, service.url_for("/")))
    assert service.log == []


def test_threads_share_a_session_and_its_cache(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_handler(
        lambda request: Response(request.args["n"], content_type=JSON)
    )

    def number(asked: int) -> int:
        url = service.url_for("/")
        return ask_json(session, "GET", url, params={"n": asked % 10}, what="Test")[0]

    with open_session(source="fake", cache=tmp_path) as session, ThreadPoolExecutor(6) as pool:
        told = list(pool.map(number, range(40)))
    assert told == [asked % 10 for asked in range(40)]


def test_a_damaged_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "scb.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(
        SourceError, match=r"cache of scb: .* on disk cannot be used: .*scb\.sqlite"
    ):
        open_session(source="scb", cache=tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "scb.sqlite").mkdir()
    with pytest.raises(SourceError, match=r"on disk cannot be used.* Free space on the disk"):
        open_session(source="scb", cache=tmp_path)


def test_a_cache_that_breaks_while_in_use_is_named(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_json({})
    with open_session(source="scb", cache=tmp_path) as session:
        with session.cache.responses.connection() as database:  # type: ignore[attr-defined]
            database.execute("DROP TABLE responses")
        error = _fails(session, service.url_for("/"))
    assert "the answers' cache on disk cannot be used: no such table" in str(error)


def test_a_full_disk_costs_the_cache_and_not_the_answer(
    service: HTTPServer, tmp_path: Path
) -> None:
    service.expect_request("/").respond_with_json(["x" * 100_000])
    with open_session(source="scb", cache=tmp_path) as session:
        with session.cache.responses.connection() as database:  # type: ignore[attr-defined]
            database.execute("PRAGMA max_page_count = 1")
        for _ in range(2):
            body, answer = ask_json(session, "GET", service.url_for("/"), what="Test")
            assert body == ["x" * 100_000]
            assert not answer.from_cache


def test_what_is_kept_is_no_code(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_json({})
    with open_session(source="scb", cache=tmp_path) as session:
        ask(session, "GET", service.url_for("/"), what="Test")
    with sqlite3.connect(tmp_path / "scb.sqlite") as database:
        ((kept,),) = database.execute("SELECT value FROM responses").fetchall()
    database.close()
    assert kept.lstrip().startswith(b"{")  # JSON, and not a pickle
