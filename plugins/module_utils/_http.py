# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs, sends, retries and decodes calls on one connection pool.

requests sends; the loop around it is ours because every attempt has to be signed anew with its own time stamp,
and because a write may only be repeated when it was certainly not carried out.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers, _route, _transport, _versions
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import (
    REDACTED,
    Call,
    Json,
    holds_secret,
    secrets_in,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import MARIADB, Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import BoundedAdapter, NotSent
from ansible_collections.samsungcloud.scp.plugins.module_utils._endpoint import Endpoint, Records
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    AnswerLost,
    ApiError,
    CertificateRefused,
    ConfigurationError,
    Contradiction,
    NotReached,
    Refused,
    ScpError,
    decode_error_body,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._masking import Mask
from ansible_collections.samsungcloud.scp.plugins.module_utils._signing import signed_headers
from ansible_collections.samsungcloud.scp.plugins.module_utils._transport import uncertainty

try:
    import requests
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

UNAUTHORIZED = 401
NOT_FOUND = 404
UNSUPPORTED_VERSION = 406
THROTTLED = 429
# Faults of the server that trying again does not mend: not implemented, unsupported version of HTTP.
LASTING_FAULTS = frozenset({501, 505})
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
LONGEST_RETRY_AFTER = 60.0
# The largest answers, a page of 100 clusters and all parameters of one, are far below 1 MB.
MOST_BYTES = 32 * 1024 * 1024
# An excerpt of an answer that is no JSON is taken from the beginning.
MOST_OF_A_PAGE = 16 * 1024
# What is unpacked at once: urllib3 1.26 makes up to 1,000 times as much of it, however little is asked for.
PART_BYTES = 4 * 1024
# The deepest answer, a cluster's detail, has 5 levels.
MOST_LEVELS = 64

HINTS = {
    401: (
        "Check access_key and secret_key, that they belong to this environment, and that this machine's clock is "
        "right: the signature holds the time."
    ),
    403: "The access key is known, but its user lacks the permission; ask for an IAM policy that allows it.",
    404: "Check the id, and that region and environment are those of the cluster.",
    405: "The API does not have this operation yet everywhere where it serves the version; run again on a later day.",
    429: "SCP limits the rate of requests; run again later or with fewer tasks at once.",
}
FOREIGN_HINT = (
    "The answer is not SCP's own, so that it says nothing about a cluster: check endpoint and the proxies in between, "
    "or run again later."
)

# What a service may answer to an operation that is not what it expects.
REFUSED_IN_SHAPE = frozenset({400, 404, 405, 422})
# Operations that the live service answers with 401 in spite of a right signature (facts: section 3).
REFUSED_IN_SPITE_OF_SIGNATURE = frozenset({"Remove Backup Histories", "Unset Backup"})
REFUSED_HINT = (
    "SCP is known to answer 401 to this operation even when the signature is right. If other tasks work with these "
    "credentials, do it in the console, and ask SCP's support."
)


class Accepted(NamedTuple):
    """The answer to a write: the API goes on in the background. Both may be None on an odd answer."""

    request_id: str | None
    resource_id: str | None


class Answer(NamedTuple):
    """What came back of one attempt, bounded by :data:`MOST_BYTES`."""

    status: int
    reason: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    def json(self) -> object:
        """Return the decoded body; None when it is no JSON, or nested beyond all measure."""
        try:
            body: object = json.loads(self.content, object_pairs_hook=_as_object)
        except (ValueError, RecursionError):
            return None
        return None if _is_deeper(body, MOST_LEVELS) else body


def new_session(config: Config, clock: Clock) -> requests.Session:
    """Return a session without connections yet.

    Raises :class:`ConfigurationError` where the library is missing.
    """
    if not HAS_REQUESTS:
        raise ConfigurationError(
            f"The Python library requests is not installed for {sys.executable}.",
            todo="Install it there, for example with: python -m pip install requests",
        )
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, BoundedAdapter(clock, config.timeout))
    return session


