# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups: what a policy takes as time goes by, what can be removed, and clusters restored from it."""

from __future__ import annotations

import time
from typing import Any

import pytest

BROKEN_RULE = (400, "Dbaas.ValidationError")
WRONG_STATE = (400, "Dbaas.ValidationError.InvalidServiceState")
BUSY = (400, "Dbaas.ValidationError.ExistInprogress")

HOUR = 3600
DAY = 24 * HOUR
POLICY = {"archive_frequency_minute": "30", "retention_period_day": "7", "starting_time_hour": "4"}
WITH_POLICY = {"init_config_option": {"backup_option": POLICY}}
RESTORE = {"instance_name_prefix": "again", "name": "restored", "server_type_name": "db1v2m4"}
CREATION = 900


def list_of(api: Any, cluster: Any, query: str = "") -> Any:
    return api.ok("GET", f"/v1/clusters/{cluster['id']}/backup-histories{query}")


def numbers(api: Any, cluster: Any, query: str = "") -> list[str]:
    return [item["backup_history_number"] for item in list_of(api, cluster, query)["contents"]]


def now(api: Any) -> float:
    return float(api.simulation.clock.now())


def at(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def to_hour(api: Any, hour: int) -> None:
    """Let time pass until shortly after the hour begins the next time."""
    api.pass_time((hour * HOUR - now(api)) % DAY + 1)


def test_a_policy_takes_a_backup_each_day(api: Any) -> None:
    cluster = api.seed(**WITH_POLICY)
    assert list_of(api, cluster) == {"contents": [], "total_count": 0}
    to_hour(api, 4)
    begun = list_of(api, cluster)["contents"][0]
    assert begun["backup_history_number"] == time.strftime("%Y%m%d0400", time.gmtime(now(api)))
    assert (begun["backup_state"], begun["backup_end_at"]) == ("IN_PROGRESS", "")
    api.pass_time(600)
    ended = list_of(api, cluster)["contents"][0]
    assert (ended["backup_state"], ended["software_version"]) == ("COMPLETED", "10.11.9")
    assert ended["backup_start_at"].endswith("T04:00:00Z")
    assert ended["backup_end_at"].endswith("T04:10:00Z")
    api.pass_time(2 * DAY)
    found = numbers(api, cluster)
    assert len(found) == 3
    assert found == sorted(found, reverse=True)


def test_backups_are_kept_as_long_as_the_policy_said(api: Any) -> None:
    cluster = api.seed(**WITH_POLICY)
    to_hour(api, 4)
    api.pass_time(20 * DAY)
    assert list_of(api, cluster)["total_count"] == 7
    api.ok("DELETE", f"/v1/clusters/{cluster['id']}/backups")
    api.pass_time(2 * DAY)
    assert list_of(api, cluster)["total_count"] == 5


@pytest.mark.parametrize("parts", [{}, {**WITH_POLICY, "service_state": "STOPPED"}])
def test_when_no_backup_is_taken(api: Any, parts: Any) -> None:
    cluster = api.seed(**parts)
    api.pass_time(3 * DAY)
    assert list_of(api, cluster)["total_count"] == 0


def test_a_policy_begins_when_it_is_set(api: Any) -> None:
    cluster = api.seed()
    api.pass_time(3 * DAY)
    api.ok("POST", f"/v1/clusters/{cluster['id']}/backups", POLICY)
    api.pass_time(60)
    to_hour(api, 4)
    assert list_of(api, cluster)["total_count"] == 1


def test_a_jump_of_the_clock_takes_no_backups_of_a_cluster_that_was_not_there_yet(api: Any) -> None:
    cluster = api.seed(**WITH_POLICY, service_state="CREATING", becomes={"service_state": "RUNNING", "after": 3 * DAY})
    api.pass_time(5 * DAY)
    assert list_of(api, cluster)["total_count"] == 2


def test_seeded_histories_are_shown_as_they_are(api: Any) -> None:
    history = {
        "backup_end_at": "2025-01-01T01:30:00Z",
        "backup_history_number": "202501010000",
        "backup_size_gb": 3.5,
        "backup_start_at": "2025-01-01T00:00:00Z",
        "backup_state": "BROKEN",
        "backup_state_detail": "no space",
        "software_version": "10.11.8",
    }
    cluster = api.seed(**WITH_POLICY, backup_histories=[history])
    api.pass_time(10 * DAY)
    assert list_of(api, cluster)["contents"][-1] == history
    api.control("PATCH", f"clusters/{cluster['id']}", {"backup_histories": []})
    assert list_of(api, cluster)["total_count"] == 0


def test_a_seeded_history_needs_nothing(api: Any) -> None:
    cluster = api.seed(backup_histories=[{}, {}, {"age_days": 3}])
    newest, _second, oldest = sorted(list_of(api, cluster)["contents"], key=lambda item: item["backup_start_at"])[::-1]
    assert len(set(numbers(api, cluster))) == 3
    assert (newest["backup_state"], newest["backup_size_gb"]) == ("COMPLETED", 5.6)
    assert oldest["backup_start_at"] == at(now(api) - 3 * DAY)
    assert oldest["backup_end_at"] == at(now(api) - 3 * DAY + 600)


def test_a_backup_appears_on_demand(api: Any) -> None:
    cluster = api.seed()
    shown = api.control("POST", f"clusters/{cluster['id']}/backups", {"backup_state": "FAILED"})
    assert (list_of(api, cluster)["contents"], shown["backup_state"]) == ([shown], "FAILED")
    taken = {"backup_history_number": shown["backup_history_number"]}
    assert api.http.post(f"/_simulator/clusters/{cluster['id']}/backups", json=taken).status_code == 400
    assert api.http.post("/_simulator/clusters/nothing/backups", json={}).status_code == 404


def test_the_words_for_the_state_of_a_backup_can_be_others(api: Any) -> None:
    api.control("POST", "settings", {"backup_words": {"completed": "SUCCESS"}})
    cluster = api.seed(backup_histories=[{}, {"backup_state": "COMPLETED", "backup_history_number": "1"}])
    assert {item["backup_state"] for item in list_of(api, cluster)["contents"]} == {"SUCCESS", "COMPLETED"}
    assert api.refused("POST", restore_path(cluster), {**RESTORE, "backup_history_number": "1"}) == BROKEN_RULE


FIVE = [{"backup_history_number": str(number), "age_days": number} for number in range(1, 6)]


@pytest.mark.parametrize(
    ("base", "query", "expected"),
    [
        (0, "", "12345"),
        (0, "?limit=2", "12"),
        (0, "?limit=2&page=0", "12"),
        (0, "?limit=2&page=1", "34"),
        (0, "?limit=2&page=2", "5"),
        (0, "?limit=2&page=3", ""),
        (1, "?limit=2", "12"),
        (1, "?limit=2&page=1", "12"),
        (1, "?limit=2&page=2", "34"),
        (1, "?page=1", "12345"),
    ],
)
def test_pages_of_backups(api: Any, base: int, query: str, expected: str) -> None:
    api.control("POST", "settings", {"backup_page_base": base})
    cluster = api.seed(backup_histories=FIVE)
    assert numbers(api, cluster, query) == list(expected)
    assert list_of(api, cluster, query)["total_count"] == 5


def test_there_is_no_page_before_the_first(api: Any) -> None:
    api.control("POST", "settings", {"backup_page_base": 1})
    path = f"/v1/clusters/{api.seed()['id']}/backup-histories"
    assert api.refused("GET", f"{path}?page=0") == (400, "ValidationError")


def test_a_limit_above_the_cap_is_cut_down(api: Any) -> None:
    api.control("POST", "settings", {"page_size_cap": 2})
    cluster = api.seed(backup_histories=FIVE)
    assert numbers(api, cluster, "?limit=100") == numbers(api, cluster) == ["1", "2"]


def remove(*wanted: str) -> dict[str, Any]:
    return {"backup_history_number": list(wanted)}


def test_backups_are_removed_by_number(api: Any) -> None:
    cluster = api.seed(backup_histories=FIVE)
    api.ok("PUT", f"/v1/clusters/{cluster['id']}/backup-histories", remove("2", "4"))
    assert list_of(api, cluster)["total_count"] == 5
    api.pass_time(30)
    assert numbers(api, cluster) == ["1", "3", "5"]


@pytest.mark.parametrize("wanted", [("9",), ("1", "9"), ("running",)])
def test_backups_that_cannot_be_removed(api: Any, wanted: tuple[str, ...]) -> None:
    running = {"backup_history_number": "running", "backup_state": "IN_PROGRESS"}
    cluster = api.seed(backup_histories=[*FIVE, running])
    assert api.refused("PUT", f"/v1/clusters/{cluster['id']}/backup-histories", remove(*wanted)) == BROKEN_RULE
    assert list_of(api, cluster)["total_count"] == 6


def archive(api: Any, cluster: Any, body: Any = None) -> Any:
    if body is not None:
        api.ok("PUT", f"/v1/clusters/{cluster['id']}/archive", body)
        api.pass_time(60)
    return api.ok("GET", f"/v1/clusters/{cluster['id']}/archive")


def test_the_archive_is_on_and_kept_for_three_days_unless_set(api: Any) -> None:
    cluster = api.seed()
    assert archive(api, cluster) == {"archive_enabled": True, "retention_period_day": 3}
    assert archive(api, cluster, {"archive_enabled": True, "retention_period_day": 20})["retention_period_day"] == 20
    assert archive(api, cluster, {"archive_enabled": True})["retention_period_day"] == 20
    off = {"archive_enabled": False, "retention_period_day": 9}
    assert archive(api, cluster, off) == {"archive_enabled": False, "retention_period_day": None}
    on = {"archive_enabled": True, "retention_period_day": None}
    assert archive(api, cluster, on) == {"archive_enabled": True, "retention_period_day": 3}


def test_a_synchronization_shows_the_archive_as_it_is_on_the_servers(api: Any) -> None:
    cluster = api.seed(on_servers={"archive": {"archive_enabled": False, "retention_period_day": None}})
    assert archive(api, cluster)["archive_enabled"] is True
    api.ok("POST", f"/v1/clusters/{cluster['id']}/archive/sync")
    api.pass_time(10)
    assert archive(api, cluster)["archive_enabled"] is False


def restore_path(cluster: Any) -> str:
    return f"/v1/clusters/{cluster['id']}/restore"


def restored(api: Any, cluster: Any, **changes: Any) -> Any:
    accepted = api.ok("POST", restore_path(cluster), {**RESTORE, **changes})
    api.pass_time(CREATION)
    return api.detail(accepted["resource"]["id"])


def test_a_restore_makes_a_new_cluster(api: Any) -> None:
    source = api.seed(subnet_id="subnet-1", replicas=[{}], **WITH_POLICY, backup_histories=FIVE)
    accepted = api.ok("POST", restore_path(source), {**RESTORE, "backup_history_number": "3"})
    new_id = accepted["resource"]["id"]
    assert (api.state(source["id"]), api.state(new_id)) == ("RUNNING", "CREATING")
    api.pass_time(CREATION)
    cluster = api.detail(new_id)
    assert new_id not in (source["id"], *source["replicas"])
    assert (cluster["name"], cluster["role_type"], cluster["service_state"]) == ("restored", "RECOVERY", "RUNNING")
    assert (cluster["origin_cluster_id"], cluster["subnet_id"]) == (source["id"], "subnet-1")
    assert (cluster["replicas"], api.detail(source["id"])["replicas"]) == ([], source["replicas"])
    assert cluster["init_config_option"] == api.detail(source["id"])["init_config_option"]
    assert [(item["role_type"], item["size_gb"]) for item in cluster["instance_groups"][0]["block_storage_groups"]] == [
        ("OS", 104),
        ("DATA", 56),
    ]
    assert cluster["instance_groups"][0]["instances"][0]["name"] == "again001"
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "COMPLETED"


def test_a_restored_cluster_has_the_version_of_the_backup(api: Any) -> None:
    history = {"backup_history_number": "1", "software_version": "10.11.8"}
    cluster = restored(api, api.seed(backup_histories=[history]), backup_history_number="1")
    assert (cluster["software_version"], cluster["dbaas_engine_version_name"][-7:]) == ("10.11.8", "10.11.8")


def test_volumes_of_a_restored_cluster(api: Any) -> None:
    source = api.seed(backup_histories=FIVE)
    data = {"role_type": "DATA", "size_gb": 112}
    for volumes in ([data], [{"role_type": "OS", "size_gb": 104}, data]):
        cluster = restored(api, source, backup_history_number="1", block_storage_groups=volumes)
        group = cluster["instance_groups"][0]
        assert [item["size_gb"] for item in group["block_storage_groups"]] == [104, 112]


def volume(role_type: str = "DATA", size_gb: int = 56, volume_type: str = "SSD") -> dict[str, Any]:
    return {"role_type": role_type, "size_gb": size_gb, "volume_type": volume_type}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"backup_history_number": "9"}, ""),
        ({"backup_history_number": "failed"}, ""),
        ({}, ""),
        ({"backup_history_number": None}, ""),
        ({"backup_history_number": "1", "backup_recovery_time": "2026-01-01T00:00:00Z"}, ""),
        ({"backup_history_number": "1", "server_type_name": "db9v9m9"}, ""),
        ({"backup_history_number": "1", "maintenance_option": {"period_hour": "1"}}, ""),
        ({"backup_history_number": "1", "block_storage_groups": [volume(size_gb=48)]}, ".InvalidBlockStorageSize"),
        (
            {"backup_history_number": "1", "block_storage_groups": [volume("OS", 112), volume()]},
            ".InvalidBlockStorageSize",
        ),
        (
            {"backup_history_number": "1", "block_storage_groups": [volume("TEMP")]},
            ".InvalidBlockStorageDataDiskCount",
        ),
        ({"backup_history_number": "1", "block_storage_groups": [volume(volume_type="HDD")]}, ""),
        ({"backup_history_number": "1", "block_storage_groups": [volume()] * 9}, ""),
    ],
)
def test_restores_that_cannot_be(api: Any, changes: Any, kind: str) -> None:
    failed = {"backup_history_number": "failed", "backup_state": "FAILED"}
    source = api.seed(backup_histories=[*FIVE, failed])
    refusal = api.refused("POST", restore_path(source), {**RESTORE, **changes})
    assert refusal == (400, f"Dbaas.ValidationError{kind}")
    assert len(api.control("GET", "clusters")["clusters"]) == 1


