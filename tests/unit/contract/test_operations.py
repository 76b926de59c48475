# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _backup,
    _backup_history,
    _cluster_plan,
    _log_export,
    _pace,
    _parameters,
    _replica,
    _restore,
    _spec,
    _versions,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import Place
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task
from ansible_collections.samsungcloud.scp.tests.unit.contract.document import (
    SCHEMAS,
    Operation,
    complaints,
    concrete,
    operations,
    required_since,
    since,
)
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.fakes import (
    FakeClock,
    FakeHttp,
    Json,
    a_cluster,
    a_detail,
    a_group,
    all_of_it,
    an_engine,
    declaring,
)
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.test_log_export import (
    DAILY as EXPORTED,
)
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.test_log_export import a_config
from ansible_collections.samsungcloud.scp.tests.unit.plugins.module_utils.test_parameters import a_parameter
from simulator.versions import VERSIONS

MODULES = "ansible_collections.samsungcloud.scp.plugins.modules"
OPERATIONS = {operation.id: operation for operation in operations()}
FUNCTIONS = {
    name: function
    for name, function in vars(_api).items()
    if inspect.isfunction(function) and not name.startswith("_") and function.__annotations__.get("return") == "Call"
}

# What fills the parameters of the functions that are neither in the path nor in the query.
SAMPLES: dict[str, Any] = {
    "add": ["10.0.0.1"],
    "archive_enabled": True,
    "backup_before_upgrade": True,
    "backup_history_numbers": ["202501010000"],
    "backup_option": {"archive_frequency_minute": "60", "retention_period_day": "7", "starting_time_hour": "2"},
    "body": {"any": "thing"},
    "dbaas_engine": "MariaDB",
    "parameters": [{"id": "p1", "new_value": "1", "old_value": "2"}],
    "remove": ["10.0.0.0/24"],
    "retention_period_day": 3,
    "role_type": "DATA",
    "server_type_name": "db1v2m4",
    "size_gb": 16,
    "software_version": "10.11.15",
    "use_audit_log": True,
    "volume_type": "SSD",
    # In the query.
    "database_name": "db",
    "eos_included": True,
    "limit": 1,
    "log_type": "slow",
    "major_version": "10.11",
    "name": "orders",
    "page": 0,
    "service_state": "RUNNING",
    "size": 1,
    "sort": "name:asc",
    "dbaas_parameter_group_id": "g1",
    "dbaas_engine_version_id": "e1",
}
MAINTENANCE = {"start_day_of_week": "SUN", "start_time": "03", "start_minute": "00", "term_hour": "2"}


def called(operation: Operation) -> _api.Call:
    """Call the function of an operation with every parameter that it has."""
    arguments = {}
    for name in inspect.signature(FUNCTIONS[operation.id]).parameters:
        if name in operation.path_names:
            arguments[name] = f"the-{name}"
        elif name == "body" and operation.id == "set_maintenance":
            arguments[name] = MAINTENANCE
        else:
            arguments[name] = SAMPLES[name]
    call: _api.Call = FUNCTIONS[operation.id](**arguments)
    return call


def test_paces_are_those_of_operations() -> None:
    assert set(_pace.PACES) < {operation.title for operation in OPERATIONS.values() if operation.method != "GET"}


def test_every_operation_has_one_function() -> None:
    assert len(OPERATIONS) == 44 + len(_versions.OPERATIONS_SINCE)
    assert set(FUNCTIONS) == set(OPERATIONS)


def test_functions_stand_in_the_order_of_the_reference() -> None:
    later = [None] * len(_versions.OPERATIONS_SINCE)
    assert [OPERATIONS[name].number for name in FUNCTIONS] == [*range(1, 45), *later]


