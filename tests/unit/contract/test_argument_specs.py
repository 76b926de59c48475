# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec, _states
from ansible_collections.samsungcloud.scp.tests.unit.contract.document import (
    SCHEMAS,
    enum,
    field,
    since,
)

CREATE = "MariadbClusterCreateRequest"
MODULES = "ansible_collections.samsungcloud.scp.plugins.modules"

Spec = dict[str, Any]


def argument_spec(module: str) -> Spec:
    spec: Spec = importlib.import_module(f"{MODULES}.{module}").ARGUMENT_SPEC
    return spec


def options(spec: Spec, prefix: str = "") -> Iterator[tuple[str, Spec]]:
    """Yield every option of an argument spec, at any depth, with its path."""
    for name, option in spec.items():
        yield f"{prefix}{name}", option
        if "options" in option:
            below = "[]." if option["type"] == "list" else "."
            yield from options(option["options"], f"{prefix}{name}{below}")


CLUSTER = dict(options(argument_spec("mariadb_cluster")))
OF_THE_API = {path: option for path, option in CLUSTER.items() if field(CREATE, path) is not None}

# Options of ours that the create request does not have; the tags are a dictionary here and a list there.
OWN = {
    "state",
    "cluster_id",
    "engine_version",
    "software_version",
    "backup_before_upgrade",
    "upgrade_kernel",
    "upgrade_major_version",
    "active_instance",
    "purge_tags",
    *_spec.CONNECTION,
    *_spec.WAIT,
}


@pytest.mark.parametrize(
    ("choices", "schema", "path"),
    [
        (_spec.DAYS_OF_WEEK, CREATE, "maintenance_option.starting_day_of_week"),
        (_spec.DAYS_OF_WEEK, "MaintenanceRequest", "start_day_of_week"),
        (_spec.GROUP_ROLE_TYPES, CREATE, "instance_groups[].role_type"),
        (_spec.INSTANCE_ROLE_TYPES, CREATE, "instance_groups[].instances[].role_type"),
        (_spec.VOLUME_ROLE_TYPES, CREATE, "instance_groups[].block_storage_groups[].role_type"),
        (_spec.VOLUME_ROLE_TYPES, "AddBlockStoragesRequest", "role_type"),
        (_spec.VOLUME_TYPES, CREATE, "instance_groups[].block_storage_groups[].volume_type"),
        (_states.SERVICE_STATES, "MariadbClusterDetailResponse", "service_state"),
        (_spec.LOG_TYPES, "LogExportConfigCreateRequest", "log_type"),
        (_spec.DAYS_OF_WEEK, "LogExportConfigModifyRequest", "schedule_day_of_week"),
    ],
)
def test_words_are_the_contracts(choices: tuple[str, ...], schema: str, path: str) -> None:
    assert choices == enum(schema, path)


def test_every_field_of_a_creation_is_an_option() -> None:
    names = set(SCHEMAS[CREATE]["properties"])
    assert names == {path for path in OF_THE_API if "." not in path}
    assert {path.split("[")[0].split(".")[0] for path in CLUSTER} - names == OWN


@pytest.mark.parametrize("path", [path for path, option in CLUSTER.items() if "options" in option])
def test_every_field_of_a_part_is_an_option(path: str) -> None:
    node = field(CREATE, f"{path}[]" if CLUSTER[path]["type"] == "list" else path)
    assert node is not None
    assert set(CLUSTER[path]["options"]) == set(node["properties"])


@pytest.mark.parametrize("path", [path for path, option in OF_THE_API.items() if "choices" in option])
def test_choices_of_an_option_are_the_contracts(path: str) -> None:
    node, choices = field(CREATE, path), OF_THE_API[path]["choices"]
    assert node is not None
    if "enum" in node:
        assert tuple(choices) == tuple(node["enum"])
    else:
        assert list(choices) == [number for number in range(1000) if re.search(node["pattern"], str(number))]


@pytest.mark.parametrize("path", [path for path in OF_THE_API if (field(CREATE, path) or {}).get("enum")])
def test_option_with_an_enum_has_choices(path: str) -> None:
    assert OF_THE_API[path].get("choices")


TYPES = {"str": "string", "bool": "boolean", "int": "integer", "dict": "object", "list": "array"}


@pytest.mark.parametrize("path", [path for path in OF_THE_API if path != "tags"])
def test_type_of_an_option_is_the_contracts(path: str) -> None:
    node, kind = field(CREATE, path), OF_THE_API[path]["type"]
    assert node is not None
    types = [node["type"]] if isinstance(node["type"], str) else node["type"]
    # The backup policy is a matter of numbers, which the API takes as strings.
    expected = "string" if path.startswith("init_config_option.backup_option.") else TYPES[kind]
    assert expected in types


@pytest.mark.parametrize("path", [path for path, option in OF_THE_API.items() if "default" in option])
def test_default_of_an_option_is_the_contracts(path: str) -> None:
    node = field(CREATE, path)
    assert node is not None
    assert OF_THE_API[path]["default"] == node["default"]


@pytest.mark.parametrize("path", [path for path in OF_THE_API if "." in path and path.startswith("instance_groups")])
def test_requirement_of_an_option_is_the_contracts(path: str) -> None:
    parent, name = path.rsplit(".", 1)
    node = field(CREATE, parent)
    assert node is not None
    assert OF_THE_API[path].get("required", False) == (name in node["required"])


