# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody else does between two calls of a task, where the task must notice."""

from __future__ import annotations

import pytest
import requests

from faults.kinds import BUSY, status, truncated
from faults.scenarios import BACKUPS, REPLICAS, SCENARIOS, seeded
from faults.world import Exchange, Fault, World
from harness.seeds import ORDERS_SHOWN
from harness.tasks import ORDERS

THROTTLED = status(429, retry_after="60")
LOST = status(502)
# All attempts of one look by default, and the first one of the next.
LOST_LOOKS = 6


def meanwhile(title: str, act: Fault) -> dict[int, Fault]:
    """Let somebody act once, at the first call of this method and end of the path."""
    method, _space, end = title.partition(" ")
    acted: list[str] = []

    def answer(world: World, exchange: Exchange) -> requests.Response:
        path = str(world.request.url).partition("?")[0]
        if acted or world.request.method != method or not path.endswith(end):
            return exchange()
        acted.append(path)
        return act(world, exchange)

    return dict.fromkeys(range(1000), answer)


def promote_the_last(world: World, exchange: Exchange) -> requests.Response:
    """Accept the write, and promote the replica that is not addressed yet."""
    response = exchange()
    (replica,) = (one for one in world.cloud.clusters.values() if one.name == "far-1")
    world.cloud.leave_origin(replica)
    replica.detail.update(role_type="ORIGIN", origin_cluster_id=None)
    return response


@pytest.mark.parametrize(("state", "title"), [("absent", "DELETE "), ("reset", "POST /reset-replica")])
def test_replica_that_is_promoted_while_the_one_before_it_is_dealt_with(state: str, title: str) -> None:
    world = World()
    world.seed(seeded(**REPLICAS))
    options = {**SCENARIOS["replicas absent"].options, "state": state}
    run = world.run("replica", options, meanwhile(title, promote_the_last))
    (promoted,) = (one for one in world.cloud.clusters.values() if one.name == "far-1")
    assert len(run.writes) == 1
    assert promoted.id not in run.writes[0].path
    assert "far-1" in str(run.result)


def with_a_rival(fault: Fault, name: str) -> Fault:
    """Do not carry the call out, and let somebody create a cluster of a name meanwhile."""

    def answer(world: World, exchange: Exchange) -> requests.Response:
        world.seed({**ORDERS_SHOWN, "name": name})
        return fault(world, exchange)

    return answer


def test_creation_that_has_to_wait_for_its_turn_looks_once_more() -> None:
    world = World()
    run = world.run("cluster", ORDERS, meanwhile("POST /clusters", with_a_rival(THROTTLED, "orders")))
    assert [one.name for one in world.cloud.listed()] == ["orders"]
    assert not [call for call in run.writes if call.operation == "Create Cluster"]


def test_cluster_of_somebody_else_is_no_restore_whose_answer_was_lost() -> None:
    world = World()
    world.seed(seeded(**BACKUPS))
    scenario = SCENARIOS["restored latest"]
    run = world.run("restore", scenario.options, meanwhile("POST /restore", with_a_rival(LOST, "ordersrestored")))
    assert run.failed
    assert run.result is not None
    assert "it is not known whether it was restored from" in run.result["msg"]


def test_restart_under_way_before_a_change_is_not_the_one_that_the_change_needs() -> None:
    world = World()
    world.seed(seeded(service_state="RESTARTING", becomes={"service_state": "RUNNING", "after": 60}))
    scenario = SCENARIOS["parameters set with a restart"]
    run = world.run("parameters", scenario.options, meanwhile("POST /restart", BUSY))
    assert not run.failed
    assert [call.operation for call in run.writes if call.status < 300] == ["Set Parameter Values", "Restart Cluster"]


def test_look_that_fails_before_a_creation_is_sent_again_is_no_lost_creation() -> None:
    """Nothing was carried out, so that the task goes on with another look."""
    world = World()
    throttled: list[str] = []
    lost: list[str] = []

    def answer(world: World, exchange: Exchange) -> requests.Response:
        url = str(world.request.url)
        if world.request.method == "POST" and not throttled:
            throttled.append(url)
            return THROTTLED(world, exchange)
        if throttled and world.request.method == "GET" and len(lost) < LOST_LOOKS:
            lost.append(url)
            return truncated(world, exchange)
        return exchange()

    run = world.run("cluster", ORDERS, dict.fromkeys(range(1000), answer))
    assert len(lost) == LOST_LOOKS
    assert not run.failed, run.result
    assert [call.operation for call in run.writes] == ["Create Cluster"]
