# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All 44 operations of the reference answer as they should."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.contract import Operation, load_api
from simulator.parameters import group_of

OPERATIONS = load_api("1.0").operations
GROUP = group_of("10.11.9")
POLICY = {"archive_frequency_minute": "30", "retention_period_day": "14", "starting_time_hour": "4"}
SCHEDULE = {
    "access_key": "unsafe-ak",
    "delete_on_export": True,
    "schedule_day_of_month": None,
    "schedule_day_of_week": None,
    "schedule_frequency_type": "DAY",
    "schedule_hour": "4",
    "secret_key": "unsafe-sk",
}
VOLUMES = [{"role_type": "DATA", "size_gb": 56}]
REPLICA_GROUP = {"role_type": "ACTIVE", "server_type_name": "db1v2m4", "block_storage_groups": VOLUMES}

BODIES: dict[str, Any] = {
    "add_block_storages": {"role_type": "DATA", "size_gb": 16},
    "create_replica": {"replica_count": 1, "replicas": [{"name": "third", "instance_groups": [REPLICA_GROUP]}]},
    "create_restore_cluster": {
        "backup_history_number": "1",
        "instance_name_prefix": "again",
        "name": "restored",
        "server_type_name": "db1v2m4",
    },
    "patch_minor_version": {"software_version": "10.11.15", "backup_before_upgrade": True},
    "register_log_export_config": {**SCHEDULE, "bucket_name": "logs", "log_type": "slow"},
    "remove_backup_histories": {"backup_history_number": ["1"]},
    "set_archive_config": {"archive_enabled": False},
    "set_audit_log": {"use_audit_log": True},
    "set_backup": POLICY,
    "set_block_storage_size": {"size_gb": 64},
    "set_log_export_config": SCHEDULE,
    "set_maintenance": {"start_day_of_week": "TUE", "start_time": "03", "start_minute": "30", "term_hour": "2"},
    "set_parameter_values": {
        "parameters": [{"id": GROUP.parameters[0].id, "new_value": "2", "old_value": "1"}],
    },
    "set_security_group_rules": {"add_ip_addresses": ["192.0.2.1"]},
    "set_server_type": {"server_type_name": "db2v2m4"},
}
PARTS: dict[str, Any] = {
    "start_cluster": {"service_state": "STOPPED"},
    "terminate_cluster": {"replicas": []},
    "patch_minor_version": {"replicas": []},
}
QUERIES = {"list_parameters": f"?dbaas_parameter_group_id={GROUP.id}"}


def seeded(api: Any, operation: Operation) -> Any:
    """A cluster that any operation can be called with, but for what this one needs."""
    parts = {
        "ha_enabled": True,
        "init_config_option": {"backup_option": POLICY},
        "backup_histories": [{"backup_history_number": "1"}],
        "log_exports": [{"log_type": "alert"}],
        "replicas": [{"name": "first"}, {"name": "second"}],
    }
    return api.seed(**{**parts, **PARTS.get(operation.id, {})})


def path_of(api: Any, operation: Operation, cluster: Any) -> str:
    group = cluster["instance_groups"][0]
    replica_id = cluster["replicas"][0] if cluster["replicas"] else ""
    values = {
        "block_storage_group_id": group["block_storage_groups"][1]["id"],
        "cluster_id": replica_id if operation.id == "promote_replica_cluster" else cluster["id"],
        "dbaas_engine_version_id": "1cd2c28ba72447daaaf7e4d7e8dd720b",
        "instance_group_id": group["id"],
        "log_type": "alert",
        "origin_cluster_id": cluster["id"],
        "replica_cluster_id": replica_id,
    }
    if operation.id == "show_request":
        values["request_id"] = api.ok("POST", f"/v1/clusters/{cluster['id']}/stop")["request_id"]
    return operation.path.format(**values) + QUERIES.get(operation.id, "")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_works(api: Any, operation: Operation) -> None:
    path = path_of(api, operation, seeded(api, operation))
    body = api.create_body() if operation.id == "create_cluster" else BODIES.get(operation.id)
    response = api.call(operation.method.upper(), path, body)
    assert response.status_code == operation.success, response.text
    assert api.control("GET", "calls")["calls"][-1]["operation"] == operation.title
    if operation.success == 202:
        api.pass_time(10_000)
        request = api.ok("GET", f"/v1/requests/{response.json()['request_id']}")
        assert request["state"] == "COMPLETED"


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_no_operation_is_missing(api: Any, operation: Operation) -> None:
    """Whatever is called, and however wrongly, nothing says 501."""
    path = operation.path.format_map(Anything())
    for body in (None, {}, BODIES.get(operation.id)):
        assert api.call(operation.method.upper(), path, body).status_code != 501


class Anything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "alert" if name == "log_type" else "nothing"
