# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read replicas: how they come to be, what they have of their origin, and how they leave it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

BROKEN_RULE = (400, "Dbaas.ValidationError")
WRONG_STATE = (400, "Dbaas.ValidationError.InvalidServiceState")
BUSY = (400, "Dbaas.ValidationError.ExistInprogress")
NOTHING_TO_DO = (409, "Dbaas.Conflict")

DATA = {"role_type": "DATA", "size_gb": 56}
GROUP: dict[str, Any] = {"role_type": "ACTIVE", "server_type_name": "db1v4m8", "block_storage_groups": [DATA]}
CREATION = 900


def wanted(*names: str, **group: Any) -> dict[str, Any]:
    replicas = [{"name": name, "instance_groups": [{**copy.deepcopy(GROUP), **group}]} for name in names]
    return {"allowable_ip_addresses": ["192.0.2.7"], "replica_count": len(names), "replicas": replicas}


def replicas_path(cluster_id: str) -> str:
    return f"/v1/clusters/{cluster_id}/replicas"


def create(api: Any, origin: Any, *names: str, **group: Any) -> Any:
    return api.ok("POST", replicas_path(origin["id"]), wanted(*names, **group))


def test_replicas_are_created_in_one_request(api: Any) -> None:
    origin = api.seed()
    accepted = create(api, origin, "first", "second")
    ids = api.detail(origin["id"])["replicas"]
    assert accepted["resource"] == {"id": ids[0]}
    assert (api.state(origin["id"]), *map(api.state, ids)) == ("EDITING", "CREATING", "CREATING")
    api.pass_time(CREATION - 1)
    assert api.refused("POST", f"/v1/clusters/{origin['id']}/stop") == BUSY
    assert api.refused("DELETE", f"/v1/clusters/{ids[1]}") == WRONG_STATE
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "IN_PROGRESS"
    api.pass_time(1)
    assert (api.state(origin["id"]), *map(api.state, ids)) == ("RUNNING", "RUNNING", "RUNNING")
    assert [api.detail(replica_id)["name"] for replica_id in ids] == ["first", "second"]
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "COMPLETED"


def test_what_a_replica_has_of_its_origin(api: Any) -> None:
    volumes = [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 56, "volume_type": "HDD"}]
    origin = api.seed(
        software_version="11.4.7",
        subnet_id="subnet-1",
        init_config_option={"database_name": "ledger"},
        instance_groups=[{"block_storage_groups": volumes}],
        parameters={"wait_timeout": "77"},
    )
    volumes = [{**DATA, "volume_type": "HDD"}, {"role_type": "TEMP", "size_gb": 16, "volume_type": "HDD"}]
    replica_id = create(api, origin, "first", block_storage_groups=volumes)
    api.pass_time(CREATION)
    replica = api.detail(replica_id["resource"]["id"])
    assert (replica["role_type"], replica["origin_cluster_id"], replica["replicas"]) == ("REPLICA", origin["id"], [])
    assert (replica["software_version"], replica["subnet_id"]) == ("11.4.7", "subnet-1")
    assert replica["dbaas_engine_version_name"] == "MariaDB Community 11.4.7"
    assert replica["init_config_option"]["database_name"] == "ledger"
    assert replica["allowable_ip_addresses"] == ["192.0.2.7/32"]
    group = replica["instance_groups"][0]
    assert [(item["role_type"], item["size_gb"], item["volume_type"]) for item in group["block_storage_groups"]] == [
        ("OS", 104, "SSD"),
        ("DATA", 56, "HDD"),
        ("TEMP", 16, "HDD"),
    ]
    assert (group["server_type_name"], group["instances"][0]["name"]) == ("db1v4m8", "first001")
    assert group["instances"][0]["service_ip_address"]
    values = api.ok("GET", f"/v1/clusters/{replica['id']}/parameters")["contents"]
    assert next(item for item in values if item["name"] == "wait_timeout")["applied_value"] == "77"


def test_a_replica_can_be_highly_available(api: Any) -> None:
    accepted = create(api, api.seed(), "first", role_type="ACTIVE_STANDBY")
    replica = api.detail(accepted["resource"]["id"])
    assert (replica["ha_enabled"], replica["instance_count"]) == (True, 2)


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ({"block_storage_groups": [DATA, {"role_type": "OS", "size_gb": 104}]}, ".InvalidBlockStorageRoleType"),
        ({"block_storage_groups": [DATA, {"role_type": "BACKUP", "size_gb": 16}]}, ".InvalidBlockStorageRoleType"),
        ({"block_storage_groups": [{"role_type": "TEMP", "size_gb": 16}]}, ".InvalidBlockStorageDataDiskCount"),
        ({"block_storage_groups": [{**DATA, "volume_type": "HDD"}]}, ""),
        ({"block_storage_groups": [DATA] * 9}, ""),
        ({"server_type_name": "db9v9m9"}, ""),
        ({"role_type": "ACTIVE_STANDBY", "instances": [{"role_type": "ACTIVE"}]}, ""),
    ],
)
def test_groups_of_a_replica(api: Any, group: Any, kind: str) -> None:
    origin = api.seed()
    refusal = api.refused("POST", replicas_path(origin["id"]), wanted("first", **group))
    assert refusal == (400, f"Dbaas.ValidationError{kind}")
    assert api.detail(origin["id"])["replicas"] == []


