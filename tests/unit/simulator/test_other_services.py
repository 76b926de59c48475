# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings that turn the simulator into a service that differs from the usual one."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from simulator.__main__ import parse, setting

DATA = {"role_type": "DATA", "size_gb": 56}
REPLICA = {
    "name": "near",
    "instance_groups": [{"role_type": "ACTIVE", "server_type_name": "db1v4m8", "block_storage_groups": [DATA]}],
}


def change(api: Any, **settings: Any) -> None:
    api.control("POST", "settings", settings)


def listed(api: Any) -> list[str]:
    return [item["name"] for item in api.ok("GET", "/v1/clusters")["contents"] or []]


def created(api: Any) -> str:
    return str(api.ok("POST", "/v1/clusters", api.create_body())["resource"]["id"])


def restored(api: Any) -> str:
    source = api.seed(name="source", backup_histories=[{"backup_history_number": "1", "age_days": 1}])
    body = {
        "allowable_ip_addresses": [],
        "backup_history_number": "1",
        "instance_name_prefix": "shop",
        "name": "shop",
        "server_type_name": "db1v2m4",
    }
    return str(api.ok("POST", f"/v1/clusters/{source['id']}/restore", body)["resource"]["id"])


@pytest.mark.parametrize("make", [created, restored])
def test_a_list_can_lag(api: Any, make: Any) -> None:
    change(api, list_lag_seconds=30)
    cluster_id = make(api)
    assert api.state(cluster_id) == "CREATING"
    assert "shop" not in listed(api)
    api.pass_time(29.9)
    assert "shop" not in listed(api)
    api.pass_time(0.2)
    assert "shop" in listed(api)


@pytest.mark.parametrize("make", [created, restored])
def test_a_detail_can_lag(api: Any, make: Any) -> None:
    change(api, detail_lag_seconds=30)
    cluster_id = make(api)
    assert "shop" in listed(api)
    assert api.refused("GET", f"/v1/clusters/{cluster_id}") == (404, "Dbaas.NotFound")
    api.pass_time(30)
    assert api.state(cluster_id) == "CREATING"


def test_what_a_test_puts_there_does_not_lag(api: Any) -> None:
    change(api, list_lag_seconds=30, detail_lag_seconds=30)
    cluster = api.seed(name="shop")
    assert listed(api) == ["shop"]
    assert api.state(cluster["id"]) == "RUNNING"


def test_lists_of_replicas_lag_like_those_of_clusters(api: Any) -> None:
    change(api, list_lag_seconds=30)
    origin = api.seed(name="shop")
    path = f"/v1/clusters/{origin['id']}/replicas"
    accepted = api.ok("POST", path, {"allowable_ip_addresses": [], "replica_count": 1, "replicas": [REPLICA]})
    assert api.state(accepted["resource"]["id"]) == "CREATING"
    assert api.detail(origin["id"])["replicas"] == []
    assert (api.ok("GET", path)["count"], listed(api)) == (0, ["shop"])
    api.pass_time(30)
    assert api.detail(origin["id"])["replicas"] == [accepted["resource"]["id"]]
    assert (api.ok("GET", path)["count"], listed(api)) == (1, ["near", "shop"])


def promoted(api: Any) -> tuple[Any, str]:
    """An origin whose one replica was promoted."""
    origin = api.seed(name="shop", replicas=[{"name": "near"}])
    (replica_id,) = origin["replicas"]
    api.ok("POST", f"/v1/clusters/{replica_id}/promote")
    api.pass_time(120)
    assert api.detail(replica_id)["role_type"] == "ORIGIN"
    return origin, str(replica_id)


def test_a_promoted_replica_can_stay_listed(api: Any) -> None:
    change(api, promoted_stays_listed=True)
    origin, replica_id = promoted(api)
    assert api.detail(origin["id"])["replicas"] == [replica_id]
    assert [item["name"] for item in api.ok("GET", f"/v1/clusters/{origin['id']}/replicas")["contents"]] == ["near"]
    assert api.refused("POST", f"/v1/clusters/{origin['id']}/sync-replica-state")[0] == 409


def test_a_promoted_replica_that_stays_listed_does_not_keep_its_origin(api: Any) -> None:
    change(api, promoted_stays_listed=True)
    origin, replica_id = promoted(api)
    api.ok("DELETE", f"/v1/clusters/{origin['id']}")
    assert api.state(replica_id) == "RUNNING"


