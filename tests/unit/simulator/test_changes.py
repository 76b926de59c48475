# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of a cluster: which states they go through, what they show afterwards, when they are refused."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.parameters import group_of

WRONG_STATE = (400, "Dbaas.ValidationError.InvalidServiceState")
BUSY = (400, "Dbaas.ValidationError.ExistInprogress")
BROKEN_RULE = (400, "Dbaas.ValidationError")
WRONG_ROLE = (400, "Dbaas.ValidationError.InvalidBlockStorageRoleType")
MISSING = (404, "Dbaas.NotFound")

BACKUP = {"archive_frequency_minute": "30", "retention_period_day": "14", "starting_time_hour": "4"}
MAINTENANCE = {"start_day_of_week": "TUE", "start_time": "03", "start_minute": "30", "term_hour": "2"}
PATCH = {"software_version": "10.11.15", "backup_before_upgrade": True}
NULLS = {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}
WITH_HISTORY = {"backup_histories": [{"backup_history_number": "1"}]}
WITH_LOG_EXPORT = {"log_exports": [{"log_type": "alert"}]}
WITH_BACKUP = {"init_config_option": {"backup_option": BACKUP}}

WAIT_TIMEOUT = {
    "id": group_of("10.11.9").by_name("wait_timeout").id,  # type: ignore[union-attr]
    "new_value": "600",
    "old_value": "28800",
}
LOG_EXPORT_CHANGE = {
    "access_key": "unsafe-ak",
    "delete_on_export": True,
    "schedule_day_of_month": None,
    "schedule_day_of_week": None,
    "schedule_frequency_type": "DAY",
    "schedule_hour": "4",
    "secret_key": "unsafe-sk",
}
LOG_EXPORT = {**LOG_EXPORT_CHANGE, "bucket_name": "logs", "log_type": "alert"}
# A replica can be copied anew although it is lost.
ALSO_ELSEWHERE = ("", "start", "sync-state", "reset-replica")

# method, path behind the cluster's, body, parts of the cluster before, state during, seconds, state after
CHANGES: list[Any] = [
    ("POST", "start", None, {"service_state": "STOPPED"}, "STARTING", 180, "RUNNING"),
    ("POST", "stop", None, {}, "STOPPING", 120, "STOPPED"),
    ("POST", "restart", None, {}, "RESTARTING", 120, "RUNNING"),
    ("POST", "switchover", None, {"ha_enabled": True}, "EDITING", 60, "RUNNING"),
    ("POST", "sync-state", None, {"service_state": "UNKNOWN"}, "SYNCHRONIZING", 30, "RUNNING"),
    ("POST", "sync-state", None, {"service_state": "STOPPED"}, "SYNCHRONIZING", 30, "STOPPED"),
    ("PUT", "audit-log", {"use_audit_log": True}, {}, "EDITING", 60, "RUNNING"),
    ("POST", "backups", BACKUP, {}, "EDITING", 60, "RUNNING"),
    ("DELETE", "backups", None, {}, "EDITING", 60, "RUNNING"),
    ("POST", "maintenance", MAINTENANCE, {}, "EDITING", 10, "RUNNING"),
    ("DELETE", "maintenance", None, {}, "EDITING", 10, "RUNNING"),
    ("POST", "security-group-rules", {"add_ip_addresses": ["192.0.2.1"]}, {}, "EDITING", 20, "RUNNING"),
    ("PUT", "patch", PATCH, WITH_BACKUP, "UPGRADING", 480, "RUNNING"),
    ("DELETE", "", None, {}, "TERMINATING", 210, "TERMINATED"),
    ("POST", "promote", None, {"role_type": "REPLICA"}, "EDITING", 120, "RUNNING"),
    ("POST", "reset-replica", None, {"role_type": "REPLICA"}, "EDITING", 300, "RUNNING"),
    ("POST", "sync-replica-state", None, {"replicas": [{}]}, "SYNCHRONIZING", 10, "RUNNING"),
    ("PUT", "archive", {"archive_enabled": False}, {}, "EDITING", 60, "RUNNING"),
    ("POST", "archive/sync", None, {}, "SYNCHRONIZING", 10, "RUNNING"),
    ("PUT", "backup-histories", {"backup_history_number": ["1"]}, WITH_HISTORY, "EDITING", 30, "RUNNING"),
    ("PUT", "parameters", {"parameters": [WAIT_TIMEOUT]}, {}, "EDITING", 60, "RUNNING"),
    ("POST", "parameters/sync", None, {}, "SYNCHRONIZING", 10, "RUNNING"),
    ("POST", "log-export-configs", LOG_EXPORT, {}, "EDITING", 20, "RUNNING"),
    ("PUT", "log-export-configs/alert", LOG_EXPORT_CHANGE, WITH_LOG_EXPORT, "EDITING", 20, "RUNNING"),
    ("POST", "log-export-configs/alert/export", None, WITH_LOG_EXPORT, "EDITING", 30, "RUNNING"),
    ("DELETE", "log-export-configs/alert", None, WITH_LOG_EXPORT, "EDITING", 20, "RUNNING"),
]


