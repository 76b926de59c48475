# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words for the role of a cluster and of an instance, where the service has others than the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Words = Mapping[str, "str | None"]

# The operations whose answers show roles.
SHOWING_ROLES = ("list_clusters", "show_cluster")


def with_role_words(body: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The answer of one of these operations in other words; those of groups and volumes stay."""
    if "contents" in body:
        return {**body, "contents": [_spelled(item, words) for item in body["contents"] or []] or None}
    groups = [
        {**group, "instances": [_spelled(instance, words) for instance in group["instances"]]}
        for group in body["instance_groups"]
    ]
    return {**_spelled(body, words), "instance_groups": groups}


def _spelled(item: Mapping[str, Any], words: Words) -> dict[str, Any]:
    role = item["role_type"]
    return {**item, "role_type": words.get(role, role)}
