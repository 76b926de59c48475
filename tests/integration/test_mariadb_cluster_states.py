# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters in every state that other runs and other people leave them in."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from harness.cycle import play_until_it_waits, promised, run_cycle, sent
from harness.failures import error_of, told
from harness.play import Play, Ran
from harness.seeds import INSTANCES, ORDERS_SHOWN, all_clusters, seed
from harness.simulator import ACCEPTED, Json, Simulator
from harness.tasks import ORDERS, cluster

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ABSENT: Json = {"state": "absent"}
AUDIT: Json = {"init_config_option": {"audit_enabled": True}}
NOT_AVAILABLE: Json = {"ha_enabled": False, "instance_groups": [{"role_type": "ACTIVE"}]}


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    simulator.control("POST", "settings", {"time_scale": 3000})


class Way(NamedTuple):
    """What a task does to a cluster in a state: its operations, and the state that it reaches."""

    before: str
    options: Json
    operations: list[str]
    reached: str | None = "RUNNING"


SYNC, TERMINATE, SET_AUDIT = "Synchronize Cluster State", "Terminate Cluster", "Set Audit Log"
WAYS = [
    Way("UNKNOWN", {}, [SYNC]),
    Way("UNKNOWN", AUDIT, [SYNC, SET_AUDIT]),
    Way("UNKNOWN", {"state": "stopped"}, [SYNC, "Stop Cluster"], "STOPPED"),
    Way("UNKNOWN", {"state": "absent"}, [SYNC, TERMINATE], None),
    Way("ERROR", {"state": "synced", **AUDIT}, [SYNC, SET_AUDIT]),
    Way("ERROR", {"state": "absent"}, [TERMINATE], None),
    Way("FAILED", {"state": "synced"}, [SYNC]),
    Way("FAILED", {"state": "absent"}, [TERMINATE], None),
    Way("STOPPED", {}, [], "STOPPED"),
    Way("STOPPED", {"state": "synced"}, [], "STOPPED"),
    Way("STOPPED", {"state": "started", **AUDIT}, ["Start Cluster", SET_AUDIT]),
    Way("STOPPED", {"state": "restarted"}, ["Start Cluster"]),
    Way("STOPPED", {"state": "absent"}, [TERMINATE], None),
    Way("RUNNING", {"state": "restarted", **AUDIT}, [SET_AUDIT, "Restart Cluster"]),
]
# What the cluster is on its way to, and the rest as above: the task waits for that before it does anything.
ADOPTIONS = {
    "CREATING": ("RUNNING", [Way("CREATING", AUDIT, [SET_AUDIT]), Way("CREATING", ABSENT, [TERMINATE], None)]),
    "STOPPING": ("STOPPED", [Way("STOPPING", {"state": "started"}, ["Start Cluster"])]),
    "STARTING": ("RUNNING", [Way("STARTING", {"state": "stopped"}, ["Stop Cluster"], "STOPPED")]),
    "TERMINATING": (
        "TERMINATED",
        [Way("TERMINATING", ABSENT, [], None), Way("TERMINATING", ORDERS, ["Create Cluster"])],
    ),
}


def assert_went(predicted: Ran, real: Ran, way: Way, reached: list[str]) -> None:
    """Assert that the dry run told the truth and that the cluster got where it should; ``reached`` are its states."""
    for ran in (predicted, real):
        assert not ran.failed, (way, ran.result)
    assert predicted.writes == []
    assert promised(predicted) == promised(real) == sent(real)
    assert real.operations == way.operations
    assert predicted.changed is real.changed is bool(way.operations)
    assert all(call["status"] == ACCEPTED for call in real.writes)
    assert reached == ([way.reached] if way.reached else []), way


def test_ways_from_rest(play: Play) -> None:
    names = [f"orders{letter}" for letter, _way in zip(LETTERS, WAYS, strict=False)]
    for name, way in zip(names, WAYS, strict=True):
        seed(play.simulator, name=name, service_state=way.before)
    tasks = [
        cluster(name=name, **way.options, check=check)
        for name, way in zip(names, WAYS, strict=True)
        for check in (True, False)
    ]
    ran = play(*tasks)
    for name, way, predicted, real in zip(names, WAYS, ran[::2], ran[1::2], strict=True):
        reached = [shown["service_state"] for shown in all_clusters(play.simulator) if shown["name"] == name]
        assert_went(predicted, real, way, reached)


