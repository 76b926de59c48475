# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replicas in trouble, and runs that stop on the way: never twice, never half, never a success that is none."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from harness.cycle import assert_truth, play_until_it_waits, sent
from harness.failures import told
from harness.play import Play
from harness.seeds import all_clusters, seed
from harness.simulator import Json, Simulator
from harness.stacks import assert_promises_kept, by_name, run_pairs, task
from harness.trouble import fault, outcome, settings

DATA: Json = {"role_type": "DATA", "size_gb": 200}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
SEEDED_GROUP: Json = {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, DATA]}
NEAR: Json = {"name": "near-1", "instance_groups": [GROUP]}
FAR: Json = {"name": "far-1", "instance_groups": [GROUP]}
BOTH: Json = {"cluster_name": "orders", "replicas": [NEAR, FAR]}
CREATE, PROMOTE, RESET = "Create Replica", "Promote Replica Cluster", "Reset Replica"
SYNC, TERMINATE = "Synchronize Cluster State", "Terminate Cluster"
ENDLESS = 1_000_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def replica(name: str, service_state: str = "RUNNING", **parts: Any) -> Json:
    """Parts of a replica to seed, which is what ``NEAR`` makes."""
    described = {"name": name, "ha_enabled": False, "instance_groups": [SEEDED_GROUP]}
    return {**described, "service_state": service_state, **parts}


def declared(state: str, *names: str, **options: Any) -> Json:
    return {"replicas": [{"name": name} for name in names], "state": state, **options}


# --- Replicas that are none any more --------------------------------------------------------------------------------


def test_promoted_replica_that_its_former_origin_still_lists(play: Play) -> None:
    origin = seed(play.simulator, replicas=[replica("far-1")])
    promoted = seed(play.simulator, name="near-1", origin_cluster_id=origin["id"])
    listed = {"replicas": [*origin["replicas"], promoted["id"]]}
    play.simulator.control("PATCH", f"clusters/{origin['id']}", listed)
    before = by_name(play.simulator)["near-1"]

    reset, changed, ended, ended_again, again = play(
        task("replica", cluster_name="orders", **declared("reset", "near-1")),
        task("replica", cluster_name="orders", **declared("present", "near-1", allowable_ip_addresses=[])),
        task("replica", cluster_name="orders", **declared("absent", "near-1", "far-1")),
        task("replica", cluster_name="orders", **declared("absent", "near-1", "far-1")),
        task("replica", cluster_name="orders", **declared("promoted", "near-1")),
    )

    told(reset, "near-1", "must be a replica of orders")
    told(changed, "near-1", "is the name of another cluster")
    assert [one.writes for one in (reset, changed, ended_again, again)] == [[], [], [], []]
    assert [call["path"].rpartition("/")[2] for call in ended.writes] == origin["replicas"]
    assert [one.failed for one in (ended, ended_again, again)] == [False] * 3
    assert by_name(play.simulator)["near-1"] == before


# --- Creations that stop on the way ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1])
def test_one_of_two_that_fails(play: Play, number: int) -> None:
    seed(play.simulator)
    outcome(play.simulator, CREATE, service_state="FAILED", skip=number)

    failed, again = play(*[task("replica", **BOTH, wait_timeout=60)] * 2)

    name, other = ("near-1", "far-1") if number == 0 else ("far-1", "near-1")
    shown = by_name(play.simulator)
    message = told(failed, name, shown[name]["id"], "FAILED", "state: absent")
    assert other not in message
    assert failed.operations == [CREATE]
    assert failed.changed
    assert [shown[key]["service_state"] for key in ("orders", name, other)] == ["RUNNING", "FAILED", "RUNNING"]
    # What is declared is not there, so that the next run is no success either.
    assert name in told(again, "FAILED")
    assert again.writes == []


