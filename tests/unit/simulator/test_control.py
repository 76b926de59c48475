# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.journal import HIDDEN


def test_calls_are_journalled(api: Any) -> None:
    api.call("GET", "/v1/clusters?name=shop&size=5")
    api.call("POST", "/v1/clusters/x/stop")
    first, second = api.control("GET", "calls")["calls"]
    assert first["operation"] == "List Clusters"
    assert (first["method"], first["path"], first["query"]) == ("GET", "/v1/clusters", {"name": "shop", "size": "5"})
    assert (first["body"], first["status"], first["version"]) == (None, 200, "mariadb 1.0")
    assert first["started_at"] <= first["ended_at"] <= second["started_at"]
    assert (second["sequence"] - first["sequence"], second["status"]) == (1, 404)


def test_draining_forgets(api: Any) -> None:
    api.call("GET", "/v1/clusters")
    assert len(api.control("POST", "calls/drain")["calls"]) == 1
    assert api.control("GET", "calls") == {"calls": []}


def test_unknown_calls_are_journalled_without_an_operation(api: Any) -> None:
    api.http.get("/v1/nothing")
    assert [call["operation"] for call in api.control("GET", "calls")["calls"]] == [None]


def test_no_secret_gets_into_the_journal(api: Any) -> None:
    api.call("POST", "/v1/clusters", api.create_body())
    keys = {"access_key": "unsafe-ak", "secret_key": "unsafe-sk", "other": None}
    api.call("POST", "/v1/clusters/x/log-export-configs", keys)
    headers = api.signed_headers("POST", "http://testserver/v1/clusters")
    api.http.post("/v1/clusters", headers=headers, content=b'{"database_user_password": "unsafe-Pass1"')
    calls = api.control("GET", "calls")["calls"]
    assert calls[0]["body"]["init_config_option"]["database_user_password"] == HIDDEN
    assert calls[0]["body"]["init_config_option"]["database_user_name"] == "admin"
    assert calls[1]["body"] == {"access_key": HIDDEN, "secret_key": HIDDEN, "other": None}
    text = json.dumps(calls)
    assert "unsafe" not in text
    assert api.simulation.credentials.secret_key not in text


def test_a_seed_is_a_whole_cluster(api: Any) -> None:
    seeded = api.seed()
    shown = api.detail(seeded["id"])
    assert set(seeded) - set(shown) == {"is_kernel_patchable", "service_watch_log_collection"}
    assert shown["service_state"] == "RUNNING"
    assert api.control("GET", "clusters") == {"clusters": [seeded]}


def test_a_seed_takes_any_part_of_a_detail(api: Any) -> None:
    volumes = [{"role_type": "OS", "size_gb": 104}, {"role_type": "DATA", "size_gb": 1024, "volume_type": "HDD"}]
    seeded = api.seed(
        id="c1",
        name="shop",
        service_state="ERROR",
        software_version="11.4.7",
        init_config_option={"database_port": 3306},
        instance_groups=[{"server_type_name": "db2v8m16", "block_storage_groups": volumes}],
        archive={"archive_enabled": False, "retention_period_day": None},
    )
    group = seeded["instance_groups"][0]
    assert (seeded["id"], seeded["name"], seeded["service_state"]) == ("c1", "shop", "ERROR")
    assert seeded["dbaas_engine_version_name"] == "MariaDB Community 11.4.7"
    assert seeded["init_config_option"]["database_port"] == 3306
    assert seeded["init_config_option"]["database_user_name"] == "admin"
    assert (group["server_type_name"], group["block_storage_groups"][1]["size_gb"]) == ("db2v8m16", 1024)
    assert group["instances"][0]["service_state"] == "ERROR"
    assert api.ok("GET", "/v1/clusters/c1/archive") == {"archive_enabled": False, "retention_period_day": None}


def test_a_seed_can_be_on_its_way(api: Any) -> None:
    seeded = api.seed(service_state="CREATING", becomes={"service_state": "RUNNING", "after": 100})
    assert api.state(seeded["id"]) == "CREATING"
    assert api.refused("POST", f"/v1/clusters/{seeded['id']}/stop")[1].endswith("ExistInprogress")
    api.control("POST", "clock", {"advance": 100})
    assert api.state(seeded["id"]) == "RUNNING"


@pytest.mark.parametrize(
    "parts",
    [
        {"service_state": "BORED"},
        {"nonsense": 1},
        {"name": 1},
        {"init_config_option": "none"},
        {"instance_groups": "many"},
        {"instance_groups": [{"block_storage_groups": [{"role_type": "OS"}]}]},
        {"replicas": [{}, {"service_state": "BORED"}]},
        {"replicas": [{"parameters": {"nonsense": "1"}}]},
        {"backup_histories": [{"backup_history_number": "1"}, {"backup_history_number": "1"}]},
        {"backup_histories": [{"backup_start_at": "yesterday"}]},
        {"log_exports": [{"log_type": "general"}]},
        {"log_exports": [{}]},
        {"parameters": {"wait_timeout": 600}},
        {"replication": {"mood": "good"}},
    ],
)
def test_a_seed_must_make_a_cluster(api: Any, parts: Any) -> None:
    response = api.http.post("/_simulator/clusters", json=parts)
    assert response.status_code == 400
    assert set(response.json()) == {"error"}
    assert api.control("GET", "clusters") == {"clusters": []}


