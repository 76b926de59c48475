# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where omit leaves nothing in a dictionary or a list, which Ansible passes on as an empty one."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from ansible_collections.samsungcloud.scp.plugins.module_utils import _spec


def may_hide_in(value: Any) -> bool:
    """Return whether a dictionary or a list is empty, at any depth of the value of an option."""
    if not isinstance(value, (Mapping, list)):
        return False
    items = value.values() if isinstance(value, Mapping) else value
    return not value or any(map(may_hide_in, items))


def marked(value: Any, templar: Any) -> Any:
    """Return a value with its templates resolved, and a mark where they resolve to omit."""
    variables = templar.available_variables
    templar.available_variables = ChainMap({"omit": _spec.OMITTED}, variables)
    try:
        return templar.template(value)
    finally:
        templar.available_variables = variables
