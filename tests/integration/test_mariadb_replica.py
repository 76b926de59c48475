# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replicas' whole life: created, changed, promoted, reset, synchronized and terminated."""

from __future__ import annotations

import pytest

from harness.cycle import assert_holds, assert_owed, sent
from harness.failures import error_of, told
from harness.play import Play
from harness.seeds import WINDOW, seed
from harness.simulator import Json, Simulator
from harness.stacks import assert_changed, assert_made, by_name, reads, run_cycles, task
from harness.tasks import info
from harness.trouble import settings

DATA: Json = {"role_type": "DATA", "size_gb": 200, "volume_type": "SSD"}
GROUP: Json = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": [DATA]}
NEAR: Json = {"name": "near-1", "instance_groups": [GROUP]}
FAR: Json = {"name": "far-1", "instance_groups": [{**GROUP, "server_type_name": "db1v4m8"}]}
BOTH: Json = {"cluster_name": "orders", "replicas": [NEAR, FAR]}
SEEDED_GROUP: Json = {**GROUP, "block_storage_groups": [{"role_type": "OS", "size_gb": 104}, DATA]}
PROMOTE, RESET, TERMINATE = "Promote Replica Cluster", "Reset Replica", "Terminate Cluster"


@pytest.fixture(autouse=True)
def fast(simulator: Simulator) -> None:
    settings(simulator, time_scale=6000)


def seeded_replica(name: str, **parts: object) -> Json:
    """Parts of a replica to seed, which is what ``NEAR`` makes."""
    return {"name": name, "ha_enabled": False, "instance_groups": [SEEDED_GROUP], **parts}


def seed_both(simulator: Simulator, **parts: object) -> Json:
    return seed(simulator, replicas=[seeded_replica("near-1"), seeded_replica("far-1")], **parts)


def names(*replicas: str) -> list[Json]:
    return [{"name": name} for name in replicas]


# --- The cycles ------------------------------------------------------------------------------------------------------


def test_creation_of_several_in_one_request(play: Play) -> None:
    origin = seed(play.simulator)
    options = {**BOTH, "allowable_ip_addresses": ["10.0.2.0/24"], "tags": {"team": "commerce"}}

    (made,) = run_cycles(play, "replica", [options])

    assert_made(made)
    (request,) = sent(made.real)
    assert (request.operation, request.method) == ("Create Replica", "POST")
    assert request.path == f"/v1/clusters/{origin['id']}/replicas"
    assert request.body == {
        "allowable_ip_addresses": ["10.0.2.0/24"],
        "replica_count": 2,
        "replicas": [NEAR, FAR],
        "tags": [{"key": "team", "value": "commerce"}],
    }
    assert made.real.result["diff"]["before"] == {"replicas": {}}
    assert set(made.real.result["diff"]["after"]["replicas"]) == {"near-1", "far-1"}
    assert made.predicted.result["replicas"] == []
    shown = by_name(play.simulator)
    assert set(shown) == {"orders", "near-1", "far-1"}
    for ran in (made.real, made.check_again, made.real_again):
        assert ran.result["cluster_id"] == origin["id"]
        assert [replica["name"] for replica in ran.result["replicas"]] == ["near-1", "far-1"]
        assert [replica["id"] for replica in ran.result["replicas"]] == [shown["near-1"]["id"], shown["far-1"]["id"]]
        assert {replica["service_state"] for replica in ran.result["replicas"]} == {"RUNNING"}


