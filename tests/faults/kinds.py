# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of faults, each with the calls that it stands at."""

from __future__ import annotations

import io
import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from ansible_collections.samsungcloud.scp.plugins.module_utils._clock import Clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._deadline import response_class
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import MOST_BYTES
from faults.scenarios import COMING, GOING, TIME_SCALE
from faults.world import API_TIMEOUT, Exchange, Fault, Json, Killed, Time, World
from harness.seeds import ORDERS_SHOWN
from simulator.answers import Answer
from simulator.faults import Fault as Ordered
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

    After a ``lasting`` one a person may have to act: a run has to report that, or converge. A ``cautious`` one leaves
    it to the run how much it does, if it does no harm. ``redone`` counts how often an operation may be sent again
    because the service failed it. With ``rivals`` another run is at work, so that the service may refuse what comes
    second; if that run ``stops`` this one, the next has to converge.

    ``options`` are those of the first run. With ``same_run`` the task is run once more in the same run of Ansible,
    which has to succeed after a success if it ``resumes``. The service has the settings of ``meanwhile`` until then,
    and those of ``always`` to the end. ``of_service`` kinds are about the service and its other users, not the line.
    """

    name: str
    where: Where
    faults: Callable[[int], dict[int, Fault]] = lambda position: {}
    lasting: bool = False
    cautious: bool = False
    redone: int = 0
    rivals: bool = False
    stops: bool = False
    options: Json = field(default_factory=dict)
    same_run: bool = False
    resumes: bool = False
    meanwhile: Json = field(default_factory=dict)
    always: Json = field(default_factory=dict)
    of_service: bool = False


# Whoever declares enough to create the cluster has it created again then, which is no fault.
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


def seldom(where: Where) -> Where:
    """Leave out the middle of what is read over and over, where one reading is like the other."""

    def chosen(calls: list[Any]) -> list[int]:
        asked = [(call.method, call.path) for call in calls]
        ends = {0, *(place for place in range(1, len(asked)) if asked[place] != asked[place - 1])}
        ends |= {place - 1 for place in ends if place} | {len(asked) - 1}
        return [position for position in where(calls) if position in ends]

    return chosen


def titled(*titles: str) -> Where:
    return lambda calls: [position for position, call in enumerate(calls) if call.operation in titles]


def where_backups_are_listed(calls: list[Any]) -> list[int]:
    """The first call of a task that looks at backups."""
    return titled("List Backup Histories")(calls) and [0]


def first_creation(calls: list[Any]) -> list[int]:
    return creations(calls)[:1]


def before_a_creation(calls: list[Any]) -> list[int]:
    """Each call up to the last look for the name."""
    return [position for created in first_creation(calls) for position in range(created)]


def outside_a_creation(calls: list[Any]) -> list[int]:
    """Not at a creation itself, behind the last look for its name: SCP gives no means to tell there (SECURITY.md)."""
    created = titled(*NAMED)(calls)
    return [position for position in every(calls) if position not in created]


def before_the_last_look(calls: list[Any]) -> list[int]:
    """A whole run takes far longer than what follows: a write, and the pauses while the service carries it out."""
    first_write = next(iter(writes(calls)), len(calls))
    return [position for position in outside_a_creation(calls) if position < first_write]


creations = titled(*NAMED, "Create Replica", "Create Replica in Other Region")


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


def rival_fails(**outcome: Any) -> Fault:
    """Another run of the same task begins, and what it asks for ends badly."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        world.cloud.outcomes.add(Outcome(**outcome))
        return rival_begins(world, lambda: undisturbed(world, exchange))

    def undisturbed(world: World, exchange: Exchange) -> requests.Response:
        world.cloud.outcomes.clear()
        return exchange()

    return answer


def takes_the_name(world: World, exchange: Exchange) -> requests.Response:
    """Somebody who knows nothing of this task creates a cluster of a name that it is about to create."""
    module, options = world.task
    names = [replica["name"] for replica in options["replicas"]] if module == "replica" else [options["name"]]
    there = {cluster.name for cluster in world.cloud.listed() if cluster.state not in ("TERMINATING", "TERMINATED")}
    for name in names:
        if name not in there:
            world.seed({**ORDERS_SHOWN, "name": name, "is_elsewhere": bool(options.get("other_region"))})
    return exchange()


