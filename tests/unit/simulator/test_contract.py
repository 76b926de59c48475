# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from simulator.contract import (
    API_DOCUMENT,
    CONTROL_DOCUMENT,
    ContractViolation,
    InvalidRequest,
    load_api,
    load_newest,
    view,
)
from simulator.operations import HANDLERS

OPERATIONS = """
 1 post   Add Block Storages             /v1/instance-groups/{instance_group_id}/block-storage-groups
 2 post   Create Cluster                 /v1/clusters
 3 post   Create Replica                 /v1/clusters/{cluster_id}/replicas
 4 post   Create Restore Cluster         /v1/clusters/{cluster_id}/restore
 5 post   Export Log                     /v1/clusters/{cluster_id}/log-export-configs/{log_type}/export
 6 get    List Backup Histories          /v1/clusters/{cluster_id}/backup-histories
 7 get    List Clusters                  /v1/clusters
 8 get    List Engine Version Properties /v1/engine-versions/{dbaas_engine_version_id}/properties
 9 get    List Engine Versions           /v1/engine-versions
10 get    List Log Export Configs        /v1/clusters/{cluster_id}/log-export-configs
11 get    List Parameter Groups          /v1/parameter-groups
12 get    List Parameter Values          /v1/clusters/{cluster_id}/parameters
13 get    List Parameters                /v1/parameters
14 get    List Replicas                  /v1/clusters/{cluster_id}/replicas
15 get    List Server Types              /v1/server-types
16 put    Patch Minor Version            /v1/clusters/{cluster_id}/patch
17 post   Promote Replica Cluster        /v1/clusters/{cluster_id}/promote
18 post   Register Log Export Config     /v1/clusters/{cluster_id}/log-export-configs
19 put    Remove Backup Histories        /v1/clusters/{cluster_id}/backup-histories
20 post   Reset Replica                  /v1/clusters/{replica_cluster_id}/reset-replica
21 post   Restart Cluster                /v1/clusters/{cluster_id}/restart
22 put    Set Archive Config             /v1/clusters/{cluster_id}/archive
23 put    Set Audit Log                  /v1/clusters/{cluster_id}/audit-log
24 post   Set Backup                     /v1/clusters/{cluster_id}/backups
25 post   Set Block Storage Size         /v1/block-storage-groups/{block_storage_group_id}/resize
26 put    Set Log Export Config          /v1/clusters/{cluster_id}/log-export-configs/{log_type}
27 post   Set Maintenance                /v1/clusters/{cluster_id}/maintenance
28 put    Set Parameter Values           /v1/clusters/{cluster_id}/parameters
29 post   Set Security Group Rules       /v1/clusters/{cluster_id}/security-group-rules
30 post   Set Server Type                /v1/instance-groups/{instance_group_id}/resize
31 get    Show Archive Config            /v1/clusters/{cluster_id}/archive
32 get    Show Cluster                   /v1/clusters/{cluster_id}
33 get    Show Request                   /v1/requests/{request_id}
34 post   Start Cluster                  /v1/clusters/{cluster_id}/start
35 post   Stop Cluster                   /v1/clusters/{cluster_id}/stop
36 post   Switchover Cluster             /v1/clusters/{cluster_id}/switchover
37 post   Synchronize Archive Config     /v1/clusters/{cluster_id}/archive/sync
38 post   Synchronize Cluster State      /v1/clusters/{cluster_id}/sync-state
39 post   Synchronize Parameter Values   /v1/clusters/{cluster_id}/parameters/sync
40 post   Synchronize Replica State      /v1/clusters/{origin_cluster_id}/sync-replica-state
41 delete Terminate Cluster              /v1/clusters/{cluster_id}
42 delete Unregister Log Export Config   /v1/clusters/{cluster_id}/log-export-configs/{log_type}
43 delete Unset Backup                   /v1/clusters/{cluster_id}/backups
44 delete Unset Maintenance              /v1/clusters/{cluster_id}/maintenance
"""

READS = {6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 31, 32, 33}
WITHOUT_BODY = {5, 17, 20, 21, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44}


def expected_operations() -> list[tuple[int, str, str, str]]:
    rows = [line.split() for line in OPERATIONS.strip().splitlines()]
    return [(int(row[0]), row[1], " ".join(row[2:-1]), row[-1]) for row in rows]


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load(API_DOCUMENT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [API_DOCUMENT, CONTROL_DOCUMENT], ids=lambda path: path.name)
def test_documents_are_valid_openapi(path: Any) -> None:
    validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_it_has_the_44_operations_of_the_reference() -> None:
    operations = load_api("1.0").operations.values()
    found = sorted((item.number, item.method, item.title, item.path) for item in operations)
    assert found == expected_operations()


def test_operation_ids_are_the_titles_in_snake_case() -> None:
    assert [item.title.lower().replace(" ", "_") for item in load_api("1.0").operations.values()] == list(
        load_api("1.0").operations
    )


def test_reads_answer_200_and_writes_202() -> None:
    for operation in load_api("1.0").operations.values():
        assert operation.success == (200 if operation.number in READS else 202), operation.title


def test_writes_take_a_body_where_the_reference_shows_one() -> None:
    without = {item.number for item in load_api("1.0").operations.values() if not item.takes_body}
    assert without == READS | WITHOUT_BODY


def test_every_object_is_closed(document: Any) -> None:
    for name, schema in document["components"]["schemas"].items():
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name
            assert set(schema.get("required", [])) <= set(schema["properties"]), name


