# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of faults, each with the calls that it stands at."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import response_class
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import MOST_BYTES
from faults.scenarios import COMING, GOING
from faults.world import API_TIMEOUT, Exchange, Fault, Killed, Time, World
from harness.seeds import ORDERS_SHOWN
from simulator.outcomes import Outcome
from simulator.problems import GatewayProblem, Problem

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>try again</body></html>"
ELSEWHERE = "https://elsewhere.example/"
ATTEMPTS = 5
NESTED = 100
# Operations that create a cluster of a name, on no other cluster that could be busy.
NAMED = ("Create Cluster", "Create Restore Cluster")
PATIENCE = 1000

Where = Callable[[list[Any]], list[int]]


@dataclass(frozen=True)
class Kind:
    """``where`` chooses the calls of a clean run, ``faults`` makes what stands there.

    After a ``lasting`` one a person may have to act: the second run has to say so, or to converge. ``redone`` counts
    how often an operation may be sent again because the service failed it. With ``rivals`` another run is at work, so
    that the service may refuse what comes second.
    """

    name: str
    where: Where
    faults: Callable[[int], dict[int, Fault]]
    lasting: bool = False
    redone: int = 0
    rivals: bool = False


# Whoever declares enough to create the cluster has it created anew then, which is no fault.
VANISHES = "the cluster vanishes"


def every(calls: list[Any]) -> list[int]:
    return list(range(len(calls)))


def writes(calls: list[Any]) -> list[int]:
    return [position for position, call in enumerate(calls) if call.method != "GET"]


def reads(calls: list[Any]) -> list[int]:
    return [position for position, call in enumerate(calls) if call.method == "GET"]


def lists(calls: list[Any]) -> list[int]:
    return [position for position, call in enumerate(calls) if (call.operation or "").startswith("List ")]


def once(calls: list[Any]) -> list[int]:
    return [0]


def later_pages(calls: list[Any]) -> list[int]:
    return [position for position in lists(calls) if int(calls[position].query.get("page", 0)) > 0]


def outside_a_creation(calls: list[Any]) -> list[int]:
    """Not between the look for a name and its creation: SCP gives no means to tell there (SECURITY.md)."""
    created = [position for position, call in enumerate(calls) if call.operation in NAMED]
    return [position for position in every(calls) if not created or position == 0 or position > created[0]]


def before_the_last_look(calls: list[Any]) -> list[int]:
    """A whole run takes far longer than what follows: a write, and the pauses while the service carries it out."""
    return [position for position in outside_a_creation(calls) if position < writes(calls)[0]]


# --- Before the service acts -----------------------------------------------------------------------------------------


def refused(world: World, exchange: Exchange) -> requests.Response:
    reason = NewConnectionError(None, "Failed to establish a new connection: [Errno 111] Connection refused")  # type: ignore[arg-type]
    raise requests.ConnectionError(MaxRetryError(None, "/", reason), request=world.request)  # type: ignore[arg-type]


def reset(world: World, exchange: Exchange) -> requests.Response:
    broken = ProtocolError("Connection aborted.", ConnectionResetError(104, "Connection reset by peer"))
    raise requests.ConnectionError(broken, request=world.request)


def timed_out(world: World, exchange: Exchange) -> requests.Response:
    world.time.sleep(API_TIMEOUT)
    text = f"Read timed out. (read timeout={API_TIMEOUT:g})"
    raise requests.ReadTimeout(ReadTimeoutError(None, "/", text), request=world.request)  # type: ignore[arg-type]


def status(
    code: int, error: str = "ContactAdminForAssistance", detail: str = "Internal server error", **headers: str
) -> Fault:
    def answer(world: World, exchange: Exchange) -> requests.Response:
        body = json.dumps(Problem(code, error, detail).body()).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return world.respond(code, {**JSON, **named}, body)

    return answer