def test_two_seeds_may_have_one_name_but_not_one_id(api: Any) -> None:
    first = api.seed(name="shop")
    assert api.seed(name="shop")["id"] != first["id"]
    assert api.http.post("/_simulator/clusters", json={"id": first["id"]}).status_code == 400


def test_a_seed_brings_its_replicas(api: Any) -> None:
    parts = {"service_state": "STOPPED", "becomes": {"service_state": "RUNNING", "after": 10}}
    origin = api.seed(
        name="shop", subnet_id="subnet-1", replicas=[{}, {"id": "r2", "name": "second", **parts}, "elsewhere"]
    )
    first, second = (api.detail(replica_id) for replica_id in origin["replicas"][:2])
    assert origin["replicas"][1:] == ["r2", "elsewhere"]
    assert (first["name"], first["role_type"], first["service_state"]) == ("replica-1", "REPLICA", "RUNNING")
    assert (second["name"], second["subnet_id"], second["service_state"]) == ("second", "subnet-1", "STOPPED")
    assert first["origin_cluster_id"] == second["origin_cluster_id"] == origin["id"]
    api.control("POST", "clock", {"advance": 10})
    assert api.state("r2") == "RUNNING"


def test_replicas_can_be_added_from_outside(api: Any) -> None:
    origin = api.seed(replicas=[{}])
    replicas = [*origin["replicas"], {"name": "later"}]
    changed = api.control("PATCH", f"clusters/{origin['id']}", {"replicas": replicas})
    assert [api.detail(replica_id)["name"] for replica_id in changed["replicas"]] == ["replica-1", "later"]


def test_a_cluster_is_changed_from_outside(api: Any) -> None:
    api.control("POST", "settings", {"stale_reads": 5})
    cluster = api.seed()
    accepted = api.ok("POST", f"/v1/clusters/{cluster['id']}/stop")
    parts = {"service_state": "UNKNOWN", "init_config_option": {"audit_enabled": True}}
    changed = api.control("PATCH", f"clusters/{cluster['id']}", parts)
    assert changed["init_config_option"]["audit_enabled"] is True
    api.pass_time(1000)
    assert api.state(cluster["id"]) == "UNKNOWN"
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "FAILED"
    assert api.http.patch("/_simulator/clusters/nothing", json={}).status_code == 404


def test_settings_are_merged(api: Any) -> None:
    changes = {"request_words": {"completed": "SUCCESS"}, "durations": {"Stop Cluster": 5}}
    settings = api.control("POST", "settings", changes)
    assert settings["request_words"] == {"in_progress": "IN_PROGRESS", "completed": "SUCCESS", "failed": "FAILED"}
    assert (settings["durations"]["Stop Cluster"], settings["durations"]["Start Cluster"]) == (5, 180)
    cluster = api.seed()
    accepted = api.ok("POST", f"/v1/clusters/{cluster['id']}/stop")
    api.pass_time(5)
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "SUCCESS"
    assert api.control("GET", "settings") == settings


def test_a_new_time_scale_goes_on_from_the_present(api: Any) -> None:
    cluster = api.seed()
    api.ok("POST", f"/v1/clusters/{cluster['id']}/stop")
    api.pass_time(60)
    api.control("POST", "settings", {"time_scale": 10})
    api.pass_time(5.9)
    assert api.state(cluster["id"]) == "STOPPING"
    api.pass_time(0.2)
    assert api.state(cluster["id"]) == "STOPPED"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("settings", {"time_scale": 0}),
        ("settings", {"versions": []}),
        ("settings", {"nonsense": 1}),
        ("faults", {"kind": "plague"}),
        ("faults", {}),
        ("outcomes", {"service_state": "BORED"}),
        ("clock", {"advance": -1}),
    ],
)
def test_nonsense_is_refused(api: Any, path: str, body: Any) -> None:
    assert api.http.post(f"/_simulator/{path}", json=body).status_code == 400


def test_unknown_control_calls_are_refused(api: Any) -> None:
    assert api.http.get("/_simulator/nothing").status_code == 404


def test_reset(api: Any) -> None:
    before = api.control("GET", "settings")
    api.seed()
    api.call("DELETE", "/v1/clusters/x")
    api.control("POST", "faults", {"kind": "reset"})
    api.control("POST", "outcomes", {})
    api.control("POST", "settings", {"stale_reads": 9})
    assert api.control("POST", "reset") == before
    for path, name in (("clusters", "clusters"), ("faults", "faults"), ("outcomes", "outcomes"), ("calls", "calls")):
        assert api.control("GET", path) == {name: []}
