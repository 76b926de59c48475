# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

ENGINE_OF_ANOTHER_PRODUCT = "8.0.40"


def test_a_creation_takes_its_time(api: Any) -> None:
    accepted = api.ok("POST", "/v1/clusters", api.create_body())
    path = f"/v1/clusters/{accepted['resource']['id']}"
    request = f"/v1/requests/{accepted['request_id']}"
    api.pass_time(599)
    assert api.ok("GET", path)["service_state"] == "CREATING"
    assert api.ok("GET", path)["instance_groups"][0]["instances"][0]["service_ip_address"] is None
    assert api.ok("GET", request) == {"request_id": accepted["request_id"], "state": "IN_PROGRESS"}
    api.pass_time(1)
    assert api.ok("GET", path)["service_state"] == "RUNNING"
    assert api.ok("GET", path)["instance_groups"][0]["instances"][0]["service_ip_address"]
    assert api.ok("GET", request)["state"] == "COMPLETED"


def test_the_detail_shows_what_was_asked_for(api: Any) -> None:
    detail = api.created(
        maintenance_option={"period_hour": "1", "starting_day_of_week": "SUN", "starting_time": "0330"},
        tags=[{"key": "team", "value": "shop"}],
    )
    assert detail["allowable_ip_addresses"] == ["192.0.2.10/32", "192.0.2.128/25"]
    assert detail["init_config_option"] == {
        "audit_enabled": False,
        "backup_option": {"archive_frequency_minute": "60", "retention_period_day": "7", "starting_time_hour": "2"},
        "database_character_set": "utf8",
        "database_name": "shop",
        "database_port": 2866,
        "database_user_name": "admin",
        "origin_region": None,
    }
    assert detail["maintenance_option"] == {
        "period_hour": "1",
        "starting_day_of_week": "SUN",
        "starting_time": "0330",
        "use_maintenance_option": True,
    }
    group = detail["instance_groups"][0]
    assert [(item["role_type"], item["size_gb"], item["volume_type"]) for item in group["block_storage_groups"]] == [
        ("OS", 104, "SSD"),
        ("DATA", 56, "SSD_KMS"),
    ]
    assert [(item["name"], item["role_type"]) for item in group["instances"]] == [("shop001", "ACTIVE")]
    assert detail["software_version"] == "10.11.9"
    assert (detail["instance_count"], detail["role_type"], detail["replicas"]) == (1, "ORIGIN", [])
    assert "tags" not in detail


@pytest.mark.parametrize(
    "option",
    [None, {"archive_frequency_minute": None, "retention_period_day": None, "starting_time_hour": None}],
)
def test_no_backup_reads_as_nulls(api: Any, option: Any) -> None:
    body = api.create_body()
    body["init_config_option"]["backup_option"] = option
    shown = api.created(init_config_option=body["init_config_option"])["init_config_option"]["backup_option"]
    assert set(shown.values()) == {None}


def test_backup_keys_left_out_have_their_defaults(api: Any) -> None:
    body = api.create_body()
    body["init_config_option"]["backup_option"] = {"starting_time_hour": "5"}
    shown = api.created(init_config_option=body["init_config_option"])["init_config_option"]["backup_option"]
    assert shown == {"archive_frequency_minute": "60", "retention_period_day": "7", "starting_time_hour": "5"}


def ha_groups(api: Any, instances: Any = None) -> Any:
    groups = api.create_body()["instance_groups"]
    groups[0].update(role_type="ACTIVE_STANDBY", instances=instances)
    return groups


def test_an_ha_cluster_has_two_instances_and_a_virtual_address(api: Any) -> None:
    detail = api.created(ha_enabled=True, nat_enabled=True, vip_public_ip_id="ip-1", instance_groups=ha_groups(api))
    instances = detail["instance_groups"][0]["instances"]
    assert [(item["name"], item["role_type"]) for item in instances] == [("shop001", "ACTIVE"), ("shop002", "STANDBY")]
    assert detail["virtual_ip_address"].startswith("10.")
    assert detail["vip_public_ip_address"].startswith("198.51.100.")


@pytest.mark.parametrize("body", [{}, {"name": "shop"}])
def test_a_broken_schema_is_refused_without_naming_a_field(api: Any, body: Any) -> None:
    error = api.call("POST", "/v1/clusters", body).json()["errors"][0]
    assert error["code"] == error["title"] == "ValidationError"
    assert error["detail"] == ["Field required"] * (7 - len(body))


def test_a_value_out_of_the_rules_is_refused_without_naming_it(api: Any) -> None:
    error = api.call("POST", "/v1/clusters", api.create_body(name="no digits 1")).json()["errors"][0]
    assert error["detail"] == ["value_error"]


