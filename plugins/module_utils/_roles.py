# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role words of clusters and of their servers (facts: sections 4, 7 and 13), and what they mean.

A role can be null, and later versions of the API know further words. What is not known here is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.samsungcloud.scp.plugins.module_utils._answers import extended, seen, understood
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json

ORIGIN = "ORIGIN"
REPLICA = "REPLICA"
RECOVERY = "RECOVERY"

_ACTIVE = frozenset({"ACTIVE", "PRIMARY", "PRIMARY_NODE"})
_STANDBY = frozenset({"STANDBY", "SECONDARY", REPLICA, "READ_REPLICA", "READ_NODE"})
_REPLICAS = frozenset({REPLICA, "READ_REPLICA", "READ_NODE"})
# A SECONDARY cluster is left out of both: nothing says what it is.
_OWN_CLUSTERS = frozenset({ORIGIN, "PRIMARY", "PRIMARY_NODE", RECOVERY, "MIGRATION"})


def is_replica(cluster: Json) -> bool | None:
    """Tell whether a cluster is a replica; None where its role does not say."""
    return _is_among(_REPLICAS, _OWN_CLUSTERS, cluster)


def is_promoted(cluster: Json) -> bool:
    """Tell whether a cluster that was a replica stands on its own."""
    return _word(cluster) in _OWN_CLUSTERS - {RECOVERY, "MIGRATION"}


def is_restored(cluster: Json) -> bool | None:
    """Tell whether a cluster was restored from a backup; None where its role does not say."""
    return _is_among(frozenset({RECOVERY}), _OWN_CLUSTERS | _REPLICAS, cluster)


def is_replica_of(cluster: Json, origin_id: str) -> bool | None:
    """Tell whether a cluster is a replica of that origin; None where role or origin do not say.

    A former origin can go on listing a replica that was promoted, so that its list proves nothing.
    """
    replica, origin = is_replica(cluster), cluster.get("origin_cluster_id")
    if replica is False or (origin and origin != origin_id):
        return False
    return True if replica and origin else None


def servers(cluster: Json) -> list[Json]:
    """Return the servers of a cluster in all of its groups; a list in brief shows none."""
    return [server for group in cluster.get("instance_groups") or [] for server in group.get("instances") or []]


def active_server(cluster: Json) -> Json | None:
    """Return the server that takes the writes; None where none, or more than one, shows that role.

    The only server of a cluster is it, unless its role says otherwise.
    """
    known = servers(cluster)
    if len(known) == 1:
        return None if is_active(known[0]) is False else known[0]
    active = [server for server in known if is_active(server)]
    return active[0] if len(active) == 1 else None


def active_instance(cluster: Json) -> str | None:
    """Return the name of the server that takes the writes; None where that is not known."""
    name = (active_server(cluster) or {}).get("name")
    return str(name) if name else None


def is_active(server: Json) -> bool | None:
    """Tell whether a server takes the writes; None where its role does not say."""
    return _is_among(_ACTIVE, _STANDBY, server)


def described(cluster: Json) -> Json:
    """Return a cluster's detail with what its role words mean."""
    replica = understood(lambda: is_replica(cluster))
    return extended(
        cluster,
        active_instance=understood(lambda: active_instance(cluster)),
        is_replica=replica,
        replica_of=seen(cluster, "origin_cluster_id") or None if replica else None,
    )


def told(things: Iterable[Json]) -> str:
    """Return clusters or servers with the role that they show."""
    return ", ".join(f"{seen(thing, 'name')} is {seen(thing, 'role_type')!r}" for thing in things)


def _is_among(words: frozenset[str], others: frozenset[str], thing: Json) -> bool | None:
    """Tell whether a role is among some words and not among others; None where it is in neither."""
    word = _word(thing)
    if word in words:
        return True
    return False if word in others else None


def _word(thing: Json) -> str:
    return re.sub(r"[\s-]+", "_", str(thing.get("role_type") or "").strip().upper())
