# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters as they are now, by their ids and names.

SCP shows a cluster in two places, the list and the detail, and either can be behind the other. So a cluster counts as
gone only where both agree, and one that this run of Ansible has created is never taken for missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ansible_collections.samsungcloud.scp.plugins.module_utils import _api, _paging, _states
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    Contradiction,
    Refused,
    ScpError,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http, is_gone
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool

# List Clusters was seen to show a new cluster 10 to 40 seconds late.
LAG_SECONDS = 60.0
# Between the looks at a cluster on which list and detail do not agree; together LAG_SECONDS.
PAUSES = (0.5, 1.0, 2.0, 4.0, 7.5, 15.0, 15.0, 15.0)
# The records of the clusters that this run has created, by their names.
CREATIONS = "creations"

Seen = TypeVar("Seen")


def show(source: Source, cluster_id: str, name: str | None = None) -> Json | None:
    """Return a cluster's detail; None when it does not exist or is terminated.

    ``name`` shortens the look at the list. Raises :class:`ScpError` when it could not be read, of which
    :class:`Contradiction` says that list and detail have not come to agree.
    """
    return _agreed(source, lambda: show_once(source, cluster_id, name))


def show_once(source: Source, cluster_id: str, name: str | None = None) -> Json | None:
    """Do as :func:`show`, with one look."""
    cluster = _detail(source, cluster_id)
    if cluster is None and cluster_id in _ids(_live(list_all(source, name=name))):
        raise _hidden(cluster_id)
    return cluster if cluster and cluster["service_state"] != _states.TERMINATED else None


def find(http: Http, cluster_id: str | None, name: str | None) -> Json | None:
    """Return the detail of the cluster with the id, or of the one with the name; None when there is none.

    Raises what :func:`show` raises, and :class:`Refused` when there are several, or the id is that of another name.
    """
    if not cluster_id:
        return _agreed(http, lambda: find_once(http, name)) if name else None
    cluster = _agreed(http, lambda: _of_id_once(http, cluster_id))
    if cluster and name and cluster["name"] != name:
        raise Refused(
            f"Cluster ID {cluster_id} is that of cluster {cluster['name']}, not of {name}.",
            todo="Correct the ID or the name, or leave one of them out.",
        )
    return cluster


def find_once(http: Http, name: str) -> Json | None:
    """Do as :func:`find` for a name, with one look. The server's filter may match parts of names."""
    listed = _live(cluster for cluster in list_all(http, name=name) if cluster["name"] == name)
    # A cluster on its way out may share its name with the one that takes its place.
    staying = _ids(cluster for cluster in listed if cluster["service_state"] != _states.TERMINATING)
    staying += _unlisted(http, name, _ids(listed), is_replaced=bool(staying))
    candidates = staying or _ids(listed)
    if not candidates:
        return None
    if len(candidates) > 1:
        raise Refused(
            f"There are {len(candidates)} clusters named {name}: {', '.join(sorted(candidates))}.",
            now=NOTHING_CHANGED,
            todo="Set cluster_id to say which one is meant.",
        )
    cluster = _detail(http, candidates[0])
    if cluster is None:
        raise _hidden(candidates[0]) if candidates[0] in _ids(listed) else _lagging(name, candidates[0])
    return cluster if cluster["service_state"] != _states.TERMINATED else None


def record_creation(http: Http, name: str, cluster_id: str | None = None) -> None:
    """Record that a creation is sent or, with the id, that it was accepted."""
    http.records.put(CREATIONS, name, {"cluster_id": cluster_id, "sent_at": http.epoch_seconds()})


def forget_creation(http: Http, name: str) -> None:
    """Remove the record of a creation, because the list shows its cluster, or there will be none."""
    if name in http.records.of(CREATIONS):
        http.records.put(CREATIONS, name, None)


def list_all(source: Source, pool: Pool | None = None, page_size: int = 100, **filters: str | None) -> list[Json]:
    """Return all clusters that match, in brief, however many pages they fill.

    With a pool, whose reader the source then is, several pages are read at a time.
    """

    def read_page(page: int) -> Json:
        answer = source.read(_api.list_clusters(size=page_size, page=page, **filters))
        if page == 0 and answer.get("count") and not answer["contents"]:
            raise Contradiction(
                f"The answer to List Clusters has {answer['count']} as count, but no contents.",
                now=NOTHING_CHANGED,
                todo="Run the task again later.",
            )
        return answer

    try:
        return _paging.read_all(read_page, page_size, "id", "count", pool)
    except Contradiction:
        if not any(filters.values()):
            raise
    # What is counted may be all clusters, whatever the filters.
    everything = list_all(source, pool, page_size)
    return [cluster for cluster in everything if _passes(cluster, filters)]


def _passes(cluster: Json, filters: Mapping[str, str | None]) -> bool:
    """Tell whether a cluster in brief matches as SCP's filters do, which look for parts of texts."""
    shown = {key: str(cluster.get(key) or "").lower() for key in filters}
    return all(value is None or value.lower() in shown[key] for key, value in filters.items())


def _agreed(source: Source, look: Callable[[], Seen]) -> Seen:
    for pause in PAUSES:
        try:
            return look()
        except Contradiction:
            source.pause(pause)
    return look()


def _detail(source: Source, cluster_id: str) -> Json | None:
    try:
        return source.read(_api.show_cluster(cluster_id))
    except ScpError as error:
        if is_gone(error):
            return None
        raise


def _of_id_once(http: Http, cluster_id: str) -> Json | None:
    cluster = show_once(http, cluster_id)
    if cluster is None:
        for name, created in http.records.of(CREATIONS).items():
            if created["cluster_id"] == cluster_id and _may_lag(http, created):
                raise _lagging(name, cluster_id)
    return cluster


def _unlisted(http: Http, name: str, listed: list[str], is_replaced: bool) -> list[str]:
    """Return the id of the cluster that this run has created, where the list does not show it yet.

    Raises :class:`Contradiction` where the id is not known because the answer was lost, and the list can be late.
    """
    created = http.records.of(CREATIONS).get(name)
    if created is None:
        return []
    if created["cluster_id"] in listed:
        # Of several servers one can be behind the one that lists it.
        if not _may_lag(http, created):
            forget_creation(http, name)
        return []
    if created["cluster_id"]:
        return [created["cluster_id"]]
    if is_replaced or not _may_lag(http, created):
        return []
    raise _lagging(name)


def _may_lag(http: Http, created: Json) -> bool:
    return http.epoch_seconds() - float(created["sent_at"]) < LAG_SECONDS


def _live(clusters: Iterable[Json]) -> list[Json]:
    return [cluster for cluster in clusters if cluster["service_state"] != _states.TERMINATED]


def _ids(clusters: Iterable[Json]) -> list[str]:
    return [cluster["id"] for cluster in clusters]


def _hidden(cluster_id: str) -> Contradiction:
    return Contradiction(
        f"SCP lists the cluster {cluster_id}, but answers that it does not know it.",
        now=NOTHING_CHANGED,
        todo="Run the task again later; if it stays so, give the id to SCP's support.",
        status=404,
    )


def _lagging(name: str, cluster_id: str | None = None) -> Contradiction:
    label = f"{name} ({cluster_id})" if cluster_id else name
    return Contradiction(
        f"This run has sent the creation of cluster {label}, but SCP neither lists nor shows it.",
        now="It may still appear; a second one was not created.",
        todo="Look for it in the console. If it is not there, or was terminated, start the playbook again.",
        status=404,
    )