def path_of(cluster: Any, rest: str = "") -> str:
    return f"/v1/clusters/{cluster['id']}/{rest}".rstrip("/")


@pytest.mark.parametrize(("method", "rest", "body", "before", "during", "seconds", "after"), CHANGES)
def test_states_on_the_way(
    api: Any, method: str, rest: str, body: Any, before: Any, during: str, seconds: float, after: str
) -> None:
    cluster = api.seed(**before)
    accepted = api.ok(method, path_of(cluster, rest), body)
    assert accepted["resource"] == {"id": cluster["id"]}
    api.pass_time(seconds - 1)
    detail = api.detail(cluster["id"])
    assert detail["service_state"] == during
    assert {item["service_state"] for item in detail["instance_groups"][0]["instances"]} == {during}
    assert api.refused("POST", path_of(cluster, "stop")) == BUSY
    api.pass_time(1)
    assert api.state(cluster["id"]) == after
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "COMPLETED"


RESIZE = [("instance-groups", "resize", {"server_type_name": "db1v4m8"}, 330)]
RESIZE += [("instance-groups", "block-storage-groups", {"role_type": "DATA", "size_gb": 16, "volume_type": "SSD"}, 300)]
RESIZE += [("block-storage-groups", "resize", {"size_gb": 5120}, 300)]


@pytest.mark.parametrize(("method", "rest", "body", "before", "during", "seconds", "after"), CHANGES)
def test_a_change_under_way_is_part_of_a_snapshot(
    api: Any, method: str, rest: str, body: Any, before: Any, during: str, seconds: float, after: str
) -> None:
    cluster = api.seed(**before)
    request_id = api.ok(method, path_of(cluster, rest), body)["request_id"]
    assert_happens_again(api, cluster["id"], request_id, during, seconds, after)


@pytest.mark.parametrize(("folder", "rest", "body", "seconds"), RESIZE)
def test_hardware_under_way_is_part_of_a_snapshot(api: Any, folder: str, rest: str, body: Any, seconds: float) -> None:
    cluster = api.seed()
    group = cluster["instance_groups"][0]
    part = group if folder == "instance-groups" else group["block_storage_groups"][1]
    request_id = api.ok("POST", f"/v1/{folder}/{part['id']}/{rest}", body)["request_id"]
    assert_happens_again(api, cluster["id"], request_id, "EDITING", seconds, "RUNNING")


def test_a_snapshot_holds_the_calls_and_the_faults(api: Any) -> None:
    api.call("GET", "/v1/clusters")
    api.control("POST", "faults", {"operation": "Stop Cluster", "kind": "status"})
    api.control("POST", "snapshot")
    api.call("POST", "/v1/clusters/x/stop")
    api.control("DELETE", "faults")
    for _time in range(2):
        api.control("POST", "restore")
        assert [call["operation"] for call in api.control("GET", "calls")["calls"]] == ["List Clusters"]
        assert len(api.control("GET", "faults")["faults"]) == 1
        api.call("POST", "/v1/clusters/x/stop")