class Abandoned(Exception):
    """A call that was not made or not repeated, because other work for the same answer had failed."""


class Http:
    """One signed conversation with the API of one region. Not thread-safe: each thread has a sibling to itself."""

    def __init__(
        self,
        config: Config,
        clock: Clock | None = None,
        warn: Callable[[str], None] | None = None,
        endpoint: Endpoint | None = None,
        stopped: threading.Event | None = None,
        session: requests.Session | None = None,
        route: _route.Route | None = None,
        mask: Mask | None = None,
    ) -> None:
        """``session`` holds the connections that a conversation before this one has left open.

        Raises :class:`ConfigurationError` for a proxy or certificates that can't be used.
        """
        self._config = config
        self._clock = clock or Clock()
        self._warn = warn or (lambda message: None)
        self._endpoint = endpoint or Endpoint()
        self._stopped = stopped
        self._session = session or new_session(config, self._clock)
        self._route = route or _route.find(self._session, config)
        self._mask = mask or Mask(config.secrets() | self._route.secrets)
        self._headers = {
            **self._session.headers,
            "Accept": "application/json",
            "Accept-Language": config.language,
        }

    @property
    def config(self) -> Config:
        """Where and as whom it talks to SCP."""
        return self._config

    @property
    def records(self) -> Records:
        """What the tasks of this run have done at the endpoint."""
        return self._endpoint.records

    def epoch_seconds(self) -> float:
        return self._clock.epoch_ms() / 1000

    @property
    def api_version(self) -> str:
        """The version of the API that is spoken, but for the operations that it has changed in an unknown way."""
        return self._version_of(None)

    def require(self, option: str, operation: str, field: str | None = None) -> None:
        """Make sure that there is the operation, or the field of its body, that an option needs; nothing is changed.

        Raises :class:`Refused` when neither the version that is set nor those that are served have it.
        """
        needed = _versions.since(operation, field)
        if not _versions.is_older(self._version_of(operation), needed):
            return
        with self._endpoint.negotiation():
            served = self._endpoint.served or _versions.served(self._version_list())
            newest = _versions.best(operation, served) or _versions.DEFAULT
            if self._config.api_version or _versions.is_older(newest, needed):
                raise self._too_old(option, needed, served)
            self._endpoint.served = served

    def _too_old(self, option: str, needed: str, served: Iterable[str]) -> Refused:
        pinned = self._config.api_version
        return Refused(
            f"{option} needs version {needed} of the MariaDB API or a later one; {self._config.endpoint} serves "
            f"{', '.join(served) or 'unknown ones'}, and api_version is {pinned or 'not set'}.",
            todo=f"Leave {option} out" + (f", or set api_version to {needed} or later." if pinned else "."),
        )

    def _version_of(self, operation: str | None) -> str:
        """Return the version of the API in which an operation is sent."""
        return self._config.api_version or _versions.best(operation, self._endpoint.served) or _versions.DEFAULT

    def sibling(self, stopped: threading.Event, with_connections: bool = False) -> Http:
        """Return an Http for another thread, which knows the version and the pauses that the endpoint asks for.

        It raises :class:`Abandoned` in place of a pause once ``stopped`` is set. One of them can have the connections
        of this one, which has to rest meanwhile.
        """
        session = self._session if with_connections else None
        return Http(self._config, self._clock, self._warn, self._endpoint, stopped, session, self._route, self._mask)

    def hide(self, secrets: Iterable[str]) -> None:
        """Strike these secrets, too, out of all that an answer says of a failure."""
        self._mask = self._mask.beside(secrets)

    def completed(self, call: Call) -> Call:
        """Return the call as it goes out in the version that is spoken."""
        if call.body is None:
            return call
        body = _versions.complete_body(call.operation, call.body, self._version_of(call.operation))
        return replace(call, body=body)

    def read(self, call: Call) -> Json:
        """Return what a read answers, as ``_answers`` has it.

        Raises :class:`ApiError`, :class:`NotReached` or :class:`AnswerLost` when the retries are used up.
        """
        return self._send(call)

    def write(self, call: Call, before_again: Callable[[], None] = lambda: None) -> Accepted:
        """Send a write once for certain at most, and return what the API accepted.

        Where it is sent again, because nothing was done the last time, ``before_again`` is called before.
        Raises :class:`ApiError` or :class:`NotReached` when nothing was done, and :class:`AnswerLost` when the
        API may have acted all the same.
        """
        answer = self._send(call, before_again)
        resource = _answers.seen(answer, "resource") or {}
        return Accepted(_answers.seen(answer, "request_id") or None, _answers.seen(resource, "id") or None)

    def _send(self, call: Call, before_again: Callable[[], None] = lambda: None) -> Json:
        first = False
        for attempt in range(self._config.retries + 1):
            began = self._wait_for_turn(first)
            if attempt:
                before_again()
            try:
                return self._attempt(call)
            except ScpError as error:
                throttled = error.status == THROTTLED
                if throttled:
                    first = self._endpoint.hold(self._clock.monotonic(), self._pause(attempt, error), began)
                if attempt == self._config.retries or not _may_repeat(call, error):
                    raise
                if not throttled:
                    self.pause(self._pause(attempt, error))
        raise AssertionError("the last attempt returns or raises")

    def _wait_for_turn(self, first: bool) -> float:
        """Return when the endpoint may be called, and that moment."""
        while (left := self._endpoint.left(self._clock.monotonic())) > 0:
            self.pause(left if first else self._clock.later(left))
        return self._clock.monotonic()

    def pause(self, seconds: float) -> None:
        """Sleep; raises :class:`Abandoned` where other work for the same answer has failed."""
        if self._stopped is None:
            self._clock.sleep(seconds)
        elif self._clock.wait(self._stopped, seconds):
            raise Abandoned

    def _attempt(self, call: Call) -> Json:
        asked = self._version_of(call.operation)
        answer = self._exchange(call, self._signed)
        negotiable = self.config.service == MARIADB
        if answer.status == UNSUPPORTED_VERSION and negotiable and self._negotiate(call, answer, asked):
            answer = self._exchange(call, self._signed)
        return _decoded(call, answer, self._version_of(call.operation), self._mask)

    def _signed(self, call: Call) -> requests.PreparedRequest:
        """Return one attempt, signed over its URL in the final form."""
        headers = {"Scp-Api-Version": f"{self.config.service} {self._version_of(call.operation)}"}
        if self._config.auth_token:
            headers["X-Auth-Token"] = self._config.auth_token
        prepared = self._plain(self.completed(call), headers)
        prepared.headers.update(
            signed_headers(
                str(prepared.method),
                str(prepared.url),
                self._clock.epoch_ms(),
                self._config.access_key,
                self._config.secret_key,
            )
        )
        return prepared

    def _plain(self, call: Call, headers: Mapping[str, str] = MappingProxyType({})) -> requests.PreparedRequest:
        """Return an attempt without what a session adds: cookies, and credentials from ~/.netrc."""
        url = self._config.endpoint + call.path
        if call.query:
            # A space becomes %20, never +: requests would sign one and the server see the other.
            url += "?" + urlencode(call.query, quote_via=quote)
        prepared = requests.PreparedRequest()
        prepared.prepare(call.method, url, headers={**self._headers, **headers}, json=call.body)
        return prepared

    def _exchange(self, call: Call, prepare: Callable[[Call], requests.PreparedRequest]) -> Answer:
        try:
            prepared = _prepared(call, prepare)
            with self._session.send(
                prepared, timeout=self._config.timeout, allow_redirects=False, **self._route.settings
            ) as response:
                return Answer(response.status_code, response.reason or "", response.headers, _content(call, response))
        except ScpError:
            raise
        except Exception as error:  # noqa: BLE001 - requests lets those of urllib3, ssl and Python through
            mask = self._mask.beside(secrets_in(call.body))
            raise _transport.failure(call, self._config.endpoint, self._route, mask, error) from None

    def _pause(self, attempt: int, error: ScpError) -> float:
        asked = error.retry_after if isinstance(error, ApiError) else None
        if asked is not None:
            return self._clock.later(min(asked, LONGEST_RETRY_AFTER))
        return self._clock.jitter(min(FIRST_PAUSE * 2.0**attempt, LONGEST_PAUSE))

    def _negotiate(self, call: Call, answer: Answer, asked: str) -> bool:
        """Settle on a version that both sides speak after a 406; True when the call should be sent again."""
        with self._endpoint.negotiation():
            if self._version_of(call.operation) != asked:
                return True
            served = _versions.served(self._version_list())
            if self._config.api_version or self._endpoint.served or _versions.best(None, served) in (None, asked):
                raise self._version_error(call, answer, asked, ", ".join(served) or "unknown")
            self._endpoint.served = served
            self._warn(
                f"{self._config.endpoint} does not serve version {asked} of the MariaDB API; using {self.api_version}. "
                f'Set api_version: "{self.api_version}" to save the question.'
            )
        return True

    def _version_error(self, call: Call, answer: Answer, asked: str, served: str) -> ApiError:
        return ApiError(
            f"{self._config.endpoint} does not serve version {asked} of the MariaDB API (it serves: {served}).",
            now=f"{call.operation} was not carried out.",
            todo=f"Set api_version to one that is served; this collection implements "
            f"{', '.join(_versions.IMPLEMENTED)}.",
            status=answer.status,
            method=call.method,
            path=call.path,
        )

    def _version_list(self) -> object:
        """Return the list, which is public, so that no credentials go with the question."""
        call = Call("List Versions", "GET", "/")
        try:
            return self._exchange(call, self._plain).json()
        except ScpError:
            return None