def test_changes_of_one_that_exists(play: Play) -> None:
    """Server type, storage, addresses and window of one replica; its origin and the other one stay as they are."""
    origin = seed_both(play.simulator, maintenance_option=WINDOW)
    before = by_name(play.simulator)
    volumes = [{"role_type": "DATA", "size_gb": 304}, {"role_type": "TEMP", "size_gb": 16}]
    options = {
        "cluster_id": origin["id"],
        "replicas": [
            {
                "name": "near-1",
                "instance_groups": [{**GROUP, "server_type_name": "db1v4m8", "block_storage_groups": volumes}],
            }
        ],
        "allowable_ip_addresses": ["10.0.2.0/24", "10.0.3.7"],
        "maintenance_option": {"period_hour": "0.5", "starting_day_of_week": "MON", "starting_time": "0300"},
    }

    (changed,) = run_cycles(play, "replica", [options])

    assert_changed(changed)
    near, group = before["near-1"], before["near-1"]["instance_groups"][0]
    volume = next(one for one in group["block_storage_groups"] if one["role_type"] == "DATA")
    assert [tuple(request) for request in sent(changed.real)] == [
        (
            "Set Security Group Rules",
            "POST",
            f"/v1/clusters/{near['id']}/security-group-rules",
            {"add_ip_addresses": ["10.0.2.0/24", "10.0.3.7/32"], "del_ip_addresses": ["10.0.1.0/24"]},
        ),
        (
            "Set Maintenance",
            "POST",
            f"/v1/clusters/{near['id']}/maintenance",
            {"start_day_of_week": "MON", "start_time": "03", "start_minute": "00", "term_hour": "0.5"},
        ),
        (
            "Set Block Storage Size",
            "POST",
            f"/v1/block-storage-groups/{volume['id']}/resize",
            {"size_gb": 304},
        ),
        (
            "Add Block Storages",
            "POST",
            f"/v1/instance-groups/{group['id']}/block-storage-groups",
            {"role_type": "TEMP", "size_gb": 16, "volume_type": "SSD"},
        ),
        (
            "Set Server Type",
            "POST",
            f"/v1/instance-groups/{group['id']}/resize",
            {"server_type_name": "db1v4m8"},
        ),
    ]
    after = by_name(play.simulator)
    assert (after["orders"], after["far-1"]) == (before["orders"], before["far-1"])
    (shown,) = changed.real.result["replicas"]
    assert_holds(after["near-1"], shown)


def test_both_kinds_at_once(play: Play) -> None:
    """One replica that is there is changed and one that is not is created, the latter in its own request."""
    seed(play.simulator, replicas=[seeded_replica("far-1")])
    (ran,) = run_cycles(play, "replica", [BOTH])
    assert_made(ran)
    assert ran.real.operations == ["Set Server Type", "Create Replica"]
    assert sent(ran.real)[1].body["replicas"] == [NEAR]


def test_termination(play: Play) -> None:
    origin = seed_both(play.simulator)
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}
    options = {**BOTH, "replicas": names("near-1", "nobody", "far-1"), "state": "absent"}

    (gone,) = run_cycles(play, "replica", [options])

    assert_changed(gone)
    assert [tuple(request) for request in sent(gone.real)] == [
        (TERMINATE, "DELETE", f"/v1/clusters/{ids[name]}", None) for name in ("near-1", "far-1")
    ]
    assert gone.real.result["replicas"] == []
    assert list(by_name(play.simulator)) == ["orders"]
    assert gone.real.result["cluster_id"] == origin["id"]


def test_promotion_is_for_good(play: Play) -> None:
    seed_both(play.simulator)
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}

    (promoted,) = run_cycles(play, "replica", [{**BOTH, "state": "promoted"}])

    assert_changed(promoted)
    assert [tuple(request) for request in sent(promoted.real)] == [
        (PROMOTE, "POST", f"/v1/clusters/{ids[name]}/promote", None) for name in ("near-1", "far-1")
    ]
    after = by_name(play.simulator)
    assert after["orders"]["replicas"] == []
    for name in ("near-1", "far-1"):
        assert (after[name]["role_type"], after[name]["origin_cluster_id"]) == ("ORIGIN", None)