@pytest.mark.parametrize(
    ("rest", "way"),
    [(rest, way) for rest, ways in ADOPTIONS.values() for way in ways],
    ids=lambda value: " ".join([value.before, *value.operations]) if isinstance(value, Way) else value,
)
def test_ways_from_what_is_under_way(play: Play, rest: str, way: Way) -> None:
    play.simulator.control("POST", "settings", {"time_scale": 1})
    becomes = {"service_state": rest, "after": 3600}
    existing = seed(play.simulator, service_state=way.before, becomes=becomes)
    options = {"name": "orders", **way.options, "wait_timeout": 60}
    tasks = cluster(**options, check=True), cluster(**options, check=False)
    predicted, real = play_until_it_waits(play, *tasks, looks=3)
    assert predicted.result["cluster"]["service_state"] == way.before
    assert_went(predicted, real, way, [shown["service_state"] for shown in all_clusters(play.simulator)])
    if way.options is ORDERS:
        assert real.result["cluster_id"] != existing["id"]


@pytest.mark.parametrize(
    ("options", "operations"),
    [
        ({"state": "stopped"}, [SYNC]),
        ({"state": "restarted"}, [SYNC, "Start Cluster"]),
        ({"state": "started", **AUDIT}, [SYNC, "Start Cluster", SET_AUDIT]),
        (ABSENT, [SYNC, TERMINATE]),
        (AUDIT, [SYNC]),
    ],
    ids=["stopped", "restarted", "started", "absent", "change"],
)
def test_synchronization_that_finds_the_cluster_stopped(play: Play, options: Json, operations: list[str]) -> None:
    seed(play.simulator, service_state="UNKNOWN")
    outcome = {"operation": SYNC, "service_state": "STOPPED", "request": "completed", "applied": True}
    play.simulator.control("POST", "outcomes", outcome)
    (ran,) = play(cluster(name="orders", **options))
    assert [request.operation for request in sent(ran)] == operations
    assert ran.operations == operations
    assert ran.changed
    if options is AUDIT:
        assert "Nothing was changed" not in told(ran, "STOPPED", SET_AUDIT, SYNC)
    else:
        assert not ran.failed, ran.result


class Refusal(NamedTuple):
    """A task that the cluster's state, or what it is, forbids; and the words that the message owes."""

    present: Json
    options: Json
    words: tuple[str, ...]


BOTH_ACTIVE = {
    "instance_groups": [
        {**ORDERS_SHOWN["instance_groups"][0], "instances": [{**server, "role_type": "ACTIVE"} for server in INSTANCES]}
    ]
}
REFUSALS = [
    Refusal({"service_state": "STOPPED"}, AUDIT, ("STOPPED", SET_AUDIT, "state to started")),
    Refusal({"service_state": "STOPPED"}, {"state": "stopped", **AUDIT}, ("STOPPED", SET_AUDIT, "state to started")),
    Refusal({"service_state": "STOPPED"}, {"state": "switched_over"}, ("STOPPED", "state: started")),
    Refusal({"service_state": "FAILED"}, {}, ("FAILED", "state: absent")),
    Refusal({"service_state": "FAILED"}, {"state": "started"}, ("FAILED", "state: absent")),
    Refusal({"service_state": "ERROR"}, {}, ("ERROR", "state: synced")),
    Refusal({"replicas": [{"name": "near"}, {"name": "far"}]}, {"state": "absent"}, ("near (", "far (", "promote")),
    Refusal(BOTH_ACTIVE, {"state": "switched_over"}, ("orders001 is 'ACTIVE', orders002 is 'ACTIVE'", "synced")),
    Refusal(BOTH_ACTIVE, {"state": "switched_over", "active_instance": "orders002"}, ("orders002 is 'ACTIVE'",)),
    Refusal(NOT_AVAILABLE, {"state": "switched_over"}, ("not highly available",)),
    Refusal({}, {"state": "switched_over", "active_instance": "x1"}, ("active_instance", "x1", "orders001, orders002")),
    Refusal({}, {"maintenance_option": {"period_hour": "2"}}, ("maintenance_option", "starting_day_of_week")),
    Refusal({}, {"init_config_option": {"backup_option": {"retention_period_day": 7}}}, ("starting_time_hour",)),
]


