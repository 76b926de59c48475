# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from simulator.answers import ConnectionDropped


def order(api: Any, kind: str, **parts: Any) -> None:
    api.control("POST", "faults", {"kind": kind, **parts})


def last_call(api: Any) -> Any:
    return api.control("GET", "calls")["calls"][-1]


def test_a_fault_hits_its_operation_only(api: Any) -> None:
    cluster = api.seed()
    order(api, "status", operation="Show Cluster", status=502)
    assert api.call("GET", "/v1/clusters").status_code == 200
    assert api.call("GET", f"/v1/clusters/{cluster['id']}").status_code == 502
    assert api.call("GET", f"/v1/clusters/{cluster['id']}").status_code == 200


def test_skip_and_times(api: Any) -> None:
    order(api, "status", operation="List Clusters", skip=1, times=2)
    assert [api.call("GET", "/v1/clusters").status_code for attempt in range(4)] == [200, 503, 503, 200]
    order(api, "status", times=None)
    assert [api.call("GET", "/v1/clusters").status_code for attempt in range(3)] == [503] * 3
    assert api.control("DELETE", "faults") == {"faults": []}
    assert api.call("GET", "/v1/clusters").status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"), [("service", "application/json"), ("gateway", "application/json"), ("html", "text/html")]
)
def test_bodies_of_a_status(api: Any, body: str, content_type: str) -> None:
    order(api, "status", status=429, body=body, retry_after="7", code="TooMany", detail=["slow", "down"])
    response = api.call("GET", "/v1/clusters")
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
    assert response.headers["content-type"] == content_type
    if body == "service":
        error = response.json()["errors"][0]
        assert (error["code"], error["detail"], error["status"]) == ("TooMany", ["slow", "down"], 429)
    if body == "gateway":
        assert response.json()["status"] == 429


def clusters(api: Any) -> int:
    return len(api.control("GET", "clusters")["clusters"])


@pytest.mark.parametrize(("kind", "effects"), [("status", 0), ("status_after", 1)])
def test_a_status_before_and_after_the_effect(api: Any, kind: str, effects: int) -> None:
    order(api, kind, operation="Create Cluster", status=504)
    assert api.call("POST", "/v1/clusters", api.create_body()).status_code == 504
    assert clusters(api) == effects


@pytest.mark.parametrize(("kind", "effects"), [("reset", 0), ("hang", 0), ("reset_after", 1), ("hang_after", 1)])
def test_no_answer_before_and_after_the_effect(api: Any, kind: str, effects: int) -> None:
    order(api, kind, operation="Create Cluster", seconds=0.01)
    with pytest.raises(ConnectionDropped):
        api.call("POST", "/v1/clusters", api.create_body())
    assert clusters(api) == effects
    assert (last_call(api)["status"], last_call(api)["fault"]) == (None, kind)


def test_a_truncated_answer(api: Any) -> None:
    order(api, "truncated", operation="Create Cluster")
    with pytest.raises(ConnectionDropped):
        api.call("POST", "/v1/clusters", api.create_body())
    assert clusters(api) == 1
    assert last_call(api)["status"] == 202


def test_an_answer_that_is_no_json(api: Any) -> None:
    order(api, "broken_json", operation="Create Cluster")
    response = api.call("POST", "/v1/clusters", api.create_body())
    assert response.status_code == 202
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert clusters(api) == 1


def test_an_empty_answer(api: Any) -> None:
    order(api, "empty", operation="Create Cluster")
    response = api.call("POST", "/v1/clusters", api.create_body())
    assert (response.status_code, response.content) == (202, b"")


def test_a_redirect_to_another_host(api: Any) -> None:
    order(api, "redirect", location="https://evil.example/v1")
    response = api.call("POST", "/v1/clusters", api.create_body())
    assert (response.status_code, response.headers["location"]) == (307, "https://evil.example/v1")
    assert clusters(api) == 0


def test_a_slow_answer_is_the_right_one(api: Any) -> None:
    order(api, "slow", seconds=0.05)
    started = time.monotonic()
    assert api.call("GET", "/v1/clusters").status_code == 200
    assert time.monotonic() - started >= 0.05


def test_the_version_list_can_fail_too(api: Any) -> None:
    order(api, "status", operation="List API Versions")
    assert api.http.get("/").status_code == 503
    assert api.http.get("/").status_code == 200


def test_faults_need_a_signed_call(api: Any) -> None:
    order(api, "status")
    assert api.http.get("/v1/clusters").status_code == 404
    assert len(api.control("GET", "faults")["faults"]) == 1


def outcome(api: Any, **parts: Any) -> None:
    api.control("POST", "outcomes", parts)


@pytest.mark.parametrize("state", ["FAILED", "ERROR", "UNKNOWN"])
def test_an_operation_ends_badly(api: Any, state: str) -> None:
    cluster = api.seed()
    outcome(api, operation="Set Audit Log", service_state=state, detail="disk on fire")
    accepted = api.ok("PUT", f"/v1/clusters/{cluster['id']}/audit-log", {"use_audit_log": True})
    assert api.state(cluster["id"]) == "EDITING"
    api.pass_time(60)
    detail = api.detail(cluster["id"])
    assert detail["service_state"] == state
    assert detail["init_config_option"]["audit_enabled"] is False
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "FAILED"
    error = api.call("POST", f"/v1/clusters/{cluster['id']}/stop").json()["errors"][0]
    assert "disk on fire" in error["detail"]


def test_the_change_can_be_there_all_the_same(api: Any) -> None:
    cluster = api.seed()
    outcome(api, service_state="UNKNOWN", applied=True, request="completed")
    accepted = api.ok("PUT", f"/v1/clusters/{cluster['id']}/audit-log", {"use_audit_log": True})
    api.pass_time(60)
    assert api.detail(cluster["id"])["init_config_option"]["audit_enabled"] is True
    assert api.state(cluster["id"]) == "UNKNOWN"
    assert api.ok("GET", f"/v1/requests/{accepted['request_id']}")["state"] == "COMPLETED"


def test_a_request_can_fail_and_leave_a_healthy_cluster(api: Any) -> None:
    cluster = api.seed()
    outcome(api, service_state=None)
    api.ok("PUT", f"/v1/clusters/{cluster['id']}/audit-log", {"use_audit_log": True})
    api.pass_time(60)
    detail = api.detail(cluster["id"])
    assert (detail["service_state"], detail["init_config_option"]["audit_enabled"]) == ("RUNNING", False)


def test_a_creation_can_fail(api: Any) -> None:
    outcome(api, operation="Create Cluster", skip=1)
    assert api.created()["service_state"] == "RUNNING"
    failed = api.created()
    assert failed["service_state"] == "FAILED"
    api.ok("DELETE", f"/v1/clusters/{failed['id']}")


def test_a_half_made_cluster_can_be_synchronized(api: Any) -> None:
    outcome(api, operation="Create Cluster", service_state="UNKNOWN")
    cluster = api.created()
    api.ok("POST", f"/v1/clusters/{cluster['id']}/sync-state")
    api.pass_time(30)
    detail = api.detail(cluster["id"])
    assert detail["service_state"] == "RUNNING"
    assert detail["instance_groups"][0]["instances"][0]["service_ip_address"]