def test_tables_of_versions_are_those_of_the_contract() -> None:
    def fields(find: Callable[[str | None], dict[str, str]], part: str) -> dict[str, dict[str, str]]:
        found = {operation.title: find(getattr(operation, part)) for operation in OPERATIONS.values()}
        return {title: versions for title, versions in found.items() if versions}

    assert {
        operation.title: operation.since for operation in OPERATIONS.values() if operation.since
    } == _versions.OPERATIONS_SINCE
    assert fields(since, "body") == _versions.BODY_FIELDS_SINCE
    assert fields(required_since, "body") == _versions.BODY_FIELDS_REQUIRED_SINCE
    assert fields(since, "answer") == _versions.ANSWER_FIELDS_SINCE
    assert set(_versions.OPERATIONS_CHANGED) < {operation.title for operation in OPERATIONS.values()}
    assert _versions.IMPLEMENTED == VERSIONS


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_operation(operation: Operation) -> None:
    call = called(operation)
    path = operation.path
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", f"the-{name}")

    assert (call.operation, call.method, call.path) == (operation.title, operation.method, path)
    assert {name for name, _value in call.query} == operation.query_names
    assert (call.body is not None) == (operation.body is not None)
    assert call.is_read == (operation.method == "GET")
    sign = operation.number or _versions.since(operation.title)
    assert (FUNCTIONS[operation.id].__doc__ or "").startswith(f"{sign}: ")


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS.values() if operation.body and called(operation).body != SAMPLES["body"]],
    ids=lambda operation: operation.id,
)
def test_body_that_a_function_builds_is_what_the_contract_takes(operation: Operation) -> None:
    assert complaints(str(operation.body), called(operation).body) == []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_needed_keys_are_always_in_the_answer(operation: Operation) -> None:
    required = set(SCHEMAS[operation.answer]["required"]) - set(since(operation.answer))
    # With nothing but what an answer always has, there is nothing that it lacks.
    lacking = called(operation).answer(dict.fromkeys(required), Place(operation.title))
    assert [name for name, (_operation, _path, _value, expected) in lacking._unread.items() if not expected] == []


def test_every_secret_of_the_contract_is_hidden() -> None:
    secrets = {
        name
        for schema in SCHEMAS.values()
        for name, node in schema.get("properties", {}).items()
        if concrete(node).get("writeOnly")
    }
    fields = {name for schema in SCHEMAS.values() for name in schema.get("properties", {})}
    assert secrets == {name for name in fields if _api.is_secret_field(name)}


@pytest.mark.parametrize("version", _versions.IMPLEMENTED)
@pytest.mark.parametrize("operation", [op for op in OPERATIONS.values() if op.body], ids=lambda operation: operation.id)
def test_body_is_completed_with_what_a_version_requires(operation: Operation, version: str) -> None:
    late = required_since(operation.body).items()
    required = [field for field, first in late if not _versions.is_older(version, first)]
    assert _versions.complete_body(operation.title, {}, version) == dict.fromkeys(required)


# What plans send

EVERYTHING = {
    "ha_enabled": True,
    "nat_enabled": True,
    "vip_public_ip_id": "ip",
    "virtual_ip_address": "10.0.1.9",
    "origin_cluster_id": "c0",
    "allowable_ip_addresses": ["10.0.0.1", "10.0.0.0/24"],
    "maintenance_option": {"period_hour": "0.5", "starting_day_of_week": "MON", "starting_time": "0000"},
    "instance_groups": [
        a_group(
            "ACTIVE_STANDBY",
            instances=[
                {"role_type": "ACTIVE", "service_ip_address": "10.0.1.1", "public_ip_id": "ip1"},
                {"role_type": "STANDBY"},
            ],
        )
    ],
    "init_config_option": {
        "audit_enabled": True,
        "database_port": 2866,
        "database_character_set": "utf8",
        "backup_option": {"archive_frequency_minute": 5, "retention_period_day": 35, "starting_time_hour": 0},
    },
}
CREATIONS: dict[str, tuple[Json, Json | None]] = {
    "smallest": ({}, None),
    "everything": (EVERYTHING, {"team": "commerce", "alone": None}),
    "nothing": (
        {"maintenance_option": {}, "allowable_ip_addresses": [], "init_config_option": {"backup_option": {}}},
        {},
    ),
    "part of a policy": ({"init_config_option": {"backup_option": {"retention_period_day": 14}}}, None),
    "number as a tag": ({}, {"cost": 1234}),
}


@pytest.mark.parametrize("version", _versions.IMPLEMENTED)
@pytest.mark.parametrize("kind", CREATIONS)
def test_creation_is_what_the_contract_takes(kind: str, version: str) -> None:
    changes, tags = CREATIONS[kind]
    desired = all_of_it(**changes)
    _cluster_plan.check(desired, tags)
    _cluster_plan.check_creation(desired)
    call = _cluster_plan.plan_creation(desired, tags, an_engine("10.11.9", "e1")).steps[0].call
    body = _versions.complete_body(call.operation, call.body or {}, version)
    assert complaints("MariadbClusterCreateRequest", body, version) == []


