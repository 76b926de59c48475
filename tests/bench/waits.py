# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long after the end of an operation a wait for it ends, and how many calls it makes until then."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from unittest import mock

import botocore.waiter
import requests
from botocore.loaders import Loader

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _clock
from ansible_collections.samsungcloud.scp.plugins.module_utils._config import Config
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from bench.report import Section, Table, compact
from bench.running import Run
from faults.scenarios import seeded
from faults.world import ENDPOINT, LATENCY, SECRETS, Json, World
from harness.tasks import ORDERS

PHASES = 40
POLL_SECONDS = 10.0
COMPLETED = "COMPLETED"
METHOD = f"""\
Each operation is waited for {PHASES} times, with durations spread evenly over 20 % around the nominal one, so
that its end meets a wait in every phase. Overshoot is the time from the end at the service until the wait is
over and the task can go on. Calls are those after the one that began the operation. Median and worst. All wait
on the same simulator and on one clock that passes in sleeps only, {LATENCY * 1000:.0f} ms for a call, so that
the figures do not depend on the machine. The fixed poll looks every {POLL_SECONDS:.0f} s; botocore's waiter is
its own loop, with the delay that it has for RDS, 30 s. Both look at the request, which shows its end at once,
and only at that; ours also has to see the cluster, whose first read after a change is stale."""


@dataclass(frozen=True)
class Operation:
    """An operation that takes ``seconds``, and the task that leads to it."""

    title: str
    seconds: float
    options: Json
    seeds: tuple[Json, ...] = field(default_factory=lambda: (seeded(),))


OPERATIONS = (
    Operation("Set Security Group Rules", 5, {"name": "orders", "allowable_ip_addresses": ["10.0.2.0/24"]}),
    Operation("Restart Cluster", 60, {"name": "orders", "state": "restarted"}),
    Operation("Stop Cluster", 60, {"name": "orders", "state": "stopped"}),
    Operation("Create Cluster", 600, ORDERS, seeds=()),
)


@dataclass(frozen=True)
class Waited:
    """``overshoot`` in seconds."""

    overshoot: float
    calls: int


class Phase(World):
    """A world that remembers when it was called."""

    def __init__(self, operation: Operation, number: int) -> None:
        super().__init__()
        self._number = number
        self._duration = operation.seconds * (0.8 + 0.4 * (number + 0.5) / PHASES)
        self._sent: list[tuple[str, float]] = []
        self.simulation.change_settings({"durations": {operation.title: self._duration}})
        for parts in operation.seeds:
            self.seed(parts)

    def do(self, options: Json) -> Json:
        """Run the task, and return its result."""
        task = self.run("cluster", options)
        if task.result is None or task.failed:
            raise RuntimeError(f"{task.crash or task.result}")
        return task.result

    def waited(self) -> Waited:
        """Judge a wait that is over by now."""
        ((position, begun),) = [(n, at) for n, (method, at) in enumerate(self._sent) if method != "GET"]
        return Waited(self.time.passed - begun - self._duration, len(self._sent) - position - 1)

    @contextmanager
    def conversation(self) -> Iterator[Http]:
        """Let something else than a module talk to this world."""
        config = Config(SECRETS["access_key"], SECRETS["secret_key"], ENDPOINT)
        with self._entered():
            yield Http(config)

    @contextmanager
    def _entered(self) -> Iterator[None]:
        jitter = random.Random(self._number)  # noqa: S311
        with super()._entered(), mock.patch.object(_clock, "random", jitter):
            yield

    def act(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        self._sent.append((str(request.method), self.time.passed))
        return super().act(request)


def by_task(phase: Phase, operation: Operation) -> None:
    phase.do(operation.options)


def by_fixed_poll(phase: Phase, operation: Operation) -> None:
    request_id = begun(phase, operation)
    with phase.conversation() as http:
        while not is_completed(http, request_id):
            phase.time.sleep(POLL_SECONDS)


def by_botocore(phase: Phase, operation: Operation) -> None:
    """Let botocore's waiter wait for a database instance whose status follows the request."""
    request_id = begun(phase, operation)
    model = Loader().load_service_model("rds", "waiters-2")
    config = botocore.waiter.WaiterModel(model).get_waiter("DBInstanceAvailable")

    def describe_db_instances() -> Json:
        status = "available" if is_completed(http, request_id) else "modifying"
        return {"DBInstances": [{"DBInstanceStatus": status}]}

    with phase.conversation() as http, mock.patch.object(botocore.waiter, "time", phase.time):
        botocore.waiter.Waiter("db_instance_available", config, describe_db_instances).wait()


def begun(phase: Phase, operation: Operation) -> str:
    """Begin the operation, and return the id of its request."""
    return str(phase.do({**operation.options, "wait": False})["request_id"])


def is_completed(http: Http, request_id: str) -> bool:
    return bool(http.read(_api.show_request(request_id))["state"] == COMPLETED)


WAYS: dict[str, Callable[[Phase, Operation], None]] = {
    "mariadb_cluster": by_task,
    f"a poll every {POLL_SECONDS:.0f} s": by_fixed_poll,
    "botocore's waiter": by_botocore,
}


def measure(run: Run) -> Section:
    rows = []
    for operation in OPERATIONS:
        for name, way in WAYS.items():
            run.tell(f"{operation.title}: {name}")
            waits = [waited(way, operation, number) for number in range(PHASES)]
            rows.append([f"{operation.title}, {operation.seconds:.0f} s: {name}", *cells(waits)])
    columns = ["Operation and wait", "overshoot, s", "worst", "calls", "worst"]
    return Section("waits", "Waits", METHOD, [Table(columns, rows)])


def waited(way: Callable[[Phase, Operation], None], operation: Operation, number: int) -> Waited:
    phase = Phase(operation, number)
    way(phase, operation)
    return phase.waited()


def cells(waits: list[Waited]) -> list[str]:
    overshoots = [wait.overshoot for wait in waits]
    calls = [wait.calls for wait in waits]
    return [compact(median(overshoots)), compact(max(overshoots)), compact(median(calls)), str(max(calls))]
