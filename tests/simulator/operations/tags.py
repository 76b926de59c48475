# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags: the Resource Manager's operations, which is another service, and what a creation brings."""

from __future__ import annotations

import base64
import binascii

from ..catalogue import ENVIRONMENT
from ..cluster import Cluster, Json
from ..problems import invalid, not_found
from .call import Call
from .paging import page_of
from .rules import check_tags


def tag_new(call: Call, cluster: Cluster) -> None:
    """Give a new cluster the tags of the request, which the Resource Manager shows later."""
    cluster.tags = {tag["key"]: tag.get("value") for tag in call.body.get("tags") or []}
    cluster.untagged_reads = call.cloud.settings.untagged_reads


def list_tags(call: Call) -> Json:
    cluster = _tagged(call)
    if cluster.untagged_reads > 0:
        cluster.untagged_reads -= 1
        return _answer(call, cluster, {})
    return _answer(call, cluster, cluster.tags)


def set_tags(call: Call) -> Json:
    cluster = _tagged(call)
    check_tags(call.body)
    wanted = {tag["key"]: tag.get("value") for tag in call.body["tags"]}
    kept = cluster.tags if call.cloud.settings.set_tags_merges else {}
    return _changed(call, cluster, {**kept, **wanted})


def set_tag(call: Call) -> Json:
    cluster = _tagged(call)
    return _changed(call, cluster, {**cluster.tags, call.path["key"]: call.body["value"]})


def delete_tag(call: Call) -> Json:
    cluster, key = _tagged(call), call.path["key"]
    if key not in cluster.tags:
        raise not_found("Tag")
    return _changed(call, cluster, {other: value for other, value in cluster.tags.items() if other != key})


def delete_tags(call: Call) -> Json:
    return _changed(call, _tagged(call), {})


def _tagged(call: Call) -> Cluster:
    """The cluster of the SRN, of which every part has to be right."""
    try:
        srn = base64.b64decode(call.path["srn"], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise invalid(["value_error"]) from None
    cluster = call.cloud.clusters.get(srn.rpartition("/")[2])
    if cluster is None or cluster.is_gone or srn != _srn(call, cluster):
        raise not_found("Resource")
    return cluster


def _srn(call: Call, cluster: Cluster) -> str:
    account = cluster.detail["account_id"]
    return f"srn:{ENVIRONMENT}::{account}:{call.cloud.region_of(cluster)}::mariadb:mariadb/{cluster.id}"


def _changed(call: Call, cluster: Cluster, tags: dict[str, str | None]) -> Json:
    cluster.tags, cluster.untagged_reads = tags, 0
    return _answer(call, cluster, tags)


def _answer(call: Call, cluster: Cluster, tags: dict[str, str | None]) -> Json:
    query = {"size": 20, "page": 0, "sort": "key:asc", **call.query}
    items, page = page_of(
        [{"key": key, "value": value} for key, value in tags.items()], query, call.cloud.settings.page_size_cap
    )
    del page["sort"]
    return {"content": {"srn": _srn(call, cluster), "tags": items}, **page}