def test_changes_are_what_the_contract_takes() -> None:
    volumes = [
        {"role_type": "OS", "size_gb": 104},
        {"role_type": "DATA", "size_gb": 208},
        {"role_type": "TEMP", "size_gb": 16},
    ]
    desired = declaring(
        allowable_ip_addresses=["10.0.0.1"],
        maintenance_option={"starting_time": "2359"},
        init_config_option={"audit_enabled": True, "backup_option": {"starting_time_hour": 0}},
        instance_groups=[a_group(server_type_name="db1v4m8", block_storage_groups=volumes)],
        software_version="10.11.15",
    )
    by_title = {operation.title: operation for operation in OPERATIONS.values()}
    steps = _cluster_plan.plan_presence(desired, a_cluster()).steps
    assert len(steps) == 8
    for step in steps:
        assert complaints(str(by_title[step.call.operation].body), step.call.body) == []


# What the tasks of the other modules send

REPLICA_GROUP = a_group(block_storage_groups=[{"role_type": "DATA", "size_gb": 200}])
WINDOW = {"period_hour": "2", "starting_day_of_week": "SUN", "starting_time": "0300"}
POLICY = {"archive_frequency_minute": 5, "retention_period_day": 35, "starting_time_hour": 0}
DAILY = {
    "bucket_name": "logs",
    "bucket_access_key": "unsafe-ak",
    "bucket_secret_key": "unsafe-sk",
    "schedule_frequency_type": "DAY",
    "schedule_hour": 0,
}
WEEKLY = {**DAILY, "schedule_frequency_type": "WEEK", "schedule_day_of_week": "SUN", "schedule_hour": 23}
MONTHLY = {**DAILY, "schedule_frequency_type": "MONTH", "schedule_day_of_month": -1, "delete_on_export": True}
HISTORY = {
    "backup_end_at": "2020-11-01T02:10:00Z",
    "backup_history_number": "202011010200",
    "backup_size_gb": 1,
    "backup_start_at": "2020-11-01T02:00:00Z",
    "backup_state": "COMPLETED",
    "backup_state_detail": None,
    "software_version": "10.11.9",
}
UNREGISTERED = {
    **dict.fromkeys(SCHEMAS["LogExportConfig"]["properties"]),
    "is_registered": False,
    "log_type": "slow",
    "log_label": "slow",
}
REGISTERED = {**UNREGISTERED, "is_registered": True, "is_bucket_deleted": False, "bucket_name": "logs"}
PRESENT = {
    **REGISTERED,
    "schedule_frequency_type": "MONTH",
    "schedule_day_of_month": "1",
    "schedule_hour": "3",
    "delete_on_export": False,
}
SENDERS: list[tuple[str, Json, str]] = [
    ("mariadb_backup", POLICY, "Set Backup"),
    ("mariadb_backup", {"archive": {"archive_enabled": True, "retention_period_day": 35}}, "Set Archive Config"),
    ("mariadb_backup", {"archive": {"archive_enabled": False}}, "Set Archive Config"),
    ("mariadb_backup_history", {"keep_last": 0, "remove_last_restorable": True}, "Remove Backup Histories"),
    (
        "mariadb_restore",
        {"name": "restored", "instance_name_prefix": "restored", "server_type_name": "db1v2m4", "latest": True},
        "Create Restore Cluster",
    ),
    (
        "mariadb_restore",
        {
            "name": "restored",
            "instance_name_prefix": "restored",
            "server_type_name": "db1v2m4",
            "backup_recovery_time": "2020-11-01T12:00:00+09:00",
            "block_storage_groups": [{"role_type": "DATA", "size_gb": 208, "volume_type": None}],
            "allowable_ip_addresses": ["10.0.0.1", "10.0.0.0/24"],
            "maintenance_option": WINDOW,
            "tags": {"team": "commerce", "alone": None, "cost": 1},
        },
        "Create Restore Cluster",
    ),
    ("mariadb_replica", {"replicas": [{"name": "orders-r1", "instance_groups": [REPLICA_GROUP]}]}, "Create Replica"),
    (
        "mariadb_replica",
        {
            "replicas": [{"name": f"orders-r{number}", "instance_groups": [REPLICA_GROUP]} for number in range(5)],
            "allowable_ip_addresses": ["10.0.0.1"],
            "maintenance_option": WINDOW,
            "tags": {"team": "commerce", "alone": None},
        },
        "Create Replica",
    ),
    (
        "mariadb_replica",
        {
            "replicas": [{"name": "orders-r1", "instance_groups": [REPLICA_GROUP]}],
            "other_region": {"region": "kr-east1", "subnet_id": "subnet-east"},
            "maintenance_option": WINDOW,
            "tags": {"team": "commerce"},
            "api_version": "1.1",
        },
        "Create Replica in Other Region",
    ),
    ("mariadb_parameters", {"parameters": {"p": 2, "q": True}, "reset": ["r"]}, "Set Parameter Values"),
    ("mariadb_log_export", DAILY, "Register Log Export Config"),
    ("mariadb_log_export", WEEKLY, "Register Log Export Config"),
    ("mariadb_log_export", MONTHLY, "Register Log Export Config"),
    ("mariadb_log_export", {**DAILY, "log_type": "alert"}, "Set Log Export Config"),
    ("mariadb_log_export", {**WEEKLY, "log_type": "alert"}, "Set Log Export Config"),
    ("mariadb_log_export", {**MONTHLY, "log_type": "alert"}, "Set Log Export Config"),
]
CORES = {
    "mariadb_backup": _backup.ensure,
    "mariadb_backup_history": _backup_history.ensure_absent,
    "mariadb_log_export": _log_export.ensure,
    "mariadb_parameters": _parameters.ensure,
    "mariadb_replica": _replica.ensure,
    "mariadb_restore": _restore.ensure,
}
PARAMETERS = [
    a_parameter("p", "1"),
    a_parameter("q", "OFF", data_type="boolean", allows_value="ON,OFF"),
    a_parameter("r", "1", default_value="2"),
]