def test_a_replica_has_at_most_nine_volumes(api: Any) -> None:
    create(api, api.seed(), "first", block_storage_groups=[DATA] * 8)


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (["first", "first"], {}),
        (["taken"], {}),
        (["other"], {}),
        (["first"], {"replica_count": 2}),
        (["first"], {"maintenance_option": {"period_hour": "1"}}),
        (["first", "second", "third", "fourth", "fifth"], {}),
    ],
)
def test_requests_that_cannot_be(api: Any, names: list[str], changes: Any) -> None:
    origin = api.seed(replicas=[{"name": "taken"}])
    api.seed(name="other")
    assert api.refused("POST", replicas_path(origin["id"]), {**wanted(*names), **changes}) == BROKEN_RULE


def test_the_name_of_a_terminated_replica_is_free(api: Any) -> None:
    origin = api.seed(replicas=[{"name": "first"}])
    api.ok("DELETE", f"/v1/clusters/{origin['replicas'][0]}")
    assert api.refused("POST", replicas_path(origin["id"]), wanted("first")) == BROKEN_RULE
    api.pass_time(210)
    create(api, origin, "first")


@pytest.mark.parametrize("name", ["Capital", "ends-", "1digit", "x", "far-too-long-a-name1"])
def test_names_of_replicas(api: Any, name: str) -> None:
    assert api.refused("POST", replicas_path(api.seed()["id"]), wanted(name)) == (400, "ValidationError")