def test_every_operation_can_be_refused(document: Any) -> None:
    for path in document["paths"].values():
        for method in {"get", "put", "post", "delete"} & set(path):
            assert path[method]["responses"]["default"] == {"$ref": "#/components/responses/Problem"}


def test_operations_of_a_version() -> None:
    def added(newer: str, older: str) -> set[str]:
        return {item.title for item in load_api(newer).operations.values()} - {
            item.title for item in load_api(older).operations.values()
        }

    assert added("1.1", "1.0") == {"Create Replica in Other Region", "Upgrade Kernel"}
    assert added("1.2", "1.1") == {"Create Manual Backup", "Upgrade Major Version"}
    assert added("1.3", "1.2") == set()
    assert not load_api("1.0").knows_path("/v1/clusters/x/kernel-upgrade")


def test_an_older_view_lacks_what_came_later(document: Any) -> None:
    def create(version: str) -> Any:
        return view(document, version)["components"]["schemas"]["MariadbClusterCreateRequest"]

    def detail(version: str) -> Any:
        return view(document, version)["components"]["schemas"]["MariadbClusterDetailResponse"]

    assert set(create("1.1")["properties"]) - set(create("1.0")["properties"]) == {"service_watch_log_collection"}
    assert set(create("1.1")["required"]) - set(create("1.0")["required"]) == {"service_watch_log_collection"}
    assert set(detail("1.1")["properties"]) - set(detail("1.0")["properties"]) == {
        "is_kernel_patchable",
        "service_watch_log_collection",
    }
    assert set(detail("1.1")["required"]) - set(detail("1.0")["required"]) == {"is_kernel_patchable"}
    assert detail("1.3") == detail("1.1")


def test_every_operation_has_a_handler() -> None:
    assert set(HANDLERS) == set(load_newest().operations)


SIZE = "/v1/block-storage-groups/x/resize"
PATCH = "/v1/clusters/x/patch"
ARCHIVE = "/v1/clusters/x/archive"
BACKUP = "/v1/clusters/x/backups"
MAINTENANCE = "/v1/clusters/x/maintenance"
RULES = "/v1/clusters/x/security-group-rules"


def backup(frequency: Any, retention: str, hour: str) -> dict[str, Any]:
    return {"archive_frequency_minute": frequency, "retention_period_day": retention, "starting_time_hour": hour}


def maintenance(hour: str, term: str) -> dict[str, Any]:
    return {"start_day_of_week": "SUN", "start_time": hour, "start_minute": "00", "term_hour": term}


@pytest.mark.parametrize(
    ("method", "path", "body", "is_valid"),
    [
        ("POST", SIZE, {"size_gb": 16}, True),
        ("POST", SIZE, {"size_gb": 5120}, True),
        ("POST", SIZE, {"size_gb": 8}, False),
        ("POST", SIZE, {"size_gb": 20}, False),
        ("POST", SIZE, {"size_gb": 5128}, False),
        ("POST", SIZE, {"size_gb": "16"}, False),
        ("POST", SIZE, {"size_gb": 16, "more": 1}, False),
        ("POST", SIZE, {}, False),
        ("PUT", PATCH, {"software_version": "10.11.15", "backup_before_upgrade": False}, True),
        ("PUT", PATCH, {"software_version": "10.11.15"}, False),
        ("PUT", ARCHIVE, {"archive_enabled": False, "retention_period_day": None}, True),
        ("PUT", ARCHIVE, {"archive_enabled": True, "retention_period_day": 36}, False),
        ("POST", BACKUP, backup("5", "35", "0"), True),
        ("POST", BACKUP, backup("5", "6", "0"), False),
        ("POST", BACKUP, backup("5", "7", "02"), False),
        ("POST", BACKUP, backup(5, "7", "2"), False),
        ("POST", MAINTENANCE, maintenance("03", "0.5"), True),
        ("POST", MAINTENANCE, maintenance("3", "0.5"), False),
        ("POST", MAINTENANCE, maintenance("03", "6.5"), False),
        ("POST", RULES, {"add_ip_addresses": ["192.0.2.1", "192.0.2.0/24"]}, True),
        ("POST", RULES, {"add_ip_addresses": ["192.0.2.256"]}, False),
        ("POST", RULES, {"del_ip_addresses": ["192.0.2.0/33"]}, False),
    ],
)
def test_bodies_are_held_against_the_rules(method: str, path: str, body: Any, is_valid: bool) -> None:
    contract = load_api("1.0")
    match = contract.match(method, path)
    assert match is not None
    raw = json.dumps(body).encode()
    if is_valid:
        assert contract.read_request(match, {}, raw, "application/json") == ({}, body)
    else:
        with pytest.raises(InvalidRequest):
            contract.read_request(match, {}, raw, "application/json")


def test_a_wrong_answer_is_noticed() -> None:
    contract = load_api("1.0")
    operation = contract.operations["show_request"]
    assert contract.check_answer(operation, 200, {"request_id": "req-1", "state": "?"})
    for status, body in ((200, {"request_id": "req-1"}), (200, {}), (400, {"error": "?"}), (500, [])):
        with pytest.raises(ContractViolation):
            contract.check_answer(operation, status, body)


def test_reasons_name_the_rule_and_not_the_value() -> None:
    contract = load_api("1.0")
    match = contract.match("POST", "/v1/clusters")
    assert match is not None
    raw = b'{"init_config_option": {"database_user_password": "short"}}'
    with pytest.raises(InvalidRequest) as caught:
        contract.read_request(match, {}, raw, "application/json")
    assert "$.init_config_option.database_user_password: breaks minLength" in caught.value.reasons
    assert "short" not in str(caught.value)