def test_a_body_that_is_no_json_is_refused(api: Any) -> None:
    headers = api.signed_headers("POST", "http://testserver/v1/clusters")
    assert api.http.post("/v1/clusters", headers=headers, content=b'{"name": ').status_code == 400
    assert api.http.post("/v1/clusters", headers=headers).status_code == 400


def groups_with(api: Any, *volumes: tuple[str, int], server_type: str = "db1v2m4") -> Any:
    groups = api.create_body()["instance_groups"]
    groups[0]["block_storage_groups"] = [{"role_type": role, "size_gb": size} for role, size in volumes]
    groups[0]["server_type_name"] = server_type
    return groups


@pytest.mark.parametrize(
    ("volumes", "kind"),
    [
        ([("OS", 104)], "InvalidBlockStorageDataDiskCount"),
        ([("DATA", 56)], "InvalidBlockStorageSize"),
        ([("OS", 112), ("DATA", 56)], "InvalidBlockStorageSize"),
        ([("OS", 104), ("OS", 104), ("DATA", 56)], "InvalidBlockStorageSize"),
    ],
)
def test_volumes_of_a_new_cluster(api: Any, volumes: Any, kind: str) -> None:
    body = api.create_body(instance_groups=groups_with(api, *volumes))
    assert api.refused("POST", "/v1/clusters", body) == (400, f"Dbaas.ValidationError.{kind}")


def test_rules_that_no_schema_says(api: Any) -> None:
    good = groups_with(api, ("OS", 104), ("DATA", 16))
    one = [{"role_type": "ACTIVE"}]
    for changes in (
        {"ha_enabled": True},
        {"instance_groups": ha_groups(api)},
        {"ha_enabled": True, "nat_enabled": True, "instance_groups": ha_groups(api)},
        {"ha_enabled": True, "instance_groups": ha_groups(api, one)},
        {"nat_enabled": True},
        {"nat_enabled": True, "instance_groups": [{**good[0], "instances": one}]},
        {"instance_groups": groups_with(api, ("OS", 104), ("DATA", 16), server_type="db9v1m1")},
        {"maintenance_option": {"period_hour": "1"}},
    ):
        refusal = api.refused("POST", "/v1/clusters", api.create_body(**changes))
        assert refusal == (400, "Dbaas.ValidationError"), changes
    assert api.control("GET", "clusters") == {"clusters": []}


def test_engine_versions_have_to_exist_and_to_fit(api: Any) -> None:
    engines = api.ok("GET", "/v1/engine-versions?product_image_type=MySQL%20Community")["contents"]
    for engine, refusal in (("nothing", (404, "Dbaas.NotFound")), (engines[0]["id"], (400, "Dbaas.ValidationError"))):
        assert api.refused("POST", "/v1/clusters", api.create_body(dbaas_engine_version_id=engine)) == refusal


def test_a_service_address_cannot_be_had_twice(api: Any) -> None:
    groups = api.create_body()["instance_groups"]
    groups[0]["instances"] = [{"role_type": "ACTIVE", "service_ip_address": "192.168.1.10"}]
    detail = api.created(instance_groups=groups)
    assert detail["instance_groups"][0]["instances"][0]["service_ip_address"] == "192.168.1.10"
    body = api.create_body(instance_groups=groups)
    assert api.refused("POST", "/v1/clusters", body) == (400, "Dbaas.ValidationError")


def test_a_name_can_be_had_twice(api: Any) -> None:
    assert api.created()["id"] != api.created()["id"]


def names(page: Any) -> list[str]:
    return [item["name"] for item in page["contents"] or []]


def test_an_empty_list_is_null(api: Any) -> None:
    assert api.ok("GET", "/v1/clusters") == {"contents": None, "count": 0, "page": 0, "size": 20, "sort": ["name:asc"]}


def test_paging(api: Any) -> None:
    for letter in "edcba":
        api.seed(name=f"shop{letter}")
    first = api.ok("GET", "/v1/clusters?size=2&page=0")
    assert (names(first), first["count"], first["size"]) == (["shopa", "shopb"], 5, 2)
    assert names(api.ok("GET", "/v1/clusters?size=2&page=2")) == ["shope"]
    assert api.ok("GET", "/v1/clusters?size=2&page=3")["contents"] is None
    descending = api.ok("GET", "/v1/clusters?sort=name%3Adesc")
    assert (names(descending)[0], descending["sort"]) == ("shope", ["name:desc"])


def test_a_size_above_the_cap_is_cut_down(api: Any) -> None:
    for letter in "abc":
        api.seed(name=f"shop{letter}")
    api.control("POST", "settings", {"page_size_cap": 2})
    page = api.ok("GET", "/v1/clusters?size=50")
    assert (len(page["contents"]), page["size"], page["count"]) == (2, 2, 3)