def test_one_that_fails_while_the_others_are_made(play: Play) -> None:
    """The failure ends the wait at once, however long the origin is busy with the others."""
    settings(play.simulator, time_scale=1, stale_reads=0)
    seed(play.simulator)
    # The origin's job ends with the last of its replicas.
    begun, check = play(task("replica", **BOTH, wait=False), task("replica", **BOTH, check=True))
    assert (begun.failed, begun.operations) == (False, [CREATE])
    assert (check.failed, check.changed, check.writes) == (False, False, [])
    near = by_name(play.simulator)["near-1"]
    play.simulator.control("PATCH", f"clusters/{near['id']}", {"service_state": "FAILED"})
    assert by_name(play.simulator)["orders"]["service_state"] == "EDITING"

    [failed] = play(task("replica", **BOTH, wait_timeout=8))

    message = told(failed, "near-1", "FAILED")
    assert "Waited" not in message
    assert failed.writes == []


@pytest.mark.parametrize("stale_reads", [0, 1])
def test_creation_that_nobody_waited_for_is_adopted(play: Play, stale_reads: int) -> None:
    """Also by a run that follows so soon that the origin does not show its new replicas yet."""
    settings(play.simulator, time_scale=1, stale_reads=stale_reads)
    seed(play.simulator)
    third = {**NEAR, "name": "third"}
    tasks = (
        task("replica", **BOTH, wait=False),
        task("replica", **BOTH, wait=False),
        task("replica", **{**BOTH, "replicas": [NEAR, FAR, third]}),
    )
    # The first two tasks look at the origin and its two replicas; another look is one of the task that waits.
    left, unchanged, adopted = play_until_it_waits(play, *tasks, looks=7)
    assert (left.changed, left.operations) == (True, [CREATE])
    assert left.result["request_id"].startswith("req-")
    assert left.calls[-1] == left.writes[-1]
    assert (unchanged.failed, unchanged.changed, unchanged.writes) == (False, False, [])
    assert not adopted.failed, adopted.result
    assert [[one["name"] for one in request.body["replicas"]] for request in sent(adopted)] == [["third"]]
    assert {one["service_state"] for one in adopted.result["replicas"]} == {"RUNNING"}
    assert sorted(by_name(play.simulator)) == ["far-1", "near-1", "orders", "third"]


LOST: dict[str, Json] = {
    "reset": {"kind": "reset_after"},
    "empty": {"kind": "empty"},
    "never arrived": {"kind": "reset"},
}


def test_creations_whose_answers_are_lost(play: Play) -> None:
    """After the next run there is what is declared, and nothing twice."""
    settings(play.simulator, time_scale=1, durations={CREATE: 1.5})
    origins = [f"orders{letter}" for letter, _lost in zip(LETTERS, LOST, strict=False)]
    tasks = []
    for name, lost in zip(origins, LOST.values(), strict=True):
        seed(play.simulator, name=name)
        fault(play.simulator, CREATE, **lost)
        wanted = [{**one, "name": f"{name}-{number}"} for number, one in enumerate((NEAR, FAR), 1)]
        tasks.append({"cluster_name": name, "replicas": wanted, "wait_timeout": 4})

    ran = play(*(task("replica", **options) for options in tasks))
    later = play(*(task("replica", **{**options, "wait_timeout": 60}) for options in tasks))

    for lost, first, second in zip(LOST, ran, later, strict=True):
        if lost == "never arrived":
            told(first, "The connection broke while Create Replica was under way", "is not known")
            assert second.operations == [CREATE]
        else:
            assert (first.failed, first.operations, second.writes) == (False, [CREATE], []), (
                lost,
                first.result.get("msg"),
            )
        assert len(first.writes) == 1
        assert not second.failed, second.result
    made = [shown["name"] for shown in all_clusters(play.simulator) if shown["role_type"] == "REPLICA"]
    assert sorted(made) == [f"{name}-{number}" for name in origins for number in (1, 2)]


# --- States of replicas and origins ----------------------------------------------------------------------------------


class Way(NamedTuple):
    """A replica in a state, what is declared of it, and the operations that this takes; None is a refusal."""

    before: str
    state: str
    operations: list[str] | None
    reached: str | None = None


WAYS = [
    Way("UNKNOWN", "absent", [SYNC, TERMINATE]),
    Way("FAILED", "absent", [TERMINATE]),
    Way("UNKNOWN", "promoted", [SYNC, PROMOTE], "RUNNING"),
    Way("STOPPED", "promoted", None, "STOPPED"),
    Way("UNKNOWN", "reset", [RESET], "RUNNING"),
    Way("FAILED", "present", None, "FAILED"),
]


