# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each version of the MariaDB API has (facts: sections 2, 7 and 11), and which one to speak.

This is the one place that knows. The API layer asks here what to send, and the contract that the simulator and the
tests hold every call against is cut to it. Operations and fields that stand in no table are those of 1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

IMPLEMENTED = ("1.0", "1.1", "1.2", "1.3")
DEFAULT = "1.0"
CALLABLE_STATUSES = frozenset({"CURRENT", "SUPPORTED", "DEPRECATED"})

# The first version that has an operation. Not here, because no module has it: a single instance (1.2), of whose answer
# nothing is known.
OPERATIONS_SINCE = {
    "Create Manual Backup": "1.2",
    "Create Replica in Other Region": "1.1",
    "Upgrade Kernel": "1.1",
    "Upgrade Major Version": "1.2",
}
# The first version that has a field of an operation's body.
BODY_FIELDS_SINCE = {"Create Cluster": {"service_watch_log_collection": "1.1"}}
# The first version that does not do without a field of an operation's body. Null is what a caller sends there who does
# not use it.
BODY_FIELDS_REQUIRED_SINCE = {
    "Create Cluster": {"service_watch_log_collection": "1.1"},
    "Create Replica": {"allowable_ip_addresses": "1.1"},
}
# The first version that has a field of an operation's answer.
ANSWER_FIELDS_SINCE = {"Show Cluster": {"is_kernel_patchable": "1.1", "service_watch_log_collection": "1.1"}}
# The first version in which an operation is another than before, in a way that is not known.
OPERATIONS_CHANGED = {"Remove Backup Histories": "1.3", "Unset Backup": "1.3"}


def since(operation: str, field: str | None = None) -> str:
    """Return the first version that has an operation, or this field of its body."""
    first = OPERATIONS_SINCE.get(operation, DEFAULT)
    return BODY_FIELDS_SINCE.get(operation, {}).get(field, first) if field else first


def best(operation: str | None, served_versions: Iterable[str]) -> str | None:
    """Return the version in which to send an operation: the newest that has not changed it in an unknown way.

    Where there is none, the newest; None when both sides have no version in common.
    """
    common = [version for version in served_versions if version in IMPLEMENTED]
    known = [version for version in common if not is_unknown(operation, version)]
    return max(known or common, key=as_numbers, default=None)


def is_unknown(operation: str | None, version: str) -> bool:
    """Tell whether a version has changed an operation in a way that is not known."""
    changed = OPERATIONS_CHANGED.get(operation or "")
    return changed is not None and not is_older(version, changed)


def is_older(version: str, other: str) -> bool:
    return as_numbers(version) < as_numbers(other)


def served(version_list: object) -> tuple[str, ...]:
    """Return the callable versions in the version list of a host's root, oldest first."""
    entries = version_list.get("versions") if isinstance(version_list, Mapping) else None
    numbers = [
        str(entry.get("id", "")).lstrip("v")
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping) and entry.get("status") in CALLABLE_STATUSES
    ]
    return tuple(sorted((number for number in numbers if _is_version(number)), key=as_numbers))


def complete_body(operation: str, body: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Return ``body`` with the keys that ``version`` requires and that it lacks."""
    missing = (
        field
        for field, required_since in BODY_FIELDS_REQUIRED_SINCE.get(operation, {}).items()
        if field not in body and not is_older(version, required_since)
    )
    return {**body, **dict.fromkeys(missing)}


def as_numbers(version: str) -> tuple[int, ...]:
    """Return ``10.11.9`` as ``(10, 11, 9)``, which compares as people mean it."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _is_version(text: str) -> bool:
    return bool(text) and all(part.isdecimal() for part in text.split("."))