@pytest.mark.parametrize("query", ["size=0", "size=x", "page=-1", "sort=name", "sort=nothing%3Aasc"])
def test_a_wrong_query_is_refused(api: Any, query: str) -> None:
    api.seed()
    assert api.refused("GET", f"/v1/clusters?{query}") == (400, "ValidationError")


def test_filters(api: Any) -> None:
    api.seed(name="shop", service_state="STOPPED")
    api.seed(name="Workshop")
    api.seed(name="other", init_config_option={"database_name": "ledger"})
    assert names(api.ok("GET", "/v1/clusters?name=SHOP")) == ["Workshop", "shop"]
    assert names(api.ok("GET", "/v1/clusters?service_state=STOPPED")) == ["shop"]
    assert names(api.ok("GET", "/v1/clusters?database_name=ledger")) == ["other"]


def test_after_a_change_the_first_reads_are_stale(api: Any) -> None:
    api.control("POST", "settings", {"stale_reads": 2})
    cluster = api.seed()
    api.ok("POST", f"/v1/clusters/{cluster['id']}/stop")
    api.pass_time(10_000)
    assert [api.state(cluster["id"]) for attempt in range(3)] == ["RUNNING", "RUNNING", "STOPPED"]


def test_a_new_cluster_has_no_old_state_to_show(api: Any) -> None:
    api.control("POST", "settings", {"stale_reads": 2})
    accepted = api.ok("POST", "/v1/clusters", api.create_body())
    assert api.state(accepted["resource"]["id"]) == "CREATING"


def test_a_terminated_cluster_is_seen_once_more_and_then_gone(api: Any) -> None:
    path = f"/v1/clusters/{api.seed()['id']}"
    request = api.ok("DELETE", path)["request_id"]
    assert api.ok("GET", path)["service_state"] == "TERMINATING"
    api.pass_time(210)
    assert api.ok("GET", path)["service_state"] == "TERMINATED"
    assert api.refused("GET", path) == (404, "Dbaas.NotFound")
    assert api.ok("GET", "/v1/clusters")["contents"] is None
    assert api.ok("GET", f"/v1/requests/{request}")["state"] == "COMPLETED"


def test_a_list_that_shows_a_terminated_cluster_counts_as_a_look(api: Any) -> None:
    api.control("POST", "settings", {"terminated_reads": 2})
    api.ok("DELETE", f"/v1/clusters/{api.seed()['id']}")
    api.pass_time(210)
    seen = [api.ok("GET", "/v1/clusters")["count"] for attempt in range(3)]
    assert seen == [1, 1, 0]


def test_a_terminated_cluster_can_be_gone_at_once(api: Any) -> None:
    api.control("POST", "settings", {"terminated_reads": 0, "stale_reads": 1})
    path = f"/v1/clusters/{api.seed()['id']}"
    api.ok("DELETE", path)
    api.pass_time(210)
    assert api.ok("GET", "/v1/clusters")["count"] == 0
    assert api.ok("GET", path)["service_state"] == "RUNNING"
    assert api.refused("GET", path) == (404, "Dbaas.NotFound")


@pytest.mark.parametrize("state", ["RUNNING", "STOPPED", "FAILED", "ERROR"])
def test_stable_states_can_be_terminated(api: Any, state: str) -> None:
    api.ok("DELETE", f"/v1/clusters/{api.seed(service_state=state)['id']}")


@pytest.mark.parametrize("state", ["CREATING", "TERMINATING", "TERMINATED", "UNKNOWN", "EDITING", "MIGRATING"])
def test_other_states_cannot_be_terminated(api: Any, state: str) -> None:
    path = f"/v1/clusters/{api.seed(service_state=state)['id']}"
    assert api.refused("DELETE", path) == (400, "Dbaas.ValidationError.InvalidServiceState")


def test_a_cluster_with_replicas_cannot_be_terminated(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    assert api.refused("DELETE", f"/v1/clusters/{origin['id']}") == (400, "Dbaas.ValidationError")
    api.ok("DELETE", f"/v1/clusters/{origin['replicas'][0]}")
    api.pass_time(210)
    api.ok("DELETE", f"/v1/clusters/{origin['id']}")


def test_unknown_ids(api: Any) -> None:
    assert api.refused("GET", "/v1/clusters/nothing") == (404, "Dbaas.NotFound")
    assert api.refused("DELETE", "/v1/clusters/nothing") == (404, "Dbaas.NotFound")
    assert api.refused("GET", "/v1/requests/nothing") == (400, "Dbaas.ValidationError")
