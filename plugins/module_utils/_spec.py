# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs that several modules share, with documentation in doc fragments, and which options count as given."""

from __future__ import annotations

import ast
import json
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


# Stands where Ansible's omit left nothing in a dictionary or a list; earlier releases of Ansible wrote it themselves.
OMITTED = "__omit_place_holder__"
# What a filter or a concatenation makes of omit.
OMITTED_TEXT = "<<Omit>>"
# A dictionary of these has items that mean something without a value.
NULLABLE_ITEMS = frozenset({"tags"})
# Texts that are as good as numbers: YAML changes none of them in a way that matters.
NUMERIC_TEXTS = frozenset(
    {"api_version", "backup_history_number", "backup_history_numbers", "engine_version", "period_hour"}
)


class Given:
    """A base before ``AnsibleModule``, whose options are without those that are left out before Ansible checks them.

    ``given`` are the options as they came, when Ansible has converted those of ``params``.
    """

    argument_spec: Spec
    params: Spec
    given: Spec
    no_log_values: set[str]

    def _load_params(self) -> None:
        super()._load_params()  # type: ignore[misc]
        self.params = given(self.argument_spec, self.params)
        self.given = dict(self.params)
        self.no_log_values.update(secrets(self.argument_spec, self.given))


def secrets(spec: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets in options; Ansible finds none of them where the suboptions of any option are malformed."""
    for name, entry in spec.items():
        value = options.get(name)
        if entry.get("no_log") and isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield str(value)
        inner: Mapping[str, Any] = entry.get("options", {})
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                yield from secrets(inner, item)
            elif isinstance(item, str) and any(one.get("no_log") for one in inner.values()):
                # A text that is no dictionary, in which a secret may be anywhere.
                yield item


def given(spec: Mapping[str, Any], params: Mapping[str, Any]) -> Spec:
    """Return the options that a task sets: null, a blank text and Ansible's omit count as left out, at every depth.

    A dictionary or a list with nothing else in it is left out too. Only one that is written as empty is empty. It has
    to be told before Ansible validates the options, which adds a null for each suboption.
    """
    found = {name: _given(name, spec[name], value) if name in spec else value for name, value in params.items()}
    return {name: value for name, value in found.items() if value is not None or name not in spec}


def _given(name: str, entry: Mapping[str, Any], value: Any) -> Any:
    """Return the value of an option, None where it is left out."""
    if entry["type"] == "dict":
        value = _parsed(value)
        if isinstance(value, Mapping):
            items = given(entry["options"], value) if "options" in entry else _items(name, value)
            return items if items or not value else None
    if isinstance(value, list):
        kept = [
            item
            for item in (_given(name, {**entry, "type": entry.get("elements")}, item) for item in value)
            if item is not None
        ]
        return kept if kept or not value else None
    return None if _is_left_out(value) else value


def _items(name: str, value: Mapping[str, Any]) -> Spec:
    """Return the items of a dictionary of any keys, in which an empty text is a value."""
    return {
        key: item
        for key, item in value.items()
        if not is_omitted(item) and (item is not None or name in NULLABLE_ITEMS)
    }


def _parsed(value: Any) -> Any:
    """Return a dictionary that is written as a text, as Ansible reads it."""
    if isinstance(value, str) and value.strip().startswith("{"):
        for parse in (json.loads, ast.literal_eval):
            try:
                return parse(value.strip())
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
    return value


def _is_left_out(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or is_omitted(value)


def is_omitted(value: Any) -> bool:
    """Return whether a value is what Ansible's omit leaves."""
    return isinstance(value, str) and (value.startswith(OMITTED) or value == OMITTED_TEXT)


def check(spec: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    """Raise :class:`InvalidInput` for options that Ansible would make texts or numbers of, and that are none.

    ``options`` are those that are given, before Ansible converts them.
    """
    problems = list(_misread(spec, options))
    if problems:
        raise InvalidInput(problems)


def _misread(spec: Mapping[str, Any], options: Mapping[str, Any], prefix: str = "") -> Iterator[Problem]:
    for name, entry in spec.items():
        value = options.get(name)
        items = value if entry["type"] == "list" and isinstance(value, list) else None
        path = f"{prefix}{name}{'' if items is None else '[]'}"
        kind = entry["type"] if items is None else entry.get("elements")
        for item in [value] if items is None else items:
            if isinstance(item, Mapping) and "options" in entry:
                yield from _misread(entry["options"], item, f"{path}.")
            rule = _rule_that_is_broken(kind, item, name in NUMERIC_TEXTS)
            if rule:
                yield Problem(path, rule, None if entry.get("no_log") else item)


def _rule_that_is_broken(kind: str | None, value: Any, is_numeric: bool) -> str:
    """Return the rule that a value breaks before it is converted, an empty text where it breaks none."""
    if isinstance(value, bool) and kind in ("str", "path"):
        return "must be a text in quotes: YAML reads yes, no, on, off, true and false as booleans"
    if isinstance(value, bool) and kind in ("int", "float"):
        return "must be a number"
    if kind not in ("str", "path") or value is None or isinstance(value, str):
        return ""
    if isinstance(value, (int, float)):
        rule = "must be a text in quotes: YAML reads digits as a number, and 0123 or 20:30 as another one"
        return "" if is_numeric else rule
    return "must be a text"


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