def dry_run(module: str, options: Json) -> list[Json]:
    """Return what a task of a module would send, with its secrets hidden."""
    http = FakeHttp(
        {
            "List Backup Histories": [{"contents": [HISTORY], "total_count": 1}],
            "List Clusters": [{"contents": [], "count": 0}],
            "List Log Export Configs": [
                {"contents": [UNREGISTERED, {**PRESENT, "log_type": "alert"}], "count": 2},
            ],
            "List Parameter Values": [{"contents": PARAMETERS, "count": len(PARAMETERS)}],
            "Show Archive Config": [{"archive_enabled": True, "retention_period_day": 3}],
            "Show Cluster": [a_cluster()],
        }
    )
    spec = importlib.import_module(f"{MODULES}.{module}").ARGUMENT_SPEC
    params = _spec.complete(spec, {"cluster_id": "c1", "log_type": "slow", **options})
    task = Task(params, True, http, FakeClock(), connect=lambda load: http)
    return CORES[module](task).operations or []


@pytest.mark.parametrize(("module", "options", "title"), SENDERS)
def test_body_that_a_task_sends_is_what_the_contract_takes(module: str, options: Json, title: str) -> None:
    [operation] = dry_run(module, options)
    assert operation["operation"] == title
    by_title = {one.title: one for one in OPERATIONS.values()}
    assert complaints(str(by_title[title].body), operation["body"]) == []


def test_every_module_that_writes_sends_something() -> None:
    folder = Path(importlib.import_module(f"{MODULES}.mariadb_cluster").__file__ or "").parent
    writing = {path.stem for path in folder.glob("*.py") if not path.stem.endswith("_info")}
    assert {module for module, _options, _title in SENDERS} == set(CORES) == writing - {"mariadb_cluster"}


# What the other tests stand on


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_parameters_of_the_tests_are_what_the_contract_shows(parameter: Json) -> None:
    assert complaints("ParameterDTO", parameter) == []


@pytest.mark.parametrize("config", [a_config(), a_config(EXPORTED)])
def test_exports_of_the_tests_are_what_the_contract_shows(config: Json) -> None:
    assert complaints("LogExportConfig", config) == []


def test_backups_of_the_tests_are_what_the_contract_shows() -> None:
    assert complaints("BackupHistoryApiItem", HISTORY) == []


def test_cluster_of_the_tests_is_what_the_contract_shows() -> None:
    assert complaints("MariadbClusterDetailResponse", a_detail()) == []


def test_engines_of_the_tests_are_what_the_contract_shows() -> None:
    assert complaints("Engine", an_engine("10.11.9")) == []
