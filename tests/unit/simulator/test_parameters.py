# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Database parameters: what there is, what can be set, and what comes of values that the database does not take."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.parameters import DEFINITIONS

BROKEN_RULE = (400, "Dbaas.ValidationError")
UNAVAILABLE = (500, "ContactAdminForAssistance")
MISSING = (404, "Dbaas.NotFound")
GIB = 1024**3


def groups(api: Any, query: str = "") -> Any:
    return api.ok("GET", f"/v1/parameter-groups{query}")


def test_there_is_a_group_for_each_major_version(api: Any) -> None:
    found = groups(api, "?product_image_type=MariaDB%20Community&sort=major_version%3Adesc")
    assert [item["major_version"] for item in found["contents"]] == ["11.4", "10.6", "10.11"]
    assert found["sort"] == ["major_version:desc"]
    assert {item["product_type"] for item in found["contents"]} == {"MariaDB"}
    assert [item["product_image_type"] for item in groups(api, "?major_version=8.0")["contents"]] == ["MySQL Community"]
    assert groups(api, "?major_version=5.5") == {"contents": [], "sort": ["name:asc"]}
    assert api.refused("GET", "/v1/parameter-groups?sort=nothing%3Aasc") == (400, "ValidationError")


def group_id(api: Any, major_version: str = "10.11") -> str:
    return str(groups(api, f"?major_version={major_version}")["contents"][0]["id"])


def test_the_parameters_of_a_group_are_paged(api: Any) -> None:
    path = f"/v1/parameters?dbaas_parameter_group_id={group_id(api)}"
    first = api.ok("GET", path)
    assert (len(first["contents"]), first["page"], first["size"], first["sort"]) == (20, 0, 20, ["name:asc"])
    assert first["count"] > 2 * 20
    pages = [api.ok("GET", f"{path}&page={page}")["contents"] for page in range(3)]
    names = [item["name"] for contents in pages for item in contents]
    assert names == sorted(names)
    assert len(set(names)) == first["count"]
    assert api.ok("GET", f"{path}&page=3")["contents"] == []
    assert api.refused("GET", "/v1/parameters?dbaas_parameter_group_id=nothing") == MISSING
    assert api.refused("GET", "/v1/parameters") == (400, "ValidationError")


def test_major_versions_differ(api: Any) -> None:
    def names(major_version: str) -> set[str]:
        path = f"/v1/parameters?size=100&dbaas_parameter_group_id={group_id(api, major_version)}"
        return {item["name"] for item in api.ok("GET", path)["contents"]}

    assert names("10.6") == names("10.11")
    assert names("10.11") - names("11.4") == {"innodb_change_buffering", "tx_isolation"}
    assert names("11.4") - names("10.11") == {"transaction_isolation"}


def values(api: Any, cluster: Any) -> dict[str, Any]:
    answer = api.ok("GET", f"/v1/clusters/{cluster['id']}/parameters")
    assert answer["count"] == len(answer["contents"])
    return {item["name"]: item for item in answer["contents"]}


def applied(api: Any, cluster: Any, name: str) -> str:
    return str(values(api, cluster)[name]["applied_value"])


def test_a_cluster_has_the_parameters_of_its_version(api: Any) -> None:
    path = f"/v1/parameters?size=100&dbaas_parameter_group_id={group_id(api)}"
    defaults = {item["id"]: item["default_value"] for item in api.ok("GET", path)["contents"]}
    shown = values(api, api.seed(software_version="10.11.8"))
    assert {item["id"]: item["default_value"] for item in shown.values()} == defaults
    assert shown["wait_timeout"] == {
        "allows_value": "0-31536000",
        "applied_value": "28800",
        "apply_type": "dynamic",
        "data_type": "integer",
        "default_value": "28800",
        "description": "Seconds that a connection may idle.",
        "id": shown["wait_timeout"]["id"],
        "is_modifiable": True,
        "name": "wait_timeout",
        "software_type": "DB",
    }
    assert {item["apply_type"] for item in shown.values()} == {"static", "dynamic"}
    kinds = {"boolean", "enum", "float", "integer", "set", "string"}
    assert {item["data_type"] for item in shown.values()} == kinds
    assert shown["port"]["is_modifiable"] is False