def _prepared(call: Call, prepare: Callable[[Call], requests.PreparedRequest]) -> requests.PreparedRequest:
    try:
        return prepare(call)
    except Exception as error:
        raise NotSent(error, connecting=False) from error


def _content(call: Call, response: requests.Response) -> bytes:
    """Read a body, decompressed, as far as it is of a size that can be right."""
    content = bytearray()
    for chunk in response.iter_content(PART_BYTES):
        content += chunk
        if len(content) > MOST_BYTES:
            raise AnswerLost(
                f"The answer to {call.operation} is larger than {MOST_BYTES // 1024**2} MiB, and was not read further.",
                now=uncertainty(call),
                todo="Check endpoint: no answer of SCP is that large.",
                method=call.method,
                path=call.path,
            )
    return bytes(content)


def _as_object(pairs: list[tuple[str, Any]]) -> Json:
    """Return an object without the contents of its secret fields.

    Its keys are the same strings in all answers, which saves a third of their memory.
    """
    return {sys.intern(key): REDACTED if holds_secret(key, value) else value for key, value in pairs}


def _is_deeper(body: object, levels: int) -> bool:
    """Tell whether values are nested deeper than so many levels, without going down itself."""
    level = [body]
    for _level in range(levels):
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return False
    return True


def _inside(item: object) -> Iterable[object]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()