def test_a_promoted_replica_that_stays_listed_leaves_with_its_end(api: Any) -> None:
    change(api, promoted_stays_listed=True)
    origin, replica_id = promoted(api)
    api.ok("DELETE", f"/v1/clusters/{replica_id}")
    api.pass_time(210)
    assert api.detail(origin["id"])["replicas"] == []


def test_roles_can_have_other_words(api: Any) -> None:
    words = {"ORIGIN": "PRIMARY_NODE", "REPLICA": "READ_REPLICA", "ACTIVE": "Primary", "STANDBY": None}
    change(api, role_words=words)
    origin = api.seed(name="shop", ha_enabled=True, replicas=[{"name": "near"}])
    (group,) = api.detail(origin["id"])["instance_groups"]
    assert group["role_type"] == "ACTIVE_STANDBY"
    assert [instance["role_type"] for instance in group["instances"]] == ["Primary", None]
    assert {volume["role_type"] for volume in group["block_storage_groups"]} == {"OS", "DATA"}
    roles = {item["name"]: item["role_type"] for item in api.ok("GET", "/v1/clusters")["contents"]}
    assert roles == {"shop": "PRIMARY_NODE", "near": "READ_REPLICA"}
    assert api.detail(origin["id"])["role_type"] == "PRIMARY_NODE"
    api.ok("POST", f"/v1/clusters/{origin['id']}/switchover")
    change(api, role_words={})
    assert api.detail(origin["id"])["role_type"] == "ORIGIN"


def test_an_empty_list_has_no_roles(api: Any) -> None:
    change(api, role_words={"ACTIVE": "PRIMARY"})
    assert api.ok("GET", "/v1/clusters")["contents"] is None
    assert api.refused("GET", "/v1/clusters/nothing")[0] == 404


def histories(api: Any, cluster: Any) -> list[Any]:
    return [
        (item["backup_history_number"], item["backup_state"], not item["backup_end_at"])
        for item in api.ok("GET", f"/v1/clusters/{cluster['id']}/backup-histories")["contents"]
    ]


def test_words_of_backups_can_be_null_and_unknown(api: Any) -> None:
    change(api, backup_words={"completed": None, "in_progress": "RUNNING"})
    cluster = api.seed(
        backup_histories=[
            {"backup_history_number": "1", "age_days": 3},
            {"backup_history_number": "2", "age_days": 2, "backup_state": "EXPIRED"},
            {"backup_history_number": "3", "age_days": 1, "backup_state": None},
            {"backup_history_number": "4", "age_days": 0.5, "backup_state": "RUNNING"},
        ]
    )
    assert histories(api, cluster) == [
        ("4", "RUNNING", True),
        ("3", None, False),
        ("2", "EXPIRED", False),
        ("1", None, False),
    ]


@pytest.mark.parametrize("shows_end", [False, True])
def test_a_backup_in_progress_can_show_an_end(api: Any, shows_end: bool) -> None:
    change(api, running_backups_show_end=shows_end)
    cluster = api.seed()
    api.simulation.cloud.find(cluster["id"]).backups.take(api.simulation.clock.now(), 600, 56, "10.11.9", None)
    ((_number, state, has_no_end),) = histories(api, cluster)
    assert (state, has_no_end) == ("IN_PROGRESS", not shows_end)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("html", "text/html", "<center>nginx</center>"),
        ("empty", None, ""),
        ("message", "application/json", '"no Route matched with those values"'),
        ("error", "application/json", '{"error": "Not Found"}'),
    ],
)
def test_gateways_of_other_makes(api: Any, body: str, content_type: str | None, text: str) -> None:
    cluster = api.seed()
    api.control("POST", "faults", {"kind": "status", "status": 404, "body": body})
    response = api.call("GET", f"/v1/clusters/{cluster['id']}")
    assert (response.status_code, response.headers.get("content-type")) == (404, content_type)
    assert text in response.text
    assert bool(response.text) is bool(text)
    assert "errors" not in response.text


def test_settings_on_the_command_line() -> None:
    options = parse(["--set", "list_lag_seconds=30", "--set", 'role_words={"ACTIVE": null}'])
    assert dict(options.set) == {"list_lag_seconds": 30, "role_words": {"ACTIVE": None}}


@pytest.mark.parametrize("text", ["list_lag_seconds", "list_lag_seconds=soon", "list_lag_seconds=-1", "nonsense=1"])
def test_nonsense_on_the_command_line(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no setting"):
        setting(text)


def test_every_setting_is_known_to_the_control_plane(api: Any) -> None:
    shown = api.control("GET", "settings")
    assert api.control("POST", "settings", shown) == shown
    assert json.dumps(shown)