def foreign(body: str) -> Fault:
    """404 of a gateway of another make, which says nothing about a cluster."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        sent = Ordered(kind="status", status=404, body=body).spoil(Answer(0), "/", world.time.time())
        return world.respond(sent.status, sent.headers, sent.body)

    return answer


def no_reading_from(position: int) -> dict[int, Fault]:
    """No read gets through to the service any more; which gateway answers depends on the position."""
    unknown = foreign(GATEWAYS[position % len(GATEWAYS)])

    def answer(world: World, exchange: Exchange) -> requests.Response:
        return unknown(world, exchange) if world.request.method == "GET" else exchange()

    return dict.fromkeys(range(position, position + PATIENCE), answer)


def not_shown_for(seconds: float) -> Callable[[int], dict[int, Fault]]:
    """Let the service not know the detail of any cluster for a while."""

    def faults(position: int) -> dict[int, Fault]:
        times: list[float] = []

        def answer(world: World, exchange: Exchange) -> requests.Response:
            times.append(world.time.monotonic())
            path = urlsplit(str(world.request.url)).path
            is_detail = world.request.method == "GET" and re.fullmatch("/v1/clusters/[^/]+", path)
            return NOT_FOUND(world, exchange) if is_detail and times[-1] - times[0] <= seconds else exchange()

        return dict.fromkeys(range(position, position + PATIENCE), answer)

    return faults


def left_out(world: World, exchange: Exchange) -> requests.Response:
    """A list shows no cluster at all, although there are some."""
    listed = json.loads(exchange().content)
    return world.respond(200, JSON, json.dumps({**listed, "contents": None, "count": 0}).encode())


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
NOT_FOUND = status(404, "Dbaas.NotFound", "Cluster not found")
GATEWAYS = ("html", "empty", "message", "error")
# The words of later versions are official. Nothing says that the service keeps to official words.
PRIMARY: Json = {"ACTIVE": "PRIMARY", "STANDBY": "SECONDARY"}
LATER_ROLES: Json = {"ORIGIN": "PRIMARY", "REPLICA": "READ_REPLICA"}
MIXED_CASE: Json = {"ACTIVE": "Active", "STANDBY": "Standby"}
NO_ROLES: Json = {"ACTIVE": None, "STANDBY": None}
ODD_ROLES: Json = {"ACTIVE": "BLUE", "STANDBY": "GREEN"}
ODD_CLUSTERS: Json = {"ORIGIN": None, "REPLICA": "TUESDAY", "RECOVERY": "FRIDAY"}
LAGS = (10, 40)
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
    yield Kind(VANISHES, every, at(vanish), lasting=True, redone=1)
    yield Kind("stale reads", once, at(settings(stale_reads=6)))
    yield Kind("unknown request words", once, at(settings(request_words=WORDS)))
    yield Kind("request fails later", writes, at(ends(service_state=None)), redone=1)
    yield Kind("cluster turns UNKNOWN", writes, at(ends(service_state="UNKNOWN")), redone=1)
    yield Kind("cluster turns ERROR", writes, at(ends(service_state="ERROR")), lasting=True, redone=1)
    yield Kind("cluster turns FAILED", writes, at(ends(service_state="FAILED")), lasting=True, redone=1)
    for kind in (*rivals(), *strangers(), *lags(), *words()):
        yield replace(kind, of_service=True)


def rivals() -> Iterator[Kind]:
    """Another run is at work at the same time, or somebody else."""
    yield Kind("another run in between", before_the_last_look, at(rival), rivals=True)
    yield Kind("another run begins", outside_a_creation, at(rival_begins), rivals=True)
    for name, state in (("its request fails", None), ("its cluster turns UNKNOWN", "UNKNOWN")):
        fails = at(rival_fails(service_state=state))
        where = seldom(outside_a_creation)
        yield Kind(f"another run begins, and {name}", where, fails, redone=1, rivals=True, stops=True)
    taken = at(takes_the_name)
    yield Kind("somebody takes the name", seldom(before_a_creation), taken, cautious=True, rivals=True, stops=True)


def strangers() -> Iterator[Kind]:
    """What is not found, or seems so."""
    for name, body in (("a page of nginx", "html"), ("an empty body", "empty"), ("no route", "message")):
        yield Kind(f"404 with {name}, not carried out", seldom(every), at(foreign(body)))
    short: Json = {"wait_timeout": 300}
    yield Kind("404 of a gateway to all reads", seldom(reads), no_reading_from, options=short)
    yield Kind("a cluster is not shown once", seldom(titled("Show Cluster")), at(NOT_FOUND))
    yield Kind("a cluster is not shown for a while", seldom(titled("Show Cluster")), not_shown_for(40))
    # What is to be absent is looked for once, so that this is about creations.
    yield Kind("a list leaves it out once", seldom(titled("List Clusters")), at(left_out), lasting=True)


def lags() -> Iterator[Kind]:
    """Lists, or the detail, do not show a creation yet, and the task is run again."""
    for seconds in LAGS:
        late, lag = f"a list that lags {seconds} s", {"list_lag_seconds": seconds * TIME_SCALE}
        without: Json = {"wait": False}
        yield Kind(
            f"wait: false, and {late}", first_creation, options=without, same_run=True, resumes=True, meanwhile=lag
        )
        for name in ("reset", "time-out", "killed"):
            yield Kind(f"{name} at a creation, and {late}", creations, at(AFTER[name]), same_run=True, meanwhile=lag)
        late, lag = f"a detail that lags {seconds} s", {"detail_lag_seconds": seconds * TIME_SCALE}
        yield Kind(f"reset at a creation, and {late}", creations, at(AFTER["reset"]), same_run=True, meanwhile=lag)
        yield Kind(f"killed at a creation, and {late}", creations, at(AFTER["killed"]), lasting=True, always=lag)


def words() -> Iterator[Kind]:
    """Words for roles and for backups, which the service uses to the end."""
    yield Kind("servers are PRIMARY and SECONDARY", once, always={"role_words": PRIMARY})
    yield Kind("servers are Active and Standby", once, always={"role_words": MIXED_CASE}, lasting=True)
    yield Kind("servers without roles", once, always={"role_words": NO_ROLES}, lasting=True)
    yield Kind("servers with unknown roles", once, always={"role_words": ODD_ROLES}, lasting=True)
    yield Kind("clusters with later words for roles", once, always={"role_words": LATER_ROLES})
    yield Kind("clusters with unknown roles", once, always={"role_words": ODD_CLUSTERS}, cautious=True)
    ends: Json = {"running_backups_show_end": True}
    yield Kind("backups in progress show an end", where_backups_are_listed, always=ends)
    yield Kind("backups are SUCCEEDED", where_backups_are_listed, always={"backup_words": {"completed": "SUCCEEDED"}})
    for word in ("TUESDAY", None):
        always: Json = {"backup_words": {"completed": word}}
        name = f"backups are {word or 'without a state'}"
        yield Kind(name, where_backups_are_listed, always=always, cautious=True)


KINDS = {kind.name: kind for kind in kinds()}
