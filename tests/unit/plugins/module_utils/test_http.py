# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gzip
import html
import json
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

import certifi
import pytest
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProxyError, SSLError

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _http
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import NotSent
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    AnswerLost,
    ApiError,
    CertificateRefused,
    ConfigurationError,
    NotReached,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import MOST_LEVELS, Accepted, Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._signing import signature
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    ENDPOINT,
    Answer,
    FakeClock,
    FakeTransport,
    a_config,
    a_line,
)

READ = _api.list_engine_version_properties("e1")
POST = _api.restart_cluster("c1")
PUT = _api.set_audit_log("c1", use_audit_log=True)
DELETE = _api.terminate_cluster("c1")
CALLS = {"GET": READ, "POST": POST, "PUT": PUT, "DELETE": DELETE}

LIST = Answer(200, {"contents": []})
TAKEN = Answer(202, {"request_id": "req-1", "resource": {"id": "c1"}})
UNSUPPORTED = Answer(406, {"errors": [{"code": "NotAcceptable", "detail": "version"}]})


def served(**versions: str) -> Answer:
    entries = [{"id": key.replace("_", "."), "status": status} for key, status in versions.items()]
    return Answer(200, {"versions": entries})


def carry_out(http: Http, call: _api.Call) -> object:
    return http.read(call) if call.is_read else http.write(call)


# What goes out


@pytest.mark.parametrize(
    "name",
    ["plain", "a b", "a+b", "a&b=c", "name:asc", "100%", "%41", "\u00e4\ud55c", "a/b?c#d", "~a_b.c-d", "'\"<>", ""],
)
def test_signature_covers_exactly_the_url_that_goes_out(name: str) -> None:
    line = a_line(Answer(200, {"contents": [], "count": 0}))

    line.http.read(_api.list_clusters(name=name, sort="name:asc"))

    request = line.transport.sent[0]
    headers = request.headers
    url = str(request.url)
    assert headers["Scp-Signature"] == signature("GET", url, headers["Scp-Timestamp"], "AK", "SK")
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == {"name": name, "sort": "name:asc"}
    assert "+" not in url
    assert url.isascii()


def test_path_goes_out_as_it_was_quoted() -> None:
    line = a_line(LIST)
    line.http.read(_api.list_engine_version_properties("../a b"))
    assert line.transport.urls == [f"{ENDPOINT}/v1/engine-versions/..%2Fa%20b/properties"]


@pytest.mark.parametrize("method", CALLS)
def test_request_as_it_goes_out(method: str) -> None:
    line = a_line(LIST if method == "GET" else TAKEN, auth_token="TOKEN", language="ko-KR")
    call = CALLS[method]

    carry_out(line.http, call)

    request = line.transport.sent[0]
    assert (request.method, request.url) == (method, ENDPOINT + call.path)
    assert (json.loads(request.body) if request.body else None) == call.body
    assert request.headers.get("Content-Type") == ("application/json" if call.body else None)
    assert {
        name: request.headers[name] for name in request.headers if name.lower().startswith(("scp-", "x-", "acc"))
    } == {
        "Accept": "application/json",
        "Accept-Encoding": request.headers["Accept-Encoding"],
        "Accept-Language": "ko-KR",
        "Scp-Accesskey": "AK",
        "Scp-Api-Version": "mariadb 1.0",
        "Scp-ClientType": "Openapi",
        "Scp-Signature": request.headers["Scp-Signature"],
        "Scp-Timestamp": "1605291625682",
        "X-Auth-Token": "TOKEN",
    }


def test_session_token_is_left_out_where_there_is_none() -> None:
    line = a_line(LIST)
    line.http.read(READ)
    assert "X-Auth-Token" not in line.transport.sent[0].headers


def test_every_attempt_is_signed_anew() -> None:
    line = a_line(Answer(503), Answer(429), LIST)

    line.http.read(READ)

    stamps = [request.headers["Scp-Timestamp"] for request in line.transport.sent]
    assert stamps == ["1605291625682", "1605291626182", "1605291627182"]
    for request, stamp in zip(line.transport.sent, stamps):
        assert request.headers["Scp-Signature"] == signature("GET", str(request.url), stamp, "AK", "SK")