def gateway(code: int) -> Fault:
    def answer(world: World, exchange: Exchange) -> requests.Response:
        return world.respond(code, JSON, json.dumps(GatewayProblem(code, "/").body(world.time.time())).encode())

    return answer


def page(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(502, HTML, PAGE)


def page_with_success(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(200, HTML, PAGE)


def redirect(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(307, {"location": ELSEWHERE}, b"")


def killed(world: World, exchange: Exchange) -> requests.Response:
    raise Killed


# --- After the service acted -----------------------------------------------------------------------------------------


def after(fault: Fault) -> Fault:
    """Let the service act first, and lose its answer."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        exchange()
        return fault(world, exchange)

    return answer


def truncated(world: World, exchange: Exchange) -> requests.Response:
    exchange()
    broken = ProtocolError("Connection broken: IncompleteRead(20 bytes read, 40 more expected)")
    raise requests.exceptions.ChunkedEncodingError(broken, request=world.request)


def broken_json(world: World, exchange: Exchange) -> requests.Response:
    answer = exchange()
    return world.respond(answer.status_code, JSON, answer.content[: len(answer.content) // 2])


def empty(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(exchange().status_code, JSON, b"")


def not_an_object(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(exchange().status_code, JSON, b'["odd"]')


def endless(world: World, exchange: Exchange) -> requests.Response:
    return world.respond(exchange().status_code, JSON, b" " * (MOST_BYTES + 1))


class Drip(io.RawIOBase):
    """A byte of an answer's head just before each time-out, and never the last."""

    def __init__(self, time: Time) -> None:
        self._time = time

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._time.sleep(API_TIMEOUT - 1)
        buffer[0] = ord("H")
        return 1


class DrippingSocket(socket.socket):
    """Drips in the time of this world."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def makefile(self, *_arguments: Any, **_options: Any) -> Any:
        return io.BufferedReader(Drip(self._time))


def dripping(world: World, exchange: Exchange) -> requests.Response:
    exchange()
    with DrippingSocket(world.time) as line, response_class(Clock(), API_TIMEOUT)(line) as answer:
        try:
            answer.begin()
        except OSError as error:
            broken = ProtocolError("Connection aborted.", error)
            raise requests.ConnectionError(broken, request=world.request) from None
    raise AssertionError("an answer without an end ended")


def bottomless(world: World, exchange: Exchange) -> requests.Response:
    """An object that has what is asked for, and a value that is nested beyond all measure."""
    answer = exchange()
    nest = b'{"nest": ' + b"[" * NESTED + b"]" * NESTED
    return world.respond(answer.status_code, JSON, nest + (b", " + answer.content[1:] if answer.content else b"}"))


# --- The world changes -----------------------------------------------------------------------------------------------


def comes(world: World, exchange: Exchange) -> requests.Response:
    """Somebody creates a cluster between two pages, the first in the list."""
    world.seed({**ORDERS_SHOWN, "name": COMING})
    return exchange()


def goes(world: World, exchange: Exchange) -> requests.Response:
    """A cluster of the first page is gone, so that the first of each page is now on the one before."""
    for cluster in [one for one in world.cloud.clusters.values() if one.name == GOING]:
        world.cloud.clusters.pop(cluster.id)
    return exchange()


def rival(world: World, exchange: Exchange) -> requests.Response:
    """Another run of the same task begins and ends."""
    world.run_rival({})
    return exchange()


def rival_begins(world: World, exchange: Exchange) -> requests.Response:
    """Another run of the same task sends its first write, looks once, and goes no further.

    Its look has the old state that may follow a write (facts: section 4): a plan from that one can't be told from a
    plan that was made before the write.
    """
    written: list[Exchange] = []

    def until_a_look(world: World, exchange: Exchange) -> requests.Response:
        answer = exchange()
        if written:
            raise Killed
        if world.request.method != "GET":
            written.append(exchange)
        return answer

    world.run_rival(dict.fromkeys(range(PATIENCE), until_a_look))
    return exchange()


def vanish(world: World, exchange: Exchange) -> requests.Response:
    """Somebody terminates the cluster of this name."""
    for cluster in [one for one in world.cloud.clusters.values() if one.name == "orders"]:
        world.cloud.clusters.pop(cluster.id)
    return exchange()


def ends(**outcome: Any) -> Fault:
    """Let a write be accepted and end badly."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        world.cloud.outcomes.add(Outcome(**outcome))
        return exchange()

    return answer


def settings(**values: Any) -> Fault:
    """Let the service be another from this call on."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        world.simulation.change_settings(values)
        return exchange()

    return answer


def at(fault: Fault, times: int = 1) -> Callable[[int], dict[int, Fault]]:
    """Stand at a call, and at those that follow it."""
    return lambda position: dict.fromkeys(range(position, position + times), fault)


BUSY = status(400, "Dbaas.ValidationError.ExistInprogress", "Another request is in progress on the cluster")
TRY_LATER = status(400, "Dbaas.RbacCreateError", "Try again")
SKEWED = status(401, "Dbaas.Unauthorized.AuthNFailed", "The timestamp is too far from the present time")
BEFORE: dict[str, Fault] = {
    "refused": refused,
    "reset": reset,
    "time-out": timed_out,
    "429": status(429),
    "429 with Retry-After": status(429, retry_after="7"),
    "500": status(500),
    "502": gateway(502),
    "503": status(503),
    "504": gateway(504),
    "404 of the gateway": gateway(404),
    "page of the gateway": page,
    "page as an answer": page_with_success,
    "redirect": redirect,
    "401 by a skewed clock": SKEWED,
    "406": status(406, "NotAcceptable", "Version not supported"),
    "killed": killed,
}
AFTER: dict[str, Fault] = {
    "reset": after(reset),
    "time-out": after(timed_out),
    "500": after(status(500)),
    "502": after(gateway(502)),
    "truncated body": truncated,
    "broken JSON": broken_json,
    "empty body": empty,
    "no object": not_an_object,
    "endless body": endless,
    "body without a bottom": bottomless,
    "dripping": dripping,
    "killed": after(killed),
}
WORDS = {"in_progress": "TUESDAY", "completed": "WEDNESDAY", "failed": "THURSDAY"}


def kinds() -> Iterator[Kind]:
    for name, fault in BEFORE.items():
        yield Kind(f"{name}, not carried out", every, at(fault))
    for name, fault in AFTER.items():
        yield Kind(f"{name}, carried out", every, at(fault))
    yield Kind("ExistInprogress for a while", writes, at(BUSY, 4))
    yield Kind("RbacCreateError for a while", writes, at(TRY_LATER, 4))
    yield Kind("a read fails five times", reads, at(status(503), ATTEMPTS))
    yield Kind("a list grows between pages", later_pages, at(comes))
    yield Kind("a list shrinks between pages", later_pages, at(goes))
    yield Kind("another run in between", before_the_last_look, at(rival), rivals=True)
    yield Kind("another run begins", outside_a_creation, at(rival_begins), rivals=True)
    yield Kind(VANISHES, every, at(vanish), lasting=True, redone=1)
    yield Kind("stale reads", once, at(settings(stale_reads=6)))
    yield Kind("unknown request words", once, at(settings(request_words=WORDS)))
    yield Kind("request fails later", writes, at(ends(service_state=None)), redone=1)
    yield Kind("cluster turns UNKNOWN", writes, at(ends(service_state="UNKNOWN")), redone=1)
    yield Kind("cluster turns ERROR", writes, at(ends(service_state="ERROR")), lasting=True, redone=1)
    yield Kind("cluster turns FAILED", writes, at(ends(service_state="FAILED")), lasting=True, redone=1)


KINDS = {kind.name: kind for kind in kinds()}
