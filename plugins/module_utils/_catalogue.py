# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that only inform: clusters, engine versions, parameter groups, server types."""

from __future__ import annotations

from ansible_collections.samsungcloud.scp.plugins.module_utils import (
    _api,
    _cluster,
    _engine,
    _paging,
    _present,
    _roles,
    _rules,
    _tags,
)
from ansible_collections.samsungcloud.scp.plugins.module_utils._api import Json
from ansible_collections.samsungcloud.scp.plugins.module_utils._apply import Outcome
from ansible_collections.samsungcloud.scp.plugins.module_utils._plan import Source
from ansible_collections.samsungcloud.scp.plugins.module_utils._pool import Pool
from ansible_collections.samsungcloud.scp.plugins.module_utils._task import Task

CLUSTER_RULES: dict[str, _rules.Rule] = {
    "cluster_id": _rules.IDENTIFIER,
    "concurrency": _rules.CONCURRENCY,
    "database_name": _rules.NAME,
    "name": _rules.NAME,
    "sort": _rules.Text("must be field:asc or field:desc, such as created_at:desc", r"[a-z_]+:(asc|desc)"),
}
PARAMETER_GROUP_RULES: dict[str, _rules.Rule] = {
    "major_version": _rules.NAME,
    "parameter_group_id": _rules.IDENTIFIER,
}
SERVER_TYPE_RULES: dict[str, _rules.Rule] = {"name": _rules.SERVER_TYPE}
PAGE_SIZE = 100
ENGINE_RULES: dict[str, _rules.Rule] = {
    "concurrency": _rules.CONCURRENCY,
    "dbaas_engine_version_id": _rules.IDENTIFIER,
}


def clusters(task: Task) -> Outcome:
    """Return the clusters that match, in brief or, with ``details``, in full (one more call for each)."""
    params = task.params
    _rules.check(params, CLUSTER_RULES, _rules.tag_violations(params["tags"]))
    pool = Pool(params["concurrency"])
    tags = _filter(task, pool)
    if params["cluster_id"]:
        cluster = _present.show(task.http, params["cluster_id"])
        found = [_roles.described(cluster)] if cluster else []
        return Outcome(values={"clusters": _tagged(task, found, tags, pool)})
    source = pool.reader(task.http)
    filters = {key: params[key] for key in ("name", "service_state", "database_name", "sort")}
    found = _tagged(task, _cluster.list_matching(source, pool, **filters), tags, pool)
    return Outcome(values={"clusters": _detailed(found, source, pool) if params["details"] else found})


def _filter(task: Task, pool: Pool) -> _tags.Filter | None:
    wanted = task.params["tags"]
    if wanted is None:
        return None
    return _tags.Filter(wanted, pool.reader(task.resource_manager), task.resource_manager.config)


def _tagged(task: Task, found: list[Json], tags: _tags.Filter | None, pool: Pool) -> list[Json]:
    """Return the clusters that pass a filter, each with its tags; without a filter all as they are."""
    if tags is None:
        return found
    passed = [cluster for cluster in pool.map(tags.passed, found, _name_of_cluster) if cluster]
    for warning in tags.warnings():
        task.warn(warning)
    return passed


def _detailed(found: list[Json], source: Source, pool: Pool) -> list[Json]:
    """Return the details, without the clusters that ended since they were listed."""
    shown = pool.map(lambda cluster: _present.show(source, cluster["id"], cluster["name"]), found, _name_of_cluster)
    return [_tags.kept(cluster, _roles.described(detail)) for cluster, detail in zip(found, shown) if detail]


def _name_of_cluster(cluster: Json) -> str:
    return f"Cluster {cluster['name']} ({cluster['id']})"


def engine_versions(task: Task) -> Outcome:
    """Return the engine versions; with ``properties`` each with its own (one more call for each)."""
    _rules.check(task.params, ENGINE_RULES)
    params = task.params
    versions = _engine.list_engine_versions(task.http, params["dbaas_engine_version_id"], params["eos_included"])
    if params["properties"]:
        pool = Pool(params["concurrency"])
        source = pool.reader(task.http)
        versions = pool.map(lambda version: _with_properties(source, version), versions, _name_of_version)
    return Outcome(values={"engine_versions": versions})


def _with_properties(source: Source, version: Json) -> Json:
    answer = source.read(_api.list_engine_version_properties(version["id"]))
    return {**version, "properties": answer["contents"]}


def _name_of_version(version: Json) -> str:
    return f"Engine version {version['id']}"


def parameter_groups(task: Task) -> Outcome:
    """Return the parameter groups; of one that is asked for by its id also its parameters (all pages)."""
    _rules.check(task.params, PARAMETER_GROUP_RULES)
    group_id, major_version = task.params["parameter_group_id"], task.params["major_version"]
    groups = _api.of_mariadb(task.http.read(_api.list_parameter_groups(major_version)))
    groups = [group for group in groups if major_version is None or group["major_version"] == major_version]
    if group_id:
        groups = [{**group, "parameters": _parameters(task, group_id)} for group in groups if group["id"] == group_id]
    return Outcome(values={"parameter_groups": groups})


def _parameters(task: Task, group_id: str) -> list[Json]:
    def read_page(page: int) -> Json:
        return task.http.read(_api.list_parameters(group_id, size=PAGE_SIZE, page=page))

    return _paging.read_all(read_page, PAGE_SIZE, "id", "count")


def server_types(task: Task) -> Outcome:
    """Return the server types, all or the one of a name."""
    _rules.check(task.params, SERVER_TYPE_RULES)
    name = task.params["name"]
    found = _api.of_mariadb(task.http.read(_api.list_server_types(name)))
    return Outcome(values={"server_types": [item for item in found if name in (None, item["name"])]})