def test_a_template_is_applied_as_a_number_that_fits_the_server(api: Any) -> None:
    cluster = api.seed()
    pool = values(api, cluster)["innodb_buffer_pool_size"]
    assert (pool["default_value"], pool["applied_value"]) == ("{DBInstanceClassMemory*3/4}", str(3 * GIB))
    path = f"/v1/instance-groups/{cluster['instance_groups'][0]['id']}/resize"
    api.ok("POST", path, {"server_type_name": "db1v2m8"})
    api.pass_time(330)
    assert applied(api, cluster, "innodb_buffer_pool_size") == str(6 * GIB)
    assert applied(api, cluster, "max_connections") == str(8 * GIB // 12582880)


def test_every_default_is_a_value_that_the_database_takes() -> None:
    wrong = [item.name for item in DEFINITIONS if not item.takes(item.default_on(4))]
    assert wrong == []


def change(api: Any, cluster: Any, **new: str) -> dict[str, Any]:
    shown = values(api, cluster)
    items = [
        {"id": shown[name]["id"], "old_value": shown[name]["applied_value"], "new_value": value}
        for name, value in new.items()
    ]
    return {"parameters": items}


def set_values(api: Any, cluster: Any, **new: str) -> Any:
    accepted = api.ok("PUT", f"/v1/clusters/{cluster['id']}/parameters", change(api, cluster, **new))
    api.pass_time(60)
    return accepted


def test_values_are_set(api: Any) -> None:
    cluster = api.seed()
    path = f"/v1/clusters/{cluster['id']}/parameters"
    assert api.ok("GET", path)["modified_at"] == cluster["created_at"]
    accepted = set_values(api, cluster, wait_timeout="600", slow_query_log="OFF")
    assert (applied(api, cluster, "wait_timeout"), applied(api, cluster, "slow_query_log")) == ("600", "OFF")
    assert applied(api, cluster, "connect_timeout") == "10"
    assert api.ok("GET", path)["modified_at"].endswith("Z")
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "COMPLETED"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"id": "nothing"}, BROKEN_RULE),
        ({"old_value": "1"}, BROKEN_RULE),
        ({"old_value": ""}, BROKEN_RULE),
        ({"new_value": "28800"}, UNAVAILABLE),
        ({"new_value": "{DBInstanceClassMemory/2}"}, UNAVAILABLE),
        ({"new_value": 600}, (400, "ValidationError")),
    ],
)
def test_changes_that_cannot_be(api: Any, changes: Any, refusal: Any) -> None:
    cluster = api.seed()
    body = change(api, cluster, wait_timeout="600")
    body["parameters"][0].update(changes)
    assert api.refused("PUT", f"/v1/clusters/{cluster['id']}/parameters", body) == refusal


def test_one_wrong_change_spoils_all(api: Any) -> None:
    cluster = api.seed()
    path = f"/v1/clusters/{cluster['id']}/parameters"
    assert api.refused("PUT", path, change(api, cluster, wait_timeout="600", port="3306")) == BROKEN_RULE
    twice = change(api, cluster, wait_timeout="600")["parameters"] * 2
    assert api.refused("PUT", path, {"parameters": twice}) == BROKEN_RULE
    assert api.state(cluster["id"]) == "RUNNING"