@pytest.mark.parametrize(
    ("config", "verify"),
    [
        pytest.param({}, "bundle.pem", id="the variable that requests reads"),
        pytest.param({"ca_path": certifi.where()}, certifi.where(), id="ca_path over the variable"),
        pytest.param({"validate_certs": False}, False, id="not validated"),
        pytest.param({"validate_certs": False, "ca_path": "/ca.pem"}, False, id="not validated in spite of ca_path"),
    ],
)
def test_certificates_and_time_out(
    config: dict[str, Any], verify: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bundle.pem").write_bytes(Path(certifi.where()).read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "bundle.pem")
    line = a_line(LIST, timeout=7, **config)

    line.http.read(READ)

    assert line.transport.options[0]["verify"] == verify
    assert line.transport.options[0]["timeout"] == 7


@pytest.mark.parametrize(
    ("no_proxy", "proxy"),
    [("", "http://proxy.test:3128"), (".samsungsdscloud.com", None)],
    ids=["proxy", "not for this host"],
)
def test_proxy_of_the_environment(no_proxy: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    line = a_line(LIST)

    line.http.read(READ)

    assert line.transport.options[0]["proxies"].get("https") == proxy


def test_environment_is_read_once_for_all_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = requests.sessions.get_environ_proxies

    def noted(url: str, **options: Any) -> Any:
        looked.append(url)
        return real(url, **options)

    monkeypatch.setattr(requests.sessions, "get_environ_proxies", noted)
    line = a_line(LIST)
    for _call in range(3):
        line.http.read(READ)
    assert looked == [ENDPOINT]


def test_cookie_is_not_sent_back() -> None:
    line = a_line(Answer(200, {"contents": []}, {"Set-Cookie": "a=b; Path=/"}))
    line.http.read(READ)
    line.http.read(READ)
    assert "Cookie" not in line.transport.sent[1].headers


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a ~/.netrc with credentials for the endpoint."""
    path = tmp_path / "netrc"
    path.write_text("machine mariadb.kr-west1.e.samsungsdscloud.com login me password hunter2\n", encoding="utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))


@pytest.mark.usefixtures("netrc")
@pytest.mark.parametrize("method", CALLS)
def test_netrc_is_not_read(method: str) -> None:
    line = a_line(LIST if method == "GET" else TAKEN)
    carry_out(line.http, CALLS[method])
    assert "Authorization" not in line.transport.sent[0].headers


@pytest.mark.usefixtures("netrc")
def test_netrc_is_not_read_for_the_version_list_either() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), LIST)
    line.http.read(READ)
    assert ["Authorization" in request.headers for request in line.transport.sent] == [False, False, False]


# What comes back


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(TAKEN, Accepted("req-1", "c1"), id="as documented"),
        pytest.param(Answer(200, TAKEN.body), Accepted("req-1", "c1"), id="200 in place of 202"),
        pytest.param(Answer(202, {"request_id": "req-1"}), Accepted("req-1", None), id="no resource"),
        pytest.param(
            Answer(202, {"request_id": "req-1", "resource": None}), Accepted("req-1", None), id="null resource"
        ),
        pytest.param(
            Answer(202, {"request_id": "req-1", "resource": "c1"}), Accepted("req-1", None), id="odd resource"
        ),
        pytest.param(Answer(202, {"resource": {"id": "c1"}}), Accepted(None, "c1"), id="no request id"),
        pytest.param(Answer(202), Accepted(None, None), id="nothing"),
        pytest.param(Answer(204), Accepted(None, None), id="204"),
    ],
)
def test_what_a_write_was_accepted_as(answer: Answer, expected: Accepted) -> None:
    assert a_line(answer).http.write(POST) == expected


class Verdict(NamedTuple):
    """How often a call goes out with two retries, and what becomes of it."""

    attempts: int
    error: type[ScpError]


def refused() -> Exception:
    reason = NewConnectionError(None, "Connection refused")
    return requests.exceptions.ConnectionError(MaxRetryError(None, "/", reason))


def reset() -> Exception:
    return requests.exceptions.ConnectionError(ConnectionResetError(104, "Connection reset by peer"))


def proxy_fault(original: Exception) -> Exception:
    return requests.exceptions.ProxyError(MaxRetryError(None, "/", ProxyError("Cannot connect to proxy.", original)))


def tls_fault(original: Exception) -> Exception:
    return requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(original)))


BAD_CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate verify failed")

# Of each fault: what becomes of a read and what of a write. A write that may have been carried out goes out once.
FAULTS: dict[str, tuple[object, Verdict, Verdict]] = {
    "refused connection": (refused(), Verdict(3, NotReached), Verdict(3, NotReached)),
    "no connection in time": (
        requests.exceptions.ConnectTimeout("connect timed out"),
        Verdict(3, NotReached),
        Verdict(3, NotReached),
    ),
    "proxy not reached": (
        proxy_fault(NewConnectionError(None, "refused")),
        Verdict(3, NotReached),
        Verdict(3, NotReached),
    ),
    "proxy refuses": (
        proxy_fault(NotSent(OSError("Tunnel connection failed: 403 Forbidden"), connecting=True)),
        Verdict(3, NotReached),
        Verdict(3, NotReached),
    ),
    "a server's words": (
        proxy_fault(OSError("Tunnel connection failed: 403 Forbidden")),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    "nothing tried": (
        NotSent(OSError("no certificates"), connecting=False),
        Verdict(1, ConfigurationError),
        Verdict(1, ConfigurationError),
    ),
    "host that is none": (
        NotSent(UnicodeError("label empty or too long"), connecting=True),
        Verdict(1, ConfigurationError),
        Verdict(1, ConfigurationError),
    ),
    "fault of another library": (
        OverflowError("timestamp out of range"),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    # urllib3 1.26 blames the proxy for every broken connection, also for one that broke after the request went out.
    "reset behind a proxy": (
        proxy_fault(ConnectionResetError(104, "Connection reset by peer")),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    "reset": (reset(), Verdict(3, AnswerLost), Verdict(1, AnswerLost)),
    "no answer in time": (
        requests.exceptions.ReadTimeout("read timed out"),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    "truncated": (
        requests.exceptions.ChunkedEncodingError("IncompleteRead"),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    "wrong certificate": (tls_fault(BAD_CERTIFICATE), Verdict(1, CertificateRefused), Verdict(1, CertificateRefused)),
    "TLS connection cut": (
        tls_fault(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")),
        Verdict(3, AnswerLost),
        Verdict(1, AnswerLost),
    ),
    "429": (Answer(429), Verdict(3, ApiError), Verdict(3, ApiError)),
    "500": (Answer(500), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "502": (Answer(502), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "503": (Answer(503), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "504": (Answer(504), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "520": (Answer(520), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "HTML with 502": (Answer(502, "<html>bad gateway</html>"), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "400": (Answer(400), Verdict(1, ApiError), Verdict(1, ApiError)),
    "401": (Answer(401), Verdict(1, ApiError), Verdict(1, ApiError)),
    "403": (Answer(403), Verdict(1, ApiError), Verdict(1, ApiError)),
    "404": (Answer(404, {"errors": [{"code": "C"}]}), Verdict(1, ApiError), Verdict(1, ApiError)),
    "404 of somebody else": (Answer(404), Verdict(3, ApiError), Verdict(1, AnswerLost)),
    "405": (Answer(405), Verdict(1, ApiError), Verdict(1, ApiError)),
    "409": (Answer(409), Verdict(1, ApiError), Verdict(1, ApiError)),
    "501": (Answer(501), Verdict(1, ApiError), Verdict(1, ApiError)),
    "505": (Answer(505), Verdict(1, ApiError), Verdict(1, ApiError)),
    "302": (Answer(302, "", {"Location": "https://b.test/"}), Verdict(1, ApiError), Verdict(1, ApiError)),
    "307": (Answer(307, "", {"Location": "https://b.test/"}), Verdict(1, ApiError), Verdict(1, ApiError)),
    "HTML with 200": (Answer(200, "<html></html>"), Verdict(3, AnswerLost), Verdict(1, AnswerLost)),
    "broken JSON": (Answer(200, '{"contents": ['), Verdict(3, AnswerLost), Verdict(1, AnswerLost)),
    "JSON list": (Answer(200, []), Verdict(3, AnswerLost), Verdict(1, AnswerLost)),
    "JSON null": (Answer(200, "null"), Verdict(3, AnswerLost), Verdict(1, AnswerLost)),
}


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("fault", FAULTS)
def test_fault(fault: str, method: str) -> None:
    script, of_read, of_write = FAULTS[fault]
    expected = of_read if method == "GET" else of_write
    line = a_line(script)

    with pytest.raises(ScpError) as caught:
        carry_out(line.http, CALLS[method])

    assert Verdict(len(line.transport.sent), type(caught.value)) == expected
    assert (caught.value.method, caught.value.path) == (method, CALLS[method].path)
    assert all(url == ENDPOINT + CALLS[method].path for url in line.transport.urls)
    if isinstance(script, Answer):
        assert caught.value.status == script.status


@pytest.mark.parametrize("fault", [name for name, entry in FAULTS.items() if entry[1].attempts > 1])
def test_read_succeeds_when_the_fault_passes(fault: str) -> None:
    line = a_line(FAULTS[fault][0], LIST)
    assert line.http.read(READ) == {"contents": []}
    assert line.clock.slept == [0.5]


@pytest.mark.parametrize("fault", ["refused connection", "429"])
def test_write_goes_out_again_when_it_was_certainly_not_carried_out(fault: str) -> None:
    line = a_line(FAULTS[fault][0], TAKEN)
    assert line.http.write(POST) == Accepted("req-1", "c1")


@pytest.mark.parametrize("fault", [name for name, entry in FAULTS.items() if entry[2].error is AnswerLost])
def test_lost_answer_says_that_nobody_knows(fault: str) -> None:
    line = a_line(FAULTS[fault][0])
    with pytest.raises(AnswerLost, match="Whether it was carried out is not known") as caught:
        line.http.write(POST)
    assert "Run the task again" in caught.value.msg


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(200, {}), id="empty object"),
        pytest.param(Answer(200, {"message": "ok"}), id="other object"),
        pytest.param(Answer(200, []), id="list"),
        pytest.param(Answer(200, ""), id="empty"),
        pytest.param(Answer(200, '{"cont'), id="cut"),
    ],
)
def test_answer_to_a_read_that_is_none_of_the_api(answer: Answer) -> None:
    with pytest.raises(AnswerLost, match="is not one of the API's"):
        a_line(answer).http.read(READ)


@pytest.mark.parametrize("errors", [[], [{"what": 1}], "none"])
def test_further_key_of_an_answer_is_no_error(errors: object) -> None:
    assert a_line(Answer(200, {"contents": [], "errors": errors})).http.read(READ)["contents"] == []


def test_errors_with_a_status_of_success() -> None:
    answer = Answer(200, {"errors": [{"code": "Dbaas.Odd", "detail": "It is odd"}]})
    with pytest.raises(ApiError, match=r"failed: 200.*\(Dbaas.Odd\): It is odd"):
        a_line(answer).http.read(READ)
    with pytest.raises(AnswerLost, match=r"It is odd\. Whether it was carried out is not known"):
        a_line(answer).http.write(POST)


def nested(levels: int, **beside: Any) -> str:
    """An object with so many levels, itself included."""
    return json.dumps(beside)[:-1] + ', "nest": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


# The last is beyond what Python's own parser bears.
@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 200_000])
@pytest.mark.parametrize(("call", "asked"), [(READ, 3), (POST, 1)], ids=["read", "write"])
def test_answer_that_is_nested_too_deep(call: _api.Call, asked: int, levels: int) -> None:
    line = a_line(Answer(200, nested(levels, contents=[])))
    with pytest.raises(AnswerLost, match="is not one of the API's"):
        line.http.read(call)
    assert len(line.transport.sent) == asked


def test_answer_that_is_nested_as_deep_as_allowed() -> None:
    assert a_line(Answer(200, nested(MOST_LEVELS, contents=[]))).http.read(READ)["contents"] == []


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 200_000])
def test_error_that_is_nested_too_deep_is_the_error_all_the_same(levels: int) -> None:
    with pytest.raises(ApiError, match="failed: 400 Bad Request") as caught:
        a_line(Answer(400, nested(levels))).http.write(POST)
    assert len(caught.value.msg) < 1000


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("call", "asked", "now"),
    [
        pytest.param(READ, 3, "Nothing was changed.", id="read"),
        pytest.param(POST, 1, "Whether it was carried out is not known.", id="write"),
    ],
)
def test_answer_that_is_too_large(
    monkeypatch: pytest.MonkeyPatch, call: _api.Call, asked: int, now: str, status: int
) -> None:
    monkeypatch.setattr(_http, "MOST_BYTES", 3 * 1024 * 1024)
    line = a_line(Answer(status, " " * (3 * 1024 * 1024 + 1)))
    with pytest.raises(AnswerLost, match="is larger than 3 MiB") as caught:
        line.http.read(call)
    assert now in caught.value.msg
    assert len(line.transport.sent) == asked


def test_keys_of_all_answers_are_the_same_strings() -> None:
    line = a_line(Answer(200, {"contents": [{"service_state": 1}]}))
    first, second = (next(iter(line.http.read(READ)["contents"][0])) for _call in range(2))
    assert first == "service_state"
    assert first is second


def test_key_that_is_null_is_there() -> None:
    assert a_line(Answer(200, {"contents": None})).http.read(READ)["contents"] == []


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        pytest.param({}, [0.5, 1.0], id="nothing said"),
        pytest.param({"Retry-After": "7"}, [7, 7], id="seconds"),
        pytest.param({"Retry-After": " 7 "}, [7, 7], id="blanks"),
        pytest.param({"Retry-After": "0"}, [], id="at once"),
        pytest.param({"Retry-After": "3600"}, [60, 60], id="never longer than a minute"),
        pytest.param({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, [60, 60], id="date to come"),
        pytest.param({"Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}, [], id="date gone by"),
        pytest.param({"Retry-After": "Sat, 01 Jan 2000 00:00:00 -0000"}, [], id="date without a zone"),
        pytest.param({"Retry-After": "soon"}, [0.5, 1.0], id="no number, no date"),
        pytest.param({"Retry-After": "-5"}, [0.5, 1.0], id="negative"),
        pytest.param({"Retry-After": "1.5"}, [1.5, 1.5], id="fraction"),
        pytest.param({"Retry-After": "1000000000"}, [60, 60], id="decades"),
        pytest.param({"Retry-After": "9" * 400}, [0.5, 1.0], id="beyond all numbers"),
        pytest.param({"Retry-After": "inf"}, [0.5, 1.0], id="endless"),
        pytest.param({"Retry-After": "nan"}, [0.5, 1.0], id="no number at all"),
        pytest.param({"Retry-After": "\u0663"}, [0.5, 1.0], id="digits of another alphabet"),
        pytest.param({"Retry-After": "Fri, 01 Jan 9999 00:00:00 -2359"}, [60, 60], id="end of time"),
        pytest.param({"Retry-After": "Fri, 01 Jan 2100 00:00:00 +99999999999"}, [0.5, 1.0], id="odd zone"),
        pytest.param({"Retry-After": "Fri, 01 Jan 99999 00:00:00 GMT"}, [0.5, 1.0], id="odd year"),
        pytest.param({"Retry-After": "\u00b2"}, [0.5, 1.0], id="digit that is no number"),
        pytest.param({"Retry-After": ""}, [0.5, 1.0], id="empty"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pause_after_throttling(method: str, headers: dict[str, str], pauses: list[float]) -> None:
    line = a_line(Answer(429, "", headers))
    with pytest.raises(ApiError, match="limits the rate"):
        carry_out(line.http, CALLS[method])
    assert line.clock.slept == pauses


def test_pauses_grow_up_to_a_limit() -> None:
    line = a_line(Answer(503), retries=8)
    with pytest.raises(ApiError):
        line.http.read(READ)
    assert line.clock.slept == [0.5, 1, 2, 4, 8, 16, 20, 20]


def test_no_retries_means_one_attempt() -> None:
    line = a_line(Answer(503), retries=0)
    with pytest.raises(ApiError):
        line.http.read(READ)
    assert (len(line.transport.sent), line.clock.slept) == (1, [])


def test_error_answer_is_told_in_full() -> None:
    body = {"errors": [{"code": "Dbaas.ValidationError", "detail": ["a", "b."], "request_id": "req-9"}]}
    with pytest.raises(ApiError) as caught:
        a_line(Answer(400, body)).http.write(POST)

    assert caught.value.what == "Restart Cluster failed: 400 Bad Request (Dbaas.ValidationError): a, b."
    assert caught.value.result()["error"] == {
        "status": 400,
        "code": "Dbaas.ValidationError",
        "detail": "a, b.",
        "request_id": "req-9",
        "method": "POST",
        "path": "/v1/clusters/c1/restart",
    }


@pytest.mark.parametrize(
    ("status", "hint"),
    [(401, "clock"), (403, "IAM policy"), (404, "region and environment"), (302, "Redirects are not followed")],
)
def test_error_answer_says_what_to_do(status: int, hint: str) -> None:
    with pytest.raises(ApiError, match=hint):
        a_line(Answer(status, {"errors": [{"code": "C"}]})).http.read(READ)


def test_404_that_is_not_the_services_says_what_to_do() -> None:
    with pytest.raises(ApiError, match="not SCP's own, so that it says nothing about a cluster: check endpoint"):
        a_line(Answer(404)).http.read(READ)


@pytest.mark.parametrize("call", [_api.unset_backup("c1"), _api.remove_backup_histories("c1", ["1"])])
def test_refusal_in_spite_of_a_right_signature_is_explained(call: _api.Call) -> None:
    with pytest.raises(ApiError, match="known to answer 401 to this operation even when the signature is right"):
        a_line(Answer(401)).http.write(call)


@pytest.mark.parametrize(
    ("status", "body", "gone"),
    [
        pytest.param(404, {"errors": [{"code": "C", "detail": "No."}]}, True, id="the service"),
        pytest.param(404, {"status": 404, "error": "Not Found", "requestId": "gw-1"}, False, id="the gateway"),
        pytest.param(404, "", False, id="an empty body"),
        pytest.param(404, "<html><head><title>404 Not Found</title></head></html>", False, id="a page"),
        pytest.param(404, {"message": "no Route matched with those values"}, False, id="a gateway of another make"),
        pytest.param(404, {"errors": []}, False, id="no errors"),
        pytest.param(404, {"errors": [{"message": "Not Found"}]}, False, id="errors of another make"),
        pytest.param(400, {"errors": [{"code": "C", "detail": "No."}]}, False, id="another status"),
    ],
)
def test_only_the_service_knows_what_is_gone(status: int, body: object, gone: bool) -> None:
    with pytest.raises(ApiError) as caught:
        a_line(Answer(status, body)).http.read(READ)
    assert _http.is_gone(caught.value) == gone


# Versions


def spoken(line: Any) -> list[str | None]:
    return [request.headers.get("Scp-Api-Version") for request in line.transport.sent]


@pytest.mark.parametrize("method", CALLS)
def test_version_is_negotiated_once(method: str) -> None:
    answer = LIST if method == "GET" else TAKEN
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT", v1_4="CURRENT"), answer)

    carry_out(line.http, CALLS[method])
    carry_out(line.http, CALLS[method])

    assert spoken(line) == ["mariadb 1.0", None, "mariadb 1.1", "mariadb 1.1"]
    assert line.transport.urls[1] == f"{ENDPOINT}/"
    warning = f"{ENDPOINT} does not serve version 1.0 of the MariaDB API; using 1.1."
    assert line.warnings == [f'{warning} Set api_version: "1.1" to save the question.']
    assert line.http.api_version == "1.1"
    assert line.clock.slept == []


def sibling_of(line: Any, transport: FakeTransport) -> Http:
    sibling: Http = line.http.sibling(threading.Event())
    sibling._session.mount("https://", transport)
    return sibling


def test_version_that_is_agreed_upon_counts_for_all_threads() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), LIST)
    transport = FakeTransport(LIST)
    sibling = sibling_of(line, transport)
    line.http.read(READ)
    sibling.read(READ)
    assert [request.headers["Scp-Api-Version"] for request in transport.sent] == ["mariadb 1.1"]


def test_version_is_negotiated_once_when_two_threads_need_it_at_the_same_time() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), LIST)

    class Late(FakeTransport):
        """The other thread agrees on a version while the first answer here is on its way."""

        def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            if not self.sent:
                line.http.read(READ)
            return super().send(request, **options)

    transport = Late(UNSUPPORTED, LIST)
    assert sibling_of(line, transport).read(READ) == LIST.body
    assert [request.headers["Scp-Api-Version"] for request in transport.sent] == ["mariadb 1.0", "mariadb 1.1"]
    assert len(line.warnings) == 1


def test_operation_that_a_version_has_changed_goes_out_in_an_earlier_one() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="SUPPORTED", v1_3="CURRENT"), LIST, TAKEN)
    line.http.read(READ)
    line.http.write(_api.unset_backup("c1"))
    assert spoken(line) == ["mariadb 1.0", None, "mariadb 1.3", "mariadb 1.1"]


@pytest.mark.parametrize(
    ("call", "version", "status", "told"),
    [
        pytest.param(_api.unset_backup("c1"), "1.3", 400, True, id="changed"),
        pytest.param(_api.unset_backup("c1"), "1.1", 400, False, id="before the change"),
        pytest.param(_api.unset_backup("c1"), "1.3", 403, False, id="not about its shape"),
        pytest.param(_api.stop_cluster("c1"), "1.3", 400, False, id="not changed"),
    ],
)
def test_refusal_of_an_operation_that_a_version_has_changed(
    call: _api.Call, version: str, status: int, told: bool
) -> None:
    with pytest.raises(ApiError) as caught:
        a_line(Answer(status), api_version=version).http.write(call)
    assert ("Set api_version to an earlier one" in caught.value.todo) is told


NEEDING = ("upgrade_kernel", "Upgrade Kernel")


@pytest.mark.parametrize(
    ("script", "config", "asked", "then"),
    [
        pytest.param([], {"api_version": "1.1"}, [], "1.1", id="set"),
        pytest.param([served(v1_0="SUPPORTED", v1_3="CURRENT")], {}, [None], "1.3", id="served"),
    ],
)
def test_option_that_needs_a_version(
    script: list[Any], config: dict[str, Any], asked: list[str | None], then: str
) -> None:
    line = a_line(*script, **config)
    line.http.require(*NEEDING)
    line.http.require(*NEEDING)
    line.http.require("timezone", "Create Cluster", "timezone")
    assert spoken(line) == asked
    assert line.http.api_version == then
    assert line.warnings == []


@pytest.mark.parametrize(
    ("script", "config", "words"),
    [
        pytest.param(
            [served(v1_0="CURRENT")],
            {},
            ["serves 1.0, and api_version is not set.", "Leave upgrade_kernel out."],
            id="not served",
        ),
        pytest.param([Answer(500)], {}, ["serves unknown ones,"], id="list unreadable"),
        pytest.param([served(v1_4="CURRENT")], {}, ["serves 1.4,"], id="too new"),
        pytest.param(
            [served(v1_0="SUPPORTED", v1_1="CURRENT")],
            {"api_version": "1.0"},
            ["serves 1.0, 1.1, and api_version is 1.0.", "or set api_version to 1.1 or later"],
            id="another is set",
        ),
    ],
)
def test_option_that_needs_a_version_which_is_not_to_be_had(
    script: list[Any], config: dict[str, Any], words: list[str]
) -> None:
    line = a_line(*script, **config)
    with pytest.raises(Refused) as caught:
        line.http.require(*NEEDING)
    assert f"upgrade_kernel needs version 1.1 of the MariaDB API or a later one; {ENDPOINT} serves" in caught.value.msg
    assert all(word in caught.value.msg for word in words)
    assert line.http.api_version == config.get("api_version", "1.0")


def test_version_list_is_asked_for_without_credentials() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), LIST, auth_token="TOKEN")
    line.http.read(READ)
    secret = {"scp-accesskey", "scp-signature", "x-auth-token", "authorization"}
    assert not secret & {name.lower() for name in line.transport.sent[1].headers}


def test_attempt_after_the_negotiation_is_signed_anew() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), LIST)
    line.http.read(READ)
    request = line.transport.sent[2]
    stamp = request.headers["Scp-Timestamp"]
    assert request.headers["Scp-Signature"] == signature("GET", str(request.url), stamp, "AK", "SK")


@pytest.mark.parametrize(
    ("script", "config", "asked", "served_versions"),
    [
        pytest.param([UNSUPPORTED, served(v1_1="CURRENT")], {"api_version": "1.0"}, "1.0", "1.1", id="pinned"),
        pytest.param(
            [UNSUPPORTED, served(v1_4="SUPPORTED", v1_5="CURRENT")], {}, "1.0", "1.4, 1.5", id="none in common"
        ),
        pytest.param([UNSUPPORTED, served(v1_1="PLANNED")], {}, "1.0", "unknown", id="only planned"),
        pytest.param([UNSUPPORTED, Answer(500, "<html>")], {}, "1.0", "unknown", id="list unreadable"),
        pytest.param([UNSUPPORTED, Answer(404)], {}, "1.0", "unknown", id="no list"),
        pytest.param([UNSUPPORTED, reset()], {}, "1.0", "unknown", id="list not reached"),
        pytest.param(
            [UNSUPPORTED, served(v1_1="CURRENT"), LIST, UNSUPPORTED, served(v1_3="CURRENT")],
            {},
            "1.1",
            "1.3",
            id="host changes its mind",
        ),
        pytest.param(
            [UNSUPPORTED, served(v1_0="CURRENT"), UNSUPPORTED], {}, "1.0", "1.0", id="406 in spite of the list"
        ),
    ],
)
def test_version_that_is_not_served(
    script: list[Any], config: dict[str, Any], asked: str, served_versions: str
) -> None:
    line = a_line(*script, **config)

    def read_twice() -> None:
        line.http.read(READ)
        line.http.read(READ)

    with pytest.raises(ApiError) as caught:
        read_twice()

    error = caught.value
    assert f"does not serve version {asked} of the MariaDB API (it serves: {served_versions})" in error.what
    assert "Set api_version" in error.todo
    assert (error.status, error.method, error.path) == (406, "GET", READ.path)


def test_nothing_is_said_of_a_version_that_the_host_serves() -> None:
    line = a_line(UNSUPPORTED, served(v1_0="CURRENT"), UNSUPPORTED)
    with pytest.raises(ApiError):
        line.http.read(READ)
    assert line.warnings == []


def test_body_is_completed_for_the_version_that_is_spoken() -> None:
    line = a_line(UNSUPPORTED, served(v1_1="CURRENT"), TAKEN)
    call = _api.create_cluster({"name": "orders"})

    line.http.write(call)

    sent = [json.loads(request.body) if request.body else None for request in line.transport.sent]
    assert sent == [{"name": "orders"}, None, {"name": "orders", "service_watch_log_collection": None}]
    assert line.http.completed(call).body == sent[2]
    assert call.body == {"name": "orders"}


def test_call_without_a_body_needs_no_completion() -> None:
    assert a_line(LIST, api_version="1.1").http.completed(POST) is POST


# Secrets


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_a_secret(fault: str) -> None:
    secrets = {"access_key": "hunter1", "secret_key": "hunter2", "auth_token": "hunter3"}
    line = a_line(FAULTS[fault][0], **secrets)
    call = _api.create_cluster({"init_config_option": {"database_user_password": "hunter4"}})

    with pytest.raises(ScpError) as caught:
        line.http.write(call)

    assert "hunter" not in json.dumps(caught.value.result())


PASSWORD = 'Ti"ger  \\ \u00e9-of-the-password'
REPEATING: dict[str, object] = {
    "the service": {"errors": [{"code": f"C {PASSWORD}", "detail": f"bad: {PASSWORD}", "request_id": PASSWORD}]},
    "as JSON": {"errors": [{"code": "C", "detail": json.dumps({"password": PASSWORD})}]},
    "in a URL": {"errors": [{"code": "C", "detail": quote(PASSWORD), "title": "T"}]},
    "cut": {"errors": [{"code": "C", "detail": f"input_value='{PASSWORD[:8]}...{PASSWORD[-8:]}'"}]},
    "the gateway": {"error": json.dumps(PASSWORD), "requestId": PASSWORD},
    "as keys": {"error": {PASSWORD: PASSWORD}},
    "a list": {"errors": [{"detail": [PASSWORD, "x"]}]},
    "a page": f"<p>{html.escape(PASSWORD)}</p>",
    "a page with its blanks collapsed": f"<p>{' '.join(PASSWORD.split())}</p>",
    "a page that is cut": "x" * 290 + PASSWORD,
    "a page of the whole body": "x " * 100 + json.dumps({"init_config_option": {"database_user_password": PASSWORD}}),
}


@pytest.mark.parametrize("body", REPEATING.values(), ids=REPEATING)
@pytest.mark.parametrize("status", [400, 404, 429, 500, 302])
@pytest.mark.parametrize("hidden", [False, True], ids=["of the call", "of the task"])
def test_answer_that_repeats_a_password(body: object, status: int, hidden: bool) -> None:
    line = a_line(Answer(status, body), retries=0)
    call = POST if hidden else _api.create_cluster({"init_config_option": {"database_user_password": PASSWORD}})
    if hidden:
        line.http.hide([PASSWORD])
    with pytest.raises(ScpError) as caught:
        line.http.write(call)
    shown = json.dumps(caught.value.result())
    assert not any(part in shown for part in ("Ti", "ger", "passw", "sword")), shown


def test_page_in_answer_to_a_call_with_secrets_is_not_shown() -> None:
    call = _api.create_cluster({"init_config_option": {"database_user_password": PASSWORD}})
    with pytest.raises(ApiError) as caught:
        a_line(Answer(400, "Something else")).http.write(call)
    assert caught.value.detail is None


def test_secrets_in_answers_are_hidden_by_the_names_of_their_fields() -> None:
    contents = [{"name": "a", "accessToken": "x", "nested": {"bucket_secret_key": "y", "password": None}}]
    [shown] = a_line(Answer(200, {"contents": contents})).http.read(READ)["contents"]
    assert shown == {
        "name": "a",
        "accessToken": "********",
        "nested": {"bucket_secret_key": "********", "password": None},
    }


def test_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "HAS_REQUESTS", False)
    with pytest.raises(ConfigurationError, match="pip install requests"):
        Http(a_config())


# On real sockets: what the faults above look like when requests itself makes them.


class Server:
    """A server on loopback that answers every request on a connection with the same bytes, or hangs up."""

    def __init__(self, answer: bytes | None) -> None:
        self.connections = 0
        self.requests = 0
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection = self._socket.accept()[0]
            except OSError:
                return
            self.connections += 1
            # A client that has seen enough hangs up.
            with connection, suppress(OSError):
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        while connection.recv(65536):
            self.requests += 1
            # A test can have another one for the next request by the time that this one is sent.
            answer = self._answer
            if answer is None:
                return
            connection.sendall(answer)
            if b"Connection: close" in answer:
                return


@pytest.fixture
def serve() -> Iterator[Callable[[bytes | None], Server]]:
    servers: list[Server] = []

    def start(answer: bytes | None) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def on_loopback(endpoint: str, **config: Any) -> Http:
    return Http(a_config(endpoint=endpoint, **config), FakeClock())


def answer_of(body: bytes, head: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n" + head + b"\r\n" + body


def test_answer_that_is_large_when_unpacked(
    monkeypatch: pytest.MonkeyPatch, serve: Callable[[bytes | None], Server]
) -> None:
    """What counts is not what went over the line."""
    monkeypatch.setattr(_http, "MOST_BYTES", 1024 * 1024)
    packed = gzip.compress(b" " * 64 * 1024 * 1024)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    http = on_loopback(serve(head.encode() + packed).endpoint, retries=0)
    tracemalloc.start()
    try:
        with pytest.raises(AnswerLost, match="is larger than 1 MiB"):
            http.read(READ)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("call", [READ, POST], ids=["read", "write"])
def test_refused_connection_on_a_real_socket(call: _api.Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotReached, match="refused") as caught:
        carry_out(on_loopback(f"http://127.0.0.1:{port}", retries=0), call)
    assert "object at 0x" not in caught.value.msg


@pytest.mark.parametrize(
    ("answer", "config"),
    [
        pytest.param(None, {}, id="hangs up"),
        pytest.param(answer_of(b'{"conte', b"Connection: close\r\n"), {}, id="cut answer"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", {"timeout": 0.2}, id="no end"),
        pytest.param(b"junk\r\n\r\n", {}, id="no HTTP"),
        pytest.param(b"Tunnel connection failed: 503\r\n\r\n", {}, id="the words of a proxy"),
    ],
)
@pytest.mark.parametrize(("call", "attempts"), [(READ, 3), (POST, 1)], ids=["read", "write"])
def test_broken_answer_on_a_real_socket(
    serve: Callable[[bytes | None], Server],
    answer: bytes | None,
    config: dict[str, Any],
    call: _api.Call,
    attempts: int,
) -> None:
    server = serve(answer)
    with pytest.raises(AnswerLost):
        carry_out(on_loopback(server.endpoint, **config), call)
    assert server.requests == attempts


REFUSING_PROXIES = {
    "refuses": b"HTTP/1.1 407 Proxy Authentication Required for scott:ti@ger\r\n\r\n",
    "hangs up": None,
    "no HTTP": b"scott:ti%40ger\r\n\r\n",
    "no TLS behind it": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("answer", REFUSING_PROXIES.values(), ids=REFUSING_PROXIES)
@pytest.mark.parametrize("call", [READ, POST], ids=["read", "write"])
def test_tunnel_that_a_proxy_does_not_open(
    serve: Callable[[bytes | None], Server],
    answer: bytes | None,
    call: _api.Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever goes wrong before the tunnel stands, the call was not sent, and can be sent again."""
    server = serve(answer)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", server.endpoint.replace("//", "//scott:ti%40ger@"))
    with pytest.raises(NotReached) as caught:
        carry_out(on_loopback("https://scp.test"), call)
    assert server.connections == 3
    assert f"{call.operation} was not sent." in caught.value.msg
    assert "the proxy in HTTPS_PROXY" in caught.value.msg
    shown = json.dumps(caught.value.result())
    assert not any(part in shown for part in ("ti@ger", "ti%40ger"))


def test_connection_that_is_kept_and_breaks(serve: Callable[[bytes | None], Server]) -> None:
    """A connection that stands already sends at once; what then breaks may have been carried out."""
    server = serve(answer_of(b'{"contents": [] }'[:16]))
    http = on_loopback(server.endpoint, retries=0)
    with pytest.raises(AnswerLost):
        http.read(READ)
    server._answer = None
    with pytest.raises(AnswerLost, match="Whether it was carried out is not known"):
        http.write(POST)
    assert (server.requests, server.connections) == (2, 1)


@pytest.mark.parametrize("endpoint", [f"https://{'a' * 70}.test", "https://a..test"])
def test_host_that_is_none(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="Nothing was sent") as caught:
        on_loopback(endpoint).read(READ)
    assert caught.value.msg.startswith(f"{READ.operation} cannot be sent to {endpoint}: ")


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_time_that_no_system_takes(serve: Callable[[bytes | None], Server]) -> None:
    with pytest.raises(ConfigurationError, match="api_timeout"):
        on_loopback(serve(b"").endpoint, timeout=1e12).write(POST)


def test_connection_is_kept_alive(serve: Callable[[bytes | None], Server]) -> None:
    server = serve(answer_of(b'{"contents": [] }'[:16]))
    http = on_loopback(server.endpoint)
    for _call in range(3):
        with pytest.raises(AnswerLost):
            http.read(READ)
    assert (server.requests, server.connections) == (9, 1)


def test_tls_connection_that_is_cut_is_no_wrong_certificate(serve: Callable[[bytes | None], Server]) -> None:
    server = serve(None)
    http = on_loopback(server.endpoint.replace("http:", "https:"))
    with pytest.raises(ScpError) as caught:
        http.read(READ)
    assert not isinstance(caught.value, CertificateRefused)
    assert server.connections == 3