def test_there_is_nothing_to_return_to_without_a_snapshot(api: Any) -> None:
    assert api.http.post("/_simulator/restore").status_code == 404


def assert_happens_again(api: Any, cluster_id: str, request_id: str, during: str, seconds: float, after: str) -> None:
    """Let a change end, return to a moment before that, and let it end once more."""
    api.pass_time(seconds - 1)
    api.control("POST", "snapshot")
    ends = []
    for _time in range(3):
        assert api.state(cluster_id) == during
        assert api.ok("GET", f"/v1/requests/{request_id}")["state"] == "IN_PROGRESS"
        api.pass_time(1)
        (cluster,) = [cluster for cluster in api.control("GET", "clusters")["clusters"] if cluster["id"] == cluster_id]
        assert cluster["service_state"] == after
        ends.append((cluster, *shown_beside(api, cluster_id)))
        assert api.ok("GET", f"/v1/requests/{request_id}")["state"] == "COMPLETED"
        api.control("POST", "restore")
    assert ends[0] == ends[1] == ends[2]


def shown_beside(api: Any, cluster_id: str) -> list[Any]:
    """What other reads show of a cluster; a terminated one is gone."""
    reads = ("archive", "backup-histories", "log-export-configs", "parameters", "replicas")
    return [api.call("GET", f"/v1/clusters/{cluster_id}/{read}").json().get("contents") for read in reads]


@pytest.mark.parametrize(("method", "rest", "body"), [change[:3] for change in CHANGES if change[1]])
def test_an_unknown_cluster_cannot_be_changed(api: Any, method: str, rest: str, body: Any) -> None:
    assert api.refused(method, f"/v1/clusters/nothing/{rest}", body) == MISSING


@pytest.mark.parametrize(
    ("method", "rest", "body", "parts"),
    [change[:4] for change in CHANGES if change[1] not in ALSO_ELSEWHERE],
)
def test_most_changes_need_a_running_cluster(api: Any, method: str, rest: str, body: Any, parts: Any) -> None:
    for state in ("STOPPED", "UNKNOWN", "FAILED", "CREATING"):
        cluster = api.seed(**{**parts, "service_state": state})
        assert api.refused(method, path_of(cluster, rest), body) == WRONG_STATE


def test_starting_needs_a_stopped_cluster(api: Any) -> None:
    assert api.refused("POST", path_of(api.seed(), "start")) == WRONG_STATE


@pytest.mark.parametrize("state", ["UNKNOWN", "ERROR", "FAILED", "RUNNING"])
def test_synchronizing_leads_back_to_running(api: Any, state: str) -> None:
    cluster = api.seed(service_state=state)
    api.ok("POST", path_of(cluster, "sync-state"))
    api.pass_time(30)
    assert api.state(cluster["id"]) == "RUNNING"


def test_a_change_is_visible_when_it_is_done(api: Any) -> None:
    cluster = api.seed()
    api.ok("PUT", path_of(cluster, "audit-log"), {"use_audit_log": True})
    assert api.detail(cluster["id"])["init_config_option"]["audit_enabled"] is False
    api.pass_time(60)
    assert api.detail(cluster["id"])["init_config_option"]["audit_enabled"] is True


def test_backup_is_set_and_unset(api: Any) -> None:
    cluster = api.seed()
    api.ok("POST", path_of(cluster, "backups"), BACKUP)
    api.pass_time(60)
    assert api.detail(cluster["id"])["init_config_option"]["backup_option"] == BACKUP
    api.ok("DELETE", path_of(cluster, "backups"))
    api.pass_time(60)
    assert api.detail(cluster["id"])["init_config_option"]["backup_option"] == NULLS


