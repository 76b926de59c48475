# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What it costs to read many clusters in full."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

import requests

from bench.measuring import in_turn
from bench.report import Section, Table, Target, compact, mebibytes, medians_of
from bench.running import Run
from bench.servers import running

LATENCY = 0.02
CONCURRENCY = 8
SIZES = (1_000, 10_000)
# One after the other, what takes longer is not worth the time.
MOST_ONE_BY_ONE = 1_000
METHOD = f"""\
Each answer comes {LATENCY * 1000:.0f} ms after its call, from a server that sends prepared bodies and verifies
nothing: the simulator would be the slowest part. {CONCURRENCY} calls at a time. The limit is calls x latency /
concurrency. "The server alone" is the same number of calls without signing, decoding or keeping anything, so
that what it takes above the limit is the server's and the machine's. Each reading has a process of its own;
memory is that process at its largest, Python included, and without what Ansible needs around a module.
scpv2-sdk reads one cluster after the other: {MOST_ONE_BY_ONE:,} are measured, and more are reckoned from these.
{{taken}}, in turn."""

CORE, MODULE, BARE, SDK = "the core", "mariadb_cluster_info", "the server alone", "scpv2-sdk"
WAYS = {CORE: "core", MODULE: "module", SDK: "sdk"}


@dataclass(frozen=True)
class Cost:
    """``memory`` in bytes; ``calls`` is what the server counted."""

    seconds: float
    processor_seconds: float
    memory: int
    calls: int

    @property
    def limit(self) -> float:
        """The seconds that latency and concurrency alone take."""
        return self.calls * LATENCY / CONCURRENCY


def measure(run: Run) -> Section:
    repetitions = run.repetitions(3)
    costs = {size: read_fleet(run, size, repetitions) for size in SIZES}
    rows = [row(f"{size:,}: {name}", measured) for size in SIZES for name, measured in costs[size].items()]
    largest = SIZES[-1]
    one_by_one = [f"{largest:,}: {SDK}, {largest // MOST_ONE_BY_ONE} times the above"]
    scaled = median(cost.seconds for cost in costs[MOST_ONE_BY_ONE][SDK]) * largest / MOST_ONE_BY_ONE
    rows.append([*one_by_one, compact(scaled), "-", "-", "-", "-", "-"])
    columns = ["Clusters", "seconds", "limit", "of the limit", "calls", "processor seconds", "memory, MiB"]
    return Section(
        "fleet",
        "A large fleet",
        METHOD.format(taken=medians_of(repetitions, "reading")),
        [Table(columns, rows)],
        targets(costs),
    )


def read_fleet(run: Run, size: int, repetitions: int) -> dict[str, list[Cost]]:
    with running("canned", str(size), str(LATENCY)) as endpoint:
        ways = {name: way for name, way in WAYS.items() if name != SDK or size <= MOST_ONE_BY_ONE}
        measures = {name: lambda way=way: read(way, endpoint, size) for name, way in ways.items()}
        costs = in_turn(measures, repetitions, lambda text: run.tell(f"{size:,} clusters, {text}"))
        calls = costs[CORE][0].calls
        return {BARE: [read("bare", endpoint, calls) for _repetition in range(repetitions)], **costs}


def read(way: str, endpoint: str, count: int) -> Cost:
    command = [sys.executable, "-m", "bench.readers", way, endpoint, str(count), str(CONCURRENCY)]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    calls = requests.get(f"{endpoint}/calls", timeout=10).json()["calls"]
    return Cost(**json.loads(output), calls=calls)


def row(name: str, costs: list[Cost]) -> list[str]:
    return [
        name,
        compact(median(cost.seconds for cost in costs)),
        compact(costs[0].limit),
        compact(of_limit(costs)),
        str(costs[0].calls),
        compact(median(cost.processor_seconds for cost in costs)),
        mebibytes(median(cost.memory for cost in costs)),
    ]


def of_limit(costs: list[Cost]) -> float:
    return median(cost.seconds / cost.limit for cost in costs)


def targets(costs: dict[int, dict[str, list[Cost]]]) -> list[Target]:
    largest = SIZES[-1]
    times = [
        Target(f"{size:,} clusters by {name}, of the limit", of_limit(costs[size][name]), 1.3)
        for size in SIZES
        for name in (CORE, MODULE)
    ]
    memory = [
        Target(
            f"memory of {largest:,} clusters by {name}",
            median(cost.memory for cost in costs[largest][name]) / 2**20,
            200,
            "MiB",
        )
        for name in (CORE, MODULE)
    ]
    return [*times, *memory]
