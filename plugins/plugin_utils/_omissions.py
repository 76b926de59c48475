# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where omit leaves nothing in a dictionary or a list, which Ansible passes on as an empty one."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec


def resolved(value: Any, templar: Any) -> Any:
    """Return a value with its templates resolved; None where omit leaves nothing in a dictionary or a list.

    Raises ``AnsibleValueOmittedError`` where the value itself is omitted.
    """
    final = templar.template(value)
    if final == value or not _has_empty(final):
        return final
    variables = templar.available_variables
    # A variable takes precedence over Ansible's own omit.
    templar.available_variables = ChainMap({"omit": _spec.OMITTED}, variables)
    try:
        marked = _without_marks(templar.template(value))
    finally:
        templar.available_variables = variables
    return None if _spec.is_omitted(marked) else marked


def _has_empty(value: Any) -> bool:
    """Return whether a dictionary or a list is empty, at any depth."""
    if not isinstance(value, (Mapping, list)):
        return False
    items = value.values() if isinstance(value, Mapping) else value
    return not value or any(map(_has_empty, items))


def _without_marks(value: Any) -> Any:
    """Return a value without what is omitted; a dictionary or a list with nothing else in it is omitted too."""
    kept: Any
    if isinstance(value, Mapping):
        kept = {key: item for key, entry in value.items() if not _spec.is_omitted(item := _without_marks(entry))}
    elif isinstance(value, list):
        kept = [item for entry in value if not _spec.is_omitted(item := _without_marks(entry))]
    else:
        return value
    return kept if kept or not value else _spec.OMITTED