def test_ways_of_a_replica_in_trouble(play: Play) -> None:
    origins = [f"orders{letter}" for letter, _way in zip(LETTERS, WAYS, strict=False)]
    for origin, way in zip(origins, WAYS, strict=True):
        seed(play.simulator, name=origin, replicas=[replica(f"{origin}-1", way.before), replica(f"{origin}-2")])
    tasks = [
        {"cluster_name": origin, **declared(way.state, f"{origin}-1")}
        for origin, way in zip(origins, WAYS, strict=True)
    ]

    ran = run_pairs(play, "replica", tasks)

    shown = by_name(play.simulator)
    for origin, way, (predicted, real) in zip(origins, WAYS, ran, strict=True):
        if way.operations is None:
            assert told(predicted, f"{origin}-1", way.before) == told(real, f"{origin}-1", way.before)
            assert real.writes == []
        else:
            assert not real.failed, (way, real.result["msg"])
            assert real.operations == way.operations, way
            assert_truth(predicted, real)
        assert shown[f"{origin}-2"]["role_type"] == "REPLICA"
        assert (shown[f"{origin}-1"]["service_state"] if f"{origin}-1" in shown else None) == way.reached, way


ORIGINS: dict[str, Json] = {
    **{state: {"service_state": state} for state in ("UNKNOWN", "ERROR")},
    "busy for long": {"service_state": "EDITING", "becomes": {"service_state": "RUNNING", "after": ENDLESS}},
}


def test_promotion_whatever_state_the_origin_is_in(play: Play) -> None:
    """It is what one does when the origin is lost; a second run changes nothing."""
    origins = dict(zip(("ordersa", "ordersb", "ordersc"), ORIGINS.items(), strict=True))
    for name, (_case, parts) in origins.items():
        seed(play.simulator, name=name, replicas=[replica(f"{name}-1")], **parts)
    tasks = [
        task("replica", cluster_name=name, **declared("promoted", f"{name}-1", wait_timeout=6), check=check)
        for name in origins
        for check in (True, False, False)
    ]

    ran = play(*tasks)

    shown = by_name(play.simulator)
    for index, (name, (case, _parts)) in enumerate(origins.items()):
        predicted, real, again = ran[3 * index : 3 * index + 3]
        assert shown[f"{name}-1"]["role_type"] == "ORIGIN", case
        assert not real.failed, (case, real.result["msg"])
        assert_truth(predicted, real)
        assert real.operations == [PROMOTE]
        assert (again.failed, again.changed, again.writes) == (False, False, [])


def test_sibling_that_is_busy_keeps_no_replica(play: Play) -> None:
    """What is declared of one replica does not wait for another one."""
    busy = {"becomes": {"service_state": "RUNNING", "after": ENDLESS}}
    seed(play.simulator, replicas=[replica("near-1"), replica("far-1"), replica("slow-1", "EDITING", **busy)])

    promoted, gone = play(
        task("replica", cluster_name="orders", **declared("promoted", "near-1", wait_timeout=5)),
        task("replica", cluster_name="orders", **declared("absent", "far-1", wait_timeout=5)),
    )

    for ran, operation in ((promoted, PROMOTE), (gone, TERMINATE)):
        assert not ran.failed, ran.result["msg"]
        assert ran.operations == [operation]


def test_replica_on_its_way_out_is_made_anew(play: Play) -> None:
    settings(play.simulator, time_scale=1)
    leaving = {"becomes": {"service_state": "TERMINATED", "after": 3600}}
    seed(play.simulator, replicas=[replica("near-1", "TERMINATING", **leaving)])
    options = {"cluster_name": "orders", "replicas": [NEAR]}

    tasks = task("replica", **options, check=True), task("replica", **options, check=False)
    predicted, real = play_until_it_waits(play, *tasks, looks=5)

    assert not real.failed, real.result["msg"]
    assert real.operations == [CREATE]
    assert by_name(play.simulator)["near-1"]["service_state"] == "RUNNING"
    assert predicted.operations == real.operations


# --- What is not a replica of that origin ----------------------------------------------------------------------------


