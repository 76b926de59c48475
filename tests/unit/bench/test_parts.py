# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the parts make of their measurements."""

from __future__ import annotations

import pytest

from bench import fleet
from bench.calls import Counted, counted
from bench.fleet import BARE, CORE, MODULE, Cost
from bench.hundred import CASES, HOSTS, LOOP, MODULES, WORKER, Case, play, section, seeds, tasks
from bench.plays import Event, Played
from faults.scenarios import SCENARIOS, seeded
from faults.world import World

END = [Event("end", "nothing changed", 0.0, 0.0)]


def played(seconds: float, processor_seconds: float = 1.0, memory: int = 2**20) -> Played:
    return Played(END, seconds, processor_seconds, memory)


def test_a_hundred_clusters_in_the_worker_are_compared_with_the_same_as_modules() -> None:
    plays: dict[Case, list[Played]] = {
        (LOOP, WORKER): [played(20, 5), played(30, 6)],
        (LOOP, MODULES): [played(200, 50), played(100, 40)],
        (HOSTS, WORKER): [played(10, 4), played(10, 4)],
        (HOSTS, MODULES): [played(40, 8), played(40, 8)],
    }
    found = section(plays, "")
    assert [target.value for target in found.targets] == pytest.approx([0.2, 0.125, 0.25, 0.5])
    assert [row[:2] for row in found.tables[0].rows][:2] == [
        [f"{LOOP}, {WORKER}", "25"],
        [f"{LOOP}, {MODULES}", "150"],
    ]


@pytest.mark.parametrize("case", CASES, ids=", ".join)
def test_a_play_has_the_six_tasks(case: Case) -> None:
    made = play(case, ["ordersaa", "ordersab"])
    assert made["vars"] == {"scp_in_process": case[1] == WORKER}
    assert [task.get("loop") for task in made["tasks"]] == [["ordersaa", "ordersab"] if case[0] == LOOP else None] * 6


def test_the_six_tasks_find_nothing_to_do_on_what_is_seeded() -> None:
    world = World()
    world.seed(seeded(**seeds("ordersaa")))
    for module, options in tasks("ordersaa"):
        run = world.run(module.removeprefix("mariadb_"), options)
        assert run.result is not None, run.crash
        assert (run.result.get("failed", False), run.result.get("changed", False), run.writes) == (False, False, [])


def test_the_limit_of_a_fleet_is_latency_over_concurrency() -> None:
    assert Cost(30.0, 10.0, 0, 10_200).limit == pytest.approx(10_200 * 0.02 / 8)


def test_targets_of_a_fleet_are_those_of_ours() -> None:
    slow = Cost(seconds=40.0, processor_seconds=1.0, memory=300 * 2**20, calls=10_000)
    fast = Cost(seconds=26.0, processor_seconds=1.0, memory=100 * 2**20, calls=10_000)
    costs = {size: {CORE: [fast], MODULE: [slow], BARE: [fast]} for size in fleet.SIZES}
    found = {target.what: (round(target.value, 2), target.cells[-1]) for target in fleet.targets(costs)}
    assert found == {
        "1,000 clusters by the core, of the limit": (1.04, "met"),
        "1,000 clusters by mariadb_cluster_info, of the limit": (1.6, "missed"),
        "10,000 clusters by the core, of the limit": (1.04, "met"),
        "10,000 clusters by mariadb_cluster_info, of the limit": (1.6, "missed"),
        "memory of 10,000 clusters by the core": (100, "met"),
        "memory of 10,000 clusters by mariadb_cluster_info": (300, "missed"),
    }


def test_calls_are_told_apart_by_the_first_write() -> None:
    stopped = counted(SCENARIOS["cluster stopped"])
    assert stopped.before > 0
    assert stopped.after > 0
    assert (stopped.writes, stopped.again) == (1, "2")


def test_an_order_is_never_done() -> None:
    assert counted(SCENARIOS["cluster restarted"]).again == "-"


def test_cells_of_calls() -> None:
    assert Counted(3, 1, 28, "2").cells == ["3", "1", "28", "2"]
