# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs that several modules share; each has its documentation in a doc fragment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import InvalidInput, Problem
from ansible_collections.samsungcloud.scp.plugins.module_utils._states import SERVICE_STATES

Spec = dict[str, Any]

DAYS_OF_WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
GROUP_ROLE_TYPES = ("ACTIVE", "ACTIVE_STANDBY")
INSTANCE_ROLE_TYPES = ("ACTIVE", "STANDBY")
VOLUME_ROLE_TYPES = ("OS", "DATA", "ARCHIVE", "TEMP", "BACKUP")
VOLUME_TYPES = ("SSD", "SSD_KMS", "HDD", "HDD_KMS")
LOG_TYPES = ("alert", "audit", "slow")
ARCHIVE_FREQUENCIES = (5, 10, 30, 60)

# Environment variables and files are read by _config, after the options.
CONNECTION: Spec = {
    "access_key": {"type": "str", "no_log": True},
    "secret_key": {"type": "str", "no_log": True},
    "auth_token": {"type": "str", "no_log": True},
    "region": {"type": "str"},
    "environment": {"type": "str", "choices": ["s", "g", "e"]},
    "endpoint": {"type": "str"},
    "resource_manager_endpoint": {"type": "str"},
    "allow_plain_http": {"type": "bool", "default": False},
    "api_version": {"type": "str"},
    "language": {"type": "str", "choices": ["en-US", "ko-KR"], "default": "en-US"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "api_timeout": {"type": "float", "default": 30},
    "api_retries": {"type": "int", "default": 4},
}

WAIT: Spec = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 7200},
}

CONCURRENCY: Spec = {"concurrency": {"type": "int", "default": 8}}

TAGS: Spec = {
    "tags": {"type": "dict"},
    "purge_tags": {"type": "bool", "default": True},
}

RESTORABLE_STATES: Spec = {"restorable_states": {"type": "list", "elements": "str", "default": []}}

CLUSTER_REFERENCE: Spec = {
    "cluster_id": {"type": "str"},
    "cluster_name": {"type": "str"},
}
CLUSTER_REQUIRED = [("cluster_id", "cluster_name")]
CLUSTER_EXCLUSIVE = [("cluster_id", "cluster_name")]

SERVICE_STATE: Spec = {"type": "str", "choices": list(SERVICE_STATES)}

VOLUME: Spec = {
    "role_type": {"type": "str", "choices": list(VOLUME_ROLE_TYPES), "required": True},
    "size_gb": {"type": "int", "required": True},
    "volume_type": {"type": "str", "choices": list(VOLUME_TYPES)},
}
# Replicas and restored clusters have the type of volumes that their origin has.
INHERITING_VOLUMES: Spec = {"type": "list", "elements": "dict", "options": VOLUME}
VOLUMES: Spec = {
    **INHERITING_VOLUMES,
    "options": {**VOLUME, "volume_type": {**VOLUME["volume_type"], "default": "SSD"}},
}


def instance_groups(volumes: Spec) -> Spec:
    """Return the spec of instance groups with the given one for their volumes."""
    return {
        "type": "list",
        "elements": "dict",
        "options": {
            "role_type": {"type": "str", "choices": list(GROUP_ROLE_TYPES), "required": True},
            "server_type_name": {"type": "str", "required": True},
            "block_storage_groups": {**volumes, "required": True},
            "instances": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "role_type": {"type": "str", "choices": list(INSTANCE_ROLE_TYPES), "required": True},
                    "public_ip_id": {"type": "str"},
                    "service_ip_address": {"type": "str"},
                },
            },
        },
    }


BACKUP_OPTION: Spec = {
    "type": "dict",
    "options": {
        "archive_frequency_minute": {"type": "int", "choices": list(ARCHIVE_FREQUENCIES)},
        "retention_period_day": {"type": "int"},
        "starting_time_hour": {"type": "int"},
    },
}

MAINTENANCE_OPTION: Spec = {
    "type": "dict",
    "options": {
        "period_hour": {"type": "str"},
        "starting_day_of_week": {"type": "str", "choices": list(DAYS_OF_WEEK)},
        "starting_time": {"type": "str"},
    },
}


def complete(spec: Mapping[str, Any], params: Mapping[str, Any]) -> Spec:
    """Return the options with a null taken for "left out", at every depth, which Ansible itself does not do.

    Raises :class:`InvalidInput` for required options that are null.
    """
    missing = [Problem(path, "is required") for path in _missing(spec, params)]
    if missing:
        raise InvalidInput(missing)
    return _with_defaults(spec, params)


def _missing(spec: Mapping[str, Any], params: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, entry in spec.items():
        value = params.get(name)
        if value is None:
            if entry.get("required"):
                yield prefix + name
        elif "options" in entry:
            many = isinstance(value, list)
            for item in value if many else [value]:
                yield from _missing(entry["options"], item, f"{prefix}{name}{'[]' if many else ''}.")


def _with_defaults(spec: Mapping[str, Any], params: Mapping[str, Any]) -> Spec:
    completed = dict(params)
    for name, entry in spec.items():
        value = params.get(name)
        if value is None:
            completed[name] = entry.get("default")
        elif "options" in entry:
            items = [_with_defaults(entry["options"], item) for item in (value if isinstance(value, list) else [value])]
            completed[name] = items if isinstance(value, list) else items[0]
    return completed


def declared(params: Mapping[str, Any]) -> Spec:
    """Return the options that the task sets, at every depth: what is left out is not there, what is empty stays."""
    return {key: _declared(value) for key, value in params.items() if value is not None}


def _declared(value: Any) -> Any:
    if isinstance(value, Mapping):
        return declared(value)
    if isinstance(value, list):
        return [_declared(item) for item in value]
    return value