def test_five_replicas_are_possible(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    create(api, origin, "second", "third", "fourth", "fifth")
    assert len(api.detail(origin["id"])["replicas"]) == 5


def test_a_service_address_cannot_be_had_twice(api: Any) -> None:
    instances = [{"role_type": "ACTIVE", "service_ip_address": "192.168.1.10"}]
    origin = api.seed()
    body = wanted("first", "second", instances=instances)
    assert api.refused("POST", replicas_path(origin["id"]), body) == BROKEN_RULE


def test_a_replica_has_no_replicas(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    assert api.refused("POST", replicas_path(origin["replicas"][0]), wanted("first")) == BROKEN_RULE


@pytest.mark.parametrize("state", ["STOPPED", "UNKNOWN", "CREATING"])
def test_the_origin_has_to_run(api: Any, state: str) -> None:
    assert api.refused("POST", replicas_path(api.seed(service_state=state)["id"]), wanted("first")) == WRONG_STATE


def test_the_origin_is_read_stale_and_its_replicas_are_not(api: Any) -> None:
    api.control("POST", "settings", {"stale_reads": 1})
    origin = api.seed()
    accepted = create(api, origin, "first")
    seen = [api.detail(origin["id"]) for attempt in range(2)]
    assert [(item["service_state"], len(item["replicas"])) for item in seen] == [("RUNNING", 0), ("EDITING", 1)]
    assert api.state(accepted["resource"]["id"]) == "CREATING"


def test_each_replica_takes_an_outcome_of_its_own(api: Any) -> None:
    origin = api.seed()
    api.control("POST", "outcomes", {"operation": "Create Replica", "skip": 1, "service_state": "FAILED"})
    accepted = create(api, origin, "first", "second", "third")
    api.pass_time(CREATION)
    detail = api.detail(origin["id"])
    assert detail["service_state"] == "RUNNING"
    assert [api.state(replica_id) for replica_id in detail["replicas"]] == ["RUNNING", "FAILED", "RUNNING"]
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "FAILED"
    api.ok("DELETE", f"/v1/clusters/{detail['replicas'][1]}")
    api.pass_time(210)
    assert api.detail(origin["id"])["replicas"] == [detail["replicas"][0], detail["replicas"][2]]


def listed(api: Any, origin_id: str) -> Any:
    return api.ok("GET", replicas_path(origin_id))


def test_the_list_of_replicas(api: Any) -> None:
    origin = api.seed()
    assert listed(api, origin["id"]) == {"contents": [], "count": 0}
    create(api, origin, "first")
    found = listed(api, origin["id"])
    assert found["count"] == 1
    assert found["contents"] == [
        {"name": "first", "region": "kr-west1", "replica_state": None, "replica_state_detail": None, "synced_at": None}
    ]
    api.pass_time(CREATION)
    item = listed(api, origin["id"])["contents"][0]
    assert (item["replica_state"], item["replica_state_detail"]) == ("CONNECTED", None)
    assert item["synced_at"].endswith("Z")


def test_a_synchronization_shows_what_is_true_of_the_replicas(api: Any) -> None:
    origin = api.seed(
        replicas=[{"service_state": "STOPPED"}, {"replication": {"trouble": "duplicate key", "synced_at": "long ago"}}]
    )
    assert listed(api, origin["id"])["contents"][1]["replica_state"] == "CONNECTED"
    api.ok("POST", f"/v1/clusters/{origin['id']}/sync-replica-state")
    api.pass_time(10)
    stopped, broken = listed(api, origin["id"])["contents"]
    assert (stopped["replica_state"], stopped["replica_state_detail"]) == ("DISCONNECTED", "the replica is STOPPED")
    assert (broken["replica_state"], broken["replica_state_detail"]) == ("DISCONNECTED", "duplicate key")
    assert broken["synced_at"] != "long ago"


def test_a_synchronization_takes_the_origin_and_a_reset_the_replica(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    replica_id = origin["replicas"][0]
    assert api.refused("POST", f"/v1/clusters/{replica_id}/sync-replica-state") == BROKEN_RULE
    assert api.refused("POST", f"/v1/clusters/{origin['id']}/reset-replica") == BROKEN_RULE
    assert api.refused("POST", f"/v1/clusters/{api.seed()['id']}/sync-replica-state") == NOTHING_TO_DO


@pytest.mark.parametrize("state", ["RUNNING", "ERROR", "UNKNOWN"])
def test_a_reset_makes_a_replica_follow_again(api: Any, state: str) -> None:
    origin = api.seed(replicas=[{"service_state": state, "replication": {"trouble": "duplicate key"}}])
    replica_id = origin["replicas"][0]
    api.ok("POST", f"/v1/clusters/{replica_id}/reset-replica")
    assert api.state(origin["id"]) == "RUNNING"
    api.pass_time(300)
    assert api.state(replica_id) == "RUNNING"
    assert listed(api, origin["id"])["contents"][0]["replica_state"] == "CONNECTED"


def test_a_reset_copies_from_an_origin_that_runs(api: Any) -> None:
    origin = api.seed(service_state="STOPPED", replicas=[{}])
    assert api.refused("POST", f"/v1/clusters/{origin['replicas'][0]}/reset-replica") == WRONG_STATE


@pytest.mark.parametrize("state", ["RUNNING", "STOPPED", "ERROR", "UNKNOWN", "FAILED", "EDITING"])
def test_a_replica_is_promoted_whatever_became_of_its_origin(api: Any, state: str) -> None:
    origin = api.seed(service_state=state, replicas=[{}, {}])
    first, second = origin["replicas"]
    accepted = api.ok("POST", f"/v1/clusters/{first}/promote")
    assert accepted["resource"] == {"id": first}
    assert api.detail(first)["role_type"] == "REPLICA"
    api.pass_time(120)
    promoted = api.detail(first)
    assert (promoted["role_type"], promoted["origin_cluster_id"]) == ("ORIGIN", None)
    assert promoted["service_state"] == "RUNNING"
    detail = api.detail(origin["id"])
    assert (detail["replicas"], detail["service_state"]) == ([second], state)
    assert listed(api, origin["id"])["count"] == 1


def test_a_promoted_replica_has_a_life_of_its_own(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    promoted = origin["replicas"][0]
    api.ok("POST", f"/v1/clusters/{promoted}/promote")
    api.pass_time(120)
    assert api.refused("POST", f"/v1/clusters/{promoted}/promote") == BROKEN_RULE
    create(api, {"id": promoted}, "first")
    api.ok("DELETE", f"/v1/clusters/{origin['id']}")


@pytest.mark.parametrize("role", ["ORIGIN", "RECOVERY"])
def test_only_replicas_are_promoted(api: Any, role: str) -> None:
    assert api.refused("POST", f"/v1/clusters/{api.seed(role_type=role)['id']}/promote") == BROKEN_RULE


def test_a_promotion_can_fail(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    api.control("POST", "outcomes", {"operation": "Promote Replica Cluster", "service_state": "ERROR"})
    api.ok("POST", f"/v1/clusters/{origin['replicas'][0]}/promote")
    api.pass_time(120)
    replica = api.detail(origin["replicas"][0])
    assert (replica["service_state"], replica["role_type"]) == ("ERROR", "REPLICA")
    assert api.detail(origin["id"])["replicas"] == origin["replicas"]