@pytest.mark.parametrize(
    ("state", "operation", "path"),
    [
        ("reset", RESET, "{near-1}/reset-replica"),
        ("synced", "Synchronize Replica State", "{orders}/sync-replica-state"),
    ],
)
def test_states_that_act_again(play: Play, state: str, operation: str, path: str) -> None:
    """A reset is of the replica, a synchronization of the origin."""
    settings(play.simulator, durations={RESET: 60})
    trouble = {"replication": {"trouble": "duplicate key"}}
    seed(play.simulator, replicas=[seeded_replica("near-1", **trouble), seeded_replica("far-1")])
    ids = {name: shown["id"] for name, shown in by_name(play.simulator).items()}
    named = {} if state == "synced" else {"replicas": names("near-1")}

    (ran,) = run_cycles(play, "replica", [{"cluster_name": "orders", "state": state, **named}])

    assert_owed(ran, acts_again=True)
    expected = [(operation, "POST", "/v1/clusters/" + path.format(**ids), None)]
    assert [tuple(request) for request in sent(ran.real)] == expected
    assert [tuple(request) for request in sent(ran.real_again)] == expected
    told_of = [replica["name"] for replica in ran.real.result["replicas"]]
    assert sorted(told_of) == (["far-1", "near-1"] if state == "synced" else ["near-1"])


def test_synchronization_without_replicas(play: Play) -> None:
    seed(play.simulator)
    (ran,) = play(task("replica", cluster_name="orders", state="synced"))
    assert (ran.failed, ran.changed, ran.writes, ran.result["replicas"]) == (False, False, [], [])


def test_calls_of_runs_with_nothing_to_do(play: Play) -> None:
    origin = seed_both(play.simulator)
    by_id = {"cluster_id": origin["id"]}
    present, absent, promoted = play(
        task("replica", **by_id, replicas=names("near-1")),
        task("replica", **by_id, replicas=names("nobody"), state="absent"),
        task("replica", cluster_name="orders", replicas=names("near-1")),
    )
    assert reads(present) == ["Show Cluster"] * 3
    # Right after a creation the origin may not show its replica yet, so that its name is looked for.
    assert reads(absent) == [*["Show Cluster"] * 3, "List Clusters", "List Replicas"]
    assert reads(promoted) == ["List Clusters", *["Show Cluster"] * 3]
    assert [ran.writes for ran in (present, absent, promoted)] == [[]] * 3


def test_info(play: Play) -> None:
    trouble = {"replication": {"trouble": "duplicate key"}}
    origin = seed(play.simulator, replicas=[seeded_replica("near-1", **trouble), seeded_replica("far-1")])
    seed(play.simulator, name="alone")
    replica_id = by_name(play.simulator)["near-1"]["id"]

    stale, synced, seen, by_id, none, of_replica, dry, unknown, no_id, both = play(
        info("replica", cluster_name="orders"),
        task("replica", cluster_name="orders", state="synced"),
        info("replica", cluster_name="orders"),
        info("replica", cluster_id=origin["id"]),
        info("replica", cluster_name="alone"),
        info("replica", cluster_id=replica_id),
        {**info("replica", cluster_name="orders"), "check_mode": True},
        info("replica", cluster_name="nobody"),
        info("replica", cluster_id="a/b"),
        info("replica", cluster_id=origin["id"], cluster_name="orders"),
    )

    assert not synced.failed
    states = {
        ran: {one["name"]: one["replica_state"] for one in shown.result["replicas"]}
        for ran, shown in (("stale", stale), ("seen", seen))
    }
    assert states == {
        "stale": {"near-1": "CONNECTED", "far-1": "CONNECTED"},
        "seen": {"near-1": "DISCONNECTED", "far-1": "CONNECTED"},
    }
    assert seen.result["replicas"] == by_id.result["replicas"] == dry.result["replicas"]
    assert reads(by_id) == ["Show Cluster", "List Replicas"]
    assert (none.result["replicas"], of_replica.result["replicas"]) == ([], [])
    told(unknown, "nobody", "cluster_name")
    assert error_of(unknown)["status"] == 404
    told(no_id, "cluster_id is 'a/b', but must be an id")
    assert both.failed
    assert [ran.calls for ran in (no_id, both)] == [[], []]
    assert not any(ran.changed for ran in (stale, seen, by_id, none, of_replica, dry))