def _decoded(call: Call, answer: Answer, version: str, mask: Mask) -> Json:
    body = answer.json()
    if not 200 <= answer.status < 300 or decode_error_body(body).from_service:
        raise _api_error(call, answer, version, mask)
    if not answer.content and not call.is_read:
        return {}
    try:
        decoded: Json = call.answer(body, _answers.Place(call.operation))
    except _answers.Unreadable:
        if isinstance(body, dict) and not call.is_read:
            return {}
        raise AnswerLost(
            f"The answer to {call.operation} (status {answer.status}) is not one of the API's.",
            now=uncertainty(call),
            todo="Run the task again; if it stays so, a proxy may stand in between: check endpoint.",
            status=answer.status,
            method=call.method,
            path=call.path,
        ) from None
    return decoded


def _api_error(call: Call, answer: Answer, version: str, mask: Mask) -> ScpError:
    status = answer.status
    sent = list(secrets_in(call.body))
    mask = mask.beside(sent)
    # Masked before anything is cut. An answer of unknown shape to a call with secrets may repeat them in any way.
    text = "" if sent else mask.foreign(answer.text[:MOST_OF_A_PAGE])
    body = answer.json()
    _code, detail, request_id, _from_service = decode_error_body(mask.foreign_values(body), text)
    # What is judged by is read from the answer as it came.
    code, _detail, _request_id, from_service = decode_error_body(body)
    code = code and mask(code)
    facts: dict[str, Any] = {
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
        "method": call.method,
        "path": call.path,
    }
    reason = " ".join(
        part for part in (f"{status} {mask.foreign(answer.reason)}".strip(), code and f"({code})") if part
    )
    what = f"{call.operation} failed: {reason}" + (f": {detail.rstrip('.')}." if detail else ".")
    is_foreign = status == NOT_FOUND and not from_service
    is_uncertain = is_server_fault(status) or is_foreign or 200 <= status < 300
    if not call.is_read and is_uncertain:
        return AnswerLost(what, now=uncertainty(call), todo="Run the task again to find out and go on.", **facts)
    if 300 <= status < 400:
        todo = "Redirects are not followed, because the signature must not go to another host: check endpoint."
        return ApiError(what, now=NOTHING_CHANGED, todo=todo, **facts)
    error = ApiError(what, todo=FOREIGN_HINT if is_foreign else _hint(call, status, version), **facts)
    error.from_service = from_service
    error.retry_after = _seconds(answer.headers.get("Retry-After"))
    return error


