# Copyright (c) 2026, samsungcloud.scp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters: create, list, show, terminate."""

from __future__ import annotations

from functools import partial

from .. import catalogue
from ..building import assign_addresses, build_cluster
from ..catalogue import EngineVersion
from ..cluster import Cluster, Json
from ..problems import in_progress, not_found, refused, wrong_state
from .call import Call
from .paging import page_of
from .rules import (
    OS_VOLUME_SIZE,
    check_data_volume,
    check_free_addresses,
    check_instances,
    check_maintenance,
    check_one_type,
    check_server_type,
    check_tags,
    check_volume_count,
)
from .tags import tag_new

NEVER_TERMINABLE = ("CREATING", "TERMINATING", "TERMINATED", "UNKNOWN")
TERMINABLE = ("RUNNING", "STOPPED", "FAILED", "ERROR")


def list_clusters(call: Call) -> Json:
    listed = (cluster for cluster in call.cloud.listed() if call.cloud.is_listed(cluster))
    found = [cluster for cluster in listed if call.reaches(cluster) and _matches(cluster, call.query)]
    items, page = page_of(
        [_list_item(call, cluster) for cluster in found], call.query, call.cloud.settings.page_size_cap
    )
    for item in items:
        call.cloud.look_at(call.cloud.find(item["id"]))
    return {"contents": items or None, **page}


def show_cluster(call: Call) -> Json:
    cluster = call.cluster()
    if not call.cloud.is_shown(cluster):
        raise not_found("Cluster")
    detail = call.cloud.read(cluster)
    hidden = {replica.id for replica in call.cloud.replicas_of(cluster) if not _shows_replica(call, replica)}
    if hidden:
        detail = {**detail, "replicas": [known for known in detail["replicas"] if known not in hidden]}
    return call.contract.keep_known("MariadbClusterDetailResponse", detail)


def create_cluster(call: Call) -> Json:
    body = call.body
    engine = _wanted_engine(body["dbaas_engine_version_id"])
    for rule in (_check_groups, _check_nat, _check_backup, check_maintenance, check_tags):
        rule(body)
    cluster = build_cluster(body, engine, call.cloud.clock.now())
    check_free_addresses(call.cloud, cluster)
    # Nothing that waits for the end may hold the call: its body has the password.
    accepted = call.begin(cluster, "CREATING", "RUNNING", partial(assign_addresses, cluster, call.cloud.addresses))
    call.cloud.create(cluster)
    tag_new(call, cluster)
    return accepted


def terminate_cluster(call: Call) -> Json:
    cluster = call.cluster()
    if cluster.state in NEVER_TERMINABLE:
        raise wrong_state(cluster.state, cluster.trouble)
    if cluster.job is not None:
        raise in_progress()
    if cluster.state not in TERMINABLE:
        raise wrong_state(cluster.state, cluster.trouble)
    if call.cloud.has_replicas(cluster):
        raise refused("The cluster has replicas")
    return call.begin(cluster, "TERMINATING", "TERMINATED")


def _shows_replica(call: Call, replica: Cluster) -> bool:
    """Whether the detail of an origin names a replica."""
    names_region = call.reaches(replica) or call.cloud.settings.origins_list_replicas_elsewhere
    return names_region and call.cloud.is_listed(replica)


def _matches(cluster: Cluster, query: Json) -> bool:
    detail = cluster.detail
    return (
        _contains(detail["name"], query.get("name"))
        and _contains(cluster.init_config["database_name"], query.get("database_name"))
        and query.get("service_state") in (None, detail["service_state"])
    )


def _contains(text: str, part: str | None) -> bool:
    return part is None or part.lower() in text.lower()


def _list_item(call: Call, cluster: Cluster) -> Json:
    known = call.contract.keep_known("RdbClusterResponse", cluster.detail)
    return {**known, "database_name": cluster.init_config["database_name"]}


def _wanted_engine(engine_version_id: str) -> EngineVersion:
    engine = catalogue.engine_by_id(engine_version_id)
    if engine is None:
        raise not_found("DBaaS engine version")
    if engine.product_image_type != catalogue.MARIADB:
        raise refused("The engine version belongs to another product")
    return engine


def _check_groups(body: Json) -> None:
    wanted_role = "ACTIVE_STANDBY" if body.get("ha_enabled") else "ACTIVE"
    for group in body["instance_groups"]:
        if group["role_type"] != wanted_role:
            raise refused("The role type of the instance group does not fit ha_enabled")
        check_server_type(group["server_type_name"])
        check_instances(group)
        _check_volumes(group["block_storage_groups"])


def _check_volumes(volumes: list[Json]) -> None:
    check_data_volume(volumes)
    check_volume_count(len(volumes))
    check_one_type(volumes)
    os_sizes = [volume["size_gb"] for volume in volumes if volume["role_type"] == "OS"]
    if os_sizes != [OS_VOLUME_SIZE]:
        raise refused(f"Exactly one OS volume of {OS_VOLUME_SIZE} GB is needed", "InvalidBlockStorageSize")


def _check_nat(body: Json) -> None:
    if not body.get("nat_enabled"):
        return
    if body.get("ha_enabled"):
        complete = bool(body.get("vip_public_ip_id"))
    else:
        instances = [item for group in body["instance_groups"] for item in group.get("instances") or []]
        complete = bool(instances) and all(item.get("public_ip_id") for item in instances)
    if not complete:
        raise refused("NAT needs a public IP")


def _check_backup(body: Json) -> None:
    option = body["init_config_option"].get("backup_option") or {}
    if len({value is None for value in option.values()}) > 1:
        raise refused("Incomplete backup option")
