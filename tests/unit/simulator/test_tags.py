# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags at the second service, the Resource Manager."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from simulator.app import build_app
from simulator.building import ACCOUNT_ID
from simulator.contract import RESOURCE_MANAGER_DOCUMENT, load_resource_manager
from simulator.operations import TAG_HANDLERS

PORT = 8081
BASE_URL = f"http://testserver:{PORT}"
TEAM = [{"key": "team", "value": "commerce"}]
GROUP = {
    "role_type": "ACTIVE",
    "server_type_name": "db1v2m4",
    "block_storage_groups": [{"role_type": "DATA", "size_gb": 56}],
}


class Tags:
    """Sends signed calls to the second service of a simulator."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._http = TestClient(build_app(api.simulation, PORT), base_url=BASE_URL)

    def call(self, method: str, cluster: Any, rest: str = "", body: Any = None, **headers: str) -> Any:
        srn = cluster if isinstance(cluster, str) else srn_of(cluster)
        return self.send(method, f"/v1/tags/{base64.b64encode(srn.encode()).decode()}{rest}", body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        signed = self._api.signed_headers(method, BASE_URL + path)
        named = {"Scp-Api-Version": "resourcemanager 1.0", **{key.replace("_", "-"): headers[key] for key in headers}}
        content = None if body is None else json.dumps(body)
        return self._http.request(method, path, headers={**signed, **named}, content=content)

    def of(self, cluster: Any) -> dict[str, Any]:
        response = self.call("GET", cluster, "?size=100")
        assert response.status_code == 200, response.text
        return {tag["key"]: tag["value"] for tag in response.json()["content"]["tags"]}


def srn_of(cluster: Any, **parts: str) -> str:
    names = {"environment": "e", "account": ACCOUNT_ID, "region": "kr-west1", "id": cluster["id"], **parts}
    return "srn:{environment}::{account}:{region}::mariadb:mariadb/{id}".format(**names)


@pytest.fixture
def tags(api: Any) -> Tags:
    return Tags(api)


def test_contract_is_valid_and_every_operation_is_handled() -> None:
    validate(yaml.safe_load(RESOURCE_MANAGER_DOCUMENT.read_text(encoding="utf-8")))
    assert set(TAG_HANDLERS) == set(load_resource_manager().operations)


def test_tags_of_a_creation_show_after_a_while(api: Any, tags: Tags) -> None:
    api.control("POST", "settings", {"untagged_reads": 2})
    cluster = api.created(tags=[*TEAM, {"key": "alone"}])
    shown = [tags.of(cluster) for _read in range(3)]
    assert shown == [{}, {}, {"team": "commerce", "alone": None}]


def test_tags_of_replicas_and_restored_clusters(api: Any, tags: Tags) -> None:
    api.control("POST", "settings", {"untagged_reads": 0})
    origin = api.seed(name="shop", backup_histories=[{"backup_history_number": "1"}])
    restored = {"name": "restored", "instance_name_prefix": "again", "server_type_name": "db1v2m4", "tags": TEAM}
    api.ok("POST", f"/v1/clusters/{origin['id']}/restore", {**restored, "backup_history_number": "1"})
    replicas = {"replica_count": 1, "replicas": [{"name": "near-1", "instance_groups": [GROUP]}], "tags": TEAM}
    api.ok("POST", f"/v1/clusters/{origin['id']}/replicas", replicas)
    clusters = {cluster["name"]: cluster for cluster in api.control("GET", "clusters")["clusters"]}
    found = {name: tags.of(cluster) for name, cluster in clusters.items()}
    assert found == {"shop": {}, "restored": {"team": "commerce"}, "near-1": {"team": "commerce"}}


@pytest.mark.parametrize(("merges", "left"), [(False, {}), (True, {"old": "1"})])
def test_setting_tags_replaces_or_merges(api: Any, tags: Tags, merges: bool, left: dict[str, str]) -> None:
    api.control("POST", "settings", {"set_tags_merges": merges})
    cluster = api.seed(tags={"old": "1"})
    response = tags.call("PUT", cluster, "/bulk", {"tags": TEAM})
    assert response.status_code == 200, response.text
    assert response.json()["content"]["srn"] == srn_of(cluster)
    assert tags.of(cluster) == {**left, "team": "commerce"}


def test_single_tags(api: Any, tags: Tags) -> None:
    cluster, key = api.seed(tags={"a": "1", "b": None}), "x/y z"
    assert tags.call("PUT", cluster, f"/{quote(key, safe='')}", {"value": "2"}).status_code == 200
    assert tags.of(cluster) == {"a": "1", "b": None, key: "2"}
    deleted = tags.call("DELETE", cluster, f"/{quote(key, safe='')}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert tags.call("DELETE", cluster, "/other").status_code == 404
    assert tags.of(cluster) == {"a": "1", "b": None}
    assert tags.call("DELETE", cluster).status_code == 204
    assert tags.of(cluster) == {}


def test_pages(api: Any, tags: Tags) -> None:
    cluster = api.seed(tags={"b": "2", "a": "1", "c": "3"})
    answer = tags.call("GET", cluster, "?size=2&page=1").json()
    assert answer == {
        "content": {"srn": srn_of(cluster), "tags": [{"key": "c", "value": "3"}]},
        "count": 3,
        "page": 1,
        "size": 2,
    }


@pytest.mark.parametrize(
    "wrong", [{"environment": "g"}, {"account": "somebody"}, {"region": "kr-east1"}, {"id": "another"}], ids=str
)
def test_every_part_of_a_name_counts(api: Any, tags: Tags, wrong: dict[str, str]) -> None:
    assert tags.call("GET", srn_of(api.seed(), **wrong)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tags": None},
        {"tags": [{"key": ""}]},
        {"tags": [{"value": "x"}]},
        {"tags": [{"key": "k" * 129}]},
        {"tags": [{"key": "k", "value": "v" * 257}]},
        {"tags": [{"key": "k", "value": 1}]},
        {"tags": [{"key": "k"}, {"key": "k"}]},
    ],
    ids=str,
)
def test_bodies_that_break_the_contract(api: Any, tags: Tags, body: Any) -> None:
    cluster = api.seed(tags={"a": "1"})
    assert tags.call("PUT", cluster, "/bulk", body).status_code == 400
    assert tags.of(cluster) == {"a": "1"}


def test_what_is_no_name_at_all(tags: Tags) -> None:
    assert tags.send("GET", "/v1/tags/srn").status_code == 400


def test_gates_are_those_of_the_other_service(api: Any, tags: Tags) -> None:
    cluster = api.seed()
    assert tags.call("GET", cluster, Scp_Api_Version="mariadb 1.0").status_code == 406
    assert tags.call("GET", cluster, Scp_Api_Version="resourcemanager 1.1").status_code == 406
    assert tags.call("GET", cluster, Scp_Signature="wrong").status_code == 401
    assert tags.send("GET", "/v1/clusters").status_code == 404
    assert api.call("GET", "/v1/tags/any").status_code == 404
    assert api.call("GET", "/v1/clusters", Scp_Api_Version="resourcemanager 1.0").status_code == 406
    assert [version["id"] for version in tags.send("GET", "/").json()["versions"]] == ["v1.0"]


def test_faults_and_the_journal(api: Any, tags: Tags) -> None:
    cluster = api.seed(tags={"a": "1"})
    api.control("POST", "faults", {"operation": "Set Tags", "kind": "status", "status": 503})
    assert tags.call("PUT", cluster, "/bulk", {"tags": TEAM}).status_code == 503
    tags.call("DELETE", cluster, "/a")
    told = [(call["operation"], call["status"], call["version"]) for call in api.control("GET", "calls")["calls"]]
    assert told == [("Set Tags", 503, "resourcemanager 1.0"), ("Delete Tag", 204, "resourcemanager 1.0")]


def test_snapshot_holds_tags(api: Any, tags: Tags) -> None:
    cluster = api.seed(tags={"a": "1"})
    api.control("POST", "snapshot")
    tags.call("DELETE", cluster)
    api.control("POST", "restore")
    assert tags.of(cluster) == {"a": "1"}