@pytest.mark.parametrize("histories", [[], [{"backup_state": "IN_PROGRESS"}], [{"backup_state": "FAILED"}]])
def test_a_restore_needs_a_finished_backup(api: Any, histories: Any) -> None:
    source = api.seed(backup_histories=histories)
    body = {**RESTORE, "backup_recovery_time": at(now(api))}
    assert api.refused("POST", restore_path(source), body) == BROKEN_RULE


@pytest.mark.parametrize("state", ["UNKNOWN", "ERROR", "FAILED", "CREATING"])
def test_states_that_cannot_be_restored_from(api: Any, state: str) -> None:
    source = api.seed(service_state=state, backup_histories=FIVE)
    assert api.refused("POST", restore_path(source), {**RESTORE, "backup_history_number": "1"}) == WRONG_STATE


def test_a_busy_source_is_not_restored_from(api: Any) -> None:
    source = api.seed(backup_histories=FIVE)
    api.ok("POST", f"/v1/clusters/{source['id']}/stop")
    assert api.refused("POST", restore_path(source), {**RESTORE, "backup_history_number": "1"}) == BUSY
    api.pass_time(120)
    restored(api, source, backup_history_number="1")


def test_a_moment_is_restored(api: Any) -> None:
    versions = ["10.11.15", "10.11.9", "10.11.9", "10.11.8", "10.11.8"]
    histories = [{**item, "software_version": version} for item, version in zip(FIVE, versions, strict=True)]
    source = api.seed(software_version="10.11.15", backup_histories=histories)
    moment = at(now(api) - 2.5 * DAY)
    assert restored(api, source, backup_recovery_time=moment)["software_version"] == "10.11.9"


@pytest.mark.parametrize(
    ("days", "is_possible"), [(-1, False), (0, True), (4.9, True), (4.995, False), (5, False), (9, False)]
)
def test_moments_that_can_be_restored(api: Any, days: float, is_possible: bool) -> None:
    source = api.seed(backup_histories=FIVE)
    body = {**RESTORE, "backup_recovery_time": at(now(api) - days * DAY)}
    assert api.call("POST", restore_path(source), body).status_code == (202 if is_possible else 400)


def test_a_moment_needs_the_archive(api: Any) -> None:
    source = api.seed(backup_histories=FIVE, archive={"archive_enabled": False, "retention_period_day": None})
    body = {**RESTORE, "backup_recovery_time": at(now(api) - DAY / 2)}
    assert api.refused("POST", restore_path(source), body) == BROKEN_RULE
    restored(api, source, backup_history_number="1")


def test_a_restore_can_fail(api: Any) -> None:
    source = api.seed(backup_histories=FIVE)
    api.control("POST", "outcomes", {"operation": "Create Restore Cluster"})
    assert restored(api, source, backup_history_number="1")["service_state"] == "FAILED"
    assert api.state(source["id"]) == "RUNNING"
