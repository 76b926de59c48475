# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of the MariaDB API that this collection speaks, and how they differ (facts: sections 2, 7 and 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

IMPLEMENTED = ("1.0", "1.1")
DEFAULT = "1.0"
CALLABLE_STATUSES = frozenset({"CURRENT", "SUPPORTED", "DEPRECATED"})

# Required, but nullable, from a version on; null is what a caller sends who does not use the field.
_REQUIRED_SINCE: dict[str, dict[str, tuple[str, ...]]] = {
    "1.1": {"Create Cluster": ("service_watch_log_collection",)},
}


def newest_common(version_list: object) -> str | None:
    """Return the newest version that the host serves and this collection implements, or None."""
    common = set(served(version_list)).intersection(IMPLEMENTED)
    return max(common, key=as_numbers, default=None)


def served(version_list: object) -> list[str]:
    """Return the callable versions in the version list of a host's root, oldest first."""
    entries = version_list.get("versions") if isinstance(version_list, Mapping) else None
    numbers = [
        str(entry.get("id", "")).lstrip("v")
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping) and entry.get("status") in CALLABLE_STATUSES
    ]
    return sorted((number for number in numbers if _is_version(number)), key=as_numbers)


def complete_body(operation: str, body: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Return ``body`` with the keys that ``version`` requires and that it lacks."""
    missing: Iterable[str] = (
        key
        for since, operations in _REQUIRED_SINCE.items()
        if as_numbers(version) >= as_numbers(since)
        for key in operations.get(operation, ())
        if key not in body
    )
    return {**body, **dict.fromkeys(missing)}


def as_numbers(version: str) -> tuple[int, ...]:
    """Return ``10.11.9`` as ``(10, 11, 9)``, which compares as people mean it."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _is_version(text: str) -> bool:
    return bool(text) and all(part.isdecimal() for part in text.split("."))
