# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters: read the present, and make what is declared true."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster_plan,
    _engine,
    _present,
    _roles,
    _rules,
    _settings,
    _spec,
    _states,
    _tags,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._errors import (
    NOTHING_CHANGED,
    OperationFailed,
    Refused,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._http import Http
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Plan, Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

# The states that create a cluster which does not exist.
CREATING_STATES = ("present", "started")


def ensure(task: Task) -> Outcome:
    """Make the cluster what the task's options declare, or say what that would take."""
    desired = {key: value for key, value in _spec.declared(task.params).items() if key not in _spec.CONNECTION}
    tags = task.params["tags"]
    _cluster_plan.check(desired, tags)
    tagging = _tags.Tagging(task, None if desired["state"] == "absent" else tags)
    if desired["state"] != "absent":
        _require_versions(task.http, desired)
    cluster = find(task.http, desired.get("cluster_id"), desired.get("name"))
    if cluster:
        cluster = _at_rest(task, cluster)
        if desired["state"] != "absent":
            warn_of_addresses(task, desired, cluster)
    plan = _plan(task, desired, tags, cluster)
    tagging.look([cluster] if cluster and cluster["service_state"] != _states.TERMINATING else [])
    outcome = task.fulfil(
        plan,
        cluster,
        plan_anew=lambda synced: _plan(task, desired, tags, synced),
    )
    return described(tagging.complete_one(outcome, cluster or desired))


def described(outcome: Outcome) -> Outcome:
    """Return an outcome whose cluster, if there is one, says what its role words mean."""
    cluster = outcome.values["cluster"]
    outcome.values["cluster"] = _roles.described(cluster) if cluster else None
    return outcome


def warn_of_addresses(task: Task, desired: Json, cluster: Json | None) -> None:
    """Warn of allowed addresses that the declared ones do not replace, because they can't be declared."""
    foreign = _settings.foreign_addresses(cluster) if cluster and "allowable_ip_addresses" in desired else []
    if cluster and foreign:
        task.warn(
            f"The cluster {cluster['name']} also allows {', '.join(map(repr, foreign))}, which is no IPv4 address or "
            "network. It was left alone; remove it in the console if it should not be there."
        )


def _require_versions(http: Http, desired: Json) -> None:
    """Make sure that there is a version of the API that has what the options need."""
    for option, (operation, field) in _cluster_plan.VERSIONED.items():
        # To leave something out is possible in every version.
        if desired.get(option) or (field and option in desired):
            http.require(option, operation, field)


def _at_rest(task: Task, cluster: Json) -> Json | None:
    """Return the cluster after what is under way on it; some states want it even if that fails."""
    try:
        return task.rest(cluster)
    except OperationFailed:
        if task.params["state"] not in ("absent", "synced"):
            raise
        return _present.show(task.http, cluster["id"])


def _plan(task: Task, desired: Json, tags: Json | None, cluster: Json | None) -> Plan:
    if desired["state"] == "absent":
        return _cluster_plan.plan_absence(cluster, replicas=replicas_told(task.http, cluster) if cluster else None)
    if cluster and cluster["service_state"] == _states.TERMINATING:
        _refuse_name_in_use(desired, cluster)
        cluster = None
    if cluster:
        return _cluster_plan.plan_presence(desired, cluster)
    _refuse_missing(desired)
    _cluster_plan.check_creation(desired)
    return _cluster_plan.plan_creation(desired, tags, _engine.find_engine_version(task.http, desired))


def _refuse_name_in_use(desired: Json, cluster: Json) -> None:
    if not desired["wait"]:
        raise Refused(
            f"The cluster {cluster['name']} is still being terminated.",
            now=NOTHING_CHANGED,
            todo="Set wait to true, or run the task again when it is gone.",
        )


def _refuse_missing(desired: Json) -> None:
    if "cluster_id" in desired:
        raise Refused(
            f"There is no cluster with the id {desired['cluster_id']}.",
            now=NOTHING_CHANGED,
            todo="Check cluster_id, and that region and environment are the cluster's; to create a cluster leave "
            "cluster_id out and set name.",
            status=404,
        )
    if desired["state"] not in CREATING_STATES:
        raise Refused(
            f"There is no cluster named {desired['name']}, so that it can't be {desired['state']}.",
            now=NOTHING_CHANGED,
            todo="Check name, region and environment, or create the cluster with state: present.",
            status=404,
        )


def find(http: Http, cluster_id: str | None, name: str | None) -> Json | None:
    """Return a cluster's detail by its id (one call) or its name (two calls); None when there is none."""
    return _present.find(http, cluster_id, name)


def require(task: Task, rest: bool = True) -> Json:
    """Return the cluster that ``cluster_id`` or ``cluster_name`` addresses.

    With ``rest`` an operation that is under way on it is waited for, where the task may wait.
    Raises :class:`Refused` when there is none.
    """
    params = task.params
    _rules.check(params, _rules.ADDRESSED, _rules.address_problems(params, "cluster_name"))
    cluster = find(task.http, params["cluster_id"], params["cluster_name"])
    if rest and cluster and cluster["service_state"] != _states.TERMINATING:
        cluster = task.rest(cluster)
    if cluster is None or cluster["service_state"] == _states.TERMINATING:
        addressed = f"with the id {params['cluster_id']}" if params["cluster_id"] else f"named {params['cluster_name']}"
        raise Refused(
            f"There is no cluster {addressed}.",
            now=NOTHING_CHANGED,
            todo="Check cluster_id or cluster_name, and that region and environment are the cluster's.",
            status=404,
        )
    return cluster


def replicas_told(http: Http, origin: Json) -> list[str]:
    """Return the replicas of a cluster in words, without those that its detail lists but that are promoted or gone.

    A cluster of which SCP does not show whether it is a replica counts as one.
    """
    listed = details(http, origin["replicas"])
    followers = [one for one in listed.values() if _roles.is_replica_of(one, origin["id"]) is not False]
    told = [f"{one['name']} ({one['id']})" for one in followers]
    if len(listed) == len(origin["replicas"]):
        return told
    # An id that is not known here is one in another region, or gone: the list of all regions tells.
    everywhere = http.read(_api.list_replicas(origin["id"]))["contents"]
    here = {one["name"] for one in listed.values()}
    return told + [f"{one['name']} (in {one['region']})" for one in everywhere if one["name"] not in here]


def details(source: Source, cluster_ids: Iterable[str]) -> dict[str, Json]:
    """Return the details of clusters by their ids, without those that are gone."""
    found = {cluster_id: _present.show(source, cluster_id) for cluster_id in cluster_ids}
    return {cluster_id: cluster for cluster_id, cluster in found.items() if cluster}


def list_matching(
    source: Source,
    pool: Pool,
    name: str | None = None,
    service_state: str | None = None,
    database_name: str | None = None,
    sort: str | None = None,
) -> list[Json]:
    """Return the clusters of exactly these names, in brief; the server's filters may match parts of them, or all."""
    found = _present.list_all(
        source, pool, name=name, service_state=service_state, database_name=database_name, sort=sort
    )
    exact = {"name": name, "service_state": service_state, "database_name": database_name}
    return [cluster for cluster in found if all(value in (None, cluster.get(key)) for key, value in exact.items())]