def test_maintenance_reads_differently_from_how_it_was_set(api: Any) -> None:
    cluster = api.seed()
    unset = cluster["maintenance_option"]
    api.ok("POST", path_of(cluster, "maintenance"), MAINTENANCE)
    api.pass_time(10)
    assert api.detail(cluster["id"])["maintenance_option"] == {
        "period_hour": "2",
        "starting_day_of_week": "TUE",
        "starting_time": "0330",
        "use_maintenance_option": True,
    }
    api.ok("DELETE", path_of(cluster, "maintenance"))
    api.pass_time(10)
    assert api.detail(cluster["id"])["maintenance_option"] == unset
    assert unset["use_maintenance_option"] is False


def test_security_group_rules(api: Any) -> None:
    cluster = api.seed(allowable_ip_addresses=["192.0.2.1/32", "192.0.2.2/32"])
    body = {"add_ip_addresses": ["192.0.2.2", "192.0.2.64/26"], "del_ip_addresses": ["192.0.2.1"]}
    api.ok("POST", path_of(cluster, "security-group-rules"), body)
    api.pass_time(20)
    assert api.detail(cluster["id"])["allowable_ip_addresses"] == ["192.0.2.2/32", "192.0.2.64/26"]
    nothings: list[Any] = [{}, {"add_ip_addresses": [], "del_ip_addresses": []}]
    for nothing in nothings:
        assert api.refused("POST", path_of(cluster, "security-group-rules"), nothing) == BROKEN_RULE


def test_switchover_swaps_the_roles(api: Any) -> None:
    cluster = api.seed(ha_enabled=True)
    api.ok("POST", path_of(cluster, "switchover"))
    api.pass_time(60)
    instances = api.detail(cluster["id"])["instance_groups"][0]["instances"]
    assert [(item["name"][-3:], item["role_type"]) for item in instances] == [("001", "STANDBY"), ("002", "ACTIVE")]


def test_switchover_needs_ha(api: Any) -> None:
    assert api.refused("POST", path_of(api.seed(), "switchover")) == MISSING


@pytest.mark.parametrize(
    ("present", "wanted", "parts"),
    [
        ("10.11.9", "10.11.9", WITH_BACKUP),
        ("10.11.9", "10.11.8", WITH_BACKUP),
        ("10.11.9", "11.4.7", WITH_BACKUP),
        ("10.11.9", "10.11.99", WITH_BACKUP),
        ("10.11.9", "8.0.40", WITH_BACKUP),
        ("10.11.9", "10.11.15", {}),
    ],
)
def test_patches_that_cannot_be(api: Any, present: str, wanted: str, parts: Any) -> None:
    cluster = api.seed(software_version=present, **parts)
    body = {"software_version": wanted, "backup_before_upgrade": False}
    assert api.refused("PUT", path_of(cluster, "patch"), body) == BROKEN_RULE


def test_a_patch_changes_the_version(api: Any) -> None:
    cluster = api.seed(software_version="10.11.8", **WITH_BACKUP)
    api.ok("PUT", path_of(cluster, "patch"), PATCH)
    api.pass_time(480)
    detail = api.detail(cluster["id"])
    assert (detail["software_version"], detail["dbaas_engine_version_name"][-8:]) == ("10.11.15", "10.11.15")


def test_replicas_are_patched_first(api: Any) -> None:
    origin = api.seed(replicas=[{}], **WITH_BACKUP)
    assert api.refused("PUT", path_of(origin, "patch"), PATCH) == BROKEN_RULE
    api.ok("PUT", f"/v1/clusters/{origin['replicas'][0]}/patch", PATCH)
    api.pass_time(480)
    api.ok("PUT", path_of(origin, "patch"), PATCH)


def test_the_server_type_changes(api: Any) -> None:
    cluster = api.seed()
    path = f"/v1/instance-groups/{cluster['instance_groups'][0]['id']}/resize"
    assert api.refused("POST", path, {"server_type_name": "db1v2m4"}) == BROKEN_RULE
    assert api.refused("POST", path, {"server_type_name": "db9v9m9"}) == BROKEN_RULE
    accepted = api.ok("POST", path, {"server_type_name": "db2v4m8"})
    assert accepted["resource"] == {"id": cluster["id"]}
    api.pass_time(330)
    assert api.detail(cluster["id"])["instance_groups"][0]["server_type_name"] == "db2v4m8"