def test_refusals(play: Play) -> None:
    names = [f"orders{letter}" for letter, _refusal in zip(LETTERS, REFUSALS, strict=False)]
    for name, refusal in zip(names, REFUSALS, strict=True):
        seed(play.simulator, name=name, **refusal.present)
    before = all_clusters(play.simulator)
    tasks = [cluster(name=name, **refusal.options) for name, refusal in zip(names, REFUSALS, strict=True)]
    check = cluster(name=names[0], **REFUSALS[0].options, check=True)
    *refused, refused_check = play(*tasks, check)
    for refusal, ran in zip(REFUSALS, refused, strict=True):
        told(ran, *refusal.words)
        assert (ran.changed, ran.writes) == (False, []), refusal
    assert refused_check.result["msg"] == refused[0].result["msg"]
    assert all_clusters(play.simulator) == before


def test_former_replicas_do_not_keep_a_cluster(play: Play) -> None:
    """SCP may go on listing replicas that were promoted or terminated."""
    promoted = seed(play.simulator, name="promoted")
    origin = seed(play.simulator)
    listed = {"replicas": [promoted["id"], "0123456789abcdef0123456789abcdef"]}
    play.simulator.control("PATCH", f"clusters/{origin['id']}", listed)

    ended = run_cycle(play, {"name": "orders", "state": "absent"})

    assert ended.real.operations == ["Terminate Cluster"]
    assert [shown["name"] for shown in all_clusters(play.simulator)] == ["promoted"]


def test_name_that_two_clusters_have(play: Play) -> None:
    first, second = seed(play.simulator), seed(play.simulator)
    leaving = seed(play.simulator, name="invoices", service_state="TERMINATING")
    staying = seed(play.simulator, name="invoices")
    # The server's filter finds parts of names, too.
    seed(play.simulator, name="invoicesOld")
    refused, absent, by_id, one_leaves = play(
        cluster(name="orders"),
        cluster(name="orders", state="absent"),
        cluster(cluster_id=second["id"], **AUDIT),
        cluster(name="invoices"),
    )
    for ran in (refused, absent):
        told(ran, "2 clusters named orders", first["id"], second["id"], "cluster_id")
        assert ran.writes == []
    assert by_id.result["cluster_id"] == second["id"]
    assert one_leaves.result["cluster_id"] == staying["id"] != leaving["id"]


def test_cluster_that_is_not_there(play: Play) -> None:
    unknown_id, *others = play(
        cluster(**{**ORDERS, "cluster_id": "nobody"}),
        *(cluster(name="nobody", state=state) for state in ("stopped", "restarted", "switched_over", "synced")),
        cluster(cluster_id="nobody", state="absent"),
        cluster(name="nobody", state="absent"),
        cluster(name="nobody"),
        cluster(**{**ORDERS, "name": "not-for-a-new-one"}),
    )
    *moved, gone_by_id, gone_by_name, incomplete, badly_named = others
    told(unknown_id, "nobody", "cluster_id")
    assert error_of(unknown_id)["status"] == 404
    for ran in moved:
        told(ran, "nobody", "state: present")
        assert error_of(ran)["status"] == 404
    for ran in (gone_by_id, gone_by_name):
        assert (ran.failed, ran.changed) == (False, False)
    told(incomplete, "engine_version", "instance_name_prefix", "subnet_id", "timezone", "init_config_option")
    told(badly_named, "not-for-a-new-one", "3 to 20 letters")
    assert [call for ran in (unknown_id, *others) for call in ran.writes] == []


def test_creation_with_part_of_a_maintenance_window(play: Play) -> None:
    """SCP takes all of it or nothing; a dry run must not promise what a real run then can't do."""
    options = {**ORDERS, "maintenance_option": {"period_hour": "2"}}
    predicted, real = play(cluster(**options, check=True), cluster(**options, check=False))
    assert predicted.failed is real.failed, real.result["msg"]
    assert real.failed or promised(predicted) == sent(real)


def test_patch_that_needs_backups(play: Play) -> None:
    """SCP patches only a cluster with backups; a dry run must not promise what a real run then can't do."""
    seed(play.simulator)
    options = {"name": "orders", "software_version": "10.11.15"}
    predicted, real = play(cluster(**options, check=True), cluster(**options, check=False))
    assert predicted.failed is real.failed, real.result["msg"]
    assert real.failed or promised(predicted) == sent(real)
