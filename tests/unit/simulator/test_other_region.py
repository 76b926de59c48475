# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other region, at a port of its own: what is in one of the two is unknown at the other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from simulator.app import build_app

PORT = 9443
EAST = f"http://testserver:{PORT}"
VOLUMES = [{"role_type": "DATA", "size_gb": 56}]
REPLICA = {
    "name": "east-1",
    "instance_groups": [{"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": VOLUMES}],
}
BODY: dict[str, Any] = {
    "allowable_ip_addresses": [],
    "nat_enabled": True,
    "region": "kr-east1",
    "replica_count": 1,
    "replicas": [REPLICA],
    "subnet_id": "subnet-east",
}


class Regions:
    """Sends signed calls to one of the two."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._app = build_app(api.simulation, other_region_port=PORT)

    def call(self, method: str, path: str, body: Any = None, at: str = "http://testserver") -> Any:
        headers = {**self._api.signed_headers(method, at + path), "Scp-Api-Version": "mariadb 1.1"}
        content = None if body is None else json.dumps(body)
        return TestClient(self._app, base_url=at).request(method, path, headers=headers, content=content)

    def create(self, origin: Any, **parts: Any) -> Any:
        return self.call("POST", f"/v1/clusters/{origin['id']}/replicas/other-region", {**BODY, **parts})


@pytest.fixture
def regions(api: Any) -> Regions:
    api.simulation.change_settings({"versions": ["1.1"], "stale_reads": 0})
    return Regions(api)


def test_everything_after_the_creation_is_in_its_region(api: Any, regions: Regions) -> None:
    origin = api.seed()
    accepted = regions.create(origin)
    assert accepted.status_code == 202, accepted.text
    replica = f"/v1/clusters/{accepted.json()['resource']['id']}"
    request = f"/v1/requests/{accepted.json()['request_id']}"
    api.pass_time(900)

    assert regions.call("GET", replica).status_code == 404
    shown = regions.call("GET", replica, at=EAST).json()
    assert (shown["role_type"], shown["subnet_id"], shown["nat_enabled"]) == ("REPLICA", "subnet-east", True)
    assert shown["init_config_option"]["origin_region"] == "kr-west1"
    names = {at: regions.call("GET", "/v1/clusters", at=at).json()["contents"] for at in ("http://testserver", EAST)}
    assert [[one["id"] for one in found] for found in names.values()] == [[origin["id"]], [shown["id"]]]
    assert regions.call("GET", request).json()["state"] == "COMPLETED"
    assert regions.call("GET", request, at=EAST).status_code == 400
    (group,) = shown["instance_groups"]
    resize = f"/v1/instance-groups/{group['id']}/resize"
    assert regions.call("POST", resize, {"server_type_name": "db1v4m8"}).status_code == 404
    assert regions.call("POST", resize, {"server_type_name": "db1v4m8"}, at=EAST).status_code == 202
    volume = f"/v1/block-storage-groups/{group['block_storage_groups'][0]['id']}/resize"
    assert regions.call("POST", volume, {"size_gb": 200}).status_code == 404
    listed = regions.call("GET", f"/v1/clusters/{origin['id']}/replicas").json()["contents"]
    assert [(one["name"], one["region"]) for one in listed] == [("east-1", "kr-east1")]


@pytest.mark.parametrize("are_listed", [True, False])
def test_whether_the_origin_lists_it(api: Any, regions: Regions, are_listed: bool) -> None:
    api.simulation.change_settings({"origins_list_replicas_elsewhere": are_listed})
    origin = api.seed(replicas=[{"name": "west-1"}, {"name": "east-1", "is_elsewhere": True}])
    shown = regions.call("GET", f"/v1/clusters/{origin['id']}").json()
    assert len(shown["replicas"]) == 1 + are_listed


def test_region_of_the_origin_is_refused(api: Any, regions: Regions) -> None:
    assert regions.create(api.seed(), region="kr-west1").status_code == 400


def test_names_are_taken_in_their_region_only(api: Any, regions: Regions) -> None:
    api.seed(name="east-1")
    origin = api.seed(name="origin")
    assert regions.create(origin).status_code == 202
    api.pass_time(900)
    assert regions.create(origin).status_code == 400