def test_a_volume_grows(api: Any) -> None:
    cluster = api.seed()
    os_volume, data = cluster["instance_groups"][0]["block_storage_groups"]
    for volume, size, kind in (
        (os_volume, 208, "InvalidBlockStorageRoleType"),
        (data, 56, "InvalidBlockStorageSize"),
        (data, 48, "InvalidBlockStorageSize"),
    ):
        path = f"/v1/block-storage-groups/{volume['id']}/resize"
        assert api.refused("POST", path, {"size_gb": size}) == (400, f"Dbaas.ValidationError.{kind}")
    api.ok("POST", f"/v1/block-storage-groups/{data['id']}/resize", {"size_gb": 64})
    api.pass_time(300)
    assert api.detail(cluster["id"])["instance_groups"][0]["block_storage_groups"][1]["size_gb"] == 64


def test_volumes_are_added_one_by_one_up_to_nine(api: Any) -> None:
    cluster = api.seed()
    path = f"/v1/instance-groups/{cluster['instance_groups'][0]['id']}/block-storage-groups"
    body = {"role_type": "DATA", "size_gb": 16}
    assert api.refused("POST", path, {**body, "role_type": "OS"}) == WRONG_ROLE
    for count in range(3, 10):
        api.ok("POST", path, body)
        api.pass_time(300)
        volumes = api.detail(cluster["id"])["instance_groups"][0]["block_storage_groups"]
        assert len(volumes) == len({volume["id"] for volume in volumes}) == count
        assert volumes[-1]["volume_type"] == "SSD"
    assert api.refused("POST", path, body) == BROKEN_RULE


def test_unknown_groups_and_volumes(api: Any) -> None:
    assert api.refused("POST", "/v1/instance-groups/x/resize", {"server_type_name": "db1v1m2"}) == MISSING
    assert api.refused("POST", "/v1/block-storage-groups/x/resize", {"size_gb": 16}) == MISSING
    body = {"role_type": "DATA", "size_gb": 16}
    assert api.refused("POST", "/v1/instance-groups/x/block-storage-groups", body) == MISSING


def test_engine_versions(api: Any) -> None:
    def versions(query: str) -> list[str]:
        return [item["software_version"] for item in api.ok("GET", f"/v1/engine-versions{query}")["contents"]]

    mariadb = "?product_image_type=MariaDB%20Community"
    assert versions(mariadb) == ["10.11.8", "10.11.9", "10.11.15", "11.4.7", "11.4.10"]
    assert "10.6.21" in versions(f"{mariadb}&eos_included=true")
    assert "8.0.40" in versions("")
    assert versions("?id=1cd2c28ba72447daaaf7e4d7e8dd720b") == ["10.11.9"]
    assert api.refused("GET", "/v1/engine-versions?product_image_type=Oracle") == (400, "ValidationError")


def test_engine_version_properties(api: Any) -> None:
    properties = api.ok("GET", "/v1/engine-versions/1cd2c28ba72447daaaf7e4d7e8dd720b/properties")["contents"]
    assert {"name": "database_character_set", "value": "utf8"} in properties
    assert api.refused("GET", "/v1/engine-versions/nothing/properties") == MISSING


def test_server_types(api: Any) -> None:
    found = api.ok("GET", "/v1/server-types?name=db1v2m4")["contents"]
    assert {item["product_image_type"] for item in found} == {"MariaDB Community", "MySQL Community"}
    found = api.ok("GET", "/v1/server-types?product_image_type=MariaDB%20Community")["contents"]
    names = [item["name"] for item in found]
    assert len(names) == len(set(names))
    assert {"db1v1m2", "db2v16m64"} <= set(names)
    assert (found[0]["cpu_core"], found[0]["memory_gb"]) == (1, 2)
