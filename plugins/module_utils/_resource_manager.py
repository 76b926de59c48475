# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the SCP Resource Manager API that are for tags: what goes on the wire (facts: section 12)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

from ansible_collections.samsungcloud.scp.plugins.module_utils import _answers
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Call

# What a restored cluster was restored from, and what a temporary one is for. Only mariadb_restore sets these tags, when
# it creates a cluster. Their characters are those that other clouds allow too: SCP documents lengths alone.
RESTORED_FROM = "samsungcloud.scp.restored-from"
TEMPORARY_FOR = "samsungcloud.scp.temporary-for"


def srn(environment: str, account_id: str, region: str, cluster_id: str) -> str:
    """Return the name of a cluster among all resources of SCP."""
    return f"srn:{environment}::{account_id}:{region}::mariadb:mariadb/{cluster_id}"


def list_tags(srn: str, size: int | None = None, page: int | None = None) -> Call:
    """Return the call for one page (from 0) of the tags of a resource."""
    query = tuple((key, str(value)) for key, value in (("size", size), ("page", page)) if value is not None)
    return Call("List Tags", "GET", _tags(srn), query, answer=_answers.TAGS)


def set_tags(srn: str, tags: Mapping[str, str]) -> Call:
    """Return the call that sets tags; whether others stay is not documented."""
    body = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
    return Call("Set Tags", "PUT", f"{_tags(srn)}/bulk", body=body)


def delete_tag(srn: str, key: str) -> Call:
    """Return the call that deletes the tag of a key."""
    return Call("Delete Tag", "DELETE", f"{_tags(srn)}/{quote(key, safe='')}")


def _tags(srn: str) -> str:
    # Of what Base64 is made of only the padding needs no escape in a path, and has none in official clients.
    return f"/v1/tags/{quote(base64.b64encode(srn.encode()), safe='=')}"