@pytest.mark.parametrize(
    ("name", "value", "is_taken"),
    [
        ("wait_timeout", "0", True),
        ("wait_timeout", "31536001", False),
        ("wait_timeout", "long", False),
        ("wait_timeout", "", False),
        ("innodb_buffer_pool_size", "1G", True),
        ("innodb_buffer_pool_size", "1", False),
        ("slow_query_log", "0", True),
        ("slow_query_log", "off", True),
        ("slow_query_log", "maybe", False),
        ("long_query_time", "0.5", True),
        ("long_query_time", "soon", False),
        ("tx_isolation", "read-committed", True),
        ("tx_isolation", "NONE", False),
        ("sql_mode", "ANSI_QUOTES,NO_ZERO_DATE", True),
        ("sql_mode", "", True),
        ("sql_mode", "ANSI_QUOTES,LAX", False),
        ("time_zone", "Asia/Seoul", True),
    ],
)
def test_a_value_that_the_database_does_not_take_loses_the_cluster(
    api: Any, name: str, value: str, is_taken: bool
) -> None:
    cluster = api.seed()
    accepted = set_values(api, cluster, **{name: value})
    assert applied(api, cluster, name) == value
    assert api.state(cluster["id"]) == ("RUNNING" if is_taken else "UNKNOWN")
    state = api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"]
    assert state == ("COMPLETED" if is_taken else "FAILED")


def test_a_lost_cluster_is_brought_back_with_its_old_values(api: Any) -> None:
    cluster = api.seed(parameters={"wait_timeout": "600"})
    set_values(api, cluster, wait_timeout="long", connect_timeout="20")
    assert api.refused("PUT", f"/v1/clusters/{cluster['id']}/parameters", change(api, cluster, wait_timeout="1")) == (
        400,
        "Dbaas.ValidationError.InvalidServiceState",
    )
    api.ok("POST", f"/v1/clusters/{cluster['id']}/sync-state")
    api.pass_time(30)
    assert api.state(cluster["id"]) == "RUNNING"
    assert (applied(api, cluster, "wait_timeout"), applied(api, cluster, "connect_timeout")) == ("600", "10")


def test_a_static_value_is_shown_at_once(api: Any) -> None:
    cluster = api.seed()
    set_values(api, cluster, performance_schema="ON")
    assert applied(api, cluster, "performance_schema") == "ON"


@pytest.mark.parametrize(("calls", "seconds"), [(["restart"], 120), (["stop", "start"], 180)])
def test_a_static_value_can_be_shown_after_the_restart_only(api: Any, calls: list[str], seconds: float) -> None:
    api.control("POST", "settings", {"static_values_show_at_once": False})
    cluster = api.seed()
    set_values(api, cluster, performance_schema="ON", wait_timeout="600")
    assert (applied(api, cluster, "performance_schema"), applied(api, cluster, "wait_timeout")) == ("OFF", "600")
    for call in calls:
        api.ok("POST", f"/v1/clusters/{cluster['id']}/{call}")
        api.pass_time(seconds)
    assert applied(api, cluster, "performance_schema") == "ON"


def test_a_synchronization_shows_what_is_on_the_servers(api: Any) -> None:
    cluster = api.seed(on_servers={"parameters": {"wait_timeout": "99"}})
    assert applied(api, cluster, "wait_timeout") == "28800"
    api.ok("POST", f"/v1/clusters/{cluster['id']}/parameters/sync")
    api.pass_time(10)
    assert applied(api, cluster, "wait_timeout") == "99"


def test_a_change_can_come_to_nothing(api: Any) -> None:
    cluster = api.seed()
    api.control("POST", "outcomes", {"operation": "Set Parameter Values", "service_state": "ERROR"})
    set_values(api, cluster, wait_timeout="600")
    assert (api.state(cluster["id"]), applied(api, cluster, "wait_timeout")) == ("ERROR", "28800")


def test_only_parameters_that_there_are_can_be_seeded(api: Any) -> None:
    for parts in ({"parameters": {"nonsense": "1"}}, {"on_servers": {"parameters": {"nonsense": "1"}}}):
        assert api.http.post("/_simulator/clusters", json=parts).status_code == 400
    assert api.control("GET", "clusters") == {"clusters": []}