def _hint(call: Call, status: int, version: str) -> str:
    """Say what to do about an error."""
    if status == UNAUTHORIZED and call.operation in REFUSED_IN_SPITE_OF_SIGNATURE:
        return REFUSED_HINT
    if status in REFUSED_IN_SHAPE and _versions.is_unknown(call.operation, version):
        return (
            f"Version {version} of the MariaDB API has changed {call.operation} in a way that this collection does not "
            "know. Set api_version to an earlier one if it is served, or do it in the console."
        )
    return HINTS.get(status, "")


def _may_repeat(call: Call, error: ScpError) -> bool:
    if isinstance(error, NotReached):
        return not isinstance(error, CertificateRefused)
    if isinstance(error, AnswerLost):
        return call.is_read
    return error.status == THROTTLED or (call.is_read and is_passing(error))


def is_server_fault(status: int | None) -> bool:
    """Tell whether a status is a passing fault of the server, which may have acted before it answered so."""
    return status is not None and status >= 500 and status not in LASTING_FAULTS


def is_gone(error: ScpError) -> bool:
    """Tell whether an error says that the service knows no such thing.

    Gateways and proxies answer 404 too, to calls that they do not let through (facts: section 3).
    """
    return isinstance(error, ApiError) and error.status == NOT_FOUND and error.from_service


def is_passing(error: ScpError) -> bool:
    """Tell whether a failed read says nothing about the cluster and may work the next time."""
    if isinstance(error, ApiError):
        is_foreign = error.status == NOT_FOUND and not error.from_service
        # Errors with a status of success are no answer that SCP is known to give.
        is_odd = error.status is not None and 200 <= error.status < 300
        return is_foreign or is_odd or error.status == THROTTLED or is_server_fault(error.status)
    passing = isinstance(error, (AnswerLost, Contradiction, NotReached))
    return passing and not isinstance(error, CertificateRefused)


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date; None for anything else."""
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]+)?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
    except (TypeError, ValueError, IndexError, ArithmeticError):
        return None