def test_names_that_are_no_replica(play: Play) -> None:
    seed(play.simulator, replicas=[replica("near-1")])
    seed(play.simulator, name="invoices", replicas=[replica("bill-1")])
    before = all_clusters(play.simulator)
    cases: dict[str, tuple[Json, tuple[str, ...]]] = {
        "a replica as the origin": (
            {"cluster_name": "near-1", "replicas": [FAR]},
            ("near-1 is a replica itself", "origin"),
        ),
        "reset of nobody": (
            {"cluster_name": "orders", **declared("reset", "nobody")},
            ("replicas[].name is 'nobody'", "replica of orders", "near-1"),
        ),
        "reset of another's": (
            {"cluster_name": "orders", **declared("reset", "bill-1")},
            ("replicas[].name is 'bill-1'", "replica of orders", "near-1"),
        ),
        "promotion of nobody": (
            {"cluster_name": "orders", **declared("promoted", "nobody")},
            ("replicas[].name is 'nobody'", "replica", "near-1"),
        ),
        "promotion of another's": (
            {"cluster_name": "orders", **declared("promoted", "bill-1")},
            ("replicas[].name is 'bill-1'", "replica", "near-1"),
        ),
        "no such origin": (
            {"cluster_name": "nobody", "replicas": [NEAR]},
            ("no cluster named nobody", "cluster_name"),
        ),
    }

    # What refuses is the planning, which a dry run and a real one share; the odd ones are dry.
    tasks = [
        task("replica", **options, check=bool(number % 2)) for number, (options, _words) in enumerate(cases.values())
    ]
    ran = dict(zip(cases, play(*tasks), strict=True))

    assert [case for case, one in ran.items() if not one.failed] == []
    for case, (_options, words) in cases.items():
        told(ran[case], *words)
        assert (ran[case].changed, ran[case].writes) == (False, [])
    assert all_clusters(play.simulator) == before


VOLUMES = "block_storage_groups"
# A dry run must not promise what SCP then refuses, where the present or the declared tells.
PROMISES: dict[str, Json] = {
    "name of another cluster": {"replicas": [{**NEAR, "name": "taken"}]},
    "name of another's replica": {"replicas": [{**NEAR, "name": "bill-1"}]},
    "part of a window": {"replicas": [NEAR], "maintenance_option": {"period_hour": "2"}},
    "type that the origin has not": {
        "replicas": [{**NEAR, "instance_groups": [{**GROUP, VOLUMES: [{**DATA, "volume_type": "HDD"}]}]}]
    },
    "servers that do not fit the group": {
        "replicas": [{**NEAR, "instance_groups": [{**GROUP, "instances": [{"role_type": "STANDBY"}]}]}]
    },
    "origin that is stopped": {"cluster_name": "archive", "replicas": [NEAR]},
}


def test_promises(play: Play) -> None:
    seed(play.simulator, replicas=[replica("far-1")])
    seed(play.simulator, name="taken")
    seed(play.simulator, name="invoices", replicas=[replica(f"bill-{number}") for number in (1,)])
    seed(play.simulator, name="archive", service_state="STOPPED")
    pairs = run_pairs(play, "replica", [{"cluster_name": "orders", **options} for options in PROMISES.values()])
    assert_promises_kept(pairs, PROMISES)


def test_origin_whose_state_is_unknown_is_synchronized_first(play: Play) -> None:
    seed(play.simulator, service_state="UNKNOWN")
    ((predicted, real),) = run_pairs(play, "replica", [BOTH])
    assert not real.failed, real.result
    assert real.operations == [SYNC, CREATE]
    assert_truth(predicted, real)


def test_type_of_volumes_is_that_of_the_origin(play: Play) -> None:
    """Also where the origin's OS volume has another one."""
    types = [{"role_type": "OS", "size_gb": 104, "volume_type": "SSD"}, {**DATA, "volume_type": "HDD"}]
    seed(play.simulator, instance_groups=[{**GROUP, "role_type": "ACTIVE_STANDBY", VOLUMES: types}])
    made, again = play(*[task("replica", **BOTH)] * 2)
    assert not made.failed, made.result
    assert not again.failed, again.result["msg"]
    assert (again.changed, again.writes) == (False, [])