@pytest.mark.parametrize("path", CLUSTER)
def test_secret_options_are_not_logged(path: str) -> None:
    secret = (field(CREATE, path) or {}).get("writeOnly", False) or path in ("access_key", "secret_key", "auth_token")
    assert CLUSTER[path].get("no_log", False) == secret


# The other modules that write: which body their options make, at which path of the module, and what is ours alone.
ADDRESS = {*_spec.CLUSTER_REFERENCE, *_spec.CONNECTION, *_spec.WAIT, "state"}
REPLICAS, ELSEWHERE, RESTORE, BACKUP, ARCHIVE, EXPORT = (
    "ReplicasCreateRequest",
    "OtherRegionReplicasCreateRequest",
    "ClusterRestoreRequest",
    "BackupSettingRequest",
    "ArchiveConfigSetRequest",
    "LogExportConfigCreateRequest",
)
BODIES: list[tuple[str, str, str, set[str]]] = [
    ("mariadb_replica", "", REPLICAS, {*ADDRESS, "other_region", "purge_tags"}),
    ("mariadb_replica", "other_region.", ELSEWHERE, {"endpoint"}),
    (
        "mariadb_restore",
        "",
        RESTORE,
        {*ADDRESS, "latest", "accept_unverified", "purge_tags", "restorable_states", "temporary_for"},
    ),
    ("mariadb_backup", "", BACKUP, {*ADDRESS, "archive", "restorable_states"}),
    ("mariadb_backup", "archive.", ARCHIVE, set()),
    ("mariadb_log_export", "", EXPORT, {*ADDRESS, "update_keys"}),
]
RENAMED = {"bucket_access_key": "access_key", "bucket_secret_key": "secret_key"}
# What is made of the other options.
MADE = {REPLICAS: {"replica_count"}, ELSEWHERE: set(SCHEMAS[REPLICAS]["properties"])}
# Numbers to people, texts to the API.
TEXTS = {
    "archive_frequency_minute",
    "retention_period_day",
    "schedule_day_of_month",
    "schedule_hour",
    "starting_time_hour",
}


def body_options(module: str, prefix: str) -> dict[str, Spec]:
    """The options that make one body, by their paths below the prefix."""
    found = dict(options(argument_spec(module)))
    return {path.removeprefix(prefix): option for path, option in found.items() if path.startswith(prefix)}


OF_BODIES = [
    pytest.param(schema, path, option, id=f"{module}-{prefix}{path}")
    for module, prefix, schema, _own in BODIES
    for path, option in body_options(module, prefix).items()
    if field(schema, RENAMED.get(path, path)) is not None
    # A bucket's keys are options, an account's are none of a body.
    and not (schema == EXPORT and path in RENAMED.values())
]


@pytest.mark.parametrize(("module", "prefix", "schema", "own"), BODIES)
def test_every_field_of_a_body_is_an_option(module: str, prefix: str, schema: str, own: set[str]) -> None:
    names = {path for path in body_options(module, prefix) if "." not in path} - own
    wanted = set(SCHEMAS[schema]["properties"]) - set(since(schema)) - MADE.get(schema, set())
    assert {RENAMED.get(name, name) for name in names} == wanted


@pytest.mark.parametrize(("schema", "path", "option"), OF_BODIES)
def test_option_of_a_body_is_the_contracts(schema: str, path: str, option: Spec) -> None:
    node = field(schema, RENAMED.get(path, path))
    assert node is not None
    types = [node["type"]] if isinstance(node["type"], str) else node["type"]
    if path != "tags":
        expected = "string" if path in TEXTS and schema != ARCHIVE else TYPES[option["type"]]
        assert expected in types
    if "enum" in node:
        assert tuple(option["choices"]) == tuple(node["enum"])
    if "options" in option:
        below = field(schema, f"{path}[]" if option["type"] == "list" else path)
        assert below is not None
        assert set(option["options"]) == set(below["properties"])
    # A secret of the body is one of the module, and nothing else is.
    assert option.get("no_log", False) == node.get("writeOnly", False)


@pytest.mark.parametrize(("schema", "path", "option"), OF_BODIES)
def test_choices_of_a_body_without_an_enum_are_the_patterns(schema: str, path: str, option: Spec) -> None:
    node = field(schema, RENAMED.get(path, path))
    if node and "choices" in option and "pattern" in node:
        assert list(option["choices"]) == [number for number in range(1000) if re.search(node["pattern"], str(number))]


@pytest.mark.parametrize("module", ["mariadb_log_export", "mariadb_log_export_info"])
def test_logs_are_the_contracts(module: str) -> None:
    assert tuple(argument_spec(module)["log_type"]["choices"]) == enum(EXPORT, "log_type")


def modules() -> list[str]:
    folder = Path(importlib.import_module(f"{MODULES}.mariadb_cluster").__file__ or "").parent
    return sorted(path.stem for path in folder.glob("*.py"))


@pytest.mark.parametrize("module", modules())
def test_every_module_takes_the_connection(module: str) -> None:
    spec = argument_spec(module)
    assert {name: spec.get(name) for name in _spec.CONNECTION} == _spec.CONNECTION


def service_states(module: str) -> Any | None:
    return argument_spec(module).get("service_state", {}).get("choices")


@pytest.mark.parametrize("module", [module for module in modules() if service_states(module)])
def test_service_states_to_filter_by_are_the_contracts(module: str) -> None:
    assert tuple(service_states(module) or ()) == enum("MariadbClusterDetailResponse", "service_state")
